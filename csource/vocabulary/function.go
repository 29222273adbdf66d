package vocabulary

// A Function is what a name means.
type Function struct {
	Name   string
	Effect Effect
	// Params is what each argument is, in order. Calls of messages are not held against it.
	Params []Param
	Result Result
	// Passing is what may be done with a call by who does not carry it out.
	Passing Passing
}

// Message reports whether the function only tells people something: it may be defined in C, and is
// passed over where it is not.
func (f *Function) Message() bool { return f.Effect == None && f.Passing == Skip }

// Object is the index of the argument on which the effect acts, the one that is locked, woken or
// counted; -1 when there is none.
func (f *Function) Object() int {
	switch f.Effect {
	case None, Self, Nondet, ClientGone, Answers, Compute, CompareText, Expect, Unreachable, Check,
		Requires, Assert, Allocate, AllocateInto, StealInto, LockNamed, TryLockNamed, UnlockNamed, SetMemory,
		CopyMemory,
		StartThread, JoinThread, DetachThread, EndThread, SameThread, EndProcess, Fork, Abort:
		return -1
	}
	return 0
}

// An Effect is what a call does to the protocol's state.
type Effect uint8

// The effects.
const (
	None            Effect = iota
	Lock                   // waits for a mutex and takes it
	TryLock                // takes a mutex if it is free
	Unlock                 // gives a mutex back
	Wait                   // gives the mutex back, sleeps on the condition, takes the mutex again
	Signal                 // wakes one waiter
	Broadcast              // wakes all waiters
	Ref                    // takes a reference
	Unref                  // drops a reference; the last one frees the object
	Find                   // looks an object up on its list and locks it
	LookUp                 // looks an object up on its list, and does not touch it
	Remove                 // takes an object off its list, and drops the list's reference
	Access                 // touches what an object is made of
	Held                   // asks whether this thread holds a lock or a job
	Self                   // asks for the number of this thread
	Nondet                 // chooses
	ClientGone             // asks whether the client of this thread has gone
	Answers                // where QEMU answers, or does not
	Check                  // a rule with a kind
	Requires               // a precondition
	Assert                 // what must hold now
	Allocate               // makes an object of the type that its arguments name
	AllocateInto           // the same, and lets a variable point to it
	Free                   // gives an object back that was allocated; NULL is passed over
	FreeAndClear           // sets a pointer to NULL and frees what it pointed to
	Clear                  // sets a pointer to NULL and gives what it pointed to, unless NULL, to a function
	Steal                  // sets a pointer to NULL; the result is what it pointed to
	StealInto              // the same, and another variable points there from then on
	LockGuard              // locks a mutex; the result is a guard, which unlocks it where its scope ends
	LockObjectGuard        // the same, for the mutex of an object
	UnlockGuard            // unlocks what a guard holds, and leaves it nothing to do
	LockObject             // locks the mutex of an object
	UnlockObject           // unlocks it
	LockNamed              // locks the mutex that G_LOCK_DEFINE made
	TryLockNamed           // takes it if it is free
	UnlockNamed            // unlocks it
	SetMemory              // sets the bytes of an object
	CopyMemory             // copies the bytes of an object
	Atomically             // reads and writes one variable in one step: see AtomicOf
	TimedLock              // takes a mutex, or gives up while it is taken
	Once                   // calls a function the first time; others wait until it has returned
	OnceBegin              // part of Once: whether the function is to be called; waits while it runs
	OnceEnd                // part of Once: the function has returned
	SemInit                // gives a semaphore its value
	SemWait                // takes one from a semaphore, waiting while it is 0
	SemTryWait             // takes one from a semaphore that is not 0
	SemTimedWait           // takes one from a semaphore, or gives up while it is 0
	SemPost                // adds one to a semaphore
	SemValue               // reads a semaphore
	BarrierInit            // says how many threads a barrier waits for
	BarrierWait            // waits until as many threads have come to a barrier
	BarrierDestroy         // ends the use of a barrier
	ReadLock               // waits while a reader-writer lock has a writer, and takes it as a reader
	TryReadLock            // takes it as a reader if it has no writer
	WriteLock              // waits until a reader-writer lock is free, and takes it as the writer
	TryWriteLock           // takes it as the writer if it is free
	UnlockEither           // gives a reader-writer lock back, however it is held
	ReadUnlock             // gives it back as a reader
	WriteUnlock            // gives it back as the writer
	TimedReadLock          // takes a reader-writer lock as a reader, or gives up
	TimedWriteLock         // takes it as the writer, or gives up
	RWInit                 // makes a reader-writer lock of a kind
	MutexInit              // makes a mutex of a kind
	Init                   // makes a condition or a spin lock
	Destroy                // ends the use of a lock, a condition or a semaphore
	AttrInit               // makes attributes, of the default kind
	AttrSet                // sets the kind in attributes
	AttrGet                // reads it
	Unknown                // gives a number of which nothing is known: a time, a random one
	Compute                // comes to a number that its arguments alone say
	CompareText            // comes to what the characters of texts say
	Expect                 // its first argument
	Unreachable            // C gives it no meaning: no schedule may come there
	StartThread            // starts a thread
	MakeThread             // part of StartThread: which thread it will be
	JoinThread             // waits until a thread has ended
	DetachThread           // says that nobody will wait for a thread
	EndThread              // ends this thread
	SameThread             // asks whether two threads are one
	EndProcess             // ends the process with all its threads
	Fork                   // makes a second process of this one, in which no other thread is
	Abort                  // ends the process because something is wrong
)

// A Param is what an argument has to be.
type Param uint8

// The params.
const (
	Any              Param = iota
	Mutex                  // a pointer to a mutex
	Cond                   // a pointer to a condition variable
	Object                 // a pointer to an object
	ObjectOrNull           // the same, or NULL, which is passed over
	KindName               // the kind of a check: no_job, no-job or "no-job"
	Condition              // what a check looks at: an expression like any other
	Null                   // NULL: what an attribute object would change is not modelled
	Place                  // a variable or a field, which the call reads and assigns
	PlaceAddress           // the address of one
	Callee                 // the name of a function of one argument
	Size                   // sizeof(type), or sizeof of a variable
	TypeName               // a type
	Objects                // how many objects, which lie side by side
	OnceControl            // a pointer to what says whether something was done
	Routine                // a function without arguments, or a pointer to one
	Semaphore              // a pointer to a semaphore
	Barrier                // a pointer to a barrier
	Number                 // an integer
	IntAddress             // the address of an integer
	RWLock                 // a pointer to a reader-writer lock
	TextOrNull             // a pointer to characters, or NULL
	RecMutex               // a pointer to GLib's recursive mutex
	RWLockAttr             // a pointer to those of reader-writer locks; for pthread_rwlock_init also NULL
	SetUnknown             // the address of what is set to such a number
	SetUnknownOrNull       // the same, or NULL: then nothing is set
	Pointer                // a pointer to something at which nobody looks, and not NULL
	MutexAttr              // a pointer to the attributes of mutexes; for pthread_mutex_init also NULL
	ThreadAttr             // a pointer to the attributes of threads, or NULL
	ThreadAddress          // a pointer to a variable that holds which thread it is
	ThreadNumber           // which thread it is
	ThreadPointer          // the same, as GLib has it
	ThreadRoutine          // a function of one argument, or a pointer to one
	Argument               // what the routine is given
	Joinable               // whether somebody may wait for the thread
	Label                  // a text that says what something is called
	ResultAddress          // where the result of a thread goes, or NULL
)

// Follows reports whether a call follows one of its arguments, so that NULL has no meaning there.
func (f *Function) Follows(argument int) bool {
	if argument >= len(f.Params) {
		return false
	}
	switch f.Params[argument] {
	case Mutex, RecMutex, Cond, OnceControl, Semaphore, Barrier, RWLock, SetUnknown, Pointer:
		return true
	case MutexAttr, RWLockAttr:
		return f.Effect != MutexInit && f.Effect != RWInit
	}
	return false
}

// A Result is what a call gives.
type Result uint8

// The results.
const (
	NoResult     Result = iota
	Zero                // 0: it worked
	WaitResult          // 0, or -1 after giving up: libvirt's
	TimedResult         // 0, or ETIMEDOUT after giving up: POSIX's
	ThreadTimed         // thrd_success, or thrd_timedout after giving up: C11's
	TryResult           // 0, or EBUSY when the lock is taken: POSIX's
	ThreadTry           // thrd_success, or thrd_busy when the lock is taken: C11's
	Count               // references left
	Alive               // whether references are left
	SameObject          // the object, or NULL
	Int                 // an integer
	Unsigned            // an unsigned int
	Long                // a long
	First               // the value of the first argument
	MadeObject          // a pointer to the object that was made
	Made                // 0, or -1 when there is no memory
	Taken               // 1, or 0 when the lock is taken: GLib's
	InTime              // 1, or 0 after giving up: GLib's
	ThreadObject        // which thread was started, as GLib has it
	ThreadResult        // what a thread returned
)

// Failure is what a call gives that gave up waiting, or found a lock taken. A wait with another
// result never gives up.
func (r Result) Failure() (int64, bool) {
	switch r {
	case WaitResult:
		return -1, true
	case TimedResult:
		return constants["ETIMEDOUT"], true
	case ThreadTimed:
		return constants["thrd_timedout"], true
	case InTime:
		return 0, true
	case TryResult:
		return constants["EBUSY"], true
	case ThreadTry:
		return constants["thrd_busy"], true
	}
	return 0, false
}

// Passing is what is left of a call when its effect is not carried out.
type Passing uint8

// The ways to pass a call over.
const (
	Never     Passing = iota // it may not be passed over
	Skip                     // nothing happens but that the arguments are evaluated: messages
	Arguments                // the arguments are evaluated; the result is 0, or the first argument where Result is First
)
