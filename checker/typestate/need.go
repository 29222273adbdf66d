package typestate

import (
	"slices"
	"strconv"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// check holds the needs of a case against the state, which is narrowed by what it did not know. The
// rules that are broken are returned; possible is false when the case cannot be at all.
func (k *calling) check(s *state, e *effect) (broken []*refNeed, possible bool) {
	for i := range e.needs {
		n := &e.needs[i]
		fits, sure := k.fits(s, n)
		if fits {
			continue
		}
		if !n.tested || !sure {
			return nil, false
		}
		broken = append(broken, n)
	}
	return broken, true
}

func (k *calling) fits(s *state, n *refNeed) (fits, sure bool) {
	a := k.a
	p, v, ok := k.object(s, n.ref)
	if n.aspect == holds {
		p, v, ok = k.resolve(s, n.ref)
	}
	switch n.aspect {
	case isThere:
		if !ok || p == noPlace || a.ps.element(p) {
			return v.isNull() == n.val.isNull() || !v.known, true
		}
		t, known := a.truth(s, pointer(p))
		if known {
			return t != n.val.isNull(), true
		}
		if n.val.isNull() {
			if n.ref.root == paramRoot && n.ref.index < len(k.exprs) && k.exprs[n.ref.index] != nil {
				a.isNullNow(s, k.env, k.exprs[n.ref.index], p)
			}
			return true, true
		}
		if n.tested {
			a.mustBeThere(s, p, k.c.Pos())
		}
		s.set(p, isThere, number(1))
		return true, true
	case holds:
		if n.ref.root == paramRoot && n.ref.steps == "" {
			return k.fitsArgument(s, n)
		}
		if !ok || p == noPlace || a.ps.element(p) {
			return true, true
		}
		if i, is := a.variable(p); is {
			if s.vars[i].at > 0 {
				return !n.val.isNull(), true
			}
			return s.vars[i].meets(n.val), true
		}
		if h, there := s.at(p, holds); there {
			if h.at > 0 {
				return !n.val.isNull(), true
			}
			if h.meets(n.val) {
				s.learn(p, holds, h.and(n.val))
				return true, true
			}
			k.asksTooLate(s, p)
			return false, true
		}
		if _, there := s.at(p, isThere); there && n.val.isNull() {
			return false, true
		}
		if n.tested && (n.kind == model.StaleLiveness || n.kind == model.StaleData) && a.stale(s, p) {
			return false, true
		}
		if n.mild && a.isFresh(s, a.ps.list[p].top) {
			return false, true // nobody up the stack has looked
		}
		if a.entryRoot(p) && !a.stale(s, p) {
			s.want(need{
				fact: fact{place: p, aspect: holds, val: n.val}, tested: n.tested || a.testing, mild: n.mild, kind: n.kind,
				origin: k.origin(n),
			})
		}
		s.learn(p, holds, n.val)
		return true, true
	case isHeld:
		if !ok || p == noPlace || a.ps.element(p) {
			return true, true
		}
		h, known := a.held(s, p)
		if known {
			if !n.tested && n.val.known && n.val.n != 0 && !h.known {
				return false, true // a job of some kind is not taken for one of a special kind
			}
			if h.meets(n.val) {
				k.asksAgain(s, n, p)
				return true, true
			}
			return false, true
		}
		if n.kind == model.MonitorUnbalanced && a.outside(s, p) {
			return n.val.isNull(), true
		}
		if s.fact(p, isHeld) != nil {
			if n.tested && n.kind == model.AsyncNesting && !n.val.isNull() {
				s.set(p, said, number(1))
			}
			if !n.val.isNull() {
				a.usesLock(s, p)
			}
			return true, true // it was known once: nothing is assumed of it any more
		}
		if a.entryRoot(p) {
			s.want(need{
				fact: fact{place: p, aspect: isHeld, val: n.val}, tested: n.tested || a.testing, kind: n.kind,
				origin: k.origin(n),
			})
			k.handsUp(n, p)
		}
		s.set(p, isHeld, n.val)
		return true, true
	}
	return true, true
}

// fitsArgument is fits for a number that is passed.
func (k *calling) fitsArgument(s *state, n *refNeed) (fits, sure bool) {
	if n.ref.index >= len(k.args) {
		return true, true
	}
	v := k.args[n.ref.index]
	if _, ok := v.place(); ok {
		return true, true
	}
	x := k.exprs[n.ref.index]
	if id, ok := x.(*syntax.Ident); ok && v.n != someKind {
		v = k.a.eval(s, k.env, id)
	}
	if !v.meets(n.val) {
		return false, true
	}
	if w := v.and(n.val); x != nil && w != v && w.signs != 0 {
		w.from = v.from
		k.a.refine(s, k.env, x, w, n.tested || k.a.testing)
	}
	return true, true
}

// report tells of a need that is not met; nil where a better finding says the same.
func (k *calling) report(s *state, n *refNeed) *Finding {
	a := k.a
	p, _, _ := k.object(s, n.ref)
	var since *trail
	what := "what it is given"
	if p != noPlace {
		what = a.resource(p)
		since = why(s, p, n.aspect)
		if n.aspect == holds {
			if l := a.guardOf(p); l != noPlace {
				since = why(s, l, dropped)
			}
		}
	}
	kind := n.kind
	if kind == "" {
		kind = model.RequiresKind
	}
	after := " since the lock was dropped"
	if n.aspect == holds && since == nil {
		after = ""
	}
	if line := k.asksEarly(n); line > 0 {
		text := "what " + k.f.Name + " says is true as long as a job, and one is begun only in line " + strconv.Itoa(line)
		if f := a.reportNeed(s, model.StaleLiveness, k.c.Pos(), p, text, since, k.origin(n)); f != nil {
			f.Severity = Warning
		}
		return nil
	}
	switch {
	case kind == model.SelfDeadlock && a.f.entry && p != noPlace && a.onlyAssumed(s, p):
		a.jobTooLate(s, p, k.c.Pos())
		return nil
	case kind == model.BadUnlock && p != noPlace && a.wrongBefore(s, p, k.c.Pos()):
		return nil
	}
	if kind == model.BadUnlock && p != noPlace {
		a.goesOn(s, p, k.c.Pos())
	}
	f := a.reportNeed(s, kind, k.c.Pos(), p, k.f.Name+needText(n, what, after), since, k.origin(n))
	if f != nil {
		f.need, f.less = needText(n, what, after), n.val.isNull()
		k.takesOver(s, p, f)
	}
	switch {
	case f == nil:
	case kind == model.NoJob && k.otherwise(n):
		f.Severity = Warning // any job will do, and there is none: harm needs another thread in between
	case n.mild:
		f.Severity = min(f.Severity, Warning)
	case n.aspect == isHeld && p != noPlace && a.onlyAssumed(s, p):
		f.Severity = Warning // one of two rules is broken, and which of them is not known
	}
	return f
}

// onlyAssumed reports whether all that is known of a job is that an earlier call needs callers to
// have it, or not to have it. Code that says of one job both may mean one that is nobody's.
func (a *analysis) onlyAssumed(s *state, p place) bool {
	d := a.fieldOf(p)
	return d != nil && d.owner && a.onlyNeeded(s, p)
}

// onlyNeeded reports whether all that is known of a lock or job is what an earlier call needs.
func (a *analysis) onlyNeeded(s *state, p place) bool {
	f, n := s.fact(p, isHeld), s.need(p, isHeld)
	return f != nil && n != nil && n.tested && f.val == n.val && f.why == n.why
}

// tooLate reports a call that needs a lock which the function takes only afterwards. Nobody who
// calls it by its address has the lock.
func (a *analysis) tooLate(s *state, l place, pos model.Pos) {
	n := s.need(l, isHeld)
	if n.val.isNull() || n.origin == nil {
		return
	}
	a.reportNeed(s, model.MissingLock, n.origin.pos, l, a.resource(l)+" is needed here, and is taken only in line "+
		strconv.Itoa(pos.Line), n.why, n.origin.in)
}

// jobTooLate reports a call that needs a job which the function begins only afterwards. Nobody who
// calls it by its address has the job.
func (a *analysis) jobTooLate(s *state, p place, pos model.Pos) {
	n := s.need(p, isHeld)
	if n.val.isNull() || n.origin == nil {
		return
	}
	f := a.reportNeed(s, model.NoJob, n.origin.pos, p, a.resource(p)+" is needed here, and is begun only in line "+
		strconv.Itoa(pos.Line), n.why, n.origin.in)
	if f != nil {
		f.Severity = Warning // harm needs another thread in between
	}
}

// otherwise reports whether some way through the callee goes without a need.
func (k *calling) otherwise(n *refNeed) bool {
	for i := range k.sum.cases {
		asks := func(m refNeed) bool { return m.ref == n.ref && m.aspect == n.aspect && m.val.meets(n.val) }
		if !slices.ContainsFunc(k.sum.cases[i].needs, asks) {
			return true
		}
	}
	return false
}

// needText says what a function needs.
func needText(n *refNeed, what, since string) string {
	switch {
	case n.aspect == isThere:
		return " follows its argument, which is NULL here"
	case n.aspect == holds:
		return " needs to know that " + what + " holds, and nobody has looked" + since
	case n.kind == model.BadUnlock:
		return " unlocks " + what + ", which is not held here"
	case n.kind == model.SelfDeadlock:
		return " locks " + what + ", which this thread holds already"
	case n.kind == model.JobUnbalanced:
		return " ends the job " + what + ", which is not held here"
	case n.val.isNull():
		return " must not be called with " + what + " held"
	}
	return " needs " + what + ", which is not held here"
}

// repair makes a need true for the time of the call, so that one mistake is reported once. What it
// returns is as it was, and is so again afterwards.
func (k *calling) repair(s *state, n *refNeed) []fact {
	p, _, _ := k.object(s, n.ref)
	if p == noPlace {
		return nil
	}
	switch n.aspect {
	case isHeld:
		old, known := k.a.held(s, p)
		since := why(s, p, isHeld)
		s.set(p, isHeld, n.val)
		if known {
			return []fact{{place: p, aspect: isHeld, val: old, why: since}}
		}
	case holds, isThere:
		s.set(p, n.aspect, n.val)
	}
	return nil
}
