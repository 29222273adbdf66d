package jobs

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/checker/diagnose"
)

// list fills in who has what, and who waits.
func (r *Replay) list(d *diagnose.Diagnosis, open []*hold) []*hold {
	index := map[*hold]int{}
	var shown []*hold
	show := func(h *hold) {
		if index[h] == 0 {
			shown = append(shown, h)
			index[h] = d.AddHolder(h.public())
		}
	}
	for _, x := range r.incidents {
		for _, h := range x.behind {
			show(h)
		}
		if x.nobody {
			for _, h := range x.had {
				show(h)
			}
		}
	}
	for _, h := range r.slow {
		show(h)
	}
	for _, h := range open {
		show(h)
	}
	d.MoreWaiters = r.more
	for _, x := range r.incidents {
		w := x.public()
		if len(x.behind) > 0 {
			w.Behind = index[x.behind[0]]
		} else if x.nobody && len(x.had) > 0 {
			w.Behind = index[x.had[0]]
		}
		d.AddWaiter(w)
	}
	for _, w := range r.waiting() {
		out := w.public()
		if w.dom != nil {
			s := normal
			if w.waiting == diagnose.ForAsync {
				s = async
			}
			if h := w.dom.slots[s]; h != nil {
				out.Behind = index[h]
			}
		}
		d.AddWaiter(out)
	}
	for _, c := range r.unanswered() {
		w := diagnose.Waiter{Thread: c.thread, Since: c.at, For: diagnose.ForQEMU, At: []diagnose.Place{c.place}}
		if t := r.threads[c.thread]; t != nil && t.inCall {
			w.API = t.api
		}
		d.AddWaiter(w)
	}
	r.names(d, shown)
	return shown
}

// unanswered are the commands without an answer, where threads wait that have no job: else it is
// the holder who waits for QEMU.
func (r *Replay) unanswered() []command {
	var out []command
	for _, c := range r.channels {
		for _, x := range c {
			if t := r.threads[x.thread]; !x.answered && (t == nil || len(t.holds) == 0) {
				out = append(out, x)
			}
		}
	}
	slices.SortFunc(out, func(a, b command) int { return a.place.Line - b.place.Line })
	return out
}

// waiting are those who wait at the end.
func (r *Replay) waiting() []*ask {
	out := slices.Clone(r.leftAsks)
	silent := r.counts[waitedJob]+r.counts[waitedAsync] == 0 // releases that do not say that a thread waits
	for _, t := range r.threads {
		a := t.pending
		switch {
		case a == nil:
		case a.waiting != "":
			out = append(out, a)
		case silent && a.dom != nil && a.dom.slots[normal] != nil && a.dom.slots[normal].thread != a.thread && None(a.async):
			b := *a
			b.waiting = diagnose.ForJob
			out = append(out, &b)
		}
	}
	slices.SortFunc(out, func(a, b *ask) int { return int(a.order - b.order) })
	return out
}

// names lists the domains that take part.
func (r *Replay) names(d *diagnose.Diagnosis, shown []*hold) {
	add := func(name string) {
		if name != "" && name != "a domain" && !slices.Contains(d.Domains, name) && len(d.Domains) < diagnose.MostListed {
			d.Domains = append(d.Domains, name)
		}
	}
	for _, h := range shown {
		add(h.nameOf())
	}
	for _, x := range r.incidents {
		add(x.name)
	}
	for _, s := range r.silent {
		add(s.name)
	}
	for _, s := range r.cutNames {
		add(s)
	}
}

// public is a job as the answer has it.
func (h *hold) public() diagnose.Holder {
	out := diagnose.Holder{Thread: h.thread, API: h.api, Since: h.since, At: h.places()}
	if n := h.nameOf(); n != "a domain" {
		out.Domain = n
	}
	switch h.slot {
	case normal:
		out.Job, out.Async = h.kind, h.around
	case async:
		out.Async = h.kind
	case agent:
		out.Agent = h.kind
	}
	if h.ended {
		out.Until = h.until
		out.At = append(out.At, h.end)
	}
	if h.inferred {
		out.Inferred = append(out.Inferred, "since")
	}
	if h.guessed() && h.kind != "" {
		out.Inferred = append(out.Inferred, "async")
	}
	if h.slot == normal && h.dom != nil {
		switch {
		case h.dom.mon.in && !h.ended:
			out.Monitor = fmt.Sprintf("entered in line %d and not left", h.dom.mon.place.Line)
		case h.dom.monKnown && !h.ended:
			out.Monitor = "not entered"
		}
	}
	return out
}

// public is somebody who waited in vain, as the answer has it.
func (x *incident) public() diagnose.Waiter {
	out := diagnose.Waiter{
		Thread: x.thread, API: x.api, Domain: x.name, Since: x.since, TimedOut: x.timedOut, Refused: x.refused,
		For: x.waits, At: x.places,
	}
	if !None(x.job) || !None(x.async) || !None(x.agent) {
		out.Wants = wants(x.job, x.async, x.agent)
	}
	if x.inferred && x.since.Known() {
		out.Inferred = append(out.Inferred, "since")
	}
	if x.guess {
		out.Inferred = append(out.Inferred, "for")
	}
	return out
}

// public is somebody who waits at the end.
func (a *ask) public() diagnose.Waiter {
	out := diagnose.Waiter{
		Thread: a.thread, API: a.api, Domain: a.name, Since: a.since, For: a.waiting,
		At: []diagnose.Place{a.place},
	}
	if !None(a.job) || !None(a.async) || !None(a.agent) {
		out.Wants = wants(a.job, a.async, a.agent)
	}
	if a.waiting == diagnose.ForJob && !None(a.agent) {
		out.For = diagnose.ForAgent
		if !None(a.job) {
			out.For = diagnose.ForAgentJob
		}
	}
	return out
}
