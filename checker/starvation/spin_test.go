package starvation_test

import (
	"testing"

	"github.com/lockproof/lockproof/checker/crosscheck"
	"github.com/lockproof/lockproof/checker/starvation"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// SPIN finds a non-progress cycle under weak fairness precisely where the search finds a lasso: for
// every thread, and for all together. It knows neither strong fairness nor deadlines that come, and
// takes a spurious wake-up for a step like any other, so those programs are left out that have such
// steps.
func TestAgreesWithSPIN(t *testing.T) {
	if err := crosscheck.Available(crosscheck.SPIN, crosscheck.RunOptions{}); err != nil {
		t.Skip(err, "(Debian: spin, gcc)")
	}
	suites, err := scenarios.Load(t.Context(), "testdata/hand.yaml")
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	seen := map[string]bool{}
	for _, sc := range suites[0].Scenarios {
		p := program(t, sc)
		if threads := sc.Threads[0].Call + " " + sc.Threads[len(sc.Threads)-1].Call; beyondSPIN(p) || seen[threads] {
			continue
		} else {
			seen[threads] = true
		}
		t.Run(sc.Name, func(t *testing.T) {
			all := make([]int, len(p.Threads))
			for i := range all {
				all[i] = i
			}
			compare(t, p, model.Progress, all)
			for i := range all {
				compare(t, p, model.Completion, all[i:i+1])
			}
		})
		asked++
	}
	if asked < 8 {
		t.Errorf("only %d programs were compared", asked)
	}
}

func compare(t *testing.T, p *model.Program, property model.Liveness, progress []int) {
	t.Helper()
	r, err := starvation.Search(t.Context(), p, starvation.Options{Fairness: model.WeakFairness, Liveness: property, Only: progress})
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := crosscheck.NonProgress(t.Context(), p, crosscheck.Options{Progress: progress})
	if err != nil {
		t.Fatal(err)
	}
	if ours := r.Lasso != nil; ours != theirs {
		t.Errorf("%s of %v: we find a lasso: %v, SPIN: %v", property, progress, ours, theirs)
	}
}

func beyondSPIN(p *model.Program) bool {
	for t := range p.Threads {
		for i := range p.Threads[t].Nodes {
			n := &p.Threads[t].Nodes[i]
			for k := range n.Out {
				if n.Optional(&n.Out[k]) || n.Out[k].Label == model.TimedOut {
					return true
				}
			}
		}
	}
	return false
}
