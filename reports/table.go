package reports

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/lockproof/lockproof/model"
)

// A Table writes one row a scenario, as the results come in, and a summary.
type Table struct {
	w     io.Writer
	style Style
	paint palette
	name  int // width of the widest name

	count   Count
	states  int64
	started time.Time
}

// NewTable begins a table whose rows will have these names.
func NewTable(w io.Writer, names []string, style Style) *Table {
	t := &Table{w: w, style: style, paint: colours(style.Colour), started: time.Now()}
	for _, n := range names {
		t.name = max(t.name, len(n))
	}
	return t
}

// Row writes one result. Below a row that is not as expected stands why.
func (t *Table) Row(r *Result) error {
	t.count.Add(r)
	t.states += r.States
	word := "ok"
	switch {
	case r.Pass:
	case r.Verdict == model.Unknown:
		word = "?"
	default:
		word = "FAIL"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %-*s  %-31s %9d states %6d ms\n", mark(r, t.paint)(fmt.Sprintf("%-4s", word)), t.name, r.Suite+":"+r.Scenario,
		verdictOf(r.Verdict, r.Kind), r.States, r.ElapsedMS)
	if !r.Pass {
		for i, line := range wrap(ascii("expected "+r.Expected+"; "+r.Message), t.style.width()-7) {
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

// A Count tells how many results are as expected.
type Count struct{ Expected, Unexpected, Unknown int }

// Add counts one result.
func (c *Count) Add(r *Result) {
	switch {
	case r.Pass:
		c.Expected++
	case r.Verdict == model.Unknown:
		c.Unknown++
	default:
		c.Unexpected++
	}
}

func (c Count) String() string {
	total := c.Expected + c.Unexpected + c.Unknown
	s := fmt.Sprintf("%d scenarios: %d as expected", total, c.Expected)
	if total == 1 {
		s = fmt.Sprintf("1 scenario: %d as expected", c.Expected)
	}
	if c.Unexpected > 0 {
		s += fmt.Sprintf(", %d NOT", c.Unexpected)
	}
	if c.Unknown > 0 {
		s += fmt.Sprintf(", %d unknown", c.Unknown)
	}
	return s
}
