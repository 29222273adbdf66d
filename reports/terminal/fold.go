package terminal

import (
	"fmt"

	"github.com/lockproof/lockproof/reports"
)

// folded is the suite whose results come in: those that are as expected make one row.
type folded struct {
	suite      string
	n, ok      int
	states, ms int64
}

// Fold gives a suite one row for all of its scenarios that are as expected, under names that are no
// longer than the given ones. The others keep theirs.
func (t *Table) Fold(suites []string) {
	t.fold, t.name = &folded{}, 0
	for _, s := range suites {
		t.name = max(t.name, len(reports.Flat(s)))
	}
}

// EndRows writes the row that is not complete before the last result is there.
func (t *Table) EndRows() error {
	if t.fold == nil {
		return nil
	}
	return t.fold.close(t)
}

// take notes a result, or writes it. Those of a suite follow one another.
func (f *folded) take(t *Table, r *reports.Result) error {
	if r.Suite != f.suite {
		if err := f.close(t); err != nil {
			return err
		}
		f.suite = r.Suite
	}
	f.n++
	if r.Outcome() != reports.Expected || r.Race != nil {
		return t.row(r)
	}
	f.ok++
	f.states += r.States
	f.ms += r.ElapsedMS
	return nil
}

// close writes the row of the suite.
func (f *folded) close(t *Table) error {
	defer func() { *f = folded{} }()
	if f.ok == 0 {
		return nil
	}
	what := fmt.Sprintf("%d as expected", f.ok)
	if f.ok < f.n {
		what = fmt.Sprintf("%d of %d as expected", f.ok, f.n)
	}
	_, err := fmt.Fprintln(t.w, t.line("ok", f.suite, what, f.states, f.ms))
	return err
}
