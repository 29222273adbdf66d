package typestate

import (
	"cmp"
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
)

// Callbacks that stand in one table are called alike: where one of them takes a lock itself, the
// lock is not held when another one begins.

// A start is what a function has to do with a lock that its callers know, at first.
type start struct {
	class string
	held  bool // it has to be held, else it must not be
	kind  model.Kind
	from  *origin
}

// starts lists what the function asks of its callers' locks.
func (a *analysis) starts() []start {
	var list []start
	for i := range a.exits {
		s := a.exits[i].s
		for j := range s.needs {
			n := &s.needs[j]
			if n.aspect != isHeld || !n.tested || n.origin == nil {
				continue
			}
			if d := a.fieldOf(n.place); d != nil && d.owner || a.inDomain(n.place) {
				continue
			}
			list = addStart(list, start{class: a.lockClass(n.place), held: !n.val.isNull(), kind: n.kind, from: n.origin})
		}
	}
	for _, t := range a.early {
		list = addStart(list, t)
	}
	return list
}

func addStart(list []start, t start) []start {
	known := func(o start) bool { return o.class == t.class && o.held == t.held }
	if t.class == "" || slices.ContainsFunc(list, known) {
		return list
	}
	return append(list, t)
}

// changesUnlocked looks at a store into something to which an object that the function was given
// leads, where it has not locked that.
func (a *analysis) changesUnlocked(s *state, p place, at syntax.Node) {
	top := a.ps.list[p].top
	info := &a.ps.list[top]
	if a.f.contract || info.root != paramRoot || top == p || !a.w.types.counted(info.typ) || !a.f.inTable {
		return
	}
	l := a.lockOf(top)
	if s.fact(l, isHeld) != nil {
		return
	}
	a.early = addStart(a.early, start{
		class: a.lockClass(l), held: true, kind: model.MissingLock,
		from: &origin{pos: at.Pos(), fn: a.f.Name, text: a.ps.text(a.f, p) + " is changed"},
	})
}

// tables finds the functions that stand in one initialiser and are given an object of the contract.
func (w *world) tables(index map[*tree.Function]*mention, scopes []fileScope) {
	for i := range scopes {
		for _, l := range scopes[i].lists {
			w.tableOf(l, w.tree.Files[i], index)
		}
	}
}

func (w *world) tableOf(l *syntax.InitList, file *tree.File, index map[*tree.Function]*mention) {
	var group []*mention
	for _, item := range l.Items {
		m := index[w.named(file, item.Value)]
		if m != nil && w.isGivenObject(m.fn) && !slices.Contains(group, m) {
			group = append(group, m)
		}
	}
	some := slices.ContainsFunc(group, func(m *mention) bool { return m.protocol })
	for _, m := range group {
		m.table = group
		m.protocol = m.protocol || some
	}
}

func (w *world) isGivenObject(f *tree.Function) bool {
	return slices.ContainsFunc(f.Type.Params, func(p *syntax.Param) bool {
		t := typeOf(p.Type)
		return t.stars == 1 && w.types.counted(t.name)
	})
}

// beside reports what functions need of their callers that cannot be had, as others of their table
// show. Who is called by name as well has callers that are asked.
func (w *world) beside(list []*function) {
	called := map[*function]bool{}
	for _, f := range list {
		for _, to := range f.callees {
			called[to] = true
		}
	}
	for _, f := range list {
		if called[f] {
			continue
		}
		w.unasked(f)
		for _, t := range f.starts {
			i := slices.IndexFunc(f.table, func(g *function) bool { return g.takes(t.class) })
			if t.held && i >= 0 {
				w.result.Findings = append(w.result.Findings, besideFinding(f, f.table[i], t))
			}
		}
	}
}

// takes reports whether a function takes a lock of a class that its callers do not hold.
func (f *function) takes(class string) bool {
	return slices.ContainsFunc(f.starts, func(t start) bool { return t.class == class && !t.held })
}

func besideFinding(f, g *function, t start) Finding {
	out := Finding{
		Kind: cmp.Or(t.kind, model.MissingLock), Severity: Warning, Confidence: Likely, Function: f.Name, Pos: t.from.pos,
		Object:  t.class,
		Message: "needs the lock of class " + t.class + ", and " + g.Name + ", which is called alike, takes it itself",
	}
	for o, depth := t.from, 0; o != nil; o, depth = o.in, depth+1 {
		out.Path = append(out.Path, Step{Pos: o.pos, Function: o.fn, Text: o.text, Depth: depth})
	}
	return out
}
