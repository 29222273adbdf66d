package lower_test

import (
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
)

// initialisers are declarations, and after # what is true when the program starts.
var initialisers = map[string]string{
	"constants":       "enum { A = 3 }; int a = A * 2 + (1 << 2), b = -1, c = 'a', d = !A, e = A > 2 ? 7 : 8; #a == 10 && b == -1 && c == 97 && d == 0 && e == 7",
	"in braces":       "int a = { 4 }, b = { 0 }; #a == 4 && b == 0",
	"in order":        "struct s g = { 1, 2, { 3, 4, 5 }, { 6, 7 } }; #g.a == 1 && g.b == 2 && g.t[2] == 5 && g.i.x == 6 && g.i.y == 7",
	"zero for rest":   "struct s g = { 1 }; int a[3] = { 5 }; #g.a == 1 && g.b == 0 && g.t[0] == 0 && g.i.y == 0 && !g.p && a[0] == 5 && a[2] == 0",
	"all zero":        "struct s g = { 0 }; struct s h = {}; #!g.a && !g.t[2] && !h.i.x",
	"no braces":       "struct s g = { 1, 2, 3, 4, 5, 6, 7 }; #g.t[0] == 3 && g.t[2] == 5 && g.i.x == 6 && g.i.y == 7",
	"some braces":     "struct s g = { 1, 2, { 3 }, 6 }; #g.t[0] == 3 && g.t[1] == 0 && g.i.x == 6 && g.i.y == 0",
	"by name":         "struct s g = { .b = 2, .i.y = 3, .t[1] = 4, 5 }; #g.a == 0 && g.b == 2 && g.i.y == 3 && g.i.x == 0 && g.t[1] == 4 && g.t[2] == 5",
	"after a name":    "struct s g = { .b = 2, 3, 4 }; #g.a == 0 && g.b == 2 && g.t[0] == 3 && g.t[1] == 4",
	"after the name":  "struct s g = { .i.x = 2, 3 }; #g.i.x == 2 && g.i.y == 3",
	"backwards":       "struct s g = { .b = 2, .a = 1, .i = { .y = 4, .x = 3 } }; #g.a == 1 && g.b == 2 && g.i.x == 3 && g.i.y == 4",
	"once more":       "int a[3] = { 1, 2, [0] = 5, 6, [2] = 7, [1] = 8 }; #a[0] == 5 && a[1] == 8 && a[2] == 7",
	"all once more":   "struct s g = { .i = { 1, 2 }, .i = { .y = 3 } }; #g.i.x == 0 && g.i.y == 3",
	"part once more":  "struct s g = { .i = { 1, 2 }, .i.y = 3 }; #g.i.x == 1 && g.i.y == 3",
	"by index":        "int a[] = { [4] = 1, 2, [1] = 3 }; #a[4] == 1 && a[5] == 2 && a[1] == 3 && a[0] == 0 && &a[6] - a == 6",
	"a range":         "int a[6] = { [1 ... 3] = 2, 4 }; #a[0] == 0 && a[1] == 2 && a[3] == 2 && a[4] == 4 && a[5] == 0",
	"rows":            "int a[2][3] = { { 1, 2 }, { 3 } }, b[][2] = { 1, 2, 3 }; #a[0][1] == 2 && a[0][2] == 0 && a[1][0] == 3 && b[1][0] == 3 && b[1][1] == 0",
	"old names":       "struct in g = { y: 3, x: 1 }; #g.x == 1 && g.y == 3",
	"structs":         "struct in a[] = { { 1, 2 }, { .y = 3 }, [3].x = 4 }; #a[0].y == 2 && a[1].y == 3 && a[1].x == 0 && a[3].x == 4",
	"addresses":       "int x, y[3]; int *p = &x, *q = y, *r = &y[1], *s = y + 2; #p == &x && q == &y[0] && r - q == 1 && s - r == 1",
	"of fields":       "struct s g; struct in *p = &g.i; int *q = &g.t[1], *r = &g.i.y; #p == &g.i && q == g.t + 1 && r == &p->y",
	"of each other":   "struct n { struct n *next; int k; }; struct n b; struct n a = { &b, 1 }, b = { &a, 2 }; #a.next->k == 2 && b.next->k == 1",
	"of oneself":      "struct n { struct n *next; }; struct n a = { .next = &a }; #a.next == &a",
	"a list":          "struct n { int k; struct n *next; }; struct n t[3] = { { 1, &t[1] }, { 2, t + 2 }, { 3 } }; #t[0].next->next->k == 3 && !t[2].next",
	"text":            "char s[] = \"ab\", t[4] = \"x\", u[2] = \"yz\", v[] = { \"cd\" }; #s[1] == 'b' && s[2] == 0 && t[0] == 'x' && t[3] == 0 && u[1] == 'z' && v[1] == 'd'",
	"texts":           "struct l { char name[3]; int n; } a[] = { { \"ab\", 1 }, { .name = \"c\", .n = 2 } }; #a[0].name[1] == 'b' && a[1].name[0] == 'c' && a[1].name[1] == 0 && a[1].n == 2",
	"a static local":  "int get(int i) { static const int t[] = { 5, 6, 7 }; return t[i]; } #get(2) == 7",
	"a thread's own":  "__thread int t[3] = { 5, 6 }; #t[1] == 6 && t[2] == 0",
	"void pointers":   "int x; void *p = &x, *q = (void *) &x, *r = NULL, *s = 0; #p == q && !r && !s",
	"what follows":    "struct p { struct in i; int z; } g = { 1, 2, 3 }; #g.i.x == 1 && g.i.y == 2 && g.z == 3",
	"names in braces": "struct p { struct in i; int z; } g = { { .y = 2 }, .z = 3 }; #g.i.x == 0 && g.i.y == 2 && g.z == 3",
}

const initialiserTypes = "struct in { int x, y; }; struct s { int a, b; int t[3]; struct in i; struct in *p; pthread_mutex_t m; }; "

// initialiserProgram is a function f that fails when an initialiser means something else.
func initialiserProgram(c string) string {
	decls, want, _ := strings.Cut(c, "#")
	return initialiserTypes + decls + " int done; void f(void) { if (" + want + ") done = 1; else done = 2; int v = done; assert(v == 1); }"
}

// A variable has the value that its initialiser says before any thread starts, and zero where it
// says none.
func TestInitialisers(t *testing.T) {
	for name, c := range initialisers {
		t.Run(name, func(t *testing.T) {
			if v, k, n := verdict(t, initialiserProgram(c), "f()"); v != model.OK || n != 3 {
				t.Errorf("%s %s with %d states", v, k, n)
			}
		})
	}
}

// A lock in an initialiser is free, and nothing else can be said of it.
func TestInitialLocks(t *testing.T) {
	for _, decl := range []string{
		"pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;", "static virMutex m = VIR_MUTEX_INITIALIZER;", "virMutex m = { PTHREAD_MUTEX_INITIALIZER };",
		"virMutex m = { .lock = PTHREAD_MUTEX_INITIALIZER };", "pthread_mutex_t m = { 0 };", "pthread_mutex_t m = {};",
		"struct s { int n; pthread_mutex_t lock; pthread_cond_t c; } s = { .lock = PTHREAD_MUTEX_INITIALIZER, .c = PTHREAD_COND_INITIALIZER, .n = 1 };\n#define m s.lock",
		"pthread_mutex_t l[2] = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER };\n#define m l[1]",
		"pthread_mutex_t l[2] = { [0 ... 1] = PTHREAD_MUTEX_INITIALIZER };\n#define m l[1]",
	} {
		src := decl + "\nint n; void f(void) { pthread_mutex_lock(&m); n = n + 1; pthread_mutex_unlock(&m); }"
		if v, k, states := verdict(t, src, "f()", "f()"); v != model.OK || states != 16 {
			t.Errorf("%s: %s %s with %d states", decl, v, k, states)
		}
	}
	for name, c := range map[string]struct{ src, want string }{
		"unheard of":  {"pthread_mutex_t m = PTHREAD_ROBUST_MUTEX_INITIALIZER_NP; void f(void) { }", "virMutex that begins as PTHREAD_ROBUST_MUTEX_INITIALIZER_NP cannot be modelled (write PTHREAD_MUTEX_INITIALIZER, or leave it out)"},
		"locked":      {"pthread_mutex_t m = { 1 }; void f(void) { }", "virMutex that begins as 1 cannot be modelled (write PTHREAD_MUTEX_INITIALIZER, or leave it out)"},
		"a condition": {"pthread_cond_t c = PTHREAD_MUTEX_INITIALIZER; void f(void) { }", "virCond that begins as PTHREAD_MUTEX_INITIALIZER cannot be modelled (write PTHREAD_COND_INITIALIZER, or leave it out)"},

		"too many":        {"int a[2] = { 1, 2, 3 }; void f(void) { }", "t.c:2:20: int [2] has 2 parts, and here is one value more"},
		"too many fields": {"struct s { int a; } g = { 1, 2 }; void f(void) { }", "t.c:2:30: struct s has 1 part, and here is one value more"},
		"two for one":     {"int a = { 1, 2 }; void f(void) { }", "int takes one value, and here are 2"},
		"no such field":   {"struct s { int a; } g = { .b = 1 }; void f(void) { }", "struct s has no field b"},
		"no such element": {"int a[2] = { [2] = 1 }; void f(void) { }", "int [2] has no such element"},
		"no struct":       {"int a[2] = { .x = 1 }; void f(void) { }", "int [2] has no field x"},
		"no array":        {"struct s { int a; } g = { [0] = 1 }; void f(void) { }", "struct s has no elements"},
		"no parts":        {"struct s { int a; } g = { .a.b = 1 }; void f(void) { }", "int has no parts"},
		"long text":       {"char s[2] = \"abc\"; void f(void) { }", "the string has 3 characters, and the array 2"},
		"another struct":  {"struct s { int a; } g = { 1 }; struct s h = g; void f(void) { }", "h takes its value in braces, and this is g"},
		"a call":          {"int g(void) { return 1; } int a[2] = { g() }; void f(void) { }", "the initial value g() is not a constant"},
		"far too many":    {"int a[1000000] = { [0 ... 999999] = 1 }; void f(void) { }", "an initialiser of more than 65536 values"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, c.src, "f()", c.want) })
	}
}
