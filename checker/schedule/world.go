package schedule

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lockproof/lockproof/checker/schedule/coroutine"
	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// A phase is a part of a run. Only in the middle one does the strategy decide.
type phase uint8

const (
	settingUp phase = iota
	exploring
	finishing
)

// A world is one run, and the runtime of the code under test in it. One goroutine at a time is in
// it.
type world struct {
	ctx      context.Context
	program  *Program
	options  *Options
	strategy strategy
	pool     *coroutine.Pool
	instance Instance

	phase    phase
	stopping bool
	failure  *Failure
	cut      model.Limit   // why the run was ended before its end, or why it is not known whether something is wrong in it
	unjudged model.Limit   // why it is not known whether its history has an explanation
	causal   bool          // the strategy looks at clocks
	atEnd    []ThreadState // of a traced run

	main     *thread
	threads  []*thread // the bodies, then those that they and New have started
	current  *thread
	upNext   *thread
	runnable []*thread // of this decision

	mutexes  []*mutex
	lastID   objectID
	begun    clock         // of the calls that have begun
	ended    clock         // of those that are over
	now      time.Duration // since epoch
	patience patience      // of the program's threads; nil: they wait as they like

	picks       model.Schedule
	total       int // steps of all phases
	preemptions int
	digest      uint64

	tracing bool
	trace   []Event
}

// epoch is when every run begins.
var epoch = time.Date(2009, time.October, 28, 17, 49, 15, 0, time.UTC)

func (w *world) newID() objectID {
	w.lastID++
	return w.lastID
}

// Now is part of [driver.Runtime].
func (w *world) Now() time.Time { return epoch.Add(w.now) }

// Sleep is part of [driver.Runtime]: time goes on, and others may.
func (w *world) Sleep(d time.Duration) {
	t := w.current
	t.next = operation{verb: sleep, ways: 1}
	t.pause()
	w.note(sleep, "")
	w.now += d
}

// Go is part of [driver.Runtime].
func (w *world) Go(name string, body func()) {
	if w.stopping {
		return
	}
	if len(w.threads) == maxThreads {
		w.cut, w.stopping = model.ThreadsLimit, true
		panic(stopped{})
	}
	w.note(startThread, name)
	t := &thread{}
	w.threads = append(w.threads, t)
	w.spawn(t, len(w.threads)-1, name, body)
	t.start()
	if w.stopping {
		panic(stopped{})
	}
}

// Choose is part of [driver.Runtime]: a decision when a fault may strike, else none.
func (w *world) Choose(point string, faults []driver.Fault) driver.Fault {
	t := w.current
	if w.stopping || w.phase != exploring || t.faults >= w.options.FaultsPerThread {
		return driver.NoFault
	}
	n := 0
	for _, f := range faults {
		if slices.Contains(w.options.Faults, f) {
			n++
		}
	}
	if n == 0 {
		return driver.NoFault
	}
	t.next = operation{verb: chooseFault, point: point, ways: n + 1}
	t.pause()
	chosen := driver.NoFault
	n = 0
	for _, f := range faults {
		if slices.Contains(w.options.Faults, f) {
			if n++; n == t.choice {
				chosen = f
				t.faults++
			}
		}
	}
	if w.tracing {
		w.note(chooseFault, faultText(point, chosen))
	}
	return chosen
}

func faultText(point string, f driver.Fault) string {
	if f == driver.NoFault {
		return point + ": none"
	}
	return point + ": " + string(f)
}

// Fail is part of [driver.Runtime].
func (w *world) Fail(kind driver.Kind, message string) {
	if w.stopping {
		panic(stopped{})
	}
	w.fail(model.Kind(kind), "%s", message)
}

// fail ends the run with a broken rule.
func (w *world) fail(kind model.Kind, format string, arguments ...any) {
	w.record(&Failure{Class: Violation, Kind: kind, Message: fmt.Sprintf(format, arguments...)})
	panic(stopped{})
}

// record ends the run with a failure. The first one counts.
func (w *world) record(f *Failure) {
	if w.failure == nil {
		f.Phase = w.phase.String()
		if w.instance.Explain != nil {
			f.Details = append(f.Details, w.instance.Explain()...)
		}
		f.Threads = w.states()
		w.failure = f
	}
	w.stopping = true
}

// checkExit looks at a thread that ends in the ordinary way.
func (w *world) checkExit(t *thread) {
	w.note(endThread, t.name)
	if len(t.holds) > 0 {
		w.record(&Failure{
			Class: Violation, Kind: model.LockLeak,
			Message: t.name + " ends and still holds " + t.holds[0].name,
		})
	}
}

var phaseNames = [...]string{"set-up", "", "shutdown"}

func (p phase) String() string { return phaseNames[p] }
