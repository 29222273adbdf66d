package lower_test

import (
	"testing"

	"github.com/lockproof/lockproof/model"
)

// Whatever gives a value to an element, to a field or to a variable converts it to the type of
// that.
func TestConversions(t *testing.T) {
	one := []string{"f()"}
	for name, body := range map[string]string{
		"element":              "bool a[2]; a[1] = 4; ok = a[1] == 1;",
		"element, narrow":      "unsigned char a[2]; a[1] = 257; ok = a[1] == 1;",
		"element, signed":      "signed char a[2]; a[1] = 255; ok = a[1] == -1;",
		"values":               "bool a[] = { 4, 0, 256 }; ok = a[0] == 1 && a[1] == 0 && a[2] == 1;",
		"values, narrow":       "unsigned char a[2] = { [1] = -1 }; ok = a[1] == 255;",
		"text":                 "unsigned char a[] = \"\\377\"; char b[] = \"\\377\"; ok = a[0] == 255 && b[0] == -1;",
		"wide text":            "int a[2] = { 'a', 'b' }; ok = a[1] == 98;",
		"by pointer":           "short a[2] = { 0 }, *p = a; *++p = 65537; ok = a[1] == 1;",
		"step":                 "unsigned char a[2] = { 255, 0 }; a[0]++; --a[1]; ok = a[0] == 0 && a[1] == 255;",
		"compound":             "bool a[1] = { 1 }; a[0] += 3; ok = a[0] == 1;",
		"difference":           "int a[4]; ok = &a[1] - &a[3] < 0 && sizeof(&a[1] - &a[0]) == 8;",
		"number of them":       "int a[4]; ok = sizeof(a) / sizeof(a[0]) - 5 > 0 && sizeof(a) == 16;",
		"number, by macro":     "int a[4]; ok = G_N_ELEMENTS(a) - 5 > 0;",
		"rows":                 "short a[2][3]; ok = sizeof(a) == 12 && sizeof(a[0]) == 6 && sizeof(*a[0]) == 2;",
		"length of bytes":      "char a[sizeof(long)]; ok = sizeof a == 8;",
		"index, unsigned":      "int a[2] = { 7, 8 }; unsigned i = 1; ok = (&a[1])[-1] == 7 && a[i] == 8;",
		"index that wraps":     "int a[2] = { 7, 8 }; unsigned char i = 255; i += 2; ok = a[i] == 8;",
		"conditional":          "int a[1] = { 3 }, b[1] = { 4 }; int *p = ok ? a : b; ok = *p == 4;",
		"constant macros":      "ok = sizeof(UINT64_C(1)) == 8 && UINT64_C(1) << 40 > 0 && UINT32_C(0) - 1 > 0 && INT8_C(0) - 1 < 0 && INT64_C(1) << 40 >> 40 == 1;",
		"typeof the outer one": "short n = 1; { typeof(n) n = 65537; ok = sizeof n == 2 && n == 1; }",
		"typeof an array":      "int a[3]; typeof(a) b; ok = sizeof b == 12;",
		"field":                "struct { bool b; unsigned char c; int d : 3; } x; x.b = 8; x.c = 300; x.d = 5; ok = x.b == 1 && x.c == 44 && x.d == -3;",
		"values of a struct":   "struct { bool b; unsigned char c; int d : 3; } x = { 8, 300, 5 }; ok = x.b == 1 && x.c == 44 && x.d == -3;",
		"copy":                 "struct { bool b; int d : 3; } x = { 8, 5 }, y; y = x; ok = y.b == 1 && y.d == -3;",
	} {
		t.Run(name, func(t *testing.T) {
			if v, k, n := verdict(t, localProgram(body), "f()"); v != model.OK || n != 2 {
				t.Errorf("%s %s with %d states", v, k, n)
			}
		})
	}
	checkSmall(t, map[string]small{
		"shared values": {
			"bool a[] = { 4 }; unsigned char b = 257, c[1] = { -1 }; struct { short s; } d = { 65537 }; unsigned char e[] = \"\\377\"; " +
				"void f(void) { assert(a[0] == 1 && b == 1 && c[0] == 255 && d.s == 1 && e[0] == 255); }",
			one, model.OK, "", 1,
		},
		"shared element": {"bool a[2]; void f(void) { a[1] = 2; int v = a[1]; assert(v == 1); }", one, model.OK, "", 3},
		"atomic, narrow": {"_Atomic unsigned char a = 255; void f(void) { a++; int v = a; assert(v == 0); }", one, model.OK, "", 3},
		"atomic, bool":   {"atomic_bool a; void f(void) { atomic_store(&a, 2); int v = a; assert(v == 1); }", one, model.OK, "", 3},
		"atomic, wraps":  {"atomic_int a = 2147483647; void f(void) { atomic_fetch_add(&a, 1); int v = a; assert(v < 0); }", one, model.OK, "", 3},
		"atomic, wide":   {"_Atomic short a = 3; void f(void) { a <<= 15L; int v = a; assert(v == -32768); }", one, model.OK, "", 3},
		"atomic, mixed":  {"_Atomic int a = -8; void f(void) { a /= 2u; int v = a; assert(v == 2147483644); }", one, model.OK, "", 3},
		"cast":           {"int a = (unsigned char) 257; void f(void) { assert(a == 1); }", one, model.OK, "", 1},
		"static":         {"void f(void) { static unsigned char a = 255; a++; int v = a; assert(v == 0); }", one, model.OK, "", 4},
		"per thread":     {"_Thread_local unsigned char a = 255; void f(void) { a++; int v = a; assert(v == 0); }", one, model.OK, "", 4},
	})
	for name, c := range map[string]struct{ src, want string }{
		"a text for ints": {"void f(void) { int a[] = \"ab\"; }", `a takes int [0], and "ab" is char [3]`},
		"two integers":    {"extern long n; int n; void f(void) { n = 1; }", "n is long here and int at t.c:2:20"},
		"elements":        {"static unsigned char a[2]; void f(void) { char *p = a; *p = 1; }", "p is char *, and a is unsigned char *"},
		"pointer":         {"static int a[2]; void f(void) { shared = a == 1; }", "int * cannot be compared with int"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, c.src, "f()", c.want) })
	}
}
