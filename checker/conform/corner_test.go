package conform_test

import (
	"testing"

	"github.com/lockproof/lockproof/checker/conform"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/scenarios"
)

func corners(t *testing.T) []*scenarios.Scenario {
	t.Helper()
	suites, err := scenarios.Load(t.Context(), "testdata/corners.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return suites[0].Scenarios
}

// TestCorners compares bodies that do what the library's do not: exhaustively, at random, and along
// every counterexample.
func TestCorners(t *testing.T) {
	for _, sc := range corners(t) {
		t.Run(sc.Name, func(t *testing.T) {
			for _, o := range []conform.Options{{}, {Walks: 5, MaxSteps: 100}} {
				r, err := conform.Compare(t.Context(), caseOf(t, sc), o)
				if err != nil {
					t.Fatal(err)
				}
				if r.Mismatch != nil {
					t.Fatalf("%v\nafter %s", r.Mismatch, r.Mismatch.Schedule)
				}
			}
			p, err := sc.Program(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			found, err := search.Search(t.Context(), p, search.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found.Findings {
				r, err := conform.Follow(t.Context(), caseOf(t, sc), search.ScheduleOf(&f.Trace))
				if err != nil {
					t.Fatal(err)
				}
				if r.Mismatch != nil || f.Kind == sc.Expect.Kind && r.Broken != f.Kind {
					t.Errorf("%s %s: broke %q, %v", f.Verdict, f.Kind, r.Broken, r.Mismatch)
				}
			}
		})
	}
}
