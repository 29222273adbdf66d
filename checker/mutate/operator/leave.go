package operator

import "github.com/lockproof/lockproof/csource/syntax"

var dropReturn = Operator{
	Name: "drop-return", Does: "goes on where a branch returned, jumped or left the loop",
	find: func(h *helper) (all []change) {
		jumps := h.jumps()
		last := syntax.Stmt(nil)
		if n := len(h.def.Body.List); n > 0 {
			last = unlabelled(h.def.Body.List[n-1])
		}
		h.statements(func(s syntax.Stmt) {
			if at := h.statement(s); leaves(s) && s != last && at != nowhere {
				c := one(at, at, ";")
				c.jump = jumpOf(jumps, s)
				all = append(all, c)
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

// jumps are the conditions that decide whether the branches of ifs run, and what stands in these.
func (h *helper) jumps() map[syntax.Stmt]span {
	all := map[syntax.Stmt]span{}
	h.statements(func(s syntax.Stmt) {
		i, ok := s.(*syntax.If)
		if !ok {
			return
		}
		for _, branch := range []syntax.Stmt{i.Then, i.Else} {
			all[branch] = h.head(i)
			if b, ok := branch.(*syntax.Block); ok {
				for _, inner := range b.List {
					all[inner] = h.head(i)
				}
			}
		}
	})
	return all
}

// jumpOf is the condition that leads to a jump; nowhere where a statement has steps of its own.
func jumpOf(jumps map[syntax.Stmt]span, s syntax.Stmt) span {
	if at, ok := jumps[s]; ok && leaves(s) {
		return at
	}
	return nowhere
}
