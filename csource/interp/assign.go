package interp

import (
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
)

func (c *compiler) assign(e *syntax.Assign) operand {
	p := c.target(e, e.X)
	op := strings.TrimSuffix(e.Op, "=")
	switch {
	case p.typ == badType:
		return p.read(e)
	case op == "":
		return c.plain(e, p)
	case !isArithmetic(op):
		return c.bad(e, e.OpPos, "operator %s cannot be interpreted", e.Op)
	}
	if p.typ.kind == kPointer && (op == "+" || op == "-") {
		return c.move(e, p, op, c.value(e.Y), true)
	}
	old := c.integer(operand{nil, p.typ, e.X}, e.Op+" cannot be interpreted on %s")
	y := c.integer(c.value(e.Y), e.Op+" cannot be interpreted on %s")
	return c.update(e, p, op, old, y, true)
}

func (c *compiler) plain(e *syntax.Assign, p place) operand {
	x := c.converted(c.value(e.Y), p.typ, syntax.FormatShort(e.X))
	if id, ok := e.X.(*syntax.Ident); ok {
		if known := c.scope.find(id.Name); known.kind == localEntity {
			set := setLocal(known)
			return operand{func(f *frame) Value { v := x(f); set(f, v); return v }, p.typ, e}
		}
	}
	base, store := p.base, p.store
	return operand{func(f *frame) Value {
		at := base(f)
		v := x(f)
		store(f, at, v)
		return v
	}, p.typ, e}
}

// step compiles ++ and --: a read and a write, as the machine does it.
func (c *compiler) step(e, target syntax.Expr, op string, prefix bool) operand {
	p := c.target(e, target)
	if p.typ == badType {
		return p.read(e)
	}
	one := &syntax.IntLit{At: syntax.At{Start: e.Pos()}, Value: 1, Text: "1"}
	if p.typ.kind == kPointer {
		return c.move(e, p, op[:1], c.expr(one), prefix)
	}
	old := c.integer(operand{nil, p.typ, target}, op+" needs an integer, and this is %s")
	return c.update(e, p, op[:1], old, c.expr(one), prefix)
}

// update compiles X = X op Y with X evaluated once, before Y. Its value is what X is then, or was
// before.
func (c *compiler) update(e syntax.Expr, p place, op string, old, y operand, then bool) operand {
	if old.typ == badType {
		return old
	}
	apply, t := c.operation(e, op, old, y)
	fits, typ := t.within(p.typ), p.typ
	base, load, store, run := p.base, p.load, p.store, y.eval
	return operand{func(f *frame) Value {
		at := base(f)
		was := load(f, at)
		n := apply(f, was.Int, run(f).Int)
		if !fits {
			n = typ.narrow(n)
		}
		store(f, at, Value{Int: n})
		if then {
			return Value{Int: n}
		}
		return was
	}, p.typ, e}
}

// move compiles X += Y and its like where X is a pointer.
func (c *compiler) move(e syntax.Expr, p place, op string, y operand, then bool) operand {
	y = c.integer(y, op+" cannot be interpreted on %s")
	c.steps(e, operand{nil, p.typ, e})
	base, load, store, run, sign := p.base, p.load, p.store, y.eval, int64(1)
	if op == "-" {
		sign = -1
	}
	return operand{func(f *frame) Value {
		at := base(f)
		was := load(f, at)
		is := f.shifted(was, sign*run(f).Int, p.typ.elem, e.Pos())
		store(f, at, is)
		if then {
			return is
		}
		return was
	}, p.typ, e}
}

// target is a place that a value is to be stored in.
func (c *compiler) target(e, x syntax.Expr) place {
	p := c.place(x)
	switch {
	case p.typ == badType:
	case p.typ.isObject():
		return c.badPlace(e, e.Pos(), "a %s cannot be copied", p.typ)
	case p.store == nil:
		return c.badPlace(e, e.Pos(), "%s cannot be assigned", syntax.FormatShort(x))
	default:
		p.usedAs(Changed)
	}
	return p
}
