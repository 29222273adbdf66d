package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// assign stores a value.
func (a *analysis) assign(s *state, env flow.Env, lhs syntax.Expr, v value, at syntax.Node) {
	p := a.placeOf(s, env, lhs)
	if p == noPlace {
		if m, ok := lhs.(*syntax.Member); ok {
			a.forget(s, -1, m.Name)
		}
		return
	}
	if _, local := a.variable(p); !local {
		a.changes(s, p, at.Pos())
		a.changesUnlocked(s, p, at)
		a.mayTurn(s, p)
	}
	a.store(s, p, v, at)
}

// store puts a value into a place.
func (a *analysis) store(s *state, p place, v value, at any) {
	if p == noPlace {
		a.handsOn(s, v)
		a.escape(s, v, globalRoot)
		return
	}
	if i, ok := a.variable(p); ok {
		a.setVar(s, i, v, at)
		return
	}
	a.handsOn(s, v)
	a.altersOthers(s, p, a.pos)
	s.drop(p, left)
	if info := &a.ps.list[p]; !a.f.contract && info.parent != noPlace && info.step != "*" && !v.isNull() {
		s.drop(p, refs) // it leads to something else
	}
	a.forget(s, -1, a.ps.list[p].step)
	info := &a.ps.list[p]
	if a.ps.element(p) {
		a.escape(s, v, info.root)
		if q, ok := v.place(); ok && a.f.contract && info.root != localRoot {
			a.ref(s, q, -1) // one reference is the list's from here on
			s.set(q, isListed, number(1))
		}
		return
	}
	f := a.fieldOf(p)
	if _, leads := v.place(); leads && f != nil && f.known && info.root != localRoot && !a.w.types.counted(info.typ) {
		s.drop(p, holds) // which of several it is makes no difference
		return
	}
	switch {
	case f != nil && f.owner:
		a.own(s, p, v)
		return
	case f != nil && f.known && a.w.follows(info.step), v.at > 0, v.isNull(), info.root == localRoot,
		info.parent == noPlace, info.step == "*", v.known && a.w.flags[info.step]:
		s.set(p, holds, v)
		if v.isNull() {
			s.drop(p, isThere)
		}
	default:
		s.drop(p, holds)
	}
	a.escape(s, v, info.root)
}

// escape notes that something outlives the function that leads to an object.
func (a *analysis) escape(s *state, v value, to root) {
	if p, ok := v.place(); ok && to != localRoot {
		top := a.ps.list[p].top
		if r := a.ps.list[p].root; (r == siteRoot || r == paramRoot) &&
			(a.w.types.counted(a.ps.list[top].typ) || a.holdsMore(s, top)) {
			s.set(top, escaped, number(1))
		}
	}
}

// setVar gives a local a new value.
func (a *analysis) setVar(s *state, i int, v value, at any) {
	if i < len(a.f.graph.Locals) {
		a.forget(s, i, "")
		l := a.f.graph.Locals[i]
		s.drop(a.local(l), old)
		if i < len(a.f.params) {
			s.set(a.ps.top(paramRoot, i, "", a.f.params[i].name), changed, number(1))
		}
		t := typeOf(l.Type)
		p, isPointer := v.place()
		switch {
		case isPointer && a.w.types.isNumber(t):
			v = unknown
		case isPointer:
			info := &a.ps.list[p]
			if a.ps.element(p) || a.ps.repeats(p) || info.depth >= maxDepth-1 {
				// Some element, or the next of a list: an object of its own for each round.
				if n, ok := a.f.sites[at]; ok {
					from := v
					p = a.begin(s, n, t.name, a.pos)
					if a.f.contract {
						s.set(p, fresh, number(1))
						s.set(p, isListed, number(1))
					}
					info = &a.ps.list[p]
					v = pointer(p)
					a.derive(s, v, []value{from})
				}
			}
			if info.typ == "" && t.stars > 0 {
				info.typ = t.name
			}
			if info.root == siteRoot && info.name == "" && info.parent == noPlace {
				info.name = l.Name
			}
		}
	}
	s.setVar(i, v)
}

// begin makes the object of a site, which may have been there in an earlier round.
func (a *analysis) begin(s *state, site int, typ string, pos model.Pos) place {
	p := a.ps.top(siteRoot, site, "", typ)
	a.overwritten(s, p, pos)
	s.filter(func(f *fact) bool { return a.ps.list[f.place].top != p })
	for i, v := range s.vars {
		if q, ok := v.place(); ok && a.ps.list[q].top == p {
			s.setVar(i, unknown)
		}
	}
	return p
}

// forget drops the choices that depend on a local, or on a field of a name.
func (a *analysis) forget(s *state, local int, name string) {
	s.keepChoices(func(c choice) bool {
		cond := &a.f.conds[c.cond]
		return !slices.Contains(cond.locals, local) && (name == "" || !slices.Contains(cond.fields, name))
	})
}

// forgetShared drops the choices that read what other threads may change.
func (a *analysis) forgetShared(s *state) {
	s.keepChoices(func(c choice) bool { return len(a.f.conds[c.cond].fields) == 0 })
}
