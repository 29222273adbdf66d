package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/printable"
)

// WriteCheck writes the answer for one scenario: the verdict, what is wrong in one sentence, the interleaving that leads
// there, and the line that replays it.
func WriteCheck(w io.Writer, r *Result, style Style) error {
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
	verdict := verdictOf(r.Verdict, r.Kind)
	answer := strings.Join(wrap(flat(replay+verdict+", "+comparison(r)), style.width()), "\n")
	before, after, whole := strings.Cut(answer, verdict) // it may be broken in two
	b.WriteString(before)
	if whole {
		b.Paint(mark(r), verdict)
	}
	b.WriteString(after + "\n\n")
	paragraph(&b, r.Message, style)
	for _, o := range r.OrderBroken {
		paragraph(&b, fmt.Sprintf("%s (%s:%d)", o.Message, o.File, o.Line), style)
	}
	if r.Why != "" {
		paragraph(&b, "why: "+r.Why, style)
	}
	if !r.Replayed {
		paragraph(&b, statistics(r), style)
	}
	for _, o := range r.Also {
		paragraph(&b, fmt.Sprintf("also %s, after %d steps: %s", verdictOf(o.Verdict, o.Kind), o.Steps, o.Message), style)
	}
	if r.Counterexample != nil {
		b.WriteString("\n")
		drawLanes(&b, r, style)
		if r.Counterexample.Replay != "" {
			b.WriteString("\nreplay: " + flat(replayLine(r, r.Counterexample)) + "\n")
		}
	}
	if _, err := b.WriteTo(w); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

func heading(b *printable.Page, text string, style Style) {
	for _, line := range wrap(flat(text), style.width()) {
		b.Paint(printable.Strong, line)
		b.WriteString("\n")
	}
}

func paragraph(b *printable.Page, text string, style Style) {
	for _, line := range wrap(flat(text), style.width()) {
		b.WriteString(line + "\n")
	}
}

// verdictOf is the verdict with its kind in brackets.
func verdictOf(v model.Verdict, k model.Kind) string {
	if k == "" {
		return string(v)
	}
	return fmt.Sprintf("%s (%s)", v, k)
}

func comparison(r *Result) string {
	switch {
	case r.Pass:
		return "as expected"
	case r.Known:
		return "expected " + r.Expected + " (known: it is in the baseline)"
	case r.Expects():
		return "as expected, but not the order of the locks"
	}
	return "expected " + r.Expected
}

// mark is the colour of a result: a deadlock that was expected is good news.
func mark(r *Result) printable.Colour {
	switch {
	case r.Pass:
		return printable.Good
	case r.Known, r.Verdict == model.Unknown:
		return printable.Open
	}
	return printable.Bad
}

func statistics(r *Result) string {
	s := fmt.Sprintf("%d states, %d transitions, depth %d, %d ms", r.States, r.Transitions, r.Depth, r.ElapsedMS)
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
