package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// An exit is one way out of a function.
type exit struct {
	s   *state
	ret value
	pos model.Pos
}

// exit leaves the function. Where the result is a condition, it leaves twice: callers test it.
func (a *analysis) exit(e *flow.Return, s *state) {
	if e.X != nil && a.tellsOutcome(s, e) {
		for _, truth := range []bool{true, false} {
			t := s.clone()
			if a.narrow(t, e.Env, e.X, truth, false) {
				a.leaveWith(t, e, number(int64(boolBit(truth))))
			}
		}
		return
	}
	a.leaveWith(s, e, unknown)
}

// tellsOutcome reports whether a result says how a condition came out that a state can keep.
func (a *analysis) tellsOutcome(s *state, e *flow.Return) bool {
	x := e.X
	for {
		switch y := x.(type) {
		case *syntax.Unary:
			if y.Op == "!" {
				x = y.X
				continue
			}
			return false
		case *syntax.Binary:
			switch y.Op {
			case "==", "!=", "<", "<=", ">", ">=":
				x = y.X
				continue
			}
			return false
		case *syntax.Member:
			p := a.placeOf(s.clone(), e.Env, y)
			if p == noPlace {
				return false
			}
			f := a.fieldOf(p)
			if f == nil || !f.known || f.pointer || f.owner || !a.w.follows(a.ps.list[p].step) {
				return false
			}
			_, known := s.at(p, holds)
			return !known
		case *syntax.Call:
			v, _ := s.resultOf(y)
			_, known := a.truth(s, v)
			return x != e.X && !known
		case *syntax.Ident:
			v := a.eval(s, e.Env, y)
			_, known := a.truth(s, v)
			return x != e.X && !known
		}
		return false
	}
}

// leaveWith leaves with a result, which is that of the expression when it is unknown.
func (a *analysis) leaveWith(s *state, e *flow.Return, ret value) {
	if e.X != nil && ret == unknown {
		a.pos = e.X.Pos()
		ret = a.eval(s, e.Env, e.X)
		if p, ok := ret.place(); ok {
			if _, there := s.at(p, isThere); !there && a.w.types.isNumber(a.f.summaryResult()) {
				ret = unknown
			}
		}
	}
	s.results = nil
	what := "returns"
	if e.X != nil {
		what = "returns " + syntax.FormatShort(e.X)
	}
	s.trail = &trail{prev: s.trail, pos: e.Pos, text: what}
	a.keepsJobs(&exit{s, ret, e.Pos})
	a.leaks(s, ret, e.Pos)
	a.leavesTo(s)
	a.exits = append(a.exits, exit{s.settled(), ret, e.Pos})
}

func (f *function) summaryResult() ctype { return typeOf(f.Type.Result) }

// leaks looks at the objects that the function found or made, and forgets.
func (a *analysis) leaks(s *state, ret value, pos model.Pos) {
	a.unpaid(s, ret, pos)
	a.returnsTables(s, ret, pos)
	for _, top := range a.freshObjects(s) {
		if p, ok := ret.place(); ok && a.ps.list[p].top == top || a.reachable(s, top) {
			continue
		}
		a.leaksOf(s, top, pos)
	}
}

// holdsMore reports whether a lock or a job of an object is held: it explains the reference as
// well.
func (a *analysis) holdsMore(s *state, top place) bool {
	for i := range s.facts {
		f := &s.facts[i]
		if f.aspect == isHeld && a.ps.list[f.place].top == top && !f.val.isNull() {
			return true
		}
	}
	return false
}

func (a *analysis) freshObjects(s *state) []place {
	var list []place
	for i := range s.facts {
		if s.facts[i].aspect == fresh {
			list = append(list, s.facts[i].place)
		}
	}
	return list
}

// reachable reports whether something that callers know leads to an object.
func (a *analysis) reachable(s *state, top place) bool {
	for i := range s.facts {
		f := &s.facts[i]
		if f.aspect == holds && a.ps.list[f.place].root != localRoot && a.ps.list[f.place].top != top {
			if p, ok := f.val.place(); ok && a.ps.list[p].top == top {
				return true
			}
		}
	}
	return false
}

// leaksOf reports what is still held of an object to which nothing leads any more.
func (a *analysis) leaksOf(s *state, top place, pos model.Pos) {
	if v, ok := s.at(top, isFreed); ok && !v.isNull() {
		return
	}
	_, away := s.at(top, escaped)
	told := false
	for _, f := range slices.Clone(s.facts) {
		if a.ps.list[f.place].top != top {
			continue
		}
		switch f.aspect {
		case isHeld:
			if f.val.isNull() || f.val.signs&zero != 0 {
				continue
			}
			if _, other := s.at(f.place, adopted); other || a.isPart(s, top) {
				continue
			}
			a.leak(s, f.place, pos, f.why)
			s.set(f.place, isHeld, number(0))
			told = true
		case refs:
			if f.val.n > 0 && !away && !told && !a.holdsMore(s, top) {
				a.report(s, model.RefCount, pos, f.place, "a reference of "+a.ps.text(a.f, f.place)+
					" is not dropped on this path", f.why)
			}
		}
	}
}

// overwritten looks at an object whose site makes another one.
func (a *analysis) overwritten(s *state, top place, pos model.Pos) {
	if _, ok := s.at(top, fresh); ok && !a.reachable(s, top) {
		a.leaksOf(s, top, pos)
	}
}

// class is how results are told apart for what callers can rely on.
func class(v value) string {
	switch {
	case v.at > 0:
		return "an object"
	case v.known && v.n == 0:
		return "0"
	case v.signs == negative:
		return "<0"
	case v.signs&zero == 0:
		return "not 0"
	}
	return ""
}

// balance compares the exits with each other: what is taken and still held on some of those that
// callers cannot tell apart from others, where it is not, leaks.
func (a *analysis) balance() {
	type key struct {
		p place
	}
	all := map[key]bool{}
	var order []key
	for _, e := range a.exits {
		for i := range e.s.facts {
			f := &e.s.facts[i]
			if f.aspect == isHeld && a.entryRoot(f.place) && !all[key{f.place}] {
				all[key{f.place}] = true
				order = append(order, key{f.place})
			}
		}
	}
	slices.SortFunc(order, func(x, y key) int { return int(x.p) - int(y.p) })
	for _, k := range order {
		a.givesBack(k.p)
		a.endsSome(k.p)
		a.balanceOf(k.p)
	}
}

func (a *analysis) balanceOf(p place) {
	var kept []*exit
	var released []uint8 // the signs of results where it was given back
	for i := range a.exits {
		e := &a.exits[i]
		top := a.ps.list[p].top
		if v, ok := e.s.at(top, isFreed); ok && !v.isNull() {
			continue
		}
		v, ok := e.s.at(p, isHeld)
		if !ok {
			continue
		}
		n := e.s.need(p, isHeld)
		// It was not held at the start, or another one was, which is told by its kind.
		taken := n != nil && (n.val.isNull() || !v.isNull() && n.val != v)
		d := a.fieldOf(p)
		gone := n != nil && v.isNull() && d != nil && d.owner
		if !taken && !gone {
			continue
		}
		switch {
		case v.isNull():
			if f := e.s.fact(p, isHeld); f.why != nil {
				released = append(released, a.exitSigns(e))
			}
		case d != nil && d.owner && a.w.contract[a.f.Name] != nil && a.exitSigns(e) != negative:
			// It is what begins and ends jobs. Where it fails it has begun none.
		case v.signs&zero == 0:
			kept = append(kept, e)
		}
	}
	for _, e := range kept {
		if !slices.ContainsFunc(released, func(r uint8) bool { return r&a.exitSigns(e) != 0 }) {
			_, away := e.s.at(a.ps.list[p].top, escaped)
			found := len(released) > 0 && a.exitSigns(e) == positive // a search, whose object is found
			if !a.f.entry && !a.failsHolding(e, kept, released) || away || found {
				continue
			}
		}
		if _, other := e.s.at(p, adopted); other {
			continue
		}
		a.leak(e.s, p, e.pos, e.s.fact(p, isHeld).why)
		e.s.set(p, isHeld, number(0))
	}
}

// failsHolding reports whether an exit with an error is one of those alone that keep what all
// others give back: a function that locks for its callers does it where it succeeds.
func (a *analysis) failsHolding(e *exit, kept []*exit, released []uint8) bool {
	return len(released) > 0 && a.exitSigns(e) == negative &&
		!slices.ContainsFunc(kept, func(k *exit) bool { return a.exitSigns(k) != negative })
}

// leak reports a lock or a job that is still held at an exit. Who works with a monitor alone locks
// and unlocks it; it is entered by way of its domain.
func (a *analysis) leak(s *state, p place, pos model.Pos, since *trail) {
	d := a.fieldOf(p)
	switch {
	case d != nil && d.owner:
		a.report(s, model.JobLeak, pos, p, "the job "+a.ps.text(a.f, p)+" is not ended on this path", since)
	case d != nil && (d.class == "monitor" || d.class == "agent") && a.inDomain(p):
		a.report(s, model.MonitorUnbalanced, pos, p, "the monitor is entered and not left on this path", since)
	default:
		a.report(s, model.LockLeak, pos, p, a.resource(p)+" is still held where "+a.f.Name+" returns", since)
	}
}
