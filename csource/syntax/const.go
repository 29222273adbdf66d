package syntax

// EvalConst evaluates an integer constant expression: of an #if, an enumerator, a case label, an
// array's length. Names are looked up with lookup, which may be nil. The second result is false
// when the value cannot be known: a name is unknown, a division is by zero, or something is no
// constant (a call, sizeof, a string). An unknown operand does not matter where C would not
// evaluate it or where the other one decides: `0 && x`, `x || 1`.
//
// Arithmetic is on int64 and wraps; only a cast to a narrower basic type narrows.
func EvalConst(x Expr, lookup func(name string) (int64, bool)) (int64, bool) {
	switch x := x.(type) {
	case *IntLit:
		return x.Value, true
	case *CharLit:
		return x.Value, true
	case *Ident:
		if lookup == nil {
			return 0, false
		}
		return lookup(x.Name)
	case *Unary:
		v, ok := EvalConst(x.X, lookup)
		if !ok {
			return 0, false
		}
		return constUnary(x.Op, v)
	case *Binary:
		return constBinary(x, lookup)
	case *Cond:
		return constCond(x, lookup)
	case *Cast:
		v, ok := EvalConst(x.X, lookup)
		if !ok {
			return 0, false
		}
		return constCast(x.Type, v)
	}
	return 0, false
}

func constUnary(op string, v int64) (int64, bool) {
	switch op {
	case "-":
		return -v, true
	case "+":
		return v, true
	case "!":
		return truth(v == 0), true
	case "~":
		return ^v, true
	}
	return 0, false
}

func constCond(x *Cond, lookup func(string) (int64, bool)) (int64, bool) {
	c, ok := EvalConst(x.X, lookup)
	switch {
	case !ok:
		return 0, false
	case c == 0:
		return EvalConst(x.Else, lookup)
	case x.Then == nil:
		return c, true
	}
	return EvalConst(x.Then, lookup)
}

func constBinary(x *Binary, lookup func(string) (int64, bool)) (int64, bool) {
	a, aok := EvalConst(x.X, lookup)
	if x.Op == "&&" || x.Op == "||" {
		decides := truth(x.Op == "||") // the truth of one operand that settles the whole
		if aok && truth(a != 0) == decides {
			return decides, true
		}
		b, bok := EvalConst(x.Y, lookup)
		if bok && truth(b != 0) == decides {
			return decides, true
		}
		return 1 - decides, aok && bok
	}
	b, bok := EvalConst(x.Y, lookup)
	if !aok || !bok {
		return 0, false
	}
	return constArithmetic(x.Op, a, b)
}

func constArithmetic(op string, a, b int64) (int64, bool) {
	switch op {
	case "+":
		return a + b, true
	case "-":
		return a - b, true
	case "*":
		return a * b, true
	case "/":
		if b == 0 {
			return 0, false
		}
		return a / b, true
	case "%":
		if b == 0 {
			return 0, false
		}
		return a % b, true
	case "<<":
		if b < 0 || b > 63 {
			return 0, false
		}
		return a << uint(b), true
	case ">>":
		if b < 0 || b > 63 {
			return 0, false
		}
		return a >> uint(b), true
	case "&":
		return a & b, true
	case "|":
		return a | b, true
	case "^":
		return a ^ b, true
	case "==":
		return truth(a == b), true
	case "!=":
		return truth(a != b), true
	case "<":
		return truth(a < b), true
	case ">":
		return truth(a > b), true
	case "<=":
		return truth(a <= b), true
	case ">=":
		return truth(a >= b), true
	}
	return 0, false
}

func constCast(t Type, v int64) (int64, bool) {
	switch t := t.(type) {
	case *Basic:
		switch t.Name {
		case "char", "signed char":
			return int64(int8(v)), true
		case "unsigned char":
			return int64(uint8(v)), true
		case "short":
			return int64(int16(v)), true
		case "unsigned short":
			return int64(uint16(v)), true
		case "int":
			return int64(int32(v)), true
		case "unsigned int":
			return int64(uint32(v)), true
		case "_Bool":
			return truth(v != 0), true
		case "long", "unsigned long", "long long", "unsigned long long":
			return v, true
		}
	case *TypeName, *EnumType:
		return v, true
	}
	return 0, false
}
