package lower_test

import (
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
)

const functions = `
#define NULL_ ((void *) 0)
typedef int (*unary)(int);
typedef int function(int);
struct ops { unary apply; int (*other)(int); void (*lock)(void), (*unlock)(void); };
static int one(int a) { return a + 1; }
static int two(int a) { return a + 2; }
static int none(void) { return 7; }
static struct ops table;
static unary hook;
static int (*first)(int) = one;
static int (*second)(int) = &two;
static pthread_mutex_t m;
static void take(void) { pthread_mutex_lock(&m); }
static void give(void) { pthread_mutex_unlock(&m); }
static int shared, counter;
`

// pointers are programs of one thread with pointers to functions and recursion.
var pointers = map[string]struct {
	src      string
	verdict  model.Verdict
	kind     model.Kind
	states   int64
	compiled bool
}{
	"a local":                     {"void f(void) { int (*g)(int) = one; shared = g(1); int v = shared; assert(v == 2); }", model.OK, "", 3, true},
	"a parameter":                 {"static int call(unary g, int a) { return g(a); } void f(void) { int v = call(one, 1) + call(two, 1); assert(v == 5); }", model.OK, "", 1, true},
	"a function parameter":        {"static int call(function g, int a) { return g(a); } void f(void) { int v = call(two, 1); assert(v == 3); }", model.OK, "", 1, true},
	"with a star":                 {"void f(void) { unary g = &two; int v = (*g)(1) + (**g)(1); assert(v == 6); }", model.OK, "", 1, true},
	"constants":                   {"void f(void) { int v = first(1) * 10 + second(1); assert(v == 23); }", model.OK, "", 1, true},
	"a field":                     {"void f(void) { table.apply = two; table.other = one; int v = table.apply(1) * 10 + table.other(1); assert(v == 32); }", model.OK, "", 5, true},
	"through a pointer":           {"void f(void) { struct ops *t = &table; t->apply = two; int v = t->apply(1); assert(v == 3); }", model.OK, "", 3, true},
	"chosen":                      {"void f(void) { for (int i = 0; i < 2; i++) { unary g = i ? two : one; shared = g(i); } int v = shared; assert(v == 3); }", model.OK, "", 4, true},
	"compared":                    {"void f(void) { unary g = one; assert(g == one); assert(g != two); assert(g); assert(g != NULL); assert(!(g == 0)); }", model.OK, "", 1, true},
	"NULL":                        {"void f(void) { int v = hook(1); shared = v; }", model.Violation, model.NullVM, 2, true},
	"NULL, looked at":             {"void f(void) { if (hook) shared = hook(1); else shared = 9; int v = shared; assert(v == 9); }", model.OK, "", 3, true},
	"set and cleared":             {"void f(void) { unary g; hook = one; g = hook; hook = NULL; shared = g(1); g = hook; shared = g(1); }", model.Violation, model.NullVM, 7, true},
	"the result of one":           {"static unary choose(int a) { return a ? one : two; } void f(void) { int v = choose(1)(1) * 10 + choose(0)(1); assert(v == 23); }", model.OK, "", 1, true},
	"a void pointer's":            {"static int call(void *g) { return ((unary) g)(1); } void f(void) { shared = 1; }", model.OK, "", 2, true},
	"which, before its arguments": {"static int swap(unary *g) { *g = two; return 1; } void f(void) { unary g = one; int v = g(swap(&g)); assert(v == 2); }", model.OK, "", 1, false},

	"factorial":               {"static int fact(int n) { return n <= 1 ? 1 : n * fact(n - 1); } void f(void) { int v = fact(5); assert(v == 120); }", model.OK, "", 1, true},
	"mutual recursion":        {"static int odd(int n); static int even(int n) { return n == 0 ? 1 : odd(n - 1); } static int odd(int n) { return n == 0 ? 0 : even(n - 1); } void f(void) { int v = even(6) * 10 + even(7); assert(v == 10); }", model.OK, "", 1, true},
	"recursion of steps":      {"static void down(int n) { if (n == 0) return; shared = n; down(n - 1); counter = n; } void f(void) { down(3); int v = shared * 10 + counter; assert(v == 13); }", model.OK, "", 9, true},
	"locals of their own":     {"static int sum(int n, int *out) { int mine = n; if (n > 0) sum(n - 1, &mine); *out += mine; return mine; } void f(void) { int all = 0; int v = sum(3, &all); assert(v == 6); assert(all == 6); }", model.OK, "", 1, true},
	"as deep as may be":       {"static int depth(int n) { return n == 0 ? 0 : 1 + depth(n - 1); } void f(void) { int v = depth(99); assert(v == 99); }", model.OK, "", 1, true},
	"too deep":                {"static int depth(int n) { return n == 0 ? 0 : 1 + depth(n - 1); } void f(void) { shared = 1; int v = depth(100); assert(v == 100); }", model.Unknown, "", 3, false},
	"without end":             {"static void down(void) { down(); } void f(void) { down(); }", model.Unknown, "", 2, false},
	"without end, in steps":   {"static void down(void) { shared = 1; down(); } void f(void) { down(); }", model.Unknown, "", 102, false},
	"through a pointer again": {"static int fact(int n) { unary g = fact; return n <= 1 ? 1 : n * g(n - 1); } void f(void) { int v = fact(4); assert(v == 24); }", model.OK, "", 1, true},
	"a list is walked": {
		"struct node { int v; struct node *next; }; static struct node a, b; static int sum(struct node *n) { if (!n) return 0; int v = n->v; return v + sum(n->next); }" +
			"void f(void) { a.v = 1; b.v = 2; a.next = &b; int s = sum(&a); assert(s == 3); }", model.OK, "", 8, true,
	},
}

func TestFunctionPointers(t *testing.T) {
	for name, c := range pointers {
		t.Run(name, func(t *testing.T) {
			if v, k, n := verdict(t, functions+c.src, "f()"); v != c.verdict || k != c.kind || n != c.states {
				t.Errorf("got %s %q with %d states, want %s %q with %d", v, k, n, c.verdict, c.kind, c.states)
			}
		})
	}
}

// TestSharedFunctionPointers has pointers that another thread sets, and threads that lock through a
// table.
func TestSharedFunctionPointers(t *testing.T) {
	const src = `
void set(void) { hook = two; }
void call(void) { unary g = hook; if (g) { shared = g(1); int v = shared; assert(v == 3); } }
void hasty(void) { shared = hook(1); }
void fill(void) { table.lock = take; table.unlock = give; }
void count(void) { void (*l)(void) = take, (*u)(void) = give; int v; l(); v = counter; counter = v + 1; u(); }
`
	for name, c := range map[string]struct {
		threads []string
		verdict model.Verdict
		kind    model.Kind
		states  int64
	}{
		"set by another":        {[]string{"set()", "call()"}, model.OK, "", 7},
		"called without a look": {[]string{"set()", "hasty()"}, model.Violation, model.NullVM, 8},
		"locks":                 {[]string{"count()", "count()"}, model.OK, "", 16},
	} {
		t.Run(name, func(t *testing.T) {
			if v, k, n := verdict(t, functions+src, c.threads...); v != c.verdict || k != c.kind || n != c.states {
				t.Errorf("got %s %q with %d states, want %s %q with %d", v, k, n, c.verdict, c.kind, c.states)
			}
		})
	}
}

func TestFunctionPointersAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"another signature":      {"void f(void) { unary g = none; shared = g(1); }", "g is int (int) *, and none is int (void) *"},
		"another argument":       {"static int call(unary g) { return g(1); } void f(void) { shared = call(take); }", "argument 1 of call is int (int) *, and take is void (void) *"},
		"as many arguments":      {"void f(void) { unary g = one; shared = g(1, 2); }", "g takes 1 argument, not 2"},
		"a primitive":            {"void f(void) { int (*g)(pthread_mutex_t *) = pthread_mutex_lock; g(&m); }", "pthread_mutex_lock is a function and can only be called"},
		"variable arguments":     {"static int (*g)(int, ...); void f(void) { shared = g(1); }", "g is called, and is a type without meaning here *"},
		"an order":               {"void f(void) { unary g = one; if (g < first) shared = 1; }", "< on a pointer cannot be modelled: functions have no order"},
		"a function is no place": {"void f(void) { one = two; }", "one is not a variable"},
		"nor what is behind one": {"void f(void) { unary g = one; *g = two; }", "a function cannot be assigned"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := build(t, functions+c.src, "f()"); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}
