package model

// InSource says what a lint of source code looks for under a kind, and what it takes for granted;
// "" for kinds that it does not look for.
func InSource(k Kind) string { return inSource[k] }

var inSource = map[Kind]string{
	JobLeak: "A path begins a job and leaves the function without ending it, while others with the " +
		"same result end it. A function that always leaves with the job is a wrapper, and its " +
		"callers are asked. Look at early returns, at a label that stands below the one that " +
		"ends the job, and at a test that is the wrong way round.",
	JobUnbalanced: "A job is ended on a path on which this thread has not begun it: before Begin, after " +
		"Begin has failed, twice, or another kind than was begun. EndJob does not look whose " +
		"job it is, so it frees somebody else's.",
	NoJob: "The monitor is entered, or something is called that needs a job, on a path that has " +
		"begun none though the function or its callers begin one elsewhere.",
	MonitorUnbalanced: "A path leaves the function inside of the monitor, leaves the monitor without having " +
		"entered it, or sends a command outside. EnterMonitorAsync that fails has entered " +
		"nothing.",
	WrongVariant: "A helper that waits keeps the driver locked, or drops it though it is not locked: " +
		"the plain variant with the driver held, the WithDriver one without, or one to enter " +
		"and the other to leave.",
	StaleLiveness: "A wait (Begin, Exit, a callee that drops the lock) lies between the last look " +
		"whether the guest is active and its use. A look after the wait is what the rule asks " +
		"for, even where the one before seems enough.",
	StaleData: "A pointer or a flag was read out of the domain before its lock was dropped, and is " +
		"used afterwards without having been read again.",
	DefInMonitor: "The domain's definition or private data is touched between Enter and Exit, where the " +
		"domain is not locked. Most such reads are harmless, so this is a note.",
	LockLeak: "A path returns with a lock held that others with the same result give back.",
	BadUnlock: "A lock is given back on a path on which this function, or the caller that it has, " +
		"does not hold it: twice, after a callee has given it back, or one that the caller " +
		"still owns.",
	MissingLock: "What a field's guarded_by or a helper's requires asks for is not held on some path, " +
		"though it is on others or a callee has dropped it.",
	SelfDeadlock: "A lock is taken that the path holds already, often by way of a callee or a callback; " +
		"the notes name the calls that lead there.",
	LockOrder: "Two locks are taken in opposite orders in two places, through whatever calls: each " +
		"is named with its chain.",
	BlockUnderLock: "Something that may wait without bound is called with a lock held that others need.",
	RefCount: "A reference that this path has taken is not dropped where others with the same " +
		"result drop it, or one is dropped that the path has not.",
	UseAfterRelease: "An object is used after a call that may have dropped its last reference: the result " +
		"was not looked at, or compared the wrong way round.",
	NullVM: "A pointer that is NULL on this path is followed: a look-up has failed, or the " +
		"pointer was cleared when the object was let go.",
	AsyncNesting: "A monitor is entered with the kind of another async job than this thread has, or " +
		"none inside of one; a nested job is begun outside.",
}
