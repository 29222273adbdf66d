package typestate

import "github.com/lockproof/lockproof/csource/tree"

// only lists the functions that reach the protocol, and of these the ones that are asked about and
// those that they call, directly or not, or that stand in one table with them, as far as they have
// not been listed before. No summary depends on who calls a function, so nothing else is needed.
func (w *world) only(asked func(*tree.Function) bool) []*mention {
	fresh := map[*mention]bool{}
	var todo []*mention
	take := func(m *mention) {
		if m != nil && m.protocol && !w.wanted[m] {
			w.wanted[m], fresh[m] = true, true
			todo = append(todo, m)
		}
	}
	for _, m := range w.mentions {
		if asked == nil || asked(m.fn) {
			take(m)
		}
	}
	for len(todo) > 0 && asked != nil {
		m := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, names := range [][]string{m.calls, m.also} {
			for _, name := range names {
				take(w.index[w.tree.Find(m.fn.File, name)])
			}
		}
		for _, group := range [][]*mention{m.table, m.column} {
			for _, to := range group {
				take(to)
			}
		}
	}
	var list []*mention
	for _, m := range w.mentions {
		if fresh[m] {
			list = append(list, m)
		}
	}
	return list
}

// partly marks the functions of which not all callers are looked at.
func (w *world) partly() {
	for _, m := range w.mentions {
		if w.wanted[m] {
			continue
		}
		for _, name := range m.calls {
			if f := w.byDef[w.tree.Find(m.fn.File, name)]; f != nil {
				f.partly = true
			}
		}
	}
}
