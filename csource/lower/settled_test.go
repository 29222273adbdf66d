package lower_test

import (
	"testing"

	"github.com/lockproof/lockproof/model"
)

// What an argument, an operand or a part of an initialiser was stays so, whatever those to its
// right change: of each kind of call that is compiled in its own way. Each program has two values
// to choose from, and a mistake would take the second.
func TestSettledArguments(t *testing.T) {
	one := []string{"f()%"}
	for name, src := range map[string]string{
		"index": "int a[2] = {1, 2}, b[2] = {3, 4}, *p = a; int n = p[(p = b, 1)]; assert(n == 2);",
		"index first": "int a[2] = {1, 2}, b[2] = {3, 4}, *p = a, n = 0; int m = n[(n = 1, p)]; assert(m == 1); " +
			"assert(b[0] == 3);",
		"atomic": "_Atomic int *p = &x; atomic_fetch_add(p, (p = &y, 1)); int n = x, m = y; " +
			"assert(n == 1 && m == 0);",
		"atomic value": "int n = 1; __atomic_store_n(&x, n, (n = 5)); int m = x; assert(m == 1);",
		"memcpy": "struct two s = {1, 1}, t = {2, 2}, *p = &s; " +
			"memcpy(p, (p = &t, &five), sizeof(struct two)); assert(s.a == 5 && t.a == 2);",
		"through a pointer": "int (*p)(int, int) = pair; int n = p((p = riap, 1), 2); assert(n == 12);",
		"range": "int n = 1; struct two a[2] = {[0 ... 1] = {n, n++}}; " +
			"assert(a[0].a == 1 && a[1].a == 1 && a[1].b == 1 && n == 2);",
		"struct": "int n = 1; struct two s = {n, n = 5}; assert(s.a == 1 && s.b == 5);",
		"mutex attributes": "pthread_mutexattr_t v; pthread_mutexattr_init(&v); " +
			"pthread_mutexattr_settype(&v, PTHREAD_MUTEX_RECURSIVE); pthread_mutex_t *p = &raw; " +
			"pthread_mutex_init(p, (p = &cooked, &v)); pthread_mutex_lock(&raw); " +
			"pthread_mutex_lock(&raw); pthread_mutex_unlock(&raw); pthread_mutex_unlock(&raw);",
		"attribute": "pthread_mutexattr_t v, w, *p = &v; pthread_mutexattr_init(&v); " +
			"pthread_mutexattr_init(&w); " +
			"pthread_mutexattr_settype(p, (p = &w, PTHREAD_MUTEX_RECURSIVE)); int k, l; " +
			"pthread_mutexattr_gettype(&v, &k); pthread_mutexattr_gettype(&w, &l); " +
			"assert(k == PTHREAD_MUTEX_RECURSIVE && l != k);",
		"attribute read": "pthread_mutexattr_t v, w, *p = &v; pthread_mutexattr_init(&v); " +
			"pthread_mutexattr_init(&w); pthread_mutexattr_settype(&v, PTHREAD_MUTEX_RECURSIVE); " +
			"int k; pthread_mutexattr_gettype(p, (p = &w, &k)); assert(k == PTHREAD_MUTEX_RECURSIVE);",
		"once": "pthread_once_t *p = &once; pthread_once(p, (p = &twice, count)); " +
			"pthread_once(&once, count); int n = counted; assert(n == 1);",
		"semaphore's value": "sem_t *p = &low; sem_init(&low, 0, 1); sem_init(&high, 0, 2); int n; " +
			"sem_getvalue(p, (p = &high, &n)); assert(n == 1);",
		"semaphore": "sem_t *p = &low; sem_init(p, (p = &high, 0), 1); int n; sem_getvalue(&low, &n); " +
			"assert(n == 1);",
		"semaphore's start": "int k = 1; sem_init(&low, k, (k = 0, 2)); int n; sem_getvalue(&low, &n); " +
			"assert(n == 2 && k == 0);",
		"texts": "const char *s = \"a\"; int n = strcmp(s, (s = \"b\", \"a\")); assert(n == 0);",
		"equal threads": "pthread_t s = pthread_self(), no = 0; " +
			"int n = pthread_equal(s, (s = no, pthread_self())); assert(n);",
		"what is not known": "struct timeval v = {1, 1}, w = {1, 1}, *p = &v; gettimeofday(p, (p = &w, NULL)); " +
			"assert(w.tv_sec == 1);",
		"what a call clears": "obj *p = &first; int n = same(p, g_steal_pointer(&p)); assert(n && !p);",
		"operand":            "obj *p = &first; int n = p == g_steal_pointer(&p); assert(n && !p);",
		"object argument":    "int n = 1; struct two s = {2, 3}; int m = with(n, (n = 4, s)); assert(m == 123);",
		"after an object": "int n = 1; struct two s = {2, 3}; int m = with(n, s); assert(m == 123); " +
			"m = with(s.a, s); assert(m == 223);",
		"expected":          "int n = 1, m = __builtin_expect(n, (n = 5, 1)); assert(m == 1);",
		"object and change": "struct two s = {2, 3}; int m = after(s, (s.a = 9, 1)); assert(m == 231);",
		"timed condition": "pthread_mutex_lock(&first.lock); pthread_mutex_t *p = &first.lock; " +
			"virCondWaitUntil(&first.cond, p, (p = &second.lock, 0)); " +
			"pthread_mutex_unlock(&first.lock);",
	} {
		t.Run(name, func(t *testing.T) {
			text := object + `
struct two { int a, b; };
static obj first = { .n = 1 }, second = { .n = 2 }, third = { .n = 3 };
static _Atomic int x, y;
static pthread_once_t once = PTHREAD_ONCE_INIT, twice = PTHREAD_ONCE_INIT;
static sem_t low, high;
static pthread_mutex_t raw, cooked;
static const struct two five = {5, 5};
static int counted;
static void count(void) { counted++; }
static int pair(int a, int b) { return 10 * a + b; }
static int riap(int a, int b) { return 10 * b + a; }
static int same(obj *a, obj *b) { return a == b; }
static int after(struct two s, int n) { return 100 * s.a + 10 * s.b + n; }
static int with(int n, struct two s) { return 100 * n + 10 * s.a + s.b; }
void f(void) { ` + src + " }"
			if v, k, _ := verdict(t, text, one...); v != model.OK {
				t.Errorf("%s %s", v, k)
			}
		})
	}
}
