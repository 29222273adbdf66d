package jobs

import (
	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/model"
)

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
