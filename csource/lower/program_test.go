package lower_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockproof/lockproof/model"
)

// tables lists the objects, locks, conditions and variables of a program.
func tables(p *model.Program) string {
	var b strings.Builder
	object := func(o model.ObjectID) string {
		if o == model.None {
			return "-"
		}
		return fmt.Sprint(p.Objects[o].Name)
	}
	variable := func(v model.VarID) string {
		if v == model.None {
			return "-"
		}
		return p.Vars[v].Name
	}
	for _, o := range p.Objects {
		fmt.Fprintf(&b, "object %q a %s of %s in %s refs %s listed %s\n", o.Name, o.Type, object(o.Root), object(o.Cluster), variable(o.Refs), variable(o.Listed))
	}
	for _, l := range p.Locks {
		fmt.Fprintf(&b, "lock %s class %s of %s\n", l.Name, l.Class, object(l.Object))
	}
	for _, c := range p.Conds {
		fmt.Fprintf(&b, "cond %s of %s\n", c.Name, object(c.Object))
	}
	for _, v := range p.Vars {
		fmt.Fprintf(&b, "var %s class %s of %s is %d of %d", v.Name, v.Class, object(v.Object), v.Initial, v.Values)
		for i, is := range []bool{v.Pointer, v.Job, v.Refs} {
			if is {
				b.WriteString([]string{" pointer", " job", " refs"}[i])
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// A program has what its threads use, and nothing else; what they only read is a constant.
func TestTables(t *testing.T) {
	const src = `
struct _part { pthread_mutex_t lock; int a; };
struct _whole {
    int unused, read;
    pthread_mutex_t lock __attribute__((class(domain)));
    pthread_mutex_t idle;
    pthread_cond_t cond, never;
    int refs __attribute__((refcount));
    int listed __attribute__((listed));
    int job __attribute__((owner, class(job)));
    struct _part in, first __attribute__((class(agent)));
    struct _part *made __attribute__((new));
    void *data __attribute__((new(_part)));
    struct _whole *next;
};
static pthread_mutex_t unlocked, big;
static int counted, idle;
void f(struct _whole *w) {
    int a = w->read;
    pthread_mutex_lock(&big);
    listFind(w);
    pthread_mutex_lock(&w->made->lock);
    pthread_mutex_lock(&w->first.lock);
    pthread_cond_signal(&w->cond);
    virObjectRef(w);
    listRemove(w);
    w->job = 1;
    w->job = 0;
    w->next = w;
    w->in.a = 4;
    ((struct _part *) w->data)->a = 5;
    counted = a + 3;
}
`
	p, err := build(t, src, "f(vm3)")
	if err != nil {
		t.Fatal(err)
	}
	want := `object "" a  of - in - refs - listed -
object "vm3" a whole of vm3 in vm3 refs vm3.refs listed vm3.listed
object "vm3.in" a part of vm3 in vm3 refs - listed -
object "vm3.first" a part of vm3 in vm3 refs - listed -
object "vm3.made" a part of vm3 in vm3 refs - listed -
object "vm3.data" a part of vm3 in vm3 refs - listed -
lock big class big of 
lock vm3.lock class domain of vm3
lock vm3.first.lock class agent of vm3.first
lock vm3.made.lock class part.lock of vm3.made
cond vm3.cond of vm3
var counted class counted of  is 0 of [0 3]
var vm3.refs class whole.refs of vm3 is 1 of [0 1 2] refs
var vm3.listed class whole.listed of vm3 is 1 of [0 1]
var vm3.job class job of vm3 is 0 of [0 1] job
var vm3.in.a class part.a of vm3.in is 0 of [0 4]
var vm3.data.a class part.a of vm3.data is 0 of [0 5]
var vm3.next class whole.next of vm3 is 0 of [0 2] pointer
`
	if diff := cmp.Diff(want, tables(p)); diff != "" {
		t.Error(diff)
	}
}

// A thread is named for its function and arguments.
func TestThreadNames(t *testing.T) {
	p, err := build(t, object+"void f(int a, obj *o, obj *p) { o->n = a; } void g(void) { shared = 1; }", "f(7, vm2, NULL)", "g()")
	if err != nil {
		t.Fatal(err)
	}
	if a, b := p.Threads[0], p.Threads[1]; a.Name != "f(7, vm2, NULL)" || a.Function != "f" || b.Name != "g()" || b.Function != "g" {
		t.Errorf("%s (%s), %s (%s)", a.Name, a.Function, b.Name, b.Function)
	}
}

// A check that fails says what does not hold, with the names of its objects.
func TestReasons(t *testing.T) {
	for check, want := range map[string]string{
		"requires(held(&o->lock))":   "it does not hold vm1.lock",
		"requires(!held(&o->job))":   "it holds vm1.job",
		"check(no-job, o->n == 'a')": "o->n == 'a' does not hold",
	} {
		p, err := build(t, object+"void f(obj *o) { o->job = 1; "+check+"; o->n = 1; o->job = 0; }", "f(vm1)")
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, n := range p.Threads[0].Nodes {
			for _, c := range n.Checks {
				found = found || c.Text == want && c.Function == "f"
			}
		}
		if !found {
			t.Errorf("%s: no check says %q", check, want)
		}
	}
}

// The first lock of a program can guard a field, like any other.
func TestFirstLockGuards(t *testing.T) {
	const own = "struct s { pthread_mutex_t lock; int n __attribute__((guarded_by(%s))); }; "
	for _, guard := range []string{"lock", "s.lock"} {
		src := fmt.Sprintf(own, guard)
		if v, k, _ := verdict(t, src+"void f(struct s *o) { o->n = 1; }", "f(vm1)"); v != model.Violation || k != model.MissingLock {
			t.Errorf("%s: %s %s", guard, v, k)
		}
		locked := src + "void f(struct s *o) { pthread_mutex_lock(&o->lock); o->n = 1; pthread_mutex_unlock(&o->lock); }"
		if v, k, _ := verdict(t, locked, "f(vm1)"); v != model.OK {
			t.Errorf("%s: %s %s", guard, v, k)
		}
	}
}

// A step shows the locals that are still read, of its innermost function, and the calls that led to
// it.
func TestLocals(t *testing.T) {
	const src = object + `
static void g(int *p, obj *o) { int dead = 3; other = dead; other = *p; o->n = *p; }
void f(obj *o, char *text) {
    int a = -7, unset;
    obj *gone = o;
    int *n = &o->n;
    gone->n = 1;
    g(&a, o);
    pthread_mutex_lock(&o->lock);
    if (nondet()) unset = 1;
    shared = *n + (o != NULL) + (text != NULL);
    pthread_mutex_unlock(&o->lock);
}`
	p, err := build(t, src, "f(vm1, NULL)")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, n := range p.Threads[0].Nodes {
		var parts []string
		for _, l := range n.Locals {
			parts = append(parts, l.Name+"="+l.Value)
		}
		for _, c := range n.Calls {
			parts = append(parts, fmt.Sprintf("%s:%d", c.Function, c.Pos.Line))
		}
		fmt.Fprintf(&b, "%s: %s\n", n.Text, strings.Join(parts, " "))
	}
	want := `gone->n = 1: o=vm1 text=0 a=-7 gone=vm1 n=&vm1.n f:20
other = dead: p=&a o=vm1 dead=3 f:21 g:15
other = *p: p=&a o=vm1 f:21 g:15
o->n = *p: o=vm1 f:21 g:15
pthread_mutex_lock(&o->lock): o=vm1 text=0 a=-7 n=&vm1.n f:22
*n: o=vm1 text=0 a=-7 n=&vm1.n f:24
`
	if got := b.String(); !strings.HasPrefix(got, want) {
		t.Error(cmp.Diff(want, got))
	}
}

// What a thread cannot read any more does not make states, and what it can is kept apart.
func TestForgotten(t *testing.T) {
	for name, c := range map[string]struct {
		src    string
		states int64
	}{
		"a parameter":            {"void f(int k) { if (nondet()) k = 2; shared = 1; other = 1; }", 3},
		"a parameter that is":    {"void f(int k) { if (nondet()) k = 2; shared = 1; other = k; }", 6},
		"a local":                {"void f(int k) { int a = nondet(); shared = a; a = 0; other = a; }", 6},
		"in a check":             {"void f(int k) { int a = nondet(); check(no-job, shared == 0 || a < 2); shared = 1; other = 1; }", 5},
		"of a caller":            {"void g(void) { shared = 1; } void f(int k) { int a = nondet(); g(); other = 1; }", 3},
		"of a caller that reads": {"void g(void) { shared = 1; } void f(int k) { int a = nondet(); g(); other = a; }", 6},
		"an argument":            {"void g(int n, int m) { shared = m; } void f(int k) { int a = nondet(); g(a, 1); other = 1; }", 3},
		"a result":               {"int g(int n) { shared = 1; return n; } void f(int k) { int a = g(nondet()); other = 1; }", 4},
		"before a check":         {"void f(int k) { if (nondet()) k = 2; shared = 1; check(no-job, other == 0); shared = 2; }", 3},
		"one of two objects":     {"static obj x, y; void f(int k) { obj *c = nondet() ? &x : &y; shared = 1; c->n = 1; }", 6},
		"a lock that died":       {"static obj x; void f(int k) { if (nondet()) pthread_mutex_lock(&x.lock); virObjectUnref(&x); shared = 1; }", 5},
		"on the right":           {"void f(int k) { int a = nondet(); shared = 1; other = 1 + a; }", 6},
		"by its address":         {"void g(int *n) { shared = 1; other = *n; } void f(int k) { int a = nondet(); g(&a); }", 6},
	} {
		t.Run(name, func(t *testing.T) {
			if v, k, n := verdict(t, object+c.src, "f(1)"); v != model.OK || n != c.states {
				t.Errorf("%s %s with %d states, want %d", v, k, n, c.states)
			}
		})
	}
}
