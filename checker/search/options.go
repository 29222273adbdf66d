package search

import "time"

// Options bound and observe a search. The zero value searches everything, without bounds, on one
// worker.
type Options struct {
	// Workers is the number of goroutines that expand states; below 1 means 1. No result depends on
	// it.
	Workers int
	// MaxStates stops the search after about that many states; 0 is no bound.
	MaxStates int64
	// MaxMemory bounds the bytes that grow with what is found: states, the set that finds them
	// again, error states, cycles. 0 is no bound. The process takes some tens of megabytes more.
	MaxMemory int64
	// Reduce says which states may be left out; the zero value visits all.
	Reduce Reduction
	// Fingerprint keeps 64 bits of every state instead of the state, and finished levels in a file
	// below SpillDir (the system's directory for temporary files by default). Stats.Omission says how
	// likely it is that a state was left out. Whether every thread can finish is not searched for:
	// without plain termination an answer "ok" becomes "unknown". Nor is whether luck could help those
	// who move in vain, which takes the states that a step back leads to: such a state is called a
	// partial deadlock where it may be a deadlock, and so a second kind of deadlock may not be named.
	Fingerprint bool
	SpillDir    string
	// First stops after the level at which something was found, instead of exhausting the state
	// space.
	First bool
	// WaitCycles asks for Result.WaitCycles: every cycle of waits that some state closes. It
	// switches symmetry off, which would fold cycles of different threads and domains into one.
	WaitCycles bool
	// Races says what is done about data races; nothing by default.
	Races Races
	// EveryStep takes each step for one that comes sooner or later, even a spurious wake-up and the
	// failure of a wait without a deadline: as model checkers do that do not know of such steps.
	EveryStep bool
	// Progress, when set, is called about every ProgressEvery (a second by default), from another
	// goroutine.
	Progress      func(Progress)
	ProgressEvery time.Duration

	thresholds thresholds
}

// Progress is what a running search can tell.
type Progress struct {
	States      int64
	Transitions int64
	Depth       int   // levels completed
	Frontier    int64 // states found and not yet expanded
	Bytes       int64
	Elapsed     time.Duration
	Phase       Phase
}

// A Phase is what the search is doing.
type Phase string

// The phases of a search, in order.
const (
	Searching     Phase = "search"
	Backward      Phase = "can every thread finish"
	Reconstructed Phase = "counterexample"
)
