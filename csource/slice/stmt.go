package slice

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

type inTree = tree.Function

// list translates statements in a row.
func (f *function) list(in []syntax.Stmt) []syntax.Stmt {
	var out []syntax.Stmt
	for _, s := range in {
		out = append(out, f.stmt(s)...)
	}
	return out
}

// block makes one statement of several, nil of none.
func block(at syntax.At, list []syntax.Stmt) syntax.Stmt {
	if len(list) == 0 {
		return nil
	}
	return &syntax.Block{At: at, List: list, Rbrace: at.Start}
}

// bodyOf translates a statement as a scope of its own; nil when nothing is left.
func (f *function) bodyOf(s syntax.Stmt) syntax.Stmt {
	if s == nil {
		return nil
	}
	f.open()
	defer f.close()
	list := f.stmt(s)
	if len(list) == 1 {
		if b, ok := list[0].(*syntax.Block); ok {
			return b
		}
	}
	return block(syntax.At{Start: s.Pos()}, list)
}

func orEmpty(at syntax.At, s syntax.Stmt) syntax.Stmt {
	if s == nil {
		return &syntax.Empty{At: at}
	}
	return s
}

// keep counts a statement that is left.
func (f *function) keep(s syntax.Stmt) []syntax.Stmt {
	f.kept++
	return []syntax.Stmt{s}
}

// stmt translates a statement into what is left of it.
func (f *function) stmt(s syntax.Stmt) []syntax.Stmt {
	switch x := s.(type) {
	case *syntax.ExprStmt:
		return f.exprStmt(x)
	case *syntax.DeclStmt:
		return f.declare(x)
	case *syntax.Block:
		f.open()
		list := f.list(x.List)
		f.close()
		if len(list) == 0 {
			return nil
		}
		return []syntax.Stmt{&syntax.Block{At: x.At, List: list, Rbrace: x.Rbrace}}
	case *syntax.If:
		return f.branch(x)
	case *syntax.While:
		return f.whileLoop(x)
	case *syntax.DoWhile:
		return f.doLoop(x)
	case *syntax.For:
		return f.forLoop(x)
	case *syntax.Switch:
		return f.switched(x)
	case *syntax.Label:
		return f.keep(&syntax.Label{At: x.At, Name: x.Name, Body: f.marked(x.At, x.Body)})
	case *syntax.Goto:
		if x.X != nil {
			f.fail(x.Pos(), "a computed goto cannot be sliced")
		}
		return f.keep(x)
	case *syntax.Break, *syntax.Continue:
		return f.keep(x)
	case *syntax.Return:
		return f.returned(x)
	case *syntax.MacroBlock:
		return f.macroBlock(x)
	case *syntax.BadStmt:
		f.fail(x.Pos(), "this cannot be parsed")
	case *syntax.Case, *syntax.Default:
		f.fail(x.Pos(), "a case outside of the body of its switch cannot be sliced")
	}
	return nil
}

// marked is the statement behind a label.
func (f *function) marked(at syntax.At, s syntax.Stmt) syntax.Stmt {
	list := f.stmt(s)
	if len(list) == 1 {
		return list[0]
	}
	if _, decl := s.(*syntax.DeclStmt); decl && len(list) > 0 {
		f.fail(s.Pos(), "a declaration right behind a label cannot be sliced")
	}
	return orEmpty(at, block(at, list))
}

// evaluated is an expression as a statement, with the choices that it makes anew.
func (f *function) evaluated(at syntax.At, x syntax.Expr, of ...syntax.Expr) []syntax.Stmt {
	list := f.forget(of...)
	if x = pruned(x); x != nil {
		list = append(list, f.keep(&syntax.ExprStmt{At: at, X: x})...)
	}
	return list
}

func (f *function) exprStmt(x *syntax.ExprStmt) []syntax.Stmt {
	if c, ok := x.X.(*syntax.Call); ok {
		if id, ok := c.Fun.(*syntax.Ident); ok {
			if exit, hidden := vocabulary.HiddenExit(id.Name); hidden {
				return f.exit(c, exit)
			}
		}
	}
	return f.evaluated(x.At, f.value(x.X).x, x.X)
}

// exit is a macro that may leave the function.
func (f *function) exit(c *syntax.Call, exit vocabulary.Exit) []syntax.Stmt {
	var leave syntax.Stmt
	switch {
	case exit.Label >= 0 && exit.Label < len(c.Args):
		id, ok := c.Args[exit.Label].(*syntax.Ident)
		if !ok {
			f.fail(c.Pos(), "the label of %s is not known", syntax.FormatShort(c))
			return nil
		}
		leave = &syntax.Goto{At: c.At, Label: id.Name, LabelPos: id.Pos()}
	case exit.Value >= 0 && exit.Value < len(c.Args):
		leave = f.leaving(&syntax.Return{At: c.At, X: c.Args[exit.Value]})
	default:
		leave = f.leaving(&syntax.Return{At: c.At})
	}
	f.chosen++
	return f.keep(&syntax.If{At: c.At, Cond: nondet(c.At), Then: leave})
}

func (f *function) declare(x *syntax.DeclStmt) []syntax.Stmt {
	var list []syntax.Stmt
	for _, d := range x.Decls {
		v, ok := d.(*syntax.VarDecl)
		if !ok {
			continue
		}
		list = append(list, f.variable(x.At, v)...)
	}
	return list
}

// variable declares a local that is kept, and else evaluates its first value. A lock guard is kept
// with what it locks.
func (f *function) variable(at syntax.At, v *syntax.VarDecl) []syntax.Stmt {
	guard := syntax.FindAttr(v.Attrs, "VIR_LOCK_GUARD") != nil
	if v.Init != nil && !isZero(v.Init) {
		f.handle(v.Name, v.Type, v.Init)
	}
	object := !f.opaque[v.Name] && f.types.hasState(v.Type) && !f.isSingle(v.Type) && !v.Storage.Has(syntax.Static)
	numeric := f.types.isNumber(v.Type) && f.locals[v.Name]
	if !object && !numeric && !guard {
		var does syntax.Expr
		if v.Init != nil {
			does = f.value(v.Init).x
		}
		f.scope.locals[v.Name] = &local{is: v.Type}
		return f.evaluated(at, does, v.Init)
	}
	d := &syntax.VarDecl{
		At: v.At, Name: v.Name, Type: f.types.written(v.Type), Storage: v.Storage &^ syntax.Const, Attrs: v.Attrs,
	}
	switch {
	case v.Init == nil && numeric:
		d.Init = number(v.At, 0)
	case v.Init == nil:
		d.Init = &syntax.Ident{At: v.At, Name: "NULL"}
	case guard:
		g := f.value(v.Init)
		if !g.known {
			f.scope.locals[v.Name] = &local{}
			return f.evaluated(at, g.x, v.Init)
		}
		d.Init = g.x
	default:
		d.Init = f.as(v.Type, v.Init)
	}
	list := f.forget(v.Init)
	f.scope.locals[v.Name] = &local{typ: v.Type}
	if len(list) == 0 {
		list = f.reset(map[string]bool{v.Name: true}, false, v.Pos())
	}
	return append(list, f.keep(&syntax.DeclStmt{At: at, Decls: []syntax.Decl{d}})...)
}

func (f *function) branch(x *syntax.If) []syntax.Stmt {
	c := f.cond(x.Cond)
	a, b := f.bodyOf(x.Then), f.bodyOf(x.Else)
	list := f.forget(x.Cond)
	switch {
	case a == nil && b == nil:
		return f.evaluated(x.At, c, x.Cond)
	case a == nil:
		a, b = b, nil
		c = &syntax.Unary{At: x.At, Op: "!", X: c}
	}
	return append(list, f.keep(&syntax.If{At: x.At, Cond: c, Then: a, Else: b})...)
}

// whileLoop is a while loop. One that only chooses is nothing.
func (f *function) whileLoop(x *syntax.While) []syntax.Stmt {
	c := f.cond(x.Cond)
	resets := f.forget(x.Cond)
	body := f.bodyOf(x.Body)
	if !acts(body) && pruned(c) == nil {
		return nil
	}
	return append(resets, f.keep(&syntax.While{
		At: x.At, Cond: c,
		Body: orEmpty(x.At, block(x.At, append(flat(body), resets...))),
	})...)
}

func (f *function) doLoop(x *syntax.DoWhile) []syntax.Stmt {
	body := f.bodyOf(x.Body)
	resets := f.forget(x.Cond)
	c := f.cond(x.Cond)
	if !acts(body) && pruned(c) == nil {
		return nil
	}
	return f.keep(&syntax.DoWhile{At: x.At, Body: orEmpty(x.At, block(x.At, append(flat(body), resets...))), Cond: c})
}

// forLoop is a for loop.
func (f *function) forLoop(x *syntax.For) []syntax.Stmt {
	if c := f.counter(x); c != nil {
		return f.counted(x, c)
	}
	f.open()
	defer f.close()
	var list []syntax.Stmt
	if x.Init != nil {
		list = f.stmt(x.Init)
	}
	loop := &syntax.For{At: x.At}
	var resets []syntax.Stmt
	if x.Cond != nil {
		loop.Cond = f.cond(x.Cond)
	}
	if x.Post != nil {
		loop.Post = f.effect(x.Post)
	}
	resets = f.forget(x.Cond, x.Post)
	body := f.bodyOf(x.Body)
	if !acts(body) && pruned(loop.Post) == nil && (loop.Cond == nil || pruned(loop.Cond) == nil) {
		return scoped(x.At, list)
	}
	loop.Body = orEmpty(x.At, block(x.At, append(resets, flat(body)...)))
	return scoped(x.At, append(list, f.keep(loop)...))
}

// scoped keeps the declarations of a for to itself.
func scoped(at syntax.At, list []syntax.Stmt) []syntax.Stmt {
	if slices.ContainsFunc(list, func(s syntax.Stmt) bool { _, decl := s.(*syntax.DeclStmt); return decl }) {
		return []syntax.Stmt{block(at, list)}
	}
	return list
}

func flat(s syntax.Stmt) []syntax.Stmt {
	switch s := s.(type) {
	case nil:
		return nil
	case *syntax.Block:
		return s.List
	default:
		return []syntax.Stmt{s}
	}
}

// acts reports whether a loop does something besides choosing when to end.
func acts(s syntax.Stmt) (yes bool) {
	if s == nil {
		return false
	}
	syntax.Walk(s, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Goto, *syntax.Return, *syntax.Label:
			yes = true
		case syntax.Expr:
			yes = yes || does(n)
		}
		return !yes
	})
	return yes
}

func (f *function) returned(x *syntax.Return) []syntax.Stmt {
	list := f.forget(x.X)
	r := f.leaving(x)
	if x.X != nil && isVoid(f.typ.Result) {
		list = append(list, f.evaluated(x.At, f.value(x.X).x)...)
	}
	return append(list, f.keep(r)...)
}

// leaving is a return with what is left of its value.
func (f *function) leaving(x *syntax.Return) *syntax.Return {
	r := &syntax.Return{At: x.At}
	if x.X != nil && !isVoid(f.typ.Result) {
		r.X = f.as(f.typ.Result, x.X)
	}
	return r
}

// macroBlock is a statement under a macro: of a lock guard if it is one, and else any number of
// times.
func (f *function) macroBlock(x *syntax.MacroBlock) []syntax.Stmt {
	var before syntax.Expr
	guard := false
	if id, ok := x.Call.Fun.(*syntax.Ident); ok {
		guard = vocabulary.Guarding(id.Name) != ""
	}
	if guard && len(x.Call.Args) == 1 {
		v := f.value(x.Call.Args[0])
		body := f.bodyOf(x.Body)
		if v.known && (v.typ != nil || f.types.isObject(v.typ)) {
			f.touches = true
			c := &syntax.Call{
				At: x.Call.At, Fun: x.Call.Fun, Args: []syntax.Expr{v.x}, Lparen: x.Call.Lparen,
				Rparen: x.Call.Rparen,
			}
			return f.keep(&syntax.MacroBlock{At: x.At, Call: c, Body: orEmpty(x.At, body)})
		}
		f.leave(x.Pos(), "%s: the protocol does not have what it locks", syntax.FormatShort(x.Call))
		return flat(body)
	}
	before = f.value(x.Call).x
	list := f.evaluated(x.At, before, x.Call)
	body := f.bodyOf(x.Body)
	if !acts(body) {
		return list
	}
	f.chosen++
	return append(list, f.keep(&syntax.While{At: x.At, Cond: nondet(x.At), Body: body})...)
}
