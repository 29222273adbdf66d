package interp

import (
	"fmt"
	"math"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
)

// The integer types of a 64-bit Linux. An int64 stands for all of them, so of unsigned long it has
// the lower half.
var (
	boolType   = &ctype{kInt, "_Bool", 0, 1, 8, nil, nil}
	charType   = &ctype{kInt, "char", math.MinInt8, math.MaxInt8, 8, nil, nil}
	scharType  = &ctype{kInt, "signed char", math.MinInt8, math.MaxInt8, 8, nil, nil}
	ucharType  = &ctype{kInt, "unsigned char", 0, math.MaxUint8, 8, nil, nil}
	shortType  = &ctype{kInt, "short", math.MinInt16, math.MaxInt16, 16, nil, nil}
	ushortType = &ctype{kInt, "unsigned short", 0, math.MaxUint16, 16, nil, nil}
	intType    = &ctype{kInt, "int", math.MinInt32, math.MaxInt32, 32, nil, nil}
	uintType   = &ctype{kInt, "unsigned int", 0, math.MaxUint32, 32, nil, nil}
	longType   = &ctype{kInt, "long", math.MinInt64, math.MaxInt64, 64, nil, nil}
	ulongType  = &ctype{kInt, "unsigned long", 0, math.MaxInt64, 64, nil, nil}
	llongType  = &ctype{kInt, "long long", math.MinInt64, math.MaxInt64, 64, nil, nil}
	ullongType = &ctype{kInt, "unsigned long long", 0, math.MaxInt64, 64, nil, nil}
)

var integerTypes = []*ctype{
	boolType, charType, scharType, ucharType, shortType, ushortType, intType, uintType, longType, ulongType, llongType, ullongType,
}

func (t *ctype) holds(n int64) bool { return t.lo <= n && n <= t.hi }

// within reports whether every value of t is one of u.
func (t *ctype) within(u *ctype) bool { return u.lo <= t.lo && t.hi <= u.hi }

func (t *ctype) isUnsigned() bool { return t.lo == 0 }

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

// literalType is the type of an integer constant, nil when an int64 cannot hold it.
func literalType(e *syntax.IntLit) *ctype {
	text := strings.ToLower(e.Text)
	long, anySign := strings.HasSuffix(strings.TrimSuffix(text, "u"), "l"), strings.HasPrefix(text, "0")
	switch v := e.Value; {
	case v < 0:
		return nil
	case !long && !e.Unsigned && v <= math.MaxInt32:
		return intType
	case !long && (e.Unsigned || anySign) && v <= math.MaxUint32:
		return uintType
	case e.Unsigned:
		return ulongType
	}
	return longType
}

// arithmetic computes a C operator on integers; false when C has no result, or when an int64 cannot
// hold it.
var arithmetic = map[string]func(x, y int64) (int64, bool){
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
	"<<": func(x, y int64) (int64, bool) {
		if y < 0 || y > 63 || x<<y>>y != x {
			return 0, false
		}
		return x << y, true
	},
	">>": func(x, y int64) (int64, bool) {
		if y < 0 || y > 63 {
			return 0, false
		}
		return x >> y, true
	},
}

var comparisons = map[string]func(x, y int64) bool{
	"==": func(x, y int64) bool { return x == y }, "!=": func(x, y int64) bool { return x != y },
	"<": func(x, y int64) bool { return x < y }, "<=": func(x, y int64) bool { return x <= y },
	">": func(x, y int64) bool { return x > y }, ">=": func(x, y int64) bool { return x >= y },
}
