package lower_test

import (
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/model"
)

const (
	clean = model.Kind("")
	leaks = model.MemoryLeak
)

const lists = `
typedef struct node node;
struct node { int v; node *next; int tail[2]; };
struct box { node *first; node *pair[2]; node inner; };
static node *head, *other;
static struct box box;
static node *table[3];
static void *any;
static __thread node *mine;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static node *fresh(void) { return calloc(1, sizeof(node)); }
static void drop(node *n) { while (n) { node *next = n->next; free(n); n = next; } }
`

// leakPrograms are of one thread that runs f to its end, and then nothing more. What leaks the leak
// sanitizer has to find.
var leakPrograms = map[string]struct {
	src  string
	want model.Kind
}{
	"freed":                          {"void f(void) { node *p = fresh(); free(p); }", clean},
	"a lost local":                   {"void f(void) { node *p = fresh(); p->v = 1; }", leaks},
	"never kept":                     {"void f(void) { fresh(); }", leaks},
	"the local is overwritten":       {"void f(void) { node *p = fresh(); p = fresh(); free(p); }", leaks},
	"the local is set to NULL":       {"void f(void) { node *p = fresh(); p = NULL; free(p); }", leaks},
	"a variable keeps it":            {"void f(void) { head = fresh(); }", clean},
	"the variable is overwritten":    {"void f(void) { head = fresh(); head = fresh(); }", leaks},
	"the variable is cleared":        {"void f(void) { head = fresh(); head = NULL; }", leaks},
	"another variable still has it":  {"void f(void) { head = fresh(); other = head; head = NULL; }", clean},
	"a void pointer":                 {"void f(void) { any = fresh(); }", clean},
	"a static local":                 {"void f(void) { static node *kept; kept = fresh(); }", clean},
	"of the thread that goes on":     {"void f(void) { node *p = fresh(); mine = p; free(p); }", clean},
	"an element of an array":         {"void f(void) { for (int i = 0; i < 3; i++) table[i] = fresh(); }", clean},
	"an element is overwritten":      {"void f(void) { for (int i = 0; i < 3; i++) table[i / 2] = fresh(); }", leaks},
	"a field of a struct":            {"void f(void) { box.pair[1] = fresh(); }", clean},
	"a list":                         {"void f(void) { for (int i = 0; i < 3; i++) { node *n = fresh(); n->next = head; head = n; } }", clean},
	"a list without its head":        {"void f(void) { for (int i = 0; i < 3; i++) { node *n = fresh(); n->next = head; head = n; } head = head->next; }", leaks},
	"a list without its end":         {"void f(void) { for (int i = 0; i < 3; i++) { node *n = fresh(); n->next = head; head = n; } head->next->next = NULL; }", leaks},
	"a list that is freed":           {"void f(void) { for (int i = 0; i < 3; i++) { node *n = fresh(); n->next = head; head = n; } drop(head); head = NULL; }", clean},
	"a head that is freed":           {"void f(void) { for (int i = 0; i < 2; i++) { node *n = fresh(); n->next = head; head = n; } free(head); }", leaks},
	"a ring that is kept":            {"void f(void) { node *a = fresh(), *b = fresh(); a->next = b; b->next = a; head = a; }", clean},
	"a ring that is lost":            {"void f(void) { node *a = fresh(), *b = fresh(); a->next = b; b->next = a; }", leaks},
	"it leads to itself":             {"void f(void) { node *a = fresh(); a->next = a; }", leaks},
	"freed on one way":               {"void f(void) { node *a = fresh(); a->v = 2; if (a->v == 1) free(a); }", leaks},
	"freed on the other way":         {"void f(void) { node *a = fresh(); a->v = 1; if (a->v == 1) free(a); }", clean},
	"an error path":                  {"static int g(node *a) { if (a->v == 0) return -1; free(a); return 0; } void f(void) { g(fresh()); }", leaks},
	"as realloc does":                {"void f(void) { node *a = fresh(), *b = malloc(2 * sizeof(node)); memcpy(b, a, sizeof *a); free(a); head = b; }", clean},
	"as realloc, the old forgotten":  {"void f(void) { head = fresh(); node *b = malloc(2 * sizeof(node)); memcpy(b, head, sizeof *b); head = b; }", leaks},
	"a pointer to a field":           {"static int *inside; void f(void) { inside = &fresh()->v; }", clean},
	"a pointer into an array":        {"static int *inside; void f(void) { inside = &fresh()->tail[1]; }", clean},
	"a pointer between the elements": {"static int *inside; void f(void) { int *p = calloc(3, sizeof(int)); inside = p + 2; }", clean},
	"a pointer past the end":         {"static int *inside; void f(void) { int *p = calloc(4, sizeof(int)); inside = p + 4; }", leaks},
	"past the end of a part":         {"struct two { int a[2]; int b; }; static int *inside; void f(void) { struct two *p = calloc(1, sizeof *p); inside = p->a + 2; }", clean},
	"a byte in the middle":           {"static char *byte; void f(void) { byte = (char *)fresh() + 2; }", clean},
	"a struct in allocated memory":   {"void f(void) { struct box *b = calloc(1, sizeof *b); b->inner.next = fresh(); head = &b->inner; }", clean},
	"by way of freed memory":         {"void f(void) { struct box *b = calloc(1, sizeof *b); b->first = fresh(); any = b; free(b); }", leaks},
	"an integer":                     {"static int *number; void f(void) { number = malloc(sizeof *number); *number = 4; }", clean},
	"a local struct":                 {"void f(void) { struct box b = { 0 }; b.first = fresh(); }", leaks},
	"a local struct, copied":         {"void f(void) { struct box b = { 0 }; b.first = fresh(); box = b; }", clean},
	"a result that is kept":          {"void f(void) { node *p = fresh(); other = p; }", clean},
	"set to unset memory":            {"void f(void) { node *p = malloc(sizeof *p); p->next = NULL; head = p; }", clean},
	"VIR_FREE":                       {"void f(void) { node *p = fresh(); VIR_FREE(p); }", clean},
	"stolen and freed":               {"void f(void) { head = fresh(); node *p = g_steal_pointer(&head); g_free(p); }", clean},
	"stolen and lost":                {"void f(void) { head = fresh(); g_steal_pointer(&head); }", leaks},
	"given to a thread":              {"static void *w(void *x) { free(x); return NULL; } void f(void) { pthread_t t; pthread_create(&t, NULL, w, fresh()); pthread_join(t, NULL); }", clean},
	"lost by a thread":               {"static void *w(void *x) { ((node *)x)->v = 1; return NULL; } void f(void) { pthread_t t; pthread_create(&t, NULL, w, fresh()); pthread_join(t, NULL); }", leaks},
	"a result that is joined":        {"static void *w(void *x) { return fresh(); } void f(void) { pthread_t t; void *r; pthread_create(&t, NULL, w, NULL); pthread_join(t, &r); free(r); }", clean},
	"a result that nobody wants":     {"static void *w(void *x) { return fresh(); } void f(void) { pthread_t t; pthread_create(&t, NULL, w, NULL); pthread_join(t, NULL); }", leaks},
	"a result that is lost":          {"static void *w(void *x) { return fresh(); } void f(void) { pthread_t t; void *r; pthread_create(&t, NULL, w, NULL); pthread_join(t, &r); r = NULL; }", leaks},
	"thread-local, of one that ends": {"static void *w(void *x) { mine = fresh(); return NULL; } void f(void) { pthread_t t; pthread_create(&t, NULL, w, NULL); pthread_join(t, NULL); }", leaks},
	"passed by a local variable":     {"static void *w(void *x) { node **p = x; *p = fresh(); return NULL; } void f(void) { node *n = NULL; pthread_t t; pthread_create(&t, NULL, w, &n); pthread_join(t, NULL); free(n); }", clean},
	"left in a local variable":       {"static void *w(void *x) { node **p = x; *p = fresh(); return NULL; } void f(void) { node *n = NULL; pthread_t t; pthread_create(&t, NULL, w, &n); pthread_join(t, NULL); }", leaks},
}

// TestLeaks finds the memory to which nothing leads at the end, with every reduction.
func TestLeaks(t *testing.T) {
	for name, c := range leakPrograms {
		t.Run(name, func(t *testing.T) { expectKind(t, lists+c.src, c.want, "f()") })
	}
}

// expectKind compares the kind of violation that a program has, with and without reductions, made
// at once and as far as it is reached.
func expectKind(t *testing.T, src string, want model.Kind, threads ...string) {
	t.Helper()
	for _, open := range []bool{false, true} {
		p, err := buildWith(t, lower.Options{Open: open}, src, threads...)
		if err != nil {
			t.Fatal(err)
		}
		if p, _, err = search.Close(t.Context(), p, search.Options{}); err != nil {
			t.Fatal(err)
		}
		for _, reduce := range []search.Reduction{{}, {Merge: true, Symmetry: true}} {
			r, err := search.Search(t.Context(), p, search.Options{Reduce: reduce})
			if err != nil {
				t.Fatal(err)
			}
			if r.Kind != want || want == clean && r.Verdict != model.OK {
				t.Errorf("got %s %q, want %q", r.Verdict, r.Kind, want)
			}
		}
	}
}

// TestLeaksCompiled lets the compiler's sanitizer look for the same leaks.
func TestLeaksCompiled(t *testing.T) {
	compare := leakFinder(t)
	for name, c := range leakPrograms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compare(t, lists+c.src+wiped, c.want == leaks)
		})
	}
}

// TestLeaksOfThreads is about programs of several threads, and about the end of the process.
func TestLeaksOfThreads(t *testing.T) {
	const pair = lists + `
static pthread_mutex_t k;
static void put(node *n) { pthread_mutex_lock(&m); n->next = head; head = n; pthread_mutex_unlock(&m); }
static node *take(void) { pthread_mutex_lock(&m); node *n = head; if (n) head = n->next; pthread_mutex_unlock(&m); return n; }
void maker(void) { put(fresh()); }
void user(void) { node *n = take(); free(n); }
void loser(void) { take(); }
void setter(void) { head = fresh(); }
node *giver(void) { return fresh(); }
void *detached(void *x) { return fresh(); }
void mk(void) { node *n = fresh(); pthread_mutex_lock(&m); pthread_mutex_lock(&k); pthread_mutex_unlock(&k); pthread_mutex_unlock(&m); free(n); }
void km(void) { pthread_mutex_lock(&k); pthread_mutex_lock(&m); pthread_mutex_unlock(&m); pthread_mutex_unlock(&k); }
`
	for name, c := range map[string]struct {
		src     string
		threads []string
		want    model.Kind
	}{
		"handed over":                 {"", []string{"maker()", "user()"}, clean},
		"taken and lost":              {"", []string{"maker()", "loser()"}, leaks},
		"overwritten by the other":    {"", []string{"setter()", "setter()"}, leaks},
		"a result of a thread":        {"", []string{"giver()"}, clean},
		"a deadlock alone":            {"", []string{"mk()", "km()"}, model.LockOrder},
		"nobody ever joins":           {"void f(void) { pthread_t t; pthread_create(&t, NULL, detached, NULL); }", []string{"f()"}, clean},
		"the result of a detached":    {"void f(void) { pthread_t t; pthread_create(&t, NULL, detached, NULL); pthread_detach(t); }", []string{"f()"}, leaks},
		"main, at its end":            {"int main(void) { node *n = fresh(); n->v = 1; return 0; }", []string{"main()"}, leaks},
		"main's thread-local":         {"int main(void) { mine = fresh(); return 0; }", []string{"main()"}, clean},
		"another's thread-local":      {"void f(void) { mine = fresh(); }", []string{"f()"}, leaks},
		"exit where it stands":        {"int main(void) { node *n = fresh(); n->v = 1; exit(0); }", []string{"main()"}, clean},
		"main ends before the other":  {"static void *w(void *x) { node *n = fresh(); n->v = 1; free(n); return x; } int main(void) { pthread_t t; pthread_create(&t, NULL, w, NULL); pthread_detach(t); return 0; }", []string{"main()"}, clean},
		"main ends after the other":   {"static void *w(void *x) { node *n = fresh(); n->v = 1; return x; } int main(void) { pthread_t t; pthread_create(&t, NULL, w, NULL); pthread_join(t, NULL); return 0; }", []string{"main()"}, leaks},
		"an object of the scenario":   {"void f(struct box *b) { b->first = fresh(); }", []string{"f(vm1)"}, clean},
		"a freed object's memory":     {"void f(struct box *b) { b->first = fresh(); free(b); }", []string{"f(vm1)"}, leaks},
		"a counted object that stays": {"struct c { int refs __attribute__((refcount)); }; static struct c *kept; void f(void) { kept = g_new0(struct c, 1); }", []string{"f()"}, clean},
		"a counted object that is lost": {
			"struct c { int refs __attribute__((refcount)); }; void f(void) { struct c *o = g_new0(struct c, 1); virObjectRef(o); virObjectUnref(o); }",
			[]string{"f()"},
			leaks,
		},
	} {
		t.Run(name, func(t *testing.T) {
			expectKind(t, pair+c.src, c.want, c.threads...)
		})
	}
}

// TestLeaksIgnored looks for no leak where nobody wants to know.
func TestLeaksIgnored(t *testing.T) {
	p, err := buildWith(t, lower.Options{IgnoreLeaks: true}, lists+"void f(void) { fresh(); }", "f()")
	if err != nil {
		t.Fatal(err)
	}
	if r, err := search.Search(t.Context(), p, search.Options{}); err != nil || r.Verdict != model.OK {
		t.Error(r, err)
	}
}

// TestLeakIsExplained names the memory, where it was allocated, and what led to it last.
func TestLeakIsExplained(t *testing.T) {
	p, err := build(t, lists+"void f(void) {\n  node *a = fresh();\n  a->next = calloc(1, sizeof *a);\n  head = a;\n\n  head = 0;\n}", "f()")
	if err != nil {
		t.Fatal(err)
	}
	r, err := search.Search(t.Context(), p, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const want = "all threads are finished, and node#1, allocated at t.c:11:35, is not freed: nothing leads to it; head did, until t.c:18:3"
	if f := r.Findings[0]; f.Message != want || f.Pos.Line != 11 || len(f.Threads) != 1 {
		t.Errorf("%s\nat %s, %v", f.Message, f.Pos, f.Threads)
	}
	if _, f, err := search.Replay(p, search.ScheduleOf(&r.Findings[0].Trace)); err != nil || f == nil || f.Message != want {
		t.Error(f, err)
	}
}
