package lower_test

import (
	"testing"

	"github.com/lockproof/lockproof/model"
)

const disposed = `
static pthread_mutex_t evt;
static int called;
struct obj {
    pthread_mutex_t lock;
    int refs __attribute__((refcount, dispose(gone)));
    int n;
    struct obj *inner __attribute__((new(inside)));
};
struct inside { int refs __attribute__((refcount, dispose(insideGone))); };
static void gone(struct obj *o) { pthread_mutex_lock(&evt); o->n = 1; called++; pthread_mutex_unlock(&evt); }
static void insideGone(void *p) { called += 10; }
static struct obj *shared __attribute__((new));
void drop(struct obj *o) { virObjectUnref(o); }
void use(struct obj *o) { virObjectRef(o); virObjectUnref(o); }
`

// TestDispose asks when the function for the last reference runs, and what is there meanwhile.
func TestDispose(t *testing.T) {
	one := []string{"f(vm1)"}
	runSync(t, disposed, map[string]syncCase{
		"is called at the last one": {"void f(struct obj *o) { virObjectUnref(o); assert(called == 1); }", one, model.OK, ""},
		"and not before":            {"void f(struct obj *o) { use(o); assert(called == 0); }", one, model.OK, ""},
		"then the object is gone": {
			"void f(struct obj *o) { virObjectUnref(o); o->n = 2; }", one, model.Violation, model.UseAfterRelease,
		},
		"what is left": {
			"void f(struct obj *o) { assert(virObjectRef(o) == o); assert(virObjectUnref(o)); assert(!virObjectUnref(o)); }", one,
			model.OK, "",
		},
		"as a number": {
			"void f(struct obj *o) { assert(virDomainObjRef(o) == 2); assert(virDomainObjUnref(o) == 1); assert(virDomainObjUnref(o) == 0); }",
			one, model.OK, "",
		},
		"of NULL nothing happens": {"void f(struct obj *o) { virObjectUnref(NULL); assert(!called); }", one, model.OK, ""},
		"through a void *":        {"void f(struct obj *o) { void *p = o; virObjectUnref(p); assert(called == 1); }", one, model.OK, ""},
		"at the end of a scope": {
			"void f(struct obj *o) { { VIR_AUTOUNREF(struct obj *) p = virObjectRef(o); virObjectUnref(o); assert(!called); } assert(called == 1); }",
			one, model.OK, "",
		},
		"by g_clear_pointer": {
			"void f(void) { g_clear_pointer(&shared, virObjectUnref); assert(called == 1 && !shared); }", []string{"f()"}, model.OK, "",
		},
		"with a lock that it takes": {
			"void f(struct obj *o) { pthread_mutex_lock(&evt); virObjectUnref(o); pthread_mutex_unlock(&evt); }", one,
			model.Violation, model.SelfDeadlock,
		},
		"with the lock of the object": {
			"void f(struct obj *o) { pthread_mutex_lock(&o->lock); virObjectUnref(o); }", one, model.Violation, model.Undefined,
		},
		"an inner one first": {
			"void f(struct obj *o) { virObjectUnref(o->inner); assert(called == 10); virObjectUnref(o); assert(called == 11); }", one,
			model.OK, "",
		},
		"two that drop one":       {"", []string{"drop(vm1)", "drop(vm1)"}, model.Violation, model.UseAfterRelease},
		"one that uses it late":   {"", []string{"use(vm1)", "drop(vm1)"}, model.Violation, model.UseAfterRelease},
		"each has one of its own": {"void g(struct obj *o) { virObjectRef(o); drop(o); }", []string{"g(vm1)", "g(vm1)"}, model.OK, ""},
		"who is last calls it": {
			"void f(struct obj *o) { virObjectRef(o); pthread_t t; pthread_create(&t, 0, run, o); drop(o); pthread_join(t, 0); assert(called == 1); }\n" +
				"static void *run(void *o) { drop(o); return 0; }", one, model.OK, "",
		},
		"one is left behind": {"void f(struct obj *o) { virObjectRef(o); }", one, model.Violation, model.RefCount},
		"one without end": {
			"void f(struct obj *o) { virObjectRef(o); }", []string{"f(vm1)*"}, model.Violation, model.RefCount,
		},
		"of memory": {
			"void f(void) { struct obj *o = g_new0(struct obj, 1); virObjectUnref(o); assert(called == 1); }",
			[]string{"f()"},
			model.OK, "",
		},
		"the function takes another": {
			`struct holder { int refs __attribute__((refcount, dispose(letGo))); struct obj *o; };
static void letGo(struct holder *h) { virObjectUnref(h->o); h->o = NULL; }
static struct holder *h __attribute__((new));
void f(struct obj *o) { h->o = virObjectRef(o); drop(o); assert(!called); virObjectUnref(h); assert(called == 1); }`, one, model.OK, "",
		},
		"the function drops its own": {
			`struct self { int refs __attribute__((refcount, dispose(again))); };
static void again(struct self *s) { virObjectUnref(s); }
void f(struct self *s) { virObjectUnref(s); }`, one, model.Violation, model.UseAfterRelease,
		},
	})
}

func TestDisposeErrors(t *testing.T) {
	for src, want := range map[string]string{
		"struct s { int refs __attribute__((dispose(g))); }; void g(struct s *s) { } void f(void) { }":                                                                 "t.c:1:16: dispose stands beside refcount, and refs has none",
		"struct s { int refs __attribute__((refcount, dispose(g))); }; void f(void) { }":                                                                               "t.c:1:54: dispose needs a function of the suite that takes struct s * and returns nothing",
		"struct s { int refs __attribute__((refcount, dispose(g))); }; void g(int n) { } void f(void) { }":                                                             "t.c:1:54: dispose needs a function of the suite that takes struct s * and returns nothing",
		"struct s { int refs __attribute__((refcount, dispose(g))); }; int g(void *p) { return 0; } void f() { }":                                                      "t.c:1:54: dispose needs a function of the suite that takes struct s * and returns nothing",
		"struct s { int refs __attribute__((refcount, dispose)); }; void f(void) { }":                                                                                  "t.c:1:46: dispose takes 1 argument, not 0",
		"struct s { int refs __attribute__((refcount, dispose(g))); }; void g(struct s *s) { } static struct s *x __attribute__((new)); void f(void) { free(x); }":     "t.c:1:143: free(x) frees x, which is freed with its last reference (drop the reference instead)",
		"struct s { int refs __attribute__((refcount, dispose(g))); }; void g(struct s *s) { } static struct s *x __attribute__((new)); void f(void) { x->refs = 2; }": "t.c:1:143: x.refs is only changed by the functions that count references and keep lists",
	} {
		_, err := build(t, src, "f()")
		if got := text(err); got != want {
			t.Errorf("%s\n got %s\nwant %s", src, got, want)
		}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
