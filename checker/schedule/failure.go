package schedule

import (
	"fmt"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// A Class is a way in which a run can fail.
type Class string

// The classes.
const (
	Deadlock  Class = "deadlock"       // threads wait and nobody can end it
	Violation Class = "violation"      // a rule is broken: see Kind
	Panic     Class = "panic"          // the code under test panics
	Leak      Class = "goroutine-leak" // a goroutine outlives the program
	History   Class = "history"        // what was recorded has no explanation
	Unstable  Class = "unstable"       // two runs of one schedule differ: the program is not deterministic
)

// A Failure is one broken run.
type Failure struct {
	Class   Class
	Kind    model.Kind // of a violation, or of a deadlock where its cause is known
	Message string     // one sentence that names threads, locks, holders and waiters
	Phase   string     // "set-up" or "shutdown" when the strategy was not deciding
	Details []string   // who holds and waits for what
	Stack   string     // of a panic
	Threads []ThreadState

	Schedule    model.Schedule // replays the run exactly
	Preemptions int            // how often the schedule takes over from a thread that could have gone on
	Trace       []Event
}

// A ThreadState is a thread at the moment of a failure.
type ThreadState struct {
	Name     string
	Next     string // what it would do next; "" when it is finished
	Held     []string
	WaitsFor string // the mutex, condition or queue without which it cannot go on
	Asleep   bool   // it waits to be signalled
	Involved bool   // it takes part in the failure
}

// Is reports whether two failures are the same kind of failure.
func (f *Failure) Is(g *Failure) bool {
	return g != nil && f.Class == g.Class && f.Kind == g.Kind && f.Phase == g.Phase
}

// Headline is class, kind and message.
func (f *Failure) Headline() string {
	text := string(f.Class)
	if f.Kind != "" {
		text += " (" + string(f.Kind) + ")"
	}
	if f.Phase != "" {
		text += " during " + f.Phase
	}
	return text + ": " + f.Message
}

func (f *Failure) String() string {
	var b strings.Builder
	b.WriteString(f.Headline())
	for _, d := range f.Details {
		b.WriteString("\n  " + d)
	}
	fmt.Fprintf(&b, "\nreplay: %q", f.Schedule.String())
	return b.String()
}
