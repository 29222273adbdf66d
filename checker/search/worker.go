package search

import (
	"sync/atomic"

	"github.com/lockproof/lockproof/model"
)

// worker is one goroutine's share. It expands any states of a level, and keeps one part of the
// visited set: the states that it owns. Others use its inbox and its cursor; nothing else in it is
// read by them before the level ends.
type worker[S model.Words] struct {
	s  *search[S]
	id int

	// Its part of the visited set is one of these.
	index        *index[S]
	fingerprints *fingerprints
	held         int64  // states in it
	filled       []span // where they are in the arena, but for those of the level that is being made
	fresh        []span // where those are
	block        span   // reserved slots, lo is the next free one

	level  []span // what it made of the level that is being expanded
	todo   []span // the same, in batches
	_      cacheLine
	cursor atomic.Int64 // next of todo: others may help
	_      cacheLine

	out     []*parcel[S] // by owner: states on their way
	inbox   chan *parcel[S]
	hashes  [parcelSize]uint64
	entries [parcelSize]uint32
	left    [parcelSize]uint8
	touched uint64 // keeps reads that only fill the caches from being optimised away

	buf    []model.Succ[S]
	heads  []model.Succ[S] // merging: the first steps
	merger *merger[S]      // nil: no merging
	unseen int             // transitions since the last look at the limits

	at     []model.NodeID
	ring   []model.Wait
	saw    observed[S] // of the level that is being expanded
	visits visits      // of the whole search
}

const (
	minSet  = 1 << 14 // entries of the visited set at the start, shared out among the workers
	minPart = 1 << 10
)

func newWorker[S model.Words](s *search[S], id int) *worker[S] {
	w := &worker[S]{s: s, id: id, saw: nothingObserved[S]()}
	w.inbox = make(chan *parcel[S], inboxSize)
	for range s.plan.Workers {
		w.out = append(w.out, newParcel[S]())
	}
	n := int64(max(minPart, minSet/s.plan.Workers))
	if s.plan.Fingerprint {
		w.fingerprints = newFingerprints(n)
	} else {
		w.index = newIndex(&s.arena, n)
	}
	s.setBytes.Add(w.setBytes())
	w.visits = newVisits(s.m, s.graph != nil)
	w.merger = newMerger(s.m, s.reduce, w.visits.taken, s.plan.thresholds.merged)
	if s.graph != nil {
		w.at = make([]model.NodeID, len(s.m.Program.Threads))
	}
	return w
}

// work expands batches until there are none left or a limit is hit: first the worker's own, which
// may still be in its cache.
func (w *worker[S]) work() {
	s := w.s
	for i := range s.workers {
		owner := s.workers[(w.id+i)%len(s.workers)]
		for !s.stop.Load() && w.expandSome(owner) {
		}
	}
	w.flush()
}

// expandSome expands a few batches of a worker's. It returns false when there are none left.
func (w *worker[S]) expandSome(owner *worker[S]) bool {
	s := w.s
	if !w.mayGoOn() {
		return false
	}
	hi := owner.cursor.Add(s.share)
	lo, hi := hi-s.share, min(hi, int64(len(owner.todo)))
	if lo >= hi {
		return false
	}
	expanded, before := int64(0), w.saw.transitions
	for _, b := range owner.todo[lo:hi] {
		if !w.expand(s.arena.slice(b)) {
			return false
		}
		expanded += b.hi - b.lo
		w.drain()
	}
	s.meter.expanded.Add(expanded)
	s.meter.transitions.Add(w.saw.transitions - before)
	w.closeBlock()
	return true
}

// mayGoOn looks at the limits. It returns false, and stops the search, when one has been hit.
func (w *worker[S]) mayGoOn() bool {
	w.unseen = 0
	if l := w.s.limited(); l != model.NoLimit {
		w.s.halt(l)
	}
	return !w.s.stop.Load()
}

// lookEvery is after how many transitions a worker looks at the limits, if it does not do so anyway
// because it takes more states.
const lookEvery = 1 << 14

// expand generates the successors of some states and sends them to their owners. It returns false
// when the search is to stop.
func (w *worker[S]) expand(states []S) bool {
	for i := range states {
		state := &states[i]
		w.successorsOf(state, w.s.reduce.tells)
		w.represent()
		over := w.s.restarts && w.s.m.AllFinished(state) // though the daemon may be restarted
		w.look(state, over || len(w.buf) == 0)
		if w.s.luck && !over && w.isQuiet() {
			w.quiet(state)
		}
		for j := range w.buf {
			succ := &w.buf[j]
			w.visits.taken[succ.Rule] = true
			if succ.Failed != nil {
				w.saw.transitions++
				w.fail(*state, succ)
				continue
			}
			if succ.State != *state {
				w.saw.transitions++
				w.route(&succ.State)
			}
		}
		if w.unseen += len(w.buf); w.unseen > lookEvery {
			w.closeBlock()
			if !w.mayGoOn() {
				return false
			}
		}
	}
	return true
}

// accept enters states into the visited set, and into the next level when they are new. What it is
// going to read it first touches, all of it, so that the cache misses overlap: the entries of the
// index, then the states that they may be.
func (w *worker[S]) accept(states []S) {
	if w.s.stop.Load() || w.crowded() && !w.grow() {
		return
	}
	if w.fingerprints != nil {
		w.acceptFingerprints(states)
		return
	}
	if w.block.lo == w.block.hi && !w.nextBlock() {
		return
	}
	x := w.index
	for i := range states {
		h := hash(&states[i])
		w.hashes[i], w.entries[i] = h, x.peek(h)
	}
	left := 0
	for i := range states {
		w.left[left] = uint8(i)
		left += x.differs(w.entries[i], w.hashes[i], &states[i])
	}
	for _, i := range w.left[:left] {
		if w.block.lo == w.block.hi && !w.nextBlock() {
			return
		}
		if x.insert(&states[i], w.hashes[i], w.block.lo) {
			w.block.lo++
			w.held++
		}
	}
}

func (w *worker[S]) acceptFingerprints(states []S) {
	f := w.fingerprints
	for i := range states {
		w.hashes[i] = hash(&states[i])
		w.touched += f.peek(w.hashes[i])
	}
	for i := range states {
		if w.block.lo == w.block.hi && !w.nextBlock() {
			return
		}
		if f.insert(w.hashes[i]) {
			*w.s.arena.at(w.block.lo) = states[i]
			w.block.lo++
			w.held++
		}
	}
}

// nextBlock reserves slots. It returns false, and stops the search, when there are none left or the
// index has no numbers for them.
func (w *worker[S]) nextBlock() bool {
	w.closeBlock()
	s := w.s
	if !s.fits(blockSize(s.arena.next.Load()) * stateSize[S]()) {
		s.halt(model.MemoryLimit)
		return false
	}
	b, ok := s.arena.reserve()
	switch {
	case b.hi > maxArenaSize:
		s.halt(model.StatesLimit)
		return false
	case !ok:
		s.halt(model.MemoryLimit)
		return false
	}
	w.block, w.fresh = b, append(w.fresh, span{b.lo, b.lo})
	if w.index != nil && !w.index.names(b.hi) && !w.rebuild(w.setLen()) {
		s.halt(model.MemoryLimit) // unless it stands still for another reason
		return false
	}
	return true
}

// close gives back the worker's part of the visited set.
func (w *worker[S]) close() {
	if w.fingerprints != nil {
		w.fingerprints.close()
		return
	}
	w.index.close()
}

// closeBlock records how far the current block was filled.
func (w *worker[S]) closeBlock() {
	if n := len(w.fresh); n > 0 {
		w.s.arena.filled.Add(w.block.lo - w.fresh[n-1].hi)
		w.fresh[n-1].hi = w.block.lo
	}
}
