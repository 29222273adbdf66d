package constraint

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

func (c *checker) unary(e *syntax.Unary) operand {
	switch e.Op {
	case "++", "--":
		return c.step(e, e.X, e.Op)
	case "&&":
		return valueOf(pointerTo(voidType))
	case "&":
		return c.address(e)
	case "!":
		c.condition(e.X)
		return valueOf(intType)
	}
	x := c.expr(e.X)
	t := x.typ.value()
	if t.kind == unknown {
		return unknownOperand
	}
	if e.Op == "*" {
		return c.follow(e, t)
	}
	if ok := e.Op == "~" && t.isInteger() || e.Op != "~" && t.isArithmetic(); !ok {
		c.errorf(e.Pos(), "%s cannot be applied to %s, which is %s", e.Op, syntax.FormatShort(e.X), t)
		return unknownOperand
	}
	return valueOf(promoted(t))
}

// follow looks at *X, of which X has type t.
func (c *checker) follow(e *syntax.Unary, t *ctype) operand {
	switch {
	case t.kind == unknown:
		return unknownOperand
	case t.kind != pointer:
		c.errorf(e.Pos(), "* needs a pointer, and %s is %s", syntax.FormatShort(e.X), t)
		return unknownOperand
	case t.elem.kind == void:
		c.errorf(e.Pos(), "%s is a %s, and there is nothing of type void", syntax.FormatShort(e.X), t)
		return unknownOperand
	}
	return operand{typ: t.elem, place: t.elem.kind != function}
}

// step looks at ++ and --.
func (c *checker) step(e, target syntax.Expr, op string) operand {
	x := c.expr(target)
	t := x.typ.value()
	switch {
	case t.kind == unknown:
		return valueOf(unknownType)
	case x.typ.kind == array || !t.isScalar():
		c.errorf(e.Pos(), "%s cannot be applied to %s, which is %s", op, syntax.FormatShort(target), x.typ)
		return valueOf(unknownType)
	}
	c.modifiable(e.Pos(), target, x)
	c.steps(e, t)
	return valueOf(t)
}

// steps says whether a pointer can be moved by elements.
func (c *checker) steps(e syntax.Expr, t *ctype) {
	if t.kind == pointer && t.elem.kind != void && t.elem.isIncomplete() {
		c.errorf(e.Pos(), "%s moves a pointer to %s, which is not defined", syntax.FormatShort(e), t.elem)
	}
}

func (c *checker) binary(e *syntax.Binary) operand {
	if e.Op == "&&" || e.Op == "||" {
		c.condition(e.X)
		c.condition(e.Y)
		return valueOf(intType)
	}
	return valueOf(c.operands(e.OpPos, e.Op, e.X, e.Y, c.value(e.X), c.value(e.Y)))
}

// operands is the type of x op y, of which the types are known.
func (c *checker) operands(pos model.Pos, op string, x, y syntax.Expr, t, u *ctype) *ctype {
	if t.kind == void || u.kind == void {
		for i, e := range []syntax.Expr{x, y} {
			if [...]*ctype{t, u}[i].kind == void {
				c.errorf(e.Pos(), "%s has no value", syntax.FormatShort(e))
			}
		}
		return unknownType
	}
	wrong := func() *ctype {
		c.errorf(pos, "%s cannot be applied to %s and %s: they are %s and %s", op, syntax.FormatShort(x),
			syntax.FormatShort(y), t, u)
		return unknownType
	}
	scalars := t.isScalar() && u.isScalar()
	switch op {
	case "==", "!=", "<", "<=", ">", ">=":
		switch {
		case !scalars:
			wrong()
		case t.kind == pointer && u.kind == pointer:
			if !samePointed(t.elem, u.elem) {
				wrong()
			}
		case t.kind == pointer && u.kind != unknown:
			if !u.isInteger() || !c.isNull(y) {
				wrong()
			}
		case u.kind == pointer && t.kind != unknown:
			if !t.isInteger() || !c.isNull(x) {
				wrong()
			}
		}
		return intType
	case "%", "&", "|", "^", "<<", ">>":
		switch {
		case !t.isInteger() || !u.isInteger():
			return wrong()
		case op == "<<" || op == ">>":
			return promoted(t)
		}
		return common(t, u)
	}
	switch {
	case t.kind == unknown || u.kind == unknown:
		if !scalars {
			return wrong()
		}
		return unknownType
	case t.isArithmetic() && u.isArithmetic():
		return common(t, u)
	case op == "+" && t.kind == pointer && u.isInteger(), op == "-" && t.kind == pointer && u.isInteger():
		c.steps(x, t)
		return t
	case op == "+" && u.kind == pointer && t.isInteger():
		c.steps(y, u)
		return u
	case op == "-" && t.kind == pointer && u.kind == pointer && same(t.elem, u.elem):
		c.steps(x, t)
		return longType
	}
	return wrong()
}

// promoted is the type in which C computes on one operand.
func promoted(t *ctype) *ctype {
	if i, ok := syntax.BasicInt(t.name); ok && i.Bits < 32 {
		return intType
	}
	return t.plain()
}

// ranks orders the integer types that are left after promotion.
var ranks = map[string]int{
	"int": 1, "unsigned int": 2, "long": 3, "unsigned long": 4, "long long": 5, "unsigned long long": 6, "__int128": 7,
	"unsigned __int128": 8,
}

// common is the type in which C computes on two operands.
func common(t, u *ctype) *ctype {
	if t.kind == unknown || u.kind == unknown {
		return unknownType
	}
	if t.kind == floating || u.kind == floating {
		if t.kind == u.kind && t.name == u.name {
			return t
		}
		return &ctype{kind: floating, name: "double"}
	}
	t, u = promoted(t), promoted(u)
	if ranks[t.name] < ranks[u.name] {
		t, u = u, t
	}
	if t.name == "long long" && u.name == "unsigned long" {
		return integerType("unsigned long long")
	}
	return t
}

func (c *checker) cond(e *syntax.Cond) operand {
	c.condition(e.X)
	then := e.Then
	if then == nil {
		then = e.X
	}
	x, y := c.expr(then), c.expr(e.Else)
	t, u := x.typ.value(), y.typ.value()
	switch {
	case t.kind == unknown || u.kind == unknown:
		return valueOf(unknownType)
	case t.kind == void || u.kind == void:
		return valueOf(voidType)
	case t.isArithmetic() && u.isArithmetic():
		return valueOf(common(t, u))
	case t.kind == structure && u.kind == structure && t.of == u.of:
		return valueOf(t)
	case t.kind == pointer && u.kind == pointer && isVoidNull(c, then, t):
		return valueOf(u)
	case t.kind == pointer && u.kind == pointer && isVoidNull(c, e.Else, u):
		return valueOf(t)
	case t.kind == pointer && u.kind == pointer && samePointed(t.elem, u.elem):
		to := t.elem
		if u.elem.kind == void {
			to = u.elem
		}
		if t.elem.isConst || u.elem.isConst {
			to = to.constant()
		}
		return valueOf(pointerTo(to))
	case t.kind == pointer && u.isInteger() && c.isNull(e.Else):
		return valueOf(t)
	case u.kind == pointer && t.isInteger() && c.isNull(then):
		return valueOf(u)
	}
	c.errorf(e.Pos(), "the arms of %s are %s and %s", syntax.FormatShort(e), t, u)
	return valueOf(unknownType)
}

// isVoidNull reports whether an expression is NULL.
func isVoidNull(c *checker, e syntax.Expr, t *ctype) bool {
	if t.elem.kind != void || t.elem.isConst {
		return false
	}
	switch e := e.(type) {
	case *syntax.Ident:
		return c.find(e.Name) == nil
	case *syntax.Cast:
		return c.isNull(e.X)
	}
	return false
}
