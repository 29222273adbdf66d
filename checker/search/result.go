package search

import (
	"context"
	"math"
	"time"

	"github.com/lockproof/lockproof/model"
)

// Half is ctx with half of the time that is left: for a search that something else is to follow
// when it does not get done.
func Half(ctx context.Context) (context.Context, context.CancelFunc) {
	if end, ok := ctx.Deadline(); ok {
		return context.WithTimeout(ctx, time.Until(end)/2)
	}
	return context.WithCancel(ctx)
}

// A Result is the answer of a search, and what it rests on.
type Result struct {
	Verdict model.Verdict
	Kind    model.Kind // of the first finding; "" when there is none
	Stats   Stats
	// Complete says that every reachable state was visited. A finding stands without it; OK does
	// not.
	Complete bool
	Limit    model.Limit
	// Beyond is what the program did that is not modelled, where Limit is one of [model.Exceeding]:
	// its text and position are those of the nearest such step. Else it is nil.
	Beyond *model.Check
	// Cramped says that more of Options.MaxMemory would have changed how the search was done, if
	// not its verdict: Auto fell back on reductions, or a counterexample was not made shortest.
	Cramped bool
	// Reductions names those that took effect: por, symmetry.
	Reductions []string
	// AtLeast is how many states are reachable at least, where more are known of than were visited:
	// those that Auto had found when it fell back on reductions. 0 where nothing is known.
	AtLeast int64
	// Findings are the broken rules, one for each verdict and kind, the verdict's own first, each
	// with a shortest counterexample.
	Findings []Finding
	// Race is the nearest data race, with a shortest way there; nil when there is none, or nobody
	// asked for it with [WarnOfRaces].
	Race *Finding
	// WaitCycles are the cycles of locks and jobs that some state closes; only with
	// Options.WaitCycles.
	WaitCycles []WaitCycle
	// Reached tells for each thread which of its nodes some state visited; only with
	// Options.WaitCycles.
	Reached [][]bool
	// Paths tells for each path of the program's [model.Code] whether some visited state takes a step
	// along it, steps that were merged with others and those of exchanged threads included; nil
	// without code. Where Complete is false, it is about what was visited.
	Paths []bool
}

// Stats count what a search visited.
type Stats struct {
	States      int64 // reachable states, initial and error states included
	Transitions int64 // distinct (state, thread, successor), without those that lead back to the state itself
	Depth       int   // the longest of the shortest paths from the start
	Deadlocks   int64 // states without a successor in which some thread is not finished
	Quiet       int64 // others in which nothing must ever happen: only a spurious wake-up and its like may
	Stuck       int64 // states from which some thread can never finish; -1: not computed
	Luck        int64 // others from which some thread can finish only by a step that may never come; -1: not computed
	Errors      map[model.Kind]int64
	StateBits   int
	Bytes       int64 // memory of the visited set at its largest
	Elapsed     time.Duration
	// Omission bounds the probability that two states had one fingerprint and one of them was left
	// out; 0 without fingerprints.
	Omission float64
}

// A Finding is one broken rule with a shortest way to break it.
type Finding struct {
	Verdict model.Verdict
	Kind    model.Kind
	Message string // one sentence that names threads, locks, holders and waiters
	Pos     model.Pos
	Threads []int // who takes part in the final state: the violator, or those that wait for each other
	// Shortest says that no counterexample has fewer steps. Merging loses that, and the search that
	// restores it has bounds.
	Shortest bool
	Trace    Trace
	// Closed is the evidence of a partial deadlock; nil of all else, and where the states that can be
	// reached from there are too many to look at.
	Closed *Closed
}

// A Trace is an interleaving from the initial state.
type Trace struct {
	Start   View
	Initial int // which of the initial states; there are several only when threads begin with nondet
	Steps   []TraceStep
	// Cut says that there was no time left to find the steps, or no memory to keep them: Start is
	// where they would end.
	Cut bool
}

// length is the number of steps; a trace without them is longer than any.
func (t *Trace) length() int {
	if t.Cut {
		return math.MaxInt
	}
	return len(t.Steps)
}

// A TraceStep is one transition of a trace.
type TraceStep struct {
	Thread    int // from 0
	Choice    int // which of the thread's successors in that state: what a replay needs to know
	Op        model.Op
	Label     model.Label
	Function  string
	Operation string // the C text, or what happened instead
	Object    string
	Deed      string // what it does to the life of a thread, or of the process; "" for all other steps
	Pos       model.Pos
	Calls     []model.Call
	Changes   []Change
	Failed    *model.Check
	After     View
}

// A Change is one shared variable, lock or waiter set before and after a step.
type Change struct{ Name, Before, After string }

// A View is a state as a person reads it.
type View struct {
	Threads []ThreadView
	Locks   []LockView
	Vars    []VarView
}

// A ThreadView is one thread in a state.
type ThreadView struct {
	Function string
	Pos      model.Pos
	Calls    []model.Call
	Next     string // the operation that it takes next; "" when it is finished
	Op       model.Op
	Holds    []string // locks and jobs
	WaitsFor string   // the lock, job or condition for which it cannot go on; "" when it can
	Holder   int      // the thread that would have to give that, from 0; model.None: nobody
	Locals   []model.Local
}

// A LockView is a lock, or a job, with its owner.
type LockView struct {
	Name  string
	Owner int // thread from 0; model.None: free
}

// A VarView is a shared variable, or the waiter set of a condition, with its value.
type VarView struct{ Name, Value string }
