package linear

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lockproof/lockproof/driver"
)

// A Clock gives the time for a history. It never goes backwards, for all goroutines together.
type Clock func() int64

// Monotonic is nanoseconds since now.
func Monotonic() Clock {
	start := time.Now()
	return func() int64 { return int64(time.Since(start)) }
}

// Steps counts how often it is asked, for runs in which time stands still.
func Steps() Clock {
	var n atomic.Int64
	return func() int64 { return n.Add(1) }
}

// A Recorder writes histories down. Each connection has a buffer of its own, so that what is
// recorded is not the order in which the goroutines of the load come to the recorder.
type Recorder struct {
	clock Clock

	mutex   sync.Mutex
	clients []*client
	deaths  []Operation
	dying   map[*client]Operation // deaths under way
	stopped bool
	quiet   sync.Cond
}

// NewRecorder makes a recorder without history.
func NewRecorder(c Clock) *Recorder {
	r := &Recorder{clock: c, dying: map[*client]Operation{}}
	r.quiet.L = &r.mutex
	return r
}

// Observe is the observer for [driver.Options].
func (r *Recorder) Observe(name string) driver.Observer { return &client{recorder: r, name: name} }

// Drain waits until no QEMU is just dying, and takes what has been recorded since the last time. No
// call may be under way.
func (r *Recorder) Drain() History {
	r.mutex.Lock()
	for len(r.dying) > 0 && !r.stopped {
		r.quiet.Wait()
	}
	return r.take()
}

// Quiet reports whether no QEMU is just dying, so that Drain does not wait.
func (r *Recorder) Quiet() bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return len(r.dying) == 0
}

// Stop ends a Drain that waits for the death of a QEMU which hangs.
func (r *Recorder) Stop() {
	r.mutex.Lock()
	r.stopped = true
	r.quiet.Broadcast()
	r.mutex.Unlock()
}

// Abandon takes what has been recorded, with the calls that are still under way: they are pending,
// for ever.
func (r *Recorder) Abandon() History {
	r.mutex.Lock()
	return r.take()
}

// take unlocks the recorder. Clients are in the order of their names, so that the same calls make
// the same history.
func (r *Recorder) take() History {
	h := History{Operations: r.deaths}
	r.deaths = nil
	for _, o := range r.dying {
		h.Operations = append(h.Operations, o)
	}
	clients := slices.Clone(r.clients)
	h.Cut = r.clock()
	r.mutex.Unlock()
	slices.SortStableFunc(clients, func(x, y *client) int { return strings.Compare(x.name, y.name) })
	for _, c := range clients {
		c.drain(&h)
	}
	slices.SortStableFunc(h.Operations, func(x, y Operation) int { return compare(x.From, y.From) })
	slices.SortStableFunc(h.Jobs, func(x, y Job) int { return compare(x.Asked, y.Asked) })
	return h
}

func compare(x, y int64) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// A client is the buffer of one connection, or the observer of one event goroutine, which has but
// one thing to tell. The mutex is there for Abandon; nobody else competes for it.
type client struct {
	recorder *Recorder
	name     string
	known    bool // recorder.clients has it; used by the goroutine

	mutex      sync.Mutex
	calling    bool
	current    Operation
	operations []Operation
	jobs       []Job
}

// Called implements [driver.Observer].
func (c *client) Called(call driver.Call) {
	r := c.recorder
	if call.Op == driver.OpDied {
		r.mutex.Lock()
		c.current = Operation{Client: c.name, Call: call, From: r.clock(), To: Never}
		r.dying[c] = c.current
		r.mutex.Unlock()
		return
	}
	if !c.known {
		r.mutex.Lock()
		r.clients = append(r.clients, c)
		r.mutex.Unlock()
		c.known = true
	}
	c.mutex.Lock()
	c.current = Operation{Client: c.name, Call: call, From: r.clock(), To: Never}
	c.calling = true
	c.mutex.Unlock()
}

// Returned implements [driver.Observer].
func (c *client) Returned(_ driver.Call, result driver.Result) {
	r := c.recorder
	c.mutex.Lock()
	c.current.To, c.current.Code, c.current.Info = r.clock(), result.Code, result.Info
	died := c.current
	if c.calling {
		c.operations = append(c.operations, died)
		c.calling = false
		c.mutex.Unlock()
		return
	}
	c.mutex.Unlock()
	r.mutex.Lock()
	r.deaths = append(r.deaths, died)
	if delete(r.dying, c); len(r.dying) == 0 {
		r.quiet.Broadcast()
	}
	r.mutex.Unlock()
}

// Job implements [driver.Observer].
func (c *client) Job(e driver.JobEvent) {
	now := c.recorder.clock()
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if e.Phase == driver.JobAsked {
		c.jobs = append(c.jobs, Job{
			Client: c.name, Domain: e.Domain, Object: e.Object, Type: JobType(e.Type), Asked: now, Begun: Never, Ended: Never,
		})
		return
	}
	j := c.unfinished(e)
	if j == nil { // an end without a beginning: kept, so that the checker sees it
		c.jobs = append(c.jobs, Job{
			Client: c.name, Domain: e.Domain, Object: e.Object, Type: JobType(e.Type), Asked: now, Begun: Never, Ended: now,
		})
		return
	}
	switch e.Phase {
	case driver.JobBegun:
		j.Begun = now
	case driver.JobRefused:
		j.Ended, j.Refused = now, true
	case driver.JobEnded:
		j.Ended = now
	}
}

// unfinished is the latest job of an object that has not ended.
func (c *client) unfinished(e driver.JobEvent) *Job {
	for i := len(c.jobs) - 1; i >= 0 && i >= len(c.jobs)-16; i-- {
		if j := &c.jobs[i]; j.Object == e.Object && j.Domain == e.Domain && j.Ended == Never {
			return j
		}
	}
	return nil
}

// drain moves what is recorded into h.
func (c *client) drain(h *History) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	h.Operations = append(h.Operations, c.operations...)
	if c.calling {
		h.Operations = append(h.Operations, c.current)
	}
	h.Jobs = append(h.Jobs, c.jobs...)
	c.operations, c.jobs = c.operations[:0], c.jobs[:0]
}
