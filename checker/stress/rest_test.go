package stress

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/driver"
)

// A stuck hypervisor never comes to the end of a start.
type stuck struct {
	driver.Hypervisor
	runtime driver.Runtime
}

func (h stuck) Spawn(domain string, memory int64) (driver.Process, error) {
	h.runtime.Sleep(10_000 * time.Hour)
	return h.Hypervisor.Spawn(domain, memory)
}

// An interrupted load that does not come to rest is ended, long before it counts as a hang.
func TestInterruptedWithoutRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r, err := Run(ctx, Options{
			Seed: 1, Operations: 1000, HangAfter: 1000 * time.Hour, JobTimeout: 2000 * time.Hour, Clock: linear.Steps(),
			Hypervisor: func(rt driver.Runtime) driver.Hypervisor { return stuck{driver.Simulated(rt), rt} },
		})
		if err != nil || r.Complete || len(r.Findings) > 0 || r.Verdict() != linear.Unknown {
			t.Fatalf("%v %+v", err, r)
		}
		if d := time.Since(began); d > time.Minute { // of the bubble's time
			t.Error("it took", d)
		}
	})
}
