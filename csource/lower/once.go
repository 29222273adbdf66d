package lower

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// What a once control says.
const (
	onceFresh   = iota // nobody has begun
	onceRunning        // somebody runs the function: others wait
	onceDone           // it has returned
)

// onceCall compiles pthread_once(control, function): who finds the control fresh calls the function
// and says when it has returned.
func (b *body) onceCall(e *syntax.Call, p *vocabulary.Function) (operand, *typ) {
	control, _ := b.argumentOf(e.Args[0], p, 0)
	control = b.settled(control, b.hasEffect(e.Args[1]))
	routine, rt := b.expr(e.Args[1])
	if !rt.isFunctionPointer() || len(rt.elem.params) > 0 || rt.elem.result.kind != tVoid {
		if rt.kind != tOther {
			b.errorf(e.Args[1].Pos(), "argument 2 of %s is a void (*)(void), and %s is %s", p.Name,
				syntax.FormatShort(e.Args[1]), rt)
		}
		return constant(intValue(0)), otherType
	}
	first := b.temp(intType)
	part := func(effect vocabulary.Effect, dst int) {
		prim := &vocabulary.Function{Name: p.Name, Effect: effect, Params: p.Params[:1], Result: vocabulary.Int}
		b.emit(instr{op: iPrim, pos: e.Pos(), text: textOf(e), dst: dst, prim: prim, args: []operand{control}})
	}
	part(vocabulary.OnceBegin, first)
	test := b.emit(instr{op: iBranch, pos: e.Pos(), text: textOf(e), dst: -1, a: inSlot(first)})
	b.f.code[test].then = test + 1
	b.emit(instr{op: iCallPointer, pos: e.Pos(), text: textOf(e), dst: -1, a: routine, typ: voidType})
	part(vocabulary.OnceEnd, -1)
	b.f.code[test].otherwise = len(b.f.code)
	if p.Result == vocabulary.NoResult {
		return constant(value{}), voidType
	}
	return constant(intValue(0)), intType
}

func (t *thread) onceNode(c *config, n *model.Node, i *instr) {
	s := t.syncStep(c, n, i)
	for _, x := range s.values(false) {
		switch {
		case i.prim.Effect == vocabulary.OnceEnd:
			s.to(x, onceDone, value{})
		case x == onceFresh:
			s.to(x, onceRunning, intValue(1))
		case x == onceDone:
			s.to(x, x, intValue(0))
		}
	}
}
