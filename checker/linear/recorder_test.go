package linear

import (
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/driver"
)

// dying begins a death that is not over.
func dying(r *Recorder) driver.Observer {
	o := r.Observe("vm1.mon")
	o.Called(driver.Call{Op: driver.OpDied, Domain: "vm1"})
	return o
}

// Drain waits for a death that is under way, and Stop ends its waiting for one that never ends.
func TestDrainWaits(t *testing.T) {
	for name, end := range map[string]func(*Recorder, driver.Observer){
		"the death ends": func(_ *Recorder, o driver.Observer) {
			o.Returned(driver.Call{}, driver.Result{Code: driver.StaleDeath})
		},
		"stopped": func(r *Recorder, _ driver.Observer) { r.Stop() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := NewRecorder(Steps())
				if !r.Quiet() {
					t.Error("not quiet at first")
				}
				o := dying(r)
				if r.Quiet() {
					t.Error("quiet during a death")
				}
				done := false
				var h History
				go func() {
					h = r.Drain()
					done = true
				}()
				synctest.Wait()
				if done {
					t.Fatal("it does not wait")
				}
				end(r, o)
				synctest.Wait()
				if !done {
					t.Fatal("it still waits")
				}
				want := Operation{Client: "vm1.mon", Call: driver.Call{Op: driver.OpDied, Domain: "vm1"}, From: 1, To: Never}
				cut := int64(2)
				if name == "the death ends" {
					want.To, want.Code, cut = 2, driver.StaleDeath, 3
				}
				if diff := cmp.Diff(History{Operations: []Operation{want}, Cut: cut}, h); diff != "" {
					t.Error(diff)
				}
				if r.Quiet() != (name == "the death ends") {
					t.Error("quiet:", r.Quiet())
				}
			})
		})
	}
}

// A recorder that was stopped does not wait either when it is asked later.
func TestDrainAfterStop(t *testing.T) {
	r := NewRecorder(Steps())
	dying(r)
	r.Stop()
	if h := r.Drain(); len(h.Operations) != 1 || !h.Operations[0].pending() {
		t.Errorf("%+v", h)
	}
}

// What is abandoned has the calls, jobs and deaths under way, each once and without an end.
func TestAbandon(t *testing.T) {
	r := NewRecorder(Steps())
	b, a := r.Observe("b"), r.Observe("a")
	define(b) // 1 to 2
	call := driver.Call{Op: driver.OpStart, Domain: "vm1"}
	b.Called(call) // 3
	b.Job(driver.JobEvent{Phase: driver.JobAsked, Type: driver.ModifyJob, Domain: "vm1", Object: 1})
	b.Job(driver.JobEvent{Phase: driver.JobBegun, Type: driver.ModifyJob, Domain: "vm1", Object: 1})
	a.Called(call) // 6
	a.Job(driver.JobEvent{Phase: driver.JobAsked, Type: driver.ModifyJob, Domain: "vm1", Object: 1})
	dying(r) // 8
	want := History{
		Operations: []Operation{
			{Client: "b", Call: driver.Call{Op: driver.OpDefine, Domain: "vm1", Arg: 1}, From: 1, To: 2},
			{Client: "b", Call: call, From: 3, To: Never},
			{Client: "a", Call: call, From: 6, To: Never},
			{Client: "vm1.mon", Call: driver.Call{Op: driver.OpDied, Domain: "vm1"}, From: 8, To: Never},
		},
		Jobs: []Job{
			{Client: "b", Domain: "vm1", Object: 1, Type: Modify, Asked: 4, Begun: 5, Ended: Never},
			{Client: "a", Domain: "vm1", Object: 1, Type: Modify, Asked: 7, Begun: Never, Ended: Never},
		},
		Cut: 9,
	}
	h := r.Abandon()
	if diff := cmp.Diff(want, h); diff != "" {
		t.Fatal(diff)
	}
	for complete, verdict := range map[bool]Verdict{true: Illegal, false: OK} {
		c := NewChecker(Options{})
		c.Add(t.Context(), h)
		if got := c.Finish(t.Context(), complete).Verdict(); got != verdict {
			t.Errorf("complete %v: %v", complete, got)
		}
	}
}

// What has been taken is not taken again.
func TestDrainTakes(t *testing.T) {
	r := NewRecorder(Steps())
	o := r.Observe("a")
	for range 2 {
		define(o)
		undefine(o, true)
		if h := r.Drain(); len(h.Operations) != 2 || len(h.Jobs) != 1 {
			t.Errorf("%d calls, %d jobs", len(h.Operations), len(h.Jobs))
		}
	}
	if h := r.Drain(); len(h.Operations) != 0 || len(h.Jobs) != 0 {
		t.Errorf("%+v", h)
	}
}

// A job event without the one before it is kept, so that the checker sees it.
func TestEventsWithoutBeginning(t *testing.T) {
	r := NewRecorder(Steps())
	o := r.Observe("a")
	o.Called(driver.Call{Op: driver.OpStart, Domain: "vm1"})
	o.Job(driver.JobEvent{Phase: driver.JobEnded, Type: driver.ModifyJob, Domain: "vm1", Object: 1})
	o.Returned(driver.Call{}, driver.Result{Code: driver.NoDomain})
	h := r.Drain()
	want := []Job{{Client: "a", Domain: "vm1", Object: 1, Type: Modify, Asked: 2, Begun: Never, Ended: 2}}
	if diff := cmp.Diff(want, h.Jobs); diff != "" {
		t.Fatal(diff)
	}
	if v := checkAll(h).Verdict(); v != Illegal {
		t.Error(v)
	}
}

// What happens at one time is in the order of the clients' names, whoever called first.
func TestOrderOfClients(t *testing.T) {
	r := NewRecorder(func() int64 { return 7 })
	for _, name := range []string{"b", "c", "a"} {
		define(r.Observe(name))
	}
	var names string
	for _, o := range r.Drain().Operations {
		names += o.Client
	}
	if names != "abc" {
		t.Error(names)
	}
}
