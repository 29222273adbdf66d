package model

import "testing"

// twins are two domains, each with a lock, a condition, three variables and a thread.
func twins() *Program {
	p := &Program{}
	for i := range 2 {
		o, l, c, v := ObjectID(i), LockID(i), CondID(i), VarID(3*i)
		p.Objects = append(p.Objects, Object{Name: "vm", Root: o, Cluster: o, Block: None, Refs: None, Listed: None})
		p.Locks = append(p.Locks, Lock{Name: "lock", Object: o})
		p.Conds = append(p.Conds, Cond{Name: "cond", Object: o})
		for k := range 3 {
			p.Vars = append(p.Vars, Var{Name: "v", Object: o, Values: []int64{0, 1}, Location: 1 + 2*i + min(k, 1)})
		}
		p.Threads = append(p.Threads, Thread{Start: []Edge{{}}, Nodes: []Node{
			{Op: OpLock, Object: o, Lock: l, Cond: c, Var: v, Alive: []ObjectID{o}, Out: []Outcome{{Next: []Edge{{To: 1}}}}},
			{
				Op: OpLoad, Object: o, Lock: l, Cond: c, Var: v + 1, Held: []LockID{l}, Owns: []VarID{v}, Shares: []VarID{v},
				Writes: []VarID{v},
				Checks: []Check{{Kind: Undefined, Cond: &Expr{Op: Not, X: &Expr{Op: ReadVar, Var: v}}}},
				Out:    []Outcome{{Next: []Edge{{To: 2}}}, {When: 1, Next: []Edge{{To: 2}}}},
			},
			{Op: OpFinish, Object: None, Lock: None, Cond: None, Var: None, Made: []ObjectID{o}, Gives: []ObjectID{o}},
		}})
	}
	return p
}

// exchangeable reports whether the two domains may change places.
func exchangeable(p *Program) bool {
	f := symmetryFinder{p: p}
	return len(f.clusterClasses(f.threadGroups())) == 1
}

// Domains that differ in anything but names cannot change places.
func TestWhatDomainsMustShare(t *testing.T) {
	if !exchangeable(twins()) {
		t.Fatal("twins differ")
	}
	for what, change := range map[string]func(p *Program, second *Thread){
		"an initial value":   func(p *Program, _ *Thread) { p.Vars[5].Initial = 1 },
		"values":             func(p *Program, _ *Thread) { p.Vars[5].Values = []int64{0, 2} },
		"a job":              func(p *Program, _ *Thread) { p.Vars[5].Job = true },
		"a reference count":  func(p *Program, _ *Thread) { p.Vars[5].Refs = true },
		"the last neighbour": func(p *Program, _ *Thread) { p.Vars[5].Location = 0 },
		"a neighbour":        func(p *Program, _ *Thread) { p.Vars[4].Location = 3 },
		"a block":            func(p *Program, _ *Thread) { p.Objects[1].Block = 0 },
		"what passes":        func(p *Program, _ *Thread) { p.Objects[1].Passing = true },
		"a lock more": func(p *Program, _ *Thread) {
			p.Locks = append(p.Locks, Lock{Object: 1})
		},
		"a loop":        func(_ *Program, th *Thread) { th.Loop = true },
		"a round":       func(_ *Program, th *Thread) { th.Nodes[0].Out[0].Next[0].Round = true },
		"the start":     func(_ *Program, th *Thread) { th.Start[0].To = 1 },
		"an operation":  func(_ *Program, th *Thread) { th.Nodes[0].Op = OpAccess },
		"an object":     func(_ *Program, th *Thread) { th.Nodes[0].Object = None },
		"the lock":      func(_ *Program, th *Thread) { th.Nodes[0].Lock = None },
		"the condition": func(_ *Program, th *Thread) { th.Nodes[0].Cond = None },
		"the variable":  func(_ *Program, th *Thread) { th.Nodes[0].Var = 4 },
		"the value":     func(_ *Program, th *Thread) { th.Nodes[0].Value = 1 },
		"where it goes": func(_ *Program, th *Thread) { th.Nodes[0].Wake = 1 },
		"a deadline":    func(_ *Program, th *Thread) { th.Nodes[0].Timed = true },
		"an open end":   func(_ *Program, th *Thread) { th.Nodes[0].Open = true },
		"atomicity":     func(_ *Program, th *Thread) { th.Nodes[0].Atomic = true },
		"what must live": func(_ *Program, th *Thread) {
			th.Nodes[0].Alive = nil
		},
		"what is held":     func(_ *Program, th *Thread) { th.Nodes[1].Held = nil },
		"what is owned":    func(_ *Program, th *Thread) { th.Nodes[1].Owns = []VarID{4} },
		"what is shared":   func(_ *Program, th *Thread) { th.Nodes[1].Shares = []VarID{4} },
		"what is written":  func(_ *Program, th *Thread) { th.Nodes[1].Writes = nil },
		"a claim":          func(_ *Program, th *Thread) { th.Nodes[1].Claim = ToRead },
		"a check less":     func(_ *Program, th *Thread) { th.Nodes[1].Checks = nil },
		"a kind":           func(_ *Program, th *Thread) { th.Nodes[1].Checks[0].Kind = NoJob },
		"an operator":      func(_ *Program, th *Thread) { th.Nodes[1].Checks[0].Cond.Op = Neg },
		"an operand":       func(_ *Program, th *Thread) { th.Nodes[1].Checks[0].Cond.X.Var = 4 },
		"a constant":       func(_ *Program, th *Thread) { th.Nodes[1].Checks[0].Cond.X.Const = 1 },
		"no condition":     func(_ *Program, th *Thread) { th.Nodes[1].Checks[0].Cond = nil },
		"an outcome":       func(_ *Program, th *Thread) { th.Nodes[1].Out[1].When = 2 },
		"what it sets":     func(_ *Program, th *Thread) { th.Nodes[1].Out[1].Set = 1 },
		"a look":           func(_ *Program, th *Thread) { th.Nodes[1].Out[1].Looks = true },
		"a label":          func(_ *Program, th *Thread) { th.Nodes[1].Out[1].Label = Stolen },
		"an edge":          func(_ *Program, th *Thread) { th.Nodes[1].Out[1].Next[0].To = 1 },
		"what it has made": func(_ *Program, th *Thread) { th.Nodes[2].Made = nil },
		"what it gives":    func(_ *Program, th *Thread) { th.Nodes[2].Gives = nil },
		"a step more": func(_ *Program, th *Thread) {
			th.Nodes = append(th.Nodes, th.Nodes[2])
		},
		"pointers": func(p *Program, _ *Thread) { p.Vars[2].Pointer, p.Vars[5].Pointer = true, true },
	} {
		p := twins()
		change(p, &p.Threads[1])
		if exchangeable(p) {
			t.Errorf("%s differs, and nobody sees it", what)
		}
	}
}
