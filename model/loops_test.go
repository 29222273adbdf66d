package model

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A graph lists for each node where its edges lead.
type graph [][]int

func graphs() *rapid.Generator[graph] {
	return rapid.Custom(func(t *rapid.T) graph {
		n := rapid.IntRange(1, 9).Draw(t, "nodes")
		return rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 3), n, n).Draw(t, "edges")
	})
}

// thread has a node for each of the graph's, and an outcome for each edge.
func (g graph) thread() *Thread {
	th := &Thread{}
	for _, to := range g {
		n := Node{Op: OpLoad}
		for i, x := range to {
			n.Out = append(n.Out, Outcome{When: int64(i), Next: []Edge{{To: NodeID(x)}}})
		}
		th.Nodes = append(th.Nodes, n)
	}
	return th
}

// reaches reports whether a way of at least one edge leads from one node to another.
func (g graph) reaches(from, to int) bool {
	seen, todo := make([]bool, len(g)), slices.Clone(g[from])
	for len(todo) > 0 {
		x := todo[0]
		if todo = todo[1:]; x == to {
			return true
		}
		if !seen[x] {
			seen[x] = true
			todo = append(todo, g[x]...)
		}
	}
	return false
}

// heads are the nodes to which a depth-first walk comes back, as the textbook has it.
func (g graph) heads() []bool {
	heads, seen, within := make([]bool, len(g)), make([]bool, len(g)), make([]bool, len(g))
	var visit func(v int)
	visit = func(v int) {
		seen[v], within[v] = true, true
		for _, w := range g[v] {
			if heads[w] = heads[w] || within[w]; !seen[w] {
				visit(w)
			}
		}
		within[v] = false
	}
	for v := range g {
		if !seen[v] {
			visit(v)
		}
	}
	return heads
}

// TestLoops holds what is said of cycles against what a walk from each node finds, and against a
// recursive one.
func TestLoops(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graphs().Draw(t, "graph")
		on, heads := flowOf(g.thread(), false, func(NodeID, *Outcome, *Edge) bool { return true }).loops()
		for v := range g {
			if on[v] != g.reaches(v, v) {
				t.Fatalf("node %d is on a cycle: %v", v, on[v])
			}
		}
		if want := g.heads(); !slices.Equal(heads, want) {
			t.Fatalf("the heads are %v, want %v", heads, want)
		}
	})
}

// TestBreakCycles shows which movers stay: of the steps between movers, and of no others, those to
// which no walk comes back.
func TestBreakCycles(t *testing.T) {
	broken := 0
	rapid.Check(t, func(t *rapid.T) {
		g := graphs().Draw(t, "graph")
		movers := rapid.SliceOfN(rapid.SampledFrom([]bool{true, true, true, false}), len(g), len(g)).Draw(t, "movers")
		rounds := rapid.SliceOfN(rapid.IntRange(0, 9), len(g), len(g)).Draw(t, "rounds")
		th := g.thread()
		among := make(graph, len(g))
		for v := range g {
			for i, w := range g[v] {
				if rounds[v] == 0 {
					th.Nodes[v].Out[i].Next[0].Round = true
				} else if movers[v] && movers[w] {
					among[v] = append(among[v], w)
				}
			}
		}
		got := slices.Clone(movers)
		breakCycles(th, got)
		for v, head := range among.heads() {
			if got[v] != (movers[v] && !head) {
				t.Fatalf("%v of %v: node %d stays a mover: %v", among, movers, v, got[v])
			}
			if movers[v] && !got[v] {
				broken++
			}
		}
	})
	if broken < 20 {
		t.Errorf("%d movers were taken away", broken)
	}
}

// TestOnwardByOperation says of each operation whether a thread goes on from it whatever others do.
func TestOnwardByOperation(t *testing.T) {
	p := &Program{Vars: []Var{
		{Values: []int64{0, 1}}, {Values: []int64{0, 1}, Starts: 2}, {Values: []int64{0, 1}, Life: 2}, {Values: []int64{0, 1}, Exit: true},
	}}
	on := []Edge{{To: 1}}
	both := []Outcome{{When: 0, Next: on}, {When: 1, Next: on}}
	always := []Op{OpUnlock, OpWait, OpSignal, OpBroadcast, OpLoad, OpRef, OpUnref, OpRemove, OpAccess, OpFail}
	for op := OpFinish; op <= OpFork; op++ {
		for v := range p.Vars {
			for outcomes, out := range map[string][]Outcome{"all": both, "one": both[:1], "one without a way": {both[0], {When: 1}}} {
				p.Threads = []Thread{{Nodes: []Node{{Op: op, Var: VarID(v), Out: out}, {Op: OpFinish}}}}
				want := slices.Contains(always, op) || v == 0 && (op == OpStore || op == OpUpdate && outcomes == "all")
				if onward, quiet := p.Onward(); onward[0][0] != want || quiet[0][0] != want || onward[0][1] || quiet[0][1] {
					t.Errorf("%s of variable %d, outcomes: %s: onward %v, quiet %v", op, v, outcomes, onward, quiet)
				}
			}
		}
	}
	to := func(op Op, nodes ...NodeID) Node {
		o := Outcome{}
		for _, n := range nodes {
			o.Next = append(o.Next, Edge{To: n})
		}
		return Node{Op: op, Out: []Outcome{o}}
	}
	p.Threads = []Thread{{Nodes: []Node{to(OpAccess, 1), to(OpAccess, 0, 2), to(OpLock, 0)}}}
	onward, quiet := p.Onward()
	if !slices.Equal(onward[0], []bool{true, true, false}) || !slices.Equal(quiet[0], []bool{false, true, false}) {
		t.Errorf("a cycle: onward %v, quiet %v", onward, quiet)
	}
}

// TestLeading lists the variables that may lead to memory: pointers with a value that is some,
// where a thread allocates and somebody asks.
func TestLeading(t *testing.T) {
	program := func(made, ignore bool) *Program {
		p := &Program{
			IgnoreLeaks: ignore, Objects: []Object{{Block: None}, {Block: 1}},
			Vars: []Var{
				{Values: []int64{0, 2}},
				{Values: []int64{0, 1}, Pointer: true},
				{Values: []int64{0, 2}, Pointer: true},
				{Values: []int64{0, 3}, Pointer: true},
				{Values: []int64{1, 2}, Pointer: true},
			},
			Threads: []Thread{{Nodes: []Node{{Op: OpFinish}, {Op: OpFinish}}}, {Nodes: []Node{{Op: OpFinish}, {Op: OpFinish}}}},
		}
		if made {
			p.Threads[1].Nodes[0].Made = []ObjectID{1}
		}
		return p
	}
	for _, c := range []struct {
		made, ignore bool
		want         []VarID
	}{{true, false, []VarID{2, 4}}, {true, true, nil}, {false, false, nil}, {false, true, nil}} {
		vars, allocates := program(c.made, c.ignore).leading()
		if !slices.Equal(vars, c.want) || allocates != (c.want != nil) {
			t.Errorf("allocates %v, ignores %v: %v, %v", c.made, c.ignore, vars, allocates)
		}
	}
}

// TestSpread shows that what is known to be held at a node is what is held there and at all nodes
// to which a way leads from it.
func TestSpread(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graphs().Draw(t, "graph")
		const vars = 3
		held := make([]guardSet, vars*len(g))
		for i := range held {
			held[i] = guardSet(rapid.Uint64Range(0, 15).Draw(t, "held"))
		}
		got := slices.Clone(held)
		spread(flowOf(g.thread(), false, func(NodeID, *Outcome, *Edge) bool { return true }), got, vars)
		for n := range g {
			for v := range vars {
				want := held[n*vars+v]
				for to := range g {
					if g.reaches(n, to) {
						want &= held[to*vars+v]
					}
				}
				if got[n*vars+v] != want {
					t.Fatalf("%v, held %v: at node %d, variable %d: %b, want %b", g, held, n, v, got[n*vars+v], want)
				}
			}
		}
	})
}
