package lower

import (
	"slices"

	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// check evaluates a check as far as it is known here. What depends on shared state stays to be
// evaluated with the next step (check, requires) or with the step before (assert).
func (t *thread) check(s *stop, i *instr) {
	if i.prim.Effect == vocabulary.Requires && t.opt.IgnoreRequires {
		return
	}
	c := s.c
	touched := map[int]bool{}
	e := t.eval(c, i.cond, touched)
	if e.known() && e.value().isTrue() {
		return
	}
	check := model.Check{Kind: i.kind, Pos: i.pos, Function: c.top().f.name, Text: t.reason(c, i), Cond: e.expr}
	if i.prim.Effect == vocabulary.Assert {
		s.asserts = append(s.asserts, check)
		return
	}
	c.checks = append(c.checks, check)
	for o := range touched {
		if root := t.w.objects[o].root; root >= 0 {
			c.alive = insert(c.alive, root)
		}
	}
}

// reason says what is wrong when the check fails, with the names of the objects where that is
// simple.
func (t *thread) reason(c *config, i *instr) string {
	cond, negated := i.cond, false
	if cond.op == condUnary && cond.bin == model.Not {
		cond, negated = cond.x, true
	}
	if cond.op == condHeld {
		if v := t.eval(c, cond.x, map[int]bool{}); v.known() && v.v.kind == vField {
			name := t.w.cellName(cellRef{v.v.obj, v.v.field})
			if negated {
				return "it holds " + name
			}
			return "it does not hold " + name
		}
	}
	return i.text() + " does not hold"
}

// evaluated is the value of a condition: known, or an expression over shared variables.
type evaluated struct {
	v    value
	expr *model.Expr // nil: v is the value
}

func (e evaluated) known() bool  { return e.expr == nil }
func (e evaluated) value() value { return e.v }

func (e evaluated) asExpr() *model.Expr {
	if e.expr != nil {
		return e.expr
	}
	n := e.v.n
	if e.v.kind == vObject {
		n = int64(e.v.obj) + 1
	}
	return &model.Expr{Op: model.Const, Const: n}
}

func (t *thread) eval(c *config, x *cond, touched map[int]bool) evaluated {
	switch x.op {
	case condOperand:
		return evaluated{v: c.read(x.value)}
	case condField, condAddr:
		return t.evalField(c, x, touched)
	case condHeld:
		return evaluated{v: boolValue(t.evalHeld(c, x, touched))}
	case condUnary:
		e := t.eval(c, x.x, touched)
		if !e.known() {
			return evaluated{expr: &model.Expr{Op: x.bin, X: e.expr}}
		}
		if x.bin == model.Not {
			return evaluated{v: boolValue(!e.v.isTrue())}
		}
		return evaluated{v: intValue(-e.v.n)}
	}
	return t.evalBinary(c, x, touched)
}

func (t *thread) evalBinary(c *config, x *cond, touched map[int]bool) evaluated {
	a := t.eval(c, x.x, touched)
	if a.known() {
		if x.bin == model.And && !a.v.isTrue() {
			return evaluated{v: intValue(0)}
		}
		if x.bin == model.Or && a.v.isTrue() {
			return evaluated{v: intValue(1)}
		}
	}
	b := t.eval(c, x.y, touched)
	if !a.known() || !b.known() {
		return evaluated{expr: &model.Expr{Op: x.bin, X: a.asExpr(), Y: b.asExpr()}}
	}
	switch x.bin {
	case model.Eq:
		return evaluated{v: boolValue(a.v == b.v)}
	case model.Ne:
		return evaluated{v: boolValue(a.v != b.v)}
	case model.And, model.Or:
		return evaluated{v: boolValue(b.v.isTrue())}
	}
	return evaluated{v: intValue(model.Apply(x.bin, a.v.n, b.v.n))}
}

func (t *thread) evalField(c *config, x *cond, touched map[int]bool) evaluated {
	base := t.eval(c, x.x, touched)
	if !base.known() {
		t.errorf(x.pos, "a check cannot follow a pointer that changes: read it into a local first")
		return evaluated{v: intValue(0)}
	}
	if base.v.kind != vObject || t.w.objects[base.v.obj].strukt != x.def {
		return evaluated{v: intValue(0)} // NULL: what should hold of it does not
	}
	ref := cellRef{base.v.obj, x.field}
	cell := t.w.cell(ref)
	touched[ref.object] = true
	if x.op == condAddr {
		if cell.typ.kind == tStruct {
			return evaluated{v: cell.init}
		}
		return evaluated{v: value{kind: vField, obj: ref.object, field: ref.field}}
	}
	if !t.assigned(ref) {
		return evaluated{v: cell.init}
	}
	return evaluated{expr: &model.Expr{Op: model.ReadVar, Var: model.VarID(cell.id)}}
}

// evalHeld decides whether the thread holds a lock, or owns a job: it always knows.
func (t *thread) evalHeld(c *config, x *cond, touched map[int]bool) bool {
	v := t.eval(c, x.x, touched)
	if !v.known() || v.v.kind != vField {
		return false
	}
	ref := cellRef{v.v.obj, v.v.field}
	cell := t.w.cell(ref)
	touched[ref.object] = true
	switch {
	case cell.typ.kind == tMutex:
		return c.holds(cell.id)
	case cell.def.owner:
		return c.owns(cell.id)
	}
	t.errorf(x.pos, "held needs a lock or a field with __attribute__((owner)), and %s is neither", t.w.cellName(ref))
	return false
}

// aliveRoots lists the reference-counted objects that a step touches: those of its checks, and its
// own.
func (t *thread) aliveRoots(c *config, object int) []model.ObjectID {
	roots := slices.Clone(c.alive)
	if root := t.w.objects[object].root; root >= 0 {
		roots = insert(roots, root)
	}
	var ids []model.ObjectID
	for _, r := range roots {
		ids = append(ids, modelID(r))
	}
	return ids
}
