package jobs

import (
	"fmt"
	"slices"
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/model"
)

// Bounds of what a replay keeps. A daemon has hundreds of threads and thousands of domains.
const (
	mostThreads   = 1 << 16
	mostDomains   = 1 << 16
	mostIncidents = 4 * diagnose.MostListed
	mostPrinted   = 4 * diagnose.MostListed
	mostPlaces    = 3 // of one thing
)

// A Replay follows the jobs of all domains. The zero value is not ready: see [New].
type Replay struct {
	domains map[uint64]*domain
	byName  map[string]*domain
	threads map[int64]*thread
	daemons int  // how often the daemon was seen to start
	cut     int  // jobs that a start of the daemon cut off
	jobs    bool // lines of jobs have been seen
	order   int64

	incidents []*incident
	more      int
	printed   []*hold // that only warnings tell of
	channels  map[uint64][]command
	dropped   int // domains or threads that were too many

	findings []diagnose.Finding
	moreRule int
	rules    []model.Kind

	silent    []report
	keepAlive diagnose.Place
	crashed   diagnose.Place
	abort     diagnose.Place
	now       diagnose.Moment // the latest
	cutPlace  diagnose.Place
	cutHold   string
	cutNames  []string // of domains whose jobs a start of the daemon cut off

	counts    [counted]int64
	overtaken ask // who was overtaken most
	longest   wait
	deepest   depth
	spins     []spin
	spun      int
	pool      []*hold
	objects   objects
	slow      []*hold            // under which a monitor was open for 30 s and more
	left      []*hold            // what daemons had at the ends of their logs
	leftAsks  []*ask             // and who waited there
	timeline  *diagnose.Timeline // nil: none is wanted
}

// A report is a domain whose monitor is said not to answer.
type report struct {
	name, text string
	place      diagnose.Place
}

// A wait that came to its end.
type wait struct {
	took time.Duration
	ask  ask
}

type depth struct {
	n     int
	name  string
	place diagnose.Place
}

// A spin is an event thread that is told again and again that a monitor has ended.
type spin struct {
	thread int64
	name   string
	from   diagnose.Place
}

// A command went out to a monitor and has no answer.
type command struct {
	id       string
	thread   int64
	at       diagnose.Moment
	place    diagnose.Place
	answered bool
}

// New makes a replay that knows nothing.
func New() *Replay {
	return &Replay{
		domains: map[uint64]*domain{}, byName: map[string]*domain{}, threads: map[int64]*thread{},
		channels: map[uint64][]command{},
	}
}

// KeepTimeline has the replay remember who had what when, as far as that is bounded.
func (r *Replay) KeepTimeline() { r.timeline = &diagnose.Timeline{} }

// Add takes the next event.
func (r *Replay) Add(e *Event) {
	if e.At.Known() {
		r.now = e.At
	}
	r.count(e)
	switch e.Kind {
	case Start:
		r.restart(e)
	case Ask:
		r.ask(e)
	case WaitJob:
		r.wait(e, diagnose.ForJob)
	case WaitAsync:
		r.wait(e, diagnose.ForAsync)
	case Grant:
		r.grant(e, normal, e.Job)
	case GrantAsync:
		r.grant(e, async, e.Async)
	case GrantAgent:
		r.grant(e, agent, e.Agent)
	case End:
		r.end(e, normal, e.Job)
	case EndAsync:
		r.end(e, async, e.Async)
	case EndAgent:
		r.end(e, agent, e.Agent)
	case Release, TakeUp:
		r.release(e)
	case Enter:
		r.enter(e)
	case Exit:
		r.exit(e)
	case EnterAgent, ExitAgent:
		r.agent(e)
	case CallBegins:
		r.callBegins(e)
	case CallEnds:
		r.callEnds(e)
	case CallNamed:
		if t := r.thread(e); t != nil && !t.inCall {
			t.api = e.API
		}
	case Refused:
		r.refused(e)
	case TimedOut, QueueFull:
		r.gaveUp(e)
	case ClientError:
		r.clientError(e)
	case NotNested, WithoutJob:
		r.warned(e)
	case EOF:
		r.eof(e)
	case Failed:
		r.failed(e)
	case Hook:
		r.hook(e)
	case Sent, Replied, Unexpected:
		r.channel(e)
	case Silent:
		if len(r.silent) < diagnose.MostListed {
			r.silent = append(r.silent, report{e.Domain, e.Text, e.Place})
		}
	case KeepAlive:
		r.keepAlive = e.Place
	case Crashed:
		r.crashed = e.Place
	case AbortAsync:
		r.abort = e.Place
	case Born, Referenced, Dropped, Freed:
		r.objects.add(e)
	}
}

// Now says that the log has come to a moment.
func (r *Replay) Now(at diagnose.Moment) {
	if at.Known() {
		r.now = at
	}
}

// News is a number that changes when somebody has waited in vain, or a rule was broken.
func (r *Replay) News() int {
	return len(r.incidents) + r.more + len(r.findings) + r.moreRule + len(r.silent) + r.daemons
}

// Gap says that lines are missing here: nothing is known of what is had.
func (r *Replay) Gap() {
	for _, d := range r.domains {
		d.known, d.monKnown = [3]bool{}, false
		for s, h := range d.slots {
			if h != nil {
				r.drop(d, slot(s))
			}
		}
		d.mon, d.agentMon, d.waits = monitor{}, monitor{}, d.waits[:0]
	}
	for _, t := range r.threads {
		t.pending, t.holds, t.refused = nil, t.holds[:0], nil
	}
}

// restart forgets all pointers and threads. What was had is gone, and did not leak.
func (r *Replay) restart(e *Event) {
	r.daemons++
	for _, d := range r.domains {
		for s, h := range d.slots {
			if h != nil {
				h.cut, h.until, h.end = true, e.At, e.Place
				r.cut++
				if n := h.nameOf(); len(r.cutNames) < diagnose.MostListed && !slices.Contains(r.cutNames, n) {
					r.cutNames = append(r.cutNames, n)
				}
				r.cutPlace, r.cutHold = h.at, fmt.Sprintf("the %s %s of %s", h.kind, h.slot, h.nameOf())
				drawHold(r.timeline, h, e.At, e.Place)
				r.drop(d, slot(s))
			}
		}
	}
	for _, h := range r.printed {
		h.cut = true
	}
	clear(r.domains)
	clear(r.byName)
	clear(r.threads)
	clear(r.channels)
	clear(r.objects.known)
}

// Another says that what follows is the log of another daemon, on another host: its pointers and
// threads are others. What is had up to here is had at the end.
func (r *Replay) Another() {
	open, waiting := r.open(), r.waiting()
	for _, h := range open {
		if !h.past.Known() {
			r.measure(h)
			h.past = r.now
		}
	}
	for _, a := range waiting {
		b := *a
		r.leftAsks = append(r.leftAsks, &b)
	}
	r.left = open
	if len(r.left) > mostPrinted {
		r.left = r.left[:mostPrinted]
	}
	if len(r.leftAsks) > mostPrinted {
		r.leftAsks = r.leftAsks[:mostPrinted]
	}
	clear(r.domains)
	clear(r.byName)
	clear(r.threads)
	clear(r.channels)
	clear(r.objects.known)
	r.daemons = 0
}

func (h *hold) nameOf() string {
	switch {
	case h.name != "":
		return h.name
	case h.dom != nil && h.dom.name != "":
		return h.dom.name
	case h.dom != nil && h.dom.vm != 0:
		return fmt.Sprintf("0x%x", h.dom.vm)
	}
	return "a domain"
}

// domain finds the domain of an event; nil where the line names none.
func (r *Replay) domain(e *Event) *domain {
	if e.VM == 0 {
		if e.Domain == "" {
			return nil
		}
		return r.byName[e.Domain]
	}
	d := r.domains[e.VM]
	if d == nil {
		if len(r.domains) >= mostDomains {
			r.dropped++
			return nil
		}
		d = &domain{vm: e.VM}
		if r.daemons > 0 && r.jobs { // the daemon was seen to start, and its jobs are logged: nothing was had before
			d.known = [3]bool{true, true, true}
		}
		r.domains[e.VM] = d
		r.counts[pointers]++
	}
	if e.Domain != "" && d.name != e.Domain {
		if d.name != "" { // the object was freed, and another one lies there
			for s := range d.slots {
				if d.slots[s] != nil {
					r.drop(d, slot(s))
				}
			}
			d.mon, d.agentMon, d.waits = monitor{}, monitor{}, nil
			if r.byName[d.name] == d {
				delete(r.byName, d.name)
			}
		}
		d.name = e.Domain
		r.byName[e.Domain] = d
	}
	return d
}

// thread finds the thread of an event; nil where the log has none.
func (r *Replay) thread(e *Event) *thread {
	if e.Thread == 0 {
		return nil
	}
	t := r.threads[e.Thread]
	if t == nil {
		if len(r.threads) >= mostThreads {
			r.dropped++
			return nil
		}
		t = &thread{id: e.Thread}
		r.threads[e.Thread] = t
	}
	return t
}

// drop lets go of a job that is no longer had.
func (r *Replay) drop(d *domain, s slot) {
	h := d.slots[s]
	d.slots[s] = nil
	if t := r.threads[h.thread]; t != nil {
		t.let(h)
	}
	r.recycle(h)
}

// recycle keeps the memory of a job that nothing points to.
func (r *Replay) recycle(h *hold) {
	if !h.blocked && !h.slow && len(r.pool) < 256 {
		*h = hold{}
		r.pool = append(r.pool, h)
	}
}

func (r *Replay) fresh() *hold {
	if n := len(r.pool); n > 0 {
		h := r.pool[n-1]
		r.pool = r.pool[:n-1]
		return h
	}
	return &hold{}
}

func (t *thread) let(h *hold) {
	for i, x := range t.holds {
		if x == h {
			t.holds = append(t.holds[:i], t.holds[i+1:]...)
			return
		}
	}
}

// find is the rule that was broken, at the event, with what happened around it to the same domain.
func (r *Replay) find(rule model.Kind, warning bool, e *Event, d *domain, format string, args ...any) {
	known := false
	for _, k := range r.rules {
		known = known || k == rule
	}
	if !known {
		r.rules = append(r.rules, rule)
	}
	if len(r.findings) == diagnose.MostListed {
		r.moreRule++
		return
	}
	f := diagnose.Finding{Rule: rule, Warning: warning, Message: fmt.Sprintf(format, args...), At: e.Place}
	if d != nil {
		for i := max(0, d.glances-len(d.recent)); i < d.glances; i++ {
			g := &d.recent[i%len(d.recent)]
			f.Around = append(f.Around, diagnose.Claim{Text: g.String(), At: []diagnose.Place{g.place}})
		}
		d.after = append(d.after, after{len(r.findings), mostAfter})
	}
	r.findings = append(r.findings, f)
}

// who names a thread.
func who(id int64) string {
	if id == 0 {
		return "a thread"
	}
	return fmt.Sprintf("thread %d", id)
}

// of names a domain.
func (d *domain) String() string {
	switch {
	case d == nil:
		return "a domain"
	case d.name != "":
		return d.name
	}
	return fmt.Sprintf("0x%x", d.vm)
}
