package typestate

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
)

// A flag in an object may say that a lock is not to be taken: who holds it sets the flag, calls
// what would take it otherwise, and takes the flag back. Such flags, which one function sets and
// takes back, are told apart by the names of their fields.

// A guard is a field that is true, or false, where a lock is taken.
type guard struct {
	field string
	truth bool
}

func (g guard) String() string { return fmt.Sprintf("%s=%t", g.field, g.truth) }

// guardsNow adds the flags that were looked at on the way.
func (a *analysis) guardsNow(s *state, list []guard) []guard {
	for t := s.trail; t != nil; t = t.prev {
		m, ok := t.cond.(*syntax.Member)
		if !ok || !a.w.flags[m.Name] {
			continue
		}
		if g := (guard{m.Name, t.truth}); !slices.Contains(list, g) {
			list = append(slices.Clone(list), g)
		}
	}
	return list
}

// prevents reports whether a flag is known to be otherwise than where the lock is taken.
func (a *analysis) prevents(s *state, list []guard) bool {
	for _, g := range list {
		for i := range s.facts {
			f := &s.facts[i]
			if f.aspect == holds && !f.read && f.val.known && a.ps.list[f.place].step == g.field &&
				(f.val.n != 0) != g.truth {
				return true
			}
		}
	}
	return false
}

// flagsOf are the fields that a function sets to true and to false.
type flagsOf struct{ set, cleared []string }

// assign notes that a field is set to a truth.
func (f *flagsOf) assign(m *syntax.Member, y syntax.Expr) {
	id, ok := y.(*syntax.Ident)
	switch {
	case ok && id.Name == "true":
		f.set = append(f.set, m.Name)
	case ok && id.Name == "false":
		f.cleared = append(f.cleared, m.Name)
	}
}

// both are those that it sets and takes back.
func (f *flagsOf) both() []string {
	return slices.DeleteFunc(f.set, func(name string) bool { return !slices.Contains(f.cleared, name) })
}
