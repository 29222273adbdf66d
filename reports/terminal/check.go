package terminal

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// WriteCheck writes the answer for one scenario: the verdict, what is wrong in one sentence, the
// interleaving that leads there, and the line that replays it.
func WriteCheck(w io.Writer, r *reports.Result, style Style) error {
	b := printable.Page{Coloured: style.Colour}
	title := r.Suite + ":" + r.Scenario
	if r.Protocol != "" {
		title += " (protocol " + r.Protocol + ")"
	}
	heading(&b, title, style)
	replay := ""
	if r.Replayed {
		replay = fmt.Sprintf("replay of %d steps: ", len(r.Counterexample.Steps))
	}
	verdict := reports.VerdictOf(r.Verdict, r.Kind)
	compared := reports.Comparison(r)
	answer := strings.Join(wrap(reports.Flat(replay+verdict+reports.Choose(compared != "", ", ", "")+compared),
		style.width()), "\n")
	before, after, whole := strings.Cut(answer, verdict) // it may be broken in two
	b.WriteString(before)
	if whole {
		b.Paint(mark(r), verdict)
	}
	b.WriteString(after + "\n\n")
	paragraph(&b, r.Message, style)
	for _, line := range slices.Concat(reports.ClosedLines(r), reports.LivenessLines(r), r.Details) {
		paragraph(&b, line, style)
	}
	for _, o := range r.OrderBroken {
		paragraph(&b, fmt.Sprintf("%s (%s:%d)", o.Message, o.File, o.Line), style)
	}
	if r.Why != "" {
		paragraph(&b, "why: "+r.Why, style)
	}
	if r.Race != nil {
		paragraph(&b, reports.RaceWarning(r), style)
		if !r.Replayed {
			b.WriteString("race: " + reports.Flat(reports.ReplayLine(r, r.Race.Counterexample)) + "\n")
		}
	}
	if r.Assumes != "" {
		paragraph(&b, "assumes "+r.Assumes, style)
	}
	for _, n := range r.Notes {
		paragraph(&b, fmt.Sprintf("note: %s (%s:%d)", n.Message, n.File, n.Line), style)
	}
	if !r.Replayed {
		paragraph(&b, statistics(r), style)
	}
	if r.Coverage != nil {
		paragraph(&b, r.Coverage.String()+" reached", style)
	}
	if r.Coverage != nil && r.Counterexample == nil { // what was missed matters to a pass
		writeGaps(&b, r.Coverage, style)
	}
	for _, o := range r.Also {
		paragraph(&b, fmt.Sprintf("also %s, after %d steps: %s", reports.VerdictOf(o.Verdict, o.Kind), o.Steps,
			o.Message), style)
	}
	if r.Counterexample != nil {
		b.WriteString("\n")
		drawLanes(&b, r, style)
		if r.Counterexample.Replay != "" {
			b.WriteString("\nreplay: " + reports.Flat(reports.ReplayLine(r, r.Counterexample)) + "\n")
		}
	}
	if _, err := b.WriteTo(w); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

func heading(b *printable.Page, text string, style Style) {
	for _, line := range wrap(reports.Flat(text), style.width()) {
		b.Paint(printable.Strong, line)
		b.WriteString("\n")
	}
}

func paragraph(b *printable.Page, text string, style Style) {
	for _, line := range wrap(reports.Flat(text), style.width()) {
		b.WriteString(line + "\n")
	}
}

// mark is the colour of a result: a deadlock that was expected is good news.
func mark(r *reports.Result) printable.Colour {
	switch {
	case r.Pass:
		return printable.Good
	case r.Known, r.Verdict == model.Unknown:
		return printable.Open
	}
	return printable.Bad
}

func statistics(r *reports.Result) string {
	s := fmt.Sprintf("%s, %d transitions, depth %d, %d ms", reports.StateCount(r), r.Transitions, r.Depth, r.ElapsedMS)
	if !r.Complete {
		s += "; incomplete"
		if r.Limit != "" {
			s += " (" + string(r.Limit) + ")"
		}
	}
	if r.Omission > 0 {
		s += fmt.Sprintf(", left out one with a probability below %.1g", r.Omission)
	}
	return s
}
