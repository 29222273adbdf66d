//go:build lockproof_defects

package conform

import (
	"testing"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/scenarios"
)

// caught are the planted defects that lie in the helpers. The others lie in the API calls, in the
// event goroutine, or in the monitor's wire and its references.
var caught = []driver.Defect{
	driver.NoRetest, driver.LostSignal, driver.NoJobRef, driver.NoEndUnref, driver.ExtraUnref, driver.NoTimeoutUnref, driver.IgnoreTimeout,
	driver.MailErrorPath, driver.DecemberErrorPath, driver.DriverHeldInWait, driver.DriverAfterDomain, driver.UnlockAfterRefusal,
	driver.NoJobForMonitor, driver.DomainBeforeUnlock, driver.DriverInMonitor, driver.DomainFirstInExit, driver.DomainInMonitor,
}

// TestDefects plants each defect and asks whether some scenario of the library shows the
// difference.
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
				c, err := FromScenario(t.Context(), sc)
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
