package mutate

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// A graph is the states of a program that can be reached, with all steps between them.
type graph struct {
	starts   []int32
	looks    []int32  // by state: what it looks like, as a number that both programs share
	shows    []int32  // by state: what it shows to those who keep to the locks, the same
	steps    [][]step // by state, then in the order of the machine
	describe func(int32) []string
	tell     func(step) string
}

// A step leads to a state. One that fails leads back to where it is.
type step struct {
	what   int32 // what it looks like
	shows  int32 // what it shows to those who keep to the locks; silent: nothing of its own
	thread int32
	to     int32
	rule   int32
}

// pick is the choice of a schedule that takes a step.
func (g *graph) pick(state int32, x int) model.Pick {
	p := model.Pick{Thread: int(g.steps[state][x].thread)}
	for _, s := range g.steps[state][:x] {
		if int(s.thread) == p.Thread {
			p.Choice++
		}
	}
	return p
}

// An explorer makes a graph.
type explorer[S model.Words] struct {
	m      *model.Machine[S]
	names  *interned
	nodes  [][]int32 // by thread and node: what it looks like; 0: not known yet
	kinds  []int32   // by rule, the same
	shell  int32
	show   *showing[S]
	text   []byte // of a state that is being looked at
	states []S
	index  map[S]int32
	g      *graph
}

func explored[S model.Words](
	ctx context.Context, p *model.Program, names *interned, maxStates int64,
) (*graph, model.Limit, error) {
	m, err := model.NewMachineWithin[S](p, model.Bounds{Stopped: func() bool { return model.Stopped(ctx) != model.NoLimit }})
	switch {
	case errors.Is(err, model.ErrStopped):
		return nil, model.Stopped(ctx), nil
	case errors.Is(err, model.ErrTooLarge):
		return nil, model.MemoryLimit, nil
	case err != nil:
		return nil, model.NoLimit, err
	}
	x := &explorer[S]{
		m: m, names: names, kinds: make([]int32, m.Rules()), shell: names.of([]byte(shell(p))), index: map[S]int32{}, g: &graph{},
	}
	x.show = newShowing(x)
	for t := range p.Threads {
		x.nodes = append(x.nodes, make([]int32, len(p.Threads[t].Nodes)))
	}
	x.g.describe, x.g.tell = x.describe, x.tell
	if m.Initials() > int(maxStates) {
		return nil, model.StatesLimit, nil
	}
	for s := range m.Starts() {
		x.g.starts = append(x.g.starts, x.state(s))
	}
	var succs []model.Succ[S]
	for at := 0; at < len(x.states); at++ {
		if int64(len(x.states)) > maxStates {
			return nil, model.StatesLimit, nil
		}
		if at%1024 == 0 {
			if limit := model.Stopped(ctx); limit != model.NoLimit {
				return nil, limit, nil
			}
		}
		s := x.states[at]
		succs = m.Successors(&s, succs[:0])
		onward := x.show.onward(&s, succs)
		x.g.shows = append(x.g.shows, x.show.state(&s, onward))
		steps := make([]step, 0, len(succs))
		for i := range succs {
			succ := &succs[i]
			steps = append(steps, step{
				what: x.what(succ.Rule), shows: x.show.step(&s, succ, onward),
				thread: int32(m.ThreadOf(succ.Rule)), to: x.state(succ.State), rule: succ.Rule,
			})
		}
		x.g.steps = append(x.g.steps, steps)
	}
	return x.g, model.NoLimit, nil
}

// state is the number of a state.
func (x *explorer[S]) state(s S) int32 {
	id, ok := x.index[s]
	if !ok {
		id = int32(len(x.states))
		x.index[s] = id
		x.states = append(x.states, s)
		x.g.looks = append(x.g.looks, x.looks(&s))
	}
	return id
}

// looks is what a state looks like.
func (x *explorer[S]) looks(s *S) int32 {
	x.text = binary.AppendUvarint(append(x.text[:0], "looks "...), uint64(x.shell))
	for t := range x.nodes {
		x.text = binary.AppendUvarint(x.text, uint64(x.node(s, t)))
	}
	for l := range x.m.Program.Locks {
		x.text = appendBool(x.text, x.m.Locked(s, model.LockID(l)))
	}
	for v := range x.m.Program.Vars {
		x.text = binary.AppendVarint(x.text, x.m.Value(s, model.VarID(v)))
	}
	return x.names.of(x.text)
}

func appendBool(b []byte, yes bool) []byte {
	if yes {
		return append(b, 1)
	}
	return append(b, 0)
}

// node is what the location of a thread looks like.
func (x *explorer[S]) node(s *S, t int) int32 {
	at := x.m.Location(s, t)
	if x.nodes[t][at] == 0 {
		x.nodes[t][at] = 1 + x.names.of([]byte("node "+nodeText(x.m.Program, x.m.At(s, t))))
	}
	return x.nodes[t][at]
}

// what is what a step looks like, besides the states at its ends.
func (x *explorer[S]) what(rule int32) int32 {
	if x.kinds[rule] == 0 {
		s := x.m.Step(rule)
		fails := ""
		if s.Fails != nil {
			fails = string(s.Fails.Kind)
		}
		x.kinds[rule] = 1 + x.names.of(fmt.Appendf(nil, "step %d %d %d %d %t %t %s",
			s.Thread, s.Label, s.When, s.Woken, s.Round, s.Optional, fails))
	}
	return x.kinds[rule]
}

// describe is a state for people, a line for each thread and variable.
func (x *explorer[S]) describe(id int32) []string {
	s := &x.states[id]
	var lines []string
	for v := range x.m.Program.Vars {
		lines = append(lines, fmt.Sprintf("%s = %d", x.m.Program.Vars[v].Name, x.m.Value(s, model.VarID(v))))
	}
	for l := range x.m.Program.Locks {
		owner := "free"
		if t := x.m.Owner(s, model.LockID(l)); t != model.None {
			owner = fmt.Sprintf("held by T%d", t+1)
		}
		lines = append(lines, x.m.Program.Locks[l].Name+" is "+owner)
	}
	for t := range x.nodes {
		n := x.m.At(s, t)
		text := n.Op.String()
		if n.Text != "" {
			text += " (" + n.Text + ")"
		}
		lines = append(lines, fmt.Sprintf("T%d is at %s", t+1, text))
	}
	return lines
}

// tell is a step for people.
func (x *explorer[S]) tell(at step) string {
	s := x.m.Step(at.rule)
	n := &x.m.Program.Threads[s.Thread].Nodes[s.Node]
	text := fmt.Sprintf("T%d can do %s", s.Thread+1, n.Op)
	if n.Text != "" {
		text += " (" + n.Text + ")"
	}
	if s.Label != model.Normal {
		text += ", and " + s.Label.String()
	}
	if s.Woken != model.None {
		text += fmt.Sprintf(", and wakes T%d", s.Woken+1)
	}
	if s.Fails != nil {
		text += fmt.Sprintf(", and breaks a rule (%s)", s.Fails.Kind)
	}
	if s.Round {
		text += ", and is done"
	}
	return text
}

// shell is what a program is made of, by name. Programs that differ in it have no state in common.
func shell(p *model.Program) string {
	var b strings.Builder
	for _, o := range p.Objects {
		fmt.Fprintf(&b, "object %s %s %d %d %d %d %d %t\n",
			o.Name, o.Type, o.Root, o.Cluster, o.Refs, o.Listed, o.Block, o.Passing)
	}
	for _, l := range p.Locks {
		fmt.Fprintf(&b, "lock %s %s %d\n", l.Name, l.Class, l.Object)
	}
	for _, c := range p.Conds {
		fmt.Fprintf(&b, "cond %s %d\n", c.Name, c.Object)
	}
	for _, v := range p.Vars {
		fmt.Fprintf(&b, "var %s %d %s %d %t %t %t %t %t %t %d %d %d %t\n",
			v.Name, v.Object, v.Class, v.Initial, v.Pointer, v.RWLock, v.Job, v.Refs, v.Counts, v.Persistent, v.Location, v.Starts, v.Life, v.Exit)
	}
	for _, t := range p.Threads {
		fmt.Fprintf(&b, "thread %s %s %t\n", t.Name, t.Function, t.Loop)
	}
	fmt.Fprintf(&b, "leaks %t\n", p.IgnoreLeaks)
	return b.String()
}

// nodeText is what a thread's location looks like: what it does next, what its checks look at, and
// what it holds. Where it stands in the C is left out. Whether a check fails is seen in the step.
func nodeText(p *model.Program, n *model.Node) string {
	value := n.Value
	if n.Op != model.OpStore {
		value = 0
	}
	alive := slices.Compact(slices.Sorted(slices.Values(n.Alive)))
	var read []model.VarID
	for i := range n.Checks {
		read = reads(read, n.Checks[i].Cond)
	}
	read = slices.Compact(slices.Sorted(slices.Values(read)))
	return fmt.Sprint(n.Op, n.Object, n.Lock, n.Cond, n.Var, value, n.Timed, n.Atomic, alive, read,
		n.Held, n.Owns, n.Shares, n.Writes, n.Claim, n.Outside, n.Left, n.Cut, n.Made, n.Gives)
}

// reads adds the variables that a condition looks at.
func reads(all []model.VarID, x *model.Expr) []model.VarID {
	if x == nil {
		return all
	}
	if x.Op == model.ReadVar {
		all = append(all, x.Var)
	}
	return reads(reads(all, x.X), x.Y)
}
