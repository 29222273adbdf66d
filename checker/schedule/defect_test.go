//go:build lockproof_defects

package schedule_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/checker/schedule"
	"github.com/lockproof/lockproof/driver"
)

// A planted is a defect with the smallest program that shows it, and how it shows.
type planted struct {
	defect  driver.Defect
	threads string
	start   schedule.Start
	faults  []driver.Fault
	want    string // class, or class/kind
}

var (
	timeout = []driver.Fault{driver.WaitTimeout}
	refusal = []driver.Fault{driver.CommandError}
)

var plantedDefects = []planted{
	{driver.NoRetest, "query(vm1) x3", "", nil, "violation/no-job"},
	{driver.LostSignal, "query(vm1) x2", "", nil, "deadlock/lost-wakeup"},
	{driver.ClearUnlocked, "query(vm1)", "", nil, "violation/missing-lock"},
	{driver.NoJobRef, "query(vm1), undefine(vm1)", schedule.Down, nil, "violation/use-after-release"},
	{driver.NoEndUnref, "query(vm1)", "", nil, "violation/refcount"},
	{driver.ExtraUnref, "query(vm1)", "", nil, "violation/refcount"},
	{driver.NoTimeoutUnref, "query(vm1) x2", "", timeout, "violation/refcount"},
	{driver.IgnoreTimeout, "query(vm1) x2", "", timeout, "violation/no-job"},
	{driver.MailErrorPath, "query(vm1), modify(vm1)", "", timeout, "violation/bad-unlock"},
	{driver.DecemberErrorPath, "query(vm1), modify(vm1), info(vm1)", "", timeout, "deadlock/lock-order"},
	{driver.DriverHeldInWait, "relock(vm1), wdriver(vm1)", "", nil, "deadlock/lock-order"},
	{driver.DriverAfterDomain, "query(vm1), modify(vm1)", "", nil, "deadlock/lock-order"},
	{driver.ForeignEnd, "query(vm1) x2", "", timeout, "violation/job-unbalanced"},
	{driver.JobKeptOnDeath, "query(vm1)", schedule.Down, nil, "violation/job-leak"},
	{driver.JobKeptOnRefusal, "query(vm1)", "", refusal, "violation/job-leak"},
	{driver.UnlockAfterRefusal, "destroy(vm1) x2", schedule.Undefined, timeout, "violation/use-after-release"},
	{driver.UnlockAfterEnd, "query(vm1), undefine(vm1)", schedule.Down, nil, "violation/use-after-release"},
	{driver.NoLivenessRecheck, "query(vm1), destroy(vm1)", "", nil, "violation/stale-liveness"},
	{driver.NoRemovalRecheck, "start(vm1), undefine(vm1)", schedule.Down, nil, "deadlock/lost-wakeup"},
	{driver.ReviveDead, "query(vm1), crash(vm1)", "", nil, "violation/stale-liveness"},
	{driver.RemovalWithoutJob, "start(vm1), undefine(vm1)", schedule.Down, nil, "deadlock/lost-wakeup"},
	{driver.ChangeAfterJob, "set-memory(vm1, 1), set-memory(vm1, 2)", "", nil, "violation/assert"},
	{driver.EarlyReturn, "set-memory(vm1, 4096), info(vm1)", "", nil, "history"},
	{driver.UnlockAfterRemoval, "undefine(vm1)", schedule.Down, nil, "violation/use-after-release"},
	{driver.NoJobForMonitor, "query(vm1) x2", "", nil, "violation/no-job"},
	{driver.ForgottenExit, "query(vm1)", "", refusal, "violation/lock-leak"},
	{driver.DriverInMonitor, "wdriver(vm1)", "", nil, "violation/requires"},
	{driver.DomainFirstInExit, "query(vm1), wdriver(vm1)", "", nil, "deadlock/lock-order"},
	{driver.DomainInMonitor, "query(vm1)", "", nil, "violation/requires"},
	{driver.NoMonitorRef, "query(vm1), crash(vm1)", "", nil, "violation/use-after-release"},
	{driver.StatePeek, "info(vm1)", "", nil, "violation/missing-lock"},
	{driver.ListPeek, "query(vm1)", "", nil, "violation/missing-lock"},
	{driver.CloseUnderDomain, "relock(vm1), crash(vm1)", "", nil, "deadlock/lock-order"},
	{driver.AnyReply, "query(vm1)", "", []driver.Fault{driver.WrongID}, "violation/assert"},
	{driver.NoNotify, "query(vm1)", "", nil, "deadlock/lost-wakeup"},
	{driver.NoNotifyOnEOF, "query(vm1), crash(vm1)", "", nil, "deadlock/lost-wakeup"},
	{driver.CommandNoRetest, "query(vm1)", "", []driver.Fault{driver.SpuriousWake}, "history"},
	{driver.EventKeepsMonitor, "query(vm1), event(vm1)", "", nil, "deadlock/lock-order"},
	{driver.NoEventRef, "start(vm1)+destroy(vm1)+undefine(vm1)", schedule.Down, nil, "violation/use-after-release"},
	{driver.LeakEventRef, "destroy(vm1)", "", nil, "violation/refcount"},
	{driver.StaleEOF, "destroy(vm1)+start(vm1)", "", nil, "history"},
	{driver.EventUnlocked, "event(vm1)", "", nil, "violation/missing-lock"},
	{driver.NoDeathOnEOF, "crash(vm1)", "", nil, "violation/refcount"},
	{driver.OrderAtDeath, "info(vm1), crash(vm1)", "", nil, "deadlock/lock-order"},
	{driver.LateRemoval, "crash(vm1), info(vm1)", schedule.Undefined, nil, "history"},
	{driver.WakeOneStopped, "wait(vm1) x2, destroy(vm1)", "", nil, "deadlock/lost-wakeup"},
	{driver.StoppedUnannounced, "wait(vm1), destroy(vm1)", "", nil, "deadlock/lost-wakeup"},
}

// harmless defects break no rule on their own. That ExitMonitor locks the domain before it lets go
// of the monitor, as the mail's prose has it, hangs only with somebody who uses the monitor without
// a job, which nobody in this driver does: the suite exit-monitor-order says the same.
var harmless = []driver.Defect{driver.DomainBeforeUnlock}

// noDeath is a judge of histories: QEMU must not die when nobody kills it.
func noDeath() (func(string) driver.Observer, func(context.Context) error) {
	d := &deaths{}
	return func(string) driver.Observer { return d }, func(context.Context) error {
		if d.n > 0 {
			return fmt.Errorf("a domain died %d times, and nobody killed it", d.n)
		}
		return nil
	}
}

type deaths struct{ n int }

func (d *deaths) Called(driver.Call)  {}
func (d *deaths) Job(driver.JobEvent) {}
func (d *deaths) Returned(c driver.Call, r driver.Result) {
	if c.Op == driver.OpDied && r.Code == driver.OK {
		d.n++
	}
}

func (p *planted) program(t *testing.T, defect driver.Defect) *schedule.Program {
	t.Helper()
	threads, err := schedule.ParseThreads(p.threads)
	if err != nil {
		t.Fatal(err)
	}
	c := schedule.DriverConfig{
		Threads: threads,
		Starts:  map[string]schedule.Start{"vm1": p.start},
		Ready:   func(d *driver.Driver) { d.Plant(defect) },
	}
	switch {
	case p.want == "history" && (p.defect == driver.LateRemoval || p.defect == driver.EarlyReturn):
		c.History = linear.NewJudge(linear.Options{}).Run
	case p.want == "history":
		c.History = noDeath
	}
	return schedule.Driver(c)
}

// Every defect is found by every strategy, in the way in which it should show, and its schedule
// replays it.
func TestSeededDefects(t *testing.T) {
	for _, p := range plantedDefects {
		t.Run(p.defect.String(), func(t *testing.T) {
			for _, o := range []schedule.Options{
				{Strategy: schedule.Exhaustive},
				{Strategy: schedule.Bounded, Preemptions: 3},
				{Strategy: schedule.Random, Schedules: 200_000, Seed: 1},
				{Strategy: schedule.PCT, Schedules: 20_000, Seed: 1},
			} {
				o.Faults = p.faults
				r, err := schedule.Search(t.Context(), p.program(t, p.defect), o)
				if err != nil {
					t.Fatal(err)
				}
				if r.Failure == nil {
					t.Errorf("%s did not find it in %d runs", o.Strategy, r.Runs)
					continue
				}
				f := r.Failure
				t.Logf("%-10s run %d, %d steps, %d preemptions: %s", o.Strategy, r.Runs, len(f.Schedule), f.Preemptions, f.Headline())
				if got := kindOf(f); got != p.want {
					t.Errorf("%s found %s, want %s", o.Strategy, got, p.want)
				}
				again, err := schedule.Replay(t.Context(), p.program(t, p.defect), o, f.Schedule)
				if err != nil || !f.Is(again.Failure) || again.Failure.Message != f.Message {
					t.Errorf("the replay of %s: %v, %v", f.Schedule, again, err)
				}
				sound, err := schedule.Replay(t.Context(), p.program(t, driver.NoDefect), o, f.Schedule)
				if err == nil && sound.Failure != nil {
					t.Errorf("the sound driver fails on the schedule as well: %v", sound.Failure)
				}
			}
		})
	}
}

func kindOf(f *schedule.Failure) string {
	if f.Kind == "" {
		return string(f.Class)
	}
	return string(f.Class) + "/" + string(f.Kind)
}

// The programs that show the defects find nothing in the sound driver, nor with a defect that is
// none.
func TestSoundOnSamePrograms(t *testing.T) {
	for _, p := range plantedDefects {
		for _, d := range append(slices.Clone(harmless), driver.NoDefect) {
			r, err := schedule.Search(t.Context(), p.program(t, d), schedule.Options{Faults: p.faults})
			if err != nil {
				t.Fatal(err)
			}
			if r.Failure != nil || !r.Complete {
				t.Errorf("%s, %s: %v, complete %v", p.threads, d, r.Failure, r.Complete)
			}
		}
	}
}

// No defect is without a program.
func TestEveryDefectIsPlanted(t *testing.T) {
	for _, d := range driver.Defects() {
		if !slices.ContainsFunc(plantedDefects, func(p planted) bool { return p.defect == d }) && !slices.Contains(harmless, d) {
			t.Errorf("nothing shows %s", d)
		}
	}
}
