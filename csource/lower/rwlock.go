package lower

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// A reader-writer lock is one variable: how many readers there are, or that there is a writer. Who
// waits to write does not keep readers out, as with glibc's default. Where writers are preferred it
// does: then the variable also counts the writers in the queue, and to wait for writing is a step
// into the queue, and one out of it.
type rwState struct {
	prefers bool
	writer  bool
	readers int64
	queue   int64
}

// Values in decimal: one that prefers writers has 1000000 more, 10000 for each writer in the queue,
// and 9999 where there is a writer inside.
const (
	rwFree    = 0
	rwWriter  = -1
	rwPrefers = 1_000_000
	rwQueued  = 10_000
	rwInside  = 9_999
)

func (s rwState) encode() int64 {
	switch {
	case !s.prefers && s.writer:
		return rwWriter
	case !s.prefers:
		return s.readers
	case s.writer:
		return rwPrefers + s.queue*rwQueued + rwInside
	}
	return rwPrefers + s.queue*rwQueued + s.readers
}

func decodeRW(n int64) rwState {
	if n < rwPrefers {
		return rwState{writer: n == rwWriter, readers: max(n, 0)}
	}
	s := rwState{prefers: true, queue: (n - rwPrefers) / rwQueued, readers: n % rwQueued}
	if s.readers == rwInside {
		s.writer, s.readers = true, 0
	}
	return s
}

// busy reports whether somebody is inside.
func (s rwState) busy() bool { return s.writer || s.readers > 0 }

// keepsOut reports whether a reader has to wait.
func (s rwState) keepsOut() bool { return s.writer || s.queue > 0 }

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
	t.facts.variants(v, t.w.cell(s.r).kind)
	tells := i.looked && i.prim.Reports() // as glibc does the writer itself; POSIX lets it wait for ever
	switch effect := i.prim.Effect; effect {
	case vocabulary.RWInit:
		s.initialise(t.rwKind(c, i))
	case vocabulary.ReadLock, vocabulary.TryReadLock, vocabulary.TimedReadLock:
		switch {
		case !c.rw.writing(v) || effect == vocabulary.TryReadLock:
			s.takeRead(v)
		case effect == vocabulary.TimedReadLock || tells:
			s.deadlock()
		default:
			s.impossible(model.SelfDeadlock, "is locked by the thread that holds it already")
		}
	case vocabulary.WriteLock, vocabulary.TryWriteLock, vocabulary.TimedWriteLock:
		switch {
		case !c.rw.has(v) || effect == vocabulary.TryWriteLock || effect == vocabulary.TimedWriteLock && c.rw.reading(v):
			s.takeWrite(v)
		case effect == vocabulary.TimedWriteLock || tells && c.rw.writing(v):
			s.deadlock()
		default:
			s.impossible(model.SelfDeadlock, "is locked by the thread that holds it already")
		}
	default:
		s.giveBack(v)
	}
}

// deadlock is what glibc says to the writer itself that asks for the lock again.
func (s *syncStep) deadlock() {
	x, _ := vocabulary.Constant("EDEADLK")
	for _, at := range s.values(false) {
		s.to(at, at, intValue(x))
	}
}

// limited reports whether the call may give up here: where its time may be up, or nothing else ever
// comes.
func (s *syncStep) limited(v int) bool {
	e := s.i.prim.Effect
	return (e == vocabulary.TimedReadLock || e == vocabulary.TimedWriteLock) &&
		(s.spec.Faults.WaitTimeout || s.c.rw.has(v))
}

// initialise makes the lock one of a kind.
func (s *syncStep) initialise(kind int64) {
	for _, x := range s.values(true) {
		if at := decodeRW(x); x != model.Unset && (at.busy() || at.queue > 0) {
			s.undefined(x, "%s is initialised while it is held", s.w.cellName(s.r))
			continue
		}
		s.to(x, rwState{prefers: kind == vocabulary.PreferWriter}.encode(), intValue(0))
	}
	s.facts.variants(s.w.cell(s.r).id, kind)
}

// rwKind is the kind of lock that a call makes: glibc takes PTHREAD_RWLOCK_PREFER_WRITER_NP for the
// default.
func (t *thread) rwKind(c *config, i *instr) int64 {
	kind := vocabulary.RWKind(i.prim.Name)
	if len(i.args) > 1 {
		kind = c.read(i.args[1]).n
	}
	if kind != vocabulary.PreferWriter {
		return 0
	}
	return kind
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
		s.impossible(model.LockDepthExceeded, fmt.Sprintf("is read by one thread more than %d times", maxReads))
		return
	}
	s.facts.readers(v, s.number, len(s.specs), depth)
	s.claim(v, model.ToRead)
	read := func(from rwState) {
		if to := from; !from.keepsOut() {
			to.readers++
			s.holding(from.encode(), to.encode(), s.i.prim.Result.Success(), func(h *holdings) { h.read(v) })
		}
	}
	for _, x := range s.values(false) {
		at := decodeRW(x)
		if at.keepsOut() {
			s.taken(v, x)
		}
		switch {
		case s.open:
			read(at)
		case at.readers > 0: // asked for a number that was found, it answers how there are so many
			at.readers--
			read(at)
		}
	}
}

// takeWrite makes the thread the writer. Where writers are preferred it queues for that if it has
// to wait.
func (s *syncStep) takeWrite(v int) {
	effect := s.i.prim.Effect
	waiting := s.c.phase == arrived
	s.claim(v, model.ToWrite)
	if waiting {
		s.claim(v, model.QueueWrite)
	}
	queues := effect != vocabulary.TryWriteLock && !waiting
	if queues && s.mayPrefer() {
		s.facts.writers(v, s.number, len(s.specs))
	}
	for _, x := range s.values(false) {
		at := decodeRW(x)
		switch {
		case waiting && at.queue == 0: // it is in the queue itself
		case waiting:
			at.queue--
			if at.busy() {
				s.givesUp(v, x, at.encode())
				break
			}
			at.writer = true
			s.holding(x, at.encode(), s.i.prim.Result.Success(), func(h *holdings) { h.writes = insert(h.writes, v) })
		case at.busy():
			if !at.prefers || !queues {
				s.taken(v, x)
				break
			}
			s.queue(at)
		default:
			at.writer = true
			s.holding(x, at.encode(), s.i.prim.Result.Success(), func(h *holdings) { h.writes = insert(h.writes, v) })
		}
	}
}

// queue lets a writer wait in the queue. Asked for a number that was found, it answers how there
// are so many.
func (s *syncStep) queue(at rwState) {
	from := at
	if s.open {
		at.queue++
	} else if from.queue--; from.queue < 0 {
		return
	}
	s.next(from.encode(), at.encode(), func() []model.Edge {
		d := s.c.clone()
		d.phase, d.alive, d.restarts = arrived, nil, 0
		return []model.Edge{{To: s.intern(d)}}
	})
}

// mayPrefer reports whether the lock may be one that prefers writers.
func (s *syncStep) mayPrefer() bool {
	kind, known := s.kindOf(s.r)
	return !known || kind == vocabulary.PreferWriter
}

// claim says as what the thread waits, where it can only wait.
func (s *syncStep) claim(v int, as model.Claim) {
	switch e := s.i.prim.Effect; {
	case e == vocabulary.TryReadLock || e == vocabulary.TryWriteLock:
	case !s.limited(v):
		s.n.Claim = as
	case as == model.QueueWrite:
		s.n.Claim = model.QueueAWhile
	}
}

// taken lets a try go on without the lock, and one with a limit in time; who else waits, does.
func (s *syncStep) taken(v int, x int64) {
	if e := s.i.prim.Effect; e == vocabulary.TryReadLock || e == vocabulary.TryWriteLock {
		failure, _ := s.i.prim.Result.Failure() // GLib's is FALSE
		s.to(x, x, intValue(failure))
		return
	}
	s.givesUp(v, x, x)
}

func (s *syncStep) givesUp(v int, from, set int64) {
	if s.limited(v) {
		failure, _ := s.i.prim.Result.Failure()
		s.to(from, set, intValue(failure))
	}
}

// giveBack releases the lock, as what the thread holds it.
func (s *syncStep) giveBack(v int) {
	effect, h := s.i.prim.Effect, &s.c.rw
	switch {
	case h.writing(v) && effect != vocabulary.ReadUnlock:
		for _, x := range s.values(false) {
			if at := decodeRW(x); at.writer {
				at.writer = false
				s.holding(x, at.encode(), 0, func(h *holdings) { h.writes = remove(h.writes, v) })
			}
		}
	case h.reading(v) && effect != vocabulary.WriteUnlock:
		for _, x := range s.values(false) {
			if at := decodeRW(x); at.readers > 0 {
				at.readers--
				s.holding(x, at.encode(), 0, func(h *holdings) { h.reads = remove(h.reads, v) })
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

// rwFact is what is known of the values of a reader-writer lock.
type rwFact struct {
	depths   map[int]int  // by thread: how often it holds the lock as a reader
	queuers  map[int]bool // threads that queue to write
	readers  int64        // how many there can be
	queue    int64        // how many writers can be in the queue
	variants [2]bool      // whether it is one of the default kind, and whether it prefers writers
}

func (f *facts) rwlock(v int) *rwFact {
	x := f.rwlocks[v]
	if x == nil {
		x = &rwFact{depths: map[int]int{}, queuers: map[int]bool{}}
		f.rwlocks[v] = x
	}
	return x
}

// variants notes that a lock can be of a kind.
func (f *facts) variants(v int, kind int64) {
	if x := f.rwlock(v); !x.variants[kind/vocabulary.PreferWriter] {
		x.variants[kind/vocabulary.PreferWriter] = true
		f.admitStates(v, x)
	}
}

// readers notes how often a thread, or one of several that are equal, holds a lock as a reader, and
// admits as many readers as there can be.
func (f *facts) readers(v, thread, equal, depth int) {
	x := f.rwlock(v)
	if old := x.depths[thread]; depth > old {
		x.depths[thread] = depth
		x.readers += int64(equal * (depth - old))
		f.admitStates(v, x)
	}
}

// writers notes that a thread, or several that are equal, can be in the queue of writers.
func (f *facts) writers(v, thread, equal int) {
	if x := f.rwlock(v); !x.queuers[thread] {
		x.queuers[thread] = true
		x.queue += int64(equal)
		f.admitStates(v, x)
	}
}

func (f *facts) admitStates(v int, x *rwFact) {
	if x.variants[0] {
		for n := int64(rwFree); n <= x.readers && f.admit(v, n); n++ {
		}
	}
	if !x.variants[1] {
		return
	}
	for q := range x.queue + 1 {
		for n := range x.readers + 1 {
			if !f.admit(v, rwState{prefers: true, readers: n, queue: q}.encode()) {
				return
			}
		}
	}
}

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
