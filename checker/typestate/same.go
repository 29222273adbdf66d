package typestate

import (
	"maps"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// sameOutside reports whether what is read in the whole of two trees and may matter to anybody is
// the same: which fields are set and taken back, what ends with what, where jobs are begun.
func (s *side) sameOutside(t *side) bool {
	v, w := s.w, t.w
	keys := func(w *world) []string { return slices.Sorted(maps.Keys(w.pointers.slots)) }
	return maps.Equal(v.flags, w.flags) && maps.Equal(v.drops, w.drops) && maps.Equal(v.jobs, w.jobs) &&
		slices.Equal(keys(v), keys(w)) &&
		maps.EqualFunc(v.pointers.dispose, w.pointers.dispose, func(a, b []target) bool { return s.sameTargets(a, t, b) })
}

// sameUses reports whether all is the same that was read of a function beside its text and is no
// matter of its callers: who stands beside it, and what its calls by pointer may mean.
func (s *side) sameUses(m *mention, t *side, n *mention) bool {
	g, h := s.w.pointers, t.w.pointers
	if m.entry != n.entry || s.w.jobs[folder(m.fn)] != t.w.jobs[folder(n.fn)] ||
		!s.sameMentions(m.table, t, n.table) || !s.sameMentions(m.column, t, n.column) ||
		len(m.pointers.calls) != len(n.pointers.calls) || len(m.pointers.hands) != len(n.pointers.hands) ||
		!slices.Equal(m.contract, n.contract) ||
		!maps.EqualFunc(g.byName[m.fn], h.byName[n.fn], func(a, b []target) bool { return s.sameTargets(a, t, b) }) {
		return false
	}
	same := func(c, d *syntax.Call) bool { return s.sameTargets(g.at[c], t, h.at[d]) }
	for i, c := range m.pointers.calls {
		if !same(c.call, n.pointers.calls[i].call) {
			return false
		}
	}
	for i, c := range m.pointers.hands {
		d := n.pointers.hands[i]
		what, is := g.given[handed{c.call, c.arg}]
		other, also := h.given[handed{d.call, d.arg}]
		if !same(c.call, d.call) || is != also || !s.sameTarget(what, t, other) {
			return false
		}
	}
	for _, names := range [][]string{m.calls, m.also, m.contract} { // which of several is meant
		for _, name := range names {
			if s.is[s.w.index[s.w.tree.Find(m.fn.File, name)]] != t.is[t.w.index[t.w.tree.Find(n.fn.File, name)]] {
				return false
			}
		}
	}
	for _, name := range m.contract { // the tree's own bodies of helpers
		f, g := s.w.index[s.w.tree.Find(m.fn.File, name)], t.w.index[t.w.tree.Find(n.fn.File, name)]
		if (f == nil) != (g == nil) || f != nil && s.w.pointers.mayCallBack(f.fn) != t.w.pointers.mayCallBack(g.fn) {
			return false
		}
	}
	return true
}

// otherFields are the names of fields that are flags, or recursive mutexes, in one of two trees
// alone.
func (s *side) otherFields(t *side) map[string]bool {
	names := map[string]bool{}
	for _, of := range [][2]map[string]bool{
		{s.w.flags, t.w.flags}, {t.w.flags, s.w.flags}, {s.w.recursive, t.w.recursive}, {t.w.recursive, s.w.recursive},
	} {
		for name := range of[0] {
			if !of[1][name] {
				names[name[strings.LastIndexByte(name, '.')+1:]] = true
			}
		}
	}
	return names
}

// uses reports whether a function mentions one of some fields.
func (m *mention) uses(fields map[string]bool) bool {
	found := false
	if len(fields) > 0 {
		syntax.Walk(m.fn.Body, func(n syntax.Node) bool {
			x, ok := n.(*syntax.Member)
			found = found || ok && fields[x.Name]
			return !found
		})
	}
	return found
}

func (s *side) sameMentions(list []*mention, t *side, other []*mention) bool {
	return slices.EqualFunc(list, other, func(m, n *mention) bool { return s.is[m] == t.is[n] })
}

func (s *side) sameTargets(list []target, t *side, other []target) bool {
	return slices.EqualFunc(list, other, func(a, b target) bool { return s.sameTarget(a, t, b) })
}

func (s *side) sameTarget(a target, t *side, b target) bool {
	if (a.fn == nil) != (b.fn == nil) || a.fn != nil && s.is[s.w.index[a.fn]] != t.is[t.w.index[b.fn]] {
		return false
	}
	return a.slot == b.slot && a.param == b.param
}

// sameFor reports whether callers know the same of a function in two trees.
func (s *side) sameFor(t *side, id identity) bool {
	m, n := s.by[id], t.by[id]
	if m == nil || n == nil || !s.sameText(m, t, n) {
		return false
	}
	f, g := s.w.byDef[m.fn], t.w.byDef[n.fn]
	if f == nil || g == nil {
		return f == g
	}
	return slices.EqualFunc(f.starts, g.starts, sameStart) && sameOrigin(f.jobNeed, g.jobNeed) &&
		f.inTable == g.inTable && s.sameSummary(f.summary, t, g.summary)
}

// sameText reports whether the same was read in the text of a function, and of what it calls, as
// far as it matters to callers.
func (s *side) sameText(m *mention, t *side, n *mention) bool {
	if m.protocol != n.protocol || len(m.fn.Type.Params) != len(n.fn.Type.Params) {
		return false
	}
	for i, p := range m.fn.Type.Params {
		if s.w.writes[paramOf{m.fn, i}] != t.w.writes[paramOf{n.fn, i}] ||
			m.fn != n.fn && s.w.followsFirst(m.fn, p.Name) != t.w.followsFirst(n.fn, n.fn.Type.Params[i].Name) {
			return false
		}
	}
	i, finds := s.w.found[m.fn]
	j, also := t.w.found[n.fn]
	return i == j && finds == also && m.clears == n.clears
}

// sameRoots reports whether what callers break of the needs of a function is said of the same
// places in both trees: it may be asked for again below, and stand where not all callers are known.
// The summaries are the same.
func (s *side) sameRoots(t *side, id identity) bool {
	f, g := s.w.byDef[s.by[id].fn], t.w.byDef[t.by[id].fn]
	if f == nil || f.summary == nil {
		return true
	}
	same := func(x, y *origin) bool {
		if !sameOrigin(x.in, y.in) {
			return false
		}
		for x, y = x.in, y.in; x != nil && y != nil; x, y = x.in, y.in {
			if (x.of == nil) != (y.of == nil) || x.of != nil && x.of.entry != y.of.entry {
				return false
			}
		}
		return true
	}
	for i, e := range f.summary.cases {
		for j, n := range e.needs {
			m := g.summary.cases[i].needs[j]
			if n.origin == nil || !n.tested || !shared(n.kind) && n.kind != model.AsyncNesting {
				continue
			}
			x, y := &origin{of: f, ref: n.ref, in: n.origin}, &origin{of: g, ref: m.ref, in: m.origin}
			free := n.val.isNull()
			if !slices.EqualFunc(s.w.chains(n.kind, free, x), t.w.chains(m.kind, free, y), same) {
				return false
			}
		}
	}
	return true
}

func sameStart(x, y start) bool {
	return x.class == y.class && x.held == y.held && x.kind == y.kind && sameOrigin(x.from, y.from)
}

// sameOrigin reports whether two origins differ in nothing but their lines.
func sameOrigin(x, y *origin) bool {
	for ; x != y; x, y = x.in, y.in {
		if x == nil || y == nil || x.pos.File != y.pos.File || x.fn != y.fn || x.text != y.text || x.ref != y.ref ||
			x.passes != y.passes || x.begins != y.begins {
			return false
		}
	}
	return true
}

func (s *side) sameSummary(x *summary, t *side, y *summary) bool {
	if x == nil || y == nil || x == y {
		return x == y
	}
	return slices.Equal(x.params, y.params) && x.result == y.result && x.blurred == y.blurred &&
		slices.EqualFunc(x.cases, y.cases, sameEffect) &&
		slices.EqualFunc(x.acquires, y.acquires, sameAcquisition) && slices.EqualFunc(x.alters, y.alters, sameAcquisition) &&
		slices.EqualFunc(x.backs, y.backs, func(a, b calledBack) bool {
			return s.sameTarget(a.what, t, b.what) && slices.Equal(a.released, b.released) && slices.Equal(a.gone, b.gone) &&
				slices.Equal(a.holding, b.holding) && slices.Equal(a.known, b.known) && sameOrigin(a.where, b.where)
		}) &&
		slices.EqualFunc(x.blocks, y.blocks, func(a, b blocking) bool {
			return a.class == b.class && a.name == b.name && slices.Equal(a.none, b.none) && sameOrigin(a.where, b.where)
		})
}

func sameAcquisition(x, y acquisition) bool {
	return x.class == y.class && slices.Equal(x.released, y.released) && x.again == y.again &&
		slices.Equal(x.guards, y.guards) && sameOrigin(x.where, y.where) && x.lock == y.lock && x.found == y.found &&
		x.single == y.single && x.late == y.late && x.shared == y.shared
}

func sameEffect(x, y effect) bool {
	return x.result == y.result && slices.EqualFunc(x.needs, y.needs, func(a, b refNeed) bool {
		o, p := a.origin, b.origin
		a.origin, b.origin = nil, nil
		return a == b && sameOrigin(o, p)
	}) && slices.EqualFunc(x.facts, y.facts, func(a, b refFact) bool {
		o, p := a.origin, b.origin
		a.origin, b.origin = nil, nil
		return a == b && sameOrigin(o, p)
	})
}

// sameAs reports whether what functions do in another tree they do here, but for those that differ.
func (w *world) sameAs(o *world) bool {
	return w.opt.Contract == o.opt.Contract && maps.Equal(w.recursive, o.recursive) && w.types.same(o.types)
}

// same reports whether two sets of types say the same of all that was declared, symbols aside.
func (ts *types) same(o *types) bool {
	sameFields := func(a, b map[string]*field) bool {
		return maps.EqualFunc(a, b, func(x, y *field) bool {
			a, b := *x, *y
			a.recursive, b.recursive = false, false
			return a == b
		})
	}
	return maps.EqualFunc(ts.structs, o.structs, sameFields) && maps.Equal(ts.protocol, o.protocol) &&
		maps.Equal(ts.owners, o.owners) && maps.Equal(ts.validIf, o.validIf) && maps.Equal(ts.single, o.single) &&
		maps.EqualFunc(ts.order, o.order, slices.Equal) && maps.EqualFunc(ts.abstract, o.abstract, slices.Equal) &&
		maps.Equal(ts.globals, o.globals) && maps.Equal(ts.ofGlobals, o.ofGlobals) && maps.Equal(ts.constants, o.constants)
}
