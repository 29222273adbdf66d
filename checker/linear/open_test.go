package linear

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/driver"
)

// A run that has come to its end may leave neither a call nor a job open: a judge says so.
func TestJudgedRunLeavesNothing(t *testing.T) {
	start := driver.Call{Op: driver.OpStart, Domain: "vm1"}
	event := func(o driver.Observer, phases ...driver.JobPhase) {
		for _, p := range phases {
			o.Job(driver.JobEvent{Phase: p, Type: driver.ModifyJob, Domain: "vm1", Object: 1})
		}
	}
	for name, tt := range map[string]struct {
		run  func(driver.Observer)
		want string // "": nothing is wrong
	}{
		"nothing is open": {func(o driver.Observer) {
			o.Called(start)
			event(o, driver.JobAsked, driver.JobBegun, driver.JobEnded)
			o.Returned(start, driver.Result{})
		}, ""},
		"a call": {func(o driver.Observer) { o.Called(start) }, "a: start(vm1) has not returned"},
		"a job": {func(o driver.Observer) {
			o.Called(start)
			event(o, driver.JobAsked, driver.JobBegun)
			o.Returned(start, driver.Result{})
		}, "no order of these jobs steps on vm1 explains them"},
	} {
		j := NewJudge(Options{})
		for range 2 { // the second time it may remember
			observe, judge := j.Run()
			o := observe("a")
			define(o)
			tt.run(o)
			err := judge(t.Context())
			if tt.want == "" && err == nil {
				continue
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) || tt.want == "" {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// A call that never returned is a breach of a complete run, with its client and what it was.
func TestOpenCall(t *testing.T) {
	h := History{Operations: []Operation{{Client: "a", Call: driver.Call{Op: driver.OpInfo, Domain: "vm1"}, From: 3, To: Never}}, Cut: 9}
	for complete, want := range map[bool][]Breach{true: {{"a", 3, "info(vm1) has not returned"}}, false: nil} {
		c := NewChecker(Options{})
		c.Add(t.Context(), h)
		c.Add(t.Context(), History{Cut: 12})
		if diff := cmp.Diff(want, c.Finish(t.Context(), complete).Breaches); diff != "" {
			t.Errorf("complete %v: %s", complete, diff)
		}
	}
}

// At the end of a run nobody may have a job. That is a step of no client.
func TestEndBelongsToNobody(t *testing.T) {
	c := NewChecker(Options{})
	held := Job{Client: "a", Domain: "vm1", Object: 1, Type: Query, Asked: 3, Begun: 4, Ended: Never}
	c.Add(t.Context(), History{Jobs: []Job{held}, Cut: 9})
	v := c.Finish(t.Context(), true).Violations()
	if len(v) != 1 {
		t.Fatal(len(v), "violations")
	}
	want := []Step{{From: 10, To: 10, Text: "the end: no job"}}
	if diff := cmp.Diff(want, v[0].Steps); diff != "" {
		t.Error(diff)
	}
	var page strings.Builder
	if err := v[0].Draw(&page); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page.String(), `"the end: no job`) {
		t.Error("the drawing gives the end to a client, or leaves it out")
	}
}

// The objects of a long run are many, so those whose job is free are not kept.
func TestFreeObjectsAreNotKept(t *testing.T) {
	c := NewChecker(Options{})
	job := func(object int, at int64) Job {
		return Job{Client: "a", Domain: "vm1", Object: object, Type: Query, Asked: at, Begun: at + 1, Ended: at + 2}
	}
	held := job(3, 20)
	held.Ended = Never
	c.Add(t.Context(), History{Jobs: []Job{job(1, 0), job(2, 10), held}, Cut: 30})
	if len(c.objects) != 1 || c.objects[object{"vm1", 3}] == nil {
		t.Errorf("%d objects are kept", len(c.objects))
	}
	if r := c.Finish(t.Context(), false); r.Jobs.Objects != 3 || r.Jobs.Steps != 5 || r.Verdict() != OK {
		t.Errorf("%+v", r.Jobs)
	}
}

// A checker tells at any time whether something without an explanation has been found, wherever
// that was.
func TestIllegal(t *testing.T) {
	define := Operation{Client: "a", Call: driver.Call{Op: driver.OpDefine, Domain: "vm1", Arg: 1}, From: 1, To: 2}
	again := define
	again.From, again.To = 3, 4
	job := Job{Client: "b", Domain: "vm1", Object: 1, Type: Query, Asked: 1, Begun: 2, Ended: 3}
	held, taken := job, job
	held.Ended = Never
	taken.Client, taken.Asked, taken.Begun, taken.Ended = "c", 5, 6, 7
	for name, tt := range map[string]struct {
		h    History
		want bool
	}{
		"nothing":                    {History{Operations: []Operation{define}}, false},
		"a call":                     {History{Operations: []Operation{define, again}}, true},
		"a job":                      {History{Jobs: []Job{held, taken}}, true},
		"a job that lies in no call": {History{Operations: []Operation{define}, Jobs: []Job{job}}, true},
		"a job without calls":        {History{Jobs: []Job{job}}, false},
	} {
		c := NewChecker(Options{})
		tt.h.Cut = 9
		c.Add(t.Context(), tt.h)
		if c.Illegal() != tt.want {
			t.Errorf("%s: %v", name, !tt.want)
		}
		if got := c.Finish(t.Context(), false).Verdict() == Illegal; got != tt.want {
			t.Errorf("%s, at the end: %v", name, got)
		}
	}
}

// A checker that is stopped has not decided, and says why.
func TestStopped(t *testing.T) {
	var h History
	for i := range int64(12) { // in very many orders, none of which explains what is read
		h.Operations = append(h.Operations, Operation{
			Client: string(rune('a' + i)), Call: driver.Call{Op: driver.OpStart, Domain: "vm1"}, From: i, To: 100 + i, Code: driver.Refused,
		})
	}
	define := Operation{Client: "z", Call: driver.Call{Op: driver.OpDefine, Domain: "vm1", Arg: 1}, From: -2, To: -1}
	h.Operations = append([]Operation{define}, h.Operations...)
	h.Operations = append(h.Operations, Operation{Client: "z", Call: driver.Call{Op: driver.OpUndefine, Domain: "vm1"}, Code: driver.Transient, From: 200, To: 201})
	h.Cut = 300
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for want, ctx := range map[Verdict]context.Context{Unknown: stopped, Illegal: t.Context()} {
		c := NewChecker(Options{})
		c.Add(ctx, h)
		r := c.Finish(ctx, true)
		if r.Verdict() != want || (r.API.Limit == "interrupted") != (want == Unknown) {
			t.Errorf("%v, limit %q, want %v", r.Verdict(), r.API.Limit, want)
		}
	}
}
