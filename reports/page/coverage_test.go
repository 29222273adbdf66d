package page

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/reports"
)

// Each line of a function in which something was missed says what became of the statements on it.
// Functions in which nothing was are left out, and so is what the report does not quote.
func TestCoverFiles(t *testing.T) {
	c := &reports.Coverage{
		Functions: []reports.CoveredFunction{
			{Function: "f", File: "a.c", Lines: []int{3, 4, 4, 5, 6, 7}, Statements: 6, Reached: 4, Branches: 2, Taken: 1},
			{Function: "g", File: "a.c", Lines: []int{20}, Statements: 1, Reached: 1},
			{Function: "h", File: "a.c", Lines: []int{30}, Statements: 1},
		},
		Missed: []reports.Missed{
			{Function: "f", File: "a.c", Line: 4, Number: 3, Text: "return"},
			{Function: "f", File: "a.c", Line: 5, Number: 4, Text: "x"},
			{Function: "f", File: "a.c", Line: 6, Number: 5, Branch: 1, Text: "y"},
			{Function: "h", File: "a.c", Line: 30, Number: 1, Text: "z"},
		},
		Faults: []reports.FaultPath{
			{Function: "f", File: "a.c", Line: 3, Number: 1, Text: "times out", Reached: true},
			{Function: "f", File: "a.c", Line: 7, Number: 6, Text: "times out"},
		},
		Required: true,
	}
	var quoted []reports.Line
	for n := 1; n <= 31; n++ {
		if n != 2 {
			quoted = append(quoted, reports.Line{Number: n, Text: "<b>"})
		}
	}
	r := reports.NewReport("test")
	r.Sources = []reports.Source{{File: "a.c", Lines: quoted}, {File: "b.c", Lines: quoted}}
	r.Coverage = []reports.SuiteCoverage{{Suite: "s", Coverage: *c}}
	v := newCoverView("s", r)
	if !v.Required || len(v.Gaps) != 4 || len(v.Files) != 1 || newCoverView("t", r) != nil {
		t.Fatalf("%+v", v)
	}
	var got []string
	for _, l := range v.Files[0].Lines {
		got = append(got, strings.TrimSpace(l.Class+" "+l.Sign))
	}
	want := []string{
		"", "gap", "reached +", "partly ~", "missed -", "partly ~", "partly ~", "", "", // 1, 3 to 9
		"gap", "", "", "missed -", "", // 28 to 31
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	r.Results = []reports.Result{{Suite: "s", Scenario: "a", Coverage: c}}
	var page strings.Builder
	if err := WriteHTML(&page, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<details class="cover" open>`, `<div class="missed"><i>30</i><b>-</b> &lt;b&gt;</div>`,
		`<li>never reached: a.c:30, all of h</li>`, `<b class="FAIL">the suite requires all</b>`,
	} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}
