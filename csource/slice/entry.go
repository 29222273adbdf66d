package slice

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
)

// Entries are the functions of a tree that others call through pointers, API functions and
// callbacks: those whose names stand in the first values of variables at file scope, or are handed
// to functions. They come in the order of their files and places.
func Entries(t *tree.Tree) []string {
	taken := map[*tree.Function]bool{}
	for _, file := range t.Files {
		for _, d := range file.Syntax.Decls {
			switch d := d.(type) {
			case *syntax.VarDecl:
				if d.Init != nil {
					named(t, file, d.Init, taken)
				}
			case *syntax.FuncDef:
				syntax.Walk(d.Body, func(n syntax.Node) bool {
					if c, ok := n.(*syntax.Call); ok {
						for _, a := range c.Args {
							if u, ok := a.(*syntax.Unary); ok && u.Op == "&" {
								a = u.X
							}
							if id, ok := a.(*syntax.Ident); ok {
								take(t, file, id.Name, taken)
							}
						}
					}
					return true
				})
			}
		}
	}
	var names []string
	for _, file := range t.Files {
		for _, f := range file.Functions {
			if taken[f] && !slices.Contains(names, f.Name) {
				names = append(names, f.Name)
			}
		}
	}
	return names
}

func named(t *tree.Tree, file *tree.File, x syntax.Expr, taken map[*tree.Function]bool) {
	syntax.Walk(x, func(n syntax.Node) bool {
		if id, ok := n.(*syntax.Ident); ok {
			take(t, file, id.Name, taken)
		}
		return true
	})
}

func take(t *tree.Tree, file *tree.File, name string, taken map[*tree.Function]bool) {
	if f := t.Find(file, name); f != nil {
		taken[f] = true
	}
}
