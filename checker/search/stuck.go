package search

import (
	"math/bits"
	"sync/atomic"

	"github.com/lockproof/lockproof/model"
)

// completion tells for each state, by slot, which threads can still finish from there (run-once) or
// complete another round (looping): by every step, or by those alone that must come.
type completion struct {
	can   []uint32
	every bool
	stuck int64 // states from which not all threads can
}

// stuckStates finds the states from which some thread can never complete anything: those outside
// EF(completion of t), for some t. It tells apart where nothing helps, and where a step might that
// may never come. It returns false when the search was stopped.
//
// It must only be called when the search was complete and met no error state. Cost: one search a
// pass, four bytes a state; twice that only where somebody counts on luck.
func (s *search[S]) stuckStates() bool {
	surely, free, ok := s.completion(!s.luck)
	if !ok {
		return false
	}
	defer free()
	anyhow := surely
	if s.luck && surely.stuck > 0 {
		if anyhow, free, ok = s.completion(true); !ok {
			return false
		}
		defer free()
	}
	s.stats.Stuck, s.stats.Luck = anyhow.stuck, surely.stuck-anyhow.stuck
	if s.saw.quiet > 0 {
		s.noteQuiet(anyhow)
	}
	switch {
	case s.saw.found.has(model.Deadlock):
	case anyhow.stuck > 0:
		s.noteStuck(anyhow)
	case surely.stuck > 0:
		s.noteStuck(surely)
	}
	return true
}

// completion computes, backwards over the complete graph, which threads can still complete from
// each state. The search was stopped when ok is false.
func (s *search[S]) completion(every bool) (c completion, free func(), ok bool) {
	labels, ok := s.label()
	if !ok {
		return c, nil, false
	}
	c = completion{can: labels.items, every: every}
	if !s.fixpoint(func(w *worker[S], slot int64) bool {
		return atomic.LoadUint32(&c.can[slot]) != s.threads && s.spread(w, slot, c)
	}) {
		labels.free()
		return c, nil, false
	}
	for _, level := range s.levels {
		for _, b := range level {
			for i := b.lo; i < b.hi; i++ {
				if c.can[i] != s.threads {
					c.stuck++
				}
			}
		}
	}
	return c, labels.free, true
}

// label is four bytes for each state, which count as memory of the search until it ends. ok is
// false, and the search stopped, when there is no room.
func (s *search[S]) label() (labels pages[uint32], ok bool) {
	n := s.arena.next.Load()
	if s.fits(4 * n) {
		if labels, ok = newPages[uint32](n); ok {
			s.setBytes.Add(4 * n)
			return labels, true
		}
	}
	s.limit = model.MemoryLimit
	return labels, false
}

// fixpoint calls step with every state, again and again, until it changes nothing. Predecessors are
// not stored: each step looks at the successors, and states of the last levels come first. Most
// edges lead to a later level, so two or three passes do. It returns false when the search was
// stopped.
func (s *search[S]) fixpoint(step func(*worker[S], int64) bool) bool {
	for changed := true; changed; {
		changed = false
		for d := len(s.levels) - 1; d >= 0; d-- {
			again, ok := s.pass(d, step)
			if !ok {
				return false
			}
			changed = changed || again
		}
	}
	return true
}

// pass calls step with every state of a level, on all workers, and reports whether any changed
// something. It returns false when the search was stopped.
func (s *search[S]) pass(depth int, step func(*worker[S], int64) bool) (changed, ok bool) {
	batches := cut(s.levels[depth])
	var cursor atomic.Int64
	var any atomic.Bool
	s.parallel(func(w *worker[S]) {
		for {
			i := cursor.Add(1) - 1
			if i >= int64(len(batches)) || model.Stopped(s.ctx) != model.NoLimit {
				return
			}
			for slot := batches[i].lo; slot < batches[i].hi; slot++ {
				if step(w, slot) {
					any.Store(true)
				}
			}
		}
	})
	if l := model.Stopped(s.ctx); l != model.NoLimit {
		s.limit = l
		return false, false
	}
	return any.Load(), true
}

// spread recomputes which threads can still complete from one state.
func (s *search[S]) spread(w *worker[S], slot int64, c completion) bool {
	state := s.arena.at(slot)
	now := uint32(0)
	for t := range s.m.Program.Threads {
		if s.m.Finished(state, t) {
			now |= 1 << t
		}
	}
	w.successorsOf(state, nil)
	for i := range w.buf {
		succ := &w.buf[i]
		if succ.Failed != nil || !c.every && s.m.Optional(succ.Rule) {
			continue
		}
		if s.m.Completes(succ.Rule) {
			now |= 1 << s.m.ThreadOf(succ.Rule)
		}
		now |= s.canFrom(&succ.State, c.can)
	}
	return update(&c.can[slot], now)
}

// update sets a label and reports whether that changed it.
func update(label *uint32, now uint32) bool {
	if now == atomic.LoadUint32(label) {
		return false
	}
	atomic.StoreUint32(label, now)
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
