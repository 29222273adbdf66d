package lower

import (
	"fmt"

	"github.com/lockproof/lockproof/model"
)

// Memory that threads allocate comes from pools: one for each thread, call site and way to get
// there. What a pool gives is never given again, so a pointer that was freed never points to
// something else, and which object a call returns is known when the program is built. An object
// exists from the start and nobody can see it before it is returned: allocating is no step.
//
// Freeing is one. It drops the only reference of a hidden count, `allocated`, and every later use
// is one after release.

// pool is what one call site gives one thread.
type pool struct {
	id      int
	strukt  *structDef // of each object
	objects []int
}

// made is how many objects of a pool a thread has.
type made struct{ pool, count int }

const maxMade = 16 // objects of one pool

// pool finds the pool of the call at which a thread stands. Another number of objects that lie side
// by side is another pool.
func (t *thread) pool(c *config, i *instr) *pool {
	n := c.read(i.args[0]).n
	key := fmt.Sprint(t.self(), " ", n)
	for i := range c.frames {
		key += fmt.Sprintf(" %s:%d", c.frames[i].f.name, c.frames[i].pc)
	}
	p := t.poolOf(key)
	switch {
	case p.strukt != nil:
	case n != 1:
		p.strukt = holderOf(arrayOf(i.typ, n), i.pos)
	case i.typ.kind == tStruct:
		p.strukt = i.typ.strukt
	default:
		p.strukt = holderOf(i.typ, i.pos)
	}
	return p
}

func (t *thread) poolOf(key string) *pool {
	p := t.w.pools[key]
	if p == nil {
		t.meter.Take(len(key) + 100)
		p = &pool{id: len(t.w.pools)}
		t.w.pools[key], t.w.poolsByID = p, append(t.w.poolsByID, p)
	}
	return p
}

// count is how many objects of a pool the thread has, and where that stands in made.
func (c *config) count(p *pool) (int, int) {
	for i, m := range c.made {
		if m.pool == p.id {
			return m.count, i
		}
	}
	return 0, -1
}

// makes counts one more object of a pool, and returns how many there were before.
func (c *config) makes(p *pool) int {
	n, at := c.count(p)
	if at < 0 {
		c.made = append(c.made, made{p.id, 0})
		for at = len(c.made) - 1; at > 0 && c.made[at-1].pool > p.id; at-- {
			c.made[at] = c.made[at-1]
		}
	}
	c.made[at] = made{p.id, n + 1}
	return n
}

// exhausted is the failure of a call that allocates more than its pool may give: a limit.
func (t *thread) exhausted(c *config, i *instr) *model.Check {
	if n, _ := c.count(t.pool(c, i)); n < maxMade {
		return nil
	}
	return &model.Check{
		Kind: model.AllocationsExceeded, Pos: i.pos, Text: fmt.Sprintf("%s makes more than %d objects in one thread",
			i.text(), maxMade),
	}
}

// allocate gives the next object of the pool.
func (t *thread) allocate(c *config, i *instr) {
	p := t.pool(c, i)
	n := c.makes(p)
	if n == len(p.objects) {
		t.w.heap++
		o := t.w.instance(p.strukt, fmt.Sprintf("%s#%d", p.strukt.name(), t.w.heap), -1, 0)
		t.w.allocated(o)
		t.w.objects[o].made = i.pos
		if !i.prim.Zeroed() {
			t.w.unset(o)
		}
		p.objects = append(p.objects, o)
	}
	switch o := p.objects[n]; {
	case p.strukt == i.typ.strukt:
		c.local(objectValue(o))
	case p.strukt.fields[0].typ.kind == tArray && p.strukt.fields[0].name == "":
		c.local(t.w.element(t.w.objects[o].cells[0].init.obj, 0))
	default:
		c.local(value{kind: vField, obj: o, field: 0})
	}
}

// allocated lets an object be freed. One with a reference count is freed with its last reference.
func (w *world) allocated(o int) {
	if s := w.objects[o].strukt; s.refcount < 0 && w.objects[o].memory < 0 && w.count(s.pos, 1) {
		w.canEnd(o, s.pos)
	}
}

// canEnd gives an object the hidden count of one reference.
func (w *world) canEnd(o int, pos model.Pos) {
	obj := w.objects[o]
	obj.memory = len(obj.cells)
	def := &fieldDef{name: "allocated", pos: pos, typ: intType, refcount: true}
	obj.cells = append(obj.cells, cell{def: def, typ: intType, id: len(w.vars), init: intValue(1)})
	w.vars = append(w.vars, cellRef{o, obj.memory})
}

// unset takes from the fields of an object, and from what lies in it, the values that they start
// with: malloc leaves them as they are.
func (w *world) unset(o int) {
	for i := range w.objects[o].cells {
		switch c := &w.objects[o].cells[i]; {
		case c.typ.kind == tMutex || c.typ.kind == tCond || c.typ.kind == tRWLock:
			c.raw = true
		case c.def.refcount || c.def.listed:
		case c.typ.isAggregate():
			w.unset(c.init.obj)
		default:
			c.init = value{}
		}
	}
}

// block is the allocated object at whose address a pointer points, -1 when there is none: an object
// begins where its first field does.
func (w *world) block(v value) int {
	if v.kind != vObject && (v.kind != vField || !w.isAtStart(cellRef{v.obj, v.field})) || w.isOutside(v) {
		return -1
	}
	o := v.obj
	if at := w.objects[w.enclosing(o)]; at.scope != nil || at.ofThread > 0 {
		return -1
	}
	for w.objects[o].memory < 0 {
		parent := w.objects[o].parent
		if parent < 0 || !w.embedded(o) || w.objects[o].in.object != parent || !w.isAtStart(w.objects[o].in) {
			return -1
		}
		o = parent
	}
	return o
}

// embedded reports whether an object lies in its parent, and was not made for a pointer of it.
func (w *world) embedded(o int) bool {
	obj := w.objects[o]
	return obj.parent >= 0 && obj.memory < 0 && (obj.strukt == nil || obj.strukt.refcount < 0)
}

// roots lists what must not have been freed when an object is touched. What lies in a scope in
// which the thread is lives.
func (t *thread) roots(c *config, o int) []int {
	var roots []int
	if root := t.w.objects[o].root; root >= 0 {
		roots = append(roots, root)
	}
	if !t.livesHere(c, o) && t.mortal(o) {
		roots = insert(roots, t.w.enclosing(o))
	}
	return roots
}

// enclosing is the outermost object in which one lies.
func (w *world) enclosing(o int) int {
	for w.embedded(o) {
		o = w.objects[o].parent
	}
	return o
}

// mortal reports whether somebody may free an object by hand, or ends the thread whose variables
// are in it: then even reading a constant in it is a step.
func (t *thread) mortal(o int) bool {
	at := t.w.enclosing(o)
	if t.w.objects[at].ofThread > 0 {
		t.facts.change(t.facts.visited(at))
	}
	return t.w.objects[at].memory >= 0 && t.changes(t.facts.lifetime(at))
}

// modelRoot is the object with which one is freed, -1 when nobody frees it.
func (p *assembly) modelRoot(o int) int {
	if at := p.enclosing(o); p.facts.isFreed(at) {
		return at
	}
	return p.objects[o].root
}

// frees reports whether free is a step here; of NULL it is none.
func (t *thread) frees(c *config, i *instr, v value) bool {
	if v.isNull() {
		c.local(value{})
		return false
	}
	if t.w.isCounted(v) {
		t.hintf(i.pos, "drop the reference instead", "%s frees %s, which is freed with its last reference", i.text(),
			t.w.objects[v.obj].name)
		c.local(value{})
		return false
	}
	if t.w.block(v) >= 0 {
		return true
	}
	c.fail = &model.Check{
		Kind: model.BadFree, Pos: i.pos,
		Text: fmt.Sprintf("%s frees %s, which was not allocated", i.text(), t.show(v)),
	}
	return true
}

// freeNode builds the step that gives memory back: by hand, or when the last reference is gone.
// Locks in it are gone with it.
func (t *thread) freeNode(c *config, n *model.Node, o int) {
	t.facts.change(t.facts.lifetime(o))
	n.Op, n.Object, n.Var = model.OpUnref, modelID(o), model.VarID(t.w.cell(cellRef{o, t.w.objects[o].memory}).id)
	n.Alive = t.aliveRoots(c, o)
	if what := t.heldIn(c, o); what != "" {
		n.Op, n.Var = model.OpFail, model.None
		fails(n, model.Undefined, "%s is freed, and %s is still held", t.w.objects[o].name, what)
		return
	}
	result := value{}
	if c.disposed > 0 {
		result = t.counted(c.instr(), o, 0)
	}
	n.Out = []model.Outcome{{When: 0, Next: t.after(c, result, func(d *config) { d.disposed = 0 })}}
}

// unset leads to the failure of a load that finds nothing: in memory as it was allocated, or copied
// from there.
func (t *thread) unset(c *config, i *instr, r cellRef) []model.Edge {
	return t.failing(c, i, model.Undefined, "%s is read, and what is in it was never set", t.w.cellName(r))
}
