package schedule

import (
	"math/rand/v2"

	"github.com/lockproof/lockproof/model"
)

// A walk decides at random: each thread that can go on is as likely as the others at every step.
// Runs with many switches are likely, runs with few are not; see [PCT] for the opposite.
type walk struct {
	seed   uint64
	n      uint64
	random *rand.PCG
}

func newWalk(seed uint64) *walk { return &walk{seed: seed, random: rand.NewPCG(0, 0)} }

func (s *walk) begin() bool {
	s.random.Seed(s.seed, s.n)
	s.n++
	return true
}

func (s *walk) pick(w *world) model.Pick {
	t := w.runnable[s.below(len(w.runnable))]
	return model.Pick{Thread: t.id, Choice: way(s.random, &t.next)}
}

func (s *walk) below(n int) int { return below(s.random, n) }

func (s *walk) last(*world)      {}
func (s *walk) end(*world) error { return nil }
func (s *walk) complete() bool   { return false }

// way draws how a step is done. A fault strikes one time in four: were all ways as likely, some
// fault would strike at almost every first opportunity, and hardly ever at a later one.
func way(r *rand.PCG, op *operation) int {
	switch {
	case op.verb != chooseFault:
		return below(r, op.ways)
	case below(r, 4) > 0:
		return 0
	}
	return 1 + below(r, op.ways-1)
}

// below is a number from 0 to n-1. The bias is below one in 2^32 for any n here.
func below(r *rand.PCG, n int) int {
	if n == 1 {
		return 0
	}
	return int(r.Uint64() >> 32 * uint64(n) >> 32)
}
