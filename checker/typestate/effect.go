package typestate

import (
	"strings"
)

// carryOut does what a case does, and gives its result; false when it cannot be after all.
func (k *calling) carryOut(s *state, e *effect, name string) bool {
	a := k.a
	if len(e.facts) > 0 {
		s.trail = &trail{prev: s.trail, pos: k.c.Pos(), text: callText(name, e), in: firstOrigin(e), sum: k.sum}
	}
	begun := map[int]bool{}
	for i := range e.facts {
		f := &e.facts[i]
		if f.ref.root == freshRoot && !begun[f.ref.index] {
			begun[f.ref.index] = true
			a.begin(s, a.f.sites[k.c]+f.ref.index<<20, "", k.c.Pos())
			p := a.ps.top(siteRoot, a.f.sites[k.c]+f.ref.index<<20, "", k.sum.result.object())
			if a.ps.list[p].typ == "" {
				a.ps.list[p].typ = k.sum.result.object()
			}
		}
	}
	// Pointers lead to what was there before the call, which may set to NULL what it has taken.
	values := s.mem.vars.take(len(e.facts))
	for i := range e.facts {
		values[i] = k.given(s, &e.facts[i].val)
		if r := &e.facts[i].val; r.leads && values[i].at > 0 && k.isNumber(r.to) {
			values[i] = r.val // a pointer where a number is taken
		}
	}
	result := k.given(s, &e.result)
	for i := range e.facts {
		f, v := &e.facts[i], values[i]
		p, _, ok := k.resolve(s, f.ref)
		if f.aspect != holds {
			p, _, ok = k.object(s, f.ref)
		}
		if !ok || p == noPlace || a.ps.element(p) && f.aspect != holds {
			continue
		}
		switch f.aspect {
		case dropped:
			a.dropLock(s, p)
		case jobless:
		case altered:
			a.changed(s, p, k.c.Pos(), name+" changes what "+a.resource(p)+" guards")
		case isHeld:
			if t, known := v.truth(); f.val.leads && (!known || !t) {
				v = value{signs: negative | positive}
			}
			s.set(p, isHeld, v.plain())
			s.drop(p, said)
			if v.isNull() {
				s.drop(p, adopted)
			}
		case refs:
			if v.known {
				a.dropsAgain(s, p, v.n, k.c.Pos())
				a.ref(s, p, v.n)
				a.droppedAt(s, p, v.n, f.origin)
				if v.n > 0 && !k.f.contract && f.ref.root != freshRoot {
					s.set(a.ps.list[p].top, escaped, number(1)) // it is for somebody else
				}
			}
		case holds:
			if f.read {
				if there, known := a.truth(s, pointer(p)); v.isNull() && !a.ps.list[p].number && known && there {
					return false
				}
				if h, there := s.at(p, holds); there && h.at == 0 && v.at == 0 {
					if !h.meets(v) {
						return false
					}
					v = h.and(v)
				}
				s.learn(p, holds, v)
				continue
			}
			a.store(s, p, v, k.c)
		case isFreed:
			left, has := s.at(p, refs)
			listed, _ := s.at(p, isListed)
			if !has {
				left = number(0)
			}
			if left.n > 0 || listed.known && listed.n != 0 || a.keptByOthers(p, left.n) {
				return false
			}
			a.free(s, p)
		case given:
			if v.known {
				a.count(s, p, given, 1)
			}
		case isThere, escaped, fresh, made, isListed, adopted:
			s.set(p, f.aspect, v)
		}
	}
	k.takesOff(s, e)
	k.give(s, e, result)
	return true
}

// isNumber reports whether a callee takes a number there.
func (k *calling) isNumber(r ref) bool {
	return r.root == paramRoot && r.steps == "" && k.sum.params[r.index].stars == 0
}

// given is a value that a case gives to something, or returns.
func (k *calling) given(s *state, r *refValue) value {
	if !r.leads {
		return r.val
	}
	p, v, ok := k.resolve(s, r.to)
	switch {
	case !ok:
		return unknown
	case p == noPlace:
		return v.and(r.val)
	}
	if i, is := k.a.variable(p); is && strings.HasSuffix(r.to.steps, "*") {
		return s.vars[i]
	}
	return pointer(p)
}

// takesOff looks at an object that this function has looked up, without a reference of its own, and
// that a callee has taken off the list: the list's reference kept it, and it may be gone.
func (k *calling) takesOff(s *state, e *effect) {
	a := k.a
	for i := range e.facts {
		f := &e.facts[i]
		if f.aspect != isListed || !f.val.val.isNull() || f.ref.root != paramRoot || a.f.contract || k.f.contract {
			continue
		}
		p, _, ok := k.object(s, f.ref)
		if !ok || p == noPlace || !a.isFresh(s, p) || a.isPart(s, p) {
			continue
		}
		left, _ := s.at(p, refs)
		_, away := s.at(p, escaped)
		if !away && (!left.known || left.n <= 0) {
			a.free(s, p)
		}
	}
}

func (k *calling) give(s *state, e *effect, v value) {
	a := k.a
	switch {
	case e.result.leads:
	case !v.known && k.sum.result.stars > 0 && v.at == 0:
		there := v.signs&zero == 0
		v = a.fromOutside(s, k.c, k.sum.result)
		if p, ok := v.place(); ok && there {
			s.set(p, isThere, number(1))
		}
		a.derive(s, v, k.args)
		a.found(s, k.c, v, k.args)
	}
	s.results = append(s.results, result{k.c, v})
}

func firstOrigin(e *effect) *origin {
	for i := range e.facts {
		if o := e.facts[i].origin; o != nil && e.facts[i].aspect == isHeld {
			return o
		}
	}
	return nil
}

// callText says how a call goes.
func callText(name string, e *effect) string {
	v := e.result.val
	switch {
	case e.result.leads:
		return name + " returns an object"
	case v.known:
		return name + " returns " + v.String()
	case v.signs != anySign && v.signs != 0:
		return name + " returns " + v.String()
	}
	return "calls " + name
}
