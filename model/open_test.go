package model

import "testing"

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
