package typestate

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// goesOn looks at an object that this function was given itself, with its lock, and unlocks after a
// callee has done so and dropped a reference. If the callee does that in any case, it ends what
// belongs to callers who do not expect it; those who have looked the object up may.
func (a *analysis) goesOn(s *state, l place, pos model.Pos) {
	p := a.ps.list[l].parent
	if p == noPlace || a.ps.list[p].root != paramRoot || a.ps.list[p].parent != noPlace || a.f.contract {
		return
	}
	t := why(s, l, isHeld)
	if t == nil || t.sum == nil || a.w.contract[t.sum.name] != nil {
		return
	}
	if !slices.ContainsFunc(t.sum.cases, func(e effect) bool { return !e.ends() }) {
		o := t.sum.cases[0].drop("").origin
		a.blame(model.RefCount, o, "a reference of what "+t.sum.name+" is given is dropped here and the lock given back, "+
			"and "+a.f.Name+", which is given that as well, goes on with it", pos, "goes on with "+a.ps.text(a.f, p))
	}
}

// dropsAgain looks at a reference that is dropped of what a field leads to, after a callee has
// dropped one and left the pointer where it was: a field has one.
func (a *analysis) dropsAgain(s *state, p place, n int64, pos model.Pos) {
	f := s.fact(p, refs)
	if n >= 0 || a.f.contract || f == nil || !f.val.known || f.val.n >= 0 || a.ps.list[p].parent == noPlace {
		return
	}
	t := f.why
	if _, changed := s.at(p, holds); changed || t == nil || t.sum == nil || a.w.contract[t.sum.name] != nil {
		return
	}
	for i := range t.sum.cases {
		if d := t.sum.cases[i].drop(a.ps.list[p].step); d != nil {
			text := "the reference that " + a.ps.text(a.f, p) + " has is dropped"
			a.blame(model.RefCount, d.origin, text+" here, and the pointer stays, so "+a.f.Name+" drops it again", pos,
				"drops the reference that "+a.ps.text(a.f, p)+" has")
			return
		}
	}
}

// droppedAt says of a reference that a callee has dropped where it has.
func (a *analysis) droppedAt(s *state, p place, n int64, o *origin) {
	if i, ok := s.find(p, refs); ok && n < 0 && o != nil && s.facts[i].why != nil {
		at := *s.facts[i].why
		at.in = o
		s.own()
		s.facts[i].why = &at
	}
}

// ends reports whether a callee gives back the lock of an object that it is given and drops a
// reference of it.
func (e *effect) ends() bool {
	d := e.drop("")
	return d != nil && slices.ContainsFunc(e.facts, func(f refFact) bool {
		return f.aspect == isHeld && f.val.val.isNull() && f.ref.root == paramRoot && f.ref.index == d.ref.index &&
			!strings.Contains(strings.TrimPrefix(f.ref.steps, "*."), ".")
	})
}
