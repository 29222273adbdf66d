package driver

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// hypervisors are the two that need no QEMU.
var hypervisors = map[string]func(Runtime) Hypervisor{
	"simulated":  func(rt Runtime) Hypervisor { return Simulated(rt) },
	"in-process": func(rt Runtime) Hypervisor { return InProcess(rt) },
}

// eachHypervisor runs a test in a bubble of virtual time, on a driver with the running domain vm1.
func eachHypervisor(t *testing.T, faults func(string, []Fault) Fault, test func(t *testing.T, d *Driver, c *Conn)) {
	for name, h := range hypervisors {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rt := RealWithFaults(faults)
				d := New(rt, Options{Hypervisor: h(rt)})
				defer d.Close()
				c := d.Connect("test")
				must(t, c.Define("vm1", 1024))
				must(t, c.Start("vm1"))
				test(t, d, c)
			})
		})
	}
}

func TestCalls(t *testing.T) {
	eachHypervisor(t, nil, func(t *testing.T, d *Driver, c *Conn) {
		if s, err := c.Query("vm1"); s != Running || err != nil {
			t.Fatal(s, err)
		}
		must(t, c.Suspend("vm1"))
		must(t, c.Suspend("vm1"))
		if s, err := c.Query("vm1"); s != Paused || err != nil {
			t.Fatal(s, err)
		}
		must(t, c.SetMemory("vm1", 2048))
		must(t, c.LongJob("vm1", 3))
		if i, err := c.Info("vm1"); i != (Info{Paused, 2048, true}) || err != nil {
			t.Fatal(i, err)
		}
		must(t, c.Resume("vm1"))
		must(t, c.Define("vm0", 512))
		if got := c.Domains(); !slices.Equal(got, []string{"vm0", "vm1"}) {
			t.Fatal(got)
		}
		must(t, c.Undefine("vm1"))
		if i, err := c.Info("vm1"); i != (Info{Running, 2048, false}) || err != nil {
			t.Fatal(i, err)
		}
		must(t, c.Define("vm1", 0))
		must(t, c.Destroy("vm1"))
		must(t, c.Undefine("vm1"))
		if got := c.Domains(); !slices.Equal(got, []string{"vm0"}) {
			t.Fatal(got)
		}
	})
}

func TestErrors(t *testing.T) {
	eachHypervisor(t, nil, func(t *testing.T, d *Driver, c *Conn) {
		must(t, c.Define("down", 512))
		must(t, c.Define("transient", 512))
		must(t, c.Start("transient"))
		must(t, c.Undefine("transient"))
		for _, tt := range []struct {
			call Call
			want Code
		}{
			{Call{Op: OpQuery, Domain: "nobody"}, NoDomain},
			{Call{Op: OpInfo, Domain: "nobody"}, NoDomain},
			{Call{Op: OpDestroy, Domain: "nobody"}, NoDomain},
			{Call{Op: OpUndefine, Domain: "nobody"}, NoDomain},
			{Call{Op: OpDefine, Domain: "vm1"}, Exists},
			{Call{Op: OpStart, Domain: "vm1"}, AlreadyRunning},
			{Call{Op: OpUndefine, Domain: "transient"}, Transient},
			{Call{Op: OpQuery, Domain: "down"}, NotRunning},
			{Call{Op: OpSuspend, Domain: "down"}, NotRunning},
			{Call{Op: OpSetMemory, Domain: "down"}, NotRunning},
			{Call{OpLongJob, "down", 1}, NotRunning},
			{Call{Op: OpDestroy, Domain: "down"}, NotRunning},
			{Call{Op: OpWait, Domain: "down"}, NotRunning},
		} {
			r := c.Do(tt.call)
			if r.Code != tt.want || (r.Err == nil) != (tt.want == OK) {
				t.Errorf("%s(%s) = %s, %v; want %s", tt.call.Op, tt.call.Domain, r.Code, r.Err, tt.want)
			}
		}
		d.Close()
		if err := c.Define("late", 1); CodeOf(err) != Closed {
			t.Errorf("define after Close: %v", err)
		}
		if _, err := c.Query("vm1"); CodeOf(err) != NoDomain {
			t.Errorf("query after Close: %v", err)
		}
	})
}

// A caller that cannot have the job gives up after 30 seconds, and leaves nothing behind.
func TestJobTimeout(t *testing.T) {
	eachHypervisor(t, nil, func(t *testing.T, d *Driver, c *Conn) {
		vm, err := d.lookup("vm1")
		must(t, err)
		must(t, c.beginJob(vm, ModifyJob))
		vm.lock.Unlock()
		before := time.Now()
		for _, call := range []Call{{Op: OpQuery}, {Op: OpSuspend}, {Op: OpSetMemory}, {Op: OpDestroy}, {Op: OpUndefine}, {OpLongJob, "", 1}} {
			call.Domain = "vm1"
			if r := d.Connect("other").Do(call); r.Code != JobTimeout {
				t.Errorf("%s: %v", call.Op, r.Err)
			}
		}
		if waited := time.Since(before); waited != 6*30*time.Second {
			t.Errorf("six calls waited %v", waited)
		}
		if s := d.Inspect()[0]; s.JobOwner != "test" || s.References != 3 {
			t.Errorf("%+v", s)
		}
		vm.lock.Lock()
		c.finish(vm)
		if _, err := c.Query("vm1"); err != nil {
			t.Error(err)
		}
	})
}

// Those who wait for a job get it one after the other.
func TestJobsQueue(t *testing.T) {
	eachHypervisor(t, nil, func(t *testing.T, d *Driver, c *Conn) {
		results := make(chan error)
		for i := range 8 {
			other := d.Connect(fmt.Sprint("client ", i))
			go func() { results <- other.LongJob("vm1", 3) }()
		}
		for range 8 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
	})
}

// The death of QEMU ends the domain, whoever waits for it, and a domain that is not defined
// disappears.
func TestCrash(t *testing.T) {
	eachHypervisor(t, nil, func(t *testing.T, d *Driver, c *Conn) {
		must(t, c.Define("transient", 512))
		must(t, c.Start("transient"))
		must(t, c.Undefine("transient"))
		done := make(chan error)
		for range 3 {
			waiter := d.Connect("waiter")
			go func() { done <- waiter.Wait("vm1") }()
		}
		synctest.Wait()
		crasher := d.opts.Hypervisor.(Crasher)
		if !crasher.Crash("vm1") || !crasher.Crash("transient") || crasher.Crash("nobody") {
			t.Error("Crash does not say whom it kills")
		}
		for range 3 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		synctest.Wait()
		if i, err := c.Info("vm1"); i.State != Shutoff || err != nil {
			t.Error(i, err)
		}
		if _, err := c.Info("transient"); CodeOf(err) != NoDomain {
			t.Error(err)
		}
		must(t, c.Start("vm1"))
	})
}

// A fault in the answer to a command is an error that says what happened, and no hang. Afterwards
// the domain can be started again.
func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		fault Fault
		want  Code
		state State
	}{
		{DomainDeath, MonitorGone, Shutoff},
		{Garbage, MonitorGone, Shutoff},
		{HalfLine, MonitorGone, Shutoff},
		{WrongID, MonitorGone, Shutoff},
		{CommandError, Refused, Running},
		{ExtraEvent, OK, Running},
		{SlowAnswer, OK, Running},
		{GuestShutdown, OK, Shutoff},
	} {
		t.Run(string(tt.fault), func(t *testing.T) {
			armed := false
			choose := func(_ string, faults []Fault) Fault {
				if !armed || !slices.Contains(faults, tt.fault) {
					return NoFault
				}
				armed = false
				return tt.fault
			}
			eachHypervisor(t, choose, func(t *testing.T, d *Driver, c *Conn) {
				armed = true
				_, err := c.Query("vm1")
				if CodeOf(err) != tt.want {
					t.Fatalf("query: %v, want %s", err, tt.want)
				}
				t.Log(err)
				synctest.Wait()
				if i, err := c.Info("vm1"); i.State != tt.state || err != nil {
					t.Errorf("%+v, %v; want %s", i, err, tt.state)
				}
				if tt.state == Shutoff {
					must(t, c.Start("vm1"))
				}
			})
		})
	}
}

func TestSpawnFailure(t *testing.T) {
	fail := false
	choose := func(_ string, faults []Fault) Fault {
		if fail && slices.Contains(faults, SpawnFailure) {
			return SpawnFailure
		}
		return NoFault
	}
	eachHypervisor(t, choose, func(t *testing.T, d *Driver, c *Conn) {
		must(t, c.Destroy("vm1"))
		fail = true
		err := c.Start("vm1")
		fail = false
		if CodeOf(err) != SpawnFailed || !errors.Is(err, errSpawn) {
			t.Error(err)
		}
		must(t, c.Start("vm1"))
	})
}

// An observer sees calls, and the jobs inside them, and the death of QEMU through the event
// goroutine's own observer.
func TestObserver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := Real()
		logs := map[string]*log{}
		h := Simulated(rt)
		d := New(rt, Options{Hypervisor: h, Observe: func(name string) Observer {
			if name == "silent" {
				return nil
			}
			logs[name] = &log{}
			return logs[name]
		}})
		c, silent := d.Connect("c"), d.Connect("silent")
		must(t, silent.Define("vm1", 1024))
		must(t, silent.Start("vm1"))
		must(t, c.SetMemory("vm1", 4096))
		_, _ = c.Info("vm1")
		h.Crash("vm1")
		synctest.Wait()
		d.Close()
		want := map[string]*log{
			"c": {
				"called set-memory vm1 4096", "asked modify vm1", "begun modify vm1", "ended modify vm1", "returned set-memory ok",
				"called info vm1 0", "returned info ok",
			},
			"vm1.mon": {"called died vm1 0", "returned died ok"},
		}
		if diff := cmp.Diff(want, logs); diff != "" {
			t.Error(diff)
		}
	})
}

type log []string

func (l *log) Called(c Call) { *l = append(*l, fmt.Sprint("called ", c.Op, " ", c.Domain, " ", c.Arg)) }

func (l *log) Returned(c Call, r Result) {
	*l = append(*l, fmt.Sprint("returned ", c.Op, " ", r.Code))
}

func (l *log) Job(e JobEvent) {
	*l = append(*l, fmt.Sprint(e.Phase, " ", e.Type, " ", e.Domain))
}

func TestNames(t *testing.T) {
	for op := OpDefine; op <= OpDied; op++ {
		if got, ok := ParseOp(op.String()); got != op || !ok {
			t.Error(op)
		}
	}
	for c := OK; c <= Closed; c++ {
		if got, ok := ParseCode(c.String()); got != c || !ok || codeTexts[c] == "" {
			t.Error(c)
		}
	}
	for s := Shutoff; s <= Paused; s++ {
		if got, ok := ParseState(s.String()); got != s || !ok {
			t.Error(s)
		}
	}
	op, isOp := ParseOp("dance")
	code, isCode := ParseCode("")
	state, isState := ParseState("Running")
	if isOp || isCode || isState || op != 0 || code != 0 || state != 0 {
		t.Error("what is no name has a value:", op, code, state)
	}
}
