package reports

import (
	"cmp"
	"slices"
)

// Bounds of what a report quotes of logs.
const (
	mostLogLines = 10_000
	drawnLines   = 2_000 // bars of a timeline, the longest, whose lines are quoted
)

// LogLines are the lines of the inputs of diagnoses that a report names, by file, in order. They
// are bounded: what is said comes before what is drawn.
func (r *Report) LogLines() map[string][]int {
	out := map[string][]int{}
	n := 0
	seen := map[InputAt]bool{}
	add := func(at InputAt) {
		if at.Line > 0 && !seen[at] && n < mostLogLines {
			seen[at] = true
			out[at.File] = append(out[at.File], at.Line)
			n++
		}
	}
	all := func(at []InputAt) {
		for _, p := range at {
			add(p)
		}
	}
	for _, d := range r.Diagnosed() {
		for i := range d.Why {
			all(d.Why[i].Lines)
		}
		for i := range d.Holders {
			all(d.Holders[i].Lines)
		}
		for i := range d.Waiters {
			all(d.Waiters[i].Lines)
		}
		for i := range d.Notes {
			all(d.Notes[i].Lines)
		}
	}
	if r.Diagnosis != nil {
		for i := range r.Findings {
			f := &r.Findings[i]
			add(InputAt{f.File, f.Line})
			for _, p := range f.Path {
				add(InputAt{p.File, p.Line})
			}
		}
	}
	for _, d := range r.Diagnosed() {
		for _, b := range d.Timeline.longest(drawnLines) {
			add(b.At)
			add(b.End)
		}
	}
	for _, lines := range out {
		slices.Sort(lines)
	}
	return out
}

// longest are the bars that took longest.
func (t *Timeline) longest(n int) []Bar {
	if t == nil {
		return nil
	}
	bars := slices.Clone(t.Bars)
	slices.SortStableFunc(bars, func(a, b Bar) int { return cmp.Compare(b.To-b.From, a.To-a.From) })
	return bars[:min(len(bars), n)]
}
