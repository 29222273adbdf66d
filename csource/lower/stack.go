package lower

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A local variable for which threads wait, or whose address is stored where others can find it, is
// an object of the program for as long as its scope lasts: using it is a step, and so is the end of
// its scope, after which whoever touches it does so after release. It comes to life without a step,
// for nobody can know it before; what is constant in its initialiser is in it then.
//
// Lowering takes a variable for private until it finds a step that stores its address. Then the
// places at which it came to life are made anew.

// knownHome is a home in a call of a thread.
type knownHome struct {
	thread int
	localObject
}

func (f *facts) home(k knownHome) *fieldFact {
	x := f.known[k]
	if x == nil {
		x = &fieldFact{}
		f.known[k] = x
	}
	return x
}

func (f *frame) life(home int) int {
	if f.lives == nil {
		return -1
	}
	return f.lives[home] - 1
}

// isKnown reports whether others may know a home of the innermost call.
func (t *thread) isKnown(c *config, home int) bool {
	f := c.top()
	return f.f.homes[home].slot < 0 || t.changes(t.facts.home(knownHome{t.number, localObject{f.path, home}}))
}

// becomesKnown is a step that stores the address of a private variable: it is private no longer.
func (t *thread) becomesKnown(n *model.Node, v value) {
	n.Op, n.Var = model.OpFail, model.None
	n.Checks = append(slices.Clip(n.Checks), *t.shares(v))
}

// shares notes that others may know the address of a private variable. Where it was private until
// then nobody comes any more.
func (t *thread) shares(v value) *model.Check {
	o := t.w.objects[v.obj]
	for o.in.object >= 0 {
		o = t.w.objects[o.in.object]
	}
	t.facts.change(t.facts.home(knownHome{t.number, o.local}))
	return &model.Check{Kind: model.Unexplored, Text: "a step was not lowered"}
}

// begins lets a home come to life where it is declared, and reports whether that is a step: one
// that fails.
func (t *thread) begins(c *config, i *instr) bool {
	f, h := c.top(), &c.top().f.homes[i.field]
	switch {
	case t.isKnown(c, i.field):
		if f.life(i.field) >= 0 {
			t.errorf(i.pos, "%s is declared again in a block that was not left: put what is repeated in a block of its own",
				h.name)
		} else if !t.comesToLife(c, i.field, true) {
			return true
		}
	default:
		t.setHome(c, i.field, value{})
	}
	c.local(value{})
	return false
}

// setHome gives all scalars of a private home one value.
func (t *thread) setHome(c *config, home int, v value) {
	f := c.top()
	for k := range f.f.homes[home].content {
		f.slots.set(f.f.homes[home].slot+k, v)
	}
}

func (t *thread) clearHome(c *config, i *instr) {
	if c.top().life(i.field) < 0 {
		t.setHome(c, i.field, intValue(0))
	}
	c.local(value{})
}

// homeOf is the object of a home whose address is asked for; false where that is a step that fails.
// Its declaration may have been jumped over.
func (t *thread) homeOf(c *config, i *instr) (o int, ok bool) {
	f := c.top()
	if f.life(i.field) < 0 {
		if !t.isKnown(c, i.field) {
			return t.w.homeObject(localObject{f.path, i.field}, f.f), true
		}
		if !t.comesToLife(c, i.field, false) {
			return 0, false
		}
	}
	return f.life(i.field), true
}

// comesToLife takes the next object of the home's pool: false where there is none.
func (t *thread) comesToLife(c *config, home int, declared bool) bool {
	f := c.top()
	h := &f.f.homes[home]
	if h.typ.holds(hasRole) {
		t.errorf(h.pos, "%s can be seen by other threads, and has a field with a role by its attribute: let it exist from "+
			"the start", h.name)
	}
	p := t.poolOf(fmt.Sprintf("%d %d %d %t", t.self(), f.path, home, declared))
	n, _ := c.count(p)
	if n >= maxMade {
		c.fail = &model.Check{
			Kind: model.AllocationsExceeded, Pos: h.pos, Text: fmt.Sprintf("%s comes to life more than %d times in one thread",
				h.name, maxMade),
		}
		return false
	}
	if n == len(p.objects) {
		p.objects = append(p.objects, t.w.scopeObject(f.f, h, t.self(), declared, p))
	}
	if f.lives == nil {
		f.lives = make([]int, len(f.f.homes))
	}
	f.lives[home] = p.objects[n] + 1
	return true
}

// scopeObject makes an object of a local variable that others can see.
func (w *world) scopeObject(f *function, h *home, thread int, declared bool, p *pool) int {
	name := fmt.Sprintf("%s.%s@%d", f.name, h.name, thread)
	if w.scopes[name]++; w.scopes[name] > 1 {
		name += fmt.Sprintf("#%d", w.scopes[name])
	}
	id := w.variableObject(h, name, f.name+"."+h.name)
	for _, o := range w.objects[id+1:] {
		if o.parent < 0 {
			o.parent = id
		}
	}
	o := w.objects[id]
	if o.scope = p; len(o.cells) == 0 {
		return id
	}
	k := 0
	w.eachScalar(id, func(c *cell) {
		set := declared && k < len(h.content) // after an error there may be more: see homeObject
		switch {
		case c.typ.kind == tMutex || c.typ.kind == tCond || c.typ.kind == tRWLock:
			if set {
				c.beginAs(h.content[k].n)
			}
			c.raw = !set || h.content[k].kind == vUnset
		case set:
			c.init = h.content[k]
		default:
			c.init = value{}
		}
		k++
	})
	w.canEnd(id, h.pos)
	return id
}

// livesHere reports whether an object lies in a scope in which the thread is.
func (t *thread) livesHere(c *config, o int) bool {
	o = t.w.enclosing(o)
	switch at := t.w.objects[o]; {
	case at.ofThread > 0:
		return t.self() == at.ofThread
	case at.scope == nil:
		return false
	}
	for i := range c.frames {
		if slices.Contains(c.frames[i].lives, o+1) {
			return true
		}
	}
	return false
}

// ends ends the scope of a home, and reports whether that is a step. A private one is gone at once.
func (t *thread) ends(c *config, home int) bool {
	f := c.top()
	if f.life(home) >= 0 {
		return true
	}
	gone := localObject{f.path, home}
	c.forget(value{}, value{kind: vDangling, n: 1}, func(v value) bool {
		return t.w.isLocal(v) && t.w.objects[v.obj].local == gone
	})
	return false
}

// endsLast reports whether a home of the innermost call is alive that others may see: it ends
// before the call does.
func (t *thread) endsLast(c *config) bool { return c.top().lastLife() >= 0 }

// lastLife is the last home of a call that is alive and that others may see, -1 when there is none.
func (f *frame) lastLife() int {
	for h := len(f.lives) - 1; h >= 0; h-- {
		if f.lives[h] > 0 {
			return h
		}
	}
	return -1
}

// lastAlive is the innermost call of which a home is alive that others may see, -1 when there is
// none.
func (c *config) lastAlive() int {
	k := len(c.frames) - 1
	for k >= 0 && c.frames[k].lastLife() < 0 {
		k--
	}
	return k
}

// endNode builds the step that ends the scope of a home.
func (t *thread) endNode(c *config, n *model.Node) {
	in, i := c.lastAlive(), c.instr()
	home, gone := c.frames[in].lastLife(), value{kind: vDangling}
	if i.op == iGone {
		home, gone.n = i.field, 1
	}
	o := c.frames[in].life(home)
	n.Object = modelID(o)
	n.Alive = t.aliveRoots(c)
	if what := t.heldIn(c, o); what != "" {
		n.Op = model.OpFail
		fails(n, model.LockLeak, "the scope of %s ends, and %s is still held", t.w.objects[o].name, what)
		return
	}
	t.facts.change(t.facts.lifetime(o))
	n.Op, n.Var = model.OpUnref, model.VarID(t.w.cell(cellRef{o, t.w.objects[o].memory}).id)
	d := c.clone()
	d.phase, d.alive, d.restarts = running, nil, 0
	d.frames[in].lives[home] = 0
	d.forget(value{}, gone, func(v value) bool {
		return (v.kind == vObject || v.kind == vField || v.kind == vAddress) && t.w.enclosing(v.obj) == o
	})
	d.makes(t.w.objects[o].scope)
	n.Out = []model.Outcome{{When: 0, Next: t.edges(d)}}
}

// heldIn names a lock in an object that the thread holds, "" when there is none.
func (t *thread) heldIn(c *config, o int) string {
	for _, l := range c.held {
		if r := t.w.locks[l]; t.w.enclosing(r.object) == o {
			return t.w.cellName(r)
		}
	}
	for _, v := range c.rw.all() {
		if r := t.w.vars[v]; t.w.enclosing(r.object) == o {
			return t.w.cellName(r)
		}
	}
	return ""
}
