package typestate

import (
	"slices"
)

// What the analysis of a function tells beside its summary is about others as well: what it asks
// of its callers, in which order it takes locks. It is kept where it may be told again, of another
// tree.

// A told is all that the analysis of one function has told.
type told struct {
	findings  []Finding
	blames    []Finding // of callees
	demands   map[demand]*tally
	taken     []handover
	callbacks []callback
	uses      map[lockOfCallee]use
	edges     map[[2]string]edge
	held      map[heldBack]*holder
	gaps      []Gap
	states    int
	blurred   bool
}

// tell adds what the analysis of a function has told to what others have.
func (w *world) tell(t *told) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.demand(t.demands)
	for _, key := range t.taken {
		w.taken[key] = true
	}
	w.callbacks = append(w.callbacks, t.callbacks...)
	w.result.States += t.states
	if t.blurred {
		w.result.Counts["cases of a summary joined"]++
	}
	for _, f := range t.findings {
		f.Path, f.Callers = slices.Clip(f.Path), slices.Clip(f.Callers)
		w.result.Findings = append(w.result.Findings, f)
	}
	for _, f := range t.blames {
		f.Path, f.Callers = slices.Clip(f.Path), slices.Clip(f.Callers)
		w.blames = append(w.blames, f)
	}
	w.use(t.uses)
	for key, e := range t.edges {
		if old, ok := w.edges[key]; !ok || comparePos(e.pos, old.pos) < 0 {
			w.edges[key] = e
		}
	}
	for key, h := range t.held {
		if old := w.heldBack[key]; old != nil {
			old.join(h)
		} else {
			w.heldBack[key] = h.clone()
		}
	}
	for _, g := range t.gaps {
		w.addGap(g)
	}
}

// clone is a copy to which others can be added.
func (h *holder) clone() *holder {
	c := *h
	c.others = slices.Clone(h.others)
	return &c
}

// join adds another holder, which may be the first now.
func (h *holder) join(o *holder) {
	function, pos := o.function, o.pos
	if comparePos(o.pos, h.pos) < 0 {
		function, pos = h.function, h.pos
		h.function, h.pos, h.where, h.since = o.function, o.pos, o.where, o.since
	}
	h.other(function, pos)
}
