package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
)

// A callGraph says which functions calls by pointer may mean.
type callGraph struct {
	slots   map[string][]*mention
	dispose map[string][]target                    // what the end of an object of a type may call
	at      map[*syntax.Call][]target              // what a call may call, without what relevant callees do
	flows   map[paramOf]*flowOf                    // what becomes of parameters
	inside  map[*tree.Function][]target            // what functions may call that do not reach the protocol
	given   map[handed]target                      // what is handed to a callee
	byName  map[*tree.Function]map[string][]target // of functions that reach it, what such callees may call
	index   map[*tree.Function]*mention            // all of the tree
	may     map[*tree.Function]bool                // whether functions may call anything by pointers
	busy    map[*tree.Function]bool                // whose inside is being computed
	tree    *tree.Tree
	types   *types
}

type paramOf struct {
	fn    *tree.Function
	param int
}

type flowOf struct {
	slots  []string
	called bool
}

type handed struct {
	call *syntax.Call
	arg  int
}

// callsByPointer builds the graph.
func (w *world) callsByPointer(list []*mention, index map[*tree.Function]*mention, scopes []fileScope) *callGraph {
	g := &callGraph{
		slots: map[string][]*mention{}, dispose: map[string][]target{}, at: map[*syntax.Call][]target{},
		flows: map[paramOf]*flowOf{}, inside: map[*tree.Function][]target{}, given: map[handed]target{}, index: index,
		byName: map[*tree.Function]map[string][]target{},
		busy:   map[*tree.Function]bool{}, may: map[*tree.Function]bool{}, tree: w.tree, types: w.types,
	}
	g.follow(list)
	var stored []storing
	for i := range scopes {
		stored = append(stored, scopes[i].stored...)
	}
	for _, m := range list {
		stored = append(stored, m.pointers.stores...)
		for _, h := range m.pointers.hands {
			if h.what.fn == nil {
				continue
			}
			if f := g.flows[paramOf{w.tree.Find(m.fn.File, h.to), h.arg}]; f != nil {
				for _, s := range f.slots {
					stored = append(stored, storing{s, h.what})
				}
			}
		}
	}
	for _, s := range stored {
		if m := index[s.what.fn]; m != nil && !slices.Contains(g.slots[s.slot], m) {
			g.slots[s.slot] = append(g.slots[s.slot], m)
		}
	}
	for _, m := range list {
		if typ := disposes(m.fn); typ != "" {
			if t := g.everything(m, map[*mention]bool{}, nil); len(t) > 0 {
				g.dispose[typ] = append(g.dispose[typ], t...)
			}
		}
	}
	for _, m := range list {
		if m.protocol {
			g.calls(m)
		}
	}
	return g
}

// follow finds out what becomes of parameters: they are called, or stored, here or by a callee.
func (g *callGraph) follow(list []*mention) {
	flow := func(k paramOf) *flowOf {
		f := g.flows[k]
		if f == nil {
			f = &flowOf{}
			g.flows[k] = f
		}
		return f
	}
	var passing []*mention
	for _, m := range list {
		for _, c := range m.pointers.calls {
			if c.what.param > 0 {
				flow(paramOf{m.fn, c.what.param - 1}).called = true
			}
		}
		for _, s := range m.pointers.stores {
			if s.what.param > 0 {
				f := flow(paramOf{m.fn, s.what.param - 1})
				f.slots = append(f.slots, s.slot)
			}
		}
		if slices.ContainsFunc(m.pointers.hands, func(h handing) bool { return h.what.param > 0 }) {
			passing = append(passing, m)
		}
	}
	for changed := true; changed; {
		changed = false
		for _, m := range passing {
			for _, h := range m.pointers.hands {
				to := g.flows[paramOf{g.tree.Find(m.fn.File, h.to), h.arg}]
				if h.what.param == 0 || to == nil {
					continue
				}
				f := flow(paramOf{m.fn, h.what.param - 1})
				if to.called && !f.called {
					f.called, changed = true, true
				}
				for _, s := range to.slots {
					if !slices.Contains(f.slots, s) {
						f.slots, changed = append(f.slots, s), true
					}
				}
			}
		}
	}
}

// matters reports whether a call of a target may reach the protocol.
func (g *callGraph) matters(t target) bool {
	switch {
	case t.param > 0:
		return true
	case t.fn != nil:
		m := g.index[t.fn]
		return m != nil && m.protocol
	}
	return slices.ContainsFunc(g.slots[t.slot], func(m *mention) bool { return m.protocol })
}

// add appends a target that matters and is not there.
func (g *callGraph) add(list []target, t target) []target {
	if !g.matters(t) || slices.Contains(list, t) {
		return list
	}
	return append(list, t)
}

// handsOver is what a callee that calls its parameters is given to call.
func (g *callGraph) handsOver(m *mention, list []target, only func(to *mention) bool) []target {
	for _, h := range m.pointers.hands {
		to := g.tree.Find(m.fn.File, h.to)
		if f := g.flows[paramOf{to, h.arg}]; f != nil && f.called && only(g.index[to]) {
			list = g.add(list, h.what)
		}
	}
	return list
}

// everything is what a function may call by pointers, in whatever it calls.
func (g *callGraph) everything(m *mention, seen map[*mention]bool, list []target) []target {
	if m == nil || seen[m] || len(seen) > 200 {
		return list
	}
	seen[m] = true
	for _, c := range m.pointers.calls {
		if c.what.param == 0 {
			list = g.add(list, c.what)
		}
	}
	list = g.handsOver(m, list, func(*mention) bool { return true })
	for _, x := range m.pointers.unrefs {
		for _, t := range g.dispose[g.types.structOf(m.fn, x)] {
			list = g.add(list, t)
		}
	}
	for _, name := range m.calls {
		list = g.everything(g.index[g.tree.Find(m.fn.File, name)], seen, list)
	}
	return list
}

// outside is what a function may call by pointers that does not reach the protocol itself.
func (g *callGraph) outside(m *mention) []target {
	if m == nil || m.protocol || g.busy[m.fn] {
		return nil
	}
	if list, ok := g.inside[m.fn]; ok {
		return list
	}
	g.busy[m.fn] = true
	var list []target
	for _, c := range m.pointers.calls {
		if c.what.param == 0 {
			list = g.add(list, c.what)
		}
	}
	list = g.handsOver(m, list, func(to *mention) bool { return to != nil && !to.protocol })
	for _, name := range m.calls {
		for _, t := range g.outside(g.index[g.tree.Find(m.fn.File, name)]) {
			list = g.add(list, t)
		}
	}
	delete(g.busy, m.fn)
	g.inside[m.fn] = list
	return list
}

// calls notes what the calls of a function that reaches the protocol may call by pointers.
func (g *callGraph) calls(m *mention) {
	for _, c := range m.pointers.calls {
		if g.matters(c.what) {
			g.at[c.call] = g.add(g.at[c.call], c.what)
		}
	}
	for _, h := range m.pointers.hands {
		to := g.index[g.tree.Find(m.fn.File, h.to)]
		if to == nil {
			continue
		}
		g.given[handed{h.call, h.arg}] = h.what
		if f := g.flows[paramOf{to.fn, h.arg}]; f != nil && f.called && !to.protocol {
			g.at[h.call] = g.add(g.at[h.call], h.what)
		}
	}
	for _, name := range m.calls {
		if list := g.outside(g.index[g.tree.Find(m.fn.File, name)]); len(list) > 0 {
			if g.byName[m.fn] == nil {
				g.byName[m.fn] = map[string][]target{}
			}
			g.byName[m.fn][name] = list
		}
	}
}

// ownBodies notes of the contract's functions that a function calls those that have a body in the
// tree which calls something by pointers.
func (w *world) ownBodies(f *function, m *mention) {
	for _, name := range m.contract {
		g := w.byDef[w.tree.Find(f.File, name)]
		if g == nil || f.own[name] != nil || !w.pointers.mayCallBack(g.Function) {
			continue
		}
		if f.own == nil {
			f.own = map[string]*function{}
		}
		f.own[name] = g
		f.callees = append(f.callees, g)
	}
}

// mayCallBack reports whether a function calls something by pointers, itself or in a callee.
func (g *callGraph) mayCallBack(f *tree.Function) bool {
	may, ok := g.may[f]
	if !ok {
		may = len(g.everything(g.index[f], map[*mention]bool{}, nil)) > 0
		g.may[f] = may
	}
	return may
}
