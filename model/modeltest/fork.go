package modeltest

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/model"
)

// leave puts all others where the child of a fork has them: nowhere, with what they had locked.
func (x *step) leave(s *State) {
	for t, to := range x.n.Cut {
		if t == x.t {
			continue
		}
		s.At[t] = to
		for c := range x.r.p.Conds {
			s.leave(model.CondID(c), t)
		}
	}
	for l, owner := range s.Owner {
		if owner != x.t {
			s.Owner[l] = model.None // nobody who is there
		}
	}
	for v, owner := range s.Job {
		if owner != x.t {
			delete(s.Job, v)
		}
	}
}

// forking lets the first step of a thread be a fork, of which parent and child go on alike.
func forking(p *model.Program, at int) {
	cut := make([]model.NodeID, len(p.Threads))
	for t := range p.Threads {
		nodes := &p.Threads[t].Nodes
		left := slices.IndexFunc(*nodes, func(n model.Node) bool { return n.Left })
		if left < 0 {
			left = len(*nodes)
			*nodes = append(*nodes, model.Node{
				Object: model.None, Lock: model.None, Cond: model.None, Var: model.None, Outside: true, Left: true,
			})
		}
		cut[t] = model.NodeID(left)
	}
	th := &p.Threads[at]
	th.Nodes = append(th.Nodes, model.Node{
		Op: model.OpFork, Object: model.None, Lock: model.None, Cond: model.None, Var: model.None, Cut: cut, Text: "fork",
		Out: []model.Outcome{{Next: slices.Clone(th.Start)}, {Label: model.InChild, Next: slices.Clone(th.Start)}},
	})
	th.Start = []model.Edge{{To: model.NodeID(len(th.Nodes) - 1)}}
}

// drawFork lets a drawn program have threads that begin with a fork.
func drawFork(t *rapid.T, p *model.Program) {
	for at := range p.Threads {
		if p.Gates()[at] == model.None && !p.Threads[at].Loop && rapid.Bool().Draw(t, "forks") {
			forking(p, at)
		}
	}
}

// forkCases are about a process that is doubled: by the last thread of each program, at its start.
func forkCases() []Case {
	s := setting{}
	last := func(p *model.Program) *model.Program {
		forking(p, len(p.Threads)-1)
		return p
	}
	bad, step := crash()
	return []Case{
		{
			"the child has what was locked", last(s.program(run(lock(vm), touch(vm), unlock(vm)), run(lock(vm), unlock(vm)))),
			model.Deadlock, "",
		},
		{"the child does not help those who wait", last(s.program(run(waitsFor(g0)))), model.Deadlock, ""},
		{"the child can break a rule", last(s.program(run(touch(vm)), run(bad, step))), model.Violation, model.AssertKind},
		{"nobody has anything locked", last(s.program(run(touch(vm)), run(touch(vm)))), model.OK, ""},
	}
}
