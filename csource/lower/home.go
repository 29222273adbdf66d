package lower

import (
	"strconv"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// home is a local variable that has an address: a struct, an array, one for which threads wait, and
// one whose address is taken. Unless its address becomes known to others, its scalars are slots of
// the frame, one after the other, so that using them is no step; the address is that of an object
// that stands for the variable in this call. Otherwise see [thread.comesToLife].
type home struct {
	name string
	pos  model.Pos
	typ  *typ
	decl syntax.Type // as declared; nil of a value without a name
	slot int         // of its first scalar; -1: it has a part for which threads wait, and no slots
	// content is what is in it where its declaration is reached, by scalar, as far as that is
	// constant.
	content []value
}

const maxHome = 4096 // scalars of the homes of one function

// scalars counts the parts of a type that have none themselves; false when it has one that cannot
// be local.
func (t *typ) scalars() (int, bool) {
	switch t.kind {
	case tVoid, tFunction:
		return 0, false
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
		if t.strukt.isUnion {
			sum = t.strukt.cellsBefore(len(t.strukt.leaves))
		}
		return sum, t.strukt.defined
	}
	return 1, true
}

// holds reports whether a type has a part of which is says so.
func (t *typ) holds(is func(*typ, *fieldDef) bool) bool {
	switch t.kind {
	case tArray:
		return t.elem.holds(is)
	case tStruct:
		for _, f := range t.strukt.fields {
			if is(f.typ, f) || f.typ.holds(is) {
				return true
			}
		}
		return false
	}
	return is(t, &fieldDef{})
}

// isWaitedFor reports whether threads wait for a part of a variable.
func isWaitedFor(t *typ, _ *fieldDef) bool { return t.isWaitedFor() }

// hasRole reports whether an attribute gives a field a role that only objects have that exist from
// the start.
func hasRole(_ *typ, f *fieldDef) bool {
	return f.refcount || f.listed || f.owner || f.isNew || f.subject || f.init != nil
}

// declareHome makes the home of a local variable.
func (b *body) declareHome(l *flow.Local, t *typ) {
	n, ok := t.scalars()
	waited := ok && t.holds(isWaitedFor)
	switch b.homed += n; {
	case !ok:
		b.errorf(l.Pos, "%s is %s, which cannot be modelled as a variable of a function", l.Name, t)
	case b.homed > maxHome:
		b.errorf(l.Pos, "the structs and arrays in %s have more than %d parts", b.f.name, maxHome)
	case waited && t.holds(hasRole):
		b.errorf(l.Pos, "%s is a %s on the stack of one thread: objects with roles must be at file scope or in a struct",
			l.Name, t)
	default:
		h := home{name: l.Name, pos: l.Pos, typ: t, decl: l.Type, slot: len(b.f.slots), content: make([]value, n)}
		if waited {
			h.slot = -1
		} else {
			b.addSlots(l.Name, t)
		}
		b.homes[l] = len(b.f.homes)
		b.f.homes = append(b.f.homes, h)
		b.emit(instr{op: iBegin, pos: l.Pos, text: func() string { return l.Name }, dst: -1, field: b.homes[l]})
		return
	}
	b.slots[l] = b.slotFor(l, b.env, otherType)
}

// newHome makes the home of a value that has no name; -1 where that cannot be.
func (b *body) newHome(e syntax.Expr, t *typ) int {
	n, ok := t.scalars()
	switch b.homed += n; {
	case !ok || t.holds(isWaitedFor):
		b.errorf(e.Pos(), "%s is a %s, and locks and conditions cannot be copied", syntax.FormatShort(e), t)
		return -1
	case b.homed > maxHome:
		b.errorf(e.Pos(), "the structs and arrays in %s have more than %d parts", b.f.name, maxHome)
		return -1
	}
	b.f.homes = append(b.f.homes, home{
		name: syntax.FormatShort(e), pos: e.Pos(), typ: t, slot: len(b.f.slots),
		content: make([]value, n),
	})
	b.addSlots("", t)
	return len(b.f.homes) - 1
}

// clearResults takes the results of calls away that nobody can read any more.
func (b *body) clearResults() {
	for _, h := range b.results {
		for k := range b.f.homes[h].content {
			b.emit(instr{op: iCopy, pos: b.f.pos, dst: b.f.homes[h].slot + k, a: constant(value{})})
		}
	}
	b.results = b.results[:0]
}

// addSlots makes the slots of an object, in the order in which its scalars lie.
func (b *body) addSlots(name string, t *typ) {
	switch t.kind {
	case tArray:
		for i := range t.n {
			b.addSlots(name+"["+strconv.FormatInt(i, 10)+"]", t.elem)
		}
	case tStruct:
		for _, x := range t.strukt.seats() {
			b.addSlots(name+t.way(x.path), x.typ)
		}
		if t.strukt.isUnion {
			return
		}
		for _, f := range t.strukt.fields {
			b.addSlots(name+"."+f.name, f.typ)
		}
	default:
		b.f.take(len(b.f.slots))
		b.f.slots = append(b.f.slots, slot{name, t})
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

// initHome gives a home its first value: zero where the initialiser says nothing. What is constant
// is there from the start.
func (b *body) initHome(l *flow.Local, x syntax.Expr) {
	number := b.homes[l]
	t := b.f.homes[number].typ
	whole := func(x syntax.Expr, t *typ) bool {
		from := b.dryObject(x)
		return from != nil && sameType(from, t)
	}
	in := b.newInitList(whole)
	if t.isObject() {
		in.value(t, x, nil)
	} else {
		in.add(initEntry{typ: t, x: b.scalarInit(x, t)})
	}
	if _, braced := x.(*syntax.InitList); braced && t.isObject() || t.isText() {
		for i := range b.f.homes[number].content {
			b.f.homes[number].content[i] = intValue(0)
		}
		b.emit(instr{op: iClear, pos: l.Pos, dst: -1, field: number})
		b.initUnions(l, x, t, nil, in.entries)
	}
	known := map[syntax.Expr]initValue{} // the value of a range is evaluated once
	copied := false                      // a struct was stored, which may lie where a later value does
	for _, e := range in.entries {
		v, evaluated := known[e.x]
		switch {
		case e.typ.isWaitedFor():
			b.initPart(l, e, initValue{constant(intValue(b.initialLock(e.typ, e.x))), intType}, false)
			continue
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
		b.begins = true
		if e.typ.isAggregate() {
			b.initWhole(l, x, e, v)
			copied = true
		} else {
			b.initPart(l, e, v, copied || t.throughUnion(e.path))
		}
		b.begins = false
	}
}

// initPart gives a scalar in a home its first value.
func (b *body) initPart(l *flow.Local, e initEntry, v initValue, late bool) {
	h := &b.f.homes[b.homes[l]]
	t := h.typ
	text := func() string { return l.Name + t.way(e.path) + " = " + syntax.FormatShort(e.x) }
	if at := h.typ.offset(e.path); v.x.slot < 0 && !late && at < len(h.content) {
		h.content[at] = v.x.value
		if h.slot >= 0 {
			b.emit(instr{op: iCopy, pos: e.x.Pos(), text: text, dst: h.slot + at, a: v.x})
		}
		return
	}
	if len(e.path) == 0 {
		b.emit(instr{
			op: iStorePtr, pos: e.x.Pos(), text: text, dst: -1, a: b.addressOfHome(e.x, b.homes[l]),
			b: v.x, typ: e.typ,
		})
		return
	}
	last := e.path[len(e.path)-1]
	at, in := b.partOfHome(l, e.x, e.path[:len(e.path)-1])
	if in.kind == tStruct {
		b.emit(instr{op: iStore, pos: e.x.Pos(), text: text, dst: -1, a: at, b: v.x, strukt: in.strukt, field: last})
		return
	}
	at, _ = b.decay(e.x, at, in)
	at = b.shift(e.x, "+", at, constant(intValue(int64(last))), pointerTo(in.elem))
	b.emit(instr{op: iStorePtr, pos: e.x.Pos(), text: text, dst: -1, a: at, b: v.x, typ: e.typ})
}

// scalarInit is the value that an initialiser gives a variable without parts: braces may be around
// it.
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
	at, _ := b.partOfHome(l, x, e.path)
	b.copyObject(e.x, at, &from.x, from.typ)
}

// partOfHome is a pointer to a part of a home that has parts itself.
func (b *body) partOfHome(l *flow.Local, x syntax.Expr, path []int) (operand, *typ) {
	at, typ := b.addressOfHome(x, b.homes[l]), b.f.homes[b.homes[l]].typ
	for _, i := range path {
		if typ.kind == tArray {
			at, _ = b.decay(x, at, typ)
			at = b.shift(x, "+", at, constant(intValue(int64(i))), pointerTo(typ.elem))
		} else {
			at = (&part{b: b, e: x}).address(at, typ.strukt, i, typ.part(int64(i)))
		}
		typ = typ.part(int64(i))
	}
	return at, typ
}

// dryObject is the type of an expression that names an object; nil when it names none.
func (b *body) dryObject(x syntax.Expr) *typ {
	if assign, ok := x.(*syntax.Assign); ok {
		x = assign.X
	}
	return b.typeNamed(x)
}

// way is how C names a part: .a[1].
func (t *typ) way(path []int) string {
	s := ""
	for _, i := range path {
		if t.kind == tArray {
			s += "[" + strconv.Itoa(i) + "]"
		} else {
			s += "." + t.strukt.fields[i].name
		}
		t = t.part(int64(i))
	}
	return s
}

// offset is the number of the scalars before a part.
func (t *typ) offset(path []int) int {
	n := 0
	for k, i := range path {
		if t.kind == tStruct && t.strukt.isUnion {
			if x := t.strukt.leafAt(path[k:]); x >= 0 {
				n += t.strukt.cellsBefore(t.strukt.leaves[x].first)
			}
			return n
		}
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

// localObject is a home in the call of a path.
type localObject struct{ path, home int }

// homeObject finds the object that stands for a local variable as long as it is private, making it
// at first use.
func (w *world) homeObject(at localObject, f *function) int {
	id, ok := w.locals[at]
	if !ok {
		h := &f.homes[at.home]
		first := len(w.objects)
		id = w.variableObject(h, h.name, h.name)
		w.locals[at] = id
		for _, o := range w.objects[first:] {
			o.local, o.root = at, -1
		}
		next, end := h.slot, h.slot+len(h.content)
		w.eachScalar(id, func(c *cell) {
			if next < end { // after an error, parts of a union that should share a slot do not
				c.slot = next
				next++
			}
		})
	}
	return id
}

// variableObject makes the object of a local variable, of which the variable is the only cell.
func (w *world) variableObject(h *home, name, class string) int {
	id := len(w.objects)
	o := &object{
		name: name, variable: true, in: nowhere, class: w.classOf(classKey{outer: fieldKey{-1, id}}), parent: -1,
		root: -1, memory: -1,
	}
	w.objects = append(w.objects, o)
	if !w.count(h.pos, 2) {
		return id
	}
	o.cells = []cell{{def: &fieldDef{name: class, pos: h.pos, typ: h.typ}, typ: h.typ}}
	w.fill(id, 0, name, 0)
	w.fix(cellRef{id, 0}, w.isConst(h.decl))
	return id
}

// eachScalar calls f for what has no parts in an object, in the order in which it lies.
func (w *world) eachScalar(id int, f func(*cell)) {
	o := w.objects[id]
	for i := range o.cells {
		switch c := &o.cells[i]; {
		case c.typ.isAggregate():
			w.eachScalar(c.init.obj, f)
		case o.seats == nil || o.seats[i].first == cellRef{id, i}:
			f(c)
		}
	}
}

// frameOf is the call in which a local object lies; nil when the cell is shared.
func (t *thread) frameOf(c *config, r cellRef) *frame {
	path := t.w.objects[r.object].local.path
	for i := len(c.frames) - 1; path > 0 && i >= 0; i-- {
		if c.frames[i].path == path {
			return &c.frames[i]
		}
	}
	return nil
}

// isLocal reports whether a pointer leads to a local variable that is private.
func (w *world) isLocal(v value) bool {
	return (v.kind == vObject || v.kind == vField || v.kind == vAddress) && w.objects[v.obj].local.path > 0
}

// homeNamed is the home that a name means, -1 when it means something else.
func (b *body) homeNamed(name string) int {
	if l := b.env.Find(name); l != nil {
		if h, ok := b.homes[l]; ok {
			return h
		}
	}
	return -1
}
