package search

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lockproof/lockproof/model"
)

// search is one breadth-first exploration. It goes level by level: workers expand batches of the
// current level and send what they find to its owners, who append what is new; between levels,
// alone, the coordinator merges what they saw. So every number and every counterexample is the same
// for any number of workers.
type search[S model.Words] struct {
	m       *model.Machine[S]
	plan    plan
	ctx     context.Context
	started time.Time

	arena    arena[S]
	spill    *spill[S] // only with fingerprints: finished levels
	err      error
	reduce   *reducer[S]
	threads  uint32   // all of them
	levels   [][]span // slots of every level; holes left out
	deciders S        // the locations of the threads that decide who owns a state: see ownerOf
	workers  []*worker[S]

	saw observed[S]
	// access lists what may race; nil when nothing does, or nobody asks.
	access [][]model.Access
	graph  *model.WaitGraph // only when wait cycles are asked for
	// errorDepth is the depth of the deepest error state.
	errorDepth int
	gapAt      int64 // states that there were when the first step was lacking; see Close
	stats      Stats
	limit      model.Limit
	// luck says that there are steps that may never come, and that nobody is to count on them.
	luck bool
	// restarts says that there are states in which all are finished, and somebody may begin anew.
	restarts bool
	// settled says that it is known of every state who can still finish, and whether only by luck.
	settled bool
	// exhausted says that the last level had no new successors.
	exhausted bool

	fixed int64 // bytes that do not grow
	share int64 // how many batches a worker takes at a time
	alone bool  // the level is so small that one worker does it all

	// What workers write while they expand has cache lines of its own.
	_        cacheLine
	busy     atomic.Int64 // workers that still expand states of the level
	meter    meter
	_        cacheLine
	stop     atomic.Bool
	halted   atomic.Pointer[model.Limit] // why stop is set
	setBytes atomic.Int64                // of the visited set without the arena: all workers' parts
	peak     atomic.Int64                // bytes
	failed   atomic.Int64                // error states, some counted twice until the level ends
	noted    atomic.Int64                // bytes of what else is kept
	overtime atomic.Int64                // states that were looked at again after the time was up
	spares   sync.Pool                   // parcels that have been opened
	_        cacheLine
}

// cacheLine keeps what many write away from what all read. Processors fetch lines in pairs.
type cacheLine [128]byte

// failure identifies an error state: one for each state and kind, whoever fails there.
type failure[S model.Words] struct {
	state S
	kind  model.Kind
}

// batch is how many states a worker takes from a small level at a time, and maxShare how many times
// as many from a large one: between two looks at limits and cancellation.
const (
	batch    = 64
	maxShare = 4
)

func newSearch[S model.Words](ctx context.Context, m *model.Machine[S], p plan) *search[S] {
	p.Workers = affordable[S](p.Workers, p.MaxMemory)
	p.thresholds = p.thresholds.orShipped()
	s := &search[S]{m: m, plan: p, ctx: ctx, started: time.Now(), reduce: newReducer(m, p), saw: nothingObserved[S]()}
	s.luck = m.MayStay() && !p.EveryStep
	s.restarts = m.Program.Restarts()
	s.fixed = parcelBytes[S](p.Workers)
	if p.Fingerprint {
		s.spill, s.err = newSpill[S](p.SpillDir)
	}
	s.threads = uint32(1)<<len(m.Program.Threads) - 1
	s.deciders = m.LocationBits(deciders(m.Program, p.Workers))
	if p.Races != IgnoreRaces {
		s.access = m.Program.Accesses()
	}
	if p.WaitCycles {
		s.graph = model.NewWaitGraph(m.Program)
	}
	for id := range p.Workers {
		s.workers = append(s.workers, newWorker(s, id))
	}
	return s
}

// run visits every reachable state, or stops at a limit.
func (s *search[S]) run() {
	if s.err != nil {
		return
	}
	w := s.workers[0]
	s.alone = true
	starts := s.m.Starts()
	if s.reduce.symmetry != nil {
		starts = s.reduce.symmetry.Starts()
	}
	for state := range starts {
		if w.unseen++; w.unseen > lookEvery {
			w.closeBlock()
			if !w.mayGoOn() {
				break
			}
		}
		state = s.reduce.canonical(&state)
		w.route(&state)
	}
	w.flush()
	s.endLevel()
	for s.limit == model.NoLimit && s.err == nil && len(s.frontier()) > 0 && !s.void() && !s.enough() {
		s.expand()
		s.endLevel()
		s.meter.depth.Add(1)
		if s.spill != nil {
			s.spillLevel()
		}
	}
	if len(s.frontier()) == 0 && !s.void() {
		s.exhausted = true
		s.levels = s.levels[:len(s.levels)-1]
	}
}

// void says that the search rests on a wrong assumption, and is to be thrown away.
func (s *search[S]) void() bool { return s.saw.freed }

// enough says that no more is asked for than was found.
func (s *search[S]) enough() bool {
	return s.plan.First && (len(s.saw.found) > 0 || s.plan.Races == CheckRaces && len(s.saw.races) > 0) || s.gapsFound()
}

func (s *search[S]) frontier() []span { return s.levels[len(s.levels)-1] }

// depth is the level that is being expanded.
func (s *search[S]) depth() int { return len(s.levels) - 1 }

// expand generates the successors of the last level.
func (s *search[S]) expand() {
	batches := 0
	for _, w := range s.workers {
		w.todo = cut(w.level)
		w.cursor.Store(0)
		batches += len(w.todo)
	}
	s.share = min(maxShare, max(1, int64(batches/len(s.workers)/16)))
	if s.alone = batches <= s.plan.thresholds.smallLevel || len(s.workers) == 1; s.alone {
		s.workers[0].work()
	} else {
		s.busy.Store(int64(len(s.workers)))
		s.parallel(func(w *worker[S]) {
			w.work()
			w.finish()
		})
	}
}

// cut splits spans into batches.
func cut(spans []span) []span {
	var out []span
	for _, b := range spans {
		for lo := b.lo; lo < b.hi; lo += batch {
			out = append(out, span{lo, min(b.hi, lo+batch)})
		}
	}
	return out
}

// halt makes all workers stop. The first reason counts.
func (s *search[S]) halt(l model.Limit) {
	s.halted.CompareAndSwap(nil, &l)
	s.stop.Store(true)
}

// settle gathers what the workers have filled.
func (s *search[S]) settle() {
	for _, w := range s.workers {
		w.closeBlock()
	}
	if l := s.halted.Load(); l != nil {
		s.limit = *l
	} else if l := s.limited(); l != model.NoLimit {
		s.limit = l
	}
	s.notePeak(s.arena.bytes() + s.setBytes.Load())
}

// endLevel merges the workers' findings and makes what they filled the next level.
func (s *search[S]) endLevel() {
	s.settle()
	var level []span
	for _, w := range s.workers {
		w.level = w.level[:0]
		for _, b := range w.fresh {
			if b.lo < b.hi {
				w.level = append(w.level, b)
			}
		}
		level = append(level, w.level...)
		w.filled = append(w.filled, w.level...)
		w.fresh = append(w.fresh[:0], span{w.block.lo, w.block.lo})
		saw := w.handOver()
		for f := range saw.errors {
			if _, known := s.saw.errors[f]; !known {
				s.errorDepth = len(s.levels)
				break
			}
		}
		s.saw.add(saw)
	}
	s.failed.Store(int64(len(s.saw.errors)))
	s.noted.Store(int64(len(s.saw.cycles)) * cycleSize)
	s.levels = append(s.levels, level)
}

// close gives back what a search keeps outside of Go's heap.
func (s *search[S]) close() {
	for _, w := range s.workers {
		w.close()
	}
	s.arena.close()
	if s.spill != nil {
		s.spill.close()
	}
}
