package conform_test

import (
	"testing"

	"github.com/lockproof/lockproof/checker/conform"
	"github.com/lockproof/lockproof/scenarios"
)

// TestLibraryOnDriver runs the library's threads on the helpers of today, in the driver and in C:
// what the bodies of old protocols do there breaks rules, in both alike.
func TestLibraryOnDriver(t *testing.T) {
	q := &scenarios.Question{Protocol: "today"}
	r, err := q.Replace(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, sc := range r.Scenarios {
		if len(sc.Closed()) > maxThreads {
			continue
		}
		t.Run(sc.String(), func(t *testing.T) {
			c, err := conform.FromScenario(t.Context(), sc)
			if err != nil {
				t.Fatal(err)
			}
			got, err := conform.Compare(t.Context(), c, conform.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got.Mismatch != nil || !got.Complete {
				t.Fatalf("%v, complete %v\nafter %s", got.Mismatch, got.Complete, got.Mismatch.Schedule)
			}
			compared++
		})
	}
	t.Log(compared, r.WhyNot())
}
