package search

import (
	"os"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
)

// TestSpill writes levels to a file and reads them again, in any order, and tells what goes wrong
// with the file.
func TestSpill(t *testing.T) {
	var a arena[[1]uint64]
	defer a.close()
	const n = 3 * largeBlock
	var levels [][]span
	for a.next.Load() < segmentSize {
		if _, ok := a.reserve(); !ok {
			t.Fatal("there is no memory")
		}
	}
	for i := range int64(n) {
		a.at(i)[0] = uint64(7 * i)
	}
	levels = append(levels, []span{{0, 1}}, []span{{5, 9}, {1, 3}}, []span{{100, n}})
	never := func() bool { return false }
	fill := func() *spill[[1]uint64] {
		p, err := newSpill[[1]uint64](t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range levels {
			if err := p.level(&a, l, never); err != nil {
				t.Fatal(err)
			}
		}
		return p
	}
	p := fill()
	if err := p.level(&a, levels[0], func() bool { return true }); err != nil || len(p.starts) != len(levels)+1 {
		t.Errorf("a level that was stopped is there: %v, %v", p.starts, err)
	}
	for _, l := range []int{2, 0, 1, 2} {
		var want []uint64
		for _, b := range levels[l] {
			for i := b.lo; i < b.hi; i++ {
				want = append(want, uint64(7*i))
			}
		}
		got := 0
		if err := p.each(l, func(s *[1]uint64) bool {
			if got >= len(want) || s[0] != want[got] {
				t.Fatalf("level %d: state %d is %d", l, got, s[0])
			}
			got++
			return true
		}); err != nil || got != len(want) {
			t.Errorf("level %d: %d states, want %d: %v", l, got, len(want), err)
		}
		first := 0
		if err := p.each(l, func(*[1]uint64) bool { first++; return false }); err != nil || first != 1 {
			t.Errorf("level %d: %d states, and one was enough: %v", l, first, err)
		}
	}
	if err := p.file.Truncate(8); err != nil {
		t.Fatal(err)
	}
	told := func(what, want string, err error) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	told("a file that ends early", "reading states", p.each(1, func(*[1]uint64) bool { return true }))
	p.close()
	if files, err := os.ReadDir(t.TempDir()); err != nil || len(files) > 0 {
		t.Errorf("left behind: %v, %v", files, err)
	}
	p = fill()
	p.file.Close()
	told("a file that is closed", "writing states", p.each(0, func(*[1]uint64) bool { return true }))
	p = fill()
	p.file.Close()
	var err error
	for range 1 << 20 / (8 * n) * 4 {
		if err = p.level(&a, levels[2], never); err != nil {
			break
		}
	}
	told("a closed file and a full buffer", "writing states", err)
}

// TestThresholds shows which numbers ship, and that tests may set others.
func TestThresholds(t *testing.T) {
	shipped := thresholds{smallLevel: smallLevel, merged: maxMerged, overtime: maxOvertime}
	for given, want := range map[thresholds]thresholds{
		{}:                                      shipped,
		{smallLevel: -1}:                        {-1, maxMerged, maxOvertime},
		{merged: 3}:                             {smallLevel, 3, maxOvertime},
		{overtime: -1}:                          {smallLevel, maxMerged, -1},
		{smallLevel: 9, merged: 8, overtime: 7}: {9, 8, 7},
	} {
		if got := given.orShipped(); got != want {
			t.Errorf("%+v: %+v, want %+v", given, got, want)
		}
	}
}

// chain is a program of threads with so many nodes each, whose steps change nothing.
func chain(nodes ...int) *model.Program {
	p := &model.Program{}
	for _, n := range nodes {
		th := model.Thread{Start: []model.Edge{{}}}
		for i := range n {
			x := model.Node{Op: model.OpAccess, Object: model.None, Lock: model.None, Cond: model.None, Var: model.None}
			if x.Out = []model.Outcome{{Next: []model.Edge{{To: model.NodeID(i + 1)}}}}; i == n-1 {
				x.Op, x.Out = model.OpFinish, nil
			}
			th.Nodes = append(th.Nodes, x)
		}
		p.Threads = append(p.Threads, th)
	}
	return p
}

// TestDeciders shows how many threads decide who owns a state: the first ones that have 256
// combinations of locations for each worker, or all.
func TestDeciders(t *testing.T) {
	for _, c := range []struct {
		nodes         []int
		workers, want int
	}{
		{[]int{300, 5, 5}, 1, 1},
		{[]int{256, 5, 5}, 1, 1},
		{[]int{255, 5, 5}, 1, 2},
		{[]int{16, 16, 4, 4}, 1, 2},
		{[]int{16, 16, 4, 4}, 2, 3},
		{[]int{16, 16, 4, 4}, 4, 3},
		{[]int{16, 16, 4, 4}, 5, 4},
		{[]int{2, 2}, 8, 2},
		{nil, 3, 0},
	} {
		if got := deciders(chain(c.nodes...), c.workers); got != c.want {
			t.Errorf("%v nodes, %d workers: %d threads, want %d", c.nodes, c.workers, got, c.want)
		}
	}
}

// TestExpandStops shows that a worker looks at the limits between two states, once enough has been
// seen, and stops there.
func TestExpandStops(t *testing.T) {
	m, err := model.NewMachine[[1]uint64](chain(5, 5))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		unseen int
		states int64
		goesOn bool
		want   int64
	}{{0, 1, true, 6}, {lookEvery, 0, true, 6}, {lookEvery, 1, false, 2}, {lookEvery - 2, 1, false, 4}, {lookEvery - 3, 1, false, 4}, {lookEvery - 4, 1, false, 6}} {
		s := newSearch(t.Context(), m, planFor(Options{MaxStates: c.states}))
		w, first := s.workers[0], m.Initial(0)
		s.arena.filled.Store(9)
		w.unseen = c.unseen
		if got := w.expand([][1]uint64{first, first, first}); got != c.goesOn || w.saw.transitions != c.want {
			t.Errorf("%+v: goes on %v after %d transitions", c, got, w.saw.transitions)
		}
		s.close()
	}
}
