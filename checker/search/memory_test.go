package search_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// TestMemoryOfManyWorkers checks that a limit on memory holds for what all workers take together,
// on levels that are wide enough for all of them: each may take some more before it looks again.
func TestMemoryOfManyWorkers(t *testing.T) {
	// Six threads that do not see each other: a level doubles or trebles the one before it.
	p := inline(t, "{run: walk(), count: 6}", `
static int flag;
void walk(void) { flag = 1; flag = 1; flag = 1; flag = 1; flag = 1; flag = 1; flag = 1; flag = 1; flag = 1; flag = 1; }
`)
	stopped := 0
	for _, workers := range []int{1, 3, 8} {
		for _, limit := range []int64{500_000, 2_000_000, 5_000_000} {
			t.Run(fmt.Sprintf("%d workers, %d bytes", workers, limit), func(t *testing.T) {
				r := searchFor(t, p, search.Options{Workers: workers, MaxMemory: limit}.ShareAll())
				if r.Stats.Bytes > limit {
					t.Errorf("%d bytes used of %d", r.Stats.Bytes, limit)
				}
				if r.Limit == model.MemoryLimit {
					stopped++
				}
				if r.Complete != (r.Limit == model.NoLimit) || r.Complete != (r.Verdict == model.OK) {
					t.Errorf("verdict %s, complete %v, limit %q", r.Verdict, r.Complete, r.Limit)
				}
			})
		}
	}
	if stopped < 9 {
		t.Errorf("only %d searches came to the limit", stopped)
	}
}

// TestPlaceOfLeak shows where memory that is lost comes from, and who made it: not where he is who
// finished last.
func TestPlaceOfLeak(t *testing.T) {
	p := inline(t, "lose(), other()", `
static int done;
void lose(void) {
    int *p = malloc(sizeof(int));
    if (p) *p = 1;
}
void other(void) { done = 1; }
`)
	for _, o := range everyReduction() {
		r := searchFor(t, p, o)
		if r.Kind != model.MemoryLeak {
			t.Fatalf("%+v: %s %s", o.Reduce, r.Verdict, r.Kind)
		}
		f := &r.Findings[0]
		told := strings.Contains(f.Message, "allocated at "+f.Pos.String())
		if !told || f.Pos.Line == 0 || fmt.Sprint(f.Threads) != "[0]" {
			t.Errorf("%+v: at %s, of %v: %s", o.Reduce, f.Pos, f.Threads, f.Message)
		}
	}
}
