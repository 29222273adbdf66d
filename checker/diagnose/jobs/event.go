package jobs

import (
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
)

// A Kind is what a line of a log says.
type Kind uint8

// The kinds of events. Those that name a domain have its pointer or its name, or neither: before
// libvirt 1.1.4 the lines of jobs had none.
const (
	Other Kind = iota

	Start       // the daemon has started: all that was is gone
	Ask         // a thread asks for a job: Job, Async, Agent
	WaitJob     // it waits for the normal job
	WaitAsync   // it waits for the async job
	Grant       // it has the normal job
	GrantAsync  // the async job
	GrantAgent  // the agent job
	End         // it ends the normal job
	EndAsync    // the async job
	EndAgent    // the agent job
	Release     // the async job has no owner from here on, though it goes on
	TakeUp      // a thread becomes the owner of the async job
	Enter       // it enters the monitor
	Exit        // it is back from the monitor
	EnterAgent  // it enters the agent
	ExitAgent   // it is back
	AbortAsync  // the async job is asked to stop
	CallBegins  // a thread begins an API call, or other work that has a name: API
	CallEnds    // it has come to its end
	CallNamed   // it is in an API call, of which only the beginning is logged: API
	Refused     // a warning: the job asked for cannot be had; it prints who has what
	TimedOut    // an error: gave up after 30 s
	QueueFull   // an error: refused, because too many wait
	NotNested   // a warning: the owner of the async job entered the monitor without a nested job
	WithoutJob  // a warning: the monitor was entered without a job
	EOF         // QEMU closed the monitor
	Failed      // any other error
	Hook        // a hook script is run
	Sent        // a command went out to the monitor: Text is its number
	Replied     // an answer came: Text is its number
	Unexpected  // the answer came to nobody: Text is its number
	NullObject  // a warning about an object that is none
	Silent      // a client of the daemon, or the monitor of a domain, is reported not to answer
	KeepAlive   // the other daemon, or a client, has been silent for too long
	Crashed     // the daemon ended by a signal
	Born        // an object is made: Mon is its pointer, Text its class
	Referenced  // it has one reference more
	Dropped     // and one less
	Freed       // it is freed
	ClientError // a client reports that its call failed: TimedOut or QueueFull say how
)

// An Owner is a thread that has a job, as a warning prints it.
type Owner struct {
	Thread int64
	API    string
	For    time.Duration // for so long, cut to whole seconds; negative where it is not printed
}

// An Event is a line of a log. It is only valid during the call that it is given to.
type Event struct {
	Kind   Kind
	At     diagnose.Moment
	Place  diagnose.Place
	Thread int64 // 0 where the log has none
	VM     uint64
	Mon    uint64 // 0 with HasMon: NULL
	HasMon bool
	Domain string
	Echo   bool // of a client: what another line has said already, in other words

	Job, Async, Agent string // what is asked for, had, ended; "" is none

	// HasNow: what the line prints of the domain's jobs as they were.
	HasNow                     bool
	NowJob, NowAsync, NowAgent string

	API     string   // of the thread; of a client, its call
	Owners  [3]Owner // of Refused: of the normal job, the agent job, the async job
	Printed bool     // of Refused: the owners are printed
	HasAPIs bool     // of Refused: the owners' calls are printed, if they have any
	NoQEMU  bool     // of Refused: the daemon is that of another hypervisor

	HeldBy, HeldByAgent string // of TimedOut: calls that the error names
	Full                bool   // of ClientError: the queue was full

	Text   string
	Worker string // of a client: what tells its calls apart; of the daemon, its process
}

// None reports whether a name of a job stands for no job.
func None(s string) bool { return s == "" || s == "none" }
