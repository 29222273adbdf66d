package typestate

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// lockOf is the mutex of an object.
func (a *analysis) lockOf(p place) place {
	return a.ps.child(a.w.types, p, a.w.types.lockField(a.ps.list[p].typ))
}

// lock takes a mutex.
func (a *analysis) lock(s *state, l place, shared bool, c *syntax.Call) {
	if l == noPlace || a.ps.element(l) {
		a.gap("a lock of an element", c.Pos(), syntax.FormatShort(c))
		return
	}
	a.acquire(s, l, shared, c.Pos(), syntax.FormatShort(c))
	switch v, known := a.held(s, l); {
	case a.isRecursive(l):
		if !known || !v.isNull() {
			s.step(c.Pos(), "locks "+a.resource(l))
			s.set(l, isHeld, unknown)
			return
		}
	case a.f.entry && a.onlyNeeded(s, l):
		a.tooLate(s, l, c.Pos())
	case known && v.known && !v.isNull():
		if !shared {
			a.report(s, model.SelfDeadlock, c.Pos(), l, a.resource(l)+" is locked by a thread that holds it already",
				why(s, l, isHeld))
		}
	case !known:
		a.wantHeld(s, l, number(0), model.SelfDeadlock, c.Pos(), syntax.FormatShort(c))
	}
	s.step(c.Pos(), "locks "+a.resource(l))
	s.set(l, isHeld, number(1))
}

// unlock gives a mutex back.
func (a *analysis) unlock(s *state, l place, at model.Pos, text string) {
	if l == noPlace || a.ps.element(l) {
		a.gap("a lock of an element", at, text)
		return
	}
	switch v, known := a.held(s, l); {
	case !known && a.isRecursive(l) && s.fact(l, isHeld) != nil:
		s.step(at, "unlocks "+a.resource(l))
		a.dropLock(s, l)
		return
	case known && v.isNull() && a.wrongBefore(s, l, at):
	case known && v.isNull():
		a.goesOn(s, l, at)
		a.report(s, model.BadUnlock, at, l, a.resource(l)+" is unlocked, but this thread does not hold it", why(s, l, isHeld))
	case !known:
		a.wantHeld(s, l, number(1), model.BadUnlock, at, text)
	}
	a.usesLock(s, l)
	first := s.fact(l, isHeld) == nil || a.onlyNeeded(s, l)
	s.step(at, "unlocks "+a.resource(l))
	s.trail.unlocks = first
	s.set(l, isHeld, number(0))
	a.dropLock(s, l)
}

func why(s *state, p place, asp aspect) *trail {
	if f := s.fact(p, asp); f != nil {
		return f.why
	}
	return nil
}

// held is whether this thread holds a lock or a job, if that is known.
func (a *analysis) held(s *state, p place) (value, bool) {
	if f := s.fact(p, isHeld); f != nil {
		return f.val, f.val.known || f.val.signs&zero == 0
	}
	if _, ok := s.at(a.ps.list[p].top, fresh); ok {
		return number(0), true
	}
	return unknown, false
}

// outside reports whether a function starts outside of the monitor: who is given a domain and not
// its monitor does.
func (a *analysis) outside(s *state, p place) bool {
	d := a.fieldOf(p)
	if d == nil || d.class != "monitor" && d.class != "agent" || a.f.contract || a.w.contract[a.f.Name] != nil ||
		s.fact(p, isHeld) != nil {
		return false
	}
	return a.inDomain(p)
}

// inDomain reports whether a lock lies in an object to which another one leads.
func (a *analysis) inDomain(p place) bool {
	parent := a.ps.list[p].parent
	return parent != noPlace && a.ps.list[parent].parent != noPlace
}

// wantHeld notes what callers must hold, or must not.
func (a *analysis) wantHeld(s *state, p place, v value, kind model.Kind, pos model.Pos, text string) {
	if s.fact(p, isHeld) != nil {
		return // it was known once, and is not any more
	}
	if a.entryRoot(p) {
		s.want(need{
			fact: fact{place: p, aspect: isHeld, val: v}, tested: true, kind: kind,
			origin: &origin{
				pos: pos, fn: a.f.Name, text: text, of: a.f, begins: kind == model.AsyncNesting,
			},
		})
	}
}

// dropLock forgets what a lock guards.
func (a *analysis) dropLock(s *state, l place) {
	parent := a.ps.list[l].parent
	a.forgetShared(s)
	if parent == noPlace {
		return
	}
	top := a.ps.list[l].top
	job, knew := false, false
	before := *s
	before.factsShared, s.factsShared = true, true
	s.filter(func(f *fact) bool {
		switch f.aspect {
		case holds:
			if a.guardOf(f.place) == l && !a.ownsBeside(&before, f.place) {
				knew = true
				return false
			}
		case isListed:
			return f.place != parent || f.val.isNull()
		case isHeld:
			if !f.val.isNull() && a.ps.list[f.place].top == top {
				if d := a.fieldOf(f.place); d != nil && d.owner {
					job = true
				}
			}
		}
		return true
	})
	if !a.w.types.counted(a.ps.list[parent].typ) {
		return
	}
	s.set(l, dropped, number(1))
	switch {
	case !job && (a.ps.list[top].root != paramRoot || a.knownFree(s, top)):
		s.set(l, jobless, number(1))
		a.age(s, l)
	case knew:
		s.drop(l, jobless)
	}
}

// knownFree reports whether this thread is known to be without some job of an object that it was
// given: else it may have one.
func (a *analysis) knownFree(s *state, top place) bool {
	for i := range s.facts {
		f := &s.facts[i]
		if f.aspect == isHeld && f.val.isNull() && a.ps.list[f.place].top == top {
			if d := a.fieldOf(f.place); d != nil && d.owner {
				return true
			}
		}
	}
	return false
}

// age marks what was found under a lock as old. A job would keep it as it is.
func (a *analysis) age(s *state, l place) {
	if a.f.contract {
		return
	}
	for i := 0; i < len(s.facts); i++ {
		if f := s.facts[i]; f.aspect == under && f.val == pointer(l) {
			s.set(f.place, old, number(1))
		}
	}
	for i, v := range s.vars {
		if p, ok := v.place(); ok && i < len(a.f.graph.Locals) && a.guardOf(p) == l {
			s.set(a.local(a.f.graph.Locals[i]), old, number(1))
		}
	}
}

// wait sleeps on a condition.
func (a *analysis) wait(s *state, c *syntax.Call, f *vocabulary.Function, args []value) []*state {
	if len(args) < 2 {
		return a.give(s, c, unknown)
	}
	if l, ok := args[1].place(); ok && !a.ps.element(l) {
		switch v, known := a.held(s, l); {
		case known && v.isNull():
			a.report(s, model.MissingLock, c.Pos(), l, a.resource(l)+" is not held by the thread that waits with it",
				why(s, l, isHeld))
		case !known:
			a.wantHeld(s, l, number(1), model.MissingLock, c.Pos(), syntax.FormatShort(c))
			s.set(l, isHeld, number(1))
		}
		s.step(c.Pos(), "waits, with "+a.resource(l)+" dropped")
		a.dropLock(s, l)
	}
	failure, fails := f.Result.Failure()
	if !fails {
		return a.give(s, c, number(f.Result.Success()))
	}
	other := s.clone()
	return append(a.give(s, c, number(f.Result.Success())), a.give(other, c, number(failure))...)
}
