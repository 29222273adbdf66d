package reports

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// A Table writes one row a scenario, as the results come in, and a summary.
type Table struct {
	w     io.Writer
	style Style
	paint palette
	name  int // width of the widest name
	word  int // width of the first column

	count   Count
	states  int64
	started time.Time
}

// NewTable begins a table whose rows will have these names.
func NewTable(w io.Writer, names []string, style Style) *Table {
	t := &Table{w: w, style: style, word: 4, paint: colours(style.Colour), started: time.Now()}
	for _, n := range names {
		t.name = max(t.name, len(n))
	}
	return t
}

// ExpectKnown makes room for rows that a baseline knows.
func (t *Table) ExpectKnown() { t.word = len(Known) }

// Row writes one result. Below a row that is not as expected stands why.
func (t *Table) Row(r *Result) error {
	t.count.Add(r)
	t.states += r.States
	word := map[Outcome]string{Expected: "ok", Known: "known", Undecided: "?", Unexpected: "FAIL"}[r.Outcome()]
	var b strings.Builder
	fmt.Fprintf(&b, "%s %-*s  %-31s %9d states %6d ms\n", mark(r, t.paint)(fmt.Sprintf("%-*s", t.word, word)), t.name, r.Suite+":"+r.Scenario,
		verdictOf(r.Verdict, r.Kind), r.States, r.ElapsedMS)
	for _, reason := range r.reasons() {
		for i, line := range wrap(ascii(reason), t.style.width()-7) {
			fmt.Fprintf(&b, "     %s%s\n", choose(i > 0, "  ", ""), line)
		}
	}
	_, err := io.WriteString(t.w, b.String())
	return err
}

// Close writes the summary.
func (t *Table) Close() error {
	_, err := fmt.Fprintf(t.w, "\n%s; %d states in %.1f s\n", t.count, t.states, time.Since(t.started).Seconds())
	return err
}
