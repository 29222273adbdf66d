package operator

import "github.com/lockproof/lockproof/csource/syntax"

var whileIf = Operator{
	Name: "while-if", Does: "does once what was done in a loop",
	find: func(h *helper) (all []change) {
		h.statements(func(s syntax.Stmt) {
			switch s := s.(type) {
			case *syntax.While:
				if at, head := h.word(s.Pos(), "while"), h.head(s); at != nowhere && head != nowhere {
					all = append(all, one(head, at, "if"))
				}
			case *syntax.DoWhile:
				if head := h.head(s); head != nowhere {
					all = append(all, one(head, head, h.valued(s.Cond, head, "0")))
				}
			}
		})
		return all
	},
}

// valued is a condition that always comes to a value. What it does it still does.
func (h *helper) valued(x syntax.Expr, at span, value string) string {
	if h.acts(x) {
		return h.text(at) + ", " + value
	}
	return value
}

// acts reports whether evaluating an expression does something.
func (h *helper) acts(x syntax.Expr) (acts bool) {
	syntax.Walk(x, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Call:
			acts = acts || h.operates(n)
		case syntax.Expr:
			acts = acts || assigns(n)
		}
		return !acts
	})
	return acts
}
