package interp

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// place is where a value can be kept. Its base (the object in which a field lies, the pointer that
// is followed) is evaluated once, before anything to its right, and given to load, store and
// address.
type place struct {
	typ     *ctype
	base    eval
	load    func(*frame, Value) Value
	store   func(*frame, Value, Value) // nil where nothing can be assigned
	address func(*frame, Value) Value  // nil where & was not applied
	use     *use                       // of a field or a variable at file scope
}

func noBase(*frame) Value { return Value{} }

// read is the value of a place; an object stands for its address.
func (p place) read(e syntax.Expr) operand {
	base, load := p.base, p.load
	if p.typ.isObject() {
		load = p.address
	}
	return operand{func(f *frame) Value { return load(f, base(f)) }, p.typ, e}
}

// badPlace is a place that cannot be interpreted; where it is used all the same, the run fails
// there.
func (c *compiler) badPlace(e syntax.Expr, pos model.Pos, format string, args ...any) place {
	return failing(c.bad(e, pos, format, args...))
}

func failing(x operand) place {
	fail := func(f *frame, _ Value) Value { return x.eval(f) }
	return place{badType, noBase, fail, func(f *frame, _, _ Value) { x.eval(f) }, fail, nil}
}

// place compiles what an assignment may stand left of, or the operand of &.
func (c *compiler) place(e syntax.Expr) place {
	switch e := e.(type) {
	case *syntax.Ident:
		switch known := c.scope.find(e.Name); {
		case known == nil:
			if x := c.ident(e); x.typ == badType {
				return failing(x)
			}
		case known.kind == localEntity:
			return c.localPlace(e, known)
		case known.kind == globalEntity:
			return c.globalPlace(e, known)
		}
	case *syntax.Member:
		return c.fieldPlace(e, e)
	case *syntax.Unary:
		if e.Op == "*" {
			return c.pointedPlace(e)
		}
	case *syntax.Index:
		return c.indexPlace(e)
	}
	return c.badPlace(e, e.Pos(), "%s is not a variable", syntax.FormatShort(e))
}

func (c *compiler) localPlace(e *syntax.Ident, known *entity) place {
	get, set := getLocal(e, known), setLocal(known)
	p := place{
		typ: known.typ, base: noBase, load: func(f *frame, _ Value) Value { return get(f) },
		store: func(f *frame, _, v Value) { set(f, v) },
	}
	if known.boxed {
		p.address = func(f *frame, _ Value) Value { return f.slots[known.slot] }
	}
	switch {
	case known.typ.kind == kOther && known.boxed: // an array, mostly: its address can be passed on, and no more
		p.typ, p.load, p.store = pointerTo(otherType), p.address, nil
	case known.typ.kind == kOther:
		return c.badPlace(e, e.Pos(), "%s is %s", e.Name, known.typ)
	case known.typ.isObject(): // refused where it is declared
		p.typ, p.address = badType, p.load
	}
	return p
}

func getLocal(e *syntax.Ident, known *entity) eval {
	slot, pos, name := known.slot, e.Pos(), e.Name
	if known.boxed {
		return func(f *frame) Value {
			v := f.slots[slot].Object.(*Variable).value
			if v.isUnset() {
				f.fail(Uninitialised, pos, "%s is used before it is set", name)
			}
			return v
		}
	}
	return func(f *frame) Value {
		v := f.slots[slot]
		if v.isUnset() {
			f.fail(Uninitialised, pos, "%s is used before it is set", name)
		}
		return v
	}
}

func setLocal(known *entity) func(*frame, Value) {
	slot := known.slot
	if known.boxed {
		return func(f *frame, v Value) { f.slots[slot].Object.(*Variable).value = v }
	}
	return func(f *frame, v Value) { f.slots[slot] = v }
}

func (c *compiler) globalPlace(e *syntax.Ident, known *entity) place {
	name, t, pos := known.name, known.typ, e.Pos()
	if t.kind == kOther {
		return c.badPlace(e, pos, "%s is %s", name, t)
	}
	load, u := func(f *frame, _ Value) Value { return f.global(name, pos) }, c.used("", name, pos, name)
	if t.isObject() {
		return place{t, noBase, load, nil, load, u}
	}
	return place{
		t, noBase, load,
		func(f *frame, _, v Value) { f.setGlobal(name, v, pos) },
		func(*frame, Value) Value { return Value{Object: reference{nil, name}} }, u,
	}
}

// fieldPlace is the field that e means, used by at: the same, or &e.
func (c *compiler) fieldPlace(e *syntax.Member, at syntax.Expr) place {
	base := c.value(e.X)
	t := base.typ
	if t.kind == kPointer {
		t = t.elem
	}
	switch {
	case base.typ == badType:
		return failing(base)
	case t.kind != kStruct:
		return c.badPlace(e, e.NamePos, "%s is %s, which has no fields", syntax.FormatShort(e.X), base.typ)
	case !t.strukt.defined:
		return c.badPlace(e, e.NamePos, "struct %s is declared, but its fields are not known", t.strukt.tag)
	case t.strukt.isUnion:
		return c.badPlace(e, e.NamePos, "%s is a member of a union, which cannot be interpreted", syntax.FormatShort(e))
	}
	field := t.strukt.fields[e.Name]
	if field == nil {
		return c.badPlace(e, e.NamePos, "struct %s has no field %s", t.strukt.tag, e.Name)
	}
	if field.kind == kOther {
		return c.badPlace(e, e.NamePos, "%s is %s", syntax.FormatShort(e), field)
	}
	a := &access{e.Name, at.Pos(), syntax.FormatShort(at)}
	u := c.used(t.strukt.tag, e.Name, a.pos, a.text)
	if field.isObject() {
		return place{field, base.eval, a.address, nil, a.address, u}
	}
	return place{field, base.eval, a.load, a.store, a.reference, u}
}

func (c *compiler) pointedPlace(e *syntax.Unary) place {
	x := c.value(e.X)
	if x.typ != badType && x.typ.kind != kPointer {
		return c.badPlace(e, e.Pos(), "* needs a pointer, and %s is %s", syntax.FormatShort(e.X), x.typ)
	}
	return c.pointed(e, x)
}

// pointed is what the pointer x leads to.
func (c *compiler) pointed(e syntax.Expr, x operand) place {
	switch {
	case x.typ == badType:
		return failing(x)
	case x.typ.elem.kind == kVoid || x.typ.elem.kind == kOther:
		return c.badPlace(e, e.Pos(), "%s is %s", syntax.FormatShort(e), x.typ.elem)
	}
	a := &access{pos: e.Pos(), text: syntax.FormatShort(e)}
	return place{x.typ.elem, x.eval, a.follow, a.storeThrough, func(_ *frame, base Value) Value { return base }, nil}
}

// address compiles &X.
func (c *compiler) address(e *syntax.Unary) operand {
	var p place
	if m, ok := e.X.(*syntax.Member); ok {
		p = c.fieldPlace(m, e)
	} else {
		p = c.place(e.X)
	}
	if p.typ == badType {
		return p.read(e)
	}
	p.usedAs(Pointed)
	base, address := p.base, p.address
	return operand{func(f *frame) Value { return address(f, base(f)) }, pointerTo(p.typ), e}
}

// used notes a use of a field or of a variable at file scope: it is read, unless more comes to
// light.
func (c *compiler) used(tag, name string, pos model.Pos, text string) *use {
	u := &use{tag, name, pos, text, Read}
	c.needs.uses = append(c.needs.uses, u)
	return u
}

// usedAs notes that more than the value of an integer or a pointer is used.
func (p place) usedAs(how Use) {
	if p.use != nil && !p.typ.isObject() {
		p.use.how = how
	}
}
