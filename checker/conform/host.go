package conform

import (
	"maps"
	"slices"

	"github.com/lockproof/lockproof/checker/conform/era"
	"github.com/lockproof/lockproof/csource/interp"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// host is what interpreted C finds around it: the protocol's functions, carried out by the driver,
// and the objects that lead to one another by the protocol's fields.
type host struct {
	t         *thread
	functions functions
}

// The objects, apart from *domain: a client's name for a domain, what is private to a domain, its
// monitor, the driver, a connection, the list, and any lock.
type (
	handle     struct{ of *domain }
	private    struct{ of *domain }
	monitor    struct{ of *domain }
	theDriver  struct{}
	connection struct{}
	theList    struct{}
	lockOf     struct{ mutex string }
)

func pointer(object any) interp.Value { return interp.Value{Object: object} }

func integer(n int) interp.Value { return interp.Value{Int: int64(n)} }

// A function is what a call in C does. The thread is the one that calls.
type function func(t *thread, args []interp.Value) interp.Value

// functions are those that C may call, by name.
type functions map[string]function

// Nobody changes these.
var (
	ofDriver = withPair(functionsOf[*driver.Domain, *driver.Monitor]())
	ofCalls  = withEvents(withCalls(ofDriver))
	ofEras   = withDeath(functionsOf[*era.Domain, *era.Monitor]())
)

// functionsOf are the functions that the helpers of a protocol carry out, and those that the host
// has for all.
func functionsOf[D subject, M comparable]() functions {
	fs := maps.Clone(ofHost)
	h := helpersOf[D, M]
	fs["qemuDriverLock"] = do(func(t *thread) { h(t).LockDriver() })
	fs["qemuDriverUnlock"] = do(func(t *thread) { h(t).UnlockDriver() })
	fs["virDomainObjLock"] = onDomain(0, func(t *thread, d *domain) int { h(t).Lock(d.vm.(D)); return 0 })
	fs["virDomainObjUnlock"] = onDomain(0, func(t *thread, d *domain) int { h(t).Unlock(d.vm.(D)); return 0 })
	fs["virDomainObjRef"] = onDomain(0, counted(helpers[D, M].Ref))
	fs["virDomainObjUnref"] = onDomain(0, counted(helpers[D, M].Unref))
	fs["virDomainObjIsActive"] = onDomain(0, isActive[D, M])
	fs["virDomainRemoveInactive"] = onDomain(1, func(t *thread, d *domain) int { h(t).RemoveInactive(d.vm.(D)); return 0 })
	fs["qemuDomainObjBeginJob"] = onDomain(0, begun(helpers[D, M].BeginJob))
	fs["qemuDomainObjBeginJobWithDriver"] = onDomain(1, begun(helpers[D, M].BeginJobWithDriver))
	fs["qemuDomainObjEndJob"] = onDomain(0, counted(helpers[D, M].EndJob))
	fs["qemuDomainObjEnterMonitor"] = onDomain(0, entered(helpers[D, M].EnterMonitor))
	fs["qemuDomainObjExitMonitor"] = onDomain(0, func(t *thread, d *domain) int {
		h(t).ExitMonitor(d.vm.(D), d.mon.(M))
		return 0
	})
	fs["virDomainFindByUUID"] = find[D, M]
	fs["touch"] = onDomain(0, touch[D, M])
	fs["qemuMonitorLock"] = onMonitor(func(t *thread, d *domain) int { h(t).LockMonitor(d.mon.(M)); return 0 })
	fs["qemuMonitorUnlock"] = onMonitor(func(t *thread, d *domain) int { h(t).UnlockMonitor(d.mon.(M)); return 0 })
	fs["qemuMonitorCommand"] = onMonitor(command[D, M])
	return fs
}

// withDeath adds the death of QEMU, as an old protocol has it.
func withDeath(fs functions) functions {
	fs["qemuProcessDied"] = func(t *thread, args []interp.Value) interp.Value {
		d := t.domain(args[0])
		if !t.nondet() {
			t.call(d, func() { t.helpers.(era.Helpers).Died(d.vm.(*era.Domain)) })
		}
		return interp.Value{}
	}
	return fs
}

// withPair adds the helpers that only the driver's protocol has.
func withPair(fs functions) functions {
	fs["qemuDomainObjEnterMonitorWithDriver"] = onDomain(1, entered(driver.Helpers.EnterMonitorWithDriver))
	fs["qemuDomainObjExitMonitor"] = onDomain(0, exited(driver.Helpers.ExitMonitor))
	fs["qemuDomainObjExitMonitorWithDriver"] = onDomain(1, exited(driver.Helpers.ExitMonitorWithDriver))
	return fs
}

// exited is a helper that leaves the monitor that the domain has now: in C it looks for that.
func exited(f func(driver.Helpers, *driver.Domain, *driver.Monitor)) func(*thread, *domain) int {
	return func(t *thread, d *domain) int {
		t.notNull(t.monitorOf(d), "monitor")
		f(t.helpers.(driver.Helpers), d.vm.(*driver.Domain), d.mon.(*driver.Monitor))
		return 0
	}
}

// monitorOf looks at which monitor a domain has. Where nobody takes it away that is no step.
func (t *thread) monitorOf(d *domain) interp.Value {
	name := d.name + ".mon"
	if !t.world.models(name) {
		return pointer(monitor{d})
	}
	m := t.world.mutexes[d.name+".lock"]
	t.pause(pending{op: model.OpLoad, target: name, mutex: m})
	switch {
	case m.dead():
		t.fail(model.UseAfterRelease, t.name()+" looks for the monitor of "+d.name+", which has been freed")
	case !d.vm.Status().Attached:
		return interp.Value{}
	}
	return pointer(monitor{d})
}

// ofHost are the functions that are no helpers.
var ofHost = functions{
	"virMutexLock": func(t *thread, args []interp.Value) interp.Value { t.lock(args[0]).Lock(); return interp.Value{} },
	"virMutexUnlock": func(t *thread, args []interp.Value) interp.Value {
		t.lock(args[0]).Unlock()
		return interp.Value{}
	},
	"self":   func(t *thread, _ []interp.Value) interp.Value { return integer(t.id + 1) },
	"nondet": func(t *thread, _ []interp.Value) interp.Value { return integer(truth(t.nondet())) },
	"held": func(t *thread, args []interp.Value) interp.Value {
		return integer(truth(t.lock(args[0]).owner == t))
	},
	"requires": func(t *thread, args []interp.Value) interp.Value {
		if !args[0].True() && !t.world.c.Rules.IgnoreRequires {
			t.willFail(model.RequiresKind, t.name()+" breaks a requires")
		}
		return interp.Value{}
	},
	"assert": func(t *thread, args []interp.Value) interp.Value {
		if !args[0].True() {
			t.willFail(model.AssertKind, t.name()+" breaks an assert")
		}
		return interp.Value{}
	},
	"check": func(t *thread, args []interp.Value) interp.Value {
		if kind, ok := args[0].Object.(model.Kind); ok && !args[1].True() {
			t.willFail(kind, t.name()+" breaks a check")
		}
		return interp.Value{}
	},
}

// lock is the mutex behind a pointer.
func (t *thread) lock(v interp.Value) *mutex {
	l, ok := v.Object.(lockOf)
	if !ok {
		t.fail(strange, "a lock that the driver does not have")
	}
	return t.world.mutexes[l.mutex]
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

func do(f func(*thread)) func(*thread, []interp.Value) interp.Value {
	return func(t *thread, _ []interp.Value) interp.Value {
		f(t)
		return interp.Value{}
	}
}

// onDomain is a function whose n-th argument is a domain.
func onDomain(n int, f func(*thread, *domain) int) func(*thread, []interp.Value) interp.Value {
	return func(t *thread, args []interp.Value) interp.Value {
		return integer(f(t, t.domain(args[n])))
	}
}

// domain is the domain behind a pointer.
func (t *thread) domain(v interp.Value) *domain {
	t.notNull(v, "domain")
	d, ok := v.Object.(*domain)
	if !ok {
		t.fail(strange, "a helper is called with something else than a domain")
	}
	return d
}

func (t *thread) notNull(v interp.Value, what string) {
	if !v.True() {
		t.willFail(model.NullVM, t.name()+" gives NULL to a helper for a "+what)
	}
}

func onMonitor(f func(*thread, *domain) int) func(*thread, []interp.Value) interp.Value {
	return func(t *thread, args []interp.Value) interp.Value {
		t.notNull(args[0], "monitor")
		m, ok := args[0].Object.(monitor)
		if !ok {
			t.fail(strange, "a helper is called with something else than a monitor")
		}
		return integer(f(t, m.of))
	}
}

// find is a look-up: one step, which locks the domain or finds none.
func find[D subject, M comparable](t *thread, args []interp.Value) interp.Value {
	d := t.domain(args[1])
	t.pause(pending{op: model.OpFind, target: d.name, mutex: t.world.mutexes[d.name+".lock"]})
	t.finding = d.name
	vm := helpersOf[D, M](t).Find(d.name)
	t.finding = ""
	var none D
	switch vm {
	case none:
		return interp.Value{}
	case d.vm.(D):
		return pointer(d)
	}
	t.fail(strange, "the driver finds another domain than "+d.name)
	return interp.Value{}
}

func touch[D subject, M comparable](t *thread, d *domain) int {
	helpersOf[D, M](t).Touch(d.vm.(D))
	return 0
}

// command is one step, and one more where the scenario lets QEMU die: all that the driver does
// rides along with its first look at the monitor, and with the look whether it was given up.
func command[D subject, M comparable](t *thread, d *domain) int {
	if helpersOf[D, M](t).Command(d.mon.(M)) != nil {
		return -1
	}
	return 0
}

// Provides is part of [interp.Host].
func (h *host) Provides(function string) bool { return h.functions[function] != nil }

// Silent is part of [interp.Host].
func (h *host) Silent(function string) bool { return vocabulary.IsMessage(function) }

// Call is part of [interp.Host].
func (h *host) Call(_ interp.Site, function string, args []interp.Value) interp.Value {
	h.t.isIdle()
	return h.functions[function](h.t, args)
}

// has are the fields of the protocol's structs, and the variable at file scope, that lead from one
// object to another. What the helpers keep in others is theirs, and the driver's own.
var has = map[string][]string{
	"_virDomainObj":         {"lock", "privateData"},
	"_qemuDomainObjPrivate": {"mon"},
	"_qemuMonitor":          {"lock"},
	"qemud_driver":          {"lock", "domains"},
	"_virDomain":            {"conn", "uuid"},
	"_virConnect":           {"privateData"},
	"":                      {"driver"},
}

// Has is part of [interp.Partial].
func (h *host) Has(tag, name string, u interp.Use) bool {
	return u == interp.Read && slices.Contains(has[tag], name)
}

// Field is part of [interp.Host].
func (h *host) Field(object any, name string) (interp.Value, bool) {
	switch o := object.(type) {
	case *domain:
		return pointer(private{o}), name == "privateData"
	case handle:
		if name == "uuid" {
			return pointer(o.of), true
		}
		return pointer(connection{}), name == "conn"
	case private:
		if name == "mon" {
			return h.t.monitorOf(o.of), true
		}
	case connection:
		return pointer(theDriver{}), name == "privateData"
	}
	return interp.Value{}, false
}

// Address is part of [interp.Host].
func (h *host) Address(object any, name string) (interp.Value, bool) {
	lock := func(of string) (interp.Value, bool) { return pointer(lockOf{of + ".lock"}), name == "lock" }
	switch o := object.(type) {
	case *domain:
		return lock(o.name)
	case monitor:
		return lock(o.of.name + ".mon")
	case theDriver:
		if name == "domains" {
			return pointer(theList{}), true
		}
		return lock("driver")
	}
	return interp.Value{}, false
}

// SetField is part of [interp.Host]. What the helpers keep is not to be set behind their back.
func (h *host) SetField(any, string, interp.Value) bool { return false }

// Global is part of [interp.Host].
func (h *host) Global(name string) (interp.Value, bool) {
	return pointer(theDriver{}), name == "driver"
}
