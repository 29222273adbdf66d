package interp

import (
	"strconv"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// element is a pointer to an element of an array of the host's, which need not be there: an index
// may lie outside as long as nobody follows it.
type element struct {
	array any
	i     int64
	typ   *ctype // of the element
}

// field is the name by which the host knows an element of its array.
func (e element) field() string { return "[" + strconv.FormatInt(e.i, 10) + "]" }

// beside is a pointer that was moved by n from something that is not in an array.
type beside struct {
	base any
	n    int64
}

// decay makes of an array the pointer to its first element.
func (c *compiler) decay(x operand) operand {
	if x.typ.kind != kArray {
		return x
	}
	run, t, pos := x.eval, x.typ.elem, x.node.Pos()
	return operand{
		func(f *frame) Value { return Value{Object: element{f.hostObject(run(f), pos), 0, t}} },
		pointerTo(t), x.node,
	}
}

// hostObject is the host's own object where v is a pointer of ours to one: an element that is a
// struct, an array, a mutex or a condition. Other pointers stay what they are.
func (f *frame) hostObject(v Value, pos model.Pos) any {
	e, ok := v.Object.(element)
	if !ok || !e.typ.isObject() {
		return v.Object
	}
	o, ok := f.run.host.Address(e.array, e.field())
	if !ok {
		f.outside(e, pos)
	}
	return o.Object
}

func (f *frame) outside(e element, pos model.Pos) {
	f.fail(Outside, pos, "the array has no element %d", e.i)
}

// indexPlace is X[I], which is *(X + I).
func (c *compiler) indexPlace(e *syntax.Index) place {
	x, y := c.value(e.X), c.value(e.I)
	if x.typ.kind == kInt && y.typ.kind == kPointer {
		return c.pointed(e, c.swapped(e, x, y))
	}
	if x.typ == badType || y.typ == badType {
		return failing(c.shift(e, "+", x, y))
	}
	if x.typ.kind != kPointer || y.typ.kind != kInt && y.typ.kind != kUnknown {
		return c.badPlace(e, e.Pos(), "%s has no elements: it is %s", syntax.FormatShort(e.X), x.typ)
	}
	return c.pointed(e, c.shift(e, "+", x, y))
}

// swapped is a pointer y with an integer x before it added.
func (c *compiler) swapped(e syntax.Expr, x, y operand) operand {
	c.steps(e, y)
	a, b := x.eval, y.eval
	return operand{func(f *frame) Value {
		n := a(f).Int
		return f.shifted(b(f), n, y.typ.elem, e.Pos())
	}, y.typ, e}
}

// shift is a pointer with an integer added or subtracted.
func (c *compiler) shift(e syntax.Expr, op string, x, y operand) operand {
	y = c.integer(y, op+" cannot be interpreted on %s")
	if x.typ == badType || y.typ == badType {
		return c.bad(e, e.Pos(), "%s cannot be interpreted", syntax.FormatShort(e))
	}
	c.steps(e, x)
	a, b, sign := x.eval, y.eval, int64(1)
	if op == "-" {
		sign = -1
	}
	return operand{func(f *frame) Value {
		p := a(f)
		return f.shifted(p, sign*b(f).Int, x.typ.elem, e.Pos())
	}, x.typ, e}
}

// steps refuses a pointer to what has no size.
func (c *compiler) steps(e syntax.Expr, x operand) {
	switch t := x.typ.elem; {
	case t.kind == kVoid, t.kind == kOther, t.kind == kStruct && !t.strukt.defined:
		c.bad(e, e.Pos(), "%s has no elements: it points to %s", syntax.FormatShort(e), t)
	}
}

func (f *frame) shifted(v Value, n int64, t *ctype, pos model.Pos) Value {
	switch p := v.Object.(type) {
	case nil:
		if n != 0 {
			f.fail(Null, pos, "a NULL pointer is moved")
		}
		return v
	case element:
		p.i += n
		return Value{Object: p}
	case beside:
		p.n += n
		if p.n == 0 {
			return Value{Object: p.base}
		}
		return Value{Object: p}
	case *Variable, reference:
		if n == 0 {
			return v
		}
		return Value{Object: beside{p, n}}
	}
	if n != 0 {
		f.fail(NoMeaning, pos, "where this pointer leads in an array is not known: only that of an element is")
	}
	return v
}

// pointerBinary compiles +, -, and the comparisons of pointers; false when neither is one.
func (c *compiler) pointerBinary(e *syntax.Binary, x, y operand) (operand, bool) {
	switch {
	case x.typ.kind == kPointer && (y.typ.kind == kInt || y.typ.kind == kUnknown) && (e.Op == "+" || e.Op == "-"):
		return c.shift(e, e.Op, x, y), true
	case y.typ.kind == kPointer && x.typ.kind == kInt && e.Op == "+":
		return c.swapped(e, x, y), true
	case x.typ.kind != kPointer || y.typ.kind != kPointer:
		return operand{}, false
	}
	compare := comparisons[e.Op]
	if compare == nil && e.Op != "-" {
		return operand{}, false
	}
	a, b, t := x.eval, y.eval, intType
	if e.Op == "-" {
		t = longType
	}
	return operand{func(f *frame) Value {
		p := a(f)
		d := f.distance(p, b(f), e.Pos())
		if compare == nil {
			return Value{Int: d}
		}
		return truth(compare(d < 0, d == 0))
	}, t, e}, true
}

// distance is how many elements lie between two pointers into one array.
func (f *frame) distance(x, y Value, pos model.Pos) int64 {
	if x == y {
		return 0
	}
	a, ok := x.Object.(element)
	b, also := y.Object.(element)
	if ok && also && a.array == b.array {
		return a.i - b.i
	}
	p, n := apart(x)
	q, m := apart(y)
	if p != q || ok || also || p == nil {
		f.fail(Undefined, pos, "two pointers do not lead into one array")
	}
	return n - m
}

// apart takes a pointer apart that was moved beside its object.
func apart(v Value) (any, int64) {
	if b, ok := v.Object.(beside); ok {
		return b.base, b.n
	}
	return v.Object, 0
}
