package lower_test

import (
	"testing"

	"github.com/lockproof/lockproof/model"
)

// A struct is copied or cleared as a sequence of loads and stores, in the order of its fields.
func TestCopies(t *testing.T) {
	const types = "struct in { int x, y; }; struct s { int a; struct in i; int t[2]; }; struct s g, h; "
	one := []string{"f()"}
	checkSmall(t, map[string]small{
		"memset": {
			"struct st { int a; }; static struct st g; void f(void) { int v; g.a = 1; memset(&g, 0, sizeof(g)); v = g.a; assert(v == 0); }", one, model.OK, "", 4,
		},
		"memset by type":    {types + "void f(void) { g.t[1] = 2; memset(&g, 0, sizeof(struct s)); int v = g.t[1]; assert(v == 0); }", one, model.OK, "", 8},
		"memset by pointer": {types + "void f(void) { struct s *p = &g; p->i.y = 2; memset(p, 0, sizeof *p); int v = g.i.y; assert(v == 0); }", one, model.OK, "", 8},
		"memset of a part":  {types + "void f(void) { g.i.y = 2; g.a = 1; memset(&g.i, 0, sizeof(g.i)); int v = g.i.y, w = g.a; assert(v == 0 && w == 1); }", one, model.OK, "", 7},
		"memset of an int":  {"int n; void f(void) { n = 1; memset(&n, 0, sizeof(n)); int v = n; assert(v == 0); }", one, model.OK, "", 4},
		"memset of an array": {
			"int a[3]; void f(void) { a[2] = 1; memset(a, 0, sizeof(a)); int v = a[2]; assert(v == 0); }", one, model.OK, "", 6,
		},
		"memset of two": {
			"int a[3]; void f(void) { a[1] = 1; a[2] = 1; memset(a, 0, 2 * sizeof(a[0])); int v = a[1], w = a[2]; assert(v == 0 && w == 1); }", one, model.OK, "", 7,
		},
		"memset of too many": {"int a[2]; void f(void) { memset(a, 0, 3 * sizeof(int)); }", one, model.Violation, model.OutOfBounds, 0},
		"memset of NULL":     {"void f(int *p) { memset(p, 0, sizeof *p); }", []string{"f(NULL)"}, model.Violation, model.NullVM, 0},
		"bzero":              {types + "void f(void) { g.a = 1; bzero(&g, sizeof(g)); int v = g.a; assert(v == 0); }", one, model.OK, "", 8},
		"assignment": {
			types + "void f(void) { g.a = 1; g.i.y = 2; g.t[1] = 3; h = g; int v = h.a + h.i.y + h.t[1]; assert(v == 6); }", one, model.OK, "", 17,
		},
		"in a row":         {types + "struct s k; void f(void) { g.t[0] = 4; k = h = g; int v = k.t[0]; assert(v == 4); }", one, model.OK, "", 23},
		"elements":         {types + "struct in a[2]; void f(void) { a[0].x = 5; a[1] = a[0]; int v = a[1].x; assert(v == 5); }", one, model.OK, "", 7},
		"pointed":          {types + "void f(void) { struct in *p = &g.i, *q = &h.i; p->y = 5; *q = *p; int v = h.i.y; assert(v == 5); }", one, model.OK, "", 7},
		"memcpy":           {types + "void f(void) { g.i.x = 1; memcpy(&h, &g, sizeof(h)); int v = h.i.x; assert(v == 1); }", one, model.OK, "", 13},
		"memcpy beside":    {"int a[4]; void f(void) { a[0] = 7; memcpy(a + 2, a, 2 * sizeof(int)); int v = a[2]; assert(v == 7); }", one, model.OK, "", 6},
		"memcpy, overlap":  {"int a[4]; void f(void) { a[0] = 7; memcpy(a + 1, a, 2 * sizeof(int)); }", one, model.Violation, model.Undefined, 0},
		"memcpy, backward": {"int a[4]; void f(void) { a[0] = 7; memcpy(a, a + 1, 2 * sizeof(int)); }", one, model.Violation, model.Undefined, 0},
		"memcpy to itself": {types + "void f(void) { g.a = 1; memcpy(&g, &g, sizeof(g)); }", one, model.Violation, model.Undefined, 0},
		"memcpy of NULL":   {types + "void f(struct s *p) { g.a = 1; memcpy(p, p, sizeof(g)); }", []string{"f(NULL)"}, model.Violation, model.NullVM, 0},
		"memmove":          {"int a[3]; void f(void) { a[0] = 7; memmove(a + 1, a, sizeof(int)); int v = a[1]; assert(v == 7); }", one, model.OK, "", 5},
		"half seen": {
			"struct in { int x, y; } g, h = { 1, 1 }; void f(void) { g = h; h.x = 1; h.y = 1; } void r(void) { int x = g.x, y = g.y; assert(x == y); }",
			[]string{"f()", "r()"},
			model.Violation, model.AssertKind, 0,
		},
	})
	for name, c := range map[string]struct{ src, want string }{
		"another value": {"void f(void) { memset(&shared, 1, sizeof(shared)); }", "memset with anything but 0 cannot be modelled: assign the fields one by one"},
		"a part": {
			"struct s { int a, b; } g; void f(void) { memset(&g, 0, sizeof(int)); }",
			"sizeof(int) is not known to be the size of a whole struct s (write sizeof(*pointer), sizeof(variable), or a number times one of them)",
		},
		"of the pointer": {
			"struct s { int a, b; } g; void f(void) { struct s *p = &g; memset(p, 0, sizeof(p)); }",
			"sizeof(p) is not known to be the size of a whole struct s (write sizeof(*pointer), sizeof(variable), or a number times one of them)",
		},
		"a number":       {"void f(void) { memset(&shared, 0, 3); }", "3 is not known to be the size of a whole int (write sizeof(*pointer), sizeof(variable), or a number times one of them)"},
		"void":           {"void f(void) { void *p = &shared; memset(p, 0, sizeof(int)); }", "memset needs a pointer to what it changes, and p is void *"},
		"a lock":         {"struct s { pthread_mutex_t m; int n; } g; void f(void) { memset(&g, 0, sizeof(g)); }", "memset(&g, 0, sizeof(g)): a virMutex cannot be copied or cleared"},
		"a lock, copied": {"struct s { pthread_mutex_t m; int n; } g, h; void f(void) { g = h; }", "g = h: a virMutex cannot be copied or cleared"},
		"two types":      {"struct s { int n; } g; struct t { int n; } h; void f(void) { g = h; }", "g is struct s, and h is struct t"},
		"two, by bytes":  {"struct s { int n; } g; struct t { int n; } h; void f(void) { memcpy(&g, &h, sizeof(g)); }", "memcpy copies between struct t * and struct s *: assign the fields one by one"},
		"by value":       {"struct s { int n; } g; struct t { int n; } u; void h(struct s x) { x.n = 1; } void f(void) { h(u); }", "argument 1 of h is struct s, and u is struct t"},
		"result":         {"struct s { int n; } g; struct t { int n; } u; struct s h(void) { return u; } void f(void) { h(); }", "h returns struct s, and u is struct t"},
		"lock by value":  {"struct s { virMutex m; } g; struct s h(void) { return g; } void f(void) { h(); }", "h() is a struct s that is passed by value, and locks and conditions cannot be: pass a pointer to it"},
		"comparison":     {"struct s { int n; } g, h; void f(void) { shared = g == h; }", "C has no == of structs: write it for each field"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, c.src, "f()", c.want) })
	}
}

// localObjects are bodies of a function that set ok when structs and arrays in it are as in C.
var localObjects = map[string]string{
	"array":          "int a[3]; a[0] = 1; a[1] = 2; a[2] = a[0] + a[1]; ok = a[2] == 3;",
	"values":         "int a[] = { 1, 2, [4] = 3 }; ok = a[1] == 2 && a[3] == 0 && a[4] == 3 && &a[5] - a == 5;",
	"struct":         "struct s x; x.a = 1; x.i.y = 2; x.t[1] = 3; struct s *p = &x; p->t[0] = p->a; ok = x.t[0] + x.i.y + p->t[1] == 6;",
	"struct, values": "struct s x = { .i.y = 2, .t = { 3 } }; ok = x.a == 0 && x.i.y == 2 && x.t[0] == 3 && x.t[1] == 0;",
	"of locals":      "int n = 4; struct in x = { n, n + 1 }; ok = x.x == 4 && x.y == 5;",
	"loop":           "int a[4], sum = 0; for (int i = 0; i < 4; i++) a[i] = i * i; for (int *p = a; p < a + 4; p++) sum += *p; ok = sum == 14;",
	"each round":     "ok = 1; for (int i = 0; i < 2; i++) { int a[2] = { 0 }; if (a[1]) ok = 0; a[1] = 1; }",
	"rows":           "int a[2][2] = { { 1, 2 }, { 3, 4 } }; ok = a[1][0] * a[0][1] == 6;",
	"copy":           "struct s x = { 1, { 2, 3 }, { 4, 5 } }, y = x; y.i.x++; ok = y.i.x == 3 && x.i.x == 2 && y.t[1] == 5;",
	"in and out":     "struct s x = { .a = 7 }; struct s y; y = x; x.a = 1; ok = y.a == 7 && y.t[0] == 0;",
	"inner copy":     "struct in p = { 8, 9 }; struct s x = { .a = 1, .i = p, .t = { 2 } }; ok = x.i.x == 8 && x.i.y == 9 && x.a == 1 && x.t[0] == 2;",
	"text":           "char s[] = \"ab\"; ok = s[1] == 'b' && s[2] == 0;",
	"pointers":       "int n = 1, m = 2; int *t[2] = { &n, &m }; *t[1] = 5; ok = m == 5 && *t[0] == 1;",
	"to a function":  "struct in x = { 1, 2 }; swap(&x); ok = x.x == 2 && x.y == 1;",
	"of two calls":   "ok = depth(1) + depth(2) == 3;",
	"clear":          "struct s x = { 1, { 2, 3 }, { 4, 5 } }; memset(&x, 0, sizeof x); ok = !x.a && !x.i.y && !x.t[1];",
	"hidden":         "int a[2] = { 1, 2 }; { int a[2] = { 3, 4 }; ok = a[1] == 4; } ok = ok && a[1] == 2;",
	"choices":        "int n = 1; struct s x = { n ? 5 : 6, { n && 0, ({ n++; n; }) }, .t = { [1] = n || 0 } }; ok = x.a == 5 && !x.i.x && x.i.y == 2 && x.t[1] == 1;",
	"chosen":         "struct in p = { 1, 2 }, q = { 3, 4 }; struct s x = { 1, p.x ? q : p, { 5 } }; p = x.t[0] ? x.i : p; ok = p.y == 4 && x.i.x == 3 && x.t[0] == 5;",
	"range":          "int n = 0; int a[3] = { [0 ... 2] = n++ }; ok = n == 1 && !a[0] && !a[2];",
	"braces":         "int n = { 3 }; int *p = { &n }; int m = { n == 3 ? 4 : 5, }; ok = *p == 3 && m == 4;",
	"partly set":     "struct s x; x.a = 1; struct s y = x; y.i.x = 2; x = y; ok = x.a + x.i.x == 3;",
	"overlap":        "int a[4] = { 1, 2, 3, 4 }; memmove(a + 1, a, 3 * sizeof(int)); ok = a[0] == 1 && a[1] == 1 && a[2] == 2 && a[3] == 3;",
	"overlap down":   "int a[4] = { 1, 2, 3, 4 }; memmove(a, &a[1], 3 * sizeof *a); ok = a[0] == 2 && a[1] == 3 && a[2] == 4 && a[3] == 4;",
	"goto":           "int i = 0; again: { int a[2] = { i, 1 }; i = a[0] + a[1]; } if (i < 3) goto again; ok = i == 3;",
}

const localTypes = "struct in { int x, y; }; struct s { int a; struct in i; int t[2]; }; struct s g; int out; "

func localProgram(body string) string {
	return localTypes + "static void swap(struct in *p) { int t = p->x; p->x = p->y; p->y = t; } " +
		"static int depth(int n) { int a[2] = { n }; return a[0] + a[1]; } " +
		"void f(void) { int ok = 0; " + body + " assert(ok); out = ok; }"
}

// Structs and arrays in a function are as private as other locals: using them is no step.
func TestLocalObjects(t *testing.T) {
	for name, body := range localObjects {
		t.Run(name, func(t *testing.T) {
			if v, k, n := verdict(t, localProgram(body), "f()"); v != model.OK || n != 2 {
				t.Errorf("%s %s with %d states", v, k, n)
			}
		})
	}
	checkSmall(t, map[string]small{
		"from what is shared": {localTypes + "void f(void) { g.a = 1; struct s x = g; x.a++; g.a = x.a; int v = g.a; assert(v == 2); }", []string{"f()"}, model.OK, "", 5},
		"past the end":        {"int out; void f(void) { int a[2] = { 0 }; out = a[2]; }", []string{"f()"}, model.Violation, model.OutOfBounds, 0},
		"gone": {
			"int out; int *g(void) { int a[2] = { 1 }; return a; } void f(void) { int *p = g(); out = *p; }",
			[]string{"f()"},
			model.Violation, model.Undefined, 0,
		},
		"unset":                    {"int out; void f(void) { int a[2]; a[0] = 1; out = a[1]; }", []string{"f()"}, model.Violation, model.Undefined, 0},
		"unset, a field":           {localTypes + "void f(void) { struct in x; x.x = 1; out = x.y; }", []string{"f()"}, model.Violation, model.Undefined, 0},
		"unset, copied":            {localTypes + "void f(void) { struct in x, y; x.x = 1; y = x; out = y.x; }", []string{"f()"}, model.OK, "", 2},
		"unset, then used":         {localTypes + "void f(void) { struct in x, y; x.x = 1; y = x; out = y.y; }", []string{"f()"}, model.Violation, model.Undefined, 0},
		"unset, shared":            {localTypes + "void f(void) { struct in x; x.x = 1; g.i = x; out = g.i.x; }", []string{"f()"}, model.OK, "", 5},
		"unset, shared, then used": {localTypes + "void f(void) { struct in x; x.x = 1; g.i = x; out = g.i.y; }", []string{"f()"}, model.Violation, model.Undefined, 0},
		"unset, through what is shared": {
			localTypes + "void f(void) { struct in x, y; x.x = 1; g.i = x; y = g.i; out = y.x; }", []string{"f()"}, model.OK, "", 6,
		},
		"of each thread": {"int out; void f(void) { int a[2] = { 0 }; a[1] = self(); out = a[1]; }", []string{"f()", "f()"}, model.OK, "", 5},
	})
	for name, c := range map[string]struct{ src, want string }{
		"too long": {"void f(void) { int a[5000]; a[0] = 1; }", "the structs and arrays in f have more than 4096 parts"},
		"access":   {"void f(void) { struct { int n; } x = { 1 }; access(&x); }", "access(&x): argument 1 is not what access works on"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, c.src, "f()", c.want) })
	}
}
