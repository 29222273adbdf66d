package lower_test

import (
	"fmt"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// A program that goes beyond what is modelled meets the limit of that name.
func TestBeyond(t *testing.T) {
	for want, src := range map[model.Limit]string{
		model.AllocationsLimit: "void f(void) { int *p = malloc(sizeof(int)); *p = 1; shared = *p; }",
		model.RecursionLimit:   "void g(void) { shared = 1; g(); } void f(void) { g(); }",
		model.LockDepthLimit:   "pthread_rwlock_t l; void f(void) { for (;;) pthread_rwlock_rdlock(&l); }",
		model.ThreadsLimit:     "void *run(void *p) { return p; } void f(void) { pthread_t t; for (;;) { pthread_create(&t, NULL, run, NULL); pthread_join(t, NULL); } }",
	} {
		thread := "f()"
		if want == model.AllocationsLimit {
			thread = "f()*"
		}
		p, err := build(t, object+src, thread)
		if err != nil {
			t.Errorf("%s: %v", want, err)
			continue
		}
		if r, err := search.Search(t.Context(), p, search.Options{}); err != nil || r.Verdict != model.Unknown || r.Limit != want {
			t.Errorf("%s: %s (%s) %v", want, r.Verdict, r.Limit, err)
		}
	}
}

// As many as a bound says are possible, and one more is not.
func TestLastBeforeBeyond(t *testing.T) {
	for name, c := range map[string]struct {
		src   string // with %d for how often
		most  int
		limit model.Limit
	}{
		"locks of a recursive mutex": {
			`pthread_mutex_t r = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
void f(void) { for (int i = 0; i < %[1]d; i++) pthread_mutex_lock(&r); for (int i = 0; i < %[1]d; i++) pthread_mutex_unlock(&r); }`,
			64, model.LockDepthLimit,
		},
		"locks of a reader": {
			`pthread_rwlock_t l;
void f(void) { for (int i = 0; i < %[1]d; i++) pthread_rwlock_rdlock(&l); for (int i = 0; i < %[1]d; i++) pthread_rwlock_unlock(&l); }`,
			64, model.LockDepthLimit,
		},
		"threads beside the first": {
			`void *run(void *p) { return p; }
void f(void) { for (int i = 0; i < %d; i++) { pthread_t t; pthread_create(&t, NULL, run, NULL); pthread_join(t, NULL); } }`,
			model.MaxThreads - 1, model.ThreadsLimit,
		},
		"objects of one call": {
			"int *kept[20]; void f(void) { for (int i = 0; i < %d; i++) { int *p = malloc(sizeof(int)); *p = i; shared = *p; kept[i] = p; } }", 16, model.AllocationsLimit,
		},
		"calls inside one another": {
			"void g(int i) { shared = 1; if (i > 1) g(i - 1); } void f(void) { g(%d); }", 100, model.RecursionLimit,
		},
	} {
		for _, often := range []int{c.most, c.most + 1} {
			p, err := build(t, object+fmt.Sprintf(c.src, often), "f()")
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			want, limit := model.OK, model.NoLimit
			if often > c.most {
				want, limit = model.Unknown, c.limit
			}
			r, err := search.Search(t.Context(), p, search.Options{})
			if err != nil || r.Verdict != want || r.Limit != limit {
				t.Errorf("%d %s: %s (%s) %v", often, name, r.Verdict, r.Limit, err)
			}
		}
	}
}
