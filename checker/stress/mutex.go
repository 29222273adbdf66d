package stress

import (
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// A mutex is a lock that knows who holds it. It is a channel, because a channel can be waited for
// together with the end of the world.
type mutex struct {
	world  *world
	name   string
	free   chan struct{} // holds one element while the mutex is locked
	holder atomic.Uintptr
	dead   atomic.Bool
}

// Lock implements [driver.Mutex].
func (m *mutex) Lock() {
	me := identity()
	if me != 0 && m.holder.Load() == me {
		m.world.fail(model.SelfDeadlock, m.name+" is locked by whom it is held already")
	}
	select {
	case m.free <- struct{}{}:
	default:
		m.wait()
	}
	if m.dead.Load() {
		<-m.free
		m.world.fail(model.UseAfterRelease, m.name+" is locked after it was freed")
		m.world.exit()
		return
	}
	m.holder.Store(me)
}

// wait is the slow way to the lock.
func (m *mutex) wait() {
	a := m.world.actors.current()
	a.waits(&waiting{kind: "lock", object: m.name, mutex: m, since: time.Now()})
	defer a.waits(nil)
	select {
	case m.free <- struct{}{}:
	case <-m.world.over:
		m.world.exit()
		m.free <- struct{}{}
	}
}

// Unlock implements [driver.Mutex].
func (m *mutex) Unlock() {
	m.mustHold(model.BadUnlock, "is unlocked by whom it is not held")
	m.release()
}

func (m *mutex) release() {
	if m.holder.Load() != identity() {
		return // the world is over, and a deferred call unlocks what was never locked
	}
	m.holder.Store(0)
	<-m.free
	if rand.Uint32()%yieldEvery == 0 {
		runtime.Gosched()
	}
}

// yieldEvery is how many times a lock is released before the goroutine stands back once. What goes
// wrong between two locks is otherwise a matter of a few instructions, in which nobody else comes
// along.
const yieldEvery = 8

// Destroy implements [driver.Mutex].
func (m *mutex) Destroy() {
	m.mustHold(model.BadUnlock, "is freed by whom it is not held")
	m.dead.Store(true)
	m.world.mutex.Lock()
	delete(m.world.alive, m)
	m.world.mutex.Unlock()
	m.release()
}

// Held implements [driver.Mutex].
func (m *mutex) Held(rule driver.Kind) { m.mustHold(model.Kind(rule), "is not held where it must be") }

// NotHeld implements [driver.Mutex].
func (m *mutex) NotHeld(rule driver.Kind) {
	if me := identity(); me != 0 && m.holder.Load() == me {
		m.world.fail(model.Kind(rule), m.name+" is held where it must not be")
	}
}

func (m *mutex) mustHold(k model.Kind, otherwise string) {
	if me := identity(); m.holder.Load() != me {
		if m.dead.Load() {
			k, otherwise = model.UseAfterRelease, "is used after it was freed"
		}
		m.world.fail(k, m.name+" "+otherwise)
	}
}

// A variable stands for data that a mutex guards.
type variable struct {
	name  string
	guard *mutex
}

// Read implements [driver.Var].
func (v variable) Read() { v.touch("read") }

// Write implements [driver.Var].
func (v variable) Write() { v.touch("written") }

func (v variable) touch(how string) {
	if v.guard.holder.Load() == identity() {
		return
	}
	if v.guard.dead.Load() {
		v.guard.world.fail(model.UseAfterRelease, v.name+" is "+how+" after it was freed")
		return
	}
	v.guard.world.fail(model.MissingLock, v.name+" is "+how+" without "+v.guard.name)
}
