package modeltest

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// waits checks what a state's threads hold and ask for as resources, and that a cycle of waits is
// found where there is one, and only there.
func (c *conformance[S]) waits(i int) {
	c.Helper()
	if c.graph == nil {
		c.graph = model.NewWaitGraph(c.p)
	}
	s := &c.states[i].packed
	names := c.resources()
	at := make([]model.NodeID, len(c.p.Threads))
	asks := make([]string, len(at))
	nodes := make([]*model.Node, len(at))
	for t := range at {
		n := c.m.At(s, t)
		at[t], nodes[t] = c.m.Location(s, t), n
		asks[t] = c.asks(n)
		var got []string
		for _, r := range c.p.Holding(n) {
			got = append(got, names[r])
		}
		if want := c.holding(n); !slices.Equal(got, want) {
			c.bad(i, "thread %d holds %v, want %v", t, got, want)
		}
		got = nil
		if r := c.p.AsksFor(n); r != model.None {
			got = []string{names[r]}
		}
		if want := asks[t]; len(got) == 0 && want != "" || len(got) > 0 && got[0] != want {
			c.bad(i, "thread %d asks for %v, want %q", t, got, want)
		}
	}
	before := []model.Wait{{Thread: -5}}
	ring := c.graph.Cycle(at, slices.Clone(before))
	if !slices.Equal(ring[:1], before) {
		c.bad(i, "the beginning of the buffer changed")
	}
	ring = ring[1:]
	for k, w := range ring {
		next := ring[(k+1)%len(ring)]
		if names[w.Resource] != asks[w.Thread] || w.Holder != next.Thread ||
			!c.bars(nodes[w.Holder], nodes[w.Thread]) || w.Thread < ring[0].Thread {
			c.bad(i, "%v is no cycle of waits", ring)
		}
	}
	if want := c.closes(nodes); want != (len(ring) > 0) {
		c.bad(i, "threads wait in a cycle: %v, found %v", want, ring)
	}
}

// resources names what threads can hold: locks, then jobs, then reader-writer locks.
func (c *conformance[S]) resources() []string {
	var names []string
	for _, r := range c.p.Resources() {
		names = append(names, r.Name)
	}
	var want []string
	for i := range c.p.Locks {
		want = append(want, c.p.Locks[i].Name)
	}
	for i := range c.p.Vars {
		if c.p.Vars[i].Job {
			want = append(want, c.p.Vars[i].Name)
		}
	}
	for i := range c.p.Vars {
		if c.p.Vars[i].RWLock {
			want = append(want, c.p.Vars[i].Name)
		}
	}
	if !slices.Equal(names, want) {
		c.Fatalf("resources %v, want %v", names, want)
	}
	return names
}

// asks names the resource that a thread at n may have to wait for: a lock that it takes, or, for a
// sleeper, the job beside its condition.
func (c *conformance[S]) asks(n *model.Node) string {
	switch n.Op {
	case model.OpLock, model.OpReacquire, model.OpFind:
		if n.Lock == model.None {
			return ""
		}
		return c.p.Locks[n.Lock].Name
	case model.OpUpdate:
		switch n.Claim {
		case model.ToRead, model.ToWrite, model.QueueWrite:
			return c.p.Vars[n.Var].Name
		}
	case model.OpSleep:
		for v := range c.p.Vars {
			if c.p.Vars[v].Job && guards(c.p, model.VarID(v), n.Cond) {
				return c.p.Vars[v].Name
			}
		}
	}
	return ""
}

func (c *conformance[S]) holding(n *model.Node) []string {
	var out []string
	for _, l := range n.Held {
		out = append(out, c.p.Locks[l].Name)
	}
	for _, v := range slices.Concat(n.Owns, n.Shares) {
		out = append(out, c.p.Vars[v].Name)
	}
	return out
}

// bars reports whether a thread at u stands in the way of one at n: it holds what that asks for. A
// reader is barred by a writer alone, be it in the lock or in its queue.
func (c *conformance[S]) bars(u, n *model.Node) bool {
	asks := c.asks(n)
	if asks == "" {
		return false
	}
	if n.Claim != model.ToRead {
		return slices.Contains(c.holding(u), asks)
	}
	isIt := func(v model.VarID) bool { return c.p.Vars[v].Name == asks }
	return slices.ContainsFunc(u.Writes, isIt) || u.Claim.Queues() && isIt(u.Var)
}

// closes reports whether somebody can be followed, from waiter to holder, back to where one began.
func (c *conformance[S]) closes(nodes []*model.Node) bool {
	var reach func(from, goal int, seen map[int]bool) bool
	reach = func(from, goal int, seen map[int]bool) bool {
		for u := range nodes {
			if u == from || !c.bars(nodes[u], nodes[from]) {
				continue
			}
			if u == goal {
				return true
			}
			if !seen[u] {
				seen[u] = true
				if reach(u, goal, seen) {
					return true
				}
			}
		}
		return false
	}
	for t := range nodes {
		if reach(t, t, map[int]bool{}) {
			return true
		}
	}
	return false
}

// guards reports whether the sleepers on a condition wait for a job.
func guards(p *model.Program, job model.VarID, c model.CondID) bool {
	if named := p.Conds[c].Jobs; named != nil {
		return slices.Contains(named, job)
	}
	return p.Vars[job].Object == p.Conds[c].Object
}
