package lower

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// message refuses a message of whose arguments one has an effect: they are not evaluated.
func (b *body) message(e *syntax.Call) {
	for _, a := range e.Args {
		if x := b.changes(a); x != nil {
			b.hintf(x.Pos(), "do it before", "%s has an effect, or may have, and arguments of messages are not evaluated", syntax.FormatShort(x))
		}
	}
}

// changes is a part of e that may have an effect, or nil.
func (b *body) changes(e syntax.Expr) (found syntax.Expr) {
	syntax.Walk(e, func(n syntax.Node) bool {
		b.meter.Work(1)
		switch x := n.(type) {
		case *syntax.Assign, *syntax.Postfix, *syntax.StmtExpr:
			found = x.(syntax.Expr)
		case *syntax.Unary:
			if x.Op == "++" || x.Op == "--" {
				found = x
			}
		case *syntax.Call:
			if !b.onlyTells(x) {
				found = x
			}
		}
		return found == nil
	})
	return found
}

// onlyTells reports whether a call in a message has no effect: it asks what the thread holds or
// is, or makes a text.
func (b *body) onlyTells(e *syntax.Call) bool {
	id, ok := e.Fun.(*syntax.Ident)
	if !ok || b.functions[id.Name] != nil {
		return false
	}
	if p := vocabulary.Lookup(id.Name); p != nil {
		switch p.Effect {
		case vocabulary.None, vocabulary.Self, vocabulary.Held:
			return true
		case vocabulary.Unknown: // time(NULL), but not time(&t)
			return !slices.ContainsFunc(e.Args, func(a syntax.Expr) bool { return !isZero(a) })
		}
		return false
	}
	return vocabulary.Describes(id.Name) || strings.HasSuffix(id.Name, "ToString")
}
