package operator

import "github.com/lockproof/lockproof/csource/syntax"

var dropGuard = Operator{
	Name: "drop-guard", Does: "does without a lock what was done with it",
	find: func(h *helper) (all []change) {
		h.statements(func(s syntax.Stmt) {
			m, ok := s.(*syntax.MacroBlock)
			if !ok {
				return
			}
			if head := h.head(m); head != nowhere && h.word(m.Pos(), callee(m.Call)) != nowhere {
				all = append(all, one(head, head, ""))
			}
		})
		return all
	},
}
