package lower

import (
	"cmp"
	"maps"
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// Of a struct that has a function for the last of its references the count and the memory are two
// things, as in C. The step that takes the count to 0 is followed by a call of the function, in the
// same thread, and then by the step that frees the object. In between the object is there, and has
// no references: whoever takes or drops one has none.

// findDisposers finds the functions that are called when the last reference is gone.
func (u *Unit) findDisposers() {
	byPlace := func(a, b *structDef) int {
		return cmp.Or(cmp.Compare(a.pos.File, b.pos.File), cmp.Compare(a.pos.Line, b.pos.Line),
			cmp.Compare(a.pos.Col, b.pos.Col))
	}
	for _, s := range slices.SortedFunc(maps.Values(u.structs), byPlace) {
		for _, d := range s.fields {
			switch {
			case d.dispose == nil:
			case !d.refcount:
				u.errorf(d.pos, "dispose stands beside refcount, and %s has none", d.name)
			case s.isUnion:
				u.errorf(d.pos, "a union cannot be counted")
			default:
				s.dispose = u.disposer(s, d.dispose)
			}
		}
	}
}

func (u *Unit) disposer(s *structDef, e syntax.Expr) *function {
	t := pointerTo(&typ{kind: tStruct, strukt: s})
	if id, ok := e.(*syntax.Ident); ok {
		if f := u.functions[id.Name]; f != nil && len(f.params) == 1 && assignable(f.params[0], t) && f.result.kind == tVoid {
			return f
		}
	}
	u.errorf(e.Pos(), "dispose needs a function of the suite that takes %s and returns nothing", t)
	return nil
}

// mayDispose notes that a call may come to what is called when the last reference is gone.
func (b *body) mayDispose(p *vocabulary.Function, t *typ, pos model.Pos) {
	if p.Effect != vocabulary.Unref {
		return
	}
	if s := t.pointsToStruct(); s != nil && s.dispose != nil {
		b.f.callees = append(b.f.callees, callSite{s.dispose, pos})
	}
}

// isCounted reports whether a pointer leads to an object with a reference count.
func (w *world) isCounted(v value) bool {
	if v.kind != vObject || w.objects[v.obj].strukt == nil {
		return false
	}
	s := w.objects[v.obj].strukt
	return s.refcount >= 0 || s.counted >= 0
}

// countedNode builds the step that takes or drops a reference to an object for whose last one there
// is a function.
func (t *thread) countedNode(c *config, n *model.Node, i *instr, o int) {
	r := cellRef{o, t.w.objects[o].strukt.counted}
	v := t.w.cell(r).id
	t.facts.assign(t.w.fieldKey(r))
	n.Op, n.Var, n.Object = model.OpUpdate, model.VarID(v), modelID(o)
	n.Alive = t.aliveRoots(c, o)
	t.guard(c, n, r)
	none := model.Check{
		Kind: model.UseAfterRelease, Pos: n.Pos,
		Text: t.w.objects[o].name + " has no reference left, and is being disposed of",
		Cond: &model.Expr{
			Op: model.Ne, X: &model.Expr{Op: model.ReadVar, Var: model.VarID(v)}, Y: &model.Expr{Op: model.Const},
		},
	}
	n.Checks = append(slices.Clip(n.Checks), none)
	if i.prim.Effect == vocabulary.Ref {
		n.Op = model.OpRef
		t.site(v, c)
		for _, x := range t.valuesOf(v) {
			if x >= 2 {
				n.Out = append(n.Out, model.Outcome{When: x, Next: t.after(c, t.counted(i, o, x), nil)})
			}
		}
		return
	}
	for _, x := range t.valuesOf(v) {
		switch {
		case x == 1:
			n.Out = append(n.Out, model.Outcome{When: x, Next: t.disposing(c, i, o)})
		case x == 0: // the check fails
			n.Out = append(n.Out, model.Outcome{When: x, Set: x, Next: t.after(c, t.counted(i, o, x), nil)})
		default:
			n.Out = append(n.Out, model.Outcome{When: x, Set: x - 1, Next: t.after(c, t.counted(i, o, x-1), nil)})
		}
	}
}

// counted is what taking or dropping a reference gives when so many are left.
func (t *thread) counted(i *instr, o int, left int64) value {
	switch i.prim.Result {
	case vocabulary.Alive:
		return boolValue(left > 0)
	case vocabulary.SameObject:
		return objectValue(o)
	}
	return intValue(left)
}

// disposing calls the function for an object whose last reference is gone.
func (t *thread) disposing(c *config, i *instr, o int) []model.Edge {
	to := t.w.objects[o].strukt.dispose
	d := c.clone()
	d.phase, d.seen, d.alive, d.restarts = running, nil, nil, 0
	if d.fail = t.tooDeep(d, i, to); d.fail == nil {
		from := d.top()
		path := t.w.pathOf(callPath{from.path, instant{f: from.f, pc: from.pc}, to})
		f := frame{f: to, slots: newSlots(len(to.slots)), dst: -1, path: path, disposes: o + 1}
		f.slots.set(to.starts[0], to.params[0].of(objectValue(o)))
		d.frames = append(d.frames, f)
	}
	return t.edges(d)
}
