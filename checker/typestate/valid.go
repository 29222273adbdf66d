package typestate

import (
	"slices"
	"strconv"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A field of an object may lead to something only while the object is in use: what is known of a
// guest is there while it runs. The contract says which of its functions tells:
// `caps *caps __attribute__((valid_if(isActive)))`. Who follows such a pointer must know the answer
// and not have dropped the lock since, and who finds it not NULL knows the answer.

// A validity is what has to hold of the object around a place so that the place leads somewhere.
type validity struct {
	k    *calling
	need refNeed
	at   place
}

// validityOf finds what has to hold for a place to lead somewhere; false where nobody says.
func (a *analysis) validityOf(s *state, p place, pos model.Pos) (validity, bool) {
	d := a.fieldOf(p)
	if d == nil || d.validIf == "" || a.f.contract {
		return validity{}, false
	}
	f := a.w.contract[d.validIf]
	if f == nil || f.summary == nil || len(f.params) == 0 {
		return validity{}, false
	}
	object := a.ps.list[p].parent
	for object != noPlace && a.ps.list[object].typ != f.params[0].name {
		object = a.ps.list[object].parent
	}
	if object == noPlace {
		return validity{}, false
	}
	c := &syntax.Call{At: syntax.At{Start: pos}}
	k := &calling{a: a, c: c, args: []value{pointer(object)}, exprs: []syntax.Expr{nil}, f: f, sum: f.summary}
	yes := func(e effect) bool { return e.result.val.signs&zero == 0 }
	i := slices.IndexFunc(f.summary.cases, yes)
	if i < 0 {
		return validity{}, false
	}
	for _, n := range f.summary.cases[i].needs {
		if n.aspect != holds {
			continue
		}
		if q, _, ok := k.resolve(s, n.ref); ok && q != noPlace {
			return validity{k, n, q}, true
		}
	}
	return validity{}, false
}

// mustBeValid looks at a pointer that is followed.
func (a *analysis) mustBeValid(s *state, p place, pos model.Pos) {
	v, ok := a.validityOf(s, p, pos)
	if !ok {
		return
	}
	text := a.ps.text(a.f, p)
	if _, known := s.at(v.at, holds); known || a.holdsBelow(s, p) || a.unlocked(s, v.at) {
		return
	}
	since, msg := (*trail)(nil), text+" is there while "+a.ps.text(a.f, v.at)+" holds, and nobody has looked"
	switch {
	case a.stale(s, v.at):
		since, msg = why(s, a.guardOf(v.at), dropped), msg+" since the lock was dropped"
		fallthrough
	case a.isFresh(s, a.ps.list[v.at].top):
		if f := a.reportNeed(s, model.StaleLiveness, pos, v.at, msg, since, nil); f != nil {
			f.Severity = min(f.Severity, Warning) // most who follow it bear NULL
		}
	case a.entryRoot(v.at):
		s.want(need{
			fact: fact{place: v.at, aspect: holds, val: v.need.val}, tested: true, mild: true, kind: model.StaleLiveness,
			origin: &origin{pos: pos, fn: a.f.Name, text: "follows " + text},
		})
	}
	s.learn(v.at, holds, v.need.val)
}

// unlocked reports whether this thread is known not to hold the lock that guards a place: there are
// other rules for that.
func (a *analysis) unlocked(s *state, p place) bool {
	l := a.guardOf(p)
	if l == noPlace {
		return false
	}
	v, known := a.held(s, l)
	return known && v.isNull()
}

// isValid notes that a pointer is not NULL, and so what has to hold for that; false where it is
// known not to hold.
func (a *analysis) isValid(s *state, p place) bool {
	v, ok := a.validityOf(s, p, a.pos)
	if !ok || a.unlocked(s, v.at) {
		return true
	}
	old, _ := s.at(v.at, holds)
	if !old.meets(v.need.val) {
		return false
	}
	s.learn(v.at, holds, old.and(v.need.val))
	return true
}

// isAccess reports whether a function of the contract does nothing but follow a pointer that is no
// object of the protocol.
func (w *world) isAccess(f *function) bool {
	if f.summary == nil || len(f.summary.cases) == 0 {
		return false
	}
	return !slices.ContainsFunc(f.summary.cases, func(e effect) bool {
		return len(e.facts) > 0 || slices.ContainsFunc(e.needs, func(n refNeed) bool {
			return n.aspect != isThere || n.ref.root != paramRoot || w.types.counted(f.params[n.ref.index].name)
		})
	})
}

// givesField reports whether an argument is a field that leads to something only while something
// holds.
func (w *world) givesField(c *syntax.Call) bool {
	return slices.ContainsFunc(c.Args, func(x syntax.Expr) bool {
		m, ok := x.(*syntax.Member)
		return ok && w.types.validIf[m.Name]
	})
}

// asksTooLate looks at a call that only asks for what was taken to hold before: of a pointer that
// was followed. Who asks thinks that it may not hold, unless he comes from elsewhere as well.
func (k *calling) asksTooLate(s *state, p place) {
	a := k.a
	n := s.need(p, holds)
	if n == nil || !n.mild || n.origin == nil || why(s, p, holds) != n.why {
		return
	}
	if a.f.contract || !k.f.contract || k.sum.does() {
		return
	}
	for t := s.trail; t != nil && t != n.why; t = t.prev {
		if t == s.met {
			return
		}
	}
	text := a.ps.text(a.f, p) + " is asked for only in line " + strconv.Itoa(k.c.Pos().Line) + ", and here it has to hold"
	if f := a.reportNeed(s, model.StaleLiveness, n.origin.pos, p, text, n.why, n.origin.in); f != nil {
		f.Severity = min(f.Severity, Warning)
	}
}

// does reports whether a function does more than answer.
func (s *summary) does() bool {
	return slices.ContainsFunc(s.cases, func(e effect) bool { return len(e.facts) > 0 })
}
