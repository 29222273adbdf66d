package reports

import (
	"fmt"
	"slices"
	"strings"
)

// A LockOrder is the lock-order graph of a scenario: what its threads ask for while they hold what,
// and which cycles that makes.
type LockOrder struct {
	Order    []string `json:"order" jsonschema:"the hierarchy that the program obeys: classes, outermost first, with as few edges that point up as can be"`
	Nodes    []Node   `json:"nodes"`
	Edges    []Edge   `json:"edges"`
	Cycles   []Cycle  `json:"cycles" jsonschema:"each settled by the checker"`
	Complete bool     `json:"complete" jsonschema:"no edge is missing: every reachable state was visited"`

	Classes map[string]string `json:"-"` // by object; only in the view by class
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

// Origin is the line of the thread's own function from which it gets there: the line that its
// author can change.
func (w *Witness) Origin() Place {
	if len(w.Calls) > 0 && w.Calls[0].Line > 0 {
		return w.Calls[0]
	}
	return Place{Function: w.Function, File: w.File, Line: w.Line}
}

// Path writes the place of a witness as a step's is written.
func (w *Witness) Path(detail int) string {
	return placeText(placed(w.Calls, w.Function, w.File, w.Line), w.Calls, detail)
}

// A Cycle is a cycle of the graph with what the checker knows of it.
type Cycle struct {
	Path           []string        `json:"path" jsonschema:"each is held while the next is asked for, the last while the first is"`
	Status         CycleStatus     `json:"status" jsonschema:"real: a reachable state closes it; guarded: none does; unknown: a limit was hit"`
	Guard          string          `json:"guard,omitempty" jsonschema:"what makes a guarded cycle impossible"`
	Closing        []Closing       `json:"closing,omitempty" jsonschema:"who waits for what in the state that closes a real cycle"`
	Counterexample *Counterexample `json:"counterexample,omitempty" jsonschema:"a shortest interleaving that closes it"`
}

// A Closing is one thread of a closed cycle.
type Closing struct {
	Thread   int    `json:"thread" jsonschema:"from 1"`
	Name     string `json:"name"`
	Holds    string `json:"holds"`
	WaitsFor string `json:"waits_for"`
}

// PathString writes a cycle so that one sees it close.
func PathString(path []string) string {
	if len(path) == 0 {
		return ""
	}
	return strings.Join(append(slices.Clone(path), path[0]), " -> ")
}

// WitnessLines lists the places that draw an edge, a line each.
func WitnessLines(e *Edge) []string {
	var lines []string
	for i := range e.Witnesses {
		w := &e.Witnesses[i]
		lines = append(lines, fmt.Sprintf("T%d %s, %s", w.Thread, w.Name, w.Path(2)))
	}
	return lines
}

// OnRealCycle reports whether an edge is part of a cycle that a reachable state closes; between
// classes, whether some edge between their objects is.
func (o *LockOrder) OnRealCycle(e *Edge) bool {
	return slices.ContainsFunc(o.Cycles, func(c Cycle) bool {
		if c.Counterexample == nil {
			return false
		}
		for i, from := range c.Path {
			to := c.Path[(i+1)%len(c.Path)]
			if o.nodeOf(from) == e.From && o.nodeOf(to) == e.To {
				return true
			}
		}
		return false
	})
}

// nodeOf is the node that stands for an object: itself or, in the view by class, its class.
func (o *LockOrder) nodeOf(object string) string {
	if slices.ContainsFunc(o.Nodes, func(n Node) bool { return n.Name == object }) {
		return object
	}
	return o.Classes[object]
}

// A CycleStatus says whether a cycle can close.
type CycleStatus string

// The statuses of a cycle.
const (
	Real      CycleStatus = "real"    // a reachable state closes it
	Guarded   CycleStatus = "guarded" // no reachable state does
	Unsettled CycleStatus = "unknown" // a limit was hit before the search could tell
)
