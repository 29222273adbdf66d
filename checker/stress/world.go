package stress

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// A world is the runtime of a driver under load: real goroutines and real time, with locks that
// know their holders, and an end to everything. Once the world is over, whoever waits in it is
// gone, so that a hang leaves nothing behind.
type world struct {
	actors actors
	faults *faults
	qemu   *keeper // nil: nobody knows what QEMU owes

	over     chan struct{}
	running  sync.WaitGroup // the goroutines of the driver
	mutex    sync.Mutex
	ended    bool
	findings []Finding
	alive    map[*mutex]bool      // locks that have not been freed
	moved    map[string]time.Time // when the job of a domain was last begun or ended
}

func newWorld(f *faults) *world {
	return &world{
		faults: f, actors: actors{byID: map[uintptr]*actor{}}, over: make(chan struct{}),
		alive: map[*mutex]bool{}, moved: map[string]time.Time{},
	}
}

// finish ends the world. What goes wrong later is a consequence.
func (w *world) finish() {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if !w.ended {
		w.ended = true
		close(w.over)
	}
}

// report notes a finding and ends the world. It is the first that counts.
func (w *world) report(f Finding) {
	w.mutex.Lock()
	if !w.ended {
		w.findings = append(w.findings, f)
	}
	w.mutex.Unlock()
	w.finish()
}

func (w *world) isOver() bool {
	select {
	case <-w.over:
		return true
	default:
		return false
	}
}

// guard runs a goroutine's body; a panic in it is a finding.
func (w *world) guard(name string, body func()) {
	w.actors.enter(name)
	defer w.actors.leave()
	defer func() {
		if p := recover(); p != nil {
			w.report(Finding{
				Kind: model.AssertKind, Message: fmt.Sprint("panic: ", p), Client: name,
				Stack: string(debug.Stack()),
			})
		}
	}()
	body()
}

// unfreed lists the objects whose locks were never freed, apart from those that are there for ever.
func (w *world) unfreed() []string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	var names []string
	for m := range w.alive {
		if m.name != "driver.lock" && m.name != "hypervisor.lock" {
			names = append(names, m.name)
		}
	}
	slices.Sort(names)
	return names
}

// jobMoved notes that the job of a domain has changed hands.
func (w *world) jobMoved(domain string) {
	w.mutex.Lock()
	w.moved[domain] = time.Now()
	w.mutex.Unlock()
}

// lastMove is when the job of a domain last changed hands.
func (w *world) lastMove(domain string) time.Time {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.moved[domain]
}

// NewMutex implements [driver.Runtime].
func (w *world) NewMutex(name string) driver.Mutex {
	m := &mutex{world: w, name: name, free: make(chan struct{}, 1)}
	w.mutex.Lock()
	w.alive[m] = true
	w.mutex.Unlock()
	return m
}

// NewCond implements [driver.Runtime].
func (w *world) NewCond(name string, m driver.Mutex) driver.Cond {
	return &cond{name: name, mutex: m.(*mutex)}
}

// NewVar implements [driver.Runtime].
func (w *world) NewVar(name string, m driver.Mutex) driver.Var {
	return variable{name, m.(*mutex)}
}

// NewQueue implements [driver.Runtime].
func (w *world) NewQueue(name string) driver.Queue {
	return &queue{world: w, name: name, arrived: make(chan struct{}, 1)}
}

// Go implements [driver.Runtime].
func (w *world) Go(name string, body func()) {
	w.running.Go(func() { w.guard(name, body) })
}

// Now implements [driver.Runtime].
func (w *world) Now() time.Time { return time.Now() }

// Sleep implements [driver.Runtime].
func (w *world) Sleep(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-w.over:
		w.exit()
	}
}

// exit ends the goroutine, if it is one that the world may end.
func (w *world) exit() {
	if w.actors.current() != nil {
		runtime.Goexit()
	}
}

// Choose implements [driver.Runtime].
func (w *world) Choose(_ string, offered []driver.Fault) driver.Fault {
	if w.faults == nil || w.isOver() {
		return driver.NoFault
	}
	return w.faults.choose(offered)
}

// Fail implements [driver.Runtime].
func (w *world) Fail(k driver.Kind, message string) {
	f := Finding{Kind: model.Kind(k), Message: message, Stack: string(debug.Stack())}
	if a := w.actors.current(); a != nil {
		f.Client = a.name
		a.mutex.Lock()
		f.Call = a.doing
		a.mutex.Unlock()
	}
	w.report(f)
	runtime.Goexit()
}

// fail is Fail for what the locks notice. Once the world is over, who does not hold what it should
// is on its way out, and must not touch what others may hold.
func (w *world) fail(k model.Kind, message string) {
	if !w.isOver() {
		w.Fail(driver.Kind(k), message)
	}
	w.exit()
}
