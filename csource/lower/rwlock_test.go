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
		"libvirt's writers":     {"void f(void) { if (virRWLockInit(&k) < 0) return; virRWLockWrite(&v); " + inside + " virRWLockUnlock(&v); virRWLockDestroy(&k); }", twoOfF, model.OK, ""},
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
		"gone with its object": {box + "void f(struct box *o) { pthread_rwlock_rdlock(&o->l); free(o); }", []string{"f(vm1)"}, model.OK, ""},
		"allocated":            {box + "void f(void) { struct box *o = malloc(sizeof(*o)); pthread_rwlock_init(&o->l, NULL); pthread_rwlock_wrlock(&o->l); o->n = 1; pthread_rwlock_unlock(&o->l); pthread_rwlock_destroy(&o->l); free(o); }", one, model.OK, ""},
		"without end":          {"void f(void) { while (1) pthread_rwlock_rdlock(&l); }", one, model.Unknown, ""},
		"is NULL":              {"void f(void) { pthread_rwlock_t *p = 0; pthread_rwlock_rdlock(p); }", one, model.Violation, model.NullVM},
		"through a pointer":    {"void f(int i) { pthread_rwlock_t *p = i ? &l : &k; pthread_rwlock_wrlock(p); " + inside + " pthread_rwlock_unlock(p); }", []string{"f(0)", "f(1)"}, model.Violation, model.AssertKind},
	})
}

// TestReaderWriterCounts counts states. Two threads that take a lock and give it back have three
// places each: of the nine pairs all are reached by readers, and one is not where a writer is.
func TestReaderWriterCounts(t *testing.T) {
	const r = "void r(void) { pthread_rwlock_rdlock(&l); pthread_rwlock_unlock(&l); }\n"
	const w = "void w(void) { pthread_rwlock_wrlock(&l); pthread_rwlock_unlock(&l); }\n"
	const deep = "void d(void) { pthread_rwlock_rdlock(&l); pthread_rwlock_rdlock(&l); pthread_rwlock_unlock(&l); pthread_rwlock_unlock(&l); }\n"
	for name, c := range map[string]struct {
		threads []string
		states  int64
		most    int64 // readers
	}{
		"one reader":          {[]string{"r()"}, 3, 1},
		"two readers":         {[]string{"r()", "r()"}, 9, 2},
		"three readers":       {[]string{"r()", "r()", "r()"}, 27, 3},
		"a reader, a writer":  {[]string{"r()", "w()"}, 8, 1},
		"two writers":         {[]string{"w()", "w()"}, 8, 0},
		"two readers, writer": {[]string{"r()", "r()", "w()"}, 22, 2}, // 18 without the writer inside, 4 with it
		"deep":                {[]string{"d()"}, 5, 2},
		"deep, twice":         {[]string{"d()", "d()"}, 25, 4},
	} {
		for _, open := range []bool{false, true} {
			p, err := buildWith(t, lower.Options{Open: open}, rwlocks+r+w+deep, c.threads...)
			if err != nil {
				t.Fatal(name, err)
			}
			p, limit, err := search.Close(t.Context(), p, search.Options{})
			if err != nil || limit != model.NoLimit {
				t.Fatal(name, limit, err)
			}
			if got := p.Vars[0].Values[len(p.Vars[0].Values)-1]; got != c.most {
				t.Errorf("%s, open %t: there can be %d readers, want %d", name, open, got, c.most)
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
			"waits for l, which is 1, held by T1",
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
		"attributes":  {"void f(pthread_rwlockattr_t *x) { pthread_rwlock_init(&l, x); }", "attributes of pthread_rwlock_init cannot be modelled"},
		"preference":  {"static pthread_rwlock_t z = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP; void f(int x) { pthread_rwlock_rdlock(&z); }", "pthread_rwlock_t that begins as"},
		"not a lock":  {"void f(int x) { pthread_rwlock_rdlock(&m); }", "argument 1 of pthread_rwlock_rdlock is a pthread_rwlock_t *, and &m is virMutex *"},
		"as a mutex":  {"void f(int x) { pthread_mutex_lock(&l); }", "argument 1 of pthread_mutex_lock is a virMutex *"},
		"with a time": {"void f(int x) { pthread_rwlock_timedrdlock(&l, 0); }", "pthread_rwlock_timedrdlock"},
		"copied":      {"void f(int x) { l = k; }", "l"},
	} {
		if _, err := build(t, rwlocks+c.src, "f(0)"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}
