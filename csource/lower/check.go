package lower

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// check tests a condition that has been evaluated. One that does not hold makes the next step one
// that fails, and check returns true.
func (t *thread) check(c *config, i *instr) bool {
	if c.read(i.a).isTrue() {
		c.alive = nil
		c.top().pc++
		return false
	}
	c.fail = &model.Check{Kind: i.kind, Pos: i.pos, Function: c.top().f.name, Text: t.reason(c, i)}
	c.seen = t.values(c, i)
	return true
}

// reason says what is wrong when a check fails, with the name of the lock or job where that is all
// that it asks for.
func (t *thread) reason(c *config, i *instr) string {
	if x := c.read(i.b); x.kind == vField {
		name := t.w.cellName(cellRef{x.obj, x.field})
		if i.negated {
			return "it holds " + name
		}
		return "it does not hold " + name
	}
	return i.condition() + " does not hold"
}

// holds decides whether the thread holds a lock, or owns a job: it always knows. To ask is to look
// at the object, which the next step does for it.
func (t *thread) holds(c *config, i *instr) bool {
	v := c.read(i.args[0])
	switch {
	case v.isNull():
		return false
	case v.kind != vField || t.w.isOutside(v):
		t.errorf(i.pos, "held needs a lock or a field with __attribute__((owner)), and %s is neither", t.show(v))
		return false
	}
	ref := cellRef{v.obj, v.field}
	for _, root := range t.roots(c, ref.object) {
		c.alive = insert(c.alive, root)
	}
	cell := t.w.cell(ref)
	switch {
	case cell.typ.kind == tMutex:
		return c.holds(cell.id)
	case cell.typ.kind == tRWLock:
		return c.rw.has(cell.id)
	case cell.def.owner:
		return c.owns(cell.id)
	}
	t.errorf(i.pos, "held needs a lock or a field with __attribute__((owner)), and %s is neither", t.w.cellName(ref))
	return false
}

// aliveRoots lists the reference-counted objects that a step touches: those at which the thread has
// looked since the step before, and its own.
func (t *thread) aliveRoots(c *config, objects ...int) []model.ObjectID {
	roots := slices.Clone(c.alive)
	for _, o := range objects {
		for _, root := range t.roots(c, o) {
			roots = insert(roots, root)
		}
	}
	var ids []model.ObjectID
	for _, r := range roots {
		ids = append(ids, modelID(r))
	}
	return ids
}
