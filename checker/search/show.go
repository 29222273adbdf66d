package search

import (
	"cmp"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// show puts what was found into words, with the ways there: first of all that of a rule that was
// broken, then those of wait cycles.
func (s *search[S]) show(r *Result) {
	var found []finding[S]
	dead := s.saw.found.has(model.Deadlock)
	for _, f := range s.saw.found {
		// A deadlock says already what a partial one would, and more.
		if s.m.Program.Source != nil && (f.verdict != model.Violation || f.kind == model.RefCount) {
			continue // what is lacking may come to the rescue, or take references as well
		}
		if !slices.Contains(model.Exceeding(), f.kind) && f.kind != model.Unexplored &&
			!(f.verdict == model.PartialDeadlock && dead) {
			found = append(found, f)
		}
	}
	verdicts := model.Verdicts()
	slices.SortFunc(found, func(a, b finding[S]) int {
		return cmp.Or(
			cmp.Compare(slices.Index(verdicts, a.verdict), slices.Index(verdicts, b.verdict)), compareFindings(&a, &b),
			cmp.Compare(a.kind, b.kind),
		)
	})
	closed := s.closed()
	var targets []target[S]
	for i := range found {
		targets = append(targets, target[S]{found[i].state, found[i].level})
	}
	for i := range closed {
		targets = append(targets, target[S]{closed[i].state, closed[i].level})
	}
	paths := s.paths(targets[:s.showable(targets)])
	paths = append(paths, make([][]S, len(targets)-len(paths))...)
	for i := range found {
		r.Findings = append(r.Findings, s.put(&found[i], paths[i]))
	}
	for i := range closed {
		c := &closed[i]
		f := finding[S]{state: c.state, level: c.level}
		r.WaitCycles = append(r.WaitCycles, WaitCycle{Waits: c.waits, Trace: s.trace(&f, paths[len(found)+i])})
	}
}

// put puts a finding into words, with the way there.
func (s *search[S]) put(f *finding[S], path []S) Finding {
	t := s.trace(f, path) // before explain: it gives f the state in which it really ends
	out := viewer[S]{s.m}.explain(f, t, s.over)
	if out.Shortest = !t.Cut && s.m.Program.Source == nil && s.nearest(f); t.Cut {
		out.Message += " (the way there was cut short)"
	}
	return out
}

// showable is to how many of the targets the ways may be shown: what a trace says of each of its
// states takes memory as well.
func (s *search[S]) showable(targets []target[S]) int {
	if s.plan.MaxMemory <= 0 {
		return len(targets)
	}
	p := s.m.Program
	step := int64(256 + 128*len(p.Threads) + 64*(len(p.Locks)+len(p.Vars)+len(p.Conds)))
	left := s.plan.MaxMemory/16 + 16<<20
	for i, t := range targets {
		if left -= 2 * step * int64(t.level+1); left < 0 {
			return i
		}
	}
	return len(targets)
}
