package terminal

import (
	"fmt"
	"io"

	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// WriteExplored writes the answer: the verdict, what is wrong in one sentence, who holds and waits
// for what, the interleaving, and the command that replays it.
func WriteExplored(w io.Writer, r *reports.Result, style Style) error {
	b := printable.Page{Coloured: style.Colour}
	heading(&b, "explore: "+r.Ref, style)
	b.Paint(mark(r), reports.Flat(reports.VerdictOf(r.Verdict, r.Kind)))
	b.WriteString("\n\n")
	paragraph(&b, r.Message, style)
	for _, d := range r.Details {
		paragraph(&b, d, style)
	}
	if r.Stack != "" {
		b.WriteString("\n" + r.Stack + "\n")
	}
	switch s := r.Schedules; {
	case s == nil:
	case r.Replayed:
		fmt.Fprintf(&b, "replay of %d decisions\n", r.Transitions)
	default:
		text := fmt.Sprintf("%s: %d schedules, %d decisions, at most %d in one, %d ms", s.Strategy, s.Runs, r.Transitions,
			r.Depth, r.ElapsedMS)
		if r.ElapsedMS >= 100 { // in less, setting up is what takes the time
			text += fmt.Sprintf(", %.2g decisions/s", float64(r.Transitions)/float64(r.ElapsedMS)*1000)
		}
		paragraph(&b, text, style)
	}
	if c := r.Counterexample; c != nil {
		b.WriteString("\n")
		drawLanes(&b, r, style)
		if c.Replay != "" {
			b.WriteString("\nreplay: " + reports.Flat(reports.ReplayLine(r, c)) + "\n")
		}
	}
	if _, err := b.WriteTo(w); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

// WriteDrill writes the answer about one program of many, which is nothing but its verdict, the
// number of its schedules, what it is for, and how to run it alone.
func WriteDrill(w io.Writer, r *reports.Result, style Style) error {
	b := printable.Page{Coloured: style.Colour}
	b.Paint(mark(r), fmt.Sprintf("%-4s", reports.Flat(reports.VerdictOf(r.Verdict, r.Kind))))
	fmt.Fprintf(&b, "%7d  %s\n             %s\n", r.Schedules.Runs, reports.Flat(r.Why), reports.Flat(r.Command))
	if _, err := b.WriteTo(w); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}
