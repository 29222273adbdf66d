package syntax

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/printable"
)

// A Diagnostic is one thing wrong with an input, where it is, and, where we can guess, how to mend
// it.
type Diagnostic struct {
	Pos  model.Pos
	Msg  string // no capital, no full stop
	Hint string // "did you mean ...?"; may be empty
}

// String is the diagnostic in one printable line.
func (d Diagnostic) String() string {
	s := d.Pos.String() + ": " + d.Msg
	if d.Hint != "" {
		s += " (" + d.Hint + ")"
	}
	return printable.Line(s)
}

// Diagnostics is everything wrong with an input. It is an error when it is not empty: use Err.
type Diagnostics []Diagnostic

// MaxDiagnostics is how many things that are wrong are reported, in C and YAML together; after them
// comes "too many errors".
const MaxDiagnostics = 50

const (
	maxKept    = 4 * MaxDiagnostics // diagnostics kept: of these the first in source order are reported
	maxMessage = 1000               // bytes of a message, and of a hint
)

// Add appends one diagnostic. Of those that come after many others nothing is kept: Full says so
// beforehand.
func (ds *Diagnostics) Add(pos model.Pos, msg, hint string) {
	if !ds.Full() {
		*ds = append(*ds, Diagnostic{Pos: pos, Msg: shorten(msg, maxMessage), Hint: shorten(hint, maxMessage)})
	}
}

// Append is Add for several.
func (ds *Diagnostics) Append(more Diagnostics) {
	*ds = append(*ds, more[:min(len(more), max(0, maxKept-len(*ds)))]...)
}

// Full reports whether nothing that is added will be reported: no need to look for more, or for
// hints.
func (ds Diagnostics) Full() bool { return len(ds) >= maxKept }

// shorten cuts a text that is longer than limit bytes.
func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit-3], "") + "..."
}

// Err returns nil when there is nothing wrong, else ds in source order without repetitions, at most
// MaxDiagnostics of them.
func (ds Diagnostics) Err() error {
	if len(ds) == 0 {
		return nil
	}
	sorted := slices.Clone(ds)
	slices.SortStableFunc(sorted, func(a, b Diagnostic) int {
		switch {
		case a.Pos.Before(b.Pos):
			return -1
		case b.Pos.Before(a.Pos):
			return 1
		}
		return cmp.Compare(a.Msg, b.Msg)
	})
	return slices.Compact(sorted).bounded()
}

// bounded is ds with "too many errors" in the place of all that are too many.
func (ds Diagnostics) bounded() Diagnostics {
	if len(ds) <= MaxDiagnostics {
		return ds
	}
	return append(ds[:MaxDiagnostics:MaxDiagnostics], Diagnostic{Pos: ds[MaxDiagnostics].Pos, Msg: "too many errors"})
}

// Error lists the diagnostics one a line.
func (ds Diagnostics) Error() string {
	lines := make([]string, len(ds))
	for i, d := range ds {
		lines[i] = d.String()
	}
	return strings.Join(lines, "\n")
}
