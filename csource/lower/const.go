package lower

import "github.com/lockproof/lockproof/csource/syntax"

// isConst reports whether a declaration with that type makes something that is const, or whose
// elements are.
func (u *Unit) isConst(t syntax.Type) bool {
	for range maxTypedefs {
		if syntax.IsConst(t) {
			return true
		}
		switch x := t.(type) {
		case *syntax.TypeName:
			t = u.typedefs[x.Name]
		case *syntax.Array:
			t = x.Elem
		case *syntax.Atomic:
			t = x.Elem
		case *syntax.TypeofType:
			t = x.Type
		default:
			return false
		}
	}
	return false
}

const maxTypedefs = 64 // typedefs of one another that are followed

// fix notes of a variable, and of all that lies in it, what is const: it itself, or members of it.
// Memory that threads allocate has no declaration, and is never const.
func (w *world) fix(r cellRef, isConst bool) {
	c := w.cell(r)
	if !c.typ.isAggregate() {
		c.isConst = isConst
		return
	}
	if c.init.kind != vObject { // what is wrong with it was told
		return
	}
	o := w.objects[c.init.obj]
	for i := range o.cells {
		member := o.strukt != nil && o.cells[i].def.decl != nil && w.isConst(o.cells[i].def.decl.Type)
		w.fix(cellRef{c.init.obj, i}, isConst || member)
	}
}

// changesConst makes the next step one that fails: it would change what is const.
func (t *thread) changesConst(c *config, i *instr, r cellRef) {
	t.undefined(c, i, "%s changes %s, which is const", i.text(), t.w.cellName(r))
}
