package lower_test

import (
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// The condition of a check is C: what it reads of shared state is read in a step of its own, and
// what others do comes before, between and after.
func TestChecksRead(t *testing.T) {
	const one = "static int x, y; "
	const peterson = "static int flag1, flag2, turn, c; "
	for name, c := range map[string]struct {
		src     string
		threads []string
		verdict model.Verdict
		kind    model.Kind
		states  int64 // 0: any
	}{
		"assert reads in a step of its own": {
			one + "void a(void) { x = 0; assert(x == 0); } void b(void) { x = 1; }", []string{"a()", "b()"}, model.Violation, model.AssertKind, 0,
		},
		"assert that reads what only it writes": {
			one + "void a(void) { x = 2; assert(x == 2); x = 0; assert(!x); } void b(void) { y = 1; }", []string{"a()", "b()"}, model.OK, "", 10,
		},
		"assert of what a lock protects": {
			"static int x; static pthread_mutex_t m; void a(void) { pthread_mutex_lock(&m); x = 0; assert(x == 0); pthread_mutex_unlock(&m); } " +
				"void b(void) { pthread_mutex_lock(&m); x = 1; assert(x == 1); pthread_mutex_unlock(&m); }",
			[]string{"a()", "b()"},
			model.OK, "", 0,
		},
		"two reads in one condition": {
			one + "void a(void) { assert(x == x); } void b(void) { x = 1; }", []string{"a()", "b()"}, model.Violation, model.AssertKind, 0,
		},
		"one read is one value": {
			one + "void a(void) { int v = x; assert(v == v); } void b(void) { x = 1; }", []string{"a()", "b()"}, model.OK, "", 0,
		},
		"reads from left to right": {
			one + "void a(void) { assert(y <= x); } void b(void) { x = 1; y = 1; }", []string{"a()", "b()"}, model.OK, "", 0,
		},
		"reads from right to left": {
			one + "void a(void) { assert(x >= y); } void b(void) { x = 1; y = 1; }", []string{"a()", "b()"}, model.Violation, model.AssertKind, 0,
		},
		"what && leaves out is not read": {
			one + "void a(void) { assert(!(x && y)); } void b(void) { x = 1; y = 1; x = 0; }", []string{"a()", "b()"}, model.Violation, model.AssertKind, 0,
		},
		"what || leaves out is not followed": {
			"void a(obj *o) { assert(!o || o->n == 0); o = NULL; check(no-job, !o || o->n); shared = 1; }", []string{"a(vm1)"}, model.OK, "", 2,
		},
		"NULL in a condition": {"void a(obj *o) { assert(o->n == 0); }", []string{"a(NULL)"}, model.Violation, model.NullVM, 2},
		"a call in a condition": {
			one + "static int both(void) { return x + y; } void a(void) { x = 1; y = 2; assert(both() == 3); assert(both() == 4); }",
			[]string{"a()"},
			model.Violation, model.AssertKind, 8,
		},
		"an effect in a condition": {one + "void a(void) { int n = 0; assert(n++ == 0); assert(n == 1); x = n; }", []string{"a()"}, model.OK, "", 2},
		"a choice in a condition":  {"void a(void) { assert(nondet()); }", []string{"a()"}, model.Violation, model.AssertKind, 3},
		"a pointer that changes":   {"static obj *cur; void a(obj *o) { cur = o; assert(cur->n == 0); cur = NULL; }", []string{"a(vm1)"}, model.OK, "", 4},

		// A check that fails is a step, wherever it stands.
		"check as the last thing": {
			one + "void a(void) { x = 1; } void b(void) { check(assert, x == 0); }", []string{"a()", "b()"}, model.Violation, model.AssertKind, 0,
		},
		"check as the only thing":       {"void a(void) { check(no-job, 0); }", []string{"a()"}, model.Violation, model.NoJob, 2},
		"check as the only thing, true": {"void a(void) { check(no-job, 1); }", []string{"a()"}, model.OK, "", 1},
		"check in a round without step": {
			one + "void a(void) { if (x) check(no-job, 0); } void b(void) { x = 1; }", []string{"a()*", "b()"}, model.Violation, model.NoJob, 0,
		},
		"assert before the first step":     {"void a(int n) { assert(n); shared = 1; }", []string{"a(0)"}, model.Violation, model.AssertKind, 2},
		"assert on one of two ways":        {"void a(void) { if (nondet()) assert(0); shared = 1; }", []string{"a()"}, model.Violation, model.AssertKind, 4},
		"check in front of a taken lock":   {"void a(void) { pthread_mutex_lock(&big); check(no-job, 0); pthread_mutex_lock(&big); }", []string{"a()"}, model.Violation, model.NoJob, 3},
		"the first of two that fail":       {"void a(void) { check(no-job, 0); check(missing-lock, 0); shared = 1; }", []string{"a()"}, model.Violation, model.NoJob, 2},
		"a check that holds, one that not": {"void a(void) { check(no-job, 1); check(missing-lock, 0); shared = 1; }", []string{"a()"}, model.Violation, model.MissingLock, 2},

		// Which object a check looks at is part of where a thread is.
		"held on one of two, freed first": {
			two + "void a(void) { obj *p = nondet() ? &s : &r; virObjectUnref(&r); check(no-job, held(&p->job)); }",
			[]string{"a()"},
			model.Violation, model.NoJob, 0,
		},
		"held on one of two, freed second": {
			two + "void a(void) { obj *p = nondet() ? &r : &s; virObjectUnref(&r); check(no-job, held(&p->job)); }",
			[]string{"a()"},
			model.Violation, model.NoJob, 0,
		},
		"held elsewhere": {
			"void a(obj *o) { if (!held(&o->lock)) pthread_mutex_lock(&o->lock); int has = held(&o->lock); assert(has); pthread_mutex_unlock(&o->lock); }",
			[]string{"a(vm1)"},
			model.OK, "", 3,
		},
		"held elsewhere, freed": {
			"void a(obj *o) { virObjectUnref(o); int has = held(&o->lock); shared = has; }", []string{"a(vm1)"}, model.Violation, model.UseAfterRelease, 0,
		},
		"self in a condition": {"void a(void) { assert(self() == 1 || self() == 2); shared = self(); }", []string{"a()", "a()"}, model.OK, "", 0},

		// Peterson's algorithm, right and with the first two assignments swapped.
		"Peterson": {
			peterson + "void p(void) { flag1 = 1; turn = 1; while (flag2 == 1 && turn == 1); c = 0; assert(c <= 0); flag1 = 0; } " +
				"void q(void) { flag2 = 1; turn = 0; while (flag1 == 1 && turn == 0); c = 1; assert(c >= 1); flag2 = 0; }",
			[]string{"p()", "q()"},
			model.OK, "", 0,
		},
		"Peterson, swapped": {
			peterson + "void p(void) { turn = 1; flag1 = 1; while (flag2 == 1 && turn == 1); c = 0; assert(c <= 0); flag1 = 0; } " +
				"void q(void) { turn = 0; flag2 = 1; while (flag1 == 1 && turn == 0); c = 1; assert(c >= 1); flag2 = 0; }",
			[]string{"p()", "q()"},
			model.Violation, model.AssertKind, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			v, k, n := verdict(t, object+c.src, c.threads...)
			if v != c.verdict || k != c.kind || c.states > 0 && n != c.states {
				t.Errorf("%s %s with %d states, want %s %s with %d", v, k, n, c.verdict, c.kind, c.states)
			}
		})
	}
}

const two = "static obj r, s; "

// What is freed is found whichever way the thread took to look at it, and by no way that did not.
func TestFreedOnOneWay(t *testing.T) {
	for _, arms := range []string{"p = &r; else p = &s;", "p = &s; else p = &r;"} {
		p, err := build(t, object+two+"void a(void) { obj *p; if (nondet()) "+arms+" virObjectUnref(&r); check(no-job, held(&p->job)); }", "a()")
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[model.Kind]bool{}
		for start := range p.Threads[0].Start {
			q := *p
			q.Threads = []model.Thread{p.Threads[0]}
			q.Threads[0].Start = p.Threads[0].Start[start : start+1]
			r, err := search.Search(t.Context(), &q, search.Options{})
			if err != nil {
				t.Fatal(err)
			}
			kinds[r.Kind] = true
		}
		if len(kinds) != 2 || !kinds[model.UseAfterRelease] || !kinds[model.NoJob] {
			t.Errorf("%s: %v", arms, kinds)
		}
	}
}

// A precondition that does not count is not evaluated: not what it reads, nor what it calls.
func TestPreconditionsIgnored(t *testing.T) {
	for name, c := range map[string]struct {
		src         string
		kind        model.Kind // when preconditions count
		with, other int64      // states, when they count and when they do not
	}{
		"a read":          {"void a(void) { shared = 1; requires(shared == 0); other = 1; }", model.RequiresKind, 4, 3},
		"a call":          {"static int g(void) { shared = 2; return 1; } void a(void) { requires(g() && 1); other = 1; }", "", 3, 2},
		"NULL":            {"void a(void) { obj *p = NULL; requires(p->n); other = 1; }", model.NullVM, 2, 2},
		"within a comma":  {"void a(void) { shared = 2, requires(0), other = 1; }", model.RequiresKind, 3, 3},
		"on one way":      {"void a(void) { shared = 1; shared ? requires(0) : (void) 0; other = 1; }", model.RequiresKind, 4, 4},
		"an assert stays": {"void a(void) { requires(1); assert(0); }", model.AssertKind, 2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			parser := syntax.NewParser(t.Context(), syntax.Options{})
			f := parser.Parse(syntax.Source{Name: "t.c", Text: []byte(object + c.src)})
			u, err := lower.NewUnit(t.Context(), []*syntax.File{f})
			if err != nil {
				t.Fatal(err)
			}
			for _, ignore := range []bool{false, true} {
				p, err := u.Program(t.Context(), []lower.Thread{{Function: "a"}}, lower.Options{IgnoreRequires: ignore})
				if err != nil {
					t.Fatal(err)
				}
				r, err := search.Search(t.Context(), p, search.Options{})
				if err != nil {
					t.Fatal(err)
				}
				kind, states := c.kind, c.with
				if ignore {
					states = c.other
					if kind != model.AssertKind {
						kind = ""
					}
				}
				if r.Kind != kind || r.Stats.States != states {
					t.Errorf("ignored %v: %s with %d states, want %s with %d", ignore, r.Kind, r.Stats.States, kind, states)
				}
			}
		})
	}
}

// What looks like a constant may be assigned by a thread that is lowered later: no order of the
// threads makes a program one that never takes a step.
func TestSpinning(t *testing.T) {
	const setter = " void s(void) { go = 1; }"
	const ok, stuck = model.OK, model.PartialDeadlock
	for name, c := range map[string]struct {
		src     string
		verdict model.Verdict
		states  int64
	}{
		"a flag":              {"static int go; void w(void) { while (!go); }" + setter, ok, 3},
		"a flag and more":     {"static int go; void w(void) { int n = 0; while (!go) n = !n; shared = n; }" + setter, ok, 8},
		"choices":             {"static int go; void w(void) { int n = 0; while (!go) n = nondet(); }" + setter, ok, 3},
		"of another's flag":   {"static int go, gone; void w(void) { while (!go); } void s(void) { while (!gone) { go = 1; gone = 1; } }", ok, 8},
		"nobody's flag":       {"static int go, gone; void w(void) { while (!go); } void s(void) { gone = 1; }", stuck, 2},
		"an atomic flag":      {"static _Atomic int go; static int gone; void w(void) { while (!go); } void s(void) { gone = 1; }", stuck, 2},
		"a flag never set":    {"static int go; void w(void) { while (!go); } void s(void) { if (shared) go = 1; else other = 1; }", stuck, 2},
		"nothing at all":      {"void w(void) { for (;;) ; } void s(void) { shared = 1; }", stuck, 2},
		"both for ever":       {"void w(void) { for (;;) ; } void s(void) { while (!shared); }", stuck, 1},
		"a die for ever":      {"void w(void) { for (int i = 0; ; ) if (rand()) i = !i; } void s(void) { shared = 1; }", stuck, 2},
		"a trap":              {"void w(void) { int i = 0; if (rand()) for (;;) if (rand()) i = !i; shared = 1; } void s(void) { }", stuck, 3},
		"a die until six":     {"void w(void) { int i = 0; for (;;) { if (rand()) i = !i; if (rand()) break; } shared = i; } void s(void) { }", ok, 4},
		"a die and a choice":  {"void w(void) { while (!(rand() && !nondet())) ; shared = 1; } void s(void) { }", ok, 2},
		"a die, then a coin":  {"void w(void) { while (!(rand() && nondet())) ; shared = 1; } void s(void) { }", ok, 2},
		"a counter":           {"void w(void) { for (unsigned char n = 0; ; n++) ; } void s(void) { shared = 1; }", stuck, 2},
		"after a step":        {"void w(void) { shared = 1; while (!other); } void s(void) { }", stuck, 2},
		"under a lock":        {"void w(void) { pthread_mutex_lock(&big); while (!shared); } void s(void) { pthread_mutex_lock(&big); pthread_mutex_unlock(&big); }", stuck, 5},
		"in a function":       {"int is(void) { return shared; } void w(void) { while (!is()); } void s(void) { other = 1; }", stuck, 2},
		"some turns, no loop": {"void w(void) { int n = 0; for (int i = 0; i < 5000; i++) n += i % 7; shared = n; } void s(void) { }", ok, 2},
	} {
		t.Run(name, func(t *testing.T) {
			for _, threads := range [][]string{{"w()", "s()"}, {"s()", "w()"}} {
				p, err := build(t, object+c.src, threads...)
				if err != nil {
					t.Fatalf("%v: %v", threads, err)
				}
				r, err := search.Search(t.Context(), p, search.Options{})
				if err != nil || r.Verdict != c.verdict || r.Stats.States != c.states {
					t.Errorf("%v: %v %v, want %s with %d states", threads, r, err, c.verdict, c.states)
				}
				reduced, err := search.Search(t.Context(), p, search.Options{Reduce: search.Reduction{Merge: true, Symmetry: true}})
				if err != nil || reduced.Verdict != c.verdict {
					t.Errorf("%v, reduced: %v %v", threads, reduced, err)
				}
			}
		})
	}
	if v, k, _ := verdict(t, object+"static int go; void w(void) { if (go) shared = 1; }"+setter, "w()*", "s()"); v != model.OK {
		t.Errorf("a round that takes no step at first: %s %s", v, k)
	}
}
