package schedule

import (
	"context"

	"github.com/lockproof/lockproof/model"

	"github.com/lockproof/lockproof/driver"
)

// A Program is code under test: threads over objects that are made anew for every run.
type Program struct {
	// Name is for reports.
	Name string
	// Threads are the names of the threads, in the order of their numbers.
	Threads []string
	// New makes the objects on a runtime, and the bodies of the threads. It runs as a thread
	// itself, on a fixed schedule, before the others begin. What it does must depend on nothing but
	// the runtime.
	New func(rt driver.Runtime) Instance
}

// An Instance is a program ready for one run.
type Instance struct {
	// Bodies are the threads, one for each of Program.Threads.
	Bodies []func()
	// Finish runs after the last step of the last thread, on a fixed schedule: it shuts down what
	// New has started. An error is a failed check. It may be nil.
	Finish func() error
	// Judge looks at what the run recorded, before Finish and with nothing running: an error is a
	// failed history, or a [Limited] one if it could not tell. It ends with the context. It may be
	// nil.
	Judge func(context.Context) error
	// Outcome names what the run came to, for comparing strategies with each other. It may be nil.
	Outcome func() string
	// Owner names the thread that has what the waiters of a condition wait for, such as a job; ""
	// if nobody has. It is called when nothing runs any more. It may be nil.
	Owner func(cond string) string
	// Explain adds what it knows to the report of a failure. It is called when nothing runs any
	// more. It may be nil.
	Explain func() []string
	// Permanent names the mutexes that outlive Finish. Any other that was not destroyed is a leak.
	Permanent []string
}

// A Limited error says that something was not found out, and because of which limit.
type Limited interface {
	error
	Limit() model.Limit
}
