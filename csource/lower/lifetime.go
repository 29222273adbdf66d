package lower

import (
	"slices"

	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// A lock, a condition or a semaphore that some step destroys has a hidden variable that says so. A
// step that uses it checks the variable, so whoever holds a lock or waits for it when it is
// destroyed comes to a use after that. Of a lock that nobody destroys nothing is kept.
//
// A local one without an initialiser, which no step of the program initialises, cannot be used.

// useFact is what is known of whether a lock, a condition or a semaphore may be used.
type useFact struct {
	destroyed fieldFact // whether some step destroys it
	made      fieldFact // whether some step initialises it
	variable  cellRef   // where it is whether it is destroyed
}

func (f *facts) use(r cellRef) *useFact {
	x := f.uses[r]
	if x == nil {
		x = &useFact{variable: nowhere}
		f.uses[r] = x
	}
	return x
}

// holdsLock reports whether the thread holds a lock.
func (t *thread) holdsLock(c *config, r cellRef) bool {
	switch cell := t.w.cell(r); cell.typ.kind {
	case tMutex:
		return c.holds(cell.id)
	case tRWLock:
		return c.rw.has(cell.id)
	}
	return false
}

// begun notes that something is initialised, and reports whether that is a step: where it may have
// been destroyed.
func (t *thread) begun(r cellRef) bool {
	f := t.facts.use(r)
	t.facts.change(&f.made)
	return t.changes(&f.destroyed)
}

// givesKind reports whether an initialising call is a step because it gives a lock its kind.
func (t *thread) givesKind(c *config, i *instr, r cellRef) bool {
	switch i.prim.Effect {
	case vocabulary.MutexInit:
		return t.initialises(r, t.kindGiven(c, i))
	case vocabulary.RWInit:
		return t.initialises(r, t.rwKind(c, i))
	}
	return i.prim.Effect == vocabulary.SemInit
}

// endVariable is the variable that says whether something is destroyed, made at first use.
func (t *thread) endVariable(r cellRef) int {
	f := t.facts.use(r)
	if f.variable == nowhere {
		o := &object{in: nowhere, parent: r.object, root: t.w.objects[r.object].root, memory: -1}
		def := &fieldDef{name: t.w.cellName(r) + ".destroyed", pos: t.w.cell(r).def.pos, typ: atomicOf(intType)}
		o.cells = []cell{{def: def, typ: def.typ, id: len(t.w.vars), init: intValue(0)}}
		f.variable = cellRef{len(t.w.objects), 0}
		t.w.objects = append(t.w.objects, o)
		t.w.vars = append(t.w.vars, f.variable)
	}
	v := t.w.cell(f.variable).id
	t.facts.admit(v, 0)
	t.facts.admit(v, 1)
	return v
}

// destroyNode is the step that destroys something.
func (t *thread) destroyNode(c *config, n *model.Node, r cellRef) {
	t.facts.change(&t.facts.use(r).destroyed)
	t.setEnd(c, n, r, 1)
	t.one(n, t.after(c, intValue(0), nil))
}

func (t *thread) setEnd(c *config, n *model.Node, r cellRef, to int64) {
	n.Op, n.Var, n.Value, n.Object, n.Alive = model.OpStore, model.VarID(t.endVariable(r)), to, modelID(r.object),
		t.aliveRoots(c, r.object)
	n.Atomic = true
}

// remakes reports whether the step is the one after which something may be used again.
func (t *thread) remakes(c *config, i *instr) bool {
	switch i.prim.Effect {
	case vocabulary.Init, vocabulary.MutexInit, vocabulary.RWInit, vocabulary.SemInit:
		v := c.read(i.args[0])
		return c.phase == running && t.changes(&t.facts.use(cellRef{v.obj, v.field}).destroyed)
	}
	return false
}

// remakeNode is that step. The kind of a lock, or the number of a semaphore, is set in another one.
func (t *thread) remakeNode(c *config, n *model.Node, i *instr, r cellRef) {
	t.setEnd(c, n, r, 0)
	if !t.givesKind(c, i, r) {
		t.one(n, t.after(c, intValue(0), nil))
		return
	}
	d := c.clone()
	d.phase, d.alive, d.restarts = remade, nil, 0
	t.one(n, []model.Edge{{To: t.intern(d)}})
}

// usable lets a step fail that uses what was destroyed, or was never initialised.
func (t *thread) usable(n *model.Node, c *config, i *instr) {
	if n.Op == model.OpFail || n.Op == model.OpSleep {
		return
	}
	for k, a := range i.args {
		if k >= len(i.prim.Params) {
			break
		}
		kind := i.prim.Params[k]
		if !worksOn(kind) || c.phase != running && kind == vocabulary.Cond {
			continue // who sleeps on a condition may wake up when it is gone
		}
		v := c.read(a)
		r := cellRef{v.obj, v.field}
		f, cell := t.facts.use(r), t.w.cell(r)
		if cell.raw && !begins(i.prim.Effect) && !t.changes(&f.made) {
			*n = model.Node{
				Op: model.OpFail, Object: n.Object, Lock: model.None, Cond: model.None, Var: model.None,
				Alive: n.Alive, Pos: n.Pos,
			}
			fails(n, model.Undefined, "%s is used, and was never initialised", t.w.cellName(r))
			return
		}
		if t.changes(&f.destroyed) {
			n.Checks = append(slices.Clip(n.Checks), model.Check{
				Kind: model.UseAfterRelease, Pos: n.Pos, Text: t.w.cellName(r) + " is used after it was destroyed",
				Cond: &model.Expr{
					Op: model.Eq, X: &model.Expr{Op: model.ReadVar, Var: model.VarID(t.endVariable(r))},
					Y: &model.Expr{Op: model.Const},
				},
			})
		}
	}
}

// begins reports whether a call begins the use of something.
func begins(e vocabulary.Effect) bool {
	switch e {
	case vocabulary.Init, vocabulary.MutexInit, vocabulary.RWInit, vocabulary.SemInit, vocabulary.BarrierInit:
		return true
	}
	return false
}
