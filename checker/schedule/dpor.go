package schedule

import (
	"math/bits"

	"github.com/lockproof/lockproof/model"
)

// A dpor tries one interleaving of each class of those that differ only in the order of independent
// steps: dynamic partial-order reduction. The races come from Flanagan and Godefroid, "Dynamic
// Partial-Order Reduction for Model Checking Software" (POPL 2005). What is tried because of a race
// comes from the source sets of Abdulla, Aronis, Jonsson and Sagonas, "Optimal Dynamic Partial
// Order Reduction" (POPL 2014), algorithm 1: the first paper adds any thread that could bring the
// later step forward, and with sleep sets (Godefroid, LNCS 1032, 1996) that loses outcomes when the
// one it adds sleeps; random programs show it within some thousand tries.
//
// Two steps depend on each other when they are of one thread, lock one mutex, change one queue, or
// are the beginning of a call and the end of another. Ways of a step are not interleavings: all are
// tried. Every deadlock and every outcome is kept, and so is the answer to whether a rule can be
// broken. Which rule is broken first is not: a broken rule ends the run, and hides what other
// threads would have done.
type dpor struct {
	nodes    []dporNode // S, and the state after it
	depth    int
	started  bool
	finished bool
	cut      bool
	asleep   bool // the run was ended because all its runnable threads sleep
	unstable error

	// The last step on each object: the one with which the next may race. Counted from 1; 0: none.
	changes []int32 // by object
	begun   [maxThreads]int32
	ended   [maxThreads]int32 // the last beginning and the last end of a call, by thread
}

// A threadSet is a bit per thread.
type threadSet uint32

func (s threadSet) has(t int) bool { return s>>t&1 != 0 }

// A dporNode is a state on the current path, and the decision taken there.
type dporNode struct {
	enabled   threadSet
	backtrack threadSet // to be tried
	done      threadSet // tried in all ways
	sleep     threadSet // tried elsewhere, with the same effect
	pick      model.Pick
	ways      int
	next      [maxThreads]objectID // the object of every thread's next step
	clock     clock                // of the decided step
	digest    uint64               // of the run so far: the same whenever the state is reached
}

func newDPOR() *dpor { return &dpor{} }

func (s *dpor) begin() bool {
	s.depth, s.asleep = 0, false
	clear(s.changes)
	clear(s.begun[:])
	clear(s.ended[:])
	if !s.started {
		s.started = true
		return true
	}
	for len(s.nodes) > 0 {
		n := &s.nodes[len(s.nodes)-1]
		if n.advance() {
			return true
		}
		s.nodes = s.nodes[:len(s.nodes)-1]
	}
	s.finished = true
	return false
}

// advance moves to the next decision of a state.
func (n *dporNode) advance() bool {
	if n.pick.Choice+1 < n.ways {
		n.pick.Choice++
		return true
	}
	n.done |= 1 << n.pick.Thread
	n.sleep |= 1 << n.pick.Thread
	return n.choose()
}

// choose takes a thread that must be tried and has not been.
func (n *dporNode) choose() bool {
	left := n.backtrack &^ n.done &^ n.sleep
	if left == 0 {
		return false
	}
	n.pick = model.Pick{Thread: bits.TrailingZeros32(uint32(left))}
	n.ways = 0 // known when the step is reached
	return true
}

func (s *dpor) pick(w *world) model.Pick {
	s.stamp(w)
	if s.depth == len(s.nodes) {
		s.nodes = append(s.nodes, s.expand(w))
	}
	n := &s.nodes[s.depth]
	if n.pick.Thread < 0 {
		s.races(w, n)
		s.asleep = true
		s.nodes = s.nodes[:s.depth]
		return abandon
	}
	if n.digest != w.digest || !offers(w, n.pick) {
		s.unstable = errOtherThanBefore
		return abandon
	}
	t := w.threads[n.pick.Thread]
	if s.depth == len(s.nodes)-1 {
		s.race(t, n.next[t.id])
	}
	n.ways = t.next.ways
	s.remember(t.id, n.next[t.id])
	s.depth++
	return n.pick
}

// stamp notes the clock of the step that has just been taken.
func (s *dpor) stamp(w *world) {
	if s.depth > 0 {
		n := &s.nodes[s.depth-1]
		n.clock = w.threads[n.pick.Thread].clock
	}
}

// expand is the state that has just been reached.
func (s *dpor) expand(w *world) dporNode {
	n := dporNode{digest: w.digest}
	for _, t := range w.threads {
		if !t.finished {
			n.next[t.id] = t.next.object()
		}
	}
	for _, t := range w.runnable {
		n.enabled |= 1 << t.id
	}
	if s.depth > 0 {
		before := &s.nodes[s.depth-1]
		taken := before.next[before.pick.Thread]
		for set := before.sleep; set != 0; set &= set - 1 {
			q := bits.TrailingZeros32(uint32(set))
			if q != before.pick.Thread && !taken.dependent(before.next[q]) {
				n.sleep |= 1 << q
			}
		}
	}
	n.pick.Thread = mainThread
	for _, t := range w.runnable { // any one will do: the one that runs makes the shortest switches
		if !n.sleep.has(t.id) && (n.pick.Thread < 0 || s.depth > 0 && s.nodes[s.depth-1].pick.Thread == t.id) {
			n.pick.Thread = t.id
		}
	}
	if n.pick.Thread >= 0 {
		n.backtrack = 1 << n.pick.Thread
	}
	return n
}

// races looks for races of all threads that are left.
func (s *dpor) races(w *world, n *dporNode) {
	for _, t := range w.threads {
		if !t.finished && (t.next.verb != reacquire || t.signalled || t.givesUp) {
			s.race(t, n.next[t.id])
		}
	}
}

// race has the reverse tried of the races between p's next step and the last steps on its object.
func (s *dpor) race(p *thread, object objectID) {
	switch {
	case object == callBegins:
		s.raceWithAll(p, object, &s.ended)
	case object == callEnds:
		s.raceWithAll(p, object, &s.begun)
	case int(object) < len(s.changes) && s.changes[object] > 0:
		s.reverse(p, object, s.changes[object]-1)
	}
}

// raceWithAll is race with steps that do not depend on each other, so that each of them may be a
// last one.
func (s *dpor) raceWithAll(p *thread, object objectID, steps *[maxThreads]int32) {
	for q, i := range steps {
		if i == 0 {
			continue
		}
		before := false // another one of them that comes after it
		for _, j := range steps {
			before = before || j > i && s.nodes[j-1].clock[q] >= i-1
		}
		if !before {
			s.reverse(p, object, i-1)
		}
	}
}

// reverse has p's next step tried before step i, if that does not happen before it: from the state
// before i, one of the threads that can begin what leads to p's step without it.
func (s *dpor) reverse(p *thread, object objectID, i int32) {
	n := &s.nodes[i]
	if n.pick.Thread == p.id || p.clock[n.pick.Thread] >= i {
		return
	}
	initials := s.initials(int(i), p, object)
	if initials&(n.backtrack|n.sleep) == 0 {
		n.backtrack |= initials & -initials
	}
}

// initials are the threads whose first step, among those after step i that do not happen after it
// and p's next one, happens after none of the others: I(v) in the paper. Of steps on mutexes and
// queues, none that p's next one depends on is among them, but the ends of several calls can be.
func (s *dpor) initials(i int, p *thread, object objectID) threadSet {
	var first clock // the first of those steps, by thread
	first.reset()
	var initials, seen threadSet
	visit := func(q int, c *clock) {
		if seen.has(q) {
			return
		}
		for set := seen; set != 0; set &= set - 1 {
			if r := bits.TrailingZeros32(uint32(set)); c[r] >= first[r] {
				seen |= 1 << q
				return
			}
		}
		seen |= 1 << q
		initials |= 1 << q
	}
	cause := s.nodes[i].pick.Thread
	next := p.clock
	for j := i + 1; j < s.depth; j++ {
		n := &s.nodes[j]
		if n.clock[cause] >= int32(i) {
			continue
		}
		q := n.pick.Thread
		if n.next[q].dependent(object) {
			next.join(&n.clock)
		}
		fresh := !seen.has(q)
		visit(q, &n.clock)
		if fresh {
			first[q] = int32(j)
		}
	}
	visit(p.id, &next)
	return initials
}

// remember notes that the step about to be taken, by a thread, changes an object.
func (s *dpor) remember(thread int, object objectID) {
	switch object {
	case nothingShared:
		return
	case callBegins:
		s.begun[thread] = int32(s.depth) + 1
		return
	case callEnds:
		s.ended[thread] = int32(s.depth) + 1
		return
	}
	for int(object) >= len(s.changes) {
		s.changes = append(s.changes, 0)
	}
	s.changes[object] = int32(s.depth) + 1
}

// last looks for races of those that are left with the last steps.
func (s *dpor) last(w *world) {
	if s.asleep || s.unstable != nil {
		return
	}
	s.stamp(w)
	w.runnable = w.runnable[:0]
	n := s.expand(w)
	s.races(w, &n)
}

func (s *dpor) end(w *world) error {
	if w.cut != model.NoLimit && !s.asleep && s.unstable == nil {
		s.cut = true
	}
	return s.unstable
}

func (s *dpor) complete() bool { return s.finished && !s.cut && s.unstable == nil }
