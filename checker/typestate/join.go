package typestate

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// Most of what tells states apart has nothing to do with the protocol. So where several states come
// to a block that agree on the protocol, a few are kept as they are, and of the others what they
// have in common. That is property simulation: Das, Lerner and Seigle, ESP, PLDI 2002.

// apart is how many states that agree on the protocol are kept apart at a block.
const apart = 3

// A slot holds the states of a block that agree on the protocol.
type slot struct {
	seen   map[string]bool
	joined *state
	waits  *task // to go on with that, until it is carried out
}

// isProperty reports whether an aspect belongs to the protocol.
func isProperty(asp aspect) bool {
	switch asp {
	case isHeld, adopted, refs, isFreed, fresh, isListed, under, old, given, left:
		return true
	}
	return false
}

// property is the part of a state's identity that is about the protocol.
func (a *analysis) property(s *state, b []byte) []byte {
	b = b[:0]
	for i := range s.facts {
		f := &s.facts[i]
		if !isProperty(f.aspect) && !(f.aspect == holds && a.followed(f.place)) || a.passing(s, f.place, f.aspect) {
			continue
		}
		b = binary.AppendUvarint(b, uint64(f.place+1))
		b = append(b, byte(f.aspect))
		b = appendValue(b, f.val)
	}
	b = append(b, 0)
	for i := range s.needs {
		n := &s.needs[i]
		if n.aspect == isThere || n.mild || !n.tested && n.aspect != isHeld || a.passing(s, n.place, n.aspect) {
			continue
		}
		b = binary.AppendUvarint(b, uint64(n.place+1))
		b = append(b, byte(n.aspect))
		b = appendValue(b, n.val)
	}
	b = append(b, 0)
	for i, v := range s.vars {
		if i >= len(a.f.tracked) || !a.f.tracked[i] {
			continue
		}
		if p, ok := v.place(); ok || v.isNull() {
			b = binary.AppendUvarint(b, uint64(i+1))
			b = binary.AppendUvarint(b, uint64(p+2))
		}
	}
	return b
}

// passing reports whether a lock of no class, of which callers hold nothing, has been taken and
// given back: who has come by that way is as who has not.
func (a *analysis) passing(s *state, p place, asp aspect) bool {
	if asp != isHeld {
		return false
	}
	f := s.fact(p, isHeld)
	if f == nil || f.val != unknown && !f.val.isNull() {
		return false
	}
	if d := a.fieldOf(p); d != nil && d.owner {
		return false
	}
	n := s.need(p, isHeld)
	return f.val == unknown || n != nil && n.val.isNull()
}

// followed reports whether a place is a field of the contract whose value is followed, or a pointer
// to an object of it.
func (a *analysis) followed(p place) bool {
	f := a.fieldOf(p)
	if f != nil && f.known && !f.pointer {
		return a.w.follows(a.ps.list[p].step)
	}
	return f == nil && a.w.types.counted(a.ps.list[p].typ)
}

// join is what two states that agree on the protocol have in common; false when that is the first
// of them as it was.
func join(s, t *state) (*state, bool) {
	out := s.clone()
	changed := false
	for i := range s.vars {
		if v := s.vars[i].or(t.vars[i]); v != s.vars[i] {
			out.setVar(i, v)
			changed = true
		}
	}
	out.filter(func(f *fact) bool {
		stays := f.aspect != isThere && f.aspect != said || t.fact(f.place, f.aspect) != nil
		changed = changed || !stays
		return stays
	})
	for i := range out.facts {
		f := &out.facts[i]
		if f.aspect != holds && f.aspect != isHeld || f.val == unknown {
			continue
		}
		if g := t.fact(f.place, f.aspect); g == nil || g.val != f.val {
			out.put(unknownFact(*f))
			changed = true
		}
	}
	for _, g := range t.facts {
		if s.fact(g.place, g.aspect) != nil || g.aspect == isThere || g.aspect == said {
			continue
		}
		if g.aspect == holds || g.aspect == isHeld {
			g.val = unknown
		}
		out.set(g.place, g.aspect, g.val)
		changed = true
	}
	if needs, differ := joinNeeds(s, t); differ {
		out.needs, out.needsBrief, changed = needs, true, true
	}
	n := len(out.choices)
	out.keepChoices(func(c choice) bool { return slices.Contains(t.choices, c) })
	changed = changed || len(out.choices) != n
	if t.lossy && !s.lossy {
		out.lossy = true
	}
	return out, changed
}

// thinned joins the states within a block as those that come to one are: calls that stand one after
// the other multiply their ways.
func (a *analysis) thinned(states []*state) []*state {
	if len(states) <= 2*apart || a.f.contract {
		return states
	}
	type group struct {
		seen   map[string]bool
		joined int // 1 + where the states are that are not kept apart, 0 when there are none
	}
	groups := map[string]*group{}
	var key []byte
	out := states[:0]
	for _, s := range states {
		key = a.property(s, key)
		g := groups[string(key)]
		if g == nil {
			g = &group{seen: map[string]bool{}}
			groups[string(key)] = g
		}
		key = s.key(key)
		switch {
		case g.seen[string(key)]:
		case len(g.seen) < apart:
			g.seen[string(key)] = true
			out = append(out, s)
		case g.joined == 0:
			out = append(out, s)
			g.joined = len(out)
		default:
			joined, _ := join(out[g.joined-1], s)
			joined.trail = s.trail
			out[g.joined-1] = joined
		}
	}
	return out
}

// tells reports whether a need still asks for something.
func (f *fact) tells() bool {
	return f.val.signs != anySign && (f.aspect != isThere || f.val.known) || f.val.other
}

// joinNeeds is what two states both need, or a rule asks for in the first; false when that are the
// needs of the first as they were.
func joinNeeds(s, t *state) (needs []need, differ bool) {
	for i := range s.needs {
		n := s.needs[i]
		if (!n.tested || n.mild) && n.aspect != isHeld {
			m := t.need(n.place, n.aspect)
			if m == nil || n.val.or(m.val) != n.val {
				if !differ {
					needs, differ = s.mem.needs.copied(s.needs[:i], len(s.needs)-i), true
				}
				if m == nil {
					continue
				}
				if n.val = n.val.or(m.val); !n.tells() {
					continue
				}
			}
		}
		if differ {
			needs = append(needs, n)
		}
	}
	for i := range t.needs {
		n := &t.needs[i]
		if n.aspect != isHeld || !n.tested || !n.val.isNull() || s.need(n.place, isHeld) != nil {
			continue
		}
		if !differ {
			needs, differ = s.mem.needs.copied(s.needs, 1), true
		}
		at, _ := slices.BinarySearchFunc(needs, n, func(x need, y *need) int {
			return cmp.Or(cmp.Compare(x.place, y.place), cmp.Compare(x.aspect, y.aspect))
		})
		needs = slices.Insert(needs, at, *n)
	}
	return needs, differ
}
