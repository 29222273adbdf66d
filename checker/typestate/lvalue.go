package typestate

import (
	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
)

// name is the value of a variable or constant.
func (a *analysis) name(s *state, env flow.Env, e *syntax.Ident) value {
	if l := env.Find(e.Name); l != nil && l.Index >= 0 {
		t := typeOf(l.Type)
		v := s.vars[l.Index]
		switch {
		case v.isNull():
		case t.stars == 1 && a.w.types.single[t.name]:
			return pointer(a.single(t.name))
		case t.stars == 0 && a.w.types.structs[t.name] != nil && v.at == 0:
			return pointer(a.local(l)) // a struct
		}
		if _, array := l.Type.(*syntax.Array); array && v.at == 0 {
			return pointer(a.local(l))
		}
		return v
	}
	switch e.Name {
	case "NULL", "false", "FALSE", "VIR_TRISTATE_BOOL_ABSENT":
		return number(0)
	case "true", "TRUE":
		return number(1)
	}
	if n, ok := a.w.types.constants[e.Name]; ok {
		return number(n)
	}
	if t, ok := a.w.types.globals[e.Name]; ok {
		p := a.global(e.Name, t)
		if t.stars == 0 && t.basic {
			v, _ := s.at(p, holds)
			return v
		}
		return a.load(s, p)
	}
	if n, ok := a.w.types.symbols[e.Name]; ok {
		return number(n)
	}
	return unknown
}

// single is the place of the one object of a type.
func (a *analysis) single(typ string) place { return a.ps.top(globalRoot, 0, typ, typ) }

func (a *analysis) global(name string, t ctype) place {
	if a.w.types.single[t.name] && t.stars <= 1 {
		return a.single(t.name)
	}
	p := a.ps.top(globalRoot, 0, name, t.name)
	a.ps.list[p].number = t.basic && t.stars == 0
	return p
}

func (a *analysis) local(l *flow.Local) place {
	p := a.ps.top(localRoot, l.Index, "", "")
	if info := &a.ps.list[p]; info.name == "" {
		t := typeOf(l.Type)
		info.name, info.typ = l.Name, t.name
		info.number = a.w.types.isNumber(t)
	}
	return p
}

// variable is the local in which a place lies as a whole.
func (a *analysis) variable(p place) (int, bool) {
	if p == noPlace {
		return 0, false
	}
	info := &a.ps.list[p]
	return info.index, info.root == localRoot && info.parent == noPlace
}

// target is the place to which `*` leads from a pointer to p: p itself, but for what a parameter
// points to.
func (a *analysis) target(s *state, p place) place {
	info := &a.ps.list[p]
	if info.root == paramRoot && info.parent == noPlace && info.index < len(a.f.params) {
		if t := a.f.params[info.index]; t.stars > 1 || t.basic && t.stars == 1 {
			c := a.ps.child(a.w.types, p, "*")
			a.ps.list[c].number = t.basic && t.stars == 1
			return c
		}
	}
	return p
}

// load is what a place holds.
func (a *analysis) load(s *state, p place) value {
	if p == noPlace {
		return unknown
	}
	if i, ok := a.variable(p); ok {
		if v := s.vars[i]; v.at > 0 || v.known || a.ps.list[p].number {
			return v
		}
		return pointer(p)
	}
	info := &a.ps.list[p]
	if v, ok := s.at(p, holds); ok {
		return v
	}
	if info.typ != "" && a.w.types.single[info.typ] && !info.number {
		return pointer(a.single(info.typ))
	}
	if f := a.fieldOf(p); f != nil && f.owner {
		if v, ok := s.at(p, isHeld); ok && !v.isNull() {
			return v
		}
		return unknown
	}
	if info.number {
		return unknown
	}
	return pointer(p)
}

// fieldOf is the declaration of the field in which a place lies, or nil.
func (a *analysis) fieldOf(p place) *field {
	if p == noPlace {
		return nil
	}
	info := &a.ps.list[p]
	if info.parent == noPlace {
		return nil
	}
	typ := a.ps.list[info.parent].typ
	if info.fieldOf != typ {
		info.field, info.fieldOf = a.w.types.field(typ, info.step), typ
	}
	return info.field
}

// memberPlace is the place of X.name or X->name.
func (a *analysis) memberPlace(s *state, env flow.Env, e *syntax.Member) place {
	if !e.Arrow {
		base := a.placeOf(s, env, e.X)
		return a.touched(s, a.ps.child(a.w.types, base, e.Name), e.NamePos)
	}
	v := a.eval(s, env, e.X)
	p, ok := v.place()
	if !ok {
		a.follow(s, v, e.X, env)
		return noPlace
	}
	p = a.target(s, p)
	if i, ok := a.variable(p); ok && s.vars[i].at > 0 {
		p = s.vars[i].at - 1
	}
	a.isOld(s, env, e.X, p)
	a.reach(s, p, e.Pos())
	a.mustBeValid(s, p, e.Pos())
	return a.touched(s, a.ps.child(a.w.types, p, e.Name), e.NamePos)
}

// placeOf is the place of an expression that has one.
func (a *analysis) placeOf(s *state, env flow.Env, e syntax.Expr) place {
	switch e := e.(type) {
	case *syntax.Ident:
		if l := env.Find(e.Name); l != nil && l.Index >= 0 {
			return a.local(l)
		}
		if t, ok := a.w.types.globals[e.Name]; ok {
			return a.global(e.Name, t)
		}
		return a.ps.top(globalRoot, 0, e.Name, "")
	case *syntax.Member:
		return a.memberPlace(s, env, e)
	case *syntax.Index:
		if p, ok := a.eval(s, env, e.X).place(); ok {
			return a.ps.child(a.w.types, a.target(s, p), "[]")
		}
		return noPlace
	case *syntax.Unary:
		if e.Op == "*" {
			v := a.eval(s, env, e.X)
			if p, ok := v.place(); ok {
				return a.target(s, p)
			}
			a.follow(s, v, e.X, env)
		}
		return noPlace
	case *syntax.Cast:
		return a.placeOf(s, env, e.X)
	case *syntax.Temp, *syntax.Call:
		if p, ok := a.eval(s, env, e).place(); ok {
			return p
		}
	}
	return noPlace
}
