package syntax

import (
	"math"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// structType parses struct or union with its tag, its fields, or both.
func (g *parser) structType() Type {
	t := &StructType{At: g.at(), IsUnion: g.kind() == kwUnion}
	word := g.next()
	t.Attrs = g.attributes(false)
	if g.mode == Tolerant && g.kind() == tokIdent && g.peek(1).kind == tokIdent && g.peek(2).kind == pLbrace {
		t.Attrs = append(t.Attrs, g.attributeMacro())
	}
	if g.kind() == tokIdent {
		t.Tag = g.next().text
	}
	if g.kind() != pLbrace {
		if t.Tag == "" {
			g.fail(g.missing(), "", "expected a name or `{` after `%s`, found %s", word.text, g.tok().describe())
		}
		return t
	}
	if !g.enter() {
		return t
	}
	defer g.leave()
	t.HasBody = true
	open := g.next()
	for g.kind() != pRbrace && g.kind() != tokEOF {
		g.fields(t)
		if g.failed && g.mode == Strict {
			g.recoverField()
		}
	}
	g.closeBrace(open)
	t.Attrs = append(t.Attrs, g.attributes(false)...)
	return t
}

// recoverField ends the failed state and moves past the `;` of the current field, or to the end of
// the struct.
func (g *parser) recoverField() {
	g.failed = false
	for depth := 0; ; g.i++ {
		switch g.toks[g.i].kind {
		case tokEOF:
			return
		case pLbrace:
			depth++
		case pRbrace:
			if depth == 0 {
				return
			}
			depth--
		case pSemi:
			if depth == 0 {
				g.i++
				return
			}
		}
	}
}

// fields parses one declaration of fields.
func (g *parser) fields(t *StructType) {
	if g.kind() == kwStaticAssert {
		if a, ok := g.staticAssert().(*StaticAssert); ok {
			t.Asserts = append(t.Asserts, a)
		}
		return
	}
	if g.mode == Strict && g.got(pSemi) {
		return
	}
	if g.mode == Tolerant && (g.got(pSemi) || g.skipFieldMacro()) {
		return
	}
	s := g.specifiers()
	if s.typ == nil {
		g.fail(g.missing(), "", "expected a field, found %s", g.tok().describe())
		return
	}
	g.noStorage(s, "a field")
	if g.kind() == pSemi {
		if !s.defines {
			g.complain(g.pos(), "", "expected a field name, found `;`")
		} else {
			t.Fields = append(t.Fields, &Field{At: At{s.pos}, Type: s.typ, Attrs: s.attrs})
		}
		g.next()
		return
	}
	for {
		f := &Field{At: g.at(), Type: s.typ}
		if g.kind() != pColon {
			d := g.declarator(s.typ, named)
			f.Start, f.Name, f.Type, f.Attrs = d.pos, d.name, d.typ, d.attrs
		}
		if g.got(pColon) {
			f.Bits = g.condExpr()
		}
		f.Attrs = joinAttrs(s.attrs, f.Attrs, g.attributes(true))
		if g.failed {
			return
		}
		t.Fields = append(t.Fields, f)
		if !g.got(pComma) {
			break
		}
	}
	g.semicolon("field")
}

// skipFieldMacro skips an unknown macro call among the fields.
func (g *parser) skipFieldMacro() bool {
	if g.kind() != tokIdent || g.peek(1).kind != pLparen {
		return false
	}
	n := g.afterParens(1)
	if k := g.peek(n).kind; n == 0 || k != pSemi && !(g.peek(n).has(flagLineStart) && isShouted(g.tok().text)) {
		return false
	}
	g.i += n
	g.got(pSemi)
	return true
}

// enumType parses enum with its tag, its enumerators, or both, and declares the enumerators.
func (g *parser) enumType() Type {
	t := &EnumType{At: g.at()}
	g.next()
	t.Attrs = g.attributes(false)
	if g.kind() == tokIdent {
		t.Tag = g.next().text
	}
	if g.kind() != pLbrace {
		if t.Tag == "" {
			g.fail(g.missing(), "", "expected a name or `{` after `enum`, found %s", g.tok().describe())
		}
		return t
	}
	t.HasBody = true
	open := g.next()
	next, known := int64(0), true
	for g.kind() == tokIdent {
		e := &Enumerator{At: g.at(), Name: g.next().text, Value: next, Known: known}
		g.attributes(true)
		if g.got(pAssign) {
			e.Init = g.condExpr()
			e.Value, e.Known = g.enumerator(e.Init)
		}
		if e.Known {
			g.unit.constants[e.Name] = e.Value
		} else {
			delete(g.unit.constants, e.Name)
		}
		next, known = e.Value+1, e.Known && e.Value != math.MaxInt64
		g.unit.names.declare(e.Name, otherName)
		t.Enumerators = append(t.Enumerators, e)
		if !g.got(pComma) && !(g.mode == Tolerant && g.kind() == tokIdent) {
			break
		}
	}
	if !g.failed && g.kind() != pRbrace {
		g.fail(g.missing(), "", "expected `,` or `}` in the enum, found %s", g.tok().describe())
	}
	g.closeBrace(open)
	t.Attrs = append(t.Attrs, g.attributes(false)...)
	return t
}

// enumerator evaluates an initialiser. A value above the largest int64 is not known.
func (g *parser) enumerator(init Expr) (int64, bool) {
	c := Consts{Name: g.unit.constant}
	v, t, ok := c.Eval(init)
	return v, ok && (t != ULong || v >= 0)
}

// closeBrace consumes the `}` that closes open.
func (g *parser) closeBrace(open token) model.Pos {
	pos := g.pos()
	if !g.got(pRbrace) {
		g.fail(g.missing(), "the `{` at "+lineCol(g.unit.pos(open))+" is never closed", "expected `}`, found %s",
			g.tok().describe())
	}
	return pos
}

// joinAttrs concatenates lists of attributes into a new one, or gives the only one that is not
// empty.
func joinAttrs(lists ...[]*Attr) []*Attr {
	var all []*Attr
	for _, l := range lists {
		switch {
		case len(all) == 0:
			all = slices.Clip(l)
		default:
			all = append(all, l...)
		}
	}
	return all
}
