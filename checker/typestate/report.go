package typestate

import (
	"cmp"
	"maps"
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

type reportKey struct {
	kind  model.Kind
	pos   model.Pos
	place place
	since model.Pos // what began it
}

// report keeps a finding, unless a better one is there for the same rule, place and object.
func (a *analysis) report(s *state, kind model.Kind, pos model.Pos, p place, msg string, since *trail) {
	a.reportNeed(s, kind, pos, p, msg, since, nil)
}

// reportNeed is report for what a callee needs, at the end of a chain of calls.
func (a *analysis) reportNeed(s *state, kind model.Kind, pos model.Pos, p place, msg string, since *trail, chain *origin) *Finding {
	if a.f.contract {
		return nil
	}
	f := &Finding{Kind: kind, Severity: severityOf(kind), Confidence: Sure, Function: a.f.Name, Pos: pos, Message: msg}
	if p != noPlace {
		f.Object = a.ps.text(a.f, p)
	}
	if kind == model.NullVM && (p == noPlace || !a.w.types.counted(a.ps.list[p].typ)) {
		f.Severity = Warning
	}
	if kind == model.StaleLiveness {
		if l := a.guardOf(p); l != noPlace {
			if _, alone := s.at(l, jobless); !alone {
				f.Severity = Warning // a job was held, which keeps others from stopping the guest
			}
		}
	}
	if s.lossy {
		f.Confidence = Guess
		f.Severity = min(f.Severity, Warning)
	}
	if chain != nil && chain.in != nil && chain.in.in != nil || len(s.needs) > 0 {
		f.Confidence = min(f.Confidence, Likely)
	}
	f.Path = a.path(s.trail, since, pos, msg)
	f.steps = len(f.Path)
	f.Path = append(f.Path, stepsOf(chain)...)
	f.chain = chain
	key := reportKey{kind: kind, pos: pos, place: p}
	if since != nil {
		key.since = since.pos
	}
	old := a.reports[key]
	if old == nil || old.some || old.Confidence < f.Confidence || old.Confidence == f.Confidence && len(f.Path) < len(old.Path) {
		a.reports[key] = f
	}
	return a.reports[key]
}

// stepsOf are the steps to what a callee needs.
func stepsOf(chain *origin) []Step {
	var list []Step
	for o, depth := chain, 0; o != nil; o, depth = o.in, depth+1 {
		list = append(list, Step{Pos: o.pos, Function: o.fn, Text: o.text, Depth: depth})
	}
	return list
}

// deepest is the end of a chain of calls.
func deepest(chain *origin) *origin {
	for chain.in != nil {
		chain = chain.in
	}
	return chain
}

func severityOf(k model.Kind) Severity {
	switch k {
	case model.DefInMonitor:
		return Low
	case model.StaleData, model.RefCount, model.BlockUnderLock:
		return Warning
	}
	return Error
}

// maxPath is how many steps of a path are told.
const maxPath = 60

// path is the trail from what began it.
func (a *analysis) path(t, since *trail, pos model.Pos, msg string) []Step {
	var steps []Step
	for ; t != nil && len(steps) < maxPath; t = t.prev {
		step := Step{Pos: t.pos, Function: a.f.Name, Text: t.text}
		if t.cond != nil {
			step.Text = "taking " + syntax.FormatShort(t.cond) + " to hold"
			if !t.truth {
				step.Text = "taking " + syntax.FormatShort(t.cond) + " not to hold"
			}
		}
		steps = append(steps, step)
		if t == since {
			break
		}
	}
	slices.Reverse(steps)
	return steps
}

// A cause is what makes findings of one function one.
type cause struct {
	of    *function
	kind  model.Kind
	place place
	since model.Pos
}

// findings are the reports in the order of their places.
func (a *analysis) findings() []Finding {
	keys := slices.SortedFunc(maps.Keys(a.reports), func(x, y reportKey) int {
		return cmp.Or(comparePos(x.pos, y.pos), cmp.Compare(x.kind, y.kind), int(x.place-y.place), comparePos(x.since, y.since))
	})
	var list []Finding
	for _, k := range keys {
		if k.kind == model.NoJob && slices.ContainsFunc(keys, func(o reportKey) bool { return o.kind == model.AsyncNesting && o.pos == k.pos }) {
			continue // who has the async job lacks the nested one as well
		}
		gone := func(o reportKey) bool { return o.kind == model.UseAfterRelease && o.pos == k.pos && o.place == k.place }
		if k.kind == model.RefCount && slices.ContainsFunc(keys, gone) {
			continue // whose last reference may have gone there is none to be dropped
		}
		f := *a.reports[k]
		f.cause = cause{a.f, k.kind, a.outermost(keys, k), k.since}
		if k.since == (model.Pos{}) {
			f.cause.since = k.pos
		}
		f.spot = k.place
		list = append(list, f)
	}
	return list
}

// together joins the findings of one function that stand at one place, and those that begin at one
// place and are missed at several.
func together(all []Finding) []Finding {
	type spot struct {
		of    *function
		kind  model.Kind
		place place
		pos   model.Pos
	}
	first, at := map[cause]int{}, map[spot]int{}
	var list []Finding
	for _, f := range all {
		if f.cause.of == nil {
			list = append(list, f)
			continue
		}
		here := spot{f.cause.of, f.Kind, f.spot, f.Pos}
		if i, again := at[here]; again {
			if f.Confidence > list[i].Confidence {
				f.Callers = list[i].Callers
				list[i] = f
			}
			continue
		}
		at[here] = len(list)
		i, seen := first[f.cause]
		if !seen {
			first[f.cause] = len(list)
			list = append(list, f)
			continue
		}
		at[here] = i
		g := &list[i]
		if f.Confidence > g.Confidence {
			f.Callers = append(g.Callers, Note{g.Pos, "also here"})
			list[i] = f
			continue
		}
		g.Callers = append(g.Callers, Note{f.Pos, "also here"})
	}
	return list
}

// outermost is the place in which that of a report lies, of those about which the same is reported
// since the same step: what lies in what is touched is no finding of its own.
func (a *analysis) outermost(keys []reportKey, k reportKey) place {
	p := k.place
	if k.since == (model.Pos{}) {
		return p
	}
	for _, o := range keys {
		if o.kind == k.kind && o.since == k.since && o.place != noPlace && a.below(p, o.place) {
			p = o.place
		}
	}
	return p
}

func comparePos(x, y model.Pos) int {
	return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Col, y.Col))
}
