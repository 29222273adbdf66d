package scenarios_test

import (
	"path/filepath"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/scenarios"
)

// TestCases runs small suites that were once answered wrongly: the verdict of each scenario is what
// C and POSIX say.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*/suite.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			suites, err := scenarios.Load(t.Context(), file)
			if err != nil {
				t.Fatal(err)
			}
			for _, sc := range suites[0].Scenarios {
				p, err := sc.Program(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				r, err := search.Search(t.Context(), p, search.Options{})
				if err != nil {
					t.Fatal(err)
				}
				if !sc.Expect.Matches(r.Verdict, r.Kind) {
					t.Errorf("%s: verdict %s (%s), want %s", sc.Name, r.Verdict, r.Kind, sc.Expect)
				}
			}
		})
	}
}
