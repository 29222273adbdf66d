package syntax

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/printable"
)

// A Diagnostic is one thing wrong with an input, where it is, and, where we can guess, how to mend it.
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

// Add appends one diagnostic.
func (ds *Diagnostics) Add(pos model.Pos, msg, hint string) {
	*ds = append(*ds, Diagnostic{Pos: pos, Msg: msg, Hint: hint})
}

// Err returns nil when there is nothing wrong, else ds in source order without repetitions.
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
	return slices.Compact(sorted)
}

// Error lists the diagnostics one a line.
func (ds Diagnostics) Error() string {
	lines := make([]string, len(ds))
	for i, d := range ds {
		lines[i] = d.String()
	}
	return strings.Join(lines, "\n")
}
