package explore

import (
	"github.com/lockproof/lockproof/model"
)

// Reduction says which states a search may leave out. None of them changes a verdict or a kind; Symmetry also keeps the length
// of shortest counterexamples, which Merge does not (see [Finding.Shortest]).
type Reduction struct {
	// Merge takes steps that no other thread can observe together with the step before them: a partial-order reduction whose
	// persistent sets are single movers ([model.Program.Movers]), with the states between left out altogether.
	Merge bool
	// Symmetry visits one representative of the states that exchanges of equal threads and equal domains make of each other
	// ([model.Symmetry]).
	Symmetry bool
	// Auto first searches without reductions, and only when that reaches a million states starts again with all of them: small
	// programs get full counts and plain shortest counterexamples, large ones get done.
	Auto bool
}

// autoStates is where Auto gives up on the plain search.
const autoStates = 1_000_000

// reducer generates the successors that a search visits.
type reducer[S model.Words] struct {
	m        *model.Machine[S]
	movers   [][]bool           // nil: no merging
	symmetry *model.Symmetry[S] // nil: none
	frees    []bool             // by rule, only when merging assumed that nothing is freed
	names    []string
}

func newReducer[S model.Words](m *model.Machine[S], r Reduction, assumeAlive bool) *reducer[S] {
	d := &reducer[S]{m: m}
	if r.Merge {
		d.movers = m.Program.Movers(assumeAlive)
		d.names = append(d.names, "por")
		if assumeAlive {
			d.frees = m.Frees()
		}
	}
	if r.Symmetry {
		if y := model.NewSymmetry(m); !y.Trivial() {
			d.symmetry = y
			d.names = append(d.names, "symmetry")
		}
	}
	return d
}

// canonical is the state that stands for s.
func (d *reducer[S]) canonical(s *S) S {
	if d.symmetry == nil {
		return *s
	}
	return d.symmetry.Canonical(s)
}

// only fills w.buf with the transitions out of one state, as successors appends them.
func (w *worker[S]) only(state *S) {
	w.buf, w.rounds = w.buf[:0], w.rounds[:0]
	w.successors(state)
}

// successors appends the transitions out of a state to w.buf, merged ones as a whole. Rule is that of the first step,
// w.rounds says which end with a completed round or a finished thread, when states are looked at again.
func (w *worker[S]) successors(state *S) {
	base := len(w.buf)
	w.buf = w.s.m.Successors(state, w.buf)
	if w.watches() {
		for i := base; i < len(w.buf); i++ {
			w.seen(w.buf[i].Rule, &w.buf[i])
		}
	}
	if w.s.reduce.movers != nil {
		w.merge(base)
		return
	}
	if w.quiet { // nobody else asks
		for i := base; i < len(w.buf); i++ {
			w.rounds = append(w.rounds, w.s.m.Completes(w.buf[i].Rule))
		}
	}
}

// watches reports whether single steps can show anything that is to be noted.
func (w *worker[S]) watches() bool {
	return !w.quiet && (w.s.reduce.frees != nil || w.s.m.MayLeak())
}

// represent replaces the successors in w.buf from base on by their representatives.
func (w *worker[S]) represent(base int) {
	symmetry := w.s.reduce.symmetry
	if symmetry == nil {
		return
	}
	for i := base; i < len(w.buf); i++ {
		if w.buf[i].Failed == nil {
			w.buf[i].State = symmetry.Canonical(&w.buf[i].State)
		}
	}
}

// seen looks at a single step for what only single steps show: something is freed, or a finished thread still holds something.
func (w *worker[S]) seen(rule int32, succ *model.Succ[S]) {
	if succ.Failed != nil {
		return
	}
	if w.s.reduce.frees != nil && w.s.reduce.frees[rule] {
		w.freed = true
	}
	if w.s.m.Leaks(rule) {
		w.leak(succ, rule)
	}
}

// merge replaces each transition from base on by those that also take the movers after it.
func (w *worker[S]) merge(base int) {
	w.heads = append(w.heads[:0], w.buf[base:]...)
	w.buf = w.buf[:base]
	for i := range w.heads {
		h := &w.heads[i]
		if h.Failed != nil {
			w.buf = append(w.buf, *h)
			w.rounds = append(w.rounds, false)
			continue
		}
		w.follow(*h, h.Rule, 0)
	}
}

// follow takes movers of the thread that made the step, as long as there are any and all goes well. A step that would fail
// starts a transition of its own, and so does what follows a completed round.
func (w *worker[S]) follow(at model.Succ[S], last int32, depth int) {
	m := w.s.m
	thread := m.ThreadOf(last)
	movers := w.s.reduce.movers[thread]
	if depth < len(movers) && !m.Completes(last) && movers[m.Location(&at.State, thread)] {
		base := len(w.micro)
		w.micro = m.StepsOf(&at.State, thread, w.micro)
		if n := len(w.micro) - base; n > 0 && !anyFailed(w.micro[base:]) {
			for i := base; i < base+n; i++ {
				step := w.micro[i]
				if w.watches() {
					w.seen(step.Rule, &step)
				}
				w.follow(model.Succ[S]{State: step.State, Rule: at.Rule}, step.Rule, depth+1)
			}
			w.micro = w.micro[:base]
			return
		}
		w.micro = w.micro[:base]
	}
	w.buf = append(w.buf, at)
	w.rounds = append(w.rounds, m.Completes(last))
}

func anyFailed[S model.Words](succs []model.Succ[S]) bool {
	for i := range succs {
		if succs[i].Failed != nil {
			return true
		}
	}
	return false
}

// way is a merged transition with its single steps.
type way[S model.Words] struct {
	hops   []hop[S]
	end    S
	failed *model.Check
}

// ways lists the transitions out of a state with the steps of which they consist. For reconstruction only: it allocates.
func (d *reducer[S]) ways(state *S) []way[S] {
	var out []way[S]
	var follow func(hops []hop[S], end S, depth int)
	follow = func(hops []hop[S], end S, depth int) {
		last := hops[len(hops)-1].rule
		thread := d.m.ThreadOf(last)
		if d.movers != nil && depth < len(d.movers[thread]) && !d.m.Completes(last) && d.movers[thread][d.m.Location(&end, thread)] {
			if next := d.m.StepsOf(&end, thread, nil); len(next) > 0 && !anyFailed(next) {
				for _, n := range next {
					follow(append(hops[:len(hops):len(hops)], hop[S]{end, n.Rule}), n.State, depth+1)
				}
				return
			}
		}
		out = append(out, way[S]{hops: hops, end: end})
	}
	for _, succ := range d.m.Successors(state, nil) {
		if succ.Failed != nil {
			out = append(out, way[S]{hops: []hop[S]{{*state, succ.Rule}}, end: succ.State, failed: succ.Failed})
			continue
		}
		follow([]hop[S]{{*state, succ.Rule}}, succ.State, 0)
	}
	return out
}
