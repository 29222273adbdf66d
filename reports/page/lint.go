package page

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/reports"
)

// A lintView is what a lint of source code found, on the page.
type lintView struct {
	Summary  string
	Of       string
	Findings []findingView
	Lists    []lintList
}

// A lintList is what else there is to say about places.
type lintList struct {
	Title string
	Lines []string
}

// A findingView is a finding with the lines through which its path leads.
type findingView struct {
	*reports.Finding
	ID, Place string
	Open      bool
	Excerpts  []excerptView
	Related   []string
}

// An excerptView is a piece of a file, with the part of a path beside it that lies there.
type excerptView struct {
	File   string
	Rail   template.HTML
	Height int
	Lines  []excerptLine
}

type excerptLine struct {
	Number int    // 0: lines are left out here
	Text   string // of the source
	Notes  string // what the path does there
	Class  string // on: the path comes here; broken: and ends here
}

// lintOf is the view of a report's lint; nil when it has none.
func lintOf(r *reports.Report) *lintView {
	l := r.Lint
	if l == nil {
		return nil
	}
	v := &lintView{Summary: reports.LintSummary(r), Of: l.Of}
	if l.Before != "" {
		v.Of = l.Before + " .. " + l.Of
	}
	lines := map[string]map[int]string{}
	for _, s := range r.Sources {
		lines[s.File] = map[int]string{}
		for _, x := range s.Lines {
			lines[s.File][x.Number] = x.Text
		}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		x := findingView{
			Finding: f, ID: fmt.Sprintf("finding-%d", i+1), Place: fmt.Sprintf("%s:%d", f.File, f.Line),
			Open: !f.Known && f.Severity == "error", Excerpts: excerpts(f, lines),
		}
		for _, p := range f.Related {
			x.Related = append(x.Related, fmt.Sprintf("%s (%s:%d)", p.Message, p.File, p.Line))
		}
		v.Findings = append(v.Findings, x)
	}
	var gone, ignored, gaps []string
	for _, f := range l.Gone {
		gone = append(gone, fmt.Sprintf("%s: %s [%s] %s:%d", f.Function, f.Message, f.Rule, f.File, f.Line))
	}
	for _, f := range l.Ignored {
		ignored = append(ignored, fmt.Sprintf("%s: %s [%s] %s:%d: %s", f.Function, f.Message, f.Rule, f.File,
			f.Line, f.Reason))
	}
	for _, g := range l.Gaps {
		gaps = append(gaps, fmt.Sprintf("%d times: %s", g.N, g.What))
	}
	v.list("Gone since then", gone)
	v.list("Ignored by comments", ignored)
	v.list("Comments that take back nothing", placeLines(l.Remarks))
	v.list("What was not understood", gaps)
	v.list("Where something was not understood", placeLines(l.Unclear))
	v.list("What could not be read", placeLines(l.Unread))
	return v
}

func (v *lintView) list(title string, lines []string) {
	if len(lines) > 0 {
		v.Lists = append(v.Lists, lintList{fmt.Sprintf("%s (%d)", title, len(lines)), lines})
	}
}

func placeLines(ps []reports.Place) []string {
	var out []string
	for _, p := range ps {
		text := p.Message
		if p.Function != "" {
			text = p.Function + ": " + text
		}
		at := p.File
		if p.Line > 0 {
			at = fmt.Sprintf("%s:%d", p.File, p.Line)
		}
		out = append(out, at+": "+text)
	}
	return out
}

// excerpts cuts the path of a finding where it goes to another file, and quotes what lies on each
// piece.
func excerpts(f *reports.Finding, lines map[string]map[int]string) []excerptView {
	path := slices.Clone(f.Path)
	if n := len(path); n == 0 || path[n-1].File != f.File || path[n-1].Line != f.Line {
		path = append(path, reports.Place{File: f.File, Line: f.Line, Message: f.Message})
	}
	var out []excerptView
	for len(path) > 0 {
		n := 1
		for n < len(path) && path[n].File == path[0].File {
			n++
		}
		if have := lines[path[0].File]; have != nil {
			out = append(out, excerpt(path[:n], have, n == len(path)))
		}
		path = path[n:]
	}
	return out
}

// around is how many lines are quoted above and below one on the path.
const around = 3

func excerpt(path []reports.Place, have map[int]string, last bool) excerptView {
	v := excerptView{File: path[0].File}
	wanted := map[int]bool{}
	notes := map[int][]string{}
	for _, p := range path {
		for n := p.Line - around; n <= p.Line+around; n++ {
			if _, ok := have[n]; ok {
				wanted[n] = true
			}
		}
		if p.Message != "" {
			notes[p.Line] = append(notes[p.Line], p.Message)
		}
	}
	var numbers []int
	for n := range wanted {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	row := map[int]int{}
	for i, n := range numbers {
		if i > 0 && numbers[i-1] != n-1 {
			v.Lines = append(v.Lines, excerptLine{})
		}
		row[n] = len(v.Lines)
		v.Lines = append(v.Lines, excerptLine{Number: n, Text: have[n], Notes: strings.Join(notes[n], "; ")})
	}
	var rows []int
	for _, p := range path {
		at, ok := row[p.Line]
		if !ok {
			continue
		}
		v.Lines[at].Class = "on"
		if len(rows) == 0 || rows[len(rows)-1] != at {
			rows = append(rows, at)
		}
	}
	if last && len(rows) > 0 {
		v.Lines[rows[len(rows)-1]].Class = "broken"
	}
	v.Height = len(v.Lines) * rowHeight
	v.Rail = template.HTML(rail(rows, v.Height, last))
	return v
}

// Measures of the drawing beside an excerpt: each line of the source is one row.
const (
	rowHeight = 20
	railWidth = 34
)

// rail draws a path along rows: straight on where it goes down, a bow to the left where it goes
// back.
func rail(rows []int, height int, last bool) string {
	var b strings.Builder
	fmt.Fprintf(&b,
		`<svg class="rail" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="the path through these lines">`,
		railWidth, height, railWidth, height)
	const x = railWidth - 10
	y := func(row int) int { return row*rowHeight + rowHeight/2 }
	for i := 1; i < len(rows); i++ {
		from, to := y(rows[i-1]), y(rows[i])
		if to > from {
			fmt.Fprintf(&b, `<path d="M%d %dV%d"/>`, x, from, to)
		} else {
			fmt.Fprintf(&b, `<path d="M%d %dC%d %d %d %d %d %d"/>`, x, from, 0, from, 0, to, x, to)
		}
	}
	for i, r := range rows {
		class := "step"
		if last && i == len(rows)-1 {
			class = "end"
		}
		fmt.Fprintf(&b, `<circle class="%s" cx="%d" cy="%d" r="5"/>`, class, x, y(r))
		if i < 99 {
			fmt.Fprintf(&b, `<text x="%d" y="%d">%d</text>`, x, y(r)+3, i+1)
		}
	}
	b.WriteString("</svg>")
	return b.String()
}
