package schedule

import (
	"errors"

	"github.com/lockproof/lockproof/model"
)

// A strategy decides runs, one after the other.
type strategy interface {
	// begin prepares another run, or reports that there is none.
	begin() bool
	// pick decides a step: one of w.runnable, and one of its ways. A negative thread ends the run
	// early.
	pick(w *world) model.Pick
	// last is told of the state in which the steps of a run end: nobody can go on, or something
	// failed.
	last(w *world)
	// end is told that the run is over. An error means that the program is not deterministic.
	end(w *world) error
	// complete reports whether the runs so far were all that there are.
	complete() bool
}

// errOtherThanBefore is the error of a program that does something else the second time.
var errOtherThanBefore = errors.New("a run that begins like an earlier one does not go on like it")

// abandon is the pick that ends a run of which the strategy has seen enough. It is then cut for the
// reason abandoned.
var abandon = model.Pick{Thread: mainThread}

const abandoned model.Limit = "abandoned"

// running is the thread that took the last step, if it can take the next one too.
func (w *world) running() *thread {
	if n := len(w.picks); n > 0 {
		if t := w.threads[w.picks[n-1].Thread]; t.enabled() {
			return t
		}
	}
	return nil
}
