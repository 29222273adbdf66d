package lower

import (
	"math/bits"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
)

// integer is what tells the integer types of a 64-bit Linux apart (LP64, as GCC has them: a plain
// char is signed).
type integer struct {
	name     string
	bits     uint8 // 1 for a _Bool; what a bit-field has
	unsigned bool
	bitField bool
}

func newInteger(name string, bits uint8, unsigned bool) *typ {
	return &typ{kind: tInt, integer: integer{name: name, bits: bits, unsigned: unsigned}}
}

var (
	boolType   = newInteger("bool", 1, true)
	charType   = newInteger("char", 8, false)
	scharType  = newInteger("signed char", 8, false)
	ucharType  = newInteger("unsigned char", 8, true)
	shortType  = newInteger("short", 16, false)
	ushortType = newInteger("unsigned short", 16, true)
	intType    = newInteger("int", 32, false)
	uintType   = newInteger("unsigned int", 32, true)
	longType   = newInteger("long", 64, false)
	ulongType  = newInteger("unsigned long", 64, true)

	// These hold the same values as the two before, and are other types.
	llongType  = newInteger("long long", 64, false)
	ullongType = newInteger("unsigned long long", 64, true)
)

var basicTypes = map[string]*typ{
	"void": voidType, "_Bool": boolType, "char": charType, "signed char": scharType, "unsigned char": ucharType,
	"short": shortType, "unsigned short": ushortType, "int": intType, "unsigned int": uintType, "long": longType,
	"unsigned long": ulongType, "long long": llongType, "unsigned long long": ullongType,
}

// isLongLong reports whether an integer type is wider than a long in C's order, though it holds the
// same values.
func (t *typ) isLongLong() bool { return t.name == llongType.name || t.name == ullongType.name }

// isBool reports whether whatever is not 0 becomes 1: of a bit-field of one bit the low bit counts.
func (t *typ) isBool() bool {
	return t.kind == tInt && t.bits == 1 && (!t.bitField || t.name == boolType.name)
}

// sameInteger reports whether two integer types hold the same values in the same bytes.
func (t *typ) sameInteger(u *typ) bool {
	return t.bits == u.bits && t.unsigned == u.unsigned && !t.bitField && !u.bitField
}

// wrap converts an integer to the type: its low bits count, and a _Bool takes 1 for all but 0. A
// number of an unsigned type of 64 bits is kept as the int64 with the same bits.
func (t *typ) wrap(n int64) int64 {
	if t.isBool() {
		return boolValue(n != 0).n
	}
	unused := 64 - t.bits
	if t.unsigned {
		return int64(uint64(n) << unused >> unused)
	}
	return n << unused >> unused
}

// holdsAll reports whether every value of an integer type is one of t.
func (t *typ) holdsAll(from *typ) bool {
	if from.unsigned == t.unsigned {
		return from.bits <= t.bits
	}
	return from.unsigned && from.bits < t.bits
}

// promoted is the type in which C computes on an operand of type t.
func (t *typ) promoted() *typ {
	switch {
	case t.kind != tInt || t.bits < intType.bits:
		return intType
	case t.isLongLong() && t.unsigned:
		return ullongType
	case t.isLongLong():
		return llongType
	case t.bits > intType.bits && t.unsigned:
		return ulongType
	case t.bits > intType.bits:
		return longType
	case t.unsigned:
		return uintType
	}
	return intType
}

// common is the type in which C computes on operands of types t and u: the usual arithmetic
// conversions.
func (t *typ) common(u *typ) *typ {
	t, u = t.promoted(), u.promoted()
	switch {
	case t.bits == u.bits && t.bits == longType.bits && (t.isLongLong() || u.isLongLong()):
		if t.unsigned || u.unsigned {
			return ullongType
		}
		return llongType
	case t.bits > u.bits || t.bits == u.bits && t.unsigned:
		return t
	}
	return u
}

// literal is an integer constant with its type.
func (b *body) literal(e *syntax.IntLit) (operand, *typ) {
	t, ok := e.Type()
	if !ok {
		b.errorf(e.Pos(), "%s is too large for an integer", e.Text)
	}
	is := integerOf(t)
	if text := strings.ToLower(e.Text); strings.HasSuffix(strings.TrimSuffix(text, "u"), "ll") {
		is = llongType
		if t.Unsigned {
			is = ullongType
		}
	}
	return constant(intValue(e.Value)), is
}

func integerOf(t syntax.IntType) *typ {
	for _, b := range basicTypes {
		if b.kind == tInt && b.bits == t.Bits && b.unsigned == t.Unsigned && b != scharType && !b.isLongLong() {
			return b
		}
	}
	return otherType
}

// convert makes of a value of type from one of type to. What is neither an integer nor a pointer
// that becomes a bool stays as it is.
func (b *body) convert(e syntax.Expr, x operand, from, to *typ) operand {
	switch {
	case to.kind == tPointer && from.kind == tPointer:
		if x.slot < 0 || sameType(from.elem, to.elem) || to.elem.kind == tVoid || to.elem.kind == tFunction {
			return x
		}
		dst := b.temp(to)
		b.emit(instr{op: iRetype, pos: e.Pos(), text: textOf(e), dst: dst, a: x, typ: to.elem})
		return inSlot(dst)
	case to.kind != tInt || from.kind != tInt && !(from.kind == tPointer && to.isBool()):
		return x
	case from.kind == tInt && to.holdsAll(from):
		return x
	case x.slot < 0:
		return constant(to.of(x.value))
	}
	dst := b.temp(to)
	b.emit(instr{op: iConvert, pos: e.Pos(), text: textOf(e), dst: dst, a: x, typ: to})
	return inSlot(dst)
}

// of converts a known value to the type.
func (t *typ) of(v value) value {
	switch {
	case t.kind != tInt || v.kind == vUnset:
		return v
	case t.isBool():
		return boolValue(v.isTrue())
	case v.kind == vInt:
		return intValue(t.wrap(v.n))
	}
	return v
}

// apply computes a C operator on integers of type t; false when C leaves the result undefined.
// Shifts to the left are those of GCC: bits go out, whatever the sign.
func (t *typ) apply(op string, x, y int64) (int64, bool) {
	switch op {
	case "==", "!=", "<", "<=", ">", ">=":
		return t.compare(op, x, y), true
	case "&":
		return x & y, true
	case "|":
		return x | y, true
	case "^":
		return x ^ y, true
	case "<<", ">>":
		return t.shift(op, x, y)
	case "/", "%":
		return t.divide(op, x, y)
	case "+":
		n := x + y
		return t.wrap(n), t.unsigned || t.wrap(n) == n && (x^n)&(y^n) >= 0
	case "-":
		n := x - y
		return t.wrap(n), t.unsigned || t.wrap(n) == n && (x^y)&(x^n) >= 0
	case "*":
		return t.multiply(x, y)
	}
	return 0, false
}

func (t *typ) compare(op string, x, y int64) int64 {
	less := x < y
	if t.unsigned {
		less = uint64(x) < uint64(y)
	}
	switch op {
	case "==":
		return boolValue(x == y).n
	case "!=":
		return boolValue(x != y).n
	case "<":
		return boolValue(less).n
	case "<=":
		return boolValue(less || x == y).n
	case ">":
		return boolValue(!less && x != y).n
	}
	return boolValue(!less).n
}

func (t *typ) shift(op string, x, y int64) (int64, bool) {
	switch {
	case uint64(y) >= uint64(t.bits):
		return 0, false
	case op == "<<":
		return t.wrap(x << y), true
	case t.unsigned:
		return int64(uint64(x) >> y), true
	}
	return x >> y, true
}

func (t *typ) divide(op string, x, y int64) (int64, bool) {
	switch {
	case y == 0:
		return 0, false
	case t.unsigned && op == "/":
		return int64(uint64(x) / uint64(y)), true
	case t.unsigned:
		return int64(uint64(x) % uint64(y)), true
	case y == -1 && x == t.wrap(1<<(t.bits-1)):
		return 0, false
	case op == "/":
		return x / y, true
	}
	return x % y, true
}

// multiply looks at all 128 bits of the product.
func (t *typ) multiply(x, y int64) (int64, bool) {
	n := x * y
	if t.unsigned {
		return t.wrap(n), true
	}
	hi, _ := bits.Mul64(uint64(x), uint64(y))
	high := int64(hi) - x>>63&y - y>>63&x // of the signed product
	return t.wrap(n), t.wrap(n) == n && high == n>>63
}

// unary computes a prefix operator on a value of type t; false when it has no result.
func (t *typ) unary(op string, v value) (int64, bool) {
	switch {
	case op == "!":
		return boolValue(!v.isTrue()).n, v.kind != vUnset
	case v.kind != vInt:
		return 0, false
	case op == "-":
		return t.apply("-", 0, v.n)
	case op == "~":
		return t.wrap(^v.n), true
	}
	return v.n, true
}
