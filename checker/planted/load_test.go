package planted

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/checker/stress"
	"github.com/lockproof/lockproof/driver"
	"go.uber.org/goleak"
)

const lateness = "how long who waits is a matter of the scheduler's, which judges it exactly"

// beyondLoad are the defects that a load does not show, and why. Package schedule is for them.
var beyondLoad = map[string]string{
	"UnlockAfterRefusal": "the waiter must give up between the removal of the domain and its own wake-up",
	"DomainBeforeUnlock": "nobody else waits for the monitor with the domain held",
	"EventKeepsMonitor":  "an event must come while the next caller enters the monitor, and here events come with answers",
	"StaleEOF":           "a QEMU that died of it looks like one that died by itself",

	"RenewedDeadline":        lateness,
	"RenewedCommandDeadline": lateness,
	"WrongCommandTimeout":    lateness,
	"RefusalAtOnce":          lateness,
	"NoRefusal":              lateness,
	"WrongWaitTimeout":       lateness,
	"WrongJobType":           "a load does not ask for what a job is begun",
	"WaitForAnyEnd":          "the domain must be started before the waiter wakes up",
	"EarlyEvent":             "the start must fail between the event and its end, and somebody look meanwhile",
	"BalloonInKiB":           "a load does not look into QEMU",
}

// Every other defect is found: by a lock that is misused, by a hang, by what is left over, or by
// porcupine. Which seed finds it depends on how the goroutines interleave, so there are several.
func TestLoad(t *testing.T) {
	if withEach(t, func(name string) bool { return beyondLoad[name] == "" }) {
		return
	}
	for seed := uint64(1); seed <= 40; seed++ {
		if how := hunt(t, seed); how != "" {
			t.Logf("seed %d: %s", seed, how)
			return
		}
	}
	t.Fatal("not found")
}

// hunt runs one load and says what it found. Odd seeds let callers be patient, so that a caller
// whom nobody wakes is a hang; even ones do not, so that the paths of those who give up are taken.
// Time is virtual: it passes only when nobody can go on, so a wait that only its deadline ends is
// one, however slow the machine is.
func hunt(t *testing.T, seed uint64) (how string) {
	synctest.Test(t, func(t *testing.T) {
		o := stress.Options{
			Seed: seed, Operations: 8000, Faults: []stress.Fault{stress.QEMUDeath, stress.SlowMonitor, stress.Removal, stress.BadAnswer},
			Hypervisor: func(rt driver.Runtime) driver.Hypervisor { return driver.Simulated(rt) },
			Clock:      linear.Steps(),
		}
		if seed%2 == 0 {
			o.Faults, o.JobTimeout = stress.Faults(), 10*time.Millisecond
		}
		r, err := stress.Run(t.Context(), o)
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
func TestLoadEnds(t *testing.T) {
	if withEach(t, func(string) bool { return true }) {
		return
	}
	defer goleak.VerifyNone(t)
	for _, patience := range []time.Duration{2 * time.Millisecond, time.Hour} {
		_, err := stress.Run(t.Context(), stress.Options{
			Seed: 1, Operations: 1500, Faults: []stress.Fault{stress.QEMUDeath, stress.Removal, stress.BadAnswer}, JobTimeout: patience,
			HangAfter: 300 * time.Millisecond,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
