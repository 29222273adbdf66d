package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// asksEarly is the line in which the function begins a job after a call that asks how an object is,
// and needs a job for that; 0 when it begins none, or has begun one before. What was asked is not
// true any more once the job was waited for.
func (k *calling) asksEarly(n *refNeed) int {
	a := k.a
	if n.kind != model.NoJob || n.origin == nil {
		return 0
	}
	asks := n.origin
	for asks.in != nil {
		asks = asks.in
	}
	if f := a.w.contract[asks.fn]; f == nil || f.summary == nil || !f.summary.answers() {
		return 0
	}
	line := 0
	for _, calls := range a.f.calls {
		for _, c := range calls {
			id, ok := c.Fun.(*syntax.Ident)
			if !ok || !a.w.begins[id.Name] {
				continue
			}
			if c.Pos().Line < k.c.Pos().Line {
				return 0
			}
			if line == 0 || c.Pos().Line < line {
				line = c.Pos().Line
			}
		}
	}
	return line
}

// answers reports whether a function takes nothing and gives nothing back: it only asks.
func (s *summary) answers() bool {
	return !slices.ContainsFunc(s.cases, func(e effect) bool {
		return slices.ContainsFunc(e.facts, func(f refFact) bool { return f.aspect != holds && f.aspect != isThere })
	})
}
