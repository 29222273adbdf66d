package reports_test

import (
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/reportstest"
	"github.com/lockproof/lockproof/reports/terminal"
)

// Text for people: what nobody noticed comes first, and hostile text stays on its line.
func TestMutationText(t *testing.T) {
	m := reportstest.Mixed(t).Mutations[0]
	for _, all := range []bool{false, true} {
		var b strings.Builder
		if err := terminal.WriteMutation(&b, &m, all, terminal.Style{}); err != nil {
			t.Fatal(err)
		}
		name := "mutation.txt"
		if all {
			name = "mutation-all.txt"
		}
		reportstest.Golden(t, name, b.String())
	}
}

// The score and the counts speak of the same mutants.
func TestMutationSummary(t *testing.T) {
	for _, c := range []struct {
		counts reports.MutantCounts
		want   string
		open   bool
	}{
		{reports.MutantCounts{}, "p: no mutant that counts", false},
		{reports.MutantCounts{Equivalent: 2, Unbuilt: 1}, "p: no mutant that counts, 2 equivalent in these scenarios, 1 refused", false},
		{reports.MutantCounts{Found: 3}, "p: 3 of 3 mutants found (75.0 %)", false},
		{reports.MutantCounts{Found: 3, Survived: 1, Unreached: 2}, "p: 3 of 6 mutants found (75.0 %), 1 survived, 2 not reached", false},
		{reports.MutantCounts{Found: 3, Undecided: 1}, "p: 3 of 3 mutants found (75.0 %), 1 undecided", true},
		{reports.MutantCounts{Found: 3, Left: 1}, "p: 3 of 3 mutants found (75.0 %), 1 not tried", true},
	} {
		m := reports.Mutation{Protocol: "p", Score: 75, Counts: c.counts}
		if got := m.Summary(); got != c.want || m.Undecided() != c.open {
			t.Errorf("%+v: %q, undecided: %t", c.counts, got, m.Undecided())
		}
	}
	idle := reports.Mutation{Idle: []reports.MutantJudge{{Verdict: model.Unknown}}}
	if !idle.Undecided() {
		t.Error("a scenario that a limit stopped judges nothing, and all was decided")
	}
}
