package lower

import (
	"iter"
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// call compiles a call of a C function or of a primitive.
func (b *body) call(e *syntax.Call, used bool) (operand, *typ) {
	id, ok := e.Fun.(*syntax.Ident)
	if !ok || b.isVariable(id.Name) {
		return b.callThrough(e)
	}
	if x := b.chosen(e); x != nil {
		return b.object(x)
	}
	if f := b.functions[id.Name]; f != nil {
		return b.callFunction(e, f)
	}
	if p := vocabulary.Lookup(id.Name); p != nil {
		return b.callPrim(e, p, used)
	}
	b.unknownFunction(id)
	for _, a := range e.Args {
		b.expr(a)
	}
	return constant(intValue(0)), otherType
}

// unknownFunction refuses a call of what neither C nor the vocabulary has.
func (b *body) unknownFunction(id *syntax.Ident) {
	if hint := vocabulary.Instead(id.Name); hint != "" {
		b.hintf(id.Pos(), hint, "%s cannot be modelled", id.Name)
		return
	}
	hint := b.nearest(id.Name, b.callable())
	if b.protos[id.Name] != nil {
		hint = "it is declared, but has no body"
	}
	b.hintf(id.Pos(), hint, "unknown function %s", id.Name)
}

// callable is every name that can be called.
func (u *Unit) callable() iter.Seq[string] {
	return func(yield func(string) bool) {
		for name := range u.functions {
			if !yield(name) {
				return
			}
		}
		for _, name := range vocabulary.Names() {
			if !yield(name) {
				return
			}
		}
	}
}

func (b *body) callFunction(e *syntax.Call, f *function) (operand, *typ) {
	args := b.arguments(e, f.name, f.params)
	b.f.callees = append(b.f.callees, callSite{f, e.Pos()})
	return b.called(e, instr{op: iCall, pos: e.Pos(), text: textOf(e), callee: f, args: args}, f.params, f.result)
}

// called emits a call and returns its result.
func (b *body) called(e syntax.Expr, i instr, params []*typ, result *typ) (operand, *typ) {
	i.dst, i.typ = -1, result
	i.whole = slices.ContainsFunc(params, (*typ).isObject)
	switch {
	case result.isObject():
		h := b.resultObject(e, result)
		if h < 0 {
			return constant(value{}), result
		}
		i.dst, i.result = b.f.homes[h].slot, h+1
		b.emit(i)
		return b.addressOfHome(e, h), result
	case result.kind != tVoid:
		i.dst = b.temp(result)
	}
	b.emit(i)
	if i.dst < 0 {
		return constant(value{}), voidType
	}
	return inSlot(i.dst), result
}

// arguments compiles the arguments of a call of a C function.
func (b *body) arguments(e *syntax.Call, name string, params []*typ) []operand {
	b.arity(e, name, len(params))
	args := make([]operand, 0, len(params))
	objects := slices.ContainsFunc(params, (*typ).isObject)
	last := len(e.Args) - 1 // the last argument with an effect
	for last >= 0 && !b.hasEffect(e.Args[last]) {
		last--
	}
	for i, a := range e.Args {
		if i < len(params) && params[i].isObject() {
			args = append(args, b.passed(a, params[i], "argument %d of %s is", i+1, name)...)
			continue
		}
		x, t := b.expr(a)
		if i < len(params) {
			b.mustAssign(a, params[i], t, "argument %d of %s is", i+1, name)
			args = append(args, b.settled(b.convert(a, x, t, params[i]), i < last || objects))
		}
	}
	return args
}

// settled copies a local that what is evaluated later may change.
func (b *body) settled(x operand, changed bool) operand {
	if x.slot < 0 || !changed || b.f.slots[x.slot].name == "" {
		return x
	}
	kept := b.temp(b.f.slots[x.slot].typ)
	b.emit(instr{op: iCopy, pos: b.f.pos, dst: kept, a: x})
	return inSlot(kept)
}

func (b *body) arity(e *syntax.Call, name string, want int) bool {
	if len(e.Args) == want {
		return true
	}
	b.errorf(e.Pos(), "%s takes %s, not %d", name, plural(want, "argument"), len(e.Args))
	return false
}

func (b *body) callPrim(e *syntax.Call, p *vocabulary.Function, used bool) (operand, *typ) {
	if p.Message() {
		b.message(e)
		b.setErrno(e, constant(value{kind: vUnknown}))
		return constant(value{}), voidType
	}
	if a := vocabulary.AtomicOf(p.Name); a != nil {
		return b.atomicCall(e, p, a)
	}
	if !b.arity(e, p.Name, len(p.Params)) {
		return constant(intValue(0)), otherType
	}
	switch p.Effect {
	case vocabulary.Allocate, vocabulary.AllocateInto, vocabulary.FreeAndClear, vocabulary.Clear,
		vocabulary.Steal, vocabulary.StealInto:
		return b.memoryCall(e, p)
	case vocabulary.LockGuard, vocabulary.LockObjectGuard, vocabulary.UnlockGuard,
		vocabulary.LockObject, vocabulary.UnlockObject,
		vocabulary.LockNamed, vocabulary.TryLockNamed, vocabulary.UnlockNamed:
		return b.guardCall(e, p)
	case vocabulary.Check, vocabulary.Requires, vocabulary.Assert:
		b.check(e, p)
		return constant(value{}), voidType
	case vocabulary.Once:
		return b.onceCall(e, p)
	case vocabulary.CompareText:
		return b.compareTexts(e, p)
	case vocabulary.Compute:
		return b.compute(e, p)
	case vocabulary.Expect:
		x, t := b.expr(e.Args[0])
		x = b.settled(x, b.hasEffect(e.Args[1]))
		b.effect(e.Args[1])
		b.primArg(e.Args[0], p, 0, x, t)
		return b.convert(e, x, t, longType), longType
	case vocabulary.Unreachable:
		b.emit(instr{
			op: iCheck, pos: e.Pos(), text: textOf(e), dst: -1, a: constant(intValue(0)), b: constant(value{}),
			kind: model.Undefined, condition: textOf(e),
		})
		return constant(value{}), voidType
	case vocabulary.SemValue:
		return b.semValue(e, p)
	case vocabulary.StartThread, vocabulary.JoinThread, vocabulary.DetachThread, vocabulary.SameThread:
		return b.threadCall(e, p)
	case vocabulary.SetMemory, vocabulary.CopyMemory:
		return b.memory(e, p)
	case vocabulary.AttrInit, vocabulary.AttrSet, vocabulary.AttrGet:
		return b.attributeCall(e, p)
	case vocabulary.Unknown:
		return b.unknownCall(e, p)
	case vocabulary.MutexInit, vocabulary.RWInit:
		if len(p.Params) > 1 && p.Params[1] != vocabulary.Number {
			return b.initByAttributes(e, p)
		}
	}
	args := make([]operand, len(p.Params))
	var object *typ
	for i, a := range e.Args {
		x, t := b.argumentOf(a, p, i)
		args[i] = b.settled(x, slices.ContainsFunc(e.Args[i+1:], b.hasEffect))
		if i == 0 {
			object = t
		}
	}
	if p.Result == vocabulary.First {
		return args[0], object
	}
	b.mayDispose(p, object, e.Pos())
	b.forks = b.forks || p.Effect == vocabulary.Fork
	dst, t := -1, voidType
	switch p.Result {
	case vocabulary.NoResult:
	case vocabulary.SameObject:
		t = object
		dst = b.temp(t)
	default:
		t = intType
		dst = b.temp(t)
	}
	b.emit(instr{op: iPrim, pos: e.Pos(), text: textOf(e), dst: dst, prim: p, args: args, looked: used})
	if dst < 0 {
		return constant(value{}), voidType
	}
	return inSlot(dst), t
}

// argumentOf compiles an argument of a primitive. A void * is converted to what the primitive
// takes, as C does.
func (b *body) argumentOf(a syntax.Expr, p *vocabulary.Function, i int) (operand, *typ) {
	x, t := b.expr(a)
	if want := takes(p.Params[i]); want != nil && t.kind == tPointer && t.elem.kind == tVoid {
		x, t = b.convert(a, x, t, pointerTo(want)), pointerTo(want)
	}
	b.primArg(a, p, i, x, t)
	return x, t
}

// takes is the type to which an argument points, where it is one alone.
func takes(p vocabulary.Param) *typ {
	switch p {
	case vocabulary.Mutex:
		return mutexType
	case vocabulary.RecMutex:
		return recType
	case vocabulary.Cond:
		return condType
	case vocabulary.MutexAttr:
		return mutexAttrType
	case vocabulary.RWLockAttr:
		return rwlockAttrType
	case vocabulary.IntAddress:
		return intType
	case vocabulary.ThreadAddress:
		return ulongType
	}
	return waitedFor[p]
}

func (b *body) primArg(a syntax.Expr, p *vocabulary.Function, i int, x operand, t *typ) {
	if p.Params[i] != vocabulary.Null && (t.kind == tOther || t.kind == tPointer && t.elem.kind == tOther) {
		return
	}
	if p.Effect == vocabulary.Free && t.kind != tPointer && !isZero(a) {
		b.errorf(a.Pos(), "argument %d of %s is a pointer, and %s is %s", i+1, p.Name, syntax.FormatShort(a), t)
	}
	points := func(k typeKind) bool { return t.kind == tPointer && t.elem.kind == k }
	if want := waitedFor[p.Params[i]]; want != nil && !points(want.kind) {
		b.errorf(a.Pos(), "argument %d of %s is a %s *, and %s is %s", i+1, p.Name, want, syntax.FormatShort(a), t)
	}
	switch p.Params[i] {
	case vocabulary.ThreadAddress, vocabulary.ThreadPointer, vocabulary.ThreadRoutine, vocabulary.ResultAddress:
		b.threadArg(a, p, i, x, t)
	case vocabulary.Number, vocabulary.ThreadNumber, vocabulary.Joinable:
		if t.kind != tInt {
			b.errorf(a.Pos(), "argument %d of %s is an integer, and %s is %s", i+1, p.Name, syntax.FormatShort(a), t)
		}
	case vocabulary.Null:
		if x.slot >= 0 || !x.value.isNull() {
			b.hintf(a.Pos(), "write NULL", "attributes of %s cannot be modelled", p.Name)
		}
	case vocabulary.ThreadAttr:
		if null := x.slot < 0 && x.value.isNull(); !null && !(t.kind == tPointer && t.elem == threadAttrType) {
			b.errorf(a.Pos(), "argument %d of %s is a pthread_attr_t * or NULL, and %s is %s",
				i+1, p.Name, syntax.FormatShort(a), t)
		}
	case vocabulary.Mutex, vocabulary.RecMutex:
		want := mutexType
		if p.Params[i] == vocabulary.RecMutex {
			want = recType
		}
		if !points(tMutex) || t.elem.recursive != want.recursive {
			b.errorf(a.Pos(), "argument %d of %s is a %s *, and %s is %s", i+1, p.Name, want, syntax.FormatShort(a), t)
		}
	case vocabulary.SetUnknown, vocabulary.SetUnknownOrNull:
		if !x.isNull() && !(t.kind == tPointer && t.elem.canBeUnknown()) {
			b.errorf(a.Pos(), "argument %d of %s points to integers, and %s is %s", i+1, p.Name, syntax.FormatShort(a), t)
		}
	case vocabulary.MutexAttr, vocabulary.RWLockAttr:
		b.isAttr(a, p, i, t)
	case vocabulary.Cond:
		if !points(tCond) {
			b.errorf(a.Pos(), "argument %d of %s is a virCond *, and %s is %s", i+1, p.Name, syntax.FormatShort(a), t)
		}
	case vocabulary.Object, vocabulary.ObjectOrNull:
		s := t.pointsToStruct()
		if s == nil {
			if !(t.kind == tPointer && t.elem.kind == tVoid) {
				b.errorf(a.Pos(), "argument %d of %s is an object, and %s is %s", i+1, p.Name, syntax.FormatShort(a), t)
			}
			return
		}
		b.needRole(a, p, s)
	}
}

// needRole checks that a struct has the fields on which a primitive works.
func (b *body) needRole(a syntax.Expr, p *vocabulary.Function, s *structDef) {
	need := func(role string, field int) {
		if field < 0 {
			b.errorf(a.Pos(), "%s needs a field with __attribute__((%s)), and struct %s has none", p.Name, role, s.tag)
		}
	}
	switch p.Effect {
	case vocabulary.Ref, vocabulary.Unref:
		need("refcount", max(s.refcount, s.counted))
	case vocabulary.Remove:
		need("refcount", s.refcount)
		need("listed", s.listed)
	case vocabulary.LookUp:
		need("listed", s.listed)
	case vocabulary.Find:
		need("listed", s.listed)
		if s.mutex < 0 {
			b.errorf(a.Pos(), "%s needs a virMutex field, and struct %s has none", p.Name, s.tag)
		}
	}
}

// check compiles check, requires and assert. Their condition is an expression like any other.
func (b *body) check(e *syntax.Call, p *vocabulary.Function) {
	i := instr{op: iCheck, pos: e.Pos(), text: textOf(e), dst: -1, b: constant(value{})}
	arg := e.Args[len(e.Args)-1]
	i.condition = textOf(arg)
	switch p.Effect {
	case vocabulary.Check:
		i.kind = b.kind(e.Args[0])
	case vocabulary.Requires:
		i.kind = model.RequiresKind
	case vocabulary.Assert:
		i.kind = model.AssertKind
	}
	from := len(b.f.code)
	b.tested(arg, &i)
	i.seen = b.operands(from, &i)
	b.emit(i)
}

// kind reads the kind of violation that a check names.
func (b *body) kind(arg syntax.Expr) model.Kind {
	text := syntax.FormatShort(arg)
	if s, ok := arg.(*syntax.StringLit); ok {
		text = s.Value
	}
	kind, ok := vocabulary.Kind(text)
	if !ok {
		var names []string
		for _, k := range model.Kinds() {
			names = append(names, string(k))
		}
		b.hintf(arg.Pos(), b.nearest(string(kind), slices.Values(names)), "%s is not a kind of violation", text)
	}
	return kind
}

// tested compiles the condition of a check. Where it is held(x) or !held(x) the instruction has x
// as well, to say what is not as it should be.
func (b *body) tested(e syntax.Expr, i *instr) {
	asked := e
	if not, ok := e.(*syntax.Unary); ok && not.Op == "!" {
		asked, i.negated = not.X, true
	}
	call, ok := asked.(*syntax.Call)
	if !ok || !b.isHeld(call) {
		b.signOf(e)
		x, t := b.expr(e)
		if t.kind == tVoid {
			b.errorf(e.Pos(), "%s has no value to test", syntax.FormatShort(e))
		}
		i.a = x
		return
	}
	i.b, _ = b.expr(call.Args[0])
	i.a = b.held(call, i.b)
	if i.negated {
		dst := b.temp(intType)
		b.emit(instr{op: iUnary, pos: e.Pos(), dst: dst, operator: "!", a: i.a, typ: intType})
		i.a = inSlot(dst)
	}
}

// isHeld reports whether a call is held(x).
func (b *body) isHeld(e *syntax.Call) bool {
	id, ok := e.Fun.(*syntax.Ident)
	if !ok || len(e.Args) != 1 || b.functions[id.Name] != nil {
		return false
	}
	p := vocabulary.Lookup(id.Name)
	return p != nil && p.Effect == vocabulary.Held
}

// held asks whether the thread holds what x is the address of.
func (b *body) held(e *syntax.Call, x operand) operand {
	dst := b.temp(intType)
	p := vocabulary.Lookup(e.Fun.(*syntax.Ident).Name)
	b.emit(instr{op: iPrim, pos: e.Pos(), text: textOf(e), dst: dst, prim: p, args: []operand{x}})
	return inSlot(dst)
}
