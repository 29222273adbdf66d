package lower_test

import (
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/model"
)

const restarted = `
static pthread_mutex_t m; static pthread_cond_t c;
static int n, on_disk __attribute__((persistent));
static int *where;
struct obj { int refs __attribute__((refcount)); int n; };
void both(void) { n = 1; on_disk = 1; }
void holds(void) { pthread_mutex_lock(&m); n = 1; pthread_mutex_unlock(&m); }
void sleeps(void) { pthread_mutex_lock(&m); while (!n) pthread_cond_wait(&c, &m); pthread_mutex_unlock(&m); }
void wakes(void) { pthread_mutex_lock(&m); n = 1; pthread_cond_signal(&c); pthread_mutex_unlock(&m); }
void frees(struct obj *o) { virObjectUnref(o); }
void keeps(void) { int *p = malloc(sizeof(*p)); where = p; where = NULL; free(p); }
static void *run(void *p) { on_disk = 1; on_disk = 2; return NULL; }
void starts(void) { pthread_t t; pthread_create(&t, NULL, run, NULL); pthread_join(t, NULL); }
`

// TestRestart asks what is left of the daemon, and what of the rest, when the daemon is restarted.
func TestRestart(t *testing.T) {
	rows := map[string]syncCase{
		"memory is as it was":       {"void f(void) { assert(!n); }", []string{"both()", "f()^"}, model.OK, ""},
		"what persists is not":      {"void f(void) { assert(!on_disk); }", []string{"both()", "f()^"}, model.Violation, model.AssertKind},
		"it need not come":          {"void f(void) { assert(0); }", []string{"both()", "f()^"}, model.Violation, model.AssertKind},
		"it may come later":         {"void f(void) { assert(on_disk); }", []string{"both()", "f()^"}, model.Violation, model.AssertKind},
		"locks are free":            {"void f(void) { pthread_mutex_lock(&m); pthread_mutex_unlock(&m); }", []string{"holds()", "f()^"}, model.OK, ""},
		"waiters are gone":          {"void f(void) { wakes(); }", []string{"sleeps()", "wakes()", "f()^"}, model.OK, ""},
		"it rescues nobody":         {"void f(void) { }", []string{"sleeps()", "f()^"}, model.Deadlock, model.LostWakeup},
		"what was freed is there":   {"void f(struct obj *o) { o->n = 1; }", []string{"frees(vm1)", "f(vm1)^"}, model.OK, ""},
		"memory is no leak":         {"void f(void) { }", []string{"keeps()", "f()^"}, model.OK, ""},
		"who was started is gone":   {"void f(void) { int a = on_disk, b = on_disk; assert(a == b); }", []string{"starts()", "f()^"}, model.OK, ""},
		"others are started":        {"void f(void) { on_disk = 0; starts(); assert(on_disk == 2); }", []string{"starts()", "f()^"}, model.OK, ""},
		"a loop is gone":            {"void loop(void) { on_disk = 1 - on_disk; } void f(void) { int a = on_disk; assert(a == on_disk); }", []string{"loop()*", "f()^"}, model.OK, ""},
		"who waits for QEMU, too":   {"void asks(void) { pthread_mutex_lock(&m); qemuAnswers(); pthread_mutex_unlock(&m); } void f(void) { holds(); }", []string{"asks()&", "f()^"}, model.OK, ""},
		"the end of the process is": {"void ends(void) { exit(0); } void f(void) { assert(0); }", []string{"ends()", "f()^"}, model.Violation, model.AssertKind},
	}
	runSync(t, restarted, rows)
	if _, _, states := verdict(t, restarted+"void f(void) { }", "both()", "f()^"); states != 5 {
		t.Errorf("%d states, want 3 before the restart and 2 after it", states)
	}
}

// TestOpenRestart holds programs that follow what is reached against those that are closed over all
// values.
func TestOpenRestart(t *testing.T) {
	src := restarted + "void f(void) { int a = on_disk; starts(); assert(a < 2 || on_disk == 2); }"
	want, err := build(t, src, "starts()", "both()", "f()^")
	if err != nil {
		t.Fatal(err)
	}
	a, err := search.Search(t.Context(), want, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, budget := range []int{1, 5, 1 << 16} {
		got, err := buildWith(t, lower.Exploring(lower.Options{Open: true}, budget), src, "starts()", "both()", "f()^")
		if err != nil {
			t.Fatal(err)
		}
		got, limit, err := search.Close(t.Context(), got, search.Options{})
		if err != nil || limit != model.NoLimit {
			t.Fatal(err, limit)
		}
		b, err := search.Search(t.Context(), got, search.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if a.Verdict != b.Verdict || a.Stats.States != b.Stats.States {
			t.Errorf("budget %d: %s, %d states; want %s, %d", budget, b.Verdict, b.Stats.States, a.Verdict, a.Stats.States)
		}
	}
}

func TestPersistentErrors(t *testing.T) {
	for src, want := range map[string]string{
		"static int *p __attribute__((persistent)); void f(void) { }":                 "t.c:1:30: persistent is for integers, and p is a int *",
		"struct s { int n __attribute__((owner, persistent)); }; void f(void) { }":    "t.c:1:40: n has a role in the daemon, and cannot be persistent",
		"struct s { int n __attribute__((persistent, refcount)); }; void f(void) { }": "t.c:1:45: n has a role in the daemon, and cannot be persistent",
		"static int n[2] __attribute__((persistent)); void f(void) { }":               "t.c:1:32: persistent is for integers, and n is a int [2]",
		"static pthread_mutex_t m __attribute__((persistent)); void f(void) { }":      "t.c:1:41: persistent is for integers, and m is a virMutex",
		"struct s { int n __attribute__((persistant)); }; void f(void) { }":           "t.c:1:33: unknown attribute persistant (did you mean persistent?)",
	} {
		_, err := build(t, src, "f()")
		if got := text(err); got != want {
			t.Errorf("%s\n got %s\nwant %s", src, got, want)
		}
	}
}
