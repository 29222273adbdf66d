package lower

import (
	"slices"
	"strconv"

	"github.com/lockproof/lockproof/model"
)

// The tags of values in mixed cells, by what has the same bytes.
const (
	tagInt8 uint8 = iota + 1
	tagInt16
	tagInt32
	tagInt64
	tagPointer
	tagFunction
)

// tag is that of values of the type; 0 of what is no plain integer or pointer.
func (t *typ) tag() uint8 {
	switch {
	case t.kind == tPointer && t.elem.kind == tFunction:
		return tagFunction
	case t.kind == tPointer:
		return tagPointer
	case t.kind != tInt || t.bitField:
		return 0
	case t.bits <= 8:
		return tagInt8
	case t.bits <= 16:
		return tagInt16
	case t.bits <= 32:
		return tagInt32
	}
	return tagInt64
}

// tagTypes are signed integers of the size of a tag: as such they are kept.
var tagTypes = map[uint8]*typ{tagInt8: scharType, tagInt16: shortType, tagInt32: intType, tagInt64: longType}

// tagged is a value of a type as a mixed cell keeps it.
func (t *typ) tagged(v value) value {
	switch {
	case v.kind == vUnset:
		return v
	case v.kind == vInt && tagTypes[t.tag()] != nil:
		v = tagTypes[t.tag()].of(v)
	}
	v.tag = t.tag()
	return v
}

// stored is a value as the cell keeps it in which r has its value.
func (t *thread) stored(i *instr, r cellRef, v value) value {
	at := t.w.seatOf(r)
	if at == nil {
		return v
	}
	is := t.w.cell(r).typ
	if i.union != nil {
		return t.storedWhole(i, at, is, v)
	}
	if at.mixed && v.kind == vUnknown {
		t.hintf(i.pos, writeNondet, "%s shares its place with what has another type, and what is stored there is not known",
			t.w.cellName(r))
		return intValue(0)
	}
	if at.mixed {
		return is.tagged(v)
	}
	return v
}

// storedWhole is a value that is copied with the union around it. What lies in another union around
// that one as well is known to have no more bytes than the first leaf that begins there.
func (t *thread) storedWhole(i *instr, at *seat, is *typ, v value) value {
	if at.in != i.union && at.in.partly {
		t.hintf(i.pos, "assign its members one by one",
			"%s lies in %s, parts of which overlap others, and is changed as a whole", i.union, at.in)
	}
	switch {
	case at.mixed && v.kind == vUnknown:
		t.hintf(i.pos, writeNondet, "%s copies what is not known to where several types lie", i.text())
		return intValue(0)
	case at.mixed && v.tag == 0 && v.kind == vInt && at.in != i.union:
		return is.tagged(v)
	case at.mixed || v.tag == 0:
		return v
	case v.tag != is.tag():
		t.doubt(i.pos, "assign the member that was stored last", "%s copies %s to where %s is known", i.text(),
			tagNames[v.tag], is)
		return intValue(0)
	}
	v.tag = 0
	return is.of(v)
}

// loaded is a value of the cell in which r has its value, as what r is; wrong says why reading it
// has no meaning in C.
func (t *thread) loaded(i *instr, r cellRef, v value) (seen value, wrong string) {
	at := t.w.seatOf(r)
	if at == nil || v.kind == vUnset {
		return v, ""
	}
	is := t.w.cell(r).typ
	switch {
	case i.union != nil:
		if !at.mixed {
			v = is.tagged(v)
		}
		return v, ""
	case at.mixed && v.tag != 0 && v.tag != is.tag():
		t.doubt(i.pos, "read the member that was stored last", "%s is read as %s, and was stored as %s", t.w.cellName(r),
			is, tagNames[v.tag])
		return intValue(0), ""
	}
	v.tag = 0
	switch {
	case is.isBool() && v.kind == vInt && v.n != 0 && v.n != 1:
		return v, t.w.cellName(r) + " is a bool that is neither true nor false"
	case is.kind == tInt:
		v = is.of(v)
	case is.kind == tPointer && !v.isNull():
		v = t.w.retyped(v, is.elem)
	}
	return v, ""
}

// doubt refuses what depends on the values that variables have. A program that is closed over all
// of them may never come there, so it is made again and follows what is reached.
func (t *thread) doubt(pos model.Pos, hint, format string, args ...any) {
	if !t.open {
		t.large, t.hopeless = true, true
		return
	}
	t.spot(t.at).doubtful = true
	t.hintf(pos, hint, format, args...)
}

// doubtAgain has everything made anew that was refused for the values that variables had: some of
// them may have been there because something else was taken for a constant.
func (t *thread) doubtAgain() {
	for _, s := range append(slices.Clip(t.spots), t.start) {
		s.stale, s.doubtful = s.stale || s.doubtful, false
	}
}

var tagNames = map[uint8]string{
	tagInt8: "an integer of 8 bits", tagInt16: "an integer of 16 bits", tagInt32: "an integer of 32 bits",
	tagInt64:   "an integer of 64 bits",
	tagPointer: "a pointer", tagFunction: "a pointer to a function",
}

// isCovered refuses to read a cell that was never set, where something may have been stored in
// others that overlap it.
func (t *thread) isCovered(i *instr, r cellRef, v value) bool {
	at := t.w.seatOf(r)
	if v.kind != vUnset || i.union != nil || at == nil || !at.in.partly {
		return false
	}
	t.doubt(i.pos, "store it first", "%s is read, and was not stored since other members were, which overlap it in part",
		t.w.cellName(r))
	return true
}

// updatable refuses a change in one step of what shares its place with other types.
func (t *thread) updatable(i *instr, r cellRef) {
	if at := t.w.seatOf(r); at != nil && at.mixed {
		t.errorf(i.pos, "%s shares its place with what has another type, and cannot be changed by an atomic operation",
			t.w.cellName(r))
	}
}

// isMixed reports whether values of several types are in a cell.
func (w *world) isMixed(r cellRef) bool {
	at := w.seatOf(r)
	return at != nil && at.mixed
}

// targetName is how an object is called that stands for what a shared variable holds.
func (w *world) targetName(v value) string {
	switch {
	case v.kind == vInt:
		return strconv.FormatInt(v.n, 10)
	case v.kind == vFunction:
		return w.numbered[v.n].name
	}
	return "&" + w.pointerName(value{kind: v.kind, obj: v.obj, field: v.field})
}

// isAtStart reports whether a cell has the address of the object in which it is.
func (w *world) isAtStart(r cellRef) bool {
	s := w.objects[r.object].strukt
	return r.field == 0 || s != nil && s.isUnion && r.field < len(s.fields)
}
