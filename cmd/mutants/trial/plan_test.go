package trial

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Every package of the table exists, and has its own tests first.
func TestPlans(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	for dir, tests := range plans {
		if own := strings.TrimSuffix(tests[0], "/..."); own != "./"+dir {
			t.Errorf("%s begins with %s", dir, tests[0])
		}
		for _, p := range tests {
			if _, err := os.Stat(filepath.Join(root, strings.TrimSuffix(p, "/..."))); err != nil {
				t.Errorf("%s: %v", dir, err)
			}
		}
	}
	if p := Plan("reports"); !slices.Equal(p, []string{"./reports"}) {
		t.Error(p)
	}
}

// A property test gets a seed, and the package of a module that has none does not.
func TestSuites(t *testing.T) {
	tr := &Trials{Dir: filepath.Join("..", "..", "..")}
	all, err := tr.suites(t.Context(), []string{"./checker/linear", "./cmd/mutants/...", "./checker/linear"})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range all {
		name := strings.TrimPrefix(s.path, "github.com/lockproof/lockproof/")
		if slices.Contains(s.command("x.json", choice{}, 0), "-rapid.seed=1") {
			name += " seeded"
		}
		names = append(names, name)
	}
	want := []string{
		"checker/linear seeded", "cmd/mutants", "cmd/mutants/mutant", "cmd/mutants/schemata", "cmd/mutants/trial", "checker/linear seeded",
	}
	if !slices.Equal(names, want) {
		t.Error(names)
	}
	if all[0] != all[len(all)-1] {
		t.Error("one package has two suites")
	}
}

// Each test is asked once: the quick ones of all suites, then the slow ones. Their patience is
// their own.
func TestParts(t *testing.T) {
	even := &suite{path: "even", seconds: 2}
	uneven := &suite{path: "uneven", seconds: 10, slow: map[string]float64{"TestB": 3, "TestA": 6}}
	for skip, want := range map[string][]part{
		"": {
			{even, choice{}, 40 * time.Second},
			{uneven, choice{skip: "^(TestA|TestB)$"}, 30 * time.Second},
			{uneven, choice{run: "^(TestA|TestB)$"}, 110 * time.Second},
		},
		"C$": {
			{even, choice{skip: "C$"}, 40 * time.Second},
			{uneven, choice{skip: "C$|^(TestA|TestB)$"}, 30 * time.Second},
			{uneven, choice{run: "^(TestA|TestB)$", skip: "C$"}, 110 * time.Second},
		},
	} {
		if got := parts([]*suite{uneven, even}, skip); !slices.Equal(got, []part{want[1], want[0], want[2]}) {
			t.Errorf("skipping %q: %v", skip, got)
		}
	}
	args := choice{run: "A", skip: "B"}.args("-test.")
	if !slices.Equal(args, []string{"-test.run=A", "-test.skip=B"}) {
		t.Error(args)
	}
}
