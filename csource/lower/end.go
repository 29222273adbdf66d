package lower

import (
	"math"
	"strconv"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
)

// end compiles how a block is left; next is the block whose code follows.
func (b *body) end(e flow.End, next *flow.Block) {
	switch e := e.(type) {
	case *flow.Jump:
		if e.To != next {
			b.jump(e.Pos, e.To)
		}
	case *flow.Branch:
		b.env = e.Env
		b.signOf(e.Cond)
		x, t := b.expr(e.Cond)
		if t.kind == tVoid {
			b.errorf(e.Cond.Pos(), "%s has no value to test", syntax.FormatShort(e.Cond))
		}
		b.branch(instr{pos: e.Cond.Pos(), text: textOf(e.Cond), a: x}, e.Then, e.Else)
	case *flow.Precondition:
		at := b.emit(instr{op: iPrecondition, pos: e.Pos, dst: -1})
		b.jumps = append(b.jumps, fixup{at: at, end: e.Look}, fixup{at: at, no: true, end: e.Past})
	case *flow.Switch:
		b.env = e.Env
		b.switchEnd(e)
	case *flow.Return:
		b.env = e.Env
		b.returnEnd(e)
	}
}

func (b *body) returnEnd(e *flow.Return) {
	if e.X == nil {
		b.emit(instr{op: iReturn, pos: e.Pos, text: func() string { return "return" }, dst: -1, a: constant(value{})})
		return
	}
	if b.f.result.kind == tVoid {
		b.errorf(e.Pos, "%s returns nothing, but here is a value", b.f.name)
	}
	if b.f.result.isObject() {
		args := b.passed(e.X, b.f.result, "%s returns", b.f.name)
		b.emit(instr{op: iReturn, pos: e.Pos, text: textOf(e.X), dst: -1, a: constant(value{}), args: args, whole: true})
		return
	}
	x, t := b.expr(e.X)
	if b.f.result.kind != tVoid {
		b.mustAssign(e.X, b.f.result, t, "%s returns", b.f.name)
		x = b.convert(e.X, x, t, b.f.result)
	}
	b.emit(instr{op: iReturn, pos: e.Pos, text: textOf(e.X), dst: -1, a: x})
}

func (b *body) switchEnd(e *flow.Switch) {
	x, t := b.expr(e.X)
	if t.kind != tInt && t.kind != tOther {
		b.errorf(e.X.Pos(), "switch needs an integer, and this is %s", t)
	}
	x, t = b.convert(e.X, x, t, t.promoted()), t.promoted()
	cases := b.cases(e, t)
	if len(cases) == 0 {
		b.jump(e.Pos, e.Default)
		return
	}
	b.meter.Take(len(cases) * caseBytes)
	at := b.emit(instr{op: iSwitch, pos: e.X.Pos(), text: textOf(e.X), dst: -1, a: x, cases: cases, typ: t})
	b.jumps = append(b.jumps, fixup{at: at, end: e.Default})
}

const caseBytes = 80

// cases evaluates the labels of a switch on a value of type t. They lead to the indices of blocks
// until the code of these is known.
func (b *body) cases(e *flow.Switch, t *typ) syntax.Cases {
	var cases syntax.Cases
	for i := range e.Cases {
		c := &e.Cases[i]
		b.meter.Work(1)
		lo, _, ok := b.constantExpr(c.Lo)
		hi := lo
		if c.Hi != nil {
			var okHi bool
			hi, _, okHi = b.constantExpr(c.Hi)
			ok = ok && okHi
		}
		if !ok {
			b.errorf(c.Pos, "a case needs a constant, and %s is none", syntax.FormatShort(c.Lo))
			continue
		}
		cases = append(cases, syntax.CaseRange{
			Lo: t.ordered(t.wrap(lo)), Hi: t.ordered(t.wrap(hi)),
			To: c.To.Index, Pos: c.Pos,
		})
	}
	cases.Sort(func(c, first syntax.CaseRange) {
		b.errorf(c.Pos, "case %s stands twice in one switch, first at %s", t.literal(t.ordered(c.Lo)), first.Pos)
	})
	return cases
}

// ordered maps the values of a type to numbers in the same order, and back.
func (t *typ) ordered(n int64) int64 {
	if t.unsigned && t.bits == 64 {
		return n ^ math.MinInt64
	}
	return n
}

// literal is a value of an integer type as C writes it.
func (t *typ) literal(n int64) string {
	if t.unsigned && t.bits == 64 {
		return strconv.FormatUint(uint64(n), 10)
	}
	return strconv.FormatInt(n, 10)
}
