package scenarios_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// BenchmarkSearch exhausts n queries on one domain, and three legal patterns on two domains,
// reductions off.
func BenchmarkSearch(b *testing.B) {
	for _, c := range []struct {
		name, threads string
		workers       int
	}{
		{"query x7", "query(vm1) x7", 1},
		{"query x8", "query(vm1) x8", 1},
		{"query x8", "query(vm1) x8", 2},
		{"mixed", "query(vm1) x2, modify(vm1), relock(vm1), query(vm2), modify(vm2)", 1},
		{"mixed", "query(vm1) x2, modify(vm1), relock(vm1), query(vm2), modify(vm2)", 2},
	} {
		b.Run(fmt.Sprintf("%s/workers=%d", c.name, c.workers), func(b *testing.B) {
			p := programOf(b, c.threads)
			for b.Loop() {
				r, err := search.Search(b.Context(), p, search.Options{Workers: c.workers})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(r.Stats.States)/r.Stats.Elapsed.Seconds(), "states/s")
				b.ReportMetric(float64(r.Stats.Bytes)/float64(r.Stats.States), "bytes/state")
				b.ReportMetric(float64(r.Stats.States), "states")
				runtime.GC()
			}
		})
	}
}

// programOf builds a scenario of the library's bodies on the mail's protocol.
func programOf(tb testing.TB, threads string) *model.Program {
	tb.Helper()
	dir := besideLibrary(tb)
	file := filepath.Join(dir, "s.yaml")
	text := fmt.Sprintf(`suite: s
title: made for one test
protocol: mail-2009-10
sources: [bodies.c, mistakes.c]
scenarios:
  - name: only
    threads: [%s]
    rules: ignore
    expect: ok
    why: made for one test
`, threads)
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		tb.Fatal(err)
	}
	suites, err := scenarios.Load(context.Background(), file)
	if err != nil {
		tb.Fatal(err)
	}
	p, err := suites[0].Scenarios[0].Program(context.Background())
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// besideLibrary makes a directory with the library's C and copies of some other files, for suites
// that use both.
func besideLibrary(tb testing.TB, files ...string) string {
	tb.Helper()
	dir := tb.TempDir()
	for _, name := range append([]string{"library/bodies.c", "library/mistakes.c"}, files...) {
		text, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(name)), text, 0o666); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}
