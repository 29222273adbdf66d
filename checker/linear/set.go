package linear

import "math/bits"

// A set has some of the steps that are under way, by number: one bit each, without zero bytes at
// its end, so that equal sets are equal strings. It is as long as it has to be, so that any number
// of steps may be under way.
type set string

func (s set) has(i int) bool { return i>>3 < len(s) && s[i>>3]&(1<<(i&7)) != 0 }

// with is the set with one more.
func (s set) with(i int) set {
	var room [64]byte
	b := append(room[:0], s...)
	for len(b) <= i>>3 {
		b = append(b, 0)
	}
	b[i>>3] |= 1 << (i & 7)
	return set(b)
}

// without is what the set has and another has not.
func (s set) without(x set) set {
	if s == "" || x == "" {
		return s
	}
	var room [64]byte
	b := append(room[:0], s...)
	for i := range min(len(s), len(x)) {
		b[i] &^= x[i]
	}
	return trimmed(b)
}

// both is what two sets have.
func (s set) both(x set) set {
	var room [64]byte
	b := append(room[:0], s[:min(len(s), len(x))]...)
	for i := range b {
		b[i] &= x[i]
	}
	return trimmed(b)
}

// contains reports whether the set has all of another.
func (s set) contains(x set) bool {
	if len(x) > len(s) {
		return false
	}
	for i := range len(x) {
		if x[i]&^s[i] != 0 {
			return false
		}
	}
	return true
}

// renumbered is the set with other numbers.
func (s set) renumbered(number func(int) int) set {
	var x set
	for i := range len(s) {
		for b := s[i]; b != 0; b &= b - 1 {
			x = x.with(number(i<<3 + bits.TrailingZeros8(b)))
		}
	}
	return x
}

func trimmed(b []byte) set {
	for len(b) > 0 && b[len(b)-1] == 0 {
		b = b[:len(b)-1]
	}
	return set(b)
}
