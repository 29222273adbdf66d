package schedule_test

import (
	"testing"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/checker/schedule"
)

// BenchmarkJudged is the price of one decision when the history of each run is recorded and judged
// too.
func BenchmarkJudged(b *testing.B) {
	threads, err := schedule.ParseThreads("query(vm1) x2, modify(vm1), destroy(vm1)")
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range []schedule.Strategy{schedule.Exhaustive, schedule.Bounded, schedule.Random, schedule.PCT} {
		b.Run(string(s), func(b *testing.B) {
			p := schedule.Driver(schedule.DriverConfig{Threads: threads, History: linear.NewJudge(linear.Options{}).Run})
			steps := int64(0)
			for b.Loop() {
				r, err := schedule.Search(b.Context(), p, schedule.Options{Strategy: s, Preemptions: 3, Schedules: 2000})
				if err != nil || r.Failure != nil {
					b.Fatal(err, r.Failure)
				}
				steps += r.Steps
			}
			b.ReportMetric(float64(steps)/b.Elapsed().Seconds(), "steps/s")
		})
	}
}
