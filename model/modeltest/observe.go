package modeltest

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// observe holds what the machine says of a rule beforehand against what a step by it did.
func (c *conformance[S]) observe(i int, succ *model.Succ[S], after *State) {
	c.Helper()
	step := c.m.Step(succ.Rule)
	if c.m.ThreadOf(succ.Rule) != step.Thread {
		c.bad(i, "rule %d is a step of thread %d and of thread %d", succ.Rule, step.Thread, c.m.ThreadOf(succ.Rule))
	}
	c.sum.Labels[step.Label]++
	if succ.Failed != nil {
		c.sum.Failed[succ.Failed.Kind]++
		if step.Fails != succ.Failed || succ.State != c.states[i].packed {
			c.bad(i, "a failing step changes something, or gives two reasons")
		}
		return
	}
	before := c.states[i].plain
	if got, want := c.frees[succ.Rule], len(after.Freed) > len(before.Freed); got != want {
		c.bad(i, "rule %d frees something: %v, and it does: %v", succ.Rule, got, want)
	} else if got {
		c.sum.Frees++
	}
	ends := c.p.Threads[step.Thread].Nodes[step.To].Op == model.OpFinish
	if got, want := c.m.Completes(succ.Rule), step.Round; got != want || ends && !got {
		c.bad(i, "rule %d completes: %v, a round: %v, the thread: %v", succ.Rule, got, want, ends)
	} else if got {
		c.sum.Rounds++
	}
	if got := c.m.Optional(succ.Rule); got != step.Optional || got && !c.m.MayStay() {
		c.bad(i, "rule %d may never come: %v, its step: %v, any: %v", succ.Rule, got, step.Optional, c.m.MayStay())
	}
	leak := c.ref.leak(after, step.Thread)
	if got := c.m.Leak(&succ.State, succ.Rule); got != leak {
		c.bad(i, "after the step thread %d leaks %q, want %q", step.Thread, got, leak)
	}
	if leak != "" {
		c.sum.Leaks++
		if !c.m.Leaks(succ.Rule) || !c.m.MayLeak() {
			c.bad(i, "rule %d leaks without notice", succ.Rule)
		}
	}
}

// leak is what a thread that is finished still has: a lock comes before a job.
func (r *Reference) leak(s *State, t int) model.Kind {
	if n := r.node(s, t); n.Op != model.OpFinish || n.Outside {
		return ""
	}
	for l, owner := range s.Owner {
		if owner == t && !r.isFreed(s, r.p.Locks[l].Object) {
			return model.LockLeak
		}
	}
	for v, owner := range s.Job {
		if owner == t && !r.isFreed(s, r.p.Vars[v].Object) {
			return model.JobLeak
		}
	}
	return ""
}

// isFreed reports whether an object is gone, itself or with that in which it lies.
func (r *Reference) isFreed(s *State, o model.ObjectID) bool {
	return o != model.None && r.p.Objects[o].Root != model.None && s.Freed[r.p.Objects[o].Root]
}

// finished reports whether all threads are done.
func (r *Reference) finished(s *State) bool {
	for t := range r.p.Threads {
		if !r.Done(s, t) {
			return false
		}
	}
	return true
}

// unbalanced lists the objects whose references do not add up when nobody will drop any more: each
// is to be left with those of the start, less the list's if it was taken off, or to be freed.
func (r *Reference) unbalanced(s *State) []model.ObjectID {
	var out []model.ObjectID
	if !r.uncut(s) {
		return nil
	}
	for i := range r.p.Objects {
		o := &r.p.Objects[i]
		if o.Refs == model.None || s.Freed[model.ObjectID(i)] {
			continue
		}
		want := r.p.Vars[o.Refs].Initial
		if !r.isListed(s, model.ObjectID(i)) {
			want--
		}
		if s.Value[o.Refs] != want {
			out = append(out, model.ObjectID(i))
		}
	}
	for v := range r.p.Vars {
		if x := &r.p.Vars[v]; x.Counts && !r.isFreed(s, x.Object) && s.Value[model.VarID(v)] != x.Initial {
			out = append(out, x.Object)
		}
	}
	return out
}

// described checks what the machine says of a state itself, and that what its nodes say of their
// thread is true: it holds those locks, but for those of freed objects, and owns those jobs.
func (c *conformance[S]) described(i int) {
	c.Helper()
	s, plain := &c.states[i].packed, c.states[i].plain
	for v := range c.p.Vars {
		if x := &c.p.Vars[v]; plain.Value[model.VarID(v)] != 0 && x.Starts > 0 {
			c.sum.Started++
		} else if plain.Value[model.VarID(v)] != 0 && x.Exit {
			c.sum.Exited++
		}
	}
	for t := range c.p.Threads {
		n := c.m.At(s, t)
		if got, want := c.m.Finished(s, t), c.ref.Done(plain, t); got != want {
			c.bad(i, "thread %d is finished: %v", t, got)
		}
		c.holds(i, t, n)
	}
	if got, want := c.m.AllFinished(s), c.ref.finished(plain); got != want {
		c.bad(i, "all are finished: %v", got)
	}
	want := model.ObjectID(model.None)
	if lost := c.ref.unbalanced(plain); len(lost) > 0 {
		want = lost[0]
	}
	if got := c.m.ReferenceLeak(s); got != want {
		c.bad(i, "references leak of object %d, want %d", got, want)
	}
}

// holds checks Held and Owns of the node at which a thread stands.
func (c *conformance[S]) holds(i, t int, n *model.Node) {
	c.Helper()
	plain := c.states[i].plain
	for l := range c.p.Locks {
		id := model.LockID(l)
		owner, taken := plain.Owner[id]
		has := taken && owner == t
		if says := slices.Contains(n.Held, id); says != has && !(says && c.ref.isFreed(plain, c.p.Locks[l].Object)) {
			c.bad(i, "thread %d holds %s: %v, its node says %v", t, c.p.Locks[l].Name, has, says)
		}
	}
	for v := range c.p.Vars {
		id := model.VarID(v)
		owner, taken := plain.Job[id]
		has := taken && owner == t
		if says := slices.Contains(n.Owns, id); says != has {
			c.bad(i, "thread %d owns %s: %v, its node says %v", t, c.p.Vars[v].Name, has, says)
		}
	}
	if !slices.IsSorted(n.Held) || !slices.IsSorted(n.Owns) {
		c.bad(i, "thread %d: what it holds is not in order", t)
	}
}
