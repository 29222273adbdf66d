package typestate

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
)

// Functions that know nothing of the protocol may change what a lock guards: they are given a
// definition, or a disk of it. Through which parameters a function writes is read in its text.

// A writer says what a function does with the pointers that it is given.
type writer struct {
	writes []bool         // by parameter
	passes []passed       // parameters, or what they lead to, that are handed on
	names  map[string]int // parameters, and variables that lead to what they lead to, by name
}

// A passed is a call to which a parameter is handed on.
type passed struct {
	param  int
	callee string
	arg    int
}

// writer reads through which parameters a function writes; nil when it is given no pointers.
func (w *world) writer(f *tree.Function) *writer {
	names := map[string]int{}
	for i, p := range f.Type.Params {
		if t := typeOf(p.Type); t.stars == 1 && !t.basic && t.name != "void" && p.Name != "" {
			names[p.Name] = i
		}
	}
	if len(names) == 0 {
		return nil
	}
	out := &writer{writes: make([]bool, len(f.Type.Params)), names: names}
	syntax.Walk(f.Body, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.VarDecl:
			if i, deep, ok := out.root(n.Init); ok && typeOf(n.Type).stars == 1 && (deep || n.Init != nil) {
				out.names[n.Name] = i
			}
		case *syntax.Assign:
			out.wrote(n.X)
		case *syntax.Postfix:
			out.wrote(n.X)
		case *syntax.Unary:
			if n.Op == "++" || n.Op == "--" {
				out.wrote(n.X)
			}
		case *syntax.Call:
			id, ok := n.Fun.(*syntax.Ident)
			if !ok {
				break
			}
			for j, x := range n.Args {
				if i, _, ok := out.root(x); ok {
					out.passes = append(out.passes, passed{i, id.Name, j})
				}
			}
		}
		return true
	})
	return out
}

func (wr *writer) wrote(x syntax.Expr) {
	if i, deep, ok := wr.root(x); ok && deep {
		wr.writes[i] = true
	}
}

// root is the parameter at which an expression of members begins, and whether it leads further.
func (wr *writer) root(x syntax.Expr) (param int, deep, ok bool) {
	for {
		switch y := x.(type) {
		case *syntax.Member:
			x, deep = y.X, true
		case *syntax.Index:
			x, deep = y.X, true
		case *syntax.Cast:
			x = y.X
		case *syntax.Call: // a macro that leads to a part: DISK_PRIVATE(disk)
			id, ok := y.Fun.(*syntax.Ident)
			if !ok || len(y.Args) != 1 || !isSymbol(id.Name) {
				return 0, false, false
			}
			x, deep = y.Args[0], true
		case *syntax.Unary:
			if y.Op != "*" && y.Op != "&" {
				return 0, false, false
			}
			x, deep = y.X, deep || y.Op == "*"
		case *syntax.Ident:
			i, ok := wr.names[y.Name]
			return i, deep, ok
		default:
			return 0, false, false
		}
	}
}

// findWrites finds the parameters through which functions write, themselves or by a callee.
func (w *world) findWrites(list []*mention) {
	w.writes = map[paramOf]bool{}
	passedOn := map[paramOf][]paramOf{}
	var todo []paramOf
	take := func(p paramOf) {
		if !w.writes[p] {
			w.writes[p] = true
			todo = append(todo, p)
		}
	}
	for _, m := range list {
		if m.writer == nil {
			continue
		}
		for i, writes := range m.writer.writes {
			if writes {
				take(paramOf{m.fn, i})
			}
		}
		for _, p := range m.writer.passes {
			if to := w.index[w.tree.Find(m.fn.File, p.callee)]; to != nil && to.writer != nil {
				at := paramOf{to.fn, p.arg}
				passedOn[at] = append(passedOn[at], paramOf{m.fn, p.param})
			}
		}
	}
	for len(todo) > 0 {
		p := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, by := range passedOn[p] {
			take(by)
		}
	}
}

// written looks at what a function of the tree is given to write into.
func (a *analysis) written(s *state, c *syntax.Call, args []value) {
	id, named := c.Fun.(*syntax.Ident)
	if !named || a.f.contract {
		return
	}
	var fn *tree.Function
	for i, v := range args {
		p, ok := v.place()
		if !ok {
			continue
		}
		l := a.guardOf(p)
		if u, there := s.at(a.ps.list[p].top, under); l == noPlace && there {
			l = u.at - 1
		}
		if l == noPlace {
			continue
		}
		if fn == nil {
			if fn = a.w.tree.Find(a.f.File, id.Name); fn == nil {
				return
			}
		}
		if !a.w.writes[paramOf{fn, i}] {
			continue
		}
		a.changed(s, l, c.Pos(), a.ps.text(a.f, p)+" is changed by "+id.Name)
		if held := s.fact(l, isHeld); held != nil && held.val.isNull() && a.inside(s, "monitor", "agent") != noPlace {
			a.report(s, model.DefInMonitor, c.Pos(), p, a.ps.text(a.f, p)+" is changed by "+id.Name+
				" while the monitor is entered, so without the lock that guards it", held.why)
		}
	}
}
