package conform_test

import (
	"testing"

	"github.com/lockproof/lockproof/checker/conform"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/scenarios"
)

func find(t *testing.T, ref string) *scenarios.Scenario {
	t.Helper()
	suites, err := scenarios.Library()
	if err != nil {
		t.Fatal(err)
	}
	scs, err := scenarios.Find(t.Context(), suites, ref)
	if err != nil {
		t.Fatal(err)
	}
	return scs[0]
}

// TestOtherProtocol runs the driver by one protocol and the model by another. Each pair differs
// somewhere in the library.
func TestOtherProtocol(t *testing.T) {
	for _, wrong := range conform.Protocols() {
		differs := map[string]int{}
		each(t, func(t *testing.T, sc *scenarios.Scenario) {
			c := caseOf(t, sc)
			right := c.Protocol
			if right == wrong {
				return
			}
			differs[right] += 0
			c.Protocol = wrong
			r, err := conform.Compare(t.Context(), c, conform.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Mismatch == nil {
				return
			}
			if differs[right]++; differs[right] == 1 {
				t.Logf("%s run as %s: %v", right, wrong, r.Mismatch)
			}
			// The way to a mismatch leads there again.
			if _, err := conform.Follow(t.Context(), c, r.Mismatch.Schedule); err != nil {
				t.Errorf("%s: %v", r.Mismatch.Schedule, err)
			}
		})
		for right, n := range differs {
			if n == 0 {
				t.Errorf("the driver's %s passes for %s", wrong, right)
			}
		}
	}
}

// TestCounterexamples takes every counterexample of a search to the driver.
func TestCounterexamples(t *testing.T) {
	each(t, func(t *testing.T, sc *scenarios.Scenario) {
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
			if r.Mismatch != nil {
				t.Fatalf("%s %s: %v", f.Verdict, f.Kind, r.Mismatch)
			}
			if len(r.Driver) != len(p.Threads) {
				t.Errorf("the driver has %d threads", len(r.Driver))
			}
		}
	})
}

func TestRandom(t *testing.T) {
	sc := find(t, "call-patterns:everybody-for-ever")
	r, err := conform.Compare(t.Context(), caseOf(t, sc), conform.Options{Walks: 20, Seed: 7, MaxSteps: 300})
	if err != nil || r.Mismatch != nil || r.Complete || r.Steps != 20*300 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestLimits(t *testing.T) {
	sc := find(t, "call-patterns:five-queries")
	r, err := conform.Compare(t.Context(), caseOf(t, sc), conform.Options{MaxStates: 100})
	if err != nil || r.Limit != "max-states" || r.Complete || r.Mismatch != nil {
		t.Errorf("%+v, %v", r, err)
	}
}

// Something is shown while one scenario is compared, not only between two.
func TestProgress(t *testing.T) {
	for _, o := range []conform.Options{{}, {Walks: 1, MaxSteps: 5000}} {
		var seen []conform.Progress
		o.Progress = func(p conform.Progress) { seen = append(seen, p) }
		ref := "call-patterns:two-queries"
		if o.Walks > 0 {
			ref = "call-patterns:everybody-for-ever"
		}
		r, err := conform.Compare(t.Context(), caseOf(t, find(t, ref)), o)
		if err != nil {
			t.Fatal(err)
		}
		if len(seen) < 5 {
			t.Fatalf("%s: shown %d times", ref, len(seen))
		}
		if last := seen[len(seen)-1]; last.States == 0 || last.Runs > r.Runs || last.Steps > r.Steps || o.Walks == 0 && last.Frontier != 1 {
			t.Errorf("%s: %+v, and in the end %+v", ref, last, r)
		}
	}
}
