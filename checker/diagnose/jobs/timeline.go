package jobs

import (
	"slices"

	"github.com/lockproof/lockproof/checker/diagnose"
)

// lanes are where each of the three jobs is drawn.
var lanes = [...]diagnose.Lane{normal: diagnose.JobLane, async: diagnose.AsyncLane, agent: diagnose.AgentLane}

// drawHold draws a job up to a moment.
func drawHold(t *diagnose.Timeline, h *hold, to diagnose.Moment, end diagnose.Place) {
	if t == nil {
		return
	}
	what := h.kind
	if what == "" {
		what = h.slot.String()
	}
	t.Add(h.since, to, diagnose.Bar{
		Domain: h.nameOf(), Lane: lanes[h.slot], Open: !h.ended, What: what, Thread: h.thread,
		API: h.api, At: h.at, End: end,
	})
}

// drawWait draws a wait that came to its end.
func (r *Replay) drawWait(a *ask, to diagnose.Moment, end diagnose.Place) {
	if r.timeline == nil {
		return
	}
	r.timeline.Add(a.since, to, diagnose.Bar{
		Domain: a.dom.String(), Lane: diagnose.WaitLane, What: wants(a.job, a.async, a.agent), Thread: a.thread, API: a.api,
		At: a.place, End: end,
	})
}

// drawMonitor draws how long a thread was in the monitor.
func drawMonitor(t *diagnose.Timeline, d *domain, to diagnose.Moment, end diagnose.Place) {
	if t == nil {
		return
	}
	t.Add(d.mon.at, to, diagnose.Bar{
		Domain: d.String(), Lane: diagnose.MonitorLane, Open: end.Line == 0, What: "monitor",
		Thread: d.mon.thread, At: d.mon.place, End: end,
	})
}

// draw is the timeline up to now: what has ended, and what has not.
func (r *Replay) draw(open []*hold) diagnose.Timeline {
	if r.timeline == nil {
		return diagnose.Timeline{}
	}
	t := *r.timeline
	t.Bars = slices.Clone(t.Bars)
	for _, h := range open {
		if h.past.Known() {
			drawHold(&t, h, h.past, diagnose.Place{})
			continue
		}
		drawHold(&t, h, r.now, diagnose.Place{})
		if h.slot == normal && h.dom != nil && h.dom.mon.in {
			drawMonitor(&t, h.dom, r.now, diagnose.Place{})
		}
	}
	for _, h := range r.printed {
		if h.blocked && h.since.Known() {
			drawHold(&t, h, r.now, diagnose.Place{})
		}
	}
	for _, a := range r.waiting() {
		t.Add(a.since, r.now, diagnose.Bar{
			Domain: a.dom.String(), Lane: diagnose.WaitLane, Open: true,
			What: wants(a.job, a.async, a.agent), Thread: a.thread, API: a.api, At: a.place,
		})
	}
	for _, x := range r.incidents {
		name := x.name
		if name == "" {
			name = "a domain"
		}
		t.Add(x.since, x.at, diagnose.Bar{
			Domain: name, Lane: diagnose.WaitLane, GaveUp: true, What: wants(x.job, x.async, x.agent), Thread: x.thread,
			API: x.api, At: x.places[0], End: x.places[len(x.places)-1],
		})
	}
	return t.Sorted()
}
