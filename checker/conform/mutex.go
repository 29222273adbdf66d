package conform

import (
	"time"

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

func (m *mutex) dead() bool { return m.world.freed[rootOf(m.name)] }

// available reports whether t need not wait for the lock; it may be about to break a rule.
func (m *mutex) available(t *thread) bool { return m.owner == nil || m.owner == t || m.dead() }

func (m *mutex) Lock() {
	w := m.world
	if w.silent() {
		return
	}
	t := w.current
	if t.finding != "" {
		t.pause(pending{op: model.OpFind, target: t.finding, mutex: m})
	} else {
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

// Destroy frees the domain whose lock it is, with all that is in it.
func (m *mutex) Destroy() {
	if m.world.silent() {
		return
	}
	m.owner = nil
	m.world.freed[rootOf(m.name)] = true
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
	if w.silent() || (m.owner == w.current) == held {
		return
	}
	if held && m.dead() {
		rule = model.UseAfterRelease
	}
	if rule == model.RequiresKind && w.c.IgnoreRequires {
		return
	}
	not := ""
	if !held {
		not = " not"
	}
	w.current.willFail(rule, w.current.name()+" must"+not+" hold "+m.name)
}

// cond is a condition variable.
type cond struct {
	world   *world
	name    string
	mutex   *mutex
	waiters []*thread // in the order of their numbers
	modeled bool
}

// NewCond is part of [driver.Runtime].
func (w *world) NewCond(name string, m driver.Mutex) driver.Cond {
	c := &cond{world: w, name: name, mutex: m.(*mutex)}
	for i := range w.c.Program.Conds {
		c.modeled = c.modeled || w.c.Program.Conds[i].Name == name
	}
	w.conds[name] = c
	return c
}

func (c *cond) Wait() { c.WaitUntil(time.Time{}) }

func (c *cond) WaitUntil(time.Time) bool {
	w := c.world
	if w.silent() {
		return true
	}
	t := w.current
	if !c.modeled {
		w.unexpected("waits for " + c.name)
	}
	t.pause(pending{op: model.OpWait, target: c.name, mutex: c.mutex, cond: c})
	c.mutex.mustOwn(model.MissingLock, "waits for "+c.name+" without")
	c.mutex.owner = nil
	c.enter(t)
	t.pause(pending{op: model.OpSleep, target: c.name, mutex: c.mutex, cond: c})
	awake := pending{op: model.OpReacquire, target: c.mutex.name, mutex: c.mutex, cond: c}
	woken := true
	switch {
	case !t.signalled:
		c.leave(t)
		woken = t.label != model.TimedOut
		t.pause(awake)
	case t.label == model.Stolen:
		t.signalled, woken = false, false
		t.pause(awake)
	}
	t.signalled = false
	c.mutex.acquire(t)
	return woken
}

func (c *cond) enter(t *thread) {
	i := 0
	for i < len(c.waiters) && c.waiters[i].id < t.id {
		i++
	}
	c.waiters = append(c.waiters[:i:i], append([]*thread{t}, c.waiters[i:]...)...)
}

func (c *cond) leave(t *thread) {
	for i, x := range c.waiters {
		if x == t {
			c.waiters = append(c.waiters[:i:i], c.waiters[i+1:]...)
			return
		}
	}
}

// wake lets a sleeper go on to take its lock again.
func (c *cond) wake(t *thread) {
	c.leave(t)
	t.signalled = true
	t.next = pending{op: model.OpReacquire, target: c.mutex.name, mutex: c.mutex, cond: c, where: t.next.where}
}

func (c *cond) Signal() {
	w := c.world
	if w.silent() || !c.modeled {
		return
	}
	t := w.current
	t.pause(pending{op: model.OpSignal, target: c.name, mutex: c.mutex, cond: c})
	c.mutex.mustOwn(model.MissingLock, "signals "+c.name+" without")
	if t.woken != model.None {
		c.wake(w.threads[t.woken])
	}
}

func (c *cond) Broadcast() {
	w := c.world
	if w.silent() || !c.modeled {
		return
	}
	w.current.pause(pending{op: model.OpBroadcast, target: c.name, mutex: c.mutex, cond: c})
	c.mutex.mustOwn(model.MissingLock, "broadcasts "+c.name+" without")
	for len(c.waiters) > 0 {
		c.wake(c.waiters[0])
	}
}
