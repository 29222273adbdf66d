package outline

import (
	"github.com/lockproof/lockproof/csource/syntax"
)

// An env is what names stand for in a function: arguments, and locals that never change.
type env map[string]syntax.Expr

// put writes an expression with what its names stand for, as simple as constants make it. What it
// does not know it leaves as it is.
func (o *outliner) put(e syntax.Expr, names env) syntax.Expr {
	switch e := e.(type) {
	case *syntax.Ident:
		if to := names[e.Name]; to != nil {
			return to
		}
	case *syntax.Unary:
		x := o.put(e.X, names)
		if v, ok := o.value(x); ok && e.Op == "!" {
			return truth(v == 0)
		}
		return &syntax.Unary{At: e.At, Op: e.Op, X: x}
	case *syntax.Binary:
		return o.binary(e, o.put(e.X, names), o.put(e.Y, names))
	case *syntax.Cond:
		x, then, or := o.put(e.X, names), e.Then, o.put(e.Else, names)
		if then != nil {
			then = o.put(then, names)
		}
		switch v, ok := o.value(x); {
		case !ok:
		case v == 0:
			return or
		case then != nil:
			return then
		}
		return &syntax.Cond{At: e.At, X: x, Then: then, Else: or}
	case *syntax.Call:
		args := make([]syntax.Expr, len(e.Args))
		for i, a := range e.Args {
			args[i] = o.put(a, names)
		}
		return &syntax.Call{At: e.At, Fun: e.Fun, Args: args}
	case *syntax.Member:
		return &syntax.Member{At: e.At, X: o.put(e.X, names), Arrow: e.Arrow, Name: e.Name}
	case *syntax.Cast:
		return &syntax.Cast{At: e.At, Type: e.Type, X: o.put(e.X, names)}
	}
	return e
}

// binary simplifies what an operator makes of two expressions.
func (o *outliner) binary(e *syntax.Binary, x, y syntax.Expr) syntax.Expr {
	a, knownX := o.value(x)
	b, knownY := o.value(y)
	switch {
	case e.Op == "&&" && knownX, e.Op == "||" && knownX:
		if (a != 0) == (e.Op == "&&") {
			return y
		}
		return truth(a != 0)
	case e.Op == "&&" && knownY && b != 0, e.Op == "||" && knownY && b == 0:
		return x
	case e.Op == "==" && asks(x) && knownY:
		if b == 0 {
			return &syntax.Unary{At: e.At, Op: "!", X: x}
		}
		return x
	case knownX && knownY:
		switch e.Op {
		case "==":
			return truth(a == b)
		case "!=":
			return truth(a != b)
		case "<":
			return truth(a < b)
		case "<=":
			return truth(a <= b)
		case ">":
			return truth(a > b)
		case ">=":
			return truth(a >= b)
		}
	}
	return &syntax.Binary{At: e.At, Op: e.Op, X: x, Y: y}
}

// asks reports whether an expression is a question with the answers 0 and 1.
func asks(e syntax.Expr) bool {
	c, ok := e.(*syntax.Call)
	return ok && nameOf(c) == "held"
}

func truth(yes bool) syntax.Expr {
	if yes {
		return &syntax.IntLit{Value: 1, Text: "true"}
	}
	return &syntax.IntLit{Value: 0, Text: "false"}
}

// value is the value of a constant.
func (o *outliner) value(e syntax.Expr) (int64, bool) {
	switch e := e.(type) {
	case *syntax.IntLit:
		return e.Value, true
	case *syntax.Ident:
		switch e.Name {
		case "true":
			return 1, true
		case "false", "NULL":
			return 0, true
		}
		v, ok := o.constants[e.Name]
		return v, ok
	case *syntax.Cast:
		return o.value(e.X)
	}
	return 0, false
}

func nameOf(c *syntax.Call) string {
	if id, ok := c.Fun.(*syntax.Ident); ok {
		return id.Name
	}
	return ""
}
