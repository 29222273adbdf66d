package typestate

import (
	"maps"
	"slices"
)

// A contract may have a field for what the tree says otherwise: that a domain is active for an id
// that is not -1. The tree never stores into such a field. So whoever stores into the object may
// have made it true.

// abstracts finds the fields of contracts that stand for something else in the tree.
func (ts *types) abstracts() {
	for name, fields := range ts.structs {
		both := false
		for _, f := range fields {
			both = both || f.known && f.inTree
		}
		for _, step := range slices.Sorted(maps.Keys(fields)) {
			f := fields[step]
			if both && f.known && !f.inTree && f.number && !f.owner && !f.refcount && !f.listed && !f.lock {
				ts.abstract[name] = append(ts.abstract[name], step)
			}
		}
	}
}

// mayTurn forgets that abstract fields of the objects in which a place lies are 0.
func (a *analysis) mayTurn(s *state, p place) {
	if a.f.contract || len(a.w.types.abstract) == 0 {
		return
	}
	for q := a.ps.list[p].parent; q != noPlace; q = a.ps.list[q].parent {
		for _, step := range a.w.types.abstract[a.ps.list[q].typ] {
			c := a.ps.child(a.w.types, q, step)
			if v, ok := s.at(c, holds); ok && v.isNull() {
				s.drop(c, holds)
			}
		}
	}
}
