package modeltest

import (
	"maps"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// step is a thread that takes the step of a node: nothing is wrong with it.
type step struct {
	r *Reference
	s *State
	t int
	n *model.Node
}

// act lists what the step can do.
func (r *Reference) act(x *step) []Transition {
	n, s := x.n, x.s
	_, taken := s.Owner[n.Lock]
	lock := func(c *State) { c.Owner[n.Lock] = x.t }
	unlock := func(c *State) { delete(c.Owner, n.Lock) }
	nothing := func(*State) {}
	switch n.Op {
	case model.OpLock:
		if taken {
			return nil
		}
		return x.takes(0, lock)
	case model.OpTryLock:
		if taken {
			return x.takes(1, nothing)
		}
		return x.takes(0, lock)
	case model.OpUnlock:
		return x.takes(0, unlock)
	case model.OpWait:
		return x.takes(0, func(c *State) {
			if n.Lock != model.None {
				unlock(c)
			}
			c.enter(n.Cond, x.t)
		})
	case model.OpSleep:
		var out []Transition
		for i := range n.Out { // nobody woke it
			out = append(out, x.outcome(&n.Out[i], func(c *State) { c.leave(n.Cond, x.t) })...)
		}
		return out
	case model.OpReacquire:
		var out []Transition
		for i := range n.Out {
			switch {
			case n.Out[i].Label != model.Normal, n.Lock == model.None:
				out = append(out, x.outcome(&n.Out[i], nothing)...)
			case !taken:
				out = append(out, x.outcome(&n.Out[i], lock)...)
			}
		}
		return out
	case model.OpSignal, model.OpBroadcast:
		return x.wakes()
	case model.OpLoad:
		return x.takes(s.Value[n.Var], nothing)
	case model.OpStore:
		return x.takes(0, x.stores)
	case model.OpUpdate:
		return x.updates()
	case model.OpRef:
		return x.counts(+1)
	case model.OpUnref, model.OpRemove:
		return x.counts(-1)
	case model.OpFind:
		switch {
		case !r.isListed(s, n.Object):
			return x.takes(0, nothing)
		case taken:
			return nil
		}
		return x.takes(1, lock)
	case model.OpAccess:
		return x.takes(0, nothing)
	case model.OpRestart:
		return x.takes(0, x.restart)
	case model.OpFork:
		return append(x.outcome(&n.Out[0], nothing), x.outcome(&n.Out[1], x.leave)...)
	}
	return nil // OpFail: its check does not hold
}

// takes follows the outcomes for one result of the step.
func (x *step) takes(when int64, effect func(*State)) []Transition {
	var out []Transition
	for i := range x.n.Out {
		if x.n.Out[i].When == when {
			out = append(out, x.outcome(&x.n.Out[i], effect)...)
		}
	}
	return out
}

// outcome follows every edge of an outcome: each is a choice of the thread's own.
func (x *step) outcome(o *model.Outcome, effect func(*State)) []Transition {
	var out []Transition
	for i := range o.Next {
		e := &o.Next[i]
		c := x.s.clone()
		c.At[x.t] = e.To
		effect(c)
		ends := x.r.p.Threads[x.t].Nodes[e.To].Op == model.OpFinish
		out = append(out, Transition{
			Optional: mayNeverCome(o.Label, x.n.Timed) || x.n.Op == model.OpRestart,
			Thread:   x.t, Node: x.s.At[x.t], To: e.To, Label: o.Label, When: o.When, Woken: model.None, Frees: model.None,
			Round: e.Round || ends, Next: c,
		})
	}
	return out
}

// mayNeverCome says of which results of a wait nobody can be sure: a time that is up comes, where
// there is one.
func mayNeverCome(l model.Label, timed bool) bool {
	switch l {
	case model.Spuriously, model.Stolen, model.InChild:
		return true
	}
	return l == model.TimedOut && !timed
}

// updates reads and writes: each outcome for the value that is there is one way. There may be none.
func (x *step) updates() []Transition {
	var out []Transition
	for i := range x.n.Out {
		if o := &x.n.Out[i]; o.When == x.s.Value[x.n.Var] {
			out = append(out, x.outcome(o, func(c *State) { x.assigns(c, o.Set) })...)
		}
	}
	return out
}

func (x *step) stores(c *State) { x.assigns(c, x.n.Value) }

// assigns gives the step's variable a value. Who makes a job non-zero owns it, until it is zero.
func (x *step) assigns(c *State, value int64) {
	v := x.n.Var
	c.Value[v] = value
	if !x.r.p.Vars[v].Job {
		return
	}
	if value == 0 {
		delete(c.Job, v)
	} else {
		c.Job[v] = x.t
	}
}

// counts changes a reference count. A count of 0 is that of an object that is gone: nothing can be
// done with it any more.
func (x *step) counts(by int64) []Transition {
	n := x.n
	if x.s.Value[n.Var] == 0 {
		return nil
	}
	after := x.s.Value[n.Var] + by
	out := x.takes(after, func(c *State) {
		c.Value[n.Var] = after
		if v := x.r.p.Objects[n.Object].Listed; n.Op == model.OpRemove && v != model.None {
			c.Value[v] = 0
		}
		if after == 0 {
			x.r.free(c, n.Object)
		}
	})
	if after == 0 {
		for i := range out {
			out[i].Frees = n.Object
		}
	}
	return out
}

// free ends an object. Its locks are released: whoever waits for one goes on, into a violation.
func (r *Reference) free(c *State, o model.ObjectID) {
	c.Freed[o] = true
	for l := range r.p.Locks {
		if r.p.Locks[l].Object == o {
			delete(c.Owner, model.LockID(l))
		}
	}
}

// wakes performs a signal, which wakes any one waiter, or a broadcast, which wakes all.
func (x *step) wakes() []Transition {
	n := x.n
	waiters := slices.Sorted(maps.Keys(x.s.Asleep[n.Cond]))
	if n.Op == model.OpBroadcast || len(waiters) == 0 {
		return x.takes(0, func(c *State) {
			for _, u := range waiters {
				x.r.wake(c, n.Cond, u)
			}
		})
	}
	var out []Transition
	for _, u := range waiters {
		woken := x.takes(0, func(c *State) { x.r.wake(c, n.Cond, u) })
		for i := range woken {
			woken[i].Woken = u
		}
		out = append(out, woken...)
	}
	return out
}

func (r *Reference) wake(c *State, cond model.CondID, t int) {
	c.At[t] = r.node(c, t).Wake
	c.leave(cond, t)
}

func (s *State) enter(c model.CondID, t int) {
	if s.Asleep[c] == nil {
		s.Asleep[c] = map[int]bool{}
	}
	s.Asleep[c][t] = true
}

func (s *State) leave(c model.CondID, t int) {
	delete(s.Asleep[c], t)
	if len(s.Asleep[c]) == 0 {
		delete(s.Asleep, c)
	}
}
