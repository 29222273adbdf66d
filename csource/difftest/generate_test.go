package difftest

import (
	"fmt"
	"math/rand/v2"
)

// A generator writes random programs. They end, and use what C defines more often than not.
type generator struct {
	*rand.Rand
	p      *program
	plain  bool // it has nothing that interp lacks
	names  int
	f      *fun        // at hand
	locals []*variable // in scope
	top    []*variable // declared where the function begins: their addresses may be taken
	hidden []*variable // by others of their names
	fuel   *variable
	loops  int
	held   int // locks, around the statement at hand
	labels []string
	placed int
	exits  bool // break leaves something
	calls  []*fun
	pure   int // above 0 no functions are called
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func pick[T any](g *generator, list ...T) T { return list[g.IntN(len(list))] }

func (g *generator) fresh(prefix string) string {
	g.names++
	return fmt.Sprintf("%s%d", prefix, g.names)
}

// generate is the program of a number.
func generate(seed, n uint64) *program {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, n))}
	g.p = &program{inner: map[*variable]bool{}, notes: map[string]bool{}}
	g.plain = g.chance(30)
	g.enums()
	g.declareStructs()
	g.declareGlobals()
	for range g.IntN(3) {
		g.helper()
	}
	g.threads()
	return g.p
}

func (g *generator) enums() {
	low := g.IntN(4) - 2
	g.p.head = fmt.Sprintf("enum @e { @E0 = %d, @E1, @E2 = %d };\n", low, low+2+g.IntN(300))
	g.p.head += "typedef " + pick(g, ints...).c + " @number;\n"
}

func (g *generator) intType() *typ {
	switch g.IntN(12) {
	case 0:
		return &typ{kind: integer, c: "enum @e"}
	case 1:
		return &typ{kind: integer, c: "@number"}
	case 2, 3:
		return tInt
	}
	return pick(g, ints...)
}

func (g *generator) declareStructs() {
	for n := range g.IntN(3) {
		s := &typ{kind: structure, c: fmt.Sprintf("@s%d", n)}
		for range 1 + g.IntN(4) {
			f := &field{name: g.fresh("m"), typ: g.intType()}
			switch g.IntN(8) {
			case 0, 1:
				f.typ = pick(g, tInt, tUint, tBool, tUchar, tShort, &typ{kind: integer, c: "enum @e"})
				most := map[string]int{"unsigned char": 8, "short": 16, "bool": 1}[f.typ.c]
				if most == 0 {
					most = 32
				}
				f.bits = 1 + g.IntN(min(most, pick(g, 3, 5, 32)))
			case 2:
				f.typ = &typ{kind: array, elem: f.typ, n: 1 + g.IntN(3)}
			case 3:
				if n > 0 {
					f.typ = pick(g, g.p.structs...)
				}
			case 4:
				if g.plain {
					break
				}
				f.typ = pointerTo(f.typ)
				if n > 0 && g.chance(50) {
					f.typ = pointerTo(pick(g, g.p.structs...))
				}
			}
			s.fields = append(s.fields, f)
		}
		g.p.structs = append(g.p.structs, s)
	}
}

func (g *generator) global(prefix string, t *typ) *variable {
	name := g.fresh(prefix)
	v := &variable{name: name, twin: "@" + name, model: name, typ: t}
	g.p.globals = append(g.p.globals, v)
	return v
}

func (g *generator) declareGlobals() {
	for range 2 + g.IntN(3) {
		v := g.global("x", g.intType())
		if g.chance(15) && v.typ.bits > 1 && !g.plain {
			t := *v.typ
			t.atomic = true
			v.typ = &t
		}
		v.own = g.chance(10) && !v.typ.atomic
	}
	if g.chance(60) {
		v := g.global("a", &typ{kind: array, elem: g.intType(), n: 2 + g.IntN(2)})
		if g.chance(15) {
			v.typ = &typ{kind: array, elem: v.typ, n: 2}
		}
		v.own = g.chance(10)
	}
	for _, s := range g.p.structs {
		for range 1 + g.IntN(2) {
			v := g.global("s", s)
			if g.chance(25) {
				v.typ = &typ{kind: array, elem: s, n: 2}
			}
		}
	}
	for range g.IntN(3) {
		t := pick(g, g.p.globals...).typ
		for t.kind == array {
			t = t.elem
		}
		if t.kind == pointer || t.atomic || g.plain && t.kind != structure {
			continue
		}
		g.global("p", pointerTo(t))
	}
	for _, v := range g.p.globals {
		if g.chance(70) || v.typ.kind == pointer {
			v.init = g.initial(v.typ)
		}
	}
	g.global("m", tMutex)
	if g.chance(30) {
		g.global("m", &typ{kind: array, elem: tMutex, n: 2})
	}
	for _, t := range []*typ{tCond, tRWLock, tSem, tOnce, tBarrier} {
		if g.chance(25) && (t == tCond || !g.plain) {
			g.global("l", t)
		}
	}
}

// initial is a constant first value.
func (g *generator) initial(t *typ) *initial {
	switch t.kind {
	case structure:
		v := &initial{list: []*initial{}}
		n := 1 + g.IntN(len(t.fields))
		if g.chance(70) {
			n = len(t.fields)
		}
		for _, f := range t.fields[:n] {
			v.list = append(v.list, g.initial(f.typ))
		}
		return v
	case array:
		v := &initial{list: []*initial{}}
		for range 1 + g.IntN(t.n) {
			v.list = append(v.list, g.initial(t.elem))
		}
		return v
	case pointer:
		if l := g.target(t.elem, false); l != nil && g.chance(92) {
			return &initial{value: "&" + l.c(true)}
		}
		return &initial{value: "NULL"}
	}
	return &initial{value: string(g.constant())}
}

func (g *generator) constant() number {
	switch g.IntN(16) {
	case 0:
		return number(pick(g, "-1", "0x7f", "0x80", "255", "256", "0xffff", "32767", "-128", "0x7fffffff", "0xffffffff",
			"0x80000000", "0xffffffffu",
			"(-2147483647-1)", "0x7fffffffffffffff", "0xffffffffffffffff", "4294967296", "65536", "-32769"))
	case 1:
		return number(pick(g, "1u", "2l", "3ul", "4ll", "5ull", "'a'", "'\\377'", "true", "false", "010"))
	case 2:
		return number(pick(g, "@E0", "@E1", "@E2"))
	case 3:
		return number("sizeof(" + pick(g, ints...).c + ")")
	}
	return number(fmt.Sprint(g.IntN(8) - 1))
}

// target is a variable of a type, or a part of one, whose address is constant; nil: there is none.
func (g *generator) target(t *typ, private bool) place {
	var found []place
	var look func(x place)
	look = func(x place) {
		switch {
		case same(x.typ(), t):
			found = append(found, x)
		case x.typ().kind == structure:
			for i, f := range x.typ().fields {
				if f.bits == 0 {
					look(member{x, i})
				}
			}
		case x.typ().kind == array && x.typ().elem.kind != array: // rows have no room between them
			for i := range x.typ().n {
				look(index{x, number(fmt.Sprint(i))})
			}
		}
	}
	for _, v := range g.p.globals {
		if !v.own && !g.hides(v) && (!g.p.inner[v] || g.visible(v)) {
			look(use{v})
		}
	}
	if private {
		for _, v := range g.top {
			if v.watch && !g.hides(v) {
				look(use{v})
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	return pick(g, found...)
}
