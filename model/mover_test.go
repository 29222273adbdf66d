package model

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMovers says of the steps of small programs, a row a thread, which are movers. Each thread
// runs through its nodes in order, and finishes at one that is added.
func TestMovers(t *testing.T) {
	on := func(op Op, v VarID, held ...LockID) Node { return Node{Op: op, Var: v, Lock: None, Held: held} }
	lock := func(op Op, l LockID, held ...LockID) Node { return Node{Op: op, Lock: l, Held: held} }
	cond := func(op Op, l LockID, held ...LockID) Node { return Node{Op: op, Lock: l, Cond: 0, Held: held} }
	sleep := func(outs ...Outcome) Node { return Node{Op: OpSleep, Lock: 0, Cond: 0, Out: outs} }
	checked := func(n Node, c *Expr) Node { n.Checks = []Check{{Cond: c}}; return n }
	reads := func(v VarID) *Expr { return &Expr{Op: ReadVar, Var: v} }
	alive := func(n Node) Node { n.Alive = []ObjectID{0}; return n }
	waits := func(n Node, values ...int64) Node {
		for _, x := range values {
			n.Out = append(n.Out, Outcome{When: x})
		}
		return n
	}
	const (
		x      VarID = iota // two values
		y                   // two values
		gate                // of the second thread
		life                // of the second thread
		exit                // of the process
		refs                // of object 0
		listed              // of object 1
	)
	for name, c := range map[string]struct {
		threads [][]Node
		want    [][]bool
		dead    [][]bool // where the use after release is looked for; nil: the same
	}{
		"a variable of one thread": {[][]Node{{on(OpLoad, x), on(OpStore, x), on(OpUpdate, x)}, {on(OpStore, y)}}, [][]bool{{true, true, true}, {true}}, nil},
		"a variable of two":        {[][]Node{{on(OpLoad, x), on(OpStore, x), on(OpUpdate, x)}, {on(OpStore, x)}}, [][]bool{{false, false, false}, {false}}, nil},
		"under one lock":           {[][]Node{{on(OpLoad, x, 0, 1), on(OpStore, x, 1)}, {on(OpStore, x, 1)}}, [][]bool{{true, true}, {true}}, nil},
		"under two":                {[][]Node{{on(OpStore, x, 0)}, {on(OpStore, x, 1)}}, [][]bool{{false}, {false}}, nil},
		"once without":             {[][]Node{{on(OpStore, x, 0), on(OpLoad, x)}, {on(OpStore, x, 0)}}, [][]bool{{false, false}, {false}}, nil},
		"acquires":                 {[][]Node{{lock(OpLock, 0), lock(OpReacquire, 0), {Op: OpFind, Object: 2}, {Op: OpFail}}}, [][]bool{{false, false, false, false}}, nil},
		"a release":                {[][]Node{{lock(OpUnlock, 0)}, {lock(OpLock, 0)}}, [][]bool{{true}, {false}}, nil},
		"a release that is tried":  {[][]Node{{lock(OpUnlock, 0), lock(OpUnlock, 1)}, {lock(OpTryLock, 0)}}, [][]bool{{false, true}, {false}}, nil},
		"a wait":                   {[][]Node{{cond(OpWait, 0, 0), sleep()}, {cond(OpSignal, None, 0)}}, [][]bool{{true, false}, {true}}, nil},
		"a wait, tried":            {[][]Node{{cond(OpWait, 0, 0), sleep()}, {lock(OpTryLock, 0)}}, [][]bool{{false, false}, {false}}, nil},
		"a wait without a lock":    {[][]Node{{cond(OpWait, None), sleep()}}, [][]bool{{false, false}}, nil},
		"a signal without a lock":  {[][]Node{{cond(OpWait, 0, 0), sleep()}, {cond(OpSignal, None)}}, [][]bool{{false, false}, {false}}, nil},
		"a broadcast":              {[][]Node{{cond(OpWait, 0, 0), sleep()}, {cond(OpBroadcast, None, 0)}}, [][]bool{{true, false}, {true}}, nil},
		"who leaves unasked":       {[][]Node{{cond(OpWait, 0, 0), sleep(Outcome{Label: TimedOut})}, {cond(OpSignal, None, 0)}}, [][]bool{{true, false}, {false}}, nil},
		"another lock to get back": {
			[][]Node{{cond(OpWait, 0, 0, 1), {Op: OpSleep, Lock: 1, Cond: 0}}, {cond(OpSignal, None, 0), cond(OpSignal, None, 0, 1)}},
			[][]bool{{true, false}, {false, true}},
			nil,
		},
		"a check of one's own":  {[][]Node{{checked(Node{Op: OpAccess}, reads(x))}, {on(OpStore, y)}}, [][]bool{{true}, {true}}, nil},
		"a check of another's":  {[][]Node{{checked(Node{Op: OpAccess}, reads(x))}, {on(OpStore, x)}}, [][]bool{{false}, {false}}, nil},
		"the second check":      {[][]Node{{{Op: OpAccess, Checks: []Check{{Cond: reads(y)}, {Cond: reads(x)}}}}, {on(OpStore, x)}}, [][]bool{{false}, {false}}, nil},
		"a check that fails":    {[][]Node{{checked(Node{Op: OpAccess}, nil)}}, [][]bool{{false}}, nil},
		"an update that waits":  {[][]Node{{waits(on(OpUpdate, x), 0)}}, [][]bool{{false}}, nil},
		"the end of a process":  {[][]Node{{on(OpStore, exit)}}, [][]bool{{false}}, nil},
		"a start":               {[][]Node{{on(OpStore, gate)}, {on(OpStore, y), on(OpStore, y)}}, [][]bool{{true}, {false, true}}, nil},
		"an end that is joined": {[][]Node{{on(OpUpdate, life)}, {on(OpUpdate, life)}}, [][]bool{{false}, {true}}, nil},
		"an end before others":  {[][]Node{{on(OpUpdate, life)}, {on(OpUpdate, life), on(OpStore, y)}}, [][]bool{{false}, {false, true}}, nil},
		"a list": {
			[][]Node{{{Op: OpRemove, Object: 1, Var: y}}, {{Op: OpFind, Object: 1}}}, [][]bool{{false}, {false}}, nil,
		},
		"a touch": {
			[][]Node{{alive(Node{Op: OpAccess})}, {{Op: OpUnref, Var: refs}}}, [][]bool{{true}, {true}}, [][]bool{{false}, {false}},
		},
	} {
		p := &Program{
			Objects: []Object{{Refs: refs, Listed: None}, {Refs: None, Listed: listed}, {Refs: None, Listed: None}},
			Locks:   make([]Lock, 2), Conds: make([]Cond, 1),
			Vars: []Var{{}, {}, {}, {}, {Exit: true}, {Refs: true}, {}},
		}
		for i := range p.Vars {
			p.Vars[i].Values = []int64{0, 1}
		}
		if name == "a start" {
			p.Vars[gate].Starts = 2
		}
		p.Vars[life].Life = 2
		for _, nodes := range c.threads {
			th := Thread{Start: []Edge{{To: 0}}, Nodes: append(nodes, Node{Op: OpFinish})}
			for i := range nodes {
				n := &th.Nodes[i]
				next := []Edge{{To: NodeID(i + 1)}}
				switch {
				case n.Op == OpUpdate && n.Out == nil:
					n.Out = []Outcome{{When: 0, Next: next}, {When: 1, Next: next}}
				case n.Op == OpSleep:
					n.Wake = NodeID(i + 1)
				case n.Out == nil:
					n.Out = []Outcome{{Next: next}}
				}
				for o := range n.Out {
					n.Out[o].Next = next
				}
			}
			p.Threads = append(p.Threads, th)
		}
		if c.dead == nil {
			c.dead = c.want
		}
		for assumeAlive, want := range map[bool][][]bool{true: c.want, false: c.dead} {
			got := p.Movers(assumeAlive)
			for t := range got {
				got[t] = got[t][:len(got[t])-1]
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s, assumed alive: %v: %s", name, assumeAlive, d)
			}
		}
	}
}
