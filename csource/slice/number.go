package slice

import "github.com/lockproof/lockproof/csource/syntax"

// numbers are the integer locals whose values are few: each assignment gives one a constant, the
// result of a call, another such local, or a condition. Loop counters, sums, and what is filled in
// through a pointer are not among them.
func (f *function) numbers() map[string]bool {
	n := &numbers{types: f.types, is: map[string]bool{}, copies: map[string][]string{}}
	for _, p := range f.def.Type.Params {
		if f.types.isNumber(p.Type) {
			n.is[p.Name] = true
		}
	}
	syntax.Walk(f.def.Body, n.declared)
	syntax.Walk(f.def.Body, n.changed)
	for again := true; again; {
		again = false
		for to, from := range n.copies {
			for _, name := range from {
				if n.is[to] && !n.is[name] {
					n.is[to], again = false, true
				}
			}
		}
	}
	return n.is
}

type numbers struct {
	types  *types
	is     map[string]bool
	copies map[string][]string
}

// declared notes the variables, and drops names that are declared twice with other types.
func (n *numbers) declared(x syntax.Node) bool {
	d, ok := x.(*syntax.VarDecl)
	if !ok {
		return true
	}
	_, twice := n.is[d.Name]
	n.is[d.Name] = n.types.isNumber(d.Type) && !d.Storage.Has(syntax.Static) && (!twice || n.is[d.Name])
	return true
}

// changed drops those that get other values.
func (n *numbers) changed(x syntax.Node) bool {
	switch x := x.(type) {
	case *syntax.VarDecl:
		if x.Init != nil {
			n.assigned(x.Name, x.Init)
		}
	case *syntax.Assign:
		id, ok := x.X.(*syntax.Ident)
		switch {
		case !ok:
		case x.Op == "=":
			n.assigned(id.Name, x.Y)
		default:
			n.is[id.Name] = false
		}
	case *syntax.Postfix:
		n.drop(x.X)
	case *syntax.Unary:
		switch x.Op {
		case "++", "--", "&":
			n.drop(x.X)
		}
	}
	return true
}

func (n *numbers) drop(x syntax.Expr) {
	if id, ok := x.(*syntax.Ident); ok {
		n.is[id.Name] = false
	}
}

func (n *numbers) assigned(name string, x syntax.Expr) {
	if !n.few(name, x) {
		n.is[name] = false
	}
}

// few reports whether an expression has few values.
func (n *numbers) few(name string, x syntax.Expr) bool {
	switch x := x.(type) {
	case *syntax.IntLit, *syntax.CharLit, *syntax.Call:
		return true
	case *syntax.Ident:
		if _, local := n.is[x.Name]; local {
			n.copies[name] = append(n.copies[name], x.Name)
		}
		return true
	case *syntax.Unary:
		return x.Op == "!" || x.Op == "-" && n.few(name, x.X)
	case *syntax.Binary:
		switch x.Op {
		case "==", "!=", "<", ">", "<=", ">=", "&&", "||":
			return true
		}
	case *syntax.Cond:
		return x.Then != nil && n.few(name, x.Then) && n.few(name, x.Else)
	case *syntax.Assign:
		return x.Op == "=" && n.few(name, x.Y)
	case *syntax.Cast:
		return n.few(name, x.X)
	case *syntax.Member:
		return true
	}
	return false
}
