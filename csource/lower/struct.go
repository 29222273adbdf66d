package lower

import (
	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
)

// A struct is passed and returned as its scalars, in the order in which they lie: those of a
// parameter are the slots of a local object of the function that is called, those of a result go to
// the slots of one of the caller. As everywhere, what an expression of a struct type comes to is
// the address of an object.

// scalarsOf loads all scalars of the object at an address.
func (b *body) scalarsOf(e syntax.Expr, from operand, t *typ) []operand {
	p := &part{b: b, e: e}
	var list []operand
	p.loads(from, t, &list)
	return list
}

func (p *part) loads(from operand, t *typ, list *[]operand) {
	load := func(t *typ, i instr) {
		x := inSlot(p.b.temp(t))
		i.dst = x.slot
		p.emit(i)
		*list = append(*list, x)
	}
	switch t.kind {
	case tStruct:
		for _, x := range t.strukt.seats() {
			load(x.typ, p.loadLeaf(from, t, x))
		}
		if t.strukt.isUnion {
			return
		}
		for i, f := range t.strukt.fields {
			if f.typ.isObject() {
				p.loads(p.address(from, t.strukt, i, f.typ), f.typ, list)
			} else {
				load(f.typ, instr{op: iLoad, a: from, strukt: t.strukt, field: i})
			}
		}
	case tArray:
		first := p.first(from, t)
		for i := range t.n {
			at := first
			if i > 0 {
				at = p.b.shift(p.e, "+", first, constant(intValue(i)), pointerTo(t.elem))
			}
			if t.elem.isObject() {
				p.loads(at, t.elem, list)
			} else {
				load(t.elem, instr{op: iLoadPtr, a: at, typ: t.elem})
			}
		}
	}
}

// passed compiles a struct that is an argument or a result.
func (b *body) passed(e syntax.Expr, to *typ, who string, args ...any) []operand {
	x, t := b.object(e)
	if !sameType(t, to) {
		b.mustAssign(e, to, t, who, args...)
		return nil
	}
	return b.scalarsOf(e, x, t)
}

// resultObject is where the result of a call goes that is a struct.
func (b *body) resultObject(e syntax.Expr, t *typ) int {
	if b.dry {
		return -1
	}
	h := b.newHome(e, t)
	if h >= 0 {
		b.results = append(b.results, h)
	}
	return h
}

// returned gives the caller of the frame that has just gone the scalars of a result.
func (t *thread) returned(c *config, vs []value) {
	i := c.instr()
	if i.result > 0 && t.isKnown(c, i.result-1) {
		t.errorf(i.pos, "the address of a part of what %s returns is kept: give it a variable", i.text())
	}
	for k, v := range vs {
		if i.dst >= 0 {
			c.set(i.dst+k, v)
		}
	}
	c.top().pc++
}

// keepObject makes a copy of a struct, which a temporary of the graph stands for.
func (b *body) keepObject(i *flow.Set, x operand, t *typ, slot int) {
	h, ok := b.copies[i.Temp]
	if !ok {
		if h = b.newHome(i.X, t); h < 0 {
			return
		}
		b.copies[i.Temp] = h
	}
	at := b.addressOfHome(i.X, h)
	b.copyObject(i.X, at, &x, t)
	b.emit(instr{op: iCopy, pos: i.X.Pos(), text: textOf(i.X), dst: slot, a: at})
}

// registerLiterals makes a variable of each (type) { ... } in an initialiser at file scope.
func (u *Unit) registerLiterals(d *syntax.VarDecl) (literals []*global) {
	if d.Init == nil {
		return nil
	}
	syntax.Walk(d.Init, func(n syntax.Node) bool {
		e, ok := n.(*syntax.CompoundLit)
		if ok {
			decl := &syntax.VarDecl{At: e.At, Name: syntax.FormatShort(e), Type: e.Type, Init: e.Init, Storage: syntax.Static}
			u.literals[e] = len(u.globals)
			u.globals = append(u.globals, &global{name: decl.Name, pos: e.Pos(), decl: decl})
			literals = append(literals, u.globals[len(u.globals)-1])
		}
		_, body := n.(*syntax.StmtExpr)
		return !body
	})
	return literals
}
