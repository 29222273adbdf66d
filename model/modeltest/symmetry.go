package modeltest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// symmetric checks the representatives of the states: each stands for itself, behaves as what it
// stands for, thread by thread, and is the same for all exchanges of equal threads and equal
// domains.
func (c *conformance[S]) symmetric() {
	c.Helper()
	y := model.NewSymmetry(c.m)
	exchanges := c.exchanges()
	for i := range c.states {
		c.represented(i, y)
		for _, e := range exchanges {
			c.exchanged(i, y, &e)
		}
	}
}

func (c *conformance[S]) represented(i int, y *model.Symmetry[S]) {
	c.Helper()
	x := &c.states[i]
	state := x.packed
	rep := y.Canonical(&state)
	if y.Trivial() && rep != state {
		c.bad(i, "nothing can be exchanged, and it is represented by %s", c.m.String(&rep))
	}
	if again := y.Canonical(&rep); again != rep || state != x.packed {
		c.bad(i, "the representative has another: %s", c.m.String(&again))
	}
	same, perm := y.Permutation(&state)
	if sorted := slices.Sorted(slices.Values(perm)); same != rep || len(perm) != len(c.p.Threads) || sorted[0] != 0 ||
		sorted[len(sorted)-1] != len(perm)-1 || len(slices.Compact(sorted)) != len(perm) {
		c.bad(i, "%v is no permutation, or another representative's", perm)
	}
	if _, known := c.index[rep]; !known && c.complete {
		c.bad(i, "the representative cannot be reached: %s", c.m.String(&rep))
	}
	if !x.expanded {
		return
	}
	if c.m.AllFinished(&state) != c.m.AllFinished(&rep) ||
		(c.m.ReferenceLeak(&state) == model.None) != (c.m.ReferenceLeak(&rep) == model.None) ||
		(c.m.MemoryLeak(&state) == model.None) != (c.m.MemoryLeak(&rep) == model.None) {
		c.bad(i, "the representative ends otherwise: %s", c.m.String(&rep))
	}
	for t, of := range perm {
		if c.m.Location(&rep, t) != c.m.Location(&state, of) {
			c.bad(i, "thread %d of the representative is at another place than thread %d", t, of)
		}
		got, want := c.steps(y, &rep, t), c.steps(y, &state, of)
		if !slices.Equal(got, want) {
			c.bad(i, "thread %d of the representative %s behaves otherwise than thread %d:\n%v\n%v",
				t, c.m.String(&rep), of, got, want)
		}
	}
}

// steps says what a thread can do, up to exchanges.
func (c *conformance[S]) steps(y *model.Symmetry[S], s *S, t int) []string {
	var out []string
	for _, succ := range c.m.StepsOf(s, t, nil) {
		step, kind := c.m.Step(succ.Rule), model.Kind("")
		if succ.Failed != nil {
			kind = succ.Failed.Kind
		}
		out = append(out, fmt.Sprint(step.Node, step.To, step.Label, step.When, kind, y.Canonical(&succ.State)))
	}
	slices.Sort(out)
	return out
}

// exchange is a permutation of threads, locks and so on that nobody notices: to[x] takes the place
// of x.
type exchange struct {
	threads []int
	objects map[model.ObjectID]model.ObjectID
	locks   map[model.LockID]model.LockID
	conds   map[model.CondID]model.CondID
	vars    map[model.VarID]model.VarID
}

// exchanges finds the pairs of threads with the same program, and the pairs of domains with the
// same threads on them and on nothing else.
func (c *conformance[S]) exchanges() []exchange {
	var out []exchange
	gates := c.p.Gates()
	for t := range c.p.Threads {
		for u := t + 1; u < len(c.p.Threads); u++ {
			a, b := &c.p.Threads[t], &c.p.Threads[u]
			if gates[t] == model.None && gates[u] == model.None && a.Loop == b.Loop && reflect.DeepEqual(a.Nodes, b.Nodes) &&
				reflect.DeepEqual(a.Start, b.Start) {
				e := exchange{threads: c.same()}
				e.threads[t], e.threads[u] = u, t
				out = append(out, e)
			}
		}
	}
	domains := c.domains()
	for i := range domains {
		for j := i + 1; j < len(domains); j++ {
			if e, ok := c.domainExchange(domains[i], domains[j]); ok {
				out = append(out, e)
			}
		}
	}
	return out
}

func (c *conformance[S]) same() []int {
	var out []int
	for t := range c.p.Threads {
		out = append(out, t)
	}
	return out
}

// domains lists the objects of arguments that are on their own: some thread touches them, and none
// that does touches another. There are none when a variable names objects.
func (c *conformance[S]) domains() []model.ObjectID {
	for v := range c.p.Vars {
		if c.p.Vars[v].Pointer {
			return nil
		}
	}
	used, shared := map[model.ObjectID]bool{}, map[model.ObjectID]bool{}
	for t := range c.p.Threads {
		touched := c.mentioned(c.program(t))
		for _, o := range touched {
			used[o] = true
			shared[o] = shared[o] || len(touched) > 1
		}
	}
	var out []model.ObjectID
	for o := range c.p.Objects {
		if id := model.ObjectID(o); c.p.Objects[o].Cluster == id && used[id] && !shared[id] {
			out = append(out, id)
		}
	}
	return out
}

// mentioned lists the domains whose marks stand in a text.
func (c *conformance[S]) mentioned(text string) []model.ObjectID {
	var out []model.ObjectID
	for o := range c.p.Objects {
		if id := model.ObjectID(o); c.p.Objects[o].Cluster == id && strings.Contains(text, mark(id)) {
			out = append(out, id)
		}
	}
	return out
}

// mark is how program writes that something lies in a domain.
func mark(domain model.ObjectID) string { return fmt.Sprintf("<%d>", domain) }

// domainExchange is the exchange of two domains, if each thread has one that does with the other
// domain what it does with the first.
func (c *conformance[S]) domainExchange(a, b model.ObjectID) (exchange, bool) {
	e := exchange{
		threads: c.same(), objects: map[model.ObjectID]model.ObjectID{}, locks: map[model.LockID]model.LockID{},
		conds: map[model.CondID]model.CondID{}, vars: map[model.VarID]model.VarID{},
	}
	in := func(o, cluster model.ObjectID) bool { return o != model.None && c.p.Objects[o].Cluster == cluster }
	ok := swap(e.objects, len(c.p.Objects), func(i int) model.ObjectID { return c.p.Objects[i].Cluster }, a, b)
	object := func(o model.ObjectID) model.ObjectID {
		if in(o, a) || in(o, b) {
			return c.p.Objects[o].Cluster
		}
		return model.None
	}
	ok = swap(e.locks, len(c.p.Locks), func(i int) model.ObjectID { return object(c.p.Locks[i].Object) }, a, b) && ok
	ok = swap(e.conds, len(c.p.Conds), func(i int) model.ObjectID { return object(c.p.Conds[i].Object) }, a, b) && ok
	ok = swap(e.vars, len(c.p.Vars), func(i int) model.ObjectID { return object(c.p.Vars[i].Object) }, a, b) && ok
	for x, y := range e.vars {
		v, w := &c.p.Vars[x], &c.p.Vars[y]
		ok = ok && v.Initial == w.Initial && slices.Equal(v.Values, w.Values) && v.Job == w.Job &&
			v.Refs == w.Refs && v.Counts == w.Counts && v.Persistent == w.Persistent
	}
	if !ok {
		return e, false
	}
	other := strings.NewReplacer(mark(a), mark(b), mark(b), mark(a))
	taken := map[int]bool{}
	for t := range c.p.Threads {
		want := other.Replace(c.program(t))
		to := t
		if want != c.program(t) {
			to = slices.IndexFunc(c.same(), func(u int) bool { return !taken[u] && c.program(u) == want })
		}
		if to < 0 || taken[to] || to != t && c.p.Gates()[t] != model.None {
			return e, false
		}
		taken[to] = true
		e.threads[t] = to
	}
	return e, true
}

// swap maps what lies in the one domain to what lies in the other, in order, and back. It fails
// when there are not as many.
func swap[T ~int32](to map[T]T, n int, domain func(int) model.ObjectID, a, b model.ObjectID) bool {
	var xs, ys []T
	for i := range n {
		switch domain(i) {
		case a:
			xs = append(xs, T(i))
		case b:
			ys = append(ys, T(i))
		}
	}
	if len(xs) != len(ys) {
		return false
	}
	for i := range xs {
		to[xs[i]], to[ys[i]] = ys[i], xs[i]
	}
	return true
}

// exchanged checks that a state and its exchange have one representative.
func (c *conformance[S]) exchanged(i int, y *model.Symmetry[S], e *exchange) {
	c.Helper()
	plain := c.states[i].plain
	s := &State{
		At: make([]model.NodeID, len(plain.At)), Value: map[model.VarID]int64{}, Owner: map[model.LockID]int{},
		Job: map[model.VarID]int{}, Asleep: map[model.CondID]map[int]bool{}, Freed: map[model.ObjectID]bool{},
	}
	for t, n := range plain.At {
		s.At[e.threads[t]] = n
	}
	for v, x := range plain.Value {
		s.Value[other(e.vars, v)] = x
	}
	for l, t := range plain.Owner {
		if t != model.None {
			t = e.threads[t]
		}
		s.Owner[other(e.locks, l)] = t
	}
	for v, t := range plain.Job {
		s.Job[other(e.vars, v)] = e.threads[t]
	}
	for cond, ts := range plain.Asleep {
		for t := range ts {
			s.enter(other(e.conds, cond), e.threads[t])
		}
	}
	for o := range plain.Freed {
		s.Freed[other(e.objects, o)] = true
	}
	j, ok := c.keys[s.Key()]
	if !ok {
		if c.complete {
			c.bad(i, "an exchange of it cannot be reached")
		}
		return
	}
	a, b := y.Canonical(&c.states[i].packed), y.Canonical(&c.states[j].packed)
	if a != b {
		c.bad(i, "its exchange has another representative: %s", c.m.String(&c.states[j].packed))
	}
	if i != j {
		c.sum.Exchanges++
	}
}

func other[T comparable](to map[T]T, x T) T {
	if y, ok := to[x]; ok {
		return y
	}
	return x
}
