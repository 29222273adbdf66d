package constraint

import "github.com/lockproof/lockproof/csource/syntax"

// stmt looks at a statement. Whether labels, cases and jumps go together is found by who makes the
// graph of the function.
func (c *checker) stmt(s syntax.Stmt) {
	if s == nil || c.diags.Full() || !c.meter.Work(1) {
		return
	}
	switch s := s.(type) {
	case *syntax.ExprStmt:
		c.expr(s.X)
	case *syntax.DeclStmt:
		for _, d := range s.Decls {
			c.declaration(d)
		}
	case *syntax.Block:
		c.open()
		for _, in := range s.List {
			c.stmt(in)
		}
		c.close()
	case *syntax.If:
		c.condition(s.Cond)
		c.inner(s.Then)
		c.inner(s.Else)
	case *syntax.While:
		c.condition(s.Cond)
		c.inner(s.Body)
	case *syntax.DoWhile:
		c.inner(s.Body)
		c.condition(s.Cond)
	case *syntax.For:
		c.open()
		c.stmt(s.Init)
		if s.Cond != nil {
			c.condition(s.Cond)
		}
		if s.Post != nil {
			c.expr(s.Post)
		}
		c.inner(s.Body)
		c.close()
	case *syntax.Switch:
		if t := c.value(s.X); !t.isInteger() {
			c.errorf(s.X.Pos(), "switch needs an integer, and %s is %s", syntax.FormatShort(s.X), t)
		}
		before := c.chosen
		c.chosen = c.scope.barrier
		c.inner(s.Body)
		c.chosen = before
	case *syntax.Case:
		c.enters(s.Pos(), "the case", c.chosen, c.scope.barrier)
		for _, e := range []syntax.Expr{s.Lo, s.Hi} {
			if e != nil {
				c.caseValue(e)
			}
		}
		c.stmt(s.Body)
	case *syntax.Default:
		c.enters(s.Pos(), "the default", c.chosen, c.scope.barrier)
		c.stmt(s.Body)
	case *syntax.Label:
		c.label(s)
		c.stmt(s.Body)
	case *syntax.Goto:
		c.jump(s)
		if s.X != nil {
			c.expr(s.X)
		}
	case *syntax.Return:
		c.returned(s)
	case *syntax.MacroBlock:
		c.expr(s.Call)
		c.inner(s.Body)
	}
}

// inner looks at the body of a statement, which is a scope though it has no braces.
func (c *checker) inner(s syntax.Stmt) {
	if s == nil {
		return
	}
	c.open()
	c.stmt(s)
	c.close()
}

func (c *checker) caseValue(e syntax.Expr) {
	if t := c.value(e); !t.isInteger() {
		c.errorf(e.Pos(), "a case needs an integer, and %s is %s", syntax.FormatShort(e), t)
	} else if !c.isConstant(e) {
		c.errorf(e.Pos(), "a case needs a constant, and %s is none", syntax.FormatShort(e))
	}
}

// returned looks at a return.
func (c *checker) returned(s *syntax.Return) {
	if s.X == nil {
		if c.result.kind != void && c.result.kind != unknown {
			c.errorf(s.Pos(), "%s returns %s, and this return has no value", c.inside, c.result)
		}
		return
	}
	x := c.expr(s.X)
	switch {
	case c.result.kind == void && (x.typ.kind == void || x.typ.kind == unknown):
	case c.result.kind == void:
		c.errorf(s.X.Pos(), "%s returns nothing, and %s is %s", c.inside, syntax.FormatShort(s.X), x.typ.value())
	default:
		c.assignable(s.X.Pos(), c.result, s.X, x, c.inside+" returns")
	}
}

// block is the type of GNU's ({ ... }): that of its last statement.
func (c *checker) block(e *syntax.StmtExpr) *ctype {
	c.open()
	defer c.close()
	c.within("a block as a value", e.Pos())
	last := voidType
	for i, s := range e.Body.List {
		if x, ok := s.(*syntax.ExprStmt); ok && i == len(e.Body.List)-1 {
			last = c.value(x.X)
			continue
		}
		c.stmt(s)
	}
	if c.result == nil {
		c.errorf(e.Pos(), "a block as a value can only stand in a function")
	}
	return last
}
