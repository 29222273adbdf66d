package conform

import (
	"strings"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// mutex is a lock that knows its owner.
type mutex struct {
	world *world
	name  string
	owner *thread
}

// NewMutex is part of [driver.Runtime].
func (w *world) NewMutex(name string) driver.Mutex {
	m := &mutex{world: w, name: name}
	w.mutexes[name] = m
	return m
}

func (m *mutex) dead() bool { return m.world.freed[m.world.parts[m.name]] }

// available reports whether t need not wait for the lock; it may be about to break a rule.
func (m *mutex) available(t *thread) bool { return m.owner == nil || m.owner == t || m.dead() }

func (m *mutex) Lock() {
	w := m.world
	if w.silent() {
		return
	}
	t := w.current
	if t.finding+".lock" != m.name { // to find a domain and to lock it is one step
		t.pause(pending{op: model.OpLock, target: m.name, mutex: m})
	}
	m.acquire(t)
}

func (m *mutex) acquire(t *thread) {
	switch {
	case m.dead():
		t.fail(model.UseAfterRelease, m.name+" has been freed")
	case m.owner == t:
		t.fail(model.SelfDeadlock, m.name+" is held already")
	case m.owner != nil:
		t.fail(strange, m.name+" is held by "+m.owner.name())
	}
	m.owner = t
}

func (m *mutex) Unlock() {
	w := m.world
	if w.silent() {
		return
	}
	w.current.pause(pending{op: model.OpUnlock, target: m.name, mutex: m})
	m.mustOwn(model.BadUnlock, "unlocks")
	m.owner = nil
}

// Destroy frees the domain or the monitor whose lock it is, with all that is in it. A monitor that
// is part of a domain in C is only unlocked.
func (m *mutex) Destroy() {
	w := m.world
	object := strings.TrimSuffix(m.name, ".lock")
	switch {
	case w.silent():
	case w.parts[m.name] != object:
		m.Unlock()
	default:
		m.owner = nil
		w.freed[object] = true
	}
}

// mustOwn fails unless the current thread holds the lock.
func (m *mutex) mustOwn(kind model.Kind, doing string) {
	t := m.world.current
	switch {
	case m.dead():
		t.fail(model.UseAfterRelease, t.name()+" "+doing+" "+m.name+", which has been freed")
	case m.owner != t:
		t.fail(kind, t.name()+" "+doing+" "+m.name)
	}
}

func (t *thread) name() string { return threadName(t.id) }

func (m *mutex) Held(rule driver.Kind) { m.state(true, model.Kind(rule)) }

func (m *mutex) NotHeld(rule driver.Kind) { m.state(false, model.Kind(rule)) }

// state is a statement about the lock and the current thread.
func (m *mutex) state(held bool, rule model.Kind) {
	w := m.world
	if w.silent() {
		return
	}
	if (m.owner == w.current) == held {
		if rule == model.Kind(driver.NotInMonitor) { // a command begins
			w.current.touching = strings.TrimSuffix(m.name, ".lock")
		}
		return
	}
	if rule == model.RequiresKind && w.c.Rules.IgnoreRequires {
		return
	}
	if held && m.dead() {
		rule = model.UseAfterRelease
	}
	not := ""
	if !held {
		not = " not"
	}
	w.current.willFail(rule, w.current.name()+" must"+not+" hold "+m.name)
}
