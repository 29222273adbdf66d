package difftest

import (
	"fmt"
	"slices"
	"strings"
)

// list writes a few statements in a scope of their own.
func (g *generator) list(depth, most int) (all []stmt) {
	return g.scope(func() []stmt {
		if g.chance(25) {
			all = append(all, g.local(false))
		}
		for range 1 + g.IntN(most) {
			all = append(all, g.statement(depth)...)
		}
		return all
	})
}

// scope lets a list of statements be written in a scope of its own.
func (g *generator) scope(write func() []stmt) []stmt {
	locals, hidden := slices.Clip(g.locals), slices.Clip(g.hidden)
	list := write()
	g.locals, g.hidden = locals, hidden
	return list
}

func (g *generator) fueled(x expr) expr {
	return logic{"&&", binary{">", step{use{g.fuel}, "-", false}, number("0"), false}, x}
}

// statement writes a statement, or a few that belong together.
func (g *generator) statement(depth int) []stmt {
	if depth <= 0 {
		return g.simple()
	}
	one := func(s stmt) []stmt { return []stmt{s} }
	switch g.IntN(16) {
	case 0, 1:
		s := &branch{x: g.expr(2), then: g.list(depth-1, 2)}
		if g.chance(50) {
			s.alt = g.list(depth-1, 2)
		}
		return one(s)
	case 2, 3:
		return one(g.loop(depth))
	case 4:
		return one(g.selects(depth))
	case 5:
		return one(&block{g.list(depth-1, 2)})
	case 6:
		if len(g.labels) > 0 {
			return one(&branch{x: g.fueled(g.expr(1)), then: one(jump{how: "goto", to: pick(g, g.labels...)})})
		}
	case 7, 8, 9:
		return g.guarded(depth)
	}
	return g.simple()
}

func (g *generator) loop(depth int) stmt {
	s := &loop{how: pick(g, "while", "do", "for"), x: g.fueled(g.expr(1))}
	if s.how == "for" {
		if g.chance(60) {
			s.first = g.assignment(1)
		}
		if g.chance(60) {
			s.last = g.assignment(1)
		}
	}
	exits := g.exits
	g.loops++
	g.exits = true
	s.body = g.list(depth-1, 2)
	g.loops--
	g.exits = exits
	return s
}

func (g *generator) selects(depth int) stmt {
	s := &selects{x: g.small(2)}
	exits := g.exits
	g.exits = true
	used := map[int]bool{}
	names := g.chance(20)
	for range 1 + g.IntN(3) {
		a := &arm{}
		for range 1 + g.IntN(2) {
			n := g.IntN(6) - 1
			switch {
			case used[n]:
			case names && !used[100]:
				used[100] = true
				a.labels = append(a.labels, "case 'x'")
			case n >= 0 && n < 5 && !used[n+1] && g.chance(20):
				used[n], used[n+1] = true, true
				a.labels = append(a.labels, fmt.Sprintf("case %d ... %d", n, n+1))
			default:
				used[n] = true
				a.labels = append(a.labels, fmt.Sprintf("case %d", n))
			}
		}
		if len(a.labels) == 0 || g.chance(20) && !used[101] {
			if used[101] {
				continue
			}
			used[101] = true
			a.labels = append(a.labels, "default")
		}
		a.body = g.list(depth-1, 2)
		if g.chance(65) {
			a.body = append(a.body, jump{how: "break"})
		}
		for _, x := range a.body {
			if d, ok := x.(declares); ok { // a case would jump over it
				a.body = []stmt{&block{a.body}}
				_ = d
				break
			}
		}
		s.cases = append(s.cases, a)
	}
	g.exits = exits
	return s
}

// simple writes a statement without others in it.
func (g *generator) simple() []stmt {
	one := func(s stmt) []stmt { return []stmt{s} }
	switch g.IntN(14) {
	case 0:
		if g.exits {
			how := "break"
			if g.loops > 0 && g.chance(50) {
				how = "continue"
			}
			return one(&branch{x: g.expr(1), then: one(jump{how: how})})
		}
	case 1:
		if g.chance(30) {
			r := returns{}
			if g.f.result != nil {
				r.x = g.expr(1)
			}
			return one(&branch{x: g.expr(1), then: one(r)})
		}
	case 2, 3:
		if s := g.setPointer(); s != nil {
			return one(s)
		}
	case 4:
		if s := g.copy(); s != nil {
			return one(s)
		}
	case 5:
		text, kind := pick(g, "assert(%s)", "check(no-job, %s)", "requires(%s)"), ""
		switch text[0] {
		case 'a':
			kind = "assert"
		case 'c':
			kind = "no-job"
		default:
			kind = "requires"
		}
		x := g.expr(2)
		if g.chance(85) {
			x = logic{"||", binary{"!=", g.place(1), g.constant(), false}, x}
		}
		return one(asserts{kind: kind, text: text, x: x})
	case 6:
		if len(g.calls) > 0 {
			if v := g.callable(); v != nil && g.chance(60) {
				if g.chance(40) {
					return one(does{x: assign{use{v}, "", g.functionLike(v.calls)}})
				}
				return one(does{x: g.call(v.calls, use{v}, 1)})
			}
			return one(does{x: g.call(pick(g, g.calls...), nil, 1)})
		}
	case 7:
		if x := g.sync(); x != nil {
			return one(does{x: x})
		}
	case 8:
		return one(does{x: step{g.place(1), pick(g, "+", "-"), g.chance(50)}})
	}
	return one(does{x: g.assignment(2)})
}

// setPointer assigns a pointer, or moves it; nil: there is none.
func (g *generator) setPointer() stmt {
	all := g.pointers()
	if len(all) == 0 {
		return nil
	}
	v := pick(g, all...)
	private := v.model == ""
	switch g.IntN(6) {
	case 0:
		return does{x: step{use{v}, pick(g, "+", "-"), g.chance(50)}}
	case 1:
		return does{x: assign{use{v}, pick(g, "+", "-"), number(pick(g, "1", "1", "0", "-1"))}}
	}
	return does{x: assign{use{v}, "", g.pointer(v.typ.elem, private, 2)}}
}

// copy copies a struct or an array, or clears one; nil: there is none.
func (g *generator) copy() stmt {
	var objects []place
	var look func(x place)
	look = func(x place) {
		switch t := x.typ(); t.kind {
		case structure:
			objects = append(objects, x)
			for i := range t.fields {
				look(member{x, i})
			}
		case array:
			if t.elem.kind != locking && t.elem.kind != array && !isIn(x) {
				objects = append(objects, x)
			}
			if t.elem.kind == structure {
				look(index{x, g.index(t.n, 1)})
			}
		case pointer:
			if t.elem.kind == structure {
				objects = append(objects, deref{x, t.elem, nil})
			}
		}
	}
	for _, v := range g.variables() {
		look(use{v})
	}
	if len(objects) == 0 || g.plain {
		return nil
	}
	to := pick(g, objects...)
	if g.chance(25) {
		return copies{to: to, how: pick(g, "memset", "bzero")}
	}
	var from []place
	for _, x := range objects {
		t, u := x.typ(), to.typ()
		if same(t, u) || t.kind == array && u.kind == array && same(t.elem, u.elem) && t.n == u.n {
			from = append(from, x)
		}
	}
	how := pick(g, "=", "=", "memcpy", "memmove")
	if to.typ().kind == array && how == "=" {
		how = "memcpy"
	}
	return copies{to: to, from: pick(g, from...), how: how}
}

// locks are the places of a type of locks.
func (g *generator) lock(t *typ) place {
	var all []place
	for _, v := range g.p.globals {
		switch {
		case v.typ == t:
			all = append(all, use{v})
		case v.typ.kind == array && v.typ.elem == t:
			i := pick[expr](g, number("0"), number("1"), binary{"&", g.expr(1), number("1"), false})
			all = append(all, index{use{v}, i})
		}
	}
	if len(all) == 0 {
		return nil
	}
	return pick(g, all...)
}

// calls are the functions about locks, as they are checked and as they are compiled.
var calls = map[string][2]string{
	"lock":            {"pthread_mutex_lock(&%s)", "lock(&(%s))"},
	"trylock":         {"pthread_mutex_trylock(&%s)", "trylock(&(%s))"},
	"unlock":          {"pthread_mutex_unlock(&%s)", "unlock(&(%s))"},
	"wait":            {"pthread_cond_wait(&%s, &%s)", "wait_(&(%s), &(%s))"},
	"timedwait":       {"pthread_cond_timedwait(&%s, &%s, NULL)", "wait_(&(%s), &(%s))"},
	"signal":          {"pthread_cond_signal(&%s)", "signal_(&(%s))"},
	"broadcast":       {"pthread_cond_broadcast(&%s)", "broadcast(&(%s))"},
	"rdlock":          {"pthread_rwlock_rdlock(&%s)", "rdlock(&(%s))"},
	"wrlock":          {"pthread_rwlock_wrlock(&%s)", "wrlock(&(%s))"},
	"tryrdlock":       {"pthread_rwlock_tryrdlock(&%s)", "tryrdlock(&(%s))"},
	"trywrlock":       {"pthread_rwlock_trywrlock(&%s)", "trywrlock(&(%s))"},
	"rwunlock":        {"pthread_rwlock_unlock(&%s)", "rwunlock(&(%s))"},
	"sem_init":        {"sem_init(&%s, 0, %s)", "sem_init_(&(%s), %s)"},
	"sem_wait":        {"sem_wait(&%s)", "sem_wait_(&(%s))"},
	"sem_trywait":     {"sem_trywait(&%s)", "sem_trywait_(&(%s))"},
	"sem_post":        {"sem_post(&%s)", "sem_post_(&(%s))"},
	"barrier_init":    {"pthread_barrier_init(&%s, NULL, %s)", "barrier_init(&(%s), %s)"},
	"barrier_wait":    {"pthread_barrier_wait(&%s)", "barrier_wait(&(%s))"},
	"barrier_destroy": {"pthread_barrier_destroy(&%s)", "barrier_destroy(&(%s))"},
}

func on(name string, places ...place) primitive {
	return primitive{text: calls[name][0], twin: calls[name][1], places: places, typ: tInt}
}

// guarded writes statements between two that belong together.
func (g *generator) guarded(depth int) []stmt {
	between := func(before, after expr, list ...stmt) []stmt {
		all := []stmt{does{x: before}, &block{list}}
		if g.chance(96) {
			all = append(all, does{x: after})
		}
		return all
	}
	m := g.lock(tMutex)
	if g.held > 0 && g.chance(85) {
		return g.simple()
	}
	g.held++
	defer func() { g.held-- }()
	if x, ok := m.(index); ok {
		m = index{x.x, number(pick(g, "0", "1"))} // both times the same
	}
	lock, unlock := on("lock", m), on("unlock", m)
	if other := pick(g, "", "virMutex", "mtx_", "g_mutex_", "pthread_spin_"); other != "" && !g.plain {
		name := func(s string) string {
			if other == "virMutex" {
				s = strings.ToUpper(s[:1]) + s[1:]
			}
			return other + s + "(&%s)"
		}
		lock.text, unlock.text = name("lock"), name("unlock")
	}
	if g.chance(15) && !g.plain {
		exits := g.exits
		g.exits = true
		g.loops++
		s := &guards{m: m, list: g.list(depth-1, 2)}
		g.loops--
		g.exits = exits
		return []stmt{s}
	}
	if l := g.lock(tRWLock); l != nil && g.chance(40) {
		take := pick(g, on("rdlock", l), on("wrlock", l))
		release := on("rwunlock", l)
		return between(take, release, g.list(depth-1, 2)...)
	}
	if c := g.lock(tCond); c != nil && g.chance(50) {
		wait := pick(g, on("wait", c, m), on("timedwait", c, m))
		switch g.IntN(3) {
		case 0:
			return between(lock, unlock, &loop{how: "while", x: g.fueled(g.expr(1)), body: []stmt{does{x: wait}}})
		case 1:
			return between(lock, unlock, &branch{x: g.expr(1), then: []stmt{does{x: assign{g.place(1), "", wait}}}})
		}
		wake := pick(g, on("signal", c), on("broadcast", c))
		return between(lock, unlock, append(g.list(depth-1, 1), does{x: wake})...)
	}
	if g.chance(20) {
		try := on("trylock", m)
		then := append(g.list(depth-1, 2), does{x: unlock})
		return []stmt{&branch{x: unary{"!", try}, then: then, alt: g.list(depth-1, 1)}}
	}
	return between(lock, unlock, g.list(depth-1, 2)...)
}

// sync writes a call about a lock that stands alone; nil: there is none.
func (g *generator) sync() expr {
	given := func(name string, l place, n ...string) expr {
		x := on(name, l)
		x.values = []expr{number(pick(g, n...))}
		return x
	}
	kept := func(x primitive) expr { return assign{g.place(0), "", x} }
	if s := g.lock(tSem); s != nil && g.chance(40) {
		switch g.IntN(6) {
		case 0:
			return given("sem_init", s, "0", "1", "2")
		case 1:
			return kept(on("sem_trywait", s))
		}
		return on(pick(g, "sem_wait", "sem_wait", "sem_post"), s)
	}
	if b := g.lock(tBarrier); b != nil && g.chance(40) {
		switch g.IntN(4) {
		case 0:
			return given("barrier_init", b, "1", "2", "2")
		case 1:
			return on("barrier_destroy", b)
		}
		return kept(on("barrier_wait", b))
	}
	if l := g.lock(tRWLock); l != nil && g.chance(40) {
		if g.chance(20) {
			return on("rwunlock", l)
		}
		return kept(on(pick(g, "tryrdlock", "trywrlock"), l))
	}
	if o := g.lock(tOnce); o != nil {
		for _, f := range g.calls {
			if f.result == nil && len(f.params) == 0 {
				text, twin := "pthread_once(&%s, "+f.name+")", "once(&(%s), "+f.name+")"
				return primitive{text: text, twin: twin, places: []place{o}, typ: tInt}
			}
		}
	}
	if g.chance(30) {
		return on(pick(g, "lock", "unlock"), g.lock(tMutex))
	}
	return nil
}
