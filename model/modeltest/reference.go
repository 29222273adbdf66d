package modeltest

import (
	"fmt"
	"maps"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A Reference interprets a program slowly and plainly.
type Reference struct{ p *model.Program }

// NewReference interprets p.
func NewReference(p *model.Program) *Reference { return &Reference{p} }

// A Transition is one step out of a state.
type Transition struct {
	Thread   int
	Node, To model.NodeID // To is Node when a check failed
	Label    model.Label
	When     int64
	Woken    int // by a signal; model.None: nobody
	Round    bool
	Optional bool           // it may never come
	Frees    model.ObjectID // the object whose last reference it drops, or model.None
	Failed   *model.Check   // the check that it breaks
	Next     *State         // where it leads: with a failed check the state that it was taken in
}

// Starts lists the initial states: every combination of the threads' first edges.
func (r *Reference) Starts() []*State {
	s := &State{
		Value: map[model.VarID]int64{}, Owner: map[model.LockID]int{}, Job: map[model.VarID]int{},
		Asleep: map[model.CondID]map[int]bool{}, Freed: map[model.ObjectID]bool{},
	}
	for v := range r.p.Vars {
		s.Value[model.VarID(v)] = r.p.Vars[v].Initial
	}
	starts := []*State{s}
	for t := range r.p.Threads {
		var next []*State
		for _, s := range starts {
			for _, e := range r.p.Threads[t].Start {
				c := s.clone()
				c.At = append(c.At, e.To)
				next = append(next, c)
			}
		}
		starts = next
	}
	return starts
}

// Steps lists the transitions out of s, by thread and then by outcome.
func (r *Reference) Steps(s *State) []Transition {
	var out []Transition
	for t := range r.p.Threads {
		out = append(out, r.StepsOf(s, t)...)
	}
	return out
}

// StepsOf lists the transitions of one thread out of s.
func (r *Reference) StepsOf(s *State, t int) []Transition {
	n := r.node(s, t)
	if r.Done(s, t) && !r.restarts(s, t) {
		return nil
	}
	if n.Op != model.OpSleep {
		if bad := r.failing(s, n); bad != nil {
			at := s.At[t]
			return []Transition{{Thread: t, Node: at, To: at, Woken: model.None, Frees: model.None, Failed: bad, Next: s}}
		}
	}
	return r.act(&step{r: r, s: s, t: t, n: n})
}

// Done reports whether a thread is finished, was not started, or was cut off by the end of the
// process.
func (r *Reference) Done(s *State, t int) bool {
	for v := range r.p.Vars {
		x := s.Value[model.VarID(v)]
		if r.p.Vars[v].Starts == t+1 && x == 0 || r.p.Vars[v].Exit && x != 0 {
			return true
		}
	}
	op := r.node(s, t).Op
	return op == model.OpFinish || op == model.OpRestart
}

// restarts reports whether a thread may restart the daemon, which has not ended by itself.
func (r *Reference) restarts(s *State, t int) bool {
	for v := range r.p.Vars {
		if r.p.Vars[v].Exit && s.Value[model.VarID(v)] != 0 {
			return false
		}
	}
	return r.node(s, t).Op == model.OpRestart
}

// uncut reports whether all threads that there are came to their own ends, and somebody asks what
// they have left.
func (r *Reference) uncut(s *State) bool {
	t := *s
	t.Value = maps.Clone(s.Value)
	exited := false
	for u := range r.p.Threads {
		if r.node(s, u).Outside && r.born(s, u) {
			return false
		}
	}
	for v := range r.p.Vars {
		if r.p.Vars[v].Exit {
			if s.Value[model.VarID(v)] == model.ExitAnyhow {
				return false
			}
			exited = exited || s.Value[model.VarID(v)] != 0
			t.Value[model.VarID(v)] = 0
		}
	}
	return !exited || r.finished(&t)
}

func (r *Reference) node(s *State, t int) *model.Node { return &r.p.Threads[t].Nodes[s.At[t]] }

// failing is the first thing that is wrong with taking the step of n in s. A check comes before the
// step, so it fails even where the step would have to wait.
func (r *Reference) failing(s *State, n *model.Node) *model.Check {
	found := true
	if n.Op == model.OpFind {
		found = r.isListed(s, n.Object)
	}
	if found { // what is off its list is not touched by looking for it
		for _, o := range n.Alive {
			if s.Freed[o] {
				return &model.Check{Kind: model.UseAfterRelease, Pos: n.Pos, Text: r.p.Objects[o].Name + " was freed already"}
			}
		}
	}
	if bad := r.firstFailing(s, n.Checks); bad != nil {
		return bad
	}
	if n.Op == model.OpRef && s.Value[n.Var] == slices.Max(r.p.Vars[n.Var].Values) {
		return &model.Check{Kind: model.RefCount, Pos: n.Pos, Text: fmt.Sprintf(
			"the references of %s grow without bound: each thread takes more than it drops", r.p.Objects[n.Object].Name)}
	}
	if n.Open && n.Lacks(s.Value[n.Var]) {
		return &model.Check{Kind: model.Unexplored, Pos: n.Pos, Text: "a step was not lowered"}
	}
	return nil
}

func (r *Reference) firstFailing(s *State, checks []model.Check) *model.Check {
	for i := range checks {
		if c := &checks[i]; c.Cond == nil || eval(c.Cond, s) == 0 {
			return c
		}
	}
	return nil
}

// isListed reports whether a look-up finds o. What nobody ever takes off its list is always found.
func (r *Reference) isListed(s *State, o model.ObjectID) bool {
	v := r.p.Objects[o].Listed
	return v == model.None || s.Value[v] != 0
}

// eval computes a condition as C does.
func eval(e *model.Expr, s *State) int64 {
	is := func(b bool) int64 {
		if b {
			return 1
		}
		return 0
	}
	switch e.Op {
	case model.Const:
		return e.Const
	case model.ReadVar:
		return s.Value[e.Var]
	case model.Not:
		return is(eval(e.X, s) == 0)
	case model.Neg:
		return 0 - eval(e.X, s)
	}
	x, y := eval(e.X, s), eval(e.Y, s)
	switch e.Op {
	case model.Add:
		return x + y
	case model.Sub:
		return x - y
	case model.Mul:
		return x * y
	case model.Eq:
		return is(x == y)
	case model.Ne:
		return is(x != y)
	case model.Lt:
		return is(x < y)
	case model.Le:
		return is(x <= y)
	case model.Gt:
		return is(x > y)
	case model.Ge:
		return is(x >= y)
	case model.And:
		return is(x != 0 && y != 0)
	case model.Or:
		return is(x != 0 || y != 0)
	}
	panic("modeltest: no such operator")
}
