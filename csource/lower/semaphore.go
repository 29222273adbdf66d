package lower

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// semValue compiles sem_getvalue(semaphore, where).
func (b *body) semValue(e *syntax.Call, p *vocabulary.Function) (operand, *typ) {
	sem, _ := b.argumentOf(e.Args[0], p, 0)
	sem = b.settled(sem, b.hasEffect(e.Args[1]))
	where, wt := b.argumentOf(e.Args[1], p, 1)
	if wt.kind != tPointer || wt.elem.kind != tInt {
		if wt.kind != tOther {
			b.errorf(e.Args[1].Pos(), "argument 2 of %s is an int *, and %s is %s", p.Name, syntax.FormatShort(e.Args[1]), wt)
		}
		return constant(intValue(0)), intType
	}
	dst := b.temp(intType)
	b.emit(instr{op: iPrim, pos: e.Pos(), text: textOf(e), dst: dst, prim: p, args: []operand{sem}})
	b.store(e, place{kind: pointedPlace, base: where, typ: wt.elem}, b.convert(e, inSlot(dst), intType, wt.elem))
	return constant(intValue(0)), intType
}

// badSemaphore reports whether a semaphore cannot have the value with which sem_init is called.
func badSemaphore(n int64) bool {
	most, _ := vocabulary.Constant("SEM_VALUE_MAX")
	return n < 0 || n > most
}

func (t *thread) semNode(c *config, n *model.Node, i *instr) {
	s := t.syncStep(c, n, i)
	failure, _ := i.prim.Result.Failure()
	for _, x := range s.values(i.prim.Effect == vocabulary.SemInit) {
		switch i.prim.Effect {
		case vocabulary.SemInit:
			s.to(x, uintType.wrap(c.read(i.args[2]).n), intValue(0))
		case vocabulary.SemPost:
			s.to(x, x+1, intValue(0))
		case vocabulary.SemValue:
			s.to(x, x, intValue(x))
		default:
			timesOut := i.prim.Effect == vocabulary.SemTimedWait && t.spec.Faults.WaitTimeout
			switch {
			case x > 0:
				s.to(x, x-1, intValue(0))
			case i.prim.Effect == vocabulary.SemTryWait || timesOut:
				s.to(x, x, intValue(failure))
			}
		}
	}
}
