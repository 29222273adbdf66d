package lower

import (
	"github.com/lockproof/lockproof/csource/syntax"
)

// layout is where the fields of a struct lie, as the ABI of x86-64 has it and GCC lays it out.
// Where an attribute says otherwise it is not known.
type layout struct {
	known       bool
	busy        bool // it is being found: a struct that holds itself has none
	size, align int64
	offsets     []int64 // by field; of a bit-field, that of the byte in which it begins
}

// layoutAttributes change where something lies.
var layoutAttributes = []string{
	"packed", "aligned", "warn_if_not_aligned", "mode", "vector_size", "ms_struct", "gcc_struct", "scalar_storage_order",
	"designated_init_size",
}

// lies reports whether attributes leave a layout as it is.
func lies(attrs []*syntax.Attr) bool {
	for _, name := range layoutAttributes {
		if syntax.FindAttr(attrs, name) != nil {
			return false
		}
	}
	return true
}

// sizeOf is what sizeof gives, when it is known.
func (u *Unit) sizeOf(t *typ) (int64, bool) {
	size, _, ok := u.extentOf(t)
	return size, ok
}

// extentOf is what sizeof and _Alignof give.
func (u *Unit) extentOf(t *typ) (size, align int64, ok bool) {
	switch {
	case t.odd:
		return 0, 0, false
	case t.bytes > 0:
		if t == floatTypes["long double"] {
			return 16, 16, true
		}
		return t.bytes, min(t.bytes, 8), true
	case t.kind == tInt:
		size = int64(t.bits+7) / 8
		return size, size, !t.bitField
	case t.kind == tPointer:
		return 8, 8, true
	case t.kind == tArray:
		size, align, ok = u.extentOf(t.elem)
		return size * t.n, align, ok && t.n >= 0
	case t.kind == tStruct:
		l := u.layoutOf(t.strukt)
		return l.size, l.align, l.known
	}
	return 0, 0, false
}

// layoutOf finds the layout of a struct at the first question.
func (u *Unit) layoutOf(s *structDef) *layout {
	if s.layout != nil {
		if s.layout.busy {
			return &layout{}
		}
		return s.layout
	}
	if !s.defined {
		return &layout{}
	}
	s.layout = &layout{busy: true}
	u.fieldTypes(s)
	s.layout = u.lay(s)
	return s.layout
}

// lay puts one field after the other. A bit-field goes on in the byte where the one before ended,
// unless it would cross a boundary of its type.
func (u *Unit) lay(s *structDef) *layout {
	l := &layout{known: lies(s.attrs), align: 1, offsets: make([]int64, len(s.fields))}
	bits := int64(0) // where the next one may begin
	for _, m := range s.members {
		if m.typ == otherType && m.unit == nil { // refused elsewhere
			return &layout{}
		}
		t, width := m.typ, int64(0)
		if m.isBitField {
			t, width = m.unit, m.width
		}
		size, align, ok := u.extentOf(t)
		if !ok || !lies(m.decl.Attrs) {
			return &layout{}
		}
		if s.isUnion {
			bits = 0
		}
		switch {
		case !m.isBitField:
			bits = up(bits, 8*align)
			if m.at >= 0 {
				l.offsets[m.at] = bits / 8
			}
			bits += 8 * size
		case width == 0:
			bits = up(bits, 8*align)
		default:
			if bits/(8*size) != (bits+width-1)/(8*size) {
				bits = up(bits, 8*align)
			}
			if m.at >= 0 {
				l.offsets[m.at] = bits / 8
			}
			bits += width
		}
		if m.at >= 0 {
			l.align = max(l.align, align)
		}
		l.size = max(l.size, (bits+7)/8)
	}
	l.size = up(l.size, l.align)
	return l
}

func up(n, to int64) int64 { return (n + to - 1) / to * to }

// partOffset is how far into an aggregate a field or an element lies. What comes first lies at its
// start, whatever else is known.
func (u *Unit) partOffset(t *typ, i int64) (int64, bool) {
	switch {
	case i == 0 && (t.kind == tArray || t.kind == tStruct && len(t.strukt.members) > 0 && t.strukt.members[0].at == 0):
		return 0, true
	case t.kind == tArray:
		size, ok := u.sizeOf(t.elem)
		return i * size, ok
	case t.kind == tStruct && i >= 0 && i < int64(len(t.strukt.fields)):
		l := u.layoutOf(t.strukt)
		if !l.known {
			return 0, false
		}
		return l.offsets[i], true
	}
	return 0, false
}

// offsetTo evaluates the second argument of offsetof: a field of t, and what lies in it.
func (u *Unit) offsetTo(t *typ, e syntax.Expr) (offset int64, of *typ, ok bool) {
	in := t
	step := func(x syntax.Expr) bool {
		offset, in, ok = u.offsetTo(t, x)
		return ok
	}
	switch e := e.(type) {
	case *syntax.Ident:
		return u.offsetOfField(t, e.Name)
	case *syntax.Member:
		if e.Arrow || !step(e.X) {
			return 0, nil, false
		}
		more, of, ok := u.offsetOfField(in, e.Name)
		return offset + more, of, ok
	case *syntax.Index:
		if !step(e.X) || in.kind != tArray {
			return 0, nil, false
		}
		i, ok := u.length(e.I)
		size, known := u.sizeOf(in.elem)
		return offset + i*size, in.elem, ok && known
	}
	return 0, nil, false
}

func (u *Unit) offsetOfField(t *typ, name string) (offset int64, of *typ, ok bool) {
	if t.kind != tStruct || !t.strukt.defined || !u.layoutOf(t.strukt).known {
		return 0, nil, false
	}
	path := t.strukt.find(name)
	for _, i := range path {
		if t.strukt.fields[i].isBitField {
			return 0, nil, false
		}
		at, known := u.partOffset(t, int64(i))
		if !known {
			return 0, nil, false
		}
		offset, t = offset+at, t.part(int64(i))
	}
	return offset, t, path != nil
}

// floatTypes cannot be modelled, but what lies beside them can.
var floatTypes = map[string]*typ{
	"float": {kind: tOther, bytes: 4}, "double": {kind: tOther, bytes: 8}, "long double": {kind: tOther, bytes: 16},
}
