package difftest

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/csource/lower"
)

// function begins a function, and lets body write it.
func (g *generator) function(f *fun, statements int) {
	g.hidden = nil
	g.f, g.locals, g.top, g.loops, g.labels, g.placed, g.exits = f, slices.Clone(f.params), nil, 0, nil, 0, false
	g.fuel = &variable{name: "fuel", twin: "fuel", typ: tInt}
	f.body = append(f.body, declares{v: g.fuel, x: number(fmt.Sprint(1 + g.IntN(3)))})
	for range g.IntN(4) {
		f.body = append(f.body, g.local(true))
	}
	if g.chance(15) {
		f.body = append(f.body, g.unset()...)
	}
	for range g.IntN(3) {
		g.labels = append(g.labels, g.fresh("l"))
	}
	for range statements {
		f.body = append(f.body, g.statement(2)...)
		if g.placed < len(g.labels) && g.chance(40) {
			f.body = append(f.body, jump{how: "label", to: g.labels[g.placed]})
			g.placed++
		}
	}
	for ; g.placed < len(g.labels); g.placed++ {
		f.body = append(f.body, jump{how: "label", to: g.labels[g.placed]})
	}
	if f.result != nil {
		f.body = append(f.body, returns{x: g.expr(2)})
	}
	g.p.funs = append(g.p.funs, f)
}

func (g *generator) param(t *typ) *variable {
	n := g.fresh("k")
	return &variable{name: n, twin: n, typ: t}
}

func (g *generator) helper() {
	f := &fun{name: "@" + g.fresh("h")}
	if g.chance(80) {
		f.result = g.intType()
	}
	for range g.IntN(3) {
		t := g.intType()
		if g.chance(30) {
			t = pointerTo(g.pointee())
		}
		f.params = append(f.params, g.param(t))
	}
	g.function(f, 1+g.IntN(2))
	g.calls = append(g.calls, f)
}

// pointee is the type of something to which a pointer may lead.
func (g *generator) pointee() *typ {
	for range 20 {
		t := pick(g, g.p.globals...).typ
		for t.kind == array {
			t = t.elem
		}
		if t.kind == structure && g.chance(50) {
			if f := pick(g, t.fields...); f.bits == 0 {
				t = f.typ
			}
		}
		if t.kind == integer && !t.atomic || t.kind == structure {
			return t
		}
	}
	return tInt
}

func (g *generator) threads() {
	if len(g.calls) > 0 && g.chance(25) && !g.plain {
		f := pick(g, g.calls...)
		g.global("p", pointerTo(f.typ())).calls = f
	}
	n := pick(g, 1, 2, 2, 2, 2, 2, 3)
	for len(g.p.threads) < n {
		if len(g.p.threads) > 0 && g.chance(20) {
			g.p.threads = append(g.p.threads, g.start(g.p.threads[0].f))
			continue
		}
		f := &fun{name: "@" + g.fresh("f")}
		for range g.IntN(2) {
			f.params = append(f.params, g.param(g.intType()))
		}
		if len(g.p.threads) == 0 {
			f.body = append(f.body, g.begins()...)
		}
		g.function(f, 2+g.IntN(4))
		g.p.threads = append(g.p.threads, g.start(f))
	}
}

// begins gives semaphores and barriers a value, most of the time.
func (g *generator) begins() (all []stmt) {
	given := func(name string, l place, n string) {
		if l != nil && g.chance(80) {
			x := on(name, l)
			x.values = []expr{number(n)}
			all = append(all, does{x: x})
		}
	}
	given("sem_init", g.lock(tSem), pick(g, "0", "1", "2"))
	given("barrier_init", g.lock(tBarrier), pick(g, "1", "2", "2"))
	return all
}

func (g *generator) start(f *fun) start {
	s := start{f: f, faults: lower.Faults{WaitTimeout: g.chance(30), SpuriousWakeup: g.chance(20)}}
	for range f.params {
		s.args = append(s.args, fmt.Sprint(g.IntN(4)))
	}
	return s
}

// local declares a variable, at the top of the function or in a block.
func (g *generator) local(top bool) stmt {
	name := g.fresh("v")
	v := &variable{name: name, twin: name, typ: g.intType()}
	d := declares{v: v}
	if !top && g.chance(20) {
		old := pick(g, g.variables()...)
		v.name, g.hidden = old.name, append(g.hidden, old)
		d.x = g.expr(2)
		g.locals = append(g.locals, v)
		return d
	}
	switch {
	case top && g.chance(15):
		v.twin = "@" + g.f.name[1:] + "_" + name
		v.model = g.f.name[1:] + "." + name
		v.init = &initial{value: string(g.constant())}
		g.p.globals = append(g.p.globals, v)
		g.p.inner[v] = true
		g.locals = append(g.locals, v)
		return isStatic{v: v}
	case top && g.chance(25) && !g.plain:
		v.twin, v.watch = "@"+name, true
		v.typ = &typ{kind: array, elem: v.typ, n: 2 + g.IntN(2)}
		if len(g.p.structs) > 0 && g.chance(50) {
			v.typ = pick(g, g.p.structs...)
		}
		if g.chance(94) {
			v.init = g.initial(v.typ)
		}
	case len(g.calls) > 0 && g.chance(15) && !g.plain:
		v.calls = pick(g, g.calls...)
		v.typ = pointerTo(v.calls.typ())
		d.x = g.functionLike(v.calls)
	case top && g.chance(15) && !g.plain:
		v.twin, v.watch = "@"+name, true
		d.x = g.expr(1)
		d.end = g.cleanup(v)
	case g.chance(25):
		v.typ = pointerTo(g.pointee())
		d.x = g.pointer(v.typ.elem, true, 1)
	case top && g.chance(30):
		v.twin, v.watch = "@"+name, true
		d.x = g.expr(2)
	default:
		d.x = g.expr(2)
	}
	g.locals = append(g.locals, v)
	if top {
		g.top = append(g.top, v)
	}
	return d
}

// typ is the type of a function.
func (f *fun) typ() *typ {
	t := &typ{kind: function, elem: f.result}
	for _, p := range f.params {
		t.params = append(t.params, p.typ)
	}
	return t
}

// functionLike is a pointer to a function of the same type.
func (g *generator) functionLike(f *fun) expr {
	var all []*fun
	for _, h := range g.calls {
		if h.signature() == f.signature() {
			all = append(all, h)
		}
	}
	switch g.IntN(12) {
	case 0:
		return null{}
	case 1, 2, 3:
		return choice{g.expr(1), name{pick(g, all...)}, name{pick(g, all...)}}
	}
	return name{pick(g, all...)}
}

// signature is the type of a function as text.
func (f *fun) signature() string { return declare(f.typ(), "", false) }

// cleanup writes a function that is called where the scope of a variable ends.
func (g *generator) cleanup(v *variable) *fun {
	f := &fun{name: "@" + g.fresh("c"), params: []*variable{g.param(pointerTo(v.typ))}}
	it := deref{use{f.params[0]}, v.typ, nil}
	locals := g.locals
	g.locals = nil
	f.body = []stmt{does{x: assign{g.place(0), pick(g, "", "+", "^"), binary{"&", it, number("7"), false}}}}
	if g.chance(30) {
		f.body = append(f.body, does{x: step{it, "+", true}})
	}
	g.locals = locals
	g.p.funs = append(g.p.funs, f)
	return f
}

// unset declares a variable without a value, and uses it: perhaps it has been set.
func (g *generator) unset() []stmt {
	name := g.fresh("v")
	v := &variable{name: name, twin: "@" + name, typ: g.intType(), watch: true}
	sets := does{x: assign{use{v}, "", g.expr(1)}}
	all := []stmt{
		declares{v: v},
		&branch{x: g.expr(1), then: []stmt{sets}},
		does{x: assign{g.place(0), "", use{v}}},
	}
	g.locals = append(g.locals, v)
	g.top = append(g.top, v)
	return all
}

// isStatic declares a static local variable: it is compiled as one at file scope.
type isStatic struct {
	leafStmt
	v *variable
}
