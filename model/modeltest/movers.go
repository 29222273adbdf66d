package modeltest

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// movers checks that a step that is called a mover can be taken as soon as its thread has come
// there: it is possible in every state, it commutes with every step of another thread, neither
// takes away nor adds to what the other can do unless the other waited for it, and changes no check
// of theirs.
//
// With the assumption that nothing is freed this is checked for states before which, and steps in
// which, nothing is.
func (c *conformance[S]) movers() {
	c.Helper()
	for _, assumeAlive := range []bool{false, true} {
		movers := c.p.Movers(assumeAlive)
		for i := range c.states {
			if !c.states[i].expanded || assumeAlive && len(c.states[i].plain.Freed) > 0 {
				continue
			}
			for t := range c.p.Threads {
				if movers[t][c.m.Location(&c.states[i].packed, t)] {
					c.mover(i, t, assumeAlive)
				}
			}
		}
	}
}

func (c *conformance[S]) mover(i, t int, assumeAlive bool) {
	c.Helper()
	state := c.states[i].packed
	if c.ref.Done(c.states[i].plain, t) {
		return // the process has ended
	}
	mine := c.m.StepsOf(&state, t, nil)
	if len(mine) == 0 {
		c.bad(i, "thread %d is at a mover and cannot step", t)
	}
	for k := range mine {
		if mine[k].Failed != nil || assumeAlive && c.frees[mine[k].Rule] {
			continue // the search takes neither as a mover
		}
		for u := range c.p.Threads {
			if u != t {
				c.commutes(i, t, u, &mine[k], assumeAlive)
			}
		}
	}
}

// commutes compares what thread u can do before and after a mover's step.
func (c *conformance[S]) commutes(i, t, u int, mine *model.Succ[S], assumeAlive bool) {
	c.Helper()
	state, after := c.states[i].packed, mine.State
	if movedOther := c.m.Location(&state, u) != c.m.Location(&after, u); movedOther {
		if op := c.m.At(&state, u).Op; op != model.OpSleep || len(c.m.StepsOf(&state, u, nil)) > 0 {
			c.bad(i, "the mover of thread %d moves thread %d, which could step itself", t, u)
		}
		if len(c.m.StepsOf(&after, u, nil)) > 0 {
			c.bad(i, "the mover of thread %d wakes thread %d, which can go on at once", t, u)
		}
		c.sum.Movers++
		return
	}
	theirs, later := c.m.StepsOf(&state, u, nil), c.m.StepsOf(&after, u, nil)
	if n := c.m.At(&state, u); n.Op == model.OpStore && c.p.Vars[n.Var].Exit {
		return // what follows the end of the process is nothing
	} else if n.Op == model.OpUpdate && c.p.Vars[n.Var].Life == t+1 {
		c.outlives(i, t, theirs, later)
		return
	}
	if !c.m.Exists(&state, u) {
		return // the mover starts it
	}
	for k := range theirs {
		x := &theirs[k]
		if assumeAlive && c.frees[x.Rule] {
			continue
		}
		y := ruleIn(later, x.Rule)
		if y == nil || y.Failed != x.Failed {
			c.bad(i, "the mover of thread %d changes what thread %d can do: rule %d", t, u, x.Rule)
		}
		if x.Failed != nil {
			continue
		}
		z := ruleIn(c.m.StepsOf(&x.State, t, nil), mine.Rule)
		if z == nil || z.Failed != nil || z.State != y.State {
			c.bad(i, "the mover of thread %d does not commute with rule %d of thread %d", t, x.Rule, u)
		}
		if other := c.m.StepsOf(&x.State, t, nil); len(other) != len(c.m.StepsOf(&state, t, nil)) {
			c.bad(i, "rule %d of thread %d changes in how many ways the mover of thread %d can go", x.Rule, u, t)
		}
		c.sum.Movers++
	}
	for k := range later {
		x := &later[k]
		if ruleIn(theirs, x.Rule) != nil {
			continue
		}
		switch c.m.At(&state, u).Op {
		case model.OpLock, model.OpReacquire, model.OpFind, model.OpUpdate: // it waited
			if c.m.Step(x.Rule).Fails == nil {
				continue
			}
		}
		c.bad(i, "the mover of thread %d adds rule %d to what thread %d can do", t, x.Rule, u)
	}
}

// outlives checks that the last step of thread t comes to the same before and after a step that is
// about its life.
func (c *conformance[S]) outlives(i, t int, theirs, later []model.Succ[S]) {
	c.Helper()
	for k := range theirs {
		x := &theirs[k]
		if x.Failed != nil {
			continue
		}
		z := c.m.StepsOf(&x.State, t, nil)
		if len(z) == 0 || !slices.ContainsFunc(later, func(y model.Succ[S]) bool { return y.State == z[0].State }) {
			c.bad(i, "the end of thread %d does not commute with a step about its life", t)
		}
		c.sum.Movers++
	}
}

func ruleIn[S model.Words](succs []model.Succ[S], rule int32) *model.Succ[S] {
	for i := range succs {
		if succs[i].Rule == rule {
			return &succs[i]
		}
	}
	return nil
}
