package explore

import (
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
	if stop := Stopped(s.ctx); stop != NoLimit {
		return stop
	}
	if s.opt.MaxStates > 0 && s.arena.filled.Load()+int64(len(s.errors)) >= s.opt.MaxStates {
		return States
	}
	var zero S
	if s.opt.MaxMemory > 0 && s.arena.bytes()+s.setBytes.Load()+s.slack()*int64(len(zero))*8 > s.opt.MaxMemory {
		return Memory
	}
	return NoLimit
}

// slack is how many slots the workers may take between two looks at the limits.
func (s *search[S]) slack() int64 {
	return int64(len(s.workers)) * (maxShare*batch*int64(s.m.MaxSuccessors()) + parcelSize*inboxSize + blockSize(s.arena.next.Load()))
}

// notePeak keeps the largest amount of memory in use.
func (s *search[S]) notePeak(bytes int64) {
	for old := s.peak.Load(); bytes > old && !s.peak.CompareAndSwap(old, bytes); old = s.peak.Load() {
	}
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
