package stress

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// virtual makes a load for a synctest bubble: time passes only when nobody can go on, so a wait
// that only its deadline ends is one, however slow the machine is. Histories count steps.
func virtual(o Options) Options {
	o.Hypervisor = func(rt driver.Runtime) driver.Hypervisor { return driver.Simulated(rt) }
	o.Clock = linear.Steps()
	return o
}

func mustBeSound(t *testing.T, r *Result, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict() != linear.OK || !r.Complete {
		t.Fatalf("%v: %+v %+v", r.Verdict(), r.Findings, r.Check)
	}
	if r.Check.API.Again+r.Check.Jobs.Again > 0 {
		t.Errorf("calls do not take effect under their jobs: %+v", r.Check)
	}
}

func TestSoundDriver(t *testing.T) {
	for _, faults := range [][]Fault{nil, {QEMUDeath, SlowMonitor, Removal, BadAnswer}, Faults()} {
		t.Run(joined(faults), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, err := Run(t.Context(), virtual(Options{Seed: 1, Faults: faults, Operations: 20000}))
				mustBeSound(t, r, err)
				if r.Operations != 20000 || r.Check.JobCount == 0 || r.Check.API.Steps < 20000 {
					t.Fatalf("%+v", r.Check)
				}
				if len(faults) > 0 && (r.Struck[string(driver.DomainDeath)] == 0 || r.Calls["undefine"] == 0) {
					t.Fatal("no faults", r.Struck, r.Calls)
				}
			})
		})
	}
}

// However many clients wait for one job, what they saw is decided.
func TestManyClientsOnOneDomain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, err := Run(t.Context(), virtual(Options{Seed: 1, Goroutines: 64, Domains: 1, Faults: Faults(), Operations: 6000}))
		mustBeSound(t, r, err)
	})
}

// The same on sockets, in real time. Nothing is said about how long it takes.
func TestSoundDriverOnSockets(t *testing.T) {
	var file bytes.Buffer
	r, err := Run(t.Context(), Options{Seed: 2, Faults: Faults(), Operations: 20000, HangAfter: 10 * time.Minute, History: &file, Overhead: 500})
	mustBeSound(t, r, err)
	if r.Overhead == nil || r.Overhead.Ratio <= 0 {
		t.Fatalf("%+v", r.Overhead)
	}
	again := readBack(t, &file)
	if again.Verdict() != linear.OK || again.Operations != r.Check.Operations || again.JobCount != r.Check.JobCount ||
		again.API.Windows != r.Check.API.Windows || again.API.Widest != r.Check.API.Widest {
		t.Fatalf("recorded %+v, read %+v", r.Check, again)
	}
}

func readBack(t *testing.T, file io.Reader) *linear.Report {
	t.Helper()
	in, c := linear.NewReader("history", file), linear.NewChecker(linear.Options{})
	for {
		h, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			return c.Finish(t.Context(), in.Complete())
		case err != nil:
			t.Fatal(err)
		}
		c.Add(t.Context(), h)
	}
}

func TestRealQEMU(t *testing.T) {
	const program = "/usr/bin/qemu-system-x86_64"
	if _, err := exec.LookPath(program); err != nil {
		t.Skip("needs the Debian package qemu-system-x86")
	}
	r, err := Run(t.Context(), Options{
		Seed: 3, Goroutines: 4, Domains: 2, Operations: 200, Faults: []Fault{QEMUDeath, Removal}, QEMU: program, HangAfter: 10 * time.Minute,
		JobTimeout: time.Hour,
	})
	mustBeSound(t, r, err)
}

// A real QEMU that is stopped, answers late or badly, or has nothing to start with.
func TestRealQEMUWithFaults(t *testing.T) {
	const program = "/usr/bin/qemu-system-x86_64"
	if _, err := exec.LookPath(program); err != nil {
		t.Skip("needs the Debian package qemu-system-x86")
	}
	r, err := Run(t.Context(), Options{
		Seed: 3, Domains: 2, Operations: 300, Faults: QEMUFaults(), QEMU: program, HangAfter: 10 * time.Minute, CommandTimeout: 300 * time.Millisecond,
	})
	mustBeSound(t, r, err)
	if len(r.Struck) < 3 {
		t.Error(r.Struck)
	}
}

// An interrupted load says what it saw, and does not claim that all is well.
func TestInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		o := virtual(Options{Seed: 1, Operations: 1 << 30})
		o.Progress = func(p Progress) {
			if p.Done > 0 {
				cancel()
			}
		}
		r, err := Run(ctx, o)
		if err != nil || r.Complete || r.Operations == 0 || r.Verdict() != linear.Unknown || r.Check.Verdict() != linear.OK {
			t.Fatalf("%v %+v", err, r)
		}
	})
}

// hang runs bodies in a world until its watchdog has had enough.
func hang(t *testing.T, bodies func(w *world) map[string]func()) Finding {
	t.Helper()
	var f Finding
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(nil)
		for name, body := range bodies(w) {
			w.Go(name, func() {
				a := w.actors.current()
				a.begin("call")
				body()
				a.end()
			})
		}
		w.watch(time.Second, func() bool { return false }, nil)
		w.running.Wait()
		if len(w.findings) != 1 {
			t.Fatal(w.findings)
		}
		f = w.findings[0]
	})
	return f
}

func TestDeadlockIsAHang(t *testing.T) {
	f := hang(t, func(w *world) map[string]func() {
		x, y := w.NewMutex("x"), w.NewMutex("y")
		cross := func(a, b driver.Mutex) func() {
			return func() {
				a.Lock()
				defer a.Unlock()
				w.Sleep(time.Millisecond)
				b.Lock()
				defer b.Unlock()
			}
		}
		return map[string]func(){"first": cross(x, y), "second": cross(y, x)}
	})
	if f.Kind != model.LockOrder || !slices.Equal(f.Hang.Cycle, []string{"first", "second"}) {
		t.Fatalf("%+v", f)
	}
	want := []HangWait{{Actor: "first", Object: "y", Holder: "second"}, {Actor: "second", Object: "x", Holder: "first"}}
	for i, x := range f.Hang.Waits {
		if x.Actor != want[i].Actor || x.Object != want[i].Object || x.Holder != want[i].Holder || x.Kind != "lock" ||
			x.For < time.Second || x.Stack == "" {
			t.Errorf("%+v", x)
		}
	}
}

func TestLostWakeupIsAHang(t *testing.T) {
	f := hang(t, func(w *world) map[string]func() {
		m := w.NewMutex("m")
		c := w.NewCond("c", m)
		return map[string]func(){"sleeper": func() {
			m.Lock()
			defer m.Unlock()
			c.Wait()
		}}
	})
	if f.Kind != model.LostWakeup || f.Hang.Waits[0].Object != "c" || f.Hang.Waits[0].Holder != "" {
		t.Fatalf("%+v", f)
	}
}

// Each thing that the runtime watches over, done wrong.
func TestBrokenRules(t *testing.T) {
	type objects struct {
		world *world
		m     driver.Mutex
		c     driver.Cond
		v     driver.Var
	}
	for _, x := range []struct {
		kind model.Kind
		body func(o objects)
	}{
		{model.SelfDeadlock, func(o objects) { o.m.Lock(); o.m.Lock() }},
		{model.BadUnlock, func(o objects) { o.m.Unlock() }},
		{model.MissingLock, func(o objects) { o.v.Write() }},
		{model.MissingLock, func(o objects) { o.m.Held(driver.MissingLock) }},
		{model.MissingLock, func(o objects) { o.c.Wait() }},
		{model.RequiresKind, func(o objects) { o.m.Lock(); o.m.NotHeld(driver.Requires) }},
		{model.UseAfterRelease, func(o objects) { o.m.Lock(); o.m.Destroy(); o.m.Lock() }},
		{model.UseAfterRelease, func(o objects) { o.m.Lock(); o.m.Destroy(); o.v.Read() }},
		{model.AssertKind, func(objects) { panic("x") }},
	} {
		w := newWorld(nil)
		o := objects{world: w, m: w.NewMutex("m")}
		o.c, o.v = w.NewCond("c", o.m), w.NewVar("v", o.m)
		w.Go("culprit", func() { x.body(o) })
		w.running.Wait()
		if len(w.findings) != 1 || w.findings[0].Kind != x.kind || w.findings[0].Client != "" && w.findings[0].Client != "culprit" {
			t.Errorf("%s: %+v", x.kind, w.findings)
		}
	}
}

func TestParse(t *testing.T) {
	for text, ok := range map[string]bool{
		"query=1": true, "query=1, info=2": true, "query": false, "query=0": false, "died=1": false, "qery=1": false, "": false, "query=-1": false,
	} {
		if _, err := ParseMix(text); (err == nil) != ok {
			t.Error(text, err)
		}
	}
	if m, err := ParseMix(DefaultMix().String()); err != nil || m != DefaultMix() {
		t.Error(m, err)
	}
	for text, n := range map[string]int{"all": 11, "none": 0, "removal,removal": 1, "qemu-death, slow-monitor": 2, "fire": -1} {
		if fs, err := ParseFaults(text); (err == nil) != (n >= 0) || err == nil && len(fs) != n {
			t.Error(text, fs, err)
		}
	}
}

// BenchmarkLoad is a load with and without a recorder: the difference is what recording costs.
func BenchmarkLoad(b *testing.B) {
	for name, record := range map[string]bool{"plain": false, "recorded": true} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				m := DefaultMix().without(driver.OpDefine, driver.OpUndefine, driver.OpWait, driver.OpLongJob)
				o := Options{Seed: 1, Operations: 10000, Mix: &m}
				if err := o.Check(); err != nil {
					b.Fatal(err)
				}
				s := &session{opts: &o}
				if record {
					s.recorder = linear.NewRecorder(o.Clock)
				}
				if _, err := s.run(b.Context(), b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10000, "ns/call")
		})
	}
}

// Who is overtaken, or has just got the job, does not hang, however long ago the call began.
func TestProgressOfOthers(t *testing.T) {
	now := time.Now()
	for name, x := range map[string]struct {
		moved, changed time.Time // the actor's own job, and the domain's
		waiting        *waiting
		hangs          bool
	}{
		"busy":                {hangs: true},
		"has just got a job":  {moved: now},
		"waits, all is still": {waiting: &waiting{kind: "condition", object: "vm1.jobCond"}, hangs: true},
		"is overtaken":        {waiting: &waiting{kind: "condition", object: "vm1.jobCond"}, changed: now},
		"waits for a lock":    {waiting: &waiting{kind: "lock", object: "vm1.lock", since: now.Add(-time.Minute)}, changed: now, hangs: true},
	} {
		w := newWorld(nil)
		a := &actor{name: "a", doing: "query(vm1)", started: now.Add(-time.Minute), moved: x.moved, waiting: x.waiting}
		w.actors.byID[1] = a
		w.moved["vm1"] = x.changed
		if h := w.hung(now, time.Second, time.Time{}); (h != nil) != x.hangs {
			t.Errorf("%s: %+v", name, h)
		}
	}
}

// What ends a load early is said of the calls, and of the check, which goes on for a while.
func TestLimit(t *testing.T) {
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	for want, ctx := range map[model.Limit]context.Context{model.NoLimit: t.Context(), model.InterruptLimit: interrupted, model.TimeoutLimit: late} {
		r, err := Run(ctx, Options{Operations: 10})
		if err != nil {
			t.Fatal(err)
		}
		if r.Limit != want || r.Complete != (want == model.NoLimit) {
			t.Errorf("%q, complete %v, want %q", r.Limit, r.Complete, want)
		}
		if want == model.NoLimit {
			continue
		}
		longer, end := outlast(ctx, 0)
		<-longer.Done()
		if got := model.Stopped(longer); got != want {
			t.Errorf("the check ends by %q, want %q", got, want)
		}
		end()
	}
}
