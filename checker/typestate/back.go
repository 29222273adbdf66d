package typestate

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// Who holds a lock and calls something that calls back, by a pointer or with the end of an object,
// deadlocks with himself where the function that is called takes such a lock. Which object's lock
// it is, is not known: that the class is the same is taken for it, as for the order of locks.

// A calledBack is something that a function calls by a pointer, itself or in a callee.
type calledBack struct {
	what     target
	released []ref    // what the caller held before, and the function has given back by then
	gone     []string // their classes
	holding  []string // the classes of locks that are held, where only a caller knows what is called
	known    []string // slots that were set to NULL before, and flags that were set
	where    *origin
}

// maxBacks is how many a summary lists, maxHolders how many a finding names.
const (
	maxBacks   = 24
	maxHolders = 6
)

// A heldBack is a lock that is held while something is called by a pointer.
type heldBack struct {
	class string
	what  target
	known string // slots that were set to NULL before and flags that were set, joined
}

// A holder is who holds it.
type holder struct {
	function string
	pos      model.Pos
	where    *origin
	since    []Step
	others   []Note
}

func (g *callGraph) of(c *syntax.Call) []target {
	if g == nil {
		return nil
	}
	return g.at[c]
}

// A moment is what matters of a state when something is called by a pointer.
type moment struct {
	held     []heldLock
	released []ref // what callers held and what was given back, and the classes of these locks
	gone     []string
	known    []string // slots that are NULL and flags that are set
}

type heldLock struct {
	place place
	class string
	why   *trail
}

// moment reads a state.
func (a *analysis) moment(s *state) *moment {
	m := &moment{}
	m.released, m.gone = a.releasedNow(s)
	for i := range s.facts {
		f := &s.facts[i]
		if f.aspect != isHeld || f.val.isNull() || f.val.signs&zero != 0 || s.lossy || a.isRecursive(f.place) {
			continue
		}
		if class := a.lockClass(f.place); class != "" {
			m.held = append(m.held, heldLock{f.place, class, f.why})
		}
	}
	m.known = a.knownNow(s)
	return m
}

// byPointer notes what a call may call by a pointer.
func (a *analysis) byPointer(s *state, c *syntax.Call, list []target) {
	if len(list) == 0 || a.f.contract {
		return
	}
	m := a.moment(s)
	for _, t := range list {
		b := calledBack{
			what: t, released: m.released, gone: m.gone,
			where: &origin{pos: c.Pos(), fn: a.f.Name, text: "calls " + syntax.FormatShort(c)},
		}
		a.noteBack(s, b, m, nil)
	}
}

// disposes notes what the end of an object may call.
func (a *analysis) disposes(s *state, p place, c *syntax.Call) {
	if a.w.pointers != nil {
		a.byPointer(s, c, a.w.pointers.dispose[a.ps.list[p].typ])
	}
}

// passesBack notes what a callee calls by pointers.
func (k *calling) passesBack(s *state, b *calledBack, m *moment) {
	a := k.a
	what := b.what
	if what.param > 0 {
		var ok bool
		if what, ok = a.w.pointers.given[handed{k.c, what.param - 1}]; !ok {
			return
		}
	}
	if len(m.held) == 0 && len(b.holding) == 0 && a.hasBack(what) {
		return // it tells nothing new
	}
	up := calledBack{
		what: what, holding: b.holding, known: b.known,
		where: &origin{pos: k.c.Pos(), fn: a.f.Name, text: "calls " + k.f.Name, in: b.where},
	}
	var mine []place
	for _, r := range b.released {
		p, _, ok := k.object(s, r)
		if !ok || p == noPlace {
			continue
		}
		mine = append(mine, p)
		if r, ok := a.refOf(p, nil); ok && a.entryRoot(p) {
			up.released = append(up.released, r)
		}
	}
	for _, r := range m.released {
		if !slices.Contains(up.released, r) {
			up.released = append(up.released, r)
		}
	}
	up.gone = append(slices.Clone(b.gone), m.gone...)
	a.noteBack(s, up, m, mine)
}

// hasBack reports whether the summary lists a target before which nothing is given back or known.
func (a *analysis) hasBack(what target) bool {
	return slices.ContainsFunc(a.backs, func(o calledBack) bool {
		return o.what == what && len(o.released) == 0 && len(o.known) == 0
	})
}

// noteBack adds to what the summary will list, and to who holds what meanwhile; given is what the
// callee has given back by then.
func (a *analysis) noteBack(s *state, b calledBack, m *moment, given []place) {
	for _, c := range m.known {
		if !slices.Contains(b.known, c) {
			b.known = append(slices.Clone(b.known), c)
			slices.Sort(b.known)
		}
	}
	for _, h := range m.held {
		switch {
		case slices.Contains(given, h.place), slices.Contains(b.gone, h.class):
		case b.what.param > 0:
			if !slices.Contains(b.holding, h.class) {
				b.holding = append(slices.Clone(b.holding), h.class)
			}
		default:
			key := heldBack{h.class, b.what, strings.Join(b.known, " ")}
			a.holds(key, b.where, func() []Step { return a.path(s.trail, h.why, b.where.pos, "") })
		}
	}
	if b.what.param == 0 {
		for _, class := range b.holding {
			key := heldBack{class, b.what, strings.Join(b.known, " ")}
			a.holds(key, b.where, func() []Step { return nil })
		}
		b.holding = nil
	}
	for i := range a.backs {
		o := &a.backs[i]
		if o.what == b.what {
			if len(b.released)+len(b.known) < len(o.released)+len(o.known) {
				*o = b
			}
			return
		}
	}
	if len(a.backs) < maxBacks {
		a.backs = append(a.backs, b)
	}
}

// knownNow lists the slots that are known to be NULL, and the flags that are set.
func (a *analysis) knownNow(s *state) (list []string) {
	for i := range s.facts {
		f := &s.facts[i]
		info := &a.ps.list[f.place]
		if f.aspect != holds || !f.val.known || f.read || info.parent == noPlace {
			continue
		}
		name := a.ps.list[info.parent].typ + "." + info.step
		if _, some := a.w.pointers.slots[name]; some && f.val.isNull() && !slices.Contains(list, name) {
			list = append(list, name)
		}
		if g := (guard{info.step, f.val.n != 0}); a.w.flags[info.step] && !slices.Contains(list, g.String()) {
			list = append(list, g.String())
		}
	}
	return list
}

// holds keeps the first place at which this function is a holder.
func (a *analysis) holds(key heldBack, where *origin, since func() []Step) {
	if h := a.saying.held[key]; h != nil && comparePos(h.pos, where.pos) <= 0 {
		return
	}
	if a.saying.held == nil {
		a.saying.held = map[heldBack]*holder{}
	}
	a.saying.held[key] = &holder{function: a.f.Name, pos: where.pos, where: where, since: since()}
}

// other notes who holds it as well, each with the first place.
func (h *holder) other(function string, pos model.Pos) {
	i := slices.IndexFunc(h.others, func(n Note) bool { return n.Text == function })
	switch {
	case i < 0:
		h.others = append(h.others, Note{pos, function})
	case comparePos(pos, h.others[i].Pos) < 0:
		h.others[i].Pos = pos
	}
}

// theOnly is the object in which a lock lies, by its type, where a variable at file scope leads to
// the only one of its kind, and the fields from there; "" when none does.
func (a *analysis) theOnly(l place) string {
	steps := ""
	for p := l; p != noPlace; p = a.ps.list[p].parent {
		if info := &a.ps.list[p]; steps != "" && a.w.types.hasGlobal(info.typ) {
			return info.typ + steps
		}
		steps = "." + a.ps.list[p].step + steps
	}
	return ""
}

// ownBody notes what the tree's own body of a helper calls by pointers and the locks that it takes
// of which the contract knows nothing: the contract's body is what counts for everything else.
func (a *analysis) ownBody(s *state, c *syntax.Call, name string, args []value) {
	own := a.f.own[name]
	if own == nil || own.summary == nil {
		return
	}
	args, exprs := matched(a, own.summary, args, c.Args)
	k := &calling{a: a, c: c, args: args, exprs: exprs, f: own, sum: own.summary}
	m := a.moment(s)
	for i := range own.summary.backs {
		k.passesBack(s, &own.summary.backs[i], m)
	}
	for _, q := range own.summary.acquires {
		if !strings.Contains(q.class, ".") || q.single == "" || a.prevents(s, q.guards) {
			continue
		}
		q.where = &origin{pos: c.Pos(), fn: a.f.Name, text: "calls " + name, in: q.where}
		q.released, q.late = nil, true
		a.note(s, q)
	}
}
