package interp

import "github.com/lockproof/lockproof/csource/syntax"

func (c *compiler) binary(e *syntax.Binary) operand {
	if e.Op == "&&" || e.Op == "||" || comparisons[e.Op] != nil {
		return c.truthOf(e)
	}
	if !isArithmetic(e.Op) {
		return c.bad(e, e.OpPos, "operator %s cannot be interpreted", e.Op)
	}
	x, y := c.value(e.X), c.value(e.Y)
	if p, ok := c.pointerBinary(e, x, y); ok {
		return p
	}
	x, y = c.integer(x, e.Op+" cannot be interpreted on %s"), c.integer(y, e.Op+" cannot be interpreted on %s")
	apply, t := c.operation(e, e.Op, x, y)
	a, b := x.eval, y.eval
	return operand{func(f *frame) Value {
		p := a(f).Int
		return Value{Int: apply(f, p, b(f).Int)}
	}, t, e}
}

// operation is an arithmetic operator on operands of the types of x and y, in the type in which C
// computes. The run fails where C gives it no result.
func (c *compiler) operation(e syntax.Expr, op string, x, y operand) (func(f *frame, p, q int64) int64, *ctype) {
	shift := op == "<<" || op == ">>"
	t, count := x.typ.common(y.typ), y.typ.promoted()
	if shift {
		t = x.typ.promoted()
	}
	return func(f *frame, p, q int64) int64 {
		p = t.narrow(p)
		if shift {
			q = count.narrow(q)
		} else {
			q = t.narrow(q)
		}
		n, ok := t.compute(op, p, q)
		if !ok {
			f.fail(Undefined, e.Pos(), "%s has no result for %d and %d in %s", op, p, q, t.name)
		}
		return n
	}, t
}

// test compiles a condition.
func (c *compiler) test(e syntax.Expr) func(*frame) bool {
	switch e := e.(type) {
	case *syntax.Binary:
		switch {
		case e.Op == "&&":
			x, y := c.test(e.X), c.test(e.Y)
			return func(f *frame) bool { return x(f) && y(f) }
		case e.Op == "||":
			x, y := c.test(e.X), c.test(e.Y)
			return func(f *frame) bool { return x(f) || y(f) }
		case comparisons[e.Op] != nil:
			return c.comparison(e)
		}
	case *syntax.Unary:
		if e.Op == "!" {
			x := c.test(e.X)
			return func(f *frame) bool { return !x(f) }
		}
	}
	x := c.value(e)
	if x.typ.kind == kOther {
		x = c.bad(e, e.Pos(), "%s is %s", syntax.FormatShort(e), x.typ)
	}
	run := x.eval
	return func(f *frame) bool { return run(f).True() }
}

// truthOf is a condition as 0 or 1.
func (c *compiler) truthOf(e syntax.Expr) operand {
	test := c.test(e)
	return operand{func(f *frame) Value { return truth(test(f)) }, intType, e}
}

func (c *compiler) comparison(e *syntax.Binary) func(*frame) bool {
	x, y := c.value(e.X), c.value(e.Y)
	pointers := x.typ.kind == kPointer || y.typ.kind == kPointer || x.typ.kind == kUnknown || y.typ.kind == kUnknown
	if pointers && (e.Op == "==" || e.Op == "!=") {
		return c.samePointer(e, x, y)
	}
	if p, ok := c.pointerBinary(e, x, y); ok {
		return func(f *frame) bool { return p.eval(f).True() }
	}
	x, y = c.integer(x, e.Op+" cannot be interpreted on %s"), c.integer(y, e.Op+" cannot be interpreted on %s")
	t := x.typ.common(y.typ)
	a, b, do := c.fitted(x, t), c.fitted(y, t), comparisons[e.Op]
	return func(f *frame) bool {
		p := a(f).Int
		q := b(f).Int
		return do(t.less(p, q), p == q)
	}
}

// samePointer compares pointers, or what may be pointers.
func (c *compiler) samePointer(e *syntax.Binary, x, y operand) func(*frame) bool {
	for _, pair := range [][2]operand{{x, y}, {y, x}} {
		if from, to := pair[0], pair[1]; to.typ.kind == kPointer && from.typ.kind == kInt && !c.isNull(from) ||
			from.typ.kind == kOther {
			x = c.bad(e, e.OpPos, "%s cannot be compared with %s", x.typ, y.typ)
			break
		}
	}
	a, b, equal := x.eval, y.eval, e.Op == "=="
	return func(f *frame) bool {
		p := a(f)
		return f.same(p, b(f)) == equal
	}
}

// same compares pointers, of which one may lead to an element and the other to the host's object
// that this is.
func (f *frame) same(x, y Value) bool {
	if x == y {
		return true
	}
	a, ok := x.Object.(element)
	b, also := y.Object.(element)
	switch {
	case ok == also:
		return false
	case !ok:
		x, y, a = y, x, b
	}
	if !a.typ.isObject() || y.Object == nil {
		return false
	}
	o, there := f.run.host.Address(a.array, a.field())
	return there && o == y
}
