package search

import (
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/lockproof/lockproof/model"
)

// meter is what a running search shows.
type meter struct {
	expanded    atomic.Int64
	transitions atomic.Int64
	depth       atomic.Int64
	phase       atomic.Pointer[Phase]
}

// limited tells which limit has been hit, if any.
func (s *search[S]) limited() model.Limit {
	if stop := model.Stopped(s.ctx); stop != model.NoLimit {
		return stop
	}
	if s.plan.MaxStates > 0 && s.arena.filled.Load()+s.failed.Load() >= s.plan.MaxStates {
		return model.StatesLimit
	}
	if !s.fits(0) {
		return model.MemoryLimit
	}
	return model.NoLimit
}

// fits reports whether there is room for so many more bytes. Who is about to take memory asks.
func (s *search[S]) fits(more int64) bool {
	return s.plan.MaxMemory <= 0 || s.bytes()+more <= s.plan.MaxMemory
}

// bytes is the memory that the search holds and that grows with what it finds.
func (s *search[S]) bytes() int64 {
	return s.arena.bytes() + s.setBytes.Load() + s.fixed + s.noted.Load() + s.failed.Load()*failureSize[S]()
}

// stateSize is the number of bytes of a state.
func stateSize[S model.Words]() int64 {
	var s S
	return int64(unsafe.Sizeof(s))
}

// failureSize is about what an error state takes: a map's entry, and as much again while the map
// grows.
func failureSize[S model.Words]() int64 { return 3 * (stateSize[S]() + 16) }

// cycleSize is about what a closed cycle of waits takes.
const cycleSize = 512

// over reports whether the search has to end, whatever is left to be done. What still looks at n
// states again asks.
func (s *search[S]) over(n int64) bool {
	return model.Stopped(s.ctx) != model.NoLimit && s.overtime.Add(n) > s.plan.thresholds.overtime
}

// notePeak keeps the largest amount of memory in use.
func (s *search[S]) notePeak(bytes int64) {
	for old := s.peak.Load(); bytes > old && !s.peak.CompareAndSwap(old, bytes); old = s.peak.Load() {
	}
}

// report calls Progress until done is closed.
func (s *search[S]) report(done <-chan struct{}) {
	every := s.plan.ProgressEvery
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
			s.plan.Progress(s.progress())
		}
	}
}

// progress is how far the search has come.
func (s *search[S]) progress() Progress {
	states, expanded := s.arena.filled.Load(), s.meter.expanded.Load()
	return Progress{
		States: states, Transitions: s.meter.transitions.Load(), Depth: int(s.meter.depth.Load()),
		Frontier: max(0, states-expanded),
		Bytes:    s.arena.bytes(), Elapsed: time.Since(s.started), Phase: *s.meter.phase.Load(),
	}
}
