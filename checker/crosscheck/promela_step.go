package crosscheck

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// label is where a process goes to be at a node. Asleep and signalled are one label: waiting tells them apart.
func (o *promela) label(c *class, n model.NodeID) string {
	if s, ok := o.sleepers[c][n]; ok {
		n = s
	}
	l := "L" + strconv.Itoa(c.location(n))
	if c.places[n].node.Op == model.OpFinish {
		return "end_" + l
	}
	return l
}

// arrive lists what changes with the arrival at a node.
func (o *promela) arrive(c *class, n model.NodeID) []string {
	switch node := c.places[n].node; node.Op {
	case model.OpSleep:
		return []string{o.waiting(c) + " = " + o.names.conds[node.Cond]}
	case model.OpFinish:
		if o.leakable() {
			return []string{"finished++"}
		}
	}
	return nil
}

// body writes a location: its label, and one option for each thing that can happen.
func (o *promela) body(c *class, id model.NodeID) string {
	var b strings.Builder
	pl := &c.places[id]
	fmt.Fprintf(&b, "\t/* %s */\n", o.about(pl.node))
	if pl.node.Op == model.OpFinish {
		fmt.Fprintf(&b, "%s:\tfalse", o.label(c, id))
		return b.String()
	}
	var options []string
	if pl.node.Op == model.OpSleep {
		options = o.options(c, pl, id, o.waiting(c)+" != 0")
		woken := &c.places[pl.node.Wake]
		options = append(options, o.options(c, woken, pl.node.Wake, o.waiting(c)+" == 0")...)
	} else {
		options = o.options(c, pl, id, "")
	}
	if len(options) == 0 {
		options = []string{"\t:: false"}
	}
	fmt.Fprintf(&b, "%s:\tif\n%s\n\tfi", o.label(c, id), strings.Join(options, "\n"))
	return b.String()
}

// options writes what can happen at a place, when also holds besides.
func (o *promela) options(c *class, pl *place, id model.NodeID, also string) []string {
	run := "RUN"
	if o.opt.Reducible && o.unobservable(c, pl) {
		run = "true"
	}
	if also != "" {
		run += " && " + also
	}
	var out []string
	var passed []guard // the checks that hold
	for i := range pl.fails {
		f := &pl.fails[i]
		if when := o.all(run, append(passed, where(f.when))); when != "" {
			out = append(out, option(when, []string{"FAIL(" + macro(f.kind) + ")"}, o.label(c, id), oneLine(f.reason)))
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
	if pl.node.Op == model.OpSleep || len(pl.fails) > 0 || len(o.classes) > 0 && o.choosers > 0 {
		return false
	}
	for _, s := range pl.steps {
		if len(s.when)+len(s.does) > 0 || s.wakes != nobody {
			return false
		}
		for i := range s.next {
			if e := &s.next[i]; len(e.Asserts)+len(o.arrive(c, e.To)) > 0 {
				return false
			}
		}
	}
	return true
}

// A variant is one way in which a step wakes others.
type variant struct {
	when   string
	does   []string
	remark string
}

func (o *promela) woken(c *class, s *step, n *model.Node) []variant {
	if s.wakes == nobody {
		return []variant{{remark: s.remark()}}
	}
	cond := o.names.conds[n.Cond]
	var vs []variant
	var asleep, all []string
	for _, other := range o.classes {
		if !other.sleepsOn(n.Cond) || other == c && len(c.threads) == 1 {
			continue
		}
		for i, t := range other.threads {
			pid := o.first[other] + i
			is := fmt.Sprintf("waiting[%d] == %s", pid, cond)
			asleep = append(asleep, is)
			wake := fmt.Sprintf("waiting[%d] = 0", pid)
			vs = append(vs, variant{" && " + is, []string{wake}, "wakes T" + strconv.Itoa(t+1)})
			all = append(all, fmt.Sprintf("if :: %s -> %s :: else -> skip fi", is, wake))
		}
	}
	switch {
	case len(vs) == 0:
		return []variant{{remark: "nobody ever waits"}}
	case s.wakes == everyone:
		return []variant{{does: all, remark: "wakes everybody"}}
	}
	return append(vs, variant{" && !(" + strings.Join(asleep, " || ") + ")", nil, "nobody waits"})
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

// edge writes a step along one edge: its effects, then what must hold in the state that it makes.
func (o *promela) edge(c *class, s *step, e *model.Edge, when string, does []string, remark string, asleep bool) string {
	for _, f := range s.does {
		does = append(does, o.effect(f))
	}
	to := c.places[e.To].node
	if asleep && to.Op != model.OpSleep {
		does = append(does, o.waiting(c)+" = 0")
	}
	does = append(does, o.arrive(c, e.To)...)
	var after []string
	if to.Op == model.OpFinish {
		lock, job := o.leaks(to)
		if lock != never {
			after = append(after, o.assert(model.LockLeak, negate(lock)))
		}
		if !isConst(job, false) {
			after = append(after, o.assert(model.JobLeak, negate(job)))
		}
	}
	if len(e.Asserts) > 0 {
		text := "if"
		sofar := constant(1)
		for i := range e.Asserts {
			a := &e.Asserts[i]
			holds := never
			if a.Cond != nil {
				holds = a.Cond
			}
			text += fmt.Sprintf(" :: %s -> FAIL(%s)", o.expr(and(sofar, negate(holds))), macro(a.Kind))
			sofar = and(sofar, holds)
		}
		text += " :: else -> " + strings.Join(append(after, "skip"), "; ") + " fi"
		after = []string{text}
	}
	return option(when, append(does, after...), o.label(c, e.To), remark)
}

// assert states what must hold; its text begins with the kind, which is how pan's output tells it.
func (o *promela) assert(k model.Kind, holds *model.Expr) string {
	return fmt.Sprintf("assert(%s && %s)", macro(k), o.expr(holds))
}

func (o *promela) option(when string, does []string, to, remark string) {
	o.printf("%s\n", option(when, does, to, remark))
}

// option is one way on: a guard, what happens, and where it leads. The whole is one step.
func option(when string, does []string, to, remark string) string {
	text := "\t:: " + when + " -> goto " + to
	if len(does) > 0 {
		text = fmt.Sprintf("\t:: d_step { %s -> %s }; goto %s", when, strings.Join(does, "; "), to)
	}
	if remark != "" {
		text += " /* " + remark + " */"
	}
	return text
}

// all joins a condition with guards; "" when they cannot hold.
func (o *promela) all(text string, gs []guard) string {
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

func (o *promela) effect(e effect) string {
	switch {
	case e.lock != model.None:
		return fmt.Sprintf("%s = %d", o.names.locks[e.lock], e.value)
	case e.delta && e.value == 1:
		return o.names.vars[e.v] + "++"
	case e.delta && e.value == -1:
		return o.names.vars[e.v] + "--"
	}
	return fmt.Sprintf("%s = %d", o.names.vars[e.v], e.value)
}

var promelaOps = map[model.ExprOp]string{
	model.Add: "+", model.Sub: "-", model.Mul: "*", model.Eq: "==", model.Ne: "!=", model.Lt: "<", model.Le: "<=",
	model.Gt: ">", model.Ge: ">=", model.And: "&&", model.Or: "||",
}

// expr writes a condition, in parentheses where it is more than a comparison.
func (o *promela) expr(e *model.Expr) string {
	switch e.Op {
	case model.Const:
		return strconv.FormatInt(e.Const, 10)
	case model.ReadVar:
		return o.names.vars[e.Var]
	case model.Not:
		return "!(" + o.expr(e.X) + ")"
	case model.Neg:
		return "(-" + o.expr(e.X) + ")"
	}
	text := o.operand(e.X) + " " + promelaOps[e.Op] + " " + o.operand(e.Y)
	if e.Op == model.And || e.Op == model.Or {
		return "(" + text + ")"
	}
	return text
}

// operand is an expression inside another.
func (o *promela) operand(e *model.Expr) string {
	text := o.expr(e)
	if strings.Contains(text, " ") && !(strings.HasPrefix(text, "(") && (e.Op == model.And || e.Op == model.Or)) {
		return "(" + text + ")"
	}
	return text
}
