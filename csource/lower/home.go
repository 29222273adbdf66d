package lower

import (
	"strconv"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
)

// home is a struct or an array that is a local variable. Its scalars are slots of the frame, one
// after the other, so that using them is no step; its address is that of an object that stands for
// the variable in this call.
type home struct {
	name string
	typ  *typ
	slot int // of its first scalar
}

const maxHome = 4096 // scalars of the structs and arrays of one function

// scalars counts the scalars in a type; false when it has a part that cannot be local.
func (t *typ) scalars() (int, bool) {
	switch t.kind {
	case tInt, tPointer:
		return 1, true
	case tArray:
		n, ok := t.elem.scalars()
		if t.n > maxHome || t.n < 0 || n > maxHome {
			return maxHome + 1, ok
		}
		return n * int(t.n), ok
	case tStruct:
		sum := 0
		for _, f := range t.strukt.fields {
			n, ok := f.typ.scalars()
			if sum += n; !ok || sum > maxHome {
				return sum, ok
			}
		}
		return sum, t.strukt.defined
	}
	return 0, false
}

// declareHome gives a local struct or array its slots.
func (b *body) declareHome(l *flow.Local, t *typ) {
	n, ok := t.scalars()
	if b.homed += n; ok && b.homed <= maxHome {
		b.homes[l] = len(b.f.homes)
		b.f.homes = append(b.f.homes, home{l.Name, t, len(b.f.slots)})
		b.addSlots(l.Name, t)
		b.begin(l, value{})
		return
	}
	if !ok {
		b.errorf(l.Pos, "%s is a %s on the stack of one thread: objects with locks or conditions must be at file scope or in a struct", l.Name, t)
	} else {
		b.errorf(l.Pos, "the structs and arrays in %s have more than %d parts", b.f.name, maxHome)
	}
	b.slots[l] = b.slotFor(l, b.env, otherType)
}

// addSlots makes the slots of an object, in the order in which its scalars lie.
func (b *body) addSlots(name string, t *typ) {
	switch t.kind {
	case tArray:
		for i := range t.n {
			b.addSlots(name+"["+strconv.FormatInt(i, 10)+"]", t.elem)
		}
	case tStruct:
		for _, f := range t.strukt.fields {
			b.addSlots(name+"."+f.name, f.typ)
		}
	default:
		b.f.take(len(b.f.slots))
		b.f.slots = append(b.f.slots, slot{name, t})
	}
}

// begin gives all scalars of a local object one value: none, or zero.
func (b *body) begin(l *flow.Local, v value) {
	h := b.f.homes[b.homes[l]]
	n, _ := h.typ.scalars()
	for i := range n {
		b.emit(instr{op: iCopy, pos: l.Pos, dst: h.slot + i, a: constant(v)})
	}
}

// addressOfHome is a pointer to a local object.
func (b *body) addressOfHome(e syntax.Expr, h int) operand {
	dst := b.temp(pointerTo(b.f.homes[h].typ))
	b.emit(instr{op: iHome, pos: e.Pos(), text: textOf(e), dst: dst, field: h})
	return inSlot(dst)
}

// initValue is an evaluated value of an initialiser.
type initValue struct {
	x   operand
	typ *typ
}

// initHome gives a local struct or array its first value: zero where the initialiser says nothing.
func (b *body) initHome(l *flow.Local, x syntax.Expr) {
	h := b.f.homes[b.homes[l]]
	whole := func(x syntax.Expr, t *typ) bool {
		_, from := b.dryObject(x)
		return from != nil && sameType(from, t)
	}
	in := b.newInitList(whole)
	in.value(h.typ, x, nil)
	if _, braced := x.(*syntax.InitList); braced || h.typ.isText() {
		b.begin(l, intValue(0))
	}
	known := map[syntax.Expr]initValue{} // the value of a range is evaluated once
	for _, e := range in.entries {
		v, evaluated := known[e.x]
		switch {
		case e.char:
			v = initValue{constant(e.typ.of(intValue(e.n))), e.typ}
		case !evaluated:
			v.x, v.typ = b.object(e.x)
			if !e.typ.isAggregate() {
				v.x, v.typ = b.decay(e.x, v.x, v.typ)
				b.mustAssign(e.x, e.typ, v.typ, "%s takes", l.Name)
				v.x = b.convert(e.x, v.x, v.typ, e.typ)
			}
			v.x = b.settled(v.x, len(in.entries) > 1)
			known[e.x] = v
		}
		if e.typ.isAggregate() {
			b.initWhole(l, x, e, v)
			continue
		}
		b.emit(instr{op: iCopy, pos: e.x.Pos(), dst: h.slot + h.typ.offset(e.path), a: v.x})
	}
}

// scalarInit is the value that an initialiser gives a variable without parts: braces may be around it.
func (b *body) scalarInit(x syntax.Expr, t *typ) syntax.Expr {
	list, braced := x.(*syntax.InitList)
	if !braced || t.kind == tOther {
		return x
	}
	in := b.newInitList(nil)
	if in.scalar(t, list, nil); len(in.entries) == 1 {
		return in.entries[0].x
	}
	return &syntax.IntLit{At: list.At, Text: "0"}
}

// initWhole copies a struct into a part of a local object.
func (b *body) initWhole(l *flow.Local, x syntax.Expr, e initEntry, from initValue) {
	if !sameType(from.typ, e.typ) {
		if from.typ.kind != tOther {
			b.errorf(e.x.Pos(), "%s takes %s, and %s is %s", l.Name, e.typ, syntax.FormatShort(e.x), from.typ)
		}
		return
	}
	h := b.f.homes[b.homes[l]]
	at, typ := b.addressOfHome(x, b.homes[l]), h.typ
	for _, i := range e.path {
		if typ.kind == tArray {
			at, _ = b.decay(x, at, typ)
			at = b.shift(x, "+", at, constant(intValue(int64(i))), pointerTo(typ.elem))
		} else {
			at = (&part{b: b, e: x}).address(at, typ.strukt, i, typ.part(int64(i)))
		}
		typ = typ.part(int64(i))
	}
	b.copyObject(e.x, at, &from.x, from.typ)
}

// dryObject is the type of an expression that names an object; nil when it names none.
func (b *body) dryObject(x syntax.Expr) (operand, *typ) {
	switch x := x.(type) {
	case *syntax.Assign:
		return operand{}, b.typeNamed(x.X)
	default:
		return operand{}, b.typeNamed(x)
	}
}

// offset is the number of the scalars before a part.
func (t *typ) offset(path []int) int {
	n := 0
	for _, i := range path {
		if t.kind == tArray {
			each, _ := t.elem.scalars()
			n += i * each
		} else {
			for _, f := range t.strukt.fields[:i] {
				each, _ := f.typ.scalars()
				n += each
			}
		}
		t = t.part(int64(i))
	}
	return n
}

// callPath is a way to get into a function: by which calls.
type callPath struct {
	outer int
	at    instant
	to    *function
}

// pathOf numbers the ways into functions, from 1.
func (w *world) pathOf(p callPath) int {
	if w.paths[p] == 0 {
		w.paths[p] = len(w.paths) + 1
	}
	return w.paths[p]
}

// localObject is the object that stands for a local struct or array in the call of a path.
type localObject struct{ path, home int }

// homeObject finds the object of a local variable, making it at first use.
func (w *world) homeObject(path, number int, f *function) int {
	key := localObject{path, number}
	id, ok := w.locals[key]
	if !ok {
		h := f.homes[number]
		first := len(w.objects)
		if h.typ.kind == tArray {
			c := &cell{def: &fieldDef{name: h.name, pos: f.pos, typ: h.typ}, typ: h.typ}
			id = w.arrayObject(c, nowhere, h.name, -1, 0)
		} else {
			id = w.instance(h.typ.strukt, h.name, -1, 0)
		}
		w.locals[key] = id
		for _, o := range w.objects[first:] {
			o.path, o.root = path, -1
		}
		w.giveSlots(id, h.slot)
	}
	return id
}

// giveSlots tells the cells of a local object where their values are.
func (w *world) giveSlots(id, next int) int {
	o := w.objects[id]
	for i := range o.cells {
		if c := &o.cells[i]; c.typ.isAggregate() {
			next = w.giveSlots(c.init.obj, next)
		} else {
			c.slot = next
			next++
		}
	}
	return next
}

// frameOf is the call in which a local object lies; nil when the cell is shared.
func (t *thread) frameOf(c *config, r cellRef) *frame {
	path := t.w.objects[r.object].path
	for i := len(c.frames) - 1; path > 0 && i >= 0; i-- {
		if c.frames[i].path == path {
			return &c.frames[i]
		}
	}
	return nil
}

// isLocal reports whether a pointer leads to something on a stack.
func (w *world) isLocal(v value) bool {
	return (v.kind == vObject || v.kind == vField) && w.objects[v.obj].path > 0
}

// homeNamed is the local struct or array that a name means, -1 when it means something else.
func (b *body) homeNamed(name string) int {
	if l := b.env.Find(name); l != nil {
		if h, ok := b.homes[l]; ok {
			return h
		}
	}
	return -1
}
