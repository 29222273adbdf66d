package model

import (
	"math/bits"
	"slices"
)

// A Resource is something that threads hold and others wait for: a lock, a job, or a reader-writer
// lock, which alone several can hold at once.
type Resource struct {
	Name   string
	Class  string
	Object ObjectID
	Job    bool
	RWLock bool
}

// ResourceID indexes [Program.Resources]: the locks first, then the jobs, then the reader-writer
// locks.
type ResourceID int32

// Resources lists what threads of p can hold.
func (p *Program) Resources() []Resource {
	var rs []Resource
	for _, l := range p.Locks {
		rs = append(rs, Resource{Name: l.Name, Class: l.Class, Object: l.Object})
	}
	for _, v := range p.Vars {
		if v.Job {
			rs = append(rs, Resource{Name: v.Name, Class: v.Class, Object: v.Object, Job: true})
		}
	}
	for _, v := range p.Vars {
		if v.RWLock {
			rs = append(rs, Resource{Name: v.Name, Class: v.Class, Object: v.Object, RWLock: true})
		}
	}
	return rs
}

// resourceOf is the resource that a variable is, or None.
func (p *Program) resourceOf(v VarID) ResourceID {
	x := &p.Vars[v]
	if !x.Job && !x.RWLock {
		return None
	}
	id := ResourceID(len(p.Locks))
	for i := range p.Vars {
		if y := &p.Vars[i]; x.RWLock && y.Job || VarID(i) < v && y.Job == x.Job && y.RWLock == x.RWLock &&
			(y.Job || y.RWLock) {
			id++
		}
	}
	return id
}

// Holding lists what a thread holds when it arrives at n, ascending.
func (p *Program) Holding(n *Node) []ResourceID {
	var rs []ResourceID
	for _, l := range n.Held {
		rs = append(rs, ResourceID(l))
	}
	for _, v := range slices.Concat(n.Owns, n.Shares) {
		rs = append(rs, p.resourceOf(v))
	}
	return rs
}

// Excludes tells of each resource in [Program.Holding] whether its holder has it alone.
func (p *Program) Excludes(n *Node) []bool {
	alone := make([]bool, len(n.Held)+len(n.Owns), len(n.Held)+len(n.Owns)+len(n.Shares))
	for i := range alone {
		alone[i] = true
	}
	for _, v := range n.Shares {
		alone = append(alone, slices.Contains(n.Writes, v))
	}
	return alone
}

// AsksFor is the resource that the step of n may have to wait for, or None. A sleeper asks for the
// first job of its condition: see [Program.JobsOf]. It does not ask for the lock that the wait gave
// up.
func (p *Program) AsksFor(n *Node) ResourceID {
	switch n.Op {
	case OpLock, OpReacquire, OpFind:
		return ResourceID(n.Lock)
	case OpUpdate:
		if n.Claim != NoClaim && n.Claim != QueueAWhile {
			return p.resourceOf(n.Var)
		}
	case OpSleep:
		if jobs := p.JobsOf(n.Cond); len(jobs) > 0 {
			return p.resourceOf(jobs[0])
		}
	}
	return None
}

// A Wait is a thread that stands before a resource which another holds, or for which another is in
// the queue before it.
type Wait struct {
	Thread   int
	Resource ResourceID
	Holder   int
}

// WaitGraph finds who waits for whom. It is made once for a program and is safe for concurrent use.
type WaitGraph struct {
	p     *Program
	asks  [][]ResourceID // by thread and node
	holds [][][]uint64   // by thread and node: a set of resources
	bars  [][][]uint64   // those that it keeps from readers
}

// NewWaitGraph prepares p.
func NewWaitGraph(p *Program) *WaitGraph {
	words := (len(p.Resources()) + 63) / 64
	w := &WaitGraph{p: p}
	for t := range p.Threads {
		asks := make([]ResourceID, len(p.Threads[t].Nodes))
		holds, bars := make([][]uint64, len(asks)), make([][]uint64, len(asks))
		for n := range asks {
			node := &p.Threads[t].Nodes[n]
			asks[n] = p.AsksFor(node)
			holds[n], bars[n] = make([]uint64, words), make([]uint64, words)
			alone := p.Excludes(node)
			for i, r := range p.Holding(node) {
				holds[n][r/64] |= 1 << (r % 64)
				if alone[i] {
					bars[n][r/64] |= 1 << (r % 64)
				}
			}
			if node.Claim.Queues() {
				r := p.resourceOf(node.Var)
				bars[n][r/64] |= 1 << (r % 64)
			}
		}
		w.asks, w.holds, w.bars = append(w.asks, asks), append(w.holds, holds), append(w.bars, bars)
	}
	return w
}

// Cycle returns a cycle of waits among threads that stand at the given nodes, beginning with its
// lowest thread, appended to buf; nothing when there is none. A closed cycle stays closed: nobody
// in it can go on, timeouts apart. Who waits for several needs all of them.
func (w *WaitGraph) Cycle(at []NodeID, buf []Wait) []Wait {
	var asking uint32
	for t, n := range at {
		if w.asks[t][n] != None {
			asking |= 1 << t
		}
	}
	for rest := asking; bits.OnesCount32(rest) > 1; rest &= rest - 1 {
		first := bits.TrailingZeros32(rest)
		left := rest // those on no way back to first that was tried
		if ring, ok := w.follow(at, first, first, &left, buf); ok {
			return ring
		}
	}
	return buf
}

// follow extends a way of waits that has come to t until it is back at first.
func (w *WaitGraph) follow(at []NodeID, t, first int, left *uint32, ring []Wait) ([]Wait, bool) {
	for holders := w.Blockers(at, t) & *left; holders != 0; holders &= holders - 1 {
		u := bits.TrailingZeros32(holders)
		longer := append(ring, Wait{Thread: t, Resource: w.asks[t][at[t]], Holder: u})
		if u == first {
			return longer, true
		}
		if *left&(1<<u) == 0 {
			continue
		}
		*left &^= 1 << u
		if found, ok := w.follow(at, u, first, left, longer); ok {
			return found, true
		}
	}
	return ring, false
}

// Blockers is the set of threads for which one waits that stands at its node and cannot go on: of a
// reader-writer lock perhaps several.
func (w *WaitGraph) Blockers(at []NodeID, t int) uint32 {
	r := w.asks[t][at[t]]
	if r == None {
		return 0
	}
	sets := w.holds
	if w.p.Threads[t].Nodes[at[t]].Claim == ToRead {
		sets = w.bars
	}
	var threads uint32
	for u := range at {
		if u != t && sets[u][at[u]][r/64]>>(r%64)&1 != 0 {
			threads |= 1 << u
		}
	}
	return threads
}
