package search_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/modeltest"
)

// withPaths gives every edge of a program a path of its own; equal threads have equal paths, unless
// all are to differ.
func withPaths(p *model.Program, differ bool) *model.Program {
	q := *p
	q.Threads = slices.Clone(p.Threads)
	next, most := int32(1), int32(1)
	edges := func(es []model.Edge) []model.Edge {
		es = slices.Clone(es)
		for i := range es {
			es[i].Path = next
			next++
		}
		most = max(most, next)
		return es
	}
	for t := range q.Threads {
		if !differ {
			next = 1
		}
		th := &q.Threads[t]
		th.Start = edges(th.Start)
		th.Nodes = slices.Clone(th.Nodes)
		for n := range th.Nodes {
			th.Nodes[n].Out = slices.Clone(th.Nodes[n].Out)
			for o := range th.Nodes[n].Out {
				th.Nodes[n].Out[o].Next = edges(th.Nodes[n].Out[o].Next)
			}
		}
	}
	q.Code = &model.Code{Paths: make([][]int32, most)}
	return &q
}

// TestReachedUnderReductions takes every edge with a reduction that is taken without, and no other,
// on any number of workers: no reduction hides code that is reached. Where threads of exchangeable
// domains have paths of their own, those of both are taken.
func TestReachedUnderReductions(t *testing.T) {
	dir := t.TempDir()
	exchanged, missed := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := withPaths(randomProgram(t, dir, mixed), rapid.Bool().Draw(t, "differ"))
		plain := searchFor(t, p, search.Options{MaxStates: 2_000})
		if !plain.Complete {
			t.Skip("too large")
		}
		if slices.Contains(plain.Paths[1:], false) {
			missed++
		}
		for _, o := range []search.Options{
			search.Options{Workers: 3}.ShareAll(),
			{Fingerprint: true},
			{Reduce: search.Reduction{Symmetry: true}},
			{Reduce: search.Reduction{Merge: true}},
			search.Options{Reduce: search.Reduction{Merge: true}}.MergeAtMost(2),
			search.Options{Reduce: search.Reduction{Merge: true, Symmetry: true}, Workers: 2}.ShareAll(),
		} {
			r := searchFor(t, p, o)
			if slices.Contains(r.Reductions, "symmetry") {
				exchanged++
			}
			if !slices.Equal(r.Paths, plain.Paths) {
				t.Fatalf("%s takes %v, the plain search %v", fmt.Sprintf("%+v, %d workers", o.Reduce, o.Workers), taken(r.Paths), taken(plain.Paths))
			}
		}
	})
	if exchanged == 0 || missed == 0 {
		t.Errorf("%d searches exchanged threads, %d missed an edge: the programs were too much alike", exchanged, missed)
	}
}

func taken(paths []bool) (list []int) {
	for i, yes := range paths {
		if yes {
			list = append(list, i)
		}
	}
	return list
}

// TestReachedNodes holds the nodes that a search says were visited against a walk over the machine:
// these, and no other. Where nobody asks for cycles of waits there is no answer.
func TestReachedNodes(t *testing.T) {
	missed := 0
	for _, c := range modeltest.Cases() {
		m, err := model.NewMachine[[1]uint64](c.Program)
		if err != nil {
			continue // wider states are as good as these
		}
		var want [][]bool
		for t := range c.Program.Threads {
			want = append(want, make([]bool, len(c.Program.Threads[t].Nodes)))
		}
		seen := map[[1]uint64]bool{}
		var todo [][1]uint64
		enter := func(s [1]uint64) {
			if !seen[s] {
				seen[s], todo = true, append(todo, s)
			}
		}
		for i := range m.Initials() {
			enter(m.Initial(i))
		}
		for len(todo) > 0 && len(seen) < 5000 {
			s := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for t := range want {
				want[t][m.Location(&s, t)] = true
			}
			for _, x := range m.Successors(&s, nil) {
				if x.Failed == nil {
					enter(x.State)
				}
			}
		}
		for t := range want {
			if slices.Contains(want[t], false) {
				missed++
			}
		}
		one := search.Options{WaitCycles: true}
		three := search.Options{WaitCycles: true, Workers: 3}.ShareAll()
		for _, o := range []search.Options{one, three} {
			if r := searchFor(t, c.Program, o); fmt.Sprint(r.Reached) != fmt.Sprint(want) {
				t.Errorf("%s, %d workers: reached %v, want %v", c.Name, o.Workers, r.Reached, want)
			}
		}
		if r := searchFor(t, c.Program, search.Options{}); r.Reached != nil {
			t.Errorf("%s: reached %v, and nobody asked", c.Name, r.Reached)
		}
	}
	if missed < 10 {
		t.Errorf("%d threads miss a node", missed)
	}
}
