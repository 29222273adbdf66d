package explore

import (
	"context"
	"maps"
	"sync/atomic"
	"time"

	"github.com/lockproof/lockproof/model"
)

// search is one breadth-first exploration. It goes level by level: workers take batches of the current
// level and append what is new, and between levels, alone, the coordinator merges what they saw. So every
// number and every counterexample is the same for any number of workers.
type search[S model.Words] struct {
	m       *model.Machine[S]
	opt     Options
	ctx     context.Context
	started time.Time

	arena arena[S]
	index *index[S]
	// With fingerprints they are the visited set, and finished levels are spilled.
	fingerprints *fingerprints
	spill        *spill[S]
	err          error
	reduce       *reducer[S]
	threads      []int    // all of them
	levels       [][]span // slots of every level; holes left out
	workers      []*worker[S]

	found  found[S]
	cycles cycles[S]
	graph  *model.WaitGraph // only when wait cycles are asked for
	errors map[failure[S]]struct{}
	// errorDepth is the depth of the deepest error state.
	errorDepth int
	stats      Stats
	limit      Limit
	// freed says that merging assumed wrongly that nothing is freed: the search is to be thrown away.
	freed bool
	// exhausted says that the last level had no new successors.
	exhausted bool
	peak      int64 // bytes

	todo   []span
	cursor atomic.Int64 // next batch of todo
	stop   atomic.Bool
	meter  meter
}

// worker is one goroutine's share: nothing in it is read by others before the level ends.
type worker[S model.Words] struct {
	s           *search[S]
	id          int
	block       span // reserved slots, lo is the next free one
	fresh       []span
	buf         []model.Succ[S]
	heads       []model.Succ[S] // merging: the first steps
	micro       []model.Succ[S] // merging: a stack of single steps
	rounds      []bool
	quiet       bool // states are looked at again: nothing is noted
	freed       bool
	ends        []int // by state: where its successors end in buf
	hashes      []uint64
	slots       []uint32
	touched     uint64 // keeps the reads of touch from being optimised away
	at          []model.NodeID
	ring        []model.Wait
	cycles      cycles[S]
	transitions int64
	deadlocks   int64
	reached     [][]bool
	errors      map[failure[S]]struct{}
	found       found[S]
	full        bool
}

// failure identifies an error state: one for each state and kind, whoever fails there.
type failure[S model.Words] struct {
	state S
	kind  model.Kind
}

// batch is how many states a worker expands between two looks at limits, cancellation and the index's load.
const batch = blockSize

func newSearch[S model.Words](ctx context.Context, m *model.Machine[S], opt Options, assumeAlive bool) *search[S] {
	s := &search[S]{m: m, opt: opt, ctx: ctx, started: time.Now(), reduce: newReducer(m, opt.Reduce, assumeAlive), errors: map[failure[S]]struct{}{}}
	s.index = newIndex(&s.arena)
	s.index.alone, s.index.workers = opt.Workers <= 1, opt.Workers
	if opt.Fingerprint {
		s.fingerprints = &fingerprints{entries: make([]uint64, minIndex)}
		s.spill, s.err = newSpill[S](opt.SpillDir)
	}
	s.found, s.cycles = found[S]{}, cycles[S]{}
	for t := range m.Program.Threads {
		s.threads = append(s.threads, t)
	}
	if opt.WaitCycles {
		s.graph = model.NewWaitGraph(m.Program)
	}
	for id := range max(1, opt.Workers) {
		w := &worker[S]{s: s, id: id, errors: map[failure[S]]struct{}{}, found: found[S]{}, cycles: cycles[S]{}}
		w.at = make([]model.NodeID, len(m.Program.Threads))
		for t := range m.Program.Threads {
			w.reached = append(w.reached, make([]bool, len(m.Program.Threads[t].Nodes)))
		}
		s.workers = append(s.workers, w)
	}
	return s
}

// run visits every reachable state, or stops at a limit.
func (s *search[S]) run() {
	if s.err != nil {
		return
	}
	w := s.workers[0]
	for _, v := range s.m.InitialViolations() {
		w.fail(v.State, &model.Succ[S]{State: v.State, Rule: model.None, Failed: v.Check})
	}
	for _, i := range s.m.Initial() {
		i = s.reduce.canonical(&i)
		w.visit(&i, hash(&i))
	}
	s.endLevel()
	for s.limit == NoLimit && s.err == nil && len(s.frontier()) > 0 && !s.freed && !(s.opt.First && len(s.found) > 0) {
		s.expand()
		s.endLevel()
		s.meter.depth.Add(1)
		if s.spill != nil {
			s.spillLevel()
		}
	}
	if len(s.frontier()) == 0 && !s.freed {
		s.exhausted = true
		s.levels = s.levels[:len(s.levels)-1]
	}
}

func (s *search[S]) frontier() []span { return s.levels[len(s.levels)-1] }

// depth is the level that is being expanded.
func (s *search[S]) depth() int { return len(s.levels) - 1 }

// expand generates the successors of the last level. It returns to the coordinator whenever the index must grow.
func (s *search[S]) expand() {
	s.todo = cut(s.frontier())
	s.cursor.Store(0)
	for {
		s.stop.Store(false)
		s.parallel((*worker[S]).work)
		s.settle()
		if s.limit != NoLimit {
			return
		}
		if s.crowded() && !s.growIndex() {
			return
		}
		if s.cursor.Load() >= int64(len(s.todo)) {
			return
		}
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

// work expands batches until there are none left, a limit is hit, or the index is too full.
func (w *worker[S]) work() {
	s := w.s
	for !s.stop.Load() {
		if s.crowded() || s.limited() != NoLimit {
			s.stop.Store(true)
			return
		}
		i := s.cursor.Add(1) - 1
		if i >= int64(len(s.todo)) {
			return
		}
		for lo := s.todo[i].lo; lo < s.todo[i].hi; lo += window {
			w.expand(lo, min(s.todo[i].hi, lo+window))
		}
		s.meter.expanded.Add(s.todo[i].hi - s.todo[i].lo)
	}
}

// window is how many states a worker expands side by side, so that the cache misses of their successors overlap.
const window = 16

// expand generates the successors of some states, and then visits them all.
func (w *worker[S]) expand(lo, hi int64) {
	w.buf, w.rounds, w.ends = w.buf[:0], w.rounds[:0], w.ends[:0]
	for slot := lo; slot < hi; slot++ {
		base := len(w.buf)
		state := w.s.arena.at(slot)
		w.successors(state)
		w.represent(base)
		w.ends = append(w.ends, len(w.buf))
		w.look(state, len(w.buf) == base)
	}
	w.touch()
	i := 0
	for n, end := range w.ends {
		state := w.s.arena.at(lo + int64(n))
		for ; i < end; i++ {
			succ := &w.buf[i]
			if succ.Failed != nil {
				w.transitions++
				w.fail(*state, succ)
				continue
			}
			if succ.State != *state {
				w.transitions++
				w.visit(&succ.State, w.hashes[i])
			}
		}
	}
}

// touch reads what visiting the successors in w.buf is going to read: first the entries of the index, then the states that they may be.
func (w *worker[S]) touch() {
	w.hashes, w.slots = w.hashes[:0], w.slots[:0]
	for i := range w.buf {
		h := hash(&w.buf[i].State)
		w.hashes = append(w.hashes, h)
		if f := w.s.fingerprints; f != nil {
			w.touched += f.peek(h)
			continue
		}
		w.slots = append(w.slots, w.s.index.peek(h))
	}
	for i, e := range w.slots {
		if slot := w.s.index.candidate(e, w.hashes[i]); slot >= 0 {
			w.touched += (*w.s.arena.at(slot))[0]
		}
	}
}

// look notes what can be seen of a state itself.
func (w *worker[S]) look(state *S, terminal bool) {
	if w.s.graph != nil {
		for t := range w.reached {
			w.reached[t][w.s.m.Location(state, t)] = true
		}
		w.waitCycle(state)
	}
	if terminal {
		w.terminal(state)
	}
}

// leak notes what a thread that a step finishes still holds.
func (w *worker[S]) leak(succ *model.Succ[S], rule int32) {
	if kind := w.s.m.Leak(&succ.State, rule); kind != "" {
		state := w.s.reduce.canonical(&succ.State)
		w.found.note(finding[S]{verdict: model.Violation, kind: kind, level: w.s.depth() + 1, state: state, leak: true})
	}
}

// terminal looks at a state without successors.
func (w *worker[S]) terminal(state *S) {
	m := w.s.m
	if !m.AllFinished(state) {
		w.deadlocks++
		kind, _, _ := viewer[S]{m}.explainHang(state, w.s.threads)
		w.found.note(finding[S]{verdict: model.Deadlock, kind: kind, level: w.s.depth(), state: *state})
		return
	}
	if m.ReferenceLeak(state) != model.None {
		w.found.note(finding[S]{verdict: model.Violation, kind: model.RefCount, level: w.s.depth(), state: *state})
	}
}

func (w *worker[S]) fail(from S, succ *model.Succ[S]) {
	w.errors[failure[S]{w.s.reduce.canonical(&succ.State), succ.Failed.Kind}] = struct{}{}
	w.found.note(finding[S]{
		verdict: model.Violation, kind: succ.Failed.Kind, level: max(0, w.s.depth()), state: from, rule: succ.Rule, failed: succ.Failed,
	})
}

// visit enters a state into the visited set, and into the next level when it is new.
func (w *worker[S]) visit(state *S, h uint64) {
	if w.block.lo == w.block.hi {
		w.closeBlock()
		b, ok := w.s.arena.reserve()
		if !ok {
			w.full = true
			w.s.stop.Store(true)
			return
		}
		w.block, w.fresh = b, append(w.fresh, span{b.lo, b.lo})
	}
	if f := w.s.fingerprints; f != nil {
		if f.insert(h) {
			*w.s.arena.at(w.block.lo) = *state
			w.block.lo++
		}
		return
	}
	if w.s.index.insert(state, h, w.block.lo) {
		w.block.lo++
	}
}

// closeBlock records how far the current block was filled.
func (w *worker[S]) closeBlock() {
	if n := len(w.fresh); n > 0 {
		w.s.arena.filled.Add(w.block.lo - w.fresh[n-1].hi)
		w.fresh[n-1].hi = w.block.lo
	}
}

// settle gathers what the workers have filled so far, so that the index can be rebuilt.
func (s *search[S]) settle() {
	for _, w := range s.workers {
		w.closeBlock()
		if w.full {
			s.limit = States
		}
	}
	if l := s.limited(); l != NoLimit {
		s.limit = l
	}
	s.peak = max(s.peak, s.arena.bytes()+s.setBytes())
}

// endLevel merges the workers' findings and makes what they filled the next level.
func (s *search[S]) endLevel() {
	s.settle()
	var level []span
	for _, w := range s.workers {
		for _, b := range w.fresh {
			if b.lo < b.hi {
				level = append(level, b)
			}
		}
		w.fresh = append(w.fresh[:0], span{w.block.lo, w.block.lo})
		s.stats.Transitions += w.transitions
		s.stats.Deadlocks += w.deadlocks
		w.transitions, w.deadlocks = 0, 0
		if len(w.errors) > 0 {
			s.errorDepth = len(s.levels)
		}
		maps.Copy(s.errors, w.errors)
		clear(w.errors)
		s.freed = s.freed || w.freed
		for _, f := range w.found {
			s.found.note(f)
		}
		clear(w.found)
		for k, c := range w.cycles {
			s.cycles.note(k, c)
		}
		clear(w.cycles)
	}
	s.levels = append(s.levels, level)
	s.arena.used = append(s.arena.used, level...)
}
