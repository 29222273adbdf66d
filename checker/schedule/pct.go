package schedule

import (
	"math/rand/v2"

	"github.com/lockproof/lockproof/model"
)

// A pct schedules by random priorities that change at a few random steps: probabilistic concurrency
// testing, from Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with
// Probabilistic Guarantees of Finding Bugs" (ASPLOS 2010). A bug of depth d, one that needs d
// ordering constraints, is found in a run of k steps and n threads with probability 1/(n k^(d-1)).
//
// It departs from the paper in three ways: k is the longest run so far, since it is not known
// before; a thread that is started during a run gets a random priority among the others, since the
// paper's threads all exist from the start; and the ways of a step (faults, the waiter to signal)
// are drawn as in a random walk.
type pct struct {
	seed   uint64
	n      uint64
	random *rand.PCG
	depth  int

	length   int                // the longest run so far
	priority [maxThreads]uint64 // of the thread; higher goes first. Invariant: distinct in practice, being 64 random bits
	drawn    int                // threads that have a priority
	// steps at which the thread about to run falls to the lowest priority, the i-th below the (i-1)-th
	changes []int
}

func newPCT(seed uint64, depth int) *pct {
	return &pct{seed: seed, random: rand.NewPCG(0, 0), depth: depth, length: 1}
}

func (s *pct) begin() bool {
	s.random.Seed(s.seed, s.n)
	s.n++
	s.drawn = 0
	s.changes = s.changes[:0]
	for range s.depth - 1 {
		s.changes = append(s.changes, below(s.random, s.length))
	}
	return true
}

func (s *pct) pick(w *world) model.Pick {
	for ; s.drawn < len(w.threads); s.drawn++ {
		s.priority[s.drawn] = s.random.Uint64() | 1<<63 // above all changed priorities
	}
	t := s.highest(w)
	for i, step := range s.changes {
		if step == len(w.picks) {
			s.priority[t.id] = uint64(len(s.changes) - i)
			t = s.highest(w)
		}
	}
	return model.Pick{Thread: t.id, Choice: way(s.random, &t.next)}
}

func (s *pct) highest(w *world) *thread {
	best := w.runnable[0]
	for _, t := range w.runnable[1:] {
		if s.priority[t.id] > s.priority[best.id] {
			best = t
		}
	}
	return best
}

func (s *pct) last(*world) {}
func (s *pct) end(w *world) error {
	s.length = max(s.length, len(w.picks))
	return nil
}

func (s *pct) complete() bool { return false }
