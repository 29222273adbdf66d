package flow

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// effect evaluates an expression whose value nobody reads.
func (b *builder) effect(e syntax.Expr) {
	if b.hiddenExit(e) {
		return
	}
	if !b.splits(e) {
		b.add(&Eval{e, b.env})
		return
	}
	switch x := e.(type) {
	case *syntax.Comma:
		for _, part := range x.List {
			b.effect(part)
		}
		return
	case *syntax.Cond:
		if x.Then != nil {
			then, otherwise := func() { b.effect(x.Then) }, func() { b.effect(x.Else) }
			b.choose(x.X, then, otherwise)
			return
		}
	case *syntax.Binary:
		switch x.Op {
		case "&&":
			b.choose(x.X, func() { b.effect(x.Y) }, func() {})
			return
		case "||":
			b.choose(x.X, func() {}, func() { b.effect(x.Y) })
			return
		}
	case *syntax.Cast:
		if t, ok := x.Type.(*syntax.Basic); ok && t.Name == "void" {
			b.effect(x.X)
			return
		}
	case *syntax.StmtExpr:
		b.stmt(x.Body)
		return
	case *syntax.Call:
		if b.effectOf(x) == vocabulary.Requires {
			b.precondition(x)
			return
		}
	}
	b.add(&Eval{b.value(e), b.env})
}

// precondition builds requires. Where preconditions do not count, nothing of it is evaluated.
func (b *builder) precondition(e *syntax.Call) {
	look, past := &Block{}, &Block{}
	b.end(&Precondition{e.Pos(), look, past})
	b.start(look)
	b.add(&Eval{b.call(e), b.env})
	b.goOn(e.Pos(), past)
}

// choose builds both arms of a condition, and goes on where they meet.
func (b *builder) choose(e syntax.Expr, then, otherwise func()) {
	yes, no, end := &Block{}, &Block{}, &Block{}
	b.cond(e, yes, no)
	b.start(yes)
	then()
	b.jump(e.Pos(), end)
	b.start(no)
	otherwise()
	b.goOn(e.Pos(), end)
}

// cond ends the block at hand with the way on for an expression that is true, and for one that is
// not.
func (b *builder) cond(e syntax.Expr, yes, no *Block) {
	switch x := e.(type) {
	case *syntax.StringLit: // assert(x && "why")
		b.jump(e.Pos(), yes)
		return
	case *syntax.IntLit:
		to := yes
		if x.Value == 0 {
			to = no
		}
		b.jump(e.Pos(), to)
		return
	case *syntax.Unary:
		if x.Op == "!" {
			b.cond(x.X, no, yes)
			return
		}
	case *syntax.Binary:
		more := &Block{}
		switch x.Op {
		case "&&":
			b.cond(x.X, more, no)
			b.start(more)
			b.cond(x.Y, yes, no)
			return
		case "||":
			b.cond(x.X, yes, more)
			b.start(more)
			b.cond(x.Y, yes, no)
			return
		}
	case *syntax.Cond:
		if x.Then != nil {
			then, otherwise := &Block{}, &Block{}
			b.cond(x.X, then, otherwise)
			b.start(then)
			b.cond(x.Then, yes, no)
			b.start(otherwise)
			b.cond(x.Else, yes, no)
			return
		}
	case *syntax.Comma:
		for _, part := range x.List[:len(x.List)-1] {
			b.effect(part)
		}
		b.cond(x.List[len(x.List)-1], yes, no)
		return
	}
	atom := b.value(e)
	b.end(&Branch{Cond: atom, Env: b.env, Then: yes, Else: no, Tested: b.tested > 0})
}

// hiddenExit builds a statement that is a macro which may leave the function.
func (b *builder) hiddenExit(e syntax.Expr) bool {
	call, name := b.known(e)
	x, ok := vocabulary.HiddenExit(name)
	if call == nil || !ok || x.Value >= len(call.Args) || x.Label >= len(call.Args) {
		return false
	}
	out, next := &Block{}, &Block{}
	b.end(&Branch{Cond: e, Env: b.env, Then: next, Else: out, Hidden: true})
	b.start(out)
	var target *syntax.Ident
	if x.Label >= 0 {
		target, _ = call.Args[x.Label].(*syntax.Ident)
	}
	switch {
	case target != nil:
		b.goTo(e.Pos(), target.Name)
	case x.Value >= 0:
		b.returns(e.Pos(), call.Args[x.Value])
	default:
		b.returns(e.Pos(), nil)
	}
	b.start(next)
	return true
}

// known is the call of a function that C does not define, with its name; else nil.
func (b *builder) known(e syntax.Expr) (*syntax.Call, string) {
	call, ok := e.(*syntax.Call)
	if !ok {
		return nil, ""
	}
	id, ok := call.Fun.(*syntax.Ident)
	if !ok || b.opt.Defined != nil && b.opt.Defined(id.Name) {
		return nil, ""
	}
	return call, id.Name
}

// temp makes a temporary for the value of e.
func (b *builder) temp(e syntax.Expr) *syntax.Temp {
	t := &syntax.Temp{At: syntax.At{Start: e.Pos()}, Index: b.temps, X: e}
	b.temps++
	b.graph.Temps = max(b.graph.Temps, b.temps)
	return t
}

// set gives a temporary its value.
func (b *builder) set(t *syntax.Temp, x syntax.Expr) {
	x = b.value(x)
	b.add(&Set{Temp: t, X: x, Env: b.env})
}

// number is the constant that a condition comes to.
func number(pos model.Pos, truth bool) *syntax.IntLit {
	if truth {
		return &syntax.IntLit{At: syntax.At{Start: pos}, Value: 1, Text: "1"}
	}
	return &syntax.IntLit{At: syntax.At{Start: pos}, Text: "0"}
}
