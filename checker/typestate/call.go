package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
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
		return a.opaque(s, c, "", args)
	}
	name := id.Name
	if l := env.Find(name); l != nil {
		args := a.arguments(s, env, c)
		return a.opaque(s, c, "", args)
	}
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
		return a.opaque(s, c, name, a.arguments(s, env, c))
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
	v := a.fromOutside(s, c, ctype{stars: 1})
	a.derive(s, v, args)
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
	return pointer(a.begin(s, a.f.sites[c], t.name, c.Pos()))
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
			s.vars[i] = number(0)
		}
		return a.give(s, c, unknown)
	case vocabulary.Wait:
		return a.wait(s, c, f, args)
	case vocabulary.Ref:
		a.reach(s, first, c.Pos())
		a.ref(s, first, 1)
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

// lockOf is the mutex of an object.
func (a *analysis) lockOf(p place) place {
	return a.ps.child(a.w.types, p, a.w.types.lockField(a.ps.list[p].typ))
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
		p, _ = a.eval(s, env, x).place()
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

// lock takes a mutex.
func (a *analysis) lock(s *state, l place, shared bool, c *syntax.Call) {
	if l == noPlace || a.ps.element(l) {
		a.gap("a lock of an element", c.Pos(), syntax.FormatShort(c))
		return
	}
	a.acquire(s, l, c.Pos(), syntax.FormatShort(c))
	switch v, known := a.held(s, l); {
	case known && v.known && !v.isNull():
		if !shared {
			a.report(s, model.SelfDeadlock, c.Pos(), l, a.resource(l)+" is locked by a thread that holds it already",
				why(s, l, isHeld))
		}
	case !known:
		a.wantHeld(s, l, number(0), model.SelfDeadlock, c.Pos(), syntax.FormatShort(c))
	}
	s.step(c.Pos(), "locks "+a.resource(l))
	s.set(l, isHeld, number(1))
}

// unlock gives a mutex back.
func (a *analysis) unlock(s *state, l place, at model.Pos, text string) {
	if l == noPlace || a.ps.element(l) {
		a.gap("a lock of an element", at, text)
		return
	}
	switch v, known := a.held(s, l); {
	case known && v.isNull():
		a.report(s, model.BadUnlock, at, l, a.resource(l)+" is unlocked, but this thread does not hold it", why(s, l, isHeld))
	case !known:
		a.wantHeld(s, l, number(1), model.BadUnlock, at, text)
	}
	s.step(at, "unlocks "+a.resource(l))
	s.set(l, isHeld, number(0))
	a.dropLock(s, l)
}

func why(s *state, p place, asp aspect) *trail {
	if f := s.fact(p, asp); f != nil {
		return f.why
	}
	return nil
}

// held is whether this thread holds a lock or a job, if that is known.
func (a *analysis) held(s *state, p place) (value, bool) {
	if f := s.fact(p, isHeld); f != nil {
		return f.val, f.val.known || f.val.signs&zero == 0
	}
	if _, ok := s.at(a.ps.list[p].top, fresh); ok {
		return number(0), true
	}
	return unknown, false
}

// outside reports whether a function starts outside of the monitor: who is given a domain and not
// its monitor does.
func (a *analysis) outside(s *state, p place) bool {
	d := a.fieldOf(p)
	if d == nil || d.class != "monitor" && d.class != "agent" || a.f.contract || a.w.contract[a.f.Name] != nil ||
		s.fact(p, isHeld) != nil {
		return false
	}
	return a.ps.list[a.ps.list[p].parent].parent != noPlace
}

// wantHeld notes what callers must hold, or must not.
func (a *analysis) wantHeld(s *state, p place, v value, kind model.Kind, pos model.Pos, text string) {
	if s.fact(p, isHeld) != nil {
		return // it was known once, and is not any more
	}
	if a.entryRoot(p) {
		s.want(need{
			fact: fact{place: p, aspect: isHeld, val: v}, tested: true, kind: kind,
			origin: &origin{pos: pos, fn: a.f.Name, text: text},
		})
	}
}

// dropLock forgets what a lock guards.
func (a *analysis) dropLock(s *state, l place) {
	parent := a.ps.list[l].parent
	a.forgetShared(s)
	if parent == noPlace {
		return
	}
	top := a.ps.list[l].top
	job, knew := false, false
	kept := s.facts[:0:0]
	for _, f := range s.facts {
		if f.aspect == holds && a.guardOf(f.place) == l && !a.ownsBeside(s, f.place) {
			knew = true
			continue
		}
		if f.aspect == isListed && f.place == parent {
			continue
		}
		if f.aspect == isHeld && !f.val.isNull() && a.ps.list[f.place].top == top {
			if d := a.fieldOf(f.place); d != nil && d.owner {
				job = true
			}
		}
		kept = append(kept, f)
	}
	s.facts = kept
	if !a.w.types.counted(a.ps.list[parent].typ) {
		return
	}
	s.set(l, dropped, number(1))
	switch {
	case !job && (a.ps.list[top].root != paramRoot || a.knownFree(s, top)):
		s.set(l, jobless, number(1))
		a.age(s, l)
	case knew:
		s.drop(l, jobless)
	}
}

// knownFree reports whether this thread is known to be without some job of an object that it was
// given: else it may have one.
func (a *analysis) knownFree(s *state, top place) bool {
	for i := range s.facts {
		f := &s.facts[i]
		if f.aspect == isHeld && f.val.isNull() && a.ps.list[f.place].top == top {
			if d := a.fieldOf(f.place); d != nil && d.owner {
				return true
			}
		}
	}
	return false
}

// age marks what was found under a lock as old. A job would keep it as it is.
func (a *analysis) age(s *state, l place) {
	if a.f.contract {
		return
	}
	for i := 0; i < len(s.facts); i++ {
		if f := s.facts[i]; f.aspect == under && f.val == pointer(l) {
			s.set(f.place, old, number(1))
		}
	}
	for i, v := range s.vars {
		if p, ok := v.place(); ok && i < len(a.f.graph.Locals) && a.guardOf(p) == l {
			s.set(a.local(a.f.graph.Locals[i]), old, number(1))
		}
	}
}

// derive notes that an object was found by way of what a lock guards.
func (a *analysis) derive(s *state, v value, from []value) {
	p, ok := v.place()
	if !ok || a.f.contract || a.ps.list[p].root != siteRoot || a.w.types.counted(a.ps.list[p].typ) {
		return
	}
	for _, w := range from {
		q, ok := w.place()
		if !ok {
			continue
		}
		l := a.guardOf(q)
		if u, there := s.at(a.ps.list[q].top, under); l == noPlace && there {
			l = u.at - 1
		}
		if l != noPlace {
			s.set(a.ps.list[p].top, under, pointer(l))
			return
		}
	}
}

// isOld looks at a pointer that is used.
func (a *analysis) isOld(s *state, env flow.Env, e syntax.Expr, p place) {
	at, name := noPlace, ""
	if p != noPlace {
		if _, aged := s.at(a.ps.list[p].top, old); aged {
			at = a.ps.list[p].top
		}
	}
	if id, ok := e.(*syntax.Ident); ok {
		name = id.Name
		if l := env.Find(id.Name); l != nil && l.Index >= 0 && at == noPlace {
			if v := a.local(l); s.fact(v, old) != nil {
				at = v
			}
		}
	}
	if at == noPlace {
		return
	}
	if name == "" {
		name = a.ps.text(a.f, at)
	}
	text := name + " was found before the lock was dropped, and is used afterwards"
	a.report(s, model.StaleData, e.Pos(), at, text, why(s, at, old))
	s.drop(at, old)
	s.drop(at, under)
}

// ownsBeside reports whether this thread has, or may have had from the start, a job whose owner
// field stands beside a place: what is said of a job is its owner's.
func (a *analysis) ownsBeside(s *state, p place) bool {
	parent := a.ps.list[p].parent
	if parent == noPlace {
		return false
	}
	for name, f := range a.w.types.structs[a.ps.list[parent].typ] {
		if !f.owner || name == a.ps.list[p].step {
			continue
		}
		v, known := a.held(s, a.ps.child(a.w.types, parent, name))
		if !known || !v.isNull() {
			return true
		}
	}
	return false
}

// guardOf is the lock that guards a place, noPlace when none does.
func (a *analysis) guardOf(p place) place {
	f := a.fieldOf(p)
	for f == nil || f.guard == "" {
		// What lies in something guarded is guarded as well.
		if p = a.ps.list[p].parent; p == noPlace || a.ps.list[p].parent == noPlace {
			return noPlace
		}
		f = a.fieldOf(p)
	}
	q := a.ps.list[p].parent
	if f.guardOf != "" {
		for q != noPlace && a.ps.list[q].typ != f.guardOf {
			q = a.ps.list[q].parent
		}
	}
	if q == noPlace {
		return noPlace
	}
	return a.ps.child(a.w.types, q, f.guard)
}

// touched looks at a guarded field that is read or written, and returns its place.
func (a *analysis) touched(s *state, p place, pos model.Pos) place {
	if p == noPlace || a.f.contract {
		return p
	}
	l := a.guardOf(p)
	if l == noPlace {
		return p
	}
	f := s.fact(l, isHeld)
	if f == nil || !f.val.isNull() {
		return p
	}
	if in := a.inside(s, "monitor", "agent"); in != noPlace {
		a.report(s, model.DefInMonitor, pos, p, a.ps.text(a.f, p)+
			" is touched while the monitor is entered, so without the lock that guards it", f.why)
	} else {
		a.report(s, model.MissingLock, pos, p, a.ps.text(a.f, p)+" is touched without "+a.resource(l), f.why)
	}
	return p
}

// inside is a lock of one of the classes that is held, or noPlace.
func (a *analysis) inside(s *state, classes ...string) place {
	for _, f := range s.facts {
		if f.aspect == isHeld && !f.val.isNull() {
			if d := a.fieldOf(f.place); d != nil && slices.Contains(classes, d.class) {
				return f.place
			}
		}
	}
	return noPlace
}

// own stores into the owner field of a job.
func (a *analysis) own(s *state, p place, v value) {
	if a.ps.element(p) {
		return
	}
	cur, known := a.held(s, p)
	if v.isNull() {
		switch {
		case known && cur.isNull():
			if !a.f.contract {
				a.report(s, model.JobUnbalanced, a.pos, p, a.ps.text(a.f, p)+" is cleared, but this thread does not have that job",
					why(s, p, isHeld))
			}
		case !known:
			a.wantHeld(s, p, value{signs: negative | positive}, model.JobUnbalanced, a.pos, "ends "+a.ps.text(a.f, p))
		}
		s.step(a.pos, "ends "+a.ps.text(a.f, p))
		s.set(p, isHeld, number(0))
		s.drop(p, adopted)
		return
	}
	if !known {
		a.wantHeld(s, p, number(0), model.AsyncNesting, a.pos, "takes "+a.ps.text(a.f, p))
	}
	if t, ok := v.truth(); !ok || !t {
		v = value{signs: negative | positive, from: v.from}
	}
	s.step(a.pos, "takes "+a.ps.text(a.f, p))
	s.set(p, isHeld, v)
	if a.isBeside(s, p) {
		s.set(p, adopted, number(1))
	}
}

// isBeside reports whether a job whose owner is set was there before: a field beside the owner's
// says so, and has not been changed.
func (a *analysis) isBeside(s *state, p place) bool {
	parent := a.ps.list[p].parent
	for i := range s.needs {
		n := &s.needs[i]
		if n.aspect == holds && n.val.signs&zero == 0 && a.ps.list[n.place].parent == parent {
			if v, ok := s.at(n.place, holds); ok && v == n.val {
				return true
			}
		}
	}
	return false
}

// wait sleeps on a condition.
func (a *analysis) wait(s *state, c *syntax.Call, f *vocabulary.Function, args []value) []*state {
	if len(args) < 2 {
		return a.give(s, c, unknown)
	}
	if l, ok := args[1].place(); ok && !a.ps.element(l) {
		switch v, known := a.held(s, l); {
		case known && v.isNull():
			a.report(s, model.MissingLock, c.Pos(), l, a.resource(l)+" is not held by the thread that waits with it",
				why(s, l, isHeld))
		case !known:
			a.wantHeld(s, l, number(1), model.MissingLock, c.Pos(), syntax.FormatShort(c))
			s.set(l, isHeld, number(1))
		}
		s.step(c.Pos(), "waits, with "+a.resource(l)+" dropped")
		a.dropLock(s, l)
	}
	failure, fails := f.Result.Failure()
	if !fails {
		return a.give(s, c, number(f.Result.Success()))
	}
	other := s.clone()
	return append(a.give(s, c, number(f.Result.Success())), a.give(other, c, number(failure))...)
}

// ref counts references of this thread.
func (a *analysis) ref(s *state, p place, n int64) int64 {
	if a.w.tracked(a.ps, p) == "" {
		return 1
	}
	old, _ := s.at(p, refs)
	if !old.known {
		old = number(0)
	}
	sum := max(min(old.n+n, 4), -4)
	if sum == 0 {
		s.drop(p, refs)
	} else {
		s.set(p, refs, number(sum))
	}
	return sum
}

// unref drops a reference, which may be the last one.
func (a *analysis) unref(s *state, c *syntax.Call, p place) []*state {
	a.reach(s, p, c.Pos())
	left := a.ref(s, p, -1)
	s.step(c.Pos(), "drops a reference of "+a.ps.text(a.f, p))
	return a.mayFree(s, c, p, left)
}

// mayFree splits the state: the object is gone, or not. The result of the call tells.
func (a *analysis) mayFree(s *state, c *syntax.Call, p place, left int64) []*state {
	info := &a.ps.list[p]
	on, listed := s.at(p, isListed)
	listed = listed && !on.isNull()
	if info.parent != noPlace || left > 0 || listed || (a.entryRoot(p) && left >= 0 && !a.f.contract) ||
		a.w.tracked(a.ps, p) == "" || info.root == localRoot {
		return a.give(s, c, value{signs: positive})
	}
	gone := s.clone()
	a.free(gone, p)
	return append(a.give(s, c, value{signs: positive}), a.give(gone, c, number(0))...)
}

// free ends the life of an object, and of the locks and jobs in it.
func (a *analysis) free(s *state, p place) {
	kept := s.facts[:0:0]
	for _, f := range s.facts {
		if a.below(f.place, p) && (f.aspect == isHeld || f.aspect == holds || f.aspect == isListed || f.aspect == dropped ||
			f.aspect == jobless) {
			if f.aspect == isHeld && !f.val.isNull() {
				f.val = number(0)
				f.why = s.trail
			} else if f.aspect != isHeld {
				continue
			}
		}
		kept = append(kept, f)
	}
	s.facts = kept
	s.set(p, isFreed, number(2))
}

// revive takes an object to be there after all, once its use has been reported. What is held of it
// is not known any more.
func (a *analysis) revive(s *state, p place) {
	s.drop(p, isFreed)
	for i := range s.facts {
		if f := &s.facts[i]; f.aspect == isHeld && a.below(f.place, p) {
			f.val = unknown
		}
	}
}

// below reports whether a place lies in an object.
func (a *analysis) below(p, in place) bool {
	for ; p != noPlace; p = a.ps.list[p].parent {
		if p == in {
			return true
		}
	}
	return false
}

// find looks an object up: NULL, or one that is locked.
func (a *analysis) find(s *state, c *syntax.Call, locked bool) []*state {
	typ := a.w.types.onList()
	none := s.clone()
	p := a.begin(s, a.f.sites[c], typ, c.Pos())
	s.set(p, fresh, number(1))
	s.set(p, isThere, number(1))
	s.set(p, isListed, number(1))
	if locked {
		s.set(a.lockOf(p), isHeld, number(1))
	}
	return append(a.give(s, c, pointer(p)), a.give(none, c, number(0))...)
}

// remove takes an object off its list, and drops the list's reference.
func (a *analysis) remove(s *state, c *syntax.Call, p place) []*state {
	a.reach(s, p, c.Pos())
	s.set(p, isListed, number(0))
	left, _ := s.at(p, refs)
	if !left.known {
		left = number(0)
	}
	s.step(c.Pos(), "takes "+a.ps.text(a.f, p)+" off the list")
	return a.mayFree(s, c, p, left.n)
}

// rule is check, requires or assert.
func (a *analysis) rule(s *state, env flow.Env, c *syntax.Call, f *vocabulary.Function) []*state {
	kind, x := model.RequiresKind, syntax.Expr(nil)
	switch {
	case f.Effect == vocabulary.Check && len(c.Args) == 2:
		kind, _ = vocabulary.Kind(syntax.Format(c.Args[0]))
		x = c.Args[1]
	case f.Effect == vocabulary.Requires && len(c.Args) == 1:
		x = c.Args[0]
	default:
		return a.give(s, c, unknown)
	}
	if !a.narrow(s, env, x, true, true) {
		return nil
	}
	for i := range s.needs {
		if n := &s.needs[i]; n.tested && n.kind == "" {
			s.needs = slices.Clone(s.needs)
			n = &s.needs[i]
			n.kind = kind
			if kind == model.RequiresKind {
				n.kind = a.kindOf(n.fact)
			}
			n.origin = &origin{pos: c.Pos(), fn: a.f.Name, text: syntax.FormatShort(x)}
		}
	}
	return a.give(s, c, unknown)
}

// kindOf is what it is called when a precondition does not hold.
func (a *analysis) kindOf(f fact) model.Kind {
	if f.aspect != isHeld {
		return model.StaleLiveness
	}
	d := a.fieldOf(f.place)
	switch {
	case d != nil && d.owner && f.val.isNull():
		return model.AsyncNesting
	case d != nil && d.owner:
		return model.NoJob
	case a.ps.list[f.place].parent != noPlace && a.w.types.single[a.ps.list[a.ps.list[f.place].parent].typ]:
		return model.WrongVariant
	case f.val.isNull():
		return model.SelfDeadlock
	}
	return model.MissingLock
}
