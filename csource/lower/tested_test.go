package lower_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
)

// A check that fails says what it looked at, as far as every way to it agrees.
func TestTested(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"a local":          {"int n; void f(void) { int v = 1; n = 1; assert(v == 2); }", "v is 1"},
		"a pointer":        {"int n, *p; void f(void) { int *q = p; p = &n; assert(q != NULL); }", "q is NULL"},
		"two":              {"int n; void f(void) { int v = 1, w = 2; n = 3; assert(v == w); }", "v is 1, w is 2"},
		"a constant field": {"struct s { int n, m; } x; void f(void) { struct s *p = &x; p->m = 4; assert(p->n > 4); }", "p->n is 0"},
		"locals of a part": {"int n; void f(void) { int v = 0, w = 2; n = 1; assert(v && w); }", ""},
		"not looked at":    {"int n, m; void f(void) { n = 1; m = 1; assert(n == 2 && m == 2); }", ""},
		"two ways":         {"int n; void f(void) { int v = nondet() ? 1 : 2; n = 1; assert(v == 3 && n); }", ""},
		"two values":       {"int n; void f(void) { int v = n; n = 1; assert(v == 2); }", ""},
		"held":             {"pthread_mutex_t m; void f(void) { assert(held(&m)); }", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := build(t, c.src, "f()")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i := range p.Threads[0].Nodes {
				if n := &p.Threads[0].Nodes[i]; n.Op == model.OpFail && n.Checks[0].Kind == model.AssertKind {
					for _, l := range n.Locals {
						got = append(got, l.Name+" is "+l.Value)
					}
				}
			}
			if s := strings.Join(got, ", "); s != c.want {
				t.Errorf("%q, want %q", s, c.want)
			}
		})
	}
}

// A function that does one thing is a wrapper, and one that does more is none.
func TestWrappers(t *testing.T) {
	const src = `
struct s { pthread_mutex_t m; int n; } x;
void lock(struct s *p) { assert(p); pthread_mutex_lock(&p->m); }
void enter(struct s *p) { lock(p); }
void twice(struct s *p) { enter(p); p->n = 1; pthread_mutex_unlock(&p->m); }
int  try(struct s *p) { return pthread_mutex_trylock(&p->m); }
void f(void) { twice(&x); if (try(&x) == 0) pthread_mutex_unlock(&x.m); }`
	p, err := build(t, src, "f()")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for i := range p.Threads[0].Nodes {
		for _, c := range p.Threads[0].Nodes[i].Calls {
			got[c.Function] = fmt.Sprint(c.Wrapper)
		}
	}
	for name, want := range map[string]string{"lock": "true", "enter": "true", "twice": "false", "try": "true", "f": "false"} {
		if got[name] != want {
			t.Errorf("%s is a wrapper: %q, want %s", name, got[name], want)
		}
	}
}
