package lower_test

import (
	"testing"

	"github.com/lockproof/lockproof/model"
)

// An enumerator that needs all bits of an unsigned long is one, and no type holds it beside a
// negative one.
func TestLargestEnumerators(t *testing.T) {
	one := []string{"f()"}
	holds := func(src string) small { return small{src, one, model.OK, "", 1} }
	checkSmall(t, map[string]small{
		"is no -1":         holds("enum e { A = 0xFFFFFFFFFFFFFFFF, B = 0 }; void f(void) { assert(A > 0 && A == -1UL); }"),
		"its size":         holds("enum e { A = 0xFFFFFFFFFFFFFFFF, B = 1 }; void f(void) { assert(sizeof(enum e) == 8 && sizeof A == 8 && sizeof B == 4); }"),
		"negative":         holds("enum e { A = -1, B = 0x7FFFFFFF }; void f(void) { assert(A < 0 && sizeof(enum e) == 4); }"),
		"negative and far": holds("enum e { A = -1, B = 0x80000000 }; void f(void) { assert(A < 0 && B > 0 && sizeof(enum e) == 8); }"),
	})
	const src = "enum e { A = -1, B = 0xFFFFFFFFFFFFFFFF }; void f(void) { enum e x = A; assert(x); }"
	if _, err := build(t, src, "f()"); err == nil || err.Error() != "t.c:1:1: no type holds all values of the enum" {
		t.Error(err)
	}
}

// A cast makes a type lie. What a primitive is called on is looked at when it is called.
func TestCastsThatLie(t *testing.T) {
	const decl = "int x; pthread_mutex_t m; sem_t s; pthread_rwlock_t l; pthread_barrier_t b; pthread_once_t o; pthread_cond_t c; void g(void) { }\n"
	types := map[string]string{
		"x": "int", "m": "pthread_mutex_t", "s": "sem_t", "l": "pthread_rwlock_t", "b": "pthread_barrier_t", "o": "pthread_once_t", "c": "pthread_cond_t",
	}
	for call, own := range map[string]string{
		"pthread_mutex_unlock(%)": "m", "sem_post(%)": "s", "pthread_rwlock_unlock(%)": "l", "pthread_barrier_destroy(%)": "b",
		"pthread_once(%, g)": "o", "pthread_cond_signal(%)": "c",
	} {
		for v := range types {
			text := replacePercent(call, "("+types[own]+" *) (void *) &"+v)
			_, err := build(t, decl+"void f(void) { "+text+"; }", "f()")
			if v == own {
				if err != nil {
					t.Errorf("%s: %v", text, err)
				}
				continue
			}
			name := replacePercent(call, "")
			for i, r := range name {
				if r == '(' {
					name = name[:i]
					break
				}
			}
			want := "t.c:2:16: " + text + ": argument 1 is not what " + name + " works on"
			if err == nil || err.Error() != want {
				t.Errorf("%s: %v, want %s", text, err, want)
			}
		}
	}
}

func replacePercent(s, by string) string {
	for i := range s {
		if s[i] == '%' {
			return s[:i] + by + s[i+1:]
		}
	}
	return s
}

// What is not known of numbers, of texts and of pointers between objects is never taken for
// something that is.
func TestNotKnown(t *testing.T) {
	one := []string{"f()"}
	checkSmall(t, map[string]small{
		"added by an atomic operation": {
			"_Atomic int x; void f(void) { atomic_fetch_add(&x, rand()); atomic_store(&x, 1); int n = x; assert(n == 1); }",
			one, model.OK, "", 4,
		},
		"compared between objects": {
			"int x[2], y[2]; void f(void) { char *p = (char *) &x[0] + 1, *q = (char *) &y[0] + 1; int n = p < q; assert(n); }",
			one, model.Violation, model.Undefined, 2,
		},
		"subtracted between objects": {
			"int x[2], y[2]; void f(void) { char *p = (char *) &x[0] + 1, *q = (char *) &y[1]; long n = q - p; assert(n); }",
			one, model.Violation, model.Undefined, 2,
		},
		"compared within one": {
			"int x[2]; void f(void) { char *p = (char *) &x[0] + 1, *q = (char *) &x[1] + 1; assert(p < q && q - p == 4); }",
			one, model.OK, "", 1,
		},
	})
	for src, want := range map[string]string{
		`int n = strlen("a" PRIu64 "b"); assert(n == 2);`:        "what (text) points to is not known (text that changes is not modelled)",
		`const char *s = "a" PRIu64; assert(s[0] == 'a');`:       "s[0] follows something that is not an object",
		"struct b *q = (void *) &y; q->m = 1; assert(y.n == 1);": "q->m = 1 takes y for a struct b, and it is a a",
	} {
		refused(t, "struct a { int n; } y; struct b { int m, k; }; void f(void) { "+src+" }", "f()", want)
	}
}

// Bit-fields of one memory location are as long as it is: what overlaps a later one of them
// overlaps each.
func TestBitFieldsOverlap(t *testing.T) {
	const src = "union u { struct { unsigned a : 4, b : 12; } s; struct { char p, q; } w; } x; " +
		"void f(void) { x.s.a = 1; x.w.q = 3; unsigned n = x.s.a; assert(n == 1); }"
	refused(t, src, "f()", "x.w.q overlaps x.s.a in part, and what is seen of one in the other is not known: both are used, "+
		"that one at t.c:2:94 (give each of them a place of its own, in a struct)")
}
