package model

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPlainAccesses says of small programs which accesses may take part in a race, a row a thread.
func TestPlainAccesses(t *testing.T) {
	load := func(v VarID, held ...LockID) Node { return Node{Op: OpLoad, Var: v, Held: held} }
	store := func(v VarID, held ...LockID) Node { return Node{Op: OpStore, Var: v, Held: held} }
	threads := func(all ...[]Node) (ts []Thread) {
		for _, nodes := range all {
			ts = append(ts, Thread{Nodes: nodes})
		}
		return ts
	}
	for name, c := range map[string]struct {
		threads []Thread
		want    [][]PlainAccess // nil: none
	}{
		"two stores":          {threads([]Node{store(0)}, []Node{store(0)}), [][]PlainAccess{{{0, true}}, {{0, true}}}},
		"a store and a load":  {threads([]Node{store(0)}, []Node{load(0)}), [][]PlainAccess{{{0, true}}, {{0, false}}}},
		"two loads":           {threads([]Node{load(0)}, []Node{load(0)}), nil},
		"one thread":          {threads([]Node{store(0), load(0)}), nil},
		"one lock":            {threads([]Node{store(0, 0, 1)}, []Node{store(0, 1)}), nil},
		"two locks":           {threads([]Node{store(0, 0)}, []Node{store(0, 1)}), [][]PlainAccess{{{0, true}}, {{0, true}}}},
		"one of them without": {threads([]Node{store(0, 0)}, []Node{store(0)}), [][]PlainAccess{{{0, true}}, {{0, true}}}},
		"once without": {
			threads([]Node{load(0, 0), store(0, 0), load(0)}, []Node{load(0, 0), store(0, 0)}),
			[][]PlainAccess{{{0, false}, {0, true}, {0, false}}, {{0, false}, {0, true}}},
		},
		"the third thread":      {threads([]Node{load(0)}, []Node{load(0)}, []Node{store(0)}), [][]PlainAccess{{{0, false}}, {{0, false}}, {{0, true}}}},
		"another variable":      {threads([]Node{store(0), store(1)}, []Node{store(0)}), [][]PlainAccess{{{0, true}, {None, false}}, {{0, true}}}},
		"an atomic one":         {threads([]Node{store(2)}, []Node{store(2)}), nil},
		"a reference count":     {threads([]Node{store(3)}, []Node{store(3)}), nil},
		"steps of other kinds":  {threads([]Node{{Op: OpUpdate, Var: 0}}, []Node{{Op: OpRef, Var: 0}}, []Node{store(0)}), nil},
		"what is beside a race": {threads([]Node{{Op: OpLock}, store(0)}, []Node{store(0)}), [][]PlainAccess{{{None, false}, {0, true}}, {{0, true}}}},
	} {
		p := &Program{Threads: c.threads, Vars: []Var{{}, {}, {Atomic: true}, {Refs: true}}}
		if d := cmp.Diff(c.want, p.PlainAccesses()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
