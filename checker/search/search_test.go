package search_test

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// library builds a scenario of the embedded library.
func library(t testing.TB, ref string) *model.Program {
	t.Helper()
	suites, err := scenarios.Library()
	if err != nil {
		t.Fatal(err)
	}
	scs, err := scenarios.Find(t.Context(), suites, ref)
	if err != nil {
		t.Fatal(err)
	}
	p, err := scs[0].Program(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLimits(t *testing.T) {
	p := library(t, "call-patterns:five-queries")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	for name, c := range map[string]struct {
		ctx   context.Context
		opt   search.Options
		limit model.Limit
	}{
		"states":      {t.Context(), search.Options{MaxStates: 1000}, model.StatesLimit},
		"memory":      {t.Context(), search.Options{MaxMemory: 300_000}, model.MemoryLimit},
		"interrupted": {ended, search.Options{}, model.InterruptLimit},
		"timeout":     {late, search.Options{}, model.TimeoutLimit},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := search.Search(c.ctx, p, c.opt)
			if err != nil {
				t.Fatal(err)
			}
			if r.Verdict != model.Unknown || r.Limit != c.limit || r.Complete {
				t.Errorf("verdict %s, limit %q, complete %v", r.Verdict, r.Limit, r.Complete)
			}
			if c.opt.MaxMemory > 0 && r.Stats.Bytes > c.opt.MaxMemory {
				t.Errorf("%d bytes used of %d", r.Stats.Bytes, c.opt.MaxMemory)
			}
			if c.opt.MaxStates > 0 && (r.Stats.States < c.opt.MaxStates || r.Stats.States > 2*c.opt.MaxStates) {
				t.Errorf("%d states at a limit of %d", r.Stats.States, c.opt.MaxStates)
			}
		})
	}
}

// TestFindingStands shows that a limit does not take back what was found before it.
func TestFindingStands(t *testing.T) {
	p := library(t, "wake-ups:signal-swallowed-unnoticed")
	full, err := search.Search(t.Context(), p, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p = library(t, "exit-monitor-order:driver-before-exit-with-rogue")
	r, err := search.Search(t.Context(), p, search.Options{MaxStates: 700})
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict != model.Deadlock || r.Complete || r.Limit != model.StatesLimit {
		t.Errorf("verdict %s, complete %v, limit %q", r.Verdict, r.Complete, r.Limit)
	}
	if full.Verdict != model.PartialDeadlock || !full.Complete {
		t.Errorf("verdict %s, complete %v", full.Verdict, full.Complete)
	}
}

func TestFirst(t *testing.T) {
	p := library(t, "exit-monitor-order:driver-before-exit-with-rogue")
	r, err := search.Search(t.Context(), p, search.Options{First: true})
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict != model.Deadlock || len(r.Findings[0].Trace.Steps) != 18 || r.Complete || r.Stats.States >= 911 {
		t.Errorf("%s after %d steps and %d states, complete %v", r.Verdict, len(r.Findings[0].Trace.Steps), r.Stats.States, r.Complete)
	}
}

// TestWorkers shows that nothing in a result depends on the number of workers, and that none is
// left behind.
func TestWorkers(t *testing.T) {
	defer goleak.VerifyNone(t)
	for _, ref := range []string{"call-patterns:five-queries", "exit-monitor-order:driver-before-exit-with-rogue", "wake-ups:signal-swallowed-unnoticed", "removal:with-modify"} {
		p := library(t, ref)
		var first *search.Result
		for _, o := range []search.Options{
			{Workers: 1}, {Workers: 2}, {Workers: 5}, search.Options{Workers: 2}.ShareAll(), search.Options{Workers: 5}.ShareAll(),
		} {
			workers := o.Workers
			o.Progress, o.ProgressEvery = func(search.Progress) {}, time.Millisecond
			r, err := search.Search(t.Context(), p, o)
			if err != nil {
				t.Fatal(err)
			}
			r.Stats.Elapsed, r.Stats.Bytes = 0, 0
			if first == nil {
				first = r
				continue
			}
			if r.Stats.States != first.Stats.States || r.Stats.Transitions != first.Stats.Transitions || r.Stats.Stuck != first.Stats.Stuck || len(r.Findings) != len(first.Findings) {
				t.Errorf("%s with %d workers: %+v, with one %+v", ref, workers, r.Stats, first.Stats)
			}
			for i := range r.Findings {
				got, want := search.ScheduleOf(&r.Findings[i].Trace).String(), search.ScheduleOf(&first.Findings[i].Trace).String()
				if got != want || r.Findings[i].Message != first.Findings[i].Message {
					t.Errorf("%s with %d workers: %s, with one %s", ref, workers, got, want)
				}
			}
		}
	}
}

// TestProgress shows that what a search shows when it has seen everything is what it then counts.
func TestProgress(t *testing.T) {
	p := library(t, "call-patterns:five-queries")
	for _, o := range []search.Options{{}, {Workers: 3}, search.Options{Workers: 3}.ShareAll()} {
		r, shown, err := search.SearchAndStop(t.Context(), func() {}, p, o)
		if err != nil {
			t.Fatal(err)
		}
		if shown.States != r.Stats.States || shown.Transitions != r.Stats.Transitions || shown.Transitions == 0 || shown.Frontier != 0 {
			t.Errorf("%d workers: it shows %+v, and counts %+v", o.Workers, shown, r.Stats)
		}
	}
}

func TestMessages(t *testing.T) {
	for ref, want := range map[string]string{
		"exit-monitor-order:driver-before-exit-with-rogue": "T1 relock(vm1) waits for driver.lock, held by T3; T3 query(vm1) waits for vm1.lock, held by T2; T2 rogue(vm1) waits for vm1.mon.lock, held by T1",
		"driver-held:with-modify":                          "T1 heldbegin(vm1) sleeps on vm1.jobCond until T2 ends its job; T2 modify(vm1) waits for driver.lock, held by T1",
		"wake-ups:signal-swallowed":                        "T3 query(vm1) sleeps on vm1.jobCond and nobody can send the wake-up any more",
		"without-a-job:alone":                              "T1 nojob(vm1) in qemuDomainObjEnterMonitor: it does not hold vm1.jobActive",
		"driver-held:precondition":                         "T1 heldbegin(vm1) breaks the precondition of qemuDomainObjBeginJob: it holds driver.lock",
		"error-path-2009-10:caller-unlocks-the-domain":     "all threads are finished, but vm1 is left with 2 references: one was taken and never dropped, or dropped twice",
	} {
		r, err := search.Search(t.Context(), library(t, ref), search.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Findings[0].Message; got != want {
			t.Errorf("%s\ngot  %s\nwant %s", ref, got, want)
		}
	}
}

func TestReplayErrors(t *testing.T) {
	p := library(t, "exit-monitor-order:prose-order-with-rogue")
	for text, want := range map[string]string{
		"3":       "step 1 of the schedule: there is no thread 3: the scenario has 2",
		"1*8,1.1": "step 9 of the schedule: T1 docexit(vm1) has 1 ways to go, not 2",
		"1,2":     "step 2 of the schedule: T2 rogue(vm1) cannot go on: it waits for driver.lock",
		"1*16":    "step 16 of the schedule: T1 docexit(vm1) is finished",
	} {
		s, err := model.ParseSchedule(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := search.Replay(p, s); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}
