package lower_test

import (
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
)

func TestUnknown(t *testing.T) {
	const decl = `
static pthread_mutex_t m;
static pthread_cond_t c;
static int done, n;
static struct timespec last;
static long long when;
static _Atomic long ticks;
static GMutex gm;
static GCond gc;
void s(void) { pthread_mutex_lock(&m); done = 1; pthread_cond_signal(&c); pthread_mutex_unlock(&m); }
`
	one := []string{"f()"}
	timed := "struct timespec ts; clock_gettime(CLOCK_REALTIME, &ts); ts.tv_sec += 1; pthread_mutex_lock(&m); int rc = 0; while (!done && rc == 0) rc = pthread_cond_timedwait(&c, &m, &ts); assert(done || rc == ETIMEDOUT); pthread_mutex_unlock(&m);"
	runSync(t, decl, map[string]syncCase{
		"a timed wait":            {"void f(void) { " + timed + " }", []string{"f()%", "s()"}, model.OK, ""},
		"a timed wait, alone":     {"void f(void) { " + timed + " assert(done); }", []string{"f()%"}, model.Violation, model.AssertKind},
		"of the day":              {"void f(void) { struct timeval now; struct timespec ts; gettimeofday(&now, NULL); ts.tv_sec = now.tv_sec + 1; ts.tv_nsec = now.tv_usec * 1000; if (ts.tv_nsec >= 1000000000) { ts.tv_sec++; ts.tv_nsec -= 1000000000; } pthread_mutex_lock(&m); pthread_cond_timedwait(&c, &m, &ts); pthread_mutex_unlock(&m); }", []string{"f()%"}, model.OK, ""},
		"libvirt's":               {"void f(void) { unsigned long long now; if (virTimeMillisNow(&now) < 0) return; now += 1000ull * 30; virMutexLock(&m); if (virCondWaitUntil(&c, &m, now) < 0) n++; virMutexUnlock(&m); }", []string{"f()%"}, model.OK, ""},
		"GLib's":                  {"void f(void) { gint64 end = g_get_monotonic_time() + 5 * G_TIME_SPAN_SECOND; g_mutex_lock(&gm); while (!done) if (!g_cond_wait_until(&gc, &gm, end)) break; g_mutex_unlock(&gm); }", []string{"f()%"}, model.OK, ""},
		"another clock":           {"void f(void) { pthread_condattr_t a; pthread_condattr_init(&a); pthread_condattr_setclock(&a, CLOCK_MONOTONIC); pthread_cond_init(&c, &a); pthread_condattr_destroy(&a); pthread_mutex_lock(&m); struct timespec ts; clock_gettime(CLOCK_MONOTONIC, &ts); pthread_cond_clockwait(&c, &m, CLOCK_MONOTONIC, &ts); pthread_mutex_unlock(&m); }", []string{"f()%"}, model.OK, ""},
		"a mutex":                 {"void f(void) { struct timespec ts; timespec_get(&ts, TIME_UTC); ts.tv_nsec += 5; if (pthread_mutex_timedlock(&m, &ts) == 0) pthread_mutex_unlock(&m); }", []string{"f()%", "f()%"}, model.OK, ""},
		"kept":                    {"void f(void) { pthread_mutex_lock(&m); clock_gettime(CLOCK_REALTIME, &last); when = time(NULL) * 1000; pthread_mutex_unlock(&m); } void g(void) { pthread_mutex_lock(&m); struct timespec ts = last; ts.tv_sec++; when += ts.tv_nsec; pthread_cond_timedwait(&c, &m, &ts); pthread_mutex_unlock(&m); }", []string{"f()", "g()%"}, model.OK, ""},
		"kept, and given a value": {"void f(void) { pthread_mutex_lock(&m); when = time(NULL); when = 5; assert(when == 5); pthread_mutex_unlock(&m); }", twoOfF, model.OK, ""},
		"GLib's, in a message":    {"void f(void) { printf(\"%ld\", (long)g_get_real_time()); }", one, model.OK, ""},
		"kept, unknown":           {"void f(void) { when = time(0); assert(when == 5); }", one, model.Violation, model.AssertKind},
		"kept, either way":        {"void f(void) { when = time(0); if (when < 5) n = 1; else n = 2; assert(n == 2); }", one, model.Violation, model.AssertKind},
		"kept, other way":         {"void f(void) { when = time(0); if (when < 5) n = 1; else n = 2; assert(n == 1); }", one, model.Violation, model.AssertKind},
		"atomic":                  {"void f(void) { ticks = time(NULL); ticks++; long was = ticks; ticks = 0; assert(ticks == 0); }", one, model.OK, ""},
		"set by a call":           {"void f(void) { time_t now = 3; time(&now); assert(now == 3); }", one, model.Violation, model.AssertKind},
		"a comparison is kept":    {"void f(void) { int late = time(NULL) > when; if (late) assert(late == 1); else assert(late == 0); }", one, model.OK, ""},
		"not":                     {"void f(void) { int x = !rand(); assert(x == 0 || x == 1); bool b = rand(); assert(b == 0 || b == 1); }", one, model.OK, ""},
		"a switch":                {"void f(void) { int k = 0; switch (rand() % 3) { case 0: k = 5; break; case 1: k = 6; break; default: k = 7; } assert(k != 6); }", one, model.Violation, model.AssertKind},
		"a switch, all ways":      {"void f(void) { int k = 0; switch (random() % 3) { case 0: k = 5; break; case 1: k = 6; break; default: k = 7; } assert(k >= 5 && k <= 7); }", one, model.OK, ""},
		"by hand":                 {"void f(void) { time_t end = time(NULL) + 5; while (time(NULL) < end) sched_yield(); done = 1; }", one, model.OK, ""},
		"by hand, with a step":    {"void f(void) { time_t end = time(NULL) + 5; while (!done && time(NULL) < end) sched_yield(); }", []string{"f()", "s()"}, model.OK, ""},
		"by hand, too early":      {"void f(void) { time_t end = time(NULL) + 5; while (!done && time(NULL) < end) sched_yield(); assert(done); }", []string{"f()", "s()"}, model.Violation, model.AssertKind},
		"a loop of a thread":      {"void f(void) { if (rand() % 2) { pthread_mutex_lock(&m); n = !n; pthread_mutex_unlock(&m); } usleep(rand() % 1000); pthread_mutex_lock(&m); pthread_mutex_unlock(&m); }", []string{"f()*", "f()*"}, model.OK, ""},
		"an error of the clock":   {"void f(void) { time_t now = time(NULL); if (now == (time_t)-1) return; done = 1; }", one, model.OK, ""},
		"divided by zero":         {"void f(void) { int x = rand() / n; }", one, model.Violation, model.Undefined},
		"set in a message":        {"void f(void) { time_t t; printf(\"%ld\", (long)time(&t)); }", one, model.OK, ""},
		"in a message":            {"void f(void) { printf(\"%ld\", (long)time(NULL)); }", one, model.OK, ""},
		"slept":                   {"void f(void) { struct timespec d = { 0, 1000 }; assert(nanosleep(&d, NULL) == 0); srand(time(NULL)); }", one, model.OK, ""},
		"through NULL":            {"static struct timespec *p; void f(void) { clock_gettime(CLOCK_REALTIME, p); }", one, model.Violation, model.NullVM},
		"as a race":               {"void f(void) { when = time(NULL); }", twoOfF, model.OK, ""},
	})
}

func TestUnknownRefused(t *testing.T) {
	const decl = "static int a[3]; static sem_t s; static _Atomic long ticks; static int job __attribute__((owner));\n"
	for name, c := range map[string]struct{ src, want string }{
		"an index":            {"void f(int i) { a[rand() % 3] = 1; }", "a[rand() % 3]: the index is not known"},
		"a divisor":           {"void f(int i) { i /= rand(); }", "i /= rand(): what stands on the right is not known"},
		"a shift":             {"void f(int i) { i = 1 << rand(); }", "what stands on the right is not known"},
		"a semaphore":         {"void f(int i) { sem_init(&s, 0, rand()); }", "argument 3 of sem_init(&s, 0, rand()) is not known"},
		"an exchange":         {"void f(int i) { ticks = time(0); long x = 1; atomic_compare_exchange_strong(&ticks, &x, 2); }", "compares a number that is not known"},
		"a job":               {"void f(int i) { job = rand(); }", "job is owned by who makes it non-zero"},
		"a pointer":           {"static int *p; void f(int i) { clock_gettime(CLOCK_REALTIME, &p); }", "argument 2 of clock_gettime points to integers, and &p is int * *"},
		"a mutex's":           {"static mtx_t k; void f(int i) { mtx_init(&k, rand()); }", "argument 2 of mtx_init(&k, rand()) is not known"},
		"many of them":        {"void f(int i) { for (i = 0; i < time(0); i++) ; }", "too many ways through nondet"},
		"the reserved number": {"static int x; void f(int i) { x = -0x55555557; }", "-1431655767 stands for a number that is not known"},
	} {
		if _, err := build(t, decl+c.src, "f(0)"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}
