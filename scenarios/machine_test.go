package scenarios_test

import (
	"testing"

	"github.com/lockproof/lockproof/model/modeltest"
	"github.com/lockproof/lockproof/scenarios"
)

// TestLibraryConforms runs every program of the library through the suite that all machines must
// pass, as far as its first states go.
func TestLibraryConforms(t *testing.T) {
	suites, err := scenarios.Library()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range suites {
		for _, sc := range s.Scenarios {
			t.Run(sc.Ref(), func(t *testing.T) {
				p, err := sc.Program(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				modeltest.Conform(t, p, modeltest.Options{States: 250})
			})
		}
	}
}
