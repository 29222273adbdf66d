package model

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestGuards says of each location of small threads, which run through their nodes in order, what a
// thread that stands there keeps from all others: x and y are plain variables, rw is a
// reader-writer lock.
func TestGuards(t *testing.T) {
	const (
		x VarID = iota
		y
		rw
	)
	on := func(op Op, v VarID, held ...LockID) Node { return Node{Op: op, Var: v, Lock: None, Held: held} }
	shared := func(n Node, alone bool) Node {
		if n.Shares = []VarID{rw}; alone {
			n.Writes = n.Shares
		}
		return n
	}
	checks := func(n Node, v VarID) Node {
		n.Checks = []Check{{Cond: &Expr{Op: ReadVar, Var: v}}}
		return n
	}
	for name, c := range map[string]struct {
		threads [][]Node
		want    string // of the first thread, by node
	}{
		"under one lock":          {[][]Node{{on(OpStore, x, 0), on(OpAccess, None, 0), on(OpAccess, None)}, {on(OpLoad, x, 0)}}, "x x - -"},
		"without a lock":          {[][]Node{{on(OpStore, x, 0), on(OpAccess, None, 0)}, {on(OpLoad, x)}}, "- - -"},
		"under another":           {[][]Node{{on(OpStore, x, 0), on(OpAccess, None, 0)}, {on(OpLoad, x, 1)}}, "- - -"},
		"under two":               {[][]Node{{on(OpStore, x, 0, 1), on(OpAccess, None, 1)}, {on(OpLoad, x, 0, 1)}}, "x x -"},
		"filled before":           {[][]Node{{on(OpStore, x), on(OpStore, x, 0), on(OpAccess, None, 0)}, {on(OpLoad, x, 0)}}, "- x x -"},
		"left without":            {[][]Node{{on(OpStore, x, 0), on(OpStore, x)}, {on(OpLoad, x, 0)}}, "- - -"},
		"a check looks":           {[][]Node{{on(OpStore, x, 0), checks(on(OpAccess, None), x)}}, "- - -"},
		"nobody looks":            {[][]Node{{on(OpStore, x, 0)}}, "x -"},
		"writer and reader":       {[][]Node{{shared(on(OpStore, x), true)}, {shared(on(OpLoad, x), false)}}, "x -"},
		"readers do not keep":     {[][]Node{{shared(on(OpLoad, x), false)}, {shared(on(OpStore, x), true)}}, "- -"},
		"a reader writes":         {[][]Node{{shared(on(OpStore, x), true)}, {shared(on(OpStore, x), false)}}, "- -"},
		"the lock itself":         {[][]Node{{on(OpUpdate, rw, 0)}}, "- -"},
		"each by its own":         {[][]Node{{on(OpStore, x, 0), on(OpStore, y, 1), on(OpAccess, None, 0, 1)}}, "x y xy -"},
		"another is not there":    {[][]Node{{on(OpStore, x, 0)}, {on(OpStore, y)}}, "x -"},
		"a job is no lock":        {[][]Node{{{Op: OpStore, Var: x, Lock: None, Owns: []VarID{y}}}}, "- -"},
		"a neighbour is not kept": {[][]Node{{on(OpStore, x, 0)}, {on(OpStore, y+2)}}, "- -"},
	} {
		t.Run(name, func(t *testing.T) {
			p := &Program{
				Locks: []Lock{{Object: None}, {Object: None}},
				Vars:  []Var{{Values: []int64{0, 1}}, {Values: []int64{0, 1}}, {RWLock: true, Values: []int64{0, 1}}, {Values: []int64{0, 1}}},
			}
			if name == "a neighbour is not kept" {
				p.Vars[x].Location, p.Vars[y+2].Location = 1, 1
			}
			for _, nodes := range c.threads {
				var th Thread
				for i, n := range nodes {
					n.Out = []Outcome{{Next: []Edge{{To: NodeID(i + 1)}}}}
					th.Nodes = append(th.Nodes, n)
				}
				th.Nodes = append(th.Nodes, Node{Op: OpFinish})
				p.Threads = append(p.Threads, th)
			}
			g := p.Guards()
			var got []string
			for n := range p.Threads[0].Nodes {
				at := make([]NodeID, len(p.Threads))
				at[0] = NodeID(n)
				w := g.Ward(at, 1)
				kept := ""
				for _, v := range []VarID{x, y, rw} {
					if w.Keeps(v) {
						kept += string("xyr"[v])
					}
				}
				if kept == "" {
					kept = "-"
				}
				got = append(got, kept)
				if none := g.Ward(at, 0); none.Keeps(x) {
					t.Error("nobody keeps it")
				}
			}
			if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOnward says which steps need nothing of others, and which of them make no cycle.
func TestOnward(t *testing.T) {
	p := &Program{Vars: []Var{{Values: []int64{0, 1}}, {Starts: 2, Values: []int64{0, 1}}}}
	ops := []Node{
		{Op: OpUnlock},
		{Op: OpLock},
		{Op: OpStore},
		{Op: OpStore, Var: 1},
		{Op: OpLoad},
		{Op: OpTryLock},
		{Op: OpSignal},
		{Op: OpSleep},
		{Op: OpReacquire},
		{Op: OpFind},
		{Op: OpFail},
		{Op: OpUpdate},
		{Op: OpRestart},
	}
	var th Thread
	for i, n := range ops {
		n.Out = []Outcome{{Next: []Edge{{To: NodeID(i + 1)}}}}
		if n.Op == OpLoad {
			n.Out[0].Next[0].To = 2 // again and again
		}
		th.Nodes = append(th.Nodes, n)
	}
	th.Nodes[3].Out[0].Next[0].To = 2
	th.Nodes[2].Out[0].Next[0].To = 4
	th.Nodes = append(th.Nodes, Node{Op: OpFinish})
	p.Threads = []Thread{th}
	onward, quiet := p.Onward()
	want := "unlock store load signal fail"
	var got, calm []string
	for n := range th.Nodes {
		if onward[0][n] {
			got = append(got, fmt.Sprint(th.Nodes[n].Op))
		}
		if quiet[0][n] {
			calm = append(calm, fmt.Sprint(th.Nodes[n].Op))
		}
	}
	if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("unlock load signal fail", strings.Join(calm, " ")); diff != "" {
		t.Error(diff)
	}
}
