package syntax

import (
	"math/bits"
	"strings"
)

// An IntType is an integer type of a 64-bit Linux. A _Bool has one bit.
type IntType struct {
	Bits     uint8
	Unsigned bool
}

// The types in which C computes. A long long is a long.
var (
	boolInt = IntType{1, true}
	Int     = IntType{32, false}
	UInt    = IntType{32, true}
	Long    = IntType{64, false}
	ULong   = IntType{64, true}
)

// Wrap converts an integer to the type, as GCC does it: the low bits count. A number of an unsigned
// type of 64 bits is kept as an int64 with the same bits. A _Bool is 1 for all but 0.
func (t IntType) Wrap(v int64) int64 {
	if t == boolInt {
		return truth(v != 0)
	}
	unused := 64 - t.Bits
	if t.Unsigned {
		return int64(uint64(v) << unused >> unused)
	}
	return v << unused >> unused
}

// promoted is the type in which C computes on an operand of type t.
func (t IntType) promoted() IntType {
	if t.Bits < Int.Bits {
		return Int
	}
	return t
}

// common is the type in which C computes on operands of types t and u: the usual arithmetic
// conversions.
func (t IntType) common(u IntType) IntType {
	t, u = t.promoted(), u.promoted()
	if t.Bits > u.Bits || t.Bits == u.Bits && t.Unsigned {
		return t
	}
	return u
}

// Size is what sizeof gives.
func (t IntType) Size() int64 { return int64(t.Bits+7) / 8 }

// typeOfValue is the type of an enumerator: int where that holds it.
func typeOfValue(v int64) IntType {
	switch {
	case Int.Wrap(v) == v:
		return Int
	case UInt.Wrap(v) == v:
		return UInt
	}
	return Long
}

// Type is the type of the constant: the first that holds it among those that its suffix and its
// base allow. The second result is false when none does.
func (x *IntLit) Type() (IntType, bool) {
	text := strings.ToLower(x.Text)
	suffix := text[len(strings.TrimRight(text, "ul")):]
	unsigned, long := strings.Contains(suffix, "u"), strings.Contains(suffix, "l")
	either := unsigned || strings.HasPrefix(text, "0") // octal and hexadecimal constants may be unsigned
	switch used := bits.Len64(uint64(x.Value)); {
	case used <= 31 && !long && !unsigned:
		return Int, true
	case used <= 32 && !long && either:
		return UInt, true
	case used <= 63 && !unsigned:
		return Long, true
	}
	return ULong, either
}

// BasicInt is the integer type that a built-in name means: "unsigned int", "char".
func BasicInt(name string) (IntType, bool) {
	t, ok := basicInts[name]
	return t, ok
}

var basicInts = map[string]IntType{
	"_Bool": boolInt, "char": {8, false}, "signed char": {8, false}, "unsigned char": {8, true},
	"short": {16, false}, "unsigned short": {16, true}, "int": Int, "unsigned int": UInt,
	"long": Long, "unsigned long": ULong, "long long": Long, "unsigned long long": ULong,
}
