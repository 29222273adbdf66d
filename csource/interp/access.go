package interp

import "github.com/lockproof/lockproof/model"

// access is a use of a pointer: of a field, or of what it points to.
type access struct {
	name string // of the field
	pos  model.Pos
	text string
}

// object is what a pointer to an object points to.
func (a *access) object(f *frame, base Value) any {
	switch base.Object.(type) {
	case nil:
		a.null(f)
	case *Variable, reference, string:
		f.fail(NoMeaning, a.pos, "%s follows something that is not an object", a.text)
	case beside:
		a.beside(f)
	}
	return f.hostObject(base, a.pos)
}

func (a *access) beside(f *frame) {
	f.fail(Outside, a.pos, "%s follows a pointer beside what it pointed to", a.text)
}

func (a *access) null(f *frame) { f.fail(Null, a.pos, "%s follows a NULL pointer", a.text) }

func (a *access) noField(f *frame) {
	f.fail(NoMeaning, a.pos, "the host has no field %s for %s", a.name, a.text)
}

func (a *access) load(f *frame, base Value) Value {
	v, ok := f.run.host.Field(a.object(f, base), a.name)
	if !ok {
		a.noField(f)
	}
	return v
}

// element is the value of an element of an array.
func (a *access) element(f *frame, e element) Value {
	v, ok := f.run.host.Field(e.array, e.field())
	if !ok {
		f.outside(e, a.pos)
	}
	return v
}

func (a *access) store(f *frame, base, v Value) {
	o := a.object(f, base)
	v = a.keepable(f, v)
	if !f.run.host.SetField(o, a.name, v) {
		a.noField(f)
	}
}

// keepable refuses to hand the host a pointer that means nothing to it.
func (a *access) keepable(f *frame, v Value) Value {
	if e, ok := v.Object.(element); ok && (e.typ.kind == kStruct || e.typ.kind == kArray) {
		o, ok := f.run.host.Address(e.array, e.field())
		if !ok { // C allows it to be computed; the host has no word for it
			f.fail(NoMeaning, a.pos, "a pointer to element %d, which is not there, cannot be kept in %s", e.i, a.text)
		}
		return Value{Object: o.Object}
	}
	if v.isPrivate() {
		f.fail(NoMeaning, a.pos, "only integers and pointers to objects can be kept in %s", a.text)
	}
	return v
}

// address is the host's pointer to a field.
func (a *access) address(f *frame, base Value) Value {
	v, ok := f.run.host.Address(a.object(f, base), a.name)
	if !ok {
		a.noField(f)
	}
	return v
}

// reference is our own pointer to a field.
func (a *access) reference(f *frame, base Value) Value {
	return Value{Object: reference{a.object(f, base), a.name}}
}

// follow is what a pointer to an integer or a pointer points to.
func (a *access) follow(f *frame, base Value) Value {
	switch p := base.Object.(type) {
	case nil:
		a.null(f)
		return Value{}
	case *Variable:
		a.alive(f, p)
		if p.value.isUnset() {
			f.fail(Uninitialised, a.pos, "%s is used before it is set", a.text)
		}
		return p.value
	case reference:
		if p.object == nil {
			return f.global(p.name, a.pos)
		}
		field := access{name: p.name, pos: a.pos, text: a.text}
		return field.load(f, Value{Object: p.object})
	case element:
		return a.element(f, p)
	case beside:
		a.beside(f)
	}
	a.foreign(f)
	return Value{}
}

func (a *access) storeThrough(f *frame, base, v Value) {
	switch p := base.Object.(type) {
	case nil:
		a.null(f)
	case *Variable:
		a.alive(f, p)
		p.value = v
	case reference:
		if p.object == nil {
			f.setGlobal(p.name, v, a.pos)
			return
		}
		field := access{name: p.name, pos: a.pos, text: a.text}
		field.store(f, Value{Object: p.object}, v)
	case element:
		v = a.keepable(f, v)
		if !f.run.host.SetField(p.array, p.field(), v) {
			f.outside(p, a.pos)
		}
	case beside:
		a.beside(f)
	default:
		a.foreign(f)
	}
}

func (a *access) alive(f *frame, v *Variable) {
	if v.gone {
		f.fail(Dangling, a.pos, "%s follows a pointer to a local variable of a function that has returned", a.text)
	}
}

func (a *access) foreign(f *frame) {
	f.fail(NoMeaning, a.pos, "%s follows a pointer that the host made: only fields can be read through it", a.text)
}

func (f *frame) global(name string, pos model.Pos) Value {
	v, ok := f.run.host.Global(name)
	if !ok {
		f.fail(NoMeaning, pos, "the host has no variable %s", name)
	}
	return v
}

func (f *frame) setGlobal(name string, v Value, pos model.Pos) {
	to := access{pos: pos, text: name}
	v = to.keepable(f, v)
	if h, ok := f.run.host.(Globals); !ok || !h.SetGlobal(name, v) {
		f.fail(NoMeaning, pos, "the host has no variable %s that can be assigned", name)
	}
}

// outward turns a pointer of ours into the host's, for an argument.
func (f *frame) outward(v Value, pos model.Pos) Value {
	if e, ok := v.Object.(element); ok {
		o, there := f.run.host.Address(e.array, e.field())
		if !there {
			f.outside(e, pos)
		}
		return o
	}
	if _, ok := v.Object.(beside); ok {
		f.fail(Outside, pos, "an argument points beside what it pointed to")
	}
	r, ok := v.Object.(reference)
	if !ok {
		return v
	}
	if r.object != nil {
		v, ok = f.run.host.Address(r.object, r.name)
	} else if h, is := f.run.host.(Globals); is {
		v, ok = h.AddressOfGlobal(r.name)
	} else {
		ok = false
	}
	if !ok {
		f.fail(NoMeaning, pos, "the host has no address for %s", r.name)
	}
	return v
}
