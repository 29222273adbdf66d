package model_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/model"
)

// chain is a thread of one node after another, each of which stores, and one that finishes.
func chain(n int) model.Thread {
	th := model.Thread{Name: "t", Start: []model.Edge{{To: 0}}}
	for i := range n {
		th.Nodes = append(th.Nodes, node(model.OpStore, model.Edge{To: model.NodeID(i + 1)}))
	}
	th.Nodes = append(th.Nodes, node(model.OpFinish))
	return th
}

func node(op model.Op, next ...model.Edge) model.Node {
	n := model.Node{Op: op, Object: model.None, Lock: model.None, Cond: model.None, Var: model.None, Wake: model.None}
	if op == model.OpStore {
		n.Var, n.Value = 0, 1
	}
	if len(next) > 0 {
		n.Out = []model.Outcome{{Next: next}}
	}
	return n
}

func programOf(threads ...model.Thread) *model.Program {
	return &model.Program{
		Vars:    []model.Var{{Name: "x", Object: model.None, Values: []int64{0, 1}}},
		Threads: threads,
	}
}

func TestMachineBounds(t *testing.T) {
	p := programOf(chain(1000))
	if _, err := model.NewMachineWithin[[1]uint64](p, model.Bounds{Bytes: 1000}); !errors.Is(err, model.ErrTooLarge) {
		t.Error(err)
	}
	if _, err := model.NewMachineWithin[[1]uint64](p, model.Bounds{Stopped: func() bool { return true }}); !errors.Is(err, model.ErrStopped) {
		t.Error(err)
	}
	if _, err := model.NewMachineWithin[[1]uint64](p, model.Bounds{Bytes: 1 << 20}); err != nil {
		t.Error(err)
	}
	p.Threads[0].Start = nil
	if _, err := model.NewMachine[[1]uint64](p); err == nil {
		t.Error("a thread that begins nowhere makes a machine")
	}
}

// TestStarts compares the states in which threads can begin with their numbers, and those of equal
// threads with their representatives.
func TestStarts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var threads []model.Thread
		want := 1
		for range rapid.IntRange(1, 4).Draw(t, "threads") {
			th := chain(3)
			th.Start = nil
			for range rapid.IntRange(1, 3).Draw(t, "starts") {
				th.Start = append(th.Start, model.Edge{To: model.NodeID(rapid.IntRange(0, 3).Draw(t, "to"))})
			}
			want *= len(th.Start)
			threads = append(threads, th)
		}
		if rapid.Bool().Draw(t, "twin") {
			threads = append(threads, threads[0])
			want *= len(threads[0].Start)
		}
		m, err := model.NewMachine[[1]uint64](programOf(threads...))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		all := map[[1]uint64]bool{}
		y := model.NewSymmetry(m)
		for s := range m.Starts() {
			all[y.Canonical(&s)] = true
			if n < m.Initials() && m.Initial(n) != s {
				t.Fatalf("initial state %d is not %s", n, m.String(&s))
			}
			n++
		}
		if n != want || m.Initials() != want {
			t.Fatalf("%d initial states, said to be %d, want %d", n, m.Initials(), want)
		}
		for s := range y.Starts() {
			delete(all, y.Canonical(&s))
		}
		if len(all) > 0 {
			t.Fatalf("%d have no representative", len(all))
		}
	})
}

// TestLoops compares what is said of cycles with a search for them.
func TestLoops(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "nodes")
		th := model.Thread{Name: "t", Start: []model.Edge{{To: 0}}}
		for range n {
			var next []model.Edge
			for range rapid.IntRange(0, 2).Draw(t, "ways") {
				next = append(next, model.Edge{To: model.NodeID(rapid.IntRange(0, n-1).Draw(t, "to"))})
			}
			th.Nodes = append(th.Nodes, node(model.OpStore, next...))
		}
		p := programOf(th)
		cyclic := false
		for i := range th.Nodes {
			cyclic = cyclic || reaches(&th, i, func(int) bool { return true })
		}
		if p.Terminates() == cyclic {
			t.Fatalf("terminates: %v", p.Terminates())
		}
		movers := p.Movers(true)[0]
		some := false
		for i := range th.Nodes {
			some = some || movers[i]
			if movers[i] && reaches(&th, i, func(j int) bool { return movers[j] }) {
				t.Fatalf("node %d is on a cycle of movers %v", i, movers)
			}
		}
		if !cyclic && !some {
			t.Fatal("no movers")
		}
	})
}

// reaches reports whether a node comes back to itself by nodes of a kind.
func reaches(th *model.Thread, start int, kind func(int) bool) bool {
	seen := make([]bool, len(th.Nodes))
	for todo := []int{start}; len(todo) > 0; {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, o := range th.Nodes[n].Out {
			for _, e := range o.Next {
				if to := int(e.To); to == start {
					return true
				} else if kind(to) && !seen[to] {
					seen[to] = true
					todo = append(todo, to)
				}
			}
		}
	}
	return false
}

// TestUnread shows which variables tell nothing.
func TestUnread(t *testing.T) {
	p := programOf(chain(2), chain(2))
	m, err := model.NewMachine[[1]uint64](p)
	if err != nil {
		t.Fatal(err)
	}
	before := m.Initial(0)
	after := m.Successors(&before, nil)[0].State
	if m.Value(&after, 0) != 1 || m.Unread()[0] == 0 || after[0]&m.Unread()[0] == 0 || before[0]&m.Unread()[0] != 0 {
		t.Errorf("%x of %x", m.Unread(), after)
	}
	for what, change := range map[string]func(*model.Program){
		"a load": func(p *model.Program) { p.Threads[1].Nodes[1].Op = model.OpLoad },
		"a check": func(p *model.Program) {
			p.Threads[0].Nodes[1].Checks = []model.Check{{Cond: &model.Expr{Op: model.ReadVar}}}
		},
		"a job": func(p *model.Program) { p.Vars[0].Job = true },
		"a list": func(p *model.Program) {
			p.Objects = []model.Object{{Name: "o", Root: model.None, Cluster: model.None, Refs: model.None, Listed: 0}}
		},
	} {
		p := programOf(chain(2), chain(2))
		change(p)
		m, err := model.NewMachine[[1]uint64](p)
		if err != nil {
			t.Fatal(err)
		}
		if m.Unread()[0] != 0 {
			t.Errorf("%s does not read", what)
		}
	}
}

// TestDeepAutomata asks about as many nodes as a thread may have, one after another.
func TestDeepAutomata(t *testing.T) {
	p := programOf(chain(1 << 17))
	if !p.Terminates() {
		t.Error("a chain does not end")
	}
}
