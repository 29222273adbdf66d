package syntax

// Consts says what constant expressions are made of. The zero value knows the built-in types alone.
type Consts struct {
	// Name is the value of an enumerator. Its type is int where that holds the value.
	Name func(name string) (int64, bool)
	// NameType is the type of an enumerator, where it is not the least of int, unsigned int and long
	// that holds its value.
	NameType func(name string) (IntType, bool)
	// Type is the integer type that a type stands for which is not built in.
	Type func(t Type) (IntType, bool)
	// Size is what sizeof, or _Alignof, gives for a type, or for an expression.
	Size func(t Type, x Expr, align bool) (int64, bool)
	// Call is the value of what looks like a call: offsetof(type, field).
	Call func(x *Call) (int64, IntType, bool)

	// preprocessor makes every integer an intmax_t or an uintmax_t, and overflow wrap.
	preprocessor bool
}

// EvalConst evaluates an integer constant expression in which no types have names, see
// [Consts.Eval].
func EvalConst(x Expr, lookup func(name string) (int64, bool)) (int64, bool) {
	c := Consts{Name: lookup}
	v, _, ok := c.Eval(x)
	return v, ok
}

// Eval evaluates an integer constant expression: of an #if, an enumerator, a case label, an
// array's length. It is not ok when the value cannot be known: a name is unknown, C gives it no
// meaning (a division by zero, an overflow), or something is no constant (a call, a string). An
// unknown operand does not matter where C would not evaluate it or where the other one decides:
// `0 && x`, `x || 1`.
//
// Every operator computes in the type in which C does; the value is what [IntType.Wrap] makes of
// it.
func (c *Consts) Eval(x Expr) (value int64, t IntType, ok bool) {
	switch x := x.(type) {
	case *IntLit:
		t, ok = x.Type()
		return x.Value, c.widest(t), ok || c.preprocessor
	case *CharLit:
		return x.Value, c.widest(Int), true
	case *Ident:
		if c.Name == nil {
			return 0, Int, false
		}
		value, ok = c.Name(x.Name)
		if c.NameType != nil {
			if t, known := c.NameType(x.Name); known {
				return value, t, ok
			}
		}
		return value, c.widest(typeOfValue(value)), ok
	case *Unary:
		value, t, ok = c.Eval(x.X)
		if !ok {
			return 0, t, false
		}
		return constUnary(x.Op, value, t.promoted(), c.preprocessor)
	case *Binary:
		return c.binary(x)
	case *Cond:
		return c.cond(x)
	case *Cast:
		value, _, ok = c.Eval(x.X)
		if t, known := c.typeOf(x.Type); known && ok {
			return t.Wrap(value), t, true
		}
	case *SizeofType:
		value, ok = c.size(x.Type, nil, x.Align)
		return value, ULong, ok
	case *SizeofExpr:
		value, ok = c.size(nil, x.X, x.Align)
		return value, ULong, ok
	case *Call:
		if c.Call != nil {
			return c.Call(x)
		}
	}
	return 0, Int, false
}

func (c *Consts) widest(t IntType) IntType {
	if c.preprocessor {
		t.Bits = 64
	}
	return t
}

func (c *Consts) typeOf(t Type) (IntType, bool) {
	if b, ok := t.(*Basic); ok {
		return BasicInt(b.Name)
	}
	if c.Type == nil {
		return Int, false
	}
	return c.Type(t)
}

func (c *Consts) size(t Type, x Expr, align bool) (int64, bool) {
	if b, ok := t.(*Basic); ok {
		i, ok := BasicInt(b.Name)
		return i.Size(), ok
	}
	if c.Size == nil {
		return 0, false
	}
	return c.Size(t, x, align)
}

func constUnary(op string, v int64, t IntType, wraps bool) (int64, IntType, bool) {
	switch op {
	case "-":
		return constArithmetic("-", 0, v, t, wraps)
	case "+":
		return v, t, true
	case "!":
		return truth(v == 0), Int, true
	case "~":
		return t.Wrap(^v), t, true
	}
	return 0, t, false
}

// cond evaluates one arm, and converts it to the type that both have in common.
func (c *Consts) cond(x *Cond) (int64, IntType, bool) {
	test, testType, ok := c.Eval(x.X)
	if !ok {
		return 0, Int, false
	}
	yes, yesType, yesOK := test, testType, true
	if x.Then != nil {
		yes, yesType, yesOK = c.Eval(x.Then)
	}
	no, noType, noOK := c.Eval(x.Else)
	t := yesType.common(noType)
	if test != 0 {
		return t.Wrap(yes), t, yesOK
	}
	return t.Wrap(no), t, noOK
}

func (c *Consts) binary(x *Binary) (int64, IntType, bool) {
	a, at, aok := c.Eval(x.X)
	if x.Op == "&&" || x.Op == "||" {
		decides := truth(x.Op == "||") // the truth of one operand that settles the whole
		if aok && truth(a != 0) == decides {
			return decides, Int, true
		}
		b, _, bok := c.Eval(x.Y)
		if bok && truth(b != 0) == decides {
			return decides, Int, true
		}
		return 1 - decides, Int, aok && bok
	}
	b, bt, bok := c.Eval(x.Y)
	t := at.common(bt)
	if !aok || !bok {
		return 0, t, false
	}
	if x.Op == "<<" || x.Op == ">>" {
		t = at.promoted()
		return constShift(x.Op, a, b, t)
	}
	return constArithmetic(x.Op, t.Wrap(a), t.Wrap(b), t, c.preprocessor)
}

func constShift(op string, a, b int64, t IntType) (int64, IntType, bool) {
	switch {
	case b < 0 || b >= int64(t.Bits):
		return 0, t, false
	case op == "<<":
		return t.Wrap(a << uint(b)), t, true
	case t.Unsigned:
		return int64(uint64(a) >> uint(b)), t, true
	}
	return a >> uint(b), t, true
}

// constArithmetic computes on operands of type t.
func constArithmetic(op string, a, b int64, t IntType, wraps bool) (int64, IntType, bool) {
	if less, equal := a < b, a == b; !equal {
		if t.Unsigned {
			less = uint64(a) < uint64(b)
		}
		switch op {
		case "<", "<=":
			return truth(less), Int, true
		case ">", ">=":
			return truth(!less), Int, true
		}
	}
	switch op {
	case "==", "<=", ">=":
		return truth(a == b), Int, true
	case "!=", "<", ">":
		return truth(a != b && op == "!="), Int, true
	case "&":
		return a & b, t, true
	case "|":
		return a | b, t, true
	case "^":
		return a ^ b, t, true
	case "/", "%":
		return constDivision(op, a, b, t)
	}
	v, overflows := int64(0), false
	switch op {
	case "+":
		v = a + b
		overflows = (v > a) != (b > 0)
	case "-":
		v = a - b
		overflows = (v < a) != (b > 0)
	case "*":
		v = a * b
		overflows = a != 0 && (v/a != b || a == -1 && v == b && b != 0)
	default:
		return 0, t, false
	}
	ok := t.Unsigned || wraps || !overflows && t.Wrap(v) == v
	return t.Wrap(v), t, ok
}

func constDivision(op string, a, b int64, t IntType) (int64, IntType, bool) {
	switch {
	case b == 0, !t.Unsigned && b == -1 && t.Wrap(-a) == a && a != 0:
		return 0, t, false
	case t.Unsigned && op == "/":
		return int64(uint64(a) / uint64(b)), t, true
	case t.Unsigned:
		return int64(uint64(a) % uint64(b)), t, true
	case op == "/":
		return a / b, t, true
	}
	return a % b, t, true
}
