package model

import "math/bits"

// A Resource is something that one thread at a time can have and others wait for: a lock, or a job.
type Resource struct {
	Name   string
	Class  string
	Object ObjectID
	Job    bool
}

// ResourceID indexes [Program.Resources]: the locks first, then the jobs.
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
	return rs
}

// jobResource is the resource of a job, or None.
func (p *Program) jobResource(v VarID) ResourceID {
	if !p.Vars[v].Job {
		return None
	}
	id := ResourceID(len(p.Locks))
	for i := range v {
		if p.Vars[i].Job {
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
	for _, v := range n.Owns {
		rs = append(rs, p.jobResource(v))
	}
	return rs
}

// AsksFor is the resource that the step of n may have to wait for, or None. A sleeper asks for the
// job that stands in the same object as the condition: jobActive beside jobCond. It does not ask
// for the lock that the wait gave up.
func (p *Program) AsksFor(n *Node) ResourceID {
	switch n.Op {
	case OpLock, OpReacquire, OpFind:
		return ResourceID(n.Lock)
	case OpSleep:
		for v := range p.Vars {
			if p.Vars[v].Job && p.Vars[v].Object == p.Conds[n.Cond].Object {
				return p.jobResource(VarID(v))
			}
		}
	}
	return None
}

// A Wait is a thread that stands before a resource which another holds.
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
}

// NewWaitGraph prepares p.
func NewWaitGraph(p *Program) *WaitGraph {
	words := (len(p.Resources()) + 63) / 64
	w := &WaitGraph{p: p}
	for t := range p.Threads {
		asks := make([]ResourceID, len(p.Threads[t].Nodes))
		holds := make([][]uint64, len(asks))
		for n := range asks {
			node := &p.Threads[t].Nodes[n]
			asks[n] = p.AsksFor(node)
			holds[n] = make([]uint64, words)
			for _, r := range p.Holding(node) {
				holds[n][r/64] |= 1 << (r % 64)
			}
		}
		w.asks, w.holds = append(w.asks, asks), append(w.holds, holds)
	}
	return w
}

// Cycle returns a cycle of waits among threads that stand at the given nodes, beginning with its
// lowest thread, appended to buf; nothing when there is none. A closed cycle stays closed: nobody
// in it can go on, timeouts apart.
func (w *WaitGraph) Cycle(at []NodeID, buf []Wait) []Wait {
	var asking uint32
	for t, n := range at {
		if w.asks[t][n] != None {
			asking |= 1 << t
		}
	}
	for rest := asking; bits.OnesCount32(rest) > 1; rest &= rest - 1 {
		first := bits.TrailingZeros32(rest)
		ring := buf
		for t := first; ; {
			r := w.asks[t][at[t]]
			holder := w.holder(at, rest, t, r)
			if holder == None {
				break
			}
			ring = append(ring, Wait{Thread: t, Resource: r, Holder: holder})
			if holder == first {
				return ring
			}
			if len(ring)-len(buf) > len(at) {
				break
			}
			t = holder
		}
	}
	return buf
}

// holder finds a thread among candidates, other than t, that holds r.
func (w *WaitGraph) holder(at []NodeID, candidates uint32, t int, r ResourceID) int {
	for rest := candidates &^ (1 << t); rest != 0; rest &= rest - 1 {
		u := bits.TrailingZeros32(rest)
		if w.holds[u][at[u]][r/64]>>(r%64)&1 != 0 {
			return u
		}
	}
	return None
}
