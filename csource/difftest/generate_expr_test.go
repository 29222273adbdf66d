package difftest

import (
	"fmt"
	"slices"
)

// variables lists all that is in scope.
func (g *generator) variables() []*variable {
	var all []*variable
	for _, v := range g.p.globals {
		if !g.hides(v) && v.typ.kind != locking && (v.typ.kind != array || v.typ.elem.kind != locking) && (!g.p.inner[v] || g.visible(v)) {
			all = append(all, v)
		}
	}
	for _, v := range g.locals {
		if !g.hides(v) {
			all = append(all, v, v)
		}
	}
	return all
}

// hides reports whether another variable of the name of v is in scope.
func (g *generator) hides(v *variable) bool { return slices.Contains(g.hidden, v) }

func (g *generator) visible(v *variable) bool {
	for _, l := range g.locals {
		if l == v {
			return true
		}
	}
	return false
}

// place is an integer somewhere.
func (g *generator) place(depth int) place {
	for {
		if p := g.descend(use{pick(g, g.variables()...)}, depth); p != nil {
			return p
		}
	}
}

// descend goes on into what a place holds, until it is an integer.
func (g *generator) descend(p place, depth int) place {
	switch t := p.typ(); t.kind {
	case integer:
		return p
	case structure:
		return g.descend(member{p, g.IntN(len(t.fields))}, depth)
	case array:
		i := g.index(t.n, depth)
		if t.elem.kind == array || isIn(p) {
			i = number(fmt.Sprint(g.IntN(t.n)))
		}
		return g.descend(index{p, i}, depth)
	case pointer:
		switch {
		case depth <= 0 || t.elem.kind == pointer || t.elem.kind == function:
			return nil
		case t.elem.kind == structure && g.chance(80):
			return g.descend(arrow{p, t.elem, g.IntN(len(t.elem.fields))}, depth-1)
		case g.chance(25):
			return g.descend(deref{p, t.elem, number("0")}, depth-1)
		}
		return g.descend(deref{p, t.elem, nil}, depth-1)
	}
	return nil
}

// isIn reports whether a place is an element of an array of arrays.
func isIn(p place) bool {
	x, ok := p.(index)
	return ok && x.x.typ().elem.kind == array
}

func (g *generator) index(n, depth int) expr {
	if depth <= 0 || g.chance(50) {
		if g.chance(2) {
			return number(pick(g, "-1", "3", "4"))
		}
		return number(fmt.Sprint(g.IntN(n)))
	}
	return binary{"&", g.expr(depth - 1), number(pick(g, "1", "1", "1", "1", "1", "3")), false}
}

// small is an expression of few values.
func (g *generator) small(depth int) expr {
	x := g.expr(depth)
	switch g.IntN(4) {
	case 0:
		return binary{pick(g, "<", ">", "==", "!=", "<=", ">="), x, g.constant(), false}
	case 1:
		return x
	}
	return binary{"&", x, number(pick(g, "1", "3", "7", "7u", "15l")), false}
}

// expr is an expression of integers.
func (g *generator) expr(depth int) expr {
	if depth <= 0 || g.chance(20) {
		if g.chance(35) {
			return g.constant()
		}
		return g.place(depth)
	}
	switch g.IntN(23) {
	case 22:
		if g.plain || !g.chance(40) {
			break
		}
		return g.compound()
	case 0, 1, 2, 3:
		return binary{pick(g, "+", "-", "&", "|", "^", pick(g, "*", "+", "-")), g.expr(depth - 1), g.expr(depth - 1), false}
	case 4, 5, 6:
		return binary{pick(g, "<", ">", "<=", ">=", "==", "!="), g.expr(depth - 1), g.expr(depth - 1), false}
	case 7:
		y := expr(number(pick(g, "2", "3", "3u", "7", "-2", "5ll", "-1", "0")))
		if g.chance(40) {
			y = binary{"|", g.expr(depth - 1), number("1"), false}
		}
		return binary{pick(g, "/", "%"), g.expr(depth - 1), y, false}
	case 8, 9:
		y := g.expr(depth - 1)
		if g.chance(85) {
			y = binary{"&", y, number(pick(g, "3", "7", "15")), false}
		}
		return binary{pick(g, "<<", ">>"), g.expr(depth - 1), y, false}
	case 10, 11:
		return unary{pick(g, "-", "~", "!", "+"), g.expr(depth - 1)}
	case 12, 13:
		return logic{pick(g, "&&", "||"), g.expr(depth - 1), g.expr(depth - 1)}
	case 14:
		x := choice{g.expr(depth - 1), g.expr(depth - 1), g.expr(depth - 1)}
		if g.chance(20) && !g.plain {
			x.y = nil
		}
		return x
	case 15:
		return comma{g.expr(depth - 1), g.expr(depth - 1)}
	case 16:
		return g.assignment(depth - 1)
	case 17:
		return step{g.place(depth - 1), pick(g, "+", "-"), g.chance(50)}
	case 18, 19:
		return cast{g.intType(), g.expr(depth - 1)}
	case 20:
		if x := g.comparison(depth - 1); x != nil {
			return x
		}
	case 21:
		if v := g.callable(); v != nil && g.chance(50) && v.calls.result != nil {
			return g.call(v.calls, use{v}, depth-1)
		}
		if len(g.calls) > 0 && g.pure == 0 {
			if f := pick(g, g.calls...); f.result != nil {
				return g.call(f, nil, depth-1)
			}
		}
		if x := g.atomic(depth - 1); x != nil {
			return x
		}
	}
	return g.place(depth)
}

// compound writes statements in an expression. They do not leave it.
func (g *generator) compound() expr {
	exits, loops := g.exits, g.loops
	g.exits, g.loops = false, 0
	defer func() { g.exits, g.loops = exits, loops }()
	var x cast
	list := g.scope(func() (all []stmt) {
		all = append(g.simple(), g.local(false))
		all = append(all, g.simple()...)
		x = cast{g.intType(), g.expr(1)}
		return all
	})
	return compound{list, x}
}

// assignment assigns an integer.
func (g *generator) assignment(depth int) expr {
	p := g.place(depth)
	op := ""
	if g.chance(40) {
		op = pick(g, "+", "-", "*", "&", "|", "^", "<<", ">>", "/", "%")
	}
	switch op {
	case "<<", ">>":
		return assign{p, op, number(pick(g, "1", "2", "3u", "7l"))}
	case "/", "%":
		return assign{p, op, number(pick(g, "2", "3u", "-2", "5l"))}
	case "":
		if g.chance(60) {
			return assign{p, op, g.small(depth)}
		}
	}
	return assign{p, op, g.expr(depth)}
}

// callable is a variable that points to a function; nil: there is none.
func (g *generator) callable() *variable {
	var all []*variable
	for _, v := range g.variables() {
		if v.calls != nil {
			all = append(all, v)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return pick(g, all...)
}

// call calls a function, by its name or through a pointer.
func (g *generator) call(f *fun, through expr, depth int) expr {
	c := call{f: f, through: through}
	for _, p := range f.params {
		if p.typ.kind == pointer {
			c.args = append(c.args, g.pointer(p.typ.elem, true, depth))
		} else {
			c.args = append(c.args, g.expr(depth))
		}
	}
	return c
}

// pointer is a pointer to a type. A private one may lead to local variables.
func (g *generator) pointer(t *typ, private bool, depth int) expr {
	var vars []*variable
	for _, v := range g.variables() {
		if v.typ.kind == pointer && same(v.typ.elem, t) && (v.model != "" || private) {
			vars = append(vars, v)
		}
	}
	switch n := g.IntN(10); {
	case n < 4 && len(vars) > 0:
		return use{pick(g, vars...)}
	case n < 5 && len(vars) > 0 && depth > 0:
		return binary{pick(g, "+", "-"), use{pick(g, vars...)}, number(pick(g, "0", "1", "1", "-1")), true}
	case n < 6 && depth > 0:
		return choice{g.expr(depth - 1), g.pointer(t, private, depth-1), g.pointer(t, private, depth-1)}
	case n < 7 && g.chance(15):
		return null{}
	}
	if l := g.target(t, private); l != nil {
		if x, ok := l.(index); ok && depth > 0 && !isIn(x.x) {
			return address{index{x.x, g.index(x.x.typ().n, depth-1)}}
		}
		return address{l}
	}
	return null{}
}

// pointers lists the variables that hold pointers to data.
func (g *generator) pointers() (all []*variable) {
	for _, v := range g.variables() {
		if v.typ.kind == pointer && v.typ.elem.kind != function {
			all = append(all, v)
		}
	}
	return all
}

// comparison compares pointers; nil: there are none.
func (g *generator) comparison(depth int) expr {
	all := g.pointers()
	if len(all) == 0 {
		return nil
	}
	v := pick(g, all...)
	if g.chance(20) {
		return unary{"!", use{v}}
	}
	return binary{pick(g, "==", "!="), use{v}, g.pointer(v.typ.elem, true, depth), true}
}

// atomic is an atomic function of an integer that is shared; nil: there is none.
func (g *generator) atomic(depth int) expr {
	var vars []*variable
	for _, v := range g.p.globals {
		if v.typ.kind == integer && v.typ.bits > 1 && !g.p.inner[v] && !v.own && !g.hides(v) {
			vars = append(vars, v)
		}
	}
	if len(vars) == 0 || g.plain {
		return nil
	}
	v := pick(g, vars...)
	update := func(text, twin string, n int) expr {
		x := primitive{text: text, twin: "({ write_(&(%[1]s), 0); +" + twin + "; })", places: []place{use{v}}, typ: v.typ}
		for range n {
			x.values = append(x.values, g.expr(depth))
		}
		return x
	}
	op := pick(g, "add", "sub", "and", "or", "xor", "nand")
	if v.typ.atomic {
		switch g.IntN(4) {
		case 0:
			return update("atomic_exchange(&%s, %s)", "__atomic_exchange_n(&(%[1]s), %[2]s, 5)", 1)
		case 1:
			return update("atomic_load(&%s)", "__atomic_load_n(&(%[1]s), 5)", 0)
		}
		if op == "nand" {
			op = "add"
		}
		return update("atomic_fetch_"+op+"(&%s, %s)", "__atomic_fetch_"+op+"(&(%[1]s), %[2]s, 5)", 1)
	}
	switch g.IntN(6) {
	case 0:
		return update("__atomic_fetch_"+op+"(&%s, %s, 5)", "__atomic_fetch_"+op+"(&(%[1]s), %[2]s, 5)", 1)
	case 1:
		return update("__atomic_"+op+"_fetch(&%s, %s, 5)", "__atomic_"+op+"_fetch(&(%[1]s), %[2]s, 5)", 1)
	case 2:
		return update("__sync_fetch_and_"+op+"(&%s, %s)", "__sync_fetch_and_"+op+"(&(%[1]s), %[2]s)", 1)
	case 3:
		return update("__atomic_exchange_n(&%s, %s, 5)", "__atomic_exchange_n(&(%[1]s), %[2]s, 5)", 1)
	case 4:
		return update("__sync_val_compare_and_swap(&%s, %s, %s)", "__sync_val_compare_and_swap(&(%[1]s), %[2]s, %[3]s)", 2)
	}
	return update("__sync_bool_compare_and_swap(&%s, %s, %s)", "__sync_bool_compare_and_swap(&(%[1]s), %[2]s, %[3]s)", 2)
}
