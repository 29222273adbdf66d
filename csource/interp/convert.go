package interp

import "github.com/lockproof/lockproof/csource/syntax"

// converted makes an operand fit to be given to something of type to; who is what it is given to,
// for the diagnostic. A _Bool takes whatever is true for 1.
func (c *compiler) converted(x operand, to *ctype, who string) eval {
	from := x.typ
	switch {
	case to == boolType && (from.kind == kInt && !from.within(to) || from.kind == kPointer || from == unknownType):
		run := x.eval
		return func(f *frame) Value { return truth(run(f).True()) }
	case to.kind == kInt && (from.kind == kInt || from.kind == kUnknown):
		return c.fitted(x, to)
	case to.kind == kPointer && from.kind == kPointer && !to.elem.sameBytes(from.elem):
	case from.kind == kUnknown || to.kind == kUnknown || to.kind == from.kind && to.kind != kOther:
		return x.eval
	case to.kind == kPointer && (c.isNull(x) || from.isObject()):
		return x.eval
	}
	return c.bad(x.node, x.node.Pos(), "%s is %s, and %s is %s", who, to, syntax.FormatShort(x.node), from).eval
}

// sameBytes is false for two integer types of which a pointer to one may not be one to the other.
func (t *ctype) sameBytes(u *ctype) bool {
	return t.kind != kInt || u.kind != kInt || t.bits == u.bits && t.lo == u.lo && (t == boolType) == (u == boolType)
}

// fitted converts an integer to one of type to.
func (c *compiler) fitted(x operand, to *ctype) eval {
	if x.typ.kind == kInt && x.typ.within(to) {
		return x.eval
	}
	run := x.eval
	return func(f *frame) Value { return Value{Int: to.narrow(run(f).Int)} }
}

// isNull reports whether x is C's null pointer constant.
func (c *compiler) isNull(x operand) bool {
	e := x.node
	if id, ok := e.(*syntax.Ident); ok && x.typ == anyPointer {
		return id.Name == "NULL" || id.Name == "nullptr"
	}
	if cast, ok := e.(*syntax.Cast); ok && x.typ.kind == kPointer && x.typ.elem.kind == kVoid {
		e = cast.X
	}
	n, ok := c.scope.fold(e)
	return ok && n == 0
}

// integer insists on an integer; format says of which type it is instead.
func (c *compiler) integer(x operand, format string) operand {
	if x.typ.kind == kInt || x.typ.kind == kUnknown {
		return x
	}
	return c.bad(x.node, x.node.Pos(), format, x.typ)
}

func (c *compiler) cast(e *syntax.Cast) operand {
	c.scope.define(e.Type)
	to := c.typeOf(e.Type)
	if to.kind == kVoid {
		return operand{c.expr(e.X).eval, voidType, e}
	}
	x := c.value(e.X)
	from := x.typ
	if to.kind == kInt && from.kind == kPointer && c.isNull(x) {
		return operand{x.eval, to, e}
	}
	if to.isObject() || to.kind == kOther || to.kind == kInt && to != boolType && from.kind == kPointer {
		return c.bad(e, e.Pos(), "a cast from %s to %s cannot be interpreted", from, to)
	}
	return operand{c.converted(x, to, "the cast"), to, e}
}
