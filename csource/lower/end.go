package lower

import (
	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
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
		x, t := b.expr(e.Cond)
		if t.kind == tVoid {
			b.errorf(e.Cond.Pos(), "%s has no value to test", syntax.Format(e.Cond))
		}
		b.branch(instr{pos: e.Cond.Pos(), text: textOf(e.Cond), a: x}, e.Then, e.Else)
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
		b.emit(instr{op: iReturn, pos: e.Pos, dst: -1, a: constant(value{})})
		return
	}
	if b.f.result.kind == tVoid {
		b.errorf(e.Pos, "%s returns nothing, but here is a value", b.f.name)
	}
	x, t := b.expr(e.X)
	if b.f.result.kind != tVoid {
		b.mustAssign(e.X, b.f.result, t, "%s returns", b.f.name)
	}
	b.emit(instr{op: iReturn, pos: e.Pos, dst: -1, a: x})
}

// arm is a case of a switch.
type arm struct {
	lo, hi int64
	pos    model.Pos
	to     *flow.Block
}

func (b *body) switchEnd(e *flow.Switch) {
	x, t := b.expr(e.X)
	if t.kind != tInt && t.kind != tOther {
		b.errorf(e.X.Pos(), "switch needs an integer, and this is %s", t)
	}
	for _, a := range b.arms(e) {
		at := b.temp(intType)
		b.emit(instr{op: iBinary, pos: a.pos, dst: at, operator: ">=", a: x, b: constant(intValue(a.lo))})
		below := b.emit(instr{op: iBranch, pos: a.pos, dst: -1, a: inSlot(at)})
		b.f.code[below].then = len(b.f.code)
		top := b.temp(intType)
		b.emit(instr{op: iBinary, pos: a.pos, dst: top, operator: "<=", a: x, b: constant(intValue(a.hi))})
		above := b.emit(instr{op: iBranch, pos: a.pos, dst: -1, a: inSlot(top)})
		b.jumps = append(b.jumps, fixup{at: above, end: a.to})
		b.f.code[above].otherwise = len(b.f.code)
		b.f.code[below].otherwise = len(b.f.code)
	}
	b.jump(e.Pos, e.Default)
}

// arms evaluates the cases of a switch.
func (b *body) arms(e *flow.Switch) []arm {
	var arms []arm
	for i := range e.Cases {
		c := &e.Cases[i]
		lo, ok := b.constantExpr(c.Lo)
		hi := lo
		if c.Hi != nil {
			var okHi bool
			hi, okHi = b.constantExpr(c.Hi)
			ok = ok && okHi
		}
		if !ok {
			b.errorf(c.Pos, "a case needs a constant, and %s is none", syntax.Format(c.Lo))
		}
		for _, a := range arms {
			if ok && lo <= a.hi && a.lo <= hi {
				b.errorf(c.Pos, "case %d stands twice in one switch, first at %s", lo, a.pos)
			}
		}
		arms = append(arms, arm{lo, hi, c.Pos, c.To})
	}
	return arms
}
