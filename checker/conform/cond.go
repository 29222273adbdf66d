package conform

import (
	"time"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

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

func (c *cond) Wait() { c.wait(false) }

// WaitUntil is part of [driver.Cond]. A deadline that has passed, or was never set, is none.
func (c *cond) WaitUntil(deadline time.Time) bool { return c.wait(deadline.After(c.world.Now())) }

// wait reports whether it was woken. Only a timed one can give up.
func (c *cond) wait(timed bool) bool {
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
	t.pause(pending{op: model.OpSleep, target: c.name, mutex: c.mutex, cond: c, timed: timed})
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
	t.next = pending{
		op: model.OpReacquire, target: c.mutex.name, mutex: c.mutex, cond: c, timed: t.next.timed,
		where: t.next.where,
	}
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
