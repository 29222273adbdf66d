package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// protocolOnly are effects that a name has in a contract alone: a tree may define it otherwise.
var protocolOnly = []vocabulary.Effect{
	vocabulary.Find, vocabulary.LookUp, vocabulary.Remove, vocabulary.Access, vocabulary.Held, vocabulary.Self,
	vocabulary.Nondet,
	vocabulary.Check, vocabulary.Requires, vocabulary.Assert,
}

// call makes one call: the states in which it can end, each with the result.
func (a *analysis) call(s *state, env flow.Env, c *syntax.Call) []*state {
	id, named := c.Fun.(*syntax.Ident)
	a.pos = c.Pos()
	if !named {
		a.eval(s, env, c.Fun)
		args := a.arguments(s, env, c)
		a.byPointer(s, c, a.w.pointers.of(c))
		a.callsBack(s, c, args)
		return a.opaque(s, c, "", args)
	}
	name := id.Name
	if l := env.Find(name); l != nil {
		args := a.arguments(s, env, c)
		a.byPointer(s, c, a.w.pointers.of(c))
		return a.opaque(s, c, "", args)
	}
	a.nullArguments(s, env, c, name)
	a.sleeps(s, c, name)
	target := a.w.lookup(a.f, name)
	if target == nil {
		if v := vocabulary.Lookup(name); v != nil && (a.f.contract || !slices.Contains(protocolOnly, v.Effect)) {
			if v.Message() {
				return a.give(s, c, unknown)
			}
			return a.primitive(s, env, c, v)
		}
		if vocabulary.IsConstant(name) {
			return a.give(s, c, unknown)
		}
		args := a.arguments(s, env, c)
		a.written(s, c, args)
		a.byPointer(s, c, a.w.pointers.of(c))
		a.byPointer(s, c, a.f.outside[name])
		a.mayClear(name)
		return a.opaque(s, c, name, args)
	}
	return a.apply(s, env, c, target)
}

// give ends a call with a result.
func (a *analysis) give(s *state, c *syntax.Call, v value) []*state {
	s.results = append(s.results, result{c, v})
	return []*state{s}
}

func (a *analysis) arguments(s *state, env flow.Env, c *syntax.Call) []value {
	args := make([]value, len(c.Args))
	for i, x := range c.Args {
		args[i] = a.eval(s, env, x)
		if p, ok := args[i].place(); ok && !a.f.contract {
			a.isOld(s, env, x, p)
		}
	}
	return args
}

// opaque is a call of which nothing is known but its arguments.
func (a *analysis) opaque(s *state, c *syntax.Call, name string, args []value) []*state {
	for _, v := range args {
		a.handed(s, v)
	}
	if slices.Contains(noreturn, name) {
		return nil
	}
	if slices.Contains(tabling, name) && len(args) == 3 {
		a.toTable(s, args[2])
	}
	v := a.fromOutside(s, c, ctype{stars: 1})
	a.derive(s, v, args)
	if p, ok := v.place(); ok && slices.Contains(makers, name) {
		s.set(p, made, number(1))
	}
	a.found(s, c, v, args)
	return a.give(s, c, v)
}

var noreturn = []string{"abort", "exit", "_exit", "g_error", "g_assert_not_reached"}

// handed notes that an unknown function has got a pointer: a variable to which it leads may have
// changed.
func (a *analysis) handed(s *state, v value) {
	p, ok := v.place()
	if !ok {
		return
	}
	if i, ok := a.variable(p); ok {
		a.handsOn(s, s.vars[i])
		if _, points := s.vars[i].place(); !points || a.w.tracked(a.ps, s.vars[i].at-1) == "" {
			a.setVar(s, i, unknown, nil)
		}
		for _, f := range s.facts {
			if a.ps.list[f.place].top == p && f.aspect == holds {
				a.escape(s, f.val, globalRoot)
			}
		}
		return
	}
	if info := &a.ps.list[p]; info.root == paramRoot && info.parent == noPlace {
		if q := a.target(s, p); q != p {
			s.set(q, holds, unknown)
		}
	}
	if a.ps.list[p].root == siteRoot {
		if typ := a.w.tracked(a.ps, p); typ != "" {
			s.set(a.ps.list[p].top, escaped, number(1))
		}
	}
}

// fromOutside is a result of which nothing is known: a pointer to an object of its own.
func (a *analysis) fromOutside(s *state, c *syntax.Call, t ctype) value {
	if t.stars == 0 {
		return unknown
	}
	return pointer(a.begin(s, a.f.sites[c], t.object(), c.Pos()))
}

// primitive makes a call of the vocabulary.
func (a *analysis) primitive(s *state, env flow.Env, c *syntax.Call, f *vocabulary.Function) []*state {
	switch f.Effect {
	case vocabulary.Check, vocabulary.Requires, vocabulary.Assert:
		return a.rule(s, env, c, f)
	case vocabulary.Steal, vocabulary.FreeAndClear, vocabulary.Clear, vocabulary.StealInto, vocabulary.AllocateInto:
		return a.clears(s, env, c, f)
	case vocabulary.LockNamed, vocabulary.UnlockNamed, vocabulary.TryLockNamed:
		return a.give(s, c, unknown)
	}
	args := a.arguments(s, env, c)
	first, isPlace := noPlace, false
	if len(args) > 0 {
		first, isPlace = args[0].place()
	}
	if len(args) > 0 && args[0].isNull() && isProtocol(f.Effect) {
		if f.Params[0] != vocabulary.ObjectOrNull &&
			(f.Effect != vocabulary.UnlockObject && f.Effect != vocabulary.LockObject || true) {
			a.follow(s, args[0], c.Args[0], env)
		}
		return a.give(s, c, number(0))
	}
	if isProtocol(f.Effect) && !isPlace {
		counts := f.Effect == vocabulary.Ref || f.Effect == vocabulary.Unref
		if counts {
			return a.give(s, c, args[0])
		}
		a.gap("a lock or an object that is not known", c.Pos(), syntax.FormatShort(c))
		return a.give(s, c, unknown)
	}
	if takes(f.Effect) {
		l := first
		if f.Effect == vocabulary.LockObject || f.Effect == vocabulary.LockObjectGuard {
			l = a.lockOf(first)
		}
		if states := a.openRecursive(s, l, c.Pos()); len(states) > 1 {
			var out []*state
			for _, t := range states {
				out = append(out, a.known(t, c, f, args, first)...)
			}
			return out
		}
	}
	return a.known(s, c, f, args, first)
}

// known makes a call of the vocabulary whose first argument, if it is one of the protocol, is a
// place.
func (a *analysis) known(s *state, c *syntax.Call, f *vocabulary.Function, args []value, first place) []*state {
	switch f.Effect {
	case vocabulary.Lock, vocabulary.ReadLock, vocabulary.WriteLock:
		a.lock(s, first, f.Effect == vocabulary.ReadLock, c)
		return a.give(s, c, number(0))
	case vocabulary.LockObject, vocabulary.LockObjectGuard:
		a.reach(s, first, c.Pos())
		l := a.lockOf(first)
		a.lock(s, l, false, c)
		return a.give(s, c, pointer(l))
	case vocabulary.LockGuard:
		a.lock(s, first, false, c)
		return a.give(s, c, pointer(first))
	case vocabulary.TryLock, vocabulary.TimedLock, vocabulary.TryReadLock, vocabulary.TryWriteLock,
		vocabulary.TimedReadLock, vocabulary.TimedWriteLock:
		fails := s.clone()
		failure, _ := f.Result.Failure()
		a.lock(s, first, f.Effect == vocabulary.TryReadLock, c)
		return append(a.give(s, c, number(f.Result.Success())), a.give(fails, c, number(failure))...)
	case vocabulary.Unlock, vocabulary.UnlockEither, vocabulary.ReadUnlock, vocabulary.WriteUnlock:
		a.unlock(s, first, c.Pos(), syntax.FormatShort(c))
		return a.give(s, c, number(0))
	case vocabulary.UnlockObject:
		a.reach(s, first, c.Pos())
		a.unlock(s, a.lockOf(first), c.Pos(), syntax.FormatShort(c))
		return a.give(s, c, unknown)
	case vocabulary.UnlockGuard:
		if i, ok := a.variable(first); ok {
			if p, ok := s.vars[i].place(); ok {
				a.unlock(s, p, c.Pos(), syntax.FormatShort(c))
			}
			s.setVar(i, number(0))
		}
		return a.give(s, c, unknown)
	case vocabulary.Wait:
		return a.wait(s, c, f, args)
	case vocabulary.Ref:
		a.reach(s, first, c.Pos())
		a.ref(s, first, 1)
		a.takeRef(s, first)
		if f.Result == vocabulary.Count {
			return a.give(s, c, value{signs: positive})
		}
		return a.give(s, c, args[0])
	case vocabulary.Unref:
		return a.unref(s, c, first)
	case vocabulary.Find, vocabulary.LookUp:
		return a.find(s, c, f.Effect == vocabulary.Find)
	case vocabulary.Remove:
		return a.remove(s, c, first)
	case vocabulary.Access:
		a.reach(s, first, c.Pos())
		return a.give(s, c, unknown)
	case vocabulary.Held:
		if v, ok := a.held(s, first); ok {
			return a.give(s, c, number(int64(boolBit(!v.isNull()))))
		}
		return a.give(s, c, value{signs: zero | positive})
	case vocabulary.Allocate:
		typ := ""
		if len(c.Args) > 0 {
			switch x := c.Args[0].(type) {
			case *syntax.TypeExpr:
				typ = typeOf(x.Type).name
			case *syntax.Ident:
				typ = x.Name
			}
		}
		p := a.begin(s, a.f.sites[c], typ, c.Pos())
		s.set(p, isThere, number(1))
		if a.f.contract && a.w.types.counted(typ) {
			s.set(p, fresh, number(1))
			s.set(p, refs, number(1))
		}
		return a.give(s, c, pointer(p))
	case vocabulary.Free:
		return a.give(s, c, unknown)
	case vocabulary.EndThread, vocabulary.EndProcess, vocabulary.Abort, vocabulary.Unreachable:
		return nil
	case vocabulary.Expect:
		if len(args) > 0 {
			return a.give(s, c, args[0])
		}
	case vocabulary.Self:
		return a.give(s, c, value{signs: positive})
	}
	if f.Result == vocabulary.First && len(args) > 0 {
		return a.give(s, c, args[0])
	}
	if f.Effect != vocabulary.None && f.Effect != vocabulary.Signal && f.Effect != vocabulary.Broadcast {
		for _, v := range args {
			a.handed(s, v)
		}
	}
	return a.give(s, c, unknown)
}

func isProtocol(e vocabulary.Effect) bool {
	switch e {
	case vocabulary.Lock, vocabulary.ReadLock, vocabulary.WriteLock, vocabulary.LockObject, vocabulary.LockObjectGuard,
		vocabulary.LockGuard,
		vocabulary.TryLock, vocabulary.TimedLock, vocabulary.TryReadLock, vocabulary.TryWriteLock, vocabulary.TimedReadLock,
		vocabulary.TimedWriteLock,
		vocabulary.Unlock, vocabulary.UnlockEither, vocabulary.ReadUnlock, vocabulary.WriteUnlock, vocabulary.UnlockObject,
		vocabulary.Wait,
		vocabulary.Ref, vocabulary.Unref, vocabulary.Remove, vocabulary.Access:
		return true
	}
	return false
}

// clears makes the calls that set a variable to NULL.
func (a *analysis) clears(s *state, env flow.Env, c *syntax.Call, f *vocabulary.Function) []*state {
	if len(c.Args) == 0 {
		return a.give(s, c, unknown)
	}
	x := c.Args[0]
	var p place
	if u, ok := x.(*syntax.Unary); ok && u.Op == "&" {
		p = a.placeOf(s, env, u.X)
	} else if f.Effect == vocabulary.Steal || f.Effect == vocabulary.Clear {
		p = noPlace
		if q, ok := a.eval(s, env, x).place(); ok {
			p = a.target(s, q)
		}
	} else {
		p = a.placeOf(s, env, x)
	}
	old := a.load(s, p)
	switch f.Effect {
	case vocabulary.AllocateInto:
		fails := s.clone()
		q := a.begin(s, a.f.sites[c], "", c.Pos())
		s.set(q, isThere, number(1))
		a.store(s, p, pointer(q), c)
		a.store(fails, p, number(0), c)
		return append(a.give(s, c, number(0)), a.give(fails, c, number(-1))...)
	case vocabulary.StealInto:
		if len(c.Args) < 2 {
			return a.give(s, c, unknown)
		}
		from := a.placeOf(s, env, c.Args[1])
		v := a.load(s, from)
		a.store(s, p, v, c)
		a.store(s, from, number(0), c)
		return a.give(s, c, unknown)
	case vocabulary.Clear:
		if id, ok := c.Args[len(c.Args)-1].(*syntax.Ident); ok && len(c.Args) == 2 {
			if v := vocabulary.Lookup(id.Name); v != nil && v.Effect == vocabulary.Unref {
				if q, ok := old.place(); ok {
					states := a.unref(s, c, q)
					for _, t := range states {
						a.store(t, p, number(0), c)
					}
					return states
				}
			}
		}
	}
	if p != noPlace {
		a.store(s, p, number(0), c)
	}
	return a.give(s, c, old)
}
