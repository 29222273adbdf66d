package schedule

import (
	"slices"
	"time"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// A cond is a condition variable. It is used with its mutex held, so its waiter set needs no steps
// of its own.
type cond struct {
	world   *world
	name    string
	mutex   *mutex
	waiters []*thread // that have not been signalled, in the order of their waits
}

// NewCond is part of [driver.Runtime].
func (w *world) NewCond(name string, m driver.Mutex) driver.Cond {
	return &cond{world: w, name: name, mutex: m.(*mutex)}
}

var (
	untimedFaults = []driver.Fault{driver.SpuriousWake}
	timedFaults   = []driver.Fault{driver.WaitTimeout, driver.SpuriousWake}
)

func (c *cond) Wait() {
	c.wait(untimedFaults)
}

func (c *cond) WaitUntil(deadline time.Time) bool {
	w := c.world
	if w.patience != nil && !w.stopping {
		w.waitsUntil(c, deadline.Sub(epoch))
	}
	woken, fault := c.wait(timedFaults)
	if !woken && fault == driver.WaitTimeout {
		w.current.expired(c)
		w.now = max(w.now, deadline.Sub(epoch))
		return false
	}
	return true
}

// wait releases the mutex and takes it again once the thread has been signalled, or has given up
// for the reason that is returned.
func (c *cond) wait(faults []driver.Fault) (woken bool, fault driver.Fault) {
	w := c.world
	t := w.current
	if w.stopping {
		panic(stopped{})
	}
	fault = w.Choose(c.name, faults)
	c.mustOwnMutex("waits for")
	w.note(beginWait, c.name)
	c.mutex.release(t)
	t.signalled, t.givesUp = false, fault != driver.NoFault
	c.waiters = append(c.waiters, t)
	t.next = operation{verb: reacquire, mutex: c.mutex, cond: c, ways: 1}
	t.pause()
	c.mutex.acquire(t)
	if !t.signalled {
		i := slices.Index(c.waiters, t)
		c.waiters = slices.Delete(c.waiters, i, i+1)
	}
	return t.signalled, fault
}

// Signal wakes any one waiter: the strategy says which.
func (c *cond) Signal() {
	w := c.world
	if w.stopping {
		return
	}
	c.mustOwnMutex("signals")
	w.note(signalCond, c.name)
	chosen := 0
	switch len(c.waiters) {
	case 0:
		return
	case 1:
	default:
		t := w.current
		t.next = operation{verb: chooseWaiter, cond: c, ways: len(c.waiters)}
		t.pause()
		chosen = t.choice
	}
	c.wake(c.waiters[chosen])
	c.waiters = slices.Delete(c.waiters, chosen, chosen+1)
}

func (c *cond) Broadcast() {
	w := c.world
	if w.stopping {
		return
	}
	c.mustOwnMutex("broadcasts")
	w.note(broadcastCond, c.name)
	for _, t := range c.waiters {
		c.wake(t)
	}
	c.waiters = c.waiters[:0]
}

// mustOwnMutex fails unless the current thread owns the condition's mutex.
func (c *cond) mustOwnMutex(doing string) {
	if c.mutex.owner != c.world.current || c.mutex.freed {
		c.mutex.mustOwn(model.MissingLock, doing+" "+c.name+" without")
	}
}

// wake lets a waiter go on. A waiter that could not have gone on without it goes on after it.
func (c *cond) wake(t *thread) {
	t.signalled = true
	if !t.givesUp {
		t.clock.join(&c.world.current.clock)
	}
}
