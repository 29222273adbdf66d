package mutant

import (
	"go/ast"
	"go/token"
)

// statements drops what is done: single statements, whole branches, early exits and defers; does
// two things in the other order; and does once what is done in a loop.
func (f *finder) statements(n ast.Node) {
	switch n := n.(type) {
	case *ast.ForStmt:
		if n.Cond != nil && n.Init == nil && n.Post == nil {
			start := f.offset(n.For)
			f.mutant("loop", n.For, "for "+f.text(n.Cond), "if "+f.text(n.Cond), edit{start, start + len("for"), "if"})
		}
	case *ast.CallExpr:
		if s, ok := n.Fun.(*ast.SelectorExpr); ok && wakes[s.Sel.Name] != "" {
			f.mutant("wake", s.Sel.Pos(), f.text(n), f.text(s.X)+"."+wakes[s.Sel.Name]+"()", f.edit(s.Sel, wakes[s.Sel.Name]))
		}
	case *ast.BlockStmt:
		f.each(n.List)
	case *ast.CaseClause:
		f.each(n.Body)
		f.branch(n.Body)
	case *ast.CommClause:
		f.each(n.Body)
		f.branch(n.Body)
	case *ast.IfStmt:
		f.branch(n.Body.List)
		if e, ok := n.Else.(*ast.BlockStmt); ok {
			f.branch(e.List)
		}
	}
}

// wakes are the methods that wake one waiter, and all.
var wakes = map[string]string{"Signal": "Broadcast", "Broadcast": "Signal"}

func isCall(s ast.Stmt) bool {
	x, ok := s.(*ast.ExprStmt)
	if !ok {
		return false
	}
	_, ok = x.X.(*ast.CallExpr)
	return ok
}

func (f *finder) each(list []ast.Stmt) {
	for i, s := range list {
		if i > 0 && isCall(list[i-1]) && isCall(s) {
			f.mutant("order", s.Pos(), f.text(list[i-1])+"; "+f.text(s), f.text(s)+"; "+f.text(list[i-1]),
				f.edit(list[i-1], f.text(s)), f.edit(s, f.text(list[i-1])))
		}
		if name := f.droppable(s); name != "" {
			f.drop(name, s, s)
		}
		if b, ok := s.(*ast.BranchStmt); ok && b.Tok == token.FALLTHROUGH {
			f.mutant("exit", b.Pos(), "fallthrough", "", f.edit(b, ""))
		}
	}
}

// droppable names the operator that drops a statement.
func (f *finder) droppable(s ast.Stmt) string {
	switch s := s.(type) {
	case *ast.AssignStmt:
		if s.Tok != token.DEFINE && !isBlank(s.Lhs) {
			return "statement"
		}
	case *ast.ExprStmt:
		if call, ok := s.X.(*ast.CallExpr); !ok || f.builtin(call) != "panic" {
			return "statement"
		}
	case *ast.IncDecStmt, *ast.SendStmt, *ast.GoStmt:
		return "statement"
	case *ast.DeferStmt:
		return "defer"
	case *ast.ReturnStmt:
		return "exit"
	case *ast.BranchStmt:
		if s.Tok != token.FALLTHROUGH {
			return "exit"
		}
	}
	return ""
}

func isBlank(xs []ast.Expr) bool {
	for _, x := range xs {
		if id, ok := x.(*ast.Ident); !ok || id.Name != "_" {
			return false
		}
	}
	return true
}

// branch drops all statements of a body at once, where that is not dropping one. A body that ends
// in a panic is a broken invariant, and nobody comes there.
func (f *finder) branch(list []ast.Stmt) {
	if len(list) == 0 || len(list) == 1 && f.droppable(list[0]) != "" {
		return
	}
	if x, ok := list[len(list)-1].(*ast.ExprStmt); ok {
		if call, ok := x.X.(*ast.CallExpr); ok && f.builtin(call) == "panic" {
			return
		}
	}
	f.drop("branch", list[0], list[len(list)-1])
}
