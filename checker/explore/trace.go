package explore

import (
	"sync/atomic"

	"github.com/lockproof/lockproof/model"
)

// hop is one transition of a path: out of a state, by a rule.
type hop[S model.Words] struct {
	from S
	rule int32
}

// path finds a shortest way from an initial state to a state of the given level. No parent was stored: level by level
// backwards it generates the successors of all states of the level before and looks for one that leads here. Of several it takes
// the smallest, so the path does not depend on workers. Cost: at most one more search, and no memory.
func (s *search[S]) path(target S, level int) (start S, hops []hop[S]) {
	hops = make([]hop[S], level)
	for d := level - 1; d >= 0; d-- {
		hops[d] = s.predecessor(target, d)
		target = hops[d].from
	}
	return target, hops
}

// predecessor finds the smallest state of a level with a step to target.
func (s *search[S]) predecessor(target S, depth int) hop[S] {
	batches := cut(s.levels[depth])
	best := make([]*hop[S], len(s.workers))
	var cursor atomic.Int64
	s.parallel(func(w *worker[S]) {
		for {
			i := cursor.Add(1) - 1
			if i >= int64(len(batches)) {
				return
			}
			for slot := batches[i].lo; slot < batches[i].hi; slot++ {
				from := s.arena.at(slot)
				if b := best[w.id]; b != nil && compareStates(&b.from, from) <= 0 {
					continue
				}
				w.buf = s.m.Successors(from, w.buf[:0])
				for i := range w.buf {
					if succ := &w.buf[i]; succ.Failed == nil && succ.State == target {
						best[w.id] = &hop[S]{*from, succ.Rule}
						break
					}
				}
			}
		}
	})
	var first *hop[S]
	for _, b := range best {
		if b != nil && (first == nil || compareStates(&b.from, &first.from) < 0) {
			first = b
		}
	}
	return *first // a state of the next level was reached from this one
}

// trace reconstructs the counterexample of a finding.
func (s *search[S]) trace(f *finding[S]) Trace {
	start, hops := s.path(f.state, f.level)
	if f.failed != nil && f.rule != model.None {
		hops = append(hops, hop[S]{f.state, f.rule})
	}
	v := viewer[S]{s.m}
	t := Trace{Start: v.view(&start)}
	before := t.Start
	for _, h := range hops {
		step, after := v.step(&h.from, h.rule, before)
		t.Steps = append(t.Steps, step)
		before = after
	}
	return t
}
