package lower_test

import (
	"testing"

	"github.com/lockproof/lockproof/model"
)

// What C evaluates to where little is written: types of blocks, builtins of a variable, atomic
// arithmetic that wraps round, and what a local object has that nobody initialised.
func TestEvaluated(t *testing.T) {
	one := []string{"f()"}
	holds := func(states int64, src string) small { return small{src, one, model.OK, "", states} }
	fails := func(kind model.Kind, src string) small { return small{src, one, model.Violation, kind, 0} }
	checkSmall(t, map[string]small{
		"the last of a block":     holds(1, "void f(void) { int n = sizeof(typeof(({ char c = 1; c; long m = 2; m; }))); assert(n == 8); }"),
		"its variables":           holds(1, "void f(void) { short a = 3; int n = sizeof(typeof(({ long a = 1; a; }))); assert(n == 8); assert(a == 3); }"),
		"one of several":          holds(1, "void f(void) { int n = sizeof(typeof(({ long a = 1; char b = 2; b; }))); assert(n == 1); }"),
		"false":                   holds(1, "_Static_assert(!false && !FALSE && true && TRUE, \"\"); int a[false + 2]; void f(void) { int n = sizeof a; assert(n == 8); }"),
		"bits of a variable":      holds(3, "int g; void f(void) { g = 7; int v = g; int n = __builtin_popcount(v); assert(n == 3); }"),
		"no bit":                  fails(model.Undefined, "int g; void f(void) { int v = g; int n = __builtin_ctz(v); assert(n >= 0); g = 1; }"),
		"wraps up":                holds(3, "_Atomic int g = 2147483647; void f(void) { atomic_fetch_add(&g, 1); int v = g; assert(v == -2147483647 - 1); }"),
		"wraps down":              holds(3, "_Atomic int g = -2147483647 - 1; void f(void) { atomic_fetch_sub(&g, 1); int v = g; assert(v == 2147483647); }"),
		"types of arrays":         holds(1, "_Static_assert(__builtin_types_compatible_p(int[2], int[2]) && __builtin_types_compatible_p(int[], int[2]), \"\"); _Static_assert(!__builtin_types_compatible_p(int[2], long[2]) && !__builtin_types_compatible_p(int[2], int[3]), \"\"); void f(void) { }"),
		"an argument of its type": {"struct a { int n; } x; struct b { int m; } y; void f(struct a *p, struct b *q) { p->n = 1; q->m = 2; }", []string{"f(&x, &y)"}, model.OK, "", 3},
		"a raw mutex":             fails(model.Undefined, "void f(void) { pthread_mutex_t m; pthread_mutex_lock(&m); pthread_mutex_unlock(&m); }"),
		"a raw condition":         fails(model.Undefined, "void f(void) { pthread_cond_t c; pthread_cond_signal(&c); }"),
		"a raw rwlock":            fails(model.Undefined, "void f(void) { pthread_rwlock_t l; pthread_rwlock_rdlock(&l); pthread_rwlock_unlock(&l); }"),
		"a condition":             holds(3, "void f(void) { pthread_cond_t c = PTHREAD_COND_INITIALIZER; pthread_cond_signal(&c); }"),
	})
}
