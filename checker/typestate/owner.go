package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// inside is a lock of one of the classes that is held, or noPlace.
func (a *analysis) inside(s *state, classes ...string) place {
	for _, f := range s.facts {
		if f.aspect == isHeld && !f.val.isNull() {
			if d := a.fieldOf(f.place); d != nil && slices.Contains(classes, d.class) {
				return f.place
			}
		}
	}
	return noPlace
}

// own stores into the owner field of a job.
func (a *analysis) own(s *state, p place, v value) {
	if a.ps.element(p) {
		return
	}
	cur, known := a.held(s, p)
	if v.isNull() {
		switch {
		case known && cur.isNull():
			if !a.f.contract {
				a.report(s, model.JobUnbalanced, a.pos, p, a.ps.text(a.f, p)+" is cleared, but this thread does not have that job",
					why(s, p, isHeld))
			}
		case !known:
			a.wantHeld(s, p, value{signs: negative | positive}, model.JobUnbalanced, a.pos, "ends "+a.ps.text(a.f, p))
		}
		s.step(a.pos, "ends "+a.ps.text(a.f, p))
		s.set(p, isHeld, number(0))
		s.drop(p, adopted)
		return
	}
	if !known {
		a.wantHeld(s, p, number(0), model.AsyncNesting, a.pos, "takes "+a.ps.text(a.f, p))
	}
	if t, ok := v.truth(); !ok || !t {
		v = value{signs: negative | positive, from: v.from}
	}
	s.step(a.pos, "takes "+a.ps.text(a.f, p))
	s.set(p, isHeld, v)
	if a.isBeside(s, p) {
		s.set(p, adopted, number(1))
	}
}

// isBeside reports whether a job whose owner is set was there before: a field beside the owner's
// says so, and has not been changed.
func (a *analysis) isBeside(s *state, p place) bool {
	parent := a.ps.list[p].parent
	for i := range s.needs {
		n := &s.needs[i]
		if n.aspect == holds && n.val.signs&zero == 0 && a.ps.list[n.place].parent == parent {
			if v, ok := s.at(n.place, holds); ok && v == n.val {
				return true
			}
		}
	}
	return false
}
