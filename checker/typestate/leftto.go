package typestate

import "github.com/lockproof/lockproof/model"

// Where a function gives back what its callers hold on some ways and leaves it alone on others that
// its result does not tell apart, its callers say which ways are wrong: those who go on as if they
// held it, or those who leave it to the function.

// A lockOfCallee is a class of locks of which a callee gives one back on some ways.
type lockOfCallee struct {
	callee *function
	class  string
}

// An otherwise is what a finding is where callers say that other ways are wrong.
type otherwise struct {
	Finding
	class string // of the lock
}

// A use says what callers of a function do about a lock on which its ways do not agree.
type use struct {
	goOn  bool // some go on as if they held it
	leave bool // some return without it
}

// usesLock looks at a lock that this function gives back, or needs.
func (a *analysis) usesLock(s *state, l place) {
	if f := s.fact(l, isHeld); f != nil && f.val == unknown {
		a.noteUse(f, true)
	}
}

// leavesTo looks, at an exit, at the locks that the function has left to a callee. Who was given
// the object by others leaves it to them as it was.
func (a *analysis) leavesTo(s *state) {
	if a.f.contract {
		return
	}
	for i := range s.facts {
		f := &s.facts[i]
		switch {
		case f.aspect != isHeld:
		case a.entryRoot(f.place):
			if f.val == unknown || f.val.isNull() {
				a.noteUse(f, true)
			}
		case f.val == unknown:
			a.noteUse(f, false)
		}
	}
}

// noteUse notes what the function does about a lock that a callee may have given back.
func (a *analysis) noteUse(f *fact, goesOn bool) {
	if f.why == nil || f.why.sum == nil || a.w.contract[f.why.sum.name] != nil {
		return
	}
	if a.saying.uses == nil {
		a.saying.uses = map[lockOfCallee]use{}
	}
	key := lockOfCallee{f.why.sum.of, a.lockClass(f.place)}
	u := a.saying.uses[key]
	u.goOn, u.leave = u.goOn || goesOn, u.leave || !goesOn
	a.saying.uses[key] = u
}

// use adds what a function does to what others do.
func (w *world) use(uses map[lockOfCallee]use) {
	for key, u := range uses {
		old := w.uses[key]
		w.uses[key] = use{old.goOn || u.goOn, old.leave || u.leave}
	}
}

// leftTo takes the findings about locks that are given back on some ways only, and where all
// callers leave that to the function, it is the other ways that are wrong.
func (w *world) leftTo(list []Finding) {
	for i := range list {
		f := &list[i]
		if f.otherwise == nil || f.cause.of == nil {
			continue
		}
		if u := w.uses[lockOfCallee{f.cause.of, f.otherwise.class}]; u.leave && !u.goOn {
			g := f.otherwise.Finding
			g.cause, g.spot = f.cause, f.spot
			g.cause.kind, g.cause.since = g.Kind, g.Pos
			*f = g
		}
	}
}

// leavesAlone is the finding about an exit at which a lock is left alone that others give back.
func (a *analysis) leavesAlone(p place, e *exit) *otherwise {
	msg := a.resource(p) + " is still held where " + a.f.Name +
		" returns here, and given back on other ways, as callers expect"
	return &otherwise{class: a.lockClass(p), Finding: Finding{
		Kind: model.LockLeak, Severity: Error, Confidence: Likely, Function: a.f.Name, Pos: e.pos, Message: msg,
		Object: a.ps.text(a.f, p), Path: a.path(e.s.trail, nil, e.pos, msg),
	}}
}
