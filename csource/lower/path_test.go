package lower_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// missed lists the places of a program that no state passes, and the faults that strike in none:
// those that some path of the threads offers.
func missed(t *testing.T, src string, threads ...string) []string {
	t.Helper()
	p, err := build(t, object+"static pthread_cond_t c; "+src, threads...)
	if err != nil {
		t.Fatal(err)
	}
	r, err := search.Search(t.Context(), p, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	passed, offered := p.Code.Passed(r.Paths), p.Offered()
	var all []string
	for id, x := range p.Code.Places[1:] {
		_, called := slices.BinarySearch(p.Code.Functions, x.Function)
		switch id++; {
		case passed[id] || !called || x.Kind == model.FaultBranch && !offered[id]:
		default:
			all = append(all, fmt.Sprintf("%s: %s", x.Function, x.Text))
		}
	}
	return all
}

// What no run reaches is exactly what was seeded: statements without a step too, each way on from a
// condition, each case of a switch, and each fault of a wait.
func TestMissed(t *testing.T) {
	for name, c := range map[string]struct {
		src     string
		threads []string
		want    []string
	}{
		"all reached": {
			"void f(void) { int i = 0; while (i < 2) i++; if (i == 2 || shared) shared = i; }",
			[]string{"f()"},
			[]string{"f: not i == 2", "f: shared", "f: shared", "f: not shared"},
		},
		"local code alone": {
			"void f(int a) { int x = 1; if (a) x = 2; else x = 3; shared = 1; }",
			[]string{"f(1)"},
			[]string{"f: not a", "f: x = 3"},
		},
		"both arms in two threads": {
			"void f(int a) { int x; if (a) x = 2; else x = 3; shared = 1; }",
			[]string{"f(1)", "f(0)"},
			nil,
		},
		"an arm without a statement": {
			"void f(int a) { if (a) { } shared = 1; }",
			[]string{"f(0)"},
			[]string{"f: a"},
		},
		"a value that nobody stores": {
			"int f(void) { shared = 1; if (shared == 2) return -1; return 0; }",
			[]string{"f()"},
			[]string{"f: shared == 2", "f: return -1"},
		},
		"a race that only some interleavings show": {
			"void f(void) { shared = 1; shared = 2; } void g(void) { if (shared == 1) other = 1; }",
			[]string{"f()", "g()"},
			nil,
		},
		"a switch": {
			"void f(int a) { switch (a) { case 1: shared = 1; break; case 2 ... 4: shared = 2; break; default: shared = 3; } }",
			[]string{"f(1)", "f(3)"},
			[]string{"f: default", "f: shared = 3"},
		},
		"a function that is called, and one that is not": {
			"void g(void) { shared = 1; } void h(void) { shared = 2; } void f(int a) { if (a) g(); }",
			[]string{"f(0)"},
			[]string{"g: shared = 1", "f: a", "f: g()"},
		},
		"after a step that blocks for ever": {
			"pthread_mutex_t m; void f(void) { pthread_mutex_lock(&m); shared = 1; while (shared); other = 2; }",
			[]string{"f()"},
			[]string{"f: not shared", "f: other = 2"},
		},
		"a wait that nobody ends": {
			"void f(void) { pthread_mutex_lock(&big); pthread_cond_wait(&c, &big); pthread_mutex_unlock(&big); }",
			[]string{"f()"},
			[]string{"f: pthread_mutex_unlock(&big)"},
		},
		"a wait that only a fault ends": {
			"void f(void) { pthread_mutex_lock(&big); pthread_cond_wait(&c, &big); pthread_mutex_unlock(&big); }",
			[]string{"f()~"},
			nil,
		},
		"memory, and none": {
			"typedef struct { int v; } item; void f(void) { item *p = malloc(sizeof(item)); if (!p) other = 1; free(p); }",
			[]string{"f()!"},
			nil,
		},
		"memory for ever": {
			"typedef struct { int v; } item; void f(void) { item *p = malloc(sizeof(item)); if (!p) other = 1; free(p); }",
			[]string{"f()"},
			[]string{"f: not p", "f: other = 1"},
		},
		"nondet": {
			"void f(void) { int x = 0; if (nondet()) x = 1; shared = 2; }",
			[]string{"f()"},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, missed(t, c.src, c.threads...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Labels of a switch are named as the type of what it looks at has them.
func TestMissedCases(t *testing.T) {
	const src = "static unsigned long n = 3; void f(void) { n = 3; switch (n) { case 4 ... 6: n = 1; break; case -1: n = 2; } }"
	want := []string{"f: case 4 ... 6", "f: case 18446744073709551615", "f: n = 1", "f: n = 2"}
	got := missed(t, src, "f()")
	for _, text := range want {
		if !slices.Contains(got, text) {
			t.Errorf("%q is not in %q", text, got)
		}
	}
}

// What a check that holds does not come to is not missed, nor is a branch that no C has: in what
// join does with the result.
func TestChecksMissNothing(t *testing.T) {
	for _, src := range []string{
		"static int n, k; void f(void) { n = 1; k = 2; assert(n == 1 && k == 2); }",
		"static int n; void f(void) { n = 1; assert(n ? n > 0 : n < 0); requires(n || !n); check(no-job, n && 1); }",
		"static int n; static void *run(void *a) { n = 1; return a; } void f(void) { pthread_t t; void *r; pthread_create(&t, NULL, run, NULL); pthread_join(t, &r); }",
	} {
		if got := missed(t, src, "f()"); len(got) > 0 {
			t.Errorf("%s: missed %q", src, got)
		}
	}
}
