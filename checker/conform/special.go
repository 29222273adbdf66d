package conform

import (
	"strings"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// special is the shadow of a variable of which the model has another picture, nil for all others.
func (w *world) special(name string, guard *mutex) driver.Var {
	last := name[strings.LastIndexByte(name, '.')+1:]
	object := strings.TrimSuffix(name, "."+last)
	switch {
	case name == "driver.domains":
		return &list{hidden{guard, ruleOf(name)}}
	case last == "removed" && OfDriver(w.c.Protocol):
		return &membership{w.plain(object+".listed", guard), guard}
	case last == "removed":
		return &removal{guard}
	case last == "memory":
		return &data{guard}
	case last == "state":
		return &state{w.plain(object+".active", guard), guard}
	case last == "failed":
		return &connected{w.plain(object+".eof", guard), guard}
	}
	return nil
}

// touched takes the step that [thread.touching] announces, if it is about what m guards.
func (m *mutex) touched() bool {
	t := m.world.current
	if t.touching == "" || m.name != t.touching+".lock" {
		return false
	}
	object := t.touching
	t.touching = ""
	m.touch(object)
	return true
}

// touch is a look at an object, of which it does not matter at what.
func (m *mutex) touch(object string) {
	m.world.current.pause(pending{op: model.OpAccess, target: object, mutex: m})
	m.mustOwn(model.MissingLock, "touches "+object+" without")
}

// data is what a domain has of its own: touch(vm) in C.
type data struct{ mutex *mutex }

func (v *data) Read()  { v.use() }
func (v *data) Write() { v.use() }

func (v *data) use() {
	if !v.mutex.world.silent() && !v.mutex.touched() {
		v.mutex.touch(rootOf(v.mutex.name))
	}
}

// state is the state of a domain. In C that is whether it is active, and what else there is to it
// is its own affair: which of both a write is, the state that comes of it shows.
type state struct {
	active driver.Var
	mutex  *mutex
}

func (v *state) Read() { v.active.Read() }

func (v *state) Write() {
	w := v.mutex.world
	if w.silent() {
		return
	}
	object := rootOf(v.mutex.name)
	w.current.pause(pending{op: model.OpStore, target: object + ".active", touches: object, mutex: v.mutex})
	v.mutex.mustOwn(model.MissingLock, "uses "+object+".active without")
}

// connected is whether the connection to a QEMU was given up. A command begins with a look at it,
// which in C touches the monitor before.
type connected struct {
	eof   driver.Var
	mutex *mutex
}

func (v *connected) Read() {
	if !v.mutex.world.silent() {
		v.mutex.touched()
	}
	v.eof.Read()
}

func (v *connected) Write() { v.eof.Write() }

// list is the list of domains. The driver looks up whom its caller asks for.
type list struct{ hidden }

func (v *list) Read() {
	w := v.mutex.world
	if w.silent() || w.current.looking == "" {
		v.hidden.Read()
		return
	}
	t := w.current
	t.pause(pending{op: model.OpFind, target: t.looking, mutex: w.mutexes[t.looking+".lock"]})
	t.finding = t.looking
	v.hidden.Read()
}

// membership is whether a domain is on the list. That it is taken off is in the model one step with
// the count that it changes.
type membership struct {
	listed driver.Var
	mutex  *mutex
}

func (v *membership) Read() { v.listed.Read() }

func (v *membership) Write() { v.mutex.removes() }

// removal is the same in an old protocol: to ask for it is the first thing that a removal does, and
// nothing else asks.
type removal struct{ mutex *mutex }

func (v *removal) Read() { v.mutex.removes() }

func (v *removal) Write() { v.mutex.Held(driver.MissingLock) }

// removes is the step that takes the domain of the lock off the list.
func (m *mutex) removes() {
	w := m.world
	if w.silent() {
		return
	}
	name := rootOf(m.name)
	w.current.pause(pending{op: model.OpRemove, target: name + ".refs", mutex: m})
	w.current.removing = true
	m.mustOwn(model.MissingLock, "removes "+name+" without")
}
