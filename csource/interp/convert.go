package interp

import (
	"strconv"

	"github.com/lockproof/lockproof/csource/syntax"
)

// converted makes an operand fit to be given to something of type to; who is what it is given to,
// for the diagnostic.
//
// C would wrap or narrow a number that does not fit, lower keeps it as it is, and neither is what
// was meant: the run fails. But a _Bool takes whatever is true for 1, and that is meant.
func (c *compiler) converted(x operand, to *ctype, who string) eval {
	from := x.typ
	switch {
	case to == boolType && (from.kind == kInt && !from.within(to) || from.kind == kPointer || from == unknownType):
		run := x.eval
		return func(f *frame) Value { return truth(run(f).True()) }
	case to.kind == kInt && (from.kind == kInt || from.kind == kUnknown):
		return c.fitted(x, to)
	case from.kind == kUnknown || to.kind == kUnknown || to.kind == from.kind && to.kind != kOther:
	case to.kind == kPointer && (c.isNull(x) || from.isObject()):
	default:
		return c.bad(x.node, x.node.Pos(), "%s is %s, and %s is %s", who, to, syntax.FormatShort(x.node), from).eval
	}
	return x.eval
}

func (c *compiler) fitted(x operand, to *ctype) eval {
	fit := c.fit(x, to)
	if fit == nil {
		return x.eval
	}
	run := x.eval
	return func(f *frame) Value {
		v := run(f)
		fit(f, v.Int)
		return v
	}
}

// fit checks when it runs that an integer is one of type to; nil where that is certain.
func (c *compiler) fit(x operand, to *ctype) func(*frame, int64) {
	if x.typ.promoted().within(to) || x.typ.kind == kInt && x.typ.within(to) {
		return nil
	}
	if n, ok := syntax.EvalConst(x.node, c.scope.constant); ok && to.holds(n) {
		return nil
	}
	node := x.node
	return func(f *frame, n int64) {
		if !to.holds(n) {
			f.outOfRange(node, n, to)
		}
	}
}

func (f *frame) outOfRange(e syntax.Expr, n int64, t *ctype) {
	if text := syntax.FormatShort(e); text != strconv.FormatInt(n, 10) {
		f.fail(Range, e.Pos(), "%s is %d, which does not fit %s", text, n, t)
	}
	f.fail(Range, e.Pos(), "%d does not fit %s", n, t)
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
	n, ok := syntax.EvalConst(e, nil)
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
