package interp_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/csource/interp"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A follower goes through the program of one thread as the events of an interpreted run tell it to.
// It is at several nodes at once where the program chooses (nondet).
type follower struct {
	program  *model.Program
	thread   *model.Thread
	at       []model.NodeID
	vars     []int64
	violated []*model.Check // by the last step
}

// follow compares a run with the program: the same steps at the same places with the same values,
// and the same end.
func follow(p *model.Program, w *world, o outcome) error {
	f := &follower{program: p, thread: &p.Threads[0]}
	for _, v := range p.Vars {
		f.vars = append(f.vars, v.Initial)
	}
	f.arrive(nil, f.thread.Start)
	steps := slices.DeleteFunc(slices.Clone(w.events), func(e event) bool { return e.op == model.OpLoad && f.variable(e.name) < 0 })
	for i, e := range steps {
		before := f.at
		if f.step(e); len(f.at) > 0 {
			continue
		}
		if i == len(steps)-1 && o.stop != nil && f.broken(o.stop.kind, o.stop.pos) || f.leaks(before, e) {
			return nil
		}
		return fmt.Errorf("after %v the run does %q, the program %s", steps[:i], e, f.show(before))
	}
	return f.end(steps, o)
}

// end compares how the run ended with what the program does next.
func (f *follower) end(steps []event, o outcome) error {
	finishes := slices.ContainsFunc(f.at, func(n model.NodeID) bool { return f.thread.Nodes[n].Op == model.OpFinish })
	var failed *interp.RunError
	errors.As(o.err, &failed)
	at := f.at
	f.step(event{op: model.OpFail})
	switch {
	case o.stop != nil && (o.stop.kind == freed || f.broken(o.stop.kind, o.stop.pos)):
	case failed != nil && failed.Kind == interp.Outside && f.broken(model.OutOfBounds, failed.Pos):
	case failed != nil && (failed.Kind == interp.Undefined || failed.Kind == interp.Uninitialised || failed.Kind == interp.Dangling) &&
		f.broken(model.Undefined, model.Pos{}):
	case failed != nil && failed.Kind == interp.Null && f.broken(model.NullVM, failed.Pos):
	case o.err == nil && o.stop == nil && finishes:
	default:
		return fmt.Errorf("after %v the run ends with %v %v, the program goes on with %s", steps, o.err, o.stop, f.show(at))
	}
	return nil
}

// leaks reports whether the run takes a reference again at a place at which it has one: a program
// counts one for each place.
func (f *follower) leaks(at []model.NodeID, e event) bool {
	return e.op == model.OpRef && slices.ContainsFunc(at, func(id model.NodeID) bool {
		n := &f.thread.Nodes[id]
		return n.Op == model.OpRef && f.subject(n) == e.name && sameSite(n, e.site)
	})
}

func (f *follower) broken(kind model.Kind, pos model.Pos) bool {
	return slices.ContainsFunc(f.violated, func(c *model.Check) bool { return c.Kind == kind && (c.Pos == pos || !pos.IsValid()) })
}

// step goes on from all nodes at which the program does what the run did.
func (f *follower) step(e event) {
	var next []model.NodeID
	f.violated = nil
	var edges [][]model.Edge
	for _, id := range f.at {
		n := &f.thread.Nodes[id]
		if c := f.failing(n.Checks); c != nil {
			f.violated = append(f.violated, c)
		} else if out := f.outcome(n, e); out != nil {
			edges = append(edges, out.Next)
		}
	}
	f.change(e)
	for _, es := range edges {
		next = f.arrive(next, es)
	}
	f.at = next
}

func (f *follower) arrive(at []model.NodeID, edges []model.Edge) []model.NodeID {
	for i := range edges {
		if !slices.Contains(at, edges[i].To) {
			at = append(at, edges[i].To)
		}
	}
	f.at = at
	return at
}

func (f *follower) failing(checks []model.Check) *model.Check {
	for i := range checks {
		c := &checks[i]
		if c.Cond == nil || c.Cond.Eval(func(v model.VarID) int64 { return f.vars[v] }) == 0 {
			return c
		}
	}
	return nil
}

// outcome is where a node leads when the run does e; nil when it does something else.
func (f *follower) outcome(n *model.Node, e event) *model.Outcome {
	if n.Op != e.op || f.subject(n) != e.name || !sameSite(n, e.site) {
		return nil
	}
	for i := range n.Out {
		out := &n.Out[i]
		value := strconv.FormatInt(out.When, 10)
		switch n.Op {
		case model.OpLoad:
			value = f.value(n.Var, out.When)
		case model.OpStore:
			value = f.value(n.Var, n.Value)
		case model.OpTryLock, model.OpRef, model.OpUnref, model.OpFind, model.OpRemove:
		default:
			value = ""
		}
		if value == e.value && out.Label == e.label {
			return out
		}
	}
	return nil
}

// subject is what a node works on, by the name that events give it.
func (f *follower) subject(n *model.Node) string {
	switch n.Op {
	case model.OpLock, model.OpTryLock, model.OpUnlock, model.OpReacquire:
		return f.program.Locks[n.Lock].Name
	case model.OpWait, model.OpSleep, model.OpSignal, model.OpBroadcast:
		return f.program.Conds[n.Cond].Name
	case model.OpLoad, model.OpStore, model.OpRef, model.OpUnref, model.OpRemove:
		return f.program.Vars[n.Var].Name
	case model.OpFind, model.OpAccess:
		return f.program.Objects[n.Object].Name
	}
	return ""
}

func sameSite(n *model.Node, s *interp.Site) bool {
	same := func(a, b model.Call) bool { return a.Function == b.Function && a.Pos == b.Pos }
	return s == nil || n.Pos == s.Pos && n.Text == s.Text && n.Function() == s.Function && slices.EqualFunc(n.Calls, s.Calls, same)
}

func (f *follower) value(v model.VarID, x int64) string {
	if f.program.Vars[v].Pointer && x != 0 {
		return f.program.Objects[x-1].Name
	}
	return strconv.FormatInt(x, 10)
}

func (f *follower) variable(name string) int {
	return slices.IndexFunc(f.program.Vars, func(v model.Var) bool { return v.Name == name })
}

// change keeps the variables of the program up to date with what the run did.
func (f *follower) change(e event) {
	v := f.variable(e.name)
	if v < 0 || e.op == model.OpLoad {
		return
	}
	if n, err := strconv.ParseInt(e.value, 10, 64); err == nil {
		f.vars[v] = n
	} else {
		f.vars[v] = int64(slices.IndexFunc(f.program.Objects, func(o model.Object) bool { return o.Name == e.value })) + 1
	}
	if o := f.program.Vars[v].Object; e.op == model.OpRemove && f.program.Objects[o].Listed >= 0 {
		f.vars[f.program.Objects[o].Listed] = 0
	}
}

func (f *follower) show(at []model.NodeID) string {
	var text []string
	for _, id := range at {
		n := &f.thread.Nodes[id]
		line := fmt.Sprintf("%s %s at %s in %v", n.Op, f.subject(n), n.Pos, n.Calls)
		if n.Op == model.OpStore {
			line += " = " + f.value(n.Var, n.Value)
		}
		for _, c := range n.Checks {
			line += fmt.Sprintf(" [%s %s %s]", c.Kind, c.Pos, c.Text)
		}
		text = append(text, line)
	}
	for _, c := range f.violated {
		text = append(text, fmt.Sprintf("violation %s at %s", c.Kind, c.Pos))
	}
	return strings.Join(text, " or ")
}

// lowered is the program of one thread that may give up waiting and may wake up spuriously.
func lowered(files []*syntax.File, function string, args ...string) (*model.Program, error) {
	u, err := lower.NewUnit(context.Background(), files)
	if err != nil {
		return nil, err
	}
	th := lower.Thread{
		Pos: model.Pos{File: "threads", Line: 1}, Function: function, Faults: lower.Faults{WaitTimeout: true, SpuriousWakeup: true},
	}
	for _, a := range args {
		th.Args = append(th.Args, lower.Arg{Pos: th.Pos, Text: a})
	}
	return u.Program(context.Background(), []lower.Thread{th}, lower.Options{})
}
