package lower_test

import (
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
)

const heap = `
typedef struct _item item;
struct _item { int v; int w; item *next; };
struct outer { int a; struct _item in; };
struct first { struct _item in; int b; };
struct counted { int refs __attribute__((refcount)); };
static item *cur;
static item *made __attribute__((new));
static item fixed;
static pthread_mutex_t m;
static int shared;
`

// sequential are programs of one thread f, in which nothing is left to the scheduler: what they do
// is what the C compiler says that they do. A program that the compiler's sanitizer cannot judge is
// not compiled.
var sequential = map[string]struct {
	src      string
	verdict  model.Verdict
	kind     model.Kind
	states   int64
	compiled bool
}{
	"VIR_FREE sets NULL":               {"void f(void) { item *p = made; VIR_FREE(p); p->v = 1; }", model.Violation, model.NullVM, 3, false},
	"VIR_FREE of a shared pointer":     {"void f(void) { cur = g_new0(item, 1); VIR_FREE(cur); item *p = cur; assert(p == NULL); }", model.OK, "", 6, true},
	"g_clear_pointer":                  {"void f(void) { item *p = g_new0(item, 1); g_clear_pointer(&p, g_free); assert(p == NULL); }", model.OK, "", 2, true},
	"g_clear_pointer of NULL":          {"static void g(item *p) { shared = p->v; } void f(void) { item *p = NULL; g_clear_pointer(&p, g); shared = 2; }", model.OK, "", 2, true},
	"g_clear_pointer and a function":   {"static void g(item *p) { shared = 3; free(p); } void f(void) { item *p = g_new0(item, 1); g_clear_pointer(&p, g); assert(!p); }", model.OK, "", 3, true},
	"VIR_FREE of a field":              {"void f(void) { item *p = g_new0(item, 1); p->next = g_new0(item, 1); VIR_FREE(p->next); p->next->v = 1; }", model.Violation, model.NullVM, 7, true},
	"free keeps the pointer":           {"void f(void) { item *p = malloc(sizeof(item)); free(p); assert(p != NULL); }", model.OK, "", 2, false},
	"write after free":                 {"void f(void) { item *p = malloc(sizeof *p); p->v = 1; free(p); p->v = 2; }", model.Violation, model.UseAfterRelease, 4, true},
	"read after free":                  {"void f(void) { item *p = calloc(1, sizeof(*p)), *q = p; VIR_FREE(p); shared = q->v; }", model.Violation, model.UseAfterRelease, 3, true},
	"double free":                      {"void f(void) { item *p = g_new(item, 1); g_free(p); g_free(p); }", model.Violation, model.UseAfterRelease, 3, true},
	"double VIR_FREE":                  {"void f(void) { item *p = g_new(item, 1); VIR_FREE(p); VIR_FREE(p); }", model.OK, "", 2, true},
	"free of NULL":                     {"void f(void) { free(NULL); g_free(0); shared = 1; }", model.OK, "", 2, true},
	"free of a variable":               {"void f(void) { free(&fixed); }", model.Violation, model.BadFree, 2, true},
	"free of a local":                  {"void f(void) { int a = 1; free(&a); }", model.Violation, model.BadFree, 2, true},
	"free of a text":                   {"void f(void) { const char *s = \"text\"; g_free((void *) s); }", model.Violation, model.BadFree, 2, true},
	"free of the first field":          {"void f(void) { item *p = malloc(sizeof(item)); free(&p->v); }", model.OK, "", 2, true},
	"free of the second field":         {"void f(void) { item *p = malloc(sizeof(item)); free(&p->w); }", model.Violation, model.BadFree, 2, true},
	"free of an inner struct":          {"void f(void) { struct outer *p = malloc(sizeof(struct outer)); free(&p->in); }", model.Violation, model.BadFree, 2, true},
	"free of a first struct":           {"void f(void) { struct first *p = malloc(sizeof(struct first)); free(&p->in); }", model.OK, "", 2, true},
	"an inner struct goes with it":     {"void f(void) { struct outer *q = g_new0(struct outer, 1); item *p = &q->in; free(q); p->v = 1; }", model.Violation, model.UseAfterRelease, 3, true},
	"malloc leaves fields unset":       {"void f(void) { item *p = malloc(sizeof(item)); p->v = 1; shared = p->w; }", model.Violation, model.Undefined, 4, false},
	"a copy of what is unset":          {"void f(void) { item *p = malloc(sizeof(item)); p->v = 1; fixed = *p; int v = fixed.v; assert(v == 1); }", model.Violation, model.MemoryLeak, 9, true},
	"a copy stays unset":               {"void f(void) { item *p = malloc(sizeof(item)); p->v = 1; fixed = *p; shared = fixed.w; }", model.Violation, model.Undefined, 10, false},
	"a local copy":                     {"void f(void) { item x; x.v = 1; item *p = malloc(sizeof(item)); *p = x; shared = p->v; int v = shared; assert(v == 1); }", model.Violation, model.MemoryLeak, 7, true},
	"an unset pointer is shown":        {"void f(void) { item *p = malloc(sizeof(item)); p->v = 1; shared = p->v; if (shared) p->next = p; int v = p->v; assert(v == 2); }", model.Violation, model.AssertKind, 8, true},
	"memmove of shared memory":         {"static int t[3]; void f(void) { t[0] = 1; t[1] = 2; memmove(&t[1], t, 2 * sizeof(int)); int v = t[2]; assert(v == 2); v = t[1]; assert(v == 1); }", model.OK, "", 9, true},
	"an inner field is unset":          {"void f(void) { struct outer *p = g_malloc(sizeof *p); shared = p->in.v; }", model.Violation, model.Undefined, 3, false},
	"g_malloc0 sets to zero":           {"void f(void) { item *p = g_malloc0(sizeof(item)); shared = p->v + 1; int v = shared; assert(v == 1); }", model.Violation, model.MemoryLeak, 3, true},
	"what was set is read":             {"void f(void) { item *p = malloc(sizeof(item)); p->w = 4; shared = p->w; int v = shared; assert(v == 4); }", model.Violation, model.MemoryLeak, 5, true},
	"memory for an int":                {"void f(void) { int *p = malloc(sizeof *p); *p = 3; shared = *p; free(p); }", model.OK, "", 5, true},
	"an int after free":                {"void f(void) { int *p = malloc(sizeof(int)); *p = 3; free(p); shared = *p; }", model.Violation, model.UseAfterRelease, 4, true},
	"two objects are two":              {"static item *g(void) { return g_new0(item, 1); } void f(void) { item *p = g(), *q = g(); p->v = 1; assert(p != q); int v = q->v; assert(v == 0); }", model.Violation, model.MemoryLeak, 3, true},
	"one call makes several":           {"void f(void) { for (int i = 0; i < 3; i++) { item *p = g_new0(item, 1); p->v = i; p->next = cur; cur = p; } item *p = cur; p = p->next; int v = p->v; assert(v == 1); }", model.OK, "", 16, true},
	"VIR_ALLOC succeeds":               {"void f(void) { item *p = NULL; if (VIR_ALLOC(p) < 0) return; p->v++; int v = p->v; assert(v == 1); }", model.Violation, model.MemoryLeak, 4, true},
	"steal":                            {"void f(void) { item *p = g_new0(item, 1), *q = g_steal_pointer(&p); assert(p == NULL); assert(q != NULL); free(q); }", model.OK, "", 2, true},
	"steal through a pointer":          {"static void g(item **p) { cur = g_steal_pointer(p); } void f(void) { item *p = g_new0(item, 1); g(&p); assert(!p); p = cur; assert(p != NULL); }", model.OK, "", 3, true},
	"VIR_STEAL_PTR":                    {"void f(void) { item *p = g_new0(item, 1); VIR_STEAL_PTR(cur, p); assert(p == NULL); cur->v = 1; }", model.OK, "", 4, true},
	"as many as there may be":          {"void f(void) { for (int i = 0; i < 16; i++) { item *p = malloc(sizeof(item)); p->v = i; } }", model.Violation, model.MemoryLeak, 17, true},
	"more than there may be":           {"void f(void) { for (int i = 0; i < 17; i++) { item *p = malloc(sizeof(item)); p->v = i; } }", model.Unknown, "", 18, false},
	"a freed object is not used again": {"void f(void) { item *p = g_new0(item, 1), *q = p; free(p); p = g_new0(item, 1); p->v = 1; q->v = 2; }", model.Violation, model.UseAfterRelease, 4, true},
}

func TestMemory(t *testing.T) {
	for name, c := range sequential {
		t.Run(name, func(t *testing.T) {
			if v, k, n := verdict(t, heap+c.src, "f()"); v != c.verdict || k != c.kind || n != c.states {
				t.Errorf("got %s %q with %d states, want %s %q with %d", v, k, n, c.verdict, c.kind, c.states)
			}
		})
	}
}

// TestSharedMemory frees and allocates in threads that do not know of one another.
func TestSharedMemory(t *testing.T) {
	const queue = `
void put(void) { item *p = g_new0(item, 1); p->v = self(); pthread_mutex_lock(&m); p->next = cur; cur = p; pthread_mutex_unlock(&m); }
void take(void) { item *p; pthread_mutex_lock(&m); p = cur; if (p) cur = p->next; pthread_mutex_unlock(&m); if (p) { int v = p->v; assert(v != 0); free(p); } }
void peek(void) { item *p; pthread_mutex_lock(&m); p = cur; pthread_mutex_unlock(&m); if (p) shared = p->v; }
void look(void) { pthread_mutex_lock(&m); if (cur) shared = cur->v; pthread_mutex_unlock(&m); }
void get(void) { item *p = malloc(sizeof(item)); if (!p) { shared = 1; return; } p->v = 1; free(p); }
void must(void) { item *p = malloc(sizeof(item)); p->v = 1; free(p); }
void never(void) { item *p = g_new0(item, 1); p->v = 1; free(p); }
void old(void) { item *p = NULL; if (VIR_ALLOC(p) < 0) { assert(p == NULL); shared = 1; return; } p->v = 1; VIR_FREE(p); }
`
	for name, c := range map[string]struct {
		threads []string
		verdict model.Verdict
		kind    model.Kind
		states  int64
	}{
		"one takes what one put":         {[]string{"put()", "take()"}, model.OK, "", 25},
		"two put and two take":           {[]string{"put()", "put()", "take()", "take()"}, model.OK, "", 635},
		"a pointer outlives its lock":    {[]string{"put()", "take()", "peek()"}, model.Violation, model.UseAfterRelease, 96},
		"a pointer is used under a lock": {[]string{"put()", "take()", "look()"}, model.OK, "", 83},
		"no memory, and looked":          {[]string{"get()!"}, model.OK, "", 5},
		"no memory, and not looked":      {[]string{"must()!"}, model.Violation, model.NullVM, 5},
		"memory, and not looked":         {[]string{"must()"}, model.OK, "", 3},
		"GLib never comes back without":  {[]string{"never()!"}, model.OK, "", 3},
		"VIR_ALLOC fails":                {[]string{"old()!"}, model.OK, "", 5},
	} {
		t.Run(name, func(t *testing.T) {
			if v, k, n := verdict(t, heap+queue, c.threads...); v != c.verdict || k != c.kind || n != c.states {
				t.Errorf("got %s %q with %d states, want %s %q with %d", v, k, n, c.verdict, c.kind, c.states)
			}
		})
	}
}

func TestMemoryIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"no type":                      {"void f(void) { item *p = malloc(24); p->v = 1; }", "malloc takes sizeof(type), or a number times it, and this is 24"},
		"none":                         {"void f(void) { item *p = g_new0(item, 0); shared = 1; }", "g_new0(item, 0): 0 objects cannot be modelled"},
		"a number of pointers":         {"void f(item *q) { item *p = g_new0(item, q); shared = 1; }", "a number of objects is an integer, and q is struct _item *"},
		"no type for g_new0":           {"void f(void) { int n = 1; int *p = g_new0(n, 1); *p = 1; }", "n is not a type"},
		"a struct that is not known":   {"struct u; void f(void) { struct u *p = g_new0(struct u, 1); free(p); }", "struct u is declared, but its fields are not known"},
		"an integer":                   {"void f(void) { free(4); }", "argument 1 of free is a pointer, and 4 is int"},
		"no variable":                  {"item *g(void) { return cur; } void f(void) { VIR_FREE(g()); }", "g() is not a variable"},
		"no pointer":                   {"void f(void) { int a = 1; VIR_FREE(a); }", "VIR_FREE needs a pointer variable, and a is int"},
		"no function":                  {"void f(void) { item *p = NULL; g_clear_pointer(&p, item_free); }", "item_free is no function of the suite that takes struct _item *"},
		"of another type":              {"void g(struct outer *o) { shared = 1; } void f(void) { item *p = NULL; g_clear_pointer(&p, g); }", "g is no function of the suite that takes struct _item *"},
		"a counted object":             {"void f(void) { struct counted *p = g_new0(struct counted, 1); free(p); }", "free(p) frees counted#1, which is freed with its last reference (drop the reference instead)"},
		"a value that stands for none": {"void f(void) { item *p = malloc(sizeof(item)); p->v = -1431655766; }", "-1431655766 stands for memory that was never set, and cannot be stored"},
	} {
		t.Run(name, func(t *testing.T) {
			thread := "f()"
			if strings.Contains(c.src, "f(int n)") {
				thread = "f(2)"
			}
			if _, err := build(t, heap+c.src, thread); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}
