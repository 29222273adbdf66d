package lower_test

import (
	"testing"

	"github.com/lockproof/lockproof/model"
)

// small is a program of a few lines with what it comes to. States are compared where it is ok.
type small struct {
	src     string
	threads []string
	verdict model.Verdict
	kind    model.Kind
	states  int64
}

func checkSmall(t *testing.T, cases map[string]small) {
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if v, k, n := verdict(t, c.src, c.threads...); v != c.verdict || k != c.kind || n != c.states && v == model.OK {
				t.Errorf("got %s %q with %d states, want %s %q with %d", v, k, n, c.verdict, c.kind, c.states)
			}
		})
	}
}

// Each thread has its own copy of a thread-local variable; a static local there is once; the order
// of declarations does not matter.
func TestStorage(t *testing.T) {
	two := []string{"f()", "f()"}
	checkSmall(t, map[string]small{
		"__thread":       {"__thread int depth; void f(void) { depth++; int v = depth; assert(v == 1); }", two, model.OK, "", 16},
		"_Thread_local":  {"static _Thread_local int depth = 4; void f(void) { depth++; int v = depth; assert(v == 5); }", two, model.OK, "", 16},
		"global instead": {"int depth; void f(void) { depth++; int v = depth; assert(v == 1); }", two, model.Violation, model.AssertKind, 0},
		"of a function":  {"void f(void) { static __thread int n; n++; int v = n; assert(v == 1); }", two, model.OK, "", 16},
		"struct":         {"struct s { int a, b; }; __thread struct s own; void f(void) { own.b++; int v = own.b, w = own.a; assert(v == 1 && w == 0); }", two, model.OK, "", 16},
		"lock": {
			"__thread pthread_mutex_t m; int n; void f(void) { pthread_mutex_lock(&m); n = n + 1; pthread_mutex_unlock(&m); }",
			two, model.OK, "", 33,
		},
		"by its address": {
			"__thread int n; static void set(int *p, int x) { *p = x; } void f(void) { set(&n, self()); int v = n; assert(v == self()); }", two, model.OK, "", 9,
		},
		"each its own round": {"__thread int n; void f(void) { if (n < 2) n++; int v = n; assert(v <= 2 && v > 0); }", []string{"f()*"}, model.OK, "", 9},

		"static local":   {"void f(void) { static int calls; calls++; int v = calls; assert(v > 0); }", two, model.OK, "", 24},
		"of two threads": {"void f(void) { static int calls; calls++; int v = calls; assert(v == 1); }", two, model.Violation, model.AssertKind, 0},
		"value from before": {
			"static int seen; static int next(void) { static int n = 7; n++; return n; } void f(void) { seen = next(); seen = next(); int v = seen; assert(v == 9); }",
			[]string{"f()"},
			model.OK, "", 10,
		},
		"of two functions": {
			"int g(void) { static int n = 1; return ++n; } int h(void) { static int n = 5; return ++n; } void f(void) { int a = g() + h(); assert(a == 8); }",
			[]string{"f()"},
			model.OK, "", 5,
		},
		"of two blocks": {
			"int out; void f(void) { { static int n = 1; n++; out = n; } { static int n = 5; n++; out = n; } int v = out; assert(v == 6); }", []string{"f()"}, model.OK, "", 10,
		},
		"static lock": {
			"int n; void f(void) { static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; pthread_mutex_lock(&m); n++; pthread_mutex_unlock(&m); } " +
				"void g(void) { f(); int v = n; assert(v > 0); }",
			[]string{"g()", "g()"},
			model.OK, "", 27,
		},

		"extern before":       {"extern int b; int b = 3; void f(void) { int v = b; assert(v == 3); b = 4; }", []string{"f()"}, model.OK, "", 3},
		"extern after":        {"int b = 3; extern int b; void f(void) { int v = b; assert(v == 3); b = 4; }", []string{"f()"}, model.OK, "", 3},
		"tentative":           {"int b; int b; extern int b; int b = 3; int b; void f(void) { int v = b; assert(v == 3); b = 4; }", []string{"f()"}, model.OK, "", 3},
		"static, then extern": {"static int b = 3; extern int b; void f(void) { int v = b; assert(v == 3); b = 4; }", []string{"f()"}, model.OK, "", 3},
		"defined at the end":  {"extern int b; void f(void) { int v = b; assert(v == 3); b = 4; } int b = 3;", []string{"f()"}, model.OK, "", 3},
		"extern in a function": {
			"void f(void) { extern int b; int v = b; assert(v == 3); b = 4; v = b; assert(v == 4); } int b = 3;", []string{"f()"}, model.OK, "", 4,
		},
		"hidden in a block": {
			"int b = 3; void f(void) { int b = 1; { extern int b; b++; int v = b; assert(v == 4); } assert(b == 1); }", []string{"f()"}, model.OK, "", 4,
		},
		"unused extern": {"extern int far; int b; void f(void) { b = 1; }", []string{"f()"}, model.OK, "", 2},
	})
}

// What no linker would take is refused.
func TestStorageRefused(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"nowhere":           {"extern int b; void f(void) { b = 1; }", "t.c:2:30: b is declared extern at t.c:2:12, and nowhere defined (define it: int b;)"},
		"nowhere, read":     {"extern int b; void f(void) { if (b) return; }", "t.c:2:34: b is declared extern at t.c:2:12, and nowhere defined (define it: int b;)"},
		"in a function":     {"void f(void) { extern int b; }", "t.c:2:27: b is declared here, and nowhere defined"},
		"twice":             {"int b = 1; int b = 2; void f(void) { b = 1; }", "t.c:2:16: b is defined twice, first at t.c:2:5"},
		"two types":         {"extern int *b; int b; void f(void) { b = 1; }", "b is int * here and int at t.c:2:20"},
		"static and not":    {"static int b; int b; void f(void) { b = 1; }", "b is declared with static and without, first at t.c:2:12"},
		"thread and not":    {"__thread int b; int b; void f(void) { b = 1; }", "b is declared thread-local and not, first at t.c:2:14"},
		"thread, automatic": {"void f(void) { __thread int b = 1; }", "b is thread-local in a function: C wants static or extern before it"},
		"value of a call":   {"int g(void) { return 1; } void f(void) { static int b = g(); b++; }", "the initial value g() is not a constant"},
		"value of a local":  {"void f(int a) { static int b = a; b++; }", "the initial value a is not a constant"},
	} {
		t.Run(name, func(t *testing.T) {
			thread := "f()"
			if name == "value of a local" {
				thread = "f(1)"
			}
			refused(t, c.src, thread, c.want)
		})
	}
}
