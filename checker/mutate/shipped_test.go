package mutate

import (
	"flag"
	"testing"

	"github.com/lockproof/lockproof/checker/mutate/operator"
	"github.com/lockproof/lockproof/scenarios"
)

var all = flag.Bool("all", false, "every mutant of today's libvirt, not only every twelfth")

// The built-in suites notice at least 95 % of the mistakes in the helpers of the mail, of the Go
// daemon and of today's libvirt; docs/mutate.md says what is left. Of the last, which has ten times
// as many mutants, a fixed sample is asked about, unless all are asked for.
func TestShippedSuites(t *testing.T) {
	if testing.Short() {
		t.Skip("tries some hundred mutants")
	}
	library, err := scenarios.Resolve(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, target := range Targets(library) {
		const large = "libvirt-2023-01"
		if target.Name != "mail-2009-10" && target.Name != "today" && target.Name != large {
			continue
		}
		asked++
		t.Run(target.Name, func(t *testing.T) {
			t.Parallel()
			p, err := NewPlan(t.Context(), &target, Options{Workers: 2, MaxStates: 1_000_000})
			if err != nil {
				t.Fatal(err)
			}
			if target.Name == large && !*all {
				p.Mutants = everyTwelfth(p.Mutants)
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
			if r.Score() < 95 || r.Count(Undecided) > 0 || target.Name != large && r.Count(Unbuilt) > 0 || len(r.Idle) > 0 {
				t.Errorf("score %.1f; %d undecided, %d refused, %d scenarios judge nothing",
					r.Score(), r.Count(Undecided), r.Count(Unbuilt), len(r.Idle))
			}
		})
	}
	if asked != 3 {
		t.Errorf("%d protocols", asked)
	}
}

func everyTwelfth(mutants []operator.Mutant) []operator.Mutant {
	var some []operator.Mutant
	for i := 0; i < len(mutants); i += 12 {
		some = append(some, mutants[i])
	}
	return some
}
