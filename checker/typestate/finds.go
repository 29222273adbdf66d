package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
)

// A function that is given an object and returns a pointer may have found that by way of what the
// object's lock guards: a snapshot, a disk. Then it is as old as if the caller had found it there
// itself. What a function does with it is not followed; that it reads there is enough.

// A finder is a function that may return what it has found in an object that it is given.
type finder struct {
	param   int
	finds   bool
	text    bool      // it returns a text, which is made of what it finds
	through []passing // whose result it may return
}

// A passing is a call to which a parameter is handed on.
type passing struct {
	callee string
	arg    int
}

// finder says whether a function may be one; nil when it is not.
func (w *world) finder(f *tree.Function) *finder {
	result := typeOf(f.Type.Result)
	if result.stars != 1 || result.name == "void" || w.types.counted(result.name) {
		return nil
	}
	i := slices.IndexFunc(f.Type.Params, func(p *syntax.Param) bool {
		t := typeOf(p.Type)
		return t.stars == 1 && w.types.counted(t.name)
	})
	if i < 0 || f.Type.Params[i].Name == "" {
		return nil
	}
	name, typ := f.Type.Params[i].Name, typeOf(f.Type.Params[i].Type).name
	guarded := func(x syntax.Expr) bool {
		m, ok := x.(*syntax.Member)
		if !ok {
			return false
		}
		id, ok := m.X.(*syntax.Ident)
		d := w.types.field(typ, m.Name)
		return ok && id.Name == name && d != nil && d.guard != "" && d.pointer
	}
	// A text is made of what lies there for good, but for what is one of several.
	out := &finder{param: i, text: result.basic}
	note := func(x syntax.Expr) { out.finds = out.finds || !out.text && guarded(x) }
	syntax.Walk(f.Body, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Index:
			for x := n.X; ; {
				m, ok := x.(*syntax.Member)
				if !ok {
					break
				}
				out.finds = out.finds || guarded(m)
				x = m.X
			}
		case *syntax.Return:
			note(n.X)
		case *syntax.Assign:
			note(n.Y)
		case *syntax.VarDecl:
			note(n.Init)
		case *syntax.Call:
			for _, x := range n.Args {
				note(x)
			}
			id, ok := n.Fun.(*syntax.Ident)
			if !ok {
				break
			}
			j := slices.IndexFunc(n.Args, func(x syntax.Expr) bool {
				id, ok := x.(*syntax.Ident)
				return ok && id.Name == name
			})
			if j >= 0 {
				out.through = append(out.through, passing{id.Name, j})
			}
		}
		return true
	})
	return out
}

// finders keeps the functions that are finders, those that return what another one finds among
// them.
func (w *world) finders(list []*mention, index map[*tree.Function]*mention) {
	all := map[*tree.Function]*finder{}
	for _, m := range list {
		if m.finder != nil && (m.finder.text || !w.makes(m, index, map[*mention]bool{})) {
			all[m.fn] = m.finder
		}
	}
	for changed := true; changed; {
		changed = false
		for _, m := range list {
			f := all[m.fn]
			if f == nil || f.finds {
				continue
			}
			f.finds = slices.ContainsFunc(f.through, func(p passing) bool {
				g := all[w.tree.Find(m.fn.File, p.callee)]
				return g != nil && g.finds && g.param == p.arg
			})
			changed = changed || f.finds
		}
	}
	w.found = map[*tree.Function]int{}
	for fn, f := range all {
		if f.finds {
			w.found[fn] = f.param
		}
	}
}

// makes reports whether a function may return something new: it makes something itself, or calls
// one that makes what it returns.
func (w *world) makes(m *mention, index map[*tree.Function]*mention, seen map[*mention]bool) bool {
	if m.makes || seen[m] {
		return m.makes
	}
	seen[m] = true
	result := typeOf(m.fn.Type.Result)
	m.makes = slices.ContainsFunc(m.calls, func(name string) bool {
		to := index[w.tree.Find(m.fn.File, name)]
		if to == nil {
			return false
		}
		t := typeOf(to.fn.Type.Result)
		return t.stars == 1 && (t.name == result.name || t.name == "void") && w.makes(to, index, seen)
	})
	return m.makes
}

// found notes that what a call returns was found in an object that it was given.
func (a *analysis) found(s *state, c *syntax.Call, v value, args []value) {
	p, ok := v.place()
	id, named := c.Fun.(*syntax.Ident)
	if !ok || !named || a.f.contract || a.ps.list[p].root != siteRoot || a.w.types.counted(a.ps.list[p].typ) {
		return
	}
	if i, finds := a.w.found[a.w.tree.Find(a.f.File, id.Name)]; finds && i < len(args) {
		if q, ok := args[i].place(); ok && a.w.types.counted(a.ps.list[q].typ) {
			s.set(a.ps.list[p].top, under, pointer(a.lockOf(q)))
		}
	}
}
