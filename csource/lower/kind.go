package lower

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// The kind of a lock is what its type or its initialiser says. Where a call gives it another one it
// is a hidden variable, which that call sets.
//
// A mutex is normal, recursive or error-checking. How often a thread has taken a recursive one it
// knows itself, so but for the first time and the last one to take it and to give it back is a step
// that changes nothing.

// The types of attributes: the kind that they give a lock.
var (
	mutexAttrType  = newInteger("pthread_mutexattr_t", 32, false)
	threadAttrType = newInteger("pthread_attr_t", 32, false)
	rwlockAttrType = newInteger("pthread_rwlockattr_t", 64, false)
)

// maxDepth is how often a thread may hold one mutex.
const maxDepth = 64

// kindFact is what is known of the kind of a lock.
type kindFact struct {
	fieldFact         // whether a call gives it another one than it begins with
	variable  cellRef // where it is then
}

func (f *facts) kind(r cellRef) *kindFact {
	x := f.kinds[r]
	if x == nil {
		x = &kindFact{variable: nowhere}
		f.kinds[r] = x
	}
	return x
}

// kindOf is the kind of a lock; false where it is a variable.
func (t *thread) kindOf(r cellRef) (int64, bool) {
	c := t.w.cell(r)
	if c.typ.recursive {
		return vocabulary.RecursiveMutex, true
	}
	return c.kind, !t.changes(&t.facts.kind(r).fieldFact)
}

// initialises notes that a lock is given a kind, and reports whether that is a step.
func (t *thread) initialises(r cellRef, kind int64) bool {
	f, c := t.facts.kind(r), t.w.cell(r)
	if kind != c.kind && !c.typ.recursive {
		t.facts.change(&f.fieldFact)
	}
	return t.changes(&f.fieldFact)
}

// beginAs gives a lock the kind with which it begins.
func (c *cell) beginAs(kind int64) {
	if c.kind = kind; c.typ.kind == tRWLock {
		c.init = intValue(rwState{prefers: kind == vocabulary.PreferWriter}.encode())
	}
}

// kindVariable is the variable with the kind of a lock, which is made at first use.
func (t *thread) kindVariable(r cellRef) int {
	f := t.facts.kind(r)
	if f.variable == nowhere {
		lock := t.w.cell(r)
		o := &object{in: nowhere, parent: r.object, root: t.w.objects[r.object].root, memory: -1}
		def := &fieldDef{name: t.w.cellName(r) + ".kind", pos: lock.def.pos, typ: atomicOf(intType)}
		o.cells = []cell{{def: def, typ: def.typ, id: len(t.w.vars), init: intValue(lock.kind)}}
		f.variable = cellRef{len(t.w.objects), 0}
		t.w.objects = append(t.w.objects, o)
		t.w.vars = append(t.w.vars, f.variable)
	}
	return t.w.cell(f.variable).id
}

// initNode builds the step that gives a lock a kind.
func (t *thread) initNode(c *config, n *model.Node, r cellRef, kind int64) {
	v := t.kindVariable(r)
	t.facts.admit(v, t.w.encode(t.w.cell(t.w.vars[v]).init))
	t.facts.admit(v, kind)
	n.Op, n.Var, n.Value, n.Object, n.Alive = model.OpStore, model.VarID(v), kind, modelID(r.object),
		t.aliveRoots(c, r.object)
	t.one(n, t.after(c, intValue(0), nil))
}

// byKind builds a step whose result depends on the kind of a lock, and which changes nothing.
func (t *thread) byKind(n *model.Node, r cellRef, next func(kind int64) []model.Edge) {
	kind, known := t.kindOf(r)
	if n.Lock = model.None; known {
		n.Op = model.OpAccess
		t.one(n, next(kind))
		return
	}
	n.Op, n.Var = model.OpLoad, model.VarID(t.kindVariable(r))
	for _, x := range t.valuesOf(int(n.Var)) {
		n.Out = append(n.Out, model.Outcome{When: x, Next: next(x)})
	}
}

// kindGiven is the kind of mutex that a call makes.
func (t *thread) kindGiven(c *config, i *instr) int64 {
	if len(i.args) == 1 {
		return vocabulary.MutexKind(i.prim.Name)
	}
	kind := c.read(i.args[1]).n
	if timed, _ := vocabulary.Constant("mtx_timed"); i.prim.Params[1] == vocabulary.Number { // mtx_init
		kind &^= timed
		if kind < 0 || kind > vocabulary.RecursiveMutex {
			t.hintf(i.pos, "write mtx_plain, mtx_timed, and mtx_recursive with one of them",
				"%s makes a mutex of a kind that there is not", i.text())
			return 0
		}
	}
	if kind == vocabulary.AdaptiveMutex { // it spins before it waits
		return vocabulary.NormalMutex
	}
	return kind
}

// initByAttributes compiles pthread_mutex_init(mutex, attributes) and its like: the kind is read
// when it is called.
func (b *body) initByAttributes(e *syntax.Call, p *vocabulary.Function) (operand, *typ) {
	lock, _ := b.argumentOf(e.Args[0], p, 0)
	lock = b.settled(lock, b.hasEffect(e.Args[1]))
	attr, at := b.expr(e.Args[1])
	if at.kind == tPointer && at.elem.kind == tVoid {
		attr, at = b.convert(e.Args[1], attr, at, pointerTo(takes(p.Params[1]))), pointerTo(takes(p.Params[1]))
	}
	kind := constant(intValue(0))
	if !attr.isNull() && b.isAttr(e.Args[1], p, 1, at) {
		kind = inSlot(b.temp(intType))
		b.emit(instr{op: iCopy, pos: e.Pos(), dst: kind.slot, a: constant(intValue(0))})
		test := b.within(instr{op: iBranch, pos: e.Pos(), text: textOf(e), dst: -1, a: attr})
		b.f.code[test].then = test + 1
		b.emit(instr{op: iLoadPtr, pos: e.Pos(), text: textOf(e), dst: kind.slot, a: attr, typ: at.elem})
		b.f.code[test].otherwise = len(b.f.code)
	}
	dst := b.temp(intType)
	b.emit(instr{op: iPrim, pos: e.Pos(), text: textOf(e), dst: dst, prim: p, args: []operand{lock, kind}})
	return inSlot(dst), intType
}

// within emits an instruction that is a part of what a person takes for one operation: its ways on
// are no ways through the C.
func (b *body) within(i instr) int {
	piece := b.piece
	defer func() { b.piece = piece }()
	b.piece.text, b.piece.place = nil, 0
	return b.emit(i)
}

// isAttr reports whether an argument is a pointer to the attributes that a call takes.
func (b *body) isAttr(a syntax.Expr, p *vocabulary.Function, i int, t *typ) bool {
	want := mutexAttrType
	if p.Params[i] == vocabulary.RWLockAttr {
		want = rwlockAttrType
	}
	if t.kind == tPointer && t.elem.kind == tInt && t.elem.name == want.name {
		return true
	}
	if t.kind != tOther && !(t.kind == tPointer && t.elem.kind == tOther) {
		b.errorf(a.Pos(), "argument %d of %s is a %s *, and %s is %s", i+1, p.Name, want, syntax.FormatShort(a), t)
	}
	return false
}

// attributeCall compiles the calls on attributes: they store a kind in them, and read it.
func (b *body) attributeCall(e *syntax.Call, p *vocabulary.Function) (operand, *typ) {
	zero := constant(intValue(0))
	before := len(b.diags)
	attr, t := b.argumentOf(e.Args[0], p, 0)
	if len(b.diags) > before || t.kind != tPointer || t.elem.kind != tInt {
		return zero, intType
	}
	at := place{kind: pointedPlace, base: b.settled(attr, len(e.Args) > 1 && b.hasEffect(e.Args[1])), typ: t.elem}
	if p.Effect == vocabulary.AttrInit {
		b.store(e, at, zero)
		return zero, intType
	}
	x, xt := b.argumentOf(e.Args[1], p, 1)
	old := b.load(e, at) // what was never set cannot be changed either
	if p.Effect == vocabulary.AttrGet {
		if xt.kind != tPointer || !xt.elem.is(intType) {
			b.errorf(e.Args[1].Pos(), "argument 2 of %s is an int *, and %s is %s", p.Name, syntax.FormatShort(e.Args[1]), xt)
			return zero, intType
		}
		b.store(e, place{kind: pointedPlace, base: x, typ: xt.elem}, old)
		return zero, intType
	}
	kind := b.temp(intType)
	b.emit(instr{op: iPrim, pos: e.Pos(), text: textOf(e), dst: kind, prim: p, args: []operand{x}})
	b.store(e, at, inSlot(kind))
	return zero, intType
}

// knownKind is the kind that a call sets, which must be one that there is.
func (t *thread) knownKind(c *config, i *instr) value {
	x, most, hint := c.read(i.args[0]), int64(vocabulary.AdaptiveMutex),
		"write PTHREAD_MUTEX_NORMAL, _RECURSIVE or _ERRORCHECK"
	if i.prim.Params[0] == vocabulary.RWLockAttr {
		most, hint = vocabulary.PreferWriter,
			"write PTHREAD_RWLOCK_PREFER_READER_NP or PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP"
	}
	if x.kind != vInt || x.n < 0 || x.n > most {
		t.hintf(i.pos, hint, "%s sets a kind that there is not", i.text())
		return intValue(0)
	}
	return x
}

// depth is how often a thread has taken a mutex beyond the first time.
func (c *config) depth(lock int) (n int) {
	for _, l := range c.deep {
		if l == lock {
			n++
		}
	}
	return n
}

func (c *config) deeper(lock int) {
	at, _ := slices.BinarySearch(c.deep, lock)
	c.deep = slices.Insert(c.deep, at, lock)
}

// lockAgain builds the step of a thread that locks a mutex that it holds, and reports whether the
// kind of the mutex gives that another meaning than the default one.
func (t *thread) lockAgain(c *config, n *model.Node, i *instr, r cellRef) bool {
	id := t.w.cell(r).id
	tells := i.prim.Effect != vocabulary.TryLock && i.looked && i.prim.Reports()
	kind, known := t.kindOf(r)
	if known && kind != vocabulary.RecursiveMutex && (kind == vocabulary.NormalMutex || !tells) {
		return false
	}
	t.byKind(n, r, func(kind int64) []model.Edge {
		failure, fails := i.prim.Result.Failure()
		switch {
		case kind == vocabulary.RecursiveMutex && c.depth(id)+1 >= maxDepth:
			return t.failing(c, i, model.LockDepthExceeded, "%s is locked by one thread more than %d times",
				t.w.cellName(r), maxDepth)
		case kind == vocabulary.RecursiveMutex:
			return t.after(c, intValue(i.prim.Result.Success()), func(d *config) { d.deeper(id) })
		case kind == vocabulary.ErrorCheckMutex && tells:
			return t.says(c, "EDEADLK")
		case fails:
			return t.after(c, intValue(failure), nil)
		}
		return t.failing(c, i, model.SelfDeadlock, "%s is locked by the thread that holds it already", t.w.cellName(r))
	})
	return true
}

// notHeld builds the step of a thread that gives back a mutex that it does not hold, or waits with
// it, and reports whether it may be told so: a mutex that knows its owner says EPERM to who looks
// at the result. What is wrong with it else is a violation of kind wrong.
func (t *thread) notHeld(c *config, n *model.Node, i *instr, r cellRef, wrong model.Kind, what string) bool {
	kind, known := t.kindOf(r)
	if !i.looked || !i.prim.Reports() || known && kind == vocabulary.NormalMutex {
		return false
	}
	n.Cond = model.None
	t.byKind(n, r, func(kind int64) []model.Edge {
		if kind == vocabulary.NormalMutex {
			return t.failing(c, i, wrong, "%s", what)
		}
		return t.says(c, "EPERM")
	})
	return true
}

// says goes on with an error as the result.
func (t *thread) says(c *config, code string) []model.Edge {
	x, _ := vocabulary.Constant(code)
	return t.after(c, intValue(x), nil)
}

// failing leads to a step that fails.
func (t *thread) failing(c *config, i *instr, kind model.Kind, format string, args ...any) []model.Edge {
	d := c.clone()
	d.restarts = 0
	d.fail = &model.Check{Kind: kind, Pos: i.pos, Text: fmt.Sprintf(format, args...)}
	return []model.Edge{{To: t.intern(d)}}
}
