package lower

import (
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// isStep reports whether a primitive is a step here; when it is not, it has been carried out.
func (t *thread) isStep(c *config, i *instr) bool {
	switch i.prim.Effect {
	case vocabulary.Self:
		c.local(intValue(int64(t.self())))
		return false
	case vocabulary.Held:
		c.local(boolValue(t.holds(c, i)))
		return false
	case vocabulary.None:
		if t.followsNull(c, i) {
			return true
		}
		c.local(intValue(0))
		return false
	case vocabulary.AttrSet:
		c.local(t.knownKind(c, i))
		return false
	}
	if is, step := t.threadStep(c, i); is {
		return step
	}
	first := c.read(i.args[0])
	if i.prim.Effect == vocabulary.Free {
		return t.frees(c, i, first)
	}
	if first.isNull() {
		if i.prim.Params[0] == vocabulary.ObjectOrNull {
			c.local(intValue(0))
			return false
		}
		t.null(c, i)
		return true
	}
	if t.followsNull(c, i) {
		return true
	}
	for n, a := range i.args {
		v := c.read(a)
		if t.w.isOutside(v) {
			t.outside(c, i, v)
			return true
		}
		if v.kind == vUnknown && i.prim.Params[n] != vocabulary.Any {
			t.hintf(i.pos, writeNondet, "argument %d of %s is not known: it comes from a clock or a random number",
				n+1, i.text())
			c.local(intValue(0))
			return false
		}
		if !t.fits(i.prim.Params[n], v) {
			t.errorf(i.pos, "%s: argument %d is not what %s works on", i.text(), n+1, i.prim.Name)
			c.local(intValue(0))
			return false
		}
		if !worksOn(i.prim.Params[n]) {
			continue
		}
		if t.w.touches(i.pos, cellRef{v.obj, v.field}); t.w.cell(cellRef{v.obj, v.field}).isConst {
			t.changesConst(c, i, cellRef{v.obj, v.field})
			return true
		}
	}
	r := cellRef{first.obj, first.field}
	switch i.prim.Effect {
	case vocabulary.Destroy:
		if t.holdsLock(c, r) {
			t.undefined(c, i, "%s is destroyed by the thread that holds it", t.w.cellName(r))
		}
		return true
	case vocabulary.LookUp:
		return t.looksUp(c, i, first.obj)
	case vocabulary.Init, vocabulary.MutexInit, vocabulary.RWInit:
		if t.holdsLock(c, r) {
			t.undefined(c, i, "%s is initialised by the thread that holds it", t.w.cellName(r))
			return true
		}
		again, kind := t.begun(r), t.givesKind(c, i, r)
		if again || kind {
			return true
		}
		c.local(intValue(0))
		return false
	}
	if code, refused := t.refusedInit(c, i); refused {
		c.local(intValue(code))
		return false
	}
	return true
}

// looksUp reports whether looking an object up is a step: it may have been taken off its list.
func (t *thread) looksUp(c *config, i *instr, o int) bool {
	s := t.w.objects[o].strukt
	switch {
	case s.listed < 0:
		t.errorf(i.pos, "%s is on no list", t.w.objects[o].name)
		c.local(intValue(0))
		return false
	case t.assigned(cellRef{o, s.listed}):
		return true
	}
	c.local(objectValue(o))
	return false
}

// worksOn reports whether an argument is a pointer to what threads wait for, which fits has found
// there.
func worksOn(k vocabulary.Param) bool {
	return waitedFor[k] != nil || k == vocabulary.Mutex || k == vocabulary.RecMutex || k == vocabulary.Cond
}

// fits reports whether a value is what a primitive works on. Types have said so already; casts can
// make them lie.
func (t *thread) fits(k vocabulary.Param, v value) bool {
	switch k {
	case vocabulary.OnceControl, vocabulary.Semaphore, vocabulary.Barrier, vocabulary.RWLock:
		return v.kind == vField && t.w.cell(cellRef{v.obj, v.field}).typ.kind == waitedFor[k].kind
	case vocabulary.Mutex, vocabulary.RecMutex, vocabulary.Cond:
		want := tMutex
		if k == vocabulary.Cond {
			want = tCond
		}
		return v.kind == vField && t.w.cell(cellRef{v.obj, v.field}).typ.kind == want
	case vocabulary.Object, vocabulary.ObjectOrNull:
		return v.kind == vObject && t.w.objects[v.obj].strukt != nil && !t.w.isLocal(v)
	}
	return true
}
