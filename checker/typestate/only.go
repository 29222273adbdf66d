package typestate

import "github.com/lockproof/lockproof/csource/tree"

// only keeps the functions that reach the protocol, and of these the ones that are asked about and
// those that they call, directly or not, or that stand in one table with them. No summary depends
// on who calls a function, so nothing else is needed.
func (w *world) only(list []*mention, index map[*tree.Function]*mention) []*mention {
	wanted := map[*mention]bool{}
	var todo []*mention
	take := func(m *mention) {
		if m != nil && m.protocol && !wanted[m] {
			wanted[m] = true
			todo = append(todo, m)
		}
	}
	for _, m := range list {
		if w.opt.Only == nil || w.opt.Only(m.fn) {
			take(m)
		}
	}
	for len(todo) > 0 && w.opt.Only != nil {
		m := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, names := range [][]string{m.calls, m.also} {
			for _, name := range names {
				take(index[w.tree.Find(m.fn.File, name)])
			}
		}
		for _, group := range [][]*mention{m.table, m.column} {
			for _, to := range group {
				take(to)
			}
		}
	}
	var out []*mention
	for _, m := range list {
		if wanted[m] {
			out = append(out, m)
			continue
		}
		for _, name := range m.calls {
			if to := index[w.tree.Find(m.fn.File, name)]; to != nil {
				to.partly = true
			}
		}
	}
	return out
}
