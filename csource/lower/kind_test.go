package lower_test

import (
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/model"
)

const mutexKinds = `
static pthread_mutex_t r = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP, e = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static pthread_mutex_t a = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP, z, m;
static pthread_cond_t c;
static GRecMutex g;
static mtx_t k;
static virMutex v;
static int n, done;
static int x __attribute__((guarded_by(r)));
static void make(pthread_mutex_t *p, int kind)
{
    pthread_mutexattr_t attr;
    int now;
    assert(pthread_mutexattr_init(&attr) == 0);
    pthread_mutexattr_gettype(&attr, &now);
    assert(now == PTHREAD_MUTEX_DEFAULT);
    assert(pthread_mutexattr_settype(&attr, kind) == 0);
    pthread_mutexattr_gettype(&attr, &now);
    assert(now == kind);
    assert(pthread_mutex_init(p, &attr) == 0);
    pthread_mutexattr_destroy(&attr);
}
static void in(void) { n++; assert(n == 1); n--; }
`

func TestKindsOfMutexes(t *testing.T) {
	one := []string{"f()"}
	two := "pthread_mutex_lock(&r); pthread_mutex_lock(&r); "
	wait := "void w(void) { pthread_mutex_lock(&r); " // one level
	set := "void s(void) { pthread_mutex_lock(&r); done = 1; pthread_cond_signal(&c); pthread_mutex_unlock(&r); }\n"
	runSync(t, mutexKinds, map[string]syncCase{
		"recursive":              {"void f(void) { " + two + "in(); pthread_mutex_unlock(&r); in(); pthread_mutex_unlock(&r); }", twoOfF, model.OK, ""},
		"only the last gives":    {"void f(void) { " + two + "pthread_mutex_unlock(&r); in(); pthread_mutex_unlock(&r); in(); }", twoOfF, model.Violation, model.AssertKind},
		"once too few":           {"void f(void) { " + two + "pthread_mutex_unlock(&r); }", one, model.Violation, model.LockLeak},
		"once too often":         {"void f(void) { " + two + "pthread_mutex_unlock(&r); pthread_mutex_unlock(&r); pthread_mutex_unlock(&r); }", one, model.Violation, model.BadUnlock},
		"once too often, seen":   {"void f(void) { " + two + "pthread_mutex_unlock(&r); pthread_mutex_unlock(&r); assert(pthread_mutex_unlock(&r) == EPERM); }", one, model.OK, ""},
		"another's":              {"void f(void) { pthread_mutex_unlock(&r); } void h(void) { pthread_mutex_lock(&r); pthread_mutex_unlock(&r); }", []string{"h()", "f()"}, model.Violation, model.BadUnlock},
		"another's, seen":        {"void f(void) { assert(pthread_mutex_unlock(&r) == EPERM); } void h(void) { pthread_mutex_lock(&r); in(); pthread_mutex_unlock(&r); }", []string{"h()", "f()", "h()"}, model.OK, ""},
		"tried":                  {"void f(void) { pthread_mutex_lock(&r); assert(pthread_mutex_trylock(&r) == 0); pthread_mutex_unlock(&r); in(); pthread_mutex_unlock(&r); }", twoOfF, model.OK, ""},
		"tried, another's":       {"void f(void) { if (pthread_mutex_trylock(&r) == EBUSY) return; in(); pthread_mutex_unlock(&r); }", twoOfF, model.OK, ""},
		"in time":                {"void f(void) { pthread_mutex_lock(&r); assert(pthread_mutex_timedlock(&r, 0) == 0); pthread_mutex_unlock(&r); pthread_mutex_unlock(&r); }", []string{"f()%"}, model.OK, ""},
		"held":                   {"void f(void) { " + two + "pthread_mutex_unlock(&r); assert(held(&r)); x = 1; pthread_mutex_unlock(&r); assert(!held(&r)); }", twoOfF, model.OK, ""},
		"guarded":                {"void f(void) { " + two + "pthread_mutex_unlock(&r); pthread_mutex_unlock(&r); x = 1; }", one, model.Violation, model.MissingLock},
		"without end":            {"void f(void) { while (1) pthread_mutex_lock(&r); }", one, model.Unknown, ""},
		"in a callee":            {"static void g1(int i) { pthread_mutex_lock(&r); if (i) g1(i - 1); in(); pthread_mutex_unlock(&r); } void f(void) { g1(3); }", twoOfF, model.OK, ""},
		"order":                  {"void f(void) { " + two + "pthread_mutex_lock(&m); pthread_mutex_unlock(&m); pthread_mutex_unlock(&r); pthread_mutex_unlock(&r); } void h(void) { pthread_mutex_lock(&m); pthread_mutex_lock(&r); pthread_mutex_unlock(&r); pthread_mutex_unlock(&m); }", []string{"f()", "h()"}, model.Deadlock, model.LockOrder},
		"no order":               {"void f(void) { pthread_mutex_lock(&r); pthread_mutex_lock(&m); pthread_mutex_lock(&r); in(); pthread_mutex_unlock(&r); pthread_mutex_unlock(&m); pthread_mutex_unlock(&r); }", twoOfF, model.OK, ""},
		"by attributes":          {"void f(void) { make(&z, PTHREAD_MUTEX_RECURSIVE); pthread_mutex_lock(&z); pthread_mutex_lock(&z); pthread_mutex_unlock(&z); pthread_mutex_unlock(&z); }", one, model.OK, ""},
		"by default attributes":  {"void f(void) { make(&z, PTHREAD_MUTEX_DEFAULT); pthread_mutex_lock(&z); pthread_mutex_lock(&z); }", one, model.Violation, model.SelfDeadlock},
		"adaptive":               {"void f(void) { make(&z, PTHREAD_MUTEX_ADAPTIVE_NP); pthread_mutex_lock(&a); pthread_mutex_lock(&a); }", one, model.Violation, model.SelfDeadlock},
		"made by another":        {"void f(void) { pthread_mutex_lock(&m); make(&z, PTHREAD_MUTEX_RECURSIVE); done = 1; pthread_mutex_unlock(&m); } void h(void) { pthread_mutex_lock(&m); int d = done; pthread_mutex_unlock(&m); if (d) { pthread_mutex_lock(&z); pthread_mutex_lock(&z); in(); pthread_mutex_unlock(&z); pthread_mutex_unlock(&z); } }", []string{"h()", "h()", "f()"}, model.OK, ""},
		"attributes of none":     {"static pthread_mutexattr_t *attr; void f(void) { pthread_mutex_init(&z, attr); pthread_mutex_lock(&z); pthread_mutex_lock(&z); }", one, model.Violation, model.SelfDeadlock},
		"attributes never set":   {"void f(void) { pthread_mutexattr_t attr; pthread_mutex_init(&z, &attr); }", one, model.Violation, model.Undefined},
		"shared attributes":      {"static pthread_mutexattr_t attr; void f(void) { pthread_mutexattr_init(&attr); pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE); pthread_mutex_init(&z, &attr); pthread_mutex_lock(&z); pthread_mutex_lock(&z); pthread_mutex_unlock(&z); pthread_mutex_unlock(&z); }", one, model.OK, ""},
		"two kinds":              {"void f(void) { make(&z, nondet() ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL); pthread_mutex_lock(&z); pthread_mutex_lock(&z); pthread_mutex_unlock(&z); pthread_mutex_unlock(&z); }", one, model.Violation, model.SelfDeadlock},
		"either kind":            {"void f(void) { if (nondet()) make(&z, PTHREAD_MUTEX_RECURSIVE); else make(&z, PTHREAD_MUTEX_ERRORCHECK); pthread_mutex_lock(&z); int rc = pthread_mutex_lock(&z); assert(rc == 0 || rc == EDEADLK); if (rc == 0) pthread_mutex_unlock(&z); pthread_mutex_unlock(&z); assert(pthread_mutex_unlock(&z) == EPERM); }", one, model.OK, ""},
		"either kind, blind":     {"void f(void) { if (nondet()) make(&z, PTHREAD_MUTEX_RECURSIVE); pthread_mutex_lock(&z); pthread_mutex_lock(&z); pthread_mutex_unlock(&z); pthread_mutex_unlock(&z); }", one, model.Violation, model.SelfDeadlock},
		"first one, then other":  {"void f(void) { make(&z, PTHREAD_MUTEX_RECURSIVE); pthread_mutex_lock(&z); pthread_mutex_lock(&z); pthread_mutex_unlock(&z); pthread_mutex_unlock(&z); pthread_mutex_destroy(&z); pthread_mutex_init(&z, 0); pthread_mutex_lock(&z); pthread_mutex_lock(&z); }", one, model.Violation, model.SelfDeadlock},
		"against an initialiser": {"static pthread_mutex_t y = PTHREAD_MUTEX_INITIALIZER; void f(void) { make(&y, PTHREAD_MUTEX_RECURSIVE); pthread_mutex_lock(&y); pthread_mutex_lock(&y); pthread_mutex_unlock(&y); pthread_mutex_unlock(&y); }", one, model.OK, ""},
		"in an array":            {"static pthread_mutex_t y[2]; void f(void) { for (int i = 0; i < 2; i++) make(&y[i], i ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL); pthread_mutex_lock(&y[1]); pthread_mutex_lock(&y[1]); pthread_mutex_unlock(&y[1]); pthread_mutex_unlock(&y[1]); pthread_mutex_lock(&y[0]); pthread_mutex_lock(&y[0]); }", one, model.Violation, model.SelfDeadlock},
		"what changes nothing":   {"void f(void) { pthread_mutexattr_t attr; pthread_mutexattr_init(&attr); pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT); pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED); pthread_mutex_init(&z, &attr); pthread_mutex_lock(&z); in(); pthread_mutex_unlock(&z); }", one, model.OK, ""},
		"no mutex":               {"void f(void) { pthread_mutex_t *p = 0; pthread_mutex_init(p, 0); }", one, model.Violation, model.NullVM},
		"libvirt's":              {"void f(void) { if (virMutexInitRecursive(&v) < 0) return; virMutexLock(&v); virMutexLock(&v); virMutexUnlock(&v); in(); virMutexUnlock(&v); }", one, model.OK, ""},
		"libvirt's, too few":     {"void f(void) { virMutexInitRecursive(&v); virMutexLock(&v); virMutexLock(&v); virMutexUnlock(&v); }", one, model.Violation, model.LockLeak},
		"libvirt's, plain":       {"void f(void) { virMutexInit(&v); virMutexLock(&v); virMutexLock(&v); }", one, model.Violation, model.SelfDeadlock},
		"libvirt's, too often":   {"void f(void) { virMutexInitRecursive(&v); virMutexUnlock(&v); }", one, model.Violation, model.BadUnlock},
		"a guard in a guard":     {"static void inner(void) { VIR_LOCK_GUARD l = virLockGuardLock(&v); in(); } void f(void) { virMutexInitRecursive(&v); VIR_LOCK_GUARD l = virLockGuardLock(&v); inner(); in(); }", one, model.OK, ""},
		"an object's":            {"struct o { virMutex lock; int n; }; void f(struct o *o) { virMutexInitRecursive(&o->lock); virObjectLock(o); VIR_WITH_OBJECT_LOCK_GUARD(o) { o->n++; } virObjectUnlock(o); }", []string{"f(vm1)"}, model.OK, ""},
		"used too early":         {"struct o { virMutex lock; int n; }; void f(struct o *o) { virObjectLock(o); virObjectLock(o); virObjectUnlock(o); virObjectUnlock(o); } void i(struct o *o) { virMutexInitRecursive(&o->lock); }", []string{"i(vm1)", "f(vm1)"}, model.Violation, model.SelfDeadlock},
		"gone with its object":   {"struct o { virMutex lock; }; void f(struct o *o) { virMutexInitRecursive(&o->lock); virMutexLock(&o->lock); virMutexLock(&o->lock); free(o); }", []string{"f(vm1)"}, model.Violation, model.Undefined},
		"allocated":              {"struct o { virMutex lock; }; void f(void) { struct o *o = malloc(sizeof(*o)); virMutexInitRecursive(&o->lock); virMutexLock(&o->lock); virMutexLock(&o->lock); virMutexUnlock(&o->lock); virMutexUnlock(&o->lock); free(o); }", one, model.OK, ""},
		"GLib's":                 {"void f(void) { g_rec_mutex_lock(&g); assert(g_rec_mutex_trylock(&g)); in(); g_rec_mutex_unlock(&g); in(); g_rec_mutex_unlock(&g); }", twoOfF, model.OK, ""},
		"GLib's, tried":          {"void f(void) { if (g_rec_mutex_trylock(&g)) { in(); g_rec_mutex_unlock(&g); } }", twoOfF, model.OK, ""},
		"GLib's, kept":           {"void f(void) { g_rec_mutex_init(&g); g_rec_mutex_lock(&g); g_rec_mutex_lock(&g); g_rec_mutex_unlock(&g); }", one, model.Violation, model.LockLeak},
		"GLib's, not held":       {"void f(void) { g_rec_mutex_unlock(&g); g_rec_mutex_clear(&g); }", one, model.Violation, model.BadUnlock},
		"C11's":                  {"void f(void) { assert(mtx_init(&k, mtx_plain | mtx_recursive) == thrd_success); mtx_lock(&k); assert(mtx_trylock(&k) == thrd_success); mtx_unlock(&k); mtx_unlock(&k); mtx_destroy(&k); }", one, model.OK, ""},
		"C11's, timed":           {"void f(void) { mtx_init(&k, mtx_timed | mtx_recursive); mtx_lock(&k); mtx_lock(&k); mtx_unlock(&k); mtx_unlock(&k); }", one, model.OK, ""},
		"C11's, plain":           {"void f(void) { mtx_init(&k, mtx_timed); mtx_lock(&k); mtx_lock(&k); }", one, model.Violation, model.SelfDeadlock},
		"C11's, not held":        {"void f(void) { mtx_init(&k, mtx_recursive); if (mtx_unlock(&k) != thrd_success) return; }", one, model.Violation, model.BadUnlock},

		"checked":               {"void f(void) { assert(pthread_mutex_lock(&e) == 0); assert(pthread_mutex_lock(&e) == EDEADLK); assert(pthread_mutex_trylock(&e) == EBUSY); assert(pthread_mutex_timedlock(&e, 0) == EDEADLK); in(); assert(pthread_mutex_unlock(&e) == 0); assert(pthread_mutex_unlock(&e) == EPERM); }", twoOfF, model.OK, ""},
		"checked, alone":        {"void f(void) { assert(pthread_mutex_lock(&e) == 0); assert(pthread_mutex_lock(&e) == EDEADLK); assert(pthread_mutex_trylock(&e) == EBUSY); in(); assert(pthread_mutex_unlock(&e) == 0); assert(pthread_mutex_unlock(&e) == EPERM); }", one, model.OK, ""},
		"checked, not looked":   {"void f(void) { pthread_mutex_lock(&e); pthread_mutex_lock(&e); }", one, model.Violation, model.SelfDeadlock},
		"checked, void":         {"void f(void) { (void)pthread_mutex_unlock(&e); }", one, model.Violation, model.BadUnlock},
		"checked, by attribute": {"void f(void) { make(&z, PTHREAD_MUTEX_ERRORCHECK); pthread_mutex_lock(&z); assert(pthread_mutex_lock(&z) == EDEADLK); pthread_mutex_unlock(&z); }", one, model.OK, ""},
		"checked, waits":        {"void f(void) { assert(pthread_cond_wait(&c, &e) == EPERM); }", one, model.OK, ""},
		"checked, waits blind":  {"void f(void) { pthread_cond_wait(&c, &e); }", one, model.Violation, model.MissingLock},

		"waits":                 {wait + "while (!done) pthread_cond_wait(&c, &r); pthread_mutex_unlock(&r); }" + set, []string{"w()", "s()"}, model.OK, ""},
		"waits, held twice":     {wait + "pthread_mutex_lock(&r); while (!done) pthread_cond_wait(&c, &r); pthread_mutex_unlock(&r); pthread_mutex_unlock(&r); }" + set, []string{"w()", "s()"}, model.Deadlock, model.LostWakeup},
		"waits, signalled":      {wait + "pthread_mutex_lock(&r); pthread_cond_wait(&c, &r); assert(held(&r)); pthread_mutex_unlock(&r); assert(held(&r)); pthread_mutex_unlock(&r); assert(!held(&r)); } void s(void) { pthread_cond_signal(&c); } void q(void) { pthread_mutex_lock(&r); done = 1; pthread_mutex_unlock(&r); }", []string{"w()", "s()*", "q()"}, model.OK, ""},
		"waits, held, gives up": {wait + "pthread_mutex_lock(&r); assert(pthread_cond_timedwait(&c, &r, 0) == ETIMEDOUT); in(); pthread_mutex_unlock(&r); in(); pthread_mutex_unlock(&r); }", []string{"w()%", "w()%"}, model.OK, ""},
	})
	compiledAlone(t, "static pthread_mutex_t r = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP, e = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP, z; static pthread_cond_t c = PTHREAD_COND_INITIALIZER;\n", []string{
		"struct timespec now = { 0, 0 }; assert(pthread_mutex_lock(&r) == 0); assert(pthread_mutex_timedlock(&r, &now) == 0); assert(pthread_mutex_trylock(&r) == 0); pthread_mutex_unlock(&r); pthread_mutex_unlock(&r); pthread_mutex_unlock(&r); assert(pthread_mutex_unlock(&r) == EPERM)",
		"struct timespec now = { 0, 0 }; assert(pthread_mutex_lock(&e) == 0); assert(pthread_mutex_lock(&e) == EDEADLK); assert(pthread_mutex_trylock(&e) == EBUSY); assert(pthread_mutex_timedlock(&e, &now) == EDEADLK); assert(pthread_mutex_unlock(&e) == 0); assert(pthread_mutex_unlock(&e) == EPERM); assert(pthread_cond_wait(&c, &e) == EPERM); assert(pthread_cond_wait(&c, &r) == EPERM)",
		"struct timespec now = { 0, 0 }; pthread_mutex_lock(&r); pthread_mutex_lock(&r); assert(pthread_cond_timedwait(&c, &r, &now) == ETIMEDOUT); assert(pthread_mutex_unlock(&r) == 0); assert(pthread_mutex_unlock(&r) == 0); assert(pthread_mutex_unlock(&r) == EPERM)",
		"pthread_mutexattr_t a; int k; pthread_mutexattr_init(&a); assert(pthread_mutexattr_gettype(&a, &k) == 0 && k == PTHREAD_MUTEX_DEFAULT); assert(pthread_mutexattr_settype(&a, PTHREAD_MUTEX_RECURSIVE) == 0); assert(pthread_mutexattr_gettype(&a, &k) == 0 && k == 1); pthread_mutex_init(&z, &a); pthread_mutex_lock(&z); assert(pthread_mutex_lock(&z) == 0)",
	})
}

// TestKindsCount counts states. A lock that is taken again, and one that is given back but for the
// last time, is a step of its own that nobody else sees.
func TestKindsCount(t *testing.T) {
	const once = "void f(void) { pthread_mutex_lock(&r); pthread_mutex_unlock(&r); }\n"
	const twice = "void d(void) { pthread_mutex_lock(&r); pthread_mutex_lock(&r); pthread_mutex_unlock(&r); pthread_mutex_unlock(&r); }\n"
	for name, c := range map[string]struct {
		threads []string
		states  int64
	}{
		"once":         {[]string{"f()"}, 3},
		"twice":        {[]string{"d()"}, 5},
		"once x 2":     {[]string{"f()", "f()"}, 8},
		"once, twice":  {[]string{"f()", "d()"}, 12}, // 3 x 5, but for the 1 x 3 in which both hold it
		"twice, twice": {[]string{"d()", "d()"}, 16},
	} {
		for _, open := range []bool{false, true} {
			p, err := buildWith(t, lower.Options{Open: open}, mutexKinds+once+twice, c.threads...)
			if err != nil {
				t.Fatal(name, err)
			}
			p, _, err = search.Close(t.Context(), p, search.Options{})
			if err != nil {
				t.Fatal(name, err)
			}
			for _, reduce := range []search.Reduction{{}, {Merge: true}, {Symmetry: true}, {Merge: true, Symmetry: true}} {
				r, err := search.Search(t.Context(), p, search.Options{Reduce: reduce})
				if err != nil || r.Verdict != model.OK || reduce == (search.Reduction{}) && r.Stats.States != c.states {
					t.Errorf("%s, open %t, %+v: %s with %d states, want ok with %d (%v)", name, open, reduce, r.Verdict, r.Stats.States, c.states, err)
				}
			}
		}
	}
}

func TestKindsRefused(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"robust":         {"void f(int i) { pthread_mutexattr_t attr; pthread_mutexattr_init(&attr); pthread_mutexattr_setrobust(&attr, 1); }", "pthread_mutexattr_setrobust cannot be modelled"},
		"no kind":        {"void f(int i) { make(&z, 7); }", "pthread_mutexattr_settype(&attr, kind) sets a kind that there is not"},
		"no kind of C11": {"void f(int i) { mtx_init(&k, 8); }", "mtx_init(&k, 8) makes a mutex of a kind that there is not"},
		"no attributes":  {"void f(int i) { pthread_mutex_init(&z, &i); }", "argument 2 of pthread_mutex_init is a pthread_mutexattr_t *"},
		"not recursive":  {"void f(int i) { g_rec_mutex_lock(&z); }", "argument 1 of g_rec_mutex_lock is a GRecMutex *, and &z is virMutex *"},
		"recursive":      {"void f(int i) { pthread_mutex_lock(&g); }", "argument 1 of pthread_mutex_lock is a virMutex *, and &g is GRecMutex *"},
	} {
		if _, err := build(t, mutexKinds+c.src, "f(0)"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}
