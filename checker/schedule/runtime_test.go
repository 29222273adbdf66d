package schedule

import (
	"testing"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/driver/drivertest"
)

// The runtime of coroutines does what every runtime must, under schedules that are drawn, and with
// deadlines that pass or do not.
func TestRuntime(t *testing.T) {
	drivertest.Runtime(t, drivertest.Harness{Run: func(t *testing.T, body func(driver.Runtime)) {
		p := &Program{Threads: []string{"body"}, New: func(rt driver.Runtime) Instance {
			return Instance{Bodies: []func(){func() { body(rt) }}, Permanent: []string{"m"}}
		}}
		for _, faults := range [][]driver.Fault{nil, {driver.WaitTimeout, driver.Garbage}} {
			r, err := Search(t.Context(), p, Options{Strategy: Random, Schedules: 60, Seed: 5, MaxSteps: 100_000, Faults: faults, AsFound: true})
			if err != nil || r.Failure != nil || r.Cut > 0 {
				t.Errorf("%v %v, %d cut", err, r.Failure, r.Cut)
			}
		}
	}})
}
