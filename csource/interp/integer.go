package interp

import (
	"fmt"
	"math"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
)

// The integer types of a 64-bit Linux. A Value keeps a number of an unsigned type of 64 bits as the
// int64 with the same bits.
var (
	boolType   = integerType("_Bool", 0, 1, 8)
	charType   = integerType("char", math.MinInt8, math.MaxInt8, 8)
	scharType  = integerType("signed char", math.MinInt8, math.MaxInt8, 8)
	ucharType  = integerType("unsigned char", 0, math.MaxUint8, 8)
	shortType  = integerType("short", math.MinInt16, math.MaxInt16, 16)
	ushortType = integerType("unsigned short", 0, math.MaxUint16, 16)
	intType    = integerType("int", math.MinInt32, math.MaxInt32, 32)
	uintType   = integerType("unsigned int", 0, math.MaxUint32, 32)
	longType   = integerType("long", math.MinInt64, math.MaxInt64, 64)
	ulongType  = integerType("unsigned long", 0, math.MaxUint64, 64)
	llongType  = integerType("long long", math.MinInt64, math.MaxInt64, 64)
	ullongType = integerType("unsigned long long", 0, math.MaxUint64, 64)
)

var integerTypes = []*ctype{
	boolType, charType, scharType, ucharType, shortType, ushortType,
	intType, uintType, longType, ulongType, llongType, ullongType,
}

func integerType(name string, lo int64, hi uint64, bits int) *ctype {
	return &ctype{kind: kInt, name: name, lo: lo, hi: hi, bits: bits}
}

// holds reports whether a signed number is a value of t.
func (t *ctype) holds(n int64) bool { return t.lo <= n && (n < 0 || uint64(n) <= t.hi) }

// within reports whether every value of t is one of u.
func (t *ctype) within(u *ctype) bool { return u.lo <= t.lo && t.hi <= u.hi }

func (t *ctype) isUnsigned() bool { return t.lo == 0 }

// narrow converts a number to t as GCC does: modulo two to the number of bits. A _Bool takes
// whatever is not 0 for 1.
func (t *ctype) narrow(n int64) int64 {
	switch {
	case t == boolType:
		return truth(n != 0).Int
	case t.bits == 64:
		return n
	}
	size := int64(1) << t.bits
	n %= size // between -size and size
	switch {
	case n < t.lo:
		n += size
	case n > 0 && uint64(n) > t.hi:
		n -= size
	}
	return n
}

// promoted is the type in which an operand is computed on: at least int.
func (t *ctype) promoted() *ctype {
	switch {
	case t.kind == kUnknown:
		return longType
	case t.bits < intType.bits:
		return intType
	}
	return t
}

// common is the type in which C computes on operands of types t and u: the usual arithmetic
// conversions.
func (t *ctype) common(u *ctype) *ctype {
	t, u = t.promoted(), u.promoted()
	if t.bits != u.bits {
		if t.bits > u.bits {
			return t
		}
		return u
	}
	if t.isUnsigned() {
		return t
	}
	return u
}

// narrowed is the type of a bit-field of t.
func (t *ctype) narrowed(bits int64) *ctype {
	if t.kind != kInt || bits <= 0 || bits >= int64(t.bits) || t == boolType {
		return t
	}
	n := *t
	n.bits, n.name = int(bits), fmt.Sprintf("%s of %d bits", t.name, bits)
	if t.isUnsigned() {
		n.hi = 1<<bits - 1
	} else {
		n.lo, n.hi = -1<<(bits-1), 1<<(bits-1)-1
	}
	return &n
}

// size is what sizeof gives; 0 where that is not known.
func (t *ctype) size() int64 {
	switch t.kind {
	case kInt:
		return int64(t.bits) / 8
	case kPointer:
		return 8
	}
	return 0
}

// literalType is the type of an integer constant, nil when there is none that holds it.
func literalType(e *syntax.IntLit) *ctype {
	text := strings.ToLower(e.Text)
	digits := strings.TrimRight(text, "ul")
	long, decimal := strings.Contains(text[len(digits):], "l"), !strings.HasPrefix(text, "0")
	candidates := []*ctype{intType, uintType, longType, ulongType}
	for _, t := range candidates {
		switch {
		case long && t.bits < 64, e.Unsigned && !t.isUnsigned(), decimal && !e.Unsigned && t.isUnsigned():
		case uint64(e.Value) <= t.hi:
			return t
		}
	}
	return nil
}

// enumeratorType is the type of an enumerator: int where that holds it.
func enumeratorType(n int64) *ctype {
	for _, t := range []*ctype{intType, uintType} {
		if t.holds(n) {
			return t
		}
	}
	return longType
}

// enumType is the type of an enum whose enumerators lie between two numbers, as GCC has it.
func enumType(least, most int64) *ctype {
	candidates := []*ctype{uintType, intType, ulongType, longType}
	for _, t := range candidates {
		if t.holds(least) && t.holds(most) {
			return t
		}
	}
	return longType
}

// signed computes a C operator on signed numbers; false when C has no result, or when an int64
// cannot hold it.
var signed = map[string]func(x, y int64) (int64, bool){
	"+": func(x, y int64) (int64, bool) { n := x + y; return n, (n > x) == (y > 0) },
	"-": func(x, y int64) (int64, bool) { n := x - y; return n, (n < x) == (y > 0) },
	"*": func(x, y int64) (int64, bool) {
		n := x * y
		return n, x == 0 || n/x == y && (x != -1 || y != math.MinInt64)
	},
	"/": func(x, y int64) (int64, bool) {
		if y == 0 || y == -1 && x == math.MinInt64 {
			return 0, false
		}
		return x / y, true
	},
	"%": func(x, y int64) (int64, bool) {
		if y == 0 || y == -1 && x == math.MinInt64 {
			return 0, false
		}
		return x % y, true
	},
	"&": func(x, y int64) (int64, bool) { return x & y, true },
	"|": func(x, y int64) (int64, bool) { return x | y, true },
	"^": func(x, y int64) (int64, bool) { return x ^ y, true },
}

// unsigned computes a C operator on numbers that are not negative: their int64s are the low and the
// high half of the uint64s.
var unsigned = map[string]func(x, y uint64) (uint64, bool){
	"+": func(x, y uint64) (uint64, bool) { return x + y, true },
	"-": func(x, y uint64) (uint64, bool) { return x - y, true },
	"*": func(x, y uint64) (uint64, bool) { return x * y, true },
	"/": func(x, y uint64) (uint64, bool) { return x / max(y, 1), y != 0 },
	"%": func(x, y uint64) (uint64, bool) { return x % max(y, 1), y != 0 },
	"&": func(x, y uint64) (uint64, bool) { return x & y, true },
	"|": func(x, y uint64) (uint64, bool) { return x | y, true },
	"^": func(x, y uint64) (uint64, bool) { return x ^ y, true },
}

// isArithmetic reports whether op is a binary operator that computes a number.
func isArithmetic(op string) bool { return signed[op] != nil || op == "<<" || op == ">>" }

// compute carries out an operator in type t; false when C leaves the result undefined.
func (t *ctype) compute(op string, x, y int64) (int64, bool) {
	switch {
	case op == "<<" || op == ">>":
		return t.shift(op, x, y)
	case t.isUnsigned():
		n, ok := unsigned[op](uint64(x), uint64(y))
		return t.narrow(int64(n)), ok
	case op == "%" && y == -1 && x == t.lo:
		return 0, false
	}
	n, ok := signed[op](x, y)
	return n, ok && t.holds(n)
}

// shift multiplies by a power of two, or divides by one and rounds down. What leaves the type on
// the left is lost: GCC says so for signed types too.
func (t *ctype) shift(op string, x, y int64) (int64, bool) {
	if y < 0 || y >= int64(t.bits) {
		return 0, false
	}
	for ; y > 0; y-- {
		switch {
		case op == "<<":
			x = t.narrow(x * 2)
		case t.isUnsigned():
			x = int64(uint64(x) / 2)
		case x < 0:
			x = -(-(x + 1) / 2) - 1
		default:
			x /= 2
		}
	}
	return x, true
}

var comparisons = map[string]func(less, same bool) bool{
	"==": func(_, same bool) bool { return same }, "!=": func(_, same bool) bool { return !same },
	"<": func(less, _ bool) bool { return less }, "<=": func(less, same bool) bool { return less || same },
	">": func(less, same bool) bool { return !less && !same }, ">=": func(less, _ bool) bool { return !less },
}

// less compares two numbers of type t.
func (t *ctype) less(x, y int64) bool {
	if t.isUnsigned() {
		return uint64(x) < uint64(y)
	}
	return x < y
}
