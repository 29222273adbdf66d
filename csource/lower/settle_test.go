package lower_test

import (
	"slices"
	"testing"

	"github.com/lockproof/lockproof/model"
)

// What is taken for a constant until somebody assigns it, and read by threads that come before the
// one that does, is built again: no answer depends on the order in which threads are listed.
func TestOrderOfThreads(t *testing.T) {
	for name, c := range map[string]struct {
		src     string
		threads []string
		verdict model.Verdict
		kind    model.Kind
		states  int64
	}{
		"a spin before its setter": {
			"void w(void) { while (!shared); } void s(void) { shared = 1; }", []string{"w()", "s()"}, model.OK, "", 3,
		},
		"a spin with a step of its own": {
			"void w(void) { while (!shared) other = 1; } void s(void) { shared = 1; }", []string{"w()", "s()"}, model.OK, "", 10,
		},
		"a loop that never takes a step, until": {
			"void w(void) { if (shared) other = 1; } void s(void) { shared = 1; }", []string{"w()*", "s()"}, model.OK, "", 5,
		},
		"a chain of constants": {
			"static int a, b, c; void u(void) { while (!a); b = 1; } void v(void) { while (!b); c = 1; } void w(void) { while (!c); other = 1; } void s(void) { a = 1; }",
			[]string{"w()", "v()", "u()", "s()"},
			model.OK, "", 8,
		},
		"values that others store": {
			"void w(void) { int i = shared; if (i == 3) other = 7; if (other == 7) assert(0); } void s(void) { shared++; shared++; shared++; }",
			[]string{"w()", "s()"},
			model.Violation, model.AssertKind, 25,
		},
	} {
		t.Run(name, func(t *testing.T) {
			for range 2 {
				v, k, n := verdict(t, object+c.src, c.threads...)
				if v != c.verdict || k != c.kind || n != c.states {
					t.Errorf("%v: got %s %q with %d states, want %s %q with %d", c.threads, v, k, n, c.verdict, c.kind, c.states)
				}
				slices.Reverse(c.threads)
			}
		})
	}
}

// Equal threads are one automaton, unless they ask who they are.
func TestEqualThreads(t *testing.T) {
	p, err := build(t, object+"void f(int a) { shared = a; } void g(void) { other = self(); }", "f(1)", "f(1)", "f(2)", "g()", "g()", "g()~", "f(1)*")
	if err != nil {
		t.Fatal(err)
	}
	var stores []int64
	for i := range p.Threads {
		if p.Threads[i].Nodes[0].Op != model.OpStore {
			t.Fatalf("thread %d begins with %s", i, p.Threads[i].Nodes[0].Op)
		}
		stores = append(stores, p.Threads[i].Nodes[0].Value)
	}
	if want := []int64{1, 1, 2, 4, 5, 6, 1}; !slices.Equal(stores, want) {
		t.Errorf("stores %d, want %d", stores, want)
	}
	if !p.Threads[6].Loop || p.Threads[0].Loop {
		t.Error("a thread that loops is not equal to one that does not")
	}
}
