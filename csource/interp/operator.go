package interp

import "github.com/lockproof/lockproof/csource/syntax"

func (c *compiler) binary(e *syntax.Binary) operand {
	if e.Op == "&&" || e.Op == "||" || comparisons[e.Op] != nil {
		return c.truthOf(e)
	}
	if arithmetic[e.Op] == nil {
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
// computes. The run fails where C would have no result or wrap it round.
func (c *compiler) operation(e syntax.Expr, op string, x, y operand) (func(f *frame, p, q int64) int64, *ctype) {
	t := x.typ.common(y.typ)
	fitY, most := c.fit(y, t), int64(0)
	if op == "<<" || op == ">>" {
		t, fitY, most = x.typ.promoted(), nil, int64(x.typ.promoted().bits)
	}
	fitX, do := c.fit(x, t), arithmetic[op]
	return func(f *frame, p, q int64) int64 {
		if fitX != nil {
			fitX(f, p)
		}
		if fitY != nil {
			fitY(f, q)
		}
		n, ok := do(p, q)
		if !ok || most > 0 && q >= most {
			f.fail(Undefined, e.Pos(), "%s has no result for %d and %d", op, p, q)
		}
		if n < t.lo || n > t.hi {
			f.outOfRange(e, n, t)
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
	return func(f *frame) bool { p := a(f).Int; return do(p, b(f).Int) }
}

// samePointer compares pointers, or what may be pointers.
func (c *compiler) samePointer(e *syntax.Binary, x, y operand) func(*frame) bool {
	for _, pair := range [][2]operand{{x, y}, {y, x}} {
		if from, to := pair[0], pair[1]; to.typ.kind == kPointer && from.typ.kind == kInt && !c.isNull(from) || from.typ.kind == kOther {
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
