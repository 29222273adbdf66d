package stress

import (
	"sync"
	"time"

	"github.com/lockproof/lockproof/driver"
)

// A production is the runtime that ships, under a load: its mutexes, conditions and queues are
// those of [driver.Real], which do not know who holds them. What goroutines there are, which faults
// strike and what the driver notices is the world's affair.
type production struct {
	driver.Runtime
	world *world
}

// newProduction makes the runtime of production for a world.
func newProduction(w *world) production {
	return production{driver.RealWithFaults(w.Choose), w}
}

// A shipped mutex is one whose end is noted.
type shipped struct {
	driver.Mutex
	world *world
	entry *mutex // of the objects that are alive
}

// NewMutex implements [driver.Runtime].
func (p production) NewMutex(name string) driver.Mutex {
	entry := &mutex{world: p.world, name: name}
	p.world.mutex.Lock()
	p.world.alive[entry] = true
	p.world.mutex.Unlock()
	return &shipped{p.Runtime.NewMutex(name), p.world, entry}
}

// Destroy implements [driver.Mutex].
func (m *shipped) Destroy() {
	m.world.mutex.Lock()
	delete(m.world.alive, m.entry)
	m.world.mutex.Unlock()
	m.Mutex.Destroy()
}

// NewCond implements [driver.Runtime].
func (p production) NewCond(name string, m driver.Mutex) driver.Cond {
	return &watchedCond{p.Runtime.NewCond(name, m.(*shipped).Mutex), name, p.world}
}

// Go implements [driver.Runtime].
func (p production) Go(name string, body func()) { p.world.Go(name, body) }

// Fail implements [driver.Runtime].
func (p production) Fail(k driver.Kind, message string) { p.world.Fail(k, message) }

// A watchedCond is a condition of which it is known who waits for it.
type watchedCond struct {
	driver.Cond
	name  string
	world *world
}

// Wait implements [driver.Cond].
func (c *watchedCond) Wait() {
	a := c.world.actors.current()
	a.waits(&waiting{kind: "condition", object: c.name, since: time.Now()})
	defer a.waits(nil)
	c.Cond.Wait()
}

// WaitUntil implements [driver.Cond].
func (c *watchedCond) WaitUntil(deadline time.Time) bool {
	a := c.world.actors.current()
	a.waits(&waiting{kind: "condition", object: c.name, since: time.Now(), until: deadline})
	defer a.waits(nil)
	return c.Cond.WaitUntil(deadline)
}

// isDone reports whether a group comes to its end within a time. Somebody stays behind otherwise.
func isDone(wg *sync.WaitGroup, within time.Duration) bool {
	ended := make(chan struct{})
	go func() {
		wg.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return true
	case <-time.After(within):
		return false
	}
}
