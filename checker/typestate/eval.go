package typestate

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// An analysis is the work on one function.
type analysis struct {
	w        *world
	f        *function
	ps       *places
	exits    []exit
	reports  map[reportKey]*Finding
	states   int
	pos      model.Pos // of what is evaluated
	acquires []acquisition
	given    []value      // the numbers that it is called with, where they are known
	cut      bool         // not all paths were followed: what it does for callers is not known
	early    []start      // what it changes without a lock that its callers may have
	alone    *syntax.Call // the call that is a statement of its own
	testing  bool         // the calls at hand are made for a check or requires
	// the calls at hand are those of a condition
	branching bool
	demands   map[demand]*tally
	callbacks []callback
}

// eval is the value of an expression whose calls have been made, with its other effects carried
// out.
func (a *analysis) eval(s *state, env flow.Env, e syntax.Expr) value {
	switch e := e.(type) {
	case *syntax.IntLit:
		return number(e.Value)
	case *syntax.CharLit:
		return number(e.Value)
	case *syntax.StringLit:
		return value{signs: positive}
	case *syntax.Temp:
		return s.vars[len(a.f.graph.Locals)+e.Index]
	case *syntax.Ident:
		return a.name(s, env, e)
	case *syntax.Call:
		v, _ := s.resultOf(e)
		return v
	case *syntax.Cast:
		v := a.eval(s, env, e.X)
		if p, ok := v.place(); ok {
			if t := typeOf(e.Type); t.stars > 0 && a.ps.list[p].typ == "" {
				a.ps.list[p].typ = t.name
			}
		}
		return v
	case *syntax.Assign:
		v := a.eval(s, env, e.Y)
		switch e.Op {
		case "=":
		case "|=", "&=":
			v = a.arithmetic(e.Op[:1], a.eval(s, env, e.X), v)
		default:
			v = unknown
		}
		a.assign(s, env, e.X, v, e)
		return v
	case *syntax.Postfix:
		old := a.eval(s, env, e.X)
		a.assign(s, env, e.X, stepped(old), e)
		return old
	case *syntax.Unary:
		return a.unary(s, env, e)
	case *syntax.Binary:
		return a.binary(s, env, e)
	case *syntax.Member:
		return a.load(s, a.memberPlace(s, env, e))
	case *syntax.Index:
		a.eval(s, env, e.I)
		return a.load(s, a.placeOf(s, env, e))
	case *syntax.Comma:
		v := unknown
		for _, x := range e.List {
			v = a.eval(s, env, x)
		}
		return v
	}
	return unknown
}

// stepped is a number after ++ or --: a counter is not followed.
func stepped(old value) value {
	if old.signs&negative == 0 && old.at == 0 {
		return value{signs: zero | positive}
	}
	return unknown
}

func (a *analysis) unary(s *state, env flow.Env, e *syntax.Unary) value {
	switch e.Op {
	case "&":
		if p := a.placeOf(s, env, e.X); p != noPlace {
			return pointer(p)
		}
		return value{signs: positive}
	case "*":
		v := a.eval(s, env, e.X)
		if p, ok := v.place(); ok {
			return a.load(s, a.target(s, p))
		}
		a.follow(s, v, e.X, env)
		return unknown
	case "++", "--":
		v := stepped(a.eval(s, env, e.X))
		a.assign(s, env, e.X, v, e)
		return v
	case "!":
		if t, ok := a.truth(s, a.eval(s, env, e.X)); ok {
			return number(int64(boolBit(!t)))
		}
		return value{signs: zero | positive}
	case "-":
		v := a.eval(s, env, e.X)
		if v.known {
			return number(-v.n)
		}
		return unknown
	case "~":
		if v := a.eval(s, env, e.X); v.known && v.n < symbolBase {
			return number(^v.n)
		}
		return unknown
	}
	a.eval(s, env, e.X)
	return unknown
}

// truth is whether a value is not zero, as far as the state knows.
func (a *analysis) truth(s *state, v value) (truth, known bool) {
	if p, ok := v.place(); ok {
		if _, there := s.at(p, isThere); there || a.ps.list[p].root == localRoot || a.holdsBelow(s, p) {
			return true, true
		}
		return false, false
	}
	return v.truth()
}

// holdsBelow reports whether this thread holds something of an object, which is there then.
func (a *analysis) holdsBelow(s *state, p place) bool {
	for i := range s.facts {
		f := &s.facts[i]
		if f.aspect == isHeld && f.place != p && !f.val.isNull() && f.val.signs&zero == 0 && a.below(f.place, p) {
			return true
		}
	}
	return false
}

func (a *analysis) binary(s *state, env flow.Env, e *syntax.Binary) value {
	x, y := a.eval(s, env, e.X), a.eval(s, env, e.Y)
	switch e.Op {
	case "==", "!=", "<", "<=", ">", ">=":
		if t, known := a.compare(s, x, e.Op, y); known {
			return number(int64(boolBit(t)))
		}
		return value{signs: zero | positive}
	}
	return a.arithmetic(e.Op, x, y)
}

// arithmetic is the value of `x op y`, which is followed as far as flags go.
func (a *analysis) arithmetic(op string, x, y value) value {
	both := x.known && y.known && x.n < symbolBase && y.n < symbolBase
	switch op {
	case "+", "-":
		if x.at > 0 {
			return x
		}
		if both && op == "+" {
			return number(x.n + y.n)
		}
		if both {
			return number(x.n - y.n)
		}
	case "|":
		switch {
		case x.isNull():
			return y.plain()
		case y.isNull():
			return x.plain()
		case both:
			return number(x.n | y.n)
		}
	case "&":
		switch {
		case x.isNull(), y.isNull():
			return number(0)
		case both:
			return number(x.n & y.n)
		}
		return value{signs: zero | positive}
	}
	return unknown
}

func (a *analysis) compare(s *state, x value, op string, y value) (truth, known bool) {
	if x.known && !y.known {
		x, y = y, x
		op = map[string]string{"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}[op]
	}
	if x.from > 0 && x.from == y.from && !x.known {
		return op == "==" || op == "<=" || op == ">=", true
	}
	if p, ok := x.place(); ok {
		if q, same := y.place(); same && p == q {
			return op == "==" || op == "<=" || op == ">=", true
		}
		if t, known := a.truth(s, x); known && t && y.isNull() && (op == "==" || op == "!=") {
			return op == "!=", true
		}
		return false, false
	}
	if !y.known {
		return false, false
	}
	_, yes := x.narrowed(op, y.n, true)
	_, no := x.narrowed(op, y.n, false)
	return yes, yes != no
}

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
	s.drop(p, left)
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
		info.parent == noPlace, info.step == "*":
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

// follow looks at a pointer that is followed and leads to no place.
func (a *analysis) follow(s *state, v value, e syntax.Expr, env flow.Env) {
	if v.isNull() {
		name := syntax.FormatShort(e)
		a.report(s, model.NullVM, e.Pos(), noPlace, name+" is NULL here and is followed", nil)
		if id, ok := e.(*syntax.Ident); ok {
			if l := env.Find(id.Name); l != nil && l.Index >= 0 {
				s.setVar(l.Index, unknown)
			}
		}
	}
}

// reach looks at an object that is touched.
func (a *analysis) reach(s *state, p place, pos model.Pos) {
	info := &a.ps.list[p]
	if info.root == localRoot && info.parent == noPlace {
		return
	}
	a.isLeft(s, p, pos)
	top := info.top
	if v, ok := s.at(top, isFreed); ok && v == number(2) {
		a.report(s, model.UseAfterRelease, pos, top, a.ps.text(a.f, top)+" is touched after its last reference may have gone",
			s.fact(top, isFreed).why)
		a.revive(s, top)
	}
	if info.root == paramRoot && info.parent == noPlace && (a.f.contract || a.w.types.counted(info.typ)) {
		a.mustBeThere(s, p, pos)
	}
}

// mustBeThere notes that a pointer is followed: callers may not give NULL.
func (a *analysis) mustBeThere(s *state, p place, pos model.Pos) {
	if _, ok := s.at(p, isThere); ok {
		return
	}
	s.set(p, isThere, number(1))
	if a.entryRoot(p) {
		s.want(need{
			fact: fact{place: p, aspect: isThere, val: number(1)}, tested: true, kind: model.NullVM,
			origin: &origin{pos: pos, fn: a.f.Name, text: "follows " + a.ps.text(a.f, p)},
		})
	}
}

// entryRoot reports whether callers know a place too.
func (a *analysis) entryRoot(p place) bool {
	r := a.ps.list[p].root
	return r == paramRoot || r == globalRoot
}

// name of a lock or job for people.
func (a *analysis) resource(p place) string {
	t := a.ps.text(a.f, p)
	if t, ok := strings.CutSuffix(t, "->lock"); ok {
		return "the lock of " + t
	}
	return t
}
