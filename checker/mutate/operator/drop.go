package operator

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

var dropCall = Operator{
	Name: "drop-call", Does: "leaves an operation out; where its result is used that is 0",
	find: func(h *helper) []change {
		return h.dropped("0", func(c *syntax.Call) bool {
			e := h.effect(c)
			return h.operates(c) && e != vocabulary.Ref && e != vocabulary.Unref
		})
	},
}

var dropRef = Operator{
	Name: "drop-ref", Does: "takes no reference",
	find: func(h *helper) []change {
		return h.dropped("1", func(c *syntax.Call) bool { return h.effect(c) == vocabulary.Ref })
	},
}

var dropUnref = Operator{
	Name: "drop-unref", Does: "drops no reference; where its result is used one is left",
	find: func(h *helper) []change {
		return h.dropped("1", func(c *syntax.Call) bool { return h.effect(c) == vocabulary.Unref })
	},
}

var dropCheck = Operator{
	Name: "drop-check", Does: "leaves out requires, check, assert or access: the specification", Asked: true,
	find: func(h *helper) (all []change) {
		h.statements(func(s syntax.Stmt) {
			e, ok := s.(*syntax.ExprStmt)
			if at := h.statement(s); ok && h.specifies(e.X) && at != nowhere {
				all = append(all, one(at, at, ";"))
			}
		})
		return all
	},
}

// dropped leaves calls out: whole statements, and in expressions a value in their place.
func (h *helper) dropped(value string, which func(*syntax.Call) bool) (all []change) {
	statement := map[syntax.Expr]bool{}
	h.statements(func(s syntax.Stmt) {
		e := h.simple(s)
		if e == nil {
			return
		}
		if c, ok := e.X.(*syntax.Call); ok && which(c) {
			statement[c] = true
			if at := h.statement(s); at != nowhere {
				all = append(all, one(at, at, ";"))
			}
		}
	})
	h.expressions(func(x syntax.Expr, reach span) {
		c, ok := x.(*syntax.Call)
		if !ok || statement[x] || !which(c) {
			return
		}
		if at := h.call(c); at != nowhere {
			all = append(all, one(reach, at, value))
		}
	})
	return all
}

// call is the call of a name, from the name to the closing parenthesis.
func (h *helper) call(c *syntax.Call) span {
	name := h.word(c.Pos(), callee(c))
	if name == nowhere || h.afterBrackets(name.to+1) < 0 {
		return nowhere
	}
	return span{name.from, h.match[name.to+1]}
}

var dropAssignment = Operator{
	Name: "drop-assignment", Does: "leaves an assignment out",
	find: func(h *helper) (all []change) {
		h.statements(func(s syntax.Stmt) {
			e := h.simple(s)
			if at := h.statement(s); e != nil && assigns(e.X) && at != nowhere {
				all = append(all, one(at, at, ";"))
			}
		})
		return all
	},
}

func assigns(x syntax.Expr) bool {
	switch x := x.(type) {
	case *syntax.Assign, *syntax.Postfix:
		return true
	case *syntax.Unary:
		return x.Op == "++" || x.Op == "--"
	}
	return false
}
