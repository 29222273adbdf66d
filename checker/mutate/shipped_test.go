package mutate

import (
	"testing"

	"github.com/lockproof/lockproof/scenarios"
)

// The built-in suites notice at least 95 % of the mistakes in the helpers of the mail and of the Go
// daemon; docs/mutate.md says what is left.
func TestShippedSuites(t *testing.T) {
	if testing.Short() {
		t.Skip("tries some hundred mutants")
	}
	all, err := scenarios.Resolve(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, target := range Targets(all) {
		if target.Name != "mail-2009-10" && target.Name != "today" {
			continue
		}
		asked++
		t.Run(target.Name, func(t *testing.T) {
			t.Parallel()
			p, err := NewPlan(t.Context(), &target, Options{Workers: 2, MaxStates: 1_000_000})
			if err != nil {
				t.Fatal(err)
			}
			r, err := p.Run(t.Context(), func(m *Mutant) error {
				if m.Status != Found {
					t.Logf("%s: %s", m.Status, m.ID)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if r.Score() < 95 || r.Count(Undecided)+r.Count(Unbuilt) > 0 || len(r.Idle) > 0 {
				t.Errorf("score %.1f; %d undecided, %d refused, %d scenarios judge nothing",
					r.Score(), r.Count(Undecided), r.Count(Unbuilt), len(r.Idle))
			}
		})
	}
	if asked != 2 {
		t.Errorf("%d protocols", asked)
	}
}
