package lower_test

import (
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
)

const scoped = `
typedef struct _lockable lockable;
struct _lockable { virMutex lock; int n; };
typedef struct _derived derived;
struct _derived { struct _lockable parent; int m; };
struct two { virMutex a, b; };
struct counted { int refs __attribute__((refcount)); int n; };
typedef struct counted counted;
typedef struct _item item;
struct _item { int v; };
static virMutex m, k;
static item *cur;
static int shared;
static void item_free(item *p) { shared = shared + 1; free(p); }
static void item_clear(item **p) { shared = 7; free(*p); *p = NULL; }
static void release(virMutex **p) { virMutexUnlock(*p); }
typedef item *handle;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(item, item_free);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(handle, item_clear)
VIR_DEFINE_AUTOPTR_FUNC(counted, virObjectUnref);
G_LOCK_DEFINE_STATIC(big);
static GMutex gm;
static GCond gc;
static int ready;
`

// TestGuards leaves scopes in every way: at its end each lock is free and each object is freed
// once, or the search says so.
func TestGuards(t *testing.T) {
	for name, c := range map[string]struct {
		src     string
		verdict model.Verdict
		kind    model.Kind
		states  int64
	}{
		"end of a function":      {"void f(void) { VIR_LOCK_GUARD lock = virLockGuardLock(&m); shared = 1; }", model.OK, "", 4},
		"return":                 {"int f(void) { VIR_LOCK_GUARD lock = virLockGuardLock(&m); if (nondet()) return shared; shared = 1; return 0; }", model.OK, "", 7},
		"the value comes first":  {"int f(void) { VIR_LOCK_GUARD lock = virLockGuardLock(&m); shared = 1; return shared; }", model.OK, "", 5},
		"break":                  {"void f(void) { for (int i = 0; i < 3; i++) { VIR_LOCK_GUARD lock = virLockGuardLock(&m); if (i == 1) break; } shared = 1; }", model.OK, "", 6},
		"continue":               {"void f(void) { for (int i = 0; i < 2; i++) { VIR_LOCK_GUARD lock = virLockGuardLock(&m); if (i == 0) continue; shared = i; } }", model.OK, "", 6},
		"goto out":               {"void f(void) { { VIR_LOCK_GUARD lock = virLockGuardLock(&m); goto out; } out: shared = 1; }", model.OK, "", 4},
		"goto within":            {"void f(void) { VIR_LOCK_GUARD lock = virLockGuardLock(&m); goto out; shared = 2; out: shared = 1; }", model.OK, "", 4},
		"goto back over it":      {"void f(void) { int i = 0; again: ; VIR_LOCK_GUARD lock = virLockGuardLock(&m); if (i++ < 1) goto again; }", model.OK, "", 5},
		"goto into it":           {"void f(void) { if (nondet()) goto in; { VIR_LOCK_GUARD lock = virLockGuardLock(&m); in: shared = 1; } }", model.Violation, model.Undefined, 7},
		"in a switch":            {"void f(void) { switch (shared) { case 0: { VIR_LOCK_GUARD lock = virLockGuardLock(&m); shared = 1; break; } default: shared = 2; } }", model.OK, "", 5},
		"the last one first":     {"void f(void) { VIR_LOCK_GUARD x = virLockGuardLock(&m); VIR_LOCK_GUARD y = virLockGuardLock(&k); check(no_job, held(&m)); check(no_job, held(&k)); }", model.OK, "", 5},
		"unlocked early":         {"void f(void) { VIR_LOCK_GUARD x = virLockGuardLock(&m); virLockGuardUnlock(&x); check(no_job, !held(&m)); }", model.OK, "", 3},
		"unlocked by hand":       {"void f(void) { VIR_LOCK_GUARD x = virLockGuardLock(&m); virMutexUnlock(&m); }", model.Violation, model.BadUnlock, 4},
		"locked twice":           {"void f(void) { VIR_LOCK_GUARD x = virLockGuardLock(&m); VIR_LOCK_GUARD y = virLockGuardLock(&m); }", model.Violation, model.SelfDeadlock, 3},
		"g_auto":                 {"void f(void) { g_auto(virLockGuard) x = virLockGuardLock(&m); shared = 1; }", model.OK, "", 4},
		"no guard, a leak":       {"void f(void) { virLockGuard x = virLockGuardLock(&m); shared = 1; }", model.Violation, model.LockLeak, 3},
		"a block":                {"void f(void) { VIR_WITH_MUTEX_LOCK_GUARD(&m) { shared = 1; } check(no_job, !held(&m)); }", model.OK, "", 4},
		"a statement":            {"void f(void) { VIR_WITH_MUTEX_LOCK_GUARD(&m) shared = 1; check(no_job, !held(&m)); }", model.OK, "", 4},
		"return out of a block":  {"int f(void) { VIR_WITH_MUTEX_LOCK_GUARD(&m) { return 1; } return 0; }", model.OK, "", 3},
		"break leaves the block": {"void f(void) { for (int i = 0; i < 2; i++) { VIR_WITH_MUTEX_LOCK_GUARD(&m) { break; } shared = i; } }", model.OK, "", 7},
		"continue as well":       {"void f(void) { for (int i = 0; i < 2; i++) { VIR_WITH_MUTEX_LOCK_GUARD(&m) { continue; } shared = i; } }", model.OK, "", 7},
		"goto out of a block":    {"void f(void) { VIR_WITH_MUTEX_LOCK_GUARD(&m) { goto out; } shared = 1; out: shared = 2; }", model.OK, "", 4},
		"blocks in one another":  {"void f(void) { VIR_WITH_MUTEX_LOCK_GUARD(&m) { VIR_WITH_MUTEX_LOCK_GUARD(&k) { shared = 1; } check(no_job, held(&m)); } }", model.OK, "", 6},
		"a lock of an object":    {"void f(lockable *o) { virObjectLock(o); o->n = 1; virObjectUnlock(o); }", model.OK, "", 4},
		"of what it begins with": {"void f(derived *o) { virObjectLock(o); o->m = 1; check(no_job, held(&o->parent.lock)); virObjectUnlock(o); }", model.OK, "", 4},
		"an object's guard":      {"void f(lockable *o) { VIR_LOCK_GUARD x = virObjectLockGuard(o); o->n = 1; }", model.OK, "", 4},
		"an object's block":      {"void f(derived *o) { VIR_WITH_OBJECT_LOCK_GUARD(o) { o->m = 1; check(no_job, held(&o->parent.lock)); } }", model.OK, "", 4},
		"a lock of NULL":         {"void f(void) { lockable *o = NULL; virObjectLock(o); }", model.Violation, model.NullVM, 2},

		"g_autofree":             {"void f(void) { g_autofree item *p = g_new0(item, 1); p->v = 1; cur = p; }", model.OK, "", 4},
		"g_autofree, used after": {"static void g(void) { g_autofree item *p = g_new0(item, 1); cur = p; } void f(void) { item *p; g(); p = cur; p->v = 1; }", model.Violation, model.UseAfterRelease, 5},
		"g_autofree of NULL":     {"void f(void) { g_autofree item *p = NULL; shared = 1; }", model.OK, "", 2},
		"stolen from g_autofree": {"static item *g(void) { g_autofree item *p = g_new0(item, 1); return g_steal_pointer(&p); } void f(void) { item *p = g(); p->v = 1; free(p); }", model.OK, "", 3},
		"returned from under it": {"static item *g(void) { g_autofree item *p = g_new0(item, 1); return p; } void f(void) { item *p = g(); p->v = 1; }", model.Violation, model.UseAfterRelease, 3},
		"g_autoptr":              {"void f(void) { { g_autoptr(item) p = g_new0(item, 1); p->v = 4; } int v = shared; assert(v == 1); }", model.OK, "", 6},
		"g_autoptr of NULL":      {"void f(void) { { g_autoptr(item) p = NULL; } int v = shared; assert(v == 0); }", model.OK, "", 1},
		"g_autoptr, a reference": {"void f(counted *o) { virObjectRef(o); { VIR_AUTOPTR(counted) p = o; p->n = 1; } }", model.OK, "", 4},
		"VIR_AUTOUNREF":          {"void f(counted *o) { virObjectRef(o); { VIR_AUTOUNREF(counted *) p = o; p->n = 1; } }", model.OK, "", 4},
		"a reference too few":    {"void f(counted *o) { { VIR_AUTOUNREF(counted *) p = o; p->n = 1; } o->n = 2; }", model.Violation, model.UseAfterRelease, 4},
		"g_auto and a function":  {"void f(void) { { g_auto(handle) h = g_new0(item, 1); } int v = shared; assert(v == 7); }", model.OK, "", 4},
		"cleanup, init left":     {"void count(int *p) { shared++; } void f(void) { if (nondet()) { __attribute__((cleanup(count))) int v = ({ if (nondet()) return; 5; }); } assert(1); }", model.OK, "", 4},
		"cleanup, init gone to":  {"void count(int *p) { shared++; } void f(void) { { __attribute__((cleanup(count))) int v = ({ goto out; 5; }); } out: assert(shared == 0); }", model.OK, "", 1},
		"cleanup, init broken":   {"void count(int *p) { shared++; } void f(void) { for (;;) { __attribute__((cleanup(count))) int v = 1; int w __attribute__((cleanup(count))) = ({ break; 5; }); } int s = shared; assert(s == 1); }", model.OK, "", 4},
		"cleanup and return":     {"int f(void) { __attribute__((cleanup(release))) virMutex *g = &m; virMutexLock(g); if (nondet()) return 1; shared = 1; return 0; }", model.OK, "", 6},
		"never set":              {"void f(void) { g_autofree item *p; shared = 1; }", model.Violation, model.Undefined, 3},

		"GMutex":          {"void f(void) { g_mutex_lock(&gm); shared = 1; g_mutex_unlock(&gm); }", model.OK, "", 4},
		"GMutex, twice":   {"void f(void) { g_mutex_lock(&gm); g_mutex_lock(&gm); }", model.Violation, model.SelfDeadlock, 3},
		"g_mutex_trylock": {"void f(void) { if (g_mutex_trylock(&gm)) { shared = 1; g_mutex_unlock(&gm); } else { assert(0); } }", model.OK, "", 4},
		"G_LOCK":          {"void f(void) { G_LOCK(big); shared = 1; G_UNLOCK(big); }", model.OK, "", 4},
		"G_TRYLOCK":       {"void f(void) { if (G_TRYLOCK(big)) G_UNLOCK(big); }", model.OK, "", 3},
	} {
		t.Run(name, func(t *testing.T) {
			thread := "f()"
			if strings.Contains(c.src, "f(lockable") || strings.Contains(c.src, "f(derived") || strings.Contains(c.src, "f(counted") {
				thread = "f(vm1)"
			}
			if v, k, n := verdict(t, scoped+c.src, thread); v != c.verdict || k != c.kind || n != c.states {
				t.Errorf("got %s %q with %d states, want %s %q with %d", v, k, n, c.verdict, c.kind, c.states)
			}
		})
	}
}

// TestSharedGuards has several threads under guards, and GLib's condition variables.
func TestSharedGuards(t *testing.T) {
	const src = `
void count(void) { VIR_WITH_MUTEX_LOCK_GUARD(&m) { int v = shared; shared = v + 1; } }
void twice(void) { count(); count(); }
void ab(void) { VIR_LOCK_GUARD x = virLockGuardLock(&m); VIR_LOCK_GUARD y = virLockGuardLock(&k); }
void ba(void) { VIR_LOCK_GUARD x = virLockGuardLock(&k); VIR_LOCK_GUARD y = virLockGuardLock(&m); }
void sleeper(void) { g_mutex_lock(&gm); while (!ready) g_cond_wait(&gc, &gm); g_mutex_unlock(&gm); }
void waker(void) { g_mutex_lock(&gm); ready = 1; g_cond_signal(&gc); g_mutex_unlock(&gm); }
void forgets(void) { g_mutex_lock(&gm); ready = 1; g_mutex_unlock(&gm); }
void until(void) { g_mutex_lock(&gm); int in_time = 1; while (!ready && in_time) in_time = g_cond_wait_until(&gc, &gm, 0); g_mutex_unlock(&gm); }
void tries(void) { if (g_mutex_trylock(&gm)) { int v = shared; shared = v + 1; g_mutex_unlock(&gm); } }
`
	for name, c := range map[string]struct {
		threads []string
		verdict model.Verdict
		kind    model.Kind
		states  int64
	}{
		"one at a time":        {[]string{"count()", "twice()"}, model.OK, "", 27},
		"in two orders":        {[]string{"ab()", "ba()"}, model.Deadlock, model.LockOrder, 19},
		"woken":                {[]string{"sleeper()", "waker()"}, model.OK, "", 15},
		"never woken":          {[]string{"sleeper()", "forgets()"}, model.Deadlock, model.LostWakeup, 13},
		"never woken, in time": {[]string{"until()%", "forgets()"}, model.OK, "", 23},
		"tried by two":         {[]string{"tries()", "tries()"}, model.OK, "", 23},
	} {
		t.Run(name, func(t *testing.T) {
			if v, k, n := verdict(t, scoped+src, c.threads...); v != c.verdict || k != c.kind || n != c.states {
				t.Errorf("got %s %q with %d states, want %s %q with %d", v, k, n, c.verdict, c.kind, c.states)
			}
		})
	}
}

func TestGuardsAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"an unknown type":    {"void f(void) { g_autoptr(lockable) p = NULL; }", "what g_autoptr does for lockable is not known: declare it with G_DEFINE_AUTOPTR_CLEANUP_FUNC"},
		"a list":             {"void f(void) { g_autoslist(item) p = NULL; }", "g_autoslist cannot be modelled: free what the list holds"},
		"g_autofree an int":  {"void f(void) { g_autofree int a = 1; }", "g_autofree needs a pointer, and a is int"},
		"two mutexes":        {"static struct two t; void f(void) { virObjectLock(&t); }", "virObjectLock needs an object with one virMutex, and struct two has 2 virMutex fields"},
		"no mutex":           {"void f(void) { virObjectLock(cur); }", "virObjectLock needs an object with one virMutex, and struct _item has no virMutex field"},
		"no object":          {"void f(void) { int a = 1; virObjectLock(a); }", "argument 1 of virObjectLock is an object, and a is int"},
		"no such lock":       {"void f(void) { G_LOCK(small); }", "G_LOCK needs a name that G_LOCK_DEFINE or G_LOCK_DEFINE_STATIC has made"},
		"two functions":      {"G_DEFINE_AUTOPTR_CLEANUP_FUNC(item, item_free); void f(void) { }", "item has a clean-up function already"},
		"a guard of no lock": {"void f(void) { VIR_LOCK_GUARD x = virLockGuardLock(&shared); }", "argument 1 of virLockGuardLock is a virMutex *, and &shared is int *"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := build(t, scoped+c.src, "f()"); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}
