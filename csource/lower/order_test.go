package lower_test

import (
	"testing"

	"github.com/lockproof/lockproof/model"
)

// functions that change what they are given.
const changing = `
static int bump(int *p) { *p = 5; return 1; }
static int pair(int a, int b) { return 10 * a + b; }
static obj first, second;
static int other_one(obj **p) { *p = &second; return 7; }
static int (*through)(int, int) = pair;
static int three(int a, int b, int c) { return 100 * a + 10 * b + c; }
`

// What an expression has read stays as it was read, whatever the rest of the expression changes:
// left to right.
func TestEvaluationOrder(t *testing.T) {
	for expr, want := range map[string]string{
		"n + bump(&n)":                "2",
		"bump(&n) + n":                "6",
		"n + n++":                     "2",
		"n + ++n":                     "3",
		"n + n--":                     "2",
		"n + --n":                     "1",
		"n + (n = 5)":                 "6",
		"n + (m, n += 3)":             "5",
		"n - (m ? n++ : 0)":           "0",
		"n * 10 + (n++ ? n : 9)":      "12",
		"n < (n = 5)":                 "1",
		"n == bump(&n)":               "1",
		"n++ + n":                     "3",
		"++n + n":                     "4",
		"n + m * bump(&m)":            "3",
		"pair(n, n++)":                "11",
		"pair(n, ++n)":                "12",
		"pair(n, bump(&n))":           "11",
		"pair(n++, n)":                "12",
		"pair(bump(&n), n)":           "15",
		"three(n, m, n++)":            "121",
		"three(n, m++, n)":            "121",
		"three(m, n, (m = 7, n = 8))": "218",
		"pair(n, 0) + bump(&n)":       "11",
		"pair(pair(n, n++), n)":       "112",
		"(n += bump(&n), n)":          "2",
		"(n -= n++, n)":               "0",
		"n += bump(&n)":               "2",
		"(n += (m ? n++ : 0), n)":     "2",
		"(n, n + 1)":                  "2",
		"n ? n + 4 : n++":             "5",
		"(n && n++) + n":              "3",
		"(n || n++) + n":              "2",
		"(!n && n++) + n":             "1",
		"(m > 1 && n++ > 0) * 10 + n": "12",
	} {
		t.Run(expr, func(t *testing.T) {
			src := object + changing + "void f(void) { int n = 1, m = 2; int s; s = " + expr + "; shared = s; assert(s == " + want + "); }"
			if v, k, n := verdict(t, src, "f()"); v != model.OK || k != "" || n != 2 {
				t.Errorf("not %s: %s %s with %d states", want, v, k, n)
			}
		})
	}
}

// What is read of shared state is a step of its own, in the same order, and stays as it was read.
func TestOrderOfSteps(t *testing.T) {
	for name, c := range map[string]struct {
		src    string
		states int64
	}{
		"two reads":              {"shared = 2; other = 3; int s = shared * 10 + other; assert(s == 23);", 5},
		"a read and a write":     {"shared = 2; int s = shared + (shared = 5); assert(s == 7); other = s;", 5},
		"increment after a read": {"shared = 2; int s = shared + shared++; assert(s == 4); other = s;", 6},
		"arguments":              {"shared = 2; int s = pair(shared, shared = 5); assert(s == 25); other = s;", 5},
		"assignment's value":     {"int s = (shared = other = 4); assert(s == 4);", 3},
		"field of a pointer":     {"obj *p = &first; p->n = other_one(&p); assert(p == &second); int s = first.n; other = s; assert(s == 7);", 4},
		"through a pointer":      {"int a = 1, b = 2, *p = &a; *p = (p = &b, 5); assert(a == 5 && b == 2); other = 1;", 2},
		"a called pointer":       {"int s = through((through = NULL, 1) && 1, 2); assert(s == 12); other = s;", 4},
		"a called local":         {"int (*p)(int, int) = pair; int s = p((p = NULL, 1) && 1, 2); assert(s == 12); other = s;", 2},
		"a call with a branch":   {"int s = through(1 && (through = NULL, 1), 2); assert(s == 12); other = s;", 4},
		"compound":               {"shared = 6; shared -= 2; int s = shared; assert(s == 4);", 5},
	} {
		t.Run(name, func(t *testing.T) {
			v, k, n := verdict(t, object+changing+"void f(void) { "+c.src+" }", "f()")
			if v != model.OK || k != "" || n != c.states {
				t.Errorf("%s %s with %d states, want %d", v, k, n, c.states)
			}
		})
	}
}

// C's operators on locals, and what has no result.
func TestOperators(t *testing.T) {
	for expr, want := range map[string]string{
		"7 / 2": "3", "-7 / 2": "-3", "7 % 3": "1", "-7 % 3": "-1", "1 << 3": "8", "12 >> 2": "3", "6 & 3": "2", "6 | 3": "7",
		"6 ^ 3": "5", "2 * 3 - 1": "5", "!0": "1", "!5": "0", "-(2)": "-2", "+(2)": "2", "3 <= 3": "1", "3 < 3": "0", "3 >= 4": "0", "4 > 3": "1",
		"3 != 3": "0", "'a'": "97", "true + 1": "2", "NULL == 0": "1", "1L << 63 >> 63": "-1", "1 << 0": "1",
	} {
		t.Run(expr, func(t *testing.T) {
			src := object + "void f(int z) { int s = " + expr + "; shared = s + z; assert(s == " + want + "); }"
			if v, _, n := verdict(t, src, "f(0)"); v != model.OK || n != 2 {
				t.Errorf("not %s: %s with %d states", want, v, n)
			}
		})
	}
}

// What is read of a variable that others see comes before what is read to its right, also where
// that has a branch: of static locals, of those of the file that a function declares again, of
// those of the thread, and of locals that others see.
func TestOrderOfSharedLocals(t *testing.T) {
	for name, decl := range map[string]string{
		"static":       "static int v = 1;",
		"extern":       "extern int v;",
		"thread-local": "static __thread int v = 1;",
		"given away":   "int v = 1; p = &v;",
	} {
		for _, use := range []string{
			"int s = v + (n || m);", "switch (v >> (n && m)) { case 7: m = 1; }", "if (v == (n ? m : 2)) m = 3;", "int s = two(v, n || m);", "a[v & 1] = n || m;", "return v - ({ n; });",
		} {
			t.Run(name+" "+use, func(t *testing.T) {
				src := "int v = 1, n = 1, m = 1, *p, a[2]; static int two(int x, int y) { return x + y; }\n" +
					"int f(void) { " + decl + " v = 5; " + use + " return 0; }\n" +
					"void g(void) { n = 2; m = 2; a[0] = a[1] = 2; v = 3; } int h(void) { return f(); }"
				p, err := build(t, src, "h()", "g()")
				if err != nil {
					t.Fatal(err)
				}
				var read []string
				for i := range p.Threads[0].Nodes {
					if x := &p.Threads[0].Nodes[i]; x.Op == model.OpLoad {
						read = append(read, p.Vars[x.Var].Name)
					}
				}
				want := map[string]string{"static": "f.v", "extern": "v", "thread-local": "f.v@1", "given away": "f.v@1"}[name]
				if len(read) == 0 || read[0] != want {
					t.Errorf("reads %q, want %s first", read, want)
				}
			})
		}
	}
}
