package reports

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
)

// quoted is how many lines a report quotes above and below a line that it points to.
const quoted = 3

// Quote takes from the given files the lines that the report points to, so that the report can be
// read where the files are not. Files that it does not point to leave no trace.
func (r *Report) Quote(files []syntax.Source) {
	wanted := map[string][]int{}
	r.places(func(file string, line int) {
		if line > 0 {
			wanted[file] = append(wanted[file], line)
		}
	})
	have := map[string]bool{}
	for _, s := range r.Sources {
		have[s.File] = true
	}
	for _, f := range files {
		if len(wanted[f.Name]) == 0 || have[f.Name] {
			continue
		}
		have[f.Name] = true
		if s := quote(f, wanted[f.Name]); len(s.Lines) > 0 {
			r.Sources = append(r.Sources, s)
		}
	}
	slices.SortFunc(r.Sources, func(a, b Source) int { return cmp.Compare(a.File, b.File) })
}

func quote(f syntax.Source, lines []int) Source {
	text := strings.Split(strings.ReplaceAll(string(f.Text), "\r\n", "\n"), "\n")
	take := make([]bool, len(text)+1)
	for _, l := range lines {
		for n := max(1, l-quoted); n <= min(len(text), l+quoted); n++ {
			take[n] = true
		}
	}
	s := Source{File: f.Name}
	for n, yes := range take {
		if yes {
			s.Lines = append(s.Lines, Line{n, strings.ToValidUTF8(text[n-1], "\uFFFD")})
		}
	}
	return s
}

// places calls f with every line of code that the report names.
func (r *Report) places(f func(file string, line int)) {
	each := func(ps []Place) {
		for _, p := range ps {
			f(p.File, p.Line)
		}
	}
	run := func(c *Counterexample) {
		if c == nil {
			return
		}
		for i := range c.Steps {
			f(c.Steps[i].File, c.Steps[i].Line)
			each(c.Steps[i].Calls)
		}
		for i := range c.End {
			f(c.End[i].File, c.End[i].Line)
			each(c.End[i].Calls)
		}
	}
	for i := range r.Results {
		x := &r.Results[i]
		f(x.File, x.Line)
		run(x.Counterexample)
		each(x.OrderBroken)
		if x.LockOrder == nil {
			continue
		}
		for _, e := range x.LockOrder.Edges {
			for _, w := range e.Witnesses {
				f(w.File, w.Line)
				each(w.Calls)
			}
		}
		for _, c := range x.LockOrder.Cycles {
			run(c.Counterexample)
		}
	}
	for i := range r.Coverage {
		r.Coverage[i].Coverage.places(f)
	}
	for i := range r.Findings {
		f(r.Findings[i].File, r.Findings[i].Line)
		each(r.Findings[i].Related)
		each(r.Findings[i].Path)
	}
}

// Named lists the files that the report names, in the order in which it does.
func (r *Report) Named() []string {
	var names []string
	seen := map[string]bool{}
	r.places(func(file string, line int) {
		if line > 0 && !seen[file] {
			seen[file] = true
			names = append(names, file)
		}
	})
	return names
}

// places calls f with every line of the functions in which something was missed.
func (c *Coverage) places(f func(file string, line int)) {
	gaps := map[functionKey]bool{}
	for _, g := range c.Gaps() {
		gaps[functionKey{g.File, g.Function}] = true
	}
	for i := range c.Functions {
		x := &c.Functions[i]
		if !gaps[functionKey{x.File, x.Function}] {
			continue
		}
		for _, line := range x.Lines {
			f(x.File, line)
		}
	}
}

// mergeSources joins the quotations of several reports.
func mergeSources(all []Source) []Source {
	lines := map[string]map[int]string{}
	for _, s := range all {
		if lines[s.File] == nil {
			lines[s.File] = map[int]string{}
		}
		for _, l := range s.Lines {
			lines[s.File][l.Number] = l.Text
		}
	}
	var out []Source
	for file, ls := range lines {
		s := Source{File: file}
		for n, text := range ls {
			s.Lines = append(s.Lines, Line{n, text})
		}
		slices.SortFunc(s.Lines, func(a, b Line) int { return cmp.Compare(a.Number, b.Number) })
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Source) int { return cmp.Compare(a.File, b.File) })
	return out
}
