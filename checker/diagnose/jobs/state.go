package jobs

import (
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
)

// A slot is one of the three jobs that a domain has room for.
type slot uint8

const (
	normal slot = iota
	async
	agent
)

func (s slot) String() string { return [...]string{"job", "async job", "agent job"}[s] }

// nested is how libvirt prints the normal job of the owner of an async job.
const nested = "async nested"

// A hold is one job, from the moment it is had.
type hold struct {
	slot   slot
	kind   string // query, modify, snapshot, ...
	around string // of a nested job: the async job
	dom    *domain
	name   string // of the domain; "" where it is not known

	thread  int64
	nobody  bool // the input says that no thread has it
	threads bool // the input says which thread has it
	api     string
	begun   bool // the log has its beginning
	noAPI   bool // api was concluded from something else

	since    diagnose.Moment
	inferred bool // since was concluded from how long a line says that it was had
	until    diagnose.Moment
	at       diagnose.Place
	end      diagnose.Place
	ended    bool            // it came to its end
	cut      bool            // the daemon was started again
	past     diagnose.Moment // the log of its daemon ended there, with the job had, and that of another one followed
	printed  []diagnose.Place

	longest  time.Duration  // that it was had for, as far as it was seen while somebody waited
	measured bool           // longest is known, also if it is 0
	noQEMU   bool           // it is of another hypervisor
	entered  bool           // the monitor was entered under it, at least once
	stuck    time.Duration  // the longest that a monitor was open under it
	stuckAt  diagnose.Place // where that began
	agentFor time.Duration  // the longest that the agent was asked under it
	failed   diagnose.Place // an error of its thread, with nothing of the thread after it
	failure  string
	gone     diagnose.Place // its thread went on to something else
	goneTo   string

	hook     diagnose.Place
	hookAt   diagnose.Moment
	hookText string
	hookOver diagnose.Moment

	slow    bool // it is among those under which a monitor was open for long
	blocks  int  // how many gave up because of it
	blocked bool
}

// A monitor is who is in it.
type monitor struct {
	in     bool
	thread int64
	at     diagnose.Moment
	place  diagnose.Place
}

// A domain is one object of the daemon.
type domain struct {
	vm    uint64
	name  string
	slots [3]*hold
	last  [3]hold // what each slot had before, if that came to its end
	known [3]bool // what the slot has is known, also if that is nothing

	mon, agentMon monitor
	monKnown      bool
	waits         []*ask // in the order in which they came
	stopping      int    // threads that wait to destroy it
	eofs          int    // lines about the end of its monitor since a job was had
	eofThread     int64
	recent        [8]glance
	glances       int
	after         []after
}

// A glance is an event as it is kept to be shown around a finding.
type glance struct {
	kind   Kind
	thread int64
	job    string
	place  diagnose.Place
}

// began reports whether the log has the beginning of a job that the thread has.
func (d *domain) began(t *thread) bool {
	for _, s := range [...]slot{normal, async} {
		if h := d.slots[s]; h != nil && h.begun && t != nil && h.thread == t.id {
			return true
		}
	}
	return false
}

// mostAfter is how many events after a broken rule are shown.
const mostAfter = 2

// look keeps an event of a domain, to be shown around what is found next, and shows it with what
// was found just before.
func (r *Replay) look(d *domain, e *Event, job string) {
	g := glance{e.Kind, e.Thread, job, e.Place}
	d.recent[d.glances%len(d.recent)] = g
	d.glances++
	left := d.after[:0]
	for _, a := range d.after {
		if f := &r.findings[a.finding]; f.At != e.Place {
			f.Around = append(f.Around, diagnose.Claim{Text: "afterwards " + g.String(), At: []diagnose.Place{e.Place}})
			a.events--
		}
		if a.events > 0 {
			left = append(left, a)
		}
	}
	d.after = left
}

// An after is a finding that has room for events after it.
type after struct {
	finding int // its index
	events  int
}

// An ask is a job that a thread has asked for and has not had.
type ask struct {
	thread            int64
	dom               *domain
	name              string
	job, async, agent string
	api               string
	since             diagnose.Moment
	place             diagnose.Place
	waiting           diagnose.For // "" before it waits
	order             int64
	overtaken         int
}

// A thread is a thread of the daemon.
type thread struct {
	id      int64
	api     string // that it runs, or that it asked for a job with
	inCall  bool   // lines say where its calls begin and end
	pending *ask
	spare   *ask // used again
	holds   []*hold
	refused *incident // whose error line has not come
	warned  Kind      // a warning about what it does next

	failedAt diagnose.Moment // the last that was heard of it: an error
	failed   diagnose.Place
	failure  string
}

// An incident is somebody who waited in vain.
type incident struct {
	thread            int64
	worker            string
	client            bool
	name              string // of the domain
	api               string
	job, async, agent string
	since             diagnose.Moment
	inferred          bool
	at                diagnose.Moment
	timedOut, refused bool
	places            []diagnose.Place
	behind            []*hold
	waits             diagnose.For
	heldBy, heldAgent string
	printed, error    bool    // there was a warning; there was an error line
	nobody            bool    // the warning says that nobody has anything
	had               []*hold // of nobody: who had the job during the wait, and let go
	guess             bool    // which job the holder has was concluded from the name of its call
}

// patience is for how long libvirt waits for a job.
const patience = 30 * time.Second
