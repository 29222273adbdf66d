package driver

import "time"

// An Op is an API call, or something that happens to a domain without one.
type Op uint8

// The operations. Died is not a call: QEMU went away, and the event goroutine of the domain
// noticed.
const (
	OpDefine Op = iota
	OpUndefine
	OpStart
	OpDestroy
	OpSuspend
	OpResume
	OpQuery
	OpInfo
	OpSetMemory
	OpLongJob
	OpWait
	OpDied
)

var opNames = [...]string{
	"define", "undefine", "start", "destroy", "suspend", "resume",
	"query", "info", "set-memory", "long-job", "wait", "died",
}

func (op Op) String() string { return opNames[op] }

// ParseOp reads what [Op.String] prints.
func ParseOp(name string) (Op, bool) {
	for i, n := range opNames {
		if n == name {
			return Op(i), true
		}
	}
	return 0, false
}

// A Call is an operation on a domain. Arg is the memory in KiB for define and set-memory, and the
// rounds of a long job.
type Call struct {
	Op     Op
	Domain string
	Arg    int64
}

// A State is what a domain is doing.
type State uint8

// The states. A domain that is not running is Shutoff; Crashed is how it got there.
const (
	Shutoff State = iota
	Running
	Paused
)

var stateNames = [...]string{"shutoff", "running", "paused"}

func (s State) String() string { return stateNames[s] }

// ParseState reads what [State.String] prints.
func ParseState(name string) (State, bool) {
	for i, n := range stateNames {
		if n == name {
			return State(i), true
		}
	}
	return 0, false
}

// An Info is what a caller sees of a domain.
type Info struct {
	State      State
	Memory     int64 // KiB
	Persistent bool
}

// A Result is the outcome of a call. Info is set by info, and Info.State by query, when Code is OK.
// For died, Info.Persistent tells whether the domain is still defined, and Code is StaleDeath when
// the news came after the domain had been stopped.
type Result struct {
	Info Info
	Code Code
	Err  error // nil when Code is OK
	// Took is how long the call was under way, by the clock of the runtime: at most what
	// [Driver.Patience] says, and the time for which others kept locks or processors. It is 0 where
	// nobody observes.
	Took time.Duration
}

// A JobType says for what a job was begun.
type JobType uint8

// The types of jobs.
const (
	QueryJob JobType = iota
	ModifyJob
	DestroyJob
	LongJob
)

var jobNames = [...]string{"query", "modify", "destroy", "long"}

func (t JobType) String() string { return jobNames[t] }

// A JobPhase is a stage in the life of a job.
type JobPhase uint8

// The phases. Begun and Ended are reported with the domain locked, Begun after the job was set and
// Ended before it is cleared, so the reported jobs of one domain never overlap. Ended comes with
// the owner's observer, like Begun.
const (
	JobAsked JobPhase = iota
	JobBegun
	JobRefused // the wait for it failed: it was never begun
	JobEnded
)

var phaseNames = [...]string{"asked", "begun", "refused", "ended"}

func (p JobPhase) String() string { return phaseNames[p] }

// A JobEvent is reported by the goroutine to which it happens.
type JobEvent struct {
	Phase  JobPhase
	Type   JobType
	Domain string
	// which domain object, from 1: a name may be used again while callers still wait for the job of
	// its last bearer
	Object int
	At     time.Time // by the clock of the runtime
}

// An Observer is told what one goroutine does. Its methods are called by that goroutine alone, some
// of them with locks held: they must not call the driver and should not block.
type Observer interface {
	// Called is the start of a call.
	Called(Call)
	// Returned is its end.
	Returned(Call, Result)
	// Job is a step in the life of a job.
	Job(JobEvent)
}
