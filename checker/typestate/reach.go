package typestate

import (
	"strings"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// follow looks at a pointer that is followed and leads to no place.
func (a *analysis) follow(s *state, v value, e syntax.Expr, env flow.Env) {
	if v.isNull() {
		name := syntax.FormatShort(e)
		a.report(s, model.NullVM, e.Pos(), noPlace, name+" is NULL here and is followed", nil)
		if id, ok := e.(*syntax.Ident); ok {
			if l := env.Find(id.Name); l != nil && l.Index >= 0 {
				s.setVar(l.Index, unknown)
			}
		}
	}
}

// reach looks at an object that is touched.
func (a *analysis) reach(s *state, p place, pos model.Pos) {
	info := &a.ps.list[p]
	if info.root == localRoot && info.parent == noPlace {
		return
	}
	a.isLeft(s, p, pos)
	top := info.top
	if v, ok := s.at(top, isFreed); ok && v == number(2) {
		a.report(s, model.UseAfterRelease, pos, top, a.ps.text(a.f, top)+" is touched after its last reference may have gone",
			s.fact(top, isFreed).why)
		a.revive(s, top)
	}
	if info.root == paramRoot && info.parent == noPlace && (a.f.contract || a.w.types.counted(info.typ)) {
		a.mustBeThere(s, p, pos)
	}
}

// mustBeThere notes that a pointer is followed: callers may not give NULL.
func (a *analysis) mustBeThere(s *state, p place, pos model.Pos) {
	if _, ok := s.at(p, isThere); ok {
		return
	}
	s.set(p, isThere, number(1))
	if a.entryRoot(p) {
		s.want(need{
			fact: fact{place: p, aspect: isThere, val: number(1)}, tested: true, kind: model.NullVM,
			origin: &origin{pos: pos, fn: a.f.Name, text: "follows " + a.ps.text(a.f, p)},
		})
	}
}

// entryRoot reports whether callers know a place too.
func (a *analysis) entryRoot(p place) bool {
	r := a.ps.list[p].root
	return r == paramRoot || r == globalRoot
}

// name of a lock or job for people.
func (a *analysis) resource(p place) string {
	t := a.ps.text(a.f, p)
	if t, ok := strings.CutSuffix(t, "->lock"); ok {
		return "the lock of " + t
	}
	return t
}
