package explore

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// meter is what a running search shows.
type meter struct {
	expanded atomic.Int64
	depth    atomic.Int64
	phase    atomic.Pointer[Phase]
}

// limited tells which limit has been hit, if any.
func (s *search[S]) limited() Limit {
	if err := s.ctx.Err(); err != nil {
		if errors.Is(context.Cause(s.ctx), context.DeadlineExceeded) {
			return Timeout
		}
		return Interrupted
	}
	if s.opt.MaxStates > 0 && s.arena.filled.Load()+int64(len(s.errors)) >= s.opt.MaxStates {
		return States
	}
	var zero S
	if s.opt.MaxMemory > 0 && s.arena.bytes()+s.setBytes()+s.slack()*int64(len(zero))*8 > s.opt.MaxMemory {
		return Memory
	}
	return NoLimit
}

// slack is how many slots the workers may take between two looks at the limits.
func (s *search[S]) slack() int64 {
	return int64(len(s.workers)) * (batch*int64(s.m.MaxSuccessors()) + blockSize)
}

// crowded reports whether the index must grow before the workers may each insert the successors of another batch. Three fifths full,
// a state that is not there is known to be new after four entries on average; at three quarters it would take nine.
func (s *search[S]) crowded() bool {
	return (s.arena.next.Load()+s.slack())*5 > s.setLen()*3
}

// setLen is the number of entries of the visited set, setBytes the memory that it takes.
func (s *search[S]) setLen() int64 {
	if s.fingerprints != nil {
		return int64(len(s.fingerprints.entries))
	}
	return int64(len(s.index.entries))
}

func (s *search[S]) setBytes() int64 { return s.setLen() * s.entrySize() }

func (s *search[S]) entrySize() int64 {
	if s.fingerprints != nil {
		return 8
	}
	return 4
}

// growth is by how many halves the index grows. While it is small, growing much at a time saves most of the rebuilding and costs memory that
// nobody misses; later it doubles, or with wide states grows by half, to stay below 24 bytes a state.
func (s *search[S]) growth() int64 {
	var zero S
	switch bytes := s.setBytes(); {
	case bytes < 4<<20:
		return 16
	case bytes < 64<<20:
		return 8
	case len(zero) == 1:
		return 4
	}
	return 3
}

// growIndex rebuilds the index, larger. It returns false, and sets the limit, when memory does not allow it.
func (s *search[S]) growIndex() bool {
	n := max(s.setLen(), (s.arena.next.Load()+s.slack())*5/3) * s.growth() / 2
	need := s.arena.bytes() + s.setBytes() + n*s.entrySize()
	if least := s.setLen() * 3 / 2; s.opt.MaxMemory > 0 && need > s.opt.MaxMemory && n > least {
		n = max(least, (s.arena.next.Load()+s.slack())*5/3)
		need = s.arena.bytes() + s.setBytes() + n*s.entrySize()
	}
	if s.opt.MaxMemory > 0 && need > s.opt.MaxMemory {
		s.limit = Memory
		return false
	}
	s.peak = max(s.peak, need)
	if s.fingerprints != nil {
		s.fingerprints.resize(n)
		return true
	}
	live := s.arena.used
	for _, w := range s.workers {
		live = append(live[:len(live):len(live)], w.fresh...)
	}
	s.index.resize(n, live)
	return true
}

// report calls Progress until done is closed.
func (s *search[S]) report(done <-chan struct{}) {
	every := s.opt.ProgressEvery
	if every <= 0 {
		every = time.Second
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			states, expanded := s.arena.filled.Load(), s.meter.expanded.Load()
			s.opt.Progress(Progress{
				States: states, Depth: int(s.meter.depth.Load()), Frontier: max(0, states-expanded),
				Bytes: s.arena.bytes(), Elapsed: time.Since(s.started), Phase: *s.meter.phase.Load(),
			})
		}
	}
}
