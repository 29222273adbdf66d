package typestate

import (
	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// derive notes that an object was found by way of what a lock guards.
func (a *analysis) derive(s *state, v value, from []value) {
	p, ok := v.place()
	if !ok || a.f.contract || a.ps.list[p].root != siteRoot || a.w.types.counted(a.ps.list[p].typ) {
		return
	}
	for _, w := range from {
		q, ok := w.place()
		if !ok || a.w.types.structs[a.ps.list[q].typ] == nil {
			continue // what is found by a string is no part of that
		}
		l := a.guardOf(q)
		if u, there := s.at(a.ps.list[q].top, under); l == noPlace && there {
			l = u.at - 1
		}
		if l != noPlace {
			s.set(a.ps.list[p].top, under, pointer(l))
			return
		}
	}
}

// isOld looks at a pointer that is used.
func (a *analysis) isOld(s *state, env flow.Env, e syntax.Expr, p place) {
	at, name := noPlace, ""
	if p != noPlace {
		if _, aged := s.at(a.ps.list[p].top, old); aged {
			at = a.ps.list[p].top
		}
	}
	if id, ok := e.(*syntax.Ident); ok {
		name = id.Name
		if l := env.Find(id.Name); l != nil && l.Index >= 0 && at == noPlace {
			if v := a.local(l); s.fact(v, old) != nil {
				at = v
			}
		}
	}
	if at == noPlace {
		return
	}
	if name == "" {
		name = a.ps.text(a.f, at)
	}
	text := name + " was found before the lock was dropped, and is used afterwards"
	a.report(s, model.StaleData, e.Pos(), at, text, why(s, at, old))
	s.drop(at, old)
	s.drop(at, under)
}

// ownsBeside reports whether this thread has, or may have had from the start, a job whose owner
// field stands beside a place: what is said of a job is its owner's.
func (a *analysis) ownsBeside(s *state, p place) bool {
	parent := a.ps.list[p].parent
	if parent == noPlace {
		return false
	}
	for _, name := range a.w.types.ownersOf[a.ps.list[parent].typ] {
		if name == a.ps.list[p].step {
			continue
		}
		v, known := a.held(s, a.ps.child(a.w.types, parent, name))
		if !known || !v.isNull() {
			return true
		}
	}
	return false
}

// guardOf is the lock that guards a place, noPlace when none does.
func (a *analysis) guardOf(p place) place {
	f := a.fieldOf(p)
	for f == nil || f.guard == "" {
		// What lies in something guarded is guarded as well.
		if p = a.ps.list[p].parent; p == noPlace || a.ps.list[p].parent == noPlace {
			return noPlace
		}
		f = a.fieldOf(p)
	}
	q := a.ps.list[p].parent
	if f.guardOf != "" {
		for q != noPlace && a.ps.list[q].typ != f.guardOf {
			q = a.ps.list[q].parent
		}
	}
	if q == noPlace {
		return noPlace
	}
	return a.ps.child(a.w.types, q, f.guard)
}

// ofMonitor reports whether a lock is that of the object to which a monitor leads that the function
// is given, and not that object: who is given a monitor runs between entering and leaving it.
func (a *analysis) ofMonitor(l place) bool {
	top := a.ps.list[l].top
	if a.ps.list[top].root != paramRoot || a.ps.list[l].parent == top {
		return false
	}
	guarded := a.ps.list[a.ps.list[l].parent].typ
	for _, t := range a.f.params {
		if t.name == guarded {
			return false
		}
	}
	d := a.w.types.field(a.ps.list[top].typ, a.w.types.lockField(a.ps.list[top].typ))
	return d != nil && d.class == "monitor"
}

// touched looks at a guarded field that is read or written, and returns its place.
func (a *analysis) touched(s *state, p place, pos model.Pos) place {
	if p == noPlace || a.f.contract {
		return p
	}
	l := a.guardOf(p)
	if l == noPlace {
		return p
	}
	f := s.fact(l, isHeld)
	if f == nil && a.ofMonitor(l) {
		a.report(s, model.DefInMonitor, pos, p, a.ps.text(a.f, p)+" is touched by code of the monitor, which runs without "+
			a.resource(l), nil)
		s.set(l, isHeld, unknown) // once is enough
		return p
	}
	if f == nil || !f.val.isNull() {
		return p
	}
	in := a.inside(s, "monitor", "agent")
	switch {
	case in != noPlace && a.fieldOf(in).class == "agent" && a.onlyAgentJob(s, a.ps.list[l].top):
		f := a.reportNeed(s, model.NoJob, pos, p, a.ps.text(a.f, p)+
			" is touched while the agent is entered, and this thread has no job that keeps it as it is", f.why, nil)
		if f != nil {
			f.Severity = Warning // it takes another thread that changes it meanwhile
		}
	case in != noPlace:
		a.report(s, model.DefInMonitor, pos, p, a.ps.text(a.f, p)+
			" is touched while the monitor is entered, so without the lock that guards it", f.why)
	default:
		a.report(s, model.MissingLock, pos, p, a.ps.text(a.f, p)+" is touched without "+a.resource(l), f.why)
	}
	return p
}

// onlyAgentJob reports whether this thread is known to have the agent's job of an object and no
// other one: those who change the object do not wait for it.
func (a *analysis) onlyAgentJob(s *state, top place) bool {
	agent := false
	for i := range s.facts {
		f := &s.facts[i]
		if d := a.fieldOf(f.place); f.aspect == isHeld && a.ps.list[f.place].top == top && d != nil && d.owner {
			if !f.val.isNull() && d.class != "agent_job" {
				return false
			}
			agent = agent || !f.val.isNull()
		}
	}
	return agent && a.isFresh(s, top)
}
