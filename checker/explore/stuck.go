package explore

import (
	"math/bits"
	"slices"
	"sync/atomic"

	"github.com/lockproof/lockproof/model"
)

// stuckStates finds the states from which some thread can never finish (run-once) or never complete another round
// (looping): the states outside EF(completion of t), for some t. It computes, backwards over the complete graph, which threads
// can still complete from each state; predecessors are not stored, so each pass regenerates successors, last levels first,
// until nothing changes. Most edges lead to a later level, so two or three passes do.
//
// It must only be called when the search was complete and met no error state. Cost: one search a pass, four bytes a state.
func (s *search[S]) stuckStates() {
	if s.arena.next.Load()*4+s.peak.Load() > s.opt.MaxMemory && s.opt.MaxMemory > 0 {
		s.limit = Memory
		return
	}
	noted := false
	can := make([]uint32, s.arena.next.Load())
	all := uint32(1)<<len(s.m.Program.Threads) - 1
	for changed := true; changed; {
		changed = false
		for d := len(s.levels) - 1; d >= 0; d-- {
			again, ok := s.backward(d, can, all)
			if !ok {
				return
			}
			changed = changed || again
		}
	}
	s.stats.Stuck = 0
	for d, level := range s.levels {
		var nearest []stuckState[S]
		for _, b := range level {
			for i := b.lo; i < b.hi; i++ {
				if can[i] != all {
					s.stats.Stuck++
					nearest = append(nearest, stuckState[S]{*s.arena.at(i), all &^ can[i]})
				}
			}
		}
		if !noted && len(nearest) > 0 {
			noted = true
			s.noteStuck(d, nearest)
		}
	}
}

// stuckState is a state with the threads that can never finish from there.
type stuckState[S model.Words] struct {
	state   S
	victims uint32
}

// noteStuck notes the nearest states from which some thread can never finish, one for each reason. The reason is looked for in the
// smallest of them only: it takes a small search each time.
func (s *search[S]) noteStuck(level int, states []stuckState[S]) {
	slices.SortFunc(states, func(a, b stuckState[S]) int { return compareStates(&a.state, &b.state) })
	for _, x := range states[:min(len(states), maxStuckExplained)] {
		kind, _, _ := viewer[S]{s.m}.nearestHang(x.state, threadsOf(x.victims))
		s.found.note(finding[S]{verdict: model.PartialDeadlock, kind: kind, level: level, state: x.state, stuck: x.victims})
	}
}

const maxStuckExplained = 64

// backward makes one pass over a level. It returns false when the search was interrupted.
func (s *search[S]) backward(depth int, can []uint32, all uint32) (changed, ok bool) {
	batches := cut(s.levels[depth])
	var cursor atomic.Int64
	var any atomic.Bool
	s.parallel(func(w *worker[S]) {
		w.quiet = true
		for {
			i := cursor.Add(1) - 1
			if i >= int64(len(batches)) || s.ctx.Err() != nil {
				return
			}
			for slot := batches[i].lo; slot < batches[i].hi; slot++ {
				if atomic.LoadUint32(&can[slot]) != all && s.spread(w, slot, can) {
					any.Store(true)
				}
			}
		}
	})
	if l := s.limited(); l == Interrupted || l == Timeout {
		s.limit = l
		return false, false
	}
	return any.Load(), true
}

// spread recomputes which threads can still complete from one state.
func (s *search[S]) spread(w *worker[S], slot int64, can []uint32) bool {
	state := s.arena.at(slot)
	now := uint32(0)
	for t := range s.m.Program.Threads {
		if s.m.Finished(state, t) {
			now |= 1 << t
		}
	}
	w.only(state)
	for i := range w.buf {
		succ := &w.buf[i]
		if succ.Failed != nil {
			continue
		}
		if w.rounds[i] {
			now |= 1 << s.m.ThreadOf(succ.Rule)
		}
		now |= s.canFrom(&succ.State, can)
	}
	if now == atomic.LoadUint32(&can[slot]) {
		return false
	}
	atomic.StoreUint32(&can[slot], now)
	return true
}

// canFrom is what is known of a successor. Its representative numbers the threads in its own way.
func (s *search[S]) canFrom(state *S, can []uint32) uint32 {
	symmetry := s.reduce.symmetry
	if symmetry == nil {
		to := s.slotOf(state)
		return atomic.LoadUint32(&can[to])
	}
	canonical, perm := symmetry.Permutation(state)
	to := s.slotOf(&canonical)
	set := uint32(0)
	for i, t := range perm {
		set |= atomic.LoadUint32(&can[to]) >> i & 1 << t
	}
	return set
}

// slotOf is where a state that was reached is in the arena.
func (s *search[S]) slotOf(state *S) int64 {
	slot, _ := s.workers[s.ownerOf(state)].index.find(state)
	return slot
}

// threadsOf lists the members of a thread set.
func threadsOf(set uint32) []int {
	var ts []int
	for ; set != 0; set &= set - 1 {
		ts = append(ts, bits.TrailingZeros32(set))
	}
	return ts
}
