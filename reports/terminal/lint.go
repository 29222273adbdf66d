package terminal

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/model/printable"
	"github.com/lockproof/lockproof/reports"
)

// WriteLint writes findings as compilers do, file:line:column first, each with its line of the
// source and with its path as notes; then what the lint was about.
func WriteLint(w io.Writer, r *reports.Report, style Style) error {
	b := &printable.Page{Coloured: style.Colour}
	x := lintPage{b, linesOf(r.Sources)}
	for i := range r.Findings {
		x.finding(&r.Findings[i], r.Findings[i].Severity)
	}
	if l := r.Lint; l != nil {
		for i := range l.Gone {
			f := &l.Gone[i]
			fmt.Fprintf(b, "%s: gone: %s [%s]\n", at(f.File, f.Line, f.Column), f.Message, f.Rule)
		}
		x.places("ignored comment: ", l.Remarks)
		x.places("not read: ", l.Unread)
		x.places("not understood: ", l.Unclear)
		Hanging(b, "", reports.LintSummary(r), style)
	}
	_, err := b.WriteTo(w)
	return err
}

type lintPage struct {
	*printable.Page
	lines map[string]map[int]string
}

// linesOf are the quoted lines by file and number.
func linesOf(all []reports.Source) map[string]map[int]string {
	files := map[string]map[int]string{}
	for _, s := range all {
		files[s.File] = map[int]string{}
		for _, l := range s.Lines {
			files[s.File][l.Number] = l.Text
		}
	}
	return files
}

func (x lintPage) finding(f *reports.Finding, severity string) {
	x.WriteString(at(f.File, f.Line, f.Column) + ": ")
	x.Paint(reports.Choose(severity == "error", printable.Bad, printable.Plain), severity+":")
	fmt.Fprintf(x, " %s: %s [%s]%s\n", f.Function, reports.Flat(f.Message), f.Rule,
		reports.Choose(f.Known, " (known)", ""))
	x.line(f.File, f.Line, f.Column)
	for i := range f.Path {
		p := &f.Path[i]
		in := ""
		if p.Depth > 0 && p.Function != "" {
			in = " (in " + p.Function + ")"
		}
		fmt.Fprintf(x, "%s: note: %s%s%s\n", at(p.File, p.Line, p.Column), strings.Repeat("  ", p.Depth),
			reports.Flat(p.Message), in)
	}
	for i := range f.Related {
		p := &f.Related[i]
		fmt.Fprintf(x, "%s: note: %s\n", at(p.File, p.Line, p.Column), reports.Flat(p.Message))
	}
}

// line quotes a line with a mark below the column.
func (x lintPage) line(file string, line, column int) {
	text, ok := x.lines[file][line]
	if !ok || strings.TrimSpace(text) == "" {
		return
	}
	const tab = "        "
	number := strconv.Itoa(line)
	fmt.Fprintf(x, "%5s | %s\n", number, strings.ReplaceAll(text, "\t", tab))
	if column < 1 || column > len(text)+1 {
		return
	}
	var before strings.Builder
	for _, c := range text[:column-1] {
		before.WriteString(reports.Choose(c == '\t', tab, " "))
	}
	fmt.Fprintf(x, "%s | %s", strings.Repeat(" ", max(5, len(number))), before.String())
	x.Paint(printable.Good, "^")
	x.WriteString("\n")
}

func (x lintPage) places(what string, ps []reports.Place) {
	for i := range ps {
		p := &ps[i]
		in := ""
		if p.Function != "" {
			in = p.Function + ": "
		}
		fmt.Fprintf(x, "%s: %s%s%s\n", at(p.File, p.Line, p.Column), what, in, reports.Flat(p.Message))
	}
}

// at is a place as editors find it.
func at(file string, line, column int) string {
	s := reports.Flat(file)
	if line > 0 {
		s += ":" + strconv.Itoa(line)
		if column > 0 {
			s += ":" + strconv.Itoa(column)
		}
	}
	return s
}
