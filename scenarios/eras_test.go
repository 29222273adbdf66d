package scenarios

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
)

// TestEras holds the suites of the eras against what they had: states, transitions, depth, verdict
// and kind. SPIN counts the same states (go test ./checker/crosscheck -run Library).
func TestEras(t *testing.T) {
	suites, err := Library()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range suites {
		if !strings.HasPrefix(s.Name, "era-") {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			var got strings.Builder
			for _, sc := range s.Scenarios {
				p, err := sc.Program(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				r, err := search.Search(t.Context(), p, search.Options{Workers: 1})
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&got, "%s\t%s\t%s\t%d\t%d\t%d\n", sc.Name, r.Verdict, r.Kind, r.Stats.States, r.Stats.Transitions, r.Stats.Depth)
			}
			golden(t, filepath.Join("testdata", "eras", s.Name+".tsv"), got.String())
		})
	}
}
