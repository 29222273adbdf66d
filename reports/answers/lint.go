package answers

import (
	"maps"
	"slices"

	"github.com/lockproof/lockproof/checker/lint"
	"github.com/lockproof/lockproof/checker/typestate"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
)

// AddLint adds what was found in a tree to a report. With a change the findings are those that are
// new. Verbose lists every place that was not understood, and not only how many there are.
func AddLint(r *reports.Report, t *tree.Tree, l *lint.Result, change *lint.Change, verbose bool) {
	out := r.Lint
	if out == nil {
		out = &reports.Lint{}
		r.Lint = out
	}
	out.Contracts = list(out.Contracts)
	out.Files, out.Functions, out.Relevant = len(t.Files), l.Functions, l.Relevant
	findings := l.Findings
	if change != nil {
		findings, out.Same, out.Gone = change.New, change.Same, sourceFindings(change.Gone)
	}
	r.Findings = append(r.Findings, sourceFindings(findings)...)
	out.Ignored = sourceFindings(l.Suppressed)
	for _, n := range l.Remarks {
		out.Remarks = append(out.Remarks, placeOf(n.Pos, "", n.Text))
	}
	for _, what := range slices.Sorted(maps.Keys(l.Counts)) {
		out.Gaps = append(out.Gaps, reports.Reading{What: what, N: int64(l.Counts[what])})
	}
	if verbose {
		for _, g := range l.Gaps {
			text := g.Reason
			if g.Detail != "" {
				text += ": " + g.Detail
			}
			out.Unclear = append(out.Unclear, placeOf(g.Pos, g.Function, text))
		}
	}
	for _, x := range t.Left {
		out.Unread = append(out.Unread, reports.Place{File: x.Name, Message: x.Why})
	}
	seen := map[model.Pos]bool{} // an arm that cannot be parsed may be that of another function
	for _, f := range t.Bad() {
		if seen[f.Pos()] {
			continue
		}
		seen[f.Pos()] = true
		out.Unread = append(out.Unread, placeOf(f.Pos(), f.Name, "it could not be parsed"))
	}
}

func sourceFindings(fs []lint.Finding) []reports.Finding {
	var out []reports.Finding
	for i := range fs {
		out = append(out, sourceFinding(&fs[i]))
	}
	return out
}

func sourceFinding(f *lint.Finding) reports.Finding {
	out := reports.Finding{
		Rule: f.Kind, Severity: severityOf(f.Severity), Confidence: f.Confidence.String(), Function: f.Function,
		File: f.Pos.File, Line: f.Pos.Line, Column: f.Pos.Col, Message: f.Message, Reason: f.Reason,
		Related: []reports.Place{}, Path: []reports.Place{},
	}
	for _, n := range f.Callers {
		out.Related = append(out.Related, placeOf(n.Pos, "", n.Text))
	}
	for _, s := range f.Path {
		p := placeOf(s.Pos, s.Function, s.Text)
		p.Depth = s.Depth
		out.Path = append(out.Path, p)
	}
	return out
}

// severityOf is a severity as reports have it: what is mostly harmless is a note.
func severityOf(s typestate.Severity) string {
	if s == typestate.Low {
		return "note"
	}
	return s.String()
}

func placeOf(pos model.Pos, function, text string) reports.Place {
	return reports.Place{Function: function, File: pos.File, Line: pos.Line, Column: pos.Col, Message: text}
}
