package schedule

import (
	"fmt"
	"runtime/debug"

	"github.com/lockproof/lockproof/checker/schedule/coroutine"
)

// A thread is a coroutine of the code under test.
type thread struct {
	world *world
	id    int // from 0 in the order of creation, the bodies first; mainThread: set-up and shutdown
	name  string

	coroutine *coroutine.Coroutine

	starting bool // has not come to its first operation yet
	finished bool
	next     operation // what it does when it is chosen
	choice   int       // which way of doing it

	// Of a thread in a wait:
	signalled bool
	givesUp   bool // may go on without having been signalled

	timed []timedWait // waits with a deadline, of the call under way

	faults int // how many have struck
	event  int // its last in the trace, from 1
	holds  []*mutex
	space  [4]*mutex // of holds, which seldom needs more
	clock  clock     // of the steps that happen before its next one
}

// mainThread is the number of the thread that sets up and shuts down.
const mainThread = -1

// stopped is what unwinds a coroutine whose run is over.
type stopped struct{}

// spawn gives a body a thread. It does not run yet.
func (w *world) spawn(t *thread, id int, name string, body func()) {
	*t = thread{world: w, id: id, name: name, starting: true, coroutine: w.pool.Take()}
	t.holds = t.space[:0]
	t.clock.reset()
	if parent := w.current; parent != nil {
		t.clock = parent.clock
	}
	t.coroutine.Body = func() {
		defer t.exit()
		body()
	}
}

// start runs a new thread to its first operation.
func (t *thread) start() {
	w := t.world
	previous := w.current
	w.current = t
	t.coroutine.Resume()
	w.current = previous
}

// exit is the end of a coroutine, by whichever way.
func (t *thread) exit() {
	t.finished = true
	w := t.world
	v := recover()
	if v == nil {
		if !w.stopping {
			w.checkExit(t)
		}
		return
	}
	if _, ok := v.(stopped); ok || w.stopping {
		return
	}
	w.record(&Failure{
		Class:   Panic,
		Message: fmt.Sprintf("%s panics: %v", t.name, v),
		Stack:   string(debug.Stack()),
	})
}

// pause lets the strategy decide who goes on. It returns when t is to do its next operation.
func (t *thread) pause() {
	w := t.world
	if w.stopping {
		panic(stopped{})
	}
	if t.starting {
		t.starting = false
	} else if w.upNext = w.decide(); w.upNext == t {
		return
	}
	if t.coroutine.Yield(struct{}{}); w.stopping {
		panic(stopped{})
	}
}
