package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// work is a block that is to be entered with a state.
type work struct {
	block *flow.Block
	s     *state
}

// run walks all paths of a function.
func (a *analysis) run() {
	f := a.f
	s := &state{vars: make([]value, len(f.graph.Locals)+f.graph.Temps), mem: a.mem}
	for i := range s.vars {
		s.vars[i] = unknown
		if i < len(f.params) && f.params[i].stars > 0 {
			typ := f.params[i].name
			if typ == "void" {
				typ = "" // what it is, an assignment will tell
			}
			s.vars[i] = pointer(a.ps.top(paramRoot, i, "", typ))
		} else if i < len(f.params) && i < 250 {
			s.vars[i].from = uint8(i + 1)
		}
	}
	for i, v := range a.given {
		switch {
		case i >= len(f.params):
		case v.known && (f.params[i].stars == 0 || f.params[i].stars > 1 && v.n == 0):
			s.vars[i] = v
		case v.at > 0 && f.params[i].stars > 1:
			s.set(a.ps.top(paramRoot, i, "", f.params[i].name), isThere, number(1))
		}
	}
	slots := make([]map[string]*slot, len(f.graph.Blocks))
	todo := newAgenda(f.graph)
	todo.push(work{block: f.graph.Blocks[0], s: s})
	limit, keep := a.w.opt.maxStates(), apart
	if f.contract {
		limit, keep = 16*limit, 16*limit
	}
	var key []byte
	for len(todo.list) > 0 {
		w := todo.pop()
		for _, next := range a.block(w.block, w.s) {
			i := next.block.Index
			a.clean(next.block, next.s)
			if slots[i] == nil {
				slots[i] = map[string]*slot{}
			}
			key = a.property(next.s, key)
			at := slots[i][string(key)]
			if at == nil {
				if len(slots[i]) >= limit {
					a.blur(next.s, len(slots[i]) >= 2*limit)
					key = a.property(next.s, key)
					at = slots[i][string(key)]
				}
				if at == nil {
					at = &slot{seen: map[string]bool{}}
					slots[i][string(key)] = at
				}
			}
			key = next.s.key(key)
			if at.seen[string(key)] {
				continue
			}
			most := a.w.opt.maxWork(f)
			if a.cut {
				most /= 8 // nothing is known of it for callers in any case
			}
			if a.states >= most {
				a.gap("more states than are followed", f.Pos(), f.Name)
				a.cut = true
				return
			}
			if len(at.seen) < keep {
				at.seen[string(key)] = true
			} else if at.joined == nil {
				at.joined = next.s.settled()
			} else {
				joined, changed := join(at.joined, next.s)
				if !changed {
					continue
				}
				joined.trail = next.s.trail
				at.joined = joined.settled()
				if at.waits != nil {
					at.waits.s = at.joined.settled()
					continue
				}
				next.s = joined
			}
			a.states++
			next.s = next.s.settled()
			t := todo.push(next)
			if at.joined != nil {
				t.of, at.waits = at, t
			}
		}
		a.mem.again()
	}
}

// clean drops what nobody looks at from a block on.
func (a *analysis) clean(b *flow.Block, s *state) {
	live := a.f.liveVars[b.Index]
	for i := range s.vars {
		if s.vars[i] != unknown && !hasBit(live, i) {
			s.setVar(i, unknown)
		}
	}
	if len(s.choices) > 0 {
		live := a.f.live[b.Index]
		s.keepChoices(func(c choice) bool { return hasBit(live, int(c.cond)) })
	}
	before := *s
	before.factsShared, s.factsShared = true, true
	s.filter(func(f *fact) bool {
		if f.aspect == under || f.aspect == old && a.ps.list[f.place].root == siteRoot {
			return a.named(&before, a.ps.list[f.place].top)
		}
		if f.aspect != isThere && f.aspect != holds {
			return true
		}
		info := &a.ps.list[f.place]
		if info.root != siteRoot {
			return info.root == localRoot || f.aspect != isThere || info.parent == noPlace || a.named(&before, f.place)
		}
		return a.named(&before, info.top)
	})
}

// named reports whether some variable, or something stored, leads into an object.
func (a *analysis) named(s *state, top place) bool {
	for _, v := range s.vars {
		if p, ok := v.place(); ok && (p == top || a.ps.list[p].top == top) {
			return true
		}
	}
	for i := range s.facts {
		f := &s.facts[i]
		if p, ok := f.val.place(); ok && a.ps.list[p].top == top {
			return true
		}
		if f.place == top && (f.aspect == isHeld || f.aspect == fresh || f.aspect == refs) {
			return true
		}
	}
	return false
}

// blur drops what only tells paths apart: numbers, choices, whether something is there. What is
// left is told by the facts of the protocol. With all, nothing of them is left either but what is
// known at the start.
func (a *analysis) blur(s *state, all bool) {
	s.lossy = true
	s.choices = nil
	for i, v := range s.vars {
		if i < len(a.given) && a.given[i].known {
			continue
		}
		if _, ok := v.place(); !ok && (all || !v.isNull()) {
			s.setVar(i, value{signs: anySign, from: v.from})
		}
	}
	before := *s
	before.factsShared, s.factsShared = true, true
	s.filter(func(f *fact) bool {
		return !(f.aspect == isThere && !a.isFresh(&before, f.place) || f.aspect == escaped && all ||
			f.aspect == holds && f.val.at == 0)
	})
	if all {
		for i := range s.facts {
			if s.facts[i].aspect == isHeld {
				s.put(unknownFact(s.facts[i]))
			}
		}
	}
}

func (a *analysis) isFresh(s *state, p place) bool {
	_, ok := s.at(p, fresh)
	return ok
}

// block carries out a block and returns where control goes on.
func (a *analysis) block(b *flow.Block, s *state) []work {
	states := []*state{s}
	if a.f.meets[b.Index] {
		s.met = s.trail
	}
	for _, item := range b.Items {
		states = a.thinned(a.item(states, item))
		if len(states) == 0 {
			return nil
		}
	}
	var out []work
	_, env := endExpr(b.End)
	for _, s := range a.makeCalls(states, b.End, env) {
		out = a.end(out, b.End, s)
	}
	return out
}

// makeCalls makes the calls of an item or an end.
func (a *analysis) makeCalls(states []*state, owner any, env flow.Env) []*state {
	calls := a.f.calls[owner]
	a.testing = a.f.contract && tests(owner)
	_, a.branching = owner.(*flow.Branch)
	defer func() { a.testing = false }()
	for _, c := range calls {
		var next []*state
		for _, s := range states {
			next = append(next, a.call(s, env, c)...)
		}
		states = next
	}
	if len(calls) > 0 && len(states) > 4*a.w.opt.maxStates() {
		states = states[:4*a.w.opt.maxStates()]
		a.gap("more states than are followed", calls[0].Pos(), a.f.Name)
		a.cut = true
	}
	return states
}

// tests reports whether the calls of an item are made for a rule.
func tests(owner any) bool {
	switch o := owner.(type) {
	case *flow.Branch:
		return o.Tested
	case *flow.Eval:
		if c, ok := o.X.(*syntax.Call); ok {
			if id, ok := c.Fun.(*syntax.Ident); ok {
				f := vocabulary.Lookup(id.Name)
				return f != nil && (f.Effect == vocabulary.Check || f.Effect == vocabulary.Requires)
			}
		}
	}
	return false
}

func (a *analysis) item(states []*state, item flow.Item) []*state {
	x, env := itemExpr(item)
	a.alone = statement(item)
	if x != nil {
		states = a.makeCalls(states, item, env)
	}
	var out []*state
	for _, s := range states {
		switch i := item.(type) {
		case *flow.Eval:
			a.pos = i.X.Pos()
			if call, ok := i.X.(*syntax.Call); ok {
				a.ignored(s, env, call)
			} else {
				a.eval(s, env, i.X)
			}
		case *flow.Set:
			a.pos = i.X.Pos()
			s.setVar(len(a.f.graph.Locals)+i.Temp.Index, a.eval(s, env, i.X))
		case *flow.Declare:
			a.declare(s, i.Local)
		case *flow.Init:
			a.pos = i.X.Pos()
			if list, ok := i.X.(*syntax.InitList); ok {
				a.initialise(s, env, i, list)
			} else {
				a.setVar(s, i.Local.Index, a.eval(s, env, i.X), i)
			}
		case *flow.Leave:
			out = append(out, a.leave(s, i)...)
			continue
		}
		s.results = nil
		out = append(out, s)
	}
	return out
}

// statement is the call of which an item consists, nil where its result goes somewhere.
func statement(item flow.Item) *syntax.Call {
	e, ok := item.(*flow.Eval)
	if !ok {
		return nil
	}
	x := e.X
	for {
		switch y := x.(type) {
		case *syntax.Cast:
			x = y.X
		case *syntax.Call:
			return y
		default:
			return nil
		}
	}
}

// declare begins the life of a variable.
func (a *analysis) declare(s *state, l *flow.Local) {
	s.setVar(l.Index, unknown)
}

// initialise stores the values of a list in braces.
func (a *analysis) initialise(s *state, env flow.Env, i *flow.Init, list *syntax.InitList) {
	p := a.local(i.Local)
	for _, item := range list.Items {
		v := a.eval(s, env, item.Value)
		if len(item.Path) == 1 && item.Path[0].Field != "" && (v.at > 0 || v.known) {
			if c := a.ps.child(a.w.types, p, item.Path[0].Field); c != noPlace {
				s.set(c, holds, v)
				a.handsOn(s, v)
			}
		}
	}
}

// leave cleans up after a variable.
func (a *analysis) leave(s *state, i *flow.Leave) []*state {
	a.pos = i.Pos
	v := s.vars[i.Local.Index]
	p, ok := v.place()
	if !ok {
		return []*state{s}
	}
	switch i.Attr.Name {
	case "VIR_LOCK_GUARD":
		a.unlock(s, p, i.Pos, "the end of the scope of "+i.Local.Name)
		return []*state{s}
	case "g_autoptr", "VIR_AUTOUNREF", "VIR_AUTOPTR":
		if a.w.types.counted(a.ps.list[p].typ) {
			c := &syntax.Call{At: syntax.At{Start: i.Pos}}
			states := a.unref(s, c, p)
			for _, t := range states {
				t.results = nil
			}
			return states
		}
		a.dropRef(s, p)
	case "cleanup":
		if len(i.Attr.Args) == 1 {
			if id, ok := i.Attr.Args[0].(*syntax.Ident); ok {
				if f := a.w.lookup(a.f, id.Name); f != nil && f.summary != nil {
					c := &syntax.Call{
						At: syntax.At{Start: i.Pos}, Fun: id,
						Args: []syntax.Expr{&syntax.Unary{
							At: syntax.At{Start: i.Pos}, Op: "&",
							X: &syntax.Ident{At: syntax.At{Start: i.Pos}, Name: i.Local.Name},
						}},
					}
					k := &calling{a: a, c: c, args: []value{pointer(a.local(i.Local))}, exprs: c.Args, f: f, sum: f.summary}
					var out []*state
					for n := range f.summary.cases {
						t := s.clone()
						if broken, possible := k.check(t, &f.summary.cases[n]); possible && len(broken) == 0 &&
							k.carryOut(t, &f.summary.cases[n], f.Name) {
							t.results = nil
							out = append(out, t)
						}
					}
					return out
				}
			}
		}
	}
	return []*state{s}
}

// end leaves a block.
func (a *analysis) end(out []work, e flow.End, s *state) []work {
	switch e := e.(type) {
	case *flow.Jump:
		s.results = nil
		return append(out, work{block: e.To, s: s})
	case *flow.Precondition:
		return append(out, work{block: e.Look, s: s})
	case *flow.Branch:
		return a.branch(out, e, s)
	case *flow.Switch:
		return a.choose(out, e, s)
	case *flow.Return:
		a.exit(e, s)
	}
	return out
}

// branch goes both ways, as far as they are possible.
func (a *analysis) branch(out []work, e *flow.Branch, s *state) []work {
	a.pos = e.Cond.Pos()
	a.asksForLess(s, e)
	for i, truth := range []bool{true, false} {
		t := s
		if i == 0 {
			t = s.clone()
		}
		to := e.Then
		if !truth {
			to = e.Else
		}
		if e.Hidden {
			t.results = nil
			if !truth {
				t.trail = &trail{prev: t.trail, pos: e.Cond.Pos(), text: syntax.FormatShort(e.Cond) + " leaves"}
			}
			out = append(out, work{block: to, s: t})
			continue
		}
		if n := a.f.condOf[e]; n >= 0 {
			if j := slices.IndexFunc(t.choices, func(c choice) bool { return int(c.cond) == n }); j >= 0 {
				if t.choices[j].truth != truth {
					continue
				}
			} else {
				t.choices = slices.Clone(t.choices)
				j, _ := slices.BinarySearchFunc(t.choices, n, func(c choice, n int) int { return int(c.cond) - n })
				t.choices = slices.Insert(t.choices, j, choice{int32(n), truth})
			}
		}
		if !a.narrow(t, e.Env, e.Cond, truth, e.Tested) {
			continue
		}
		t.results = nil
		if !e.Tested {
			t.trail = &trail{prev: t.trail, pos: e.Cond.Pos(), cond: e.Cond, truth: truth}
		}
		out = append(out, work{block: to, s: t})
	}
	return out
}

// choose goes to the cases of a switch that are possible.
func (a *analysis) choose(out []work, e *flow.Switch, s *state) []work {
	v := a.eval(s, e.Env, e.X)
	for i := range e.Cases {
		c := &e.Cases[i]
		w := a.eval(s, e.Env, c.Lo)
		if c.Hi == nil && v.known && w.known && v.n != w.n {
			continue
		}
		t := s.clone()
		if c.Hi == nil && w.known {
			a.narrowTo(t, e.Env, e.X, "==", w.n, true, false)
		}
		t.results = nil
		t.trail = &trail{prev: t.trail, pos: c.Pos, text: "case " + syntax.FormatShort(c.Lo)}
		out = append(out, work{block: c.To, s: t})
		if c.Hi == nil && v.known && w.known {
			return out
		}
	}
	s.results = nil
	return append(out, work{block: e.Default, s: s})
}

// gap notes something that was not understood.
func (a *analysis) gap(reason string, pos model.Pos, detail string) {
	g := Gap{Reason: reason, Function: a.f.Name, Pos: pos, Detail: detail}
	if a.f.contract {
		a.w.gap(g)
	} else {
		a.saying.gaps = append(a.saying.gaps, g)
	}
}
