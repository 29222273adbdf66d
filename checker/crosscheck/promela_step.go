package crosscheck

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// label is where a process goes to be at a node. Asleep and signalled are one label: waiting tells
// them apart.
func (o *promela) label(c *class, n model.NodeID) code {
	if s, ok := o.sleepers[c][n]; ok {
		n = s
	}
	l := codef("L%s", num(c.location(n)))
	switch {
	case c.places[n].node.Op != model.OpFinish:
		return l
	case o.progresses(c):
		return "progress_end_" + l
	}
	return "end_" + l
}

// arrive lists what changes with the arrival at a node.
func (o *promela) arrive(c *class, n model.NodeID) []code {
	switch node := c.places[n].node; node.Op {
	case model.OpSleep:
		return []code{o.waiting(c) + " = " + o.names.conds[node.Cond]}
	case model.OpFinish:
		var counted []code
		if o.counts() {
			counted = append(counted, "finished++")
		}
		if node.Outside && o.leakable() {
			counted = append(counted, "outside++")
		}
		return counted
	}
	return nil
}

// body writes a location: its label, and one option for each thing that can happen.
func (o *promela) body(c *class, id model.NodeID) code {
	pl := &c.places[id]
	above := codef("\t%s\n%s:\t", promelaComment(o.about(pl.node)), o.label(c, id))
	if pl.node.Op == model.OpFinish {
		return above + "false"
	}
	var options []code
	if pl.node.Op == model.OpSleep {
		options = o.options(c, pl, id, o.waiting(c)+" != 0")
		woken := &c.places[pl.node.Wake]
		options = append(options, o.options(c, woken, pl.node.Wake, o.waiting(c)+" == 0")...)
	} else {
		also := code("")
		if c.begins(id) {
			also = o.names.vars[c.gate]
		}
		options = o.options(c, pl, id, also)
	}
	if len(options) == 0 {
		options = []code{"\t:: false"}
	}
	return above + "if\n" + concat(options, "\n") + "\n\tfi"
}

// options writes what can happen at a place, when also holds besides.
func (o *promela) options(c *class, pl *place, id model.NodeID, also code) []code {
	run := code("RUN")
	if o.opt.Reducible && o.unobservable(c, pl) {
		run = "true"
	}
	if also != "" {
		run += " && " + also
	}
	var out []code
	var passed []guard // the checks that hold
	for i := range pl.fails {
		f := &pl.fails[i]
		if when := o.all(run, append(passed, where(f.when))); when != "" {
			out = append(out, option(when, []code{"FAIL(" + macros[f.kind] + ")"}, o.label(c, id), f.reason))
		}
		passed = append(passed, where(negate(f.when)))
	}
	asleep := pl.node.Op == model.OpSleep
	for i := range pl.steps {
		s := &pl.steps[i]
		when := o.all(run, slices.Concat(passed, s.when))
		if when == "" {
			continue
		}
		for k := range s.next {
			for _, v := range o.woken(c, s, pl.node) {
				out = append(out, o.edge(c, s, &s.next[k], when+v.when, v.does, v.remark, asleep))
			}
		}
	}
	return out
}

// unobservable reports whether nothing at a place reads or writes what others see.
func (o *promela) unobservable(c *class, pl *place) bool {
	if pl.node.Op == model.OpSleep || len(pl.fails) > 0 || o.exit != model.None || c.gate != model.None ||
		len(o.classes) > 0 && o.choosers > 0 {
		return false
	}
	for _, s := range pl.steps {
		if len(s.when)+len(s.does) > 0 || s.wakes != nobody {
			return false
		}
		for i := range s.next {
			if len(o.arrive(c, s.next[i].To)) > 0 {
				return false
			}
		}
	}
	return true
}

// A variant is one way in which a step wakes others.
type variant struct {
	when   code
	does   []code
	remark string
}

func (o *promela) woken(c *class, s *step, n *model.Node) []variant {
	if s.wakes == nobody {
		return []variant{{remark: s.remark()}}
	}
	cond := o.names.conds[n.Cond]
	var vs []variant
	var asleep, all []code
	for _, other := range o.classes {
		if !other.sleepsOn(n.Cond) || other == c && len(c.threads) == 1 {
			continue
		}
		for i, t := range other.threads {
			pid := o.first[other] + i
			is := codef("waiting[%s] == %s", num(pid), cond)
			asleep = append(asleep, is)
			wake := codef("waiting[%s] = 0", num(pid))
			vs = append(vs, variant{" && " + is, []code{wake}, "wakes T" + strconv.Itoa(t+1)})
			all = append(all, codef("if :: %s -> %s :: else -> skip fi", is, wake))
		}
	}
	switch {
	case len(vs) == 0:
		return []variant{{remark: "nobody ever waits"}}
	case s.wakes == everyone:
		return []variant{{does: all, remark: "wakes everybody"}}
	}
	return append(vs, variant{" && !(" + concat(asleep, " || ") + ")", nil, "nobody waits"})
}

// sleepsOn reports whether threads of a class can wait for a condition.
func (c *class) sleepsOn(cond model.CondID) bool {
	for i := range c.places {
		if n := c.places[i].node; n.Op == model.OpSleep && n.Cond == cond {
			return true
		}
	}
	return false
}

// edge writes a step along one edge: its effects, then what a thread that is finished must not
// hold.
func (o *promela) edge(c *class, s *step, e *model.Edge, when code, does []code, remark string, asleep bool) code {
	for _, f := range s.does {
		does = append(does, o.effect(f))
	}
	to := c.places[e.To].node
	if asleep && to.Op != model.OpSleep {
		does = append(does, o.waiting(c)+" = 0")
	}
	does = append(does, o.arrive(c, e.To)...)
	var after []code
	if to.Op == model.OpFinish {
		lock, job := o.leaks(to)
		if lock != never {
			after = append(after, o.assert(model.LockLeak, negate(lock)))
		}
		if !isConst(job, false) {
			after = append(after, o.assert(model.JobLeak, negate(job)))
		}
	}
	return option(when, append(does, after...), o.target(c, e), remark)
}

// assert states what must hold; its text begins with the kind, which is how pan's output tells it.
func (o *promela) assert(k model.Kind, holds *model.Expr) code {
	return codef("assert(%s && %s)", macros[k], o.expr(holds))
}

// option is one way on: a guard, what happens, and where it leads. The whole is one step.
func option(when code, does []code, to code, remark string) code {
	text := "\t:: " + when + " -> goto " + to
	if len(does) > 0 {
		text = codef("\t:: d_step { %s -> %s }; goto %s", when, concat(does, "; "), to)
	}
	if remark != "" {
		text += " " + promelaComment(remark)
	}
	return text
}

// all joins a condition with guards; "" when they cannot hold.
func (o *promela) all(text code, gs []guard) code {
	for _, g := range prune(gs) {
		switch {
		case g.isConst(true):
		case g.isConst(false):
			return ""
		case g.lock != model.None && g.held:
			text += " && " + o.names.locks[g.lock]
		case g.lock != model.None:
			text += " && !" + o.names.locks[g.lock]
		default:
			text += " && " + o.expr(g.cond)
		}
	}
	return text
}

func (o *promela) effect(e effect) code {
	switch {
	case e.lock != model.None:
		return codef("%s = %s", o.names.locks[e.lock], num(e.value))
	case e.delta && e.value == 1:
		return o.names.vars[e.v] + "++"
	case e.delta && e.value == -1:
		return o.names.vars[e.v] + "--"
	case e.delta:
		return codef("%s = %s %s", o.names.vars[e.v], o.names.vars[e.v], signed(e.value))
	}
	return codef("%s = %s", o.names.vars[e.v], num(e.value))
}

var promelaOps = map[model.ExprOp]code{
	model.Add: "+", model.Sub: "-", model.Mul: "*", model.Eq: "==", model.Ne: "!=", model.Lt: "<", model.Le: "<=",
	model.Gt: ">", model.Ge: ">=", model.And: "&&", model.Or: "||",
}

// expr writes a condition, in parentheses where it is more than a comparison.
func (o *promela) expr(e *model.Expr) code {
	switch e.Op {
	case model.Const:
		return num(e.Const).fragment()
	case model.ReadVar:
		return o.names.vars[e.Var]
	case model.Not:
		return "!(" + o.expr(e.X) + ")"
	case model.Neg:
		return "(-" + o.operand(e.X) + ")"
	}
	text := o.operand(e.X) + " " + promelaOps[e.Op] + " " + o.operand(e.Y)
	if e.Op == model.And || e.Op == model.Or {
		return "(" + text + ")"
	}
	return text
}

// operand is an expression inside another.
func (o *promela) operand(e *model.Expr) code {
	text := o.expr(e)
	if strings.Contains(string(text), " ") &&
		!(strings.HasPrefix(string(text), "(") && (e.Op == model.And || e.Op == model.Or)) {
		return "(" + text + ")"
	}
	return text
}
