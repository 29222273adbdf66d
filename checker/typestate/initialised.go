package typestate

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
)

// initialiser reads the functions that stand in the initialiser of a variable.
func (ts *types) initialiser(typ string, l *syntax.InitList, found func(slot string, x syntax.Expr)) {
	order := ts.order[typ]
	for i, item := range l.Items {
		if inner, ok := item.Value.(*syntax.InitList); ok {
			in := typ // an array of such structs
			if len(item.Path) == 1 && item.Path[0].Field != "" {
				if d := ts.field(typ, item.Path[0].Field); d != nil {
					in = d.typ
				}
			}
			ts.initialiser(in, inner, found)
			continue
		}
		switch {
		case len(item.Path) == 1 && item.Path[0].Field != "":
			found(typ+"."+item.Path[0].Field, item.Value)
		case len(item.Path) == 0 && i < len(order) && len(order) > 1:
			found(typ+"."+order[i], item.Value)
		}
	}
}

// A fileScope is what a file initialises.
type fileScope struct {
	lists  []*syntax.InitList // those in others as well
	stored []storing
	taken  []*tree.Function // functions whose address is taken there
}

// initialised reads the initialisers in each file.
func (w *world) initialised() []fileScope {
	files := w.tree.Files
	out := make([]fileScope, len(files))
	w.sideBySide(len(files), func(i int) {
		o := &out[i]
		syntax.Walk(files[i].Syntax, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.VarDecl:
				l, ok := n.Init.(*syntax.InitList)
				if !ok {
					break
				}
				w.types.initialiser(typeOf(n.Type).name, l, func(slot string, x syntax.Expr) {
					if f := w.named(files[i], x); f != nil {
						o.stored = append(o.stored, storing{slot, target{fn: f}})
					}
				})
			case *syntax.InitList:
				o.lists = append(o.lists, n)
				for _, item := range n.Items {
					if f := w.named(files[i], item.Value); f != nil {
						o.taken = append(o.taken, f)
					}
				}
			}
			return true
		})
	})
	return out
}
