package diagnose

// A Format is what an input is.
type Format string

// The formats.
const (
	LibvirtdLog  Format = "libvirtd-log"
	Journal      Format = "journal"
	JournalJSON  Format = "journal-json"
	KubeVirtJSON Format = "kubevirt-json"
	Client       Format = "client"
	Backtrace    Format = "backtrace"
	SystemTap    Format = "systemtap"
	DomJobInfo   Format = "domjobinfo"
	Helgrind     Format = "helgrind"
	LockTrace    Format = "lock-trace"
	UnknownInput Format = "unknown"
)

// A Cause is why somebody waits, or that nothing is wrong.
type Cause string

// The causes.
const (
	QEMUSilent         Cause = "qemu-silent"
	AgentSilent        Cause = "agent-silent"
	LongJob            Cause = "long-job"
	MigrationIn        Cause = "migration-in"
	LeftoverAsync      Cause = "leftover-async"
	AsyncOutlivedGuest Cause = "async-outlived-guest"
	LeakedJob          Cause = "leaked-job"
	Reconnect          Cause = "reconnect"
	HookRecursion      Cause = "hook-recursion"
	QueueLimit         Cause = "queue-limit"
	HolderGone         Cause = "holder-gone"
	Restart            Cause = "restart"
	OtherHost          Cause = "other-host"
	LockOrder          Cause = "lock-order"
	SelfDeadlock       Cause = "self-deadlock"
	LockLeftLocked     Cause = "lock-left-locked"
	NoNestedJob        Cause = "no-nested-job"
	Crash              Cause = "crash"
	CannotTell         Cause = "cannot-tell"
	NotALog            Cause = "not-a-log"
	CutOff             Cause = "cut-off"
)

// An Unknown is something that an input cannot tell.
type Unknown string

// What may not be told.
const (
	NoHolder       Unknown = "holder"
	NoDomain       Unknown = "domain"
	NoThread       Unknown = "thread"
	NoAPI          Unknown = "api"
	NoSince        Unknown = "since"
	NoWaiterThread Unknown = "waiter-thread"
	NoWaiterAPI    Unknown = "waiter-api"
	NoYear         Unknown = "year"
	NoTimeZone     Unknown = "time-zone"
	NoTime         Unknown = "time"
	NoQEMUHealth   Unknown = "qemu-health"
	NoProgress     Unknown = "progress"
	NoWhy          Unknown = "why"
	NoClient       Unknown = "client"
	NoQueueLength  Unknown = "queue-length"
	NoOtherThreads Unknown = "other-threads"
	NoHang         Unknown = "hang"
)

// A Word is a word of a vocabulary with the sentence that says what it means.
type Word[T ~string] struct {
	Word    T
	Meaning string
}

// Formats is the vocabulary of formats.
func Formats() []Word[Format] {
	return []Word[Format]{
		{LibvirtdLog, "the daemon's own log file"},
		{Journal, "lines of syslog or of journalctl"},
		{JournalJSON, "the journal as JSON (journalctl -o json)"},
		{KubeVirtJSON, "JSON lines of KubeVirt's virt-launcher"},
		{Client, "the log of a program that uses libvirt"},
		{Backtrace, "stacks of threads, as gdb or coredumpctl print them"},
		{SystemTap, "output of libvirt's example scripts for SystemTap"},
		{DomJobInfo, "a terminal session with virsh domjobinfo and the like"},
		{Helgrind, "valgrind's report on the order of locks"},
		{LockTrace, "every lock and unlock of the daemon, a line each"},
		{UnknownInput, "nothing that lockproof knows"},
	}
}

// Causes is the vocabulary of causes.
func Causes() []Word[Cause] {
	return []Word[Cause]{
		{QEMUSilent, "the guest's QEMU does not answer its monitor"},
		{AgentSilent, "the agent in the guest does not answer"},
		{LongJob, "the holder is legal and merely takes long"},
		{MigrationIn, "the domain is still arriving from another host; until it has, other jobs are refused"},
		{LeftoverAsync, "an async job that outlives its API call stands in the way: it still runs, or its client is gone"},
		{AsyncOutlivedGuest, "an async job is left of a guest that no longer runs"},
		{LeakedJob, "an API call came to its end without ending the job that it had begun"},
		{Reconnect, "the daemon takes up a running guest after its start, and does not get on"},
		{HookRecursion, "a hook script that the holder runs calls libvirt for the same domain, and waits for the holder"},
		{QueueLimit, "callers are refused at once because too many wait"},
		{HolderGone, "nobody held anything any more when the waiter gave up: the holder had let go meanwhile"},
		{Restart, "the daemon was restarted; jobs of before are gone, not leaked"},
		{OtherHost, "the holder is an outgoing migration, and what it waits for is to be seen on the other host"},
		{LockOrder, "two locks are taken in opposite orders"},
		{SelfDeadlock, "a thread locks what it already holds"},
		{LockLeftLocked, "the owner of a lock has gone on without unlocking it"},
		{NoNestedJob, "the owner of an async job entered the monitor without a nested job, and another thread was in it too"},
		{Crash, "the daemon crashed; it does not hang"},
		{CannotTell, "the input is understood, and does not decide between causes or name the holder"},
		{NotALog, "nothing in it comes from libvirtd or from a client of it"},
		{CutOff, "the input ends too early: what is open at its end had no time to end"},
	}
}

// Unknowns is the vocabulary of what cannot be told.
func Unknowns() []Word[Unknown] {
	return []Word[Unknown]{
		{NoHolder, "who holds what somebody waited for"},
		{NoDomain, "the domain of a holder, a waiter or a monitor"},
		{NoThread, "the holder's thread"},
		{NoAPI, "the holder's API call"},
		{NoSince, "since when the holder holds"},
		{NoWaiterThread, "the waiter's thread"},
		{NoWaiterAPI, "the waiter's API call"},
		{NoYear, "the year: the stamps have none"},
		{NoTimeZone, "the time zone: the stamps have none"},
		{NoTime, "when anything was: there are no stamps"},
		{NoQEMUHealth, "whether QEMU is well, slow or stuck"},
		{NoProgress, "whether the job still runs and will end, or is left over"},
		{NoWhy, "what lies behind it"},
		{NoClient, "who made the waiting call"},
		{NoQueueLength, "how many waited"},
		{NoOtherThreads, "what the rest of the daemon did"},
		{NoHang, "whether it ever hangs"},
	}
}

// Meaning is the sentence of a word; "" where it is none.
func Meaning[T ~string](words []Word[T], w T) string {
	for _, x := range words {
		if x.Word == w {
			return x.Meaning
		}
	}
	return ""
}
