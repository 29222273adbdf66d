package crosscheck

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A plan is a program as both exporters write it: equal threads share one automaton, and every
// location lists guarded steps.
type plan struct {
	program *model.Program
	names   *names
	classes []*class
	kinds   []model.Kind // that can occur, in the order of their numbers
	exit    model.VarID  // says whether the process has ended; None: it does not
}

// A class is a set of threads with the same automaton. Their locations are numbered from base on,
// through all classes.
type class struct {
	thread  *model.Thread // the first of them
	threads []int         // from 0
	name    code          // an identifier
	base    int
	places  []place
	gate    model.VarID // says whether the thread, the only one, exists; None: it does
}

// A place is a location. Its checks come before everything else: they fail even where the step
// would have to wait.
type place struct {
	node  *model.Node
	fails []failure // the first that applies is what happens
	steps []step
}

// A guard is a condition on a lock, or on variables.
type guard struct {
	lock model.LockID // None: look at cond
	held bool
	cond *model.Expr
}

func free(l model.LockID) guard     { return guard{lock: l} }
func taken(l model.LockID) guard    { return guard{lock: l, held: true} }
func where(e *model.Expr) guard     { return guard{lock: model.None, cond: e} }
func (g guard) isConst(b bool) bool { return g.lock == model.None && isConst(g.cond, b) }

// prune leaves out what other guards imply: x != 0 beside x == 1 or x >= 2.
func prune(gs []guard) []guard {
	implied := func(g guard) bool {
		return g.lock == model.None && slices.ContainsFunc(gs, func(h guard) bool {
			return h.lock == model.None && excludes(h.cond, g.cond)
		})
	}
	return slices.DeleteFunc(slices.Clone(gs), implied)
}

// A failure is a check that can fail here.
type failure struct {
	when   *model.Expr
	kind   model.Kind
	reason string
}

// A step is one outcome of an operation: what it needs besides its mode, what it changes, and where
// it leads.
type step struct {
	when  []guard
	does  []effect
	wakes wakes
	label model.Label
	next  []model.Edge
}

// wakes says what a step does to the threads that sleep on the condition of its node.
type wakes uint8

const (
	nobody wakes = iota
	anyone       // one of them, each a step of its own; the step itself when there is none
	everyone
)

// An effect is an assignment to a lock or to a variable.
type effect struct {
	lock  model.LockID // None: var
	v     model.VarID
	value int64 // of a lock: 1 taken, 0 free
	delta bool  // value is added
}

func setLock(l model.LockID, value int64) effect {
	return effect{lock: l, v: model.None, value: value}
}

func assign(v model.VarID, value int64) effect {
	return effect{lock: model.None, v: v, value: value}
}

func add(v model.VarID, delta int64) effect {
	return effect{lock: model.None, v: v, value: delta, delta: true}
}

// places lays out every location of a thread.
func (p *plan) places(t *model.Thread) []place {
	out := make([]place, len(t.Nodes))
	for i := range t.Nodes {
		n := &t.Nodes[i]
		out[i] = place{n, p.fails(n), p.steps(n)}
		if k := slices.IndexFunc(out[i].fails, func(f failure) bool { return isConst(f.when, true) }); k >= 0 {
			out[i].fails, out[i].steps = out[i].fails[:k+1], nil
		}
	}
	return out
}

// steps says what can happen at a node once its checks hold.
func (p *plan) steps(n *model.Node) []step {
	switch n.Op {
	case model.OpLock:
		return p.outcomes(n, []effect{setLock(n.Lock, 1)}, free(n.Lock))
	case model.OpTryLock:
		return p.tryLock(n)
	case model.OpUnlock, model.OpWait:
		if n.Lock == model.None { // of a wait that keeps it
			return p.outcomes(n, nil)
		}
		return p.outcomes(n, []effect{setLock(n.Lock, 0)})
	case model.OpReacquire:
		return p.reacquire(n)
	case model.OpFind:
		return p.find(n)
	case model.OpStore:
		return p.outcomes(n, []effect{assign(n.Var, n.Value)})
	case model.OpLoad:
		return p.load(n)
	case model.OpUpdate:
		return p.update(n)
	case model.OpRef, model.OpUnref, model.OpRemove:
		return p.count(n)
	}
	steps := p.outcomes(n, nil)
	for i := range steps {
		switch n.Op {
		case model.OpSignal:
			steps[i].wakes = anyone
		case model.OpBroadcast:
			steps[i].wakes = everyone
		}
	}
	return steps
}

// outcomes are the outcomes of a node, all with the same guards and effects.
func (p *plan) outcomes(n *model.Node, does []effect, when ...guard) []step {
	var steps []step
	for i := range n.Out {
		steps = append(steps, step{when: when, does: does, label: n.Out[i].Label, next: n.Out[i].Next})
	}
	return steps
}

// fails lists the checks of a node in their order: is everything alive, then its own, then whether
// a count can still grow.
func (p *plan) fails(n *model.Node) []failure {
	if n.Op == model.OpFinish || n.Op == model.OpSleep {
		return nil
	}
	touched := constant(1) // an object that is off its list is not touched
	if n.Op == model.OpFind && p.program.Objects[n.Object].Listed != model.None {
		touched = compare(model.Ne, p.program.Objects[n.Object].Listed, 0)
	}
	var fs []failure
	for _, o := range n.Alive {
		if e := p.freed(o); e != never {
			fs = append(fs, failure{and(touched, e), model.UseAfterRelease, p.program.Objects[o].Name + " was freed already"})
		}
	}
	for i := range n.Checks {
		c := &n.Checks[i]
		when := constant(1)
		if c.Cond != nil {
			when = negate(c.Cond)
		}
		fs = append(fs, failure{when, c.Kind, c.Text})
	}
	if n.Op == model.OpRef {
		values := p.program.Vars[n.Var].Values
		fs = append(fs, failure{equals(n.Var, values[len(values)-1]), model.RefCount, "references grow without bound"})
	}
	return fs
}

// freed is the condition that a reference-counted object is gone.
func (p *plan) freed(o model.ObjectID) *model.Expr {
	refs := p.program.Objects[o].Refs
	if refs == model.None {
		return never
	}
	return equals(refs, 0)
}

// gone is the condition that an object was freed, itself or with the object that owns it. What lies
// in no object never is.
func (p *plan) gone(o model.ObjectID) *model.Expr {
	if o == model.None || p.program.Objects[o].Root == model.None {
		return never
	}
	return p.freed(p.program.Objects[o].Root)
}

// reacquire waits for the lock; but who gives up needs none.
func (p *plan) reacquire(n *model.Node) []step {
	var steps []step
	for i := range n.Out {
		s := step{label: n.Out[i].Label, next: n.Out[i].Next}
		if s.label == model.Normal && n.Lock != model.None {
			s.when, s.does = []guard{free(n.Lock)}, []effect{setLock(n.Lock, 1)}
		}
		steps = append(steps, s)
	}
	return steps
}

// find needs the lock only of an object that is on its list.
func (p *plan) find(n *model.Node) []step {
	listed := p.program.Objects[n.Object].Listed
	var steps []step
	for i := range n.Out {
		o := &n.Out[i]
		switch {
		case o.When == 1 && listed == model.None:
			steps = append(steps, step{when: []guard{free(n.Lock)}, does: []effect{setLock(n.Lock, 1)}, next: o.Next})
		case o.When == 1:
			steps = append(steps, step{
				when: []guard{where(compare(model.Ne, listed, 0)), free(n.Lock)}, does: []effect{setLock(n.Lock, 1)}, next: o.Next,
			})
		case listed != model.None:
			steps = append(steps, step{when: []guard{where(equals(listed, 0))}, next: o.Next})
		}
	}
	return steps
}

func (p *plan) tryLock(n *model.Node) []step {
	var steps []step
	for i := range n.Out {
		s := step{when: []guard{taken(n.Lock)}, next: n.Out[i].Next}
		if n.Out[i].When == 0 {
			s.when, s.does = []guard{free(n.Lock)}, []effect{setLock(n.Lock, 1)}
		}
		steps = append(steps, s)
	}
	return steps
}

// update joins the values that change alike and lead to the same place: all become one value, or
// each becomes as much more or less.
func (p *plan) update(n *model.Node) []step {
	if len(n.Out) == 0 {
		return nil
	}
	constant := !slices.ContainsFunc(n.Out, func(o model.Outcome) bool { return o.Set != n.Out[0].Set })
	var steps []step
	for _, out := range updates(n.Out, constant) {
		var does []effect
		switch first := &out[0]; {
		case constant:
			does = []effect{assign(n.Var, first.Set)}
		case first.Set != first.When:
			does = []effect{add(n.Var, first.Set-first.When)}
		}
		for _, g := range joined(out) {
			s := step{does: does, next: g.next}
			slices.Sort(g.values)
			if e := oneOf(p.program, n.Var, slices.Compact(g.values)); e != nil {
				s.when = []guard{where(e)}
			}
			steps = append(steps, s)
		}
	}
	return steps
}

// updates groups the outcomes of an update by how much they add; where what they set is constant
// there is one group.
func updates(out []model.Outcome, constant bool) [][]model.Outcome {
	if constant {
		return [][]model.Outcome{out}
	}
	var groups [][]model.Outcome
	for _, o := range out {
		k := slices.IndexFunc(groups, func(g []model.Outcome) bool { return g[0].Set-g[0].When == o.Set-o.When })
		if k < 0 {
			k, groups = len(groups), append(groups, nil)
		}
		groups[k] = append(groups[k], o)
	}
	return groups
}

// load joins the values that lead to the same place.
func (p *plan) load(n *model.Node) []step {
	var steps []step
	for _, g := range joined(n.Out) {
		s := step{next: g.next}
		if e := oneOf(p.program, n.Var, g.values); e != nil {
			s.when = []guard{where(e)}
		}
		steps = append(steps, s)
	}
	return steps
}

// count lists the steps of a reference count. What was freed has a count of 0, and no steps.
func (p *plan) count(n *model.Node) []step {
	delta := int64(-1)
	if n.Op == model.OpRef {
		delta = 1
	}
	does := []effect{add(n.Var, delta)}
	if listed := p.program.Objects[n.Object].Listed; n.Op == model.OpRemove && listed != model.None {
		does = append(does, assign(listed, 0))
	}
	var last *model.Outcome
	var rest []model.Outcome
	for i := range n.Out {
		if o := &n.Out[i]; o.When == 0 {
			last = o
		} else {
			rest = append(rest, *o)
		}
	}
	var steps []step
	if last != nil && delta < 0 {
		steps = append(steps, step{
			when: []guard{where(equals(n.Var, 1))}, does: slices.Concat(does, p.release(n.Object)), next: last.Next,
		})
	}
	for _, g := range joined(rest) {
		var before []int64
		for _, after := range g.values {
			if b := after - delta; b > 0 && slices.Contains(p.program.Vars[n.Var].Values, b) {
				before = append(before, b)
			}
		}
		if len(before) > 0 {
			steps = append(steps, step{when: []guard{where(p.counts(n, before))}, does: does, next: g.next})
		}
	}
	return steps
}

// counts is the condition that a count is one of some values, short where they are all from the
// smallest on.
func (p *plan) counts(n *model.Node, before []int64) *model.Expr {
	values := p.program.Vars[n.Var].Values
	most := values[len(values)-1]
	if n.Op == model.OpRef {
		most-- // a full count has failed before
	}
	least := slices.Min(before)
	if len(before) > 1 && slices.Max(before) == most && int64(len(before)) == most-least+1 {
		return compare(model.Ge, n.Var, least)
	}
	if e := oneOf(p.program, n.Var, before); e != nil {
		return e
	}
	return constant(1)
}

// release frees the locks of an object that dies.
func (p *plan) release(o model.ObjectID) []effect {
	var es []effect
	for l := range p.program.Locks {
		if p.program.Locks[l].Object == o {
			es = append(es, setLock(model.LockID(l), 0))
		}
	}
	return es
}

// An alike is a set of values of one variable after which a thread goes on in the same way.
type alike struct {
	values []int64
	next   []model.Edge
}

func joined(out []model.Outcome) []alike {
	var groups []alike
	for i := range out {
		o := &out[i]
		same := func(g alike) bool { return slices.EqualFunc(g.next, o.Next, sameEdge) }
		if k := slices.IndexFunc(groups, same); k >= 0 {
			groups[k].values = append(groups[k].values, o.When)
			continue
		}
		groups = append(groups, alike{[]int64{o.When}, o.Next})
	}
	return groups
}

// sameEdge compares all of edges but the C on the way.
func sameEdge(a, b model.Edge) bool {
	return a.To == b.To && a.Round == b.Round
}
