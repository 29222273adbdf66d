package operator

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// A unit is the C of some helpers, as far as operators ask for it.
type unit struct {
	files   map[string]*file
	helpers map[string]*syntax.FuncDef
	globals []*syntax.VarDecl
	enums   []*syntax.EnumType
	owned   map[string]bool // fields and variables that are no locks, and have an owner: jobs
}

// A helper is a function that is changed.
type helper struct {
	*unit
	*file
	def *syntax.FuncDef
}

// specification are the effects that say what must hold, and do nothing else.
var specification = []vocabulary.Effect{vocabulary.Check, vocabulary.Requires, vocabulary.Assert, vocabulary.Access}

// silent are effects that change nothing.
var silent = append(slices.Clone(specification),
	vocabulary.None, vocabulary.Held, vocabulary.Self, vocabulary.Nondet, vocabulary.Unknown,
	vocabulary.Compute, vocabulary.CompareText, vocabulary.Expect, vocabulary.Unreachable, vocabulary.SameThread)

// callee is the name that a call calls; "" where it is no name.
func callee(c *syntax.Call) string {
	if id, ok := c.Fun.(*syntax.Ident); ok {
		return id.Name
	}
	return ""
}

// effect is what a call of the vocabulary does; None of all others.
func (u *unit) effect(c *syntax.Call) vocabulary.Effect {
	if f := vocabulary.Lookup(callee(c)); f != nil && u.helpers[f.Name] == nil {
		return f.Effect
	}
	return vocabulary.None
}

func (u *unit) specifies(x syntax.Node) bool {
	c, ok := x.(*syntax.Call)
	return ok && slices.Contains(specification, u.effect(c))
}

// operates reports whether a call does something that a run can tell: it is known to the
// vocabulary, or a function of the C.
func (u *unit) operates(c *syntax.Call) bool {
	name := callee(c)
	if u.helpers[name] != nil {
		return true
	}
	return vocabulary.Lookup(name) != nil && !slices.Contains(silent, u.effect(c))
}

// simple is a statement that is one expression, and no specification; else nil.
func (u *unit) simple(s syntax.Stmt) *syntax.ExprStmt {
	if e, ok := s.(*syntax.ExprStmt); ok && !u.specifies(e.X) {
		return e
	}
	return nil
}

// statements visits those of the helper in their order.
func (h *helper) statements(visit func(syntax.Stmt)) {
	syntax.Walk(h.def.Body, func(n syntax.Node) bool {
		if s, ok := n.(syntax.Stmt); ok {
			visit(s)
		}
		return !h.specifies(n)
	})
}

// expressions visits those of the helper, with what a run must reach for them to be evaluated:
// their statement or, of one that governs others, its head. The specification is left out.
func (h *helper) expressions(visit func(x syntax.Expr, reach span)) {
	h.statements(func(s syntax.Stmt) {
		reach := h.head(s)
		if reach == nowhere {
			return
		}
		for _, x := range own(s) {
			syntax.Walk(x, func(n syntax.Node) bool {
				if _, ok := n.(*syntax.StmtExpr); ok || h.specifies(n) {
					return false
				}
				if e, ok := n.(syntax.Expr); ok {
					visit(e, reach)
				}
				return true
			})
		}
	})
}

// head is a statement without those that it governs: a condition in its parentheses.
func (h *helper) head(s syntax.Stmt) span {
	switch s := s.(type) {
	case *syntax.If, *syntax.While, *syntax.Switch, *syntax.For:
		return h.inBrackets(h.start(s) + 1)
	case *syntax.DoWhile:
		body := h.statement(s.Body)
		if body == nowhere || !h.is(body.to+1, "while") {
			return nowhere
		}
		return h.inBrackets(body.to + 2)
	case *syntax.MacroBlock:
		if i := h.start(s); i >= 0 && h.afterBrackets(i+1) > 0 {
			return span{i, h.afterBrackets(i+1) - 1}
		}
		return nowhere
	}
	return h.statement(s)
}

// start is the first token of a statement; -1 where a macro made it.
func (h *helper) start(s syntax.Stmt) int {
	if i, ok := h.at[s.Pos()]; ok {
		return i
	}
	return -1
}

// own are the expressions of a statement itself.
func own(s syntax.Stmt) []syntax.Node {
	var all []syntax.Node
	add := func(xs ...syntax.Expr) {
		for _, x := range xs {
			if x != nil {
				all = append(all, x)
			}
		}
	}
	switch s := s.(type) {
	case *syntax.ExprStmt:
		add(s.X)
	case *syntax.DeclStmt:
		for _, d := range s.Decls {
			if v, ok := d.(*syntax.VarDecl); ok {
				add(v.Init)
			}
		}
	case *syntax.If:
		add(s.Cond)
	case *syntax.While:
		add(s.Cond)
	case *syntax.DoWhile:
		add(s.Cond)
	case *syntax.For:
		if i, ok := s.Init.(*syntax.ExprStmt); ok {
			add(i.X)
		}
		add(s.Cond, s.Post)
	case *syntax.Switch:
		add(s.X)
	case *syntax.Return:
		add(s.X)
	}
	return all
}
