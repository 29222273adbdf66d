package flow

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// Told takes a message apart: it returns a copy, and where in it the expressions are that are
// evaluated. Casts are left out, for the type in which something is shown does not matter, and so are
// calls that only make a text, as describes says: their arguments are parts instead.
func Told(x *syntax.Call, describes func(*syntax.Call) bool) (copied *syntax.Call, parts []*syntax.Expr) {
	y := *x
	y.Args = slices.Clone(x.Args)
	for i := range y.Args {
		at := &y.Args[i]
		for cast, ok := (*at).(*syntax.Cast); ok; cast, ok = (*at).(*syntax.Cast) {
			c := *cast
			*at, at = &c, &c.X
		}
		if call, ok := (*at).(*syntax.Call); ok && describes(call) {
			inner, more := Told(call, describes)
			*at, parts = inner, append(parts, more...)
		} else {
			parts = append(parts, at)
		}
	}
	return &y, parts
}

// message reports whether a call is one of a message.
func (b *builder) message(e *syntax.Call) bool {
	call, name := b.known(e)
	f := vocabulary.Lookup(name)
	return call != nil && f != nil && f.Message()
}

// describes reports whether a call only makes a text of its arguments.
func (b *builder) describes(e *syntax.Call) bool {
	call, name := b.known(e)
	return call != nil && vocabulary.Describes(name)
}

// told is [Told] without the parts that stay as they are.
func (b *builder) told(x *syntax.Call) (*syntax.Call, []*syntax.Expr) {
	copied, parts := Told(x, b.describes)
	return copied, slices.DeleteFunc(parts, func(p *syntax.Expr) bool {
		return Untold(*p, b.seen) || b.foreign(*p)
	})
}

// seen reports whether a name means a variable that others than the thread may see or change.
func (b *builder) seen(name string) bool {
	if l := b.env.Find(name); l != nil {
		return l.shared() || b.addressed()[name]
	}
	return b.opt.Variable != nil && b.opt.Variable(name)
}

// foreign reports whether an expression touches nothing and has something of which the graph does not
// know whether it can be evaluated: a floating constant, or a name that is none of a variable.
func (b *builder) foreign(e syntax.Expr) bool {
	foreign := false
	syntax.Walk(e, func(n syntax.Node) bool {
		b.opt.Meter.Work(1)
		switch x := n.(type) {
		case *syntax.FloatLit:
			foreign = true
		case *syntax.Ident:
			foreign = foreign || !b.isVariable(x.Name)
		}
		return true
	})
	return foreign && !Touches(e, b.seen, b.describes)
}

// Untold reports whether a part of a message is one that need not be evaluated: a constant, a text, an
// address, or a name, unless it is that of a variable that others may see or change.
func Untold(e syntax.Expr, seen func(name string) bool) bool {
	switch x := e.(type) {
	case *syntax.IntLit, *syntax.CharLit, *syntax.StringLit, *syntax.FloatLit, *syntax.Temp, *syntax.SizeofExpr, *syntax.SizeofType:
		return true
	case *syntax.Ident:
		return !seen(x.Name)
	case *syntax.Unary:
		_, named := x.X.(*syntax.Ident)
		return x.Op == "&" && named
	}
	return false
}

// Touches reports whether evaluating a part of a message may read memory that others see or change, or
// has an effect.
func Touches(e syntax.Expr, seen func(name string) bool, describes func(*syntax.Call) bool) (touches bool) {
	syntax.Walk(e, func(n syntax.Node) bool {
		switch x := n.(type) {
		case *syntax.SizeofExpr, *syntax.SizeofType, *syntax.Generic, syntax.Type:
			return false
		case *syntax.Member, *syntax.Index, *syntax.Assign, *syntax.Postfix, *syntax.StmtExpr, *syntax.CompoundLit:
			touches = true
		case *syntax.Unary:
			touches = touches || x.Op == "*" || x.Op == "++" || x.Op == "--"
		case *syntax.Call:
			touches = touches || !describes(x)
		case *syntax.Ident:
			touches = touches || seen(x.Name)
		}
		return !touches
	})
	return touches
}
