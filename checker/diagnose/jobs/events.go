package jobs

import (
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/model"
)

// ask notes that a thread wants a job. What its line prints of the domain must be what the replay
// has.
func (r *Replay) ask(e *Event) {
	r.jobs = true
	d, t := r.domain(e), r.thread(e)
	if d != nil {
		r.look(d, e, wants(e.Job, e.Async, e.Agent))
		if e.HasNow {
			r.compare(e, d)
		}
	}
	if t == nil {
		return
	}
	if t.pending != nil { // refused without a word
		t.forget()
	}
	if e.API != "" {
		t.api = e.API
	}
	t.busy(e)
	a := t.spare
	if a == nil {
		a = &ask{}
		t.spare = a
	}
	r.order++
	*a = ask{
		thread: t.id, dom: d, name: e.Domain, job: e.Job, async: e.Async, agent: e.Agent, api: t.api, since: e.At,
		place: e.Place, order: r.order,
	}
	t.pending = a
}

// wants says what is asked for.
func wants(job, async, agent string) string {
	switch {
	case !None(async):
		return "async job " + async
	case !None(agent) && !None(job):
		return job + " job, agent job " + agent
	case !None(agent):
		return "agent job " + agent
	case !None(job):
		return job + " job"
	}
	return "a job"
}

// compare holds what a line prints against what the replay has, and believes the line.
func (r *Replay) compare(e *Event, d *domain) {
	for s, printed := range [3]string{e.NowJob, e.NowAsync, e.NowAgent} {
		if slot(s) == agent && printed == "" { // before there were agent jobs
			continue
		}
		h := d.slots[s]
		switch {
		case !d.known[s]:
			if !None(printed) {
				h = r.fresh()
				*h = hold{slot: slot(s), kind: printed, dom: d, at: e.Place}
				if slot(s) == normal && printed == nested {
					h.around = e.NowAsync
				}
				d.slots[s] = h
			}
			d.known[s] = true
		case h == nil && None(printed) || h != nil && h.kind == printed:
		case h == nil:
			r.find(model.JobUnbalanced, false, e, d, "the line says that %s has the %s %s, which nobody was seen to begin",
				d, printed, slot(s))
			h = r.fresh()
			*h = hold{slot: slot(s), kind: printed, dom: d, at: e.Place}
			d.slots[s] = h
		default:
			what := "no " + slot(s).String()
			if !None(printed) {
				what = "the " + printed + " " + slot(s).String()
			}
			r.find(model.JobUnbalanced, false, e, d,
				"the line says that %s has %s, but %s has not ended the %s %s that it began in line %d", d, what, who(h.thread),
				h.kind, slot(s), h.at.Line)
			r.drop(d, slot(s))
			if !None(printed) {
				h = r.fresh()
				*h = hold{slot: slot(s), kind: printed, dom: d, at: e.Place}
				d.slots[s] = h
			}
		}
	}
}

// compareAsync holds the async job that a line about another one prints against the replay's.
func (r *Replay) compareAsync(e *Event, d *domain, s slot) {
	if s == async || e.Async == "" || !d.known[async] {
		return
	}
	if h := d.slots[async]; h == nil && !None(e.Async) {
		r.find(model.JobUnbalanced, false, e, d,
			"the line says that %s has the async job %s, which nobody was seen to begin", d, e.Async)
		d.known[async] = false
	} else if h != nil && h.kind != e.Async {
		r.find(model.JobUnbalanced, false, e, d, "the line says that the async job of %s is %s, but %s has not ended the "+
			"async job %s that it began in line %d", d, e.Async, who(h.thread), h.kind, h.at.Line)
		r.drop(d, async)
	}
}

// wait notes that a thread sleeps until a job is free. The line comes again with every wake-up.
func (r *Replay) wait(e *Event, f diagnose.For) {
	d, t := r.domain(e), r.thread(e)
	if d == nil || t == nil {
		return
	}
	a := t.pending
	if a == nil || a.dom != d { // the line in which it asked is not there
		if t.pending != nil {
			t.forget()
		}
		a = t.spare
		if a == nil {
			a = &ask{}
			t.spare = a
		}
		r.order++
		*a = ask{thread: t.id, dom: d, name: d.name, api: t.api, since: e.At, place: e.Place, order: r.order}
		t.pending = a
	}
	if a.waiting == "" {
		d.waits = append(d.waits, a)
		r.look(d, e, "")
		if a.job == "destroy" {
			d.stopping++
		}
		if n := len(d.waits); n > r.deepest.n {
			r.deepest = depth{n, d.String(), e.Place}
		}
	}
	a.waiting = f
}

// forget takes back what a thread has asked for.
func (t *thread) forget() {
	a := t.pending
	t.pending = nil
	if a == nil || a.waiting == "" || a.dom == nil {
		return
	}
	d := a.dom
	for i, x := range d.waits {
		if x == a {
			d.waits = append(d.waits[:i], d.waits[i+1:]...)
			if a.job == "destroy" {
				d.stopping--
			}
			return
		}
	}
}

// grant gives a job to a thread.
func (r *Replay) grant(e *Event, s slot, kind string) {
	r.jobs = true
	d, t := r.domain(e), r.thread(e)
	if d != nil {
		r.compareAsync(e, d, s)
		r.mayGrant(e, d, s, kind)
		r.look(d, e, kind)
		d.eofs = 0
	}
	h := r.fresh()
	*h = hold{slot: s, kind: kind, dom: d, thread: e.Thread, threads: e.Thread != 0, since: e.At, at: e.Place, begun: true}
	if s == normal && kind == nested {
		h.around = e.Async
		if h.around == "" && d != nil && d.slots[async] != nil {
			h.around = d.slots[async].kind
		}
	}
	if t != nil {
		h.api = t.api
		t.busy(e)
		if a := t.pending; a != nil {
			r.had(e, a, s, kind)
			t.forget()
		}
		t.holds = append(t.holds, h)
	}
	if d == nil {
		return
	}
	if d.slots[s] != nil {
		r.drop(d, s)
	}
	d.slots[s], d.known[s] = h, true
}

// mayGrant looks whether the job may be had.
func (r *Replay) mayGrant(e *Event, d *domain, s slot, kind string) {
	if h := d.slots[s]; h != nil {
		r.find(model.NoJob, false, e, d,
			"%s begins the %s %s of %s, which has the %s %s of %s since line %d: two owners of one job",
			who(e.Thread), kind, s, d, h.kind, s, who(h.thread), h.at.Line)
	}
	a := d.slots[async]
	switch {
	case s != normal || kind != nested:
	case a == nil && d.known[async]:
		r.find(model.AsyncNesting, false, e, d, "%s begins a nested job of %s, which has no async job", who(e.Thread), d)
	case a != nil && a.threads && e.Thread != 0 && a.thread != e.Thread:
		r.find(model.AsyncNesting, false, e, d, "%s begins a nested job of %s, but the async job %s belongs to %s",
			who(e.Thread), d, a.kind, who(a.thread))
	}
}

// had measures a wait that came to its end, and counts whom it overtook.
func (r *Replay) had(e *Event, a *ask, s slot, kind string) {
	if took, ok := e.At.Sub(a.since); ok && a.waiting != "" && took > r.longest.took {
		r.longest = wait{took, *a}
	}
	if a.waiting != "" {
		r.drawWait(a, e.At, e.Place)
	}
	if a.dom == nil || s != normal || kind == nested {
		return
	}
	for _, x := range a.dom.waits {
		if x != a && x.order < a.order && x.waiting == diagnose.ForJob {
			x.overtaken++
			if x.overtaken > r.overtaken.overtaken {
				r.overtaken = *x
			}
		}
	}
}

// outlives reports whether an async job is meant to go on when the call has returned that began it,
// and ends in another thread.
func outlives(kind string) bool {
	return kind == "migration in" || kind == "migration out" || kind == "backup"
}

// end takes a job back. It must be there, and be its thread's own.
func (r *Replay) end(e *Event, s slot, kind string) {
	r.jobs = true
	d, t := r.domain(e), r.thread(e)
	if t != nil {
		t.busy(e)
	}
	if d == nil {
		r.endOfThread(e, t, s)
		return
	}
	r.compareAsync(e, d, s)
	h := d.slots[s]
	switch {
	case h == nil && d.known[s]:
		r.find(model.JobUnbalanced, false, e, d, "%s ends the %s %s of %s, which nobody has", who(e.Thread), kind, s, d)
	case h == nil:
	case h.kind != kind:
		r.find(model.JobUnbalanced, false, e, d, "%s ends the %s %s of %s, which has the %s %s since line %d", who(e.Thread),
			kind, s, d, h.kind, s, h.at.Line)
	case h.threads && e.Thread != 0 && h.thread != e.Thread && (s != async || !outlives(kind)):
		r.find(model.JobUnbalanced, false, e, d, "%s ends the %s %s of %s, which %s began in line %d", who(e.Thread), kind,
			s, d, who(h.thread), h.at.Line)
	}
	if s == normal && d.mon.in && d.mon.thread == e.Thread && e.Thread != 0 {
		r.find(model.MonitorUnbalanced, false, e, d, "%s ends its job of %s in the monitor, which it entered in line %d",
			who(e.Thread), d, d.mon.place.Line)
		d.mon = monitor{}
	}
	r.look(d, e, kind)
	d.known[s] = true
	if h != nil {
		r.ended(e, h)
		r.drop(d, s)
	}
}

// ended notes when a job came to its end.
func (r *Replay) ended(e *Event, h *hold) {
	h.ended, h.until, h.end = true, e.At, e.Place
	if took, ok := e.At.Sub(h.since); ok {
		h.lasted(took)
	}
	drawHold(r.timeline, h, e.At, e.Place)
	if h.dom != nil {
		h.dom.last[h.slot] = *h
	}
}

// lasted notes that a job was had for so long.
func (h *hold) lasted(took time.Duration) { h.longest, h.measured = max(h.longest, took), true }

// endOfThread ends a job of which only the thread is known.
func (r *Replay) endOfThread(e *Event, t *thread, s slot) {
	if t == nil {
		return
	}
	for _, h := range t.holds {
		if h.slot == s && h.dom == nil {
			r.ended(e, h)
			t.let(h)
			r.recycle(h)
			return
		}
	}
}

// release takes the async job from its thread, or gives it to another. The line names no domain.
func (r *Replay) release(e *Event) {
	t := r.thread(e)
	if t == nil {
		return
	}
	t.busy(e)
	for _, h := range t.holds {
		if h.slot == async && (h.kind == e.Async || e.Async == "") && e.Kind == Release {
			h.thread, h.nobody, h.threads = 0, true, false
			t.let(h)
			return
		}
	}
}

// busy notes that a thread goes on: an error that it had, or a hook that it ran, was not the end.
func (t *thread) busy(e *Event) {
	t.failed = diagnose.Place{}
	for _, h := range t.holds {
		if h.failed.Line != 0 && e.Kind != Failed {
			h.failed, h.failure = diagnose.Place{}, ""
		}
		if h.hook.Line != 0 && !h.hookOver.Known() && e.Kind != End && e.Kind != EndAsync {
			h.hookOver = e.At
		}
	}
}

// enter lets a thread into the monitor. It must have a job, and there must be a monitor.
func (r *Replay) enter(e *Event) {
	d, t := r.domain(e), r.thread(e)
	if t != nil {
		t.busy(e)
	}
	if d == nil {
		return
	}
	if e.HasMon && e.Mon == 0 {
		r.find(model.StaleLiveness, false, e, d, "%s enters the monitor of %s, and there is none: the guest ended while "+
			"the lock was dropped, and nobody looked", who(e.Thread), d)
	}
	r.mayEnter(e, d, t)
	r.look(d, e, "")
	if d.mon.in && d.monKnown && d.mon.thread == e.Thread && e.Thread != 0 {
		r.find(model.MonitorUnbalanced, false, e, d, "%s enters the monitor of %s again, in which it is since line %d",
			who(e.Thread), d, d.mon.place.Line)
	}
	d.mon, d.monKnown = monitor{true, e.Thread, e.At, e.Place}, true
	if h := d.slots[normal]; h != nil {
		h.entered = true
	}
}

func (r *Replay) mayEnter(e *Event, d *domain, t *thread) {
	if t == nil || !d.known[normal] {
		return
	}
	warned := t.warned
	t.warned = Other
	h, a := d.slots[normal], d.slots[async]
	switch {
	case h != nil && (!h.threads || h.thread == t.id):
	case warned != Other: // it was said in the line before
	case h == nil && a != nil && (a.thread == t.id || !a.threads) || h == nil && !d.known[async]:
		if a != nil && a.thread == t.id {
			r.find(model.AsyncNesting, true, e, d, "%s, the owner of the async job %s of %s, enters the monitor without a "+
				"nested job: another thread may enter too", who(t.id), a.kind, d)
		}
	case h == nil:
		r.find(model.NoJob, false, e, d, "%s enters the monitor of %s without a job", who(t.id), d)
	default:
		r.find(model.NoJob, false, e, d, "%s enters the monitor of %s, whose job belongs to %s since line %d", who(t.id),
			d, who(h.thread), h.at.Line)
	}
}

// exit lets a thread out again.
func (r *Replay) exit(e *Event) {
	d, t := r.domain(e), r.thread(e)
	if t != nil {
		t.busy(e)
	}
	if d == nil {
		return
	}
	switch {
	case !d.mon.in && (d.monKnown || d.began(t)): // a job that the log has from its beginning is older than the entry
		r.find(model.MonitorUnbalanced, false, e, d, "%s leaves the monitor of %s, which nobody entered", who(e.Thread), d)
	case d.mon.in && d.mon.thread != e.Thread && e.Thread != 0 && d.mon.thread != 0:
		r.find(model.MonitorUnbalanced, false, e, d, "%s leaves the monitor of %s, which %s entered in line %d",
			who(e.Thread), d, who(d.mon.thread), d.mon.place.Line)
	}
	r.look(d, e, "")
	if d.mon.in {
		drawMonitor(r.timeline, d, e.At, e.Place)
		if h := d.slots[normal]; h != nil {
			h.inMonitor(e.At, &d.mon)
			if h.stuck >= patience && !h.slow && !h.inOnePiece() && len(r.slow) < diagnose.MostListed {
				h.slow = true
				r.slow = append(r.slow, h)
			}
		}
	}
	d.mon, d.monKnown = monitor{}, true
}

// inMonitor measures for how long a monitor has been open under a job.
func (h *hold) inMonitor(now diagnose.Moment, m *monitor) {
	if took, ok := now.Sub(m.at); ok && took > h.stuck {
		h.stuck, h.stuckAt = took, m.place
	}
}

// agent follows who asks the agent in the guest.
func (r *Replay) agent(e *Event) {
	d, t := r.domain(e), r.thread(e)
	if t != nil {
		t.busy(e)
	}
	if d == nil {
		return
	}
	r.look(d, e, "")
	if e.Kind == EnterAgent {
		d.agentMon = monitor{true, e.Thread, e.At, e.Place}
		return
	}
	if d.agentMon.in {
		d.agentAsked(e.At)
	}
	d.agentMon = monitor{}
}

// agentAsked measures for how long the agent has been asked.
func (d *domain) agentAsked(now diagnose.Moment) {
	took, ok := now.Sub(d.agentMon.at)
	if !ok {
		return
	}
	for _, h := range d.slots {
		if h != nil && (h.thread == d.agentMon.thread || !h.threads) {
			h.agentFor = max(h.agentFor, took)
		}
	}
}

// callBegins gives a thread a name for what it does. It must have let go of everything.
func (r *Replay) callBegins(e *Event) {
	t := r.thread(e)
	if t == nil {
		return
	}
	r.mustBeFree(e, t, "begins "+e.API)
	t.api, t.inCall = e.API, true
	if t.pending != nil {
		t.forget()
	}
}

func (r *Replay) callEnds(e *Event) {
	t := r.thread(e)
	if t == nil {
		return
	}
	if t.pending != nil && !t.pending.refusedBy(t.refused) {
		r.counts[noOutcome]++
	}
	if t.pending != nil {
		t.forget()
	}
	r.mustBeFree(e, t, "comes to the end of "+e.API)
	t.api = ""
}

// refusedBy reports whether it is what a warning told of.
func (a *ask) refusedBy(x *incident) bool {
	return x != nil && sameJob(x.job, a.job) && sameJob(x.async, a.async)
}

// sameJob compares names of jobs, of which some releases print none where others print nothing.
func sameJob(a, b string) bool { return a == b || None(a) && None(b) }

// mustBeFree finds the jobs that a thread has left behind.
func (r *Replay) mustBeFree(e *Event, t *thread, does string) {
	left := t.holds[:0]
	for _, h := range t.holds {
		if h.slot == async && outlives(h.kind) {
			left = append(left, h)
			continue
		}
		h.gone, h.goneTo = e.Place, does
		name := h.kind + " " + h.slot.String()
		r.find(model.JobLeak, false, e, h.dom, "%s %s, and still has the %s of %s that it began in line %d", who(t.id),
			does, name, h.nameOf(), h.at.Line)
	}
	t.holds = left
}

// warned notes what the daemon itself finds wrong with how the monitor is entered.
func (r *Replay) warned(e *Event) {
	if t := r.thread(e); t != nil {
		t.busy(e)
		t.warned = e.Kind
	}
	if e.Kind == NotNested {
		r.find(model.AsyncNesting, true, e, nil,
			"%s owns an async job and enters the monitor without a nested job: another thread may enter too", who(e.Thread))
		return
	}
	r.find(model.NoJob, false, e, nil, "%s enters a monitor without a job", who(e.Thread))
}

// mostEOFs is how many lines about the end of a monitor are no chance.
const mostEOFs = 3

// eof notes an event thread that spins: the monitor has ended, and the job that would close it
// waits for another.
func (r *Replay) eof(e *Event) {
	var d *domain
	if e.VM != 0 {
		d = r.domains[e.VM]
	}
	if d == nil {
		return
	}
	if d.eofThread != e.Thread {
		d.eofThread, d.eofs = e.Thread, 0
	}
	if d.eofs++; d.eofs == mostEOFs && d.stopping > 0 {
		r.spun++
		if len(r.spins) < diagnose.MostListed {
			r.spins = append(r.spins, spin{e.Thread, d.String(), e.Place})
		}
	}
}

// failed notes an error of a thread that has a job.
func (r *Replay) failed(e *Event) {
	t := r.thread(e)
	if t == nil {
		return
	}
	t.failedAt, t.failed, t.failure = e.At, e.Place, e.Text
	for _, h := range t.holds {
		h.failed, h.failure = e.Place, e.Text
	}
}

// hook notes a script that a thread runs while it has a job.
func (r *Replay) hook(e *Event) {
	t := r.thread(e)
	if t == nil {
		return
	}
	t.busy(e)
	for _, h := range t.holds {
		h.hook, h.hookAt, h.hookText, h.hookOver = e.Place, e.At, e.Text, diagnose.Moment{}
	}
}

// mostCommands is how many commands of one monitor are kept; libvirt sends one at a time.
const mostCommands = 64

// channel follows the commands of a monitor and their answers.
func (r *Replay) channel(e *Event) {
	c := r.channels[e.Mon]
	switch e.Kind {
	case Sent:
		if len(c) == 0 && len(r.channels) >= mostDomains {
			return
		}
		kept := c[:0]
		for i := range c {
			if !c[i].answered {
				kept = append(kept, c[i])
			}
		}
		if len(kept) < mostCommands {
			kept = append(kept, command{id: e.Text, thread: e.Thread, at: e.At, place: e.Place})
		}
		r.channels[e.Mon] = kept
	case Replied:
		for i := range c {
			if c[i].id == e.Text {
				c[i].answered = true
			}
		}
	case Unexpected: // the line names no monitor
		for mon, c := range r.channels {
			for i := range c {
				if c[i].id == e.Text && c[i].answered {
					c[i].answered = false
					r.channels[mon] = c
				}
			}
		}
	}
}

// age is how long ago a moment was.
func (r *Replay) age(m diagnose.Moment) time.Duration {
	d, _ := r.now.Sub(m)
	return d
}
