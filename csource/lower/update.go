package lower

import (
	"github.com/lockproof/lockproof/model"
)

// update is a change of a variable that reads and writes it in one step.
type update struct {
	op      string // an operator of C, nand, = for another value whatever is there, or same for none
	in      *typ   // in which an operator computes
	ifEqual bool   // only where the value is the expected one, the instruction's first argument
	after   bool   // the result is what is there then, not what was there before
}

// apply is what becomes of a value of type t. Arithmetic that does not fit wraps round, as C11 says
// of atomic functions; false when it has no result.
func (u *update) apply(t *typ, old, y, expected value) (value, bool) {
	switch {
	case u.ifEqual && (old.kind == vUnknown || expected.kind == vUnknown):
		return old, false
	case u.op == "same", u.ifEqual && old != expected:
		return old, true
	case u.op == "=":
		return y, true
	case old.kind == vUnknown || y.kind == vUnknown:
		return value{kind: vUnknown}, true
	case u.op == "nand":
		return t.of(intValue(^(old.n & y.n))), true
	}
	n, ok := u.in.apply(u.op, u.in.wrap(old.n), y.n)
	return t.of(intValue(n)), ok || u.op == "+" || u.op == "-" || u.op == "*"
}

// looks reports whether an update only reads: it is no store.
func (u *update) looks(old, expected value) bool {
	return u.op == "same" || u.ifEqual && old != expected
}

// result is what the instruction gives.
func (u *update) result(old, set value) value {
	if u.after {
		return set
	}
	return old
}

// updates carries out an update of a local variable, and reports whether it is one of a shared one:
// a step.
func (t *thread) updates(c *config, i *instr) bool {
	at := c.read(i.a)
	if t.w.isOutside(at) {
		t.outside(c, i, at)
		return true
	}
	switch at.kind {
	case vInt:
		if !at.isNull() {
			break
		}
		t.null(c, i)
		return true
	case vField:
		r := cellRef{at.obj, at.field}
		t.updatable(i, r)
		t.w.touches(i.pos, r)
		if t.w.isText(at) {
			return t.updateText(c, i, r)
		}
		if t.w.cell(r).isConst {
			t.changesConst(c, i, r)
			return true
		}
		r = t.w.seated(r)
		f := t.frameOf(c, r)
		if f == nil {
			return true
		}
		return t.updateSlot(c, i, f, t.w.cell(r).slot)
	case vDangling:
		t.dangling(c, i, at)
		return true
	}
	t.errorf(i.pos, "%s follows something that is not a variable", i.text())
	c.local(intValue(0))
	return false
}

// updateText is an update of a character of a text, which may be read and not changed. It reports
// whether that is a step: one that fails.
func (t *thread) updateText(c *config, i *instr, r cellRef) bool {
	cell := t.w.cell(r)
	t.mustBe(i, cell.typ)
	if i.update.op != "same" {
		t.undefined(c, i, "%s changes a text", i.text())
		return true
	}
	c.local(cell.init)
	return false
}

// updateSlot updates a local variable, and reports whether that is a step: one that fails.
func (t *thread) updateSlot(c *config, i *instr, f *frame, slot int) bool {
	t.mustBe(i, f.f.slots[slot].typ)
	old := f.slots.get(slot)
	if old.kind == vUnset {
		t.undefined(c, i, "%s is used before it is set", f.f.slots[slot].name)
		return true
	}
	set, ok := i.update.apply(i.typ, old, c.read(i.b), c.read(i.args[0]))
	if !ok {
		t.noUpdate(c, i, old, c.read(i.b))
		return true
	}
	f.slots.set(slot, set)
	c.local(i.update.result(old, set))
	return false
}

// noUpdate makes the next step fail, for an update has no result, and refuses one of which that is
// not known.
func (t *thread) noUpdate(c *config, i *instr, old, y value) {
	if i.update.ifEqual {
		t.hintf(i.pos, "compare it before", "%s compares a number that is not known", i.text())
	}
	t.undefined(c, i, "%s has no result for %d and %d", i.update.op, old.n, y.n)
}

func (t *thread) updateNode(c *config, n *model.Node, i *instr) {
	at := c.read(i.a)
	r := t.w.seated(cellRef{at.obj, at.field})
	cell := t.w.cell(r)
	n.Op, n.Var, n.Object = model.OpUpdate, model.VarID(cell.id), modelID(r.object)
	n.Alive = t.aliveRoots(c, r.object)
	t.guard(c, n, cellRef{at.obj, at.field})
	t.mustBe(i, cell.typ)
	y := c.read(i.b)
	switch {
	case cell.def.refcount || cell.def.listed || cell.def.owner:
		t.errorf(i.pos, "%s has a role by its attribute, and cannot be changed by an atomic operation", t.w.cellName(r))
		return
	case t.w.isLocal(y):
		t.becomesKnown(n, y)
		return
	case y.kind != vInt && y.kind != vObject && y.kind != vField && y.kind != vUnknown || cell.typ.isNumber(y):
		t.errorf(i.pos, "only integers and pointers to what is shared can be kept in shared variables")
		return
	}
	t.facts.assign(t.w.fieldKey(r))
	for _, x := range t.valuesOf(cell.id) {
		old := t.decode(cell.id, x)
		if old.kind == vUnset {
			n.Out = append(n.Out, model.Outcome{When: x, Set: x, Next: t.unset(c, i, r)})
			continue
		}
		set, ok := i.update.apply(i.typ, old, y, c.read(i.args[0]))
		if !ok {
			d := c.clone()
			t.noUpdate(d, i, old, y)
			n.Out = append(n.Out, model.Outcome{When: x, Set: x, Next: t.edges(d)})
			continue
		}
		o := model.Outcome{When: x, Set: t.w.encode(set), Looks: i.update.looks(old, c.read(i.args[0]))}
		t.mayStore(i, set)
		if t.facts.admit(cell.id, o.Set) {
			o.Next = t.after(c, i.update.result(old, set), nil)
		} else {
			o.Set, o.Next = x, t.exceeds(c, r)
		}
		n.Out = append(n.Out, o)
	}
}

// exceeds leads to a step that would take a variable out of the values that it may have.
func (t *thread) exceeds(c *config, r cellRef) []model.Edge {
	return t.failing(c, c.instr(), model.RangeExceeded, "%s takes more values than there is room for", t.w.cellName(r))
}
