package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// An object may have a reference of another one, and drop it when its own end has come: by what it
// does itself then, or by a callback that was handed to it. Who sees that end drops none for it.

// An ending is a callback that the end of an object calls, with another object to which it leads.
type ending struct {
	of, drops string // types
	slot      string // that holds the callback
	arg       int    // in which the other object is given
}

// endingsOf finds what the function that frees an object calls by way of it.
func (w *world) endingsOf(f *tree.Function) []ending {
	if len(f.Type.Params) != 1 {
		return nil
	}
	p := f.Type.Params[0]
	of := typeOf(p.Type)
	if of.stars != 1 || !w.types.counted(of.name) {
		return nil
	}
	var list []ending
	frees := false
	syntax.Walk(f.Body, func(n syntax.Node) bool {
		c, ok := n.(*syntax.Call)
		if !ok {
			return true
		}
		name, _ := freedByCall(c)
		frees = frees || name == p.Name
		fun, ok := c.Fun.(*syntax.Member)
		if !ok {
			return true
		}
		for i, x := range c.Args {
			m, ok := x.(*syntax.Member)
			if !ok {
				continue
			}
			id, ok := m.X.(*syntax.Ident)
			if d := w.types.field(of.name, m.Name); ok && id.Name == p.Name && d != nil && w.types.counted(d.typ) {
				list = append(list, ending{of.name, d.typ, w.types.structOf(f, fun.X) + "." + fun.Name, i})
			}
		}
		return true
	})
	if !frees {
		return nil
	}
	return list
}

// endings finds the types whose end drops a reference of an object of another type: in a callback
// that is stored in that field.
func (w *world) endings(list []*mention) {
	w.drops = map[[2]string]bool{}
	for _, m := range list {
		for _, e := range m.endings {
			for _, to := range w.pointers.slots[e.slot] {
				if dropsParam(to.fn, e.arg) {
					w.drops[[2]string{e.of, e.drops}] = true
				}
			}
		}
	}
}

// dropsParam reports whether a function drops a reference of what it is given.
func dropsParam(f *tree.Function, i int) bool {
	if i >= len(f.Type.Params) {
		return false
	}
	found := false
	syntax.Walk(f.Body, func(n syntax.Node) bool {
		if c, ok := n.(*syntax.Call); ok && len(c.Args) == 1 {
			id, named := c.Fun.(*syntax.Ident)
			x, is := c.Args[0].(*syntax.Ident)
			if named && is && x.Name == f.Type.Params[i].Name {
				v := vocabulary.Lookup(id.Name)
				found = found || v != nil && v.Effect == vocabulary.Unref
			}
		}
		return true
	})
	return found
}

// A forEnded is a reference that is dropped where another object has come to its end.
type forEnded struct {
	s       *state
	p, gone place
	always  bool // and nowhere else
}

// dropsForEnded looks at a reference that is dropped after the last one of an object is gone to
// which this one leads, and whose end has dropped it.
func (a *analysis) dropsForEnded(s *state, p place, pos model.Pos) {
	if a.f.contract {
		return
	}
	i := slices.IndexFunc(s.facts, func(f fact) bool {
		return f.aspect == isFreed && f.val == number(2) && f.place != p && a.below(f.place, p) &&
			a.w.types.leadsTo(a.ps.list[f.place].typ, a.ps.list[p].typ)
	})
	gone := noPlace
	if i >= 0 {
		gone = s.facts[i].place
		a.ref(s, p, 1) // what that one had
		if !a.w.drops[[2]string{a.ps.list[gone].typ, a.ps.list[p].typ}] {
			return
		}
	}
	old, seen := a.forEnded[pos]
	switch {
	case i < 0:
		old.always = false
	case !seen:
		old = forEnded{s.settled(), p, gone, true}
	}
	if a.forEnded == nil {
		a.forEnded = map[model.Pos]forEnded{}
	}
	a.forEnded[pos] = old
}

// endedTwice reports the references that are dropped for the end of other objects.
func (a *analysis) endedTwice() {
	for pos, e := range a.forEnded {
		if e.always {
			a.report(e.s, model.RefCount, pos, e.p, "a reference of "+a.ps.text(a.f, e.p)+" is dropped here, and the end of "+
				a.ps.text(a.f, e.gone)+" has dropped it", why(e.s, e.gone, isFreed))
		}
	}
}

// leadsTo reports whether a struct has a pointer to another one.
func (ts *types) leadsTo(from, to string) bool {
	for _, f := range ts.structs[from] {
		if f.pointer && f.typ == to {
			return true
		}
	}
	return false
}
