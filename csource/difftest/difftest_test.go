// Package difftest holds the C that is checked against the C that a compiler makes.
package difftest

import (
	"errors"
	"flag"
	"os/exec"
	"testing"
	"time"

	"github.com/lockproof/lockproof/csource/syntax"
)

var (
	programs = flag.Int("programs", 600, "how many random programs are compared with what the C compiler makes of them")
	seed     = flag.Uint64("seed", 1, "which random programs")
	first    = flag.Uint64("first", 0, "the number of the first program")
	tries    = flag.Int("tries", 200, "how often a program that differs is made smaller")
	batch    = flag.Int("batch", 200, "how many are compiled together")
)

// TestCompiler runs random programs through lower and the search, and compiled, by the same
// schedules: after each step the shared variables are the same, and who can go on, and how it ends.
func TestCompiler(t *testing.T) {
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("the Debian package gcc is not installed")
	}
	w, err := newWorkshop(t.Context(), gcc, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var pairs []*pair
	steps, interpreted, made, large := 0, 0, 0, 0
	ends, refused := map[string]int{}, map[string]int{}
	var lowering, compiling time.Duration
	flush := func() {
		if made%5000 == 0 {
			t.Logf("%d programs", made)
		}
		began := time.Now()
		n, err := w.run(t.Context(), "batch", pairs)
		compiling += time.Since(began)
		steps += n.steps
		interpreted += n.interpreted
		for _, x := range pairs {
			for _, walk := range x.walks {
				last := walk.seen[len(walk.seen)-1]
				if last.failed != "" {
					ends[last.failed]++
				} else {
					ends[last.threads]++
				}
			}
		}
		pairs = nil
		if d := (*difference)(nil); errors.As(err, &d) {
			s := &shrinker{w: w, seed: *seed, left: *tries}
			t.Fatal(s.shrink(t.Context(), d))
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for n := *first; made < *programs; n++ {
		began := time.Now()
		p := generate(*seed, n)
		x, err := pairUp(p, *seed, n, len(pairs))
		lowering += time.Since(began)
		if diags := syntax.Diagnostics(nil); errors.As(err, &diags) {
			refused[diags[0].Msg]++
			continue
		}
		if err != nil {
			t.Fatalf("program %d: %v\n%s", n, err, p.source())
		}
		if x == nil {
			large++
			continue
		}
		made++
		if pairs = append(pairs, x); len(pairs) == *batch {
			flush()
		}
	}
	if len(pairs) > 0 {
		flush()
	}
	t.Logf("%d programs with %d steps, %d of them interpreted as well; %d were too large", made, steps, interpreted, large)
	t.Logf("seed %d; lowered and searched in %v, compiled and run in %v", *seed, lowering, compiling)
	for what, n := range refused {
		t.Logf("%7d refused: %s", n, what)
	}
	for end, n := range ends {
		t.Logf("%7d %s", n, end)
	}
}
