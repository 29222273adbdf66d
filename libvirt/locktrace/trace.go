package locktrace

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/checker/lockorder"
)

// Limits of what is kept.
const (
	mostThreads = 100_000
	mostHeld    = 64 // locks of one thread
	mostPlaces  = 100_000
	mostLocks   = 1_000_000 // that are held at one time
	mostClasses = 256
	longest     = 3 // holds and waits that are kept of a class
)

// trace follows what all threads hold and wait for.
type trace struct {
	threads map[int64]*thread
	owners  map[lockID][]*thread // who holds a lock: several readers, or one
	places  map[lockorder.Seen]*seen
	classes map[string]*class
	jobs    map[lockID]*jobHeld // by domain and kind
	blocked map[string]*span    // sleeps on a condition with a lock held for which others wait, by both
	waiting map[lockID]int      // how many threads wait for a lock

	records, bad, unpaired, left int64
	twice                        int64 // locks that two threads had at once: an unlock is missing in the trace
	first, last                  record
	back                         int64 // records out of order
}

type thread struct {
	tid   int64
	held  []held
	site  string // of the next lock call
	waits *held  // for a lock, since when
	sleep *held  // on a condition, with the lock that it let go of
	begin map[string]held
}

type held struct {
	lock  lockID
	site  string
	ns    int64
	line  int
	reads bool
}

type seen struct {
	n        int64
	fromLine int
	toLine   int
	tid      int64
}

// A class is what was measured of one class.
type class struct {
	n            int64
	held, waited int64 // ns, all together
	holds, waits []span
}

// A span is a time between two records.
type span struct {
	ns       int64
	from, to int // lines
	tid      int64
	lock     lockID
	site     string
	n        int64
	with     string
}

type jobHeld struct {
	tid  int64
	ns   int64
	line int
	arg  string // which job, by name or as the number of the enumerator
	kind string

	nested bool // within an async job: arg is that one
}

func newTrace() *trace {
	return &trace{
		threads: map[int64]*thread{}, owners: map[lockID][]*thread{}, places: map[lockorder.Seen]*seen{},
		classes: map[string]*class{},
		jobs:    map[lockID]*jobHeld{}, blocked: map[string]*span{}, waiting: map[lockID]int{},
	}
}

func (t *trace) line(n int, text string) {
	if text == "" || text == Header {
		return
	}
	r, name, ok := parse(n, text)
	if !ok {
		t.bad++
		return
	}
	t.records++
	if t.records == 1 {
		t.first = r
	} else if r.seq < t.last.seq {
		t.back++
	}
	t.last = r
	if r.op == ignored {
		return
	}
	th := t.threads[r.tid]
	if th == nil {
		if len(t.threads) == mostThreads {
			t.left++
			return
		}
		th = &thread{tid: r.tid}
		t.threads[r.tid] = th
	}
	t.step(th, r, name)
}

func (t *trace) class(name string) *class {
	c := t.classes[name]
	if c == nil && len(t.classes) < mostClasses {
		c = &class{}
		t.classes[name] = c
	}
	if c == nil {
		c = &class{} // beyond what is kept
	}
	return c
}

func (t *trace) step(th *thread, r record, name string) {
	switch r.op {
	case from:
		th.site = r.arg
	case asks, asksToRead:
		site := r.arg
		if site == "" {
			site = th.site
		}
		th.site = ""
		t.answered(th)
		th.waits = &held{lock: r.lock, site: site, ns: r.ns, line: r.line, reads: r.op == asksToRead}
		t.waiting[r.lock]++
		t.orders(th, *th.waits)
	case has:
		h := held{lock: r.lock, site: r.arg, ns: r.ns, line: r.line}
		if w := th.waits; w != nil && w.lock == r.lock {
			c := t.class(r.lock.class)
			c.waited += r.ns - w.ns
			keep(&c.waits, span{ns: r.ns - w.ns, from: w.line, to: r.line, tid: th.tid, lock: r.lock, site: w.site})
			h.site, h.reads = w.site, w.reads
		}
		t.answered(th)
		t.take(th, h)
	case unlocks:
		t.release(th, r)
	case sleeps:
		t.release(th, r)
		th.sleep = &held{lock: r.lock, site: th.site, ns: r.ns, line: r.line}
	case wakes:
		if s := th.sleep; s != nil && s.lock == r.lock {
			t.slept(th, s, r)
		}
		th.sleep = nil
		t.take(th, held{lock: r.lock, ns: r.ns, line: r.line, site: "after a wait on a condition"})
	case beginsJob:
		if th.begin == nil {
			th.begin = map[string]held{}
		}
		if len(th.begin) < mostHeld {
			th.begin[jobKind(name)] = held{lock: r.lock, ns: r.ns, line: r.line, site: r.arg}
		}
	case hasJob:
		b, ok := th.begin[jobKind(name)]
		delete(th.begin, jobKind(name))
		if r.arg != "0" || len(t.jobs) >= mostLocks {
			return
		}
		key := lockID{jobKind(name), r.lock.object}
		t.jobs[key] = &jobHeld{
			tid: th.tid, ns: r.ns, line: r.line, arg: b.site, kind: jobKind(name), nested: strings.Contains(name, "Nested"),
		}
		if ok {
			c := t.class(jobClass)
			c.waited += r.ns - b.ns
			keep(&c.waits, span{
				ns: r.ns - b.ns, from: b.line, to: r.line, tid: th.tid, lock: key,
				site: name[:strings.IndexByte(name, '_')],
			})
		}
	case endsJob:
		key := lockID{jobKind(name), r.lock.object}
		if j := t.jobs[key]; j != nil {
			c := t.class(jobClass)
			c.n++
			c.held += r.ns - j.ns
			keep(&c.holds, span{ns: r.ns - j.ns, from: j.line, to: r.line, tid: j.tid, lock: key, site: r.arg})
			delete(t.jobs, key)
		} else {
			t.unpaired++
		}
	case isNew:
		for _, kind := range kinds {
			delete(t.jobs, lockID{kind, r.lock.object})
		}
	}
}

// answered ends the wait of a thread for a lock.
func (t *trace) answered(th *thread) {
	if th.waits == nil {
		return
	}
	if t.waiting[th.waits.lock]--; t.waiting[th.waits.lock] == 0 {
		delete(t.waiting, th.waits.lock)
	}
	th.waits = nil
}

const jobClass = "job"

// keep keeps the longest spans.
func keep(all *[]span, s span) {
	i := len(*all)
	for i > 0 && (*all)[i-1].ns < s.ns {
		i--
	}
	if i == longest {
		return
	}
	*all = append(*all, span{})
	copy((*all)[i+1:], (*all)[i:])
	(*all)[i] = s
	*all = (*all)[:min(len(*all), longest)]
}

// orders notes what is held while a lock is asked for.
func (t *trace) orders(th *thread, w held) {
	for i := range th.held {
		h := &th.held[i]
		if h.lock == w.lock {
			continue
		}
		key := lockorder.Seen{
			From: h.lock.class, To: w.lock.class, FromReads: h.reads, ToReads: w.reads,
			FromSite: h.site, ToSite: w.site,
		}
		s := t.places[key]
		if s == nil {
			if len(t.places) == mostPlaces {
				t.left++
				continue
			}
			s = &seen{fromLine: h.line, toLine: w.line, tid: th.tid}
			t.places[key] = s
		}
		s.n++
	}
}

func (t *trace) take(th *thread, h held) {
	if len(th.held) == mostHeld || len(t.owners) >= mostLocks {
		t.left++
		return
	}
	for _, old := range t.owners[h.lock] {
		if !h.reads || !old.reads(h.lock) {
			t.twice++
			old.held = slices.DeleteFunc(old.held, func(x held) bool { return x.lock == h.lock })
			t.owners[h.lock] = nil
		}
	}
	th.held = append(th.held, h)
	t.owners[h.lock] = append(t.owners[h.lock], th)
	t.class(h.lock.class).n++
}

func (t *trace) release(th *thread, r record) {
	for i := len(th.held) - 1; i >= 0; i-- {
		if th.held[i].lock != r.lock {
			continue
		}
		h := th.held[i]
		th.held = append(th.held[:i], th.held[i+1:]...)
		c := t.class(r.lock.class)
		c.held += r.ns - h.ns
		keep(&c.holds, span{ns: r.ns - h.ns, from: h.line, to: r.line, tid: th.tid, lock: r.lock, site: h.site})
		all := t.owners[r.lock]
		for k := range all {
			if all[k] == th {
				all = append(all[:k], all[k+1:]...)
				break
			}
		}
		if len(all) == 0 {
			delete(t.owners, r.lock)
		} else {
			t.owners[r.lock] = all
		}
		return
	}
	t.unpaired++ // the trace begins in the middle
}

// slept notes a sleep with a lock held for which somebody waits: who has asked for it meanwhile
// still does.
func (t *trace) slept(th *thread, s *held, r record) {
	for i := range th.held {
		h := &th.held[i]
		if h.lock == s.lock || t.waiting[h.lock] == 0 {
			continue
		}
		key := h.lock.class + " " + s.lock.class
		b := t.blocked[key]
		if b == nil {
			if len(t.blocked) == mostClasses {
				t.left++
				continue
			}
			b = &span{}
			t.blocked[key] = b
		}
		b.n++
		if r.ns-s.ns >= b.ns {
			*b = span{
				ns: r.ns - s.ns, from: s.line, to: r.line, tid: th.tid, lock: s.lock, site: h.site, n: b.n,
				with: h.lock.class,
			}
		}
	}
}
