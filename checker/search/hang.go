package search

import (
	"sync/atomic"

	"github.com/lockproof/lockproof/model"
)

// The kind of a partial deadlock is told from where it ends. A run from a state in which threads
// are stuck comes, sooner or later, to states that it goes round for ever, or to one that it cannot
// leave: a bottom component of the graph. It is of the kind lock-order when in one of these states
// some of the stuck threads wait for each other, else a lost wake-up when in one of them some sleep
// and nobody is left to wake them, else of no kind. A reduction may pass over the states on the way
// there, and see the way there longer or shorter; but it visits every bottom component, and its
// steps pass through whatever states of it the search does not visit.
//
// Components are not listed: what is true of one can be said by what can be reached from a state.
//
// Where nobody is stuck whatever happens, the same is said of the graph of those steps that must
// come, and of those whom only another step can help.
const (
	meetsCycle  uint32 = 1 << iota // EF: a state in which stuck threads wait for each other
	meetsLost                      // EF: a state in which stuck threads sleep and cannot be woken
	mayAvoid                       // EF: a state from which no such cycle can be reached
	mayEnd                         // EF: a state from which neither can be reached
	endsInCycle                    // EF: a state from which a cycle can always be reached
	endsLost                       // EF: a state from which no cycle can be reached, and a lost wake-up always
)

// noteStuck notes, for each kind of partial deadlock, the nearest state from which some thread can
// never finish and that may end in it; of several the smallest.
func (s *search[S]) noteStuck(c completion) {
	labels, ok := s.label()
	if !ok {
		s.noteNearest(c, func(int64) bool { return true }, "")
		return
	}
	defer labels.free()
	l := labels.items
	if !s.labelStuck(c, l) {
		return
	}
	for _, k := range stuckKinds {
		s.noteNearest(c, func(slot int64) bool { return l[slot]&k.bit != 0 }, k.kind)
	}
}

// stuckKinds are the kinds of partial deadlocks, with the labels of the states that may end in one,
// worst first.
var stuckKinds = []struct {
	kind model.Kind
	bit  uint32
}{{model.LockOrder, endsInCycle}, {model.LostWakeup, endsLost}, {"", mayEnd}}

// derivations are the rounds of labelling. Each adds labels that follow from those of the round
// before, and then every state inherits from its successors.
var derivations = []func(uint32) uint32{
	func(uint32) uint32 { return 0 },
	func(x uint32) uint32 {
		return pick(x&meetsCycle == 0, mayAvoid) | pick(x&(meetsCycle|meetsLost) == 0, mayEnd)
	},
	func(x uint32) uint32 {
		return pick(x&mayAvoid == 0, endsInCycle) | pick(x&(meetsCycle|mayEnd) == 0, endsLost)
	},
}

// labelStuck labels the states from which some thread can never finish. It returns false when the
// search was stopped.
func (s *search[S]) labelStuck(c completion, l []uint32) bool {
	can := c.can
	stuck := func(step func(*worker[S], int64) bool) func(*worker[S], int64) bool {
		return func(w *worker[S], slot int64) bool { return can[slot] != s.threads && step(w, slot) }
	}
	for d := range s.levels {
		if _, ok := s.pass(d, stuck(func(w *worker[S], slot int64) bool {
			l[slot] = w.meets(s.arena.at(slot), s.threads&^can[slot], c.every)
			return false
		})); !ok {
			return false
		}
	}
	for _, derive := range derivations {
		for _, level := range s.levels {
			for _, b := range level {
				for i := b.lo; i < b.hi; i++ {
					if can[i] != s.threads {
						l[i] |= derive(l[i])
					}
				}
			}
		}
		if !s.fixpoint(stuck(func(w *worker[S], slot int64) bool { return s.inherit(w, slot, l, c.every) })) {
			return false
		}
	}
	return true
}

func pick(yes bool, bit uint32) uint32 {
	if yes {
		return bit
	}
	return 0
}

// inherit gives a state the labels of its successors: of all, or of those that must come.
func (s *search[S]) inherit(w *worker[S], slot int64, l []uint32, every bool) bool {
	w.successorsOf(s.arena.at(slot), nil)
	w.represent()
	now := atomic.LoadUint32(&l[slot])
	for i := range w.buf {
		if succ := &w.buf[i]; succ.Failed == nil && (every || !s.m.Optional(succ.Rule)) {
			now |= atomic.LoadUint32(&l[s.slotOf(&succ.State)])
		}
	}
	return update(&l[slot], now)
}

// meets labels a state with what is to be seen in it, or between it and its successors.
func (w *worker[S]) meets(state *S, victims uint32, every bool) uint32 {
	v := viewer[S]{w.s.m}
	label := func(s *S) uint32 {
		kind, _ := v.hang(s, victims)
		return pick(kind == model.LockOrder, meetsCycle) | pick(kind == model.LostWakeup, meetsLost)
	}
	set := label(state)
	if w.merger != nil {
		w.merger.between(state, every, func(s *S) { set |= label(s) })
	}
	return set
}

// noteNearest notes the smallest of the nearest states from which some thread can never finish and
// that are wanted, if there is any.
func (s *search[S]) noteNearest(c completion, wanted func(int64) bool, kind model.Kind) {
	can := c.can
	for d, level := range s.levels {
		var best *S
		var victims uint32
		for _, b := range level {
			for i := b.lo; i < b.hi; i++ {
				if state := s.arena.at(i); can[i] != s.threads && wanted(i) && (best == nil || compareStates(state, best) < 0) {
					best, victims = state, s.threads&^can[i]
				}
			}
		}
		if best != nil {
			s.saw.found.note(finding[S]{
				verdict: model.PartialDeadlock, kind: kind, level: d, state: *best, stuck: victims,
				luck: !c.every,
			})
			return
		}
	}
}
