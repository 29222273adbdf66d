package lower

// A pointer says which object, or which of its parts, it leads to. C says more: a struct has the
// address of its first field, and bytes lie in an order. So a pointer that is cast is looked at
// again: it leads to what has the new type at that address. Where there is nothing of the kind it
// stays what it was, and who follows it is refused.

// pointedAt is the type of what a pointer leads to; nil when that has no address in an object.
func (w *world) pointedAt(v value) *typ {
	switch v.kind {
	case vObject:
		switch o := w.objects[v.obj]; {
		case o.array != nil:
			return o.array
		case o.strukt != nil:
			return &typ{kind: tStruct, strukt: o.strukt}
		}
	case vField:
		if o := w.objects[v.obj]; o.array != nil {
			return o.array.elem
		}
		return w.cell(cellRef{v.obj, v.field}).typ
	}
	return nil
}

// bytesTo is the outermost object in which the target of a pointer lies, with the bytes before it;
// false when the layout is not known.
func (w *world) bytesTo(v value) (outer value, offset int64, ok bool) {
	if v.kind == vAddress {
		if v.field < 0 {
			return objectValue(v.obj), v.n, true
		}
		return value{kind: vField, obj: v.obj, field: v.field}, v.n, true
	}
	t := w.pointedAt(v)
	if t == nil {
		return value{}, 0, false
	}
	if v.n != 0 {
		size, known := w.sizeOf(t)
		if !known {
			return value{}, 0, false
		}
		offset = v.n * size
		v.n = 0
	}
	for {
		in := cellRef{v.obj, v.field}
		if v.kind == vObject {
			in = w.objects[v.obj].in
		}
		if in.object < 0 || w.objects[in.object].isRoot() {
			return v, offset, true
		}
		v = objectValue(in.object)
		size, known := w.partOffset(w.pointedAt(v), int64(in.field))
		if !known {
			return value{}, 0, false
		}
		offset += size
	}
}

// locate finds what lies so many bytes into the target of a pointer, of type to; of any type, and
// the largest, where to is nil.
func (w *world) locate(v value, offset int64, to *typ) (value, bool) {
	t := w.pointedAt(v)
	if offset == 0 && (to == nil || sameType(t, to)) {
		return v, true
	}
	if !t.isAggregate() || v.kind != vObject {
		return value{}, false
	}
	lo, hi := int64(0), t.parts()
	if offset == 0 && (t.kind == tArray || !t.strukt.isUnion) {
		hi = min(hi, 1)
	} else if t.kind == tArray {
		size, ok := w.sizeOf(t.elem)
		if !ok || size == 0 || offset < 0 {
			return value{}, false
		}
		lo = offset / size
		hi = min(hi, lo+1)
	}
	for i := lo; i < hi; i++ {
		w.meter.Work(1)
		at, ok := w.partOffset(t, i)
		if !ok {
			return value{}, false
		}
		part := t.part(i)
		if part.bitField || at > offset {
			continue
		}
		if size, known := w.sizeOf(part); at < offset && (!known || offset >= at+size) {
			continue
		}
		if found, ok := w.locate(w.addressOf(cellRef{v.obj, int(i)}), offset-at, to); ok {
			return found, true
		}
	}
	return value{}, false
}

// at is a pointer to what lies so many bytes into an object, of type to; of any type where to is
// nil. Where nothing begins there it is the address alone.
func (w *world) at(outer value, offset int64, to *typ) value {
	if found, ok := w.locate(outer, offset, to); ok {
		return found
	}
	address := value{kind: vAddress, obj: outer.obj, field: -1, n: offset}
	if outer.kind == vField {
		address.field = outer.field
	}
	return address
}

// retyped is a pointer as one to type to.
func (w *world) retyped(v value, to *typ) value {
	t := w.pointedAt(v)
	if t == nil && v.kind != vAddress || t != nil && sameType(t, to) || to.kind == tVoid || to.kind == tOther ||
		to.kind == tFunction {
		return v
	}
	if to.isByte() {
		if t != nil && t.kind == tArray && v.n == 0 && sameType(t.elem, to) {
			return w.element(v.obj, 0)
		}
		return v
	}
	outer, offset, ok := w.bytesTo(v)
	if !ok {
		return v
	}
	if found := w.at(outer, offset, to); found.kind != vAddress || w.isOutside(v) {
		return found
	}
	return v
}

// isByte reports whether a pointer to the type counts bytes.
func (t *typ) isByte() bool { return t.kind == tVoid || t.kind == tInt && t.bits <= 8 && !t.bitField }

// advanced is a pointer that counts objects of type of, n of them further; false where their
// layout is not known.
func (w *world) advanced(v value, of *typ, n int64) (value, bool) {
	t := w.pointedAt(v)
	if n == 0 || v.kind != vAddress && (t == nil || sameType(t, of) || of.kind == tOther || of.isByte() && t.isByte()) {
		return w.moved(v, n)
	}
	size, known := w.sizeOf(of)
	if of.kind == tVoid {
		size, known = 1, true
	}
	outer, offset, ok := w.bytesTo(v)
	if !ok || !known || n >= maxOutside || n <= -maxOutside {
		return v, false
	}
	return w.at(outer, offset+n*size, nil), true
}

// fieldAt is the address of a field of what is taken for a struct where none lies.
func (w *world) fieldAt(v value, s *structDef, i int) (value, bool) {
	outer, offset, ok := w.bytesTo(v)
	at, known := w.partOffset(&typ{kind: tStruct, strukt: s}, int64(i))
	if !ok || !known {
		return value{}, false
	}
	return w.at(outer, offset+at, s.fields[i].typ), true
}

// difference is how many objects of type of lie between two pointers; false when they do not lead
// into one object, or to no whole number of them.
func (w *world) difference(x, y value, of *typ) (value, bool) {
	a, i, inArray := w.position(x)
	b, j, alsoIn := w.position(y)
	if t := w.pointedAt(x); inArray && alsoIn && a == b && (of == nil || sameType(t, of)) {
		return intValue(int64(i - j)), true
	}
	u, at, known := w.bytesTo(x)
	v, from, ok := w.bytesTo(y)
	size, sized := int64(1), of != nil
	if sized && of.kind != tVoid {
		size, sized = w.sizeOf(of)
	}
	if known && ok && sized && size > 0 {
		return intValue((at - from) / size), u == v && (at-from)%size == 0
	}
	d := x.n - y.n
	x.n, y.n = 0, 0
	return intValue(d), x == y
}

// throughAddress carries out an access where nothing begins; true when it is a step, one that
// fails.
func (t *thread) throughAddress(c *config, i *instr, v value) bool {
	outer, offset, _ := t.w.bytesTo(v)
	if i.op == iField && i.strukt != nil {
		if to, ok := t.w.fieldAt(v, i.strukt, i.field); ok {
			c.local(to)
			return false
		}
	}
	if size, ok := t.w.sizeOf(t.w.pointedAt(outer)); ok && (offset < 0 || offset >= size) {
		t.outside(c, i, v)
		return true
	}
	t.errorf(i.pos, "%s follows an address in %s at which nothing of that type begins", i.text(), t.w.pointerName(v))
	c.local(intValue(0))
	return false
}
