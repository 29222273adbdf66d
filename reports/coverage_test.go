package reports_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/terminal"
)

// begin is a function with six statements, three branches and a wait.
func begin(reached, taken int) reports.CoveredFunction {
	return reports.CoveredFunction{
		Function: "begin", File: "job.h", Lines: []int{10, 12, 14, 15, 20, 22}, Statements: 6, Reached: reached, Branches: 4, Taken: taken,
	}
}

func statement(line, number int, text string) reports.Missed {
	return reports.Missed{Function: "begin", File: "job.h", Line: line, Column: 5, Text: text, Number: number}
}

func branch(line, number, way, next int, text string) reports.Missed {
	m := statement(line, number, text)
	m.Branch, m.Next = way, next
	return m
}

func sentences(gaps []reports.Gap) []string {
	var all []string
	for i := range gaps {
		all = append(all, gaps[i].String())
	}
	return all
}

// Statements that follow one another are one gap, with the branch that leads there. A branch that
// leads elsewhere is one of its own, and so is a fault that strikes in no run at a wait that is
// reached.
func TestGaps(t *testing.T) {
	fault := reports.FaultPath{Function: "begin", File: "job.h", Line: 12, Text: "wait(c) times out", Number: 2}
	for name, tt := range map[string]struct {
		function reports.CoveredFunction
		missed   []reports.Missed
		faults   []reports.FaultPath
		want     []string
	}{
		"nothing": {begin(6, 4), nil, nil, nil},
		"an error path": {
			begin(4, 3),
			[]reports.Missed{branch(12, 2, 1, 3, "wait(c) < 0"), statement(14, 3, "cleanup()"), statement(15, 4, "return -1")},
			nil,
			[]string{"never reached: job.h:14-15, the error path of begin where wait(c) < 0"},
		},
		"two gaps": {
			begin(4, 3),
			[]reports.Missed{statement(12, 2, "x = 1"), branch(14, 3, 2, 5, "not x"), statement(20, 5, "y = 1")},
			nil,
			[]string{"never reached: job.h:12, begin: x = 1", "never reached: job.h:20, begin where not x"},
		},
		"a branch of a condition that is not reached": {
			begin(5, 2),
			[]reports.Missed{statement(12, 2, "x"), branch(12, 2, 1, 0, "x"), branch(12, 2, 2, 0, "not x")},
			nil,
			[]string{"never reached: job.h:12, begin: x"},
		},
		"a branch alone": {
			begin(6, 3),
			[]reports.Missed{branch(12, 2, 2, 5, "not x")},
			nil,
			[]string{"never reached: job.h:12, begin where not x"},
		},
		"all of it": {
			begin(0, 0),
			[]reports.Missed{statement(10, 1, "x = 1")},
			nil,
			[]string{"never reached: job.h:10-22, all of begin"},
		},
		"a fault":                          {begin(6, 4), nil, []reports.FaultPath{fault}, []string{"never reached: job.h:12, begin where wait(c) times out"}},
		"a fault of a wait that is missed": {begin(5, 4), []reports.Missed{statement(12, 2, "wait(c)")}, []reports.FaultPath{fault}, []string{"never reached: job.h:12, begin: wait(c)"}},
	} {
		c := reports.Coverage{Functions: []reports.CoveredFunction{tt.function}, Missed: tt.missed, Faults: tt.faults}
		if diff := cmp.Diff(tt.want, sentences(c.Gaps())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// covered is a result with some coverage.
func covered(scenario string, required, partial bool, f reports.CoveredFunction, missed ...reports.Missed) reports.Result {
	return reports.Result{
		Suite: "s", Scenario: scenario, Verdict: model.OK, Pass: true,
		Coverage: &reports.Coverage{
			Functions: []reports.CoveredFunction{f}, Missed: missed, Faults: []reports.FaultPath{}, Required: required, Partial: partial, Scenarios: 2,
		},
	}
}

// A suite misses what each of its scenarios misses that can call the function. That is a finding
// where the suite requires all and all of it was run, to its end.
func TestSuiteCoverage(t *testing.T) {
	one, two := statement(12, 2, "x = 1"), statement(20, 5, "y = 1")
	other := reports.CoveredFunction{Function: "other", File: "job.h", Lines: []int{40}, Statements: 1, Reached: 1}
	for name, tt := range map[string]struct {
		results  []reports.Result
		text     string
		gaps     []string
		findings int
	}{
		"missed in both": {
			[]reports.Result{covered("a", true, false, begin(4, 4), one, two), covered("b", true, false, begin(5, 4), one)},
			"5 of 6 statements and 4 of 4 branches",
			[]string{"never reached: job.h:12, begin: x = 1"},
			1,
		},
		"missed in turn": {
			[]reports.Result{covered("a", true, false, begin(5, 4), one), covered("b", true, false, begin(5, 4), two)},
			"6 of 6 statements and 4 of 4 branches",
			nil,
			0,
		},
		"the other cannot call it": {
			[]reports.Result{covered("a", true, false, begin(5, 4), one), covered("b", true, false, other)},
			"6 of 7 statements and 4 of 4 branches",
			[]string{"never reached: job.h:12, begin: x = 1"},
			1,
		},
		"not required": {
			[]reports.Result{covered("a", false, false, begin(5, 4), one), covered("b", false, false, begin(5, 4), one)},
			"5 of 6 statements and 4 of 4 branches",
			[]string{"never reached: job.h:12, begin: x = 1"},
			0,
		},
		"a limit was hit": {
			[]reports.Result{covered("a", true, true, begin(5, 4), one), covered("b", true, false, begin(5, 4), one)},
			"at least 5 of 6 statements and 4 of 4 branches",
			[]string{"never reached: job.h:12, begin: x = 1"},
			0,
		},
		"half of the suite": {
			[]reports.Result{covered("a", true, false, begin(5, 4), one)},
			"at least 5 of 6 statements and 4 of 4 branches",
			[]string{"never reached: job.h:12, begin: x = 1"},
			0,
		},
		"one without an answer": {
			[]reports.Result{covered("a", true, false, begin(5, 4), one), {Suite: "s", Scenario: "b"}},
			"at least 5 of 6 statements and 4 of 4 branches",
			[]string{"never reached: job.h:12, begin: x = 1"},
			0,
		},
	} {
		r := reports.NewReport("test")
		r.Results = tt.results
		for range 2 { // it can be said twice
			r.Cover()
			r.Require()
		}
		if len(r.Coverage) != 1 || r.Coverage[0].Suite != "s" {
			t.Fatalf("%s: %+v", name, r.Coverage)
		}
		c := &r.Coverage[0].Coverage
		if c.String() != tt.text {
			t.Errorf("%s: %s, want %s", name, c, tt.text)
		}
		if diff := cmp.Diff(tt.gaps, sentences(c.Gaps())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if len(r.Findings) != tt.findings || len(r.Problems()) != tt.findings {
			t.Errorf("%s: findings %+v", name, r.Findings)
		}
	}
}

// A terminal lists the first gaps and counts the others.
func TestWriteCoverage(t *testing.T) {
	c := reports.Coverage{Functions: []reports.CoveredFunction{begin(0, 0)}, Required: true}
	for range 9 {
		c.Functions = append(c.Functions, c.Functions[0])
	}
	var b strings.Builder
	if err := terminal.WriteCoverage(&b, []reports.SuiteCoverage{{Suite: "s", Coverage: c}}, terminal.Style{}); err != nil {
		t.Fatal(err)
	}
	fits(t, b.String(), 80)
	head, tail := "\ncoverage of s: 0 of 60 statements and 0 of 40 branches reached; the suite\nrequires all\n", "and 2 more places: --format json or --out lists all\n"
	if got := b.String(); !strings.HasPrefix(got, head) || !strings.HasSuffix(got, tail) || strings.Count(got, "never reached: ") != 8 {
		t.Error(got)
	}
}
