package model

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

// kinds tell what each kind means, in the order of their declaration.
var kinds = []Explanation{
	{
		string(JobLeak), "A job is never ended",
		"Some path leaves without qemuDomainObjEndJob. Every later job on the domain waits until it times " +
			"out: end the job on every way out, the error paths included.",
	},
	{
		string(JobUnbalanced), "A job is ended that the thread does not hold",
		"EndJob without a BeginJob that succeeded clears the job of another thread, and two threads then talk " +
			"to the monitor at once. End only what was begun, and check what BeginJob returns.",
	},
	{
		string(NoJob), "Something is done without the job that it needs",
		"The job keeps other threads out while the locks are dropped. Begin a job before entering the monitor " +
			"or changing the domain, and check that it was granted.",
	},
	{
		string(MonitorUnbalanced), "The monitor is used outside Enter and Exit",
		"Between EnterMonitor and ExitMonitor the monitor is locked and the domain is not. Every Enter needs " +
			"exactly one Exit, and every command needs to stand between them.",
	},
	{
		string(WrongVariant), "The helper does not match the driver lock",
		"The WithDriver variants drop and take the driver lock, the plain ones expect it not to be held. Use " +
			"the one that fits what the caller holds.",
	},
	{
		string(StaleLiveness), "Nobody looked whether the domain is still alive",
		"While the locks were dropped the guest may have died. Look again (virDomainObjIsActive) after " +
			"BeginJob and after ExitMonitor, before its data is used.",
	},
	{
		string(StaleData), "A value outlives the lock under which it was read",
		"What was read before the lock was dropped may have changed when it is taken again. Read it again, or " +
			"keep a copy.",
	},
	{
		string(DefInMonitor), "Domain data is touched inside the monitor",
		"Between Enter and Exit the domain is unlocked: others may change its definition or free it. Copy " +
			"what the command needs before EnterMonitor.",
	},
	{
		string(LockLeak), "A thread ends with a lock held",
		"Nobody else can ever take the lock. Release it on every way out, the error paths included.",
	},
	{
		string(BadUnlock), "A lock is released that the thread does not hold",
		"Unlocking what another thread holds, or nobody, lets two threads into what the lock guards. Find the " +
			"path on which the lock was dropped already, or never taken.",
	},
	{
		string(MissingLock), "Guarded data is touched without its lock",
		"Another thread may change it at the same time. Take the lock that guards it, or do it where the lock " +
			"is held.",
	},
	{
		string(SelfDeadlock), "A thread locks what it holds already",
		"The mutex is not recursive: the thread waits for itself, for ever. Use the variant of the helper that " +
			"expects the lock to be held.",
	},
	{
		string(LockOrder), "Threads wait for each other in a cycle",
		"Each thread holds a lock or job that the next one waits for. Take them in one order everywhere " +
			"(lockproof order shows which one the code obeys), or let go of one before asking for the other.",
	},
	{
		string(BlockUnderLock), "A thread blocks with a lock held that others need",
		"Everybody who needs the lock waits as long as this thread does. Let go of it before waiting, as " +
			"BeginJobWithDriver does with the driver.",
	},
	{
		string(RefCount), "A reference is leaked or dropped twice",
		"A leaked reference keeps the object for ever; one dropped twice frees it under somebody's feet. Pair " +
			"every Ref with one Unref, the error paths included.",
	},
	{
		string(UseAfterRelease), "An object is touched after it was freed",
		"The last reference went while this thread still used the object. Hold a reference for as long as it " +
			"is used, and heed what EndJob and Unref return.",
	},
	{
		string(BadFree), "Memory is freed that was not allocated",
		"Only what malloc and its like gave may be freed, by the pointer that they gave: no variable at file " +
			"scope, no field inside of an object, no text.",
	},
	{
		string(NullVM), "A NULL pointer is followed",
		"A look-up that found nothing, an allocation that failed and a pointer that was cleared leave NULL. " +
			"Check the pointer before it is used, on the error paths as well.",
	},
	{
		string(OutOfBounds), "An element is touched that its array does not have",
		"An index is below zero or past the last element, or a pointer was moved beside what it pointed to. " +
			"Check the index against the length of the array before the element is used.",
	},
	{
		string(LostWakeup), "A waiter sleeps and nobody can wake it",
		"The one signal was sent before the wait, or to a thread that did not use it. Signal under the lock, " +
			"after the condition has changed, and pass the signal on when giving up.",
	},
	{
		string(AsyncNesting), "Jobs are nested in the wrong order",
		"A nested job belongs inside an async job of the same thread, and nothing else. Begin and end them " +
			"like brackets.",
	},
	{
		string(StateRace), "A decision outlives the lock under which it was made",
		"Between the check and the act somebody else can change what was checked. Keep the lock or the job " +
			"across both, or check again.",
	},
	{
		string(DataRace), "Two threads access one variable at the same time",
		"One of them changes it, and neither a lock that both hold nor anything else orders the two: C gives " +
			"the program no meaning then, and volatile is no protection. Hold one lock at both accesses, or make " +
			"the variable _Atomic. Neighbouring bit-fields of a struct are one place in memory.",
	},
	{
		string(AssertKind), "An assertion of the scenario fails",
		"The scenario states what must hold, and here it does not.",
	},
	{
		string(RequiresKind), "A helper is called without its precondition",
		"The helper says what must hold when it is called, usually which locks. Establish it before the call.",
	},
	{
		string(Undefined), "The program does what C leaves undefined",
		"A signed number overflows, something is divided by zero or shifted too far, a variable is used that " +
			"was never set, or a pointer outlives what it points to. A compiler may make anything of it: check " +
			"the operands, set the variable.",
	},
	{
		string(MemoryLeak), "Memory is left to which nothing leads",
		"All threads are finished, the memory was not freed, and no variable points to it any more, directly or " +
			"by way of other memory: nobody can free it. Free it before the last pointer to it goes, on the " +
			"error paths as well.",
	},
}

// Kinds lists every kind, in the order of their declaration.
func Kinds() []Kind {
	var all []Kind
	for _, e := range kinds {
		all = append(all, Kind(e.Name))
	}
	return all
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
