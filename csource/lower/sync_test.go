package lower_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
)

// syncCase is a small program with what C and POSIX say of it.
type syncCase struct {
	src     string
	threads []string
	verdict model.Verdict
	kind    model.Kind
}

func (c *syncCase) run(t *testing.T) {
	t.Helper()
	if v, k, _ := verdict(t, c.src, c.threads...); v != c.verdict || k != c.kind {
		t.Errorf("got %s %q, want %s %q", v, k, c.verdict, c.kind)
	}
}

func runSync(t *testing.T, decl string, cases map[string]syncCase) {
	t.Helper()
	for name, c := range cases {
		c.src = decl + c.src
		t.Run(name, func(t *testing.T) { c.run(t) })
	}
}

var twoOfF = []string{"f()", "f()"}

func TestOnce(t *testing.T) {
	const decl = `
static pthread_once_t o = PTHREAD_ONCE_INIT;
static virOnceControl v = VIR_ONCE_CONTROL_INITIALIZER;
static once_flag c = ONCE_FLAG_INIT;
static pthread_mutex_t m;
static int n;
static void (*chosen)(void);
static void init(void) { n++; }
static void other(void) { n += 2; }
static void again(void) { pthread_once(&o, again); }
static void locked(void) { pthread_mutex_lock(&m); n++; pthread_mutex_unlock(&m); }
`
	runSync(t, decl, map[string]syncCase{
		"POSIX's":             {"void f(void) { assert(pthread_once(&o, init) == 0); assert(n == 1); }", twoOfF, model.OK, ""},
		"libvirt's":           {"void f(void) { if (virOnce(&v, init) < 0) return; assert(n == 1); }", twoOfF, model.OK, ""},
		"C11's":               {"void f(void) { call_once(&c, &init); assert(n == 1); }", twoOfF, model.OK, ""},
		"of three":            {"void f(void) { call_once(&c, init); assert(n == 1); }", []string{"f()", "f()", "f()"}, model.OK, ""},
		"another control":     {"void f(void) { pthread_once(&o, init); virOnce(&v, init); assert(n == 1); }", twoOfF, model.Violation, model.AssertKind},
		"another function":    {"void f(void) { pthread_once(&o, init); pthread_once(&o, other); assert(n == 1); }", twoOfF, model.OK, ""},
		"which one":           {"void f(void) { pthread_once(&o, init); assert(n == 1); } void g(void) { pthread_once(&o, other); }", []string{"f()", "g()"}, model.Violation, model.AssertKind},
		"in itself":           {"void f(void) { pthread_once(&o, again); }", []string{"f()"}, model.Deadlock, model.LostWakeup},
		"with a lock held":    {"void f(void) { pthread_mutex_lock(&m); pthread_once(&o, locked); pthread_mutex_unlock(&m); } void g(void) { pthread_once(&o, locked); }", []string{"f()", "g()"}, model.Violation, model.SelfDeadlock},
		"a cycle":             {"void f(void) { pthread_mutex_lock(&m); pthread_once(&o, init); pthread_mutex_unlock(&m); } void g(void) { pthread_once(&o, locked); }", []string{"f()", "g()"}, model.Deadlock, model.LostWakeup},
		"through a pointer":   {"void f(void) { void (*p)(void) = init; pthread_once(&o, p); assert(n == 1); }", twoOfF, model.OK, ""},
		"through none":        {"void f(void) { pthread_once(&o, chosen); }", []string{"f()"}, model.Violation, model.NullVM},
		"control is NULL":     {"void f(void) { pthread_once_t *p = 0; pthread_once(p, init); }", []string{"f()"}, model.Violation, model.NullVM},
		"in a struct":         {"static struct { int pad; pthread_once_t o; } s = { 1, PTHREAD_ONCE_INIT }; void f(void) { pthread_once(&s.o, init); assert(n == 1); }", twoOfF, model.OK, ""},
		"as zero, in braces":  {"static pthread_once_t z = 0; static pthread_once_t y = { 0 }; void f(void) { pthread_once(&z, init); pthread_once(&y, other); assert(n == 3); }", twoOfF, model.OK, ""},
		"in allocated memory": {"void f(void) { pthread_once_t *p = malloc(sizeof(pthread_once_t)); free(p); }", []string{"f()"}, model.OK, ""},
	})
}

func TestSemaphores(t *testing.T) {
	const decl = `
static sem_t s, other;
static int v, in;
static pthread_mutex_t m;
static void enter(void) { pthread_mutex_lock(&m); in++; pthread_mutex_unlock(&m); }
static void leave(int most) { pthread_mutex_lock(&m); assert(in <= most); in--; pthread_mutex_unlock(&m); }
void post(void) { v = 5; sem_post(&s); }
void make(void) { sem_init(&s, 0, 1); }
`
	use := "void use(int k) { sem_wait(&s); enter(); leave(k); sem_post(&s); } void f(void) { sem_init(&s, 0, 2); sem_post(&other); sem_post(&other); sem_post(&other); } void g(int k) { sem_wait(&other); use(k); }"
	runSync(t, decl, map[string]syncCase{
		"a message":        {"void f(void) { assert(sem_wait(&s) == 0); assert(v == 5); }", []string{"post()", "f()"}, model.OK, ""},
		"too early":        {"void f(void) { sem_trywait(&s); assert(v == 5); }", []string{"post()", "f()"}, model.Violation, model.AssertKind},
		"never posted":     {"void f(void) { sem_wait(&s); }", []string{"f()"}, model.Deadlock, model.LostWakeup},
		"posted once":      {"void f(void) { sem_wait(&s); }", []string{"post()", "f()", "f()"}, model.Deadlock, model.LostWakeup},
		"at most two":      {use, []string{"f()", "g(2)", "g(2)", "g(2)"}, model.OK, ""},
		"two at once":      {use, []string{"f()", "g(1)", "g(1)", "g(1)"}, model.Violation, model.AssertKind},
		"as a lock":        {"void f(void) { sem_wait(&s); in++; assert(in == 1); in--; sem_post(&s); } void g(void) { sem_post(&s); }", []string{"g()", "f()", "f()"}, model.OK, ""},
		"crossed":          {"void f(void) { sem_wait(&s); sem_wait(&other); sem_post(&other); sem_post(&s); } void g(void) { sem_wait(&other); sem_wait(&s); sem_post(&s); sem_post(&other); } void h(void) { sem_post(&s); sem_post(&other); }", []string{"f()", "g()", "h()"}, model.Deadlock, model.LostWakeup},
		"is NULL":          {"void f(void) { sem_t *p = 0; sem_wait(p); }", []string{"f()"}, model.Violation, model.NullVM},
		"timed, no fault":  {"void f(void) { assert(sem_timedwait(&s, 0) == 0); assert(v == 5); }", []string{"post()", "f()"}, model.OK, ""},
		"timed, in time":   {"void f(void) { if (sem_timedwait(&s, 0) == 0) assert(v == 5); }", []string{"post()", "f()%"}, model.OK, ""},
		"timed, too late":  {"void f(void) { assert(sem_timedwait(&s, 0) == 0); }", []string{"post()", "f()%"}, model.Violation, model.AssertKind},
		"timed, alone":     {"void f(void) { assert(sem_timedwait(&s, 0) == -1); }", []string{"f()%"}, model.OK, ""},
		"in a struct":      {"struct q { sem_t full; int n; }; void f(struct q *q) { q->n = 1; sem_post(&q->full); } void g(struct q *q) { sem_wait(&q->full); assert(q->n == 1); }", []string{"f(vm1)", "g(vm1)"}, model.OK, ""},
		"in an array":      {"static sem_t a[2]; void f(int i) { sem_post(&a[i]); sem_wait(&a[1 - i]); }", []string{"f(0)", "f(1)"}, model.OK, ""},
		"allocated, unset": {"struct q { sem_t full; }; void f(void) { struct q *q = malloc(sizeof(struct q)); sem_post(&q->full); free(q); }", []string{"f()"}, model.Violation, model.Undefined},
		"allocated, made":  {"struct q { sem_t full; }; void f(void) { struct q *q = malloc(sizeof(struct q)); sem_init(&q->full, 0, 1); sem_wait(&q->full); free(q); }", []string{"f()"}, model.OK, ""},
		"made late":        {"void f(void) { sem_wait(&s); }", []string{"make()", "f()"}, model.OK, ""},
	})
}

func TestBarriers(t *testing.T) {
	const decl = `
static pthread_barrier_t b;
static sem_t go;
static pthread_mutex_t m;
static int a[3], serial, next;
void init(int n) { pthread_barrier_init(&b, NULL, n); sem_post(&go); sem_post(&go); sem_post(&go); }
static void count(int rc) { if (rc == PTHREAD_BARRIER_SERIAL_THREAD) { pthread_mutex_lock(&m); serial++; pthread_mutex_unlock(&m); } else assert(rc == 0); }
`
	meet := "void f(int i) { sem_wait(&go); a[i] = 1; pthread_barrier_wait(&b); assert(a[0] + a[1] == 2); }"
	twice := "void f(int i) { sem_wait(&go); pthread_barrier_wait(&b); a[i]++; pthread_barrier_wait(&b); assert(a[0] + a[1] == 2); }"
	once := "void f(int i) { sem_wait(&go); pthread_barrier_wait(&b); a[i]++; assert(a[0] + a[1] == 2); }"
	serial := "void f(int k) { sem_wait(&go); count(pthread_barrier_wait(&b)); count(pthread_barrier_wait(&b)); pthread_mutex_lock(&m); next++; if (next == 2) assert(serial == k); pthread_mutex_unlock(&m); }"
	either := "void f(int i) { sem_wait(&go); int rc = pthread_barrier_wait(&b); assert(i != %d || rc != 0); }"
	runSync(t, decl, map[string]syncCase{
		"meet":              {meet, []string{"init(2)", "f(0)", "f(1)"}, model.OK, ""},
		"too few":           {meet, []string{"init(3)", "f(0)", "f(1)"}, model.Deadlock, model.LostWakeup},
		"not enough":        {meet, []string{"init(1)", "f(0)", "f(1)"}, model.Violation, model.AssertKind},
		"twice":             {twice, []string{"init(2)", "f(0)", "f(1)"}, model.OK, ""},
		"once":              {once, []string{"init(2)", "f(0)", "f(1)"}, model.Violation, model.AssertKind},
		"one is serial":     {serial, []string{"init(2)", "f(2)", "f(2)"}, model.OK, ""},
		"two are not":       {serial, []string{"init(2)", "f(3)", "f(3)"}, model.Violation, model.AssertKind},
		"serial, the first": {fmt.Sprintf(either, 0), []string{"init(2)", "f(0)", "f(1)"}, model.Violation, model.AssertKind},
		"serial, the other": {fmt.Sprintf(either, 1), []string{"init(2)", "f(0)", "f(1)"}, model.Violation, model.AssertKind},
		"of one":            {"void f(void) { pthread_barrier_init(&b, 0, 1); count(pthread_barrier_wait(&b)); assert(serial == 1); pthread_barrier_destroy(&b); }", []string{"f()"}, model.OK, ""},
		"never made":        {"void f(void) { pthread_barrier_wait(&b); }", []string{"f()"}, model.Violation, model.Undefined},
		"destroyed":         {"void f(void) { pthread_barrier_init(&b, 0, 1); pthread_barrier_destroy(&b); pthread_barrier_wait(&b); }", []string{"f()"}, model.Violation, model.Undefined},
		"destroyed early":   {"void f(void) { sem_wait(&go); pthread_barrier_wait(&b); } void g(void) { sem_wait(&go); pthread_barrier_destroy(&b); }", []string{"init(2)", "f()", "g()"}, model.Violation, model.Undefined},
		"destroyed by one":  {"void f(void) { sem_wait(&go); if (pthread_barrier_wait(&b)) pthread_barrier_destroy(&b); }", []string{"init(2)", "f()", "f()"}, model.OK, ""},
		"made again":        {"void f(void) { sem_wait(&go); pthread_barrier_wait(&b); } void g(void) { sem_wait(&go); pthread_barrier_init(&b, 0, 2); }", []string{"init(2)", "f()", "g()"}, model.Violation, model.Undefined},
		"is NULL":           {"void f(void) { pthread_barrier_t *p = 0; pthread_barrier_wait(p); }", []string{"f()"}, model.Violation, model.NullVM},
	})
}

// syncAlone is what one thread does. It ends well in C.
var syncAlone = []string{
	"sem_t *s = &sem; int n = -1; eq(sem_init(s, 0, 1), 0); eq(sem_trywait(s), 0); eq(sem_trywait(s), -1); eq(sem_post(s), 0); eq(sem_getvalue(s, &n), 0); eq(n, 1); eq(sem_destroy(s), 0)",
	"eq(sem_init(&sem, 0, 3), 0); eq(sem_wait(&sem), 0); eq(sem_wait(&sem), 0); eq(sem_wait(&sem), 0); eq(sem_trywait(&sem), -1); sem_post(&sem); eq(sem_wait(&sem), 0)",
	"eq(sem_init(&sem, 0, 2147483648u), -1); eq(sem_init(&sem, 0, SEM_VALUE_MAX), 0); eq(sem_wait(&sem), 0)",
	"static pthread_once_t o = PTHREAD_ONCE_INIT; eq(pthread_once(&o, bump), 0); eq(pthread_once(&o, bump), 0); eq(bumped, 1)",
	"eq(pthread_barrier_init(&bar, NULL, 0), EINVAL); eq(pthread_barrier_init(&bar, NULL, 1), 0); eq(pthread_barrier_wait(&bar), PTHREAD_BARRIER_SERIAL_THREAD); eq(pthread_barrier_wait(&bar), -1); eq(pthread_barrier_destroy(&bar), 0)",
}

const syncAloneDecl = `
static sem_t sem;
static pthread_barrier_t bar;
static int bumped;
static void bump(void) { bumped++; }
static void eq(int a, int b) { assert(a == b); }
`

// TestSyncAlone runs them through the model and, where there is a compiler, through it: both are
// content.
func TestSyncAlone(t *testing.T) {
	for _, body := range syncAlone {
		if v, k, _ := verdict(t, syncAloneDecl+"void f(void) { "+body+"; }", "f()"); v != model.OK {
			t.Errorf("%s: %s %q", body, v, k)
		}
	}
	compiledAlone(t, "#include <semaphore.h>\n"+syncAloneDecl, syncAlone)
}

func TestSyncRefusals(t *testing.T) {
	const decl = "static sem_t s; static pthread_once_t o; static pthread_barrier_t b; static int n; static void init(void) { } static void one(int i) { }\n"
	for name, c := range map[string]struct{ src, want string }{
		"another type":          {"void f(void) { sem_wait(&b); }", "t.c:2:25: argument 1 of sem_wait is a sem_t *, and &b is pthread_barrier_t *"},
		"an int":                {"void f(void) { pthread_once(&n, init); }", "argument 1 of pthread_once is a pthread_once_t *, and &n is int *"},
		"another function":      {"void f(void) { pthread_once(&o, one); }", "argument 2 of pthread_once is a void (*)(void), and one is void (int) *"},
		"no function":           {"void f(void) { pthread_once(&o, 5); }", "argument 2 of pthread_once is a void (*)(void), and 5 is int"},
		"a copy":                {"void f(void) { sem_t *p = &s; s = *p; }", "a sem_t cannot be copied"},
		"cleared":               {"void f(void) { memset(&s, 0, sizeof(s)); }", "a sem_t cannot be copied or cleared"},
		"attributes":            {"void f(void) { pthread_barrier_init(&b, &n, 2); }", "attributes of pthread_barrier_init cannot be modelled"},
		"a pointer for a count": {"void f(void) { sem_init(&s, 0, &n); }", "argument 3 of sem_init is an integer, and &n is int *"},
		"a value elsewhere":     {"void f(void) { sem_getvalue(&s, n); }", "argument 2 of sem_getvalue is an int *, and n is int"},
		"arity":                 {"void f(void) { sem_init(&s, 0); }", "sem_init takes 3 arguments, not 2"},
		"another beginning":     {"static sem_t t = 3; void f(void) { }", "sem_t that begins as 3 cannot be modelled"},
		"named semaphores":      {"void f(void) { sem_open(\"a\", 0); }", "sem_open cannot be modelled"},
		"a definition":          {"void sem_post(void) { } void f(void) { }", "sem_post is a primitive and cannot be defined"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := build(t, decl+c.src, "f()"); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}
