package diagnose

import "github.com/lockproof/lockproof/model"

// A Diagnosis is what one input, or several that belong together, says about a daemon.
type Diagnosis struct {
	Format Format
	Cause  Cause
	Why    []Claim // the reasons for the cause, the gravest first
	Sure   Sure    // of the cause
	Fault  bool    // something is wrong; false where all that waits is normal, or no fault can be named

	Domains    []string // that take part, by name; in stacks the pointer is the name
	Holders    []Holder // who holds a job or lock at the end, or held one while somebody waited
	Waiters    []Waiter // who waits at the end, or waited in vain
	Rules      []model.Kind
	CannotTell []Unknown
	Next       []string // what to do or to run now, a line each
	Findings   []Finding
	Notes      []Claim // what else is worth a line, and belongs to no holder or waiter
	Counts     []Count // what was read, in the order in which it is shown
	Timeline   Timeline

	MoreHolders, MoreWaiters, MoreFindings int // that are not listed
}

// MostListed bounds each list of a diagnosis. What is beyond it is counted.
const MostListed = 1000

// A Sure says how far the input carries a cause.
type Sure string

// How sure a cause is.
const (
	Stated   Sure = "stated"   // lines of the input say so
	Likely   Sure = "likely"   // it follows from what libvirt does, though no line says so
	Possible Sure = "possible" // it fits, and so may something else
)

// A Place is a line of an input. Line 0 is the input as a whole.
type Place struct {
	File string
	Line int
}

// A Claim is a sentence with the lines that it rests on.
type Claim struct {
	Text     string
	Inferred bool // the lines do not state it: it was concluded from them
	At       []Place
}

// A Holder holds, or held, one job or one lock. What cannot be told is left empty.
type Holder struct {
	Domain string
	Job    string // as libvirt prints it: query, modify, destroy, async nested, ...
	Async  string // migration in, snapshot, ...; of a nested job, what it is nested in
	Agent  string
	Lock   string // driver, list, domain, monitor or agent
	Thread int64  // the thread's own number
	API    string // as the input prints it
	Since  Moment
	Until  Moment // when it let go, if that was seen

	Monitor  string // "entered" while a monitor command is open, "not entered" if the input shows that
	At       []Place
	Inferred []string // names of JSON keys that the input does not state
}

// A Waiter waits at the end of the input, or waited in vain.
type Waiter struct {
	Thread   int64
	API      string
	Domain   string
	Wants    string // the job that it asked for
	Since    Moment
	TimedOut bool // it gave up after the fixed 30 s
	Refused  bool // at once, or in the queue
	For      For
	Behind   int // the holder that it waits for, as an index plus one; 0 where that is not known

	At       []Place
	Inferred []string // as for a holder
}

// A For is what a waiter waits for.
type For string

// What is waited for.
const (
	ForJob      For = "job"
	ForAsync    For = "async"
	ForAgent    For = "agent"
	ForAgentJob For = "agent+job"
	ForQEMU     For = "reply:qemu"
	ForDaemon   For = "reply:daemon"
)

// ForLock is to wait for a lock of a class: driver, list, domain, monitor or agent.
func ForLock(class string) For { return For("lock:" + class) }

// A Finding is a broken rule.
type Finding struct {
	Rule    model.Kind
	Warning bool // it did no harm that the input shows
	Message string
	At      Place
	Around  []Claim // the events around it
}

// A Count is how often something was read.
type Count struct {
	What string
	N    int64
}

// AddHolder adds a holder or counts it, and returns its index plus one; 0 where it was only
// counted.
func (d *Diagnosis) AddHolder(h Holder) int {
	if len(d.Holders) == MostListed {
		d.MoreHolders++
		return 0
	}
	d.Holders = append(d.Holders, h)
	return len(d.Holders)
}

// AddWaiter adds a waiter or counts it.
func (d *Diagnosis) AddWaiter(w Waiter) {
	if len(d.Waiters) == MostListed {
		d.MoreWaiters++
		return
	}
	d.Waiters = append(d.Waiters, w)
}

// AddFinding adds a finding, whose rule is then one of the rules, or counts it.
func (d *Diagnosis) AddFinding(f Finding) {
	known := false
	for _, k := range d.Rules {
		known = known || k == f.Rule
	}
	if !known {
		d.Rules = append(d.Rules, f.Rule)
	}
	if len(d.Findings) == MostListed {
		d.MoreFindings++
		return
	}
	d.Findings = append(d.Findings, f)
}

// Cannot adds what cannot be told, once.
func (d *Diagnosis) Cannot(us ...Unknown) {
	for _, u := range us {
		known := false
		for _, k := range d.CannotTell {
			known = known || k == u
		}
		if !known {
			d.CannotTell = append(d.CannotTell, u)
		}
	}
}
