package reports_test

import (
	"testing"

	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/reportstest"
)

// twoProblems is a result that is not as expected, and breaks the order of locks as well.
func twoProblems(t *testing.T) *reports.Report {
	t.Helper()
	r := reportstest.HandMade(2)
	r.Expected, r.Pass = "ok", false
	r.LockOrder = &reports.LockOrder{}
	r.OrderBroken = []reports.Place{{Function: "query", File: "bodies.c", Line: 9, Message: "against the order driver, domain"}}
	report := reports.NewReport("test")
	report.Results = []reports.Result{r}
	if n := len(report.Problems()); n != 2 {
		t.Fatalf("%d problems", n)
	}
	return report
}

// A result is known if every one of its problems is listed, whichever of them that is.
func TestPartlyKnown(t *testing.T) {
	all := reports.NewBaseline(twoProblems(t)).Problems
	for name, c := range map[string]struct {
		listed []reports.KnownProblem
		known  bool
	}{
		"none":       {nil, false},
		"the first":  {all[:1], false},
		"the second": {all[1:], false},
		"both":       {all, true},
		"reversed":   {[]reports.KnownProblem{all[1], all[0]}, true},
	} {
		report := twoProblems(t)
		b := &reports.Baseline{Version: reports.Version, Problems: c.listed}
		if repaired := b.Apply(report); len(repaired) > 0 {
			t.Errorf("%s: repaired: %+v", name, repaired)
		}
		if r := &report.Results[0]; r.Known != c.known {
			t.Errorf("%s listed: known: %v", name, r.Known)
		}
		alone := twoProblems(t)
		if b.Mark(&alone.Results[0]); alone.Results[0].Known != c.known {
			t.Errorf("%s listed, marked alone: known: %v", name, alone.Results[0].Known)
		}
	}
}

// Of a result with two problems, the one that is repaired is told.
func TestPartlyRepaired(t *testing.T) {
	b := reports.NewBaseline(twoProblems(t))
	report := twoProblems(t)
	report.Results[0].OrderBroken = nil
	repaired := b.Apply(report)
	if len(repaired) != 1 || repaired[0] != b.Problems[1] {
		t.Errorf("%+v", repaired)
	}
	if !report.Results[0].Known {
		t.Error("what is left is not known")
	}
}
