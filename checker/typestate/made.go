package typestate

// A function that makes an object and returns it locked has callers who have to unlock it, and
// knows that nobody else has it: nothing of it is held but what it has locked itself.

// makes is what callers need to know of an object that a function has made and returns locked,
// beside what is held of it.
func (a *analysis) makes(s *state, ret value, names map[place]int) []refFact {
	p, ok := ret.place()
	if !ok || a.f.contract || a.ps.list[p].parent != noPlace || !a.holdsMore(s, p) {
		return nil
	}
	if _, is := s.at(p, made); !is {
		return nil
	}
	r, ok := a.refOf(p, names)
	if _, found := s.at(p, fresh); !ok || found {
		return nil
	}
	list := []refFact{{ref: r, aspect: fresh, val: refValue{val: number(1)}}}
	list = append(list, refFact{ref: r, aspect: made, val: refValue{val: number(1)}})
	if a.w.tracked(a.ps, p) != "" {
		list = append(list, refFact{ref: r, aspect: refs, val: refValue{val: number(1)}})
	}
	return list
}
