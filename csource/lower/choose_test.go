package lower_test

import (
	"testing"

	"github.com/lockproof/lockproof/model"
)

// TestClientGone asks when a client may have gone: where the fault is, from some question on.
func TestClientGone(t *testing.T) {
	const decl = "static pthread_mutex_t m; static int n;\n"
	runSync(t, decl, map[string]syncCase{
		"without the fault": {
			"void f(void) { assert(!clientGone()); }", []string{"f()"}, model.OK, "",
		},
		"with it": {
			"void f(void) { assert(!clientGone()); }", []string{"f()?"}, model.Violation, model.AssertKind,
		},
		"it need not go": {
			"void f(void) { assert(clientGone()); }", []string{"f()?"}, model.Violation, model.AssertKind,
		},
		"it does not come back": {
			"void f(void) { int a = clientGone(); n = 1; int b = clientGone(); assert(b || !a); }", []string{"f()?"}, model.OK, "",
		},
		"it may go later": {
			"void f(void) { int a = clientGone(); n = 1; int b = clientGone(); assert(a || !b); }",
			[]string{"f()?"},
			model.Violation, model.AssertKind,
		},
		"each thread has its own": {
			"void f(void) { assert(!clientGone()); } void g(void) { clientGone(); }", []string{"f()", "g()?"}, model.OK, "",
		},
		"another round is for another": {
			`void f(void) { int a = clientGone(); pthread_mutex_lock(&m); if (n) assert(a); n = a; pthread_mutex_unlock(&m); }`,
			[]string{"f()?*"},
			model.Violation, model.AssertKind,
		},
		"one that is started has its starter's faults": {
			`static void *run(void *p) { assert(!clientGone()); return NULL; }
void f(void) { pthread_t t; pthread_create(&t, NULL, run, NULL); }`, []string{"f()?"}, model.Violation, model.AssertKind,
		},
		"no step": {
			"void f(void) { if (clientGone()) n = 1; else n = 1; }", []string{"f()?"}, model.OK, "",
		},
	})
	if _, _, states := verdict(t, decl+"void f(void) { int a = clientGone(); n = a; }", "f()"); states != 2 {
		t.Errorf("%d states without the fault, want 2", states)
	}
	if _, _, states := verdict(t, decl+"void f(void) { int a = clientGone(); n = a; }", "f()?"); states != 4 {
		t.Errorf("%d states with it, want 4", states)
	}
}

// TestSlowMonitor asks who hangs because QEMU does not answer, and of what nobody is accused.
func TestSlowMonitor(t *testing.T) {
	const decl = `
static pthread_mutex_t m; static pthread_cond_t c; static int n;
struct job { pthread_mutex_t lock; int refs __attribute__((refcount)); int owned __attribute__((owner)); };
void take(void) { pthread_mutex_lock(&m); pthread_mutex_unlock(&m); }
void under(void) { pthread_mutex_lock(&m); qemuAnswers(); pthread_mutex_unlock(&m); }
void beside(void) { qemuAnswers(); take(); }
void with(struct job *j) { virObjectRef(j); j->owned = 1; qemuAnswers(); j->owned = 0; virObjectUnref(j); }
void keeps(void) { int *p = malloc(sizeof(*p)); qemuAnswers(); free(p); }
static void *run(void *p) { qemuAnswers(); return NULL; }
void joins(void) { pthread_t t; pthread_create(&t, NULL, run, NULL); pthread_join(t, NULL); }
void detaches(void) { pthread_t t; pthread_create(&t, NULL, run, NULL); pthread_detach(t); }
void after(void) { qemuAnswers(); assert(0); }
int main(void) { under(); return 0; }
`
	runSync(t, decl, map[string]syncCase{
		"without the fault":              {"", []string{"under()", "take()"}, model.OK, ""},
		"who waits for it is no finding": {"", []string{"under()&"}, model.OK, ""},
		"who waits behind it is one":     {"", []string{"under()&", "take()"}, model.Deadlock, ""},
		"behind it beside a loop":        {"void loop(void) { n = 1; }", []string{"under()&", "take()", "loop()*"}, model.PartialDeadlock, ""},
		"nobody waits behind it":         {"", []string{"beside()&", "take()"}, model.OK, ""},
		"only where the fault is":        {"", []string{"beside()&", "under()", "take()"}, model.OK, ""},
		"all of them":                    {"", []string{"beside()&", "beside()"}, model.OK, ""},
		"it may answer":                  {"", []string{"after()&"}, model.Violation, model.AssertKind},
		"a job and a reference":          {"", []string{"with(vm1)&"}, model.OK, ""},
		"memory":                         {"", []string{"keeps()&"}, model.OK, ""},
		"whoever joins it hangs":         {"", []string{"joins()&"}, model.Deadlock, ""},
		"whoever does not join it":       {"", []string{"detaches()&"}, model.OK, ""},
		"one that begins again":          {"", []string{"under()&*", "take()"}, model.Deadlock, ""},
		"main does not end":              {"", []string{"main()&", "take()"}, model.Deadlock, ""},
	})
	if _, _, states := verdict(t, decl, "under()"); states != 3 {
		t.Errorf("%d states without the fault, want 3", states)
	}
	if _, _, states := verdict(t, decl, "under()&"); states != 4 {
		t.Errorf("%d states with it, want 4", states)
	}
}
