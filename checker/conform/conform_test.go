package conform_test

import (
	"slices"
	"testing"

	"github.com/lockproof/lockproof/checker/conform"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/scenarios"
)

// maxThreads is up to how many threads the library's scenarios are compared.
const maxThreads = 3

// each calls f with every scenario of up to three threads of the library's suites that can be
// compared.
func each(t *testing.T, f func(t *testing.T, sc *scenarios.Scenario)) {
	suites, err := scenarios.Library()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range suites {
		if ok, err := conform.Comparable(t.Context(), s); err != nil {
			t.Fatal(err)
		} else if !ok {
			continue
		}
		for _, sc := range s.Scenarios {
			if len(sc.Closed()) <= maxThreads {
				t.Run(sc.String(), func(t *testing.T) { f(t, sc) })
			}
		}
	}
}

// TestComparable: of the protocols that are there in Go, only the suites about every helper of
// their era use what is not.
func TestComparable(t *testing.T) {
	suites, err := scenarios.Library()
	if err != nil {
		t.Fatal(err)
	}
	var lacking []string
	for _, s := range suites {
		ok, err := conform.Comparable(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if known := slices.Contains(conform.Protocols(), s.Protocol); known && !ok {
			lacking = append(lacking, s.Name)
		} else if !known && ok {
			t.Errorf("%s is about %s", s.Name, s.Protocol)
		}
	}
	want := []string{"era-2009-12-helpers", "era-2009-12-misuse", "era-2011-04-helpers", "era-2011-04-misuse"}
	if !slices.Equal(lacking, want) {
		t.Errorf("%q cannot be compared, want %q", lacking, want)
	}
}

func caseOf(t *testing.T, sc *scenarios.Scenario) *conform.Case {
	t.Helper()
	c, err := conform.FromScenario(t.Context(), sc)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestLibrary compares every state and every transition: as many as a search of the model counts.
func TestLibrary(t *testing.T) {
	each(t, func(t *testing.T, sc *scenarios.Scenario) {
		r, err := conform.Compare(t.Context(), caseOf(t, sc), conform.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r.Mismatch != nil {
			t.Fatalf("%v\nafter %s", r.Mismatch, r.Mismatch.Schedule)
		}
		p, err := sc.Program(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		found, err := search.Search(t.Context(), p, search.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !r.Complete || r.States != found.Stats.States || r.Transitions != found.Stats.Transitions {
			t.Errorf("compared %d states and %d transitions, complete %v; the search has %d and %d",
				r.States, r.Transitions, r.Complete, found.Stats.States, found.Stats.Transitions)
		}
	})
}
