package lower_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/syntax"
)

// known is what the small programs of this test find declared.
const known = `struct s { int a; int *p; }; struct u { int b; }; struct s g; struct u h; int n; pthread_mutex_t m; int *q; void *vp; void fv(void) { } struct s fs(void) { return g; } int fi(int a, int *p) { return a; }
`

// passed is the kind of what C forbids and GCC lets pass.
const passed = "GCC lets it pass"

// bad are programs that break a constraint of C: both we and GCC refuse them.
var bad = map[string][]string{
	"const": {
		"const int c = 1; void f(void) { c = 2; }",
		"void f(const int *p) { *p = 1; }",
		"void f(int const *p) { p[0] = 1; }",
		"void f(int *const p) { p = 0; }",
		"void f(const struct s *p) { p->a = 1; }",
		"void f(const struct s *p) { p->a++; }",
		"void f(const struct s *p) { p->a += 2; }",
		"const int c; void f(void) { --c; }",
		"const int c[2] = { 1, 2 }; void f(void) { c[0] = 1; }",
		"typedef int row[2]; const row c = { 1, 2 }; void f(void) { c[1]--; }",
		"struct k { const int a; int b; }; void f(struct k *x, struct k *y) { x->a = 1; }",
		"struct k { const int a; int b; }; void f(struct k *x, struct k *y) { *x = *y; }",
		"struct k { const int a[2]; int b; }; void f(struct k *x, struct k *y) { *x = *y; }",
		"struct k { struct { const int a; } in; int b; }; void f(struct k *x, struct k *y) { *x = *y; }",
		"typedef const int ci; void f(ci *p) { *p = 1; }",
		"typedef int *ip; void f(const ip p) { p = 0; }",
		"void f(int *const *p) { *p = 0; }",
		"void f(const int **p) { **p = 0; }",
		"void f(void) { const int c = 1; c++; }",
		"void f(void) { const struct s c = { 1 }; c.p = 0; }",
		"void f(void) { for (const int i = 0; i < 2; i++) ; }",
		"void f(const int c) { c = 1; }",
		"void f(void) { const __typeof__(n) c = 1; c = 2; }",
		"void f(void) { const __auto_type c = 1; c = 2; }",
		"struct k { struct { int a; }; }; void f(const struct k *p) { p->a = 1; }",
		"void f(void) { \"abc\" = 0; }",
		"enum e { A }; void f(const enum e *p) { *p = A; }",
		"void f(const _Bool b) { b |= 1; }",
		"extern const int c; void f(void) { c = 1; }",
		"void f(void) { (*(const int *) &n) = 1; }",
		"void f(void) { ((const struct s *) &g)->a = 1; }",
		"void f(const struct s *p, const struct s *r) { *p = *r; }",
	},
	"conditions": {
		"void f(void) { if (m) n = 1; }",
		"void f(struct s s) { while (s) n = 1; }",
		"void f(struct s s) { do n = 1; while (s); }",
		"void f(struct s s) { for (; s; ) n = 1; }",
		"void f(struct s s) { n = !s; }",
		"void f(struct s s) { n = s && n; }",
		"void f(struct s s) { n = n || s; }",
		"void f(struct s s) { n = s ? 1 : 2; }",
		"void f(void) { if (fv()) n = 1; }",
		"void f(struct s s) { switch (s) { default: ; } }",
		"void f(int *p) { switch (p) { default: ; } }",
		"void f(void) { n = !m; }",
	},
	"members": {
		"void f(struct s s) { s->a = 1; }",
		"void f(struct s *s) { s.a = 1; }",
		"void f(struct s s) { n = s.zz; }",
		"void f(int i) { n = i.a; }",
		"void f(int i) { n = i->a; }",
		"struct far; void f(struct far *p) { n = p->a; }",
		"void f(struct s **s) { n = s->a; }",
		"void f(struct s **s) { n = sizeof(s->a); }",
		"void f(struct s s) { n = sizeof(s->a); }",
	},
	"conditional": {
		"void f(struct s s) { n = (n ? s : n).a; }",
		"void f(struct s s, struct u u) { n = (n ? s : u).a; }",
		"void f(int *p, struct s *s) { n = (n ? p : s) == 0; }",
		"void f(int *p) { n = (n ? p : 1) == 0; }",
		"void f(struct s s, struct s *p) { n ? s : p; }",
	},
	"places": {
		"void f(void) { fs().a = 1; }",
		"void f(void) { int *p = &fs().a; }",
		"void f(void) { fi(1, q) = 1; }",
		"void f(void) { (n + 1) = 1; }",
		"void f(void) { (n ? n : n) = 1; }",
		"void f(void) { n++ = 1; }",
		"void f(void) { ++n = 1; }",
		"void f(void) { 1++; }",
		"void f(void) { q = &1; }",
		"void f(void) { q = &(n + 1); }",
		"void f(void) { q = &n++; }",
		"void f(void) { (int) n = 1; }",
		"void f(void) { f = 0; }",
		"int a[2], b[2]; void f(void) { a = b; }",
		"int a[2]; void f(void) { a++; }",
		"void f(void) { register int r = 1; q = &r; }",
		"void f(register int r) { q = &r; }",
		"void f(void) { register struct s r = { 1 }; q = &r.a; }",
		"struct b { int i : 3; } b; void f(void) { q = &b.i; }",
		"enum e { A }; void f(void) { A = 1; }",
		"void f(void) { (n, n) = 1; }",
		"void f(void) { q = &fi(1, q); }",
	},
	"initial": {
		"static int x = n;",
		"static int *x = q;",
		"int x = fi(1, 0);",
		"void f(int a) { static int x = a; }",
		"void f(void) { int a; static int *x = &a; }",
		"static int x[2] = { 1, n };",
		"static struct s x = { .p = q };",
		"static struct s x = { n };",
		"static struct s x = g;",
		"struct s *p; static int *x = &p->a;",
		"static int x = n + 1;",
		"static int *x = q + 1;",
		"static int x = ({ 1; });",
		"static int x = (1, n);",
		"static _Thread_local int t; static int *x = &t;",
		"int a[3]; static int x = a[1];",
		"static int x = n ? 1 : 2;",
		"int x = { 1, q };",
		"struct s x = 1;",
		"int a[2] = 1;",
		"int a[2] = { 1, &n };",
		"struct s x = { .zz = 1 };",
		"struct s x = { .p = 3 };",
		"int x = { .a = 1 };",
		"int *x = 3;",
		"void f(void) { int x = &n; }",
		"void f(void) { int a[] = n; }",
		"void f(struct u u) { struct s s = u; }",
		"void f(void) { int x = {}; int y = { 1, 2, { 3 } }; int *p = { n }; }",
		"char *t[2] = { 1, 2 };",
		"int a[2] = { [q] = 1 };",
		"int c[2] = \"ab\";",
		"void f(void) { extern int x = 1; }",
	},
	"void": {
		"void f(void) { __auto_type x = fv(); }",
		"void f(void) { void x; }",
		"void f(void x, int y) { }",
		"void f(int y, void);",
		"struct v { void x; };",
		"void a[2];",
		"extern void a[2];",
		"void f(void) { n = fv(); }",
		"void f(void) { n = 1 + fv(); }",
		"void f(void) { fi(fv(), q); }",
		"void f(void) { int x = fv(); }",
		"int f(void) { return fv(); }",
		"void f(void) { n = -fv(); }",
		"void f(void) { n = fv() == 0; }",
		"void f(void) { n = (int) fv(); }",
		"void f(void) { n = *vp; }",
		"void f(void) { *vp = 1; }",
		"void f(void) { n = vp[0]; }",
		"void f(void) { fv()++; }",
		"void f(void) { switch (fv()) { default: ; } }",
		"void f(void) { return fv(), 1; }",
	},
	passed: {
		"void x;",
		"void f(void x, int y);",
	},
	"assertions and constants": {
		"_Static_assert(n, \"\");",
		"_Static_assert(n == 1, \"\");",
		"_Static_assert(fi(1, 0), \"\");",
		"void f(int a) { _Static_assert(a, \"\"); }",
		"struct x { int a; _Static_assert(n, \"\"); };",
		"_Static_assert(0, \"\");",
		"_Static_assert(1.5 > 1, \"\");" + "_Static_assert(sizeof(int) == 8, \"\");",
		"int a[n];",
		"static int a[-1];",
		"int a[1.5];",
		"enum e { A = n };",
		"enum e { A = 1.5 };",
		"struct b { int i : n; };",
		"void f(void) { switch (n) { case n: ; } }",
		"void f(void) { switch (n) { case 1.5: ; } }",
		"int a[2 - 3];",
		"void f(void) { int a[-1]; }",
	},
	"twice": {
		"enum e { A, A };",
		"enum e { A }; enum d { A };",
		"enum e { n };",
		"struct x { int a; int a; };",
		"struct x { int a; struct { int a; }; };",
		"struct x { int a, b; struct { struct { int b; }; }; };",
		"void f(int a, int a);",
		"void f(int a, int a) { }",
		"void f(int a) { int a; }",
		"void f(void) { int a; int a; }",
		"void f(void) { int a; enum { a }; }",
		"void f(void) { l: ; l: ; }",
		"void f(void) { switch (n) { case 1: case 1: ; } }",
		"void f(void) { switch (n) { case 1 ... 3: case 2: ; } }",
		"void f(void) { switch (n) { default: default: ; } }",
		"void f(void) { const int k = 2; switch (n) { int a[k]; case 1: a[0] = 1; } }",
		"void f(void) { const int k = 2; switch (n) { case 0: ; int a[k]; default: a[0] = 1; } }",
		"void f(void) { const int k = 2; goto in; int a[k]; in: a[0] = 1; }",
		"void f(void) { const int k = 2; { int a[k]; in: a[0] = 1; } if (n) goto in; }",
		"void f(void) { goto in; n = ({ in: ; 1; }); }",
		"void f(void) { switch (n) { case 0: n = ({ case 1: ; 1; }); } }",
		"int x = 1; int x = 2;",
		"void f(void) { } void f(void) { }",
		"struct s { int a; };",
		"struct x { int a; }; union x { int a; };",
		"struct x { int a; }; enum x { X };",
		"enum x { X }; enum x { Y };",
		"enum x { X }; struct x *p;",
		"typedef int t; typedef long t;",
		"typedef int n;",
		"void f(void) { typedef int t; int t; }",
		"void f(void) { for (int i = 0; i < 2; i++) { int i; int i; } }",
	},
	"specifiers": {
		"_Alignas(3) int x;",
		"_Alignas(-4) int x;",
		"struct x { _Alignas(3) int a; };",
		"int x __attribute__((aligned(3)));",
		"long long long x;",
		"short char x;",
		"signed unsigned x;",
		"unsigned float x;",
		"long char x;",
		"short long x;",
		"short short x;",
		"int int x;",
		"unsigned unsigned x;",
		"signed signed int x;",
		"unsigned _Bool x;",
		"long void *x;",
		"short double x;",
		"int char x;",
		"struct s int x;",
		"struct s struct u x;",
		"int struct s x;",
		"static extern int x;",
		"typedef static int x;",
		"typedef extern int x;",
		"static static int x;",
		"void f(void) { auto register int x; }",
		"void f(void) { static register int x; }",
		"register int x;",
		"auto int x;",
		"void f(static int x);",
		"void f(typedef int x);",
		"struct x { static int a; };",
		"struct x { register int a; };",
		"typedef _Thread_local int x;",
		"void f(void) { _Thread_local int x; }",
		"void f(void) { _Thread_local register int x; }",
		"int y = sizeof(static int);",
		"int restrict x;",
		"void f(void) { static int e(void); }",
		"_Thread_local int f(void);",
		"unsigned size_t x;",
		"long bool x;",
	},
	"kinds of types": {
		"int f(void)[2];",
		"int f(void)(int);",
		"int (*f(void))[2] { return 0; } int f2(void)[2];",
		"typedef int row[2]; row f(void);",
		"typedef int fn(void); fn f(void);" + "fn a[2];",
		"int a[2](void);",
		"struct x { int f(void); };",
		"struct x { struct y z; };",
		"struct x { struct x z; };",
		"struct y x;",
		"static struct y x;",
		"void f(void) { struct y x; }",
		"void f(struct y x) { }",
		"struct y f(void) { }",
		"struct y a[2];",
		"int a[][];",
		"int a[2][];",
		"struct x { int a[]; int b; };",
		"void f(void) { int a[]; }",
		"void f(void) { n = sizeof(struct y); }",
		"void f(void) { n = sizeof(f); }",
		"void f(void) { n = sizeof(void); }",
		"void f(void) { n = sizeof(int (void)); }",
		"struct b { int i : 3; } b; void f(void) { n = sizeof(b.i); }",
		"struct b { float i : 3; };",
		"struct b { int i : 40; };",
		"struct b { int i : -1; };",
		"extern int a[]; void f(void) { n = sizeof(a); }",
		"void f(void) { n = _Alignof(struct y); }",
		"struct y *p; void f(void) { p++; }",
		"struct y *p; void f(void) { p + 1; }",
		"struct y *p; void f(void) { p[1]; }",
		"struct y *p, *r; void f(void) { *p = *r; }",
	},
	"functions": {
		"int f(int a); int f(long a);",
		"int f(int a); int f(int a, int b);",
		"int f(int a); long f(int a);",
		"int f(int a); int f(int a, int b) { return a; }",
		"int f(int a) { return a; } int f(int *a);",
		"int f(int a); static int f(int a) { return a; }",
		"int f(int a, ...); int f(int a);",
		"int f; int f(void);",
		"int f(void); int f;",
		"extern int x; static int x;",
		"static int x; int x;",
		"int x; static int x;",
		"int x; long x;",
		"extern int *x; int x;",
		"int a[2]; int a[3];",
		"int x; const int x;",
		"_Thread_local int x; int x;",
		"void f(void) { extern long n; }",
		"void f(void) { int fv(void); }",
		"int f(int a) { return a; } void e(void) { f(); }",
		"int f(int a) { return a; } void e(void) { f(1, 2); }",
		"int f(int a) { return a; } void e(void) { f(q); }",
		"void e(void) { fi(1, 2); }",
		"void e(void) { fi(q, q); }",
		"void e(void) { fi(1, &g); }",
		"void e(void) { fi(g, q); }",
		"void e(void) { nosuch(); }",
		"void e(void) { n(); }",
		"void e(int (*p)(int)) { p(); }",
		"void e(int (*p)(int)) { p = fv; }",
		"void e(void) { int (*p)(void) = fi; }",
		"void f(void) { return 1; }",
		"int f(void) { return; }",
		"int *f(void) { return 1; }",
		"int f(void) { return q; }",
		"struct s f(void) { return h; }",
		"struct s f(void) { return &g; }",
		"void f(void) { fi(1, q)(); }",
		"void f(struct new *p); struct new { int a; }; void e(struct new *p) { f(p); }",
		"int f(void) { return 1.5 ? g : 1; }",
	},
	"assignments": {
		"void f(struct s *a, struct u *b) { a = b; }",
		"void f(struct s *a) { a = 1; }",
		"void f(struct s *a) { n = a; }",
		"void f(struct s *a) { n += a; }",
		"void f(struct s *a) { q = a; }",
		"void f(struct s *a) { g = a; }",
		"void f(struct s *a) { *a = h; }",
		"void f(int **a) { q = a; }",
		"void f(long *a) { q = a; }",
		"void f(char *a) { q = a; }",
		"void f(void) { m = 0; }",
		"void f(void) { g = 0; }",
		"void f(void) { g += g; }",
		"void f(void) { q += q; }",
		"void f(void) { q *= 2; }",
		"void f(void) { q = q - 1.5; }",
		"void f(void) { q = n; }",
		"void f(float x) { q = x; }",
		"void f(char **a) { const char **b = a; }",
		"void f(long long *a) { long *b = a; }",
		"void f(void) { pthread_mutex_t *p = &n; }",
		"void f(struct s *a) { int (*p)[2] = a; }",
	},
	"operators": {
		"void f(void) { n = g + 1; }",
		"void f(void) { n = 1 - g; }",
		"void f(void) { n = -g; }",
		"void f(void) { n = ~g; }",
		"void f(void) { n = ~q; }",
		"void f(void) { n = +q; }",
		"void f(void) { n = q * 2; }",
		"void f(void) { n = q + q; }",
		"void f(void) { n = q & 1; }",
		"void f(void) { n = q % 2; }",
		"void f(void) { n = q << 1; }",
		"void f(void) { n = 1.5 % 2; }",
		"void f(void) { n = 1.5 & 2; }",
		"void f(void) { n = ~1.5; }",
		"void f(void) { n = g == g; }",
		"void f(void) { n = m == m; }",
		"void f(void) { n = q == 1; }",
		"void f(void) { n = q < 1; }",
		"void f(struct s *p) { n = p == q; }",
		"void f(struct s *p) { n = p - q; }",
		"void f(void) { n = 1 - q; }",
		"void f(void) { g++; }",
		"void f(void) { m--; }",
		"void f(void) { n = n[n]; }",
		"void f(void) { n = q[q]; }",
		"void f(void) { n = q[1.5]; }",
		"void f(void) { n = g[0]; }",
		"void f(void) { n = *n; }",
		"void f(void) { n = *g; }",
		"void f(void) { n = (int) g; }",
		"void f(void) { g = (struct s) n; }",
		"void f(void) { q = (int *) g; }",
		"void f(void) { q = (int *) 1.5; }",
		"void f(void) { n = (float) q > 1; }",
		"void f(void) { (int [2]) n; }",
		"void f(void) { sizeof(s); }",
		"typedef int t; void f(void) { n = t; }",
		"typedef int t; void f(void) { n = t + 1; }",
	},
	"jumps": {
		"void f(void) { break; }",
		"void f(void) { continue; }",
		"void f(void) { switch (n) { case 1: continue; } }",
		"void f(void) { case 1: ; }",
		"void f(void) { default: ; }",
		"void f(void) { goto l; }",
		"void f(void) { if (n) break; }",
		"void f(void) { l: ; } void e(void) { goto l; }",
	},
	"what users write": {
		"void f(void) { pthread_mutex_t *p = m; pthread_mutex_lock(p); }",
		"void f(void) { pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b; b = &a; }",
		"struct job { pthread_mutex_t lock; int n; }; void f(struct job *j) { pthread_mutex_lock(j.lock); }",
		"struct job { pthread_mutex_t lock; int n; }; void f(struct job *j) { pthread_mutex_lock(j->lock); }",
		"struct job { pthread_mutex_t lock; int n; }; void f(struct job j) { pthread_mutex_lock(&j->lock); }",
		"struct job { pthread_mutex_t lock; int n; }; void f(struct job *j) { j->m++; }",
		"struct job { int n; }; static struct job jobs[2]; void f(void) { jobs->n = 1; jobs.n = 2; }",
		"struct job { int n; }; static struct job jobs[2]; void f(int i) { jobs[i]->n = 1; }",
		"struct job { int n; }; struct job *next(void); void f(void) { next().n = 1; }",
		"struct node { struct node *next; int v; }; void f(struct node *l) { for (struct node n = l; n; n = n->next) ; }",
		"struct node { struct node *next; int v; }; void f(struct node *l) { while (l->v) l = l->v; }",
		"struct node { struct node next; int v; };",
		"void f(void) { int a[2]; a = 0; }",
		"void f(void) { int a[2] = { 1, 2 }; int b[2] = a; }",
		"static int count = compute(); ",
		"static int limit = 3; static int slots[limit];",
		"enum state { IDLE, BUSY }; enum state s = IDLE; void f(void) { s = &s; }",
		"enum state { IDLE, BUSY }; void f(enum state s) { switch (s) { case IDLE: case BUSY: case IDLE: ; } }",
		"enum state { IDLE, BUSY, IDLE };",
		"typedef struct { int n; } job; void f(job *j) { job->n = 1; }",
		"typedef struct { int n; } job; typedef struct { int n; } task; void f(job *j) { task *t = j; t->n = 1; }",
		"typedef int (*handler)(int); int on(int *p) { return *p; } static handler hd = on;",
		"typedef int (*handler)(int); int on(int a) { return a; } static handler hd = on(1);",
		"static int (*table[])(int) = { fv };",
		"int worker(int a); void f(void) { worker; worker = 0; }",
		"void f(int n2) { if (n2 = 1, fv()) ; }",
		"int f(int a) { if (a) return; return 1; }",
		"void f(int a) { if (a) return 0; }",
		"bool f(struct s s) { return s; }",
		"int f(void) { int r; r = fv(); return r; }",
		"int f(void) { return (void) 0; }",
		"void f(int n1, int n2) { (n1 > n2 ? n1 : n2) = 0; }",
		"void f(void) { n + 1 = 2; }",
		"void f(void) { &n = q; }",
		"void f(void) { int *const p = &n; p = q; }",
		"void f(const char *s) { s[0] = 0; }",
		"static const int limits[] = { 1, 2 }; void f(void) { limits[1] = 3; }",
		"struct cfg { const char *name; const int max; }; void f(struct cfg *c) { c->max = 2; }",
		"void f(const struct s list[2]) { list[0].a = 1; }",
		"static _Atomic int a; void f(void) { a = q; }",
		"void f(void) { unsigned long *p = &n; *p = 1; }",
		"void f(void) { for (int i = 0, *j = i; i < 2; i++) n += *j; }",
		"void f(void) { int i; { int i; double i; } }",
		"void f(void) { do { int go = 0; } while (go); }",
		"void f(void) { undeclared = 1; }",
		"void f(void) { n = sizeof(struct nosuch); }",
		"struct s *f(void) { return &h; }",
		"void f(struct s *p) { p->p->a = 1; }",
		"void f(struct s *p) { *p.p = 1; }",
		"void f(struct s *p) { n = p->a(); }",
		"void f(void) { n = n(1); }",
		"void f(char *s) { switch (s) { case \"a\": ; } }",
		"void f(void) { n = \"a\" + \"b\"; }",
		"void f(void) { q = \"abc\"; }",
		"int f(int a, int b) { return a ** b; }",
		"int f(struct s *a) { return a->a + a; }",
		"int f(struct s a, struct s b) { return a == b; }",
		"int f(struct s a) { return (int) a; }",
		"void f(void) { struct s x = { 1, 2 }; }",
		"void f(void) { struct s x = { .a = q }; }",
		"void f(void) { goto out; { int x; } }",
		"int fi(int a, char *p);",
		"extern char n;",
		"void f(void) { int n; extern int n; }",
		"void f(void) { static int a; static int a; }",
		"int a, a = 1, a = 2;",
		"void f(int x[n][]) { }",
		"struct flags { unsigned a : 1; }; void f(struct flags *p) { unsigned *u = &p->a; }",
		"struct flags { unsigned a : 1; }; void f(struct flags *p) { n = sizeof p->a; }",
		"void f(void) { if (n) else n = 1; }",
		"union u1 { int a; }; void f(void) { struct u1 x; }",
	},
	"generic": {
		"void f(void) { n = _Generic(q, int: 1, long: 2); }",
		"void f(void) { n = _Generic(n, int: 1, int: 2); }",
		"void f(void) { n = _Generic(n, int: 1, signed: 2); }",
		"void f(void) { n = _Generic(n, default: 1, default: 2); }",
		"void f(void) { n = _Generic(n, int: q); }",
		"void f(void) { n = _Generic(n, struct y: 1, default: 2); }",
		"typedef int t; void f(void) { n = _Generic(n, t: 1, int: 2); }",
		"void f(void) { n = _Generic(g, struct u: 1); }",
		"void f(void) { n = _Generic(g, struct s: 1, struct s: 2); }",
	},
}

// good are valid programs that look like one of those: neither we nor GCC refuse them.
var good = map[string][]string{
	"jumps and arrays": {
		"void f(void) { const int k = 2; { int a[k]; a[0] = 1; goto out; } out: ; }",
		"void f(void) { const int k = 2; int a[k]; again: a[0] = n; if (a[0] < 0) goto again; }",
		"void f(void) { const int k = 2; switch (n) { case 0: { int a[k]; a[0] = 1; break; } default: ; } }",
		"void f(void) { const int k = 2; int a[k]; switch (n) { case 0: a[0] = 1; } }",
		"void f(void) { goto in; int a[2]; in: a[0] = 1; }",
		"void f(void) { n = ({ int x = 0; again: x++; if (x < 2) goto again; x; }); }",
	},
	"const": {
		"const int c = 1; void f(void) { n = c; }",
		"void f(const int *p) { p = q; n = *p; }",
		"void f(int *const p) { *p = 1; }",
		"typedef int *ip; void f(const ip p) { *p = 1; }",
		"void f(const int **p) { *p = 0; }",
		"struct k { const int a; int b; }; void f(struct k *x) { x->b = x->a; }",
		"struct k { const int *a; }; void f(struct k *x, struct k *y) { *x = *y; }",
		"void f(const struct s *p) { *p->p = 1; struct s s = *p; s.a = 2; }",
		"void f(void) { const int c = 1; int d = c; d++; }",
		"void f(void) { const int c = n; __auto_type d = c; d = 2; }",
		"const int c[2] = { 1, 2 }; void f(void) { const int *p = c; p++; n = *p + p[0]; }",
		"int f(const int a); int f(int a) { return a; }",
		"typedef const char *text; static text names[] = { \"a\", \"b\" }; void f(void) { names[0] = names[1]; }",
		"static const char *const names[] = { \"a\", \"b\" }; const char *f(int i) { return names[i]; }",
		"const struct s c = { 1, &n }; void f(void) { *c.p = 1; }",
		"static const int size = 3; int a[3]; int x = size;",
		"void f(void) { const struct s c = g; g = c; }",
		"extern const int c; const int c = 1;",
		"void f(int *p) { const int *a = p; const void *v = p; n = *a; }",
		"void f(const int *p, int *r) { n = p == r; n = (n ? p : r) == 0; }",
	},
	"conditions": {
		"void f(struct s *s) { if (s && s->a && !s->p) n = 1; while (q) n = 2; }",
		"void f(void) { n = q ? 1 : 2; n = !q; for (; n; ) n--; }",
		"int a[2]; void f(void) { if (a) n = 1; }",
		"void f(void) { if (f) n = 1; }",
	},
	"expressions": {
		"void f(void) { n = fs().a; *fs().p = 1; }",
		"void f(struct s *s) { g = n ? *s : g; q = n ? &s->a : 0; q = n ? NULL : q; vp = n ? vp : q; }",
		"void f(void) { n = *&n; q = &*q; q = &q[1]; n = 0[q]; }",
		"void f(void) { vp = q; q = vp; n = vp == q; n = q == 0; n = q != NULL; n = !q; }",
		"void f(long *p) { n = *p; n = (char) n + 'a'; n = -n; n = +n; n = ~n; }",
		"int a[3]; void f(void) { n = sizeof a / sizeof a[0]; n = sizeof(struct s); n = sizeof(int *); }",
		"void f(void) { bool b = &n; b = q; b = 3; b = f; n = b; }",
		"void f(void) { int x = { 1 }; struct s s = { .p = &n, .a = 2 }; int a[] = { [2] = 1 }; n = x + s.a + a[2]; }",
		"void f(void) { unsigned *u; int i = 1; long l = i; unsigned v = l; n = v; u = &v; n = *u; }",
		"void f(void) { n = (fv(), 1); fv(); (void) n; (void) q; }",
		"void f(void) { n = ({ int x = n; x + 1; }); }",
		"void f(void) { n = n ?: 2; q = q ?: &n; }",
		"void f(void) { struct s *s = &(struct s) { 1, &n }; n = s->a; }",
		"void f(void) { q += 1; q -= n; n = q - q; n = q < q; q++; --q; n <<= 1; n %= 3; }",
		"void f(void) { n = _Generic(n, int: 1, default: q); n = _Generic(n + 1L, int: 1, long: 2); }",
		"void f(void) { n = _Generic((char) 1, char: 1, signed char: 2, int: 3); n = _Generic(1UL, unsigned long: 1); }",
		"void f(void) { n ? fv() : (void) 0; n ? (void) 1 : fv(); }",
		"struct b { unsigned i : 3; } b; void f(void) { b.i = 2; b.i++; n = b.i + 1; }",
	},
	"what users write": {
		"struct job { pthread_mutex_t lock; int n; }; void f(struct job *j) { pthread_mutex_lock(&j->lock); j->n++; pthread_mutex_unlock(&(*j).lock); }",
		"struct job { pthread_mutex_t lock; int n; }; static struct job jobs[2]; void f(void) { pthread_mutex_lock(&jobs->lock); jobs[0].n = (jobs + 1)->n; pthread_mutex_unlock(&jobs[0].lock); }",
		"struct node { struct node *next; int v; }; static struct node *head; void f(void) { for (struct node *p = head; p != NULL; p = p->next) if (p->v) p->v--; }",
		"enum state { IDLE, BUSY }; static enum state s = IDLE; void f(void) { s = BUSY; s = 0; s = n; n = s; if (s) s = (enum state) 1; }",
		"typedef int (*handler)(int, int *); static handler hd = fi; static handler all[] = { fi, &fi, NULL }; void f(void) { n = hd(1, q) + (*all[0])(2, 0); hd = NULL; }",
		"typedef struct node node; struct node { node *next; }; node *f(node *p) { return p ? p->next : NULL; }",
		"bool f(int *p) { return p; } bool f2(int a) { return a & 4; } bool f3(void) { return n > 1 && q; }",
		"bool f(int *p) { return !!p; } int f2(bool b) { return b + 1; }",
		"static int a[2][3]; void f(int (*p)[3]) { p = a; p[1][2] = 1; int *r = a[0]; n = *r + **a; }",
		"void f(int x[], int y[3], int z[][2]) { x[0] = y[1] + z[0][1]; x = y; }",
		"static const char *const names[] = { [0] = \"a\", [1] = \"b\" }; const char *f(int i) { return i ? names[i] : NULL; }",
		"static const struct s fixed = { .a = 1 }; int f(void) { const struct s *p = &fixed; return p->a + fixed.a; }",
		"struct cfg { const char *name; int max; }; void f(struct cfg *c) { c->name = \"x\"; c->max = 1; struct cfg d = *c; *c = d; }",
		"void f(void) { char buffer[4] = \"abc\"; buffer[0] = 0; char *p = buffer; *p++ = 1; const char *c = p; n = *c; }",
		"void f(void) { unsigned char c = 300; short s = n; long l = s; unsigned u = -1; n = c + s + l + u; }",
		"void f(void) { int i = 0, *j = &i; for (i = 0, j = &n; i < 2; i++, (*j)++) continue; }",
		"void f(void) { int x = 1; { int x = 2; n = x; } do { n++; } while (n < x); }",
		"int f(int a) { switch (a) { case 1: { int b = 2; return b; } case 2 + 1: default: break; } return 0; }",
		"int f(int a) { if (a) goto out; n = 1; out: return n; }",
		"int f(void) { struct s x = { 1, &n }, y = x; y.a = x.a; return y.a + (x.p == y.p); }",
		"struct flags { unsigned a : 1, b : 3; int : 4; }; void f(struct flags *p) { p->a = 1; p->b += p->a; n = p->b << 2; }",
		"static _Atomic int a; static _Atomic(int) b = 3; void f(void) { a++; b = a; n = b; a += 2; }",
		"void *f(void *arg) { int *p = arg; const int *c = arg; return n ? p : (void *) c; }",
		"static int used(void); void f(void) { n = used(); } static int used(void) { return 1; }",
		"static inline int twice(int a) { return 2 * a; } void f(void) { n = twice(n); }",
		"void f(void) { (void) fi(1, q); (void) sizeof(int[3]); n = (int) sizeof n; }",
		"_Noreturn void f(void) { for (;;) n++; }",
		"int *f(int i) { static int cells[4]; return &cells[i & 3]; } void e(void) { *f(1) = 2; f(2)[1] = 3; }",
		"struct s *f(void) { return &g; } void e(void) { f()->a = 1; (*f()).a = 2; q = &f()->a; }",
		"struct inner { int v; }; struct outer { struct inner in, list[2]; }; void f(struct outer *o) { o->in.v = o->list[1].v; struct inner *p = &o->list[0]; p->v = (*o).in.v; o->in = *p; }",
		"void f(int argc, char **argv) { char *s = argv[0]; if (argc > 1 && s[0]) n = argc; }",
		"typedef unsigned long word; word f(word w) { return w ? w - 1 : 0; } void e(void) { n = f(3) == 2UL; }",
		"__thread int own; static _Thread_local int more = 2; void f(void) { own = more; int *p = &own; *p = 1; }",
		"int f(void) { return __builtin_expect(n, 0) ? 1 : ({ int t = n; t; }); }",
		"void f(void) { __typeof__(n) x = n; __auto_type y = &x; *y = 2; n = x; }",
		"void f(void) { n = q == &n ? 1 : 2; n = q && *q; n = q - &n; n = &n < q; }",
	},
	"initial": {
		"static int x = sizeof(n) + 2; static int *p = &n; static int *r = &g.a; static int *t = 0; static void (*fn)(void) = fv;",
		"int a[3]; static int *p = a; static int *r = a + 1; static int *t = &a[2]; static int (*all)[3] = &a;",
		"struct t { int v[2]; struct s s; } t; static int *p = t.v, *r = &t.s.a; static int x = 1 ? 2 : 3;",
		"static struct s x = { 1, &n }, y = { .p = &n }; static char *texts[] = { \"a\", \"b\" }; static char c[] = \"ab\"; static char d[] = { \"ab\" };",
		"enum e { A = 2, B = A + 1 }; static int x = B, y = (int) 3L, z = -1, w = !0;",
		"static pthread_mutex_t l = PTHREAD_MUTEX_INITIALIZER; static pthread_mutex_t *p = &l; static void *v = &l; static bool b = true;",
		"void f(void) { static int x = 3; static int *p = &x; static const int k = 2; n = *p + k; }",
		"static int zero[4] = { 0 }; static struct s list[2] = { { 1, &n }, { 2 } }; static struct s flat[2] = { 1, 0, 2, 0 };",
		"static int grid[2][2] = { { 1, 2 }, { 3, 4 } }; static int row[2][2] = { 1, 2, 3 }; static int part[] = { [0 ... 2] = 7 };",
	},
	"declarations": {
		"int f(int a); int f(int b) { return b; } extern int x; int x = 1; extern int x; static int y; extern int y;",
		"typedef int t; typedef int t; struct x; struct x { int a; }; struct x *p; typedef struct x x; x y;",
		"static int f(void); int f(void) { return 1; } int e(int a[], int b(void)); int e(int *a, int (*b)(void));",
		"int f(); int f(int a) { return a; } void e(void) { f(1); }",
		"void f(void) { int a = 1; { int a = 2; n = a; } for (int i = 0; i < 2; i++) { int i = 3; n = i; } n = a; }",
		"void f(int a) { { int a = 2; n = a; } }",
		"void f(void) { extern int n; n = 1; int fi(int, int *); }",
		"struct x { int a; struct { int b; struct { int c; }; }; } x; void f(void) { x.c = x.b = x.a; }",
		"long unsigned int a; long int long b; int short unsigned c; char signed d; int const static e; unsigned f; long double g1;",
		"_Alignas(8) int x; _Alignas(long) int y; static _Thread_local int z; extern _Thread_local int w;",
		"typedef struct l l; struct l { l *next; }; void f(l *p) { for (; p; p = p->next) n++; }",
		"enum e { A, B }; enum e v; int f(enum e x) { switch (x) { case A: return 1; case B: return 2; } return v == A; }",
		"int (*table[2])(int, int *) = { fi, 0 }; int f(void) { return table[0](1, q) + (*table[1])(2, 0); }",
		"int (*f(int a))(int, int *) { return a ? fi : 0; } void e(void) { n = f(1)(2, q); }",
		"int a[]; int a[3]; extern int b[]; int b[2] = { 1 }; void f(void) { n = a[1] + b[1]; }",
		"void f(register int r) { register int s = r; n = s; }",
		"struct s f(struct s s) { s.a = 1; return s; } void e(void) { g = f(g); }",
		"struct outer { struct inner { int a; } in; }; struct inner i; void f(void) { i.a = 1; }",
		"int main(void) { }",
		"_Static_assert(sizeof(int) == 4, \"\"); _Static_assert(1 + 1 == 2 && !0, \"\"); enum { K = 3 }; _Static_assert(K == 3, \"\");",
		"void *f(void *arg) { struct s *s = arg; pthread_mutex_lock(&m); s->a++; pthread_mutex_unlock(&m); return NULL; }",
		"void *f(void *arg) { return arg; } int main(void) { pthread_t t; pthread_create(&t, NULL, f, &n); pthread_join(t, NULL); return 0; }",
	},
}

// constraintErrors is what we say about a program that stands on line 2.
func constraintErrors(t *testing.T, src string) error {
	t.Helper()
	parser := syntax.NewParser(t.Context(), syntax.Options{})
	f := parser.Parse(syntax.Source{Name: "t.c", Text: []byte(known + src + "\n")})
	if err := parser.Diagnostics().Err(); err != nil {
		return err
	}
	_, err := lower.NewUnit(t.Context(), []*syntax.File{f})
	return err
}

// TestConstraints holds what we accept against GCC. What we say about programs that break a
// constraint is in a golden file.
func TestConstraints(t *testing.T) {
	var said bytes.Buffer
	for _, kind := range slices.Sorted(maps.Keys(bad)) {
		fmt.Fprintf(&said, "-- %s --\n", kind)
		for _, src := range bad[kind] {
			if err := constraintErrors(t, src); err == nil {
				t.Errorf("accepted, though C forbids it: %s", src)
			} else {
				fmt.Fprintf(&said, "%s\n    %s\n", src, strings.ReplaceAll(err.Error(), "\n", "\n    "))
			}
		}
	}
	golden := filepath.Join("testdata", "constraints.golden")
	if *update {
		if err := os.WriteFile(golden, said.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, said.Bytes()) {
		t.Errorf("what is said differs from %s (-update rewrites it):\n%s", golden, said.Bytes())
	}
	for _, kind := range slices.Sorted(maps.Keys(good)) {
		for _, src := range good[kind] {
			if err := constraintErrors(t, src); err != nil {
				t.Errorf("%s\nrefused, though C allows it: %v", src, err)
			}
		}
	}
}

// TestConstraintsOfGCC lets GCC confirm the two tables.
func TestConstraintsOfGCC(t *testing.T) {
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("the Debian package gcc is not installed")
	}
	check := func(table map[string][]string, wrong bool, flags ...string) {
		dir := t.TempDir()
		var names []string
		programs := map[string]string{}
		for _, kind := range slices.Sorted(maps.Keys(table)) {
			if kind == passed {
				continue
			}
			for _, src := range table[kind] {
				name := filepath.Join(dir, fmt.Sprintf("p%d.c", len(names)))
				text := "#define bool _Bool\n#define true 1\n#define NULL ((void *) 0)\ntypedef unsigned long size_t; typedef struct { int x; } pthread_mutex_t;\n"
				if strings.Contains(src, "pthread_") { // reading the headers takes its time
					text = "#include <pthread.h>\n#include <stdbool.h>\n"
				}
				text += known + src + "\n"
				if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				programs[name], names = src, append(names, name)
			}
		}
		args := append([]string{
			"-std=gnu11", "-fsyntax-only", "-fmax-errors=3", "-Werror=incompatible-pointer-types", "-Werror=int-conversion",
			"-Werror=implicit-function-declaration", "-Werror=implicit-int",
		}, flags...)
		out, err := exec.CommandContext(t.Context(), gcc, append(args, names...)...).CombinedOutput()
		if _, exited := err.(*exec.ExitError); err != nil && !exited {
			t.Fatal(err)
		}
		refused := map[string]bool{}
		for line := range strings.SplitSeq(string(out), "\n") {
			if name, _, found := strings.Cut(line, ":"); found && strings.Contains(line, "error: ") {
				refused[name] = true
			}
		}
		for _, name := range names {
			if refused[name] != wrong {
				t.Errorf("GCC refuses it: %v: %s", refused[name], programs[name])
			}
		}
	}
	check(bad, true, "-pedantic-errors")
	check(good, false)
}
