package constraint

import (
	"github.com/lockproof/lockproof/csource/syntax"
)

// address looks at &X.
func (c *checker) address(e *syntax.Unary) operand {
	if star, ok := e.X.(*syntax.Unary); ok && star.Op == "*" { // &*p is p
		t := c.value(star.X)
		if c.follow(star, t).typ.kind == unknown {
			return valueOf(unknownType)
		}
		return valueOf(t)
	}
	x := c.expr(e.X)
	switch {
	case x.typ.kind == function:
	case !x.place:
		c.errorf(e.Pos(), "%s has no address", syntax.FormatShort(e.X))
		return unknownOperand
	case x.bits:
		c.errorf(e.Pos(), "%s is a bit-field, which has no address", syntax.FormatShort(e.X))
	case x.symbol != nil && x.symbol.storage.Has(syntax.Register):
		c.errorf(e.Pos(), "%s is declared register, so it has no address", syntax.FormatShort(e.X))
	}
	if x.typ.kind == unknown {
		return valueOf(unknownType)
	}
	return valueOf(pointerTo(x.typ))
}

func (c *checker) member(e *syntax.Member) operand {
	x := c.expr(e.X)
	t, place := x.typ, x.place
	if t.kind == unknown {
		return unknownOperand
	}
	short := syntax.FormatShort(e.X)
	if e.Arrow {
		if t = t.value(); t.kind == structure {
			c.hintf(e.NamePos, "write "+short+"."+e.Name, "%s is %s, and no pointer", short, t)
			return unknownOperand
		}
		if t.kind != pointer {
			c.errorf(e.NamePos, "%s is %s, and no pointer to a struct", short, t)
			return unknownOperand
		}
		t, place = t.elem, true
	} else if t.kind == pointer && t.elem.kind == structure {
		c.hintf(e.NamePos, "write "+short+"->"+e.Name, "%s is %s, and no struct", short, t)
		return unknownOperand
	}
	switch {
	case t.kind == unknown || t.kind == structure && t.of.opaque:
		return unknownOperand
	case t.kind != structure:
		c.errorf(e.NamePos, "%s is %s, which has no members", short, t)
		return unknownOperand
	case !t.of.defined:
		c.errorf(e.NamePos, "%s is not defined, so %s has no member %s", t, short, e.Name)
		return unknownOperand
	}
	f, ok := t.of.find(e.Name)
	if !ok {
		c.errorf(e.NamePos, "%s has no member %s", t, e.Name)
		return unknownOperand
	}
	if t.isConst {
		f.typ = f.typ.constant()
	}
	return operand{typ: f.typ, place: place, bits: f.bits, symbol: registerOf(e, x)}
}

// registerOf is the variable of which something is a member, where that decides whether it has an
// address.
func registerOf(e *syntax.Member, x operand) *symbol {
	if e.Arrow || x.symbol == nil || !x.symbol.storage.Has(syntax.Register) {
		return nil
	}
	return x.symbol
}

func (c *checker) index(e *syntax.Index) operand {
	x, i := c.value(e.X), c.value(e.I)
	if x.isInteger() && x.kind != unknown && i.kind == pointer { // 2[p]
		x, i = i, x
	}
	switch {
	case x.kind == unknown:
		return unknownOperand
	case x.kind != pointer:
		c.errorf(e.Pos(), "%s is %s, which has no elements", syntax.FormatShort(e.X), x)
		return unknownOperand
	case !i.isInteger():
		c.errorf(e.I.Pos(), "an index is an integer, and %s is %s", syntax.FormatShort(e.I), i)
	case x.elem.kind == function, x.elem.isIncomplete():
		c.errorf(e.Pos(), "%s points to %s, which has no elements", syntax.FormatShort(e.X), x.elem)
		return unknownOperand
	}
	return operand{typ: x.elem, place: true}
}

func (c *checker) cast(e *syntax.Cast) operand {
	t := c.resolve(e.Type)
	u := c.value(e.X)
	switch {
	case t.kind == unknown || u.kind == unknown || t.kind == void:
	case t.kind == structure && u.kind == structure && t.of == u.of: // GNU lets it pass
	case !t.isScalar():
		c.errorf(e.Pos(), "a cast to %s, which is neither a number nor a pointer", t)
		return valueOf(unknownType)
	case u.kind == void:
		c.errorf(e.Pos(), "%s has no value", syntax.FormatShort(e.X))
	case !u.isScalar():
		c.errorf(e.Pos(), "a cast of %s, which is %s", syntax.FormatShort(e.X), u)
	case t.kind == pointer && u.kind == floating, t.kind == floating && u.kind == pointer:
		c.errorf(e.Pos(), "a cast from %s to %s", u, t)
	}
	return valueOf(t.plain())
}

func (c *checker) size(e syntax.Expr, x operand) {
	what := "size"
	switch s := e.(type) {
	case *syntax.SizeofExpr:
		if s.Align {
			what = "alignment"
		}
	case *syntax.SizeofType:
		if s.Align {
			what = "alignment"
		}
	}
	switch {
	case x.typ.kind == function:
		c.errorf(e.Pos(), "a function has no %s", what)
	case x.bits:
		c.errorf(e.Pos(), "a bit-field has no %s", what)
	case x.typ.isIncomplete(), x.typ.kind == array && x.typ.length == unknownLength && x.symbol != nil &&
		isOpenArray(x.symbol):
		c.errorf(e.Pos(), "the %s of %s is not known here", what, x.typ)
	}
}

// isOpenArray reports whether nothing has said yet how long an array at file scope is.
func isOpenArray(s *symbol) bool { return s.storage.Has(syntax.Extern) && !s.defined }

// generic is the choice of a _Generic.
func (c *checker) generic(e *syntax.Generic) operand {
	t := c.value(e.X)
	var types []*ctype
	chosen := -1
	other := -1
	known := t.kind != unknown
	for i, a := range e.Assocs {
		if a.Type == nil {
			if other >= 0 {
				c.errorf(a.Pos(), "default stands twice in one _Generic")
			}
			other = i
			continue
		}
		at := c.resolve(a.Type)
		switch {
		case at.kind == unknown:
			known = false
			continue
		case at.kind == function, at.isIncomplete():
			c.errorf(a.Pos(), "%s is incomplete, so nothing has that type", at)
			continue
		}
		for _, b := range types {
			if same(at, b) && at.isConst == b.isConst {
				c.errorf(a.Pos(), "%s stands twice in one _Generic", at)
			}
		}
		types = append(types, at)
		if known && same(t, at) && t.isConst == at.isConst && chosen < 0 {
			chosen = i
		}
	}
	if chosen < 0 {
		chosen = other
	}
	if known && chosen < 0 {
		c.errorf(e.Pos(), "%s is %s, for which the _Generic has no choice", syntax.FormatShort(e.X), t)
	}
	result := unknownOperand
	for i, a := range e.Assocs {
		if x := c.expr(a.Value); known && i == chosen {
			result = x
		}
	}
	return result
}
