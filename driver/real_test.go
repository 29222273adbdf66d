package driver

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestTimedWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := Real()
		m := rt.NewMutex("m")
		c := rt.NewCond("c", m)
		wait := func(d time.Duration) chan bool {
			woken := make(chan bool, 1)
			go func() {
				m.Lock()
				defer m.Unlock()
				woken <- c.WaitUntil(rt.Now().Add(d))
			}()
			synctest.Wait()
			return woken
		}
		first, second, third := wait(time.Second), wait(2*time.Second), wait(3*time.Second)
		time.Sleep(1500 * time.Millisecond)
		if <-first {
			t.Error("the first waiter was woken, and nobody did")
		}
		m.Lock()
		c.Signal()
		m.Unlock()
		if !<-second {
			t.Error("the signal did not wake the one who waits longest")
		}
		m.Lock()
		c.Broadcast()
		c.Signal()
		m.Unlock()
		if !<-third {
			t.Error("the broadcast did not wake the last waiter")
		}
	})
}

// A wake-up that comes when the deadline has passed, but before the waiter has its lock, is not
// lost.
func TestWakeUpAtTheDeadline(t *testing.T) {
	rt := Real()
	m := rt.NewMutex("m")
	c := rt.NewCond("c", m).(*realCond)
	m.Lock()
	defer m.Unlock()
	early, late := c.enqueue(), c.enqueue()
	c.Signal()
	if c.withdraw(early) {
		t.Error("a waiter that was signalled gave up")
	}
	if !c.withdraw(late) {
		t.Error("a waiter that was not signalled did not give up")
	}
}

func TestFreedMutex(t *testing.T) {
	m := Real().NewMutex("m")
	m.Lock()
	m.Destroy()
	defer func() {
		v, _ := recover().(error)
		var violation *Violation
		if !errors.As(v, &violation) || violation.Kind != UseAfterRelease {
			t.Errorf("a freed mutex was locked, and what came was %v", v)
		}
		if !m.(*realMutex).mutex.TryLock() {
			t.Error("the next who locks it waits for ever, and is told nothing")
		}
	}()
	m.Lock()
}

func TestQueue(t *testing.T) {
	q := Real().NewQueue("q")
	var senders sync.WaitGroup
	for i := range 4 {
		senders.Go(func() {
			for j := range 100 {
				q.Send([]byte{byte(i), byte(j)})
			}
		})
	}
	go func() {
		senders.Wait()
		q.Close()
		q.Close()
	}()
	var next [4]byte
	n := 0
	for {
		m, ok := q.Receive()
		if !ok {
			break
		}
		if m[1] != next[m[0]] {
			t.Fatalf("message %d of sender %d came when %d was due", m[1], m[0], next[m[0]])
		}
		next[m[0]]++
		n++
	}
	if n != 400 || q.Send(nil) {
		t.Errorf("%d messages; a closed queue takes more: %v", n, q.Send(nil))
	}
}
