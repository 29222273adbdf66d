package schedule

import (
	"testing"

	"github.com/lockproof/lockproof/driver"
)

// BenchmarkSteps is the price of one decision on the driver, set-up and shutdown of the run
// included.
func BenchmarkSteps(b *testing.B) {
	for _, s := range []Strategy{Exhaustive, Bounded, Random, PCT} {
		b.Run(string(s), func(b *testing.B) {
			p := Driver(DriverConfig{Threads: mustParse(b, "query(vm1) x2, modify(vm1), destroy(vm1)")})
			steps := int64(0)
			for b.Loop() {
				r, err := Search(b.Context(), p, Options{Strategy: s, Preemptions: 3, Schedules: 2000})
				if err != nil || r.Failure != nil {
					b.Fatal(err, r.Failure)
				}
				steps += r.Steps
			}
			b.ReportMetric(float64(steps)/b.Elapsed().Seconds(), "steps/s")
		})
	}
}

// BenchmarkSwitch is the price of one decision between two threads that lock in turn.
func BenchmarkSwitch(b *testing.B) {
	p := &Program{Threads: []string{"a", "b"}}
	p.New = func(rt driver.Runtime) Instance {
		m := rt.NewMutex("m")
		body := func() {
			for range 1000 {
				pass(m)
			}
		}
		return Instance{Bodies: []func(){body, body}, Permanent: []string{"m"}}
	}
	steps := int64(0)
	for b.Loop() {
		r, err := Search(b.Context(), p, Options{Strategy: Random, Schedules: 100})
		if err != nil || r.Failure != nil {
			b.Fatal(err, r.Failure)
		}
		steps += r.Steps
	}
	b.ReportMetric(float64(steps)/b.Elapsed().Seconds(), "steps/s")
}
