package lower_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// A form is something that C, GNU C or the preprocessor has. It is modelled, and the program does
// what its asserts say, or refused in these words.
type form struct{ name, src, refused string }

// groups lists the forms by what they are.
var groups = []struct {
	name  string
	forms []form
}{
	{"Declarations", []form{
		{"variables at file scope, static or not", "static int v = 3; int w; void f(void) { w = 1; v = v + w; assert(v == 4); }", ""},
		{"register, auto, const, volatile, restrict", "static volatile int v; void f(void) { register int r = 1; int a = r; auto const int b = 2; int *restrict p = &a; v = *p + b; }", ""},
		{"static locals, named by others", "static int v = 1; void f(void) { static int v = 3; static int *p = &v; static void *own = &own; assert(*p == 3 && own == (void *) &own); }", ""},
		{"bool from an address", "static int v; static bool given = &v; static bool g(int *p) { return p; } void f(void) { int a = 1, *n = NULL; bool b = &a; assert(b && given); b = n; assert(!b && !g(n) && g(&v)); b = f; assert(b); }", ""},
		{"_Alignas", "static _Alignas(16) int v; void f(void) { v = 1; }", ""},
		{"inline, _Noreturn", "static inline int g(void) { return 1; } _Noreturn void h(void) { while (1) shared = 1; } void f(void) { shared = g(); }", ""},
		{"typedef, enum, struct", "typedef enum { A, B = 5 } e; struct s { int a; struct s *next; } v; void f(void) { e x = B; v.a = x; assert(v.a == 5); }", ""},
		{"declarations in a function", "void f(void) { enum { X = 2 }; typedef int t; int g(void); t a = X; shared = a; }", ""},
		{"static assertions", "_Static_assert(2 > 1, \"x\"); void f(void) { _Static_assert(1, \"y\"); shared = 1; }", ""},
		{"a static assertion that does not hold", "enum { N = 1 }; _Static_assert(N == 2, \"x\"); void f(void) { }", "the static assertion N == 2 does not hold"},
		{"functions with more arguments", "int g(int a, ...) { return a; } void f(void) { shared = g(1); }", ""},
		{"a name for the assembler", "int g(void) __asm__(\"h\"); int g(void) { return 1; } void f(void) { shared = g(); }", ""},
		{"more arguments given", "int g(int a, ...) { return a; } void f(void) { shared = g(1, 2); }", "g takes 1 argument, not 2"},
		{"unions, of an integer or a pointer", "struct { int kind; union { int i; void *p; }; } v; void f(void) { v.i = 1; assert(v.i == 1); v.p = &v; assert(v.p == &v); }", ""},
		{"unions, of integers of one size, and of structs that begin alike", "union { int i; unsigned u; struct { int i, n; } s; } v; void f(void) { v.i = -1; assert(v.u == 4294967295u); v.s.n = 2; assert(v.s.i == -1); }", ""},
		{"unions, copied, cleared, given and returned", "union u { int i; void *p; } v; union u g(union u x) { x.i++; return x; } void f(void) { union u x = { 1 }; v = g(x); assert(v.i == 2 && x.i == 1); memset(&v, 0, sizeof(v)); assert(!v.p); }", ""},
		{"a member of a union that was not stored last", "union { int i; void *p; } v; void f(void) { v.p = &v; shared = v.i; }", "v.i is read as int, and was stored as a pointer"},
		{"members of a union that overlap in part", "union { long l; struct { int a, b; } s; } v; void f(void) { v.l = 1; v.s.b = 2; }", "v.s.b overlaps v.l in part, and what is seen of one in the other is not known"},
		{"a lock beside what lies there as well", "union { pthread_mutex_t m; int n; } v; void f(void) { pthread_mutex_lock(&v.m); v.n = 1; }", "v.n overlaps v.m in part, and what is seen of one in the other is not known"},
		{"recursion", "void g(int n) { if (n) g(n - 1); } void f(void) { g(1); }", ""},
		{"calls by a field", "struct s { void (*g)(void); } v; static void h(void) { shared = 1; } void f(void) { v.g = h; v.g(); }", ""},
		{"anonymous members", "struct s { int n; struct { int a; }; } v = { .a = 2 }; void f(void) { v.n = v.a; assert(v.n == 2); }", ""},
		{"parameters declared after their names", "int g(a) int a; { return a; } void f(void) { g(1); }", "parameters that are declared after their names cannot be modelled"},
		{"functions in functions", "void f(void) { int g(int a) { return a; } shared = g(1); }", "g is defined inside of a function, which cannot be modelled"},
		{"asm at file scope", "asm(\"nop\"); void f(void) { }", "asm cannot be modelled"},
		{"extern, in any order, and again", "extern int v; int v; int v = 3; void f(void) { extern int v; v = v + 1; assert(v == 4); }", ""},
		{"__thread, _Thread_local", "__thread int v = 2; static _Thread_local int w; void f(void) { w = v; assert(w == 2); }", ""},
		{"static local variables", "void f(void) { static int v = 2; v = v + 1; assert(v == 3); }", ""},
		{"arrays of constant length", "enum { N = 2 }; int v[N][3]; pthread_mutex_t m[N]; void f(void) { pthread_mutex_lock(&m[1]); v[1][2] = 4; assert(*(v[1] + 2) == 4); pthread_mutex_unlock(&m[1]); }", ""},
		{"arrays of a length that a const variable has", "void f(void) { const int n = 2; int v[n]; v[1] = 1; shared = v[1]; }", ""},
		{"arrays of a length that is computed", "void f(int n) { int v[n]; v[0] = 1; }", "the length of an array is a constant, and n is none"},
		{"structs and arrays in a function", "struct s { int a, b[2]; }; void f(void) { struct s x = { 1, { 2 } }; int v[] = { 3, 4 }; x.b[1] = v[1]; assert(x.a + x.b[0] + x.b[1] == 7); shared = 1; }", ""},
		{"structs as parameters", "struct s { int a; } v; void g(struct s x) { x.a = 1; } void f(void) { g(v); assert(v.a == 0); }", ""},
		{"structs as results", "struct s { int a; } v; struct s g(void) { v.a++; return v; } void f(void) { struct s x = g(); assert(x.a == 1 && g().a == 2); }", ""},
		{"structs with locks as parameters", "struct s { pthread_mutex_t m; } v; void g(struct s x) { shared = 1; } void f(void) { g(v); }", "x is a struct s that is passed by value, and locks and conditions cannot be: pass a pointer to it"},
		{"bit-fields, of _Bool as well", "struct s { unsigned a : 2; _Bool b : 1; } v; void f(void) { v.a = 7; v.b = 2; assert(v.a == 3 && v.b == 1); }", ""},
		{"local locks, and locals that others know", "struct w { pthread_cond_t c; int n; } *all; void f(void) { pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; struct w w = { .n = 1 }; pthread_mutex_lock(&m); all = &w; assert(all->n == 1); pthread_cond_signal(&w.c); pthread_mutex_unlock(&m); }", ""},
	}},
	{"Initial values", []form{
		{"constants, addresses, other variables", "enum { E = 2 }; static int a = E + 1, b = -1; static obj o, *p = &o; void f(void) { a = a + b; assert(a == 2 && p == &o); }", ""},
		{"braces, with and without names", "struct s { int a, b[3]; } v = { .b = { [1] = 2, 3 }, .a = 1 }; int w[] = { 4, 5 }; char t[] = \"x\"; void f(void) { v.a = v.b[2] + w[1]; assert(v.a == 8 && t[0] == 'x'); }", ""},
		{"locks", "pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; pthread_cond_t c = PTHREAD_COND_INITIALIZER; void f(void) { pthread_mutex_lock(&m); pthread_mutex_unlock(&m); }", ""},
		{"locks of another kind", "pthread_mutex_t m = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP; void f(void) { pthread_mutex_lock(&m); pthread_mutex_unlock(&m); }", ""},
		{"attributes of a lock", "void f(void) { pthread_mutexattr_t a; pthread_mutexattr_init(&a); pthread_mutexattr_settype(&a, PTHREAD_MUTEX_RECURSIVE); pthread_mutex_init(&big, &a); }", ""},
		{"C11's locks", "mtx_t m; cnd_t c; void f(void) { mtx_init(&m, mtx_plain); cnd_init(&c); mtx_lock(&m); cnd_signal(&c); mtx_unlock(&m); }", ""},
		{"C11's locks of another kind", "mtx_t m; void f(void) { mtx_init(&m, mtx_recursive); }", ""},
	}},
	{"Statements", []form{
		{"if, while, do, for", "void f(void) { int n = 0; if (n) n = 9; else n = 1; while (n < 3) n++; do n--; while (n > 1); for (int i = 0; i < 2; i++) n += i; assert(n == 2); }", ""},
		{"switch, with ranges, falling through", "void f(void) { int n = 4; switch (n) { case 1: n = 9; case 2 ... 5: n = 6; default: n++; } assert(n == 7); }", ""},
		{"goto, labels, break, continue, return", "void f(void) { int n = 0; again: for (;;) { if (n++ < 3) continue; break; } if (n < 6) goto again; assert(n == 6); return; }", ""},
		{"the empty statement, blocks", "void f(void) { ; { int a = 1; { int a = 2; shared = a; } assert(a == 1); } }", ""},
		{"statement expressions", "void f(void) { int n = ({ int a = 2; a + 1; }); assert(n == 3); }", ""},
		{"local labels", "void f(void) { __label__ l; goto l; l: shared = 1; }", ""},
		{"__attribute__((fallthrough))", "void f(void) { switch (1) { case 1: shared = 1; __attribute__((fallthrough)); case 2: shared = 2; } }", ""},
		{"an endless loop that takes steps", "void f(void) { while (1) { shared = 1; if (nondet()) break; } }", ""},
		{"a computed goto", "void f(void) { void *p = NULL; goto *p; }", "a computed goto cannot be modelled"},
		{"asm", "void f(void) { asm volatile(\"mfence\" ::: \"memory\"); }", "asm cannot be modelled"},
	}},
	{"Expressions", []form{
		{"arithmetic, logic, comparison", "void f(void) { int a = 7, b = 2; assert(a / b == 3 && a % b == 1 && (a ^ b) == 5 && (a & b) == 2 && (a | 8) == 15 && a << 1 == 14 && !(a < b)); }", ""},
		{"assignment, ++ and --", "void f(void) { int a, b; a = b = 2; a += 3; b -= a--; ++b; assert(a == 4 && b == -2); }", ""},
		{"&&, ||, ?:, with or without a middle, comma", "void f(void) { int a = 0, b = a ?: 3; b = a ? 1 : (a++, b && a); assert(b == 1); }", ""},
		{"addresses and pointers", "void f(void) { int a = 1, *p = &a, **q = &p; **q = 2; assert(a == 2 && p == &a && *q != NULL); }", ""},
		{"arithmetic and order of pointers", "int v[3]; void f(void) { int *p = v; p++; *p = 1; assert(p - v == 1 && p < v + 3 && v[1] == 1); }", ""},
		{"assignment of structs, memset, memcpy", "struct s { int a, b; } v, w; void f(void) { v.a = 1; w = v; memset(&v, 0, sizeof(v)); memcpy(&v.b, &w.a, sizeof(int)); assert(w.a == 1 && v.a == 0 && v.b == 1); }", ""},
		{"casts to void, between pointers", "void f(void) { (void) shared; void *p = (void *) 0; obj *o = (obj *) p; assert(!o); }", ""},
		{"E-constants", "void f(void) { int a = EBUSY; switch (a) { case ETIMEDOUT: a = 0; break; case EBUSY: a = 1; } assert(a == 1 && EAGAIN == 11); }", ""},
		{"a name of one's own for a constant", "enum { EBUSY = 3 }; void f(void) { assert(EBUSY == 3); }", ""},
		{"__extension__", "void f(void) { int a = __extension__ 3; assert(a == 3); }", ""},
		{"sizeof, _Alignof, offsetof", "struct p { char c; int a; }; void f(void) { assert(sizeof(struct p) == 8 && _Alignof(int) == 4 && offsetof(struct p, a) == 4); }", ""},
		{"sizes that an attribute changes", "struct __attribute__((packed)) p { char c; int a; }; void f(void) { shared = sizeof(struct p); }", "the size of struct p is not known here"},
		{"container_of", "struct p { int a; obj o; } v; void f(void) { obj *o = &v.o; struct p *p = (struct p *) ((char *) o - offsetof(struct p, o)); assert(p == &v); }", ""},
		{"the bytes of integers", "void f(void) { char *p = (char *) &shared; if (*p) shared = 1; }", "*p takes int for char: the bytes of integers are not known"},
		{"typeof, __auto_type", "void f(void) { typeof(shared) a = 1; __auto_type p = &a; *p = 2; assert(a == 2); }", ""},
		{"_Generic", "void f(void) { long a = 1; shared = _Generic(a, int: 2, long: 3); assert(shared == 3); }", ""},
		{"_Generic of a pointer", "void f(int *p) { shared = _Generic(p, int *: 2, const int *: 3); }", "_Generic of a pointer cannot be modelled: whether int * is what const makes another type is not looked at"},
		{"compound literals", "struct p { int a; } *r = &(struct p){ 2 }; void f(void) { struct p *q = &(struct p){ 1 }; shared = q->a + r->a; assert(shared == 3); }", ""},
		{"GCC's functions of integers", "void f(void) { assert(__builtin_popcount(5) == 2 && __builtin_ctz(8) == 3 && __builtin_bswap16(1) == 256 && __builtin_expect(shared, 0) == 0); }", ""},
		{"__builtin_constant_p, __builtin_choose_expr, __builtin_types_compatible_p", "void f(void) { assert(__builtin_constant_p(1) && __builtin_choose_expr(1, 2, 3) == 2 && __builtin_types_compatible_p(int, typeof(shared))); }", ""},
		{"a call through a pointer", "static void h(void) { shared = 1; } void f(void) { void (*g)(void) = h; g(); }", ""},
		{"floating constants", "void f(void) { shared = 1.5; }", "a floating constant cannot be modelled"},
		{"texts", "static const char *t = \"a\"; void f(void) { const char *p = t; t = \"bc\"; assert(p[0] == 'a' && strcmp(p, \"a\") == 0 && strlen(t) == 2 && p != t); }", ""},
		{"a comparison of equal texts", "void f(void) { shared = \"a\" == \"a\"; }", "two texts with the same characters may be one in memory, or two"},
		{"texts that change", "static char t[2]; void f(void) { t[0] = 1; shared = strlen(t); }", "strlen(t): what &t[0] points to is not known"},
		{"the address of a label", "void f(void) { l: shared = 1; void *p = &&l; }", "the address of a label cannot be modelled"},
		{"errno", "sem_t s; void f(void) { errno = 0; assert(!errno); if (sem_trywait(&s) < 0) assert(errno == EAGAIN); }", ""},
	}},
	{"Messages", []form{
		{"messages", "void f(obj *o) { VIR_DEBUG(\"%d %s %p\", o->n, strerror(EBUSY), o); printf(\"%d\\n\", self()); virReportError(1, \"%s\", \"x\"); shared = 1; }", ""},
		{"effects in a message", "void f(void) { int n = 0; VIR_DEBUG(\"%d %d\", n++, n = 3); printf(\"%d\", shared++); }", ""},
		{"a call in a message", "int g(void) { shared = 1; return 2; } void f(void) { VIR_DEBUG(\"%d\", g()); }", ""},
		{"?: in a message", "void f(obj *o) { VIR_DEBUG(\"%d\", o ? o->n : 0); }", ""},
		{"a floating constant in a message", "void f(void) { printf(\"%f\", 1.5); }", ""},
		{"a floating constant and a variable in a message", "void f(void) { printf(\"%f\", shared * 1.5); }", "a floating constant cannot be modelled"},
		{"an unknown call in a message", "void f(void) { VIR_DEBUG(\"%d\", g()); }", "unknown function g"},
		{"an unknown field in a message", "void f(obj *o) { VIR_DEBUG(\"%d\", o->nowhere); }", "struct _obj has no field nowhere"},
	}},
	{"Attributes", []form{
		{
			"what is about warnings, optimisation, linkage, layout",
			"static int v __attribute__((unused, aligned(8), section(\"x\"))); __attribute__((noinline, pure, nonnull(1))) static int g(int *p __attribute__((unused))) " +
				"{ return 1; } void f(void) { int a __attribute__((unused)) = 0; v = g(&a); }",
			"",
		},
		{"cleanup", "static void g(int *p) { shared = *p; } void f(void) { __attribute__((cleanup(g))) int a = 2; a = 3; }", ""},
		{"constructor, destructor", "__attribute__((constructor)) static void g(void) { shared = 1; } void f(void) { }", "attribute constructor of a function cannot be modelled"},
		{"alias", "int g(void) __attribute__((alias(\"f\"))); void f(void) { }", "attribute alias of a function cannot be modelled"},
		{"C23's", "[[nodiscard]] int g(void) { return 1; } void f(void) { [[maybe_unused]] int a = 2; shared = g(); }", ""},
		{"an unknown one of C23's", "[[clang::annotate(1)]] int g(void) { return 1; } void f(void) { shared = g(); }", "attribute clang::annotate of a function cannot be modelled"},
		{"an unknown one", "void f(void) { int a __attribute__((vector_size(16))) = 1; }", "attribute vector_size of a local variable cannot be modelled"},
		{"one of ours in the wrong place", "void f(void) { int a __attribute__((owner)) = 1; }", "owner is for fields and variables at file scope, and this is a local variable"},
	}},
	{"The preprocessor", []form{
		{
			"conditions, macros with and without parameters, # and ##",
			"#define ADD(a, b) ((a) + (b))\n#define CAT(a, b) a##b\n#if defined(ADD) && !defined(NO) && 2 > 1\nvoid f(void) { int CAT(x, y) = ADD(1, 2); assert(xy == 3); }\n#endif\n",
			"",
		},
		{"the macros of GCC on Linux", "#if __linux__ && defined(__GNUC__) && __LP64__ && !defined(_WIN32)\nvoid f(void) { assert(__INT_MAX__ == 2147483647); }\n#endif\n", ""},
		{"__has_include, __has_attribute, __has_builtin", "#if __has_include(<pthread.h>) && __has_attribute(unused) && __has_builtin(__builtin_expect)\nvoid f(void) { shared = 1; }\n#endif\n", ""},
		{"headers that are not known", "#if __has_include(<x.h>)\n#endif\nvoid f(void) { }", "whether the compiler has include <x.h> is not known"},
		{"the macros of <limits.h> and <stdint.h>", "#if INT_MAX > 0 && UINT64_C(1) << 40 > UINT32_MAX\nvoid f(void) { assert(INT_MIN < 0 && SIZE_MAX > 0); }\n#endif\n", ""},
		{"#pragma once, GCC diagnostic, ...", "#pragma GCC diagnostic ignored \"-Wall\"\nvoid f(void) { }", ""},
		{"#pragma pack, omp", "#pragma pack(1)\nvoid f(void) { }", "#pragma pack changes the program and cannot be modelled"},
		{"#error", "#error no\nvoid f(void) { }", "#error no"},
		{"__VA_ARGS__", "#define CALL(g, ...) g(__VA_ARGS__)\nstatic int g(int a, int b) { return a - b; } void f(void) { assert(CALL(g, 3, 1) == 2); }", ""},
	}},
}

func threadOf(src string) string {
	if strings.Contains(src, "void f(obj *o)") {
		return "f(vm1)"
	}
	return "f()"
}

// Every form is modelled or refused: nothing is accepted that is not modelled.
func TestForms(t *testing.T) {
	for _, g := range groups {
		for _, c := range g.forms {
			t.Run(g.name+"/"+c.name, func(t *testing.T) {
				p, err := build(t, object+c.src, threadOf(c.src))
				switch {
				case c.refused != "":
					if err == nil || !strings.Contains(err.Error(), ": "+c.refused) {
						t.Errorf("got  %v\nwant %s", err, c.refused)
					}
				case err != nil:
					t.Error(err)
				default:
					r, err := search.Search(t.Context(), p, search.Options{})
					if err != nil || r.Verdict != model.OK {
						t.Errorf("%s %s %v", r.Verdict, r.Kind, err)
					}
				}
			})
		}
	}
}

// What is known and not modelled is refused by its name, with what to write instead.
func TestRefusedNames(t *testing.T) {
	for _, name := range vocabulary.Refused() {
		if vocabulary.Lookup(name) != nil {
			t.Errorf("%s is modelled, too", name)
		}
		_, err := build(t, object+fmt.Sprintf("void f(void) { %s(&shared); }", name), "f()")
		want := fmt.Sprintf("t.c:14:16: %s cannot be modelled (%s)", name, vocabulary.Instead(name))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}
