package conform

import (
	"errors"
	"fmt"
	"path"
	"runtime"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/checker/schedule/coroutine"
	"github.com/lockproof/lockproof/csource/interp"
	"github.com/lockproof/lockproof/model"
)

// thread is a thread of the scenario on the driver.
type thread struct {
	world     *world
	id        int
	body      Body
	helpers   any // of the party: see helpersOf
	coroutine *coroutine.Coroutine

	next     pending
	finished bool
	failure  *failure

	// How it is to take its next step, and to choose after that.
	label   model.Label
	woken   int
	choices []bool

	looking   string // the domain that a call is about, ""
	finding   string // the domain that it is looking up, in that step; ""
	touching  string // the monitor at which it looks next, as a step; ""
	removing  bool   // its step is a removal
	idle      int    // calls of the host since its last step
	signalled bool   // of a waiter
}

// pending is the step that a thread takes next.
type pending struct {
	op      model.Op // OpRef stands for all changes of a count, OpFail for a rule that is broken
	target  string
	touches string // of OpStore: the object of which it may be an OpAccess instead, ""
	mutex   *mutex
	cond    *cond
	timed   bool // of OpSleep and OpReacquire: there is a deadline
	fails   failure
	where   string // in the driver
}

// failure is a broken rule.
type failure struct {
	kind    model.Kind
	message string
}

// stopped unwinds a coroutine whose run is over.
type stopped struct{}

// begin runs the thread to its first step.
func (t *thread) begin(chose model.Chose) {
	t.coroutine.Body = func() {
		defer t.recovered()
		for {
			t.isIdle()
			err := t.body.run(&host{t, t.world.c.functions})
			if e := (*interp.RunError)(nil); errors.As(err, &e) && e.Kind == interp.Null {
				t.willFail(model.NullVM, e.Error())
			}
			if err != nil {
				t.failure = &failure{strange, err.Error()}
				return
			}
			if !t.body.Loop {
				return
			}
		}
	}
	t.choose(chose)
}

// choose goes on to the next step, with the choices of the model.
func (t *thread) choose(chose model.Chose) {
	t.choices = chose.All()
	t.resume()
	if !chose.Known() {
		t.failure = &failure{strange, t.name() + " chooses more often than the model counts"}
	} else if len(t.choices) > 0 && t.failure == nil {
		t.failure = &failure{strange, fmt.Sprintf("%s chooses %d times less than in the model", t.name(), len(t.choices))}
	}
}

// nondet is the next choice, as the model makes it.
func (t *thread) nondet() bool {
	if len(t.choices) == 0 {
		t.fail(strange, t.name()+" chooses more often than in the model")
	}
	yes := t.choices[0]
	t.choices = t.choices[1:]
	return yes
}

// recovered is the end of the body, by whichever way.
func (t *thread) recovered() {
	t.finished = true
	switch v := recover().(type) {
	case nil, stopped:
	default:
		if !t.world.stopping {
			t.failure = &failure{strange, fmt.Sprintf("the driver panics: %v", v)}
		}
	}
}

func (t *thread) resume() {
	w := t.world
	w.current = t
	t.coroutine.Resume()
	w.current = nil
}

// step takes the next step, in the way that the move says, and goes on to the one after it.
func (t *thread) step(x move) *failure {
	t.label, t.woken = x.label, x.woken
	t.choose(x.chose)
	return t.failure
}

// pause stands before a step until it is taken.
func (t *thread) pause(p pending) {
	w := t.world
	if w.stopping {
		panic(stopped{})
	}
	if w.tracing {
		p.where = caller()
	}
	t.next, t.finding, t.removing, t.idle = p, "", false, 0
	if t.coroutine.Yield(struct{}{}); w.stopping {
		panic(stopped{})
	}
}

// mostIdle is how many calls of the host a thread makes without a step. The model has no thread
// that never takes one.
const mostIdle = 1 << 20

// isIdle counts what a thread does between its steps, so that one which takes none comes to an end.
func (t *thread) isIdle() {
	if t.idle++; t.idle > mostIdle {
		t.fail(strange, fmt.Sprintf("%s makes %d calls without a step", t.name(), mostIdle))
	}
}

// fail ends the thread, and with it the run.
func (t *thread) fail(kind model.Kind, message string) {
	t.failure = &failure{kind, message}
	panic(stopped{})
}

// willFail makes a rule whose breach shows already the thread's next step: in the model it is a
// step that fails.
func (t *thread) willFail(kind model.Kind, message string) {
	if t.finding == "" { // a look-up is in its step already
		t.pause(pending{op: model.OpFail, fails: failure{kind, message}})
	}
	t.fail(kind, message)
}

// way is one way of taking a step.
type way struct {
	label model.Label
	woken int
}

// ways lists how the next step can be taken now.
func (t *thread) ways() []way {
	only := []way{{model.Normal, model.None}}
	if t.finished {
		return nil
	}
	switch p := &t.next; p.op {
	case model.OpLock:
		if !p.mutex.available(t) {
			return nil
		}
	case model.OpFind:
		if t.world.listed(p.target) && !p.mutex.available(t) {
			return nil
		}
	case model.OpSleep:
		return t.givingUp()
	case model.OpReacquire:
		var ways []way
		if p.mutex.available(t) {
			ways = only
		}
		if t.signalled && p.timed && t.body.Faults.SignalStolen {
			ways = append(ways[:len(ways):len(ways)], way{model.Stolen, model.None})
		}
		return ways
	case model.OpSignal:
		if len(p.cond.waiters) == 0 || p.mutex.dead() {
			return only
		}
		var ways []way
		for _, x := range p.cond.waiters {
			ways = append(ways, way{model.Normal, x.id})
		}
		return ways
	}
	return only
}

// givingUp lists how a sleeper can go on by itself. Whose signals can be stolen can also sleep
// until its time is up.
func (t *thread) givingUp() []way {
	var ways []way
	if t.next.timed && (t.body.Faults.WaitTimeout || t.body.Faults.SignalStolen) {
		ways = append(ways, way{model.TimedOut, model.None})
	}
	if t.body.Faults.SpuriousWakeup {
		ways = append(ways, way{model.Spuriously, model.None})
	}
	return ways
}

// caller is where the driver asks for the step: the innermost frames of its own.
func caller() string {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	var names []string
	for {
		f, more := frames.Next()
		if strings.Contains(f.Function, "/driver.") {
			name := f.Function[strings.LastIndexByte(f.Function, '.')+1:]
			names = append(names, fmt.Sprintf("%s (driver/%s:%d)", name, path.Base(f.File), f.Line))
		}
		if !more {
			slices.Reverse(names)
			return strings.Join(names, " > ")
		}
	}
}
