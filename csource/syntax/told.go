package syntax

import "slices"

// Told takes a message apart: it returns a copy, and where in it the expressions are that are
// evaluated. Casts are left out, for the type in which something is shown does not matter, and so
// are calls that only make a text, as describes says: their arguments are parts instead.
func Told(x *Call, describes func(*Call) bool) (copied *Call, parts []*Expr) {
	y := *x
	y.Args = slices.Clone(x.Args)
	for i := range y.Args {
		at := &y.Args[i]
		for cast, ok := (*at).(*Cast); ok; cast, ok = (*at).(*Cast) {
			c := *cast
			*at, at = &c, &c.X
		}
		if call, ok := (*at).(*Call); ok && describes(call) {
			inner, more := Told(call, describes)
			*at, parts = inner, append(parts, more...)
		} else {
			*at = plain(*at, describes)
			parts = append(parts, at)
		}
	}
	return &y, parts
}

// plain is a part of a message with what only makes a text replaced by its arguments and some text.
func plain(e Expr, describes func(*Call) bool) Expr {
	switch x := e.(type) {
	case *Call:
		if describes(x) {
			list := &Comma{At: x.At}
			for _, a := range x.Args {
				list.List = append(list.List, plain(a, describes))
			}
			list.List = append(list.List, &StringLit{At: x.At})
			return list
		}
	case *Cond:
		y := *x
		if y.X = plain(x.X, describes); x.Then != nil {
			y.Then = plain(x.Then, describes)
		}
		y.Else = plain(x.Else, describes)
		return &y
	case *Cast:
		y := *x
		y.X = plain(x.X, describes)
		return &y
	}
	return e
}

// Untold reports whether a part of a message is one that need not be evaluated: a constant, a text,
// an address, or a name, unless it is that of a variable that others may see or change.
func Untold(e Expr, seen func(name string) bool) bool {
	switch x := e.(type) {
	case *IntLit, *CharLit, *StringLit, *FloatLit, *Temp, *SizeofExpr, *SizeofType:
		return true
	case *Ident:
		return !seen(x.Name)
	case *Unary:
		_, named := x.X.(*Ident)
		return x.Op == "&" && named
	}
	return false
}

// Touches reports whether evaluating a part of a message may read memory that others see or change,
// or has an effect.
func Touches(e Expr, seen func(name string) bool, describes func(*Call) bool) (touches bool) {
	Walk(e, func(n Node) bool {
		switch x := n.(type) {
		case *SizeofExpr, *SizeofType, *Generic, Type:
			return false
		case *Member, *Index, *Assign, *Postfix, *StmtExpr, *CompoundLit:
			touches = true
		case *Unary:
			touches = touches || x.Op == "*" || x.Op == "++" || x.Op == "--"
		case *Call:
			touches = touches || !describes(x)
		case *Ident:
			touches = touches || seen(x.Name)
		}
		return !touches
	})
	return touches
}
