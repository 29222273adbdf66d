package terminal

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// A Table writes one row a scenario, as the results come in, and a summary.
type Table struct {
	w     io.Writer
	style Style
	name  int // width of the widest name
	word  int // width of the first column

	count   reports.Count
	broken  []tally  // results that are no ok, as expected
	failed  []string // what is not as expected, as the command takes it
	first   string   // the command that asks again for the first of these
	fold    *folded  // nil: each scenario has a row
	states  int64
	started time.Time
}

// NewTable begins a table whose rows will have these names.
func NewTable(w io.Writer, names []string, style Style) *Table {
	t := &Table{w: w, style: style, word: 4, started: time.Now()}
	for _, n := range names {
		t.name = max(t.name, len(reports.Flat(n)))
	}
	return t
}

// ExpectKnown makes room for rows that a baseline knows.
func (t *Table) ExpectKnown() { t.word = len(reports.Known) }

// Row writes one result, unless its suite is folded. Below a row that is not as expected stands
// why.
func (t *Table) Row(r *reports.Result) error {
	t.add(r)
	if t.fold == nil {
		return t.row(r)
	}
	return t.fold.take(t, r)
}

func (t *Table) add(r *reports.Result) {
	t.count.Add(r)
	t.states += r.States
	switch r.Outcome() {
	case reports.Unexpected:
		t.failed, t.first = append(t.failed, r.Ref), cmp.Or(t.first, r.Command)
	case reports.Expected:
		if r.Verdict != model.OK {
			t.found(r)
		}
	}
}

func (t *Table) row(r *reports.Result) error {
	b := printable.Page{Coloured: t.style.Colour}
	line := t.result(r)
	b.Paint(mark(r), line[:t.word])
	b.WriteString(line[t.word:] + "\n")
	reasons := reports.Reasons(r)
	if r.Race != nil {
		reasons = append(reasons, reports.RaceWarning(r))
	}
	for _, reason := range reasons {
		for i, line := range wrap(reports.Flat(reason), t.style.width()-7) {
			fmt.Fprintf(&b, "     %s%s\n", reports.Choose(i > 0, "  ", ""), line)
		}
	}
	_, err := b.WriteTo(t.w)
	return err
}

// result is a row before it is painted.
func (t *Table) result(r *reports.Result) string {
	word := map[reports.Outcome]string{
		reports.Expected: "ok", reports.Known: "known", reports.Undecided: "?",
		reports.Unexpected: "FAIL",
	}[r.Outcome()]
	return t.line(word, r.Suite+":"+r.Scenario, reports.VerdictOf(r.Verdict, r.Kind), r.States, r.ElapsedMS)
}

// line puts a row together. A long verdict beside a long name begins to the left of its column;
// where that does not help either, the numbers stand below: a name that can be copied is worth more
// than straight columns.
func (t *Table) line(word, of, verdict string, states, ms int64) string {
	name := fmt.Sprintf("%-*s %s", t.word, word, reports.Flat(of))
	verdict = reports.Flat(verdict)
	numbers := fmt.Sprintf("  %d states %5d ms", states, ms)
	column := t.word + 1 + t.name + 2
	width := min(t.style.width(), column+57) // the longest verdict, and nine digits of states
	upTo := func(end int) string { return fmt.Sprintf("%-*s%s", min(column, end-len(verdict)), name, verdict) }
	least := len(name) + 2 + len(verdict)
	switch end := width - len(numbers); {
	case least <= end:
		return fmt.Sprintf("%-*s%s", end, upTo(end), numbers)
	case least <= width:
		return fmt.Sprintf("%s\n%*s", upTo(width), width, numbers)
	}
	return fmt.Sprintf("%s\n%*s", name, width, verdict+numbers)
}

// A tally counts results of one verdict.
type tally struct {
	verdict string
	n       int
	first   *reports.Result // the first that takes several threads, or the first of all
}

// found counts a broken rule that was expected.
func (t *Table) found(r *reports.Result) {
	verdict := reports.VerdictOf(r.Verdict, r.Kind)
	i := slices.IndexFunc(t.broken, func(b tally) bool { return b.verdict == verdict })
	if i < 0 {
		i, t.broken = len(t.broken), append(t.broken, tally{verdict: verdict, first: r})
	}
	b := &t.broken[i]
	b.n++
	if len(b.first.Threads) < 2 && len(r.Threads) > 1 {
		b.first = r
	}
}

// example is what to look at where all is as expected: a deadlock if there is one, else what
// several threads break, else what is broken most often.
func (t *Table) example() *reports.Result {
	hangs := func(b tally) bool { return b.first.Verdict == model.Deadlock }
	several := func(b tally) bool { return len(b.first.Threads) > 1 }
	for _, is := range []func(tally) bool{hangs, several} {
		if i := slices.IndexFunc(t.broken, is); i >= 0 {
			return t.broken[i].first
		}
	}
	return t.broken[0].first
}

// Close writes the summary, which is the last thing on the screen: how many results are as
// expected, what was to be found and was, and where to look first.
func (t *Table) Close() error {
	var b printable.Page
	fmt.Fprintf(&b, "\n%s; %d states in %.1f s\n", t.count, t.states, time.Since(t.started).Seconds())
	slices.SortStableFunc(t.broken, func(x, y tally) int { return y.n - x.n })
	if len(t.broken) > 0 {
		var verdicts []string
		for _, v := range t.broken {
			verdicts = append(verdicts, fmt.Sprintf("%d %s", v.n, v.verdict))
		}
		paragraph(&b, "broken as expected: "+strings.Join(verdicts, ", "), t.style)
	}
	switch {
	case len(t.failed) > 0:
		paragraph(&b, "not as expected: "+strings.Join(firstFew(t.failed, 10), ", "), t.style)
		command(&b, "look at the first", t.first)
	case len(t.broken) > 0:
		r := t.example()
		command(&b, "how one comes about", r.Command)
		command(&b, "why it matters", "lockproof explain "+string(cmp.Or(r.Kind, model.Kind(r.Verdict))))
	}
	_, err := b.WriteTo(t.w)
	return err
}

// command names a command on a line of its own, whole: it is there to be copied.
func command(b *printable.Page, why, text string) {
	b.WriteString(why + ": " + reports.Flat(text) + "\n")
}

// firstFew lists at most n names, and how many more there are.
func firstFew(names []string, n int) []string {
	if len(names) <= n {
		return names
	}
	return append(slices.Clone(names[:n]), fmt.Sprintf("and %d more", len(names)-n))
}
