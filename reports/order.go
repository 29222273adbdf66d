package reports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/checker/lockorder"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// A LockOrder is the lock-order graph of a scenario: what its threads ask for while they hold what, and which cycles that makes.
type LockOrder struct {
	Order    []string `json:"order" jsonschema:"the hierarchy that the program obeys: classes, outermost first, with as few edges that point up as can be"`
	Nodes    []Node   `json:"nodes"`
	Edges    []Edge   `json:"edges"`
	Cycles   []Cycle  `json:"cycles" jsonschema:"each settled by the checker"`
	Complete bool     `json:"complete" jsonschema:"no edge is missing: every reachable state was visited"`

	classes map[string]string // by object; only in the view by class
}

// A Node is a lock, a job or, in the view by class, all locks of a class.
type Node struct {
	Name  string `json:"name"`
	Class string `json:"class"`
	Job   bool   `json:"job"`
}

// An Edge says that To is asked for while From is held.
type Edge struct {
	From      string    `json:"from"`
	To        string    `json:"to"`
	Up        bool      `json:"up" jsonschema:"it points up in order: an inversion"`
	Against   bool      `json:"against,omitempty" jsonschema:"it points up in the order that the suite expects"`
	Witnesses []Witness `json:"witnesses" jsonschema:"where that happens"`
}

// A Witness is a place at which a thread asks for one lock while it holds another.
type Witness struct {
	Thread    int      `json:"thread" jsonschema:"from 1"`
	Name      string   `json:"name" jsonschema:"of the thread, as a call"`
	Function  string   `json:"function"`
	Operation string   `json:"operation" jsonschema:"the C text"`
	File      string   `json:"file"`
	Line      int      `json:"line"`
	Calls     []Place  `json:"calls" jsonschema:"how the thread gets there, its own function first"`
	Holding   []string `json:"holding" jsonschema:"all that the thread holds there"`
}

// origin is the line of the thread's own function from which it gets there: the line that its author can change.
func (w *Witness) origin() Place {
	if len(w.Calls) > 0 && w.Calls[0].Line > 0 {
		return w.Calls[0]
	}
	return Place{Function: w.Function, File: w.File, Line: w.Line}
}

// path writes the place of a witness as a step's is written.
func (w *Witness) path(detail int) string {
	return place(&Step{Function: w.Function, File: w.File, Line: w.Line, Calls: w.Calls}, detail)
}

// A Cycle is a cycle of the graph with what the checker knows of it.
type Cycle struct {
	Path           []string         `json:"path" jsonschema:"each is held while the next is asked for, the last while the first is"`
	Status         lockorder.Status `json:"status" jsonschema:"real: a reachable state closes it; guarded: none does; unknown: a limit was hit"`
	Guard          string           `json:"guard,omitempty" jsonschema:"what makes a guarded cycle impossible"`
	Closing        []Closing        `json:"closing,omitempty" jsonschema:"who waits for what in the state that closes a real cycle"`
	Counterexample *Counterexample  `json:"counterexample,omitempty" jsonschema:"a shortest interleaving that closes it"`
}

// A Closing is one thread of a closed cycle.
type Closing struct {
	Thread   int    `json:"thread" jsonschema:"from 1"`
	Name     string `json:"name"`
	Holds    string `json:"holds"`
	WaitsFor string `json:"waits_for"`
}

// NewLockOrder reports a graph by object, or by class: then the cycles are those of the objects all the same, for only
// objects can be waited for.
func NewLockOrder(p *model.Program, g *lockorder.Graph, byClass bool) *LockOrder {
	drawn := g
	if byClass {
		drawn = g.ByClass()
	}
	o := &LockOrder{Order: list(g.Order), Nodes: []Node{}, Edges: []Edge{}, Cycles: []Cycle{}, Complete: g.Complete}
	if byClass {
		o.classes = map[string]string{}
		for _, n := range g.Nodes {
			o.classes[n.Name] = n.Class
		}
	}
	for _, n := range drawn.Nodes {
		o.Nodes = append(o.Nodes, Node{n.Name, n.Class, n.Job})
	}
	for i := range drawn.Edges {
		o.Edges = append(o.Edges, newEdge(drawn, &drawn.Edges[i]))
	}
	for i := range g.Cycles {
		o.Cycles = append(o.Cycles, newCycle(p, g, &g.Cycles[i]))
	}
	return o
}

func newEdge(g *lockorder.Graph, e *lockorder.Edge) Edge {
	out := Edge{From: g.Nodes[e.From].Name, To: g.Nodes[e.To].Name, Up: e.Up, Witnesses: []Witness{}}
	for _, w := range e.Witnesses {
		out.Witnesses = append(out.Witnesses, Witness{
			Thread: w.Thread + 1, Name: w.Name, Function: w.Function, Operation: w.Operation,
			File: w.Pos.File, Line: w.Pos.Line, Calls: calls(w.Calls), Holding: list(w.Holding),
		})
	}
	return out
}

func newCycle(p *model.Program, g *lockorder.Graph, c *lockorder.Cycle) Cycle {
	out := Cycle{Path: []string{}, Status: c.Status, Guard: c.Guard}
	for _, n := range c.Path {
		out.Path = append(out.Path, g.Nodes[n].Name)
	}
	if c.Status != lockorder.Real {
		return out
	}
	f := search.Finding{Trace: c.Trace}
	for _, x := range c.Closing {
		f.Threads = append(f.Threads, x.Thread)
		out.Closing = append(out.Closing, Closing{Thread: x.Thread + 1, Name: x.Name, Holds: x.HolderOf, WaitsFor: x.Waits})
	}
	out.Counterexample = counterexample(p, &f)
	return out
}

// AddLockOrder gives a result its lock-order graph, and holds it against the order that the suite expects: a
// result with an edge that points up in it does not pass, whatever the verdict.
func AddLockOrder(r *Result, p *model.Program, g *lockorder.Graph, expected []string) {
	r.LockOrder = NewLockOrder(p, g, false)
	r.Order = expected
	for _, e := range g.Against(expected) {
		i := slices.IndexFunc(r.LockOrder.Edges, func(x Edge) bool {
			return x.From == g.Nodes[e.From].Name && x.To == g.Nodes[e.To].Name
		})
		edge := &r.LockOrder.Edges[i]
		edge.Against = true
		for _, w := range edge.Witnesses {
			at := w.origin()
			at.Message = fmt.Sprintf("against the order %s: T%d %s asks for %s (in %s) while it holds %s",
				strings.Join(expected, ", "), w.Thread, w.Name, edge.To, w.Function, edge.From)
			r.OrderBroken = append(r.OrderBroken, at)
		}
	}
	if len(r.OrderBroken) > 0 {
		r.Pass = false
	}
}

// pathString writes a cycle so that one sees it close.
func pathString(path []string) string {
	if len(path) == 0 {
		return ""
	}
	return strings.Join(append(slices.Clone(path), path[0]), " -> ")
}
