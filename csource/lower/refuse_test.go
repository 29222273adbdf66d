package lower_test

import (
	"fmt"
	"strings"
	"testing"
)

// refused lowers a source that cannot be modelled, on line 2 of its file; want is a line of the
// error, or its end.
func refused(t *testing.T, src, thread, want string) {
	t.Helper()
	_, err := build(t, strings.Join(strings.Fields(object), " ")+"\n"+src, thread)
	if err == nil {
		t.Errorf("%s: no error", src)
		return
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		if strings.HasSuffix(line, want) {
			return
		}
	}
	t.Errorf("%s:\ngot  %v\nwant %s", src, err, want)
}

// What cannot be modelled is refused where it stands, and by its name.
func TestRefusals(t *testing.T) {
	const bare = "struct bare { int a; }; "
	const noLock = "struct nolock { int l __attribute__((listed)); }; "
	for name, c := range map[string]struct{ src, thread, want string }{
		// statements
		"continue":            {"void f(void) { switch (1) { case 1: continue; } }", "f()", "t.c:2:37: continue outside of a loop"},
		"two defaults":        {"void f(int a) { switch (a) { default: ; default: ; } }", "f(1)", "t.c:2:41: default stands twice in one switch"},
		"case in a range":     {"void f(int a) { switch (a) { case 1 ... 5: ; case 5: ; } }", "f(1)", "case 5 stands twice in one switch, first at t.c:2:30"},
		"case around":         {"void f(int a) { switch (a) { case 3: ; case 1 ... 5: ; } }", "f(1)", "case 1 stands twice in one switch, first at t.c:2:30"},
		"no constant":         {"void f(int a) { switch (a) { case a: ; } }", "f(1)", "a case needs a constant, and a is none"},
		"no upper constant":   {"void f(int a) { switch (a) { case 1 ... a: ; } }", "f(1)", "t.c:2:30: a case needs a constant, and 1 is none"},
		"switch on a pointer": {"void f(obj *o) { switch (o) { default: ; } }", "f(vm1)", "t.c:2:26: switch needs an integer, and this is struct _obj *"},
		"two labels":          {"void f(void) { a: shared = 1; a: shared = 2; }", "f()", "t.c:2:31: label a stands twice in f, first at t.c:2:16"},
		"label of another":    {"void g(void) { a: ; } void f(void) { goto a; }", "f()", "goto a, but there is no such label in f"},
		"declared twice":      {"void f(void) { int n = 1; int n = 2; shared = n; }", "f()", "n is declared twice in one block"},
		"struct on the stack": {"void f(void) { obj o; shared = 1; }", "f()", "t.c:2:20: o is a struct _obj on the stack of one thread: objects with roles must be at file scope or in a struct"},
		"initial type":        {"void f(obj *o) { int n = o; shared = n; }", "f(vm1)", "n is int, and o is struct _obj *"},
		"returned type":       {"obj *g(void) { return 7; } void f(void) { g(); }", "f()", "g returns struct _obj *, and 7 is int"},

		// expressions
		"float":              {"void f(void) { shared = 1.5; }", "f()", "t.c:2:25: a floating constant cannot be modelled"},
		"cast":               {"void f(obj *o) { shared = (int) o; }", "f(vm1)", "t.c:2:27: a cast from struct _obj * to int cannot be modelled"},
		"cast of a number":   {"void f(obj *o) { o = (obj *) 7; shared = 1; }", "f(vm1)", "a cast from int to struct _obj * cannot be modelled"},
		"pointer and number": {"void f(obj *o) { shared = o + 1; }", "f(vm1)", "shared is int, and o + 1 is struct _obj *"},
		"number and pointer": {"void f(obj *o) { shared = 1 + o; }", "f(vm1)", "shared is int, and 1 + o is struct _obj *"},
		"minus a pointer":    {"void f(obj *o) { shared = -o; }", "f(vm1)", "- cannot be modelled on struct _obj *"},
		"void tested":        {"void g(void) { } void f(void) { if (g()) shared = 1; }", "f()", "t.c:2:37: g() has no value to test"},
		"function as value":  {"void g(void) { } void f(void) { shared = g; }", "f()", "shared is int, and g is void (void) *"},
		"primitive as value": {"void f(void) { shared = self; }", "f()", "self is a function and can only be called"},
		"call of a local":    {"void f(int g) { g(); }", "f(1)", "t.c:2:17: g is called, and is int"},
		"call of a result":   {"int g(void) { return 1; } void f(void) { g()(); }", "f()", "g() is called, and is int"},
		"declared only":      {"int g(void); void f(void) { g(); }", "f()", "t.c:2:29: unknown function g (it is declared, but has no body)"},
		"not a place":        {"void f(void) { 1 = 2; }", "f()", "t.c:2:16: 1 is not a variable"},
		"star of a number":   {"void f(int a) { shared = *a; }", "f(1)", "* needs a pointer, and a is int"},
		"field of a number":  {"void f(int a) { shared = a.n; }", "f(1)", "a is int, which has no fields"},
		"fields listed":      {bare + "void f(struct bare *s) { shared = s->zzz; }", "f(vm1)", "struct bare has no field zzz (it has a)"},
		"fields not known":   {"struct far; void f(struct far *s) { shared = s->a; }", "f(NULL)", "struct far is declared, but its fields are not known"},
		"copied object":      {"static obj a, b; void f(void) { a = b; }", "f()", "a = b: a virMutex cannot be copied or cleared"},
		"argument's type":    {"void g(int a, obj *o) { } void f(obj *o) { g(1, 2); }", "f(vm1)", "argument 2 of g is struct _obj *, and 2 is int"},
		"too many arguments": {"void g(int a) { } void f(void) { g(1, 2); }", "f()", "g takes 1 argument, not 2"},

		// integers
		"size of a struct":    {"struct far; void f(void) { shared = sizeof(struct far); }", "f()", "t.c:2:37: the size of struct far is not known here"},
		"alignment":           {"typedef int big __attribute__((aligned(16))); void f(void) { shared = _Alignof(big); }", "f()", "the size of int is not known here"},
		"offset":              {"struct a { int n : 3; }; void f(void) { shared = offsetof(struct a, n); }", "f()", "the offset of n in struct a is not known"},
		"complement":          {"void f(obj *o) { shared = ~o; }", "f(vm1)", "t.c:2:27: ~ cannot be modelled on struct _obj *"},
		"compared":            {"void f(obj *o) { shared = o == 1; }", "f(vm1)", "t.c:2:29: struct _obj * cannot be compared with int"},
		"too large":           {"void f(void) { shared = 18446744073709551615; }", "f()", "t.c:2:25: 18446744073709551615 is too large for an integer"},
		"floating type":       {"void f(void) { double d; d = 1; shared = d; }", "f()", "t.c:2:42: d is of a type that cannot be modelled"},
		"cast to floating":    {"void f(int a) { shared = (float) a; }", "f(1)", "t.c:2:26: a cast from int to a type without meaning here cannot be modelled"},
		"floating result":     {"double h(void); double h(void) { return 1; }\nvoid f(void) { if (h() / 2 > 0) shared = 1; }", "f()", "t.c:2:41: h returns of a type that cannot be modelled"},
		"floating, pointed":   {"float g; void f(void) { float *p = &g; if (*p / 2 != 1) shared = 1; }", "f()", "t.c:2:44: *p is of a type that cannot be modelled"},
		"floating, stored":    {"float g; void f(void) { g = 1; }", "f()", "t.c:2:29: g is of a type that cannot be modelled"},
		"floating argument":   {"void h(double x) { } void f(void) { h(1); }", "f()", "t.c:2:39: argument 1 of h is of a type that cannot be modelled"},
		"wide result":         {"__int128 h(int a) { return a; } void f(void) { shared = h(1) << 100 != 0; }", "f()", "t.c:2:28: h returns of a type that cannot be modelled"},
		"system's type":       {"void f(void) { sigset_t a; shared = a; }", "f()", "t.c:2:37: a is of a type that cannot be modelled"},
		"bit-field's address": {"struct b { int a : 3; }; void f(struct b *p) { int *q = &p->a; *q = 1; }", "f(vm1)", "p->a is a bit-field, which has no address"},
		"bit-field of a lock": {"struct b { pthread_mutex_t a : 3; }; void f(void) { }", "f()", "t.c:2:28: a is a bit-field, and virMutex is no integer"},
		"wide bit-field":      {"struct b { int a : 33; }; void f(void) { }", "f()", "a cannot have 33 bits of int"},
		"bit-field of 0 bits": {"struct b { int a : 0; }; void f(void) { }", "f()", "a cannot have 0 bits of int"},
		"long bit-field":      {"struct b { long a : 33; }; void f(void) { }", "f()", "a has more than 32 bits, which cannot be modelled (compilers differ about its arithmetic)"},
		"bit-field's width":   {"struct b { int a : shared; }; void f(void) { }", "f()", "the width of a is not a constant"},
		"packed enum":         {"enum e { A } __attribute__((packed)); void f(void) { }", "f()", "a packed enum cannot be modelled (leave the attribute out, or use an integer type)"},
		"enum not defined":    {"void f(enum e x) { shared = x; }", "f(1)", "t.c:2:8: enum e is not defined"},
		"enumerator":          {"enum e { A = shared }; void f(void) { }", "f()", "the value of A is not a constant"},
		"pointer to another":  {"void f(int a) { unsigned char *p = &a; shared = *p; }", "f(1)", "p is unsigned char *, and &a is int *"},
		"cast to another":     {"void f(int a) { char *p = (char *) &a; shared = *p; }", "f(1)", "*p takes int for char: the bytes of integers are not known"},
		"hidden cast":         {"void f(int a) { void *v = &a; long *p = v; shared = *p; }", "f(1)", "*p takes int for long: the bytes of integers are not known"},
		"hidden cast, shared": {"void f(void) { void *v = &shared; unsigned *p = v; *p = 1; }", "f()", "*p = 1 takes int for unsigned int: the bytes of integers are not known"},
		"cast of a place":     {"void f(int a) { (char) a = 1; }", "f(1)", "t.c:2:17: (char) a is not a variable"},

		// primitives
		"cond for mutex":  {"void f(obj *o) { pthread_mutex_lock(&o->cond); }", "f(vm1)", "argument 1 of pthread_mutex_lock is a virMutex *, and &o->cond is virCond *"},
		"mutex for cond":  {"void f(obj *o) { pthread_cond_signal(&o->lock); }", "f(vm1)", "argument 1 of pthread_cond_signal is a virCond *, and &o->lock is virMutex *"},
		"second argument": {"void f(obj *o) { pthread_cond_wait(&o->cond, &o->cond); }", "f(vm1)", "argument 2 of pthread_cond_wait is a virMutex *, and &o->cond is virCond *"},
		"no object":       {"void f(int a) { virObjectRef(a); }", "f(1)", "argument 1 of virObjectRef is an object, and a is int"},
		"ref":             {bare + "void f(struct bare *s) { virObjectRef(s); }", "f(vm1)", "virObjectRef needs a field with __attribute__((refcount)), and struct bare has none"},
		"unref":           {bare + "void f(struct bare *s) { virObjectUnref(s); }", "f(vm1)", "virObjectUnref needs a field with __attribute__((refcount)), and struct bare has none"},
		"remove, count":   {noLock + "void f(struct nolock *s) { listRemove(s); }", "f(vm1)", "listRemove needs a field with __attribute__((refcount)), and struct nolock has none"},
		"remove, list": {
			"struct c { int n __attribute__((refcount)); }; void f(struct c *s) { listRemove(s); }", "f(vm1)",
			"listRemove needs a field with __attribute__((listed)), and struct c has none",
		},
		"find, list":   {bare + "void f(struct bare *s) { listFind(s); }", "f(vm1)", "listFind needs a field with __attribute__((listed)), and struct bare has none"},
		"lookup, list": {bare + "void f(struct bare *s) { listLookup(s); }", "f(vm1)", "listLookup needs a field with __attribute__((listed)), and struct bare has none"},
		"hidden lookup": {
			bare + "void g(void *p) { listLookup(p); } void f(struct bare *s) { g(s); }", "f(vm1)", "vm1 is on no list",
		},
		"owner of no condition": {
			"struct a { int x __attribute__((owner(y))); int y; }; void f(struct a *p) { p->x = 1; }", "f(vm1)",
			"owner takes a condition of the same struct, and y is int",
		},
		"owner of nothing": {
			"struct a { int x __attribute__((owner(y.z))); }; void f(struct a *p) { p->x = 1; }", "f(vm1)",
			"owner takes a condition of the same struct, and y.z is none",
		},
		"owner, a variable": {
			"pthread_cond_t c; int x __attribute__((owner(c))); void f(void) { x = 1; }", "f()",
			"owner takes a condition of the same struct, and c is none",
		},
		"guard in a part":   {"struct a { struct { int y; } in; int x __attribute__((guarded_by(in.y))); }; void f(struct a *p) { p->x = 1; }", "f(vm1)", "x is guarded by in.y, which is no lock of it or of the object to which it belongs"},
		"guard by an arrow": {"struct b { pthread_mutex_t y; }; struct a { struct b *in; int x __attribute__((guarded_by(in->y))); }; void f(struct a *p) { p->x = 1; }", "f(vm1)", "x is guarded by in->y, which is no lock of it or of the object to which it belongs"},
		"find, lock":        {noLock + "void f(struct nolock *s) { listFind(s); }", "f(vm1)", "listFind needs a virMutex field, and struct nolock has none"},
		// What a void pointer hides is found when it is followed.
		"hidden find": {
			noLock + "void g(void *p) { listFind(p); } void f(struct nolock *s) { g(s); }", "f(vm1)",
			"vm1 cannot be found: it has no lock, or is on no list",
		},
		"hidden find, no list": {
			"struct l { pthread_mutex_t m; }; void g(void *p) { listFind(p); } void f(struct l *s) { g(s); }", "f(vm1)",
			"vm1 cannot be found: it has no lock, or is on no list",
		},
		"hidden ref":    {bare + "void g(void *p) { virObjectRef(p); } void f(struct bare *s) { g(s); }", "f(vm1)", "vm1 has no reference count"},
		"hidden remove": {"struct c { int n __attribute__((refcount)); }; void g(void *p) { listRemove(p); } void f(struct c *s) { g(s); }", "f(vm1)", "vm1 is on no list"},
		"hidden lock": {
			bare + "void g(void *p) { pthread_mutex_lock((pthread_mutex_t *) p); } void f(struct bare *s) { g(s); }", "f(vm1)",
			"argument 1 is not what pthread_mutex_lock works on",
		},
		"hidden number": {"void g(void *p) { int *q = (int *) p; shared = *q; } void f(obj *o) { g(o); }", "f(vm1)", "*q follows something that is not an object"},
		"hidden object": {"void g(void *p) { virObjectRef(p); } void f(obj *o) { g(&o->lock); }", "f(vm1)", "virObjectRef(p): argument 1 is not what virObjectRef works on"},
		"hidden place":  {"void g(void *p) { int *q = (int *) p; *q = 1; } void f(obj *o) { g(o); }", "f(vm1)", "*q = 1 follows something that is not an object"},
		"hidden type":   {bare + "void g(void *p) { ((struct bare *) p)->a = 1; } void f(obj *o) { g(o); }", "f(vm1)", "takes vm1 for a struct bare, and it is a obj"},

		// checks
		"void in a check":    {"void g(void) { } void f(void) { assert(g()); }", "f()", "g() has no value to test"},
		"unknown in a check": {"void f(void) { check(no-job, nobodyKnows()); }", "f()", "unknown function nobodyKnows"},
		"float in a check":   {"void f(void) { assert(1.5); }", "f()", "t.c:2:23: a floating constant cannot be modelled"},
		"held of an object":  {"void f(obj *o) { assert(held(o)); }", "f(vm1)", "held needs a lock or a field with __attribute__((owner)), and vm1 is neither"},
		"held of a local":    {"void f(int a) { if (held(&a)) shared = 1; }", "f(1)", "held needs a lock or a field with __attribute__((owner)), and a is neither"},
		"held of a variable": {"void f(void) { assert(held(&shared)); }", "f()", "held needs a lock or a field with __attribute__((owner)), and shared is neither"},
		"held of two":        {"void f(void) { assert(held(&big, 1)); }", "f()", "held takes 1 argument, not 2"},
		"field in a check":   {"void f(obj *o) { assert(o->m); }", "f(vm1)", "struct _obj has no field m (did you mean n?)"},

		// declarations
		"union":               {"union u { int a; long b; } __attribute__((packed)); void f(union u *p) { p->a = 1; }", "f(vm1)", "t.c:2:1: where the members of union u lie is not known, so it cannot be modelled"},
		"union's roles":       {"union u { int a; int b __attribute__((refcount)); }; void f(union u *p) { p->a = 1; }", "f(vm1)", "b lies in a union, and has a role by its attribute: put it into a struct of its own"},
		"union of many":       {"union u { char a[5000]; } v; void f(void) { v.a[0] = 1; }", "f()", "t.c:2:1: union u has more than 4096 parts"},
		"field of a union":    {"union u { int a; } v; void f(void) { v.b = 1; }", "f()", "union u has no field b (did you mean a?)"},
		"lock in a union":     {"union u { pthread_mutex_t a; int b; } v, w; void f(void) { v = w; }", "f()", "a virMutex cannot be copied or cleared"},
		"atomic in a union":   {"union u { int a; void *b; } v; void f(void) { __atomic_add_fetch(&v.a, 1, __ATOMIC_SEQ_CST); }", "f()", "v.a shares its place with what has another type, and cannot be changed by an atomic operation"},
		"text in a union":     {"union u { char a[4]; int b; } v = { \"ab\" }; void f(void) { shared = strlen(v.a); }", "f()", "strlen(v.a): what &v.a[0] points to is not known (text that changes is not modelled)"},
		"clock in a union":    {"union u { long a; void *b; } v; void f(void) { v.a = time(NULL); }", "f()", "v.a shares its place with what has another type, and what is stored there is not known (write nondet())"},
		"struct twice":        {"struct a { int x; }; struct a { int y; }; void f(void) { }", "f()", "t.c:2:22: struct a is defined twice, first at t.c:2:1"},
		"struct in itself":    {"struct a { struct a x; } *v; int g(struct a p) { return sizeof p; } void f(void) { g(*v); }", "f()", "field x has a type that is not defined: struct a"},
		"itself, anonymous":   {"struct a { int n; struct a; } v; void f(void) { v.q = 1; }", "f()", "has a type that is not defined: struct a"},
		"itself, by another":  {"struct b; struct a { struct b *p; int n; }; struct b { struct { struct a y; struct b z[2]; } x; } v; void f(void) { v.x.y.n = sizeof v; }", "f()", "field z has a type that is not defined: struct anonymous struct at t.c:2:56"},
		"length of itself":    {"int a[sizeof(a)]; void f(void) { a[0] = 1; }", "f()", "the length of an array is a constant, and sizeof(a) is none"},
		"undefined field":     {"struct a { struct far x; }; void f(void) { }", "f()", "field x has a type that is not defined: struct far"},
		"initial value":       {"static int a = 1; static int b = a + self; void f(void) { b = 1; }", "f()", "the initial value a + self is not a constant"},
		"negated variable":    {"static int a = 1; static int b = -a; void f(void) { b = 1; }", "f()", "the initial value -a is not a constant"},
		"count of a pointer":  {"struct a { obj *x __attribute__((refcount)); }; void f(void) { }", "f()", "refcount is for integers, and x is a struct _obj *"},
		"owner of a lock":     {"struct a { pthread_mutex_t x __attribute__((owner)); }; void f(void) { }", "f()", "owner is for integers, and x is a virMutex"},
		"attribute's arity":   {"struct a { int x __attribute__((refcount(1))); }; void f(void) { }", "f()", "refcount takes no argument, not 1"},
		"init's arity":        {"struct a { int x __attribute__((init)); }; void f(void) { }", "f()", "init takes 1 argument, not 0"},
		"class of a number":   {"struct a { int x __attribute__((class(1))); }; void f(void) { }", "f()", "class takes a name"},
		"new of a void":       {"struct a { void *x __attribute__((new)); }; void f(void) { }", "f()", "new needs a type here: x points to no struct, write new(type)"},
		"new of nothing":      {"struct a { void *x __attribute__((new(far))); }; void f(void) { }", "f()", "far is not the name of a struct"},
		"new without end":     {"struct a { struct a *x __attribute__((new)); }; void f(struct a *p) { p->x = NULL; }", "f(vm1)", "new makes objects without end here"},
		"subject of a number": {"struct a { int x __attribute__((subject)); }; void f(struct a *p) { p->x = 1; }", "f(vm1)", "subject needs a pointer to a struct"},
		"guard":               {"struct a { int x __attribute__((guarded_by(y))); int y; }; void f(struct a *p) { p->x = 1; }", "f(vm1)", "x is guarded by y, which is no lock of it or of the object to which it belongs"},
		"guard of another":    {"struct a { int x __attribute__((guarded_by(b.y))); pthread_mutex_t y; }; void f(struct a *p) { p->x = 1; }", "f(vm1)", "x is guarded by b.y, which is no lock of it or of the object to which it belongs"},
		"own type":            {"typedef struct loop loop; struct loop { loop *next; }; void f(loop *l) { l->gone = 1; }", "f(vm1)", "struct loop has no field gone (it has next)"},

		// arguments of threads
		"number": {"void f(obj *o) { o->n = 1; }", "f(big)", "f needs struct _obj *, and big is virMutex"},
		"object": {"void f(int a) { shared = a; }", "f(vm1)", "f takes int here, and vm1 would be an object"},
		"enum":   {"enum e { A }; void f(obj *o, enum e x) { o = x; shared = 1; }", "f(vm1, A)", "o is struct _obj *, and x is unsigned int"},
		"gone":   {"static int *q; int *g(void) { int a = 1; return &a; } void f(void) { q = g(); }", "f()", "only integers and pointers to what is shared can be kept in shared variables"},
		"again":  {"static int *q; void f(void) { int i = 0; a:; int n = i; q = &n; if (++i < 2) goto a; }", "f()", "n is declared again in a block that was not left: put what is repeated in a block of its own"},
		"roles":  {"struct r { int n __attribute__((owner)); }; static struct r *q; void f(void) { struct r r = { 1 }; q = &r; }", "f()", "t.c:2:89: r can be seen by other threads, and has a field with a role by its attribute: let it exist from the start"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, c.src, c.thread, c.want) })
	}
}

// A type that is named again and again is followed, but not without end.
func TestChainOfTypes(t *testing.T) {
	chain := func(n int) string {
		src := "typedef int t0; "
		for i := range n {
			src += fmt.Sprintf("typedef t%d t%d; ", i, i+1)
		}
		return src + fmt.Sprintf("void f(t%d a) { shared = a; }", n)
	}
	if _, err := build(t, object+chain(63), "f(1)"); err != nil {
		t.Error(err)
	}
	refused(t, chain(64), "f(1)", "a type that is defined by itself")
}

// What is wrong with one operand is said, whatever the others do, also in a function without a
// local: there is no slot to keep anything in.
func TestWrongOperands(t *testing.T) {
	for _, wrong := range []string{"nosuch", "5", "g()", "*nosuch", "nosuch.x", "nosuch->x", "nosuch[g()]", "(nosuch)", "(int) nosuch", "nosuch(g())", "&nosuch", "!nosuch"} {
		for _, use := range []string{
			"% = g();", "% += g();", "% = % + g();", "%++;", "--%;", "*% = g();", "%->x = g();", "%.x = g();", "%[g()] = g();", "g() + %;", "% ? g() : %;", "% && g();",
			"two(%, g());", "two(g(), %);", "memcpy(%, g(), sizeof(int));", "memset(%, 0, g());", "sem_init(%, 0, g());", "pthread_once(%, g());", "pthread_create(%, NULL, g(), %);",
			"pthread_join(%, g());", "VIR_FREE(%);", "VIR_ALLOC(%);", "g_clear_pointer(%, g);", "atomic_fetch_add(%, g());", "__atomic_compare_exchange_n(%, %, g(), 0, 5, 5);",
			"pthread_cond_wait(%, g());", "pthread_mutex_init(%, g());", "switch (%) { case g(): ; }", "assert(%); check(no-job, % && g());", "return (%, g());", "({ %; });",
		} {
			src := "static int g(void) { return 1; } static int two(int a, int b) { return a; }\nvoid f(void) { " + strings.ReplaceAll(use, "%", wrong) + " }"
			if _, err := build(t, src, "f()"); err == nil && wrong == "nosuch" {
				t.Errorf("%s: no error", src)
			}
		}
	}
}
