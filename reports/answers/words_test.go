package answers

import (
	"slices"
	"testing"

	"github.com/lockproof/lockproof/checker/conform"
	"github.com/lockproof/lockproof/checker/lockorder"
	"github.com/lockproof/lockproof/reports"
)

// The words of JSON are those of the checkers: each is converted by its text.
func TestWords(t *testing.T) {
	directions := []reports.Direction{reports.Forward, reports.Backward, reports.Apart}
	for _, d := range conform.Directions() {
		if !slices.Contains(directions, reports.Direction(d)) {
			t.Errorf("reports does not know the direction %q", d)
		}
	}
	statuses := []reports.CycleStatus{reports.Real, reports.Guarded, reports.Unsettled}
	for _, s := range []lockorder.Status{lockorder.Real, lockorder.Guarded, lockorder.Unknown} {
		if !slices.Contains(statuses, reports.CycleStatus(s)) {
			t.Errorf("reports does not know the status %q", s)
		}
	}
}
