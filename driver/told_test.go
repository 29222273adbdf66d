package driver

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A diary keeps what several observers are told of jobs, and of deaths if it should.
type diary struct {
	mutex  sync.Mutex
	began  time.Time
	deaths bool
	lines  []string
}

type diaryOf struct {
	name string
	in   *diary
}

func (d *diary) of(name string) Observer { return &diaryOf{name, d} }

func (d *diary) note(format string, args ...any) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.lines = append(d.lines, fmt.Sprintf(format, args...))
}

func (o *diaryOf) Called(Call) {}

func (o *diaryOf) Returned(c Call, r Result) {
	if c.Op == OpDied && o.in.deaths {
		o.in.note("%s: %s of %s, defined %v", o.name, r.Code, c.Domain, r.Info.Persistent)
	}
}

func (o *diaryOf) Job(e JobEvent) {
	o.in.note("%s: %s job of %s/%d %s at %v", o.name, e.Type, e.Domain, e.Object, e.Phase, e.At.Sub(o.in.began))
}

// check compares what was told with lines, and forgets it.
func (d *diary) check(t *testing.T, want ...string) {
	t.Helper()
	synctest.Wait()
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if !slices.Equal(d.lines, want) {
		t.Errorf("told:\n%s\nwant:\n%s", strings.Join(d.lines, "\n"), strings.Join(want, "\n"))
	}
	d.lines = nil
}

// kept is a driver with a diary, whose domain vm1 runs.
func kept(t *testing.T, test func(t *testing.T, d *Driver, h *SimulatedHypervisor, c *Conn, told *diary)) {
	synctest.Test(t, func(t *testing.T) {
		h := Simulated(Real())
		told := &diary{began: time.Now()}
		d := New(Real(), Options{Hypervisor: h, JobTimeout: 7 * time.Second, Observe: told.of})
		defer d.Close()
		c := d.Connect("c")
		must(t, c.Define("vm1", 1024))
		must(t, c.Start("vm1"))
		told.check(t, "c: modify job of vm1/1 asked at 0s", "c: modify job of vm1/1 begun at 0s", "c: modify job of vm1/1 ended at 0s")
		test(t, d, h, c, told)
	})
}

// A job is told with what it is for, whose it is, and when; a domain of the same name is another
// object.
func TestJobEvents(t *testing.T) {
	kept(t, func(t *testing.T, d *Driver, _ *SimulatedHypervisor, c *Conn, told *diary) {
		other := d.Connect("other")
		long := make(chan error)
		go func() { long <- other.LongJob("vm1", 201) }() // 200 pauses of 50 ms
		synctest.Wait()
		if _, err := c.Query("vm1"); CodeOf(err) != JobTimeout {
			t.Error(err)
		}
		must(t, <-long)
		_, err := c.Query("vm1")
		must(t, err)
		told.check(t,
			"other: long job of vm1/1 asked at 0s", "other: long job of vm1/1 begun at 0s",
			"c: query job of vm1/1 asked at 0s", "c: query job of vm1/1 refused at 7s",
			"other: long job of vm1/1 ended at 10s",
			"c: query job of vm1/1 asked at 10s", "c: query job of vm1/1 begun at 10s", "c: query job of vm1/1 ended at 10s")
		for _, x := range []struct {
			call func(string) error
			job  string
		}{
			{c.Suspend, "modify job of vm1/1"},
			{c.Destroy, "destroy job of vm1/1"},
			{c.Undefine, "modify job of vm1/1"},
			{func(vm string) error { return c.Define(vm, 1) }, ""},
			{c.Start, "modify job of vm1/2"},
		} {
			must(t, x.call("vm1"))
			if x.job == "" {
				told.check(t)
				continue
			}
			told.check(t, "c: "+x.job+" asked at 10s", "c: "+x.job+" begun at 10s", "c: "+x.job+" ended at 10s")
		}
	})
}

// A looking observer looks at the domain while it is told of a job.
type looking struct {
	vm   *Domain
	seen []string
}

func (*looking) Called(Call)           {}
func (*looking) Returned(Call, Result) {}
func (l *looking) Job(e JobEvent) {
	s := l.vm.Status()
	l.seen = append(l.seen, fmt.Sprintf("%s: %q %s", e.Phase, s.JobOwner, s.Job))
}

// Who is told that a job has begun finds it begun, and who is told that it ends finds it not ended:
// what is told of one domain never overlaps.
func TestJobIsToldWhileItLasts(t *testing.T) {
	l := &looking{}
	d := New(Real(), Options{Observe: func(string) Observer { return l }})
	defer d.Close()
	l.vm, _ = d.AddAnswering("vm1")
	must(t, d.Connect("c").LongJob("vm1", 1))
	if want := []string{`asked: "" query`, `begun: "c" long`, `ended: "c" long`}; !slices.Equal(l.seen, want) {
		t.Errorf("%q, want %q", l.seen, want)
	}
}

// The end of a QEMU is told as a death where it was one, and whether the domain stays is told.
func TestEndOfStopped(t *testing.T) {
	kept(t, func(t *testing.T, d *Driver, h *SimulatedHypervisor, c *Conn, told *diary) {
		told.deaths = true
		h.Crash("vm1")
		told.check(t, "vm1.mon: ok of vm1, defined true")
		silent := d.Connect("silent")
		silent.observer = nil
		must(t, silent.Start("vm1"))
		must(t, silent.Destroy("vm1"))
		told.check(t, "vm1.mon: stale-death of vm1, defined true")
		must(t, silent.Start("vm1"))
		must(t, silent.Undefine("vm1"))
		h.Crash("vm1")
		told.check(t, "vm1.mon: ok of vm1, defined false")
		must(t, silent.Define("vm1", 1))
		must(t, silent.Start("vm1"))
		must(t, silent.Undefine("vm1"))
		must(t, silent.Destroy("vm1"))
		told.check(t, "vm1.mon: stale-death of vm1, defined false")
	})
}

// A restless runtime wakes who waits with a deadline every second, in vain.
type restless struct {
	Runtime
	wakes int
}

type restlessCond struct {
	Cond
	of *restless
}

func (r *restless) NewCond(name string, m Mutex) Cond {
	return restlessCond{r.Runtime.NewCond(name, m), r}
}

func (c restlessCond) WaitUntil(deadline time.Time) bool {
	next := time.Now().Add(time.Second)
	if !next.Before(deadline) {
		return c.Cond.WaitUntil(deadline)
	}
	if c.of.wakes++; c.of.wakes > 1000 {
		return false // who waits for ever may go
	}
	c.Cond.WaitUntil(next)
	return true
}

// Who is woken in vain goes on waiting until the time at which he would have given up.
func TestWaitIsNotRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := &restless{Runtime: Real()}
		h := &delaying{Hypervisor: Simulated(rt), by: time.Hour}
		d := New(rt, Options{Hypervisor: h, JobTimeout: 7 * time.Second, CommandTimeout: 11 * time.Second})
		defer d.Close()
		c, owner := d.Connect("c"), d.Connect("owner")
		must(t, c.Define("vm1", 1024))
		must(t, c.Start("vm1"))
		vm, err := d.lookup("vm1")
		must(t, err)
		must(t, owner.beginJob(vm, ModifyJob))
		vm.lock.Unlock()
		end := func() error {
			vm.lock.Lock()
			owner.finish(vm)
			return c.Do(Call{Op: OpQuery, Domain: "vm1"}).Err
		}
		for _, wait := range []struct {
			name string
			do   func() error
			took time.Duration
			want Code
		}{
			{"for the end", func() error { return c.Wait("vm1") }, 7 * time.Second, WaitExpired},
			{"for the job", func() error { return c.Suspend("vm1") }, 7 * time.Second, JobTimeout},
			{"for QEMU", end, 11 * time.Second, MonitorGone},
		} {
			before := time.Now()
			err := wait.do()
			if took := time.Since(before); took != wait.took || CodeOf(err) != wait.want {
				t.Errorf("%s: %v after %v, want %s after %v", wait.name, err, took, wait.want, wait.took)
			}
		}
	})
}

// A slow farewell makes QEMUs whose event goroutines notice their end late, each a second later
// than the one before.
type slowFarewell struct {
	Hypervisor
	late time.Duration
}

type slowFarewellProcess struct {
	Process
	late time.Duration
}

type slowFarewellTransport struct {
	Transport
	late time.Duration
}

func (h *slowFarewell) Spawn(domain string, memory int64) (Process, error) {
	p, err := h.Hypervisor.Spawn(domain, memory)
	h.late += time.Second
	return slowFarewellProcess{p, h.late}, err
}

func (p slowFarewellProcess) Open() (Transport, error) {
	t, err := p.Process.Open()
	return slowFarewellTransport{t, p.late}, err
}

func (t slowFarewellTransport) Receive() ([]byte, error) {
	line, err := t.Transport.Receive()
	if err != nil {
		time.Sleep(t.late)
	}
	return line, err
}

// A driver that is closed has no domains, whoever has their jobs, and nobody of it is left; a
// second Close waits for the same.
func TestCloseWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := Simulated(Real())
		d := New(Real(), Options{Hypervisor: &slowFarewell{Hypervisor: h}})
		c, owner := d.Connect("c"), d.Connect("owner")
		for _, name := range []string{"vm1", "vm2", "vm3"} {
			must(t, c.Define(name, 1024))
		}
		must(t, c.Start("vm1"))
		must(t, c.Start("vm2"))
		vm, err := d.lookup("vm1")
		must(t, err)
		must(t, owner.beginJob(vm, ModifyJob))
		vm.lock.Unlock()
		before := time.Now()
		second := make(chan time.Duration)
		go func() {
			d.Close()
			second <- time.Since(before)
		}()
		d.Close()
		if took, other := time.Since(before), <-second; took != 2*time.Second || other != 2*time.Second {
			t.Errorf("closed after %v and %v", took, other)
		}
		if got := d.Inspect(); len(got) > 0 {
			t.Errorf("%+v", got)
		}
		if d.readers.peek() != 0 || h.Emit("vm1", "STOP") || h.Emit("vm2", "STOP") {
			t.Errorf("%d event goroutines, or a QEMU, are left", d.readers.peek())
		}
		if s := vm.Status(); s.JobOwner != "owner" || s.References != 1 || s.Listed || s.Attached || s.Info.State != Shutoff {
			t.Errorf("%+v", s)
		}
		vm.lock.Lock()
		owner.finish(vm)
		if s := vm.Status(); s.References != 0 {
			t.Errorf("%+v", s)
		}
	})
}
