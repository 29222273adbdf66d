package interp

import "github.com/lockproof/lockproof/csource/syntax"

// expr compiles an expression. Operands are evaluated from left to right. An array is the pointer
// to its first element.
func (c *compiler) expr(e syntax.Expr) operand { return c.decay(c.whole(e)) }

// whole is expr, but that an array stays what it is.
func (c *compiler) whole(e syntax.Expr) operand {
	switch e := e.(type) {
	case *syntax.IntLit:
		t := literalType(e)
		if t == nil {
			return c.bad(e, e.Pos(), "%s is too large to be interpreted", e.Text)
		}
		return constant(e, t, e.Value)
	case *syntax.CharLit:
		return constant(e, intType, e.Value)
	case *syntax.StringLit:
		return text(e, e.Value)
	case *syntax.Ident:
		return c.ident(e)
	case *syntax.Member, *syntax.Index:
		return c.place(e).read(e)
	case *syntax.Unary:
		return c.unary(e)
	case *syntax.Postfix:
		return c.step(e, e.X, e.Op, false)
	case *syntax.Binary:
		return c.binary(e)
	case *syntax.Assign:
		return c.assign(e)
	case *syntax.Cond:
		return c.conditional(e)
	case *syntax.Call:
		return c.call(e)
	case *syntax.Cast:
		return c.cast(e)
	case *syntax.Comma:
		return c.comma(e)
	case *syntax.SizeofType:
		return c.size(e, c.typeOf(e.Type), e.Align)
	case *syntax.SizeofExpr:
		return c.size(e, c.typeOf(&syntax.TypeofType{At: e.At, X: e.X}), e.Align)
	}
	return c.refused(e)
}

func (c *compiler) refused(e syntax.Expr) operand {
	switch e.(type) {
	case *syntax.FloatLit:
		return c.bad(e, e.Pos(), "a floating constant cannot be interpreted")
	}
	return c.bad(e, e.Pos(), "%s cannot be interpreted", syntax.FormatShort(e))
}

// value compiles an expression whose value is used.
func (c *compiler) value(e syntax.Expr) operand {
	x := c.expr(e)
	if x.typ.kind == kVoid {
		return c.bad(e, e.Pos(), "%s has no value", syntax.FormatShort(e))
	}
	switch e.(type) {
	case *syntax.Call, *syntax.Cond, *syntax.Comma:
		return returned(x)
	}
	return x
}

// returned fails where a function came back without the value that it should have.
func returned(x operand) operand {
	run := x.eval
	return operand{func(f *frame) Value {
		v := run(f)
		if v.isUnset() {
			f.fail(Uninitialised, x.node.Pos(), "%s has no value: the function returned without one", syntax.FormatShort(x.node))
		}
		return v
	}, x.typ, x.node}
}

func constant(e syntax.Expr, t *ctype, n int64) operand {
	v := Value{Int: n}
	return operand{func(*frame) Value { return v }, t, e}
}

func text(e syntax.Expr, s string) operand {
	v := Value{Object: s}
	return operand{func(*frame) Value { return v }, stringType, e}
}

func (c *compiler) ident(e *syntax.Ident) operand {
	if known := c.scope.find(e.Name); known != nil {
		if known.kind == constantEntity {
			return constant(e, known.typ, known.value)
		}
		if known.kind == localEntity && known.typ.kind != kOther {
			return operand{getLocal(e, known), known.typ, e}
		}
		return c.place(e).read(e)
	}
	switch e.Name {
	case "NULL", "nullptr":
		return operand{func(*frame) Value { return Value{} }, anyPointer, e}
	case "true", "TRUE":
		return constant(e, intType, 1)
	case "false", "FALSE":
		return constant(e, intType, 0)
	case "__func__", "__FUNCTION__":
		return text(e, c.fn.name)
	case "__FILE__":
		return text(e, e.Pos().File)
	}
	if c.functions[e.Name] != nil || c.prototypes[e.Name] != nil {
		return c.bad(e, e.Pos(), "%s is a function and can only be called", e.Name)
	}
	if v, ok := c.scope.constant(e.Name); ok {
		return constant(e, intType, v)
	}
	return c.bad(e, e.Pos(), "unknown variable %s", e.Name)
}

func (c *compiler) unary(e *syntax.Unary) operand {
	switch e.Op {
	case "&":
		return c.address(e)
	case "*":
		return c.place(e).read(e)
	case "++", "--":
		return c.step(e, e.X, e.Op, true)
	case "!":
		return c.truthOf(e)
	case "-", "+", "~":
		x := c.integer(c.value(e.X), e.Op+" cannot be interpreted on %s")
		op, left := e.Op, int64(0)
		if op == "~" {
			op, left = "^", -1
		}
		apply, t := c.operation(e, op, constant(e, x.typ.promoted(), 0), x)
		run := x.eval
		return operand{func(f *frame) Value { return Value{Int: apply(f, left, run(f).Int)} }, t, e}
	}
	return c.bad(e, e.Pos(), "%s cannot be interpreted", syntax.FormatShort(e))
}

// size is sizeof: of integers and pointers alone.
func (c *compiler) size(e syntax.Expr, t *ctype, align bool) operand {
	n := t.size()
	if n == 0 || align {
		return c.bad(e, e.Pos(), "the size of %s is not known here: only integers and pointers have one", t)
	}
	return constant(e, ulongType, n)
}

func (c *compiler) comma(e *syntax.Comma) operand {
	last := len(e.List) - 1
	var before []eval
	for _, x := range e.List[:last] {
		before = append(before, c.expr(x).eval)
	}
	x := c.expr(e.List[last])
	return operand{func(f *frame) Value {
		for _, b := range before {
			b(f)
		}
		return x.eval(f)
	}, x.typ, e}
}

func (c *compiler) conditional(e *syntax.Cond) operand {
	if e.Then == nil {
		return c.bad(e, e.Pos(), "?: without a middle cannot be interpreted")
	}
	test, x, y := c.test(e.X), c.expr(e.Then), c.expr(e.Else)
	t := x.typ
	switch {
	case t.kind == kVoid || y.typ.kind == kVoid:
		t = voidType
	case t.kind == kInt && y.typ.kind == kInt:
		t = t.common(y.typ)
	case c.isNull(x) || t.kind == kUnknown:
		t = y.typ
	}
	then, other := x.eval, y.eval
	if t.kind != kVoid {
		then, other = c.converted(x, t, syntax.FormatShort(e)), c.converted(y, t, syntax.FormatShort(e))
	}
	return operand{func(f *frame) Value {
		if test(f) {
			return then(f)
		}
		return other(f)
	}, t, e}
}
