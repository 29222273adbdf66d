package terminal_test

import (
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/terminal"
)

// TestFold gives each suite one row, and what is not as expected one of its own. What comes at the
// end is a deadlock, though another rule is broken more often.
func TestFold(t *testing.T) {
	row := func(suite, name string, threads int, v model.Verdict, k model.Kind, pass bool) *reports.Result {
		return &reports.Result{
			Suite: suite, Scenario: name, Ref: suite + ":" + name, Command: "lockproof check " + suite + ":" + name,
			Threads: make([]string, threads), Verdict: v, Kind: k, Expected: reports.VerdictOf(v, k), Pass: pass,
			States: 5, Complete: true,
		}
	}
	rows := []*reports.Result{
		row("one", "a", 1, model.OK, "", true),
		row("one", "b", 1, model.Violation, model.MissingLock, true),
		row("two", "c", 2, model.Violation, model.MissingLock, true),
		row("two", "d", 2, model.Deadlock, model.LockOrder, true),
	}
	show := func(rows ...*reports.Result) string {
		t.Helper()
		var b strings.Builder
		table := terminal.NewTable(&b, []string{"one:a", "two:c"}, terminal.Style{})
		table.Fold([]string{"one", "two"})
		for _, r := range rows {
			if err := table.Row(r); err != nil {
				t.Fatal(err)
			}
		}
		for _, end := range []func() error{table.EndRows, table.Close} {
			if err := end(); err != nil {
				t.Fatal(err)
			}
		}
		return b.String()
	}
	got := show(rows...)
	for _, want := range []string{
		"ok   one  2 as expected", "ok   two  2 as expected", "10 states",
		"how one comes about: lockproof check two:d\nwhy it matters: lockproof explain lock-order\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "one:a") {
		t.Errorf("a row of its own in\n%s", got)
	}
	got = show(rows[0], row("one", "e", 2, model.Deadlock, model.LockOrder, false), rows[2])
	for _, want := range []string{"FAIL one:e", "ok   one  1 of 2 as expected", "ok   two  1 as expected"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if got := show(rows[1], rows[2]); !strings.Contains(got, "lockproof check two:c\n") {
		t.Errorf("not what several threads break in\n%s", got)
	}
}
