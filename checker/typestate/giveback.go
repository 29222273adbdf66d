package typestate

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// givesBack compares the exits for a lock that is not the function's own: where one gives back what
// callers hold, and others of the same result leave it alone, or take it first, callers cannot have
// it right.
func (a *analysis) givesBack(p place) {
	if d := a.fieldOf(p); d != nil && d.owner || a.w.contract[a.f.Name] != nil || a.isRecursive(p) || a.handle(p) {
		return
	}
	var released, held, untouched []*exit
	for i := range a.exits {
		e := &a.exits[i]
		if a.gone(e.s, p) || a.isNull(e.s, p) || e.s.lossy {
			continue
		}
		n, f := e.s.need(p, isHeld), e.s.fact(p, isHeld)
		switch {
		case n == nil && f == nil:
			untouched = append(untouched, e)
		case n == nil || f == nil || f.val.signs == anySign:
		case !n.val.isNull() && a.locksAgain(e.s.trail, p):
			return // it is dropped for a while, and where it is missing then has been told
		case n.val.isNull() != f.val.isNull():
			if f.val.isNull() && a.unlocksOnly(f.why) {
				released = append(released, e)
			}
		default:
			held = append(held, e)
		}
	}
	for _, e := range released {
		signs := a.exitSigns(e)
		if signs&a.signsBeside(e, held) == 0 && (signs != negative || a.signsBeside(e, untouched)&negative == 0) {
			continue
		}
		f := e.s.fact(p, isHeld)
		if !f.why.unlocks && a.toldOf(p) {
			continue
		}
		r := a.reportNeed(e.s, model.BadUnlock, f.why.pos, p, a.resource(p)+" is given back on this path, though "+a.f.Name+
			" does not take it there and leaves it alone on others", nil, nil)
		alike := func(o *exit) bool { return a.exitSigns(o)&signs != 0 && !a.toldByNumber(e.s, o.s) }
		if i := slices.IndexFunc(untouched, alike); i >= 0 && r != nil {
			r.otherwise = a.leavesAlone(p, untouched[i])
		}
	}
}

// signsBeside are the signs of the results of other exits, but for those that callers know by a
// number which they have passed.
func (a *analysis) signsBeside(e *exit, others []*exit) uint8 {
	var signs uint8
	for _, o := range others {
		if !a.toldByNumber(e.s, o.s) {
			signs |= a.exitSigns(o)
		}
	}
	return signs
}

// toldByNumber reports whether two paths take a number that the function was given to be another
// one.
func (a *analysis) toldByNumber(s, t *state) bool {
	for i := range a.f.params {
		p := a.ps.top(paramRoot, i, "", a.f.params[i].name)
		n, m := s.need(p, holds), t.need(p, holds)
		if n != nil && m != nil && !n.val.meets(m.val) {
			return true
		}
	}
	return false
}

// unlocksOnly reports whether what gave a lock back does just that, or is a callee that does in any
// case: where a callee sometimes does, it is the callee that is to be asked.
func (a *analysis) unlocksOnly(t *trail) bool {
	if t == nil || t.unlocks {
		return t != nil
	}
	return t.sum != nil && !slices.ContainsFunc(t.sum.cases, func(e effect) bool {
		return !slices.ContainsFunc(e.facts, func(f refFact) bool { return f.aspect == isHeld && f.val.val.isNull() })
	})
}

// locksAgain reports whether a path locks what its callers hold.
func (a *analysis) locksAgain(t *trail, p place) bool {
	for text := "locks " + a.resource(p); t != nil; t = t.prev {
		if t.text == text {
			return true
		}
	}
	return false
}

// toldOf reports whether something else was found about who has a lock.
func (a *analysis) toldOf(p place) bool {
	for k := range a.reports {
		if k.place == p && k.kind != model.BlockUnderLock {
			return true
		}
	}
	return false
}

// exitSigns are the signs that the result of an exit can have: all where there is none.
func (a *analysis) exitSigns(e *exit) uint8 {
	r := a.f.summaryResult()
	switch {
	case r.stars == 0 && !r.basic && r.name == "void":
		return anySign
	case e.ret.at > 0:
		return positive
	}
	return e.ret.signs
}

// handle reports whether a lock lies in an object to which callers lead by the address of a
// pointer: that tells them what became of it.
func (a *analysis) handle(p place) bool {
	return slices.Contains(strings.Split(a.ps.path(p), "."), "*")
}

// isNull reports whether a path has found the object of a lock to be NULL.
func (a *analysis) isNull(s *state, p place) bool {
	for ; p != noPlace; p = a.ps.list[p].parent {
		if n := s.need(p, isThere); n != nil && n.val.isNull() {
			return true
		}
		if v, ok := s.at(p, holds); ok && v.isNull() {
			return true
		}
	}
	return false
}
