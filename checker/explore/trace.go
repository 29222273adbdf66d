package explore

import (
	"slices"
	"sync/atomic"

	"github.com/lockproof/lockproof/model"
)

// hop is one transition of a path: out of a state, by a rule.
type hop[S model.Words] struct {
	from S
	rule int32
}

// path finds a shortest way, as representatives, from an initial state to a state of the given level. No parent was stored: level by
// level backwards it generates the successors of all states of the level before and looks for one that leads here. Of several it takes
// the smallest, so the path does not depend on workers. Cost: at most one more search, and no memory.
func (s *search[S]) path(target S, level int) []S {
	states := make([]S, level+1)
	states[level] = target
	for d := level - 1; d >= 0; d-- {
		states[d] = s.predecessor(states[d+1], d)
	}
	return states
}

// predecessor finds the smallest state of a level with a transition to target.
func (s *search[S]) predecessor(target S, depth int) S {
	best := make([]*S, len(s.workers))
	try := func(w *worker[S], from *S) {
		if b := best[w.id]; b != nil && compareStates(b, from) <= 0 {
			return
		}
		w.only(from)
		w.represent(0)
		for i := range w.buf {
			if succ := &w.buf[i]; succ.Failed == nil && succ.State == target {
				state := *from
				best[w.id] = &state
				return
			}
		}
	}
	s.revisit(depth, try)
	var first *S
	for _, b := range best {
		if b != nil && (first == nil || compareStates(b, first) < 0) {
			first = b
		}
	}
	if first == nil { // only when the file of states could not be read: see s.err
		return target
	}
	return *first
}

// revisit calls f with every state of a level, from any worker.
func (s *search[S]) revisit(depth int, f func(*worker[S], *S)) {
	for _, w := range s.workers {
		w.quiet = true
	}
	if s.spill != nil && depth+1 < len(s.spill.starts) {
		if err := s.spill.each(depth, func(state *S) { f(s.workers[0], state) }); err != nil {
			s.err = err
		}
		return
	}
	batches := cut(s.levels[depth])
	var cursor atomic.Int64
	s.parallel(func(w *worker[S]) {
		for {
			i := cursor.Add(1) - 1
			if i >= int64(len(batches)) {
				return
			}
			for slot := batches[i].lo; slot < batches[i].hi; slot++ {
				f(w, s.arena.at(slot))
			}
		}
	})
}

// concrete turns a path of representatives into single steps that follow one another, from an initial state.
func (s *search[S]) concrete(path []S) (hops []hop[S], end S) {
	for _, i := range s.m.Initial() {
		if s.reduce.canonical(&i) == path[0] {
			end = i
			break
		}
	}
	for _, next := range path[1:] {
		for _, w := range s.reduce.ways(&end) {
			if w.failed == nil && s.reduce.canonical(&w.end) == next {
				hops, end = append(hops, w.hops...), w.end
				break
			}
		}
	}
	return hops, end
}

// trace reconstructs the counterexample of a finding, and gives the finding the state and the step with which it really ends.
func (s *search[S]) trace(f *finding[S]) Trace {
	hops, end := s.concrete(s.path(f.state, f.level))
	start := end
	if len(hops) > 0 {
		start = hops[0].from
	}
	if f.stuck != 0 && s.reduce.symmetry != nil {
		_, perm := s.reduce.symmetry.Permutation(&end)
		set := uint32(0)
		for _, t := range threadsOf(f.stuck) {
			set |= 1 << perm[t]
		}
		f.stuck = set
	}
	f.state = end
	if f.failed != nil && f.rule != model.None {
		for _, w := range s.reduce.ways(&end) {
			if w.failed != nil && w.failed.Kind == f.failed.Kind {
				last := w.hops[len(w.hops)-1]
				hops = append(hops, w.hops...)
				f.state, f.rule, f.failed = last.from, last.rule, w.failed
				break
			}
		}
	}
	v := viewer[S]{s.m}
	t := Trace{Start: v.view(&start), Initial: max(0, slices.Index(s.m.Initial(), start))}
	before := t.Start
	for _, h := range hops {
		step, after := v.step(&h.from, h.rule, before)
		t.Steps = append(t.Steps, step)
		before = after
	}
	return t
}
