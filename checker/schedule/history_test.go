package schedule_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/checker/schedule"
	"github.com/lockproof/lockproof/driver"
)

// linearizable judges runs by the sequential models of package linear.
func linearizable() (func(string) driver.Observer, func() error) {
	r := linear.NewRecorder(linear.Steps())
	return r.Observe, func() error {
		c := linear.NewChecker(linear.Options{})
		c.Add(r.Drain())
		report := c.Finish(true)
		if report.Verdict() != linear.Illegal {
			return nil
		}
		v := report.Violations()[0]
		text := fmt.Sprintf("no order of these %s steps on %s explains them:", v.Layer, v.Domain)
		for _, s := range v.Steps {
			text += fmt.Sprintf("\n  %d-%d %s: %s", s.From, s.To, s.Client, s.Text)
		}
		return errors.New(text)
	}
}

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
				Threads: threads, Starts: map[string]schedule.Start{"vm1": tt.start}, History: linearizable,
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
