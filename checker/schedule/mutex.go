package schedule

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// A mutex knows its owner, so its misuse is found where it happens.
type mutex struct {
	world *world
	id    objectID
	name  string
	owner *thread
	freed bool
	clock clock // of its last release
}

// NewMutex is part of [driver.Runtime].
func (w *world) NewMutex(name string) driver.Mutex {
	m := &mutex{world: w, id: w.newID(), name: name}
	m.clock.reset()
	w.mutexes = append(w.mutexes, m)
	return m
}

func (m *mutex) Lock() {
	w := m.world
	t := w.current
	if w.stopping {
		panic(stopped{})
	}
	if m.owner == t {
		w.fail(model.SelfDeadlock, "%s locks %s, which it holds", t.name, m.name)
	}
	t.next = operation{verb: lockMutex, mutex: m, ways: 1}
	t.pause()
	m.acquire(t)
}

// acquire makes t the owner of m, which is free.
func (m *mutex) acquire(t *thread) {
	w := m.world
	if w.tracing {
		w.note(t.next.verb, t.next.target())
	}
	if m.freed {
		w.fail(model.UseAfterRelease, "%s locks %s, which has been freed", t.name, m.name)
	}
	m.owner = t
	t.holds = append(t.holds, m)
	if w.causal {
		t.clock.join(&m.clock)
	}
}

func (m *mutex) Unlock() {
	w := m.world
	if w.stopping {
		return
	}
	w.note(unlockMutex, m.name)
	m.mustOwn(model.BadUnlock, "unlocks")
	m.release(w.current)
}

func (m *mutex) release(t *thread) {
	m.owner = nil
	if m.world.causal {
		m.clock = t.clock
	}
	i := slices.Index(t.holds, m)
	t.holds = slices.Delete(t.holds, i, i+1)
}

func (m *mutex) Destroy() {
	w := m.world
	if w.stopping {
		return
	}
	w.note(destroyMutex, m.name)
	m.mustOwn(model.BadUnlock, "frees")
	m.release(w.current)
	m.freed = true
}

// mustOwn fails unless the current thread owns m.
func (m *mutex) mustOwn(kind model.Kind, doing string) {
	w := m.world
	t := w.current
	switch {
	case m.freed:
		w.fail(model.UseAfterRelease, "%s %s %s, which has been freed", t.name, doing, m.name)
	case m.owner == nil:
		w.fail(kind, "%s %s %s, which nobody holds", t.name, doing, m.name)
	case m.owner != t:
		w.fail(kind, "%s %s %s, which %s holds", t.name, doing, m.name, m.owner.name)
	}
}

func (m *mutex) Held(rule driver.Kind) {
	w := m.world
	if w.stopping || m.owner == w.current && !m.freed {
		return
	}
	m.mustOwn(model.Kind(rule), "needs")
}

func (m *mutex) NotHeld(rule driver.Kind) {
	w := m.world
	if !w.stopping && m.owner == w.current {
		w.fail(model.Kind(rule), "%s must not hold %s here", w.current.name, m.name)
	}
}

// A variable is the shadow of a shared variable.
type variable struct {
	name  string
	mutex *mutex
	asks  bool // a write of it begins a command
}

// NewVar is part of [driver.Runtime].
func (w *world) NewVar(name string, m driver.Mutex) driver.Var {
	return &variable{name, m.(*mutex), strings.HasSuffix(name, ".pending")}
}

func (v *variable) Read() { v.access(readVar, "reads") }
func (v *variable) Write() {
	v.access(writeVar, "writes")
	if v.asks && v.mutex.world.current != nil {
		v.mutex.world.current.begins(".notify")
	}
}

func (v *variable) access(verb verb, doing string) {
	m := v.mutex
	w := m.world
	if w.stopping {
		return
	}
	w.note(verb, v.name)
	if m.owner == w.current && !m.freed {
		return
	}
	t := w.current
	switch {
	case m.freed:
		w.fail(model.UseAfterRelease, "%s %s %s, which has been freed", t.name, doing, v.name)
	case m.owner == nil:
		w.fail(model.MissingLock, "%s %s %s without %s", t.name, doing, v.name, m.name)
	default:
		w.fail(model.MissingLock, "%s %s %s without %s, which %s holds", t.name, doing, v.name, m.name, m.owner.name)
	}
}
