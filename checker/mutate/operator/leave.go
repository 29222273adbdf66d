package operator

import "github.com/lockproof/lockproof/csource/syntax"

var dropReturn = Operator{
	Name: "drop-return", Does: "goes on where a branch returned, jumped or left the loop",
	find: func(h *helper) (all []change) {
		last := syntax.Stmt(nil)
		if n := len(h.def.Body.List); n > 0 {
			last = unlabelled(h.def.Body.List[n-1])
		}
		h.statements(func(s syntax.Stmt) {
			if at := h.statement(s); leaves(s) && s != last && at != nowhere {
				all = append(all, one(at, at, ";"))
			}
		})
		return all
	},
}

// leaves reports whether what follows a statement is not reached from it.
func leaves(s syntax.Stmt) bool {
	switch s.(type) {
	case *syntax.Return, *syntax.Goto, *syntax.Break, *syntax.Continue:
		return true
	}
	return false
}

// unlabelled is the statement that labels mark.
func unlabelled(s syntax.Stmt) syntax.Stmt {
	for l, ok := s.(*syntax.Label); ok; l, ok = s.(*syntax.Label) {
		s = l.Body
	}
	return s
}
