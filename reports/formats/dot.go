package formats

import (
	"fmt"
	"io"
	"strings"

	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// WriteDOT writes a lock-order graph for Graphviz: a cluster for each class, outermost first; jobs
// as boxes with round corners; inversions red and dashed; edges of a cycle that can close thick.
// The number at an edge counts the places that draw it, which its tooltip lists.
func WriteDOT(w io.Writer, title string, o *reports.LockOrder) error {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %s {\n", dotString(title))
	b.WriteString("\trankdir=TB;\n\tnode [shape=box, fontname=\"sans-serif\"];\n\tedge [fontname=\"sans-serif\", " +
		"fontsize=10];\n")
	fmt.Fprintf(&b, "\tlabel=%s;\n\tlabelloc=t;\n\tfontname=\"sans-serif\";\n", dotString(title))
	for i, class := range o.Order {
		fmt.Fprintf(&b, "\tsubgraph cluster_%d {\n\t\tlabel=%s;\n\t\tcolor=gray;\n\t\tfontcolor=gray30;\n",
			i, dotString(class))
		for _, n := range o.Nodes {
			if n.Class == class {
				fmt.Fprintf(&b, "\t\t%s%s;\n", dotString(n.Name), reports.Choose(n.Job, " [style=rounded]", ""))
			}
		}
		b.WriteString("\t}\n")
	}
	for i := range o.Edges {
		e := &o.Edges[i]
		attributes := []string{
			fmt.Sprintf("label=\"%d\"", len(e.Witnesses)), "tooltip=" + dotString(strings.Join(reports.WitnessLines(e), "\n")),
		}
		if e.Up {
			attributes = append(attributes, "color=red", "fontcolor=red", "style=dashed", "constraint=false")
		}
		if o.OnRealCycle(e) {
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

// dotString quotes a string for DOT, in which a backslash begins an escape and a line break is
// written \n.
func dotString(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(printable.Line(lines[i]))
	}
	return `"` + strings.Join(lines, `\n`) + `"`
}
