package typestate

import "fmt"

// The signs that a number can have, as a set.
const (
	negative uint8 = 1 << iota
	zero
	positive
	anySign = negative | zero | positive
)

// A value is what is known of an expression: a pointer to a place, a number, or the signs that it
// can have.
type value struct {
	at    place // 1 + the place to which it points, 0 when it is no pointer
	signs uint8
	known bool  // it is n
	other bool  // it is not n
	from  uint8 // 1 + the parameter whose number it is, 0 when that is not known
	n     int64
}

var unknown = value{signs: anySign}

func number(n int64) value {
	v := value{known: true, n: n, signs: zero}
	switch {
	case n < 0:
		v.signs = negative
	case n > 0:
		v.signs = positive
	}
	return v
}

func pointer(p place) value { return value{at: p + 1, signs: anySign} }

// place is where a pointer leads.
func (v value) place() (place, bool) { return v.at - 1, v.at > 0 }

func (v value) isNull() bool { return v.known && v.n == 0 }

// truth is whether a number is not zero, if that is known.
func (v value) truth() (truth, known bool) {
	switch {
	case v.at > 0:
		return false, false
	case v.signs&zero == 0:
		return true, true
	case v.signs == zero:
		return false, true
	}
	return false, false
}

// meets reports whether two descriptions can be of the same number.
func (v value) meets(w value) bool {
	switch {
	case v.known && w.known:
		return v.n == w.n
	case v.known && w.other, v.other && w.known:
		return v.n != w.n
	default:
		return v.signs&w.signs != 0
	}
}

// and is what both descriptions say.
func (v value) and(w value) value {
	switch {
	case v.known || v.at > 0:
		return v
	case w.known || w.at > 0:
		return w
	}
	v.signs &= w.signs
	if v.signs == zero {
		return number(0)
	}
	if w.other && !v.other {
		v.other, v.n = true, w.n
	}
	return v
}

// plain is a value without where it came from.
func (v value) plain() value {
	v.from = 0
	return v
}

// public is a value as callers know it: without where it came from, and not 0 where it is some
// kind.
func (v value) public() value {
	if v.known && v.n == someKind {
		return value{signs: negative | positive}
	}
	return v.plain()
}

// or is what two values have in common.
func (v value) or(w value) value {
	if v == w {
		return v
	}
	o := value{signs: v.signs | w.signs}
	if v.from == w.from {
		o.from = v.from
	}
	return o
}

// narrowed is a number of which v is known, after `it op n` has come out as truth; false when it
// cannot come out so.
func (v value) narrowed(op string, n int64, truth bool) (value, bool) {
	if !truth {
		op = map[string]string{"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}[op]
	}
	if v.other && v.n == n && (op == "==" || op == "!=") {
		return v, op == "!="
	}
	if v.known {
		holds := map[string]bool{
			"==": v.n == n, "!=": v.n != n, "<": v.n < n, "<=": v.n <= n, ">": v.n > n,
			">=": v.n >= n,
		}[op]
		return v, holds
	}
	allowed := anySign
	switch op {
	case "==":
		if !v.meets(number(n)) {
			return v, false
		}
		w := number(n)
		w.from = v.from
		return w, true
	case "!=":
		if n == 0 {
			allowed = negative | positive
		} else if !v.other {
			v.other, v.n = true, n
		}
	case "<":
		if n <= 0 {
			allowed = negative
		} else if n == 1 {
			allowed = negative | zero
		}
	case "<=":
		if n < 0 {
			allowed = negative
		} else if n == 0 {
			allowed = negative | zero
		}
	case ">":
		if n >= 0 {
			allowed = positive
		} else if n == -1 {
			allowed = positive | zero
		}
	case ">=":
		if n > 0 {
			allowed = positive
		} else if n == 0 {
			allowed = positive | zero
		}
	}
	v.at = 0
	v.signs &= allowed
	if v.signs == zero {
		return number(0), true
	}
	return v, v.signs != 0
}

func (v value) String() string {
	switch {
	case v.at > 0:
		return fmt.Sprintf("place %d", v.at-1)
	case v.known:
		return fmt.Sprint(v.n)
	}
	if v.other {
		return fmt.Sprintf("not %d", v.n)
	}
	switch v.signs {
	case negative:
		return "<0"
	case positive:
		return ">0"
	case zero | positive:
		return ">=0"
	case negative | zero:
		return "<=0"
	case negative | positive:
		return "!=0"
	}
	return "?"
}
