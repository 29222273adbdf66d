package stress

import (
	"testing"
	"testing/synctest"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/driver/drivertest"
)

// The runtime of a load does what every runtime must.
func TestRuntime(t *testing.T) {
	drivertest.Runtime(t, drivertest.Harness{Run: func(t *testing.T, body func(driver.Runtime)) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(nil)
			w.Go("body", func() { body(w) })
			w.running.Wait()
			if len(w.findings) > 0 {
				t.Error(w.findings)
			}
		})
	}})
}

// So does the one of production with what the load puts around it.
func TestProductionRuntime(t *testing.T) {
	drivertest.Runtime(t, drivertest.Harness{Run: func(t *testing.T, body func(driver.Runtime)) {
		w := newWorld(nil)
		w.Go("body", func() { body(newProduction(w)) })
		w.running.Wait()
		if len(w.findings) > 0 {
			t.Error(w.findings)
		}
	}})
}
