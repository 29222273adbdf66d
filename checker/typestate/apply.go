package typestate

import (
	"strings"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// apply makes a call of a function whose summary is known, in each way that the state allows.
func (a *analysis) apply(s *state, env flow.Env, c *syntax.Call, f *function) []*state {
	args := a.arguments(s, env, c)
	sum := f.summary
	if sum == nil {
		a.gap("recursion", c.Pos(), f.Name)
		return a.opaque(s, c, f.Name, args)
	}
	args, exprs := matched(a, sum, args, c.Args)
	for i, v := range args {
		if p, ok := v.place(); ok && sum.follows(i) {
			a.reachFreed(s, p, c.Pos(), f.Name)
		}
	}
	if len(sum.cases) == 0 {
		return nil // it never returns
	}
	call := &calling{a: a, env: env, c: c, args: args, exprs: exprs, f: f}
	var out []*state
	best, bestCase := -1, -1
	for i := range sum.cases {
		t := s.clone()
		broken, possible := call.check(t, &sum.cases[i])
		switch {
		case !possible:
		case len(broken) == 0:
			if call.carryOut(t, &sum.cases[i], f.Name) {
				out = append(out, t)
			}
		case best < 0 || len(broken) < best:
			best, bestCase = len(broken), i
		}
	}
	if len(out) > 0 {
		return out
	}
	if bestCase < 0 {
		a.gap("no way through a callee fits", c.Pos(), f.Name)
		return nil
	}
	t := s.clone()
	broken, _ := call.check(t, &sum.cases[bestCase])
	for _, n := range broken {
		call.report(t, n)
	}
	for i := range sum.cases {
		u := t.clone()
		again, possible := call.check(u, &sum.cases[i])
		if possible && len(again) <= best {
			var was []fact
			for _, n := range again {
				was = append(was, call.repair(u, n)...)
			}
			if call.carryOut(u, &sum.cases[i], f.Name) {
				for _, f := range was {
					u.set(f.place, f.aspect, f.val)
				}
				out = append(out, u)
			}
		}
	}
	return out
}

// follows reports whether a function follows a parameter on some path.
func (s *summary) follows(param int) bool {
	for i := range s.cases {
		for _, n := range s.cases[i].needs {
			if n.ref.root == paramRoot && n.ref.index == param && n.ref.steps == "" && n.aspect == isThere && n.tested {
				return true
			}
		}
	}
	return false
}

// reachFreed looks at an object that a callee touches.
func (a *analysis) reachFreed(s *state, p place, pos model.Pos, callee string) {
	if v, ok := s.at(p, isFreed); ok && v == number(2) {
		a.report(s, model.UseAfterRelease, pos, p, callee+" is given "+a.ps.text(a.f, p)+" after its last reference may have gone", s.fact(p, isFreed).why)
		a.revive(s, p)
	}
}

// matched brings the arguments in the order of the parameters: where their numbers differ, by type.
func matched(a *analysis, sum *summary, args []value, exprs []syntax.Expr) ([]value, []syntax.Expr) {
	if len(args) == len(sum.params) {
		return args, exprs
	}
	outArgs, outExprs := make([]value, len(sum.params)), make([]syntax.Expr, len(sum.params))
	used := make([]bool, len(args))
	for i, t := range sum.params {
		outArgs[i] = unknown
		if t.stars == 0 {
			continue
		}
		for j, v := range args {
			if p, ok := v.place(); ok && !used[j] && a.ps.list[p].typ == t.name {
				outArgs[i], outExprs[i], used[j] = v, exprs[j], true
				break
			}
		}
	}
	// Numbers go with numbers, from the end.
	j := len(args) - 1
	for i := len(sum.params) - 1; i >= 0; i-- {
		if sum.params[i].stars > 0 {
			continue
		}
		for ; j >= 0; j-- {
			if _, pointer := args[j].place(); !used[j] && !pointer {
				outArgs[i], outExprs[i], used[j] = args[j], exprs[j], true
				break
			}
		}
	}
	return outArgs, outExprs
}

// A calling is one call of a function with a summary.
type calling struct {
	a     *analysis
	env   flow.Env
	c     *syntax.Call
	args  []value
	exprs []syntax.Expr
	f     *function
}

// resolve finds what a ref of the callee is here: a place, or a value that is no pointer.
func (k *calling) resolve(s *state, r ref) (place, value, bool) {
	a := k.a
	var p place
	switch r.root {
	case globalRoot:
		p = a.ps.top(globalRoot, 0, r.name, "")
	case freshRoot:
		p = a.ps.top(siteRoot, a.f.sites[k.c]+r.index<<20, "", "")
	case paramRoot:
		if r.index >= len(k.args) {
			return noPlace, unknown, false
		}
		var ok bool
		if p, ok = k.args[r.index].place(); !ok {
			return noPlace, k.args[r.index], r.steps == ""
		}
		if t := k.f.summary.params[r.index]; a.ps.list[p].typ == "" && t.stars == 1 {
			a.ps.list[p].typ = t.name
		}
	}
	if r.steps == "" {
		return p, unknown, p != noPlace
	}
	steps := strings.Split(r.steps, ".")
	for i, step := range steps {
		last := i == len(steps)-1
		if step != "*" {
			p = a.ps.child(a.w.types, p, step)
			if p == noPlace {
				return noPlace, unknown, false
			}
		}
		if last {
			break
		}
		var v value
		if n, ok := a.variable(p); ok {
			v = s.vars[n]
		} else if h, ok := s.at(p, holds); ok {
			v = h
		} else {
			continue
		}
		q, ok := v.place()
		if !ok {
			if v.isNull() {
				return noPlace, v, false
			}
			if step == "*" {
				return noPlace, unknown, false
			}
			continue
		}
		p = q
	}
	return p, unknown, p != noPlace
}

// check holds the needs of a case against the state, which is narrowed by what it did not know. The
// rules that are broken are returned; possible is false when the case cannot be at all.
func (k *calling) check(s *state, e *effect) (broken []*refNeed, possible bool) {
	for i := range e.needs {
		n := &e.needs[i]
		fits, sure := k.fits(s, n)
		if fits {
			continue
		}
		if !n.tested || !sure {
			return nil, false
		}
		broken = append(broken, n)
	}
	return broken, true
}

func (k *calling) fits(s *state, n *refNeed) (fits, sure bool) {
	a := k.a
	p, v, ok := k.resolve(s, n.ref)
	switch n.aspect {
	case isThere:
		if !ok || p == noPlace {
			return v.isNull() == n.val.isNull() || !v.known, true
		}
		t, known := a.truth(s, pointer(p))
		if known {
			return t != n.val.isNull(), true
		}
		if n.val.isNull() {
			if n.ref.index < len(k.exprs) && k.exprs[n.ref.index] != nil {
				a.isNullNow(s, k.env, k.exprs[n.ref.index], p)
			}
			return true, true
		}
		if n.tested {
			a.mustBeThere(s, p, k.c.Pos())
		}
		s.set(p, isThere, number(1))
		return true, true
	case holds:
		if n.ref.root == paramRoot && n.ref.steps == "" {
			return k.fitsArgument(s, n)
		}
		if !ok || p == noPlace {
			return true, true
		}
		if i, is := a.variable(p); is {
			if s.vars[i].at > 0 {
				return !n.val.isNull(), true
			}
			return s.vars[i].meets(n.val), true
		}
		if h, there := s.at(p, holds); there {
			if h.at > 0 {
				return !n.val.isNull(), true
			}
			if h.meets(n.val) {
				s.set(p, holds, h.and(n.val))
				return true, true
			}
			return false, true
		}
		if _, there := s.at(p, isThere); there && n.val.isNull() {
			return false, true
		}
		if n.tested && a.stale(s, p) {
			return false, true
		}
		if a.entryRoot(p) && !a.stale(s, p) {
			s.want(need{fact: fact{p, holds, n.val, nil}, tested: n.tested, kind: n.kind, origin: k.origin(n.origin)})
		}
		s.set(p, holds, n.val)
		return true, true
	case isHeld:
		if !ok || p == noPlace || a.ps.element(p) {
			return true, true
		}
		h, known := a.held(s, p)
		if known {
			return h.meets(n.val), true
		}
		if s.fact(p, isHeld) == nil && a.entryRoot(p) {
			s.want(need{fact: fact{p, isHeld, n.val, nil}, tested: n.tested, kind: n.kind, origin: k.origin(n.origin)})
		}
		s.set(p, isHeld, n.val)
		return true, true
	}
	return true, true
}

// fitsArgument is fits for a number that is passed.
func (k *calling) fitsArgument(s *state, n *refNeed) (fits, sure bool) {
	if n.ref.index >= len(k.args) {
		return true, true
	}
	v := k.args[n.ref.index]
	if _, ok := v.place(); ok {
		return true, true
	}
	x := k.exprs[n.ref.index]
	if id, ok := x.(*syntax.Ident); ok {
		v = k.a.eval(s, k.env, id)
	}
	if !v.meets(n.val) {
		return false, true
	}
	if w := v.and(n.val); x != nil && w != v && w.signs != 0 {
		k.a.refine(s, k.env, x, w, n.tested)
	}
	return true, true
}

func (k *calling) origin(in *origin) *origin {
	return &origin{pos: k.c.Pos(), fn: k.a.f.Name, text: "calls " + k.f.Name, in: in}
}

// report tells of a need that is not met.
func (k *calling) report(s *state, n *refNeed) {
	a := k.a
	p, _, _ := k.resolve(s, n.ref)
	var since *trail
	what := "what it is given"
	if p != noPlace {
		what = a.resource(p)
		since = why(s, p, n.aspect)
		if n.aspect == holds {
			if l := a.guardOf(p); l != noPlace {
				since = why(s, l, dropped)
			}
		}
	}
	kind := n.kind
	if kind == "" {
		kind = model.RequiresKind
	}
	a.reportNeed(s, kind, k.c.Pos(), p, k.f.Name+needText(n, what), since, k.origin(n.origin))
}

// needText says what a function needs.
func needText(n *refNeed, what string) string {
	switch {
	case n.aspect == isThere:
		return " follows its argument, which is NULL here"
	case n.aspect == holds:
		return " needs to know that " + what + " holds, and nobody has looked since the lock was dropped"
	case n.kind == model.BadUnlock:
		return " unlocks " + what + ", which is not held here"
	case n.kind == model.SelfDeadlock:
		return " locks " + what + ", which this thread holds already"
	case n.kind == model.JobUnbalanced:
		return " ends the job " + what + ", which is not held here"
	case n.val.isNull():
		return " must not be called with " + what + " held"
	}
	return " needs " + what + ", which is not held here"
}

// repair makes a need true for the time of the call, so that one mistake is reported once. What it
// returns is as it was, and is so again afterwards.
func (k *calling) repair(s *state, n *refNeed) []fact {
	p, _, _ := k.resolve(s, n.ref)
	if p == noPlace {
		return nil
	}
	switch n.aspect {
	case isHeld:
		old, known := k.a.held(s, p)
		s.set(p, isHeld, n.val)
		if known {
			return []fact{{p, isHeld, old, nil}}
		}
	case holds, isThere:
		s.set(p, n.aspect, n.val)
	}
	return nil
}

// carryOut does what a case does, and gives its result; false when it cannot be after all.
func (k *calling) carryOut(s *state, e *effect, name string) bool {
	a := k.a
	if len(e.facts) > 0 {
		s.trail = &trail{prev: s.trail, pos: k.c.Pos(), text: callText(name, e), in: firstOrigin(e)}
	}
	begun := map[int]bool{}
	for i := range e.facts {
		f := &e.facts[i]
		if f.ref.root == freshRoot && !begun[f.ref.index] {
			begun[f.ref.index] = true
			a.begin(s, a.f.sites[k.c]+f.ref.index<<20, "", k.c.Pos())
			p := a.ps.top(siteRoot, a.f.sites[k.c]+f.ref.index<<20, "", k.f.summary.result.name)
			if a.ps.list[p].typ == "" {
				a.ps.list[p].typ = k.f.summary.result.name
			}
		}
	}
	for i := range e.facts {
		f := &e.facts[i]
		p, _, ok := k.resolve(s, f.ref)
		if !ok || p == noPlace {
			continue
		}
		v := f.val.val
		if f.val.leads {
			q, w, ok := k.resolve(s, f.val.to)
			switch {
			case !ok:
				v = unknown
			case q == noPlace:
				v = w
			default:
				v = pointer(q)
				if i, is := a.variable(q); is && strings.HasSuffix(f.val.to.steps, "*") {
					v = s.vars[i]
				}
			}
		}
		if a.ps.element(p) && f.aspect != holds {
			continue
		}
		switch f.aspect {
		case dropped:
			a.dropLock(s, p)
		case jobless:
		case isHeld:
			s.set(p, isHeld, v)
		case refs:
			if v.known {
				a.ref(s, p, v.n)
				if v.n > 0 && !k.f.contract {
					s.set(a.ps.list[p].top, escaped, number(1)) // it is for somebody else
				}
			}
		case holds:
			a.store(s, p, v, k.c)
		case isFreed:
			left, has := s.at(p, refs)
			listed, _ := s.at(p, isListed)
			if !has {
				left = number(0)
			}
			if left.n > 0 || listed.known && listed.n != 0 || a.entryRoot(p) && left.n >= 0 && !a.f.contract {
				return false
			}
			a.free(s, p)
		case isThere, escaped, fresh, isListed:
			s.set(p, f.aspect, v)
		}
	}
	k.give(s, e)
	return true
}

func (k *calling) give(s *state, e *effect) {
	a := k.a
	v := e.result.val
	switch {
	case e.result.leads:
		v = unknown
		if q, w, ok := k.resolve(s, e.result.to); ok {
			v = w
			if q != noPlace {
				v = pointer(q)
				if i, is := a.variable(q); is && strings.HasSuffix(e.result.to.steps, "*") {
					v = s.vars[i]
				}
			}
		}
	case !v.known && k.f.summary.result.stars > 0 && v.at == 0:
		there := v.signs&zero == 0
		v = a.fromOutside(s, k.c, k.f.summary.result)
		if p, ok := v.place(); ok && there {
			s.set(p, isThere, number(1))
		}
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
