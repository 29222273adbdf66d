package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// Whether a callee follows what it is given is part of its summary for objects of the contract. Of
// others it is only looked at what a callee does in any case, before anything lets it leave.

// nullArguments looks at variables that are NULL, are never given another value, and are given to a
// function that follows them. Where others are NULL hangs on more than is followed.
func (a *analysis) nullArguments(s *state, env flow.Env, c *syntax.Call, name string) {
	if len(a.f.nulls) == 0 || a.f.contract || a.w.contract[name] != nil {
		return
	}
	for i, x := range c.Args {
		id, ok := x.(*syntax.Ident)
		if !ok {
			continue
		}
		l := env.Find(id.Name)
		if l == nil || l.Index < 0 || !s.vars[l.Index].isNull() || !slices.Contains(a.f.nulls, l.Index) {
			continue
		}
		if t := typeOf(l.Type); t.stars != 1 || a.w.types.counted(t.name) {
			continue
		}
		f := a.w.tree.Find(a.f.File, name)
		if f == nil || i >= len(f.Type.Params) || !a.w.followsFirst(f, f.Type.Params[i].Name) {
			continue
		}
		a.report(s, model.NullVM, c.Pos(), noPlace, name+" follows "+id.Name+", which is NULL here", nil)
		s.setVar(l.Index, unknown)
	}
}

// followsFirst reports whether a function follows a parameter before it can leave, and without
// asking for it.
func (w *world) followsFirst(f *tree.Function, param string) bool {
	if param == "" {
		return false
	}
	u := &useOf{name: param, null: true}
	for _, s := range f.Body.List {
		switch s := s.(type) {
		case *syntax.ExprStmt, *syntax.DeclStmt, *syntax.Return:
			u.stmt(s)
		case *syntax.If:
			u.expr(firstOperand(s.Cond))
		}
		if u.at.Line != 0 {
			return u.what == "is followed"
		}
		if mentionsName(s, param) || leaves(s) {
			return false
		}
	}
	return false
}

// firstOperand is the part of a condition that is evaluated in any case.
func firstOperand(x syntax.Expr) syntax.Expr {
	for {
		b, ok := x.(*syntax.Binary)
		if !ok || b.Op != "&&" && b.Op != "||" {
			return x
		}
		x = b.X
	}
}

func mentionsName(n syntax.Node, name string) bool {
	found := false
	syntax.Walk(n, func(n syntax.Node) bool {
		id, ok := n.(*syntax.Ident)
		found = found || ok && id.Name == name
		return !found
	})
	return found
}

// leaves reports whether control may go elsewhere in a statement, or come there from elsewhere.
func leaves(s syntax.Stmt) bool {
	found := false
	syntax.Walk(s, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Return, *syntax.Goto, *syntax.Label, *syntax.Switch, *syntax.MacroBlock:
			found = true
		case *syntax.Call:
			if id, ok := n.Fun.(*syntax.Ident); ok {
				_, hidden := vocabulary.HiddenExit(id.Name)
				found = found || hidden || slices.Contains(noreturn, id.Name)
			}
		}
		return !found
	})
	return found
}
