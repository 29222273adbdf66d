package lower_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
)

// TestThreadsRefused keeps what is said of threads that cannot be: their functions, how many
// arguments they have, and what these are.
func TestThreadsRefused(t *testing.T) {
	const source = `struct s { int a, b[2]; }; struct u { int c; }; struct far; typedef void *any;
static int a[3], n; static char c; static struct s g, h[2]; static __thread int own; static long l;
void one(int *p) { *p = 1; } void number(int k) { n = k; } void small(char k) { n = k; } void big(long k) { n = k != 0; }
void nothing(void *v) { n = v != 0; } void as(void *v) { struct s *p = v; p->a = 1; }
void by(void *v) { struct s *p; p = v; p->a = 1; } void cast(void *v) { ((struct s *) v)->a = 1; }
void both(void *v) { struct s *p = v; struct u *q = v; p->a = 1; q->c = 1; } void twice(void *v) { struct s *p = v, *q = v; p->a = q->a; }
void object(struct s *p) { p->a = 1; } void value(struct s x) { n = x.a; } void incomplete(struct far *f) { n = f != 0; }
void text(const char *s) { n = s != 0; } void flag(_Bool b) { n = b; } void back(void (*f)(void)) { f(); } void two(int x, int *y) { *y = x; }
`
	var b strings.Builder
	for _, thread := range []string{
		"one(&n)", "one(&a[0])", "one(&a[2])", "one(&a[3])", "one(&a[-1])", "one(&a[99999999999999999999])", "one(&a[x])", "one(&a)", "one(a)",
		"one(n)", "one(&g.a)", "one(&g.b[1])", "one(&g.b[2])", "one(&h[1].b[0])", "one(&h[2].a)", "one(&g.c)", "one(&g)", "one(&c)", "one(&l)",
		"one(&nobody)", "one(&own)", "one(NULL)", "one(0)", "one(7)", "one(vm1)", "one()", "one(&n, &n)", "one(\"x\")", "one(&n.a)", "one(&g.b)",
		"number(0)", "number(-1)", "number(2147483647)", "number(2147483648)", "number(-2147483648)", "number(-2147483649)", "number(0x10)",
		"number(010)", "number(18446744073709551615)", "number(18446744073709551616)", "number(NULL)", "number(n)", "number(true)", "number(vm1)",
		"small(127)", "small(128)", "small(-129)", "big(9223372036854775807)", "big(9223372036854775808)", "flag(1)", "flag(2)",
		"nothing(NULL)", "nothing(vm1)", "nothing(&n)", "nothing(3)", "as(vm1)", "by(vm1)", "cast(vm1)", "both(vm1)", "twice(vm1)", "as(&g)", "as(&n)",
		"object(vm1)", "object(vm2)", "object(vm0)", "object(vm)", "object(vmx)", "object(&g)", "object(&h[1])", "object(g)", "object(NULL)",
		"value(1)", "incomplete(vm1)", "incomplete(NULL)", "text(NULL)", "text(\"a\")", "back(one)", "back(NULL)", "two(1, &n)", "two(&n, 1)", "two(1)",
		"nobody()", "n()", "two", "",
	} {
		p, err := build(t, source, thread)
		fmt.Fprintf(&b, "%s: %s\n", thread, summary(t, p, err))
	}
	many := slices.Repeat([]string{"number(1)"}, model.MaxThreads)
	p, err := build(t, source, many...)
	fmt.Fprintf(&b, "%d threads: %s\n", len(many), summary(t, p, err))
	many = append(many, "number(2)", "number(3)")
	p, err = build(t, source, many...)
	fmt.Fprintf(&b, "%d threads: %s\n", len(many), summary(t, p, err))
	p, err = build(t, source)
	fmt.Fprintf(&b, "no threads: %s\n", summary(t, p, err))
	golden(t, "testdata/threads.golden", b.String())
}
