package typestate

import "slices"

// A function that ends a job which its callers have, and returns nothing, ends it in any case, or
// looks at the job itself first. Where it leaves because of something else, callers take the job to
// have ended, and nobody ends it.

// endsSome looks at a job that some exits end, for callers, and others leave alone.
func (a *analysis) endsSome(p place) {
	d := a.fieldOf(p)
	r := a.f.summaryResult()
	if d == nil || !d.owner || a.w.contract[a.f.Name] != nil || r.stars > 0 || r.basic || r.name != "void" {
		return
	}
	var ended, others []*exit
	for i := range a.exits {
		e := &a.exits[i]
		n, f := e.s.need(p, isHeld), e.s.fact(p, isHeld)
		switch {
		case e.s.lossy || a.gone(e.s, p) || a.isNull(e.s, p):
		case n == nil && f == nil:
			others = append(others, e)
		case n != nil && f != nil && !n.val.isNull() && f.val.isNull():
			ended = append(ended, e)
		default:
			return // it is not that simple
		}
	}
	for _, e := range others {
		if len(ended) > 0 && a.leftFor(e, ended, p) {
			a.leak(e.s, p, e.pos, nil)
			return
		}
	}
}

// leftFor reports whether a field of the object that is no part of the job was found otherwise at
// one exit than at all of the others.
func (a *analysis) leftFor(e *exit, others []*exit, job place) bool {
	return slices.ContainsFunc(e.s.needs, func(n need) bool {
		if n.aspect != holds || n.tested || a.ps.list[n.place].top != a.ps.list[job].top ||
			a.ps.list[n.place].parent == noPlace || a.ps.list[n.place].parent == a.ps.list[job].parent {
			return false
		}
		return !slices.ContainsFunc(others, func(o *exit) bool {
			m := o.s.need(n.place, holds)
			return m == nil || m.val.meets(n.val)
		})
	})
}
