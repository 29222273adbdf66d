package flow

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A Local is a parameter or a variable of a function.
type Local struct {
	Index int // in Graph.Locals
	Name  string
	Pos   model.Pos
	Type  syntax.Type
	Decl  *syntax.VarDecl // nil for a parameter
	// Hides is an earlier local of the same name in the same scope, which C does not allow.
	Hides *Local
	order int // in its scope
	scope *scope
}

// An Env says which names are visible at a place in a function. It does not change, whatever is
// declared later.
type Env struct {
	scope *scope
	seen  int // locals of the scope that are declared at this place
}

// scope is a block with its declarations.
type scope struct {
	outer  Env
	locals []*Local
	named  map[string][]*Local
}

// Find returns the local that a name means, nil when it means none. It looks at one table for each
// scope around the place.
func (e Env) Find(name string) *Local {
	for ; e.scope != nil; e = e.scope.outer {
		list := e.scope.named[name]
		for i := len(list) - 1; i >= 0; i-- {
			if list[i].order < e.seen {
				return list[i]
			}
		}
	}
	return nil
}

// Before is the place in front of the declaration of a local of the innermost scope, where its type
// stands.
func (e Env) Before(l *Local) Env { return Env{e.scope, l.order} }

// Within reports whether a place lies in the scope of a local, be its name hidden there or not.
func (e Env) Within(l *Local) bool {
	for ; e.scope != nil; e = e.scope.outer {
		if l.order < e.seen && e.scope.locals[l.order] == l {
			return true
		}
	}
	return false
}

// With is a scope in the place, with variables that the graph does not have: those of a statement
// expression that is not evaluated.
func (e Env) With(decls []*syntax.VarDecl) (Env, []*Local) {
	inner := e.inner()
	var locals []*Local
	for _, d := range decls {
		l := &Local{Index: -1, Name: d.Name, Pos: d.Pos(), Type: d.Type, Decl: d}
		inner.declare(l)
		locals = append(locals, l)
	}
	return inner, locals
}

// Names lists all that is visible, inner scopes first.
func (e Env) Names() []string {
	var names []string
	for ; e.scope != nil; e = e.scope.outer {
		for _, l := range e.scope.locals[:e.seen] {
			names = append(names, l.Name)
		}
	}
	return names
}

// inner opens a scope.
func (e Env) inner() Env { return Env{scope: &scope{outer: e, named: map[string][]*Local{}}} }

// declare adds a local to the innermost scope.
func (e *Env) declare(l *Local) {
	l.order, l.scope = e.seen, e.scope
	if old := e.scope.named[l.Name]; l.Name != "" && len(old) > 0 {
		l.Hides = old[len(old)-1]
	}
	e.scope.named[l.Name] = append(e.scope.named[l.Name], l)
	e.scope.locals = append(e.scope.locals, l)
	e.seen++
}

// left calls f for the locals that are visible at e and no longer at to, the last one first; whole
// says that to lies outside of the local's block.
func (e Env) left(to Env, f func(l *Local, whole bool)) {
	stays := map[*scope]int{}
	for ; to.scope != nil; to = to.scope.outer {
		stays[to.scope] = to.seen
	}
	for ; e.scope != nil; e = e.scope.outer {
		least, shared := stays[e.scope]
		for i := e.seen - 1; i >= least; i-- {
			f(e.scope.locals[i], !shared)
		}
		if shared {
			return
		}
	}
}

// shared reports whether other threads, or other calls, see the same variable: reading it is a
// step.
func (l *Local) shared() bool {
	return l.Decl != nil && l.Decl.Storage&(syntax.Static|syntax.Extern|syntax.ThreadLocal) != 0
}

// addressed lists the names of variables whose address the function takes somewhere: others may
// change them then.
func (b *builder) addressed() map[string]bool {
	if b.pointed != nil {
		return b.pointed
	}
	b.pointed = map[string]bool{}
	syntax.Walk(b.graph.Func.Body, func(n syntax.Node) bool {
		b.opt.Meter.Work(1)
		if x, ok := n.(*syntax.Unary); ok && x.Op == "&" {
			if id := variableOf(x.X); id != nil {
				b.pointed[id.Name] = true
			}
		}
		return true
	})
	return b.pointed
}

// variableOf is the variable in which a place lies; nil when a pointer leads there.
func variableOf(e syntax.Expr) *syntax.Ident {
	for {
		switch x := e.(type) {
		case *syntax.Ident:
			return x
		case *syntax.Member:
			if x.Arrow {
				return nil
			}
			e = x.X
		case *syntax.Index:
			e = x.X
		case *syntax.Cast:
			e = x.X
		default:
			return nil
		}
	}
}
