package flow

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

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

// told is [syntax.Told] without the parts that stay as they are.
func (b *builder) told(x *syntax.Call) (*syntax.Call, []*syntax.Expr) {
	copied, parts := syntax.Told(x, b.describes)
	return copied, slices.DeleteFunc(parts, func(p *syntax.Expr) bool {
		return syntax.Untold(*p, b.seen) || b.foreign(*p)
	})
}

// seen reports whether a name means a variable that others than the thread may see or change.
func (b *builder) seen(name string) bool {
	if l := b.env.Find(name); l != nil {
		return l.shared() || b.addressed()[name]
	}
	return b.opt.Variable != nil && b.opt.Variable(name)
}

// foreign reports whether an expression touches nothing and has something of which the graph does
// not know whether it can be evaluated: a floating constant, or a name that is none of a variable.
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
	return foreign && !syntax.Touches(e, b.seen, b.describes)
}
