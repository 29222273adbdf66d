package lower_test

import (
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// build lowers threads given as "function(arg, arg)", with a trailing * for a loop, ~ for spurious
// wake-ups, ! for allocations that fail, % for waits that give up, ? for a client that goes, & for
// a QEMU that does not answer and ^ for a thread that begins with a restart.
func build(t testing.TB, src string, threads ...string) (*model.Program, error) {
	t.Helper()
	return buildWith(t, lower.Options{}, src, threads...)
}

func buildWith(t testing.TB, opt lower.Options, src string, threads ...string) (*model.Program, error) {
	t.Helper()
	parser := syntax.NewParser(t.Context(), syntax.Options{})
	f := parser.Parse(syntax.Source{Name: "t.c", Text: []byte(src)})
	if err := parser.Diagnostics().Err(); err != nil {
		return nil, err
	}
	u, err := lower.NewUnit(t.Context(), []*syntax.File{f})
	if err != nil {
		return nil, err
	}
	var specs []lower.Thread
	for i, text := range threads {
		pos := model.Pos{File: "threads", Line: i + 1, Col: 1}
		spec := lower.Thread{Pos: pos}
		text, spec.Loop = strings.CutSuffix(text, "*")
		text, spec.Faults.SpuriousWakeup = strings.CutSuffix(text, "~")
		text, spec.Faults.AllocFailure = strings.CutSuffix(text, "!")
		text, spec.Faults.WaitTimeout = strings.CutSuffix(text, "%")
		text, spec.Faults.ClientGone = strings.CutSuffix(text, "?")
		text, spec.Faults.SlowMonitor = strings.CutSuffix(text, "&")
		text, spec.Restarts = strings.CutSuffix(text, "^")
		name, args, _ := strings.Cut(strings.TrimSuffix(text, ")"), "(")
		spec.Function = name
		for a := range strings.SplitSeq(args, ",") {
			if a = strings.TrimSpace(a); a != "" {
				spec.Args = append(spec.Args, lower.Arg{Pos: pos, Text: a})
			}
		}
		specs = append(specs, spec)
	}
	return u.Program(t.Context(), specs, opt)
}

// verdict searches and returns "verdict kind states".
func verdict(t testing.TB, src string, threads ...string) (model.Verdict, model.Kind, int64) {
	t.Helper()
	p, err := build(t, src, threads...)
	if err != nil {
		t.Fatal(err)
	}
	p, limit, err := search.Close(t.Context(), p, search.Options{})
	if err != nil || limit != model.NoLimit {
		t.Fatal(limit, err)
	}
	r, err := search.Search(t.Context(), p, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r.Verdict, r.Kind, r.Stats.States
}

const object = `
typedef struct _obj obj;
struct _obj {
    pthread_mutex_t lock;
    pthread_cond_t cond;
    int n;
    int refs __attribute__((refcount));
    bool listed __attribute__((listed));
    obj *next;
    int job __attribute__((owner));
};
static pthread_mutex_t big;
static int shared, other;
`

func TestErrors(t *testing.T) {
	for name, c := range map[string]struct{ src, thread, want string }{
		"unknown function":  {"void f(void) { pthread_mutex_lok(&big); }", "f()", "t.c:15:16: unknown function pthread_mutex_lok (did you mean pthread_mutex_lock?)"},
		"unknown variable":  {"void f(void) { shred = 1; }", "f()", "t.c:15:16: unknown variable shred (did you mean shared?)"},
		"unknown field":     {"void f(obj *o) { o->m = 1; }", "f(vm1)", "t.c:15:21: struct _obj has no field m (did you mean n?)"},
		"too few arguments": {"void g(int a, int b) { } void f(void) { g(1); }", "f()", "t.c:15:41: g takes 2 arguments, not 1"},
		"primitive's arity": {"void f(void) { pthread_mutex_lock(); }", "f()", "t.c:15:16: pthread_mutex_lock takes 1 argument, not 0"},
		"wrong type":        {"void f(obj *o) { pthread_mutex_lock(&o->n); }", "f(vm1)", "t.c:15:37: argument 1 of pthread_mutex_lock is a virMutex *, and &o->n is int *"},
		"missing label":     {"void f(void) { goto out; }", "f()", "t.c:15:16: goto out, but there is no such label in f"},
		"break":             {"void f(void) { break; }", "f()", "t.c:15:16: break outside of a loop or switch"},
		"value of void":     {"void g(void) { } void f(void) { shared = g(); }", "f()", "t.c:15:42: g() returns nothing"},
		"return of void":    {"void f(void) { return 1; }", "f()", "t.c:15:16: f returns nothing, but here is a value"},
		"unknown kind":      {"void f(void) { check(nojb, shared); }", "f()", "t.c:15:22: nojb is not a kind of violation (did you mean no-job?)"},
		"endless":           {"void f(void) { for (long n = 0; n < 1000000; n++) ; }", "f()", "t.c:15:46: a loop without a step that does not end within 100000 instructions"},
		"loop without step": {"void f(void) { }", "f()*", "threads:1:1: f() loops and never takes a step"},
		"unknown thread":    {"void f(void) { shared = 1; }", "ff()", "threads:1:1: unknown function ff (did you mean f?)"},
		"thread's arity":    {"void f(obj *o) { o->n = 1; }", "f()", "threads:1:1: f takes 1 argument, not 0: it is defined at t.c:15:6"},
		"undeclared object": {"void f(obj *o) { o->n = 1; }", "f(disk)", "threads:1:1: disk is not an object (objects are vm1, vm2, ... and the variables at file scope)"},
		"number for object": {"void f(obj *o) { o->n = 1; }", "f(7)", "threads:1:1: f needs a pointer, and 7 is a number (a number in a pointer is not modelled: put it into a variable, and write its address)"},
		"store to refcount": {"void f(obj *o) { o->refs = 1; }", "f(vm1)", "t.c:15:18: vm1.refs is only changed by the functions that count references and keep lists"},
		"twice defined":     {"void f(void) { } void f(void) { }", "f()", "t.c:15:23: f is defined twice, first at t.c:15:6"},
		"defined primitive": {"void self(void) { }", "self()", "t.c:15:6: self is a primitive and cannot be defined"},
		"duplicate case":    {"void f(int a) { switch (a) { case 1: break; case 1: break; } }", "f(1)", "t.c:15:45: case 1 stands twice in one switch, first at t.c:15:30"},
		"unknown attribute": {"struct s { int a __attribute__((refcnt)); }; void f(void) { }", "f()", "t.c:15:33: unknown attribute refcnt (did you mean refcount?)"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := build(t, strings.TrimSpace(object)+"\n"+"\n"+"\n"+c.src, c.thread)
			if err == nil {
				t.Fatal("no error")
			}
			if got := err.Error(); !strings.Contains("\n"+got+"\n", "\n"+c.want+"\n") {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestMeaning pins verdict, kind and the exact number of states of small programs, one construct
// each.
func TestMeaning(t *testing.T) {
	for name, c := range map[string]struct {
		src     string
		threads []string
		verdict model.Verdict
		kind    model.Kind
		states  int64
	}{
		"a store is a step":          {"void f(void) { shared = 1; }", []string{"f()"}, model.OK, "", 2},
		"a load is a step":           {"void f(void) { int a = shared; shared = a + 1; }", []string{"f()"}, model.OK, "", 3},
		"increment is two":           {"void f(void) { shared++; }", []string{"f()"}, model.OK, "", 3},
		"prefix increment":           {"void f(void) { if (++shared == 1) other = 1; }", []string{"f()"}, model.OK, "", 4},
		"constants are free":         {"void f(obj *o) { if (o->n == 0) shared = 1; }", []string{"f(vm1)"}, model.OK, "", 2},
		"lost update":                {"void f(void) { int a = shared, b; shared = a + 1; b = shared; assert(b == a + 1); }", []string{"f()", "f()"}, model.Violation, model.AssertKind, 35},
		"for and continue":           {"void f(void) { for (int i = 0; i < 3; i++) { if (i == 1) continue; shared = i; } }", []string{"f()"}, model.OK, "", 3},
		"do while":                   {"void f(void) { int i = 0; do { shared = i; } while (++i < 3); }", []string{"f()"}, model.OK, "", 4},
		"switch falls through":       {"void f(int k) { switch (k) { case 1: shared = 1; case 2: other = 2; break; default: shared = 3; } }", []string{"f(1)"}, model.OK, "", 3},
		"switch default":             {"void f(int k) { switch (k) { case 1: shared = 1; break; default: shared = 3; } }", []string{"f(9)"}, model.OK, "", 2},
		"case ranges":                {"void f(int k) { switch (k) { case 1 ... 5: shared = 1; other = 1; } }", []string{"f(3)"}, model.OK, "", 3},
		"goto backwards":             {"void f(void) { int i = 0; again: shared = i; if (i++ < 2) goto again; }", []string{"f()"}, model.OK, "", 4},
		"conditional expression":     {"void f(int k) { shared = k ? 5 : 6; }", []string{"f(0)"}, model.OK, "", 2},
		"an arm that is a condition": {"void f(char k) { shared = k ? (k || other) : k; }", []string{"f(1)"}, model.OK, "", 2},
		"short circuit":              {"void f(void) { other = 1; if (other || shared) shared = 1; }", []string{"f()"}, model.OK, "", 4},
		"nondet forks":               {"void f(void) { if (nondet()) shared = 1; else other = 1; }", []string{"f()"}, model.OK, "", 4},
		"self":                       {"void f(void) { shared = self(); }", []string{"f()", "f()"}, model.OK, "", 5},
		"static helper and result":   {"static int g(int a) { return a + 1; } void f(void) { shared = g(g(1)); assert(shared == 3); }", []string{"f()"}, model.OK, "", 3},
		"an assert reads":            {"void f(void) { shared = 1; assert(shared == 2); }", []string{"f()"}, model.Violation, model.AssertKind, 4},
		"pointers to locals":         {"void g(int *p) { *p = 7; } void f(void) { int a = 1; g(&a); shared = a; assert(shared == 7); }", []string{"f()"}, model.OK, "", 3},
		"pointers to fields":         {"void g(int *p) { *p = 7; } void f(obj *o) { g(&o->n); assert(o->n == 7); }", []string{"f(vm1)"}, model.OK, "", 3},
		"a pointer in shared state":  {"static obj *cur; void f(obj *o) { obj *c; cur = o; c = cur; c->n = 1; assert(o->n == 1); }", []string{"f(vm1)"}, model.OK, "", 5},
		"null is followed":           {"static obj *cur; void f(void) { obj *c = cur; c->n = 1; } void g(obj *o) { cur = o; }", []string{"f()", "g(vm1)"}, model.Violation, model.NullVM, 8},
		"trylock":                    {"void f(void) { if (pthread_mutex_trylock(&big) == 0) { shared = 1; pthread_mutex_unlock(&big); } }", []string{"f()", "f()"}, model.OK, "", 14},
		"self deadlock":              {"void f(void) { pthread_mutex_lock(&big); pthread_mutex_lock(&big); }", []string{"f()"}, model.Violation, model.SelfDeadlock, 3},
		"broadcast wakes all": {
			"void w(obj *o) { pthread_mutex_lock(&o->lock); while (!o->n) pthread_cond_wait(&o->cond, &o->lock); pthread_mutex_unlock(&o->lock); }" +
				"void b(obj *o) { pthread_mutex_lock(&o->lock); o->n = 1; pthread_cond_broadcast(&o->cond); pthread_mutex_unlock(&o->lock); }",
			[]string{"w(vm1)", "w(vm1)", "b(vm1)"},
			model.OK, "", 45,
		},
		"signal wakes one": {
			"void w(obj *o) { pthread_mutex_lock(&o->lock); while (!o->n) pthread_cond_wait(&o->cond, &o->lock); pthread_mutex_unlock(&o->lock); }" +
				"void b(obj *o) { pthread_mutex_lock(&o->lock); o->n = 1; pthread_cond_signal(&o->cond); pthread_mutex_unlock(&o->lock); }",
			[]string{"w(vm1)", "w(vm1)", "b(vm1)"},
			model.Deadlock, model.LostWakeup, 53,
		},
		"virObjectUnref of NULL": {"void f(void) { virObjectUnref(NULL); shared = 1; }", []string{"f()"}, model.OK, "", 2},
		"values without bound":   {"void f(void) { shared++; }", []string{"f()*"}, model.Unknown, "", 131073},
	} {
		t.Run(name, func(t *testing.T) {
			v, k, n := verdict(t, object+c.src, c.threads...)
			if v != c.verdict || k != c.kind || n != c.states {
				t.Errorf("got %s %q with %d states, want %s %q with %d", v, k, n, c.verdict, c.kind, c.states)
			}
		})
	}
}
