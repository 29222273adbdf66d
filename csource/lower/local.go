package lower

import (
	"slices"

	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// stop is where local computation ends: in front of a step, or at the end of the thread.
type stop struct {
	c     *config
	round bool
	path  []int32 // the places on the way here
	chose model.Chose
	after int // of the tests of unknown values the last on the way, from 1
}

const (
	maxLocal = 100_000 // instructions between two steps
	maxForks = 256     // ways through nondet between two steps
)

// run carries out local computation from c on and returns every place at which it can stop.
func (t *thread) run(c *config) []stop {
	var stops []stop
	todo := []stop{{c: c}}
	t.tests = tests{}
	met := meetings{}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		forks := t.runOne(&s)
		if forks == nil {
			stops = append(stops, s)
			t.tests.end(s.after)
			continue
		}
		for _, f := range forks {
			if !met.again(t, &f) {
				todo = append(todo, f)
			}
		}
		if len(todo)+len(stops) > maxForks {
			t.refuse(s.c.where(), "too many ways through nondet without a step between them")
			return stops
		}
	}
	stops = append(stops, t.tests.endless()...)
	if met.happened {
		if len(stops) == 0 {
			t.refuse(c.where(), "a loop of choices that never takes a step and has no end")
			return nil
		}
		stops[0].path = append(stops[0].path, met.places...)
	}
	slices.Reverse(stops)
	return stops
}

// meetings are the choices that local computation has come to. Ways that come to one of them with
// the same knowledge are one way from there on; the places on those that end there are passed
// whenever the others are. A way that comes back to a choice goes round a loop: that a thread does
// so for ever is not modelled, as every way out of it is.
type meetings struct {
	seen     map[string]bool
	places   []int32
	happened bool
}

// again reports whether a way has come to a choice where another was before.
func (m *meetings) again(t *thread, s *stop) bool {
	if s.c.finished() || s.c.fail != nil || s.after != 0 {
		return false
	}
	key := t.key(s.c)
	if s.round {
		key = append(key, '!')
	}
	if !m.seen[string(key)] {
		if m.seen == nil {
			m.seen = map[string]bool{}
		}
		m.seen[string(key)] = true
		return false
	}
	m.happened, m.places = true, append(m.places, s.path...)
	return true
}

// runOne runs until a step (nil) or a nondeterministic choice (the ways on).
func (t *thread) runOne(s *stop) []stop {
	c := s.c
	if c.fail != nil {
		return nil
	}
	var loop turns
	for n := range maxLocal {
		if !t.meter.Work(1) {
			t.hopeless = true
			return nil
		}
		if c.phase == unanswered || c.phase == restarting || c.disposed > 0 {
			return nil
		}
		if c.finished() {
			if !t.spec.Loop || c.phase == over || c.phase == behind {
				s.finish()
				return nil
			}
			if c.restarts++; c.restarts > 1 {
				for _, spec := range t.specs {
					t.refuse(spec.Pos, "%s loops and never takes a step", t.name)
				}
				s.finish()
				return nil
			}
			s.round = true
			c.frames, c.gives, c.gone = t.begin(), nil, false
			continue
		}
		if c.spins = n > freeTurns && loop.again(t, c); c.spins {
			return nil
		}
		i := c.instr()
		s.pass(i)
		if t.usesUnset(c, i) {
			return nil
		}
		if t.testsUnknown(c, i) {
			return t.chance(s, i)
		}
		switch i.op {
		case iPrim:
			if ways, chooses := t.chooses(s, i); chooses {
				if ways == nil {
					continue
				}
				return ways
			}
			if t.isStep(c, i) {
				return nil
			}
		case iAllocate:
			if n := c.read(i.args[0]).n; n < 1 || n > maxCells {
				t.errorf(i.pos, "%s: %d objects cannot be modelled", i.text(), n)
				c.local(intValue(0))
				continue
			}
			if c.fail = t.exhausted(c, i); c.fail != nil {
				return nil
			}
			if t.spec.Faults.AllocFailure && i.prim.MayFail() {
				no := s.fork()
				if i.ways > 0 {
					no.note(i.ways)
				}
				no.c.local(intValue(0))
				t.allocate(c, i)
				return []stop{*s, no}
			}
			t.allocate(c, i)
		case iCall:
			if c.fail = t.tooDeep(c, i, i.callee); c.fail != nil {
				return nil
			}
			t.enter(c, i, i.callee)
		case iCallPointer:
			if t.callPointer(c, i) {
				return nil
			}
		case iCheck:
			if t.check(c, i) {
				return nil
			}
		case iLoad, iStore, iLoadPtr, iStorePtr, iField:
			if t.memory(c, i) {
				return nil
			}
		case iFirst, iShift, iRelate, iApart:
			if t.pointer(c, i) {
				return nil
			}
		case iText:
			if t.textsOf(c, i) {
				return nil
			}
		case iUpdate:
			if t.updates(c, i) {
				return nil
			}
		case iBegin:
			if t.begins(c, i) {
				return nil
			}
		case iGone:
			if t.ends(c, i.field) {
				return nil
			}
			c.top().pc++
		case iReturn:
			if t.endsLast(c) || t.leak(c, i) || t.comesToEnd(c, i) {
				return nil
			}
			t.leave(c, i)
		default:
			if !t.compute(c, i) {
				return nil
			}
		}
	}
	t.refuse(c.where(), "a loop without a step that does not end within %d instructions", maxLocal)
	s.c.frames = nil
	s.finish()
	return nil
}

// finish ends a thread.
func (s *stop) finish() {
	if s.c.alive, s.c.restarts = nil, 0; s.c.phase == left {
		s.c.phase = running
	}
}

func (c *config) where() model.Pos {
	if c.finished() {
		return model.Pos{}
	}
	return c.instr().pos
}

// local moves past an instruction that was not a step.
func (c *config) local(v value) {
	c.called(c.instr(), v)
	c.set(c.instr().dst, v)
	c.top().pc++
}

func (t *thread) leave(c *config, i *instr) {
	f := c.top()
	vs := make([]value, 1, 1+len(i.args))
	vs[0] = c.read(i.a)
	if n, _ := f.f.result.scalars(); f.f.result.isObject() {
		vs = make([]value, n) // of what returns without a value nothing is set
		for k, a := range i.args {
			vs[k] = c.read(a)
		}
	}
	c.frames = c.frames[:len(c.frames)-1]
	if c.finished() {
		c.gives = t.given(vs...)
		return
	}
	if f.disposes > 0 {
		c.disposed = f.disposes
		t.orphan(c, value{}, f.path)
		return
	}
	if len(f.f.taken) > 0 {
		for k := range vs {
			vs[k] = t.orphan(c, vs[k], f.path)
		}
	}
	t.returned(c, vs)
}

// orphan marks every address of a local variable of the frame that has just gone, in v and in what
// is left of the thread: the next call will use its place.
func (t *thread) orphan(c *config, v value, path int) value {
	return c.forget(v, value{kind: vDangling}, func(v value) bool {
		return t.w.isLocal(v) && t.w.objects[v.obj].local.path == path
	})
}

// forget replaces what a thread can no longer use, in v and in all that it knows.
func (c *config) forget(v, by value, gone func(value) bool) value {
	replaced := func(v value) value {
		if gone(v) {
			left := by
			left.tag = v.tag
			return left
		}
		return v
	}
	for i := range c.frames {
		c.frames[i].slots.update(replaced)
	}
	return replaced(v)
}

// dangling makes the next step one that fails because it follows the address of a local variable
// that is gone.
func (t *thread) dangling(c *config, i *instr, v value) {
	if v.n == 0 {
		t.undefined(c, i, "%s follows the address of a local variable whose function has returned", i.text())
	} else {
		t.undefined(c, i, "%s follows the address of a local variable whose block was left", i.text())
	}
}

// compute carries out an instruction on slots alone; false when C gives it no meaning here.
func (t *thread) compute(c *config, i *instr) bool {
	switch i.op {
	case iCopy:
		c.local(c.read(i.a))
	case iBinary:
		return t.binary(c, i, c.read(i.a), c.read(i.b))
	case iUnary:
		x := c.read(i.a)
		if x.kind == vUnknown {
			c.local(x)
			break
		}
		n, ok := i.typ.unary(i.operator, x)
		if !ok {
			t.undefined(c, i, "%s(%d) does not fit %s", i.operator, x.n, i.typ)
			return false
		}
		c.local(intValue(n))
	case iCompute:
		return t.computes(c, i)
	case iConvert:
		v := c.read(i.a)
		if v.kind != vInt && v.kind != vUnknown && !i.typ.isBool() {
			t.errorf(i.pos, "%s: the number of an address is not known", i.text())
			v = intValue(0)
		}
		c.local(i.typ.of(v))
	case iRetype:
		c.local(t.w.retyped(c.read(i.a), i.typ))
	case iHome:
		o, ok := t.homeOf(c, i)
		if !ok {
			return false
		}
		c.local(t.w.addressOf(cellRef{o, 0}))
	case iErrno:
		c.local(c.errno)
	case iSetErrno:
		c.errno = c.read(i.a)
		c.local(value{})
	case iClear:
		t.clearHome(c, i)
	case iJump:
		c.top().pc = i.then
	case iPrecondition:
		c.top().pc = i.then
		if t.opt.IgnoreRequires {
			c.top().pc = i.otherwise
		}
	case iBranch:
		c.top().pc = i.otherwise
		if c.read(i.a).isTrue() {
			c.top().pc = i.then
		}
	case iSwitch:
		c.top().pc = i.then
		if to := i.cases.Find(i.typ.ordered(c.read(i.a).n)); to >= 0 {
			c.top().pc = to
		}
	}
	return true
}

func (t *thread) binary(c *config, i *instr, x, y value) bool {
	if x.kind == vOpaque && y.kind == vOpaque {
		t.errorf(i.pos, "texts cannot be compared")
	}
	if v, known := t.ofItself(c, i); known {
		c.local(v)
		return true
	}
	if x.kind == vUnknown || y.kind == vUnknown {
		return t.unknown(c, i, y)
	}
	switch i.operator {
	case "==":
		c.local(boolValue(x == y))
		return true
	case "!=":
		c.local(boolValue(x != y))
		return true
	}
	n, ok := i.typ.apply(i.operator, x.n, y.n)
	switch {
	case ok:
		c.local(intValue(n))
	case slices.Contains([]string{"+", "-", "*"}, i.operator):
		t.undefined(c, i, "%d %s %d does not fit %s", x.n, i.operator, y.n, i.typ)
	default:
		t.undefined(c, i, "%s has no result for %d and %d", i.operator, x.n, y.n)
	}
	return ok
}

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
