package modeltest

import (
	"maps"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// plainly checks the state in plain form, how many ways a thread is said to have at most, and to
// what memory each variable leads.
func (c *conformance[S]) plainly(i int) {
	c.Helper()
	x := &c.states[i]
	got := c.m.State(&x.packed)
	if len(got.Locked) != len(c.p.Locks) || len(got.Values) != len(c.p.Vars) {
		c.bad(i, "in plain form it has %d threads, %d locks and %d variables", len(got.At), len(got.Locked), len(got.Values))
	}
	if !slices.Equal(got.At, x.plain.At) {
		c.bad(i, "in plain form its threads are at %v, want %v", got.At, x.plain.At)
	}
	for l, locked := range got.Locked {
		if _, taken := x.plain.Owner[model.LockID(l)]; locked != taken {
			c.bad(i, "in plain form %s is locked: %v", c.p.Locks[l].Name, locked)
		}
	}
	for v, value := range got.Values {
		if value != c.m.Value(&x.packed, model.VarID(v)) {
			c.bad(i, "in plain form %s is %d", c.p.Vars[v].Name, value)
		}
		c.leads(i, model.VarID(v))
	}
	if !x.expanded {
		return
	}
	for t := range c.p.Threads {
		ways := len(c.m.StepsOf(&x.packed, t, nil))
		if most := c.m.Fanout(&x.packed, t); ways > most || most > c.m.MaxFanout() {
			c.bad(i, "%s has %d ways, of %d at most, and of %d anywhere", c.p.Threads[t].Name, ways, most, c.m.MaxFanout())
		}
	}
}

// leads checks to what memory a variable leads: the one to which it points, if it is there.
func (c *conformance[S]) leads(i int, v model.VarID) {
	c.Helper()
	s, x := c.states[i].plain, &c.p.Vars[v]
	want := model.ObjectID(model.None)
	there := x.Object == model.None || !s.Freed[x.Object] && !c.p.Objects[x.Object].Passing
	if value := s.Value[v]; x.Pointer && there && value > 0 && value <= int64(len(c.p.Objects)) {
		want = c.p.Objects[value-1].Block
	}
	if got := c.m.LeadsTo(&c.states[i].packed, v); got != want {
		c.bad(i, "%s leads to object %d, want %d", x.Name, got, want)
	}
}

// mirrors checks who is said to be able to change places: those that some exchange puts there, and
// all of them.
func (c *conformance[S]) mirrors() {
	c.Helper()
	places := map[[2]int]bool{}
	for _, group := range model.NewSymmetry(c.m).Mirrors() {
		for _, a := range group {
			for _, b := range group {
				places[[2]int{a, b}] = a != b
			}
		}
	}
	maps.DeleteFunc(places, func(_ [2]int, real bool) bool { return !real })
	want := map[[2]int]bool{}
	for _, e := range c.exchanges() {
		for t, to := range e.threads {
			if t != to {
				want[[2]int{t, to}], want[[2]int{to, t}] = true, true
			}
		}
	}
	for pair := range want {
		if !places[pair] {
			c.Fatalf("threads %d and %d can change places, and are not said to", pair[0], pair[1])
		}
	}
	for pair := range places {
		if !want[pair] {
			c.Fatalf("threads %d and %d are said to change places", pair[0], pair[1])
		}
	}
}
