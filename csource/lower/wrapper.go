package lower

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// wraps reports whether a function is a wrapper: besides preconditions and messages it does one
// thing, and that is a primitive or a wrapper defined before it. A reader takes it for the
// primitive.
func (u *Unit) wraps(d *syntax.FuncDef) bool {
	found := false
	for _, s := range d.Body.List {
		call := onlyCall(s)
		if call == nil {
			return false
		}
		name, ok := call.Fun.(*syntax.Ident)
		if !ok {
			return false
		}
		if f := u.functions[name.Name]; f != nil {
			if found || !f.wrapper {
				return false
			}
			found = true
			continue
		}
		switch p := vocabulary.Lookup(name.Name); {
		case p == nil:
			return false
		case p.Message(), p.Effect == vocabulary.Requires, p.Effect == vocabulary.Check, p.Effect == vocabulary.Assert:
		case found:
			return false
		default:
			found = true
		}
	}
	return found
}

// onlyCall is the call that is all of a statement: f(x); or return f(x);
func onlyCall(s syntax.Stmt) *syntax.Call {
	var x syntax.Expr
	switch s := s.(type) {
	case *syntax.ExprStmt:
		x = s.X
	case *syntax.Return:
		x = s.X
	}
	for {
		switch e := x.(type) {
		case *syntax.Call:
			return e
		case *syntax.Cast:
			x = e.X
		default:
			return nil
		}
	}
}
