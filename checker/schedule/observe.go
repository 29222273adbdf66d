package schedule

import "github.com/lockproof/lockproof/driver"

// An observed is an observer for whom the beginning and the end of a call are steps of their own. A
// history says which calls were over when others began. Were a beginning to ride along with the
// step before it, every call would begin as early as it can, overlap with more than it must, and be
// explained by more orders.
type observed struct {
	world *world
	next  driver.Observer
}

// Called implements [driver.Observer].
func (o *observed) Called(c driver.Call) {
	w := o.world
	t := w.current
	t.next = operation{verb: beginCall, api: c.Op, point: c.Domain, ways: 1}
	t.pause()
	if w.tracing {
		w.note(beginCall, t.next.target())
	}
	if w.causal {
		t.clock.join(&w.ended)
		w.begun.join(&t.clock)
	}
	o.next.Called(c)
}

// Returned implements [driver.Observer].
func (o *observed) Returned(c driver.Call, r driver.Result) {
	w := o.world
	t := w.current
	t.next = operation{verb: endCall, api: c.Op, point: c.Domain, ways: 1}
	t.pause()
	if w.tracing {
		w.note(endCall, t.next.target()+": "+r.Code.String())
	}
	if w.causal {
		t.clock.join(&w.begun)
		w.ended.join(&t.clock)
	}
	o.next.Returned(c, r)
}

// Job implements [driver.Observer]. It is told with the domain locked, so the lock's steps order
// jobs.
func (o *observed) Job(e driver.JobEvent) { o.next.Job(e) }

// watched makes steps of the calls that an observer sees.
func (w *world) watched(observe func(name string) driver.Observer) func(name string) driver.Observer {
	return func(name string) driver.Observer {
		if o := observe(name); o != nil {
			return &observed{w, o}
		}
		return nil
	}
}
