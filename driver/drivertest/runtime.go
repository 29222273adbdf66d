// Package drivertest is what every [driver.Runtime] and every [driver.Transport] must do, as tests
// that their packages run.
package drivertest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lockproof/lockproof/driver"
)

// A Harness runs code on a runtime.
type Harness struct {
	// Run calls body on a fresh runtime, as a goroutine of its own, as often as it likes, and
	// returns when all that the body started has ended. That something hangs or breaks a rule fails
	// the test.
	Run func(t *testing.T, body func(rt driver.Runtime))
}

// A probe is one property of runtimes.
type probe struct {
	name string
	// body reports what is wrong, from any goroutine that has not ended.
	body func(rt driver.Runtime, wrong func(format string, args ...any))
}

var probes = []probe{
	{"a mutex lets one in at a time", exclusion},
	{"a wait lets go of the lock and has it afterwards", waitReleases},
	{"a signal wakes somebody who waits", signalWakes},
	{"a broadcast wakes all who wait", broadcastWakes},
	{"a deadline that passes is told, with the lock held", deadlinePasses},
	{"a deadline takes no signal with it", deadlineLosesNothing},
	{"nobody is woken by a signal from before", signalIsNotKept},
	{"a queue keeps the order of each sender", queueOrder},
	{"a queue that is closed gives what it has", queueCloses},
	{"time goes on, and sleeping takes so much of it", timeGoesOn},
	{"no fault strikes that was not offered", faultsAreOffered},
}

// Runtime tests a runtime.
func Runtime(t *testing.T, h Harness) {
	for _, p := range probes {
		t.Run(strings.ReplaceAll(p.name, " ", "-"), func(t *testing.T) {
			h.Run(t, func(rt driver.Runtime) {
				p.body(rt, func(format string, args ...any) { t.Errorf(format, args...) })
			})
		})
	}
}

// A group is goroutines for whose end one can wait.
type group struct {
	rt    driver.Runtime
	mutex driver.Mutex
	ended driver.Cond
	left  int
}

func newGroup(rt driver.Runtime) *group {
	g := &group{rt: rt, mutex: rt.NewMutex("group.lock")}
	g.ended = rt.NewCond("group.ended", g.mutex)
	return g
}

func (g *group) start(n int, body func(i int)) {
	g.mutex.Lock()
	g.left += n
	g.mutex.Unlock()
	for i := range n {
		g.rt.Go(fmt.Sprint("member ", i), func() {
			body(i)
			g.mutex.Lock()
			g.left--
			g.ended.Broadcast()
			g.mutex.Unlock()
		})
	}
}

// wait waits for all, and frees the group.
func (g *group) wait() {
	g.mutex.Lock()
	for g.left > 0 {
		g.ended.Wait()
	}
	g.mutex.Destroy()
}

func exclusion(rt driver.Runtime, wrong func(string, ...any)) {
	m, inside, passed := rt.NewMutex("m"), 0, 0
	g := newGroup(rt)
	g.start(3, func(int) {
		for range 20 {
			m.Lock()
			if inside++; inside != 1 {
				wrong("%d are inside", inside)
			}
			rt.NewVar("v", m).Write()
			passed++
			inside--
			m.Unlock()
		}
	})
	g.wait()
	m.Lock()
	if passed != 60 {
		wrong("%d passed, want 60", passed)
	}
	m.Destroy()
}

// A room is a mutex with a condition, and how many wait.
type room struct {
	rt    driver.Runtime
	mutex driver.Mutex
	cond  driver.Cond

	waiting, woken, late int
}

func newRoom(rt driver.Runtime) *room {
	r := &room{rt: rt, mutex: rt.NewMutex("m")}
	r.cond = rt.NewCond("c", r.mutex)
	return r
}

// until lets others go on until so many wait.
func (r *room) until(n int) {
	for {
		r.mutex.Lock()
		enough := r.waiting >= n
		r.mutex.Unlock()
		if enough {
			return
		}
		r.rt.Sleep(time.Millisecond)
	}
}

// enter waits once, without a deadline.
func (r *room) enter() {
	r.mutex.Lock()
	r.waiting++
	r.cond.Wait()
	r.woken++
	r.mutex.Unlock()
}

func waitReleases(rt driver.Runtime, wrong func(string, ...any)) {
	r, g := newRoom(rt), newGroup(rt)
	g.start(1, func(int) {
		r.mutex.Lock()
		r.waiting++
		r.cond.Wait()
		r.mutex.Held(driver.MissingLock)
		if r.waiting != 7 {
			wrong("woken before the lock was let go of")
		}
		r.mutex.Unlock()
	})
	r.until(1)
	r.mutex.Lock()
	r.cond.Signal()
	r.waiting = 7 // the woken one must not see it otherwise
	r.mutex.Unlock()
	g.wait()
	r.mutex.Lock()
	r.mutex.Destroy()
}

func signalWakes(rt driver.Runtime, wrong func(string, ...any)) {
	r, g := newRoom(rt), newGroup(rt)
	g.start(3, func(int) { r.enter() })
	r.until(3)
	for i := range 3 {
		r.mutex.Lock()
		r.cond.Signal()
		r.mutex.Unlock()
		for {
			r.mutex.Lock()
			n := r.woken
			r.mutex.Unlock()
			if n == i+1 {
				break
			}
			if n > i+1 {
				wrong("%d signals have woken %d", i+1, n)
				break
			}
			rt.Sleep(time.Millisecond)
		}
	}
	g.wait()
	r.mutex.Lock()
	r.mutex.Destroy()
}

func broadcastWakes(rt driver.Runtime, wrong func(string, ...any)) {
	r, g := newRoom(rt), newGroup(rt)
	g.start(3, func(int) { r.enter() })
	r.until(3)
	r.mutex.Lock()
	r.cond.Broadcast()
	r.cond.Signal() // for nobody
	r.mutex.Unlock()
	g.wait()
	r.mutex.Lock()
	if r.woken != 3 {
		wrong("%d were woken, want 3", r.woken)
	}
	r.mutex.Destroy()
}

// deadlinePasses waits alone. Where deadlines pass only sometimes, a goroutine ends the wait.
func deadlinePasses(rt driver.Runtime, wrong func(string, ...any)) {
	r, g := newRoom(rt), newGroup(rt)
	over := false
	g.start(1, func(int) {
		r.mutex.Lock()
		deadline := rt.Now().Add(time.Second)
		woken := r.cond.WaitUntil(deadline)
		r.mutex.Held(driver.MissingLock)
		if !woken && rt.Now().Before(deadline) {
			wrong("gave up at %v, %v before its time", rt.Now(), deadline.Sub(rt.Now()))
		}
		if woken && r.woken == 0 {
			wrong("woken, and nobody did")
		}
		over = true
		r.mutex.Unlock()
	})
	for range 2000 {
		rt.Sleep(time.Millisecond)
		r.mutex.Lock()
		done := over
		r.mutex.Unlock()
		if done {
			break
		}
	}
	r.mutex.Lock()
	if !over {
		r.woken++
		r.cond.Signal()
	}
	r.mutex.Unlock()
	g.wait()
	r.mutex.Lock()
	r.mutex.Destroy()
}

// deadlineLosesNothing signals one of two who wait when the time of the first is nearly up, or just
// has been, while it cannot have its lock back: one of them must have the signal.
func deadlineLosesNothing(rt driver.Runtime, wrong func(string, ...any)) {
	for _, before := range []time.Duration{time.Millisecond, 0, -time.Millisecond} {
		r, g := newRoom(rt), newGroup(rt)
		const short = 20 * time.Millisecond
		began := rt.Now()
		wait := func(long time.Duration) {
			r.mutex.Lock()
			defer r.mutex.Unlock()
			r.waiting++
			woken := r.cond.WaitUntil(began.Add(long))
			r.waiting--
			switch {
			case woken:
				r.woken++
			case rt.Now().Before(began.Add(long)):
				wrong("gave up before its time")
			default:
				r.late++
			}
		}
		for i, long := range []time.Duration{short, time.Hour} { // the first waits first
			g.start(1, func(int) { wait(long) })
			for ready := false; !ready; {
				rt.Sleep(time.Microsecond)
				r.mutex.Lock()
				ready = r.waiting+r.woken+r.late > i
				r.mutex.Unlock()
			}
		}
		r.mutex.Lock()
		if d := began.Add(short - before).Sub(rt.Now()); d > 0 {
			rt.Sleep(d)
		}
		inRoom := r.waiting
		r.cond.Signal()
		r.mutex.Unlock()
		for range 100 {
			rt.Sleep(time.Millisecond)
		}
		r.mutex.Lock()
		if inRoom > 0 && r.woken == 0 && r.late < 2 {
			wrong("a signal %v before a deadline has woken nobody", before)
		}
		r.cond.Broadcast()
		r.mutex.Unlock()
		g.wait()
		r.mutex.Lock()
		r.mutex.Destroy()
	}
}

func signalIsNotKept(rt driver.Runtime, wrong func(string, ...any)) {
	r, g := newRoom(rt), newGroup(rt)
	r.mutex.Lock()
	r.cond.Signal()
	r.cond.Broadcast()
	r.mutex.Unlock()
	g.start(1, func(int) { r.enter() })
	r.until(1)
	rt.Sleep(time.Millisecond)
	r.mutex.Lock()
	if r.woken > 0 {
		wrong("woken by a signal from before the wait")
	}
	r.cond.Signal()
	r.mutex.Unlock()
	g.wait()
	r.mutex.Lock()
	r.mutex.Destroy()
}

func queueOrder(rt driver.Runtime, wrong func(string, ...any)) {
	q, g := rt.NewQueue("q"), newGroup(rt)
	g.start(2, func(i int) {
		for j := range 10 {
			if !q.Send([]byte{byte(i), byte(j)}) {
				wrong("an open queue refuses a message")
			}
		}
	})
	var got [2][]byte
	for range 20 {
		m, ok := q.Receive()
		if !ok {
			wrong("an open queue has ended")
			break
		}
		got[m[0]] = append(got[m[0]], m[1])
	}
	for i, from := range got {
		if !slices.Equal(from, []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}) {
			wrong("of sender %d came %v", i, from)
		}
	}
	g.wait()
	q.Close()
}

func queueCloses(rt driver.Runtime, wrong func(string, ...any)) {
	q, g := rt.NewQueue("q"), newGroup(rt)
	q.Send([]byte("one"))
	g.start(1, func(int) {
		rt.Sleep(time.Millisecond)
		q.Send([]byte("two"))
		q.Close()
		q.Close()
		if q.Send([]byte("three")) {
			wrong("a closed queue takes a message")
		}
	})
	for _, want := range []string{"one", "two"} {
		if m, ok := q.Receive(); !ok || string(m) != want {
			wrong("received %q, %v, want %s", m, ok, want)
		}
	}
	for range 2 {
		if m, ok := q.Receive(); ok {
			wrong("received %q after the end", m)
		}
	}
	g.wait()
}

func timeGoesOn(rt driver.Runtime, wrong func(string, ...any)) {
	before := rt.Now()
	rt.Sleep(3 * time.Millisecond)
	between := rt.Now()
	if slept := between.Sub(before); slept < 3*time.Millisecond {
		wrong("slept for %v", slept)
	}
	if rt.Now().Before(between) {
		wrong("time goes backwards")
	}
}

func faultsAreOffered(rt driver.Runtime, wrong func(string, ...any)) {
	offered := []driver.Fault{driver.Garbage, driver.SlowAnswer}
	for range 20 {
		if f := rt.Choose("here", offered); f != driver.NoFault && !slices.Contains(offered, f) {
			wrong("%s strikes", f)
		}
		if f := rt.Choose("here", nil); f != driver.NoFault {
			wrong("%s strikes where nothing can", f)
		}
	}
}
