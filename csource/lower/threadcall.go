package lower

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// threadCall compiles the calls that start threads, wait for them, or ask which one it is.
func (b *body) threadCall(e *syntax.Call, p *vocabulary.Function) (operand, *typ) {
	args, types := make([]operand, len(p.Params)), make([]*typ, len(p.Params))
	for i, a := range e.Args {
		args[i], types[i] = b.argumentOf(a, p, i)
		args[i] = b.settled(args[i], slices.ContainsFunc(e.Args[i+1:], b.hasEffect))
		if types[i].kind == tOther {
			return constant(intValue(0)), otherType
		}
	}
	call := threadCall{b, e, p, args, types}
	switch p.Effect {
	case vocabulary.StartThread:
		return call.start()
	case vocabulary.SameThread:
		return b.operation(e, "==", args[0], args[1], types[0], types[1])
	}
	return call.join()
}

type threadCall struct {
	*body
	e     *syntax.Call
	p     *vocabulary.Function
	args  []operand
	types []*typ
}

// argument is the one that stands for something.
func (c *threadCall) argument(k vocabulary.Param, otherwise operand) operand {
	if i := slices.Index(c.p.Params, k); i >= 0 {
		return c.args[i]
	}
	return otherwise
}

// part emits one of the instructions of the call.
func (c *threadCall) part(effect vocabulary.Effect, dst int, args ...operand) {
	prim := *c.p
	prim.Effect = effect
	c.emit(instr{op: iPrim, pos: c.e.Pos(), text: textOf(c.e), dst: dst, prim: &prim, args: args})
}

// start finds the thread, starts it, and stores which one it is.
func (c *threadCall) start() (operand, *typ) {
	t := ulongType
	if c.p.Result == vocabulary.ThreadObject {
		t = pointerTo(&typ{kind: tStruct, strukt: threadStruct})
	}
	made := c.temp(t)
	joinable := c.argument(vocabulary.Joinable, constant(intValue(1)))
	c.part(vocabulary.MakeThread, made, c.argument(vocabulary.ThreadRoutine, operand{}),
		c.argument(vocabulary.Argument, operand{}), joinable)
	where := slices.Index(c.p.Params, vocabulary.ThreadAddress)
	store := func() {
		if where >= 0 {
			c.store(c.e, place{kind: pointedPlace, base: c.args[where], typ: ulongType}, inSlot(made))
		}
	}
	if c.p.StoresFirst() {
		store()
	}
	c.part(vocabulary.StartThread, -1, inSlot(made))
	if where < 0 {
		return inSlot(made), t
	}
	if !c.p.StoresFirst() {
		store()
	}
	return constant(intValue(0)), intType
}

// join waits for a thread, and stores its result, or detaches it.
func (c *threadCall) join() (operand, *typ) {
	thread := c.args[0]
	if c.p.Params[0] == vocabulary.ThreadAddress {
		thread = c.load(c.e, place{kind: pointedPlace, base: thread, typ: ulongType})
	}
	where := slices.Index(c.p.Params, vocabulary.ResultAddress)
	if where >= 0 && c.args[where].isNull() {
		where = -1
	}
	dst := -1
	if where >= 0 || c.p.Result == vocabulary.ThreadResult {
		dst = c.temp(anyType)
	}
	c.part(c.p.Effect, dst, thread)
	switch {
	case c.p.Result == vocabulary.ThreadResult:
		return inSlot(dst), anyType
	case c.p.Result == vocabulary.NoResult:
		return constant(value{}), voidType
	case where >= 0:
		test := c.emit(instr{op: iBranch, pos: c.e.Pos(), text: textOf(c.e), dst: -1, a: c.args[where]})
		c.f.code[test].then = test + 1
		c.store(c.e, place{kind: pointedPlace, base: c.args[where], typ: c.types[where].elem}, inSlot(dst))
		c.f.code[test].otherwise = len(c.f.code)
	}
	return constant(intValue(0)), intType
}

// threadArg checks an argument that is about threads.
func (b *body) threadArg(a syntax.Expr, p *vocabulary.Function, i int, x operand, t *typ) {
	wrong := func(want string) {
		b.errorf(a.Pos(), "argument %d of %s is %s, and %s is %s", i+1, p.Name, want, syntax.FormatShort(a), t)
	}
	switch p.Params[i] {
	case vocabulary.ThreadAddress:
		if t.kind != tPointer || !t.elem.is(ulongType) {
			wrong("the address of a pthread_t")
		}
	case vocabulary.ThreadPointer:
		if t.pointsToStruct() != threadStruct && !x.isNull() {
			wrong("a GThread *")
		}
	case vocabulary.ThreadRoutine:
		if !t.isFunctionPointer() && !x.isNull() {
			wrong("a function")
		}
	case vocabulary.ResultAddress:
		if !x.isNull() && (t.kind != tPointer || t.elem.kind != tPointer && t.elem.kind != tInt) {
			wrong("the address of a variable")
		}
	}
}
