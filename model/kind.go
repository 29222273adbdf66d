package model

// A Verdict is the answer to "does this program keep the rules?".
type Verdict string

// The verdicts, worst first. Unknown is an answer: a limit was hit before the search could tell.
const (
	Violation       Verdict = "violation"
	Deadlock        Verdict = "deadlock"
	PartialDeadlock Verdict = "partial-deadlock"
	Starvation      Verdict = "starvation"
	Unknown         Verdict = "unknown"
	OK              Verdict = "ok"
)

// Verdicts lists every verdict in the order of severity.
func Verdicts() []Verdict {
	return []Verdict{Violation, Deadlock, PartialDeadlock, Starvation, Unknown, OK}
}

// A Kind names the rule that was broken. One vocabulary serves the model checker, the linter and
// the log checker: the classes into which libvirt's own fixes fall, and the two that a scenario
// states itself.
type Kind string

// The kinds of broken rules.
const (
	JobLeak           Kind = "job-leak"           // a job is still set when its thread is finished
	JobUnbalanced     Kind = "job-unbalanced"     // a job is ended by a thread that does not hold it
	NoJob             Kind = "no-job"             // something needs a job that is not held, or two threads own one job
	MonitorUnbalanced Kind = "monitor-unbalanced" // a monitor command outside Enter and Exit
	WrongVariant      Kind = "wrong-variant"      // the helper does not match the state of the driver lock
	StaleLiveness     Kind = "stale-liveness"     // nobody looked whether the domain is still alive
	StaleData         Kind = "stale-data"         // a value read before the lock was dropped is used afterwards
	DefInMonitor      Kind = "def-in-monitor"     // domain data touched between Enter and Exit
	LockLeak          Kind = "lock-leak"          // a finished thread holds a lock
	BadUnlock         Kind = "bad-unlock"         // unlock of a lock that the thread does not hold
	MissingLock       Kind = "missing-lock"       // guarded data touched without its lock
	SelfDeadlock      Kind = "self-deadlock"      // a thread locks what it holds already
	LockOrder         Kind = "lock-order"         // threads wait for each other in a cycle of locks and jobs
	BlockUnderLock    Kind = "block-under-lock"   // an unbounded wait with a lock held that others need
	RefCount          Kind = "refcount"           // a reference is leaked, or dropped twice
	UseAfterRelease   Kind = "use-after-release"  // an object is touched after it was freed
	BadFree           Kind = "bad-free"           // memory is freed that was not allocated
	NullVM            Kind = "null-vm"            // a NULL pointer is followed
	OutOfBounds       Kind = "out-of-bounds"      // an element is touched that its array does not have
	LostWakeup        Kind = "lost-wakeup"        // a waiter sleeps and nobody can wake it any more
	AsyncNesting      Kind = "async-nesting"      // sync, async and nested jobs in the wrong order
	StateRace         Kind = "state-race"         // a decision outlives the lock or job under which it was made
	// two threads access a memory location side by side, one changes it, and one is not atomic
	DataRace     Kind = "data-race"
	AssertKind   Kind = "assert"      // an assert of the scenario failed
	RequiresKind Kind = "requires"    // a helper was called without its precondition
	Undefined    Kind = "undefined"   // C gives what is done no meaning: an overflow, a value never set
	MemoryLeak   Kind = "memory-leak" // memory is left that nothing leads to
)

// These mark steps with which a program goes beyond what is modelled of it. They are limits of the
// search, no broken rules, and not among [Kinds].
const (
	RangeExceeded       = Kind(ValueRangeLimit)
	AllocationsExceeded = Kind(AllocationsLimit)
	RecursionExceeded   = Kind(RecursionLimit)
	LockDepthExceeded   = Kind(LockDepthLimit)
	ThreadsExceeded     = Kind(ThreadsLimit)
)

// Exceeding lists the kinds that are limits, in the order of [Limits].
func Exceeding() []Kind {
	return []Kind{RangeExceeded, AllocationsExceeded, RecursionExceeded, LockDepthExceeded, ThreadsExceeded}
}

// Unexplored marks a step that an open program lacks: see [Program.Source]. It is no broken rule
// either.
const Unexplored Kind = "unexplored"

// Unreached marks C that no run of a suite reached, though the suite demands that all of it is. It
// is about a suite, so no scenario can expect it, and it is not one of [Kinds].
const Unreached Kind = "unreached"

// Kinds lists every kind, in the order of their declaration.
func Kinds() []Kind {
	return []Kind{
		JobLeak, JobUnbalanced, NoJob, MonitorUnbalanced, WrongVariant, StaleLiveness, StaleData, DefInMonitor,
		LockLeak, BadUnlock, MissingLock, SelfDeadlock, LockOrder, BlockUnderLock, RefCount, UseAfterRelease,
		BadFree, NullVM, OutOfBounds, LostWakeup, AsyncNesting, StateRace, DataRace, AssertKind, RequiresKind, Undefined,
		MemoryLeak,
	}
}

// IsKind reports whether name is one of [Kinds].
func IsKind(name string) bool {
	for _, k := range Kinds() {
		if string(k) == name {
			return true
		}
	}
	return false
}
