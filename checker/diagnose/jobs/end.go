package jobs

import (
	"time"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/model"
)

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
