package search_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// whole makes the rest of an open program at once, and counts how often it is asked.
type whole struct {
	closed *model.Program
	asked  []model.State
}

func (w *whole) Extend(_ context.Context, from []model.State) (*model.Program, error) {
	w.asked = append(w.asked, from...)
	return w.closed, nil
}

// openProgram is one thread that looks at the last of many variables, and does not know yet what
// follows.
func openProgram(vars int) (*model.Program, *whole) {
	nodes := func(open bool) []model.Node {
		load := model.Node{
			Op: model.OpLoad, Object: model.None, Lock: model.None, Cond: model.None,
			Var: model.VarID(vars - 1), Open: open,
		}
		on := []model.Edge{{To: 1}}
		if !open {
			load.Out = []model.Outcome{{When: 0, Next: on}, {When: 1, Next: on}}
		}
		end := model.Node{
			Op: model.OpFinish, Object: model.None, Lock: model.None, Cond: model.None, Var: model.None,
		}
		return []model.Node{load, end}
	}
	program := func(open bool) *model.Program {
		p := &model.Program{Threads: []model.Thread{{Name: "t", Start: []model.Edge{{}}, Nodes: nodes(open)}}}
		for i := range vars {
			v := model.Var{Name: fmt.Sprint("v", i), Object: model.None, Values: []int64{0, 1}, Initial: 1}
			p.Vars = append(p.Vars, v)
		}
		return p
	}
	w := &whole{closed: program(false)}
	p := program(true)
	p.Source = w
	return p, w
}

// TestEveryWidth closes, searches and replays programs whose states are of each number of words.
func TestEveryWidth(t *testing.T) {
	for _, c := range []struct{ vars, words int }{
		{1, 1}, {63, 1}, {64, 2}, {130, 3}, {200, 4}, {300, 6}, {500, 8}, {1000, 16},
	} {
		open, source := openProgram(c.vars)
		if n, err := model.Width(open); err != nil || n != c.words {
			t.Fatalf("%d variables: %d words, %v", c.vars, n, err)
		}
		p, limit, err := search.Close(t.Context(), open, search.Options{})
		if err != nil || limit != model.NoLimit || p != source.closed {
			t.Fatalf("%d words: closed is %p, limit %q, %v", c.words, p, limit, err)
		}
		if len(source.asked) != 1 || source.asked[0].Values[c.vars-1] != 1 || source.asked[0].At[0] != 0 {
			t.Errorf("%d words: asked for %+v", c.words, source.asked)
		}
		if r := searchFor(t, p, search.Options{}); r.Verdict != model.OK || r.Stats.States != 2 {
			t.Errorf("%d words: %s with %d states", c.words, r.Verdict, r.Stats.States)
		}
		trace, f, err := search.Replay(p, model.Schedule{{}})
		if err != nil || f != nil || len(trace.Steps) != 1 {
			t.Errorf("%d words: replayed to %+v, %v", c.words, f, err)
		}
		if r := searchFor(t, open, search.Options{}); r.Verdict != model.Unknown || r.Limit != model.UnexploredLimit {
			t.Errorf("%d words: an open program is %s, %q", c.words, r.Verdict, r.Limit)
		}
	}
}

// TestCloseTellsErrors shows that a program is not closed where the states could not be written.
func TestCloseTellsErrors(t *testing.T) {
	open, source := openProgram(1)
	o := search.Options{Fingerprint: true, SpillDir: t.TempDir() + "/nowhere"}
	p, limit, err := search.Close(t.Context(), open, o)
	if err == nil || limit != model.NoLimit || p == source.closed || len(source.asked) > 0 {
		t.Errorf("closed is %v, limit %q, asked for %d states: %v", p == source.closed, limit, len(source.asked), err)
	}
}

// TestCloseOfWhole shows that nobody is asked for more where no state lacks a step, and that the
// program is closed then, with its threads as they are.
func TestCloseOfWhole(t *testing.T) {
	_, source := openProgram(1)
	open := *source.closed
	open.Source = source
	p, limit, err := search.Close(t.Context(), &open, search.Options{})
	if err != nil || limit != model.NoLimit || p.Source != nil || len(p.Threads) != 1 {
		t.Errorf("limit %q, %v: %+v", limit, err, p)
	}
	if len(source.asked) > 0 || open.Source == nil {
		t.Errorf("asked for %v", source.asked)
	}
	if again, limit, err := search.Close(t.Context(), p, search.Options{}); again != p || limit != model.NoLimit || err != nil {
		t.Errorf("a closed program is closed once more: %v, %q", err, limit)
	}
}
