package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// asksForLess looks at a condition that asks whether a number of references is below 0: it never
// is, so that what is done for an object that is gone is never done.
func (a *analysis) asksForLess(s *state, e *flow.Branch) {
	b, ok := e.Cond.(*syntax.Binary)
	if !ok || a.f.contract || b.Op != "<" && b.Op != ">=" {
		return
	}
	if n, ok := b.Y.(*syntax.IntLit); !ok || n.Value != 0 {
		return
	}
	c, ok := b.X.(*syntax.Call)
	if !ok {
		return
	}
	id, ok := c.Fun.(*syntax.Ident)
	if !ok || !a.tellsGone(id.Name) {
		return
	}
	for _, x := range c.Args {
		if p, ok := a.eval(s, e.Env, x).place(); ok && a.w.types.counted(a.ps.list[p].typ) {
			a.report(s, model.UseAfterRelease, e.Cond.Pos(), p, id.Name+" returns 0 where "+a.ps.text(a.f, p)+
				" is gone and never less, so this does not ask for it", nil)
			return
		}
	}
}

// tellsGone reports whether a function drops a reference and returns how many are left.
func (a *analysis) tellsGone(name string) bool {
	f := a.w.contract[name]
	if f == nil {
		v := vocabulary.Lookup(name)
		return v != nil && v.Effect == vocabulary.Unref && v.Result == vocabulary.Count
	}
	if f.summary == nil {
		return false
	}
	less := func(e effect) bool { return e.result.val.signs&negative != 0 }
	return !slices.ContainsFunc(f.summary.cases, less) && slices.ContainsFunc(f.summary.cases, func(e effect) bool {
		return e.result.val.isNull() && slices.ContainsFunc(e.facts, func(f refFact) bool { return f.aspect == isFreed })
	})
}
