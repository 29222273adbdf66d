package lower

import (
	"github.com/lockproof/lockproof/model"
)

// memory carries out an access to a field or through a pointer when it is local, and reports
// whether it is a step.
func (t *thread) memory(c *config, i *instr) bool {
	base := c.read(i.a)
	if base.isNull() {
		t.null(c, i)
		return true
	}
	if base.kind == vAddress {
		return t.throughAddress(c, i, base)
	}
	if i.op == iStorePtr && t.w.isText(base) {
		t.undefined(c, i, "%s changes a text", i.text())
		return true
	}
	if t.w.isOutside(base) {
		t.outside(c, i, base)
		return true
	}
	if base.kind == vDangling {
		t.dangling(c, i, base)
		return true
	}
	ref, ok := t.cellOf(i, base)
	if !ok {
		c.local(intValue(0))
		return false
	}
	cell := t.w.cell(ref)
	t.mustBe(i, cell.typ)
	if i.op != iField && i.union == nil {
		t.w.touches(i.pos, ref)
	}
	at := t.w.seated(ref)
	switch i.op {
	case iField:
		if cell.typ.isAggregate() {
			c.local(cell.init)
		} else {
			c.local(value{kind: vField, obj: ref.object, field: ref.field})
		}
		return false
	case iLoad, iLoadPtr:
		v, known := t.w.cell(at).init, false
		if f := t.frameOf(c, at); f != nil {
			v, known = f.slots.get(t.w.cell(at).slot), true
			if t.isCovered(i, ref, v) {
				c.local(intValue(0))
				return false
			}
			if v.kind == vUnset && !i.whole {
				t.undefined(c, i, "%s is used before it is set", t.w.cellName(ref))
				return true
			}
		}
		if known || !t.assigned(at) && (t.livesHere(c, ref.object) || !t.mortal(ref.object)) && v.kind != vUnset {
			v, wrong := t.loaded(i, ref, v)
			if wrong != "" {
				t.undefined(c, i, "%s", wrong)
				return true
			}
			c.local(v)
			return false
		}
	case iStore, iStorePtr:
		if cell.isConst && !i.begins {
			t.changesConst(c, i, ref)
			return true
		}
		if f := t.frameOf(c, at); f != nil {
			f.slots.set(t.w.cell(at).slot, t.stored(i, ref, c.read(i.b)))
			c.local(value{})
			return false
		}
	}
	return true
}

// own is the thread's own object where v stands for it.
func (t *thread) own(v value) value {
	if v.kind == vThread {
		return objectValue(t.w.perThread[t.self()-1])
	}
	return v
}

// cellOf finds the field that an access means.
func (t *thread) cellOf(i *instr, base value) (cellRef, bool) {
	base = t.own(base)
	if base.kind == vField && (i.op == iLoadPtr || i.op == iStorePtr) {
		return cellRef{base.obj, base.field}, true
	}
	if base.kind != vObject || i.op == iLoadPtr || i.op == iStorePtr {
		t.errorf(i.pos, "%s follows something that is not an object", i.text())
		return cellRef{}, false
	}
	o := t.w.objects[base.obj]
	if o.strukt != i.strukt {
		t.errorf(i.pos, "%s takes %s for a %s, and it is a %s", i.text(), o.name, i.strukt, t.w.typeName(base.obj))
		return cellRef{}, false
	}
	return cellRef{base.obj, i.field}, true
}

// mustBe refuses to read or write an integer through a pointer to another type.
func (t *thread) mustBe(i *instr, is *typ) {
	if i.typ != nil && (i.typ.kind == tInt || is.kind == tInt) && !i.typ.is(is) {
		t.errorf(i.pos, "%s takes %s for %s: the bytes of integers are not known", i.text(), is, i.typ)
	}
}

// null makes the next step one that fails because it follows NULL.
func (t *thread) null(c *config, i *instr) {
	c.fail = &model.Check{Kind: model.NullVM, Pos: i.pos, Text: i.text() + " follows a NULL pointer"}
}

// followsNull reports whether an argument of a primitive is NULL that may not be, and then makes
// the next step fail.
func (t *thread) followsNull(c *config, i *instr) bool {
	for n, a := range i.args {
		if i.prim.Follows(n) && c.read(a).isNull() {
			t.null(c, i)
			return true
		}
	}
	return false
}
