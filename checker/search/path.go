package search

import (
	"sync/atomic"

	"github.com/lockproof/lockproof/model"
)

// A target is a state of a level to which somebody wants to know a way.
type target[S model.Words] struct {
	state S
	level int
}

// paths finds, for each target, a shortest way there, as representatives, from an initial state. No
// parent was stored: level by level backwards it generates the successors of all states of the
// level before and looks for those that lead to a state on a way. Of several it takes the smallest,
// so the ways do not depend on workers. Cost: at most one more search for all targets together, and
// the memory of the ways. A way that could not be found before the search had to end is nil.
func (s *search[S]) paths(targets []target[S]) [][]S {
	out := make([][]S, len(targets))
	deepest := 0
	for i, t := range targets {
		out[i] = make([]S, t.level+1)
		out[i][t.level] = t.state
		deepest = max(deepest, t.level)
	}
	for d := deepest - 1; d >= 0; d-- {
		wanted := map[S]bool{}
		for i, t := range targets {
			if out[i] != nil && t.level > d {
				wanted[out[i][d+1]] = true
			}
		}
		found := s.predecessors(wanted, d)
		for i, t := range targets {
			if out[i] == nil || t.level <= d {
				continue
			}
			from, ok := found[out[i][d+1]]
			if out[i][d] = from; !ok {
				out[i] = nil
			}
		}
	}
	return out
}

// predecessors finds for each wanted state the smallest state of a level with a transition to it.
// Those that it does not find it leaves out.
func (s *search[S]) predecessors(wanted map[S]bool, depth int) map[S]S {
	best := make([]map[S]S, len(s.workers))
	for i := range best {
		best[i] = map[S]S{}
	}
	s.revisit(depth, func(w *worker[S], from *S) {
		mine := best[w.id]
		if len(mine) == len(wanted) && !below(from, mine) {
			return
		}
		w.successorsOf(from, nil)
		w.represent()
		for i := range w.buf {
			if succ := &w.buf[i]; succ.Failed == nil && wanted[succ.State] {
				if old, ok := mine[succ.State]; !ok || compareStates(from, &old) < 0 {
					mine[succ.State] = *from
				}
			}
		}
	})
	for _, mine := range best[1:] {
		for to, from := range mine {
			if old, ok := best[0][to]; !ok || compareStates(&from, &old) < 0 {
				best[0][to] = from
			}
		}
	}
	return best[0]
}

// below reports whether a state is smaller than one of those that were found.
func below[S model.Words](s *S, found map[S]S) bool {
	for _, f := range found {
		if compareStates(s, &f) < 0 {
			return true
		}
	}
	return false
}

// revisit calls f with every state of a level, from any worker, unless the search has to end.
func (s *search[S]) revisit(depth int, f func(*worker[S], *S)) {
	if s.spill != nil && depth+1 < len(s.spill.starts) {
		n := int64(0)
		if err := s.spill.each(depth, func(state *S) bool {
			if n%batch == 0 && s.over(batch) {
				return false
			}
			n++
			f(s.workers[0], state)
			return true
		}); err != nil {
			s.err = err
		}
		return
	}
	batches := cut(s.levels[depth])
	var cursor atomic.Int64
	s.parallel(func(w *worker[S]) {
		for {
			i := cursor.Add(1) - 1
			if i >= int64(len(batches)) || s.over(batch) {
				return
			}
			for slot := batches[i].lo; slot < batches[i].hi; slot++ {
				f(w, s.arena.at(slot))
			}
		}
	})
}
