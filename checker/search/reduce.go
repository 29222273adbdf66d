package search

import (
	"github.com/lockproof/lockproof/model"
)

// Reduction says which states a search may leave out. None of them changes a verdict or a kind;
// Symmetry also keeps the length of shortest counterexamples, which Merge does not (see
// [Finding.Shortest]).
type Reduction struct {
	// Merge takes steps that no other thread can observe together with the step before them: a
	// partial-order reduction whose persistent sets are single movers ([model.Program.Movers]),
	// with the states between left out altogether. It also forgets the values of variables that no
	// step and no check reads.
	Merge bool
	// Symmetry visits one representative of the states that exchanges of equal threads and equal
	// domains make of each other ([model.Symmetry]).
	Symmetry bool
	// Auto first searches without reductions, and only when that reaches a million states, or takes
	// too much memory or time, starts again with all of them: small programs get full counts and
	// plain shortest counterexamples, large ones get done.
	Auto bool
}

// autoStates is where Auto gives up on the plain search.
const autoStates = 1_000_000

// reducer says what a search may leave out.
type reducer[S model.Words] struct {
	movers   [][]bool           // nil: no merging
	unread   S                  // merging: the bits of a state that say nothing
	symmetry *model.Symmetry[S] // nil: none
	frees    []bool             // by rule, only when merging assumed that nothing is freed
	tells    []bool             // by rule: the step is to be looked at, when merging passes over it as well; nil: none is
	names    []string
}

func newReducer[S model.Words](m *model.Machine[S], p plan) *reducer[S] {
	d := &reducer[S]{}
	if p.Reduce.Merge {
		d.movers = m.Program.Movers(p.assumeAlive)
		d.unread = m.Unread()
		d.names = append(d.names, "por")
		if p.assumeAlive {
			d.frees = m.Frees()
		}
	}
	for rule := range int32(m.Rules()) {
		if m.Leaks(rule) || d.frees != nil && d.frees[rule] {
			if d.tells == nil {
				d.tells = make([]bool, m.Rules())
			}
			d.tells[rule] = true
		}
	}
	if p.Reduce.Symmetry {
		if y := model.NewSymmetry(m); !y.Trivial() {
			d.symmetry = y
			d.names = append(d.names, "symmetry")
		}
	}
	return d
}

// canonical is the state that stands for s.
func (d *reducer[S]) canonical(s *S) S {
	c := without(s, &d.unread)
	if d.symmetry == nil {
		return c
	}
	return d.symmetry.Canonical(&c)
}

// without is s with some bits cleared.
func without[S model.Words](s, bits *S) S {
	var c S
	for i := range len(c) {
		c[i] = (*s)[i] &^ (*bits)[i]
	}
	return c
}

// successorsOf fills w.buf with the transitions out of one state, as the search takes them: merged
// ones as a whole. Rule is that of the last step. Single steps by the rules that tells names are
// looked at: while states are expanded those of the reducer, and none when they are looked at
// again.
func (w *worker[S]) successorsOf(state *S, tells []bool) {
	w.buf = w.s.m.Successors(state, w.buf[:0])
	if tells != nil {
		for i := range w.buf {
			if succ := &w.buf[i]; tells[succ.Rule] && succ.Failed == nil {
				w.seen(&succ.State, succ.Rule)
			}
		}
	}
	if w.merger == nil {
		return
	}
	w.heads, w.buf = w.buf, w.heads[:0]
	for rest := w.heads; len(rest) > 0; {
		var heads []model.Succ[S]
		heads, rest = w.merger.sameThread(rest)
		w.buf = w.merger.follow(heads, w.buf)
		if tells == nil {
			continue
		}
		for i := range w.merger.steps {
			if x := &w.merger.steps[i]; tells[x.rule] && x.from != model.None {
				w.seen(&x.state, x.rule)
			}
		}
	}
}

// represent replaces the successors in w.buf by their representatives.
func (w *worker[S]) represent() {
	symmetry := w.s.reduce.symmetry
	if symmetry == nil {
		return
	}
	for i := range w.buf {
		if w.buf[i].Failed == nil {
			w.buf[i].State = symmetry.Canonical(&w.buf[i].State)
		}
	}
}

// seen looks at a single step for what only such steps show: something is freed, or a finished
// thread still holds something.
func (w *worker[S]) seen(state *S, rule int32) {
	if w.s.reduce.frees != nil && w.s.reduce.frees[rule] {
		w.saw.freed = true
	}
	if w.s.m.Leaks(rule) {
		w.leak(state, rule)
	}
}
