package mutate

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// load reads one suite from text.
func load(t *testing.T, files map[string]string) *scenarios.Suite {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	suites, err := scenarios.LoadFS(t.Context(), fsys, "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return suites[0]
}

// program is some C as a program of threads.
func program(t *testing.T, c, threads string) *model.Program {
	t.Helper()
	s := load(t, map[string]string{
		"s.yaml": "suite: s\nsources: [f.c]\nscenarios:\n  - {name: x, threads: [" + threads + "], expect: ok}\n",
		"f.c":    "static pthread_mutex_t a, b; static pthread_cond_t c; static int n, m;\n" + c,
	})
	p, limit, err := closed(t.Context(), s.Scenarios[0], search.Options{})
	if err != nil || limit != model.NoLimit {
		t.Fatal(limit, err)
	}
	return p
}

// A likeness says who sees no difference between two programs.
type likeness int

const (
	toNobody likeness = iota
	toOthers          // those who keep to the locks
	toAll
)

// Pairs of programs that behave alike, and pairs that nearly do.
func TestAlike(t *testing.T) {
	const locked = "pthread_mutex_lock(&a); %s pthread_mutex_unlock(&a);"
	in := func(s string) string { return "void f(void) { " + strings.Replace(locked, "%s", s, 1) + " }" }
	for _, c := range []struct {
		name, one, other string
		alike            likeness
		steps            int    // until they differ
		original, mutant string // what is so then
	}{
		{"the same", in("n = 1;"), in("n = 1;"), toAll, 0, "", ""},
		{"only local work", in("n = 1;"), in("int x = 3; if (x > 2) n = 1; else n = 2;"), toAll, 0, "", ""},
		{"a condition that is never false", in("n = 1;"), in("int x = nondet(); if (x >= 0 || x < 0) n = 1; else n = 7;"), toAll, 0, "", ""},
		{"a choice the other way round", in("if (nondet()) n = 1; else n = 2;"), in("if (nondet()) n = 2; else n = 1;"), toAll, 0, "", ""},
		{"a choice that nobody sees", in("n = 1;"), in("if (nondet()) n = 1; else n = 1;"), toAll, 0, "", ""},
		{"a loop unrolled", in("for (int i = 0; i < 2; i++) n = i;"), in("n = 0; n = 1;"), toAll, 0, "", ""},
		{"a check that holds", in("n = 1;"), in("assert(1); n = 1;"), toAll, 0, "", ""},
		{"another value", in("n = 1;"), in("n = 2;"), toNobody, 1, "", ""},
		{"one of two choices", in("if (nondet()) n = 1; else n = 2;"), in("n = 1;"), toNobody, 1, "", ""},
		{"a value that comes later", in("n = 1; n = 2; n = 3;"), in("n = 1; n = 2; n = 4;"), toNobody, 3, "", ""},
		{"one step more", in("n = 1;"), in("n = 1; n = 1;"), toOthers, 0, "", ""},
		{"the other order", in("n = 1; m = 1;"), in("m = 1; n = 1;"), toOthers, 0, "", ""},
		{"a signal before the store", in("n = 1; pthread_cond_signal(&c);"), in("pthread_cond_signal(&c); n = 1;"), toOthers, 0, "", ""},
		{
			"a store after the unlock", in("n = 1;"), "void f(void) { pthread_mutex_lock(&a); pthread_mutex_unlock(&a); n = 1; }", toNobody, 1,
			"T1 is at store (n = 1)", "T1 is at unlock (pthread_mutex_unlock(&a))",
		},
		{
			"a store before the lock", in("n = 1;"), "void f(void) { n = 1; pthread_mutex_lock(&a); pthread_mutex_unlock(&a); }", toNobody, 0,
			"T1 is at lock (pthread_mutex_lock(&a))", "T1 is at store (n = 1)",
		},
		{
			"a signal after the unlock", in("n = 1; pthread_cond_signal(&c);"),
			"void f(void) { pthread_mutex_lock(&a); n = 1; pthread_mutex_unlock(&a); pthread_cond_signal(&c); }", toNobody, 2,
			"T1 is at signal (pthread_cond_signal(&c))", "T1 is at unlock (pthread_mutex_unlock(&a))",
		},
		{
			"two unlocks", in("pthread_mutex_lock(&b); pthread_mutex_unlock(&b);"),
			"void f(void) { pthread_mutex_lock(&a); pthread_mutex_lock(&b); pthread_mutex_unlock(&a); pthread_mutex_unlock(&b); }", toNobody, 2,
			"T1 is at unlock (pthread_mutex_unlock(&b))", "T1 is at unlock (pthread_mutex_unlock(&a))",
		},
		{
			"two variables without a lock", "void f(void) { n = 1; m = 1; }", "void f(void) { m = 1; n = 1; }", toNobody, 0,
			"T1 is at store (n = 1)", "T1 is at store (m = 1)",
		},
		{"a store that stays within", in("n = 1; if (n == 1) n = 2;"), in("n = 2;"), toOthers, 0, "", ""},
		{
			"a store that another lock protects", in("pthread_mutex_lock(&b); n = 1; m = 1; pthread_mutex_unlock(&b); m = 2;"),
			in("pthread_mutex_lock(&b); n = 1; pthread_mutex_unlock(&b); m = 1; m = 2;"), toOthers, 0, "", "",
		},
		{"another lock", in("n = 1;"), strings.ReplaceAll(in("n = 1;"), "&a", "&b"), toNobody, 0, "", ""},
		{"a check that fails", in("n = 1; assert(n == 1);"), in("n = 1; assert(n == 2);"), toNobody, 3, "", ""},
		{
			"signal and broadcast", in("pthread_cond_signal(&c);"), in("pthread_cond_broadcast(&c);"), toNobody, 1,
			"T1 is at signal (pthread_cond_signal(&c))", "T1 is at broadcast (pthread_cond_broadcast(&c))",
		},
		{
			"an end with the lock", in("n = 1;"), "void f(void) { pthread_mutex_lock(&a); n = 1; }", toNobody, 1,
			"T1 can do store (n = 1)", "T1 can do store (n = 1), and is done",
		},
		{
			"a trylock that can fail", in("n = 1;"),
			"void f(void) { if (pthread_mutex_trylock(&a)) return; n = 1; pthread_mutex_unlock(&a); }", toNobody, 0, "", "",
		},
	} {
		for _, threads := range []string{"f()", "f() x2"} {
			t.Run(c.name+" "+threads, func(t *testing.T) {
				p, q := program(t, c.one, threads), program(t, c.other, threads)
				for k, pair := range [][2]*model.Program{{p, q}, {q, p}} {
					got, err := compare(t.Context(), pair[0], pair[1], false, 100_000)
					if err != nil || got.Limit != model.NoLimit {
						t.Fatal(got, err)
					}
					if got.Alike != (c.alike != toNobody) {
						t.Fatalf("%d: alike: %t, %+v", k, got.Alike, got.Apart)
					}
					strictly, err := compare(t.Context(), pair[0], pair[1], true, 100_000)
					if err != nil || strictly.Limit != model.NoLimit || strictly.Alike != (c.alike == toAll) {
						t.Fatalf("%d: strictly: %+v %v", k, strictly, err)
					}
					if c.alike != toNobody {
						continue
					}
					original, mutant := got.Apart.Original, got.Apart.Mutant
					if k == 1 {
						original, mutant = mutant, original
					}
					if original == mutant {
						t.Errorf("both are %q", original)
					}
					if threads == "f()" && (c.steps != got.Apart.Steps || c.original != "" && (c.original != original || c.mutant != mutant)) {
						t.Errorf("%d: after %d steps (%s) %q and %q", k, got.Apart.Steps, got.Apart.Schedule, original, mutant)
					}
				}
			})
		}
	}
}

// A comparison that does not come to its end says so, and not that programs are alike.
func TestAlikeWithinBounds(t *testing.T) {
	p := program(t, "void f(void) { n = 1; n = 2; n = 3; }", "f() x3")
	got, err := compare(t.Context(), p, p, false, 10)
	if err != nil || got.Alike || got.Limit != model.StatesLimit {
		t.Errorf("%+v %v", got, err)
	}
	r, err := search.Search(t.Context(), p, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, err = compare(t.Context(), p, p, false, r.Stats.States); err != nil || !got.Alike || got.States != 2*r.Stats.States {
		t.Errorf("%+v %v", got, err)
	}
	if got, err = compare(t.Context(), p, p, false, r.Stats.States-1); err != nil || got.Alike || got.Limit != model.StatesLimit {
		t.Errorf("%+v %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err = compare(ctx, p, p, false, 1000); err != nil || got.Alike || got.Limit != model.InterruptLimit {
		t.Errorf("%+v %v", got, err)
	}
}
