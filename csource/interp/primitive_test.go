package interp_test

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/vocabulary"

	"github.com/lockproof/lockproof/csource/interp"
	"github.com/lockproof/lockproof/model"
)

func (w *world) Silent(name string) bool { return vocabulary.IsMessage(name) }

func (w *world) Provides(name string) bool {
	_, extra := w.extra[name]
	return extra || name != w.absent && slices.Contains(primitives, name)
}

var primitives = strings.Fields(`virMutexLock virMutexUnlock pthread_mutex_lock pthread_mutex_unlock pthread_mutex_trylock
	virCondWait virCondWaitUntil pthread_cond_wait pthread_cond_timedwait virCondSignal pthread_cond_signal virCondBroadcast pthread_cond_broadcast
	virDomainObjRef virDomainObjUnref qemuMonitorRef qemuMonitorUnref virObjectUnref listFind listRemove access self nondet held check requires assert`)

func (w *world) Call(site interp.Site, name string, args []interp.Value) interp.Value {
	if n, ok := w.extra[name]; ok {
		text := make([]string, len(args))
		for i, a := range args {
			text[i] = show(a)
		}
		w.note(event{op: model.OpAccess, name: name + "(" + strings.Join(text, ", ") + ")", site: &site})
		return interp.Value{Int: n}
	}
	switch name {
	case "self":
		return interp.Value{Int: 1}
	case "nondet":
		return number(w.choose())
	case "held":
		c, ok := args[0].Object.(*cell)
		return number(ok && (c.locked || c.is("owner") && c.value.True()))
	case "check", "requires", "assert":
		w.rule(site, name, args)
		return interp.Value{}
	}
	if len(args) > 0 && args[0] == (interp.Value{}) {
		if name == "virObjectUnref" {
			return interp.Value{}
		}
		panic(stop{model.NullVM, site.Pos})
	}
	if c, ok := args[0].Object.(*cell); ok {
		return w.synchronise(site, name, c, args)
	}
	return w.count(site, name, args[0].Object.(*object))
}

func number(b bool) interp.Value {
	if b {
		return interp.Value{Int: 1}
	}
	return interp.Value{}
}

func (w *world) rule(site interp.Site, name string, args []interp.Value) {
	kind := map[string]model.Kind{"requires": model.RequiresKind, "assert": model.AssertKind}[name]
	if name == "check" {
		kind = args[0].Object.(model.Kind)
	}
	if !args[len(args)-1].True() {
		panic(stop{kind, site.Pos})
	}
}

func (w *world) synchronise(site interp.Site, name string, c *cell, args []interp.Value) interp.Value {
	_, short, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(name, "_", "")), "mutex")
	switch short {
	case "lock":
		w.note(event{op: model.OpLock, name: c.name, site: &site})
		if c.locked {
			panic(stop{kind: model.SelfDeadlock})
		}
		c.locked = true
	case "trylock":
		w.note(event{op: model.OpTryLock, name: c.name, value: show(number(c.locked)), site: &site})
		taken := c.locked
		c.locked = true
		if taken {
			return interp.Value{Int: 16} // EBUSY
		}
		return interp.Value{}
	case "unlock":
		w.note(event{op: model.OpUnlock, name: c.name, site: &site})
		if !c.locked {
			panic(stop{kind: model.BadUnlock})
		}
		c.locked = false
	default:
		return w.condition(site, name, c, args)
	}
	return interp.Value{}
}

func (w *world) condition(site interp.Site, name string, c *cell, args []interp.Value) interp.Value {
	switch {
	case strings.HasSuffix(strings.ToLower(name), "signal"):
		w.note(event{op: model.OpSignal, name: c.name, site: &site})
	case strings.HasSuffix(strings.ToLower(name), "broadcast"):
		w.note(event{op: model.OpBroadcast, name: c.name, site: &site})
	default:
		m := args[1].Object.(*cell)
		w.note(event{op: model.OpWait, name: c.name, site: &site})
		if !m.locked {
			panic(stop{kind: model.MissingLock})
		}
		n, label := w.wait()
		switch {
		case name == "pthread_cond_wait": // it never gives up
			n, label = 0, model.Spuriously
		case label == model.TimedOut && name == "pthread_cond_timedwait":
			n = 110 // ETIMEDOUT
		}
		w.note(event{op: model.OpSleep, name: c.name, label: label, site: &site})
		w.note(event{op: model.OpReacquire, name: m.name, site: &site})
		return interp.Value{Int: n}
	}
	return interp.Value{}
}

// count carries out what works on objects.
func (w *world) count(site interp.Site, name string, o *object) interp.Value {
	with := func(attr string) *cell {
		for _, n := range o.names {
			if o.cells[n].is(attr) {
				return o.cells[n]
			}
		}
		return nil
	}
	if name == "access" {
		w.note(event{op: model.OpAccess, name: o.name, site: &site})
		return interp.Value{}
	}
	if name == "listFind" {
		listed, lock := with("listed"), o.cells["lock"]
		w.note(event{op: model.OpFind, name: o.name, value: show(listed.value), site: &site})
		if !listed.value.True() {
			return interp.Value{}
		}
		if lock.locked {
			panic(stop{kind: model.SelfDeadlock})
		}
		lock.locked = true
		return interp.Value{Object: o}
	}
	refs, op := with("refcount"), model.OpRef
	step := int64(1)
	if name != "virDomainObjRef" && name != "qemuMonitorRef" {
		step, op = -1, model.OpUnref
	}
	if name == "listRemove" {
		op = model.OpRemove
		if !with("listed").value.True() {
			panic(stop{kind: freed})
		}
		with("listed").value.Int = 0
	}
	refs.value.Int += step
	w.note(event{op: op, name: refs.name, value: show(refs.value), site: &site})
	if refs.value.Int == 0 {
		panic(stop{kind: freed})
	}
	if name == "virObjectUnref" {
		return interp.Value{Int: 1}
	}
	return refs.value
}
