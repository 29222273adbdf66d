package outline

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// maxDepth is how deep calls are followed. No helper of libvirt calls so deep.
const maxDepth = 16

// A walk goes through a helper, and through what it calls, in the order of the text.
type walk struct {
	*outliner
	h     *Helper
	stack []string           // the functions around
	where []string           // the conditions around
	asked map[string]bool    // what must hold in any case
	done  map[string][]touch // what was locked, unlocked, taken or ended so far
}

// A touch is that the helper has changed who holds something: under which conditions, and whether
// perhaps even there.
type touch struct {
	where   []string
	perhaps bool
}

// function goes through the body of a function.
func (w *walk) function(f *syntax.FuncDef, names env, perhaps bool) {
	if len(w.stack) == maxDepth || slices.Contains(w.stack, f.Name) {
		w.does("call "+f.Name, perhaps)
		return
	}
	w.stack = append(w.stack, f.Name)
	for _, p := range f.Type.Params {
		if names[p.Name] == nil {
			w.types[p.Name] = p.Type
		}
	}
	w.block(f.Body.List, names, perhaps)
	w.stack = w.stack[:len(w.stack)-1]
}

// block goes through statements, and reports whether what follows them is not reached from here.
func (w *walk) block(list []syntax.Stmt, names env, perhaps bool) (ends bool) {
	around := len(w.where)
	for _, s := range list {
		if w.stmt(s, names, perhaps) {
			ends, perhaps = true, true // what follows is reached by a label, if at all
		}
		if s, ok := s.(*syntax.If); ok && s.Else == nil && leaves(s.Then) && ofState(s.Cond) {
			if cond := w.put(s.Cond, names); !w.known(cond) {
				w.where = append(w.where, not(cond))
			}
		}
	}
	w.where = w.where[:around]
	return ends
}

// leaves reports whether a statement is, or ends with, a return or a goto.
func leaves(s syntax.Stmt) bool {
	switch s := s.(type) {
	case *syntax.Return, *syntax.Goto:
		return true
	case *syntax.Block:
		return len(s.List) > 0 && leaves(s.List[len(s.List)-1])
	}
	return false
}

// ofState reports whether a condition asks how things are, and not what came of a call or what the
// arguments are.
func ofState(e syntax.Expr) bool {
	state, call := false, false
	syntax.Walk(e, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Member:
			state = true
		case *syntax.Call:
			state, call = state || asks(n), call || !asks(n)
		}
		return true
	})
	return state && !call
}

// not is the text of what a condition denies.
func not(cond syntax.Expr) string {
	switch c := cond.(type) {
	case *syntax.Unary:
		if c.Op == "!" {
			return syntax.Format(c.X)
		}
	case *syntax.Binary:
		if op := map[string]string{"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}[c.Op]; op != "" {
			return syntax.Format(&syntax.Binary{Op: op, X: c.X, Y: c.Y})
		}
	}
	return syntax.Format(&syntax.Unary{Op: "!", X: cond})
}

func (w *walk) known(e syntax.Expr) bool {
	_, ok := w.value(e)
	return ok
}

func (w *walk) stmt(s syntax.Stmt, names env, perhaps bool) (ends bool) {
	switch s := s.(type) {
	case *syntax.Block:
		return w.block(s.List, names, perhaps)
	case *syntax.ExprStmt:
		w.expr(s.X, names, perhaps)
	case *syntax.DeclStmt:
		w.declare(s, names, perhaps)
	case *syntax.If:
		return w.branch(s, names, perhaps)
	case *syntax.While:
		w.loop(s.Cond, s.Body, names)
	case *syntax.DoWhile:
		w.stmt(s.Body, names, perhaps)
		w.expr(s.Cond, names, perhaps)
	case *syntax.For:
		if s.Init != nil {
			w.stmt(s.Init, names, perhaps)
		}
		w.loop(s.Cond, s.Body, names)
	case *syntax.Switch:
		w.expr(s.X, names, perhaps)
		w.stmt(s.Body, names, true)
	case *syntax.Case:
		return w.stmt(s.Body, names, true)
	case *syntax.Default:
		return w.stmt(s.Body, names, true)
	case *syntax.Label:
		return w.stmt(s.Body, names, perhaps)
	case *syntax.Return:
		if s.X != nil {
			w.expr(s.X, names, perhaps)
		}
		return true
	case *syntax.Goto:
		return true
	}
	return false
}

func (w *walk) declare(s *syntax.DeclStmt, names env, perhaps bool) {
	for _, d := range s.Decls {
		v, ok := d.(*syntax.VarDecl)
		if !ok {
			continue
		}
		w.types[v.Name] = v.Type
		if v.Init == nil {
			continue
		}
		w.expr(v.Init, names, perhaps)
		if _, pointer := v.Type.(*syntax.Pointer); !pointer && pure(v.Init) && !w.changes(v.Name) {
			names[v.Name] = w.put(v.Init, names)
		}
	}
}

// pure reports whether an expression asks for nothing that a step may change: names and constants.
func pure(e syntax.Expr) bool {
	yes := true
	syntax.Walk(e, func(n syntax.Node) bool {
		switch n.(type) {
		case *syntax.Call, *syntax.Member, *syntax.Index, *syntax.Assign, *syntax.Postfix, *syntax.InitList:
			yes = false
		}
		return yes
	})
	return yes
}

// changes reports whether the function in which the walk is assigns a name.
func (w *walk) changes(name string) bool {
	yes := false
	syntax.Walk(w.functions[w.stack[len(w.stack)-1]].Body, func(n syntax.Node) bool {
		if a, ok := n.(*syntax.Assign); ok {
			if id, ok := a.X.(*syntax.Ident); ok && id.Name == name {
				yes = true
			}
		}
		return !yes
	})
	return yes
}

// branch goes through the arms of an if that its condition lets in.
func (w *walk) branch(s *syntax.If, names env, perhaps bool) (ends bool) {
	cond := w.put(s.Cond, names)
	if v, ok := w.value(cond); ok {
		if v != 0 {
			return w.stmt(s.Then, names, perhaps)
		}
		return s.Else != nil && w.stmt(s.Else, names, perhaps)
	}
	w.expr(s.Cond, names, perhaps)
	text := syntax.Format(cond)
	then := w.under(text, func() bool { return w.stmt(s.Then, names, perhaps) })
	if s.Else == nil {
		return false
	}
	or := w.under(not(cond), func() bool { return w.stmt(s.Else, names, perhaps) })
	return then && or
}

func (w *walk) loop(cond syntax.Expr, body syntax.Stmt, names env) {
	if cond != nil {
		if v, ok := w.value(w.put(cond, names)); ok && v == 0 {
			return
		}
		w.expr(cond, names, true)
	}
	w.stmt(body, names, true)
}

func (w *walk) under(cond string, f func() bool) bool {
	w.where = append(w.where, cond)
	ends := f()
	w.where = w.where[:len(w.where)-1]
	return ends
}

// expr goes through an expression.
func (w *walk) expr(e syntax.Expr, names env, perhaps bool) {
	switch e := e.(type) {
	case *syntax.Call:
		w.call(e, names, perhaps)
	case *syntax.Assign:
		w.expr(e.Y, names, perhaps)
		w.store(w.put(e.X, names), w.put(e.Y, names), e.Op, perhaps)
	case *syntax.Postfix:
		w.counts(w.put(e.X, names), e.Op, perhaps)
	case *syntax.Unary:
		w.expr(e.X, names, perhaps)
		if e.Op == "++" || e.Op == "--" {
			w.counts(w.put(e.X, names), e.Op, perhaps)
		}
	case *syntax.Binary:
		w.expr(e.X, names, perhaps)
		w.expr(e.Y, names, perhaps || e.Op == "&&" || e.Op == "||")
	case *syntax.Cond:
		w.expr(e.X, names, perhaps)
		if e.Then != nil {
			w.expr(e.Then, names, true)
		}
		w.expr(e.Else, names, true)
	case *syntax.Cast:
		w.expr(e.X, names, perhaps)
	}
}

func (w *walk) call(e *syntax.Call, names env, perhaps bool) {
	name := nameOf(e)
	known := vocabulary.Lookup(name)
	if known != nil && (known.Effect == vocabulary.Check || known.Effect == vocabulary.Requires) {
		w.requires(e, names)
		return
	}
	for _, a := range e.Args {
		w.expr(a, names, perhaps)
	}
	if f := w.functions[name]; f != nil {
		inner := env{}
		for i, p := range f.Type.Params {
			if i < len(e.Args) && p.Name != "" {
				inner[p.Name] = w.put(e.Args[i], names)
			}
		}
		w.function(f, inner, perhaps)
		return
	}
	if known == nil || does[known.Effect] == "" || len(e.Args) == 0 {
		return
	}
	what := thing(w.put(e.Args[0], names))
	text := does[known.Effect] + " " + what
	if known.Effect == vocabulary.Wait && len(e.Args) > 1 {
		text += " with " + thing(w.put(e.Args[1], names)) + " unlocked"
	}
	w.does(text, perhaps)
	w.touched(what, perhaps)
}

// thing is what an argument means: the lock, not its address.
func thing(e syntax.Expr) string {
	if u, ok := e.(*syntax.Unary); ok && u.Op == "&" {
		e = u.X
	}
	return syntax.Format(e)
}

// requires notes what must hold when the helper is called: what a check asks for, unless the helper
// itself has seen to it.
func (w *walk) requires(e *syntax.Call, names env) {
	cond := w.put(e.Args[len(e.Args)-1], names)
	if v, ok := w.value(cond); ok && v != 0 {
		return
	}
	text := syntax.Format(cond)
	if w.asked[text] {
		return
	}
	sure, own := false, false
	syntax.Walk(cond, func(n syntax.Node) bool {
		if c, ok := n.(*syntax.Call); ok && nameOf(c) == "held" && len(c.Args) == 1 {
			for _, t := range w.done[thing(c.Args[0])] {
				own = true
				sure = sure || !t.perhaps && len(t.where) <= len(w.where) && slices.Equal(t.where, w.where[:len(t.where)])
			}
		}
		return true
	})
	switch {
	case sure:
		return
	case own:
		text += ", unless the helper sees to it"
	case len(w.where) > 0:
		text += ", where " + strings.Join(w.where, " and ")
	default:
		w.asked[text] = true
	}
	kind := model.RequiresKind
	if len(e.Args) == 2 {
		kind, _ = vocabulary.Kind(syntax.Format(e.Args[0]))
	}
	text += " (" + string(kind) + ")"
	w.h.Requires = append(w.h.Requires, text)
}

func (w *walk) store(to, x syntax.Expr, op string, perhaps bool) {
	m, ok := to.(*syntax.Member)
	if !ok {
		return
	}
	text := syntax.Format(to)
	v, known := w.value(x)
	switch {
	case !w.owned[fieldOf{w.structOf(m.X), m.Name}]:
		_, long := x.(*syntax.Binary)
		if text = "set " + text; op == "=" && !long {
			text += " = " + syntax.Format(x)
		}
	case known && v == 0:
		w.touched(text, perhaps)
		text = "end " + text
	default:
		w.touched(text, perhaps)
		text = "take " + text + " = " + syntax.Format(x)
	}
	w.does(text, perhaps)
}

func (w *walk) counts(x syntax.Expr, op string, perhaps bool) {
	if _, ok := x.(*syntax.Member); ok {
		w.does(syntax.Format(x)+op, perhaps)
	}
}

// touched notes that the helper has changed who holds something.
func (w *walk) touched(what string, perhaps bool) {
	w.done[what] = append(w.done[what], touch{slices.Clone(w.where), perhaps})
}

// does notes an effect.
func (w *walk) does(text string, perhaps bool) {
	if perhaps || len(w.where) > 0 {
		text = "(" + text + ")"
	}
	if n := len(w.h.Does); n > 0 && w.h.Does[n-1] == text {
		return
	}
	w.h.Does = append(w.h.Does, text)
}
