package lower_test

import (
	"fmt"
	"testing"

	"github.com/lockproof/lockproof/model"
)

// guarded is a struct whose fields may only be touched under a lock, its own or that of what it
// belongs to.
const guarded = `
struct inner { int deep __attribute__((guarded_by(outer.lock))); };
struct outer {
    pthread_mutex_t lock;
    int refs __attribute__((refcount, guarded_by(lock)));
    int listed __attribute__((listed, guarded_by(big)));
    int own __attribute__((guarded_by(lock)));
    pthread_mutex_t big;
    pthread_cond_t cond __attribute__((guarded_by(lock)));
    struct inner in;
    struct inner *made __attribute__((new));
};
`

// parted is an object whose lock lies in its first part.
const parted = `
struct base { pthread_mutex_t lock; };
struct beside { int deep __attribute__((guarded_by(part.base.lock))); };
struct part { struct base base; int own __attribute__((guarded_by(base.lock))); struct beside *made __attribute__((new)); };
`

// slots is an object with two jobs and two conditions, and sleeps has one of them and waits for the
// other.
const (
	slots = `
struct s { pthread_mutex_t lock; pthread_cond_t a, b; int one __attribute__((%s)); int two __attribute__((%s)); };
void g(struct s *s) { s->one = 1; s->one = 0; }
`
	sleeps = "pthread_mutex_lock(&s->lock); s->two = 1; g(s); pthread_cond_wait(&s->a, &s->lock); s->two = 0; " +
		"pthread_mutex_unlock(&s->lock); }"
)

// removes takes an object off its list, with the locks that it needs, and frees it.
const removes = "void g(struct outer *o) { pthread_mutex_lock(&o->lock); pthread_mutex_lock(&o->big); virObjectRef(o); listRemove(o); " +
	"pthread_mutex_unlock(&o->big); virObjectUnref(o); }"

// TestRules says of small programs which rule they break. Each has a twin that breaks none.
func TestRules(t *testing.T) {
	for name, c := range map[string]struct {
		src     string
		threads []string
		verdict model.Verdict
		kind    model.Kind
	}{
		// A field that is guarded is touched by a read, a write, a signal, and whatever counts or
		// takes off a list.
		"guarded write":      {guarded + "void f(struct outer *o) { o->own = 1; }", []string{"f(vm1)"}, model.Violation, model.MissingLock},
		"guarded read":       {guarded + "void f(struct outer *o) { int a = o->own; pthread_mutex_lock(&o->lock); o->own = a; pthread_mutex_unlock(&o->lock); }", []string{"f(vm1)"}, model.Violation, model.MissingLock},
		"guarded":            {guarded + "void f(struct outer *o) { pthread_mutex_lock(&o->lock); o->own = o->own + 1; pthread_mutex_unlock(&o->lock); }", []string{"f(vm1)"}, model.OK, ""},
		"by another's lock":  {guarded + "void f(struct outer *o, struct outer *p) { pthread_mutex_lock(&p->lock); o->own = 1; pthread_mutex_unlock(&p->lock); }", []string{"f(vm1, vm2)"}, model.Violation, model.MissingLock},
		"guarded within":     {guarded + "void f(struct outer *o) { o->in.deep = 1; }", []string{"f(vm1)"}, model.Violation, model.MissingLock},
		"guarded behind":     {guarded + "void f(struct outer *o) { o->made->deep = 1; }", []string{"f(vm1)"}, model.Violation, model.MissingLock},
		"guarded by owner's": {guarded + "void f(struct outer *o) { pthread_mutex_lock(&o->lock); o->in.deep = 1; o->made->deep = 2; pthread_mutex_unlock(&o->lock); }", []string{"f(vm1)"}, model.OK, ""},
		"guarded signal":     {guarded + "void f(struct outer *o) { pthread_cond_signal(&o->cond); }", []string{"f(vm1)"}, model.Violation, model.MissingLock},
		"guarded count":      {guarded + "void f(struct outer *o) { virObjectRef(o); virObjectUnref(o); }", []string{"f(vm1)"}, model.Violation, model.MissingLock},
		"listed without its lock": {
			guarded + "void f(struct outer *o) { pthread_mutex_lock(&o->lock); virObjectRef(o); listRemove(o); virObjectUnref(o); }",
			[]string{"f(vm1)"},
			model.Violation, model.MissingLock,
		},
		"found without the lock of its list": {
			guarded + "void f(struct outer *o) { if (listFind(o)) pthread_mutex_unlock(&o->lock); } " + removes,
			[]string{"f(vm1)", "g(vm1)"},
			model.Violation, model.MissingLock,
		},
		"found under the lock of its list": {
			guarded + "void f(struct outer *o) { pthread_mutex_lock(&o->big); if (listFind(o)) pthread_mutex_unlock(&o->lock); " +
				"pthread_mutex_unlock(&o->big); g(o); } " + removes,
			[]string{"f(vm1)"},
			model.OK, "",
		},
		"waiting under the lock of what is freed": {
			"static pthread_cond_t all; void f(obj *o) { pthread_mutex_lock(&o->lock); pthread_cond_wait(&all, &o->lock); pthread_mutex_unlock(&o->lock); } " +
				"void g(obj *o) { virObjectUnref(o); pthread_cond_broadcast(&all); }",
			[]string{"f(vm1)", "g(vm1)"},
			model.Violation, model.UseAfterRelease,
		},
		"listed under its lock": {
			guarded + "void f(struct outer *o) { pthread_mutex_lock(&o->lock); pthread_mutex_lock(&o->big); virObjectRef(o); listRemove(o); " +
				"pthread_mutex_unlock(&o->big); virObjectUnref(o); }",
			[]string{"f(vm1)"},
			model.OK, "",
		},

		// The lock may lie in a part of the object, as libvirt's lies in what each object begins with.
		"guarded by what lies within": {parted + "void f(struct part *p) { p->own = 1; }", []string{"f(vm1)"}, model.Violation, model.MissingLock},
		"guarded by what lies within the owner": {
			parted + "void f(struct part *p) { p->made->deep = 1; }", []string{"f(vm1)"}, model.Violation, model.MissingLock,
		},
		"guarded by what lies within, locked": {
			parted + "void f(struct part *p) { virObjectLock(p); p->own = 1; p->made->deep = 1; virObjectUnlock(p); }",
			[]string{"f(vm1)"},
			model.OK, "",
		},
		"guarded by what lies within another": {
			parted + "void f(struct part *p, struct part *q) { virObjectLock(q); p->own = 1; virObjectUnlock(q); }",
			[]string{"f(vm1, vm2)"},
			model.Violation, model.MissingLock,
		},

		// Who is looked up without its lock may be gone when it is touched.
		"looked up, not held": {
			"void f(obj *o) { obj *p = listLookup(o); if (p) p->n = 1; } void g(obj *o) { virObjectRef(o); listRemove(o); virObjectUnref(o); }",
			[]string{"f(vm1)", "g(vm1)"},
			model.Violation, model.UseAfterRelease,
		},
		"looked up and held in one": {
			"static pthread_mutex_t list; void f(obj *o) { obj *p; pthread_mutex_lock(&list); p = listLookup(o); virObjectRef(p); pthread_mutex_unlock(&list); " +
				"if (p) p->n = 1; virObjectUnref(p); } " +
				"void g(obj *o) { virObjectRef(o); pthread_mutex_lock(&list); listRemove(o); pthread_mutex_unlock(&list); virObjectUnref(o); }",
			[]string{"f(vm1)", "g(vm1)"},
			model.OK, "",
		},

		// Who sleeps on a condition waits for the jobs beside it, or for those that name it.
		"asleep beside one's own job": {
			fmt.Sprintf(slots, "owner", "owner") + "void f(struct s *s) { " + sleeps, []string{"f(vm1)"}, model.Deadlock, model.LockOrder,
		},
		"asleep, and the job is another condition's": {
			fmt.Sprintf(slots, "owner(a)", "owner(b)") + "void f(struct s *s) { " + sleeps, []string{"f(vm1)"}, model.Deadlock, model.LostWakeup,
		},
		"asleep until one's own job ends": {
			fmt.Sprintf(slots, "owner(a)", "owner(b, a)") + "void f(struct s *s) { " + sleeps, []string{"f(vm1)"}, model.Deadlock, model.LockOrder,
		},

		// A check looks at the object of a lock or a job, so that object must be alive.
		"held on what is freed": {
			"void f(obj *o) { virObjectUnref(o); check(no-job, held(&o->job)); shared = 1; }", []string{"f(vm1)"}, model.Violation, model.UseAfterRelease,
		},
		"held lock of what is freed": {
			"void f(obj *o) { virObjectUnref(o); requires(held(&o->lock)); shared = 1; }", []string{"f(vm1)"}, model.Violation, model.UseAfterRelease,
		},
		"held lock of what is freed, by a pointer": {
			"void f(obj *o) { pthread_mutex_t *m = &o->lock; virObjectUnref(o); requires(held(m)); shared = 1; }",
			[]string{"f(vm1)"},
			model.Violation, model.UseAfterRelease,
		},
		"held lock of what is alive, by a pointer": {
			"void f(obj *o) { pthread_mutex_t *m = &o->lock; requires(held(m)); shared = 1; }", []string{"f(vm1)"}, model.Violation, model.RequiresKind,
		},
		"held on what is alive": {"void f(obj *o) { check(no-job, held(&o->job)); shared = 1; }", []string{"f(vm1)"}, model.Violation, model.NoJob},
		"held on another": {
			"void f(obj *o, obj *p) { virObjectUnref(o); check(no-job, held(&p->job)); shared = 1; }", []string{"f(vm1, vm2)"}, model.Violation, model.NoJob,
		},
		"read of what is freed": {
			"void g(obj *o) { o->n = 0; virObjectUnref(o); check(no-job, o->n == 0); shared = 1; }", []string{"g(vm1)"}, model.Violation, model.UseAfterRelease,
		},
		"held, by the thread": {
			"void f(obj *o) { pthread_mutex_lock(&o->lock); check(missing-lock, held(&o->lock)); shared = 1; pthread_mutex_unlock(&o->lock); }",
			[]string{"f(vm1)"},
			model.OK, "",
		},
		"held, the job": {"void f(obj *o) { o->job = 1; check(no-job, held(&o->job)); o->job = 0; }", []string{"f(vm1)"}, model.OK, ""},
		"not held":      {"void f(obj *o) { o->job = 1; requires(!held(&o->job)); o->job = 0; }", []string{"f(vm1)"}, model.Violation, model.RequiresKind},
		"held of NULL":  {"void f(obj *o) { requires(held(&o->lock)); shared = 1; }", []string{"f(NULL)"}, model.Violation, model.NullVM},

		// The job is that of who made it non-zero.
		"job taken twice":       {"void f(obj *o) { o->job = 1; o->n = 1; o->job = 0; }", []string{"f(vm1)", "f(vm1)"}, model.Violation, model.NoJob},
		"job of each":           {"void f(obj *o) { o->job = 1; o->n = 1; o->job = 0; }", []string{"f(vm1)", "f(vm2)"}, model.OK, ""},
		"job changed by its":    {"void f(obj *o) { o->job = 1; o->job = 2; o->job = 0; }", []string{"f(vm1)"}, model.OK, ""},
		"job ended by another":  {"void f(obj *o) { o->job = 0; }", []string{"f(vm1)"}, model.Violation, model.JobUnbalanced},
		"job left":              {"void f(obj *o) { o->job = 1; }", []string{"f(vm1)"}, model.Violation, model.JobLeak},
		"unlock of nothing":     {"void f(void) { pthread_mutex_unlock(&big); }", []string{"f()"}, model.Violation, model.BadUnlock},
		"wait without the lock": {"void f(obj *o) { pthread_cond_wait(&o->cond, &o->lock); pthread_mutex_unlock(&o->lock); }", []string{"f(vm1)"}, model.Violation, model.MissingLock},
		"found twice":           {"void f(obj *o) { listFind(o); listFind(o); shared = 1; }", []string{"f(vm1)"}, model.Violation, model.SelfDeadlock},
		"two of one program":    {"void f(obj *o, obj *p) { pthread_mutex_lock(&o->lock); pthread_mutex_lock(&p->lock); pthread_mutex_unlock(&p->lock); pthread_mutex_unlock(&o->lock); }", []string{"f(vm1, vm2)", "f(vm2, vm1)"}, model.Deadlock, model.LockOrder},

		// What a check looks at stays to be looked at on every way to the step.
		"held on what is freed, then a choice": {
			"void f(obj *o) { virObjectUnref(o); requires(held(&o->lock)); if (nondet()) shared = 1; else shared = 2; }",
			[]string{"f(vm1)"},
			model.Violation, model.UseAfterRelease,
		},
		"read of what is freed, on one way": {
			"void g(obj *o) { o->n = 0; } void f(obj *o) { virObjectUnref(o); check(no-job, o->n == 0); if (nondet()) return; shared = 1; }",
			[]string{"f(vm1)", "g(vm2)"},
			model.Violation, model.UseAfterRelease,
		},
		"references of two places": {
			"void g(obj *o) { virObjectRef(o); virObjectRef(o); } void f(obj *o) { g(o); virObjectUnref(o); virObjectUnref(o); }",
			[]string{"f(vm1)", "f(vm1)"},
			model.OK, "",
		},
		// References are counted at each place that takes one, whichever function does.
		"references of one place": {
			"void g(obj *o) { virObjectRef(o); } void f(obj *o) { g(o); g(o); g(o); virObjectUnref(o); virObjectUnref(o); virObjectUnref(o); }",
			[]string{"f(vm1)", "f(vm1)"},
			model.OK, "",
		},
		"references without end": {"void f(obj *o) { virObjectRef(o); }", []string{"f(vm1)*"}, model.Violation, model.RefCount},

		// What a lock waits for and what a pointer follows is NULL.
		"lock of NULL":   {"void f(obj *o) { pthread_mutex_lock(&o->lock); }", []string{"f(NULL)"}, model.Violation, model.NullVM},
		"store to NULL":  {"void f(obj *o) { o->n = 1; }", []string{"f(NULL)"}, model.Violation, model.NullVM},
		"ref of NULL":    {"void f(obj *o) { virDomainObjRef(o); }", []string{"f(NULL)"}, model.Violation, model.NullVM},
		"ref, NULL may":  {"void f(obj *o) { virObjectRef(o); shared = 1; }", []string{"f(NULL)"}, model.OK, ""},
		"access to NULL": {"void f(obj *o) { access(o); }", []string{"f(NULL)"}, model.Violation, model.NullVM},

		// A check that is not certain is looked at with the step after it, an assert with the step
		// before it.
		"check later": {"void f(void) { check(no-job, shared == 0); other = 1; } void g(void) { shared = 1; }", []string{"f()", "g()"}, model.Violation, model.NoJob},
		"two variables that change": {
			"void f(void) { check(no-job, shared == 0 || other == 0); big_step(); } void big_step(void) { pthread_mutex_lock(&big); pthread_mutex_unlock(&big); } " +
				"void g(void) { shared = 1; } void h(void) { other = 1; }",
			[]string{"f()", "g()", "h()"},
			model.Violation, model.NoJob,
		},
		"two variables of which one changes": {
			"void f(void) { check(no-job, shared == 0 || other == 0); big_step(); } void big_step(void) { pthread_mutex_lock(&big); pthread_mutex_unlock(&big); } " +
				"void g(void) { shared = 1; } void h(void) { if (0) other = 1; }",
			[]string{"f()", "g()", "h()"},
			model.OK, "",
		},
		"a sum that stays": {
			"void f(void) { check(no-job, -shared + 3 * other - 2 >= -5 && !(shared > 5)); pthread_mutex_lock(&big); pthread_mutex_unlock(&big); } " +
				"void g(void) { shared = 3; } void h(void) { other = 1; }",
			[]string{"f()", "g()", "h()"},
			model.OK, "",
		},
		"a sum that does not": {
			"void f(void) { check(no-job, -shared + 3 * other - 2 > -5 && !(shared > 5)); pthread_mutex_lock(&big); pthread_mutex_unlock(&big); } " +
				"void g(void) { shared = 3; } void h(void) { other = 1; }",
			[]string{"f()", "g()", "h()"},
			model.Violation, model.NoJob,
		},
		"pointers in a check": {
			"static obj *cur; void f(obj *o, obj *p) { cur = o; check(no-job, cur == o); shared = 1; cur = p; check(no-job, cur != o && cur == p); shared = 2; " +
				"cur = NULL; check(no-job, cur == NULL && !cur); shared = 3; }",
			[]string{"f(vm1, vm2)"},
			model.OK, "",
		},
		"the wrong pointer": {
			"static obj *cur; void f(obj *o, obj *p) { cur = o; check(no-job, cur == p); shared = 1; cur = p; }", []string{"f(vm1, vm2)"}, model.Violation, model.NoJob,
		},
		"a check after the last step": {"void f(void) { shared = 1; check(no-job, shared == 2); }", []string{"f()"}, model.Violation, model.NoJob},
		"the thread's number":         {"void f(void) { check(no-job, self() == 2); shared = 1; }", []string{"f()"}, model.Violation, model.NoJob},
		"the second's number":         {"void g(void) { other = 1; } void f(void) { check(no-job, self() == 2); shared = 1; }", []string{"g()", "f()"}, model.OK, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if v, k, _ := verdict(t, object+c.src, c.threads...); v != c.verdict || k != c.kind {
				t.Errorf("got %s %q, want %s %q", v, k, c.verdict, c.kind)
			}
		})
	}
}

// Whatever a step does to an object, the object must be there.
func TestTouchAfterFree(t *testing.T) {
	for _, step := range []string{
		"int a = o->n", "o->n = 1", "o->job = 1", "pthread_mutex_lock(&o->lock)", "pthread_mutex_trylock(&o->lock)", "pthread_cond_signal(&o->cond)",
		"pthread_cond_broadcast(&o->cond)", "virObjectRef(o)", "virObjectUnref(o)", "access(o)", "int b = o->refs", "int *p = &o->n; *p = 2",
		"check(no-job, o->n == 1); shared = 1", "requires(held(&o->lock)); shared = 1",
	} {
		src := object + "void g(obj *o) { o->n = 1; } void f(obj *o) { virObjectUnref(o); " + step + "; }"
		if v, k, _ := verdict(t, src, "f(vm1)", "g(vm2)"); v != model.Violation || k != model.UseAfterRelease {
			t.Errorf("%s: %s %s", step, v, k)
		}
	}
	const wait = "void g(obj *o) { pthread_mutex_lock(&o->lock); pthread_cond_wait(&o->cond, &o->lock); pthread_mutex_unlock(&o->lock); } " +
		"void f(obj *o) { virObjectUnref(o); }"
	if v, k, _ := verdict(t, object+wait, "g(vm1)", "f(vm1)"); v != model.Violation || k != model.UseAfterRelease {
		t.Errorf("waiting: %s %s", v, k)
	}
	const late = "void f(obj *o) { virObjectRef(o); listRemove(o); virObjectUnref(o); listFind(o); shared = 1; }"
	if v, k, _ := verdict(t, object+late, "f(vm1)"); v != model.OK {
		t.Errorf("what is off its list is not touched by a look-up: %s %s", v, k)
	}
}

// What a primitive gives back.
func TestResults(t *testing.T) {
	for name, body := range map[string]string{
		"references left": "int a, b, c; a = virDomainObjRef(o); b = virDomainObjUnref(o); c = virDomainObjUnref(o); assert(a == 2 && b == 1 && c == 0);",
		"whether any":     "int a, b; virObjectRef(o); a = virObjectUnref(o); b = virObjectUnref(o); assert(a == 1 && b == 0);",
		"of a ref":        "obj *p = virObjectRef(o); assert(p == o); virObjectUnref(p); virObjectUnref(p);",
		"of NULL":         "obj *p = virObjectRef(NULL); int a = virObjectUnref(NULL); assert(p == NULL && a == 0); virObjectUnref(o);",
		"of a lock":       "int a = pthread_mutex_lock(&o->lock), b = pthread_mutex_unlock(&o->lock); assert(a == 0 && b == 0); virObjectUnref(o);",
		"of a trylock":    "int a = pthread_mutex_trylock(&o->lock), b = pthread_mutex_trylock(&o->lock); assert(a == 0 && b == EBUSY); pthread_mutex_unlock(&o->lock); virObjectUnref(o);",
		"found, then not": "obj *p = listFind(o); int left; virObjectRef(o); assert(p == o); left = listRemove(o); assert(left == 1); pthread_mutex_unlock(&o->lock); p = listFind(o); assert(p == NULL); virObjectUnref(o);",
		"looked up, then not": "obj *p; virObjectRef(o); p = listLookup(o); assert(p == o); listRemove(o); p = listLookup(o); assert(p == NULL); virObjectUnref(o); " +
			"p = listLookup(o); assert(p == NULL);",
		"looked up":          "obj *p = listLookup(o); assert(p == o); virObjectUnref(o);",
		"of init and signal": "int a = pthread_mutex_init(&o->lock, NULL), b = pthread_cond_signal(&o->cond), c = pthread_cond_broadcast(&o->cond); assert(a == 0 && b == 0 && c == 0); virObjectUnref(o);",
		"passed over":        "VIR_DEBUG(nonsense, shared, \"%d\"); int a = ignore_value(3); assert(a == 3); virObjectUnref(o);",
		"locks die with it":  "pthread_mutex_lock(&o->lock); virObjectUnref(o);",
	} {
		t.Run(name, func(t *testing.T) {
			if v, k, _ := verdict(t, object+"void f(obj *o) { "+body+" }", "f(vm1)"); v != model.OK || k != "" {
				t.Errorf("%s %s", v, k)
			}
		})
	}
}

// How objects begin: what their attributes and the variables' initial values say.
func TestBeginnings(t *testing.T) {
	const declared = `
enum { THREE = 3 };
typedef const int number_t;
static struct early { int b; } *late, early;
struct part { int a __attribute__((init(THREE + 4))); };
struct handle { struct whole *whole __attribute__((subject)); obj *of __attribute__((subject)); };
struct whole {
    struct part in;
    struct part *made __attribute__((new));
    void *hidden __attribute__((new(part)));
    obj *of __attribute__((subject));
    struct handle *handle __attribute__((new));
    struct part *none;
    int flag __attribute__((init(true)));
};
static struct part one;
static struct part *ptr = &one, *same = &one, *nothing = NULL;
static int number = THREE * 2, yes = true, no = false, copied = THREE + 3;
static pthread_mutex_t *mutex = &big;
static obj *printed;
static void printf(int n) { printed->n = n; }
`
	for name, body := range map[string]string{
		"of fields":         "assert(w->in.a == 7 && w->made->a == 7 && w->flag == 1 && w->none == NULL && ((struct part *) w->hidden)->a == 7);",
		"own objects":       "w->made->a = 1; w->in.a = 2; assert(w->made->a == 1 && w->in.a == 2 && ((struct part *) w->hidden)->a == 7);",
		"subject":           "assert(w->of == o); w->of->n = 3; assert(o->n == 3);",
		"subject of a part": "assert(w->handle->whole == w && w->handle->of == o); w->handle->whole->flag = 5; assert(w->flag == 5);",
		"not another's":     "assert(w->of != p);",
		"of variables":      "assert(number == 6 && yes == 1 && no == 0 && copied == 6 && nothing == NULL);",
		"pointers":          "assert(ptr == same && ptr->a == 7); ptr->a = 1; assert(one.a == 1);",
		"a lock's":          "pthread_mutex_lock(mutex); assert(held(&big)); pthread_mutex_unlock(mutex);",
		"NULL by a cast":    "obj *a = (obj *) 0, *b = (void *) NULL; assert(a == b && a == NULL);",
		"either of two":     "int z = 0, one = 1; o->n = 3; assert(o->n == 3); int a = (z ? NULL : o)->n, b = (one ? o : NULL)->n; assert(a == 3 && b == 3);",
		"one's own name":    "printf(3); assert(o->n == 3 && p->n == 0);",
		"characters":        "int a = 'a'; assert(a == 'a' && 'b' == a + 1);",
		"one of two":        "obj *c = nondet() ? o : p; shared = 2; c->n = 4; assert(o->n + p->n == 4 && (c == o) == (o->n == 4));",
		"by enumerators":    "int a = THREE, b = 1; switch (a) { case THREE: b = 5; } assert(a == 3 && b == 5 && w->flag < THREE);",
		"late":              "assert(late == NULL); late = &early; late->b = 2; assert(early.b == 2);",
		"void":              "(void) nothing; (void) number; (void) shared++; (void) w->flag; int a = 2; (void) a++; assert(a == 3 && shared == 1);",
		"by a typedef":      "number_t a = 4; assert(a == 4);",
		"handed over":       "int a = 5; struct part *q = &w->in; q->a = a; assert(w->in.a == 5); q = w->made; q->a = 6; assert(w->made->a == 6 && w->in.a == 5);",
		"a pointer kept":    "w->none = w->made; struct part *q = w->none; q->a = 9; assert(w->made->a == 9);",
	} {
		t.Run(name, func(t *testing.T) {
			src := object + declared + "void f(struct whole *w, obj *o, obj *p) { printed = o; " + body + " shared = 1; }"
			if v, k, _ := verdict(t, src, "f(vm1, vm1, vm2)"); v != model.OK || k != "" {
				t.Errorf("%s %s", v, k)
			}
		})
	}
	arguments := "void f(int a, int b, int c, int d, obj *o) { assert(a == 7 && b == 3 && c == 16 && d == -1 && o == NULL); shared = 1; }"
	if v, k, _ := verdict(t, object+declared+arguments, "f(7, THREE, 0x10, -1, NULL)"); v != model.OK || k != "" {
		t.Errorf("arguments: %s %s", v, k)
	}
	global := "void f(struct part *q, pthread_mutex_t *m) { q->a = 1; assert(one.a == 1); }"
	if v, k, _ := verdict(t, object+declared+global, "f(one, mutex)"); v != model.OK || k != "" {
		t.Errorf("variables as arguments: %s %s", v, k)
	}
}
