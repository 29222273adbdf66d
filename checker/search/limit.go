package search

import (
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/lockproof/lockproof/model"
)

// meter is what a running search shows.
type meter struct {
	expanded atomic.Int64
	depth    atomic.Int64
	phase    atomic.Pointer[Phase]
}

// limited tells which limit has been hit, if any.
func (s *search[S]) limited() model.Limit {
	if stop := model.Stopped(s.ctx); stop != model.NoLimit {
		return stop
	}
	if s.opt.MaxStates > 0 && s.arena.filled.Load()+s.failed.Load() >= s.opt.MaxStates {
		return model.StatesLimit
	}
	if !s.fits(0) {
		return model.MemoryLimit
	}
	return model.NoLimit
}

// fits reports whether there is room for so many more bytes. Who is about to take memory asks.
func (s *search[S]) fits(more int64) bool {
	return s.opt.MaxMemory <= 0 || s.bytes()+more <= s.opt.MaxMemory
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

// maxOvertime bounds the states that are looked at again after the time is up or somebody has
// interrupted: enough to show how a rule was broken in most programs, and over soon in all. It
// changes for tests only.
var maxOvertime int64 = 1 << 19

// over reports whether the search has to end, whatever is left to be done. What still looks at n
// states asks.
func (s *search[S]) over(n int64) bool {
	return model.Stopped(s.ctx) != model.NoLimit && s.overtime.Add(n) > maxOvertime
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
