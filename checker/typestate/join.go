package typestate

import (
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
}

// isProperty reports whether an aspect belongs to the protocol.
func isProperty(asp aspect) bool {
	switch asp {
	case isHeld, adopted, refs, isFreed, fresh, isListed:
		return true
	}
	return false
}

// property is the part of a state's identity that is about the protocol.
func (a *analysis) property(s *state, b []byte) []byte {
	b = b[:0]
	for i := range s.facts {
		f := &s.facts[i]
		if !isProperty(f.aspect) && !(f.aspect == holds && a.followed(f.place)) {
			continue
		}
		b = binary.AppendUvarint(b, uint64(f.place+1))
		b = append(b, byte(f.aspect))
		b = appendValue(b, f.val)
	}
	b = append(b, 0)
	for i := range s.needs {
		n := &s.needs[i]
		if n.aspect == isThere || !n.tested && n.aspect != isHeld {
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
	for i := range out.vars {
		if v := out.vars[i].or(t.vars[i]); v != out.vars[i] {
			out.vars[i], changed = v, true
		}
	}
	facts := out.facts[:0]
	for _, f := range s.facts {
		g := t.fact(f.place, f.aspect)
		switch f.aspect {
		case isThere:
			if g == nil {
				changed = true
				continue
			}
		case holds:
			if g == nil || g.val != f.val {
				if f.val != unknown {
					f.val, changed = unknown, true
				}
			}
		}
		facts = append(facts, f)
	}
	out.facts = facts
	for _, g := range t.facts {
		if s.fact(g.place, g.aspect) != nil || g.aspect == isThere {
			continue
		}
		if g.aspect == holds {
			g.val = unknown
		}
		out.set(g.place, g.aspect, g.val)
		changed = true
	}
	needs := make([]need, 0, len(s.needs))
	for _, n := range s.needs {
		m := t.need(n.place, n.aspect)
		if !n.tested && n.aspect != isHeld {
			if m == nil {
				changed = true
				continue
			}
			if v := n.val.or(m.val); v != n.val {
				n.val, changed = v, true
				if v.signs == anySign {
					continue
				}
			}
		}
		needs = append(needs, n)
	}
	out.needs = needs
	choices := slices.DeleteFunc(out.choices, func(c choice) bool { return !slices.Contains(t.choices, c) })
	if len(choices) != len(s.choices) {
		changed = true
	}
	out.choices = choices
	if t.lossy && !s.lossy {
		out.lossy = true
	}
	return out, changed
}
