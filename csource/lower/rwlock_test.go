package lower_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/model"
)

const rwlocks = `
static pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER, k;
static virRWLock v;
static GRWLock g;
static pthread_mutex_t m;
static _Atomic int in;
static int a, b;
static int n __attribute__((guarded_by(l)));
`

func TestReaderWriterLocks(t *testing.T) {
	look := "void r(void) { pthread_rwlock_rdlock(&l); int x = a, y = b; assert(x == y); pthread_rwlock_unlock(&l); }\n"
	change := "void w(void) { pthread_rwlock_wrlock(&l); a++; b++; pthread_rwlock_unlock(&l); }\n"
	inside := "in++; assert(in == 1); in--;"
	box := "struct box { pthread_rwlock_t l; int n __attribute__((guarded_by(l))); };\n"
	one := []string{"f()"}
	runSync(t, rwlocks, map[string]syncCase{
		"readers and writers":   {look + change, []string{"r()", "r()", "w()", "w()"}, model.OK, ""},
		"a reader that changes": {look + "void w(void) { pthread_rwlock_rdlock(&l); a++; b++; pthread_rwlock_unlock(&l); }", []string{"r()", "w()"}, model.Violation, model.AssertKind},
		"readers together":      {"void f(void) { pthread_rwlock_rdlock(&l); " + inside + " pthread_rwlock_unlock(&l); }", twoOfF, model.Violation, model.AssertKind},
		"writers apart":         {"void f(void) { pthread_rwlock_wrlock(&l); " + inside + " pthread_rwlock_unlock(&l); }", twoOfF, model.OK, ""},
		"libvirt's readers":     {"void f(void) { virRWLockRead(&v); " + inside + " virRWLockUnlock(&v); }", twoOfF, model.Violation, model.AssertKind},
		"libvirt's writers":     {"void f(void) { if (virRWLockInit(&k) < 0) return; virRWLockWrite(&v); " + inside + " virRWLockUnlock(&v); }", twoOfF, model.OK, ""},
		"libvirt's, destroyed":  {"void f(void) { if (virRWLockInit(&k) < 0) return; virRWLockWrite(&k); virRWLockUnlock(&k); virRWLockDestroy(&k); }", one, model.OK, ""},
		"GLib's readers":        {"void f(void) { g_rw_lock_reader_lock(&g); " + inside + " g_rw_lock_reader_unlock(&g); }", twoOfF, model.Violation, model.AssertKind},
		"GLib's writers":        {"void f(void) { g_rw_lock_writer_lock(&g); " + inside + " g_rw_lock_writer_unlock(&g); }", twoOfF, model.OK, ""},
		"GLib's tries":          {"void f(void) { g_rw_lock_init(&g); assert(g_rw_lock_reader_trylock(&g)); assert(!g_rw_lock_writer_trylock(&g)); g_rw_lock_reader_unlock(&g); assert(g_rw_lock_writer_trylock(&g)); assert(!g_rw_lock_reader_trylock(&g)); g_rw_lock_writer_unlock(&g); g_rw_lock_clear(&g); }", one, model.OK, ""},
		"tries":                 {"void f(void) { assert(pthread_rwlock_tryrdlock(&l) == 0); assert(pthread_rwlock_trywrlock(&l) == EBUSY); pthread_rwlock_unlock(&l); assert(pthread_rwlock_trywrlock(&l) == 0); assert(pthread_rwlock_tryrdlock(&l) == EBUSY); assert(pthread_rwlock_trywrlock(&l) == EBUSY); pthread_rwlock_unlock(&l); }", one, model.OK, ""},
		"tries that succeed":    {"void f(void) { if (pthread_rwlock_trywrlock(&l) == 0) { " + inside + " pthread_rwlock_unlock(&l); } }", []string{"f()", "f()", "f()"}, model.OK, ""},
		"tries that need not":   {"void f(void) { assert(pthread_rwlock_trywrlock(&l) == 0); pthread_rwlock_unlock(&l); }", twoOfF, model.Violation, model.AssertKind},
		"a try beside readers":  {"void f(void) { assert(pthread_rwlock_tryrdlock(&l) == 0); pthread_rwlock_unlock(&l); }", []string{"f()", "f()", "f()"}, model.OK, ""},

		"read twice":             {"void f(void) { pthread_rwlock_rdlock(&l); pthread_rwlock_rdlock(&l); pthread_rwlock_unlock(&l); assert(held(&l)); pthread_rwlock_unlock(&l); assert(!held(&l)); }" + change, []string{"f()", "f()", "w()"}, model.OK, ""},
		"read twice, given once": {"void f(void) { pthread_rwlock_rdlock(&l); pthread_rwlock_rdlock(&l); pthread_rwlock_unlock(&l); }", one, model.Violation, model.LockLeak},
		"leaked":                 {"int f(void) { pthread_rwlock_wrlock(&l); return 1; }", one, model.Violation, model.LockLeak},
		"leaked on one way":      {"void f(void) { pthread_rwlock_rdlock(&l); if (nondet()) return; pthread_rwlock_unlock(&l); }", one, model.Violation, model.LockLeak},
		"kept by a call":         {"static void take(void) { pthread_rwlock_rdlock(&l); } void f(void) { take(); pthread_rwlock_unlock(&l); }", one, model.OK, ""},
		"loops":                  {look + "void w(void) { pthread_rwlock_wrlock(&l); a ^= 1; b ^= 1; pthread_rwlock_unlock(&l); }", []string{"r()*", "w()*"}, model.OK, ""},
		"upgraded":               {"void f(void) { pthread_rwlock_rdlock(&l); pthread_rwlock_wrlock(&l); }", one, model.Violation, model.SelfDeadlock},
		"written twice":          {"void f(void) { pthread_rwlock_wrlock(&l); pthread_rwlock_wrlock(&l); }", one, model.Violation, model.SelfDeadlock},
		"downgraded":             {"void f(void) { pthread_rwlock_wrlock(&l); pthread_rwlock_rdlock(&l); }", one, model.Violation, model.SelfDeadlock},
		"another's":              {"void f(void) { pthread_rwlock_unlock(&l); } void h(void) { pthread_rwlock_rdlock(&l); pthread_rwlock_unlock(&l); }", []string{"h()", "f()"}, model.Violation, model.BadUnlock},
		"given back twice":       {"void f(void) { pthread_rwlock_rdlock(&l); pthread_rwlock_unlock(&l); pthread_rwlock_unlock(&l); }", one, model.Violation, model.BadUnlock},
		"reader as writer":       {"void f(void) { g_rw_lock_reader_lock(&g); g_rw_lock_writer_unlock(&g); }", one, model.Violation, model.BadUnlock},
		"writer as reader":       {"void f(void) { g_rw_lock_writer_lock(&g); g_rw_lock_reader_unlock(&g); }", one, model.Violation, model.BadUnlock},
		"crossed":                {"void f(void) { pthread_rwlock_wrlock(&l); pthread_rwlock_wrlock(&k); pthread_rwlock_unlock(&k); pthread_rwlock_unlock(&l); } void h(void) { pthread_rwlock_wrlock(&k); pthread_rwlock_rdlock(&l); pthread_rwlock_unlock(&l); pthread_rwlock_unlock(&k); }", []string{"f()", "h()"}, model.Deadlock, model.LockOrder},
		"crossed, reading":       {"void f(void) { pthread_rwlock_rdlock(&l); pthread_rwlock_rdlock(&k); pthread_rwlock_unlock(&k); pthread_rwlock_unlock(&l); } void h(void) { pthread_rwlock_rdlock(&k); pthread_rwlock_rdlock(&l); pthread_rwlock_unlock(&l); pthread_rwlock_unlock(&k); }", []string{"f()", "h()"}, model.OK, ""},
		"no writer waits first":  {"void f(void) { pthread_rwlock_rdlock(&l); pthread_rwlock_rdlock(&l); pthread_rwlock_unlock(&l); pthread_rwlock_unlock(&l); }" + change, []string{"f()", "w()"}, model.OK, ""},

		"held":                 {"void f(void) { assert(!held(&l)); pthread_rwlock_wrlock(&l); assert(held(&l)); assert(!held(&k)); pthread_rwlock_unlock(&l); }", one, model.OK, ""},
		"guarded, looked at":   {"void f(void) { pthread_rwlock_rdlock(&l); int x = n; pthread_rwlock_unlock(&l); } void h(void) { pthread_rwlock_wrlock(&l); n = 1; pthread_rwlock_unlock(&l); }", []string{"f()", "h()"}, model.OK, ""},
		"guarded, changed":     {"void f(void) { pthread_rwlock_rdlock(&l); n = 1; pthread_rwlock_unlock(&l); }", one, model.Violation, model.MissingLock},
		"guarded, without":     {"void f(void) { n = 1; }", one, model.Violation, model.MissingLock},
		"guarded, by another":  {"void f(void) { pthread_rwlock_wrlock(&k); n = 1; pthread_rwlock_unlock(&k); }", one, model.Violation, model.MissingLock},
		"in a struct":          {box + "void f(struct box *o) { pthread_rwlock_wrlock(&o->l); o->n++; pthread_rwlock_unlock(&o->l); }", []string{"f(vm1)", "f(vm1)", "f(vm2)"}, model.OK, ""},
		"in a struct, without": {box + "void f(struct box *o, struct box *p) { pthread_rwlock_wrlock(&p->l); o->n++; pthread_rwlock_unlock(&p->l); }", []string{"f(vm1, vm2)"}, model.Violation, model.MissingLock},
		"of what is freed":     {box + "void f(struct box *o) { free(o); pthread_rwlock_rdlock(&o->l); }", []string{"f(vm1)"}, model.Violation, model.UseAfterRelease},
		"gone with its object": {box + "void f(struct box *o) { pthread_rwlock_rdlock(&o->l); free(o); }", []string{"f(vm1)"}, model.Violation, model.Undefined},
		"allocated":            {box + "void f(void) { struct box *o = malloc(sizeof(*o)); pthread_rwlock_init(&o->l, NULL); pthread_rwlock_wrlock(&o->l); o->n = 1; pthread_rwlock_unlock(&o->l); pthread_rwlock_destroy(&o->l); free(o); }", one, model.OK, ""},
		"without end":          {"void f(void) { while (1) pthread_rwlock_rdlock(&l); }", one, model.Unknown, ""},
		"is NULL":              {"void f(void) { pthread_rwlock_t *p = 0; pthread_rwlock_rdlock(p); }", one, model.Violation, model.NullVM},
		"through a pointer":    {"void f(int i) { pthread_rwlock_t *p = i ? &l : &k; pthread_rwlock_wrlock(p); " + inside + " pthread_rwlock_unlock(p); }", []string{"f(0)", "f(1)"}, model.Violation, model.AssertKind},
	})
}

// TestReaderWriterCounts counts states. Two threads that take a lock and give it back have three
// places each: of the nine pairs all are reached by readers, and one is not where a writer is.
func TestReaderWriterCounts(t *testing.T) {
	const preferred = "static pthread_rwlock_t p = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;\n" +
		"void pr(void) { pthread_rwlock_rdlock(&p); pthread_rwlock_unlock(&p); }\nvoid pw(void) { pthread_rwlock_wrlock(&p); pthread_rwlock_unlock(&p); }\n"
	const r = "void r(void) { pthread_rwlock_rdlock(&l); pthread_rwlock_unlock(&l); }\n"
	const w = "void w(void) { pthread_rwlock_wrlock(&l); pthread_rwlock_unlock(&l); }\n"
	const deep = "void d(void) { pthread_rwlock_rdlock(&l); pthread_rwlock_rdlock(&l); pthread_rwlock_unlock(&l); pthread_rwlock_unlock(&l); }\n"
	for name, c := range map[string]struct {
		threads []string
		states  int64
		most    int64 // of the lock's values: readers
	}{
		"one reader":          {[]string{"r()"}, 3, 1},
		"two readers":         {[]string{"r()", "r()"}, 9, 2},
		"three readers":       {[]string{"r()", "r()", "r()"}, 27, 3},
		"a reader, a writer":  {[]string{"r()", "w()"}, 8, 1},
		"two writers":         {[]string{"w()", "w()"}, 8, 0},
		"two readers, writer": {[]string{"r()", "r()", "w()"}, 22, 2}, // 18 without the writer inside, 4 with it
		// Who queues comes while somebody is inside, and stays when that one leaves.
		"prefers writers":      {[]string{"pr()", "pw()"}, 10, 1_019_999},
		"prefers two writers":  {[]string{"pw()", "pw()"}, 12, 1_029_999},
		"prefers, two readers": {[]string{"pr()", "pr()"}, 9, 1_000_002},
		"deep":                 {[]string{"d()"}, 5, 2},
		"deep, twice":          {[]string{"d()", "d()"}, 25, 4},
	} {
		for _, open := range []bool{false, true} {
			p, err := buildWith(t, lower.Options{Open: open}, rwlocks+r+w+deep+preferred, c.threads...)
			if err != nil {
				t.Fatal(name, err)
			}
			p, limit, err := search.Close(t.Context(), p, search.Options{})
			if err != nil || limit != model.NoLimit {
				t.Fatal(name, limit, err)
			}
			if got := p.Vars[0].Values[len(p.Vars[0].Values)-1]; got != c.most && !(open && c.most >= 1_000_000) { // an open one has the values that were met
				t.Errorf("%s, open %t: the largest value is %d, want %d", name, open, got, c.most)
			}
			res, err := search.Search(t.Context(), p, search.Options{})
			if err != nil || res.Verdict != model.OK || res.Stats.States != c.states {
				t.Errorf("%s, open %t: %s %s with %d states, want ok with %d (%v)", name, open, res.Verdict, res.Kind, res.Stats.States, c.states, err)
			}
		}
	}
}

// TestReaderWriterExplained checks what is said of a deadlock and of what is left held.
func TestReaderWriterExplained(t *testing.T) {
	for name, c := range map[string]struct {
		src     string
		threads []string
		want    string
	}{
		"a cycle": {
			"void f(void) { pthread_rwlock_rdlock(&l); pthread_mutex_lock(&m); pthread_mutex_unlock(&m); pthread_rwlock_unlock(&l); } void h(void) { pthread_mutex_lock(&m); pthread_rwlock_wrlock(&l); pthread_rwlock_unlock(&l); pthread_mutex_unlock(&m); }",
			[]string{"f()", "h()"},
			"waits for l, held by T1",
		},
		"two readers": {
			"void f(void) { pthread_rwlock_rdlock(&l); pthread_mutex_lock(&m); pthread_mutex_unlock(&m); pthread_rwlock_unlock(&l); } void h(void) { pthread_mutex_lock(&m); pthread_rwlock_wrlock(&l); pthread_rwlock_unlock(&l); pthread_mutex_unlock(&m); }",
			[]string{"f()", "h()", "f()"},
			"T1 f() waits for m, held by T2; T2 h() waits for l, held by T1 and T3",
		},
		"beside one who is stuck": {
			"static sem_t never; void e(void) { pthread_rwlock_rdlock(&l); sem_wait(&never); pthread_rwlock_unlock(&l); } void f(void) { pthread_rwlock_rdlock(&l); pthread_mutex_lock(&m); pthread_mutex_unlock(&m); pthread_rwlock_unlock(&l); } void h(void) { pthread_mutex_lock(&m); pthread_rwlock_wrlock(&l); pthread_rwlock_unlock(&l); pthread_mutex_unlock(&m); }",
			[]string{"e()", "f()", "h()"},
			"T2 f() waits for m, held by T3; T3 h() waits for l, held by T1 and T2",
		},
		"a queue": {
			"static pthread_rwlock_t p = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP; void f(void) { pthread_rwlock_rdlock(&p); pthread_rwlock_rdlock(&p); pthread_rwlock_unlock(&p); pthread_rwlock_unlock(&p); } void h(void) { pthread_rwlock_wrlock(&p); pthread_rwlock_unlock(&p); }",
			[]string{"f()", "h()"},
			"T1 f() waits for p, which T2 is to write before; T2 h() waits for p, held by T1",
		},
		"a leak": {"void f(void) { pthread_rwlock_rdlock(&k); }", []string{"f()"}, "it ends and still holds k"},
	} {
		for _, open := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, open %t", name, open), func(t *testing.T) {
				p, err := buildWith(t, lower.Options{Open: open}, rwlocks+c.src, c.threads...)
				if err != nil {
					t.Fatal(err)
				}
				p, _, err = search.Close(t.Context(), p, search.Options{})
				if err != nil {
					t.Fatal(err)
				}
				r, err := search.Search(t.Context(), p, search.Options{})
				if err != nil {
					t.Fatal(err)
				}
				if len(r.Findings) == 0 || !strings.Contains(r.Findings[0].Message, c.want) {
					t.Errorf("got %s %+v, want %q", r.Verdict, r.Findings, c.want)
				}
			})
		}
	}
}

// TestReaderWriterRefused checks what is refused.
func TestReaderWriterRefused(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"attributes": {"void f(int x) { pthread_rwlock_init(&l, &x); }", "argument 2 of pthread_rwlock_init is a pthread_rwlockattr_t *"},
		"of mutexes": {"void f(int x) { pthread_mutexattr_t y; pthread_rwlock_init(&l, &y); }", "argument 2 of pthread_rwlock_init is a pthread_rwlockattr_t *"},
		"no kind":    {"void f(int x) { pthread_rwlockattr_t y; pthread_rwlockattr_init(&y); pthread_rwlockattr_setkind_np(&y, 3); }", "sets a kind that there is not"},
		"preference": {"static pthread_rwlock_t z = PTHREAD_RWLOCK_WRITER_INITIALIZER; void f(int x) { pthread_rwlock_rdlock(&z); }", "pthread_rwlock_t that begins as"},
		"not a lock": {"void f(int x) { pthread_rwlock_rdlock(&m); }", "argument 1 of pthread_rwlock_rdlock is a pthread_rwlock_t *, and &m is virMutex *"},
		"as a mutex": {"void f(int x) { pthread_mutex_lock(&l); }", "argument 1 of pthread_mutex_lock is a virMutex *"},
		"copied":     {"void f(int x) { l = k; }", "l"},
	} {
		if _, err := build(t, rwlocks+c.src, "f(0)"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

// TestWriterPreferred checks locks whose writers keep readers out while they wait.
func TestWriterPreferred(t *testing.T) {
	const decl = rwlocks + `
static pthread_rwlock_t p = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
static void prefer(pthread_rwlock_t *x, int kind)
{
    pthread_rwlockattr_t attr;
    pthread_rwlockattr_init(&attr);
    pthread_rwlockattr_setkind_np(&attr, kind);
    pthread_rwlock_init(x, &attr);
    pthread_rwlockattr_destroy(&attr);
}
void r(void) { pthread_rwlock_rdlock(&p); int x = a, y = b; assert(x == y); pthread_rwlock_unlock(&p); }
void w(void) { pthread_rwlock_wrlock(&p); a++; b++; pthread_rwlock_unlock(&p); }
void again(void) { pthread_rwlock_rdlock(&p); pthread_rwlock_rdlock(&p); pthread_rwlock_unlock(&p); pthread_rwlock_unlock(&p); }
void trying(void) { pthread_rwlock_rdlock(&p); if (pthread_rwlock_tryrdlock(&p) == 0) pthread_rwlock_unlock(&p); pthread_rwlock_unlock(&p); }
void sure(void) { pthread_rwlock_rdlock(&p); assert(pthread_rwlock_tryrdlock(&p) == 0); pthread_rwlock_unlock(&p); pthread_rwlock_unlock(&p); }
void first(void) { pthread_rwlock_rdlock(&p); pthread_mutex_lock(&m); pthread_mutex_unlock(&m); pthread_rwlock_unlock(&p); }
void second(void) { pthread_mutex_lock(&m); pthread_rwlock_rdlock(&p); pthread_rwlock_unlock(&p); pthread_mutex_unlock(&m); }
void late(void) { if (pthread_rwlock_timedwrlock(&p, 0) == 0) { a++; b++; pthread_rwlock_unlock(&p); } }
`
	inside := "in++; assert(in == 1); in--;"
	runSync(t, decl, map[string]syncCase{
		"readers and writers":  {"", []string{"r()", "r()", "w()", "w()"}, model.OK, ""},
		"readers together":     {"void f(void) { pthread_rwlock_rdlock(&p); " + inside + " pthread_rwlock_unlock(&p); }", twoOfF, model.Violation, model.AssertKind},
		"writers apart":        {"void f(void) { pthread_rwlock_wrlock(&p); " + inside + " pthread_rwlock_unlock(&p); }", []string{"f()", "f()", "f()"}, model.OK, ""},
		"read twice, alone":    {"", []string{"again()", "again()"}, model.OK, ""},
		"read twice, a writer": {"", []string{"again()", "w()"}, model.Deadlock, model.LockOrder},
		"tried":                {"", []string{"trying()", "w()", "r()"}, model.OK, ""},
		"tried, kept out":      {"", []string{"sure()", "w()"}, model.Violation, model.AssertKind},
		"tried, nobody":        {"", []string{"sure()", "r()"}, model.OK, ""},
		"crossed, reading":     {"", []string{"first()", "second()"}, model.OK, ""},
		"crossed, a writer":    {"", []string{"first()", "second()", "w()"}, model.Deadlock, model.LockOrder},
		"crossed, it gives up": {"", []string{"first()", "second()", "late()%"}, model.OK, ""},
		"again, it gives up":   {"", []string{"again()", "late()%"}, model.OK, ""},
		"again, it does not":   {"", []string{"again()", "late()"}, model.Deadlock, model.LockOrder},
		"loops":                {"", []string{"r()*", "r()*", "w()"}, model.OK, ""},
		"by attributes":        {"void f(void) { prefer(&k, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP); pthread_rwlock_rdlock(&k); pthread_rwlock_rdlock(&k); pthread_rwlock_unlock(&k); pthread_rwlock_unlock(&k); } void h(void) { pthread_rwlock_wrlock(&k); pthread_rwlock_unlock(&k); }", []string{"f()"}, model.OK, ""},
		"the name that lies":   {"static pthread_once_t o; static void init(void) { prefer(&k, PTHREAD_RWLOCK_PREFER_WRITER_NP); } void f(void) { pthread_once(&o, init); pthread_rwlock_rdlock(&k); pthread_rwlock_rdlock(&k); pthread_rwlock_unlock(&k); pthread_rwlock_unlock(&k); } void h(void) { pthread_once(&o, init); pthread_rwlock_wrlock(&k); pthread_rwlock_unlock(&k); }", []string{"f()", "h()"}, model.OK, ""},
		"by a call":            {"static pthread_once_t o; static void init(void) { virRWLockInitPreferWriter(&v); } void f(void) { pthread_once(&o, init); virRWLockRead(&v); virRWLockRead(&v); virRWLockUnlock(&v); virRWLockUnlock(&v); } void h(void) { pthread_once(&o, init); virRWLockWrite(&v); virRWLockUnlock(&v); }", []string{"f()", "h()"}, model.Deadlock, model.LockOrder},
		"not yet":              {"void f(void) { virRWLockRead(&v); virRWLockRead(&v); virRWLockUnlock(&v); virRWLockUnlock(&v); } void h(void) { virRWLockWrite(&v); virRWLockUnlock(&v); } void i(void) { virRWLockInitPreferWriter(&v); }", []string{"f()", "h()", "i()"}, model.Violation, model.Undefined},
		"another kind":         {"void f(void) { pthread_rwlock_init(&p, NULL); again(); } void h(void) { w(); }", []string{"f()"}, model.OK, ""},
		"held":                 {"void f(void) { pthread_rwlock_wrlock(&p); assert(held(&p)); pthread_rwlock_unlock(&p); pthread_rwlock_rdlock(&p); assert(held(&p)); pthread_rwlock_unlock(&p); assert(!held(&p)); }", twoOfF, model.OK, ""},
		"leaked":               {"void f(void) { pthread_rwlock_wrlock(&p); }", []string{"f()"}, model.Violation, model.LockLeak},
	})
}

// TestTimedReaderWriter checks locks that are waited for with a limit in time.
func TestTimedReaderWriter(t *testing.T) {
	inside := "in++; assert(in == 1); in--;"
	runSync(t, rwlocks+"static mtx_t k11; void keep(void) { pthread_rwlock_rdlock(&l); pthread_rwlock_unlock(&l); }\n", map[string]syncCase{
		"read, in time":        {"void f(void) { assert(pthread_rwlock_timedrdlock(&l, 0) == 0); pthread_rwlock_unlock(&l); }", twoOfF, model.OK, ""},
		"read beside a reader": {"void f(void) { assert(pthread_rwlock_timedrdlock(&l, 0) == 0); pthread_rwlock_unlock(&l); }", []string{"f()%", "keep()"}, model.OK, ""},
		"write, no fault":      {"void f(void) { assert(pthread_rwlock_timedwrlock(&l, 0) == 0); " + inside + " pthread_rwlock_unlock(&l); }", []string{"f()", "f()", "keep()"}, model.OK, ""},
		"write, too late":      {"void f(void) { assert(pthread_rwlock_timedwrlock(&l, 0) == 0); pthread_rwlock_unlock(&l); }", []string{"f()%", "keep()"}, model.Violation, model.AssertKind},
		"write, gives up":      {"void f(void) { int rc = pthread_rwlock_clockwrlock(&l, CLOCK_MONOTONIC, 0); assert(rc == 0 || rc == ETIMEDOUT); if (rc == 0) { " + inside + " pthread_rwlock_unlock(&l); } }", []string{"f()%", "f()%", "keep()"}, model.OK, ""},
		"upgraded":             {"void f(void) { pthread_rwlock_rdlock(&l); assert(pthread_rwlock_timedwrlock(&l, 0) == ETIMEDOUT); pthread_rwlock_unlock(&l); }", []string{"f()"}, model.OK, ""},
		"the writer's own":     {"void f(void) { pthread_rwlock_wrlock(&l); assert(pthread_rwlock_timedwrlock(&l, 0) == EDEADLK); assert(pthread_rwlock_timedrdlock(&l, 0) == EDEADLK); pthread_rwlock_unlock(&l); }", []string{"f()"}, model.OK, ""},
		"C11's mutex":          {"void f(void) { struct timespec ts; mtx_init(&k11, mtx_timed); if (mtx_timedlock(&k11, &ts) == thrd_success) { " + inside + " mtx_unlock(&k11); } }", []string{"f()%", "f()%"}, model.OK, ""},
		"C11's mutex, late":    {"void f(void) { struct timespec ts; mtx_init(&k11, mtx_timed); assert(mtx_timedlock(&k11, &ts) == thrd_success); mtx_unlock(&k11); }", []string{"f()%", "f()%"}, model.Violation, model.AssertKind},
	})
	compiledAlone(t, "static pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER, p = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;\n", []string{
		"struct timespec now = { 0, 0 }; pthread_rwlock_wrlock(&l); assert(pthread_rwlock_timedwrlock(&l, &now) == EDEADLK); assert(pthread_rwlock_timedrdlock(&l, &now) == EDEADLK); pthread_rwlock_unlock(&l)",
		"struct timespec now = { 0, 0 }; pthread_rwlock_rdlock(&l); assert(pthread_rwlock_timedwrlock(&l, &now) == ETIMEDOUT); assert(pthread_rwlock_timedrdlock(&l, &now) == 0)",
		"struct timespec now = { 0, 0 }; pthread_rwlock_rdlock(&p); assert(pthread_rwlock_timedwrlock(&p, &now) == ETIMEDOUT); assert(pthread_rwlock_tryrdlock(&p) == 0)",
	})
}
