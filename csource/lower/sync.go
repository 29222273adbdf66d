package lower

import (
	"fmt"

	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// waitedFor is the type to which an argument points.
var waitedFor = map[vocabulary.Param]*typ{
	vocabulary.OnceControl: onceType, vocabulary.Semaphore: semType, vocabulary.Barrier: barrierType,
	vocabulary.RWLock: rwlockType,
}

// refusedInit is what a call gives that makes a semaphore or a barrier of a number for which there
// is none: it does nothing.
func (t *thread) refusedInit(c *config, i *instr) (code int64, refused bool) {
	switch i.prim.Effect {
	case vocabulary.SemInit:
		return -1, badSemaphore(uintType.wrap(c.read(i.args[2]).n))
	case vocabulary.BarrierInit:
		code, _ = vocabulary.Constant("EINVAL")
		return code, badBarrier(uintType.wrap(c.read(i.args[2]).n))
	}
	return 0, false
}

// A change of a semaphore, a barrier or a once control is one step, which reads and writes its one
// variable. For a value for which the operation says nothing, the thread waits.
type syncStep struct {
	*thread
	c *config
	n *model.Node
	i *instr
	r cellRef
}

func (t *thread) syncStep(c *config, n *model.Node, i *instr) *syncStep {
	v := c.read(i.args[0])
	s := &syncStep{t, c, n, i, cellRef{v.obj, v.field}}
	n.Op, n.Var, n.Object = model.OpUpdate, model.VarID(t.w.cell(s.r).id), modelID(s.r.object)
	n.Alive = t.aliveRoots(c, s.r.object)
	t.guard(c, n, s.r)
	t.facts.assign(t.w.fieldKey(s.r))
	return s
}

// values lists those for which the node needs outcomes. Memory that was never set gives undefined
// behaviour, unless the step begins the use of it.
func (s *syncStep) values(begins bool) (values []int64) {
	for _, x := range s.valuesOf(s.w.cell(s.r).id) {
		if x != model.Unset || begins {
			values = append(values, x)
			continue
		}
		s.undefined(x, "%s is used, and was never set since it was allocated", s.w.cellName(s.r))
	}
	return values
}

// to lets the step change a value, and give a result.
func (s *syncStep) to(from, set int64, result value) {
	s.next(from, set, func() []model.Edge { return s.after(s.c, result, nil) })
}

// next lets the step change a value, and go on somewhere. A value for which there is no room is a
// limit.
func (s *syncStep) next(from, set int64, edges func() []model.Edge) {
	o := model.Outcome{When: from, Set: set}
	if s.facts.admit(s.w.cell(s.r).id, set) {
		o.Next = edges()
	} else {
		o.Set, o.Next = from, s.exceeds(s.c, s.r)
	}
	s.n.Out = append(s.n.Out, o)
}

// undefined lets the step come to what C and POSIX give no meaning.
func (s *syncStep) undefined(from int64, format string, args ...any) {
	d := s.c.clone()
	d.restarts = 0
	d.fail = &model.Check{Kind: model.Undefined, Pos: s.i.pos, Text: fmt.Sprintf(format, args...)}
	s.n.Out = append(s.n.Out, model.Outcome{When: from, Set: from, Next: []model.Edge{{To: s.intern(d)}}})
}
