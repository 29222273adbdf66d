package answers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/checker/lockorder"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
)

// NewLockOrder reports a graph by object, or by class: then the cycles are those of the objects all
// the same, for only objects can be waited for.
func NewLockOrder(p *model.Program, g *lockorder.Graph, byClass bool) *reports.LockOrder {
	drawn := g
	if byClass {
		drawn = g.ByClass()
	}
	o := &reports.LockOrder{
		Order: list(g.Order), Nodes: []reports.Node{}, Edges: []reports.Edge{},
		Cycles: []reports.Cycle{}, Complete: g.Complete,
	}
	if byClass {
		o.Classes = map[string]string{}
		for _, n := range g.Nodes {
			o.Classes[n.Name] = n.Class
		}
	}
	for _, n := range drawn.Nodes {
		o.Nodes = append(o.Nodes, reports.Node{Name: n.Name, Class: n.Class, Job: n.Job})
	}
	for i := range drawn.Edges {
		o.Edges = append(o.Edges, newEdge(drawn, &drawn.Edges[i]))
	}
	for i := range g.Cycles {
		o.Cycles = append(o.Cycles, newCycle(p, g, &g.Cycles[i]))
	}
	return o
}

func newEdge(g *lockorder.Graph, e *lockorder.Edge) reports.Edge {
	out := reports.Edge{From: g.Nodes[e.From].Name, To: g.Nodes[e.To].Name, Up: e.Up, Witnesses: []reports.Witness{}}
	for _, w := range e.Witnesses {
		out.Witnesses = append(out.Witnesses, reports.Witness{
			Thread: w.Thread + 1, Name: w.Name, Function: w.Function, Operation: w.Operation,
			File: w.Pos.File, Line: w.Pos.Line, Calls: calls(w.Calls), Holding: list(w.Holding),
		})
	}
	return out
}

func newCycle(p *model.Program, g *lockorder.Graph, c *lockorder.Cycle) reports.Cycle {
	out := reports.Cycle{Path: []string{}, Status: reports.CycleStatus(c.Status), Guard: c.Guard}
	for _, n := range c.Path {
		out.Path = append(out.Path, g.Nodes[n].Name)
	}
	if c.Status != lockorder.Real {
		return out
	}
	f := search.Finding{Trace: c.Trace}
	for _, x := range c.Closing {
		f.Threads = append(f.Threads, x.Thread)
		out.Closing = append(out.Closing, reports.Closing{
			Thread: x.Thread + 1, Name: x.Name, Holds: x.HolderOf,
			WaitsFor: x.Waits,
		})
	}
	out.Counterexample = counterexample(p, &f)
	return out
}

// AddLockOrder gives a result its lock-order graph, and holds it against the order that the suite
// expects: a result with an edge that points up in it does not pass, whatever the verdict.
func AddLockOrder(r *reports.Result, p *model.Program, g *lockorder.Graph, expected []string) {
	r.LockOrder = NewLockOrder(p, g, false)
	r.Order = expected
	for _, e := range g.Against(expected) {
		i := slices.IndexFunc(r.LockOrder.Edges, func(x reports.Edge) bool {
			return x.From == g.Nodes[e.From].Name && x.To == g.Nodes[e.To].Name
		})
		edge := &r.LockOrder.Edges[i]
		edge.Against = true
		for _, w := range edge.Witnesses {
			at := w.Origin()
			at.Message = fmt.Sprintf("against the order %s: T%d %s asks for %s (in %s) while it holds %s",
				strings.Join(expected, ", "), w.Thread, w.Name, edge.To, w.Function, edge.From)
			r.OrderBroken = append(r.OrderBroken, at)
		}
	}
	if len(r.OrderBroken) > 0 {
		r.Pass = false
	}
}
