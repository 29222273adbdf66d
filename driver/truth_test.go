package driver

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Events count for the QEMU that sent them, and only while the domain runs.
func TestEventsOfOthers(t *testing.T) {
	eachHypervisor(t, nil, func(t *testing.T, d *Driver, c *Conn) {
		vm := d.domains["vm1"]
		old := vm.mon.peek()
		must(t, c.Destroy("vm1"))
		vm.handleEvent(old, "RESUME") // it comes late
		if s := vm.Status(); s.Info.State != Shutoff {
			t.Errorf("a domain without a QEMU is %s", s.Info.State)
		}
		must(t, c.Start("vm1"))
		vm.handleEvent(old, "STOP")
		if i, err := c.Info("vm1"); i.State != Running || err != nil {
			t.Errorf("after the event of an earlier QEMU: %s, %v", i.State, err)
		}
		vm.lock.Lock()
		vm.state.store(Shutoff) // as while it starts
		vm.lock.Unlock()
		vm.handleEvent(vm.mon.peek(), "RESUME")
		if s := vm.Status(); s.Info.State != Shutoff {
			t.Errorf("a domain that starts is %s", s.Info.State)
		}
		vm.lock.Lock()
		vm.state.store(Running)
		vm.lock.Unlock()
		for event, want := range map[string]State{"STOP": Paused, "RESUME": Running, "RTC_CHANGE": Running} {
			before := vm.Status().Info.State
			vm.handleEvent(vm.mon.peek(), event)
			if got := vm.Status().Info.State; got != want && !(event == "RTC_CHANGE" && got == before) {
				t.Errorf("after %s: %s", event, got)
			}
		}
	})
}

// Every command has a number of its own, one after the other from 1, however many there are.
func TestSerials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ids []string
		g := &guest{}
		s := &script{greeting: greeting, answer: func(_ int, line string) (string, bool) {
			_, id, _ := strings.Cut(line, `"id":"`)
			ids = append(ids, strings.TrimSuffix(id, `"}`))
			return strings.Join(g.answer([]byte(line), NoFault).lines, ""), false
		}}
		d := New(Real(), Options{Hypervisor: s})
		defer d.Close()
		c := d.Connect("test")
		must(t, c.Define("vm1", 1024))
		must(t, c.Start("vm1"))
		for range 600 {
			if _, err := c.Query("vm1"); err != nil {
				t.Fatal(err)
			}
		}
		for i, id := range ids {
			if want := fmt.Sprint("libvirt-", i+1); id != want {
				t.Fatalf("command %d has the id %s", i+1, id)
			}
		}
	})
}

// A QEMU that answers twice is given up: its next answer would be taken for another's.
func TestSecondAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &guest{}
		s := &script{greeting: greeting, answer: func(n int, line string) (string, bool) {
			text := strings.Join(g.answer([]byte(line), NoFault).lines, "")
			if n == third {
				text += text
			}
			return text, false
		}}
		d := New(Real(), Options{Hypervisor: s})
		defer d.Close()
		c := d.Connect("test")
		must(t, c.Define("vm1", 1024))
		must(t, c.Start("vm1"))
		_, _ = c.Query("vm1") // which of the two ends it is a matter of luck
		synctest.Wait()
		if i, err := c.Info("vm1"); i.State != Shutoff || err != nil {
			t.Error(i, err)
		}
	})
}

// took keeps how long calls took.
type took struct{ calls []string }

func (*took) Called(Call)  {}
func (*took) Job(JobEvent) {}
func (k *took) Returned(c Call, r Result) {
	k.calls = append(k.calls, fmt.Sprint(c.Op, " ", r.Code, " ", r.Took))
}

// No call waits longer than its patience, and one whose QEMU is silent, or whose job somebody
// keeps, exactly so long.
func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, silent := &guest{}, false
		s := &script{greeting: greeting, answer: func(_ int, line string) (string, bool) {
			if silent {
				return "", false
			}
			return strings.Join(g.answer([]byte(line), NoFault).lines, ""), false
		}}
		k := &took{}
		d := New(Real(), Options{Hypervisor: s, JobTimeout: 7 * time.Second, CommandTimeout: 3 * time.Second, Observe: func(name string) Observer {
			if name != "test" {
				return nil
			}
			return k
		}})
		defer d.Close()
		c, other := d.Connect("test"), d.Connect("other")
		must(t, other.Define("vm1", 1024))
		must(t, other.Start("vm1"))
		silent = true
		keeper := make(chan error)
		go func() { keeper <- other.LongJob("vm1", 1) }()
		synctest.Wait()
		for _, call := range []Call{{OpSetMemory, "vm1", 1}, {OpInfo, "vm1", 0}, {OpStart, "vm1", 0}} {
			if r := c.Do(call); r.Took > d.Patience(call) {
				t.Errorf("%s took %v", call.Op, r.Took)
			}
			synctest.Wait() // a QEMU that is given up is dead then
		}
		if err := <-keeper; CodeOf(err) != MonitorGone {
			t.Error(err)
		}
		synctest.Wait()
		vm, err := d.lookup("vm1")
		must(t, err)
		must(t, other.beginJob(vm, ModifyJob))
		vm.lock.Unlock()
		for _, call := range []Call{{OpUndefine, "vm1", 0}, {OpDestroy, "vm1", 0}} {
			c.Do(call)
		}
		vm.lock.Lock()
		other.finish(vm)
		silent = false
		must(t, other.Start("vm1"))
		c.Do(Call{OpWait, "vm1", 0})
		c.Do(Call{OpLongJob, "vm1", 3})
		want := []string{
			"set-memory monitor-gone 3s", "info ok 0s", "start monitor-gone 3s", "undefine job-timeout 7s", "destroy job-timeout 7s", "wait wait-expired 7s",
			"long-job ok 100ms",
		}
		// Who waited for the job of a silent QEMU's caller finds its domain dead, or still dying.
		k.calls[0] = strings.Replace(k.calls[0], "not-running", "monitor-gone", 1)
		if got := strings.Join(k.calls, ", "); got != strings.Join(want, ", ") {
			t.Errorf("%s", got)
		}
		for call, want := range map[Call]time.Duration{
			{OpDefine, "vm1", 0}: 0, {OpInfo, "vm1", 0}: 0, {OpDied, "vm1", 0}: 0, {OpUndefine, "vm1", 0}: 7 * time.Second,
			{OpDestroy, "vm1", 0}: 7 * time.Second, {OpQuery, "vm1", 0}: 10 * time.Second, {OpStart, "vm1", 0}: 16 * time.Second,
			{OpWait, "vm1", 0}: 7 * time.Second, {OpLongJob, "vm1", 2}: 13*time.Second + pollInterval, {OpLongJob, "vm1", 0}: 7 * time.Second,
		} {
			if got := d.Patience(call); got != want {
				t.Errorf("%s: %v, want %v", call.Op, got, want)
			}
		}
	})
}

// What a debugger sees is in the order of the names, whatever the order of the definitions.
func TestInspectOrder(t *testing.T) {
	d := New(Real(), Options{})
	defer d.Close()
	c := d.Connect("test")
	var want []string
	for i := range 8 {
		must(t, c.Define(fmt.Sprint("vm", 8-i), 1024))
		want = append(want, fmt.Sprint("vm", i+1))
	}
	for range 50 { // the order of a map is another each time
		var got []string
		for _, s := range d.Inspect() {
			got = append(got, s.Name)
		}
		if all := c.Domains(); fmt.Sprint(got) != fmt.Sprint(want) || fmt.Sprint(all) != fmt.Sprint(want) {
			t.Fatal(got, all)
		}
	}
}

// What a driver is not told about its patience is libvirt's, and the one says nothing of the other.
func TestDefaultPatience(t *testing.T) {
	for o, want := range map[[2]time.Duration][2]time.Duration{
		{}:               {30 * time.Second, 30 * time.Second},
		{time.Second, 0}: {time.Second, 30 * time.Second},
		{0, time.Second}: {30 * time.Second, time.Second},
		{1, 2}:           {1, 2},
	} {
		d := New(Real(), Options{JobTimeout: o[0], CommandTimeout: o[1]})
		job := d.Patience(Call{OpWait, "vm1", 0})
		if got := [2]time.Duration{job, d.Patience(Call{OpQuery, "vm1", 0}) - job}; got != want {
			t.Errorf("told %v, it waits %v", o, got)
		}
		if _, ok := d.opts.Hypervisor.(*InProcessHypervisor); !ok {
			t.Errorf("%T", d.opts.Hypervisor)
		}
	}
}
