package schedule_test

import (
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/checker/schedule"
	"github.com/lockproof/lockproof/driver"
)

// Every interleaving of these programs has a linear history.
func TestHistoriesAreLinearizable(t *testing.T) {
	for _, tt := range []struct {
		threads string
		start   schedule.Start
		faults  []driver.Fault
	}{
		{threads: "query(vm1), suspend(vm1), info(vm1)"},
		{threads: "suspend(vm1), resume(vm1), query(vm1)"},
		{threads: "set-memory(vm1)+info(vm1), set-memory(vm1, 4096)+info(vm1)"},
		{threads: "destroy(vm1)+start(vm1), info(vm1)"},
		{threads: "destroy(vm1), info(vm1)+info(vm1)", start: schedule.Undefined},
		{threads: "undefine(vm1), define(vm1), info(vm1)"},
		{threads: "undefine(vm1), define(vm1), start(vm1)", start: schedule.Down},
		{threads: "crash(vm1), define(vm1), info(vm1)", start: schedule.Undefined},
		{threads: "crash(vm1), query(vm1), start(vm1)"},
		{threads: "wait(vm1), crash(vm1), info(vm1)"},
		{threads: "query(vm1), info(vm1)", faults: []driver.Fault{driver.DomainDeath, driver.GuestShutdown, driver.CommandError}},
		{threads: "suspend(vm1), info(vm1)", faults: []driver.Fault{driver.DomainDeath, driver.GuestShutdown, driver.CommandError}},
		{threads: "suspend(vm1), destroy(vm1)", faults: []driver.Fault{driver.WaitTimeout}},
	} {
		t.Run(strings.ReplaceAll(tt.threads, ", ", "|"), func(t *testing.T) {
			threads, err := schedule.ParseThreads(tt.threads)
			if err != nil {
				t.Fatal(err)
			}
			p := schedule.Driver(schedule.DriverConfig{
				Threads: threads, Starts: map[string]schedule.Start{"vm1": tt.start}, History: linear.NewJudge(linear.Options{}).Run,
			})
			r, err := schedule.Search(t.Context(), p, schedule.Options{Faults: tt.faults})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d runs", r.Runs)
			if r.Failure != nil || !r.Complete {
				t.Fatal(r.Failure, r.Complete)
			}
		})
	}
}
