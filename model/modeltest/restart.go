package modeltest

import (
	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/model"
)

// restart begins anew: all is as at the start but for the thread's own place and what persists, and
// the others are done.
func (x *step) restart(s *State) {
	fresh := x.r.Starts()[0]
	for v := range x.r.p.Vars {
		if x.r.p.Vars[v].Persistent {
			fresh.Value[model.VarID(v)] = s.Value[model.VarID(v)]
		}
	}
	x.leave(s)
	s.Value, s.Owner, s.Job, s.Asleep, s.Freed = fresh.Value, fresh.Owner, fresh.Job, fresh.Asleep, fresh.Freed
}

// restarting lets a thread begin with a restart of the daemon, of which variables persist that say
// so. It begins at a node and nobody starts it.
func restarting(p *model.Program, t int, persists func(v model.VarID) bool) {
	cut := make([]model.NodeID, len(p.Threads))
	gates := p.Gates()
	for i := range p.Threads {
		th := &p.Threads[i]
		switch {
		case i == t:
			continue
		case gates[i] != model.None:
			cut[i] = th.Start[0].To
			continue
		}
		cut[i] = model.NodeID(len(th.Nodes))
		th.Nodes = append(th.Nodes, model.Node{Object: model.None, Lock: model.None, Cond: model.None, Var: model.None})
	}
	th := &p.Threads[t]
	th.Nodes = append(th.Nodes, model.Node{
		Op: model.OpRestart, Object: model.None, Lock: model.None, Cond: model.None, Var: model.None,
		Cut: cut, Text: "restart", Out: []model.Outcome{{Next: th.Start}},
	})
	th.Start = []model.Edge{{To: model.NodeID(len(th.Nodes) - 1)}}
	for v := range p.Vars {
		x := &p.Vars[v]
		plain := !x.Job && !x.Refs && !x.Counts && !x.RWLock && !x.Exit && x.Starts+x.Life == 0
		for i := range p.Objects {
			plain = plain && p.Objects[i].Listed != model.VarID(v)
		}
		x.Persistent = plain && persists(model.VarID(v))
	}
}

// drawRestart lets a drawn program have a thread that restarts the daemon.
func drawRestart(t *rapid.T, p *model.Program) {
	at := rapid.IntRange(0, len(p.Threads)-1).Draw(t, "restarts")
	if p.Gates()[at] == model.None && !p.Threads[at].Loop {
		restarting(p, at, func(model.VarID) bool { return rapid.Bool().Draw(t, "persists") })
	}
}

// restartCases are about a daemon that is restarted: by the last thread of each program.
func restartCases() []Case {
	s, counted := setting{}, setting{counted: true}
	last := func(p *model.Program, persists bool) *model.Program {
		restarting(p, len(p.Threads)-1, func(model.VarID) bool { return persists })
		return p
	}
	bad, step := crash()
	return []Case{
		{"a restart need not come", last(s.program(run(waitsFor(g0)), run(store(g0, 1))), true), model.Deadlock, ""},
		{
			"who restarts can break a rule", last(s.program(run(touch(vm)), run(bad, step)), false),
			model.Violation, model.AssertKind,
		},
		{
			// Nobody finds out who can finish, for there are errors. All stand still but for the restart.
			"a restart that breaks a rule helps nobody", last(s.program(run(waitsFor(g0)), run(bad, step)), false),
			model.Violation, model.AssertKind,
		},
		{
			"memory is as it was", last(s.program(run(store(g0, 1)), run(isNot(g0, 1), touch(vm))), false), model.OK, "",
		},
		{
			"what persists is not", last(s.program(run(store(g0, 1)), run(isNot(g0, 1), touch(vm))), true),
			model.Violation, model.AssertKind,
		},
		{
			"locks are free", last(s.program(run(lock(extraLock), unlock(extraLock)),
				run(lock(extraLock), unlock(extraLock))), false),
			model.OK, "",
		},
		{
			"references are as they were", last(counted.program(run(ref(vm), unref(vm)), run(touch(vm))), false), model.OK, "",
		},
		{
			"what was freed is there", last(counted.program(run(unref(vm)), run(touch(vm))), false), model.OK, "",
		},
		{
			"the others take no step more",
			last(s.program(run(touch(vm), store(g0, 2)), run(store(g0, 1), isNot(g0, 2), touch(vm))), false), model.OK, "",
		},
		{
			"a loop ends", last(s.program(actor{body: list(lock(extraLock), unlock(extraLock)), loop: true},
				run(lock(extraLock), touch(vm), unlock(extraLock))), false), model.OK, "",
		},
		{
			"it helps nobody who hangs", last(s.program(run(waitsFor(g0)), actor{body: list(touch(vm)), loop: true},
				run(touch(vm))), false),
			model.PartialDeadlock, "",
		},
	}
}
