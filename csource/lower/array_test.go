package lower_test

import (
	"testing"

	"github.com/lockproof/lockproof/model"
)

// Arrays are objects whose elements are variables, locks, conditions, structs or arrays.
func TestArrays(t *testing.T) {
	one, two := []string{"f()"}, []string{"f()", "f()"}
	checkSmall(t, map[string]small{
		"elements":  {"int a[3]; void f(void) { a[0] = 1; a[2] = 5; int v = a[0] + a[2] + a[1]; assert(v == 6); }", one, model.OK, "", 5},
		"length":    {"enum { N = 2 }; int a[N * 2 - 1]; void f(void) { a[2] = 1; int v = a[2]; assert(v == 1); }", one, model.OK, "", 3},
		"by values": {"int a[] = { 3, 4, 5 }; void f(void) { int v = a[2]; assert(v == 5); a[2] = 0; }", one, model.OK, "", 3},
		"constants": {"const int a[] = { 3, 4, 5 }; int out; void f(void) { out = a[0] + a[1] * a[2]; int v = out; assert(v == 23); }", one, model.OK, "", 3},
		"pointers": {
			"int a[4]; void f(void) { int *p = a; *p++ = 1; *(a + 1) = 2; 2[a] = 3; p += 2; *p-- = 4; int *q = &a[3]; " +
				"int v = q - p, ok = p < q && q <= q && &a[2] == p && a + 4 > q && p != q; assert(v == 1 && ok); v = *p + p[1] + p[-1]; assert(v == 9); }",
			one, model.OK, "", 8,
		},
		"loop":    {"int a[3]; void f(void) { int v = 0; for (int i = 0; i < 3; i++) a[i] = i + 1; for (int *p = a; p != a + 3; p++) v += *p; assert(v == 6); }", one, model.OK, "", 7},
		"of rows": {"int a[2][3]; void f(void) { a[1][2] = 7; a[0][2] = 1; int *row = a[1], v = row[2] + *(*a + 2); assert(v == 8); int (*r)[3] = a + 1; v = (*r)[2]; assert(v == 7); v = r - a; assert(v == 1); }", one, model.OK, "", 6},
		"of structs": {
			"struct s { int n, m; }; struct s t[3]; void f(void) { struct s *p = &t[1]; p->n = 2; p++; p->m = 3; (p - 1)->m = 4; " +
				"int v = t[1].n + t[2].m + (*p).n + (t + 1)->m, d = p - t; assert(v == 9 && d == 2); }",
			one, model.OK, "", 8,
		},
		"in a struct": {
			"struct s { int n; int a[2]; struct { int x[2]; } in; }; struct s g; void f(void) { struct s *p = &g; p->a[1] = 3; g.in.x[0] = 4; int v = g.a[1] + p->in.x[0]; assert(v == 7); }",
			one, model.OK, "", 5,
		},
		"static": {"int next(void) { static int a[2]; a[1]++; return a[1]; } void f(void) { next(); int v = next(); assert(v == 2); }", one, model.OK, "", 7},
		"of an own": {
			"__thread int a[2]; void f(void) { a[1] = self(); int v = a[1]; assert(v == self()); }", two, model.OK, "", 9,
		},
		"of objects": {"struct s { int n; }; struct s x, y; struct s *t[2] = { &y, &x }; void f(void) { t[0]->n = 1; t[1]->n = 2; int v = x.n, w = y.n; assert(v == 2 && w == 1); }", one, model.OK, "", 5},
		"of pointers": {
			"struct s { int n; }; struct s x, y; struct s *t[2]; void f(void) { t[1] = &x; t[0] = &y; t[1]->n = 3; int v = x.n; assert(v == 3); }", one, model.OK, "", 6,
		},
		"parameter":  {"int a[2]; static void set(int p[], int q[2]) { p[0] = 1; q[1] = 2; } void f(void) { set(a, a); int v = a[0] + a[1]; assert(v == 3); }", one, model.OK, "", 5},
		"truth":      {"int a[2], n; void f(void) { if (a) n = 1; int *p = &a[1]; if (!p || p == 0) n = 2; int v = n; assert(v == 1); }", one, model.OK, "", 3},
		"same place": {"struct s { int a[2]; int b; } g; void f(void) { void *p = &g, *q = g.a, *r = &g.a[0]; int ok = p == q && q == r && &g.a[1] < &g.b; assert(ok); g.b = 1; }", one, model.OK, "", 2},

		"number of elements": {
			"int a[3], b[2][4]; struct s { int t[5]; } g; static int sum(void) { int l[2], n = 0; for (int i = 0; i < G_N_ELEMENTS(l); i++) n++; return n; } " +
				"void f(void) { int n = sizeof(a) / sizeof(a[0]), m = sizeof(b) / sizeof(*b), k = sizeof b / sizeof(int); struct s *p = &g; " +
				"int ok = n == 3 && m == 2 && k == 8 && ARRAY_SIZE(p->t) == 5 && ARRAY_CARDINALITY(b[1]) == 4 && sum() == 2; assert(ok); a[0] = 1; }",
			one, model.OK, "", 2,
		},

		"locks": {
			"pthread_mutex_t l[2]; int n; void f(int i) { pthread_mutex_lock(&l[i]); n = n + 1; pthread_mutex_unlock(l + i); }",
			[]string{"f(0)", "f(0)"},
			model.OK, "", 16,
		},
		"locks in a cycle": {
			"pthread_mutex_t fork_[3]; void f(int i) { pthread_mutex_lock(&fork_[i]); pthread_mutex_lock(&fork_[(i + 1) % 3]); " +
				"pthread_mutex_unlock(&fork_[(i + 1) % 3]); pthread_mutex_unlock(&fork_[i]); }",
			[]string{"f(0)", "f(1)", "f(2)"},
			model.Deadlock, model.LockOrder, 0,
		},
		"locks in order": {
			"struct slot { pthread_mutex_t lock; int n; } t[2]; void f(void) { for (int i = 0; i < 2; i++) { pthread_mutex_lock(&t[i].lock); t[i].n++; int v = t[i].n; " +
				"assert(v <= 2); pthread_mutex_unlock(&t[i].lock); } }",
			two, model.OK, "", 89,
		},
		"guarded": {
			"struct s { pthread_mutex_t lock; int a[2] __attribute__((guarded_by(lock))); } g; void f(void) { g.a[1] = 1; }", one, model.Violation, model.MissingLock, 0,
		},
		"guarded, held": {
			"pthread_mutex_t lock; int a[2] __attribute__((guarded_by(lock))); void f(void) { pthread_mutex_lock(&lock); a[1] = 1; pthread_mutex_unlock(&lock); }",
			one, model.OK, "", 4,
		},
		"conditions": {
			"pthread_mutex_t m; pthread_cond_t c[2]; int ready[2]; void f(int i) { pthread_mutex_lock(&m); while (!ready[i]) pthread_cond_wait(&c[i], &m); pthread_mutex_unlock(&m); } " +
				"void g(int i) { pthread_mutex_lock(&m); ready[i] = 1; pthread_cond_signal(&c[i]); pthread_mutex_unlock(&m); }",
			[]string{"f(1)", "g(1)"},
			model.OK, "", 15,
		},
		"wrong condition": {
			"pthread_mutex_t m; pthread_cond_t c[2]; int ready[2]; void f(int i) { pthread_mutex_lock(&m); while (!ready[i]) pthread_cond_wait(&c[0], &m); pthread_mutex_unlock(&m); } " +
				"void g(int i) { pthread_mutex_lock(&m); ready[i] = 1; pthread_cond_signal(&c[i]); pthread_mutex_unlock(&m); }",
			[]string{"f(1)", "g(1)"},
			model.Deadlock, model.LostWakeup, 0,
		},

		"past the end":      {"int a[2]; void f(int i) { a[i] = 1; }", []string{"f(2)"}, model.Violation, model.OutOfBounds, 0},
		"before the start":  {"int a[2], n; void f(int i) { n = a[i]; }", []string{"f(-1)"}, model.Violation, model.OutOfBounds, 0},
		"not past the end":  {"int a[2]; void f(int i) { a[i] = 1; }", []string{"f(1)"}, model.OK, "", 2},
		"a lock too many":   {"pthread_mutex_t l[2]; void f(void) { pthread_mutex_lock(&l[2]); }", one, model.Violation, model.OutOfBounds, 0},
		"a struct too many": {"struct s { int n; } t[2]; void f(void) { t[2].n = 1; }", one, model.Violation, model.OutOfBounds, 0},
		"a row too many":    {"int a[2][2]; void f(void) { a[2][0] = 1; }", one, model.Violation, model.OutOfBounds, 0},
		"of the next row":   {"int a[2][2]; void f(void) { a[0][2] = 1; }", one, model.Violation, model.OutOfBounds, 0},
		"beside a variable": {"int a, b; void f(void) { int *p = &a; p[1] = 1; }", one, model.Violation, model.OutOfBounds, 0},
		"beside a struct":   {"struct s { int n; } x; void f(void) { struct s *p = &x; p++; p->n = 1; }", one, model.Violation, model.OutOfBounds, 0},
		"beside and back":   {"int a[2]; void f(void) { int *p = a - 1; p++; *p = 1; p += 2; p--; *p = 2; }", one, model.OK, "", 3},
		"only sometimes": {
			"int a[2], n; void f(void) { n = 2; } void g(void) { int i = n; a[i] = 1; }", []string{"f()", "g()"}, model.Violation, model.OutOfBounds, 0,
		},
		"order of two":      {"int shared, a[2], b[2]; void f(void) { shared = &a[0] < &b[0]; }", one, model.Violation, model.Undefined, 0},
		"order with NULL":   {"int shared, a[2]; void f(int *p) { shared = p < a; }", []string{"f(NULL)"}, model.Violation, model.Undefined, 0},
		"difference of two": {"int shared, a[2], b[2]; void f(void) { shared = &a[0] - b; }", one, model.Violation, model.Undefined, 0},
		"difference sometimes": {
			"int shared, a[2], b[2], *p; void f(void) { p = b; } void g(void) { int *q = p; if (q) shared = q - a; }", []string{"f()", "g()"}, model.Violation, model.Undefined, 0,
		},
		"off by one": {"int a[3]; void f(void) { for (int i = 0; i <= 3; i++) a[i] = 0; }", one, model.Violation, model.OutOfBounds, 0},
	})
}

// An array that cannot be modelled is refused where it stands.
func TestArraysRefused(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"no length":    {"int a[]; void f(void) { a[0] = 1; }", "t.c:2:5: a has no length"},
		"a variable's": {"int n; int a[n]; void f(void) { a[0] = 1; }", "t.c:2:14: the length of an array is a constant, and n is none"},
		"negative":     {"int a[-1]; void f(void) { a[0] = 1; }", "t.c:2:7: the length of an array is a constant, and -1 is none"},
		"too long":     {"int a[1 << 21]; void f(void) { a[0] = 1; }", "t.c:2:7: an array of more than 1048576 elements"},
		"too many":     {"int a[1 << 19][4]; void f(void) { a[0][0] = 1; }", "t.c:2:5: more than 1048576 fields in all objects together"},
		"grows":        {"struct s { int n; int a[]; }; void f(void) { }", "t.c:2:23: a has no length: an array at the end of a struct that grows cannot be modelled"},
		"assigned":     {"int a[2], b[2]; void f(void) { a = b; }", "a is int [2], and b is int *"},
		"no pointer":   {"void f(void) { int n = 1; n[n] = 1; }", "n has no elements: it is int"},
		"of void":      {"void f(void) { void *p = &shared; p[0]; }", "p[0] has no elements: it points to void"},
		"two types":    {"int a[2]; struct s { int n; } b[2]; void f(void) { shared = a < b; }", "< takes two pointers of one type, and these are int * and struct s *"},
		"multiplied":   {"int a[2]; void f(void) { shared = a * 2; }", "* on a pointer cannot be modelled"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, c.src, "f()", c.want) })
	}
}
