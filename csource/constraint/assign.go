package constraint

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// modifiable says whether an operand may be stored to.
func (c *checker) modifiable(pos model.Pos, e syntax.Expr, x operand) {
	short := syntax.FormatShort(e)
	switch member := x.typ.constMember(); {
	case x.typ.kind == unknown:
	case x.typ.kind == function:
		c.errorf(pos, "%s is a function, which cannot be assigned", short)
	case !x.place:
		c.errorf(pos, "%s is not a variable", short)
	case x.typ.kind == array:
		c.errorf(pos, "%s is an array, which cannot be assigned as a whole", short)
	case x.typ.isConst:
		c.errorf(pos, "%s is const: it cannot be changed", short)
	case member != "":
		c.errorf(pos, "%s has a const member, %s: it cannot be assigned as a whole", short, member)
	case x.typ.isIncomplete():
		c.errorf(pos, "%s is %s, which is not defined", short, x.typ)
	}
}

func (c *checker) assign(e *syntax.Assign) operand {
	x := c.expr(e.X)
	y := c.expr(e.Y)
	c.modifiable(e.Pos(), e.X, x)
	t, u := x.typ.plain(), y.typ.value()
	if t.kind == array || t.kind == function {
		return valueOf(unknownType)
	}
	switch e.Op {
	case "=":
		c.assignable(e.Y.Pos(), t, e.Y, y, syntax.FormatShort(e.X)+" is")
		return valueOf(t)
	case "+=", "-=":
		if t.kind == pointer && u.isInteger() {
			c.steps(e, t)
			return valueOf(t)
		}
	}
	c.operands(e.OpPos, e.Op[:len(e.Op)-1], e.X, e.Y, t, u)
	return valueOf(t)
}

// assignable says whether a value may be given to something of type t; what says to what.
func (c *checker) assignable(pos model.Pos, t *ctype, e syntax.Expr, x operand, what string) {
	u := x.typ.value()
	ok, hint := true, ""
	switch {
	case u.kind == void && t.kind != void:
		c.errorf(pos, "%s %s, and %s has no value", what, t, syntax.FormatShort(e))
		return
	case t.kind == unknown || u.kind == unknown:
	case t.isBool():
		ok = u.isScalar()
	case t.isArithmetic():
		ok = u.isArithmetic()
	case t.kind == pointer && u.kind == pointer:
		ok = samePointed(t.elem, u.elem)
		if a, b := t.elem, u.elem; !ok && a.kind == structure && b.kind == structure && a.of.tag == b.of.tag &&
			a.of.inParams != b.of.inParams {
			hint = a.of.word + " " + a.of.tag + " in parentheses is one of its own: declare it before the function"
		}
	case t.kind == pointer:
		ok = u.isInteger() && c.isNull(e)
	case t.kind == structure:
		ok = u.kind == structure && u.of == t.of
	case t.kind == object:
		ok = u.kind == object && u.name == t.name
	}
	if !ok {
		c.hintf(pos, hint, "%s %s, and %s is %s", what, t, syntax.FormatShort(e), u)
	}
}

// isNull reports whether an integer is the constant 0, which is a pointer of any type.
func (c *checker) isNull(e syntax.Expr) bool {
	n, ok := c.eval(e)
	return ok && n == 0 && c.isConstant(e)
}
