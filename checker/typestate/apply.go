package typestate

import (
	"slices"
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
	if i := openKind(f, args); i >= 0 {
		return a.eachKind(s, env, c, f, args, exprs, i)
	}
	return a.applyTo(s, env, c, f, args, exprs)
}

// follows reports whether one broken need is only a consequence of another one: who has the async job
// lacks the nested one as well, and who is not in the monitor has the domain locked.
func follows(kind model.Kind, broken []*refNeed) bool {
	cause := map[model.Kind]model.Kind{model.NoJob: model.AsyncNesting, model.SelfDeadlock: model.MonitorUnbalanced}[kind]
	return slices.ContainsFunc(broken, func(n *refNeed) bool { return n.kind == cause })
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
		out = append(out, a.applyTo(t, env, c, f, with, exprs)...)
	}
	return out
}

// applyTo is apply with the arguments in the order of the parameters.
func (a *analysis) applyTo(s *state, env flow.Env, c *syntax.Call, f *function, args []value,
	exprs []syntax.Expr,
) []*state {
	sum := a.w.special(f, args)
	for i, v := range args {
		if p, ok := v.place(); ok && sum.follows(i) {
			a.reachFreed(s, p, c.Pos(), f.Name)
		}
	}
	if len(sum.cases) == 0 {
		return nil // it never returns
	}
	call := &calling{a: a, env: env, c: c, args: args, exprs: exprs, f: f, sum: sum}
	var out []*state
	call.inside(s)
	var ways []*effect
	best, bestCase := -1, -1
	for i := range sum.cases {
		t := s.clone()
		broken, possible := call.check(t, &sum.cases[i])
		switch {
		case !possible:
		case len(broken) == 0:
			if call.carryOut(t, &sum.cases[i], f.Name) {
				out, ways = append(out, t), append(ways, &sum.cases[i])
			}
		case best < 0 || len(broken) < best:
			best, bestCase = len(broken), i
		}
	}
	if len(out) > 0 {
		markChosen(s, out)
		a.ambiguous(s, out, ways, call)
		return a.untold(s, out, ways, call)
	}
	if bestCase < 0 {
		a.gap("no way through a callee fits", c.Pos(), f.Name)
		return nil
	}
	t := s.clone()
	broken, _ := call.check(t, &sum.cases[bestCase])
	for _, n := range broken {
		if p, _, _ := call.object(t, n.ref); p != noPlace {
			if w := t.need(p, n.aspect); w != nil && w.chosen {
				if v, ok := t.at(p, n.aspect); ok && v == w.val {
					return nil // what was assumed before was the wrong choice
				}
			}
		}
	}
	for _, n := range broken {
		if !follows(n.kind, broken) {
			call.report(t, n)
		}
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

// markChosen marks the needs that only some ways through a callee have.
func markChosen(before *state, out []*state) {
	if len(out) < 2 {
		return
	}
	for _, t := range out {
		for i := range t.needs {
			n := &t.needs[i]
			if before.need(n.place, n.aspect) != nil {
				continue
			}
			for _, u := range out {
				if m := u.need(n.place, n.aspect); m == nil || m.val != n.val {
					t.needs = slices.Clone(t.needs)
					t.needs[i].chosen = true
					break
				}
			}
		}
	}
}

// ambiguous looks at ways through a callee that its result does not tell apart: a lock or job on whose
// state they do not agree is not known afterwards. What decides is known to the callee alone.
func (a *analysis) ambiguous(before *state, out []*state, ways []*effect, k *calling) {
	if len(out) < 2 || a.f.contract {
		return
	}
	for i, t := range out {
		v, _ := t.resultOf(k.c)
		for j := i + 1; j < len(out); j++ {
			u := out[j]
			if w, _ := u.resultOf(k.c); class(v) != class(w) || decidedByArgument(ways[i], ways[j]) {
				continue
			}
			a.disagree(before, t, u)
			a.disagree(before, u, t)
		}
	}
}

// disagree forgets what one state says of a lock or job and another one does not.
func (a *analysis) disagree(before, t, u *state) {
	for i := range t.facts {
		f := &t.facts[i]
		if f.aspect != isHeld || f.val == unknown {
			continue
		}
		g := u.fact(f.place, isHeld)
		if g != nil && (f.val.isNull() == g.val.isNull() || g.val == unknown) {
			continue
		}
		was, known := a.held(before, f.place)
		switch {
		case a.gone(t, f.place) || a.gone(u, f.place):
			continue
		case g == nil && (!known || was.isNull() == f.val.isNull()):
			continue
		case t.need(f.place, isHeld) != nil && before.need(f.place, isHeld) == nil:
			continue // an assumption about callers tells them apart
		}
		f.val = unknown
		if g != nil {
			g.val = unknown
		}
	}
}

// gone reports whether a place lies in an object that was freed.
func (a *analysis) gone(s *state, p place) bool {
	for ; p != noPlace; p = a.ps.list[p].parent {
		if v, ok := s.at(p, isFreed); ok && !v.isNull() {
			return true
		}
	}
	return false
}

// decidedByArgument reports whether a number that is passed decides between two ways.
func decidedByArgument(e, o *effect) bool {
	for i := range e.needs {
		n := &e.needs[i]
		if n.aspect != holds || n.ref.root != paramRoot || n.ref.steps != "" {
			continue
		}
		for j := range o.needs {
			if m := &o.needs[j]; m.ref == n.ref && m.aspect == holds && !m.val.meets(n.val) {
				return true
			}
		}
	}
	return false
}

// untold leaves out the ways through a callee that are only there if a field has one special value,
// where nothing is known of that field here, and the result does not tell such a way from others.
func (a *analysis) untold(before *state, out []*state, ways []*effect, k *calling) []*state {
	if len(out) < 2 || a.f.contract {
		return out
	}
	kept := out[:0:0]
	for i, t := range out {
		v, _ := t.resultOf(k.c)
		other := slices.ContainsFunc(out, func(u *state) bool {
			w, _ := u.resultOf(k.c)
			j := slices.Index(out, u)
			return j != i && class(v) == class(w) && !k.special(before, ways[j])
		})
		if !other || !k.special(before, ways[i]) {
			kept = append(kept, t)
		}
	}
	return kept
}

// special reports whether a way asks for one value, not 0, of a field of which nothing is known.
func (k *calling) special(s *state, e *effect) bool {
	for i := range e.needs {
		n := &e.needs[i]
		if n.aspect == isHeld && !n.tested && n.val.signs&zero == 0 {
			if p, _, ok := k.object(s, n.ref); ok && p != noPlace {
				if _, known := k.a.held(s, p); !known {
					return true
				}
			}
			continue
		}
		if n.aspect != holds || n.tested || !n.val.known || n.val.n == 0 {
			continue
		}
		if n.ref.root == paramRoot && n.ref.steps == "" {
			if n.ref.index < len(k.args) && !k.args[n.ref.index].known {
				return true
			}
			continue
		}
		if p, _, ok := k.resolve(s, n.ref); ok && p != noPlace {
			if v, there := s.at(p, holds); !there || !v.known {
				return true
			}
		}
	}
	return false
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
		a.report(s, model.UseAfterRelease, pos, p, callee+" is given "+a.ps.text(a.f, p)+
			" after its last reference may have gone", s.fact(p, isFreed).why)
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
	sum   *summary
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
		if t := k.sum.params[r.index]; a.ps.list[p].typ == "" && t.stars == 1 {
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
		} else {
			p = a.target(s, p) // a pointer to a pointer that is handed on
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

// object is resolve for an object: what a variable holds, and not the variable.
func (k *calling) object(s *state, r ref) (place, value, bool) {
	p, v, ok := k.resolve(s, r)
	if i, is := k.a.variable(p); ok && is && (r.steps == "*" || strings.HasSuffix(r.steps, ".*")) {
		if q, leads := s.vars[i].place(); leads {
			return q, unknown, true
		}
		return noPlace, s.vars[i], false
	}
	if ok && strings.HasSuffix(r.steps, "*") && p != noPlace {
		if h, there := s.at(p, holds); there {
			if q, leads := h.place(); leads {
				return q, unknown, true
			}
			return noPlace, h, false
		}
	}
	return p, v, ok
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
	p, v, ok := k.object(s, n.ref)
	if n.aspect == holds {
		p, v, ok = k.resolve(s, n.ref)
	}
	switch n.aspect {
	case isThere:
		if !ok || p == noPlace || a.ps.element(p) {
			return v.isNull() == n.val.isNull() || !v.known, true
		}
		t, known := a.truth(s, pointer(p))
		if known {
			return t != n.val.isNull(), true
		}
		if n.val.isNull() {
			if n.ref.root == paramRoot && n.ref.index < len(k.exprs) && k.exprs[n.ref.index] != nil {
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
		if !ok || p == noPlace || a.ps.element(p) {
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
				s.learn(p, holds, h.and(n.val))
				return true, true
			}
			return false, true
		}
		if _, there := s.at(p, isThere); there && n.val.isNull() {
			return false, true
		}
		if n.tested && (n.kind == model.StaleLiveness || n.kind == model.StaleData) && a.stale(s, p) {
			return false, true
		}
		if a.entryRoot(p) && !a.stale(s, p) {
			s.want(need{
				fact: fact{place: p, aspect: holds, val: n.val}, tested: n.tested || a.testing, kind: n.kind,
				origin: k.origin(n.origin),
			})
		}
		s.learn(p, holds, n.val)
		return true, true
	case isHeld:
		if !ok || p == noPlace || a.ps.element(p) {
			return true, true
		}
		h, known := a.held(s, p)
		if known {
			if !n.tested && n.val.known && n.val.n != 0 && !h.known {
				return false, true // a job of some kind is not taken for one of a special kind
			}
			return h.meets(n.val), true
		}
		if n.kind == model.MonitorUnbalanced && a.outside(s, p) {
			return n.val.isNull(), true
		}
		if s.fact(p, isHeld) != nil {
			return true, true // it was known once: nothing is assumed of it any more
		}
		if a.entryRoot(p) {
			s.want(need{
				fact: fact{place: p, aspect: isHeld, val: n.val}, tested: n.tested || a.testing, kind: n.kind,
				origin: k.origin(n.origin),
			})
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
	if id, ok := x.(*syntax.Ident); ok && v.n != someKind {
		v = k.a.eval(s, k.env, id)
	}
	if !v.meets(n.val) {
		return false, true
	}
	if w := v.and(n.val); x != nil && w != v && w.signs != 0 {
		w.from = v.from
		k.a.refine(s, k.env, x, w, n.tested || k.a.testing)
	}
	return true, true
}

func (k *calling) origin(in *origin) *origin {
	return &origin{pos: k.c.Pos(), fn: k.a.f.Name, text: "calls " + k.f.Name, in: in}
}

// report tells of a need that is not met.
func (k *calling) report(s *state, n *refNeed) {
	a := k.a
	p, _, _ := k.object(s, n.ref)
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
	if f := a.reportNeed(s, kind, k.c.Pos(), p, k.f.Name+needText(n, what), since, k.origin(n.origin)); f != nil && kind == model.NoJob && k.otherwise(n) {
		f.Severity = Warning // any job will do, and there is none: harm needs another thread in between
	}
}

// otherwise reports whether some way through the callee goes without a need.
func (k *calling) otherwise(n *refNeed) bool {
	for i := range k.sum.cases {
		if !slices.ContainsFunc(k.sum.cases[i].needs, func(m refNeed) bool { return m.ref == n.ref && m.aspect == n.aspect && m.val.meets(n.val) }) {
			return true
		}
	}
	return false
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
	p, _, _ := k.object(s, n.ref)
	if p == noPlace {
		return nil
	}
	switch n.aspect {
	case isHeld:
		old, known := k.a.held(s, p)
		s.set(p, isHeld, n.val)
		if known {
			return []fact{{place: p, aspect: isHeld, val: old}}
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
			p := a.ps.top(siteRoot, a.f.sites[k.c]+f.ref.index<<20, "", k.sum.result.name)
			if a.ps.list[p].typ == "" {
				a.ps.list[p].typ = k.sum.result.name
			}
		}
	}
	for i := range e.facts {
		f := &e.facts[i]
		p, _, ok := k.resolve(s, f.ref)
		if f.aspect != holds {
			p, _, ok = k.object(s, f.ref)
		}
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
				v = w.and(f.val.val)
			case f.val.to.root == paramRoot && f.val.to.steps == "" && k.sum.params[f.val.to.index].stars == 0:
				v = f.val.val // a pointer where a number is taken
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
			if t, known := v.truth(); f.val.leads && (!known || !t) {
				v = value{signs: negative | positive}
			}
			s.set(p, isHeld, v.plain())
			if v.isNull() {
				s.drop(p, adopted)
			}
		case refs:
			if v.known {
				a.ref(s, p, v.n)
				if v.n > 0 && !k.f.contract {
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
			if a.ps.list[p].parent != noPlace || left.n > 0 || listed.known && listed.n != 0 || a.entryRoot(p) && left.n >= 0 && !a.f.contract {
				return false
			}
			a.free(s, p)
		case isThere, escaped, fresh, isListed, adopted:
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
			v = w.and(e.result.val)
			if q != noPlace {
				v = pointer(q)
				if i, is := a.variable(q); is && strings.HasSuffix(e.result.to.steps, "*") {
					v = s.vars[i]
				}
			}
		}
	case !v.known && k.sum.result.stars > 0 && v.at == 0:
		there := v.signs&zero == 0
		v = a.fromOutside(s, k.c, k.sum.result)
		if p, ok := v.place(); ok && there {
			s.set(p, isThere, number(1))
		}
		a.derive(s, v, k.args)
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
