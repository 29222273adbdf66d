package typestate

// only keeps the functions that are asked about and those that they call, directly or not. No
// summary depends on who calls a function, so nothing else is needed.
func (w *world) only(list []*function) []*function {
	if w.opt.Only == nil {
		return list
	}
	wanted := map[*function]bool{}
	var todo []*function
	take := func(f *function) {
		if !wanted[f] {
			wanted[f] = true
			todo = append(todo, f)
		}
	}
	for _, f := range list {
		if w.opt.Only(f.Function) {
			take(f)
		}
	}
	for len(todo) > 0 {
		f := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, to := range f.callees {
			take(to)
		}
	}
	var out []*function
	for _, f := range list {
		if wanted[f] {
			out = append(out, f)
		}
	}
	return out
}
