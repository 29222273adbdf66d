package search_test

import (
	"fmt"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/modeltest"
)

// TestReplayOfPrefixes stops in the middle of runs: what is said of the last state is who is lost
// there, as the reference has it, and nothing where all can still finish, or where a deadlock may
// come that says it all.
func TestReplayOfPrefixes(t *testing.T) {
	healthy, lost, ahead := 0, 0, 0
	for _, c := range modeltest.Cases() {
		want, complete := modeltest.NewReference(c.Program).Judge(500)
		if !complete || want.Lost == nil || want.Quiet > 0 || len(want.Violations) > 0 {
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
				if ends := deadlocks(m, s); len(ends) > 0 {
					ahead++
					if ends[s] != (f != nil && f.Verdict == model.Deadlock) || !ends[s] && f != nil {
						t.Errorf("%s: it is a deadlock: %v, and it says %+v", what, ends[s], f)
					}
				} else if len(want.Lost[modeltest.Read(m, &s).Key()]) == 0 {
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
	if healthy < 100 || lost < 20 || ahead < 20 {
		t.Errorf("%d states from which all can finish, %d with a deadlock ahead, %d others", healthy, ahead, lost)
	}
}

// deadlocks are those that can be reached from a state, without the steps that need not come.
func deadlocks(m *model.Machine[[1]uint64], from [1]uint64) map[[1]uint64]bool {
	found, seen := map[[1]uint64]bool{}, map[[1]uint64]bool{from: true}
	for todo := [][1]uint64{from}; len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		succs := m.Successors(&s, nil)
		if len(succs) == 0 && !m.AllFinished(&s) {
			found[s] = true
		}
		for _, x := range succs {
			if !seen[x.State] {
				seen[x.State], todo = true, append(todo, x.State)
			}
		}
	}
	return found
}
