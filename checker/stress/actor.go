package stress

import (
	"bytes"
	"context"
	"runtime"
	"runtime/pprof"
	"strconv"
	"sync"
	"time"

	"github.com/lockproof/lockproof/driver"
)

// An actor is a goroutine of the load, or of the driver under it.
type actor struct {
	name      string
	labels    context.Context // keeps the labels alive, for their address is the identity
	goroutine int

	mutex   sync.Mutex
	doing   string // the call under way, "" between calls
	started time.Time
	moved   time.Time // when its job last began or ended
	calls   int       // counts the beginnings and ends of calls
	waiting *waiting
	job     *heldJob
}

// waiting is what an actor waits for.
type waiting struct {
	kind   string // "lock", "condition" or "message"
	object string
	mutex  *mutex // for a lock
	since  time.Time
	until  time.Time // when it gives up; zero: never
}

// heldJob is the job that an actor has.
type heldJob struct {
	domain string
	kind   driver.JobType
	since  time.Time
}

// actors are all goroutines that take part.
type actors struct {
	mutex sync.Mutex
	byID  map[uintptr]*actor
}

// enter makes the running goroutine an actor, until leave.
func (as *actors) enter(name string) *actor {
	a := &actor{name: name, labels: pprof.WithLabels(context.Background(), pprof.Labels("lockproof", name))}
	pprof.SetGoroutineLabels(a.labels)
	a.goroutine = goroutineNumber()
	as.mutex.Lock()
	as.byID[identity()] = a
	as.mutex.Unlock()
	return a
}

func (as *actors) leave() {
	as.mutex.Lock()
	delete(as.byID, identity())
	as.mutex.Unlock()
	pprof.SetGoroutineLabels(context.Background())
}

// current is the running actor, nil outside of a load.
func (as *actors) current() *actor { return as.find(identity()) }

func (as *actors) find(id uintptr) *actor {
	as.mutex.Lock()
	defer as.mutex.Unlock()
	return as.byID[id]
}

// all are the actors, in no order.
func (as *actors) all() []*actor {
	as.mutex.Lock()
	defer as.mutex.Unlock()
	all := make([]*actor, 0, len(as.byID))
	for _, a := range as.byID {
		all = append(all, a)
	}
	return all
}

// goroutineNumber is what stack traces call the running goroutine.
func goroutineNumber() int {
	var buf [64]byte
	fields := bytes.Fields(buf[:runtime.Stack(buf[:], false)])
	n, _ := strconv.Atoi(string(fields[1])) // "goroutine 17 [running]:"
	return n
}

// begin notes that the actor is busy with something that must come to an end.
func (a *actor) begin(what string) {
	a.mutex.Lock()
	a.doing, a.started = what, time.Now()
	a.calls++
	a.mutex.Unlock()
}

func (a *actor) end() {
	a.mutex.Lock()
	a.doing = ""
	a.calls++
	a.mutex.Unlock()
}

// waits notes for what the actor waits, or that it no longer does.
func (a *actor) waits(w *waiting) {
	if a == nil {
		return
	}
	a.mutex.Lock()
	a.waiting = w
	a.mutex.Unlock()
}

// A watcher is the observer of one goroutine: it keeps its actor's job, and passes everything on.
type watcher struct {
	world *world
	load  *load
	next  driver.Observer // nil: nobody records
}

// Called implements [driver.Observer].
func (w *watcher) Called(c driver.Call) {
	if w.next != nil {
		w.next.Called(c)
	}
}

// Returned implements [driver.Observer].
func (w *watcher) Returned(c driver.Call, r driver.Result) {
	w.load.expect(c, r)
	if w.next != nil {
		w.next.Returned(c, r)
	}
}

// Job implements [driver.Observer].
func (w *watcher) Job(e driver.JobEvent) {
	if w.next != nil {
		w.next.Job(e)
	}
	var job *heldJob
	switch e.Phase {
	case driver.JobBegun:
		job = &heldJob{e.Domain, e.Type, time.Now()}
	case driver.JobEnded:
	default: // to be refused is no progress, or whoever tries for ever would make some
		return
	}
	w.world.jobMoved(e.Domain)
	a := w.world.actors.current()
	if a == nil {
		return
	}
	a.mutex.Lock()
	a.job, a.moved = job, time.Now()
	a.mutex.Unlock()
}
