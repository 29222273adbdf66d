package lower_test

import (
	"testing"

	"github.com/lockproof/lockproof/model"
)

const constants = `
struct k { const int a; int b; };
typedef const int ci;
const int c = 1; static const int pair[2] = { 1, 2 }; struct k k = { 1, 2 }; static ci named[2] = { 1 };
static const pthread_mutex_t m; static const _Atomic int at = 1; static const int *kept; static const struct k whole = { 1, 2 };
`

// A store to what is const is undefined however it comes there; what merely goes by a pointer to
// const may change.
func TestConst(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		ok   bool
	}{
		"variable":         {"*(int *) &c = 2;", false},
		"element":          {"int *p = (int *) pair; p[1] = 3;", false},
		"by a typedef":     {"int *p = (int *) named; p[0] = 1;", false},
		"member":           {"int *p = (int *) &k.a; *p = 2;", false},
		"beside a member":  {"k.b = 3; int v = k.b; assert(v == 3);", true},
		"of a const":       {"((struct k *) &whole)->b = 3;", false},
		"local":            {"const int l = 1; int *p = (int *) &l; *p = 2;", false},
		"local struct":     {"const struct k l = { 1, 2 }; ((struct k *) &l)->b = 3;", false},
		"local, seen":      {"const int l = nondet(); kept = &l; *(int *) kept = 2;", false},
		"static local":     {"static const int l = 1; ++*(int *) &l;", false},
		"parameter":        {"", false},
		"cleared":          {"memset((int *) &c, 0, sizeof(c));", false},
		"copied over":      {"struct k l = { 3, 4 }; memcpy((struct k *) &whole, &l, sizeof(l));", false},
		"locked":           {"pthread_mutex_lock((pthread_mutex_t *) &m);", false},
		"atomically":       {"atomic_fetch_add((_Atomic int *) &at, 1);", false},
		"read":             {"assert(c + pair[1] + whole.b == 5 && atomic_load(&at) == 1 && named[1] == 0);", true},
		"pointer to const": {"int n = 1; const int *q = &n; *(int *) q = 2; assert(n == 2);", true},
		"on the heap":      {"struct k *h = malloc(sizeof(struct k)); if (h) { *(int *) &h->a = 3; assert(h->a == 3); free(h); }", true},
		"in a loop":        {"for (int i = 0; i < 2; i++) { const int l[2] = { i, 2 }, *p = l; const struct k z = { .a = i }, *q = &z; assert(p[0] == i && q->a == i); }", true},
		"first value":      {"const int l = nondet(); kept = &l; int v = *kept; assert(v == l); int o = 0; kept = &o;", true},
	} {
		src := constants + "void f(void) { " + c.body + " }"
		if name == "parameter" {
			src = constants + "int g(const int a) { const int *p = &a; *(int *) p = 2; return a; } void f(void) { g(1); }"
		}
		want, kind := model.OK, model.Kind("")
		if !c.ok {
			want, kind = model.Violation, model.Undefined
		}
		if v, k, _ := verdict(t, src, "f()"); v != want || k != kind {
			t.Errorf("%s: got %s %q, want %s %q", name, v, k, want, kind)
		}
	}
}

// A pointer is not moved by more than any object has, nor does an unsigned index wrap round.
func TestFarIndex(t *testing.T) {
	const decl = "int a[2]; int *nowhere; "
	for body, kind := range map[string]model.Kind{
		"unsigned long u = -1; int *p = a + 1; p[u] = 1;":                      model.OutOfBounds,
		"unsigned u = -1; int *p = a + 1; p[u] = 1;":                           model.OutOfBounds,
		"unsigned long u = 4611686018427387904; a[u] = 1;":                     model.OutOfBounds,
		"long u = 3000000000; int *p = a; p += u;":                             model.OutOfBounds,
		"long u = -9223372036854775807 - 1; int *p = a - u;":                   model.OutOfBounds,
		"unsigned long u = 4611686018427387904; char *p = (char *) a; p += u;": model.OutOfBounds,
		"unsigned long u = -1; nowhere[u] = 1;":                                model.NullVM,
		"int u = -1; int *p = a + 1; p[u] = 1;":                                "",
		"unsigned long u = 1; int *p = a; p[u] = 1; p += u; p -= u; *p = 2;":   "",
		"unsigned char u = -1; int *p = a; p += u; p -= u; *p = 1;":            "",
	} {
		if _, k, _ := verdict(t, decl+"void f(void) { "+body+" }", "f()"); k != kind {
			t.Errorf("%s: got %q, want %q", body, k, kind)
		}
	}
}
