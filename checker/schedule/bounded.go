package schedule

import (
	"github.com/lockproof/lockproof/model"
)

// A tree tries every decision, depth first: every interleaving when there is no bound, and with a
// bound those with no more preemptions than that. A preemption is a step of another thread while
// the thread that took the last step could have gone on: Musuvathi and Qadeer, "Iterative Context
// Bounding for Systematic Testing of Multithreaded Programs" (PLDI 2007). The bounds are tried from
// 0 upwards, so the first failure has the fewest preemptions.
//
// The ways of a step, such as faults, cost nothing.
type tree struct {
	bound, most int // -1: no bound
	nodes       []treeNode
	depth       int
	started     bool
	cut         bool // the bound kept something from being tried
	overlong    bool // the limit on steps did
	unstable    error
}

// A treeNode is a decision on the current path.
type treeNode struct {
	options     []model.Pick // in the order in which they are tried
	at          int
	preemptions int    // before this decision
	running     int    // the thread that could have gone on; mainThread: none
	digest      uint64 // of the run so far: the same whenever the decision is reached
}

// newTree makes a search with up to most preemptions; -1: without a bound.
func newTree(most int) *tree {
	s := &tree{most: most}
	if most < 0 {
		s.bound = -1
	}
	return s
}

func (s *tree) begin() bool {
	s.depth = 0
	if !s.started {
		s.started = true
		return true
	}
	for len(s.nodes) > 0 {
		n := &s.nodes[len(s.nodes)-1]
		if n.at++; n.at < len(n.options) {
			return true
		}
		s.nodes = s.nodes[:len(s.nodes)-1]
	}
	if s.bound < 0 || s.bound == s.most || !s.cut {
		return false
	}
	s.bound++
	s.cut = false
	return true
}

func (s *tree) pick(w *world) model.Pick {
	if s.depth == len(s.nodes) {
		s.nodes = append(s.nodes, s.expand(w))
	}
	n := &s.nodes[s.depth]
	s.depth++
	p := n.options[n.at]
	if n.digest != w.digest || !offers(w, p) {
		s.unstable = errOtherThanBefore
		return abandon
	}
	return p
}

// offers reports whether p can be picked.
func offers(w *world, p model.Pick) bool {
	if p.Thread < 0 || p.Thread >= len(w.threads) {
		return false
	}
	t := w.threads[p.Thread]
	return t.enabled() && p.Choice < t.next.ways
}

// expand lists the decisions of a step: the running thread first.
func (s *tree) expand(w *world) treeNode {
	n := treeNode{running: mainThread, digest: w.digest}
	if s.depth > 0 {
		before := &s.nodes[s.depth-1]
		n.preemptions = before.preemptions
		if before.running != mainThread && before.options[before.at].Thread != before.running {
			n.preemptions++
		}
	}
	current := w.running()
	if current != nil {
		n.running = current.id
		n.add(current)
	}
	if current != nil && s.bound >= 0 && n.preemptions >= s.bound {
		s.cut = s.cut || len(w.runnable) > 1
		return n
	}
	for _, t := range w.runnable {
		if t != current {
			n.add(t)
		}
	}
	return n
}

func (n *treeNode) add(t *thread) {
	for choice := range t.next.ways {
		n.options = append(n.options, model.Pick{Thread: t.id, Choice: choice})
	}
}

func (s *tree) last(*world) {}
func (s *tree) end(w *world) error {
	s.overlong = s.overlong || w.cut != model.NoLimit
	return s.unstable
}

// repeats reports whether a smaller bound has had this run as well.
func (s *tree) repeats(w *world) bool { return s.bound > 0 && w.preemptions < s.bound }

// complete does not look at the bound: it is part of what was asked.
func (s *tree) complete() bool { return !s.overlong && s.unstable == nil }
