package driver

import "time"

// A Runtime is all that the driver needs of the world around it: locks, conditions, goroutines,
// time, and the places where faults may strike. The driver touches none of these in another way, so
// the same code runs on package sync ([Real]), on sync with a recorder, and as coroutines under a
// scheduler that decides every step.
//
// Objects are named when they are made ("driver.lock", "vm1.lock", "vm1.mon.lock", "vm1.jobCond",
// "vm1.refs"), so that traces and wait-for graphs can name them. Names are unique among the objects
// alive at one time, not for ever: a domain that is started twice has had two monitors of the same
// name.
type Runtime interface {
	// NewMutex makes an unlocked mutex. Mutexes are not recursive.
	NewMutex(name string) Mutex
	// NewCond makes a condition that is waited for with m.
	NewCond(name string, m Mutex) Cond
	// NewVar makes the shadow of a shared variable that m guards.
	NewVar(name string, m Mutex) Var
	// NewQueue makes an unbounded queue of messages: one direction of a simulated socket.
	NewQueue(name string) Queue
	// Go starts body in a goroutine of its own.
	Go(name string, body func())
	// Now is the time. It never goes backwards; under a controlled scheduler it is virtual.
	Now() time.Time
	// Sleep lets time pass. The driver sleeps only where libvirt polls: never to wait for another
	// goroutine.
	Sleep(d time.Duration)
	// Choose says which of the faults strikes at a point, "" for none. The driver passes slices
	// that it does not change.
	Choose(point string, faults []Fault) Fault
	// Fail reports a broken rule. It does not return: a driver that has noticed such a thing must
	// not go on.
	Fail(kind Kind, message string)
}

// A Mutex is a lock.
type Mutex interface {
	Lock()
	// Unlock releases the lock, which the caller must hold.
	Unlock()
	// Destroy releases the lock, which the caller must hold, for good: whoever touches it, its
	// conditions or its variables from now on uses an object that has been freed.
	Destroy()
	// Held states that the caller holds the lock at this point, and which rule it breaks otherwise.
	// Only a runtime that knows its goroutines can check it.
	Held(rule Kind)
	// NotHeld states that the caller does not hold the lock at this point.
	NotHeld(rule Kind)
}

// A Cond is a condition variable. Wake-ups may be spurious and a signal may wake any one waiter, as
// in POSIX.
type Cond interface {
	// Wait releases the lock, waits to be woken, and takes the lock again.
	Wait()
	// WaitUntil does the same but gives up at the deadline. It reports whether it was woken before;
	// it holds the lock in either case. The deadline is a safety net: a run in which only deadlines
	// are left to happen is a hang.
	WaitUntil(deadline time.Time) bool
	// Signal wakes one waiter, if there is one.
	Signal()
	// Broadcast wakes all waiters.
	Broadcast()
}

// A Var announces accesses to a shared variable; the value itself stays where it is. A controlled
// runtime checks that the guarding lock is held, which also makes it unnecessary to try every
// interleaving of accesses.
type Var interface {
	Read()
	Write()
}

// A Queue passes messages in order from any number of senders to one receiver.
type Queue interface {
	// Send appends a message, or reports false when the queue is closed. It never blocks.
	Send(message []byte) bool
	// Receive takes the oldest message; it blocks while there is none. It reports false when the
	// queue is closed and empty.
	Receive() ([]byte, bool)
	// Close ends the queue. What was sent before is still received. Closing twice is allowed.
	Close()
}

// A Fault is something that goes wrong outside the driver.
type Fault string

// The faults. A runtime lets them strike where the driver asks it to choose; wait-timeout belongs
// to timed waits, so no point offers it.
const (
	NoFault       Fault = ""
	DomainDeath   Fault = "domain-death"    // QEMU dies instead of answering
	WaitTimeout   Fault = "wait-timeout"    // a timed wait gives up although it could be woken
	Garbage       Fault = "qmp-garbage"     // QEMU answers what is not JSON
	HalfLine      Fault = "qmp-half-line"   // QEMU closes the socket in the middle of its answer
	WrongID       Fault = "qmp-wrong-id"    // QEMU answers a command that was not asked
	CommandError  Fault = "qmp-error"       // QEMU refuses the command
	ExtraEvent    Fault = "qmp-event"       // an unrelated event comes before the answer
	SlowAnswer    Fault = "qmp-slow"        // the answer takes its time
	SpawnFailure  Fault = "spawn-failure"   // QEMU does not start
	GuestShutdown Fault = "guest-shutdown"  // the guest powers itself off after the answer
	SpuriousWake  Fault = "spurious-wakeup" // a waiter wakes though nobody woke it
)

// Faults lists the faults.
func Faults() []Fault {
	return []Fault{
		DomainDeath, WaitTimeout, Garbage, HalfLine, WrongID, CommandError, ExtraEvent, SlowAnswer, SpawnFailure,
		GuestShutdown, SpuriousWake,
	}
}

// A Kind names a broken rule, in the vocabulary that all of lockproof shares.
type Kind string

// The kinds that the driver itself can notice.
const (
	JobUnbalanced   Kind = "job-unbalanced"     // a job is ended by whom it does not belong to
	NoJob           Kind = "no-job"             // the monitor is entered without a job, or a job has two owners
	StaleLiveness   Kind = "stale-liveness"     // a dead domain is used as if it lived
	StateRace       Kind = "state-race"         // a decision outlived the lock or job under which it was made
	RefCount        Kind = "refcount"           // a reference is dropped twice
	UseAfterRelease Kind = "use-after-release"  // an object is touched after it was freed
	Requires        Kind = "requires"           // a helper is called without what it asks of its caller
	MissingLock     Kind = "missing-lock"       // something is used without the lock that guards it
	NotInMonitor    Kind = "monitor-unbalanced" // QEMU is talked to by who has not entered the monitor
	AssertFailed    Kind = "assert"
)

// A Violation is a broken rule that was noticed while the driver ran. The real runtime panics with
// it.
type Violation struct {
	Kind    Kind
	Message string
}

func (v *Violation) Error() string { return string(v.Kind) + ": " + v.Message }
