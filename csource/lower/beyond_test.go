package lower_test

import (
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
