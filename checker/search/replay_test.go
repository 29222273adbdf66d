package search_test

import (
	"fmt"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/modeltest"
)

// TestReplayOfPrefixes stops in the middle of runs: what is said of the last state is who is lost
// there, as the reference has it, and nothing where all can still finish.
func TestReplayOfPrefixes(t *testing.T) {
	healthy, lost := 0, 0
	for _, c := range modeltest.Cases() {
		want, complete := modeltest.NewReference(c.Program).Judge(500)
		if !complete || want.Lost == nil || want.Deadlock >= 0 || len(want.Violations) > 0 {
			continue
		}
		m, err := model.NewMachine[[1]uint64](c.Program)
		if err != nil {
			continue // wider states are as good as these
		}
		for run := range 3 {
			s := m.Initial(0)
			var picks model.Schedule
			for i := range 12 {
				what := fmt.Sprintf("%s, after %v", c.Name, picks)
				_, f, err := search.Replay(c.Program, picks)
				if err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				if len(want.Lost[modeltest.Read(m, &s).Key()]) == 0 {
					if healthy++; f != nil {
						t.Errorf("%s: all can finish, and it says: %s", what, f.Message)
					}
				} else if lost++; f == nil {
					t.Errorf("%s: nobody is lost", what)
				} else {
					namesVictims(t, what, c.Program, f, want)
				}
				succs := m.Successors(&s, nil)
				if len(succs) == 0 {
					break
				}
				x := succs[(3*run+5*i)%len(succs)]
				pick := model.Pick{Thread: m.ThreadOf(x.Rule)}
				for _, y := range m.StepsOf(&s, pick.Thread, nil) {
					if y.Rule == x.Rule {
						break
					}
					pick.Choice++
				}
				picks, s = append(picks, pick), x.State
			}
		}
	}
	if healthy < 100 || lost < 20 {
		t.Errorf("%d states from which all can finish, %d others", healthy, lost)
	}
}
