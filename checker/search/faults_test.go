package search_test

import (
	"slices"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// TestFaultAlone looks in the library for each fault, and for two scenarios that differ in nothing
// but that: without it all is well, with it something is found.
func TestFaultAlone(t *testing.T) {
	suites, err := scenarios.Library()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range scenarios.Faults() {
		if f == scenarios.NoSpuriousWakeup {
			continue // it takes something away
		}
		t.Run(string(f), func(t *testing.T) {
			pairs := 0
			for _, s := range suites {
				for _, with := range s.Scenarios {
					i := slices.IndexFunc(s.Scenarios, func(sc *scenarios.Scenario) bool { return onlyDifferIn(f, with, sc) })
					if i < 0 || with.Expect.Verdict == model.OK {
						continue
					}
					pairs++
					if v := searched(t, s.Scenarios[i]); v != model.OK {
						t.Errorf("%s: %s without the fault", s.Scenarios[i], v)
					}
					if v := searched(t, with); v == model.OK || v == model.Unknown {
						t.Errorf("%s: %s with it", with, v)
					}
				}
			}
			if pairs == 0 {
				t.Error("nothing in the library shows what it can do")
			}
		})
	}
}

// onlyDifferIn reports whether two scenarios have the same threads, and a fault is all that one has
// and the other has not.
func onlyDifferIn(f scenarios.Fault, with, without *scenarios.Scenario) bool {
	same := func(a, b scenarios.Thread) bool {
		return a.Call == b.Call && a.Count == b.Count && a.Loop == b.Loop && slices.Equal(a.Faults, b.Faults)
	}
	return slices.Equal(with.Faults, append(slices.Clone(without.Faults), f)) && slices.EqualFunc(with.Threads, without.Threads, same) &&
		with.IgnoreRequires == without.IgnoreRequires && with.Races == without.Races && with.Leaks == without.Leaks &&
		with.Fairness == "" && without.Fairness == ""
}

func searched(t *testing.T, sc *scenarios.Scenario) model.Verdict {
	t.Helper()
	p, err := sc.Program(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r, err := search.Search(t.Context(), p, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r.Verdict
}
