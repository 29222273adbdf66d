package terminal

import (
	"fmt"
	"io"
	"strings"

	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// How many of each list a page of a terminal shows; JSON has all.
const (
	mostHolders  = 8
	mostBehind   = 8
	mostFindings = 6
	mostLines    = 3
)

// WriteDiagnosis writes why a daemon hangs: the verdict in a box, then who holds and who waits, as
// a tree, what the cause rests on, what cannot be told, and what to do next.
func WriteDiagnosis(w io.Writer, d *reports.Diagnosis, findings []reports.Finding, style Style) error {
	b := &printable.Page{Coloured: style.Colour}
	x := diagnosisPage{b, d, style}
	x.box()
	x.holders()
	x.waiters(0, "waits for what nobody is named to hold")
	x.claims("why", d.Why)
	x.claims("seen", d.Notes)
	x.findings(findings)
	x.list("cannot tell", d.CannotTell, ", ")
	for i, line := range d.Next {
		Hanging(b, label(i == 0, "next"), line, style)
	}
	_, err := b.WriteTo(w)
	return err
}

type diagnosisPage struct {
	*printable.Page
	d     *reports.Diagnosis
	style Style
}

// label is what stands before a line.
func label(first bool, name string) string {
	return fmt.Sprintf("%-12s ", reports.Choose(first, name, ""))
}

// box is the verdict.
func (x diagnosisPage) box() {
	d := x.d
	rule := "+" + strings.Repeat("-", x.style.width()-2) + "+\n"
	x.WriteString(rule)
	colour := reports.Choose(d.Fault, printable.Bad, printable.Good)
	verdict := d.Cause
	if d.Sure != "" {
		verdict += " (" + d.Sure + ")"
	}
	about := strings.Join(d.Domains[:min(len(d.Domains), 4)], ", ")
	if n := len(d.Domains) - 4; n > 0 {
		about += fmt.Sprintf(" and %d more", n)
	}
	if about != "" {
		about += ": "
	}
	for i, line := range wrap(reports.Flat(about+verdict+": "+d.Meaning), x.style.width()-4) {
		x.WriteString("| ")
		x.Paint(reports.Choose(i == 0, colour, printable.Plain), fmt.Sprintf("%-*s", x.style.width()-4, line))
		x.WriteString(" |\n")
	}
	x.WriteString(rule)
	Hanging(x, label(true, "input"), strings.Join(d.Inputs[:min(len(d.Inputs), 4)], " ")+andMore(len(d.Inputs)-4)+" ("+
		d.Format+")", x.style)
}

func andMore(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" and %d more", n)
}

// holders is the tree: each holder, and below it who waits for it.
func (x diagnosisPage) holders() {
	d := x.d
	for i := range d.Holders[:min(len(d.Holders), mostHolders)] {
		h := &d.Holders[i]
		Hanging(x, label(true, "holds"), h.Sentence()+x.where(h.Lines), x.style)
		x.waiters(i+1, "waits")
	}
	if n := len(d.Holders) - mostHolders + d.MoreHolders; n > 0 {
		fmt.Fprintf(x, "%sand %d more holders (--format json)\n", label(false, ""), n)
	}
}

// waiters are those behind a holder.
func (x diagnosisPage) waiters(behind int, what string) {
	shown, left := 0, 0
	for i := range x.d.Waiters {
		w := &x.d.Waiters[i]
		if w.Behind != behind {
			continue
		}
		if shown == mostBehind {
			left++
			continue
		}
		shown++
		Hanging(x, label(true, reports.Choose(behind > 0, "  +- waits", "waits")), w.Sentence()+x.where(w.Lines), x.style)
	}
	if left > 0 {
		fmt.Fprintf(x, "%sand %d more %s\n", label(false, ""), left, reports.Choose(behind > 0, "behind it", "waiters"))
	}
	if n := x.d.MoreWaiters; n > 0 && behind == 0 {
		fmt.Fprintf(x, "%sand %d more waiters that are not listed\n", label(false, ""), n)
	}
}

// where names the lines.
func (x diagnosisPage) where(at []reports.InputAt) string {
	if len(at) == 0 {
		return ""
	}
	var parts []string
	for _, p := range at[:min(len(at), mostLines)] {
		if len(x.d.Inputs) > 1 {
			parts = append(parts, fmt.Sprintf("%s:%d", p.File, p.Line))
		} else {
			parts = append(parts, fmt.Sprint(p.Line))
		}
	}
	return " [" + reports.Choose(len(x.d.Inputs) > 1, "", "line ") + strings.Join(parts, ", ") +
		andMore(len(at)-mostLines) + "]"
}

func (x diagnosisPage) claims(name string, cs []reports.Claim) {
	for i := range cs {
		text := reports.Choose(cs[i].Inferred, "inferred: ", "") + cs[i].Text + x.where(cs[i].Lines)
		Hanging(x, label(i == 0, name), text, x.style)
	}
}

func (x diagnosisPage) findings(fs []reports.Finding) {
	for i := range fs[:min(len(fs), mostFindings)] {
		f := &fs[i]
		text := string(f.Rule) + ": " + f.Message + x.where([]reports.InputAt{{File: f.File, Line: f.Line}})
		Hanging(x, label(i == 0, "rule broken"), text, x.style)
	}
	if n := len(fs) - mostFindings + x.d.MoreFindings; n > 0 {
		fmt.Fprintf(x, "%sand %d more (--format json)\n", label(false, ""), n)
	}
}

func (x diagnosisPage) list(name string, words []string, sep string) {
	if len(words) > 0 {
		Hanging(x, label(true, name), strings.Join(words, sep), x.style)
	}
}
