package stacks

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/libvirt/protocol"
)

// weights are the causes in the order in which they tell what to do, the gravest first: of several
// processes the one with the gravest cause gives the answer.
var weights = []diagnose.Cause{
	diagnose.SelfDeadlock, diagnose.LockOrder, diagnose.LockLeftLocked, diagnose.Crash,
	diagnose.HookRecursion, diagnose.Reconnect, diagnose.AgentSilent, diagnose.QEMUSilent,
	diagnose.OtherHost, diagnose.MigrationIn, diagnose.LongJob, diagnose.CannotTell,
}

// answer puts together what the processes come to.
func answer(all []*process) *diagnose.Diagnosis {
	d := &diagnose.Diagnosis{Format: diagnose.Backtrace}
	verdicts := make([]verdict, len(all))
	best := 0
	for i, p := range all {
		verdicts[i] = p.judge()
		if slices.Index(weights, verdicts[i].cause) < slices.Index(weights, verdicts[best].cause) {
			best = i
		}
	}
	d.Cause, d.Sure = verdicts[best].cause, verdicts[best].sure
	order := append([]int{best}, without(len(all), best)...)
	for _, i := range order {
		p, v := all[i], &verdicts[i]
		if len(all) > 1 {
			d.Notes = append(d.Notes, diagnose.Claim{
				Text: fmt.Sprintf("%s: %s", p.title(), v.cause),
				At:   []diagnose.Place{p.last().at(p.last().dump.Line)},
			})
		}
		d.Fault = d.Fault || v.fault
		d.Why = append(d.Why, v.why...)
		for _, n := range v.next {
			if !slices.Contains(d.Next, n) {
				d.Next = append(d.Next, n)
			}
		}
		for _, f := range v.findings {
			d.AddFinding(f)
		}
		d.Cannot(v.cannot...)
		if !v.quiet {
			w := writer{d: d, p: p, s: p.last(), v: v}
			w.people()
		}
		p.describe(d)
	}
	return d
}

func without(n, i int) []int {
	var out []int
	for k := range n {
		if k != i {
			out = append(out, k)
		}
	}
	return out
}

// title is how a process is called.
func (p *process) title() string {
	d := p.last().dump
	name := d.Process
	if name == "" {
		name = "process"
	}
	if d.PID != 0 {
		name += fmt.Sprintf(" %d", d.PID)
	}
	if d.Host != "" {
		name += " on " + clip(d.Host)
	}
	if d.Title != "" && d.Title != d.Host {
		name += " (" + clip(d.Title) + ")"
	}
	return name
}

// describe notes what else the dumps of a process show.
func (p *process) describe(d *diagnose.Diagnosis) {
	s := p.last()
	kinds := map[protocol.Kind]int{}
	for _, a := range s.threads {
		kinds[a.Kind]++
	}
	if n := kinds[protocol.Idle]; n > 0 {
		d.Notes = append(d.Notes, diagnose.Claim{
			Text: count(n, "thread waits for work", "threads wait for work"),
			At:   []diagnose.Place{s.at(s.dump.Line)},
		})
	}
	if len(p.scenes) > 1 {
		got, stayed := 0, 0
		for _, a := range s.threads {
			if !a.waiting() {
				continue
			}
			if p.stayed(a) {
				stayed++
			} else if p.gotOn(a) {
				got++
			}
		}
		d.Notes = append(d.Notes, diagnose.Claim{
			Text: fmt.Sprintf("%d dumps of one process: of the threads that wait in the last, %d stood at the same place in "+
				"the one before, %d did something else", len(p.scenes), stayed, got),
			At: []diagnose.Place{s.at(s.dump.Line)},
		})
	}
	switch e := s.era; {
	case e.Stated:
		d.Notes = append(d.Notes, diagnose.Claim{
			Text: "libvirt " + e.From.String() + ", as the text says",
			At:   []diagnose.Place{s.at(s.dump.Line)},
		})
	case e.From > protocol.Oldest || e.To < protocol.Newest:
		d.Notes = append(d.Notes,
			diagnose.Claim{Text: fmt.Sprintf("by the names of functions and files this is a libvirt between %v and %v", e.From,
				e.To), Inferred: true, At: []diagnose.Place{s.at(s.dump.Line)}})
	}
	if len(s.threads) == 1 {
		d.Cannot(diagnose.NoOtherThreads)
	}
	for _, a := range s.threads {
		if a.thread.Cut {
			d.Cannot(diagnose.NoOtherThreads)
		}
	}
}

// writer writes the holders and waiters of one process.
type writer struct {
	d *diagnose.Diagnosis
	p *process
	s *scene
	v *verdict

	jobs   map[uint64]int // the holder of a domain's job, as an index plus one
	wanted map[*actor][]protocol.Lock
	owners []*actor                          // of jobs, as many as matter
	locks  map[*actor]map[protocol.Class]int // the holders of locks, as indices plus one
}

// people adds who holds and who waits.
func (w *writer) people() {
	w.jobs = map[uint64]int{}
	w.wanted, w.locks = map[*actor][]protocol.Lock{}, map[*actor]map[protocol.Class]int{}
	for _, a := range w.s.threads {
		for _, n := range a.needs {
			if known := w.wanted[n.who]; a.Kind == protocol.ForLock && (n.sure || len(a.needs) == 1) && len(known) < 16 {
				w.wanted[n.who] = append(known, a.Waits)
			}
		}
	}
	for _, a := range w.s.threads {
		w.held(a)
	}
	for _, a := range w.v.owners {
		if len(a.thread.Frames) == 0 {
			w.held(a)
		}
	}
	for _, a := range w.s.threads {
		if a.waiting() {
			w.waiter(a)
		}
	}
	if len(w.d.Holders) > 0 {
		w.d.Cannot(diagnose.NoSince)
	}
}

// held adds the locks and the job that a thread holds, as far as they matter.
func (w *writer) held(a *actor) {
	for _, o := range a.owns {
		if a.Kind == protocol.Idle || a.Kind == protocol.EventLoop || !holds(a, o.lock) {
			w.lock(a, protocol.Held{Lock: o.lock, Frame: -1, Sure: true}, o.line)
		}
	}
	blocked := a.Kind == protocol.ForLock
	for _, h := range a.Holds {
		if asked := w.someoneWants(a, h); asked || blocked && (h.Sure || h.Object != 0) {
			w.lock(a, h, 0)
		}
	}
	if a.Has != nil {
		w.job(a)
	}
}

func holds(a *actor, l protocol.Lock) bool {
	return slices.ContainsFunc(a.Holds, func(h protocol.Held) bool { return same(l, h.Lock) == one })
}

// someoneWants reports whether a thread waits for a lock of another one.
func (w *writer) someoneWants(holder *actor, h protocol.Held) bool {
	return slices.ContainsFunc(w.wanted[holder], func(l protocol.Lock) bool { return same(l, h.Lock) != other })
}

func (w *writer) lock(a *actor, h protocol.Held, line int) {
	out := diagnose.Holder{
		Lock: string(h.Class), Thread: a.thread.LWP, API: a.API,
		At: []diagnose.Place{w.s.frameAt(a, h.Frame)},
	}
	switch {
	case line != 0 && line == out.At[0].Line: // all that is known of it is that somebody printed it
	case line != 0:
		out.At = append(out.At, w.s.at(line))
	default:
		out.Inferred = []string{"lock"}
	}
	switch h.Class {
	case protocol.Domain:
		out.Domain = w.domain(h.Object)
	case protocol.Monitor, protocol.Agent:
		out.Domain = w.domain(w.s.domains[h.Object])
	}
	if n := w.add(out, h.Class == protocol.Domain || h.Class == protocol.Monitor || h.Class == protocol.Agent); n > 0 {
		if w.locks[a] == nil {
			w.locks[a] = map[protocol.Class]int{}
		}
		w.locks[a][h.Class] = n
	}
}

func (w *writer) job(a *actor) {
	j := a.Has
	if len(w.owners) < 200 {
		w.owners = append(w.owners, a)
	}
	out := diagnose.Holder{
		Domain: w.domain(j.Domain), Job: j.Job, Async: j.Async, Agent: j.Agent, Thread: a.thread.LWP, API: a.API,
		At: []diagnose.Place{w.s.frameAt(a, a.Where)}, Inferred: []string{"job"},
	}
	if j.InMonitor && a.Kind == protocol.ForReply {
		out.Monitor = "entered"
	}
	n := w.add(out, true)
	if n > 0 && w.jobs[j.Domain] == 0 {
		w.jobs[j.Domain] = n
	}
}

// add adds a holder, and what cannot be told of it.
func (w *writer) add(h diagnose.Holder, ofDomain bool) int {
	if h.Thread == 0 {
		w.d.Cannot(diagnose.NoThread)
	}
	if h.API == "" {
		w.d.Cannot(diagnose.NoAPI)
	}
	if ofDomain && h.Domain == "" {
		w.d.Cannot(diagnose.NoDomain)
	}
	return w.d.AddHolder(h)
}

// domain is the name of a domain, which is its pointer.
func (w *writer) domain(object uint64) string {
	if object == 0 {
		return ""
	}
	name := fmt.Sprintf("%#x", object)
	if !slices.Contains(w.d.Domains, name) && len(w.d.Domains) < diagnose.MostListed {
		w.d.Domains = append(w.d.Domains, name)
	}
	return name
}

// waiter adds a thread that waits.
func (w *writer) waiter(a *actor) {
	out := diagnose.Waiter{Thread: a.thread.LWP, API: a.API, At: []diagnose.Place{w.s.frameAt(a, a.Where)}}
	switch a.Kind {
	case protocol.ForLock:
		if a.Waits.Class != protocol.NoClass {
			out.For = diagnose.ForLock(string(a.Waits.Class))
		}
		switch a.Waits.Class {
		case protocol.Domain:
			out.Domain = w.domain(a.Waits.Object)
		case protocol.Monitor, protocol.Agent:
			out.Domain = w.domain(w.s.domains[a.Waits.Object])
		}
		if len(a.needs) == 0 {
			w.d.Cannot(diagnose.NoHolder)
		} else if a.needs[0].sure || len(a.needs) == 1 {
			out.Behind = w.locks[a.needs[0].who][a.Waits.Class]
		}
		if out.Domain == "" && a.Waits.Class != protocol.List {
			w.d.Cannot(diagnose.NoDomain)
		}
	case protocol.ForJob:
		out.Domain, out.Wants, out.For, out.Behind = w.domain(a.Asks.Domain), a.Asks.Job, diagnose.ForJob,
			w.jobs[a.Asks.Domain]
		out.For = w.jobFor(a)
		if a.Asks.Async != "" {
			out.Wants = a.Asks.Async
		}
		if out.Behind == 0 {
			w.d.Cannot(diagnose.NoHolder)
		}
		if out.Domain == "" {
			w.d.Cannot(diagnose.NoDomain)
		}
	case protocol.ForReply:
		out.For = diagnose.ForQEMU
	case protocol.ForAgent:
		out.For = diagnose.ForAgent
	case protocol.ForDaemon:
		out.For = diagnose.ForDaemon
	}
	if a.Has != nil && out.Domain == "" {
		out.Domain = w.domain(a.Has.Domain)
	}
	if out.Thread == 0 {
		w.d.Cannot(diagnose.NoWaiterThread)
	}
	if out.API == "" {
		w.d.Cannot(diagnose.NoWaiterAPI)
	}
	w.d.AddWaiter(out)
}

// jobFor says for which job a thread waits: that of the agent, the async one, or the normal one.
func (w *writer) jobFor(a *actor) diagnose.For {
	asks := a.Asks
	switch {
	case asks.Agent != "" && asks.Job != "":
		return diagnose.ForAgentJob
	case asks.Agent != "":
		return diagnose.ForAgent
	}
	for _, b := range w.owners {
		if b.Has.Domain != 0 && asks.Domain != 0 && b.Has.Domain != asks.Domain {
			continue
		}
		switch {
		case b.Has.Async != "" && (asks.Async != "" || b.Has.Job == ""):
			return diagnose.ForAsync
		case b.Has.Job != "":
			return diagnose.ForJob
		}
	}
	if asks.Async != "" && asks.Job == "" {
		return diagnose.ForAsync
	}
	return diagnose.ForJob
}
