package typestate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// What a callee does to an object may be wrong only by what its callers do afterwards, and be the
// callee's mistake all the same: it ends what it was only lent. Such a finding stands in the
// callee, and the callers are notes.

// drop is what drops a reference of an object whose place ends in a step, nil where nothing does.
func (e *effect) drop(step string) *refFact {
	for i := range e.facts {
		f := &e.facts[i]
		if f.aspect == refs && f.val.val.known && f.val.val.n < 0 && f.ref.root == paramRoot && lastStep(f.ref) == step {
			return f
		}
	}
	return nil
}

// lastStep is the last field of a path, "" where it is the object that a function is given, or what
// a pointer that it is given leads to.
func lastStep(r ref) string {
	step := r.steps[strings.LastIndex(r.steps, ".")+1:]
	if step == "*" {
		return ""
	}
	return step
}

// blame reports what a callee has done, for what this function does afterwards.
func (a *analysis) blame(kind model.Kind, o *origin, msg string, pos model.Pos, after string) {
	for o.in != nil && a.w.contract[o.in.fn] == nil {
		o = o.in
	}
	for i := range a.saying.blames {
		if a.saying.blames[i].Pos == o.pos && a.saying.blames[i].Kind == kind {
			return
		}
	}
	a.saying.blames = append(a.saying.blames, Finding{
		Kind: kind, Severity: severityOf(kind), Confidence: Likely, Function: o.fn, Pos: o.pos, Message: msg,
		Path:    append(stepsOf(o), Step{Pos: pos, Function: a.f.Name, Text: after}),
		Callers: []Note{{pos, a.f.Name + " " + after}},
	})
}

// joinBlames makes one finding of those that blame one place.
func joinBlames(list []Finding) []Finding {
	slices.SortFunc(list, func(x, y Finding) int {
		return cmp.Or(comparePos(x.Pos, y.Pos), cmp.Compare(x.Kind, y.Kind), comparePos(x.Callers[0].Pos, y.Callers[0].Pos))
	})
	var out []Finding
	for _, f := range list {
		if n := len(out) - 1; n >= 0 && out[n].Kind == f.Kind && out[n].Pos == f.Pos {
			out[n].Callers = append(out[n].Callers, f.Callers...)
			continue
		}
		out = append(out, f)
	}
	return out
}
