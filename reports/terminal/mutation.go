package terminal

import (
	"fmt"
	"io"

	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// WriteMutation writes what the scenarios would notice: the mutants that nobody did, who noticed
// the others, and the numbers. With all, the others are listed too.
func WriteMutation(w io.Writer, m *reports.Mutation, all bool, style Style) error {
	b := printable.Page{Coloured: style.Colour}
	last := reports.MutantStatus("")
	for i := range m.Mutants {
		x := &m.Mutants[i]
		if x.Status == reports.MutantLeft || x.Status == reports.MutantFound && !all {
			continue
		}
		if x.Status != last {
			last = x.Status
			paragraph(&b, fmt.Sprintf("%s (%s):", x.Status, x.Status.Meaning()), style)
		}
		mutant(&b, x, style)
	}
	if last != "" {
		b.WriteString("\n")
	}
	for _, j := range m.Idle {
		said := reports.VerdictOf(j.Verdict, j.Kind) + ", expected " + j.Expected
		if j.Against {
			said += "; locks are asked for against the order of the suite"
		}
		paragraph(&b, fmt.Sprintf("%s judges nothing: without any change it is %s", j.Scenario, said), style)
	}
	nobody := 0
	for _, j := range m.Scenarios {
		if j.Found > 0 {
			fmt.Fprintf(&b, "%5d found by %s\n", j.Found, reports.Flat(j.Scenario))
		} else {
			nobody++
		}
	}
	if nobody > 0 {
		fmt.Fprintf(&b, "%5s found by %d others, which were not the first\n", "none", nobody)
	}
	b.WriteString("\n")
	paragraph(&b, m.Summary(), style)
	if m.Limit != "" {
		paragraph(&b, fmt.Sprintf("stopped (%s): this is what is known", m.Limit), style)
	}
	_, err := b.WriteTo(w)
	return err
}

// mutant writes one: what is changed, and what is known of it.
func mutant(b *printable.Page, m *reports.Mutant, style Style) {
	fmt.Fprintf(b, "  %s  %s:%d\n", reports.Flat(m.ID), reports.Flat(m.File), m.Line)
	for _, l := range m.Lines {
		b.WriteString(reports.Flat(fmt.Sprintf("    %4d - %s", l.Number, l.Before)) + "\n")
		if l.After != "" {
			b.WriteString(reports.Flat(fmt.Sprintf("    %4d + %s", l.Number, l.After)) + "\n")
		}
	}
	for _, line := range MutantLines(m) {
		Hanging(b, "    ", line, style)
	}
}

// MutantLines say what is known of a mutant, besides its change.
func MutantLines(m *reports.Mutant) []string {
	var lines []string
	switch {
	case m.Status == reports.MutantFound:
		lines = append(lines, fmt.Sprintf("%s: %s", m.By, m.Said()))
	case m.Why != "":
		lines = append(lines, m.Why)
	case m.Status == reports.MutantEquivalent:
		lines = append(lines, fmt.Sprintf("%d states compared in %d scenarios", m.States, m.Asked))
	}
	if d := m.Differs; d != nil {
		where := "in " + d.Scenario
		if d.Faults {
			where += " with all faults"
		}
		after := fmt.Sprintf("after %d steps", d.Steps)
		if d.Steps == 0 {
			after = "from the start"
		}
		if d.Replay != "" {
			after += " (" + d.Replay + ")"
		}
		lines = append(lines, fmt.Sprintf("%s, %s: %s; in the mutant %s", where, after, d.Original, d.Mutant))
	}
	return lines
}
