package planted

import (
	"slices"
	"testing"

	"github.com/lockproof/lockproof/checker/conform"
	"github.com/lockproof/lockproof/scenarios"
)

// inHelpers are the defects that lie in the helpers. The others lie in the API calls, in the event
// goroutine, or in the monitor's wire and its references, which no model of the helpers has.
var inHelpers = []string{
	"NoRetest", "LostSignal", "NoJobRef", "NoEndUnref", "ExtraUnref", "NoTimeoutUnref", "IgnoreTimeout", "MailErrorPath", "DecemberErrorPath",
	"DriverHeldInWait", "DriverAfterDomain", "UnlockAfterRefusal", "DomainBeforeUnlock", "DriverInMonitor", "DomainFirstInExit", "DomainInMonitor",
	"NoJobForMonitor",
}

// Some scenario of the library shows the difference to the model, on the helpers of today.
func TestModel(t *testing.T) {
	if withEach(t, func(name string) bool { return slices.Contains(inHelpers, name) }) {
		return
	}
	q := &scenarios.Question{Protocol: "today"}
	r, err := q.Replace(t.Context(), nil) // a suite that is not about these helpers is left out
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range r.Scenarios {
		if len(sc.Closed()) > 3 {
			continue
		}
		c, err := conform.FromScenario(t.Context(), sc)
		if err != nil {
			t.Fatal(err)
		}
		r, err := conform.Compare(t.Context(), c, conform.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r.Mismatch != nil {
			t.Logf("%s: %v", sc, r.Mismatch)
			return
		}
	}
	t.Fatal("not noticed")
}
