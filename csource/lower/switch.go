package lower

import "github.com/lockproof/lockproof/csource/syntax"

func (b *body) switchStmt(s *syntax.Switch) {
	x, t := b.expr(s.X)
	if t.kind != tInt && t.kind != tOther {
		b.errorf(s.X.Pos(), "switch needs an integer, and this is %s", t)
	}
	block, ok := s.Body.(*syntax.Block)
	if !ok {
		block = &syntax.Block{At: syntax.At{Start: s.Body.Pos()}, List: []syntax.Stmt{s.Body}}
	}
	dispatch := b.emit(instr{op: iSwitch, pos: s.X.Pos(), dst: -1, a: x})
	b.push()
	b.loops = append(b.loops, jumps{isSwitch: true})
	var cases syntax.Cases
	fallback := -1
	var one func(syntax.Stmt)
	one = func(c syntax.Stmt) {
		switch c := c.(type) {
		case *syntax.Case:
			b.meter.Work(1)
			lo, ok := b.constantExpr(c.Lo)
			hi := lo
			if c.Hi != nil {
				var okHi bool
				hi, okHi = b.constantExpr(c.Hi)
				ok = ok && okHi
			}
			if !ok {
				b.errorf(c.Pos(), "a case needs a constant, and %s is none", syntax.FormatShort(c.Lo))
			} else {
				cases = append(cases, syntax.CaseRange{Lo: lo, Hi: hi, To: b.here(), Pos: c.Pos()})
			}
			one(c.Body)
		case *syntax.Default:
			if fallback >= 0 {
				b.errorf(c.Pos(), "default stands twice in one switch")
			}
			fallback = b.here()
			one(c.Body)
		default:
			b.stmt(c)
		}
	}
	for _, c := range block.List {
		one(c)
	}
	own := b.loops[len(b.loops)-1]
	b.loops = b.loops[:len(b.loops)-1]
	b.pop()
	cases.Sort(func(c, first syntax.CaseRange) {
		b.errorf(c.Pos, "case %d stands twice in one switch, first at %s", c.Lo, first.Pos)
	})
	b.meter.Take(len(cases) * caseBytes)
	if fallback < 0 {
		fallback = b.here()
	}
	d := &b.f.code[dispatch]
	if d.cases, d.then = cases, fallback; len(cases) == 0 {
		d.op = iJump
	}
	b.patch(own.breaks)
}

const caseBytes = 80
