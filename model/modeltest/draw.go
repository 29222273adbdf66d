package modeltest

import (
	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/model"
)

// bodies draws texts of threads. They are mostly right: locks come in pairs, waits in loops.
type bodies struct {
	t      *rapid.T
	w      *world
	two    bool // the thread has two arguments
	theme  int
	locked []name
}

func (g *bodies) pick(label string, n int) int { return rapid.IntRange(0, n-1).Draw(g.t, label) }

// list draws a few statements.
func (g *bodies) list(most, depth int) []stmt {
	var out []stmt
	for range rapid.IntRange(1, most).Draw(g.t, "statements") {
		out = append(out, g.one(depth)...)
	}
	return out
}

func (g *bodies) argument() int {
	if g.two {
		return g.pick("argument", 2)
	}
	return 0
}

func (g *bodies) lockName() name {
	if g.pick("global lock", 2) == 0 {
		return name{global, g.pick("which", 2)}
	}
	return name{g.argument(), g.pick("inner", 2)}
}

func (g *bodies) varName() name {
	if g.pick("global variable", 3) > 0 {
		return name{global, g.pick("which", len(g.w.globals.plain))}
	}
	return name{g.argument(), g.pick("which", len(g.w.domains[0].plain))}
}

func (g *bodies) values(v name) []int64 {
	d := &g.w.globals
	if v.where != global {
		d = &g.w.domains[0]
	}
	return g.w.p.Vars[d.plain[v.nth]].Values
}

// condName is a condition with the lock under which one should use it.
func (g *bodies) condName() (cond, lock name) {
	if g.pick("global condition", 2) == 0 {
		return name{global, 0}, name{global, extra}
	}
	a := g.argument()
	return name{a, 0}, name{a, own}
}

func (g *bodies) value(v name) int64 {
	values := g.values(v)
	return values[g.pick("value", min(len(values), 3))]
}

// locking puts statements between a lock and its unlock, unless the thread has it already.
func (g *bodies) locking(l name, inner func() []stmt) []stmt {
	for _, h := range g.locked {
		if h == l {
			return inner()
		}
	}
	g.locked = append(g.locked, l)
	out := append([]stmt{{op: sLock, a: l}}, inner()...)
	g.locked = g.locked[:len(g.locked)-1]
	return append(out, stmt{op: sUnlock, a: l})
}

// one draws a statement, with what belongs to it. The theme says of which kinds most are.
func (g *bodies) one(depth int) []stmt {
	menu := menus[g.theme]
	n := len(menu.flat)
	if depth > 0 {
		n += len(menu.deep)
	}
	i := g.pick("statement", n)
	if i < len(menu.flat) {
		return menu.flat[i](g, depth)
	}
	return menu.deep[i-len(menu.flat)](g, depth)
}

// menu is what a statement may be; deep ones have others in them.
type menu struct{ flat, deep []func(*bodies, int) []stmt }

var menus []menu

func init() {
	flat := []func(*bodies, int) []stmt{
		(*bodies).storing, (*bodies).touching, (*bodies).telling, (*bodies).checking, (*bodies).counting, (*bodies).waiting,
		(*bodies).finding, (*bodies).trying, (*bodies).wrong, (*bodies).changing, (*bodies).updating,
	}
	deep := []func(*bodies, int) []stmt{
		(*bodies).nesting, (*bodies).nesting, (*bodies).job, (*bodies).branching, (*bodies).looping, (*bodies).forking,
		(*bodies).trying,
		(*bodies).taking,
	}
	menus = []menu{
		{flat, deep},
		{
			[]func(*bodies, int) []stmt{
				(*bodies).waiting, (*bodies).telling, (*bodies).waiting, (*bodies).telling,
				(*bodies).storing,
			},
			[]func(*bodies, int) []stmt{(*bodies).job, (*bodies).nesting, (*bodies).forking},
		},
		{
			[]func(*bodies, int) []stmt{
				(*bodies).counting, (*bodies).finding, (*bodies).touching, (*bodies).finding,
				(*bodies).checking,
			},
			[]func(*bodies, int) []stmt{(*bodies).counting, (*bodies).nesting, (*bodies).job, (*bodies).branching},
		},
	}
}

func (g *bodies) storing(int) []stmt {
	v := g.varName()
	s := stmt{op: sStore, a: v, value: g.value(v)}
	how := g.pick("self", 6)
	s.self, s.atomic = how == 5, how%3 == 1
	return []stmt{s}
}

// living starts a thread, or ends the process.
func (g *bodies) living(int) []stmt {
	switch {
	case !g.w.lives:
		return []stmt{{op: sAccess, a: name{where: global}}}
	case g.pick("exit", 4) == 0:
		return []stmt{{op: sExit, a: name{where: global}, value: int64(1 + g.pick("anyhow", 2))}}
	}
	return []stmt{{op: sStart, a: name{where: global}}}
}

// updating reads and writes a variable in one step.
func (g *bodies) updating(depth int) []stmt {
	v := g.varName()
	s := stmt{op: []stmtOp{sAdd, sSwap, sTakeOne, sMaybe}[g.pick("update", 4)], a: v, value: g.value(v)}
	switch s.op {
	case sAdd:
		s.value = int64(g.pick("by", 3))
	case sSwap:
		s.then = g.maybe(depth - 1)
	}
	return []stmt{s}
}

// taking waits until a variable is more than its least value, and gives back what it took.
func (g *bodies) taking(depth int) []stmt {
	v := g.varName()
	out := append([]stmt{{op: sTakeOne, a: v}}, g.maybe(depth-1)...)
	return append(out, stmt{op: sAdd, a: v, value: 1})
}

func (g *bodies) touching(int) []stmt { return []stmt{{op: sAccess, a: name{where: g.argument()}}} }

func (g *bodies) checking(int) []stmt {
	return []stmt{{op: sCheck, check: g.check()}}
}

// changing reads and writes a variable under a lock.
func (g *bodies) changing(int) []stmt {
	v := g.varName()
	return g.locking(g.lockName(), func() []stmt {
		return []stmt{{op: sBranch, a: v, value: g.value(v)}, {op: sStore, a: v, value: g.value(v)}}
	})
}

func (g *bodies) nesting(depth int) []stmt {
	return g.locking(g.lockName(), func() []stmt { return g.list(2, depth-1) })
}

func (g *bodies) branching(depth int) []stmt {
	v := g.varName()
	s := stmt{op: sBranch, a: v, value: g.value(v), then: g.list(1, depth-1), other: g.maybe(depth - 1)}
	s.atomic = s.value%2 == 1
	return []stmt{s}
}

func (g *bodies) looping(depth int) []stmt {
	v := g.varName()
	inner := g.list(1, depth-1)
	if g.pick("break", 2) == 0 {
		inner = append(inner, stmt{op: sFork, then: []stmt{{op: sBreak}}})
	}
	return []stmt{{op: sWhile, a: v, value: g.value(v), then: inner}}
}

func (g *bodies) forking(depth int) []stmt {
	return []stmt{{op: sFork, then: g.list(1, depth-1), other: g.maybe(depth - 1)}}
}

func (g *bodies) trying(depth int) []stmt {
	l := g.lockName()
	inner := append(g.maybe(depth-1), stmt{op: sUnlock, a: l})
	return []stmt{{op: sTryLock, a: l, then: inner, other: g.maybe(depth - 1)}}
}

func (g *bodies) maybe(depth int) []stmt {
	if g.pick("nothing", 2) == 0 {
		return nil
	}
	return g.list(1, max(depth, 0))
}

// telling signals or broadcasts, with or without the lock, after a change or without.
func (g *bodies) telling(int) []stmt {
	c, l := g.condName()
	s := stmt{op: sSignal, a: c}
	if g.pick("all", 3) == 0 {
		s.op = sBroadcast
	}
	inner := func() []stmt {
		v := g.varName()
		return []stmt{{op: sStore, a: v, value: g.value(v)}, s}[g.pick("only", 2):]
	}
	if g.pick("bare", 3) == 0 {
		return inner()
	}
	return g.locking(l, inner)
}

// waiting waits once, or until a variable has another value.
func (g *bodies) waiting(int) []stmt {
	c, l := g.condName()
	if g.pick("strange lock", 8) == 0 {
		l = g.lockName()
	}
	wait := stmt{op: sWait, a: c, b: l, keeps: g.pick("keep", 8) == 0}
	return g.locking(l, func() []stmt {
		if g.pick("once", 3) == 0 {
			return []stmt{wait}
		}
		v := g.varName()
		if g.pick("give up", 2) == 0 {
			wait.other = []stmt{{op: sBreak}}
		}
		if g.pick("pass on", 4) == 0 {
			wait = stmt{op: sFork, then: []stmt{wait}, other: []stmt{{op: sBroadcast, a: c}, wait}}
		}
		return []stmt{{op: sWhile, a: v, value: g.value(v), then: []stmt{wait}}}
	})
}

// counting takes a reference and drops it.
func (g *bodies) counting(depth int) []stmt {
	if !g.w.counted {
		return []stmt{{op: sAccess, a: name{where: global}}}
	}
	d := name{where: g.argument()}
	l := name{d.where, own}
	drop := []stmt{{op: sLock, a: l}, {op: sUnref, a: d, then: []stmt{{op: sUnlock, a: l}}}}
	if g.pick("only drop", 3) == 0 {
		return drop
	}
	out := g.locking(l, func() []stmt { return []stmt{{op: sRef, a: d}} })
	if depth > 0 {
		out = append(out, g.maybe(depth-1)...)
	}
	if g.pick("unlocked", 3) == 0 {
		return append(out, stmt{op: sUnref, a: d})
	}
	return append(out, drop...)
}

// finding looks a domain up under the driver's lock, and takes it off its list now and then.
func (g *bodies) finding(depth int) []stmt {
	d := name{where: g.argument()}
	found := g.maybe(min(depth-1, 0))
	if g.w.listed && g.pick("remove", 2) == 0 {
		found = append(found, stmt{op: sRemove, a: d})
	}
	found = append(found, stmt{op: sUnlock, a: name{d.where, own}})
	return g.locking(name{global, driver}, func() []stmt { return []stmt{{op: sFind, a: d, then: found}} })
}

// job begins one, waiting for its end where another has it, and ends it.
func (g *bodies) job(depth int) []stmt {
	a := g.argument()
	lock, cond := name{a, own}, name{a, 0}
	begin := g.locking(lock, func() []stmt {
		wait := stmt{op: sWait, a: cond, b: lock}
		return []stmt{{op: sTouchJob, a: name{where: a}, then: []stmt{wait}}, {op: sTake, a: name{where: a}}}
	})
	end := g.locking(lock, func() []stmt {
		return []stmt{{op: sGive, a: name{where: a}}, {op: sSignal, a: cond}}
	})
	if g.pick("keep", 8) == 0 {
		end = nil
	}
	return append(append(begin, g.maybe(depth-1)...), end...)
}

// wrong is a statement that is not in order.
func (g *bodies) wrong(int) []stmt {
	c, l := g.condName()
	switch g.pick("wrong", 10) {
	case 0:
		return []stmt{{op: sLock, a: g.lockName()}}
	case 1:
		return []stmt{{op: sUnlock, a: g.lockName()}}
	case 2:
		return []stmt{{op: sWait, a: c, b: l}}
	case 3:
		return []stmt{{op: sGive, a: name{where: g.argument()}}}
	case 4:
		return []stmt{{op: sFail}}
	case 5:
		return []stmt{{op: sCheck, check: check{kind: model.AssertKind}}}
	}
	return []stmt{{op: sAccess, a: name{where: global}}}
}

// check draws a condition over one, two or three variables that usually holds.
func (g *bodies) check() check {
	c := check{kind: rapid.SampledFrom([]model.Kind{model.AssertKind, model.RequiresKind, model.MissingLock}).
		Draw(g.t, "kind")}
	leaf := func(op model.ExprOp) *model.Expr {
		v := g.varName()
		c.names = append(c.names, v)
		read := &model.Expr{Op: model.ReadVar, Var: model.VarID(len(c.names) - 1)}
		return &model.Expr{Op: op, X: read, Y: &model.Expr{Op: model.Const, Const: g.value(v)}}
	}
	comparisons := []model.ExprOp{
		model.Ne, model.Ne, model.Le, model.Lt, model.Ge, model.Gt, model.Eq, model.Add,
		model.Sub, model.Mul,
	}
	any := func() *model.Expr { return leaf(comparisons[g.pick("comparison", len(comparisons))]) }
	switch g.pick("shape", 7) {
	case 0, 1, 2:
		c.cond = leaf(model.Ne)
	case 3:
		c.cond = &model.Expr{Op: model.Or, X: leaf(model.Ne), Y: leaf(model.Ne)}
	case 4:
		c.cond = &model.Expr{Op: model.And, X: leaf(model.Ne), Y: &model.Expr{Op: model.Or, X: any(), Y: leaf(model.Ne)}}
	case 5:
		c.cond = &model.Expr{Op: model.Not, X: &model.Expr{Op: model.And, X: leaf(model.Eq), Y: any()}}
	default:
		sum := &model.Expr{Op: model.Add, X: any(), Y: &model.Expr{Op: model.Neg, X: any()}}
		c.cond = &model.Expr{Op: model.Ne, X: sum, Y: &model.Expr{Op: model.Const, Const: int64(g.pick("sum", 4))}}
	}
	return c
}
