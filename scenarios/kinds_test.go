package scenarios_test

import (
	"path/filepath"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/scenarios"
)

// TestSeededDefects runs one seeded defect for every check, and its repaired twin: the check must
// find its own defect, with its own kind and nothing else, and must be silent about the twin.
func TestSeededDefects(t *testing.T) {
	dir := besideLibrary(t, "testdata/kinds/kinds.yaml", "testdata/kinds/kinds.c")
	suites, err := scenarios.Load(t.Context(), filepath.Join(dir, "kinds.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range suites[0].Scenarios {
		t.Run(sc.Name, func(t *testing.T) {
			p, err := sc.Program(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			o := search.Options{}
			if sc.RacesFor("") == scenarios.CheckRaces {
				o.Races = search.CheckRaces
			}
			r, err := search.Search(t.Context(), p, o)
			if err != nil {
				t.Fatal(err)
			}
			if !sc.Expect.Matches(r.Verdict, r.Kind) {
				t.Errorf("verdict %s (%s), want %s", r.Verdict, r.Kind, sc.Expect)
			}
			for _, f := range r.Findings {
				t.Logf("%s %s: %s", f.Verdict, f.Kind, f.Message)
			}
			if len(r.Findings) > 1 {
				t.Errorf("%d findings, want one", len(r.Findings))
			}
		})
	}
}
