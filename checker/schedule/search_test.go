package schedule

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var everyFault = driver.Faults()

// The driver keeps its rules in every interleaving of these programs. The numbers of runs are
// pinned: a changed number is a changed driver, or a changed reduction.
func TestDriverIsSound(t *testing.T) {
	for _, tt := range []struct {
		threads string
		starts  map[string]Start
		faults  []driver.Fault
		runs    int64
	}{
		{threads: "query(vm1) x3", runs: 48},
		{threads: "query(vm1) x2, modify(vm1)", runs: 96},
		{threads: "query(vm1), relock(vm1), wdriver(vm1)", runs: 96},
		{threads: "query(vm1), modify(vm1), event(vm1)", runs: 165},
		{threads: "query(vm1), modify(vm1), undefine(vm1)", runs: 96},
		{threads: "modify(vm1), destroy(vm1), info(vm1)", starts: map[string]Start{"vm1": Undefined}, runs: 184},
		{threads: "relock(vm1), crash(vm1), info(vm1)", runs: 91},
		{threads: "wdriver(vm1), crash(vm1)", starts: map[string]Start{"vm1": Undefined}, runs: 20},
		{threads: "wait(vm1) x2, destroy(vm1)", runs: 168},
		{threads: "start(vm1), undefine(vm1), define(vm1)", starts: map[string]Start{"vm1": Down}, runs: 104},
		{threads: "start(vm1) x2", starts: map[string]Start{"vm1": Down}, runs: 24},
		{threads: "destroy(vm1)+start(vm1), crash(vm1)", runs: 6743},
		{threads: "query(vm1), query(vm2), modify(vm1)", runs: 24},
		{threads: "query(vm1)", faults: everyFault, runs: 32},
		{threads: "modify(vm1)", faults: everyFault, runs: 39},
		{threads: "start(vm1)", starts: map[string]Start{"vm1": Down}, faults: everyFault, runs: 569},
		{threads: "query(vm1), destroy(vm1)", starts: map[string]Start{"vm1": Undefined}, faults: everyFault, runs: 1291},
		{threads: "query(vm1), modify(vm1)", faults: []driver.Fault{driver.WaitTimeout, driver.DomainDeath}, runs: 539},
		{threads: "destroy(vm1) x2, undefine(vm1)", faults: []driver.Fault{driver.WaitTimeout}, runs: 8634},
	} {
		t.Run(tt.threads, func(t *testing.T) {
			p := Driver(DriverConfig{Threads: mustParse(t, tt.threads), Starts: tt.starts})
			r, err := Search(t.Context(), p, Options{Faults: tt.faults})
			if err != nil {
				t.Fatal(err)
			}
			if r.Failure != nil {
				t.Fatal(r.Failure)
			}
			if !r.Complete || r.Runs != tt.runs {
				t.Errorf("complete: %v; %d runs, want %d", r.Complete, r.Runs, tt.runs)
			}
		})
	}
}

// It keeps them in larger programs too, as far as chance can tell.
func TestDriverUnderRandomSchedules(t *testing.T) {
	threads := mustParse(t, "query(vm1) x2, relock(vm1)+modify(vm1), destroy(vm1)+start(vm1), undefine(vm1)+define(vm1), crash(vm1), wdriver(vm2), destroy(vm2)")
	p := Driver(DriverConfig{Threads: threads, Starts: map[string]Start{"vm2": Undefined}})
	for _, s := range []Strategy{Random, PCT} {
		r, err := Search(t.Context(), p, Options{Strategy: s, Schedules: 3000, Seed: 7, Faults: everyFault, FaultsPerThread: 2})
		if err != nil {
			t.Fatal(err)
		}
		if r.Failure != nil {
			t.Error(r.Failure, r.Failure.Stack)
		}
		if r.Complete || r.Limit != "schedules" || r.Runs != 3000 {
			t.Errorf("%s: %+v", s, r)
		}
	}
}

// pass locks and unlocks.
func pass(m driver.Mutex) {
	m.Lock()
	defer m.Unlock()
}

// small is a program of two threads over whatever body makes.
func small(finish func() error, bodies ...func(driver.Runtime, driver.Mutex, driver.Cond)) *Program {
	p := &Program{}
	for i := range bodies {
		p.Threads = append(p.Threads, fmt.Sprint("t", i+1))
	}
	p.New = func(rt driver.Runtime) Instance {
		m := rt.NewMutex("m")
		c := rt.NewCond("c", m)
		in := Instance{Permanent: []string{"m"}, Finish: finish}
		for _, b := range bodies {
			in.Bodies = append(in.Bodies, func() { b(rt, m, c) })
		}
		return in
	}
	return p
}

func TestKindsOfFailure(t *testing.T) {
	idle := func(driver.Runtime, driver.Mutex, driver.Cond) {}
	for _, tt := range []struct {
		name  string
		p     *Program
		class Class
		kind  model.Kind
		text  string
	}{
		{"panic", small(nil, func(driver.Runtime, driver.Mutex, driver.Cond) { panic("at the disco") }), Panic, "", "t1 panics: at the disco"},
		{"leak", small(nil, func(rt driver.Runtime, m driver.Mutex, _ driver.Cond) {
			rt.Go("worker", func() { rt.NewQueue("q").Receive() })
		}), Leak, "", "goroutine worker never ends: it is about to receive from q"},
		{"blocked worker", small(func() error { return nil }, func(rt driver.Runtime, m driver.Mutex, c driver.Cond) {
			rt.Go("worker", func() { m.Lock(); c.Wait() })
		}), Leak, "", "goroutine worker never ends"},
		{"object", small(nil, func(rt driver.Runtime, _ driver.Mutex, _ driver.Cond) { rt.NewMutex("x") }), Violation, model.RefCount, "x is never freed"},
		{"check", small(func() error { return errors.New("not as it should be") }, idle), Violation, model.AssertKind, "not as it should be"},
		{"rule", small(nil, func(rt driver.Runtime, _ driver.Mutex, _ driver.Cond) { rt.Fail(driver.NoJob, "whose job?") }), Violation, model.NoJob, "whose job?"},
		{"relock", small(nil, func(_ driver.Runtime, m driver.Mutex, _ driver.Cond) { m.Lock(); m.Lock() }), Violation, model.SelfDeadlock, "t1 locks m, which it holds"},
		{"unlock", small(nil, func(_ driver.Runtime, m driver.Mutex, _ driver.Cond) { m.Unlock() }), Violation, model.BadUnlock, "t1 unlocks m, which nobody holds"},
		{"kept lock", small(nil, func(_ driver.Runtime, m driver.Mutex, _ driver.Cond) { m.Lock() }), Violation, model.LockLeak, "t1 ends and still holds m"},
		{"freed", small(nil, func(_ driver.Runtime, m driver.Mutex, _ driver.Cond) { m.Lock(); m.Destroy(); m.Lock() }), Violation, model.UseAfterRelease, "t1 locks m, which has been freed"},
		{"signal", small(nil, func(_ driver.Runtime, m driver.Mutex, c driver.Cond) { c.Signal() }), Violation, model.MissingLock, "t1 signals c without m, which nobody holds"},
		{"variable", small(nil, func(rt driver.Runtime, m driver.Mutex, _ driver.Cond) { rt.NewVar("v", m).Read() }), Violation, model.MissingLock, "t1 reads v without m"},
		{"wait", small(nil, func(_ driver.Runtime, m driver.Mutex, c driver.Cond) { m.Lock(); c.Wait() }), Deadlock, model.LostWakeup, "t1 waits for c; nobody is left"},
		{"queue", small(nil, func(rt driver.Runtime, _ driver.Mutex, _ driver.Cond) { rt.NewQueue("q").Receive() }), Deadlock, "", "t1 waits for a message from q"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Search(t.Context(), tt.p, Options{})
			if err != nil {
				t.Fatal(err)
			}
			f := r.Failure
			if f == nil || f.Class != tt.class || f.Kind != tt.kind || !strings.Contains(f.Message, tt.text) {
				t.Fatalf("%+v", f)
			}
		})
	}
}

// A cycle is reported with everybody in it, and with a schedule as short as it can be.
func TestDeadlockReport(t *testing.T) {
	p := &Program{Threads: []string{"a", "b", "c"}}
	p.New = func(rt driver.Runtime) Instance {
		x, y, z := rt.NewMutex("x"), rt.NewMutex("y"), rt.NewMutex("z")
		nest := func(first, second driver.Mutex) func() {
			return func() {
				pass(z)
				first.Lock()
				pass(second)
				first.Unlock()
			}
		}
		return Instance{
			Bodies:    []func(){nest(x, y), nest(y, x), func() { pass(z) }},
			Permanent: []string{"x", "y", "z"},
		}
	}
	for _, s := range Strategies() {
		r, err := Search(t.Context(), p, Options{Strategy: s, Preemptions: 2, Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		f := r.Failure
		if f == nil || f.Kind != model.LockOrder || f.Preemptions != 1 {
			t.Fatalf("%s: %v", s, f)
		}
		if want := "a waits for y, which b holds; b waits for x, which a holds"; f.Message != want {
			t.Errorf("%s: %s", s, f.Message)
		}
		if len(f.Trace) == 0 || f.Trace[0].Operation != "lock" {
			t.Errorf("%s: the trace is %v", s, f.Trace)
		}
	}
}

// A program that does something else on every run is found out, whatever the strategy.
func TestUnstableProgram(t *testing.T) {
	n := 0
	p := small(nil, func(rt driver.Runtime, m driver.Mutex, _ driver.Cond) {
		n++
		for range n % 3 {
			pass(m)
		}
	}, func(_ driver.Runtime, m driver.Mutex, _ driver.Cond) { pass(m) })
	for _, s := range Strategies() {
		r, err := Search(t.Context(), p, Options{Strategy: s})
		if err != nil {
			t.Fatal(err)
		}
		if r.Failure == nil || r.Failure.Class != Unstable {
			t.Errorf("%s: %v", s, r.Failure)
		}
	}
}

// What a program decides by itself is noticed, whether it shows in what the threads do, in what
// comes of it, or in how it fails.
func TestUnstablePrograms(t *testing.T) {
	for name, p := range map[string]*Program{
		"which mutex": {Threads: []string{"a", "b"}, New: func(rt driver.Runtime) Instance {
			mutexes := []driver.Mutex{rt.NewMutex("x"), rt.NewMutex("y")}
			body := func() {
				for range 4 {
					pass(mutexes[rand.IntN(2)])
				}
			}
			return Instance{Bodies: []func(){body, body}, Permanent: []string{"x", "y"}}
		}},
		"which rule": small(nil, func(rt driver.Runtime, m driver.Mutex, _ driver.Cond) {
			pass(m)
			rt.Fail([]driver.Kind{driver.NoJob, driver.RefCount, driver.Requires, driver.StateRace}[rand.IntN(4)], "by chance")
		}),
		"outcome": {Threads: []string{"a"}, New: func(driver.Runtime) Instance {
			return Instance{Bodies: []func(){func() {}}, Outcome: func() string { return fmt.Sprint(rand.Uint64()) }}
		}},
	} {
		for _, s := range Strategies() {
			unstable := false
			for range 20 { // by chance it does the same twice
				r, err := Search(t.Context(), p, Options{Strategy: s, Schedules: 100})
				if err != nil {
					t.Fatal(err)
				}
				unstable = unstable || r.Failure != nil && r.Failure.Class == Unstable
			}
			if !unstable {
				t.Errorf("%s, %s: not noticed", name, s)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	forever := small(nil, func(rt driver.Runtime, _ driver.Mutex, _ driver.Cond) {
		for {
			rt.Sleep(1)
		}
	})
	for _, s := range []Strategy{Exhaustive, Bounded, Plain} {
		r, err := Search(t.Context(), forever, Options{Strategy: s, MaxSteps: 50})
		if err != nil {
			t.Fatal(err)
		}
		if r.Complete || r.Limit != "max-steps" || r.Failure != nil {
			t.Errorf("%s: %+v", s, r)
		}
	}
	busy := Driver(DriverConfig{Threads: mustParse(t, "query(vm1) x3")})
	r, err := Search(t.Context(), busy, Options{Schedules: 5})
	if err != nil || r.Complete || r.Limit != "schedules" || r.Runs != 5 {
		t.Errorf("%+v, %v", r, err)
	}
	for _, s := range []Strategy{Random, PCT} {
		r, err := Search(t.Context(), forever, Options{Strategy: s, MaxSteps: 50, Schedules: 10})
		if err != nil || r.Limit != model.StepsLimit || r.Cut != 10 {
			t.Errorf("%s: %+v, %v", s, r, err)
		}
	}
	if _, err := Search(t.Context(), busy, Options{Strategy: "fancy"}); err == nil {
		t.Error("an unknown strategy is no error")
	}
}

// More threads than there can be are a limit and no finding.
func TestThreadLimit(t *testing.T) {
	p := small(nil, func(rt driver.Runtime, _ driver.Mutex, _ driver.Cond) {
		for {
			rt.Go("another", func() {})
		}
	})
	for _, s := range Strategies() {
		r, err := Search(t.Context(), p, Options{Strategy: s, Schedules: 10})
		if err != nil || r.Failure != nil || r.Complete || r.Limit != model.ThreadsLimit {
			t.Errorf("%s: %+v, %v", s, r, err)
		}
	}
}

// A search is stopped inside of a run, too.
func TestStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := small(nil, func(rt driver.Runtime, _ driver.Mutex, _ driver.Cond) {
		for {
			rt.Sleep(1)
			cancel()
		}
	})
	for _, s := range Strategies() {
		r, err := Search(ctx, p, Options{Strategy: s, MaxSteps: 1 << 30})
		if err != nil || r.Complete || r.Limit != model.InterruptLimit || r.Failure != nil {
			t.Errorf("%s: %+v, %v", s, r, err)
		}
	}
}

// A search that ends with what it has found has not tried everything; a bound that kept nothing out
// is none, and what a smaller bound had is not counted again.
func TestComplete(t *testing.T) {
	broken := small(nil, func(_ driver.Runtime, m driver.Mutex, _ driver.Cond) { m.Unlock() })
	for _, s := range Strategies() {
		if r, err := Search(t.Context(), broken, Options{Strategy: s}); err != nil || r.Complete || r.Failure == nil || r.Limit != model.NoLimit {
			t.Errorf("%s: %+v, %v", s, r, err)
		}
	}
	p := Driver(DriverConfig{Threads: mustParse(t, "info(vm1), query(vm1)")})
	for preemptions, want := range map[int]Result{
		0:  {Stats: Stats{Runs: 4}, Complete: true, Bound: true},
		50: {Stats: Stats{Runs: 28}, Complete: true},
	} {
		r, err := Search(t.Context(), p, Options{Strategy: Bounded, Preemptions: preemptions})
		if err != nil || r.Runs != want.Runs || r.Complete != want.Complete || r.Bound != want.Bound {
			t.Errorf("%d: %+v, %v", preemptions, r, err)
		}
	}
}

// Faults strike at late opportunities as well.
func TestLateFaults(t *testing.T) {
	p := &Program{Threads: []string{"a"}, New: func(rt driver.Runtime) Instance {
		at := 0
		return Instance{Outcome: func() string { return fmt.Sprint(at) }, Bodies: []func(){func() {
			for i := range 8 {
				if rt.Choose("here", everyFault) != driver.NoFault {
					at = i + 1
				}
			}
		}}}
	}}
	for _, s := range []Strategy{Random, PCT} {
		r, err := Search(t.Context(), p, Options{Strategy: s, Faults: everyFault, Outcomes: true, Schedules: 2000})
		if err != nil || len(r.Outcomes) != 9 || r.Outcomes["8"] < 20 {
			t.Errorf("%s: %v, %v", s, r.Outcomes, err)
		}
	}
}

func TestReplayErrors(t *testing.T) {
	p := Driver(DriverConfig{Threads: mustParse(t, "query(vm1) x2")})
	for schedule, want := range map[string]string{
		"9":       "step 1 of the schedule: there is no thread 9 here, only 3",
		"1,2":     "step 2 of the schedule: query(vm1)#2 cannot go on: it waits for driver.lock, which query(vm1) holds",
		"1.1":     "step 1 of the schedule: query(vm1) has 1 ways to lock, not 2",
		"1*2,3":   "step 3 of the schedule: vm1.mon.events cannot go on: it waits for a message from vm1.qmp",
		"0.1":     "step 1 of the schedule: threads are counted from 1",
		"1*4,3*2": "",
	} {
		s, err := model.ParseSchedule(schedule)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Replay(t.Context(), p, Options{MaxSteps: 1}, s)
		switch {
		case want == "" && (err != nil || r.Failure != nil || len(r.Trace) == 0 || len(r.Threads) != 3):
			t.Errorf("%s: %v, %v", schedule, r, err)
		case want != "" && (err == nil || err.Error() != want):
			t.Errorf("%s: %v, want %s", schedule, err, want)
		}
	}
}
