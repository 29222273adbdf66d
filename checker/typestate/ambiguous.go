package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
)

// markChosen marks the needs that only some ways through a callee have, and of these the ones that
// its result tells from others, or a number that the function was given.
func (a *analysis) markChosen(before *state, out []*state, c *syntax.Call) {
	if len(out) < 2 {
		return
	}
	for _, t := range out {
		for i := range t.needs {
			n := &t.needs[i]
			if before.need(n.place, n.aspect) != nil {
				continue
			}
			chosen, told := false, true
			for _, u := range out {
				if m := u.need(n.place, n.aspect); m == nil || m.val != n.val {
					chosen, told = true, told && a.toldApart(t, u, c)
				}
			}
			if chosen {
				t.ownNeeds()
				t.needs[i].chosen, t.needs[i].told = true, told
			}
		}
	}
}

// toldApart reports whether the result of a call, or a number that the function was given, is
// another one in each of two states.
func (a *analysis) toldApart(s, t *state, c *syntax.Call) bool {
	v, _ := s.resultOf(c)
	w, _ := t.resultOf(c)
	if class(v) != class(w) && class(v) != "" && class(w) != "" {
		return true
	}
	for i := range a.f.params {
		if v, w := s.vars[i], t.vars[i]; v.from == uint8(i+1) && w.from == v.from && !v.meets(w) {
			return true
		}
	}
	return false
}

// ambiguous looks at ways through a callee that its result does not tell apart: a lock or job on
// whose state they do not agree is not known afterwards. What decides is known to the callee alone.
func (a *analysis) ambiguous(before *state, out []*state, ways []*effect, k *calling) {
	if len(out) < 2 || a.f.contract {
		return
	}
	for i, t := range out {
		v, _ := t.resultOf(k.c)
		for j := i + 1; j < len(out); j++ {
			u := out[j]
			if w, _ := u.resultOf(k.c); class(v) != class(w) || decidedByArgument(ways[i], ways[j]) {
				continue
			}
			a.disagree(before, t, u)
			a.disagree(before, u, t)
		}
	}
}

// disagree forgets what one state says of a lock or job and another one does not.
func (a *analysis) disagree(before, t, u *state) {
	for i := range t.facts {
		f := t.facts[i]
		if f.aspect != isHeld || f.val == unknown {
			continue
		}
		g := u.fact(f.place, isHeld)
		if g != nil && (f.val.isNull() == g.val.isNull() || g.val == unknown) {
			continue
		}
		was, known := a.held(before, f.place)
		switch {
		case a.gone(t, f.place) || a.gone(u, f.place):
			continue
		case g == nil && (!known || was.isNull() == f.val.isNull()):
			continue
		case before.need(f.place, isHeld) == nil && assumed(t, f.place) != assumed(u, f.place):
			continue // an assumption about callers tells them apart
		}
		t.put(unknownFact(f))
		if g != nil {
			u.put(unknownFact(*g))
		}
	}
}

// unknownFact is a fact without its value.
func unknownFact(f fact) fact {
	f.val = unknown
	return f
}

// assumed is what a path takes its callers to hold of a lock or job.
func assumed(s *state, p place) value {
	if n := s.need(p, isHeld); n != nil {
		return n.val
	}
	return unknown
}

// gone reports whether a place lies in an object that was freed.
func (a *analysis) gone(s *state, p place) bool {
	for ; p != noPlace; p = a.ps.list[p].parent {
		if v, ok := s.at(p, isFreed); ok && !v.isNull() {
			return true
		}
	}
	return false
}

// decidedByArgument reports whether a number that is passed decides between two ways.
func decidedByArgument(e, o *effect) bool {
	for i := range e.needs {
		n := &e.needs[i]
		if n.aspect != holds || n.ref.root != paramRoot || n.ref.steps != "" {
			continue
		}
		for j := range o.needs {
			if m := &o.needs[j]; m.ref == n.ref && m.aspect == holds && !m.val.meets(n.val) {
				return true
			}
		}
	}
	return false
}

// untold leaves out the ways through a callee that are only there if a field has one special value,
// where nothing is known of that field here, and the result does not tell such a way from others.
func (a *analysis) untold(before *state, out []*state, ways []*effect, k *calling) []*state {
	if len(out) < 2 || a.f.contract {
		return out
	}
	kept := out[:0:0]
	for i, t := range out {
		v, _ := t.resultOf(k.c)
		other := slices.ContainsFunc(out, func(u *state) bool {
			w, _ := u.resultOf(k.c)
			j := slices.Index(out, u)
			return j != i && class(v) == class(w) && !k.special(before, ways[j])
		})
		if !other || !k.special(before, ways[i]) {
			kept = append(kept, t)
		}
	}
	return kept
}

// special reports whether a way asks for one value, not 0, of a field of which nothing is known.
func (k *calling) special(s *state, e *effect) bool {
	for i := range e.needs {
		n := &e.needs[i]
		if n.aspect == isHeld && !n.tested && n.val.signs&zero == 0 {
			if p, _, ok := k.object(s, n.ref); ok && p != noPlace && !k.a.isRecursive(p) {
				if _, known := k.a.held(s, p); !known {
					return true
				}
			}
			continue
		}
		if n.aspect != holds || n.tested || !n.val.known || n.val.n == 0 {
			continue
		}
		if n.ref.root == paramRoot && n.ref.steps == "" {
			if n.ref.index < len(k.args) && !k.args[n.ref.index].known {
				return true
			}
			continue
		}
		if p, _, ok := k.resolve(s, n.ref); ok && p != noPlace {
			if v, there := s.at(p, holds); !there || !v.known {
				return true
			}
		}
	}
	return false
}
