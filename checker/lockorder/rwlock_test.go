package lockorder_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/scenarios"
)

// TestReaderWriterOrder checks the cycles of programs with reader-writer locks: readers alone make
// none, but where a writer may stand in a queue between them.
func TestReaderWriterOrder(t *testing.T) {
	const source = `
static pthread_rwlock_t l, k, g;
static pthread_rwlock_t p = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
static pthread_mutex_t m, n;
#define rd(x) pthread_rwlock_rdlock(&x)
#define wr(x) pthread_rwlock_wrlock(&x)
#define un(x) pthread_rwlock_unlock(&x)
#define lock(x) pthread_mutex_lock(&x)
#define unlock(x) pthread_mutex_unlock(&x)
void rl_m(void) { rd(l); lock(m); unlock(m); un(l); }
void wl_m(void) { wr(l); lock(m); unlock(m); un(l); }
void m_wl(void) { lock(m); wr(l); un(l); unlock(m); }
void m_rl(void) { lock(m); rd(l); un(l); unlock(m); }
void rl_rk(void) { rd(l); rd(k); un(k); un(l); }
void rk_rl(void) { rd(k); rd(l); un(l); un(k); }
void wl_rk(void) { wr(l); rd(k); un(k); un(l); }
void wk_rl(void) { wr(k); rd(l); un(l); un(k); }
void rk_wl(void) { rd(k); wr(l); un(l); un(k); }
void rl_wk(void) { rd(l); wr(k); un(k); un(l); }
void n_rl_m(void) { lock(n); rl_m(); unlock(n); }
void n_m_wl(void) { lock(n); m_wl(); unlock(n); }
void rg_rl_m(void) { rd(g); rl_m(); un(g); }
void rg_m_wl(void) { rd(g); m_wl(); un(g); }
void wg_m_wl(void) { wr(g); m_wl(); un(g); }
void rg_n_rl_m(void) { rd(g); n_rl_m(); un(g); }
void rg_n_m_wl(void) { rd(g); n_m_wl(); un(g); }
void again(void) { rd(p); rd(p); un(p); un(p); }
void twice(void) { rd(l); rd(l); un(l); un(l); }
void rp_m(void) { rd(p); lock(m); unlock(m); un(p); }
void m_rp(void) { lock(m); rd(p); un(p); unlock(m); }
void wp(void) { wr(p); un(p); }
void late(void) { if (pthread_rwlock_timedwrlock(&p, 0) == 0) un(p); }
`
	for name, c := range map[string]struct {
		threads []string
		faults  string
		want    []string // cycles: status and path, with what guards it
	}{
		"a reader and a writer":           {[]string{"rl_m", "m_wl"}, "", []string{"real m -> l -> m"}},
		"two readers":                     {[]string{"rl_m", "m_rl"}, "", nil},
		"a writer and a reader":           {[]string{"wl_m", "m_rl"}, "", []string{"real m -> l -> m"}},
		"readers of two":                  {[]string{"rl_rk", "rk_rl"}, "", nil},
		"a writer of one":                 {[]string{"wl_rk", "rk_rl"}, "", nil},
		"who writes one asks to read":     {[]string{"wl_rk", "wk_rl"}, "", []string{"real l -> k -> l"}},
		"who reads one asks to write":     {[]string{"rl_wk", "rk_wl"}, "", []string{"real l -> k -> l"}},
		"neither is waited for":           {[]string{"rl_rk", "rk_wl"}, "", nil},
		"among others":                    {[]string{"rl_rk", "rk_rl", "wl_rk", "wk_rl"}, "", []string{"real l -> k -> l"}},
		"under a mutex":                   {[]string{"n_rl_m", "n_m_wl"}, "", []string{"guarded m -> l -> m, the lock n"}},
		"under readers":                   {[]string{"rg_rl_m", "rg_m_wl"}, "", []string{"real m -> l -> m"}},
		"under a reader and a writer":     {[]string{"rg_rl_m", "wg_m_wl"}, "", []string{"guarded m -> l -> m, the lock g"}},
		"under readers and a mutex":       {[]string{"rg_n_rl_m", "rg_n_m_wl"}, "", []string{"guarded m -> l -> m, the lock n"}},
		"of one thread":                   {[]string{"rl_m"}, "", nil},
		"read twice":                      {[]string{"twice", "m_wl"}, "", nil},
		"read twice, a queue":             {[]string{"again", "wp"}, "", []string{"real p -> p"}},
		"read twice, nobody queues":       {[]string{"again", "again"}, "", nil},
		"two readers and a queue":         {[]string{"rp_m", "m_rp", "wp"}, "", []string{"real m -> p -> m"}},
		"two readers, nobody queues":      {[]string{"rp_m", "m_rp"}, "", nil},
		"a queue that is left":            {[]string{"rp_m", "m_rp", "late"}, "wait-timeout", []string{"guarded m -> p -> m, no reachable state"}},
		"a queue that nobody ever leaves": {[]string{"rp_m", "m_rp", "late"}, "", []string{"real m -> p -> m"}},
	} {
		t.Run(name, func(t *testing.T) {
			yaml := fmt.Sprintf("suite: s\nsource: |\n%s\nscenarios:\n  - {name: only, threads: [%s], faults: [%s], expect: ok}\n",
				"  "+strings.ReplaceAll(source, "\n", "\n  "), strings.Join(called(c.threads), ", "), c.faults)
			suites, err := scenarios.LoadFS(t.Context(), fstest.MapFS{"s.yaml": {Data: []byte(yaml)}}, "s.yaml")
			if err != nil {
				t.Fatal(err)
			}
			g, r := graphOf(t, suites[0].Scenarios[0], search.Options{})
			var got []string
			for i := range g.Cycles {
				x := &g.Cycles[i]
				got = append(got, fmt.Sprintf("%s %s, %s", x.Status, g.PathString(x.Path), x.Guard))
			}
			same := slices.EqualFunc(got, c.want, strings.HasPrefix)
			if !same {
				t.Errorf("got %q, want %q (%s)", got, c.want, r.Verdict)
			}
			if real := strings.Contains(fmt.Sprint(c.want), "real"); real != (r.Kind == "lock-order") {
				t.Errorf("cycles %q, and the verdict is %s %s", got, r.Verdict, r.Kind)
			}
		})
	}
}

func called(functions []string) []string {
	var calls []string
	for _, f := range functions {
		calls = append(calls, f+"()")
	}
	return calls
}
