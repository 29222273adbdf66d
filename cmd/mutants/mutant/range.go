package mutant

import (
	"go/ast"
	"go/types"
)

// ranges leaves out the first or the last of what is gone through, or a bound of a slice.
func (f *finder) ranges(n ast.Node) {
	switch n := n.(type) {
	case *ast.RangeStmt:
		x := f.text(n.X)
		switch t := f.info.TypeOf(n.X).Underlying().(type) {
		case *types.Basic:
			if t.Info()&types.IsInteger != 0 {
				f.replace("range", n.X, "("+x+") - 1")
			}
		case *types.Slice, *types.Array:
			if isPath(n.X) {
				f.replace("range", n.X, x+"[:max(len("+x+")-1, 0)]")
				f.replace("range", n.X, x+"[min(1, len("+x+")):]")
			}
		}
	case *ast.SliceExpr:
		if n.Slice3 {
			return
		}
		if n.Low != nil {
			f.bound(n, n.Low)
		}
		if n.High != nil {
			f.bound(n, n.High)
		}
	}
}

// bound leaves out a bound of a slice.
func (f *finder) bound(n *ast.SliceExpr, b ast.Expr) {
	low, high := "", ""
	if n.Low != nil && n.Low != b {
		low = f.text(n.Low)
	}
	if n.High != nil && n.High != b {
		high = f.text(n.High)
	}
	f.mutant("bound", b.Pos(), f.text(n), f.text(n.X)+"["+low+":"+high+"]", f.edit(b, ""))
}

// isPath reports whether an expression is a variable or a field, which may be evaluated twice.
func isPath(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		return isPath(x.X)
	}
	return false
}
