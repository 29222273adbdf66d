package linear

import (
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/driver"
	"pgregory.net/rapid"
)

// A script is what one client does: calls, some with a job, each with its events in their order.
type script struct {
	operations []Operation
	jobs       []Job
	times      []*int64 // of the events, to be set
}

// scripts are two clients that define, undefine and look at one domain.
func scripts(t *rapid.T) []*script {
	all := []*script{{}, {}}
	for i, s := range all {
		name := string(rune('a' + i))
		n := rapid.IntRange(1, 2).Draw(t, "calls")
		s.operations, s.jobs = make([]Operation, n), make([]Job, n)
		for k := range n {
			o := &s.operations[k]
			*o = Operation{Client: name, Call: driver.Call{Domain: "vm1"}, To: Never}
			o.Call.Op = rapid.SampledFrom([]driver.Op{driver.OpDefine, driver.OpUndefine, driver.OpInfo}).Draw(t, "call")
			switch o.Call.Op {
			case driver.OpDefine:
				o.Call.Arg = 1
				o.Code = rapid.SampledFrom([]driver.Code{driver.OK, driver.Exists}).Draw(t, "code")
			case driver.OpInfo:
				o.Info = driver.Info{Memory: 1, Persistent: true}
				fallthrough
			default:
				o.Code = rapid.SampledFrom([]driver.Code{driver.OK, driver.NoDomain}).Draw(t, "code")
			}
			s.times = append(s.times, &o.From)
			s.job(t, k)
			if k < n-1 || rapid.IntRange(0, 3).Draw(t, "returns") > 0 {
				s.times = append(s.times, &o.To)
			}
		}
	}
	return all
}

// job adds a job to a call, or to none, or to half of it.
func (s *script) job(t *rapid.T, k int) {
	j := &s.jobs[k]
	*j = Job{Client: s.operations[k].Client, Domain: "vm1", Object: 1, Type: Modify, Asked: Never, Begun: Never, Ended: Never}
	switch rapid.IntRange(0, 3).Draw(t, "job") {
	case 0, 1:
		s.times = append(s.times, &j.Asked, &j.Begun, &j.Ended)
	case 2:
		j.Refused = true
		s.times = append(s.times, &j.Asked, &j.Ended)
	}
}

// interleave gives every event a time.
func interleave(t *rapid.T, all []*script) History {
	now := Steps()
	at := make([]int, len(all))
	for at[0] < len(all[0].times) || at[1] < len(all[1].times) {
		i := rapid.IntRange(0, 1).Draw(t, "client")
		if at[i] == len(all[i].times) {
			i = 1 - i
		}
		*all[i].times[at[i]] = now()
		at[i]++
	}
	h := History{Cut: now()}
	for _, s := range all {
		h.Operations = append(h.Operations, s.operations...)
		h.Jobs = append(h.Jobs, slices.DeleteFunc(slices.Clone(s.jobs), func(j Job) bool { return j.Asked == Never })...)
	}
	return sorted(h)
}

// Histories with one signature have one verdict.
func TestSignaturesDecideVerdicts(t *testing.T) {
	type seen struct {
		verdict Verdict
		times   int
	}
	all := map[signature]*seen{}
	shared := 0
	var x signer
	rapid.Check(t, func(t *rapid.T) {
		clients := scripts(t)
		for range 10 {
			h := interleave(t, clients)
			verdict := checkAll(h).Verdict()
			s := x.sign(h)
			if all[s] == nil {
				all[s] = &seen{verdict: verdict}
			}
			if all[s].times++; all[s].times > 1 {
				shared++
			}
			if all[s].verdict != verdict {
				t.Fatalf("%v, and %v for one with its signature: %+v", verdict, all[s].verdict, h)
			}
		}
	})
	if t.Logf("%d signatures, met again %d times", len(all), shared); shared < 50 {
		t.Error("hardly any signature was met twice")
	}
}

// Steps that overlap either way have one signature; order and results have others.
func TestSignature(t *testing.T) {
	call := func(client string, from, to int64) Operation {
		return Operation{Client: client, Call: driver.Call{Op: driver.OpInfo, Domain: "vm1"}, From: from, To: to, Code: driver.NoDomain}
	}
	var x signer
	sign := func(os ...Operation) signature { return x.sign(History{Operations: os, Cut: 9}) }
	overlap := sign(call("a", 1, 3), call("b", 2, 4))
	if sign(call("b", 1, 4), call("a", 2, 3)) != overlap || sign(call("a", 1, 4), call("b", 2, 3)) != overlap {
		t.Error("overlapping calls differ by the order of their ends")
	}
	died := func(from, to int64, code driver.Code) Operation {
		return Operation{Client: "vm1.mon", Call: driver.Call{Op: driver.OpDied, Domain: "vm1"}, From: from, To: to, Code: code}
	}
	if sign(died(1, 3, driver.OK), died(2, 4, driver.StaleDeath)) == sign(died(1, 4, driver.StaleDeath), died(2, 3, driver.OK)) {
		t.Error("it cannot be told which of two overlapping deaths ended first")
	}
	other := call("b", 2, 4)
	other.Code = driver.OK
	for name, s := range map[string]signature{
		"one after the other": sign(call("a", 1, 2), call("b", 3, 4)),
		"the other way round": sign(call("b", 1, 2), call("a", 3, 4)),
		"another result":      sign(call("a", 1, 3), other),
		"no return":           sign(call("a", 1, 3), call("b", 2, Never)),
		"another client":      sign(call("a", 1, 3), call("c", 2, 4)),
	} {
		if s == overlap {
			t.Error(name, "has the same signature")
		}
	}
}

// A judge says of every history what a checker says, also when it meets it again.
func TestJudge(t *testing.T) {
	j := NewJudge(Options{})
	sound := func() error {
		observe, judge := j.Run()
		o := observe("a")
		define(o)
		undefine(o, true)
		return judge(t.Context())
	}
	breach := func() error {
		observe, judge := j.Run()
		o := observe("a")
		define(o)
		undefine(o, true)
		define(o)
		undefine(o, false)
		return judge(t.Context())
	}
	unexplained := func() error {
		observe, judge := j.Run()
		o := observe("a")
		define(o)
		define(o)
		return judge(t.Context())
	}
	for range 2 {
		if err := sound(); err != nil {
			t.Error(err)
		}
		if err := breach(); err == nil || !strings.Contains(err.Error(), "undefine(vm1) = ok without a job") {
			t.Error(err)
		}
		if err := unexplained(); err == nil || !strings.Contains(err.Error(), "a: define(vm1, 1) = ok") {
			t.Error(err)
		}
	}
	if len(j.explained) != 1 {
		t.Error(len(j.explained), "histories are remembered")
	}
}

func define(o driver.Observer) {
	c := driver.Call{Op: driver.OpDefine, Domain: "vm1", Arg: 1}
	o.Called(c)
	o.Returned(c, driver.Result{})
}

func undefine(o driver.Observer, underJob bool) {
	c := driver.Call{Op: driver.OpUndefine, Domain: "vm1"}
	o.Called(c)
	if underJob {
		for _, p := range []driver.JobPhase{driver.JobAsked, driver.JobBegun, driver.JobEnded} {
			o.Job(driver.JobEvent{Phase: p, Type: driver.ModifyJob, Domain: "vm1", Object: 1})
		}
	}
	o.Returned(c, driver.Result{})
}
