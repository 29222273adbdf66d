package linear

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/driver"
)

// Every call that works on a domain takes a job of its own type; those that only look at the list
// take none.
func TestJobsOfCalls(t *testing.T) {
	for op, want := range map[driver.Op]string{
		driver.OpDefine: "", driver.OpUndefine: "modify", driver.OpStart: "modify", driver.OpDestroy: "destroy",
		driver.OpSuspend: "modify", driver.OpResume: "modify", driver.OpQuery: "query", driver.OpInfo: "",
		driver.OpSetMemory: "modify", driver.OpLongJob: "long", driver.OpWait: "", driver.OpDied: "",
	} {
		got := ""
		if kind, ok := jobOf(op); ok {
			got = kind.String()
		}
		if got != want {
			t.Errorf("%s takes a %q job, not %q", op, got, want)
		}
	}
	for code := driver.OK; code <= driver.Closed; code++ {
		want := code == driver.OK || code == driver.Refused || code == driver.MonitorGone
		if needsJob(code) != want {
			t.Errorf("%s: a job is needed: %v", code, !want)
		}
	}
}

// What is wrong between calls and jobs is in the order of time, then of clients.
func TestOrderOfBreaches(t *testing.T) {
	call := func(client, domain string) Operation {
		return Operation{Client: client, Call: driver.Call{Op: driver.OpQuery, Domain: domain}, From: 5, To: 9, Info: driver.Info{State: driver.Running}}
	}
	job := func(client, domain string, object int, ended int64) Job {
		return Job{Client: client, Domain: domain, Object: object, Type: Query, Asked: 5, Begun: 6, Ended: ended}
	}
	wrong := job("e", "vm2", 2, 8) // of another type, and outside
	wrong.Type = Modify
	got := breaches(History{
		Operations: []Operation{call("b", "vm1"), call("a", "vm1"), call("c", "vm2"), call("d", "vm2"), call("e", "vm1")},
		Jobs:       []Job{job("c", "vm1", 1, 8), job("b", "vm1", 2, 10), job("d", "vm2", 1, Never), job("a", "vm1", 3, 8), wrong},
	})
	want := []Breach{
		{"b", 5, "a query job of vm1 that lies in no call of b"},
		{"c", 5, "a query job of vm1 that lies in no call of c"},
		{"e", 5, "a modify job of vm2 that lies in no call of e"},
		{"e", 5, "query(vm1) = running under a modify job"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A client that has a job of several domains, and objects, ends and is refused the one that it
// means.
func TestJobsOfOneClient(t *testing.T) {
	r := NewRecorder(Steps())
	o := r.Observe("a")
	o.Called(driver.Call{Op: driver.OpStart, Domain: "vm1"}) // 1
	event := func(p driver.JobPhase, domain string, object int) {
		o.Job(driver.JobEvent{Phase: p, Type: driver.ModifyJob, Domain: domain, Object: object})
	}
	event(driver.JobAsked, "vm1", 1)   // 2
	event(driver.JobAsked, "vm2", 1)   // 3
	event(driver.JobAsked, "vm1", 2)   // 4
	event(driver.JobBegun, "vm1", 1)   // 5
	event(driver.JobRefused, "vm1", 2) // 6
	event(driver.JobBegun, "vm2", 1)   // 7
	event(driver.JobEnded, "vm1", 1)   // 8
	event(driver.JobEnded, "vm2", 1)   // 9
	job := func(domain string, object int, asked, begun, ended int64) Job {
		return Job{Client: "a", Domain: domain, Object: object, Type: Modify, Asked: asked, Begun: begun, Ended: ended}
	}
	want := []Job{job("vm1", 1, 2, 5, 8), job("vm2", 1, 3, 7, 9), job("vm1", 2, 4, Never, 6)}
	want[2].Refused = true
	if diff := cmp.Diff(want, r.Abandon().Jobs); diff != "" {
		t.Error(diff)
	}
}

// A job may be asked for as its call begins, and end as it returns, but not outside of it.
func TestBoundsOfCalls(t *testing.T) {
	for name, tt := range map[string]struct {
		asked, ended int64
		want         string
	}{
		"as long as the call":  {5, 9, ""},
		"within":               {6, 8, ""},
		"as it returns":        {9, 9, ""},
		"before":               {4, 8, "a query job of vm1 that lies in no call of a"},
		"longer than the call": {6, 10, "a query job of vm1 that lies in no call of a"},
		"after":                {10, 11, "a query job of vm1 that lies in no call of a"},
	} {
		h := History{
			Operations: []Operation{{Client: "a", Call: driver.Call{Op: driver.OpQuery, Domain: "vm1"}, From: 5, To: 9}},
			Jobs:       []Job{{Client: "a", Domain: "vm1", Object: 1, Type: Query, Asked: tt.asked, Begun: tt.asked, Ended: tt.ended}},
		}
		got := ""
		for _, b := range breaches(h) {
			if b.At == tt.asked {
				got = b.Text
			}
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
		if j := jobIn(&h.Operations[0], []*Job{&h.Jobs[0]}); (j != nil) != (tt.asked >= 5 && tt.asked <= 9) {
			t.Errorf("%s: the call's job is %v", name, j)
		}
	}
}

// The job of a call is the first that its client asked for in it. Who found no domain had none that
// says when the call took effect.
func TestFindJob(t *testing.T) {
	job := func(asked int64) *Job {
		return &Job{Client: "a", Domain: "vm1", Type: Modify, Asked: asked, Begun: asked + 1, Ended: asked + 2}
	}
	jobs := []*Job{job(1), job(20), job(24), job(50)}
	for name, c := range map[string]struct {
		from, to int64
		code     driver.Code
		want     int64 // when it began
	}{
		"one":                  {19, 30, driver.OK, 21},
		"asked as it begins":   {20, 30, driver.OK, 21},
		"the first of two":     {2, 40, driver.OK, 21},
		"none between":         {5, 10, driver.OK, Never},
		"none after":           {60, 70, driver.OK, Never},
		"asked as it ends":     {5, 20, driver.OK, Never},
		"no domain was found":  {19, 30, driver.NoDomain, Never},
		"a call that goes on":  {19, Never, driver.OK, Never},
		"refused by what QEMU": {19, 30, driver.Refused, 21},
	} {
		o := &Operation{Client: "a", Call: driver.Call{Op: driver.OpSuspend, Domain: "vm1"}, From: c.from, To: c.to, Code: c.code}
		call := &apiCall{Operation: o, begun: Never, ended: Never}
		if call.findJob(jobs); call.begun != c.want || (call.ended == Never) != (c.want == Never) {
			t.Errorf("%s: from %d to %d, want from %d", name, call.begun, call.ended, c.want)
		}
	}
}
