package crosscheck_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/lockproof/lockproof/checker/crosscheck"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

var randomPrograms = flag.Int("programs", 8, "how many random programs to hold against SPIN")

// TestRandomPrograms holds programs that no C front end would make against SPIN, and a few against
// TLC: every operation, in any order.
func TestRandomPrograms(t *testing.T) {
	for _, engine := range crosscheck.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			opt := crosscheck.RunOptions{Quick: true}
			var missing *crosscheck.Unavailable
			if err := crosscheck.Available(engine, opt); errors.As(err, &missing) {
				t.Skip(err)
			}
			n := *randomPrograms
			if engine == crosscheck.TLC {
				n = (n + 3) / 4
			}
			for seed := range n {
				t.Run(fmt.Sprintf("seed-%d", seed), func(t *testing.T) {
					t.Parallel()
					p := randomProgram(rand.New(rand.NewPCG(uint64(seed), 7)))
					agree(t, engine, p, opt)
				})
			}
		})
	}
}

// agree reports every point in which an engine and our own search differ. A program in which a step
// ends all other threads has to be refused.
func agree(t *testing.T, engine crosscheck.Engine, p *model.Program, opt crosscheck.RunOptions) {
	t.Helper()
	if p.EndsOthers() {
		if _, err := crosscheck.Run(t.Context(), engine, p, opt); !errors.Is(err, crosscheck.ErrEndsOthers) {
			t.Errorf("%v, want %v", err, crosscheck.ErrEndsOthers)
		}
		return
	}
	ours, err := search.Search(t.Context(), p, search.Options{EveryStep: true})
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := crosscheck.Run(t.Context(), engine, p, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s, %d states: %s %v, %d states in %s + %s",
		ours.Verdict, ours.Stats.States, theirs.Verdict, theirs.Kinds, theirs.States, theirs.Build, theirs.Elapsed)
	for _, m := range crosscheck.Compare(ours, theirs) {
		t.Error(m)
	}
	if theirs.Limit != "" {
		t.Error("stopped:", theirs.Limit)
	}
	if t.Failed() {
		t.Log(theirs.Output)
	}
}

// generator makes programs that are sound as data, but need not make sense.
type generator struct {
	*rand.Rand
	p *model.Program
}

// randomProgram has a counted object with a lock, a condition and a job, which owns a second
// object, and a global lock.
func randomProgram(r *rand.Rand) *model.Program {
	g := generator{r, &model.Program{
		Objects: []model.Object{
			{Name: "driver", Root: model.None, Refs: model.None, Listed: model.None},
			{Name: "vm1", Root: 1, Refs: 0, Listed: 1},
			{Name: "vm1.mon", Root: 1, Refs: model.None, Listed: model.None},
		},
		Locks: []model.Lock{{Name: "driver.lock"}, {Name: "vm1.lock", Object: 1}, {Name: "vm1.mon.lock", Object: 2}},
		Conds: []model.Cond{{Name: "vm1.jobCond", Object: 1}, {Name: "driver.cond"}},
		Vars: []model.Var{
			{Name: "vm1.refs", Object: 1, Values: []int64{0, 1, 2, 3}, Initial: 1 + r.Int64N(2), Refs: true},
			{Name: "vm1.listed", Object: 1, Values: []int64{0, 1}, Initial: 1},
			{Name: "vm1.jobActive", Object: 1, Values: []int64{0, 1}, Job: true},
			{Name: "driver.phase", Values: []int64{-1, 0, 5}},
		},
	}}
	for i := range 2 + r.IntN(2) {
		if i > 0 && r.IntN(3) == 0 {
			g.p.Threads = append(g.p.Threads, g.p.Threads[i-1])
			continue
		}
		g.p.Threads = append(g.p.Threads, g.thread(i))
	}
	if !removes(g.p) { // the front end lists no value that nothing sets
		g.p.Vars[1].Values = []int64{1}
	}
	return g.p
}

// removes reports whether some thread takes the object off its list.
func removes(p *model.Program) bool {
	for i := range p.Threads {
		if slices.ContainsFunc(p.Threads[i].Nodes, func(n model.Node) bool { return n.Op == model.OpRemove }) {
			return true
		}
	}
	return false
}

func (g *generator) thread(i int) model.Thread {
	t := model.Thread{Name: fmt.Sprintf("t%d()", i), Loop: g.IntN(4) == 0}
	steps := 3 + g.IntN(6)
	// Nodes 0 to steps-1 are steps, then come two ends, then the halves of waits.
	t.Nodes = make([]model.Node, steps+2)
	for n := range steps {
		g.node(&t, n, steps)
	}
	for k := range 2 {
		t.Nodes[steps+k] = model.Node{Op: model.OpFinish}
	}
	t.Nodes[steps+1].Held, t.Nodes[steps+1].Owns = []model.LockID{1}, []model.VarID{2}
	for range 1 + g.IntN(2)*g.IntN(2) {
		t.Start = append(t.Start, model.Edge{To: model.NodeID(g.IntN(2))})
	}
	return t
}

// next leads onwards, now and then back, and at the end to one of the ends, or to the start of a
// thread that loops.
func (g *generator) next(t *model.Thread, n, steps int) []model.Edge {
	var edges []model.Edge
	for range 1 + g.IntN(5)/4 {
		e := model.Edge{To: model.NodeID(n + 1 + g.IntN(2))}
		switch {
		case int(e.To) >= steps && t.Loop:
			e.To, e.Round = 0, true
		case int(e.To) >= steps:
			e.To = model.NodeID(steps + g.IntN(4)/3)
		case g.IntN(8) == 0:
			e.To = model.NodeID(g.IntN(n + 1))
		}
		edges = append(edges, e)
	}
	return edges
}

func (g *generator) check() model.Check {
	read := &model.Expr{Op: model.ReadVar, Var: model.VarID(g.IntN(4))}
	e := &model.Expr{Op: []model.ExprOp{model.Eq, model.Ne, model.Lt, model.Ge}[g.IntN(4)], X: read, Y: &model.Expr{Const: g.Int64N(3)}}
	switch g.IntN(6) {
	case 0:
		e = &model.Expr{Op: model.Not, X: e}
	case 1:
		e = &model.Expr{Op: model.Or, X: e, Y: &model.Expr{Op: model.ReadVar, Var: 2}}
	case 2:
		e = &model.Expr{Op: model.And, X: &model.Expr{Op: model.Sub, X: read, Y: e}, Y: &model.Expr{Op: model.Neg, X: e}}
	}
	return model.Check{Kind: []model.Kind{model.AssertKind, model.NoJob, model.RequiresKind}[g.IntN(3)], Cond: e, Text: "something holds"}
}

func (g *generator) node(t *model.Thread, n, steps int) {
	out := func(when int64) model.Outcome { return model.Outcome{When: when, Next: g.next(t, n, steps)} }
	node := model.Node{Lock: model.LockID(g.IntN(3)), Cond: model.CondID(g.IntN(2)), Var: model.VarID(2 + g.IntN(2)), Text: "step()"}
	ops := []model.Op{
		model.OpLock, model.OpLock, model.OpTryLock, model.OpUnlock, model.OpUnlock, model.OpWait, model.OpSignal, model.OpSignal,
		model.OpBroadcast, model.OpLoad, model.OpStore, model.OpStore, model.OpRef, model.OpUnref, model.OpFind, model.OpRemove, model.OpAccess,
		model.OpUpdate, model.OpUpdate,
	}
	node.Op = ops[g.IntN(len(ops))]
	if g.IntN(8) == 0 {
		node.Alive = []model.ObjectID{1}
	}
	if g.IntN(20) == 0 {
		node.Checks = []model.Check{g.check()}
	}
	switch v := &g.p.Vars[node.Var]; node.Op {
	case model.OpTryLock:
		node.Out = []model.Outcome{out(0), out(1)}
	case model.OpLoad:
		for _, x := range v.Values {
			node.Out = append(node.Out, out(x))
		}
	case model.OpUpdate:
		same := g.next(t, n, steps)
		for range 1 + g.IntN(2) {
			for _, x := range v.Values {
				if g.IntN(4) == 0 {
					continue
				}
				o := model.Outcome{When: x, Set: v.Values[g.IntN(len(v.Values))], Next: same}
				if g.IntN(3) == 0 {
					o.Next = g.next(t, n, steps)
				}
				node.Out = append(node.Out, o)
			}
		}
	case model.OpStore:
		node.Value = v.Values[g.IntN(len(v.Values))]
		node.Out = []model.Outcome{out(0)}
	case model.OpRef, model.OpUnref, model.OpRemove:
		node.Object, node.Var = 1, 0
		same := out(0)
		for x := range int64(4) {
			if node.Op == model.OpRef && x == 0 || node.Op != model.OpRef && x == 3 {
				continue
			}
			o := model.Outcome{When: x, Next: same.Next}
			if x < 2 {
				o = out(x)
			}
			node.Out = append(node.Out, o)
		}
	case model.OpFind:
		node.Object, node.Lock, node.Var = 1, 1, 1
		node.Out = []model.Outcome{out(0), out(1)}
	case model.OpWait:
		g.wait(t, &node, out)
	default:
		node.Out = []model.Outcome{out(0)}
	}
	t.Nodes[n] = node
}

// wait adds the sleep and the two ways out of it.
func (g *generator) wait(t *model.Thread, node *model.Node, out func(int64) model.Outcome) {
	sleep := model.NodeID(len(t.Nodes))
	if g.IntN(5) == 0 { // a recursive mutex that was taken more than once
		node.Lock = model.None
	}
	to := func(n model.NodeID) []model.Edge { return []model.Edge{{To: n}} }
	node.Out = []model.Outcome{{Next: to(sleep)}}
	asleep := model.Node{Op: model.OpSleep, Cond: node.Cond, Lock: node.Lock, Wake: sleep + 1, Text: "wait()"}
	woken := model.Node{Op: model.OpReacquire, Lock: node.Lock, Alive: node.Alive, Out: []model.Outcome{out(0)}, Text: "wait()"}
	if g.IntN(2) == 0 {
		asleep.Out = append(asleep.Out, model.Outcome{Label: model.TimedOut, Next: to(sleep + 2)})
		if g.IntN(2) == 0 {
			woken.Out = append(woken.Out, model.Outcome{Label: model.Stolen, Next: to(sleep + 2)})
		}
	}
	if g.IntN(3) == 0 {
		asleep.Out = append(asleep.Out, model.Outcome{Label: model.Spuriously, Next: to(sleep + 1)})
	}
	gaveUp := model.Node{Op: model.OpReacquire, Lock: node.Lock, Out: []model.Outcome{out(0)}, Text: "wait()"}
	t.Nodes = append(t.Nodes, asleep, woken, gaveUp)
}
