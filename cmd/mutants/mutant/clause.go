package mutant

import (
	"go/ast"
	"go/token"
)

// clauses drops a case or one of its expressions, and exchanges the bodies of neighbours.
func (f *finder) clauses(n ast.Node) {
	var body *ast.BlockStmt
	switch n := n.(type) {
	case *ast.SwitchStmt:
		body = n.Body
	case *ast.TypeSwitchStmt:
		body = n.Body
	case *ast.SelectStmt:
		body = n.Body
	default:
		return
	}
	for i, s := range body.List {
		f.mutant("case", s.Pos(), f.text(s), "", f.edit(s, ""))
		if c, ok := s.(*ast.CaseClause); ok && len(c.List) > 1 {
			f.alternatives(c)
		}
		if i > 0 {
			f.swapBodies(body.List[i-1], s)
		}
	}
}

// alternatives drops each expression of a list.
func (f *finder) alternatives(c *ast.CaseClause) {
	for i, x := range c.List {
		start, end := f.offset(x.Pos()), f.offset(x.End())
		if i > 0 {
			start = f.offset(c.List[i-1].End())
		} else {
			end = f.offset(c.List[1].Pos())
		}
		f.mutant("case", x.Pos(), "case "+f.text(x), "", edit{start, end, ""})
	}
}

func (f *finder) swapBodies(x, y ast.Stmt) {
	xs, xe, xok := f.clauseBody(x)
	ys, ye, yok := f.clauseBody(y)
	if !xok || !yok {
		return
	}
	xt, yt := string(f.source.text[xs:xe]), string(f.source.text[ys:ye])
	f.mutant("case", y.Pos(), "bodies of "+f.head(x)+" and "+f.head(y), "exchanged", edit{xs, xe, yt}, edit{ys, ye, xt})
}

// clauseBody is where the statements of a clause stand.
func (f *finder) clauseBody(s ast.Stmt) (start, end int, ok bool) {
	switch s := s.(type) {
	case *ast.CaseClause:
		if n := len(s.Body); n > 0 {
			if b, isBranch := s.Body[n-1].(*ast.BranchStmt); isBranch && b.Tok == token.FALLTHROUGH {
				return 0, 0, false
			}
		}
		return f.offset(s.Colon) + 1, f.offset(s.End()), true
	case *ast.CommClause:
		return f.offset(s.Colon) + 1, f.offset(s.End()), true
	}
	return 0, 0, false
}

// head is a clause without its statements.
func (f *finder) head(s ast.Stmt) string {
	start, _, _ := f.clauseBody(s)
	return string(f.source.text[f.offset(s.Pos()) : start-1])
}
