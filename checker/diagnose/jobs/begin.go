package jobs

import (
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

// refusedBy reports whether it is what a warning told of.
func (a *ask) refusedBy(x *incident) bool {
	return x != nil && sameJob(x.job, a.job) && sameJob(x.async, a.async)
}

// sameJob compares names of jobs, of which some releases print none where others print nothing.
func sameJob(a, b string) bool { return a == b || None(a) && None(b) }
