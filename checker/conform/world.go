package conform

import (
	"fmt"
	"strings"
	"time"

	"github.com/lockproof/lockproof/checker/schedule/coroutine"
	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// world is one run of the driver, and its runtime.
type world struct {
	c        *Case
	threads  []*thread
	current  *thread // nil while things are set up
	stopping bool
	tracing  bool

	mutexes map[string]*mutex
	conds   map[string]*cond
	freed   map[string]bool   // domains and monitors, by name
	parts   map[string]string // by the name of a lock the object with which it is freed
	domains map[string]*domain
	party   party

	meaningless error // why a body could not be interpreted to its end
}

// domain is what the scenario's C calls vm1.
type domain struct {
	name  string
	vm    status
	mon   any
	users func() int // the references of the monitor; nil where they are not counted
}

// newWorld brings the driver to the start of the scenario, every thread to its first step, with
// the choices that it makes before that.
func newWorld(c *Case, chose []model.Chose, pool *coroutine.Pool, tracing bool) *world {
	w := &world{
		c: c, tracing: tracing, mutexes: map[string]*mutex{}, conds: map[string]*cond{}, freed: map[string]bool{},
		parts: map[string]string{}, domains: map[string]*domain{},
	}
	for _, l := range c.Program.Locks {
		if root := c.Program.Objects[l.Object].Root; root != model.None {
			w.parts[l.Name] = c.Program.Objects[root].Name
		}
	}
	w.party = newParty(w, c.Protocol)
	for _, name := range c.domains {
		w.domains[name] = w.party.add(name)
	}
	for i, body := range c.Bodies {
		t := &thread{world: w, id: i, body: body, coroutine: pool.Take()}
		t.helpers = w.party.connect(threadName(i))
		w.threads = append(w.threads, t)
	}
	for i, t := range w.threads {
		t.begin(chose[i])
	}
	return w
}

// end unwinds what still runs.
func (w *world) end(pool *coroutine.Pool) {
	w.stopping = true
	for _, t := range w.threads {
		if !t.finished {
			w.current = t
			t.coroutine.Resume()
		}
	}
	pool.GiveBack()
}

// threadName is how the model's messages name a thread, and how the driver names its connection.
func threadName(i int) string { return fmt.Sprintf("T%d", i+1) }

// rootOf is the domain to which an object belongs: vm1 for vm1.mon.lock.
func rootOf(object string) string {
	root, _, _ := strings.Cut(object, ".")
	return root
}

// listed reports whether a look-up finds a domain.
func (w *world) listed(name string) bool { return w.party.listed(name) }

// silent reports whether the runtime is used where steps do not count.
func (w *world) silent() bool { return w.current == nil || w.stopping || w.current.failure != nil }

// Go is part of [driver.Runtime]. Nothing that a scenario does starts a goroutine.
func (w *world) Go(name string, _ func()) { w.unexpected("starts the goroutine " + name) }

// Now is part of [driver.Runtime]: no time goes by.
func (w *world) Now() time.Time { return time.Date(2009, time.October, 28, 17, 49, 15, 0, time.UTC) }

// Sleep is part of [driver.Runtime].
func (w *world) Sleep(time.Duration) { w.unexpected("sleeps") }

// NewQueue is part of [driver.Runtime].
func (w *world) NewQueue(name string) driver.Queue {
	w.unexpected("makes the queue " + name)
	return nil
}

// Choose is part of [driver.Runtime]. The faults of a scenario strike at waits only.
func (w *world) Choose(string, []driver.Fault) driver.Fault { return driver.NoFault }

// Fail is part of [driver.Runtime].
func (w *world) Fail(kind driver.Kind, message string) { w.current.willFail(model.Kind(kind), message) }

// unexpected ends a run in which the driver does what no model has.
func (w *world) unexpected(what string) {
	if w.current == nil {
		panic("conform: the driver " + what + " while it is set up")
	}
	w.current.fail(strange, "the driver "+what)
}

// strange is the kind of failures that no model has.
const strange model.Kind = "beyond-the-model"
