package modeltest

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/model"
)

// lost lists the memory that threads have allocated and that nothing leads to: for each it looks
// for a way there, from what is sure to stay.
func (r *Reference) lost(s *State) []model.ObjectID {
	var made, out []model.ObjectID
	if r.p.IgnoreLeaks || !r.uncut(s) {
		return nil
	}
	for t := range r.p.Threads {
		if r.born(s, t) {
			made = append(made, r.node(s, t).Made...)
		}
	}
	for _, o := range made {
		if !r.isFreed(s, o) && !r.reached(s, o, made, nil) {
			out = append(out, o)
		}
	}
	return out
}

// reached reports whether there is a way to memory that does not pass through what is in past.
func (r *Reference) reached(s *State, o model.ObjectID, made, past []model.ObjectID) bool {
	for t := range r.p.Threads {
		if r.born(s, t) && slices.Contains(r.node(s, t).Gives, o) && !r.taken(s, t) {
			return true
		}
	}
	past = append(slices.Clip(past), o)
	for v := range r.p.Vars {
		if !r.pointsTo(s, model.VarID(v), o) {
			continue
		}
		in := model.ObjectID(model.None)
		if at := r.p.Vars[v].Object; at != model.None {
			in = r.p.Objects[at].Block
		}
		if !slices.Contains(made, in) || r.isFreed(s, in) || !slices.Contains(past, in) && r.reached(s, in, made, past) {
			return true
		}
	}
	return false
}

func (r *Reference) pointsTo(s *State, v model.VarID, o model.ObjectID) bool {
	x := &r.p.Vars[v]
	if at := x.Object; at != model.None && (r.isFreed(s, at) || r.p.Objects[at].Passing) {
		return false
	}
	to := s.Value[v]
	return x.Pointer && to > 0 && to <= int64(len(r.p.Objects)) && r.p.Objects[to-1].Block == o
}

// born reports whether a thread was started, or is there from the beginning.
func (r *Reference) born(s *State, t int) bool {
	gate := r.p.Gates()[t]
	return gate == model.None || s.Value[gate] != 0
}

// taken reports whether a thread was joined or detached.
func (r *Reference) taken(s *State, t int) bool {
	for v := range r.p.Vars {
		if r.p.Vars[v].Life == t+1 {
			return s.Value[model.VarID(v)] == model.LifeTaken
		}
	}
	return false
}

// remembers checks what the machine says of memory: it names some that is lost, and such as no
// other that is lost leads to, where there is any.
func (c *conformance[S]) remembers(i int) {
	c.Helper()
	s := c.states[i].plain
	lost := c.ref.lost(s)
	got := c.m.MemoryLeak(&c.states[i].packed)
	if len(lost) == 0 && got == model.None {
		return
	}
	c.sum.Lost++
	if !slices.Contains(lost, got) {
		c.bad(i, "memory leaks: object %d, want one of %d", got, lost)
	}
	inner := func(o model.ObjectID) bool {
		for v := range c.p.Vars {
			at := c.p.Vars[v].Object
			if at != model.None && c.p.Objects[at].Block != o && slices.Contains(lost, c.p.Objects[at].Block) &&
				c.ref.pointsTo(s, model.VarID(v), o) {
				return true
			}
		}
		return false
	}
	if inner(got) && slices.ContainsFunc(lost, func(o model.ObjectID) bool { return !inner(o) }) {
		c.bad(i, "memory leaks: object %d, to which others lead of %d", got, lost)
	}
}

// allocating lets objects be memory that threads allocate, and variables lead to them.
func allocating(t *rapid.T, w *world) {
	var blocks []model.ObjectID
	for i := range w.p.Objects {
		o := &w.p.Objects[i]
		if o.Block = model.None; rapid.Bool().Draw(t, "block") {
			o.Block = model.ObjectID(i)
			blocks = append(blocks, o.Block)
		}
		o.Passing = rapid.IntRange(0, 4).Draw(t, "passing") == 0
	}
	if len(blocks) == 0 {
		return
	}
	for v := range w.p.Vars {
		x := &w.p.Vars[v]
		plain := !x.Job && !x.Refs && !x.Exit && x.Starts+x.Life == 0 &&
			!slices.ContainsFunc(x.Values, func(v int64) bool { return v < 0 || v > int64(len(w.p.Objects)) })
		x.Pointer = plain && rapid.IntRange(0, 3).Draw(t, "pointer") > 0
	}
	for i := range w.p.Threads {
		for k := range w.p.Threads[i].Nodes {
			n := &w.p.Threads[i].Nodes[k]
			if n.Op != model.OpFinish {
				continue
			}
			for _, o := range blocks {
				switch rapid.IntRange(0, 3).Draw(t, "made") {
				case 0:
					n.Made = append(n.Made, o)
				case 1:
					n.Made, n.Gives = append(n.Made, o), append(n.Gives, o)
				}
			}
		}
	}
	w.p.IgnoreLeaks = rapid.IntRange(0, 9).Draw(t, "ignored") == 0
}
