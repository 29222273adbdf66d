package lower_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/model"
)

// levels writes functions that call one another, some levels deep, with as many integer locals in
// all as asked for; each works on shared variables under a lock, and on what it was given.
func levels(depth, locals, lines int) string {
	var b strings.Builder
	b.WriteString("static pthread_mutex_t m; static int s0, s1, s2, s3, stop;\n")
	each := max(1, locals/depth)
	for k := depth - 1; k >= 0; k-- {
		fmt.Fprintf(&b, "static int g%d(int p, int q)\n{\n    int r = p & 1;\n", k)
		for l := range each {
			fmt.Fprintf(&b, "    int l%d = (p + q + %d) & 3;\n", l, l)
		}
		for n := range max(1, (lines/depth-each-5)/5) {
			v, l := n%4, n%each
			fmt.Fprintf(&b, "    pthread_mutex_lock(&m);\n    l%d = (s%d + %d) & 3;\n    if (l%d == %d) s%d = (l%d + 1) & 3;\n    else r ^= 1;\n    pthread_mutex_unlock(&m);\n", l, v, k, l, (n+k)%4, (v+1)%4, l)
		}
		if k+1 < depth {
			fmt.Fprintf(&b, "    r = g%d(%d, r);\n", k+1, k&3)
		}
		b.WriteString("    return r;\n}\n")
	}
	b.WriteString("void f(void)\n{\n    s3 = g0(1, 2);\n}\n")
	return b.String()
}

// TestManyLines lowers and searches a function of 300 lines with 30 integer locals in 12 levels of
// calls, as two threads.
func TestManyLines(t *testing.T) {
	src := levels(12, 30, 300)
	if n := strings.Count(src, "\n"); n < 280 || n > 340 {
		t.Errorf("%d lines", n)
	}
	p, r := answered(t, src)
	if r.Verdict != model.OK || !r.Complete {
		t.Errorf("%s %s, %s", r.Verdict, r.Kind, r.Limit)
	}
	t.Logf("%d nodes, %d states, %s", len(p.Threads[0].Nodes), r.Stats.States, r.Stats.Elapsed)
}

func answered(t testing.TB, src string) (*model.Program, *search.Result) {
	t.Helper()
	p, err := buildWith(t, lower.Options{}, src, "f()", "f()")
	if err != nil {
		t.Fatal(err)
	}
	opt := search.Options{Reduce: search.Reduction{Merge: true, Symmetry: true}}
	p, limit, err := search.Close(t.Context(), p, opt)
	if err != nil || limit != model.NoLimit {
		t.Fatal(limit, err)
	}
	r, err := search.Search(t.Context(), p, opt)
	if err != nil {
		t.Fatal(err)
	}
	return p, r
}

// BenchmarkLevels shows how the cost of lowering and searching two threads grows with their lines,
// locals and calls.
func BenchmarkLevels(b *testing.B) {
	for _, n := range []int{1, 2, 4, 6, 8, 10, 12} {
		b.Run(fmt.Sprintf("levels=%d", n), func(b *testing.B) {
			src := levels(n, 5*n/2, 25*n)
			for b.Loop() {
				p, r := answered(b, src)
				b.ReportMetric(float64(len(p.Threads[0].Nodes)), "nodes")
				b.ReportMetric(float64(r.Stats.States), "states")
			}
		})
	}
}
