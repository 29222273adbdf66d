package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// narrow takes a condition to have come out as truth, and reports whether it can. Its calls have
// been made. Tested says that a rule asks for it.
func (a *analysis) narrow(s *state, env flow.Env, e syntax.Expr, truth, tested bool) bool {
	switch e := e.(type) {
	case *syntax.Unary:
		if e.Op == "!" {
			return a.narrow(s, env, e.X, !truth, tested)
		}
	case *syntax.Cast:
		return a.narrow(s, env, e.X, truth, tested)
	case *syntax.Assign:
		a.eval(s, env, e)
		return a.narrowTo(s, env, e.X, "!=", 0, truth, tested)
	case *syntax.Call:
		if id, ok := e.Fun.(*syntax.Ident); ok && len(e.Args) > 0 {
			if f := vocabulary.Lookup(id.Name); f != nil && f.Effect == vocabulary.Expect {
				return a.narrow(s, env, e.Args[0], truth, tested)
			}
		}
		if p := a.heldOf(e); p != nil {
			return a.narrowHeld(s, env, p, truth, tested)
		}
	case *syntax.Binary:
		op := e.Op
		if !slices.Contains([]string{"==", "!=", "<", "<=", ">", ">="}, op) {
			break
		}
		x := e.X
		if as, ok := x.(*syntax.Assign); ok {
			a.eval(s, env, as)
			x = as.X
		}
		v, w := a.eval(s, env, x), a.eval(s, env, e.Y)
		if p := a.heldOf(x); p != nil && (op == "==" || op == "!=") {
			if t, known := w.truth(); known {
				return a.narrowHeld(s, env, p, truth == (t == (op == "==")), tested)
			}
		}
		if t, known := a.compare(s, v, op, w); known {
			return t == truth
		}
		switch {
		case w.known:
			return a.narrowTo(s, env, x, op, w.n, truth, tested)
		case v.known:
			op = map[string]string{"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}[op]
			return a.narrowTo(s, env, e.Y, op, v.n, truth, tested)
		}
		if (op == "==") == truth && (op == "==" || op == "!=") && v.at == 0 && w.at == 0 {
			// The same number from here on.
			if v.from > 0 {
				a.refine(s, env, e.Y, v.and(w), tested)
			} else {
				a.refine(s, env, x, w.and(v), tested)
			}
		}
		return true
	case *syntax.Ident, *syntax.Temp, *syntax.Member, *syntax.Index:
	default:
		v := a.eval(s, env, e)
		if t, known := a.truth(s, v); known {
			return t == truth
		}
		return true
	}
	return a.narrowTo(s, env, e, "!=", 0, truth, tested)
}

// heldOf is the argument of held(&x) in a contract, nil for other expressions.
func (a *analysis) heldOf(e syntax.Expr) syntax.Expr {
	c, ok := e.(*syntax.Call)
	if !ok || len(c.Args) == 0 || !a.f.contract {
		return nil
	}
	id, ok := c.Fun.(*syntax.Ident)
	if !ok {
		return nil
	}
	if f := vocabulary.Lookup(id.Name); f == nil || f.Effect != vocabulary.Held {
		return nil
	}
	return c.Args[0]
}

// narrowHeld is narrow for held(&x).
func (a *analysis) narrowHeld(s *state, env flow.Env, e syntax.Expr, truth, tested bool) bool {
	p, ok := a.eval(s, env, e).place()
	if !ok {
		return true
	}
	v, known := a.held(s, p)
	if known {
		return v.isNull() != truth
	}
	want := number(0)
	if truth {
		want = value{signs: negative | positive}
		if d := a.fieldOf(p); d == nil || !d.owner {
			want = number(1)
		}
	}
	if a.entryRoot(p) {
		n := need{
			fact: fact{place: p, aspect: isHeld, val: want}, tested: tested,
			origin: &origin{pos: e.Pos(), fn: a.f.Name, text: syntax.FormatShort(e)},
		}
		s.want(n)
	}
	s.set(p, isHeld, want)
	return true
}

// narrowTo takes `x op n` to have come out as truth.
func (a *analysis) narrowTo(s *state, env flow.Env, x syntax.Expr, op string, n int64, truth, tested bool) bool {
	v := a.eval(s, env, x)
	if p, ok := v.place(); ok {
		if n != 0 || (op != "==" && op != "!=") {
			if op == "==" && truth || op != "==" && op != "!=" {
				v = unknown // a number after all
				if op != "==" && op != "!=" || truth {
					w, can := v.narrowed(op, n, truth)
					if can {
						a.refine(s, env, x, w, tested)
					}
					return can
				}
			}
			return true
		}
		if t, known := a.truth(s, v); known {
			return t == (truth == (op == "!=")) && (!t || a.isValid(s, p))
		}
		if truth == (op == "!=") {
			a.isThereNow(s, p, tested)
			return a.isValid(s, p)
		}
		a.isNullNow(s, env, x, p)
		return true
	}
	w, can := v.narrowed(op, n, truth)
	if !can {
		return false
	}
	a.refine(s, env, x, w, tested)
	return true
}

// isThereNow notes that a pointer is not NULL.
func (a *analysis) isThereNow(s *state, p place, tested bool) {
	s.set(p, isThere, number(1))
	if a.givenPointer(p) {
		s.want(need{fact: fact{place: p, aspect: isThere, val: number(1)}, origin: &origin{pos: a.pos, fn: a.f.Name}})
	}
}

// givenPointer reports whether a place is that to which a parameter leads, or a pointer to which it
// leads: whether it is NULL is for callers to say.
func (a *analysis) givenPointer(p place) bool {
	info := &a.ps.list[p]
	return info.root == paramRoot && (info.parent == noPlace ||
		info.step == "*" && a.ps.list[info.parent].parent == noPlace)
}

// isNullNow replaces a pointer that is NULL.
func (a *analysis) isNullNow(s *state, env flow.Env, x syntax.Expr, p place) {
	for i, v := range s.vars {
		if q, ok := v.place(); ok && q == p {
			s.setVar(i, number(0))
		}
	}
	info := &a.ps.list[p]
	s.drop(p, given)
	if a.givenPointer(p) {
		s.want(need{fact: fact{place: p, aspect: isThere, val: number(0)}, origin: &origin{pos: a.pos, fn: a.f.Name}})
	}
	if info.parent != noPlace {
		if f := a.fieldOf(p); f != nil && f.known || info.step == "*" {
			s.learn(p, holds, number(0))
		}
	}
	if c, ok := x.(*syntax.Call); ok {
		for i := range s.results {
			if s.results[i].call == c {
				s.results = slices.Clone(s.results)
				s.results[i].v = number(0)
			}
		}
	}
}

// refine notes what a condition has told of a number.
func (a *analysis) refine(s *state, env flow.Env, x syntax.Expr, v value, tested bool) {
	switch x := x.(type) {
	case *syntax.Ident:
		l := env.Find(x.Name)
		if l == nil || l.Index < 0 {
			if t, ok := a.w.types.globals[x.Name]; ok {
				s.set(a.global(x.Name, t), holds, v)
			}
			return
		}
		old := s.vars[l.Index]
		s.setVar(l.Index, v)
		a.refineParam(s, l.Index, old, v, tested)
	case *syntax.Temp:
		s.setVar(len(a.f.graph.Locals)+x.Index, v)
		if id, ok := x.X.(*syntax.Ident); ok {
			if l := env.Find(id.Name); l != nil && l.Index >= 0 {
				s.setVar(l.Index, s.vars[l.Index].and(v))
			}
		}
	case *syntax.Call:
		for i := range s.results {
			if s.results[i].call == x {
				s.results = slices.Clone(s.results)
				s.results[i].v = v
			}
		}
	case *syntax.Member, *syntax.Index, *syntax.Unary:
		p := a.placeOf(s, env, x)
		if p == noPlace || a.ps.element(p) {
			return
		}
		if i, ok := a.variable(p); ok {
			s.setVar(i, v)
			return
		}
		f := a.fieldOf(p)
		if f == nil || !f.known || !f.owner && !a.w.follows(a.ps.list[p].step) {
			return
		}
		if f.owner {
			a.refineOwner(s, p, v, x)
			return
		}
		if i := int(v.from) - 1; i >= 0 && (v.known || v.other) {
			// It is the number of a parameter: that is known now as well.
			if old := s.vars[i]; old.from == v.from && !old.known {
				s.setVar(i, old.and(v))
				a.refineParam(s, i, old, s.vars[i], tested)
			}
		}
		if v.plain() != unknown && s.fact(p, holds) == nil && a.entryRoot(p) && !a.stale(s, p) {
			s.want(need{
				fact: fact{place: p, aspect: holds, val: v.plain()}, tested: tested,
				origin: &origin{pos: x.Pos(), fn: a.f.Name, text: syntax.FormatShort(x)},
			})
		}
		s.learn(p, holds, v)
	}
}

// refineOwner notes what a condition has told of a job. That there is one, or none, says nothing of
// this thread; that it is of a certain kind does.
func (a *analysis) refineOwner(s *state, p place, v value, x syntax.Expr) {
	if _, known := a.held(s, p); known || !(v.known && v.n != 0 || v.other) || s.fact(p, isHeld) != nil {
		return
	}
	if a.entryRoot(p) {
		s.want(need{
			fact:   fact{place: p, aspect: isHeld, val: v.plain()},
			origin: &origin{pos: x.Pos(), fn: a.f.Name, text: syntax.FormatShort(x)},
		})
	}
	if v.known {
		s.set(p, isHeld, v.plain())
	}
}

// refineParam notes what a path asks of a number that the function is given.
func (a *analysis) refineParam(s *state, i int, old, v value, tested bool) {
	if i >= len(a.f.params) || old == v || a.changedParam(s, i) {
		return
	}
	p := a.ps.top(paramRoot, i, "", a.f.params[i].name)
	s.ownNeeds()
	if n := s.need(p, holds); n != nil {
		n.val = v.plain()
		return
	}
	s.want(need{
		fact: fact{place: p, aspect: holds, val: v.plain()}, tested: tested,
		origin: &origin{pos: a.pos, fn: a.f.Name},
	})
}

// changedParam reports whether a parameter has been assigned.
func (a *analysis) changedParam(s *state, i int) bool {
	_, was := s.at(a.ps.top(paramRoot, i, "", a.f.params[i].name), changed)
	return was
}

// stale reports whether what guards a place was dropped since it was looked at.
func (a *analysis) stale(s *state, p place) bool {
	l := a.guardOf(p)
	if l == noPlace {
		return false
	}
	_, was := s.at(l, dropped)
	return was && !a.ownsBeside(s, p)
}
