package typestate

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// References of objects of which no contract knows, configurations and connections, are followed
// only where it is plain to whom they belong. What a function takes a reference of and returns is
// given to its caller, who drops it, stores the object or returns it in turn.

// takeRef notes that this function takes a reference by itself.
func (a *analysis) takeRef(s *state, p place) {
	s.drop(p, left)
	if _, new := s.at(p, made); new {
		s.set(p, made, number(1))
	}
	if a.f.contract || a.ps.element(p) || a.w.tracked(a.ps, p) != "" {
		return
	}
	a.count(s, p, taken, 1)
}

// count adds to how often something is so.
func (a *analysis) count(s *state, p place, asp aspect, n int64) {
	old, ok := s.at(p, asp)
	if ok {
		n += old.n
	}
	if n <= 0 {
		s.drop(p, asp)
	} else {
		s.set(p, asp, number(min(n, 4)))
	}
}

// dropRef notes that this function drops a reference, and reports whether it was one that it had.
func (a *analysis) dropRef(s *state, p place) bool {
	for _, asp := range []aspect{given, taken} {
		if _, ok := s.at(p, asp); ok {
			a.count(s, p, asp, -1)
			return true
		}
	}
	return false
}

// depart notes that this thread is known to have no reference any more, by a call whose result
// nobody looks at. Who takes a reference of what he is given has callers who keep theirs, unless he
// is a callback that was given something opaque.
func (a *analysis) depart(s *state, c *syntax.Call, p place, had bool) {
	info := &a.ps.list[p]
	if a.f.contract || a.alone != c || info.parent != noPlace || info.root != paramRoot && info.root != siteRoot {
		return
	}
	for _, asp := range []aspect{given, taken, refs} {
		if _, some := s.at(p, asp); some {
			return
		}
	}
	if had && !a.opaqueParam(info) || !had && a.w.tracked(a.ps, p) != "" {
		return
	}
	s.set(p, left, number(1))
}

// callsBack notes that somebody of whom nothing is known is given an object that this function got
// from a table: he may take it out of there. Who is asked for something takes nothing out.
func (a *analysis) callsBack(s *state, c *syntax.Call, args []value) {
	if a.f.contract || a.alone != c {
		return
	}
	for _, v := range args {
		p, ok := v.place()
		if !ok || a.ps.list[p].parent != noPlace || !a.opaqueParam(&a.ps.list[p]) || !a.holdsMore(s, p) {
			continue
		}
		_, mine := s.at(p, taken)
		_, also := s.at(p, refs)
		if !mine && !also {
			s.set(p, left, number(2))
		}
	}
}

// opaqueParam reports whether a place is what a parameter leads to that is a pointer to void.
func (a *analysis) opaqueParam(info *placeInfo) bool {
	return info.root == paramRoot && info.index < len(a.f.params) && a.f.params[info.index].name == "void"
}

// isLeft looks at an object that is touched.
func (a *analysis) isLeft(s *state, p place, pos model.Pos) {
	f := s.fact(p, left)
	if f == nil {
		return
	}
	kind, text := model.UseAfterRelease, " is touched after this thread has dropped its reference"
	if f.val.n == 2 {
		kind, text = model.RefCount, " is touched after a callback, which may have dropped the only reference"
	}
	r := a.reportNeed(s, kind, pos, p, a.ps.text(a.f, p)+text, f.why, nil)
	if r != nil {
		r.Severity = Warning // somebody else may have one
	}
	s.drop(p, left)
}

// handsOn notes that a reference goes where it is not followed: it is stored, or somebody has got
// the address of the variable.
func (a *analysis) handsOn(s *state, v value) {
	if p, ok := v.place(); ok {
		s.drop(p, taken)
		s.drop(p, given)
		if _, new := s.at(p, made); new {
			s.drop(p, made)
			s.set(p, stored, number(1))
		}
	}
}

// gives is what an exit gives to callers: the place that it returns, where the function has taken a
// reference of that, or got one.
func (a *analysis) gives(s *state, ret value) (place, bool) {
	p, ok := ret.place()
	if !ok || !a.entryRoot(p) || a.w.tracked(a.ps, p) != "" {
		return noPlace, false
	}
	for _, asp := range []aspect{given, taken} {
		if _, has := s.at(p, asp); has {
			return p, true
		}
	}
	return noPlace, false
}

// unpaid looks at the references that the function was given, where it returns.
func (a *analysis) unpaid(s *state, ret value, e model.Pos) {
	if a.f.contract {
		return
	}
	for i := 0; i < len(s.facts); i++ {
		f := s.facts[i]
		if f.aspect != given || ret.at == f.place+1 {
			continue
		}
		from := "a callee"
		if f.why != nil && f.why.sum != nil {
			from = f.why.sum.name
		}
		a.report(s, model.RefCount, e, f.place, "the reference that "+from+" has returned is not dropped on this path", f.why)
	}
}
