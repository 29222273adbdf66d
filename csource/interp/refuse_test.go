package interp_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/csource/interp"
	"github.com/lockproof/lockproof/csource/syntax"
)

// poor is a host without variables that can be assigned.
type poor struct{ interp.Host }

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"unknown function":    {"void f(void) { pthread_mutex_lok(&big); }", "t.c:1:16: unknown function pthread_mutex_lok: it has no body and the host does not provide it"},
		"declared function":   {"int g(int); void f(void) { g(1); }", "t.c:1:28: g is declared, but it has no body and the host does not provide it"},
		"no choices":          {"int c(void) { return nondet(); } void f(void) { c(); }", "t.c:1:22: nondet() has no result: the host makes no choices"},
		"unknown variable":    {"void f(void) { shred = 1; int x = y; }", "t.c:1:16: unknown variable shred\nt.c:1:35: unknown variable y"},
		"unknown field":       {"void f(obj *o) { o->m = 1; o->next.k++; }", "t.c:1:21: struct _obj has no field m\nt.c:1:36: struct _obj has no field k"},
		"incomplete struct":   {"struct u; void f(struct u *p) { p->x = 1; }", "t.c:1:36: struct u is declared, but its fields are not known"},
		"members of unions":   {"union u { int a; } *v; void f(union u *p) { p->a = 1; v->a++; &p->a; }", "t.c:1:48: p->a is a member of a union, which cannot be interpreted\nt.c:1:58: v->a is a member of a union, which cannot be interpreted\nt.c:1:67: p->a is a member of a union, which cannot be interpreted"},
		"no struct":           {"void f(int a) { a->x = 1; op(1)->x; }", "t.c:1:20: a is int, which has no fields\nt.c:1:34: op(1) is int, which has no fields"},
		"undeclared result":   {"void f(obj *o) { seen(o)->n = 1; }", "t.c:1:27: seen(o) is of a type that is not declared, which has no fields"},
		"one fault once":      {"void f(void) { nothing->x.y->z++; *nothing = 1; &nothing; }", "t.c:1:16: unknown variable nothing\nt.c:1:36: unknown variable nothing\nt.c:1:50: unknown variable nothing"},
		"arity":               {"void g(int a, int b) { } void f(void) { g(1); g(1, 2, 3); op(); check(no_job); requires(); listFind(); }", "t.c:1:41: g takes 2 arguments, not 1\nt.c:1:47: g takes 2 arguments, not 3\nt.c:1:59: op takes 1 argument, not 0\nt.c:1:65: check takes 2 arguments, not 1\nt.c:1:80: requires takes 1 argument, not 0\nt.c:1:92: listFind takes 1 argument, not 0"},
		"recursion":           {"int g(int n) { return n ? g(n - 1) : 0; } void f(void) { g(3); }", ""},
		"array":               {"void f(int a) { shared = (&a)[0]; int b[2]; b[0] = 1; *b = 1; b = 0; }", "t.c:1:45: b[0] has no elements: it points to a type without meaning here\nt.c:1:45: b[0] is a type without meaning here\nt.c:1:55: *b is a type without meaning here\nt.c:1:63: b cannot be assigned"},
		"labels":              {"void f(void) { goto out; x: x: goto *&&x; }", "t.c:1:16: goto out, but there is no such label in f\nt.c:1:29: label x stands twice in f, first at t.c:1:26\nt.c:1:32: a computed goto cannot be interpreted"},
		"break and continue":  {"void f(void) { break; continue; switch (1) { case 1: continue; } }", "t.c:1:16: break outside of a loop or switch\nt.c:1:23: continue outside of a loop\nt.c:1:54: continue outside of a loop"},
		"cases":               {"void f(int a) { case 1: default: switch (a) { case 1: case 0 ... 3: default: default: case a: ; } switch (&a) { } }", "t.c:1:17: case outside of a switch\nt.c:1:25: default outside of a switch\nt.c:1:55: case 0 stands twice in one switch, first at t.c:1:47\nt.c:1:78: default stands twice in one switch\nt.c:1:87: a case needs a constant, and a is none\nt.c:1:107: switch needs an integer, and this is int *"},
		"value of void":       {"void g(void) { } void f(void) { shared = g(); if (g()) ; }", "t.c:1:42: g() has no value\nt.c:1:51: g() has no value"},
		"return of void":      {"void f(void) { return 1; }", "t.c:1:16: f returns nothing, but here is a value"},
		"objects":             {"void f(obj *o) { o->part = o->part; big = big; pthread_mutex_t m; struct { int x; } s; pthread_mutex_lock(&m); s.x = 1; }", "t.c:1:18: a struct (at p.h:13:5) cannot be copied\nt.c:1:37: a virMutex cannot be copied\nt.c:1:64: m is a virMutex on the stack of one thread: objects must be at file scope or in a struct\nt.c:1:85: s is a struct (at t.c:1:67) on the stack of one thread: objects must be at file scope or in a struct"},
		"floating point":      {"double d(void); void f(void) { float x; x = 1; int i = 1.5 + d(); double y = 1; if (d()) ; }", "t.c:1:41: x is a type without meaning here\nt.c:1:56: a floating constant cannot be interpreted\nt.c:1:62: + cannot be interpreted on a type without meaning here\nt.c:1:62: d is declared, but it has no body and the host does not provide it\nt.c:1:78: y is a type without meaning here, and 1 is int\nt.c:1:85: d is declared, but it has no body and the host does not provide it\nt.c:1:85: d() is a type without meaning here"},
		"pointers as numbers": {"void f(obj *o) { int i = o; obj *p = 3; i = (long) o; p = (obj *) i; p++; o + 1; o < p; -o; ~o; i == o; i & o; i += o; o += 1; }", "t.c:1:26: i is int, and o is struct _obj *\nt.c:1:38: p is struct _obj *, and 3 is int\nt.c:1:45: a cast from struct _obj * to long cannot be interpreted\nt.c:1:67: the cast is struct _obj *, and i is int\nt.c:1:90: - cannot be interpreted on struct _obj *\nt.c:1:94: ~ cannot be interpreted on struct _obj *\nt.c:1:99: int cannot be compared with struct _obj *\nt.c:1:109: & cannot be interpreted on struct _obj *\nt.c:1:117: += cannot be interpreted on struct _obj *"},
		"no pointer":          {"void f(int a) { *a = 1; void *p = &a; *p; }", "t.c:1:17: * needs a pointer, and a is int\nt.c:1:39: *p is void"},
		"not a variable":      {"void f(int a) { 1 = a; a + 1 = 2; NULL = 0; A = 1; &(a + 1); f = 0; true++; &op; }", "t.c:1:17: 1 is not a variable\nt.c:1:24: a + 1 is not a variable\nt.c:1:35: NULL is not a variable\nt.c:1:45: A is not a variable\nt.c:1:54: a + 1 is not a variable\nt.c:1:62: f is a function and can only be called\nt.c:1:69: true is not a variable\nt.c:1:78: op is a function and can only be called"},
		"calls through":       {"void f(void (*g)(void)) { g(); (*g)(); void (*h)(void) = f; }", "t.c:1:27: g is a variable: a call through a pointer cannot be interpreted\nt.c:1:33: a call through a pointer cannot be interpreted\nt.c:1:58: f is a function and can only be called"},
		"other expressions":   {"void f(int a) { sizeof(obj); _Alignof a; ({ a; }); a ?: 1; (int []) { 1 }; int b = { 1 }; &&x; x: ; }", "t.c:1:17: the size of struct _obj is not known here: only integers and pointers have one\nt.c:1:30: the size of int is not known here: only integers and pointers have one\nt.c:1:42: ({ ... }) cannot be interpreted\nt.c:1:52: ?: without a middle cannot be interpreted\nt.c:1:60: (int[]) { 1 } cannot be interpreted\nt.c:1:84: { 1 } cannot be interpreted\nt.c:1:91: &&x cannot be interpreted"},
		"other statements":    {"void f(void) { asm(\"\"); static int x; int y, y; }", "t.c:1:16: this statement cannot be interpreted\nt.c:1:46: y is declared twice in one block"},
		"clean-up functions":  {"void f(void) { g_autoptr(obj) p = NULL; int x __attribute__((cleanup(op))) = 1; g_autofree char *s = NULL; }", "t.c:1:31: p is cleaned up at the end of its block by a function that does not stand there: call it\nt.c:1:45: x is cleaned up at the end of its block by a function that does not stand there: call it"},
		"large constants":     {"void f(void) { op(18446744073709551615 == 0); }", "t.c:1:19: 18446744073709551615 is too large to be interpreted"},
		"kinds":               {"void f(void) { check(nojb, 1); }", "t.c:1:22: nojb is not a kind of violation"},
		"defined twice":       {"void f(void) { } void f(void) { }", "t.c:1:23: f is defined twice, first at t.c:1:6"},
		"no function":         {"", "-: unknown function f"},
		"an extern of no use": {"void f(void) { extern int nowhere; nowhere = 1; }", "t.c:1:27: nowhere is declared here, and nowhere defined"},
		"what nothing calls":  {"void g(void) { sizeof(obj); } void f(void) { if (0) VIR_DEBUG(sizeof(obj), 1.5); }", ""},
		"provided functions":  {"int op(int a) { return sizeof(obj) + op(a); } void f(void) { op(1); }", ""},
	} {
		t.Run(name, func(t *testing.T) {
			files := parse(t, withPrelude(c.src)...)
			w := newWorld(files)
			w.extra = map[string]int64{"op": 1, "seen": 0}
			w.absent = "nondet"
			ds := interp.New(files).Check("f", w)
			if got := message(ds.Err()); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if name != "defined twice" { // whose first definition is sound
				runRefused(t, files, w, len(ds) > 0)
			}
		})
	}
}

// runRefused runs what Check refused: the run fails, and does not panic. What Check passes goes
// well.
func runRefused(t *testing.T, files []*syntax.File, w *world, refused bool) {
	var args []interp.Value
	if d := definition(files, "f"); d != nil {
		args = make([]interp.Value, len(d.Type.Params))
	}
	_, err := interp.New(files).Run(w, "f", args)
	if (err != nil) != refused {
		t.Errorf("Check refuses: %v, and the run ends with %v", refused, err)
	}
	var failed *interp.RunError
	if err != nil && !errors.As(err, &failed) {
		t.Errorf("%T", err)
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestCheckGlobals(t *testing.T) {
	files := parse(t, withPrelude("void f(obj *o) { pthread_mutex_lock(&big); shared = other; int *p = &other; cur->n = 1; ++shared; }")...)
	p, w := interp.New(files), newWorld(files)
	want := `t.c:1:44: shared is changed here, and the host's variables cannot be
t.c:1:70: other is changed here, and the host's variables cannot be
t.c:1:79: shared is changed here, and the host's variables cannot be`
	if got := message(p.Check("f", poor{w}).Err()); got != strings.Replace(want, "1:79", "1:91", 1) {
		t.Error(got)
	}
	_, err := p.Run(poor{w}, "f", make([]interp.Value, 1))
	if message(err) != "t.c:1:44: the host has no variable shared that can be assigned" {
		t.Error(err)
	}
}

// without is a host that has no field and no variable of some names.
type without struct {
	poor
	lacks map[string]interp.Use // by tag and name: for this use and for those after it
}

func (h without) Has(tag, name string, u interp.Use) bool {
	from, ok := h.lacks[tag+"."+name]
	return !ok || u < from
}

// What the host says that it lacks is refused before a run, wherever it stands.
func TestCheckPartial(t *testing.T) {
	src := `int g(obj *o) { return o->n; }
int f(obj *o) { check(no_job, held(&o->lock)); g(o); o->refs = o->refs + 1; op(held(&o->job)); o->part.m++; o->next->n++; VIR_DEBUG("%d", o->n); return shared + other; }`
	files := parse(t, withPrelude(src)...)
	w := newWorld(files)
	w.extra = map[string]int64{"op": 1}
	h := without{poor{w}, map[string]interp.Use{
		"_obj.n": interp.Read, "_obj.lock": interp.Read, "_obj.refs": interp.Changed, "_obj.job": interp.Pointed, "_obj.part": interp.Changed,
		"_obj.next": interp.Pointed, ".shared": interp.Read,
	}}
	want := `t.c:1:24: the host has no field n for o->n
t.c:2:36: the host has no field lock for &o->lock
t.c:2:54: o->refs is changed here, and the host's field cannot be
t.c:2:85: the host has no address for job
t.c:2:109: the host has no field n for o->next->n
t.c:2:139: the host has no field n for o->n
t.c:2:153: the host has no variable shared`
	if got := message(interp.New(files).Check("f", h).Err()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRunErrors(t *testing.T) {
	for name, c := range map[string]struct {
		src  string
		kind interp.ErrorKind
		want string
	}{
		"NULL":                {"obj *p = NULL; p->n = 1;", interp.Null, "t.c:3:32: p->n follows a NULL pointer"},
		"NULL read":           {"op(o->next->n);", interp.Null, "t.c:3:20: o->next->n follows a NULL pointer"},
		"NULL in a check":     {"obj *p = NULL; check(no_job, p->n);", interp.Null, "t.c:3:46: p->n follows a NULL pointer"},
		"NULL address":        {"obj *p = NULL; pthread_mutex_lock(&p->lock);", interp.Null, "t.c:3:51: &p->lock follows a NULL pointer"},
		"NULL pointer to int": {"int *p = NULL; *p = 1;", interp.Null, "t.c:3:32: *p follows a NULL pointer"},
		"NULL followed":       {"int *p = NULL; op(*p);", interp.Null, "t.c:3:35: *p follows a NULL pointer"},
		"unset":               {"int a; if (o->n) a = 1; op(a);", interp.Uninitialised, "t.c:3:44: a is used before it is set"},
		"unset and pointed":   {"int a; int *p = &a; op(*p);", interp.Uninitialised, "t.c:3:40: *p is used before it is set"},
		"unset, boxed":        {"int a; int *p = &a; op(a);", interp.Uninitialised, "t.c:3:40: a is used before it is set"},
		"unset by a jump":     {"goto in; { int a = 1; in: op(a); }", interp.Uninitialised, "t.c:3:46: a is used before it is set"},
		"its own initialiser": {"int a = 1; { int a = a; op(a); }", interp.Uninitialised, "t.c:3:38: a is used before it is set"},
		"no result":           {"op(none(1));", interp.Uninitialised, "t.c:3:20: none(1) has no value: the function returned without one"},
		"no result, chosen":   {"int a = o->n ? 1 : none(1);", interp.Uninitialised, "t.c:3:25: o->n ? 1 : none(1) has no value: the function returned without one"},
		"no result, fallen":   {"return (0, none(0));", interp.Uninitialised, "t.c:3:25: 0, none(0) has no value: the function returned without one"},
		"dangling":            {"int *p = local(); op(*p);", interp.Dangling, "t.c:3:38: *p follows a pointer to a local variable of a function that has returned"},
		"dangling store":      {"int *p = local(); *p = 1;", interp.Dangling, "t.c:3:35: *p follows a pointer to a local variable of a function that has returned"},
		"division":            {"op(1 / o->n);", interp.Undefined, "t.c:3:20: / has no result for 1 and 0 in int"},
		"remainder":           {"int a = 5; a %= o->n;", interp.Undefined, "t.c:3:28: % has no result for 5 and 0 in int"},
		"division overflows":  {"long a = -9223372036854775807 - 1; a / -1;", interp.Undefined, "t.c:3:52: / has no result for -9223372036854775808 and -1 in long"},
		"shift":               {"op(1 << -1);", interp.Undefined, "t.c:3:20: << has no result for 1 and -1 in int"},
		"wide shift":          {"op(1 >> 32);", interp.Undefined, "t.c:3:20: >> has no result for 1 and 32 in int"},
		"overflow":            {"int a = 2147483647; a++;", interp.Undefined, "t.c:3:37: + has no result for 2147483647 and 1 in int"},
		"long overflow":       {"long a = 9223372036854775807; a + 1;", interp.Undefined, "t.c:3:47: + has no result for 9223372036854775807 and 1 in long"},
		"negated":             {"int a = -2147483647 - 1; a = -a;", interp.Undefined, "t.c:3:46: - has no result for 0 and -2147483648 in int"},
		"product":             {"unsigned short a = 65535; op(a * a);", interp.Undefined, "t.c:3:46: * has no result for 65535 and 65535 in int"},
		"endless":             {"op(1); while (1) ;", interp.Endless, "t.c:3:31: 1048576 statements without a call of the host"},
		"endless goto":        {"again: goto again;", interp.Endless, "t.c:3:24: 1048576 statements without a call of the host"},
		"recursion":           {"again();", interp.Endless, "t.c:2:115: 256 calls within one another"},
		"kept":                {"int a; obj **p = &cur; void *q = &a; *p = q;", interp.NoMeaning, "t.c:3:54: only integers and pointers to objects can be kept in cur"},
		"kept in a field":     {"int a; void *q = &a; o->next = q;", interp.NoMeaning, "t.c:3:38: only integers and pointers to objects can be kept in o->next"},
		"kept text":           {"o->data = \"x\";", interp.NoMeaning, "t.c:3:17: only integers and pointers to objects can be kept in o->data"},
		"not an object":       {"void *p = &o->n; obj *q = p; q->n = 1;", interp.NoMeaning, "t.c:3:46: q->n follows something that is not an object"},
		"another object":      {"side *s = o->side; obj *p = (void *) s; p->n = 1;", interp.NoMeaning, "t.c:3:57: the host has no field n for p->n"},
		"another's address":   {"side *s = o->side; obj *p = (void *) s; &p->cond;", interp.NoMeaning, "t.c:3:57: the host has no field cond for &p->cond"},
		"the host's pointer":  {"void *p = o; int *q = p; *q = 1;", interp.NoMeaning, "t.c:3:42: *q follows a pointer that the host made: only fields can be read through it"},
	} {
		t.Run(name, func(t *testing.T) {
			src := `unsigned char narrow(unsigned char n) { return n; }
int none(int a) { if (a) return; } int *local(void) { int a = 1; return &a; } void more(void); void again(void) { more(); } unsigned char wide(int n) { return n; } void more(void) { again(); }
int f(obj *o) { ` + c.src + ` }`
			files := parse(t, withPrelude(src)...)
			w := newWorld(files)
			w.extra = map[string]int64{"op": 1}
			o := run(interp.New(files), w, files, "f", "vm1")
			var failed *interp.RunError
			switch {
			case !errors.As(o.err, &failed):
				t.Errorf("no error; result %v", o.result)
			case failed.Kind != c.kind || failed.Error() != c.want:
				t.Errorf("got  %s: %v\nwant %s: %s", failed.Kind, failed, c.kind, c.want)
			}
		})
	}
}
