package stress

import (
	"slices"
	"time"

	"github.com/lockproof/lockproof/model"
)

// A cond is a condition whose waiters can give up: first come, first served.
type cond struct {
	name    string
	mutex   *mutex
	waiters []chan struct{} // guarded by mutex
}

// Wait implements [driver.Cond].
func (c *cond) Wait() { c.wait(nil, time.Time{}) }

// WaitUntil implements [driver.Cond].
func (c *cond) WaitUntil(deadline time.Time) bool {
	t := time.NewTimer(time.Until(deadline))
	defer t.Stop()
	return c.wait(t.C, deadline)
}

// wait reports whether it was woken before the timer.
func (c *cond) wait(timer <-chan time.Time, deadline time.Time) bool {
	if c.mutex.holder.Load() != identity() {
		c.mutex.mustHold(model.MissingLock, "is not held in a wait for "+c.name)
	}
	woken := make(chan struct{}, 1)
	c.waiters = append(c.waiters, woken)
	a := c.mutex.world.actors.current()
	a.waits(&waiting{kind: "condition", object: c.name, since: time.Now(), until: deadline})
	c.mutex.release()
	ok := true
	select {
	case <-woken:
	case <-timer:
		ok = false
	case <-c.mutex.world.over:
		a.waits(nil)
		c.mutex.world.exit()
	}
	a.waits(nil)
	c.mutex.Lock()
	if ok {
		return true
	}
	i := slices.Index(c.waiters, woken)
	if i < 0 {
		return true // woken between the timer and the lock: the wake-up must not be lost
	}
	c.waiters = slices.Delete(c.waiters, i, i+1)
	return false
}

// Signal implements [driver.Cond].
func (c *cond) Signal() {
	if len(c.waiters) > 0 {
		c.waiters[0] <- struct{}{}
		c.waiters = slices.Delete(c.waiters, 0, 1)
	}
}

// Broadcast implements [driver.Cond].
func (c *cond) Broadcast() {
	for _, w := range c.waiters {
		w <- struct{}{}
	}
	c.waiters = nil
}
