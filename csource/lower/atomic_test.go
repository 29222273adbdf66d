package lower_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
)

// counting is a thread that counts in a way of its own, and the last of two looks at the sum.
const counting = `
static _Atomic int x;
static atomic_int a;
static int plain, n;
static _Atomic(int) *p = &x;
static pthread_mutex_t m;
struct box { int pad; _Atomic unsigned long in; };
static struct box box;
void f(void) { %s; pthread_mutex_lock(&m); n++; if (n == 2) { int sum = %s; assert(sum == %d); } pthread_mutex_unlock(&m); }
`

// TestAtomicCounting counts with two threads: what is one step loses nothing.
func TestAtomicCounting(t *testing.T) {
	for name, c := range map[string]struct {
		count, read string
		sum         int
		verdict     model.Verdict
	}{
		"x++":                    {"x++", "x", 2, model.OK},
		"++x":                    {"++x", "x", 2, model.OK},
		"x--":                    {"x--", "x", -2, model.OK},
		"x += 2":                 {"x += 2", "x", 4, model.OK},
		"x |= self()":            {"x |= self()", "x", 3, model.OK},
		"x += a choice":          {"x += n > -1 ? 1 : 5", "x", 2, model.OK},
		"x += a condition":       {"x += n > -1 && self()", "x", 2, model.OK},
		"*p -= a condition":      {"*p -= n > -1 || self()", "x", -2, model.OK},
		"box.in += a condition":  {"box.in += n > -1 || self()", "box.in", 2, model.OK},
		"a++":                    {"a++", "a", 2, model.OK},
		"through a pointer":      {"(*p)++", "x", 2, model.OK},
		"in a struct":            {"box.in++", "box.in", 2, model.OK},
		"in two steps":           {"x = x + 1", "x", 2, model.Violation},
		"a plain variable":       {"plain++", "plain", 2, model.Violation},
		"fetch_add":              {"atomic_fetch_add(&x, 1)", "x", 2, model.OK},
		"fetch_sub":              {"atomic_fetch_sub_explicit(&x, 1, memory_order_relaxed)", "x", -2, model.OK},
		"fetch_or":               {"atomic_fetch_or(&x, self())", "x", 3, model.OK},
		"__atomic_add_fetch":     {"__atomic_add_fetch(&plain, 1, __ATOMIC_SEQ_CST)", "plain", 2, model.OK},
		"__sync_fetch_and_add":   {"__sync_fetch_and_add(&plain, 3)", "plain", 6, model.OK},
		"g_atomic_int_inc":       {"g_atomic_int_inc(&plain)", "plain", 2, model.OK},
		"g_atomic_int_add":       {"g_atomic_int_add(&plain, 5)", "plain", 10, model.OK},
		"virAtomicIntInc":        {"virAtomicIntInc(&plain)", "plain", 2, model.OK},
		"load, then store":       {"atomic_store(&x, atomic_load(&x) + 1)", "x", 2, model.Violation},
		"a loop of exchanges":    {"int o = x; while (!atomic_compare_exchange_strong(&x, &o, o + 1));", "x", 2, model.OK},
		"a loop of weak ones":    {"int o = x; while (!atomic_compare_exchange_weak(&x, &o, o + 1));", "x", 2, model.OK},
		"a weak one, tried once": {"int o = x; atomic_compare_exchange_weak(&x, &o, o + 1)", "x", 2, model.Violation},
		"__sync_bool":            {"int o; do { o = plain; } while (!__sync_bool_compare_and_swap(&plain, o, o + 1));", "plain", 2, model.OK},
		"g_atomic_int_compare":   {"int o; do { o = g_atomic_int_get(&plain); } while (!g_atomic_int_compare_and_exchange(&plain, o, o + 1));", "plain", 2, model.OK},
	} {
		t.Run(name, func(t *testing.T) {
			if v, k, _ := verdict(t, fmt.Sprintf(counting, c.count, c.read, c.sum), "f()", "f()"); v != c.verdict {
				t.Errorf("got %s %q, want %s", v, k, c.verdict)
			}
		})
	}
}

// TestAtomicSteps checks how many steps there are.
func TestAtomicSteps(t *testing.T) {
	const decl = "static _Atomic int x; static int y; static atomic_flag busy = ATOMIC_FLAG_INIT;\n"
	for name, c := range map[string]struct {
		body   string
		ops    string
		states int64
	}{
		"one":        {"void f(void) { x++; }", "update", 4},
		"two":        {"void f(void) { y++; }", "load store", 12},
		"operand":    {"void f(void) { x += y; y = 1; }", "load update store", 21},
		"load":       {"void f(void) { int i = x; x = i; }", "load store", 9},
		"fences":     {"void f(void) { atomic_thread_fence(memory_order_seq_cst); __sync_synchronize(); x++; }", "update", 4},
		"try a lock": {"void f(void) { if (!atomic_flag_test_and_set(&busy)) atomic_flag_clear(&busy); }", "update store", 8},
		"a local":    {"void f(void) { _Atomic int i = 1; i++; i += 2; atomic_fetch_add(&i, 1); assert(i == 5); x = i; }", "store", 4},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := build(t, decl+c.body, "f()", "f()")
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			var ops []string
			for _, n := range p.Threads[0].Nodes {
				if op := n.Op.String(); op != "finish" && op != "fail" && !seen[n.Text+op] {
					seen[n.Text+op] = true
					ops = append(ops, op)
				}
			}
			if got := strings.Join(ops, " "); got != c.ops {
				t.Errorf("steps %q, want %q", got, c.ops)
			}
			if _, _, n := verdict(t, decl+c.body, "f()", "f()"); n != c.states {
				t.Errorf("%d states, want %d", n, c.states)
			}
		})
	}
}

// TestAtomicProtocols is about what is made of atomics.
func TestAtomicProtocols(t *testing.T) {
	const decl = `
static atomic_flag busy = ATOMIC_FLAG_INIT;
static _Atomic int turn, in;
static int lock;
static struct item { int v; } one, two;
static struct item *cur = &one;
void spin(void) { while (atomic_flag_test_and_set(&busy)) ; in++; assert(in == 1); in--; atomic_flag_clear(&busy); }
void keeps(void) { while (atomic_flag_test_and_set(&busy)) ; in++; assert(in == 1); in--; }
void takes(void) { while (__sync_lock_test_and_set(&lock, 1)) ; in++; assert(in == 1); in--; __sync_lock_release(&lock); }
void looks(void) { while (lock) ; lock = 1; in++; assert(in == 1); in--; lock = 0; }
void swings(void) { struct item *was = g_atomic_pointer_get(&cur); if (g_atomic_pointer_compare_and_exchange(&cur, was, &two)) assert(was == &one); }
void drops(void) { if (virAtomicIntDecAndTest(&lock)) { in++; assert(in == 1); } }
void raises(void) { virAtomicIntSet(&lock, 2); }
void grows(void) { turn++; }
`
	for name, c := range map[string]struct {
		threads []string
		verdict model.Verdict
		kind    model.Kind
	}{
		"a spin lock":              {[]string{"spin()", "spin()"}, model.OK, ""},
		"a spin lock that is kept": {[]string{"keeps()", "spin()"}, model.PartialDeadlock, ""},
		"one of GCC's":             {[]string{"takes()", "takes()"}, model.OK, ""},
		"looked, then taken":       {[]string{"looks()", "looks()"}, model.Violation, model.AssertKind},
		"a counter without end":    {[]string{"grows()*"}, model.Unknown, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if v, k, _ := verdict(t, decl, c.threads...); v != c.verdict || k != c.kind {
				t.Errorf("got %s %q, want %s %q", v, k, c.verdict, c.kind)
			}
		})
	}
}

// alone is what one thread does with atomics. It ends well in C.
var alone = []string{
	"_Atomic int x = 5; eq(x++, 5); eq(x, 6); eq(--x, 5); eq((x += 3), 8); eq((x -= 1), 7)",
	"_Atomic int x = 6; x |= 1; eq(x, 7); x &= 5; eq(x, 5); x ^= 1; eq(x, 4); x *= 3; eq(x, 12)",
	"atomic_int x; atomic_init(&x, 3); eq(atomic_load(&x), 3); eq(atomic_exchange(&x, 4), 3); eq(x, 4)",
	"atomic_int x = 1; eq(atomic_fetch_add(&x, 2), 1); eq(atomic_fetch_sub(&x, 1), 3); eq(x, 2)",
	"atomic_int x = 6; eq(atomic_fetch_or(&x, 1), 6); eq(atomic_fetch_and(&x, 3), 7); eq(atomic_fetch_xor(&x, 1), 3)",
	"atomic_int x = 1; int e = 2; eq(atomic_compare_exchange_strong(&x, &e, 9), 0); eq(e, 1); eq(x, 1)",
	"atomic_int x = 1; int e = 1; eq(atomic_compare_exchange_strong(&x, &e, 9), 1); eq(e, 1); eq(x, 9)",
	"int x = 1, e = 2; eq(__atomic_compare_exchange_n(&x, &e, 9, 0, 5, 5), 0); eq(e, 1); eq(x, 1)",
	"int x = 6; eq(__atomic_nand_fetch(&x, 2, 5), -3); eq(__sync_fetch_and_xor(&x, 1), -3); eq(x, -4)",
	"int x = 1; eq(__sync_val_compare_and_swap(&x, 1, 2), 1); eq(__sync_val_compare_and_swap(&x, 1, 3), 2); eq(x, 2)",
	"int x = 1, r = 0, v = 4; __atomic_load(&x, &r, 5); eq(r, 1); __atomic_exchange(&x, &v, &r, 5); eq(x, 4); eq(r, 1)",
	"atomic_flag b = ATOMIC_FLAG_INIT; eq(atomic_flag_test_and_set(&b), 0); eq(atomic_flag_test_and_set(&b), 1); atomic_flag_clear(&b); eq(atomic_flag_test_and_set(&b), 0)",
}

// TestAtomicAlone runs them through the model and, where there is a compiler, through it: both are
// content.
func TestAtomicAlone(t *testing.T) {
	for _, body := range alone {
		if v, k, _ := verdict(t, "static void eq(int a, int b) { assert(a == b); }\nvoid f(void) { "+body+"; }", "f()"); v != model.OK {
			t.Errorf("%s: %s %q", body, v, k)
		}
	}
	compiledAlone(t, "#include <stdatomic.h>\nstatic void eq(int a, int b) { assert(a == b); }\n", alone)
}

func TestAtomicRefusals(t *testing.T) {
	const decl = "static _Atomic int x; static int y, *q; struct s { int a; int refs __attribute__((refcount)); };\n"
	for name, c := range map[string]struct{ src, want string }{
		"a struct":          {"static _Atomic struct s z; void f(void) { }", "struct s cannot be _Atomic here: only integers and pointers can"},
		"a plain pointer":   {"void f(void) { q = &x; }", "q is int *, and &x is _Atomic(int) *"},
		"no pointer":        {"void f(void) { atomic_fetch_add(x, 1); }", "argument 1 of atomic_fetch_add is the address of an integer or a pointer, and x is _Atomic(int)"},
		"sums of pointers":  {"void f(void) { __sync_fetch_and_add(&q, 1); }", "__sync_fetch_and_add cannot be modelled on a pointer"},
		"arity":             {"void f(void) { atomic_load(&x, 5); }", "atomic_load takes 1 argument, not 2"},
		"an unknown weight": {"void f(void) { int e = 0; __atomic_compare_exchange_n(&y, &e, 1, y, 5, 5); }", "needs a constant here: whether it is weak"},
		"nothing expected":  {"void f(void) { atomic_compare_exchange_strong(&x, 0, 1); }", "argument 2 of atomic_compare_exchange_strong is a pointer to _Atomic(int), and 0 is int"},
		"a role":            {"void f(struct s *o) { g_atomic_int_inc(&o->refs); }", "vm1.refs has a role by its attribute, and cannot be changed by an atomic operation"},
		"a definition":      {"void atomic_load(void) { } void f(void) { }", "atomic_load is a primitive and cannot be defined"},
	} {
		t.Run(name, func(t *testing.T) {
			thread := "f()"
			if strings.Contains(c.src, "*o") {
				thread = "f(vm1)"
			}
			if _, err := build(t, decl+c.src, thread); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}
