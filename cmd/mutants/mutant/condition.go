package mutant

import (
	"go/ast"
	"go/token"
)

// conditions changes what decides: whole conditions (negate, condition), their parts (conjunct,
// logic) and comparisons (compare).
func (f *finder) conditions(n ast.Node) {
	switch n := n.(type) {
	case *ast.IfStmt:
		f.negate(n.Cond)
		f.mutant("condition", n.Cond.Pos(), f.text(n.Cond), "true", f.edit(n.Cond, "true || ("+f.text(n.Cond)+")"))
	case *ast.ForStmt:
		if n.Cond != nil {
			f.negate(n.Cond)
		}
	case *ast.ReturnStmt:
		for _, x := range n.Results {
			if _, isCall := ast.Unparen(x).(*ast.CallExpr); isCall && isBool(f.info.TypeOf(x)) {
				f.negate(x)
			}
		}
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			f.replace("negate", n, "("+f.text(n.X)+")")
		}
	case *ast.BinaryExpr:
		f.binaryCondition(n)
	}
}

// negate inverts a condition, where no other operator does.
func (f *finder) negate(x ast.Expr) {
	switch e := ast.Unparen(x).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return
		}
	case *ast.BinaryExpr:
		if e.Op == token.EQL || e.Op == token.NEQ {
			return
		}
	}
	f.mutant("negate", x.Pos(), f.text(x), "!("+f.text(x)+")", f.edit(x, "!("+f.text(x)+")"))
}

// comparisons are by which operators a comparison is replaced: the neighbour at the boundary, and
// the other direction.
var comparisons = map[token.Token][]token.Token{
	token.LSS: {token.LEQ, token.GTR},
	token.LEQ: {token.LSS, token.GEQ},
	token.GTR: {token.GEQ, token.LSS},
	token.GEQ: {token.GTR, token.LEQ},
	token.EQL: {token.NEQ},
	token.NEQ: {token.EQL},
}

func (f *finder) binaryCondition(n *ast.BinaryExpr) {
	for _, op := range comparisons[n.Op] {
		f.operator("compare", n, op)
	}
	switch n.Op {
	case token.LAND, token.LOR:
		other := token.LAND
		if n.Op == token.LAND {
			other = token.LOR
		}
		f.mutant("logic", n.OpPos, f.text(n), f.with(n, other),
			f.edit(n, "(("+f.text(n.X)+") "+other.String()+" ("+f.text(n.Y)+"))"))
		f.mutant("conjunct", n.OpPos, f.text(n), f.text(n.X), f.edit(n, "("+f.text(n.X)+")"))
		f.mutant("conjunct", n.OpPos, f.text(n), f.text(n.Y), f.edit(n, "("+f.text(n.Y)+")"))
	}
}

// with is the text of a binary expression with another operator.
func (f *finder) with(n *ast.BinaryExpr, op token.Token) string {
	return f.text(n.X) + " " + op.String() + " " + f.text(n.Y)
}

// operator exchanges the operator of a binary expression for one that binds as tightly, or puts
// brackets around.
func (f *finder) operator(name string, n *ast.BinaryExpr, op token.Token) {
	start := f.offset(n.OpPos)
	if op.Precedence() == n.Op.Precedence() {
		f.mutant(name, n.OpPos, f.text(n), f.with(n, op), edit{start, start + len(n.Op.String()), op.String()})
		return
	}
	f.mutant(name, n.OpPos, f.text(n), f.with(n, op),
		f.edit(n, "(("+f.text(n.X)+") "+op.String()+" ("+f.text(n.Y)+"))"))
}
