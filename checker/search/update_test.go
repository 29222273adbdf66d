package search_test

import (
	"slices"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// taking is a thread that takes one of each semaphore, in order, and gives nothing back.
func taking(name string, semaphores ...model.VarID) model.Thread {
	th := model.Thread{Name: name, Start: []model.Edge{{To: 0}}}
	for i, v := range semaphores {
		th.Nodes = append(th.Nodes, model.Node{
			Op: model.OpUpdate, Object: model.None, Lock: model.None, Cond: model.None, Var: v, Text: "take()",
			Out: []model.Outcome{{When: 1, Set: 0, Next: []model.Edge{{To: model.NodeID(i + 1)}}}},
		})
	}
	th.Nodes = append(th.Nodes, model.Node{
		Op: model.OpFinish, Object: model.None, Lock: model.None, Cond: model.None, Var: model.None,
	})
	return th
}

// TestHangAtUpdate explains who waits for which variable, and counts the states.
func TestHangAtUpdate(t *testing.T) {
	vars := []model.Var{
		{Name: "a", Object: model.None, Values: []int64{0, 1}, Initial: 1},
		{Name: "b", Object: model.None, Values: []int64{0, 1}, Initial: 1},
		{Name: "c", Object: model.None, Values: []int64{0, 1}},
	}
	for name, c := range map[string]struct {
		threads []model.Thread
		states  int64
		message string
		waits   []int
	}{
		"opposite orders": {
			[]model.Thread{taking("t()", 0, 1), taking("u()", 1, 0)},
			6,
			"T2 u() waits for b, which is 0, and nobody can change that any more",
			[]int{1},
		},
		"two wait": {
			[]model.Thread{taking("t()", 0, 2), taking("u()", 2)},
			2,
			"T1 t() waits for c, which is 0; T2 u() waits for c, which is 0, and nobody can change that any more",
			[]int{0, 1},
		},
		"one too many": {
			[]model.Thread{taking("t()", 0), taking("u()", 0)},
			3,
			"T2 u() waits for a, which is 0, and nobody can change that any more",
			[]int{1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := &model.Program{Vars: slices.Clone(vars), Threads: c.threads}
			r, err := search.Search(t.Context(), p, search.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Verdict != model.Deadlock || r.Kind != model.LostWakeup || r.Stats.States != c.states {
				t.Fatalf("%s %q, %d states, want %d", r.Verdict, r.Kind, r.Stats.States, c.states)
			}
			f := &r.Findings[0]
			if f.Message != c.message || !slices.Equal(f.Threads, c.waits) {
				t.Errorf("%q %v, want %q %v", f.Message, f.Threads, c.message, c.waits)
			}
			last := f.Trace.Steps[len(f.Trace.Steps)-1]
			if w := last.After.Threads[c.waits[0]].WaitsFor; w == "" {
				t.Errorf("the view says that it waits for %q", w)
			}
		})
	}
}
