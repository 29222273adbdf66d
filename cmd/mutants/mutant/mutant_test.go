package mutant_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/cmd/mutants/mutant"
)

var update = flag.Bool("update", false, "write the golden files again")

// every loads the package that has something for each operator.
func every(t *testing.T) *mutant.Package {
	t.Helper()
	packages, err := mutant.Load(t.Context(), filepath.Join("testdata", "every"), []string{"."})
	if err != nil {
		t.Fatal(err)
	}
	return packages[0]
}

// TestEvery pins every mutant of a package, and which of them do not compile.
func TestEvery(t *testing.T) {
	p := every(t)
	var b strings.Builder
	for _, m := range p.Mutants(mutant.Options{}) {
		fmt.Fprintf(&b, "%s in %s: %s", m.ID, m.Func, m.Change)
		if !p.Compiles(m) {
			b.WriteString(" (does not compile)")
		}
		b.WriteString("\n")
	}
	golden := filepath.Join("testdata", "every.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Error(d)
	}
}

// Each operator makes something of the package, so that its list shows them all.
func TestOperators(t *testing.T) {
	p := every(t)
	seen := map[string]bool{}
	for _, m := range p.Mutants(mutant.Options{}) {
		seen[m.Operator] = seen[m.Operator] || p.Compiles(m)
	}
	for _, name := range []string{
		"arguments", "arithmetic", "bits", "boolean", "bound", "branch", "case", "compare", "condition", "conjunct",
		"constant", "defer", "exit", "field", "index", "logic", "loop", "negate", "order", "range", "statement", "wake",
	} {
		if !seen[name] {
			t.Error("nothing is made by", name)
		}
	}
}

// Code that only makes text is changed when that is asked for.
func TestPrinting(t *testing.T) {
	functions := func(o mutant.Options) []string {
		var names []string
		for _, m := range every(t).Mutants(o) {
			names = append(names, m.Func)
		}
		slices.Sort(names)
		return slices.Compact(names)
	}
	without := []string{"clauses", "conditions", "limit", "numbers", "places", "statements", "waiter.waiting"}
	if d := cmp.Diff(without, functions(mutant.Options{})); d != "" {
		t.Error(d)
	}
	with := []string{"clauses", "conditions", "limit", "numbers", "pair.String", "places", "statements", "waiter.waiting", "write"}
	if d := cmp.Diff(with, functions(mutant.Options{Printing: true})); d != "" {
		t.Error(d)
	}
}

func TestDiff(t *testing.T) {
	p := every(t)
	for _, m := range p.Mutants(mutant.Options{}) {
		if m.ID != "every.go:33:2:statement#1" {
			continue
		}
		want := `every.go:31
  
  func numbers(x uint, text string) (uint, string) {
- 	x |= x<<limit ^ 7
+ 	if false {
+ 		x |= x<<limit ^ 7
+ 	}
  	x = x&^3 + 100000
  	return ^x - 1, text + "+"
`
		if d := cmp.Diff(want, m.Diff); d != "" {
			t.Error(d)
		}
		if !strings.Contains(string(m.Text()), "if false {") || filepath.Base(m.Path()) != "every.go" {
			t.Error("the file is not the changed one")
		}
		return
	}
	t.Error("no such mutant")
}

// A sample has what was asked for, the same every time, and a smaller one is its beginning.
func TestSample(t *testing.T) {
	p := every(t)
	all := p.Mutants(mutant.Options{})
	ids := func(seed uint64, k int) []string {
		var ids []string
		for _, m := range p.Sample(t.Context(), all, seed, k) {
			if !p.Compiles(m) {
				t.Error(m.ID, "does not compile")
			}
			ids = append(ids, m.ID)
		}
		return ids
	}
	ten := ids(1, 10)
	if len(ten) != 10 {
		t.Fatal(len(ten), "mutants")
	}
	if d := cmp.Diff(ten, ids(1, 10)); d != "" {
		t.Error("another sample:", d)
	}
	if d := cmp.Diff(ten[:4], ids(1, 4)); d != "" {
		t.Error("a smaller sample is no beginning:", d)
	}
	if cmp.Equal(ten, ids(2, 10)) {
		t.Error("the seed does not matter")
	}
	compile := 0
	for _, m := range all {
		if p.Compiles(m) {
			compile++
		}
	}
	if everything := ids(1, 0); len(everything) != compile || compile == len(all) {
		t.Errorf("%d of %d mutants, %d compile", len(everything), len(all), compile)
	}
}

func TestLoadErrors(t *testing.T) {
	for _, pattern := range []string{"./nowhere", "-x"} {
		if _, err := mutant.Load(t.Context(), ".", []string{pattern}); err == nil {
			t.Error("no error for", pattern)
		}
	}
	_, err := mutant.Load(t.Context(), ".", []string{"errors"})
	if err == nil || !strings.Contains(err.Error(), "not in a module") {
		t.Error(err)
	}
}
