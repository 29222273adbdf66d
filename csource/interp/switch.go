package interp

import "github.com/lockproof/lockproof/csource/syntax"

// table says where a switch goes. Cases may stand anywhere in its body, in nested blocks and loops
// too.
type table struct {
	cases   syntax.Cases
	other   label // default, or the end
	hasElse bool
	bad     *operand // fails: the labels contradict one another
}

func (t *table) find(f *frame, x int64) int {
	if t.bad != nil {
		t.bad.eval(f)
	}
	if to := t.cases.Find(x); to >= 0 {
		return to
	}
	return t.other.at
}

func (c *compiler) switchStmt(s *syntax.Switch) {
	x := c.integer(c.value(s.X), "switch needs an integer, and this is %s")
	run := c.converted(x, x.typ.promoted(), "the value of switch")
	t, end := &table{}, &label{}
	c.emit(s.Pos(), func(f *frame) int { return t.find(f, run(f).Int) })
	c.switches, c.breaks = append(c.switches, t), append(c.breaks, end)
	c.within(func() { c.stmt(s.Body) })
	c.switches, c.breaks = c.switches[:len(c.switches)-1], c.breaks[:len(c.breaks)-1]
	t.cases.Sort(func(arm, first syntax.CaseRange) {
		bad := c.bad(nil, arm.Pos, "case %d stands twice in one switch, first at %s", arm.Lo, first.Pos)
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
	lo, ok := syntax.EvalConst(s.Lo, c.scope.constant)
	hi := lo
	if s.Hi != nil && ok {
		hi, ok = syntax.EvalConst(s.Hi, c.scope.constant)
	}
	if !ok {
		c.refuse(s.Pos(), "a case needs a constant, and %s is none", syntax.FormatShort(s.Lo))
		return
	}
	t.cases = append(t.cases, syntax.CaseRange{Lo: lo, Hi: hi, To: c.here(), Pos: s.Pos()})
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
