package model

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAccesses says of small programs which accesses may take part in a race, a row a thread.
func TestAccesses(t *testing.T) {
	load := func(v VarID, held ...LockID) Node { return Node{Op: OpLoad, Var: v, Held: held} }
	store := func(v VarID, held ...LockID) Node { return Node{Op: OpStore, Var: v, Held: held} }
	atomic := func(n Node) Node { n.Atomic = true; return n }
	update := func(v VarID, looks bool) Node { return Node{Op: OpUpdate, Var: v, Out: []Outcome{{Looks: looks}}} }
	threads := func(all ...[]Node) (ts []Thread) {
		for _, nodes := range all {
			ts = append(ts, Thread{Nodes: nodes})
		}
		return ts
	}
	for name, c := range map[string]struct {
		threads []Thread
		want    [][]Access // nil: none
	}{
		"two stores":          {threads([]Node{store(0)}, []Node{store(0)}), [][]Access{{{0, true, false}}, {{0, true, false}}}},
		"a store and a load":  {threads([]Node{store(0)}, []Node{load(0)}), [][]Access{{{0, true, false}}, {{0, false, false}}}},
		"two loads":           {threads([]Node{load(0)}, []Node{load(0)}), nil},
		"one thread":          {threads([]Node{store(0), load(0)}), nil},
		"one lock":            {threads([]Node{store(0, 0, 1)}, []Node{store(0, 1)}), nil},
		"two locks":           {threads([]Node{store(0, 0)}, []Node{store(0, 1)}), [][]Access{{{0, true, false}}, {{0, true, false}}}},
		"one of them without": {threads([]Node{store(0, 0)}, []Node{store(0)}), [][]Access{{{0, true, false}}, {{0, true, false}}}},
		"once without": {
			threads([]Node{load(0, 0), store(0, 0), load(0)}, []Node{load(0, 0), store(0, 0)}),
			[][]Access{{{0, false, false}, {0, true, false}, {0, false, false}}, {{0, false, false}, {0, true, false}}},
		},
		"the third thread":      {threads([]Node{load(0)}, []Node{load(0)}, []Node{store(0)}), [][]Access{{{0, false, false}}, {{0, false, false}}, {{0, true, false}}}},
		"another variable":      {threads([]Node{store(0), store(1)}, []Node{store(0)}), [][]Access{{{0, true, false}, {None, false, false}}, {{0, true, false}}}},
		"two atomic ones":       {threads([]Node{atomic(store(0))}, []Node{update(0, false)}), nil},
		"one atomic":            {threads([]Node{atomic(store(0))}, []Node{load(0)}), [][]Access{{{0, true, true}}, {{0, false, false}}}},
		"an update and a load":  {threads([]Node{update(0, false)}, []Node{load(0)}), [][]Access{{{0, true, true}}, {{0, false, false}}}},
		"an update that looks":  {threads([]Node{update(0, true)}, []Node{load(0)}), nil},
		"one location":          {threads([]Node{store(2)}, []Node{store(4)}), [][]Access{{{2, true, false}}, {{2, true, false}}}},
		"a reference count":     {threads([]Node{store(3)}, []Node{store(3)}), nil},
		"steps of other kinds":  {threads([]Node{{Op: OpAccess}}, []Node{{Op: OpRef, Var: 3}}, []Node{store(0)}), nil},
		"what is beside a race": {threads([]Node{{Op: OpLock}, store(0)}, []Node{store(0)}), [][]Access{{{None, false, false}, {0, true, false}}, {{0, true, false}}}},
	} {
		p := &Program{Threads: c.threads, Vars: []Var{{}, {}, {Location: 1}, {Refs: true}, {Location: 1}}}
		if d := cmp.Diff(c.want, p.Accesses()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
