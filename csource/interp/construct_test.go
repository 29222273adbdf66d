package interp_test

import (
	"strings"
	"testing"

	"github.com/lockproof/lockproof/csource/interp"
	"github.com/lockproof/lockproof/csource/syntax"
)

const prelude = `
typedef struct _obj obj;
typedef struct _side { int s; pthread_mutex_t lock; } side;
enum { A, B = 5, C };
struct _obj {
    pthread_mutex_t lock;
    pthread_cond_t cond;
    int n;
    int refs __attribute__((refcount));
    bool listed __attribute__((listed));
    obj *next;
    int job __attribute__((owner));
    struct { int m; pthread_mutex_t in; } part;
    side *side __attribute__((new));
    void *data __attribute__((new(side)));
    unsigned int flag : 2;
    unsigned char small;
};
static pthread_mutex_t big;
static int shared, other;
static obj *cur;
int op(int a);
`

// withPrelude puts C behind the prelude, in a file of its own.
func withPrelude(src string) []syntax.Source {
	return []syntax.Source{{Name: "p.h", Text: []byte(prelude)}, {Name: "t.c", Text: []byte(src)}}
}

// trace runs a function and returns the events, what ended them, and the result.
func trace(t testing.TB, src, function string, args ...string) string {
	t.Helper()
	files := parse(t, withPrelude(src)...)
	p, w := interp.New(files), newWorld(files)
	w.extra = map[string]int64{"op": 1, "seen": 0}
	if ds := p.Check(function, w); len(ds) > 0 {
		t.Fatal(ds)
	}
	o := run(p, w, files, function, args...)
	var text []string
	for _, e := range w.events {
		text = append(text, strings.TrimPrefix(e.String(), "access "))
	}
	switch {
	case o.err != nil:
		text = append(text, o.err.Error())
	case o.stop != nil:
		text = append(text, "stop "+string(o.stop.kind))
	case o.result != interp.Value{}:
		text = append(text, "-> "+show(o.result))
	}
	return strings.Join(text, "; ")
}

func TestStatements(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"if and else":             {`if (k) op(1); else op(2); if (!k) op(3); if (k > 2) op(4);`, "op(1); op(4)"},
		"while":                   {`int i = 0; while (i < 3) { op(i); i++; }`, "op(0); op(1); op(2)"},
		"do while":                {`int i = 5; do op(i); while (++i < 7);`, "op(5); op(6)"},
		"do while continues":      {`int i = 0; do { if (i == 1) continue; op(i); } while (++i < 3);`, "op(0); op(2)"},
		"for":                     {`for (int i = 0, j = 9; i < j; i += 3, j -= 3) op(i * 10 + j);`, "op(9); op(36)"},
		"for without a condition": {`int i = 0; for (;;) { if (i++ > 1) break; op(i); }`, "op(1); op(2)"},
		"for continues":           {`for (int i = 0; i < 3; i++) { if (i == 1) continue; op(i); }`, "op(0); op(2)"},
		"nested break":            {`for (int i = 0; i < 2; i++) { for (;;) { op(i); break; } } op(7);`, "op(0); op(1); op(7)"},
		"goto out of nested loops": {
			`for (int i = 0; ; i++) for (int j = 0; j < 2; j++) { op(i * 10 + j); if (i == 1) goto out; } op(99); out: op(5);`,
			"op(0); op(1); op(10); op(5)",
		},
		"goto into a block":        {`int i = 0; goto in; while (i < 2) { op(i); in: i++; } op(i);`, "op(1); op(2)"},
		"goto backwards":           {`int i = 0; again: op(i); if (i++ < 1) goto again;`, "op(0); op(1)"},
		"goto cleanup":             {`int ret = -1; if (k == 3) goto cleanup; ret = 0; cleanup: op(ret);`, "op(-1)"},
		"a label at the end":       {`if (k) goto end; op(1); end: ;`, ""},
		"two labels":               {`goto b; a: b: op(1);`, "op(1)"},
		"switch":                   {`switch (k) { case 1: op(1); break; case 3: op(3); break; default: op(9); }`, "op(3)"},
		"switch falls through":     {`switch (k) { case 2: op(2); case 3: op(3); case 4: op(4); break; case 5: op(5); }`, "op(3); op(4)"},
		"switch default first":     {`switch (k + 10) { default: op(9); case 1: op(1); break; case 2: op(2); }`, "op(9); op(1)"},
		"switch without a case":    {`switch (k) { case 1: op(1); } op(2);`, "op(2)"},
		"switch with ranges":       {`switch (k) { case 0 ... 2: op(0); break; case B - 2 ... C: op(1); }`, "op(1)"},
		"switch with enumerators":  {`switch (5) { case A: op(0); break; case B: op(5); }`, "op(5)"},
		"switch declares":          {`switch (k) { int x; case 3: x = 4; op(x); }`, "op(4)"},
		"case in a loop":           {`int i = 0; switch (k) { case 0: do { op(0); case 3: op(3); } while (i++ < 1); }`, "op(3); op(0); op(3)"},
		"case in an if":            {`switch (k) { case 0: if (k) { op(1); case 3: op(2); } }`, "op(2)"},
		"continue in a switch":     {`for (int i = 0; i < 2; i++) { switch (i) { case 0: continue; } op(i); }`, "op(1)"},
		"nested switches":          {`switch (k) { case 3: switch (1) { case 1: op(1); break; default: op(2); } op(4); break; default: op(3); }`, "op(1); op(4)"},
		"break of the outer loop":  {`while (1) { switch (k) { case 3: goto out; } } out: op(1);`, "op(1)"},
		"return in a loop":         {`while (1) { op(1); return; }`, "op(1)"},
		"shadowing":                {`int i = 1; { int i = 2; op(i); { enum { k = 8 }; op(k); } } op(i); op(k);`, "op(2); op(8); op(1); op(3)"},
		"shadowed file scope":      {`int shared = 4; op(shared); int B = 6; op(B);`, "op(4); op(6)"},
		"a type of the block":      {`typedef unsigned char T; struct s { int x; }; T x = 200; op(x); enum e { P = 3 } v = P; op(v);`, "op(200); op(3)"},
		"extern":                   {`{ int shared = 1; { extern int shared; shared = 2; } op(shared); }`, "store shared = 2; op(1)"},
		"an array passed over":     {`char buf[10]; VIR_DEBUG("%s", buf); char text[] = "abc"; op(buf != NULL); op(text != NULL);`, "op(1); op(1)"},
		"messages":                 {`VIR_DEBUG("%d %s", op(1), nothing); virReportError(WHAT, _("x"), k ? 1.5 : 2, op(3)); op(2);`, "op(1); op(3); op(2)"},
		"locks that are made":      {`if (pthread_mutex_init(&big, op(4)) == 0) op(1); pthread_mutex_destroy(&big);`, "op(4); op(1)"},
		"ignored values":           {`ignore_value(op(3)); op(ignore_value(7)); (void) op(8);`, "op(3); op(7); op(8)"},
		"attributes":               {`int x __attribute__((unused)) = 1; switch (x) { case 1: op(1); __attribute__((fallthrough)); case 2: op(2); }`, "op(1); op(2)"},
		"static assertion":         {`_Static_assert(1, "x"); op(1);`, "op(1)"},
		"typeof":                   {`typeof(k) x = k; __typeof__(int *) p = &x; *p = 4; op(x);`, "op(4)"},
		"a variable set by a host": {`int i = 3; int *p = &i; if (p) op(*p);`, "op(3)"},
		"declared again in a loop": {`for (int i = 0; i < 2; i++) { int x = 1; x += i; op(x); }`, "op(1); op(2)"},
		"declared by goto again":   {`int n = 0; again: { int x; if (n == 0) x = 4; else x = 5; op(x); } if (n++ < 1) goto again;`, "op(4); op(5)"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := trace(t, "void f(int k) { "+c.body+" }", "f", "3"); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestExpressions(t *testing.T) {
	for expr, want := range map[string]string{
		"1 + 2 * 3 - 4 / 2 % 3":        "5",
		"7 & 3 | 8 ^ 1":                "11",
		"1 << 4 >> 2":                  "4",
		"-7 / 2":                       "-3",
		"-7 % 3":                       "-1",
		"-8 >> 1":                      "-4",
		"+k - -k":                      "6",
		"!k + !!k":                     "1",
		"1 < 2 == 2 >= 2":              "1",
		"k != 3 || k <= 2":             "0",
		"k > 1 && k < 4":               "1",
		"k ? 1 : 2":                    "1",
		"k == 4 ? 1 : k == 3 ? 2 : 3":  "2",
		"(1, 2, k)":                    "3",
		"k = 4":                        "4",
		"k += 2":                       "5",
		"k -= 2":                       "1",
		"k *= 2":                       "6",
		"k /= 2":                       "1",
		"k %= 2":                       "1",
		"k <<= 2":                      "12",
		"k >>= 1":                      "1",
		"k &= 2":                       "2",
		"k |= 4":                       "7",
		"k ^= 1":                       "2",
		"k++ * 10 + k":                 "34",
		"++k * 10 + k":                 "44",
		"k-- - --k":                    "2",
		"(k = 5) + k":                  "10",
		"'a' + 1":                      "98",
		"'\\0'":                        "0",
		"0x10 + 010 + 1u + 1L":         "26",
		"A + B + C":                    "11",
		"true + false + TRUE + !NULL":  "3",
		"(long) k + (unsigned char) 9": "12",
		"(int) 'x'":                    "120",
		"NULL == 0":                    "1",
		"NULL != (void *) 0":           "0",
		"(obj *) 0 == NULL":            "1",
		"\"a\" != NULL":                "1",
		"__func__ == NULL":             "0",
		"add(1, add(k, 2))":            "6",
		"add(k++, k++)":                "7",
		"set(&k) + k":                  "107",
		"k + set(&k)":                  "103",
		"twice(&k) + k":                "12",
		"(k > 0 && set(&k)) ? k : 0":   "7",
		"(k < 0 && set(&k)) ? 0 : k":   "3",
		"(k > 0 || set(&k)) ? k : 0":   "3",
		"(zero(), 4)":                  "4",
		"small(200)":                   "200",
		"4294967295u":                  "4294967295",
		"-2147483647 - 1":              "-2147483648",
		"k * 1000000000L":              "3000000000",
		"(1u << 31) >> 31":             "1",
		"ptr(&k)":                      "3",
		"*&k":                          "3",
		"neg(5)":                       "-5",
		"(bool) k + (_Bool) 0":         "1",
		"(bool) &k + (bool) NULL":      "1",
		"yes(k) + yes(-k)":             "2",
		"bits(k)":                      "111",
	} {
		src := `int zero(void) { return 0; }
int add(int a, int b) { return a + b; }
int set(int *p) { *p = 7; return 100; }
int twice(int *p) { *p *= 2; return *p; }
unsigned char small(int n) { return n; }
static int neg(int n) { int r = -1; if (n < 0) return r; return -n; }
bool yes(int n) { bool b = n; return b; }
int bits(int n) { bool b = 0; b += n; int r = b; r = r * 10 + --b + 1; return r * 10 + (b |= 2); }
int ptr(const int *p) { int *const *q = &p; return **q; }
long f(int k) { return ` + expr + "; }"
		if want == "0" {
			want = ""
		} else {
			want = "-> " + want
		}
		if got := trace(t, src, "f", "3"); got != want {
			t.Errorf("%s: got %s, want %s", expr, got, want)
		}
	}
}

func TestObjects(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"fields":                       {`o->n = 3; op(o->n + 1); return o->n++;`, "store vm1.n = 3; load vm1.n = 3; op(4); load vm1.n = 3; store vm1.n = 4; -> 3"},
		"prefix":                       {`return --o->n;`, "load vm1.n = 0; store vm1.n = -1; -> -1"},
		"a compound assignment":        {`o->n |= 6; return o->n;`, "load vm1.n = 0; store vm1.n = 6; load vm1.n = 6; -> 6"},
		"the target comes first":       {`o->next = o; o->next->n = op(1); return 0;`, "store vm1.next = vm1; load vm1.next = vm1; op(1); store vm1.n = 1"},
		"the target is found once":     {`o->next = o; o->next->n += op(1); return 0;`, "store vm1.next = vm1; load vm1.next = vm1; load vm1.n = 0; op(1); store vm1.n = 1"},
		"embedded structs":             {`o->part.m = 4; pthread_mutex_lock(&o->part.in); return (&o->part)->m;`, "store vm1.part.m = 4; lock vm1.part.in; load vm1.part.m = 4; -> 4"},
		"pointers to structs":          {`side *s = o->side; s->s = 1; pthread_mutex_lock(&s->lock); return (*s).s + (*&*s).s;`, "load vm1.side = vm1.side; store vm1.side.s = 1; lock vm1.side.lock; load vm1.side.s = 1; load vm1.side.s = 1; -> 2"},
		"void pointers":                {`side *s = o->data; return ((side *) o->data)->s + s->s;`, "load vm1.data = vm1; load vm1.data = vm1; load vm1.s = 0; load vm1.s = 0"},
		"pointers to fields":           {`int *p = &o->n; *p = 3; (*p)++; return *p;`, "store vm1.n = 3; load vm1.n = 3; store vm1.n = 4; load vm1.n = 4; -> 4"},
		"pointers to pointers":         {`obj **p = &o->next, *q; *p = o; (*p)->n = 1; q = *p; p = &q; return (*p)->n;`, "store vm1.next = vm1; load vm1.next = vm1; store vm1.n = 1; load vm1.next = vm1; load vm1.n = 1; -> 1"},
		"pointers are compared":        {`obj *p = o, *q = NULL; int *i = &o->n; return (p == o) * 8 + (p != q) * 4 + (i == &o->n) * 2 + (i != &o->job);`, "-> 15"},
		"pointers are tested":          {`obj *p = NULL; if (p || !o) return 1; return o && !p ? 2 : 3;`, "-> 2"},
		"a choice of pointers":         {`obj *p = shared ? NULL : o; obj *q = o->n ? o : NULL; return p == o && !q;`, "load shared = 0; load vm1.n = 0; -> 1"},
		"variables at file scope":      {`shared = 2; shared += other; cur = o; cur->n = shared; return cur->n;`, "store shared = 2; load shared = 2; load other = 0; store shared = 2; store cur = vm1; load cur = vm1; load shared = 2; store vm1.n = 2; load cur = vm1; load vm1.n = 2; -> 2"},
		"their addresses":              {`int *p = &shared; *p = 1; obj **q = &cur; *q = o; pthread_mutex_t *m = &big; pthread_mutex_lock(m); return *p;`, "store shared = 1; store cur = vm1; lock big; load shared = 1; -> 1"},
		"addresses for the host":       {`seen(&o->n); seen(&shared); seen(&o->part); seen(o->part); seen("text"); return 0;`, "seen(&vm1.n); seen(&shared); seen(vm1.part); seen(vm1.part); seen(text)"},
		"what the host returns":        {`obj *p = listFind(o); listFind(o)->n = 1; return p != o;`, "find vm1 = 1; find vm1 = 1; stop self-deadlock"},
		"locks":                        {`pthread_mutex_lock(&big); if (pthread_mutex_trylock(&big) == EBUSY) op(1); pthread_mutex_unlock(&big); return 0;`, "lock big; trylock big = 1; op(1); unlock big"},
		"conditions":                   {`pthread_mutex_lock(&o->lock); while (!o->n) { if (pthread_cond_wait(&o->cond, &o->lock) < 0) break; o->n = 1; } pthread_cond_signal(&o->cond); return 0;`, "lock vm1.lock; load vm1.n = 0; wait vm1.cond; sleep vm1.cond wakes up spuriously; reacquire vm1.lock; store vm1.n = 1; load vm1.n = 1; signal vm1.cond"},
		"references":                   {`if (virDomainObjRef(o) == 2) virDomainObjUnref(o); virObjectUnref(NULL); return virDomainObjUnref(o);`, "ref vm1.refs = 2; unref vm1.refs = 1; unref vm1.refs = 0; stop freed"},
		"rules that hold":              {`requires(!held(&o->lock)); assert(o->n == 0 && self() == 1); check(no_job, o != NULL); check("no-job", 1); return 0;`, "load vm1.n = 0"},
		"a rule that fails":            {`check(no_job, held(&o->job)); op(1); return 0;`, "stop no-job"},
		"rules read":                   {`shared = 1; assert(shared == 1 && other == 0); check(no_job, other || cur || o->n == 0); return held(&o->lock);`, "store shared = 1; load shared = 1; load other = 0; load other = 0; load cur = 0; load vm1.n = 0"},
		"rules stop where they know":   {`shared = 1; requires(!shared || !o->next); assert(shared ? 1 : o->n); return 0;`, "store shared = 1; load shared = 1; load vm1.next = 0; load shared = 1"},
		"this thread is an int":        {`unsigned int u = 2; return (-self() < u) * 2 + (-self() < 2);`, "-> 1"},
		"what is expected":             {`unsigned int u = 2; return __builtin_expect(o->n + 3, 1) + (__builtin_expect(-1, 0) < u) * 8;`, "load vm1.n = 0; -> 11"},
		"an owned job":                 {`o->job = self(); check(no_job, held(&o->job)); o->job = 0; return 0;`, "store vm1.job = 1; store vm1.job = 0"},
		"bit-fields":                   {`o->flag = 3; return o->flag + 1;`, "store vm1.flag = 3; load vm1.flag = 3; -> 4"},
		"a result that is not used":    {`none(o); return 1;`, "load vm1.n = 0; -> 1"},
		"choices":                      {`return nondet() ? 4 : 5;`, "-> 4"},
		"a struct stands for itself":   {`return whole(o->part) + whole(&o->part);`, "load vm1.part.m = 0; load vm1.part.m = 0"},
		"structs in a function":        {`struct s { int s; }; struct s *p = o->data; return p->s;`, "load vm1.data = vm1; load vm1.s = 0"},
		"a local set through pointers": {`int x; fill(&x); return x;`, "-> 9"},
	} {
		t.Run(name, func(t *testing.T) {
			src := `typedef struct _whole { int m; pthread_mutex_t in; } part;
int seen(const void *p, ...); int none(obj *o) { if (o->n) return 1; }
int whole(void *p) { part *q = p; return q->m; }
void fill(int *p) { if (!p) return; *p = 9; }
int f(obj *o) { ` + c.body + ` }`
			if got := trace(t, src, "f", "vm1"); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
