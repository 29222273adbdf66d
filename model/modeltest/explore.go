package modeltest

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// explore visits states breadth first with the machine and the reference, and holds every step of
// the one against the other's.
func (c *conformance[S]) explore(limit int) {
	c.Helper()
	c.starts()
	for i := 0; i < len(c.states) && i < limit; i++ {
		c.expand(i)
	}
	c.complete = len(c.states) <= limit
}

func (c *conformance[S]) starts() {
	c.Helper()
	want := c.ref.Starts()
	initial := slices.Collect(c.m.Starts())
	if len(initial) != len(want) || c.m.Initials() != len(want) {
		c.Fatalf("%d initial states, said to be %d, want %d", len(initial), c.m.Initials(), len(want))
	}
	for i, s := range initial {
		if got := c.read(&s).Key(); got != want[i].Key() {
			c.Fatalf("initial state %d is %s, want %s", i, got, want[i].Key())
		}
		if c.m.Initial(i) != s {
			c.Fatalf("initial state %d is another one than that of Starts", i)
		}
		c.enter(s, want[i])
	}
}

// enter numbers a state. The two kinds of states must tell the same ones apart.
func (c *conformance[S]) enter(packed S, plain *State) {
	c.Helper()
	key := plain.Key()
	i, known := c.index[packed]
	j, plainKnown := c.keys[key]
	if known != plainKnown || i != j {
		c.Fatalf("%s: packed state %d, plain state %d", c.m.String(&packed), i, j)
	}
	if known {
		return
	}
	c.index[packed], c.keys[key] = len(c.states), len(c.states)
	c.states = append(c.states, node[S]{packed: packed, plain: plain})
}

// expand compares the steps out of one state.
func (c *conformance[S]) expand(i int) {
	c.Helper()
	packed, plain := c.states[i].packed, c.states[i].plain
	succs := c.m.Successors(&packed, nil)
	want := c.ref.Steps(plain)
	plainOf := map[string]*State{}
	var got, wanted []string
	for k := range succs {
		got = append(got, c.stepKey(i, &succs[k]))
	}
	for k := range want {
		w := &want[k]
		key := transitionKey(w)
		wanted = append(wanted, key)
		plainOf[key] = w.Next
	}
	if len(succs) > c.m.MaxSuccessors() {
		c.bad(i, "%d transitions, at most %d were promised", len(succs), c.m.MaxSuccessors())
	}
	for k := 1; k < len(succs); k++ {
		if c.m.ThreadOf(succs[k].Rule) < c.m.ThreadOf(succs[k-1].Rule) {
			c.bad(i, "transition %d is out of order", k)
		}
	}
	sorted, sortedWanted := slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(wanted))
	if !slices.Equal(sorted, sortedWanted) {
		c.bad(i, "the machine and the reference differ\nmachine   %v\nreference %v", sorted, sortedWanted)
	}
	c.states[i].succs, c.states[i].expanded = succs, true
	for k := range succs {
		c.observe(i, &succs[k], plainOf[got[k]])
		if succs[k].Failed == nil {
			c.enter(succs[k].State, plainOf[got[k]])
		}
	}
	for t := range c.p.Threads {
		c.sum.Ops[c.m.At(&packed, t).Op]++
	}
}

// read asks the machine for everything that it says about a state. What lies in an object is freed
// with it.
func (c *conformance[S]) read(s *S) *State {
	for o := range c.p.Objects {
		freed, root := c.m.Freed(s, model.ObjectID(o)), c.p.Objects[o].Root
		if want := root != model.None && c.m.Freed(s, root); freed != want {
			c.Fatalf("%s is freed: %v, its root %v", c.p.Objects[o].Name, freed, want)
		}
	}
	return Read(c.m, s)
}

// Read is a packed state in plain words, as the machine tells it.
func Read[S model.Words](m *model.Machine[S], s *S) *State {
	p := m.Program
	out := &State{
		Value: map[model.VarID]int64{}, Owner: map[model.LockID]int{}, Job: map[model.VarID]int{},
		Asleep: map[model.CondID]map[int]bool{}, Freed: map[model.ObjectID]bool{},
	}
	for t := range p.Threads {
		out.At = append(out.At, m.Location(s, t))
	}
	for l := range p.Locks {
		id := model.LockID(l)
		if owner := m.Owner(s, id); owner != model.None || m.Locked(s, id) {
			out.Owner[id] = owner
		}
	}
	for v := range p.Vars {
		id := model.VarID(v)
		out.Value[id] = m.Value(s, id)
		if owner := m.JobOwner(s, id); owner != model.None {
			out.Job[id] = owner
		}
	}
	for cond := range p.Conds {
		for _, t := range m.Waiters(s, model.CondID(cond)) {
			out.enter(model.CondID(cond), t)
		}
	}
	for o := range p.Objects {
		if id := model.ObjectID(o); p.Objects[o].Root == id && m.Freed(s, id) {
			out.Freed[id] = true
		}
	}
	return out
}

func checkKey(f *model.Check) string {
	return fmt.Sprintf(" fails %s %v %q %q", f.Kind, f.Pos, f.Function, f.Text)
}

// stepKey says all of a transition of the machine's, transitionKey of the reference's.
func (c *conformance[S]) stepKey(i int, succ *model.Succ[S]) string {
	if succ.Rule < 0 || int(succ.Rule) >= c.m.Rules() {
		c.bad(i, "rule %d of %d", succ.Rule, c.m.Rules())
	}
	step := c.m.Step(succ.Rule)
	return transitionKey(&Transition{
		Thread: step.Thread, Node: step.Node, To: step.To, Label: step.Label, When: step.When, Woken: step.Woken,
		Round: step.Round, Optional: step.Optional, Failed: succ.Failed, Next: c.read(&succ.State),
	})
}

func transitionKey(x *Transition) string {
	failed := ""
	if x.Failed != nil {
		failed = checkKey(x.Failed)
	}
	return fmt.Sprintf("T%d %d>%d %d=%d wakes %d round %v optional %v%s: %s",
		x.Thread, x.Node, x.To, x.Label, x.When, x.Woken, x.Round, x.Optional, failed, x.Next.Key())
}
