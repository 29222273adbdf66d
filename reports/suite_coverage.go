package reports

import (
	"cmp"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// Cover sets the coverage of each suite from that of its scenarios.
func (r *Report) Cover() {
	r.Coverage = nil
	var names []string
	bySuite := map[string][]*Result{}
	for i := range r.Results {
		x := &r.Results[i]
		if bySuite[x.Suite] == nil {
			names = append(names, x.Suite)
		}
		bySuite[x.Suite] = append(bySuite[x.Suite], x)
	}
	for _, name := range names {
		if c := joinCoverage(bySuite[name]); c != nil {
			r.Coverage = append(r.Coverage, SuiteCoverage{name, *c})
		}
	}
}

// Require adds a finding for each gap in a suite that demands that nothing is missed. Where the
// coverage is partial nobody knows yet, and there is none.
func (r *Report) Require() {
	r.Findings = slices.DeleteFunc(r.Findings, func(f Finding) bool { return f.Rule == model.Unreached })
	for i := range r.Coverage {
		s := &r.Coverage[i]
		if !s.Coverage.Required || s.Coverage.Partial {
			continue
		}
		for _, g := range s.Coverage.Gaps() {
			r.Findings = append(r.Findings, Finding{
				Rule: model.Unreached, Severity: "error", Function: g.Function, File: g.File, Line: g.Line,
				Message: s.Suite + " requires coverage; never reached: " + g.Text, Related: []Place{}, Path: []Place{},
			})
		}
	}
}

// joiner joins the coverage of scenarios.
type joiner struct {
	functions map[functionKey]*CoveredFunction
	calls     map[functionKey]int // how many scenarios can call it
	missed    map[missedKey]*missing
	faults    map[FaultPath]*FaultPath
}

// missedKey is what identifies a Missed in a suite.
type missedKey struct {
	functionKey
	number, branch int
}

// missing is a Missed, and how many scenarios missed it.
type missing struct {
	Missed
	times int
}

// joinCoverage is the coverage of scenarios together; nil where none has one.
func joinCoverage(rs []*Result) *Coverage {
	j := joiner{
		map[functionKey]*CoveredFunction{},
		map[functionKey]int{},
		map[missedKey]*missing{},
		map[FaultPath]*FaultPath{},
	}
	out := &Coverage{}
	had := 0
	for _, r := range rs {
		c := r.Coverage
		if c == nil {
			continue
		}
		had++
		out.Partial = out.Partial || c.Partial
		out.Required = out.Required || c.Required
		out.Scenarios = max(out.Scenarios, c.Scenarios)
		j.add(c)
	}
	if had == 0 {
		return nil
	}
	out.Partial = out.Partial || had < out.Scenarios
	j.finish(out)
	return out
}

func (j *joiner) add(c *Coverage) {
	for _, f := range c.Functions {
		k := functionKey{f.File, f.Function}
		j.calls[k]++
		if j.functions[k] == nil {
			f.Reached, f.Taken = f.Statements, f.Branches
			j.functions[k] = &f
		}
	}
	for _, m := range c.Missed {
		k := missedKey{functionKey{m.File, m.Function}, m.Number, m.Branch}
		if j.missed[k] == nil {
			j.missed[k] = &missing{Missed: m}
		}
		j.missed[k].times++
	}
	for _, f := range c.Faults {
		k := f
		k.Reached = false
		if j.faults[k] == nil {
			j.faults[k] = &k
		}
		j.faults[k].Reached = j.faults[k].Reached || f.Reached
	}
}

// finish fills in what the scenarios come to together.
func (j *joiner) finish(out *Coverage) {
	out.Functions, out.Missed, out.Faults = []CoveredFunction{}, []Missed{}, []FaultPath{}
	for k, m := range j.missed {
		f := j.functions[k.functionKey]
		if f == nil || m.times < j.calls[k.functionKey] {
			continue
		}
		out.Missed = append(out.Missed, m.Missed)
		if k.branch > 0 {
			f.Taken--
		} else {
			f.Reached--
		}
	}
	for _, f := range j.functions {
		out.Functions = append(out.Functions, *f)
	}
	for _, f := range j.faults {
		out.Faults = append(out.Faults, *f)
	}
	slices.SortFunc(out.Functions, func(a, b CoveredFunction) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Function, b.Function))
	})
	slices.SortFunc(out.Missed, func(a, b Missed) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Function, b.Function), cmp.Compare(a.Number, b.Number),
			cmp.Compare(a.Branch, b.Branch))
	})
	slices.SortFunc(out.Faults, func(a, b FaultPath) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Number, b.Number),
			cmp.Compare(a.Text, b.Text))
	})
}
