package modeltest

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// faults are what may happen to a thread that waits.
type faults struct{ timeout, stolen, spurious, timed bool }

// automaton makes a thread of a text: its nodes are places in the text, with what the thread holds
// there and which checks are due.
type automaton struct {
	w      *world
	bind   binding
	code   []code
	self   int // the thread's number, from 1
	faults faults
	thread model.Thread
	ids    map[string]model.NodeID
	todo   []place
}

// place is all that a thread knows of itself.
type place struct {
	at    int
	phase phase
	held  []model.LockID
	owns  []model.VarID
	due   []int // checks, by their place in the text
}

// phase is how far a wait has come.
type phase uint8

const (
	fresh phase = iota
	asleep
	woken
	startled // woken by nobody: there is no signal to steal
	gaveUp
)

func (p *place) key() string { return fmt.Sprint(p.at, p.phase, p.held, p.owns, p.due) }

func (a *automaton) build() model.Thread {
	a.ids = map[string]model.NodeID{}
	a.thread.Start = a.edges(place{}, true)
	for len(a.todo) > 0 {
		p := a.todo[0]
		a.todo = a.todo[1:]
		n := a.node(&p) // before the assignment: it may make nodes
		a.thread.Nodes[a.ids[p.key()]] = n
	}
	return a.thread
}

func (a *automaton) intern(p place) model.NodeID {
	id, ok := a.ids[p.key()]
	if !ok {
		id = model.NodeID(len(a.thread.Nodes))
		a.ids[p.key()] = id
		a.thread.Nodes = append(a.thread.Nodes, model.Node{})
		a.todo = append(a.todo, p)
	}
	return id
}

// edges follows the text from a place to the steps that can come next.
func (a *automaton) edges(p place, first bool) []model.Edge {
	type path struct {
		place
		edge  model.Edge
		again bool // the text has begun again: a second time there was no step
	}
	var out []model.Edge
	todo := []path{{place: p, again: first}}
	for len(todo) > 0 {
		x := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		c := &a.code[x.at]
		x.due = slices.Clone(x.due)
		switch c.goes {
		case jumps:
			x.at = c.to
		case forks:
			y := x
			x.at, y.at = c.to, c.other
			todo = append(todo, y)
		case checks:
			x.due = append(x.due, x.at)
			x.at = c.to
		case ends:
			if a.thread.Loop && !x.again {
				x.at, x.again, x.edge.Round = 0, true, true
				break
			}
			x.edge.To = a.intern(x.place)
			out = appendEdge(out, x.edge)
			continue
		default:
			x.edge.To = a.intern(x.place)
			out = appendEdge(out, x.edge)
			continue
		}
		todo = append(todo, x)
	}
	return out
}

// appendEdge leaves out an edge that is there already: one would not see which was taken.
func appendEdge(edges []model.Edge, e model.Edge) []model.Edge {
	if slices.Contains(edges, e) {
		return edges
	}
	return append(edges, e)
}

// condition is a check of the text about this thread's domains.
func (a *automaton) condition(at int, c check) model.Check {
	out := model.Check{
		Kind: c.kind, Pos: position(at), Function: "body",
		Text: fmt.Sprintf("condition %d does not hold", at),
	}
	if c.cond != nil {
		out.Cond = a.expr(c.cond, c.names)
	}
	return out
}

func (a *automaton) expr(e *model.Expr, names []name) *model.Expr {
	if e == nil {
		return nil
	}
	f := *e
	if f.Op == model.ReadVar {
		f.Var = a.plain(names[f.Var])
	}
	f.X, f.Y = a.expr(f.X, names), a.expr(f.Y, names)
	return &f
}

func position(at int) model.Pos { return model.Pos{File: "body.c", Line: at + 1, Col: 1} }

func (a *automaton) domain(n name) *domain        { return a.w.place(a.bind, n.where) }
func (a *automaton) plain(n name) model.VarID     { return a.domain(n).plain[n.nth] }
func (a *automaton) lock(n name) model.LockID     { return a.domain(n).locks[n.nth] }
func (a *automaton) cond(n name) model.CondID     { return a.domain(n).conds[n.nth] }
func (a *automaton) object(n name) model.ObjectID { return a.domain(n).object }

// roots lists what must be alive when the object is touched.
func (a *automaton) roots(due []int, objects ...model.ObjectID) []model.ObjectID {
	for _, at := range due {
		for _, n := range a.code[at].check.names {
			objects = append(objects, a.w.p.Vars[a.plain(n)].Object)
		}
	}
	var out []model.ObjectID
	for _, o := range objects {
		if o != model.None && a.w.p.Objects[o].Root != model.None {
			out = append(out, a.w.p.Objects[o].Root)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func with[T ~int32](set []T, x T) []T {
	out := append(slices.Clone(set), x)
	slices.Sort(out)
	return slices.Compact(out)
}

func without[T ~int32](set []T, x T) []T {
	return slices.DeleteFunc(slices.Clone(set), func(y T) bool { return x == y })
}
