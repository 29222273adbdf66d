package model

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// mixed has two locks, and jobs and reader-writer locks between each other.
func mixed() *Program {
	return &Program{
		Objects: []Object{{Name: "a"}, {Name: "b"}},
		Locks:   []Lock{{Name: "l0"}, {Name: "l1", Class: "inner", Object: 1}},
		Conds:   []Cond{{Name: "c", Object: 1}, {Name: "d", Object: 0}},
		Vars: []Var{
			{Name: "rw0", RWLock: true},
			{Name: "job1", Job: true, Object: 1, Class: "job"},
			{Name: "plain2"},
			{Name: "rw3", RWLock: true, Object: 1},
			{Name: "job4", Job: true, Object: 2},
		},
	}
}

func TestResources(t *testing.T) {
	p := mixed()
	want := []Resource{
		{Name: "l0"},
		{Name: "l1", Class: "inner", Object: 1},
		{Name: "job1", Class: "job", Object: 1, Job: true},
		{Name: "job4", Object: 2, Job: true},
		{Name: "rw0", RWLock: true},
		{Name: "rw3", Object: 1, RWLock: true},
	}
	rs := p.Resources()
	if d := cmp.Diff(want, rs); d != "" {
		t.Error(d)
	}
	for v := range p.Vars {
		id := p.resourceOf(VarID(v))
		if is := p.Vars[v].Job || p.Vars[v].RWLock; is != (id != None) || is && rs[id].Name != p.Vars[v].Name {
			t.Errorf("%s is resource %d", p.Vars[v].Name, id)
		}
	}
	n := &Node{Held: []LockID{1}, Owns: []VarID{1, 4}, Shares: []VarID{0, 3}, Writes: []VarID{3}}
	if d := cmp.Diff([]ResourceID{1, 2, 3, 4, 5}, p.Holding(n)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]bool{true, true, true, false, true}, p.Excludes(n)); d != "" {
		t.Error(d)
	}
	for name, c := range map[string]struct {
		n    Node
		want ResourceID
	}{
		"a lock":                          {Node{Op: OpLock, Lock: 1}, 1},
		"a lock after a wait":             {Node{Op: OpReacquire, Lock: 1}, 1},
		"a look-up":                       {Node{Op: OpFind, Lock: 1}, 1},
		"a try":                           {Node{Op: OpTryLock, Lock: 1}, None},
		"an unlock":                       {Node{Op: OpUnlock, Lock: 1}, None},
		"a reader":                        {Node{Op: OpUpdate, Var: 3, Claim: ToRead}, 5},
		"a writer":                        {Node{Op: OpUpdate, Var: 0, Claim: ToWrite}, 4},
		"a writer in the queue":           {Node{Op: OpUpdate, Var: 0, Claim: QueueWrite}, 4},
		"one that may give up":            {Node{Op: OpUpdate, Var: 0, Claim: QueueAWhile}, None},
		"an update that asks for nothing": {Node{Op: OpUpdate, Var: 0}, None},
		"a sleeper beside a job":          {Node{Op: OpSleep, Cond: 0, Lock: 1}, 2},
		"a sleeper beside none":           {Node{Op: OpSleep, Cond: 1, Lock: 1}, None},
		"a load":                          {Node{Op: OpLoad, Var: 1}, None},
	} {
		if got := p.AsksFor(&c.n); got != c.want {
			t.Errorf("%s asks for %d, want %d", name, got, c.want)
		}
	}
}

// Who reads waits for a writer, and for those in the queue; who writes waits for everybody inside.
func TestBlockers(t *testing.T) {
	p := mixed()
	nodes := []Node{
		{Op: OpUpdate, Var: 3, Claim: ToRead},
		{Op: OpUpdate, Var: 3, Claim: ToWrite},
		{Op: OpAccess, Shares: []VarID{3}},
		{Op: OpAccess, Shares: []VarID{3}, Writes: []VarID{3}},
		{Op: OpUpdate, Var: 3, Claim: QueueWrite},
		{Op: OpUpdate, Var: 0, Claim: QueueWrite},
		{Op: OpAccess},
	}
	p.Threads = slices.Repeat([]Thread{{Nodes: nodes}}, 3)
	few := len(p.Locks)
	for _, more := range []int{0, 57, 58, 59, 100} { // about a word of resources, and two
		p.Locks = append(p.Locks[:few:few], make([]Lock, more)...)
		w := NewWaitGraph(p)
		for i, want := range map[[3]NodeID]uint32{
			{0, 2, 6}: 0, {0, 3, 6}: 2, {0, 6, 4}: 4, {0, 3, 4}: 6, {0, 5, 6}: 0, // who reads
			{1, 2, 6}: 2, {1, 2, 2}: 6, {1, 3, 6}: 2, {1, 4, 6}: 0, // who writes
			{6, 3, 3}: 0, {2, 2, 3}: 0, // who asks for nothing
		} {
			if got := w.Blockers(i[:], 0); got != want {
				t.Errorf("%d locks more, threads at %v: the first waits for %b, want %b", more, i, got, want)
			}
		}
	}
}

// TestCycle compares cycles among random threads and locks, more of them than a word has bits, with
// what following every wait says.
func TestCycle(t *testing.T) {
	found, none := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		locks := rapid.SampledFrom([]int{3, 64, 65, 130}).Draw(t, "locks")
		some := []LockID{0, 1, LockID(locks - 1), LockID(locks - 2)}
		p := &Program{Locks: make([]Lock, locks)}
		var at []NodeID
		for range rapid.IntRange(1, 5).Draw(t, "threads") {
			nodes := []Node{{Op: OpAccess}}
			for range 2 {
				held := rapid.SliceOfNDistinct(rapid.SampledFrom(some), 0, 2, rapid.ID[LockID]).Draw(t, "held")
				nodes = append(nodes, Node{Op: OpLock, Lock: rapid.SampledFrom(some).Draw(t, "asks"), Held: held})
			}
			p.Threads = append(p.Threads, Thread{Nodes: nodes})
			at = append(at, NodeID(rapid.IntRange(0, 2).Draw(t, "at")))
		}
		node := func(t int) *Node { return &p.Threads[t].Nodes[at[t]] }
		waits := func(t, u int) bool {
			return t != u && node(t).Op == OpLock && slices.Contains(node(u).Held, node(t).Lock)
		}
		reach := make([][]bool, len(at))
		for t := range at {
			reach[t] = make([]bool, len(at))
			for u := range at {
				reach[t][u] = waits(t, u)
			}
		}
		for m := range at {
			for t := range at {
				for u := range at {
					reach[t][u] = reach[t][u] || reach[t][m] && reach[m][u]
				}
			}
		}
		want := false
		for t := range at {
			want = want || reach[t][t]
		}
		before := []Wait{{Thread: 9}}
		ring := NewWaitGraph(p).Cycle(at, before)
		if len(ring) == 0 || ring[0].Thread != 9 || (len(ring) > 1) != want {
			t.Fatalf("the cycle %v; there is one: %v", ring, want)
		}
		if ring = ring[1:]; len(ring) == 0 {
			none++
			return
		}
		found++
		for i, x := range ring {
			next := ring[(i+1)%len(ring)]
			if !waits(x.Thread, x.Holder) || x.Holder != next.Thread || x.Resource != ResourceID(node(x.Thread).Lock) || x.Thread < ring[0].Thread {
				t.Fatalf("%v is no cycle that begins with its lowest thread", ring)
			}
		}
	})
	if found == 0 || none == 0 {
		t.Errorf("%d with a cycle, %d without", found, none)
	}
}
