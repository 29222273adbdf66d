package lower_test

import (
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// What C leaves undefined is a violation where it is reached, at its place, and says what it is.
func TestUndefined(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"division":         {"void f(int z) { shared = 3 / z; }", "t.c:2:26: T1 f(0) in f, at 3 / z: / has no result for 3 and 0"},
		"remainder":        {"void f(int z) { shared = 3 % z; }", "t.c:2:26: T1 f(0) in f, at 3 % z: % has no result for 3 and 0"},
		"wide shift":       {"void f(int z) { shared = 3 << (z + 32); }", "t.c:2:26: T1 f(0) in f, at 3 << z + 32: << has no result for 3 and 32"},
		"shift back":       {"void f(int z) { shared = 3 >> (z - 1); }", "t.c:2:26: T1 f(0) in f, at 3 >> z - 1: >> has no result for 3 and -1"},
		"sum":              {"void f(int z) { z += 2147483647; shared = z + 1; }", "t.c:2:43: T1 f(0) in f, at z + 1: 2147483647 + 1 does not fit int"},
		"difference":       {"void f(int z) { shared = z - 2147483647 - 2; }", "t.c:2:26: T1 f(0) in f, at z - 2147483647 - 2: -2147483647 - 2 does not fit int"},
		"product":          {"void f(int z) { unsigned short u = z - 1; shared = u * u; }", "t.c:2:52: T1 f(0) in f, at u * u: 65535 * 65535 does not fit int"},
		"long product":     {"void f(int z) { long a = z - 4294967296; shared = a * a == 0; }", "t.c:2:51: T1 f(0) in f, at a * a: -4294967296 * -4294967296 does not fit long"},
		"least by -1":      {"void f(int z) { z = z - 2147483647 - 1; shared = z / -1; }", "t.c:2:50: T1 f(0) in f, at z / -1: / has no result for -2147483648 and -1"},
		"negated":          {"void f(int z) { z = z - 2147483647 - 1; shared = -z; }", "t.c:2:50: T1 f(0) in f, at -z: -(-2147483648) does not fit int"},
		"increment":        {"void f(int z) { z += 2147483647; z++; shared = 1; }", "t.c:2:34: T1 f(0) in f, at z++: 2147483647 + 1 does not fit int"},
		"shared increment": {"void f(int z) { shared = 2147483647; shared++; }", "t.c:2:38: T1 f(0) in f, at shared++: 2147483647 + 1 does not fit int"},
		"atomic division":  {"_Atomic int n = 8; void f(int z) { n /= z; }", "t.c:2:36: T1 f(0) in f, at n /= z: / has no result for 8 and 0"},
		"atomic remainder": {"_Atomic int n = 8; void f(int z) { n %= 2; n %= z; shared = 1; }", "t.c:2:44: T1 f(0) in f, at n %= z: % has no result for 0 and 0"},
		"atomic shift":     {"_Atomic int n = 8; void f(int z) { n <<= z + 40; }", "t.c:2:36: T1 f(0) in f, at n <<= z + 40: << has no result for 8 and 40"},
		"atomic local":     {"void f(int z) { _Atomic int n = 8; n /= z; shared = n; }", "t.c:2:36: T1 f(0) in f, at n /= z: / has no result for 8 and 0"},
		"unset memory":     {"void f(int z) { int *p = malloc(sizeof(int)); shared = *p; }", "t.c:2:56: T1 f(0) in f, at *p: int#1.value is read, and what is in it was never set"},
		"unset by a copy":  {"struct s { int a, b; } v; void f(int z) { struct s *p = malloc(sizeof(*p)); p->a = z; v = *p; shared = v.b; }", "t.c:2:104: T1 f(0) in f, at v.b: v.b is read, and what is in it was never set"},
		"unset":            {"void f(int z) { int a; if (a) shared = 1; }", "t.c:2:28: T1 f(0) in f, at a: a is used before it is set"},
		"unset, second":    {"void f(int z) { int a = 1, b; shared = a + b; }", "t.c:2:40: T1 f(0) in f, at a + b: b is used before it is set"},
		"unset stored":     {"void f(int z) { int b; shared = z; other = b; }", "t.c:2:36: T1 f(0) in f, at other = b: b is used before it is set"},
		"unset copied":     {"void f(int z) { int a, b = a; shared = z; }", "t.c:2:24: T1 f(0) in f, at a: a is used before it is set"},
		"unset in a check": {"void f(int z) { int a; assert(a); shared = z; }", "t.c:2:24: T1 f(0) in f, at assert(a): a is used before it is set"},
		"unset argument":   {"void g(int n) { } void f(int z) { int a; g(a); shared = z; }", "t.c:2:42: T1 f(0) in f, at g(a): a is used before it is set"},
		"unset by address": {"void f(int z) { int a, *p = &a; shared = *p; }", "t.c:2:42: T1 f(0) in f, at *p: a is used before it is set"},
		"no result":        {"int g(void) { } void f(int z) { shared = g(); }", "t.c:2:33: T1 f(0) in f, at shared = g(): a value is used before it is set"},
		"local that is gone": {
			"int *g(void) { int a = 1; return &a; } int h(int n) { return n; } void f(int z) { int *p = g(); h(7); shared = *p; }",
			"t.c:2:112: T1 f(0) in f, at *p: *p follows the address of a local variable whose function has returned",
		},
		"address kept for later": {
			"int *g(void) { int a = 1; return &a; } int h(int *q) { int b = 2; return *q + b; } void f(int z) { shared = h(g()); }",
			"t.c:2:74: T1 f(0) in h, at *q: *q follows the address of a local variable whose function has returned",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := build(t, strings.Join(strings.Fields(object), " ")+"\n"+c.src, "f(0)")
			if err != nil {
				t.Fatal(err)
			}
			r, err := search.Search(t.Context(), p, search.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Kind != model.Undefined || len(r.Findings) != 1 {
				t.Fatalf("%s %s", r.Verdict, r.Kind)
			}
			if got := r.Findings[0].Pos.String() + ": " + r.Findings[0].Message; got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// It is no matter where no schedule comes to it, though values of shared variables are tried that
// the variable has at another place.
func TestUndefinedNotReached(t *testing.T) {
	for name, src := range map[string]string{
		"guarded":            "void f(void) { shared = 4; int a = shared; if (a) other = 8 / a; assert(other == 2); }",
		"an atomic division": "_Atomic int n = 8; void f(void) { int z = shared; if (z) n /= z; shared = 2; shared = 0; assert(n == 8); }",
		"not together":       "void f(void) { shared = 2147483647; shared = 1; int a = shared; shared = a + 1; assert(shared == 2); }",
		"set in time":        "void f(void) { int a; shared = 1; if (shared) a = 1; other = a; assert(other == 1); }",
		"not used":           "int g(void) { } void f(void) { g(); shared = 1; assert(shared == 1); }",
	} {
		if v, k, _ := verdict(t, object+src, "f()"); v != model.OK {
			t.Errorf("%s: %s %s", name, v, k)
		}
	}
}
