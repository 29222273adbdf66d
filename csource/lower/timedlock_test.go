package lower_test

import (
	"testing"

	"github.com/lockproof/lockproof/model"
)

func TestSpinAndTimedLocks(t *testing.T) {
	const decl = `
static pthread_spinlock_t s;
static pthread_mutex_t m, o;
static int n;
void keep(void) { pthread_mutex_lock(&m); }
void hold(void) { pthread_mutex_lock(&m); pthread_mutex_unlock(&m); }
`
	timed := "void f(void) { if (pthread_mutex_timedlock(&m, 0) == 0) { n++; assert(n == 1); n--; pthread_mutex_unlock(&m); } }"
	late := "void f(void) { assert(pthread_mutex_timedlock(&m, 0) == 0); pthread_mutex_unlock(&m); }"
	crossed := "static void in(pthread_mutex_t *a, pthread_mutex_t *b) { pthread_mutex_lock(a); if (pthread_mutex_timedlock(b, 0) == 0) pthread_mutex_unlock(b); pthread_mutex_unlock(a); } void f(void) { in(&m, &o); } void g(void) { in(&o, &m); }"
	runSync(t, decl, map[string]syncCase{
		"spin":                {"void f(void) { pthread_spin_init(&s, PTHREAD_PROCESS_PRIVATE); pthread_spin_lock(&s); n++; assert(n == 1); n--; pthread_spin_unlock(&s); }", twoOfF, model.OK, ""},
		"spin, kept":          {"void f(void) { pthread_spin_lock(&s); }", []string{"f()"}, model.Violation, model.LockLeak},
		"spin, not held":      {"void f(void) { pthread_spin_unlock(&s); }", []string{"f()"}, model.Violation, model.BadUnlock},
		"spin, twice":         {"void f(void) { pthread_spin_lock(&s); pthread_spin_lock(&s); }", []string{"f()"}, model.Violation, model.SelfDeadlock},
		"spin, tried":         {"void f(void) { if (pthread_spin_trylock(&s) == EBUSY) return; n++; assert(n == 1); n--; pthread_spin_unlock(&s); }", twoOfF, model.OK, ""},
		"timed":               {timed, twoOfF, model.OK, ""},
		"timed, gives up":     {timed, []string{"f()%", "f()%"}, model.OK, ""},
		"in time, no fault":   {late, []string{"f()", "hold()"}, model.OK, ""},
		"too late":            {late, []string{"f()%", "hold()"}, model.Violation, model.AssertKind},
		"too late for nobody": {late, []string{"f()%", "f()"}, model.Violation, model.AssertKind},
		"alone":               {late, []string{"f()%"}, model.OK, ""},
		"its own":             {"void f(void) { pthread_mutex_lock(&m); assert(pthread_mutex_timedlock(&m, 0) == ETIMEDOUT); pthread_mutex_unlock(&m); }", []string{"f()"}, model.OK, ""},
		"crossed":             {crossed, []string{"f()", "g()"}, model.Deadlock, model.LockOrder},
		"crossed, gives up":   {crossed, []string{"f()%", "g()%"}, model.OK, ""},
		"kept":                {"void f(void) { pthread_mutex_timedlock(&m, 0); }", []string{"f()"}, model.Violation, model.LockLeak},
		"is NULL":             {"void f(void) { pthread_mutex_t *p = 0; pthread_mutex_timedlock(p, 0); }", []string{"f()"}, model.Violation, model.NullVM},
	})
	compiledAlone(t, "static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; static pthread_spinlock_t s;\n", []string{
		"struct timespec now = { 0, 0 }; assert(pthread_mutex_timedlock(&m, &now) == 0); assert(pthread_mutex_timedlock(&m, &now) == ETIMEDOUT); pthread_mutex_unlock(&m)",
		"assert(pthread_spin_init(&s, PTHREAD_PROCESS_PRIVATE) == 0); assert(pthread_spin_lock(&s) == 0); assert(pthread_spin_trylock(&s) == EBUSY); assert(pthread_spin_unlock(&s) == 0)",
	})
}
