package lower

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// A reader-writer lock is one variable: how many readers there are, or that there is a writer. Who
// waits to write does not keep readers out, as with glibc's default.
const (
	rwFree   = 0
	rwWriter = -1
)

// maxReads is how often a thread may hold one lock as a reader.
const maxReads = 64

// holdings are the reader-writer locks that a thread holds, as variables, ascending. One that it
// reads several times stands there as often.
type holdings struct{ reads, writes []int }

func (h *holdings) clone() holdings { return holdings{slices.Clone(h.reads), slices.Clone(h.writes)} }

func (h *holdings) reading(v int) bool { _, ok := slices.BinarySearch(h.reads, v); return ok }
func (h *holdings) writing(v int) bool { _, ok := slices.BinarySearch(h.writes, v); return ok }
func (h *holdings) has(v int) bool     { return h.reading(v) || h.writing(v) }

// all lists what is held in any way, ascending.
func (h *holdings) all() []int {
	all := slices.Concat(h.reads, h.writes)
	slices.Sort(all)
	return slices.Compact(all)
}

func (h *holdings) count(v int) (n int) {
	for _, r := range h.reads {
		if r == v {
			n++
		}
	}
	return n
}

func (h *holdings) read(v int) {
	at, _ := slices.BinarySearch(h.reads, v)
	h.reads = slices.Insert(h.reads, at, v)
}

// drop forgets locks that are gone.
func (h *holdings) drop(gone func(int) bool) {
	h.reads, h.writes = slices.DeleteFunc(h.reads, gone), slices.DeleteFunc(h.writes, gone)
}

// rwlockNode builds a step on a reader-writer lock.
func (t *thread) rwlockNode(c *config, n *model.Node, i *instr) {
	s := t.syncStep(c, n, i)
	v := t.w.cell(s.r).id
	switch i.prim.Effect {
	case vocabulary.ReadLock:
		if c.rw.writing(v) {
			s.impossible(model.SelfDeadlock, "is locked by the thread that holds it already")
			return
		}
		s.takeRead(v)
	case vocabulary.TryReadLock:
		s.takeRead(v)
	case vocabulary.WriteLock:
		if c.rw.has(v) {
			s.impossible(model.SelfDeadlock, "is locked by the thread that holds it already")
			return
		}
		s.takeWrite(v)
	case vocabulary.TryWriteLock:
		s.takeWrite(v)
	default:
		s.giveBack(v)
	}
}

// impossible makes the step one that cannot go well.
func (s *syncStep) impossible(kind model.Kind, what string) {
	s.n.Op, s.n.Var = model.OpFail, model.None
	fails(s.n, kind, "%s %s", s.w.cellName(s.r), what)
}

// takeRead adds a reader. There are no more of them than places in all threads at which one can be.
func (s *syncStep) takeRead(v int) {
	depth := s.c.rw.count(v) + 1
	if depth > maxReads {
		s.impossible(model.RangeExceeded, fmt.Sprintf("is read by one thread more than %d times", maxReads))
		return
	}
	s.facts.readers(v, s.number, len(s.specs), depth)
	for _, x := range s.values(false) {
		switch from := x - 1; {
		case x == rwWriter:
			s.taken(x)
		case s.open:
			s.holding(x, x+1, s.i.prim.Result.Success(), func(h *holdings) { h.read(v) })
		case from >= rwFree: // asked for a number that was found, it answers how there are so many
			s.holding(from, x, s.i.prim.Result.Success(), func(h *holdings) { h.read(v) })
		}
	}
}

func (s *syncStep) takeWrite(v int) {
	for _, x := range s.values(false) {
		if x == rwFree {
			s.holding(x, rwWriter, s.i.prim.Result.Success(), func(h *holdings) { h.writes = insert(h.writes, v) })
		} else {
			s.taken(x)
		}
	}
}

// taken lets a try go on without the lock; who does not try waits.
func (s *syncStep) taken(x int64) {
	if e := s.i.prim.Effect; e == vocabulary.TryReadLock || e == vocabulary.TryWriteLock {
		failure, _ := s.i.prim.Result.Failure() // GLib's is FALSE
		s.to(x, x, intValue(failure))
	}
}

// giveBack releases the lock, as what the thread holds it.
func (s *syncStep) giveBack(v int) {
	effect, h := s.i.prim.Effect, &s.c.rw
	switch {
	case h.writing(v) && effect != vocabulary.ReadUnlock:
		for _, x := range s.values(false) {
			if x == rwWriter {
				s.holding(x, rwFree, 0, func(h *holdings) { h.writes = remove(h.writes, v) })
			}
		}
	case h.reading(v) && effect != vocabulary.WriteUnlock:
		for _, x := range s.values(false) {
			if x > rwFree {
				s.holding(x, x-1, 0, func(h *holdings) { h.reads = remove(h.reads, v) })
			}
		}
	case h.reading(v):
		s.impossible(model.BadUnlock, "is unlocked by a thread that holds it as a reader")
	case h.writing(v):
		s.impossible(model.BadUnlock, "is unlocked by a thread that holds it as the writer")
	default:
		s.impossible(model.BadUnlock, "is unlocked by a thread that does not hold it")
	}
}

// holding lets the step change the lock and what the thread holds.
func (s *syncStep) holding(from, set, result int64, change func(*holdings)) {
	s.next(from, set, func() []model.Edge {
		return s.after(s.c, intValue(result), func(d *config) { change(&d.rw) })
	})
}

// readers notes how often a thread, or one of several that are equal, holds a lock as a reader, and
// admits as many readers as there can be.
func (f *facts) readers(v, thread, equal, depth int) {
	key := reader{v, thread}
	old := f.depths[key]
	if depth <= old {
		return
	}
	f.depths[key] = depth
	f.reads[v] += int64(equal * (depth - old))
	for n := int64(rwFree); n <= f.reads[v] && f.admit(v, n); n++ {
	}
}

// reader is a thread that takes a lock.
type reader struct{ lock, thread int }

// leak makes the return with which a thread ends a step that fails, when it holds a reader-writer
// lock. A thread that loops may keep it.
func (t *thread) leak(c *config, i *instr) bool {
	all := c.rw.all()
	if len(c.frames) > 1 && i.op == iReturn || t.spec.Loop || len(all) == 0 {
		return false
	}
	c.fail = &model.Check{
		Kind: model.LockLeak, Pos: i.pos, Function: c.top().f.name,
		Text: "it ends and still holds " + t.w.cellName(t.w.vars[all[0]]),
	}
	return true
}
