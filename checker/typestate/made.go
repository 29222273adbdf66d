package typestate

import "github.com/lockproof/lockproof/model"

// A function that makes an object has one reference of it. If it returns the object locked it has
// callers who have to unlock it, and knows that nobody else has it: nothing of it is held but what
// it has locked itself. What it puts in a table is the table's, unless it takes another reference.

// makers are functions that make an object with one reference.
var makers = []string{"virObjectNew", "virObjectLockableNew", "virObjectRWLockableNew"}

// tabling are functions that put their third argument in a table, with the caller's reference.
var tabling = []string{"virHashAddEntry", "virHashUpdateEntry"}

// toTable notes that an object is put in a table.
func (a *analysis) toTable(s *state, v value) {
	if p, ok := v.place(); ok {
		if _, new := s.at(p, made); new {
			s.set(p, made, number(2))
		}
	}
}

// returnsTables looks at a new object that is returned.
func (a *analysis) returnsTables(s *state, ret value, pos model.Pos) {
	p, ok := ret.place()
	if !ok || a.f.contract || a.w.tracked(a.ps, p) != "" {
		return
	}
	if f := s.fact(p, made); f != nil && f.val.n == 2 {
		a.report(s, model.RefCount, pos, p, a.ps.text(a.f, p)+
			" is returned, and its only reference is that of the table in which it was put", f.why)
	}
}

// makes is what callers need to know of an object that a function has made and returns, beside what
// is held of it.
func (a *analysis) makes(s *state, ret value, names map[place]int) []refFact {
	p, ok := ret.place()
	if !ok || a.f.contract || a.ps.list[p].parent != noPlace {
		return nil
	}
	v, new := s.at(p, made)
	r, known := a.refOf(p, names)
	if !known || (!new || v.n != 1) && !a.isPart(s, p) {
		return nil
	}
	list := []refFact{{ref: r, aspect: made, val: refValue{val: number(1)}}}
	if _, found := s.at(p, fresh); found || !a.holdsMore(s, p) || a.w.tracked(a.ps, p) == "" {
		return list
	}
	return append(list,
		refFact{ref: r, aspect: fresh, val: refValue{val: number(1)}},
		refFact{ref: r, aspect: refs, val: refValue{val: number(1)}})
}

// isPart reports whether a new object was stored in another one, whose end is its own.
func (a *analysis) isPart(s *state, p place) bool {
	_, part := s.at(p, stored)
	return part
}
