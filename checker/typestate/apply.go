package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
)

// apply makes a call of a function whose summary is known, in each way that the state allows.
func (a *analysis) apply(s *state, env flow.Env, c *syntax.Call, f *function) []*state {
	args := a.arguments(s, env, c)
	if f.contract {
		a.acts(s, env, c, f)
		a.ownBody(s, c, f.Name, args)
	} else {
		a.written(s, c, args)
	}
	sum := f.summary
	if sum == nil {
		a.gap("what a callee does is not known", c.Pos(), f.Name)
		a.forgetHeld(s, args)
		return a.opaque(s, c, f.Name, args)
	}
	a.handsCallbacks(c, f, args)
	args, exprs := matched(a, sum, args, c.Args)
	if i := openKind(f, args); i >= 0 {
		return a.eachKind(s, env, c, f, args, exprs, i)
	}
	return a.applyTo(s, env, c, f, args, exprs, 0)
}

// forgetHeld forgets what is held of objects that are handed to a function of which nothing is
// known.
func (a *analysis) forgetHeld(s *state, args []value) {
	for _, v := range args {
		p, ok := v.place()
		if !ok {
			continue
		}
		if i, local := a.variable(p); local {
			if p, ok = s.vars[i].place(); !ok {
				continue
			}
		}
		s.own()
		for i := range s.facts {
			if f := &s.facts[i]; f.aspect == isHeld && a.below(f.place, p) {
				f.val = unknown
			}
		}
	}
}

// someKind is what stands for a kind of job that is not known, and not 0: it is none of those that
// a contract names.
const someKind = 1 << 50

// openKind is the first parameter of a contract function that is an enum and whose argument is not
// known, -1 when there is none.
func openKind(f *function, args []value) int {
	if !f.contract {
		return -1
	}
	for i, v := range args {
		if i < len(f.params) && f.params[i].stars == 0 && !f.params[i].basic && !v.known && v.at == 0 {
			return i
		}
	}
	return -1
}

// eachKind makes a call for 0 and for anything else in the place of a number that is not known.
func (a *analysis) eachKind(s *state, env flow.Env, c *syntax.Call, f *function, args []value, exprs []syntax.Expr,
	i int,
) []*state {
	var out []*state
	v := args[i]
	for _, n := range []int64{0, someKind} {
		w, can := v.narrowed("!=", 0, n != 0)
		if !can {
			continue
		}
		t := s.clone()
		if exprs[i] != nil {
			w.from = v.from
			a.refine(t, env, exprs[i], w, a.testing)
		}
		with := slices.Clone(args)
		with[i] = number(n)
		out = append(out, a.applyTo(t, env, c, f, with, exprs, v.from)...)
	}
	return out
}

// applyTo is apply with the arguments in the order of the parameters. Opens is 1 + the parameter of
// which one of the arguments is some number, 0 when none is.
func (a *analysis) applyTo(s *state, env flow.Env, c *syntax.Call, f *function, args []value,
	exprs []syntax.Expr, opens uint8,
) []*state {
	sum := a.w.special(a.mem.inner(), f, args)
	for i, v := range args {
		if p, ok := v.place(); ok && sum.follows(i) {
			a.reachFreed(s, p, c.Pos(), f.Name)
			a.mustBeValid(s, p, c.Pos())
		}
	}
	if len(sum.cases) == 0 {
		return nil // it never returns
	}
	call := &calling{a: a, env: env, c: c, args: args, exprs: exprs, f: f, sum: sum, opens: opens}
	call.inside(s)
	call.alters(s)
	call.blocks(s)
	var out []*state
	var ways []*effect
	var broken []way
	for i := range sum.cases {
		t, e := s.clone(), &sum.cases[i]
		rules, possible := call.check(t, e)
		switch {
		case !possible:
		case len(rules) > 0:
			broken = append(broken, way{e, len(rules)})
		case call.carryOut(t, e, f.Name):
			out, ways = append(out, t), append(ways, e)
		}
	}
	if len(out) == 0 {
		if len(broken) == 0 {
			a.gap("no way through a callee fits", c.Pos(), f.Name)
			return nil
		}
		return call.broken(s, broken, false)
	}
	for _, e := range ways {
		call.meets(s, e)
	}
	call.sometimes(s, ways, broken)
	call.mayTakeOver(s, ways)
	a.markChosen(s, out, c)
	a.ambiguous(s, out, ways, call)
	return append(a.untold(s, out, ways, call), call.onlyFails(s, ways, broken)...)
}

// A way is one through a callee that breaks some number of rules.
type way struct {
	e     *effect
	rules int
}

// broken reports the rules that are broken on the way that breaks fewest, and goes on behind the
// call as if they were not, on each way that breaks no more. It reports none where an earlier
// choice between ways through a callee was the wrong one; told says that it was not if that
// callee's result told them apart.
func (k *calling) broken(s *state, ways []way, told bool) []*state {
	best := slices.MinFunc(ways, func(x, y way) int { return x.rules - y.rules })
	t := s.clone()
	broken, _ := k.check(t, best.e)
	for _, n := range broken {
		if p, _, _ := k.object(t, n.ref); p != noPlace {
			if w := t.need(p, n.aspect); w != nil && w.chosen && !(told && w.told) {
				if v, ok := t.at(p, n.aspect); ok && v == w.val {
					return nil // what was assumed before was the wrong choice
				}
			}
		}
	}
	for _, n := range broken {
		if !follows(n.kind, broken) {
			k.report(t, n)
			k.endsAgain(t, n, best.e)
		}
	}
	var out []*state
	for _, w := range ways {
		u := t.clone()
		again, possible := k.check(u, w.e)
		if !possible || len(again) > best.rules {
			continue
		}
		var was []fact
		for _, n := range again {
			was = append(was, k.repair(u, n)...)
		}
		if k.carryOut(u, w.e, k.f.Name) {
			for _, f := range was {
				u.put(f) // since when it was before: what else it breaks has the same cause
			}
			out = append(out, u)
		}
	}
	return out
}
