package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model/printable"
)

// WriteDOT writes a lock-order graph for Graphviz: a cluster for each class, outermost first; jobs as boxes with round corners;
// inversions red and dashed; edges of a cycle that can close thick. The number at an edge counts the places that draw it, which its tooltip lists.
func WriteDOT(w io.Writer, title string, o *LockOrder) error {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %s {\n", dotString(title))
	b.WriteString("\trankdir=TB;\n\tnode [shape=box, fontname=\"sans-serif\"];\n\tedge [fontname=\"sans-serif\", fontsize=10];\n")
	fmt.Fprintf(&b, "\tlabel=%s;\n\tlabelloc=t;\n\tfontname=\"sans-serif\";\n", dotString(title))
	for i, class := range o.Order {
		fmt.Fprintf(&b, "\tsubgraph cluster_%d {\n\t\tlabel=%s;\n\t\tcolor=gray;\n\t\tfontcolor=gray30;\n", i, dotString(class))
		for _, n := range o.Nodes {
			if n.Class == class {
				fmt.Fprintf(&b, "\t\t%s%s;\n", dotString(n.Name), choose(n.Job, " [style=rounded]", ""))
			}
		}
		b.WriteString("\t}\n")
	}
	for i := range o.Edges {
		e := &o.Edges[i]
		attributes := []string{
			fmt.Sprintf("label=\"%d\"", len(e.Witnesses)), "tooltip=" + dotString(strings.Join(witnessLines(e), "\n")),
		}
		if e.Up {
			attributes = append(attributes, "color=red", "fontcolor=red", "style=dashed", "constraint=false")
		}
		if o.onRealCycle(e) {
			attributes = append(attributes, "penwidth=3")
		}
		fmt.Fprintf(&b, "\t%s -> %s [%s];\n", dotString(e.From), dotString(e.To), strings.Join(attributes, ", "))
	}
	b.WriteString("}\n")
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing DOT: %w", err)
	}
	return nil
}

// dotString quotes a string for DOT, in which a backslash begins an escape and a line break is written \n.
func dotString(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(printable.Line(lines[i]))
	}
	return `"` + strings.Join(lines, `\n`) + `"`
}

// witnessLines lists the places that draw an edge, a line each.
func witnessLines(e *Edge) []string {
	var lines []string
	for i := range e.Witnesses {
		w := &e.Witnesses[i]
		lines = append(lines, fmt.Sprintf("T%d %s, %s", w.Thread, w.Name, w.path(2)))
	}
	return lines
}

// onRealCycle reports whether an edge is part of a cycle that a reachable state closes; between classes, whether some edge
// between their objects is.
func (o *LockOrder) onRealCycle(e *Edge) bool {
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
	return o.classes[object]
}
