package reports_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/checker/stress"
	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/lockproof/lockproof/reports/formats"
	"github.com/lockproof/lockproof/reports/page"
	"github.com/lockproof/lockproof/reports/terminal"
)

// hung is a load that hangs.
func hung() *stress.Result {
	h := &stress.Hang{Actor: "first", Call: "start(vm1)", For: time.Second, Cycle: []string{"first", "second"}, Waits: []stress.HangWait{
		{Actor: "first", Call: "start(vm1)", Kind: "lock", Object: "y", For: time.Second, Holder: "second", Since: 2 * time.Second},
		{Actor: "second", Call: "query(vm1)", Kind: "condition", Object: "x", For: time.Second, Stack: "goroutine 7 [select]:"},
	}}
	return &stress.Result{
		Seed: 1, Calls: map[string]uint64{"query": 2}, Codes: map[string]uint64{"ok": 2}, Struck: map[string]uint64{}, Check: &linear.Report{}, Replay: "lockproof stress --seed 1",
		Findings: []stress.Finding{{Kind: model.LockOrder, Message: "first makes no progress", Client: "first", Call: h.Call, Hang: h}},
	}
}

// unexplained is a history that no order explains.
func unexplained(t *testing.T) *linear.Report {
	c := linear.NewChecker(linear.Options{})
	c.Add(t.Context(), linear.History{
		Operations: []linear.Operation{
			{Client: "a", Call: driver.Call{Op: driver.OpDefine, Domain: "vm1", Arg: 1}, From: 1, To: 2},
			{Client: "b", Call: driver.Call{Op: driver.OpInfo, Domain: "vm1"}, From: 3, To: 4, Info: driver.Info{Memory: 2, Persistent: true}},
		},
		Jobs: []linear.Job{
			{Client: "b", Domain: "vm1", Object: 1, Type: linear.Query, Asked: 5, Begun: 7, Ended: 8},
			{Client: "a", Domain: "vm1", Object: 1, Type: linear.Modify, Asked: 5, Begun: 6, Ended: 7},
		},
		Cut: 9,
	})
	return c.Finish(t.Context(), true)
}

// The wait-for graph is for people.
func TestHangText(t *testing.T) {
	r := answers.NewLoad(hung())
	if r.Verdict != model.Deadlock || r.Kind != model.LockOrder || r.Pass {
		t.Errorf("%+v", r)
	}
	var text bytes.Buffer
	if err := terminal.WriteAnswer(&text, &r, terminal.Style{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"lock-order: first makes no progress\n",
		"  first          start(vm1) waits 1s for y, which second has (since 2s)\n",
		"  second         query(vm1) waits 1s for x, which nobody has\n",
		"  second:\n    goroutine 7 [select]:\n",
		"\nreplay: lockproof stress --seed 1\n",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, &text)
		}
	}
}

// The verdict of a load is the worst of what it noticed and what its history says.
func TestLoadVerdicts(t *testing.T) {
	sound := stress.Result{Check: &linear.Report{}, Operations: 7, Complete: true}
	interrupted, broken, undecided, misused := sound, sound, sound, sound
	interrupted.Complete, interrupted.Limit = false, model.InterruptLimit
	broken.Check = unexplained(t)
	undecided.Check = &linear.Report{API: linear.Layer{Verdict: linear.Unknown, Limit: "a window took too long"}}
	misused.Findings = []stress.Finding{{Kind: model.BadUnlock, Message: "m is unlocked by whom it is not held"}}
	for _, x := range []struct {
		r       stress.Result
		verdict model.Verdict
		outcome reports.Outcome
		message string
	}{
		{sound, model.OK, reports.Expected, "nothing is wrong in 7 calls; that is no proof for others"},
		{interrupted, model.Unknown, reports.Undecided, "stopped (interrupted) after 7 calls; nothing is wrong in those"},
		{broken, model.Violation, reports.Unexpected, "no order explains these calls of vm1: b: info(vm1) = shutoff, defined, 2 KiB"},
		{undecided, model.Unknown, reports.Undecided, "porcupine could not tell: a window took too long"},
		{misused, model.Violation, reports.Unexpected, "m is unlocked by whom it is not held"},
	} {
		if r := answers.NewLoad(&x.r); r.Verdict != x.verdict || r.Outcome() != x.outcome || r.Message != x.message {
			t.Errorf("%+v", r)
		}
	}
}

// A report on a load and on a history is the same in JSON as before and after reading, has a page
// and fits 80 columns.
func TestLoadsAndHistories(t *testing.T) {
	r := reports.NewReport("test")
	r.Results = append(r.Results, answers.NewLoad(hung()), answers.NewHistory("dir/load 1.jsonl", linear.Header{Replay: "again"}, false, unexplained(t)))
	var first, second, html bytes.Buffer
	if err := formats.WriteJSON(&first, r); err != nil {
		t.Fatal(err)
	}
	again, err := reports.ReadReport("r", first.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := formats.WriteJSON(&second, again); err != nil || first.String() != second.String() {
		t.Errorf("%v\n%s\n%s", err, &first, &second)
	}
	validates(t, compileSchema(t), first.Bytes())
	if err := page.WriteHTML(&html, r); err != nil || !strings.Contains(html.String(), "no order explains these calls of vm1") {
		t.Error(err)
	}
	for i := range r.Results {
		var text bytes.Buffer
		if err := terminal.WriteAnswer(&text, &r.Results[i], terminal.Style{}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(text.String(), "\n") {
			if len(line) > 80 {
				t.Errorf("%d columns: %s", len(line), line)
			}
		}
	}
}
