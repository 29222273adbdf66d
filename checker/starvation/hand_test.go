package starvation_test

import (
	"slices"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/checker/starvation"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// program closes a scenario that keeps all other rules.
func program(t *testing.T, sc *scenarios.Scenario) *model.Program {
	t.Helper()
	p, err := sc.Program(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if p, _, err = search.Close(t.Context(), p, search.Options{}); err != nil {
		t.Fatal(err)
	}
	r, err := search.Search(t.Context(), p, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict != model.OK {
		t.Fatalf("%s: %s (%s)", sc, r.Verdict, r.Findings[0].Message)
	}
	return p
}

// Verdicts that are worked out by hand: for each property and each fairness one that holds and one
// that does not.
func TestByHand(t *testing.T) {
	suites, err := scenarios.Load(t.Context(), "testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range slices.Concat(suites[0].Scenarios, suites[1].Scenarios) {
		t.Run(sc.Name, func(t *testing.T) {
			p := program(t, sc)
			o := starvation.Options{Fairness: sc.Fairness, Liveness: sc.Liveness}
			r, err := starvation.Search(t.Context(), p, o)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := r.Lasso != nil, sc.Expect.Verdict == model.Starvation; got != want {
				t.Fatalf("starvation: %v, want %v", got, want)
			}
			if r.Lasso == nil {
				return
			}
			prefix, loop, err := starvation.ParseLasso(r.Lasso.String())
			if err != nil {
				t.Fatal(err)
			}
			again, err := starvation.Follow(p, prefix, loop, o)
			if err != nil {
				t.Fatal(err)
			}
			if again.Message != r.Lasso.Message {
				t.Errorf("followed: %s\nfound: %s", again.Message, r.Lasso.Message)
			}
		})
	}
}

// How often a waiter for the job is overtaken: by tickets once by each other thread, else without
// an end.
func TestBypassByHand(t *testing.T) {
	suites, err := scenarios.Load(t.Context(), "testdata/hand-over.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"tickets-of-two": 1, "tickets-of-three": 2}
	for _, sc := range suites[0].Scenarios {
		r, err := starvation.Search(t.Context(), program(t, sc), starvation.Options{Fairness: sc.Fairness, Liveness: sc.Liveness})
		if err != nil {
			t.Fatal(err)
		}
		bound, bounded := want[sc.Name]
		if !bounded {
			bound = starvation.Unbounded
		}
		if len(r.Bypasses) != 1 || r.Bypasses[0].Bound != bound {
			t.Errorf("%s: %v, want %d", sc.Name, r.Bypasses, bound)
		}
	}
}
