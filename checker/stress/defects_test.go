//go:build lockproof_defects

package stress

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/driver"
)

// beyondLoad are the defects that a load does not show, and why. Package schedule is for them.
var beyondLoad = map[driver.Defect]string{
	driver.UnlockAfterRefusal: "the waiter must give up between the removal of the domain and its own wake-up",
	driver.DomainBeforeUnlock: "nobody else waits for the monitor with the domain held",
	driver.EventKeepsMonitor:  "an event must come while the next caller enters the monitor, and here events come with answers",
	driver.StaleEOF:           "a QEMU that died of it looks like one that died by itself",
}

// Every other planted defect is found: by a lock that is misused, by a hang, by what is left over,
// or by porcupine. Which seed finds it depends on how the goroutines interleave, so there are
// several.
func TestDefects(t *testing.T) {
	for _, defect := range driver.Defects() {
		t.Run(defect.String(), func(t *testing.T) {
			if why, ok := beyondLoad[defect]; ok {
				t.Skip(why)
			}
			for seed := uint64(1); seed <= 40; seed++ {
				if how := hunt(t, defect, seed); how != "" {
					t.Logf("seed %d: %s", seed, how)
					return
				}
			}
			t.Fatal("not found")
		})
	}
}

// hunt runs one load on a driver with a defect, and says what it found. Odd seeds let callers be
// patient, so that a caller whom nobody wakes is a hang; even ones do not, so that the paths of
// those who give up are taken.
func hunt(t *testing.T, defect driver.Defect, seed uint64) (how string) {
	synctest.Test(t, func(t *testing.T) {
		o := virtual(Options{Seed: seed, Operations: 8000, Faults: []Fault{QEMUDeath, SlowMonitor, Removal, BadAnswer}})
		o.Prepare = func(d *driver.Driver) { d.Plant(defect) }
		if seed%2 == 0 {
			o.Faults, o.JobTimeout = Faults(), 10*time.Millisecond
		}
		r, err := Run(t.Context(), o)
		switch {
		case err != nil:
			t.Fatal(err)
		case len(r.Findings) > 0:
			how = string(r.Findings[0].Kind) + ": " + r.Findings[0].Message
		case r.Check.Verdict() == linear.Illegal:
			how = fmt.Sprintf("porcupine: api %v, jobs %v, %d breaches", r.Check.API.Verdict, r.Check.Jobs.Verdict, len(r.Check.Breaches))
		}
	})
	return how
}

// Whatever a load finds, it comes to its end, and leaves no goroutine behind: on sockets, where
// goroutines wait outside of the driver's runtime, and with callers that lose their patience, so
// that nobody is stuck for long.
func TestEveryLoadEnds(t *testing.T) {
	for _, defect := range driver.Defects() {
		for _, patience := range []time.Duration{2 * time.Millisecond, time.Hour} {
			_, err := Run(t.Context(), Options{
				Seed: 1, Operations: 1500, Faults: []Fault{QEMUDeath, Removal, BadAnswer}, JobTimeout: patience, HangAfter: 300 * time.Millisecond,
				Prepare: func(d *driver.Driver) { d.Plant(defect) },
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}
