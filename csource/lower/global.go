package lower

import (
	"slices"
	"strconv"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// global is a variable that exists from the start to the end: at file scope, or a static local.
type global struct {
	name        string
	pos         model.Pos
	typ         *typ
	decl        *syntax.VarDecl // the one that defines it, where there is one
	also        []*syntax.VarDecl
	threadLocal bool // each thread has its own
	asked       bool // its type is being found
}

// isDefined reports whether some declaration defines the variable: without extern, or with a value.
func (g *global) isDefined() bool { return !g.decl.Storage.Has(syntax.Extern) || g.decl.Init != nil }

// declareGlobal enters a declaration at file scope. A variable may be declared many times, in any
// order, and is defined once; what C calls a tentative definition, without a value, defines it
// where no other one does.
func (u *Unit) declareGlobal(d *syntax.VarDecl) {
	i, ok := u.index[d.Name]
	if !ok {
		u.index[d.Name] = len(u.globals)
		u.globals = append(u.globals, &global{
			name: d.Name, pos: d.Pos(), decl: d,
			threadLocal: d.Storage.Has(syntax.ThreadLocal),
		})
		return
	}
	g := u.globals[i]
	old := g.decl
	g.also = append(g.also, d)
	static := func(d *syntax.VarDecl) bool { return d.Storage.Has(syntax.Static) }
	switch {
	case static(d) != static(old) && !d.Storage.Has(syntax.Extern):
		u.errorf(d.Pos(), "%s is declared with static and without, first at %s", d.Name, g.pos)
	case static(d) && d.Pos().File != old.Pos().File:
		u.hintf(d.Pos(), "all files are one translation unit here: give one of them another name",
			"%s is static in two files, first at %s", d.Name, g.pos)
	case d.Storage.Has(syntax.ThreadLocal) != g.threadLocal:
		u.errorf(d.Pos(), "%s is declared thread-local and not, first at %s", d.Name, g.pos)
	case d.Init != nil && old.Init != nil:
		u.errorf(d.Pos(), "%s is defined twice, first at %s", d.Name, g.pos)
	case d.Init != nil || !g.isDefined():
		g.decl, g.also[len(g.also)-1] = d, old
		g.pos = d.Pos()
	}
}

// resolveGlobals gives the variables at file scope their types, which must be the same in all
// declarations.
func (u *Unit) resolveGlobals() {
	for _, g := range u.globals {
		g.asked = true
		g.typ = u.resolve(g.decl.Type)
		g.asked = false
		for _, d := range g.also {
			t := u.resolve(d.Type)
			if !sameType(g.typ, t) {
				u.errorf(d.Pos(), "%s is %s here and %s at %s", d.Name, t, g.typ, g.pos)
			}
			if g.typ.kind == tArray && g.typ.n < 0 && g.decl.Init == nil {
				g.typ = t
			}
		}
		if g.isDefined() {
			g.typ = u.sized(g.pos, g.name, g.typ, g.decl.Init)
		}
	}
}

// sameType reports whether two types are one; an array may leave its length open.
func sameType(t, u *typ) bool {
	if t.kind != u.kind || t.strukt != u.strukt {
		return false
	}
	switch {
	case t.kind == tArray && t.n != u.n && t.n >= 0 && u.n >= 0:
		return false
	case t.kind == tFunction:
		return sameType(t.result, u.result) && slices.EqualFunc(t.params, u.params, sameType)
	case t.kind == tInt:
		return t.sameInteger(u)
	}
	return t.elem == nil || sameType(t.elem, u.elem)
}

// staticLocal enters a static variable of a function: there is one for the whole program, which
// has its value before any thread starts.
func (b *body) staticLocal(d *syntax.VarDecl, t *typ) int {
	name := b.f.name + "." + d.Name
	if b.staticNames[d.Name]++; b.staticNames[d.Name] > 1 {
		name += "." + strconv.Itoa(b.staticNames[d.Name])
	}
	for _, l := range b.registerLiterals(d) {
		l.typ = b.sized(l.pos, l.name, b.resolve(l.decl.Type), l.decl.Init)
	}
	g := &global{
		name: name, pos: d.Pos(), typ: b.sized(d.Pos(), d.Name, t, d.Init), decl: d,
		threadLocal: d.Storage.Has(syntax.ThreadLocal),
	}
	b.globals = append(b.globals, g)
	b.nameInitial(d, len(b.globals)-1)
	return len(b.globals) - 1
}

// nameInitial notes which static locals are named in the initialiser of one, which has number i.
func (b *body) nameInitial(d *syntax.VarDecl, i int) {
	if d.Init == nil {
		return
	}
	syntax.Walk(d.Init, func(n syntax.Node) bool {
		id, ok := n.(*syntax.Ident)
		if !ok {
			return true
		}
		if l := b.env.Find(id.Name); l != nil && l.Decl == d {
			b.inits[id] = i
		} else if g, ok := b.statics[l]; ok {
			b.inits[id] = g
		}
		return true
	})
}

// externLocal finds the variable at file scope that an extern declaration in a function means.
func (b *body) externLocal(d *syntax.VarDecl, t *typ) int {
	i := b.globalIndex(d.Name)
	if i < 0 {
		b.errorf(d.Pos(), "%s is declared here, and nowhere defined", d.Name)
		return -1
	}
	if g := b.globals[i]; !sameType(g.typ, t) {
		b.errorf(d.Pos(), "%s is %s here and %s at %s", d.Name, t, g.typ, g.pos)
	}
	return i
}

// variable says what a name means: a local variable with its slot, or a variable that exists from
// the start to the end. Both are -1 when it means neither, and for a local struct or array.
func (b *body) variable(name string) (slot, global int) {
	if l := b.env.Find(name); l != nil {
		if g, ok := b.statics[l]; ok {
			return -1, g
		}
		if _, ok := b.homes[l]; ok {
			return -1, -1
		}
		return b.slots[l], -1
	}
	return -1, b.globalIndex(name)
}

// homeOf is the object in which a global lies: the same for all threads, or the one of the thread
// that asks.
func (b *body) homeOf(at model.Pos, i int) operand {
	g := b.globals[i]
	if !g.isDefined() {
		b.hintf(at, "define it: "+syntax.FormatShort(g.decl.Type)+" "+g.name+";",
			"%s is declared extern at %s, and nowhere defined", g.name, g.pos)
	}
	if g.threadLocal {
		return constant(value{kind: vThread})
	}
	return constant(objectValue(globalsObject))
}
