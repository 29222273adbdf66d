package linear

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/lockproof/lockproof/model"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/driver"
	"pgregory.net/rapid"
)

// counting makes a checker that counts the steps which it tries, by domain.
func counting(o Options) (*Checker, map[string]int) {
	c, tried := NewChecker(o), map[string]int{}
	api, slots := c.api.step, c.slots.step
	c.api.step = func(d domain, a *apiCall) (domain, bool) {
		tried[a.Call.Domain]++
		return api(d, a)
	}
	c.slots.step = func(s slot, j *jobStep) (slot, bool) {
		tried["jobs"]++
		return slots(s, j)
	}
	return c, tried
}

// settingMemory is n calls that all overlap and, if it is to be impossible, an info after them that
// saw what none of them set.
func settingMemory(domain string, n int, impossible bool) []Operation {
	ops := []Operation{
		{Client: "s", Call: driver.Call{Op: driver.OpDefine, Domain: domain, Arg: 1}, From: 1, To: 2},
		{Client: "s", Call: driver.Call{Op: driver.OpStart, Domain: domain}, From: 3, To: 4},
	}
	for i := range int64(n) {
		call := driver.Call{Op: driver.OpSetMemory, Domain: domain, Arg: 100 + i}
		ops = append(ops, Operation{Client: string(rune('A' + i)), Call: call, From: 10 + i, To: 1000 + i})
	}
	if impossible {
		ops = append(ops, Operation{
			Client: "x", Call: driver.Call{Op: driver.OpInfo, Domain: domain}, From: 1500, To: 1501,
			Info: driver.Info{State: driver.Running, Memory: 7, Persistent: true},
		})
	}
	return ops
}

// With a tiny budget the answer is what it is without bounds, or unknown, and the work is bounded.
func TestTinyBudgets(t *testing.T) {
	unknown, asFound := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		h := generate(t, rapid.IntRange(1, 60).Draw(t, "steps"))
		if rapid.Bool().Draw(t, "corrupt") {
			swapResult(t, &h)
			if len(h.Jobs) > 0 {
				loseEnd(t, &h)
			}
		}
		h = sorted(h)
		want := checkAll(h)
		c, tried := counting(Options{})
		c.bounds.most = int64(rapid.IntRange(1, 3000).Draw(t, "most"))
		c.Add(t.Context(), h)
		got := c.Finish(t.Context(), true)
		if v := got.Verdict(); v != want.Verdict() && v != Unknown {
			t.Fatalf("%v, and %v without bounds", v, want.Verdict())
		}
		if got.Verdict() == Unknown {
			unknown++
			if got.Limit() != model.PatienceLimit || got.why() == "" {
				t.Fatal(got.Limit(), got.why())
			}
		}
		total := 0
		for _, n := range tried {
			total += n
		}
		// One budget for every window, one for what is not decided, one to cut down what is
		// impossible.
		budgets := got.API.Windows + got.Jobs.Windows + 2*(got.API.Objects+got.Jobs.Objects)
		if total > budgets*int(c.bounds.most) {
			t.Fatalf("%d steps were tried with %d budgets of %d", total, budgets, c.bounds.most)
		}
		for i, v := range got.Violations() {
			if v.AsFound {
				asFound++
			} else if len(got.Violations()) == len(want.Violations()) {
				if d := cmp.Diff(want.Violations()[i].Steps, v.Steps); d != "" {
					t.Fatal(d)
				}
			}
		}
	})
	if unknown == 0 || asFound == 0 {
		t.Errorf("%d unknown, %d as found: the budgets bound nothing", unknown, asFound)
	}
}

// What cutting down may take is bounded as well: what is impossible then stays as it was found.
func TestCuttingDownIsBounded(t *testing.T) {
	const domain = "vm1"
	h := History{Operations: settingMemory(domain, 9, true), Cut: 2000}
	c, tried := counting(Options{})
	c.Add(t.Context(), h)
	decided := tried[domain]
	if r := c.Finish(t.Context(), true); r.Verdict() != Illegal || r.API.Violations[0].AsFound {
		t.Fatalf("%+v", r.API)
	}
	c, tried = counting(Options{})
	c.bounds.most = int64(decided)
	c.Add(t.Context(), h)
	r := c.Finish(t.Context(), true)
	if r.Verdict() != Illegal || !r.API.Violations[0].AsFound || len(r.API.Violations[0].Steps) == 0 {
		t.Fatalf("%+v", r.API)
	}
	if tried[domain] > 2*decided {
		t.Errorf("%d steps were tried to decide and to cut down, %d to decide", tried[domain], decided)
	}
}

// What porcupine remembers of a place takes a bit for each step at least, so a longer window needs
// more.
func TestRemembering(t *testing.T) {
	for n := range 10000 {
		if remembering(n) < remembering(0)+int64(n)/8 {
			t.Fatalf("a place in a window of %d steps takes %d bytes", n, remembering(n))
		}
	}
}

// The patience is that of a run: windows that are not decided do not take it each.
func TestPatienceIsShared(t *testing.T) {
	h := History{Cut: 2000}
	for i := range 30 {
		h.Operations = append(h.Operations, settingMemory("vm"+string(rune('A'+i)), 24, false)...)
	}
	c, tried := counting(Options{Patience: time.Millisecond})
	c.Add(t.Context(), sorted(h))
	r := c.Finish(t.Context(), true)
	if r.Verdict() != Unknown || r.Limit() != model.PatienceLimit || r.API.Objects != 30 {
		t.Fatalf("%+v", r.API)
	}
	if c.bounds.left > 0 {
		t.Error("the patience is", c.bounds.left, "still")
	}
	longer := 0
	for name, n := range tried {
		if n < freeSteps {
			t.Errorf("%s was given up after %d steps", name, n)
		}
		if n > freeSteps+lookEvery {
			longer++
		}
	}
	if longer > 1 { // the first takes the patience
		t.Errorf("%d windows took more than %d steps: %v", longer, freeSteps+lookEvery, tried)
	}
}

// A window that is decided gives back what it took; one that has no explanation does not.
func TestPatienceIsGivenBack(t *testing.T) {
	for _, impossible := range []bool{false, true} {
		c := NewChecker(Options{})
		c.Add(t.Context(), History{Operations: settingMemory("vm1", 3, impossible), Cut: 2000})
		if spent := c.bounds.left < c.bounds.patience; spent != impossible {
			t.Error(impossible, c.bounds.left)
		}
	}
}

// The end of the context is looked at before every window, and now and then within one.
func TestStopIsLookedAt(t *testing.T) {
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	for _, tt := range []struct {
		stop context.Context
		by   model.Limit
		most int
	}{
		{stopped, model.InterruptLimit, 0},
		{late, model.TimeoutLimit, 0},
		{&countdown{t.Context(), 5}, model.InterruptLimit, 5 * lookEvery},
	} {
		c, tried := counting(Options{})
		c.Add(tt.stop, History{Operations: settingMemory("vm1", 24, false), Cut: 2000})
		r := c.Finish(tt.stop, false)
		if r.Verdict() != Unknown || r.Limit() != tt.by || tried["vm1"] > tt.most {
			t.Errorf("%v, %v after %d steps, want %v", r.Verdict(), r.Limit(), tried["vm1"], tt.by)
		}
	}
	c := NewChecker(Options{})
	if r := c.Finish(stopped, false); r.Verdict() != Unknown || r.Stopped != model.InterruptLimit {
		t.Errorf("a history that was not read to its end: %+v", r)
	}
}

// A countdown is a context that ends after so many looks.
type countdown struct {
	context.Context
	looks int
}

func (c *countdown) Err() error {
	if c.looks--; c.looks < 0 {
		return context.Canceled
	}
	return nil
}

// A window does not take more memory than it may.
func TestMemoryIsBounded(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	c := NewChecker(Options{Memory: 4 << 20})
	c.Add(t.Context(), History{Operations: settingMemory("vm1", 20, false), Cut: 2000})
	r := c.Finish(t.Context(), true)
	runtime.ReadMemStats(&after)
	if r.Verdict() != Unknown || r.Limit() != model.MemoryLimit {
		t.Fatalf("%+v", r.API)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 32<<20 {
		t.Errorf("%d bytes were allocated, and 4 MiB may be in use", n)
	}
}

// Leaving out situations takes the square of how many there are, and that is bounded.
func TestBestIsBounded(t *testing.T) {
	v := &visited[slot]{}
	for i := range 1 << 15 { // none has all of another
		var q set
		for k := range 15 {
			q = q.with(2*k + i>>k&1)
		}
		v.list = append(v.list, situation[slot]{quiet: q})
	}
	v.list = append(v.list, v.list[0])
	b := (&bounds{left: time.Hour, memory: 1 << 30, most: 1 << 20}).budget(t.Context())
	if got := v.best(t.Context(), b); got != nil || b.over != model.PatienceLimit {
		t.Error(len(got), b.over)
	}
}

// A judge says when it could not tell, and does not take that for an explanation.
func TestJudgeIsBounded(t *testing.T) {
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	j := NewJudge(Options{})
	observe, judge := j.Run()
	define(observe("a"))
	var undecided *Undecided
	if err := judge(stopped); !errors.As(err, &undecided) || undecided.Limit() != model.InterruptLimit || len(j.explained) > 0 {
		t.Error(err, len(j.explained))
	}
}
