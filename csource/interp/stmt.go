package interp

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

func (c *compiler) stmt(s syntax.Stmt) {
	switch s := s.(type) {
	case nil, *syntax.Empty:
	case *syntax.Block:
		c.within(func() {
			for _, inner := range s.List {
				c.stmt(inner)
			}
		})
	case *syntax.ExprStmt:
		c.effect(s.X)
	case *syntax.DeclStmt:
		for _, d := range s.Decls {
			c.declaration(d)
		}
	case *syntax.If:
		c.ifStmt(s)
	case *syntax.While:
		c.loop(s.Pos(), s.Cond, nil, s.Body)
	case *syntax.DoWhile:
		c.doWhile(s)
	case *syntax.For:
		c.within(func() {
			c.stmt(s.Init)
			c.loop(s.Pos(), s.Cond, s.Post, s.Body)
		})
	case *syntax.Switch:
		c.switchStmt(s)
	case *syntax.Case:
		c.caseStmt(s)
	case *syntax.Default:
		c.defaultStmt(s)
	case *syntax.Return:
		c.returnStmt(s)
	default:
		c.jumpStmt(s)
	}
}

// within compiles with a scope of its own.
func (c *compiler) within(f func()) {
	outer := c.scope
	c.scope = outer.inner()
	f()
	c.scope = outer
}

func (c *compiler) ifStmt(s *syntax.If) {
	var yes, no, end label
	c.branch(s.Cond, &yes, &no)
	c.land(&yes)
	c.stmt(s.Then)
	if s.Else != nil {
		c.jump(s.Else.Pos(), &end)
	}
	c.land(&no)
	c.stmt(s.Else)
	c.land(&end)
}

// loop compiles while and for. A condition of nil is always true.
func (c *compiler) loop(pos model.Pos, cond, post syntax.Expr, body syntax.Stmt) {
	var top, inside, next, end label
	c.land(&top)
	if cond != nil {
		c.branch(cond, &inside, &end)
	}
	c.land(&inside)
	c.body(body, &next, &end)
	c.land(&next)
	if post != nil {
		c.effect(post)
	}
	c.jump(pos, &top)
	c.land(&end)
}

func (c *compiler) doWhile(s *syntax.DoWhile) {
	var top, next, end label
	c.land(&top)
	c.body(s.Body, &next, &end)
	c.land(&next)
	c.branch(s.Cond, &top, &end)
	c.land(&end)
}

// body compiles the body of a loop; next is where continue goes, end where break does.
func (c *compiler) body(s syntax.Stmt, next, end *label) {
	c.breaks, c.conts = append(c.breaks, end), append(c.conts, next)
	c.stmt(s)
	c.breaks, c.conts = c.breaks[:len(c.breaks)-1], c.conts[:len(c.conts)-1]
}

func (c *compiler) returnStmt(s *syntax.Return) {
	if s.X == nil {
		c.emit(s.Pos(), func(*frame) int { return -1 })
		return
	}
	if c.fn.result.kind == kVoid {
		c.refuse(s.Pos(), "%s returns nothing, but here is a value", c.fn.name)
		return
	}
	x := c.converted(c.value(s.X), c.fn.result, "the result of "+c.fn.name)
	c.emit(s.Pos(), func(f *frame) int {
		f.result = x(f)
		return -1
	})
}

// jumpStmt compiles goto, break, continue and labels, and refuses the rest.
func (c *compiler) jumpStmt(s syntax.Stmt) {
	switch s := s.(type) {
	case *syntax.Label:
		l := c.label(s.Name)
		if l.defined {
			c.refuse(s.Pos(), "label %s stands twice in %s, first at %s", s.Name, c.fn.name, l.pos)
		}
		l.defined, l.pos = true, s.Pos()
		c.land(l)
		c.stmt(s.Body)
	case *syntax.Goto:
		if s.X != nil {
			c.refuse(s.Pos(), "a computed goto cannot be interpreted")
			return
		}
		c.gotos = append(c.gotos, s)
		c.jump(s.Pos(), c.label(s.Label))
	case *syntax.Break:
		if len(c.breaks) == 0 {
			c.refuse(s.Pos(), "break outside of a loop or switch")
			return
		}
		c.jump(s.Pos(), c.breaks[len(c.breaks)-1])
	case *syntax.Continue:
		if len(c.conts) == 0 {
			c.refuse(s.Pos(), "continue outside of a loop")
			return
		}
		c.jump(s.Pos(), c.conts[len(c.conts)-1])
	default:
		c.refuse(s.Pos(), "this statement cannot be interpreted")
	}
}

func (c *compiler) label(name string) *label {
	l := c.labels[name]
	if l == nil {
		l = &label{}
		c.labels[name] = l
	}
	return l
}

func (c *compiler) missingLabels() {
	for _, g := range c.gotos {
		if l := c.labels[g.Label]; !l.defined {
			c.land(l)
			c.refuse(g.Pos(), "goto %s, but there is no such label in %s", g.Label, c.fn.name)
		}
	}
}
