package modeltest_test

import (
	"testing"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/modeltest"
)

// TestCases runs every case through the suite, and checks that the reference judges it as its
// author did.
func TestCases(t *testing.T) {
	words := map[int]bool{}
	for _, c := range modeltest.Cases() {
		t.Run(c.Name, func(t *testing.T) {
			s := modeltest.Conform(t, c.Program, modeltest.Options{States: 3000})
			words[s.Words] = true
			j, complete := modeltest.NewReference(c.Program).Judge(3000)
			if !complete || j.Verdict != c.Verdict {
				t.Errorf("complete %v, verdict %s", complete, j.Verdict)
			}
			if _, found := j.Violations[c.Kind]; c.Kind != "" && !found {
				t.Errorf("violations %v", j.Violations)
			}
			if len(j.Violations) > 1 && c.Verdict != model.Violation {
				t.Errorf("violations %v", j.Violations)
			}
		})
	}
	for _, n := range []int{1, 2, 3, 4, 6, 8, 16} {
		if !words[n] {
			t.Errorf("no case has states of %d words", n)
		}
	}
}
