package syntax

import (
	"cmp"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A CaseRange is what one case label of a switch stands for: the values from Lo to Hi, and the
// place to which they lead.
type CaseRange struct {
	Lo, Hi int64
	To     int
	Pos    model.Pos
}

// Cases are the labels of one switch, as they are met; Sort makes them ready for Find.
type Cases []CaseRange

// Sort puts the labels in the order of their values, without those that stand for none, and calls
// twice for each that shares a value with one before it in the source.
func (cs *Cases) Sort(twice func(c, first CaseRange)) {
	all := *cs
	var order []int
	for i, c := range all {
		if c.Lo <= c.Hi {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(all[a].Lo, all[b].Lo), cmp.Compare(a, b)) })
	*cs = make(Cases, len(order))
	far := 0 // the label that reaches farthest, so far
	for n, i := range order {
		(*cs)[n] = all[i]
		if n > 0 && all[i].Lo <= all[far].Hi {
			twice(all[max(i, far)], all[min(i, far)])
		}
		if n == 0 || all[i].Hi > all[far].Hi {
			far = i
		}
	}
}

// Find returns where x leads; -1 when no label stands for it. No value may have two labels.
func (cs Cases) Find(x int64) int {
	i, exact := slices.BinarySearchFunc(cs, x, func(c CaseRange, x int64) int { return cmp.Compare(c.Lo, x) })
	if !exact {
		i--
	}
	if i >= 0 && x <= cs[i].Hi {
		return cs[i].To
	}
	return -1
}
