package interp

import (
	"math"

	"github.com/lockproof/lockproof/csource/syntax"
)

// table says where a switch goes. Cases may stand anywhere in its body, in nested blocks and loops
// too.
type table struct {
	typ     *ctype // in which the labels are compared
	cases   syntax.Cases
	other   label // default, or the end
	hasElse bool
	bad     *operand // fails: the labels contradict one another
}

func (t *table) find(f *frame, x int64) int {
	if t.bad != nil {
		t.bad.eval(f)
	}
	if to := t.cases.Find(t.rank(x)); to >= 0 {
		return to
	}
	return t.other.at
}

// rank gives the values of the type in their order.
func (t *table) rank(x int64) int64 {
	if t.typ.hi > math.MaxInt64 {
		return x + math.MinInt64
	}
	return x
}

func (c *compiler) switchStmt(s *syntax.Switch) {
	x := c.integer(c.value(s.X), "switch needs an integer, and this is %s")
	run := c.converted(x, x.typ.promoted(), "the value of switch")
	t, end := &table{typ: x.typ.promoted()}, &label{}
	c.emit(s.Pos(), func(f *frame) int { return t.find(f, run(f).Int) })
	c.switches, c.breaks = append(c.switches, t), append(c.breaks, end)
	c.within(func() { c.stmt(s.Body) })
	c.switches, c.breaks = c.switches[:len(c.switches)-1], c.breaks[:len(c.breaks)-1]
	t.cases.Sort(func(arm, first syntax.CaseRange) {
		bad := c.bad(nil, arm.Pos, "case %d stands twice in one switch, first at %s", t.rank(arm.Lo), first.Pos)
		t.bad = &bad
	})
	if !t.hasElse {
		c.land(&t.other)
	}
	c.land(end)
}

func (c *compiler) caseStmt(s *syntax.Case) {
	c.arm(s)
	c.stmt(s.Body)
}

func (c *compiler) arm(s *syntax.Case) {
	if len(c.switches) == 0 {
		c.refuse(s.Pos(), "case outside of a switch")
		return
	}
	t := c.switches[len(c.switches)-1]
	lo, ok := c.scope.fold(s.Lo)
	hi := lo
	if s.Hi != nil && ok {
		hi, ok = c.scope.fold(s.Hi)
	}
	if !ok {
		c.refuse(s.Pos(), "a case needs a constant, and %s is none", syntax.FormatShort(s.Lo))
		return
	}
	t.cases = append(t.cases, syntax.CaseRange{
		Lo: t.rank(t.typ.narrow(lo)), Hi: t.rank(t.typ.narrow(hi)),
		To: c.here(), Pos: s.Pos(),
	})
}

func (c *compiler) defaultStmt(s *syntax.Default) {
	if len(c.switches) == 0 {
		c.refuse(s.Pos(), "default outside of a switch")
	} else {
		t := c.switches[len(c.switches)-1]
		if t.hasElse {
			c.refuse(s.Pos(), "default stands twice in one switch")
		}
		t.hasElse = true
		c.land(&t.other)
	}
	c.stmt(s.Body)
}
