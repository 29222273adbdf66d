package constraint

import (
	"strconv"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

func ordinal(i int) string { return strconv.Itoa(i + 1) }

func arguments(n int) string {
	switch n {
	case 0:
		return "no argument"
	case 1:
		return "1 argument"
	}
	return strconv.Itoa(n) + " arguments"
}

// headerConstants are names of the system's headers that are constants, whatever they are.
func headerConstant(name string) (int64, bool) {
	switch name {
	case "true", "TRUE":
		return 1, true
	case "false", "FALSE":
		return 0, true
	}
	return vocabulary.Constant(name)
}

// eval is the value of an integer constant expression, where it is known without the sizes of
// types.
func (c *checker) eval(e syntax.Expr) (int64, bool) {
	consts := syntax.Consts{
		Name: func(name string) (int64, bool) {
			s := c.find(name)
			if s == nil {
				return headerConstant(name)
			}
			return s.value, s.known && s.kind == enumerator
		},
		Type: func(t syntax.Type) (syntax.IntType, bool) {
			c.muted++
			defer func() { c.muted-- }()
			return syntax.BasicInt(c.resolve(t).name)
		},
	}
	n, _, ok := consts.Eval(e)
	return n, ok
}

// isConstant reports whether an expression is an integer constant expression, or one that GCC takes
// for one.
func (c *checker) isConstant(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.IntLit, *syntax.CharLit, *syntax.FloatLit, *syntax.SizeofType, *syntax.SizeofExpr, *syntax.Generic:
		return true
	case *syntax.Ident:
		s := c.find(e.Name)
		if s == nil {
			_, ok := headerConstant(e.Name)
			return ok
		}
		return s.kind == enumerator
	case *syntax.Unary:
		switch e.Op {
		case "-", "+", "!", "~":
			return c.isConstant(e.X)
		}
	case *syntax.Binary:
		return c.isConstant(e.X) && c.isConstant(e.Y)
	case *syntax.Cond:
		return c.isConstant(e.X) && (e.Then == nil || c.isConstant(e.Then)) && c.isConstant(e.Else)
	case *syntax.Cast:
		return c.isConstant(e.X)
	case *syntax.Call:
		return c.isConstantCall(e)
	}
	return false
}

// isConstantCall reports whether what looks like a call is a constant.
func (c *checker) isConstantCall(e *syntax.Call) bool {
	id, ok := e.Fun.(*syntax.Ident)
	if !ok || c.find(id.Name) != nil {
		return false
	}
	if vocabulary.IsConstant(id.Name) {
		return true
	}
	p := vocabulary.Lookup(id.Name)
	if p == nil || p.Effect != vocabulary.Compute && p.Effect != vocabulary.Expect && p.Effect != vocabulary.CompareText {
		return false
	}
	for _, a := range e.Args {
		if !c.isConstant(a) && !isText(a) {
			return false
		}
	}
	return true
}

// isStatic reports whether an expression may initialise what exists from the start: a constant, or
// the address of something that exists from the start.
func (c *checker) isStatic(e syntax.Expr) bool {
	if c.isConstant(e) {
		return true
	}
	switch e := e.(type) {
	case *syntax.StringLit:
		return true
	case *syntax.InitList:
		for _, i := range e.Items {
			if !c.isStatic(i.Value) {
				return false
			}
		}
		return true
	case *syntax.CompoundLit:
		return c.isStatic(e.Init)
	case *syntax.Ident:
		s := c.find(e.Name)
		switch {
		case s == nil: // an initialiser of the system's headers, or unknown, which is told elsewhere
			return true
		case s.kind == routine:
			return true
		}
		return s.folds || s.typ.kind == array && c.isStaticPlace(e)
	case *syntax.Unary:
		switch e.Op {
		case "&":
			return c.isStaticPlace(e.X)
		case "&&":
			return true
		case "-", "+", "!", "~":
			return c.isStatic(e.X)
		case "*":
			return c.isArray(e) && c.isStaticPlace(e)
		}
	case *syntax.Member, *syntax.Index:
		return c.isArray(e) && c.isStaticPlace(e)
	case *syntax.Binary:
		return c.isStatic(e.X) && c.isStatic(e.Y)
	case *syntax.Cond:
		return c.isStatic(e.X) && (e.Then == nil || c.isStatic(e.Then)) && c.isStatic(e.Else)
	case *syntax.Cast:
		return c.isStatic(e.X)
	}
	return false
}

func (c *checker) isArray(e syntax.Expr) bool {
	t := c.quietly(e).typ
	return t.kind == array || t.kind == function || t.kind == unknown
}

// isStaticPlace reports whether the address of what an expression names is a constant.
func (c *checker) isStaticPlace(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Ident:
		s := c.find(e.Name)
		return s == nil || s.kind == routine || s.kind == variable && s.static && !s.storage.Has(syntax.ThreadLocal)
	case *syntax.StringLit:
		return true
	case *syntax.CompoundLit:
		return c.inside == ""
	case *syntax.Member:
		if e.Arrow {
			return c.isStatic(e.X)
		}
		return c.isStaticPlace(e.X)
	case *syntax.Index:
		return (c.isStatic(e.X) || c.isArray(e.X) && c.isStaticPlace(e.X)) && c.isStatic(e.I)
	case *syntax.Unary:
		return e.Op == "*" && c.isStatic(e.X)
	}
	return false
}
