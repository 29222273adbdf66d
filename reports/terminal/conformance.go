package terminal

import (
	"fmt"
	"io"

	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// WriteConformed writes one scenario: a line, and below it what there is to say.
func WriteConformed(w io.Writer, r *reports.Result, style Style) error {
	b, c := printable.Page{Coloured: style.Colour}, r.Conformance
	var numbers string
	switch {
	case r.States > 0:
		numbers = fmt.Sprintf("  %d states, %d transitions, %d runs", r.States, r.Transitions, c.Runs)
	case c.Runs > 0:
		numbers = fmt.Sprintf("  %d steps", c.Steps)
	}
	name := reports.Flat(r.Suite + ":" + r.Scenario)
	b.Paint(mark(r), fmt.Sprintf("%-12s", c.Relation))
	b.WriteString(" " + name)
	if 13+len(name)+len(numbers) > style.width() {
		numbers = "\n            " + numbers
	}
	b.WriteString(numbers + "\n")
	if c.Relation == reports.Conforms {
		_, err := b.WriteTo(w)
		return err
	}
	paragraph(&b, r.Message, style)
	for _, d := range r.Details {
		paragraph(&b, d, style)
	}
	if x := r.Counterexample; x != nil {
		b.WriteString("\n")
		drawLanes(&b, r, style)
		if x.Replay != "" {
			fmt.Fprintf(&b, "\non both:      %s\n", reports.Flat(reports.ReplayLine(r, x)))
			fmt.Fprintf(&b, "on the model: %s\n",
				reports.Flat("lockproof check "+reports.ShellWord(r.Ref)+" --replay '"+x.Replay+"'"))
		}
	}
	_, err := b.WriteTo(w)
	return err
}
