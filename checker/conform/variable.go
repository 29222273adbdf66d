package conform

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// variable is the shadow of a variable that the model has.
type variable struct {
	mutex *mutex
	name  string
	count bool
}

// NewVar is part of [driver.Runtime].
func (w *world) NewVar(name string, m driver.Mutex) driver.Var {
	guard := m.(*mutex)
	if special := w.special(name, guard); special != nil {
		return special
	}
	return w.plain(name, guard)
}

// models reports whether the scenario has a variable of the name.
func (w *world) models(name string) bool {
	return slices.ContainsFunc(w.c.Program.Vars, func(v model.Var) bool { return v.Name == name })
}

// plain is the shadow of what model and driver have under the same name, if the model has it.
func (w *world) plain(name string, guard *mutex) driver.Var {
	i := slices.IndexFunc(w.c.Program.Vars, func(v model.Var) bool { return v.Name == name })
	if i < 0 {
		return &hidden{guard, ruleOf(name)}
	}
	return &variable{guard, name, w.c.Program.Vars[i].Refs}
}

// Read of a count is no step: in the model the count changes at once.
func (v *variable) Read() {
	if v.count {
		v.mutex.Held(driver.MissingLock)
		return
	}
	v.access(model.OpLoad)
}

func (v *variable) Write() {
	w := v.mutex.world
	switch {
	case !v.count:
		v.access(model.OpStore)
	case w.current != nil && w.current.removing:
		v.mutex.Held(driver.MissingLock) // the step was that of the removal
	default:
		v.access(model.OpRef)
	}
}

func (v *variable) access(op model.Op) {
	w := v.mutex.world
	if w.silent() {
		return
	}
	w.current.pause(pending{op: op, target: v.name, mutex: v.mutex})
	v.mutex.mustOwn(model.MissingLock, "uses "+v.name+" without")
}

// hidden is a variable that the model does not have. It is no step of its own, but its guard
// counts.
type hidden struct {
	mutex *mutex
	rule  driver.Kind // which is broken without the guard; "" for none
}

// ruleOf is the rule about the guard of a hidden variable. In C it is the functions of the list
// that ask for the driver's lock, the list does not; and what nobody changes may be read without a
// lock.
func ruleOf(name string) driver.Kind {
	switch {
	case name == "driver.domains":
		return driver.Requires
	case strings.HasSuffix(name, ".active"), strings.HasSuffix(name, ".listed"):
		return ""
	}
	return driver.MissingLock
}

func (v *hidden) Read()  { v.use() }
func (v *hidden) Write() { v.use() }

func (v *hidden) use() {
	w := v.mutex.world
	if w.silent() || v.mutex.touched() {
		return
	}
	if v.rule != "" {
		v.mutex.Held(v.rule)
	}
}
