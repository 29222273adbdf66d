package driver

import (
	"slices"
	"sync"
	"time"
)

// Real is the runtime of production: package sync, real goroutines, real time, no faults. It cannot
// tell which goroutine holds a lock, so statements about that are not checked; a broken rule that
// it does notice is a panic with a [*Violation].
func Real() Runtime { return real{} }

// RealWithFaults is [Real] with faults: choose says what strikes at a point, and is called by many
// goroutines at once.
func RealWithFaults(choose func(point string, faults []Fault) Fault) Runtime {
	return real{choose: choose}
}

type real struct {
	choose func(string, []Fault) Fault
}

func (real) NewMutex(name string) Mutex      { return &realMutex{name: name} }
func (real) NewCond(_ string, m Mutex) Cond  { return &realCond{mutex: m.(*realMutex)} }
func (real) NewVar(name string, _ Mutex) Var { return realVar{} }
func (real) Go(_ string, body func())        { go body() }
func (real) Now() time.Time                  { return time.Now() }
func (real) Sleep(d time.Duration)           { time.Sleep(d) }
func (real) Fail(kind Kind, message string)  { panic(&Violation{kind, message}) }
func (r real) Choose(p string, fs []Fault) Fault {
	if r.choose == nil {
		return NoFault
	}
	return r.choose(p, fs)
}

func (real) NewQueue(string) Queue { return newRealQueue() }

func newRealQueue() *realQueue {
	q := &realQueue{}
	q.arrived.L = &q.mutex
	return q
}

type realMutex struct {
	mutex sync.Mutex
	dead  bool // guarded by mutex
	name  string
}

func (m *realMutex) Lock() {
	m.mutex.Lock()
	if m.dead {
		m.mutex.Unlock()
		panic(&Violation{UseAfterRelease, m.name + " is locked after it was freed"})
	}
}

func (m *realMutex) Unlock() { m.mutex.Unlock() }

func (m *realMutex) Destroy() {
	m.dead = true
	m.mutex.Unlock()
}

func (m *realMutex) Held(Kind)    {}
func (m *realMutex) NotHeld(Kind) {}

type realVar struct{}

func (realVar) Read()  {}
func (realVar) Write() {}

// A realCond is a condition whose waiters can give up: each waits on a channel of its own, first
// come, first served.
type realCond struct {
	mutex   *realMutex
	waiters []chan struct{} // guarded by mutex
}

func (c *realCond) Wait() {
	woken := c.enqueue()
	c.mutex.Unlock()
	<-woken
	c.mutex.Lock()
}

func (c *realCond) WaitUntil(deadline time.Time) bool {
	woken := c.enqueue()
	c.mutex.Unlock()
	timer := time.NewTimer(time.Until(deadline))
	select {
	case <-woken:
		timer.Stop()
		c.mutex.Lock()
		return true
	case <-timer.C:
	}
	c.mutex.Lock()
	return !c.withdraw(woken)
}

// withdraw takes a waiter off the list. It reports false when the waiter was woken after its
// deadline but before it had its lock again: that wake-up must not be lost.
func (c *realCond) withdraw(woken chan struct{}) bool {
	i := slices.Index(c.waiters, woken)
	if i < 0 {
		return false
	}
	c.waiters = slices.Delete(c.waiters, i, i+1)
	return true
}

func (c *realCond) enqueue() chan struct{} {
	woken := make(chan struct{}, 1)
	c.waiters = append(c.waiters, woken)
	return woken
}

func (c *realCond) Signal() {
	if len(c.waiters) == 0 {
		return
	}
	c.waiters[0] <- struct{}{}
	c.waiters = slices.Delete(c.waiters, 0, 1)
}

func (c *realCond) Broadcast() {
	for _, w := range c.waiters {
		w <- struct{}{}
	}
	c.waiters = c.waiters[:0]
}

type realQueue struct {
	mutex    sync.Mutex
	arrived  sync.Cond
	messages [][]byte
	closed   bool
}

func (q *realQueue) Send(message []byte) bool {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	if q.closed {
		return false
	}
	q.messages = append(q.messages, message)
	q.arrived.Signal()
	return true
}

func (q *realQueue) Receive() ([]byte, bool) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	for len(q.messages) == 0 && !q.closed {
		q.arrived.Wait()
	}
	if len(q.messages) == 0 {
		return nil, false
	}
	m := q.messages[0]
	q.messages = q.messages[1:]
	return m, true
}

func (q *realQueue) Close() {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.closed = true
	q.arrived.Broadcast()
}
