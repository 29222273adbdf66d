package slice

import "github.com/lockproof/lockproof/csource/syntax"

// A counter is the variable of a for loop over what the protocol has so many of: for (i = 0; i <
// def->ndisks; i++). It is kept in the loop, and forgotten behind it.
type counter struct {
	name  string
	typ   syntax.Type
	first syntax.Expr
}

// counter is that of a loop, nil where it has none: where its bound is not a field of the protocol,
// or something but the head of the loop changes it.
func (f *function) counter(x *syntax.For) *counter {
	var c counter
	switch s := x.Init.(type) {
	case *syntax.ExprStmt:
		if a, ok := s.X.(*syntax.Assign); ok && a.Op == "=" {
			if id, ok := a.X.(*syntax.Ident); ok {
				if l := f.find(id.Name); l != nil && l.typ == nil {
					c = counter{id.Name, l.is, a.Y}
				}
			}
		}
	case *syntax.DeclStmt:
		if v, ok := s.Decls[0].(*syntax.VarDecl); ok && len(s.Decls) == 1 {
			c = counter{v.Name, v.Type, v.Init}
		}
	}
	if _, ok := c.first.(*syntax.IntLit); !ok || !f.types.isNumber(c.typ) {
		return nil
	}
	b, ok := x.Cond.(*syntax.Binary)
	if !ok || b.Op != "<" || !isNamed(b.X, c.name) || !steps(x.Post, c.name) || changes(x.Body, c.name) {
		return nil
	}
	if _, ok := b.Y.(*syntax.Member); !ok || !f.value(b.Y).known {
		return nil
	}
	return &c
}

func isNamed(x syntax.Expr, name string) bool {
	id, ok := x.(*syntax.Ident)
	return ok && id.Name == name
}

// steps reports whether an expression is i++.
func steps(x syntax.Expr, name string) bool {
	switch x := x.(type) {
	case *syntax.Postfix:
		return x.Op == "++" && isNamed(x.X, name)
	case *syntax.Unary:
		return x.Op == "++" && isNamed(x.X, name)
	}
	return false
}

// changes reports whether a body may change a variable, or can be entered from elsewhere.
func changes(body syntax.Stmt, name string) (yes bool) {
	syntax.Walk(body, func(n syntax.Node) bool {
		names := map[string]bool{}
		switch n := n.(type) {
		case *syntax.Label:
			yes = true
		case *syntax.VarDecl:
			yes = yes || n.Name == name
		case *syntax.Assign:
			root(n.X, names)
		case *syntax.Postfix:
			root(n.X, names)
		case *syntax.Unary:
			if n.Op == "++" || n.Op == "--" || n.Op == "&" {
				root(n.X, names)
			}
		}
		yes = yes || names[name]
		return !yes
	})
	return yes
}

// counted is a loop with its counter.
func (f *function) counted(x *syntax.For, c *counter) []syntax.Stmt {
	f.open()
	defer f.close()
	f.scope.locals[c.name] = &local{typ: c.typ}
	d := &syntax.VarDecl{At: x.At, Name: c.name, Type: c.typ, Init: c.first}
	loop := &syntax.For{At: x.At, Init: &syntax.DeclStmt{At: x.At, Decls: []syntax.Decl{d}}, Post: x.Post}
	loop.Cond = f.cond(x.Cond)
	resets := f.forget(x.Cond, x.Post)
	body := f.bodyOf(x.Body)
	if !acts(body) {
		return nil
	}
	loop.Body = block(x.At, append(resets, flat(body)...))
	return f.keep(loop)
}
