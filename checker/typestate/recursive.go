package typestate

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// How often a thread holds a recursive mutex is not counted: once, or not known. A function that
// locks one may be called with it held and without, and does no harm either way.

// noteRecursive notes the field that a call makes a recursive mutex.
func (w *world) noteRecursive(f *tree.Function, c *syntax.Call) {
	if len(c.Args) != 1 {
		return
	}
	u, ok := c.Args[0].(*syntax.Unary)
	if !ok || u.Op != "&" {
		return
	}
	m, ok := u.X.(*syntax.Member)
	if !ok {
		return
	}
	typ := w.types.structOf(f, m.X)
	if d := w.types.field(typ, m.Name); d != nil {
		d.recursive, w.recursive[typ+"."+m.Name] = true, true
	}
}

// structOf is the struct in which an expression of variables and members lies, or to which it
// leads; "" when that is not known.
func (ts *types) structOf(f *tree.Function, e syntax.Expr) string {
	switch e := e.(type) {
	case *syntax.Member:
		if d := ts.field(ts.structOf(f, e.X), e.Name); d != nil {
			return d.typ
		}
	case *syntax.Ident:
		name := ts.globals[e.Name].name
		for _, p := range f.Type.Params {
			if p.Name == e.Name {
				name = typeOf(p.Type).name
			}
		}
		syntax.Walk(f.Body, func(n syntax.Node) bool {
			if d, ok := n.(*syntax.VarDecl); ok && d.Name == e.Name {
				name = typeOf(d.Type).name
			}
			return true
		})
		return name
	}
	return ""
}

// isRecursive reports whether a lock is one that its holder may lock again.
func (a *analysis) isRecursive(l place) bool {
	d := a.fieldOf(l)
	return d != nil && d.recursive
}

// openRecursive splits a state of which it is not known whether callers hold a recursive mutex.
func (a *analysis) openRecursive(s *state, l place, pos model.Pos) []*state {
	if l == noPlace || !a.isRecursive(l) || !a.entryRoot(l) || s.fact(l, isHeld) != nil {
		return []*state{s}
	}
	t := s.clone()
	n := need{fact: fact{place: l, aspect: isHeld, val: number(0)}, origin: &origin{pos: pos, fn: a.f.Name}}
	s.want(n)
	s.set(l, isHeld, number(0))
	n.val = value{signs: negative | positive}
	t.want(n)
	t.set(l, isHeld, unknown)
	return []*state{s, t}
}

// takes reports whether a known function locks its first argument, and waits for that.
func takes(e vocabulary.Effect) bool {
	switch e {
	case vocabulary.Lock, vocabulary.LockObject, vocabulary.LockObjectGuard, vocabulary.LockGuard:
		return true
	}
	return false
}
