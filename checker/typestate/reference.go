package typestate

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// ref counts references of this thread.
func (a *analysis) ref(s *state, p place, n int64) int64 {
	if a.w.tracked(a.ps, p) == "" {
		return 1
	}
	old, _ := s.at(p, refs)
	if !old.known {
		old = number(0)
	}
	sum := max(min(old.n+n, 4), -4)
	if sum == 0 && !a.isFresh(s, p) {
		s.drop(p, refs)
	} else {
		s.set(p, refs, number(sum))
	}
	return sum
}

// countGuarded looks at a count that a lock guards: who drops a reference holds it. Of whom it is
// known that he does not, that is told; what is not known is asked of callers.
func (a *analysis) countGuarded(s *state, p place, c *syntax.Call) {
	lock := a.w.types.countGuard(a.ps.list[p].typ)
	if lock == "" || a.f.contract || a.w.contract[a.f.Name] != nil {
		return
	}
	l := a.ps.child(a.w.types, p, lock)
	switch v, known := a.held(s, l); {
	case known && v.isNull():
		if _, found := s.at(p, fresh); !found {
			a.report(s, model.MissingLock, c.Pos(), l, "a reference is dropped without "+a.resource(l)+
				", which guards the count", why(s, l, isHeld))
		}
	case !known:
		a.wantHeld(s, l, number(1), model.MissingLock, c.Pos(), syntax.FormatShort(c))
	}
}

// unref drops a reference, which may be the last one.
func (a *analysis) unref(s *state, c *syntax.Call, p place) []*state {
	a.reach(s, p, c.Pos())
	a.countGuarded(s, p, c)
	had := a.dropRef(s, p)
	if own, counted := s.at(p, refs); counted && own.n > 0 {
		had = true
	}
	a.dropsAgain(s, p, -1, c.Pos())
	a.dropsForEnded(s, p, c.Pos())
	s.step(c.Pos(), "drops a reference of "+a.ps.text(a.f, p))
	left := a.ref(s, p, -1)
	if !had || left < 0 {
		a.disposes(s, p, c)
	}
	a.depart(s, c, p, had)
	return a.mayFree(s, c, p, left)
}

// mayFree splits the state: the object is gone, or not. The result of the call tells.
func (a *analysis) mayFree(s *state, c *syntax.Call, p place, left int64) []*state {
	info := &a.ps.list[p]
	on, listed := s.at(p, isListed)
	listed = listed && !on.isNull()
	kept := left > 0 || listed || a.keptByOthers(p, left) && !a.looksWhetherLast(c, p)
	if kept || a.w.tracked(a.ps, p) == "" || info.root == localRoot {
		return a.give(s, c, value{signs: positive})
	}
	gone := s.clone()
	a.free(gone, p)
	if _, mine := s.at(p, made); mine && left == 0 {
		return a.give(gone, c, number(0))
	}
	return append(a.give(s, c, value{signs: positive}), a.give(gone, c, number(0))...)
}

// keptByOthers reports whether others have a reference of an object of which this thread has no
// more than left. In a function that is called by its address nobody knows whether they have: where
// it drops one in a condition, the code thinks that it may be the last one.
func (a *analysis) keptByOthers(p place, left int64) bool {
	if a.f.entry && a.branching && a.entryRoot(p) {
		return false
	}
	return a.ps.list[p].parent != noPlace || a.entryRoot(p) && left >= 0 && !a.f.contract
}

// looksWhetherLast reports whether a helper of the protocol takes the result of dropping a
// reference of what a field leads to: it thinks that it may be the last one. Callers follow the
// contract, and not what is found so in the tree's own helper.
func (a *analysis) looksWhetherLast(c *syntax.Call, p place) bool {
	return a.ps.list[p].parent != noPlace && a.alone != c && !a.f.contract && a.w.contract[a.f.Name] != nil
}

// free ends the life of an object, and of the locks and jobs in it.
func (a *analysis) free(s *state, p place) {
	kept := s.facts[:0:0]
	for _, f := range s.facts {
		if a.below(f.place, p) && (f.aspect == isHeld || f.aspect == holds || f.aspect == isListed || f.aspect == dropped ||
			f.aspect == jobless || f.aspect == altered) {
			if f.aspect == isHeld && !f.val.isNull() {
				f.val = number(0)
				f.why = s.trail
			} else if f.aspect != isHeld {
				continue
			}
		}
		kept = append(kept, f)
	}
	s.facts, s.factsShared = kept, false
	s.set(p, isFreed, number(2))
}

// revive takes an object to be there after all, once its use has been reported. What is held of it
// is not known any more.
func (a *analysis) revive(s *state, p place) {
	s.drop(p, isFreed)
	for i := range s.facts {
		if f := s.facts[i]; f.aspect == isHeld && a.below(f.place, p) {
			s.put(unknownFact(f))
		}
	}
}

// below reports whether a place lies in an object.
func (a *analysis) below(p, in place) bool {
	for ; p != noPlace; p = a.ps.list[p].parent {
		if p == in {
			return true
		}
	}
	return false
}

// find looks an object up: NULL, or one that is locked.
func (a *analysis) find(s *state, c *syntax.Call, locked bool) []*state {
	typ := a.w.types.onList()
	none := s.clone()
	p := a.begin(s, a.f.sites[c], typ, c.Pos())
	s.set(p, fresh, number(1))
	s.set(p, isThere, number(1))
	s.set(p, isListed, number(1))
	if locked {
		s.set(a.lockOf(p), isHeld, number(1))
	}
	return append(a.give(s, c, pointer(p)), a.give(none, c, number(0))...)
}

// remove takes an object off its list, and drops the list's reference.
func (a *analysis) remove(s *state, c *syntax.Call, p place) []*state {
	a.reach(s, p, c.Pos())
	s.set(p, isListed, number(0))
	left, _ := s.at(p, refs)
	if !left.known {
		left = number(0)
	}
	s.step(c.Pos(), "takes "+a.ps.text(a.f, p)+" off the list")
	return a.mayFree(s, c, p, left.n)
}
