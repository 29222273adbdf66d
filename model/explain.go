package model

// An Explanation tells somebody who meets a broken rule in a report what it means.
type Explanation struct {
	Name  string // of the [Kind], or of the [Verdict] where it has no kind
	Title string // what is wrong, in a few words
	Help  string // why that is wrong, and what to do
}

// Explain finds the explanation of a kind or of a verdict; false when there is none of that name.
func Explain(name string) (Explanation, bool) {
	for _, e := range Explanations() {
		if e.Name == name {
			return e, true
		}
	}
	return Explanation{}, false
}

// Explanations lists what a report may find: by kind, in the order of [Kinds], and by verdict where
// there is no kind.
func Explanations() []Explanation {
	return []Explanation{
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
		{
			string(Deadlock), "No thread can go on",
			"Every thread that is not finished waits for something that nobody will give.",
		},
		{
			string(PartialDeadlock), "Some thread can never finish",
			"Others run on, but from here on no way leads these threads to their end.",
		},
		{
			string(Starvation), "A thread can be passed over for ever",
			"Others take turns in such a way that this thread never gets what it waits for, though the scheduler is fair. " +
				"Serve in the order of arrival: a queue, tickets, or hand what is let go to the waiter that is woken.",
		},
		{
			string(Violation), "A rule is broken",
			"A step is taken that the rules forbid; the message says which, and the steps how it comes to that.",
		},
		{
			string(Unreached), "Some of the C is never reached",
			"The suite demands that its scenarios reach all of it. Add a scenario, an argument or a fault that " +
				"leads there, or leave the code out.",
		},
		{
			string(OK), "A defect that a scenario expects is gone",
			"The scenario expects something to go wrong and it does not any more. If the defect was repaired, " +
				"change what the scenario expects.",
		},
	}
}
