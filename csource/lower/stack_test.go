package lower_test

import (
	"testing"

	"github.com/lockproof/lockproof/model"
)

const seen = `
static int *p, x;
static pthread_mutex_t big;
struct w { pthread_cond_t c; int done; };
static struct w *head;
`

// The end of a scope that others may see is a step, coming to life is none.
func TestScopes(t *testing.T) {
	checkSmall(t, map[string]small{
		"a lock":                     {seen + "void f(void) { pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; pthread_mutex_lock(&m); pthread_mutex_unlock(&m); }", []string{"f()"}, model.OK, "", 4},
		"a lock that is initialised": {seen + "void f(void) { pthread_mutex_t m; pthread_mutex_init(&m, NULL); pthread_mutex_lock(&m); pthread_mutex_unlock(&m); }", []string{"f()"}, model.OK, "", 4},
		"a lock that is destroyed":   {seen + "void f(void) { pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; pthread_mutex_lock(&m); pthread_mutex_unlock(&m); pthread_mutex_destroy(&m); }", []string{"f()"}, model.OK, "", 5},
		"what is constant is there":  {seen + "void f(void) { int n = 3; p = &n; x = *p; }", []string{"f()"}, model.OK, "", 5},
		"what is computed is stored": {seen + "void f(int k) { int n = k; p = &n; }", []string{"f(1)"}, model.OK, "", 4},
		"a parameter":                {seen + "void f(int k) { p = &k; }", []string{"f(1)"}, model.OK, "", 4},
		"private":                    {seen + "void f(int k) { int n = k, *q = &n; (*q)++; x = n; }", []string{"f(1)"}, model.OK, "", 2},
		"private in one thread":      {seen + "void f(int k) { int n = k, *q = &n; if (k) p = q; }", []string{"f(0)", "f(1)"}, model.OK, "", 4},
		"not in a message":           {seen + "void f(int k) { int n = k; printf(\"%p\", (void *) &n); n = 2; x = 1; x = 2; }", []string{"f(1)"}, model.OK, "", 3},
		"both ends":                  {seen + "void f(void) { int a = 1, b = 2; p = &a; p = &b; }", []string{"f()"}, model.OK, "", 5},
		"whose block was left":       {seen + "void f(void) { { int a = 1; p = &a; } *p = 1; }", []string{"f()"}, model.Violation, model.UseAfterRelease, 0},
		"a pointer of its own":       {seen + "void f(void) { int *q; { int a = 1; p = &a; q = p; } *q = 1; }", []string{"f()"}, model.Violation, model.Undefined, 0},
		"a private one":              {seen + "void f(void) { int *q; { int a = 1; q = &a; } x = *q; }", []string{"f()"}, model.Violation, model.Undefined, 0},
		"on every way out": {
			seen + "void f(int k) { while (k) { int a = 1; p = &a; if (k == 1) break; if (k == 2) { k = 0; continue; } if (k == 3) goto out; return; } out: *p = 1; }",
			[]string{"f(1)"},
			model.Violation, model.UseAfterRelease, 0,
		},
		"by continue": {seen + "void f(int k) { while (k) { int a = 1; p = &a; if (k == 2) { k = 0; continue; } } *p = 1; }", []string{"f(2)"}, model.Violation, model.UseAfterRelease, 0},
		"by goto":     {seen + "void f(int k) { { int a = 1; p = &a; goto out; } out: *p = 1; }", []string{"f(2)"}, model.Violation, model.UseAfterRelease, 0},
		"by return":   {seen + "static void g(int k) { int a = 1; p = &a; return; } void f(int k) { g(k); *p = 1; }", []string{"f(2)"}, model.Violation, model.UseAfterRelease, 0},
		"after the clean-up of its block": {
			seen + "static void clean(int **q) { **q = 2; } void f(void) { __attribute__((cleanup(clean))) int *q; int a = 1; p = &a; q = &a; }",
			[]string{"f()"},
			model.OK, "", 4,
		},
		"before the clean-up of what lies around it": {
			seen + "static void clean(int **q) { *p = 2; } void f(void) { __attribute__((cleanup(clean))) int *q = NULL; { int a = 1; p = &a; } }",
			[]string{"f()"},
			model.Violation, model.UseAfterRelease, 0,
		},
		"held at the end": {
			seen + "static void g(int k) { pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; pthread_mutex_lock(&m); if (k) return; pthread_mutex_unlock(&m); } void f(int k) { g(k); x = 1; }",
			[]string{"f(1)"},
			model.Violation, model.LockLeak, 0,
		},
		"each call its own": {
			seen + "static void g(int k) { pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; pthread_mutex_lock(&m); if (k) g(k - 1); pthread_mutex_unlock(&m); } void f(int k) { g(k); }",
			[]string{"f(2)"},
			model.OK, "", 10,
		},
		"each thread its own": {
			seen + "void f(void) { pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; pthread_mutex_lock(&m); pthread_mutex_unlock(&m); }", []string{"f()", "f()"}, model.OK, "", 16,
		},
		"by an update": {seen + "static _Atomic(int *) q; void f(void) { int a = 1; atomic_exchange(&q, &a); }", []string{"f()"}, model.OK, "", 3},
	})
}
