//go:build lockproof_defects

package conform

import (
	"testing"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/scenarios"
)

// caught are the planted defects that lie in the helpers of the old protocols. The others lie in the API calls, in the event goroutine, in the
// monitor's wire, or in error paths that only today's contract has.
var caught = []driver.Defect{
	driver.NoRetest, driver.LostSignal, driver.NoJobRef, driver.NoEndUnref, driver.ExtraUnref, driver.IgnoreTimeout, driver.DriverHeldInWait,
	driver.DriverAfterDomain, driver.NoJobForMonitor, driver.DomainInMonitor, driver.DomainBeforeUnlock,
}

// TestDefects plants each defect and asks whether some scenario of the library shows the difference.
func TestDefects(t *testing.T) {
	suites, err := scenarios.Library()
	if err != nil {
		t.Fatal(err)
	}
	for _, defect := range caught {
		first := ""
		for _, s := range suites {
			for _, sc := range s.Scenarios {
				if len(sc.Closed()) > 3 || first != "" {
					continue
				}
				c, err := FromScenario(sc)
				if err != nil {
					t.Fatal(err)
				}
				c.prepare = func(d *driver.Driver) { d.Plant(defect) }
				r, err := Compare(t.Context(), c, Options{})
				if err != nil {
					t.Fatal(err)
				}
				if r.Mismatch != nil {
					first = sc.String() + ": " + r.Mismatch.Error()
				}
			}
		}
		t.Logf("%s: %s", defect, first)
		if first == "" {
			t.Errorf("%s is not noticed", defect)
		}
	}
}
