package slice

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// call translates a call, by what its name means: a helper or a macro of the protocol, a primitive,
// a function of the tree, or nothing that is known.
func (f *function) call(x *syntax.Call) value {
	id, ok := x.Fun.(*syntax.Ident)
	if !ok {
		return f.pastPointer(x)
	}
	if def := f.types.functions[id.Name]; def != nil {
		if slices.Contains(f.req.Own, id.Name) {
			if own := f.slicer.find(id.Name); own != nil {
				f.calls = append(f.calls, f.slicer.function(own, true))
			}
		}
		return f.helper(x, id, def)
	}
	if v, ok := f.macro(x); ok {
		return v
	}
	if p := vocabulary.Lookup(id.Name); p != nil {
		switch {
		case ofMemory(p.Effect):
			return f.memory(x, id, p)
		case p.Effect == vocabulary.AllocateInto && len(x.Args) == 1:
			return f.allocated(x, id)
		case !matters(p.Effect):
			return f.passed(x)
		}
		return f.primitive(x, id, p)
	}
	if def := f.req.Tree.Find(f.def.File, id.Name); def != nil {
		return f.inner(x, def)
	}
	return f.passed(x)
}

// passed is a call about which nothing is known: its arguments are evaluated.
func (f *function) passed(x *syntax.Call) value {
	var list []syntax.Expr
	for _, a := range x.Args {
		list = append(list, f.effect(a))
	}
	return value{x: then(x.At, list...)}
}

// pastPointer is a call through a pointer, kept where that is one of the protocol's.
func (f *function) pastPointer(x *syntax.Call) value {
	v := f.value(x.Fun)
	if p, ok := f.types.plain(v.typ).(*syntax.Pointer); ok && v.known {
		if typ, ok := f.types.plain(p.Elem).(*syntax.Func); ok && len(typ.Params) == len(x.Args) {
			return f.given(x, v.x, typ)
		}
	}
	for _, a := range x.Args {
		if v := f.value(a); v.known && v.typ != nil && f.types.isObject(v.typ) {
			f.leave(x.Pos(), "the call through %s, which is given %s", syntax.FormatShort(x.Fun), syntax.FormatShort(a))
			break
		}
	}
	return f.passed(x)
}

// helper is a call of a function of the protocol.
func (f *function) helper(x *syntax.Call, id *syntax.Ident, def *syntax.FuncDef) value {
	params := def.Type.Params
	if len(params) != len(x.Args) {
		f.fail(x.Pos(), "%s is given %d arguments here, and has %d parameters in the protocol", id.Name,
			len(x.Args), len(params))
		return f.passed(x)
	}
	return f.given(x, id, def.Type)
}

// given is a call of what the protocol has, with the arguments of the type.
func (f *function) given(x *syntax.Call, fun syntax.Expr, typ *syntax.Func) value {
	f.touches = true
	c := &syntax.Call{At: x.At, Fun: fun, Lparen: x.Lparen, Rparen: x.Rparen}
	for i, a := range x.Args {
		c.Args = append(c.Args, f.argument(typ.Params[i].Type, a))
	}
	return f.resultOf(c, typ.Result)
}

// argument is what a helper is given. Where the protocol has an object in the place of what names
// it, a UUID, the pointer is converted as the helper has it.
func (f *function) argument(typ syntax.Type, e syntax.Expr) syntax.Expr {
	if x := f.callback(typ, e); x != nil {
		return x
	}
	x := f.as(typ, e)
	if f.types.pointsTo(typ) == nil && f.types.isPointer(typ) {
		if v := f.value(e); v.typ != nil && f.types.pointsTo(v.typ) != nil {
			return &syntax.Cast{At: syntax.At{Start: e.Pos()}, Type: typ, X: x}
		}
	}
	return x
}

// callback is a function that a helper is given, nil where that is not known.
func (f *function) callback(typ syntax.Type, e syntax.Expr) syntax.Expr {
	p, ok := f.types.plain(typ).(*syntax.Pointer)
	if !ok {
		return nil
	}
	like, ok := f.types.plain(p.Elem).(*syntax.Func)
	if !ok {
		return nil
	}
	if u, ok := e.(*syntax.Unary); ok && u.Op == "&" {
		e = u.X
	}
	id, ok := e.(*syntax.Ident)
	if !ok || f.find(id.Name) != nil {
		return nil
	}
	if f.types.functions[id.Name] != nil {
		return id
	}
	def := f.req.Tree.Find(f.def.File, id.Name)
	if def == nil {
		return nil
	}
	g := f.slicer.callback(def, like)
	f.wrong.Append(g.wrong)
	f.calls = append(f.calls, g)
	return &syntax.Ident{At: id.At, Name: g.name}
}

// resultOf is a call with what it gives.
func (f *function) resultOf(c *syntax.Call, typ syntax.Type) value {
	switch {
	case isVoid(typ):
		return value{x: c}
	case f.types.isObject(typ):
		return known(c, typ)
	case f.types.isNumber(typ):
		return known(c, nil)
	}
	return value{x: c}
}

// macro is a call of a macro of the protocol.
func (f *function) macro(x *syntax.Call) (value, bool) {
	if f.req.Expand == nil {
		return nothing, false
	}
	c := &syntax.Call{At: x.At, Fun: x.Fun, Lparen: x.Lparen, Rparen: x.Rparen}
	for _, a := range x.Args {
		if v := f.value(a); v.known {
			c.Args = append(c.Args, v.x)
		} else {
			c.Args = append(c.Args, number(syntax.At{Start: a.Pos()}, 0))
		}
	}
	e := f.req.Expand(c)
	if e == nil {
		return nothing, false
	}
	f.touches = true
	return known(e, nil), true
}

// matters reports whether a primitive is one of the protocol: what makes threads wait for one
// another, counts references, or lists objects.
func matters(e vocabulary.Effect) bool {
	switch e {
	case vocabulary.Lock, vocabulary.TryLock, vocabulary.Unlock, vocabulary.Wait, vocabulary.Signal,
		vocabulary.Broadcast, vocabulary.Ref,
		vocabulary.Unref, vocabulary.Find, vocabulary.Remove, vocabulary.LockGuard, vocabulary.LockObjectGuard,
		vocabulary.UnlockGuard,
		vocabulary.LockObject, vocabulary.UnlockObject, vocabulary.TimedLock, vocabulary.ReadLock, vocabulary.TryReadLock,
		vocabulary.WriteLock, vocabulary.TryWriteLock, vocabulary.UnlockEither, vocabulary.ReadUnlock, vocabulary.WriteUnlock,
		vocabulary.TimedReadLock, vocabulary.TimedWriteLock, vocabulary.Self, vocabulary.Access:
		return true
	}
	return false
}

// ofMemory reports whether a primitive gives an object back or takes a pointer away. It counts
// where it acts on what the protocol has.
func ofMemory(e vocabulary.Effect) bool {
	switch e {
	case vocabulary.Free, vocabulary.FreeAndClear, vocabulary.Steal, vocabulary.Clear, vocabulary.StealInto:
		return true
	}
	return false
}

// memory is a call of such a primitive.
func (f *function) memory(x *syntax.Call, id *syntax.Ident, p *vocabulary.Function) value {
	if len(x.Args) != len(p.Params) || len(x.Args) == 0 {
		return f.passed(x)
	}
	v := f.value(x.Args[0])
	if !v.known || v.typ == nil {
		return f.passed(x)
	}
	if p.Effect == vocabulary.Clear || p.Effect == vocabulary.StealInto {
		f.leave(x.Pos(), "%s", syntax.FormatShort(x))
		return f.passed(x)
	}
	c := &syntax.Call{At: x.At, Fun: id, Args: []syntax.Expr{v.x}, Lparen: x.Lparen, Rparen: x.Rparen}
	if p.Effect != vocabulary.Steal {
		f.touches = true
		return value{x: c}
	}
	typ := v.typ
	if to, ok := f.types.plain(typ).(*syntax.Pointer); ok && p.Params[0] == vocabulary.PlaceAddress {
		typ = to.Elem
	}
	return known(c, typ)
}

// allocated is VIR_ALLOC, which is kept where it makes an object of the protocol.
func (f *function) allocated(x *syntax.Call, id *syntax.Ident) value {
	v := f.value(x.Args[0])
	if !v.known || f.types.pointsTo(v.typ) == nil {
		return f.passed(x)
	}
	f.touches = true
	return known(&syntax.Call{At: x.At, Fun: id, Args: []syntax.Expr{v.x}, Lparen: x.Lparen, Rparen: x.Rparen}, nil)
}

// primitive is a call of one. It is left out where it acts on something that the protocol does not
// have.
func (f *function) primitive(x *syntax.Call, id *syntax.Ident, p *vocabulary.Function) value {
	if len(x.Args) < len(p.Params) {
		return f.passed(x)
	}
	c := &syntax.Call{At: x.At, Fun: id, Lparen: x.Lparen, Rparen: x.Rparen}
	var typ syntax.Type
	for i, param := range p.Params {
		v := f.value(x.Args[i])
		switch param {
		case vocabulary.Mutex, vocabulary.Cond, vocabulary.Object, vocabulary.ObjectOrNull, vocabulary.RWLock,
			vocabulary.PlaceAddress:
			if v.known && v.typ != nil && !f.has(p.Effect, v.typ) &&
				(p.Effect == vocabulary.Ref || p.Effect == vocabulary.Unref) {
				return f.uncounted(x, p, v)
			}
			if !v.known || !f.has(p.Effect, v.typ) {
				f.leave(x.Pos(), "%s: the protocol does not have %s", syntax.FormatShort(x), syntax.FormatShort(x.Args[i]))
				return value{x: pruned(v.x)}
			}
			if i == 0 {
				typ = v.typ
			}
		default:
			if !v.known {
				v.x = after(x.At, v.x, number(syntax.At{Start: x.Args[i].Pos()}, 0))
			}
		}
		c.Args = append(c.Args, v.x)
	}
	f.touches = true
	switch p.Result {
	case vocabulary.NoResult:
		return value{x: c}
	case vocabulary.SameObject, vocabulary.First:
		return known(c, typ)
	}
	return known(c, nil)
}

// uncounted is a reference to an object whose references the protocol does not count: it never
// goes.
func (f *function) uncounted(x *syntax.Call, p *vocabulary.Function, v value) value {
	f.leave(x.Pos(), "%s: the protocol counts no references of %s, so it never goes", syntax.FormatShort(x),
		syntax.FormatShort(x.Args[0]))
	if p.Result == vocabulary.SameObject {
		return v
	}
	return known(after(x.At, v.x, number(x.At, 1)), nil)
}

// has reports whether the protocol gives an object what an effect needs.
func (f *function) has(e vocabulary.Effect, typ syntax.Type) bool {
	if typ == nil {
		return true // NULL
	}
	s := f.types.pointsTo(typ)
	switch e {
	case vocabulary.Ref, vocabulary.Unref:
		return s != nil && withAttr(s, "refcount")
	case vocabulary.Find, vocabulary.Remove:
		return s != nil && withAttr(s, "listed")
	case vocabulary.LockObject, vocabulary.UnlockObject, vocabulary.LockObjectGuard:
		return s != nil && f.types.hasLock(s)
	}
	return true
}

func withAttr(s *syntax.StructType, name string) bool {
	return slices.ContainsFunc(s.Fields, func(d *syntax.Field) bool { return syntax.FindAttr(d.Attrs, name) != nil })
}

// inner is a call of another function of the tree, which counts where it touches the protocol.
func (f *function) inner(x *syntax.Call, def *inTree) value {
	g := f.slicer.function(def, false)
	if !g.counts() || len(def.Type.Params) != len(x.Args) {
		if len(g.wrong) > 0 && g.touches {
			f.leave(x.Pos(), "%s: %s", syntax.FormatShort(x.Fun), g.wrong[0].String())
		}
		return f.passed(x)
	}
	f.touches = true
	f.calls = append(f.calls, g)
	c := &syntax.Call{At: x.At, Fun: &syntax.Ident{At: x.At, Name: g.name}, Lparen: x.Lparen, Rparen: x.Rparen}
	var before []syntax.Expr
	for i, a := range x.Args {
		if g.params[i] {
			c.Args = append(c.Args, f.as(def.Type.Params[i].Type, a))
		} else {
			before = append(before, f.effect(a))
		}
	}
	v := f.resultOf(c, g.typ.Result)
	v.x = after(x.At, then(x.At, before...), v.x)
	return v
}

// counts reports whether a call of the function is kept. One that is being sliced now calls itself,
// and is.
func (f *function) counts() bool {
	if !f.ready && len(f.wrong) == 0 {
		return true
	}
	return f.ready && f.touches && len(f.wrong) == 0
}
