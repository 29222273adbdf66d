package model

import (
	"context"
	"slices"
)

// A Source makes the rest of an open program.
type Source interface {
	// Extend returns the program with the outcomes that it lacks in the given states, and with more
	// that may follow. It may be open again. Nodes have other numbers in it.
	Extend(ctx context.Context, from []State) (*Program, error)
}

// A State is a state of a program in plain form.
type State struct {
	At     []NodeID // by thread
	Locked []bool   // by lock
	Values []int64  // by variable
}

// State is s in plain form.
func (m *Machine[S]) State(s *S) State {
	var x State
	for t := range m.threads {
		x.At = append(x.At, m.Location(s, t))
	}
	for l := range m.Program.Locks {
		x.Locked = append(x.Locked, m.Locked(s, LockID(l)))
	}
	for v := range m.Program.Vars {
		x.Values = append(x.Values, m.Value(s, VarID(v)))
	}
	return x
}

// Lacks reports whether an open node has no outcome for a value of its variable.
func (n *Node) Lacks(value int64) bool {
	when := n.when(value)
	return n.Open && !slices.ContainsFunc(n.Out, func(o Outcome) bool { return o.Label == Normal && o.When == when })
}

// when is what the outcome of a node is called that it has for a value of its variable.
func (n *Node) when(value int64) int64 {
	switch n.Op {
	case OpRef:
		return value + 1
	case OpUnref, OpRemove:
		return value - 1
	}
	return value
}

// partial is the code of an open node: the rules for some values of its variable, and the one that
// fails for all others.
type partial struct {
	sel     field
	codes   []uint64 // ascending
	spans   []span   // by code
	missing int32
}

// partial compiles an open node whose outcomes have the given effects.
func (c *nodeComp[S]) partial(code *nodeCode[S], effect func(*Outcome, *rule[S])) {
	n := c.node
	code.how, code.open = lacking, &partial{sel: c.m.layout.vars[n.Var]}
	shift := n.when(0)
	for i := 0; i < len(n.Out); { // ascending
		when := n.Out[i].When
		code.open.codes = append(code.open.codes, c.code(n.Var, when-shift))
		code.open.spans = append(code.open.spans, c.span(func() {
			for ; i < len(n.Out) && n.Out[i].When == when; i++ {
				o := &n.Out[i]
				c.outcome(o, func(r *rule[S]) { effect(o, r) })
			}
		}))
	}
	code.open.missing = int32(len(c.m.rules))
	c.fail(rule[S]{}, &Check{Kind: Unexplored, Pos: n.Pos, Text: "a step was not lowered"})
	code.spans = append(slices.Clip(code.open.spans), span{code.open.missing, code.open.missing + 1})
}

// unlessLacking appends the transitions of an open location.
func (m *Machine[S]) unlessLacking(s *S, n *nodeCode[S], out []Succ[S]) []Succ[S] {
	i, ok := slices.BinarySearch(n.open.codes, get(s, n.open.sel))
	if !ok {
		return append(out, Succ[S]{State: *s, Rule: n.open.missing, Failed: m.infos[n.open.missing].Fails})
	}
	for rule := n.open.spans[i].lo; rule < n.open.spans[i].hi; rule++ {
		if r := &m.rules[rule]; enabled(s, &r.guard, &r.want) {
			out = append(out, Succ[S]{State: r.apply(s), Rule: rule})
		}
	}
	return out
}
