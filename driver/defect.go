package driver

// A Defect is a mistake that can be planted in the driver, to see whether a checker finds it. The
// build tag lockproof_defects compiles them in; without it seeds.broken is the constant false, and
// the compiler removes every trace.
type Defect uint8

// The defects, by where they are planted.
const (
	NoDefect Defect = iota

	// Jobs.
	NoRetest           // a woken waiter takes the job without looking whether it is free
	LostSignal         // EndJob wakes nobody
	ClearUnlocked      // EndJob clears the job with the domain unlocked
	NoJobRef           // BeginJob takes no reference
	NoEndUnref         // EndJob keeps the reference of BeginJob
	ExtraUnref         // EndJob drops two references
	NoTimeoutUnref     // a waiter that gives up keeps its reference
	IgnoreTimeout      // a waiter that gives up takes the job all the same
	MailErrorPath      // BeginJobWithDriver of 2009-10: returns without the driver lock
	DecemberErrorPath  // BeginJobWithDriver of 2009-12: locks the driver with the domain held
	DriverHeldInWait   // BeginJobWithDriver waits with the driver locked
	DriverAfterDomain  // BeginJobWithDriver takes the driver back without letting go of the domain
	ForeignEnd         // a caller that failed to begin its job ends it all the same
	JobKeptOnDeath     // a caller that finds its domain dead returns without ending its job
	JobKeptOnRefusal   // a caller whose command is refused returns without ending its job
	UnlockAfterRefusal // a waiter that gives up unlocks the domain though its reference may have been the last
	UnlockAfterEnd     // the caller unlocks the domain though EndJob said that it is gone
	NoLivenessRecheck  // nobody looks whether the domain still runs once the job is had
	NoRemovalRecheck   // nobody looks whether the domain still exists once the job is had
	ReviveDead         // query writes the state of a domain that died while QEMU was asked
	RemovalWithoutJob  // undefine removes the domain without waiting for the job
	ChangeAfterJob     // set-memory notes the new size when its job has ended
	EarlyReturn        // set-memory returns before it has noted the new size
	UnlockAfterRemoval // undefine unlocks the domain after the list has dropped it

	// Locks around the monitor.
	NoJobForMonitor    // query enters the monitor without a job
	DomainBeforeUnlock // ExitMonitor locks the domain before it unlocks the monitor: the mail's prose
	ForgottenExit      // a caller whose command fails leaves the monitor locked
	DriverInMonitor    // the WithDriver variant keeps the driver locked while it talks to QEMU
	DomainFirstInExit  // ExitMonitorWithDriver locks the domain before the driver
	DomainInMonitor    // EnterMonitor keeps the domain locked
	NoMonitorRef       // EnterMonitor takes no reference of the monitor
	StatePeek          // info reads the state without the domain lock
	ListPeek           // look-up reads the list without the driver lock
	CloseUnderDomain   // the monitor of a dead domain is closed with the domain held

	// The monitor and its event goroutine.
	AnyReply           // whatever answer comes is taken for the answer to the current command
	NoNotify           // an answer wakes nobody
	NoNotifyOnEOF      // the end of the connection wakes nobody
	CommandNoRetest    // a woken command does not look whether its answer has come
	EventKeepsMonitor  // the event goroutine locks the domain with the monitor held
	NoEventRef         // the event goroutine has no reference of its domain
	LeakEventRef       // the event goroutine keeps its reference for ever
	StaleEOF           // the end of an old QEMU is taken for the end of the new one
	EventUnlocked      // an event changes the state without the domain lock
	NoDeathOnEOF       // the end of the connection leaves the domain running
	OrderAtDeath       // the event goroutine locks a dead domain before the driver
	LateRemoval        // a transient domain is removed some time after its death, and can be seen in between
	WakeOneStopped     // the end of a domain wakes one of those who wait for it
	StoppedUnannounced // the end of a domain wakes none of those who wait for it
)
