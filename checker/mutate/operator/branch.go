package operator

import "github.com/lockproof/lockproof/csource/syntax"

var loseBranch = Operator{
	Name: "lose-branch", Does: "does nothing in one branch of an if",
	find: func(h *helper) (all []change) {
		jumps := h.jumps()
		lose := func(s syntax.Stmt) {
			if s == nil || h.idle(s) {
				return
			}
			if at := h.statement(s); at != nowhere {
				c := one(at, at, ";")
				c.jump = jumpOf(jumps, s)
				all = append(all, c)
			}
		}
		h.statements(func(s syntax.Stmt) {
			if i, ok := s.(*syntax.If); ok {
				lose(i.Then)
				if _, chain := i.Else.(*syntax.If); !chain {
					lose(i.Else)
				}
			}
		})
		return all
	},
}

// idle reports whether a statement does nothing, or only says what must hold.
func (h *helper) idle(s syntax.Stmt) bool {
	switch s := s.(type) {
	case *syntax.Empty:
		return true
	case *syntax.ExprStmt:
		return h.specifies(s.X)
	case *syntax.Block:
		for _, inner := range s.List {
			if !h.idle(inner) {
				return false
			}
		}
		return true
	}
	return false
}
