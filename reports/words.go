package reports

import (
	"fmt"
	"strings"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/printable"
)

// VerdictOf is the verdict with its kind in brackets.
func VerdictOf(v model.Verdict, k model.Kind) string {
	if k == "" {
		return string(v)
	}
	return fmt.Sprintf("%s (%s)", v, k)
}

// Comparison says in words whether a result is the expected one; "" when nobody expects anything.
func Comparison(r *Result) string {
	switch {
	case r.Asked && len(r.OrderBroken) == 0 && !r.Known:
		return ""
	case r.Pass:
		return "as expected"
	case r.Known:
		return "expected " + r.Expected + " (known: it is in the baseline)"
	case r.Expects():
		return "as expected, but not the order of the locks"
	}
	return "expected " + r.Expected
}

// Flat is a text on one line, as a plain terminal or log can show it and its columns can be
// counted: in ASCII. A letter beyond is a question mark; what nobody should see is an escape.
func Flat(s string) string {
	return strings.Map(func(r rune) rune {
		if r > '~' {
			return '?'
		}
		return r
	}, printable.Line(breaks.Replace(s)))
}

var breaks = strings.NewReplacer("\n", " ", "\t", " ")
