package model

import (
	"fmt"
	"strings"
	"testing"
)

// An open node has outcomes for some values: of a count they are named by what is left of it, of
// any other variable by what it was, whatever the step makes of it. What faults do is none of them.
func TestLacks(t *testing.T) {
	node := func(op Op, outcomes ...Outcome) Node { return Node{Op: op, Open: true, Out: outcomes} }
	for name, c := range map[string]struct {
		node Node
		has  []int64 // of the values 0 to 3
	}{
		"a load":                {node(OpLoad, Outcome{When: 1, Set: 3}, Outcome{When: 2, Set: 0}), []int64{1, 2}},
		"an update":             {node(OpUpdate, Outcome{When: 0, Set: 2}), []int64{0}},
		"a reference":           {node(OpRef, Outcome{When: 3, Set: 1}), []int64{2}},
		"one less":              {node(OpUnref, Outcome{When: 0, Set: 3}), []int64{1}},
		"one removed":           {node(OpRemove, Outcome{When: 2, Set: 0}), []int64{3}},
		"only that of a fault":  {node(OpLoad, Outcome{When: 1, Label: TimedOut}), nil},
		"nothing":               {node(OpLoad), nil},
		"one that is not open":  {Node{Op: OpLoad}, []int64{0, 1, 2, 3}},
		"one of several labels": {node(OpUpdate, Outcome{When: 2, Label: Stolen}, Outcome{When: 3}), []int64{3}},
	} {
		for value := range int64(4) {
			has := false
			for _, x := range c.has {
				has = has || x == value
			}
			if c.node.Lacks(value) == has {
				t.Errorf("%s: lacks %d: %v", name, value, has)
			}
		}
	}
}

// An open node takes the steps that it has, all ways on of each, and fails for every other value.
func TestOpenSteps(t *testing.T) {
	edges := func(to ...NodeID) []Edge {
		var es []Edge
		for _, n := range to {
			es = append(es, Edge{To: n})
		}
		return es
	}
	for name, c := range map[string]struct {
		op   Op
		out  []Outcome
		want string // by value from 0: what follows, as node and value
	}{
		"a load":      {OpLoad, []Outcome{{When: 1, Next: edges(1)}}, "fails 1=1 fails fails"},
		"two ways on": {OpLoad, []Outcome{{When: 1, Next: edges(1, 2)}, {When: 3, Next: edges(2)}}, "fails 1=1,2=1 fails 2=3"},
		"an outcome in two parts": {
			OpLoad,
			[]Outcome{{When: 2, Next: edges(1)}, {When: 2, Next: edges(2)}, {When: 3, Next: edges(1)}},
			"fails fails 1=2,2=2 1=3",
		},
		"an update": {
			OpUpdate, []Outcome{{When: 0, Set: 2, Next: edges(1)}, {When: 3, Set: 3, Next: edges(2)}}, "1=2 fails fails 2=3",
		},
		"one more":    {OpRef, []Outcome{{When: 2, Next: edges(1)}}, "gone 1=2 fails gone"},
		"one less":    {OpUnref, []Outcome{{When: 0, Next: edges(1)}, {When: 2, Next: edges(2)}}, "gone 1=0 fails 2=2"},
		"one removed": {OpRemove, []Outcome{{When: 1, Next: edges(1)}}, "gone fails 1=1 fails"},
		"nothing yet": {OpLoad, nil, "fails fails fails fails"},
	} {
		counts := c.op == OpRef || c.op == OpUnref || c.op == OpRemove
		end := Node{Op: OpFinish, Object: None, Lock: None, Cond: None, Var: None}
		var got []string
		for value := range int64(4) {
			p := &Program{
				Objects: []Object{{Name: "o", Refs: None, Listed: None}},
				Vars:    []Var{{Name: "v", Object: None, Values: []int64{0, 1, 2, 3}, Initial: value, Refs: counts}},
				Threads: []Thread{{Start: []Edge{{}}, Nodes: []Node{
					{Op: c.op, Lock: None, Cond: None, Open: true, Out: c.out}, end, end,
				}}},
			}
			if counts {
				p.Objects[0].Refs, p.Threads[0].Nodes[0].Alive = 0, []ObjectID{0}
			}
			m, err := NewMachine[[1]uint64](p)
			if err != nil {
				t.Fatal(err)
			}
			s := m.Initial(0)
			var ways []string
			for _, x := range m.Successors(&s, nil) {
				switch {
				case x.Failed == nil:
					ways = append(ways, fmt.Sprintf("%d=%d", m.Location(&x.State, 0), m.Value(&x.State, 0)))
				case x.Failed.Kind == Unexplored:
					ways = append(ways, "fails")
				default:
					ways = append(ways, "gone")
				}
			}
			got = append(got, strings.Join(ways, ","))
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: %s, want %s", name, text, c.want)
		}
	}
}
