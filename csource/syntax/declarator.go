package syntax

import "github.com/lockproof/lockproof/model"

// naming says whether a declarator has a name.
type naming uint8

const (
	named        naming = iota // int x
	maybeNamed                 // a parameter
	abstractOnly               // a cast
)

// A declared is what a declarator says: the name, and the type the name has.
type declared struct {
	name      string
	pos       model.Pos
	typ       Type
	attrs     []*Attr
	fromMacro bool
}

// A hole stands for the type inside parentheses of which the outside is not known yet: in int
// (*f)(void), f is first a pointer to a hole, and the hole then becomes the function.
type hole struct {
	At
	filled Type
}

func (*hole) typ() {}

// declarator parses what follows the specifiers: pointers, the name, and what is in brackets and
// parentheses after it.
func (g *parser) declarator(base Type, n naming) declared {
	d := declared{typ: base, pos: g.pos()}
	if !g.enter() {
		return d
	}
	defer g.leave()
	defer g.unchained(g.chained())
	for more := true; more; {
		switch g.kind() {
		case pStar:
			if !g.link() {
				return d
			}
			d.typ = &Pointer{At: g.at(), Elem: d.typ}
			g.next()
		case kwConst, kwVolatile, kwRestrict:
			if g.next().kind == kwConst {
				makeConst(d.typ)
			}
		case kwAtomic:
			d.typ = &Atomic{At: g.at(), Elem: d.typ}
			g.next()
		case kwAttribute, kwExtension:
			d.attrs = append(d.attrs, g.attributes(false)...)
		case tokIdent:
			if more = n != abstractOnly && g.macroBeforeName(n); more {
				d.attrs = append(d.attrs, g.attributeMacro())
			}
		default:
			more = false
		}
	}
	switch t := g.tok(); {
	case t.kind == tokIdent && n != abstractOnly:
		d.name, d.pos, d.fromMacro = t.text, g.pos(), t.has(flagMacro)
		if g.next(); g.bracketsAhead(0) {
			d.attrs = append(d.attrs, g.attributes(false)...)
		}
	case t.kind == pLparen && g.groups(n):
		g.grouped(&d, n)
		return d
	case n == named:
		g.fail(g.missing(), "", "expected a name, found %s", t.describe())
		return d
	}
	d.typ = g.suffixes(d.typ)
	return d
}

// grouped parses a declarator in parentheses and what follows it.
func (g *parser) grouped(d *declared, n naming) {
	open := g.next()
	h := &hole{At: At{d.pos}}
	inner := g.declarator(h, n)
	g.closing(pRparen, open)
	h.filled = g.suffixes(d.typ)
	d.name, d.pos, d.fromMacro = inner.name, inner.pos, inner.fromMacro
	d.attrs = append(d.attrs, inner.attrs...)
	d.typ = fill(inner.typ)
}

// fill replaces the hole at the bottom of t.
func fill(t Type) Type {
	root := t
	slot := &root
	for {
		switch t := (*slot).(type) {
		case *Pointer:
			slot = &t.Elem
		case *Array:
			slot = &t.Elem
		case *Func:
			slot = &t.Result
		case *hole:
			*slot = t.filled
			return root
		default:
			return root
		}
	}
}

// groups reports whether the `(` at the current token holds a declarator, and not parameters.
func (g *parser) groups(n naming) bool {
	if n == named {
		return true
	}
	switch t := g.peek(1); t.kind {
	case pStar, pLparen, pLbrack, kwAttribute:
		return true
	case tokIdent:
		if g.unit.names.isType(t.text) {
			return false
		}
		after := g.peek(2).kind
		return isAttributeMacro(t.text) || n == maybeNamed && (after == pRparen || after == pLparen || after == pLbrack)
	}
	return false
}

// macroBeforeName reports whether the current name is a macro between the type and the declared
// name.
func (g *parser) macroBeforeName(n naming) bool {
	t := g.tok()
	if isAttributeMacro(t.text) {
		return true
	}
	if g.mode == Strict {
		return false
	}
	switch after := g.peek(1); after.kind {
	case pStar:
		return n == named
	case tokIdent:
		return isShouted(t.text) && !isShouted(after.text) && !isAttributeMacro(after.text)
	case pLparen:
		if !isShouted(t.text) {
			return false
		}
		end := g.afterParens(1)
		return end > 0 && g.peek(end).kind == tokIdent && g.peek(end+1).kind == pLparen
	}
	return false
}

// suffixes parses array lengths and parameter lists, and returns the type they make of base.
func (g *parser) suffixes(base Type) Type {
	if k := g.kind(); k != pLbrack && k != pLparen || !g.enter() {
		return base
	}
	defer g.leave()
	at := g.at()
	if g.kind() == pLparen {
		f := g.params(at)
		f.Result = g.suffixes(base)
		return f
	}
	open := g.next()
	a := &Array{At: at}
	for g.kind() == kwStatic || g.kind() == kwConst || g.kind() == kwRestrict || g.kind() == kwVolatile {
		g.next()
	}
	switch {
	case g.kind() == pStar && g.peek(1).kind == pRbrack:
		g.next()
	case g.kind() != pRbrack:
		a.Len = g.assignExpr()
	}
	g.closing(pRbrack, open)
	a.Elem = g.suffixes(base)
	return a
}

// params parses a parameter list.
func (g *parser) params(at At) *Func {
	f := &Func{At: at}
	open := g.next()
	if g.kind() == kwVoid && g.peek(1).kind == pRparen {
		g.next()
	} else {
		f.Open = g.kind() == pRparen
	}
	g.unit.names.open()
	defer g.unit.names.close()
	if g.mode == Strict && g.namesAlone() {
		g.fail(g.pos(), "write the types in the parentheses",
			"parameters that are declared after their names cannot be modelled")
	}
	for g.kind() != pRparen && !g.failed {
		if g.got(pEllipsis) {
			f.Variadic = true
			break
		}
		f.Params = append(f.Params, g.param())
		if !g.got(pComma) {
			break
		}
		if g.kind() == pRparen {
			g.fail(g.pos(), "", "expected a parameter, found `)`")
		}
	}
	f.Rparen = g.closing(pRparen, open)
	return f
}

// param parses one parameter.
func (g *parser) param() *Param {
	s := g.specifiers()
	if s.typ == nil {
		g.fail(g.missing(), "", "expected a parameter type, found %s", g.tok().describe())
		return &Param{At: At{s.pos}, Type: &BadType{At{s.pos}}}
	}
	g.onlyRegister(s, "a parameter")
	d := g.declarator(s.typ, maybeNamed)
	attrs := joinAttrs(s.attrs, d.attrs, g.attributes(true))
	if d.name != "" {
		g.unit.names.declare(d.name, otherName)
	}
	return &Param{At: At{d.pos}, Name: d.name, Type: d.typ, Storage: s.storage & Register, Attrs: attrs}
}

// namesAlone reports whether a parameter list is one of names alone, with a declaration after it,
// as in C before 1989.
func (g *parser) namesAlone() bool {
	for n := 0; ; n += 2 {
		if t := g.peek(n); t.kind != tokIdent || g.unit.names.isType(t.text) {
			return false
		}
		switch g.peek(n + 1).kind {
		case pComma:
		case pRparen:
			after := g.peek(n + 2)
			return after.kind >= firstDeclWord && after.kind != kwAttribute ||
				after.kind == tokIdent && g.unit.names.isType(after.text)
		default:
			return false
		}
	}
}
