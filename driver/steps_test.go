package driver

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden file")

// A written runtime writes down what one goroutine does. Nobody else runs.
type written struct {
	Runtime
	steps []string
}

func (w *written) note(words ...string) { w.steps = append(w.steps, strings.Join(words, " ")) }

// since is what was done since this was last asked.
func (w *written) since() []string {
	steps := w.steps
	w.steps = nil
	return steps
}

func (w *written) Go(name string, _ func()) { w.note("start", name) }
func (w *written) Sleep(d time.Duration)    { w.note("sleep", d.String()); w.Runtime.Sleep(d) }

func (w *written) NewMutex(name string) Mutex {
	return &writtenMutex{w.Runtime.NewMutex(name), name, w}
}

func (w *written) NewCond(name string, m Mutex) Cond {
	return &writtenCond{w.Runtime.NewCond(name, m.(*writtenMutex).Mutex), name, w}
}

func (w *written) NewVar(name string, m Mutex) Var {
	return &writtenVar{name + " with " + m.(*writtenMutex).name, w}
}

type writtenMutex struct {
	Mutex
	name string
	by   *written
}

func (m *writtenMutex) Lock()          { m.Mutex.Lock(); m.by.note("lock", m.name) }
func (m *writtenMutex) Unlock()        { m.by.note("unlock", m.name); m.Mutex.Unlock() }
func (m *writtenMutex) Destroy()       { m.by.note("destroy", m.name); m.Mutex.Destroy() }
func (m *writtenMutex) Held(k Kind)    { m.by.note("states", string(k)+":", "holds", m.name) }
func (m *writtenMutex) NotHeld(k Kind) { m.by.note("states", string(k)+":", "does not hold", m.name) }

type writtenCond struct {
	Cond
	name string
	by   *written
}

func (c *writtenCond) Signal()    { c.by.note("signal", c.name); c.Cond.Signal() }
func (c *writtenCond) Broadcast() { c.by.note("broadcast", c.name); c.Cond.Broadcast() }

type writtenVar struct {
	name string
	by   *written
}

func (v *writtenVar) Read()  { v.by.note("read", v.name) }
func (v *writtenVar) Write() { v.by.note("write", v.name) }

// spoken is a QEMU that says some lines, and ends.
type spoken struct{ lines []string }

func (s *spoken) Open() (Transport, error) { return s, nil }
func (s *spoken) Kill()                    {}
func (s *spoken) Close()                   {}
func (s *spoken) Send([]byte) error        { return nil }
func (s *spoken) Receive() ([]byte, error) {
	if len(s.lines) == 0 {
		return nil, io.EOF
	}
	line := s.lines[0]
	s.lines = s.lines[1:]
	return []byte(line), nil
}

// What each call does with locks, conditions and shared variables when nobody is in its way: the
// golden file is the protocol, step by step. What is not announced here no race detector sees, and
// what is not stated nobody checks.
func TestSteps(t *testing.T) { synctest.Test(t, steps) }

func steps(t *testing.T) {
	rt := &written{Runtime: Real()}
	d := New(rt, Options{})
	vm, mon := d.AddAnswering("vm1")
	c, h := d.Connect("test"), d.Connect("helpers").Helpers()
	inside := func(m Mutex, body func() error) func() error {
		return func() error {
			m.Lock()
			defer m.Unlock()
			return body()
		}
	}
	var got strings.Builder
	for _, s := range []struct {
		name string
		do   func() error
	}{
		{"add", func() error { return nil }},
		{"define", func() error { return c.Define("vm1", 1) }},
		{"query", func() error { _, err := c.Query("vm1"); return err }},
		{"suspend", func() error { return c.Suspend("vm1") }},
		{"set-memory", func() error { return c.SetMemory("vm1", 2048) }},
		{"info", func() error { _, err := c.Info("vm1"); return err }},
		{"info of nobody", func() error { _, err := c.Info("vm2"); return err }},
		{"long-job", func() error { return c.LongJob("vm1", 2) }},
		{"domains", func() error { c.Domains(); return nil }},
		{"touch", inside(vm.lock, func() error { h.Touch(vm); return nil })},
		{"command", inside(mon.lock, func() error { return h.Command(mon) })},
		{"helpers", func() error {
			h.LockDriver()
			found := h.Find("vm1")
			h.UnlockDriver()
			if n := h.Ref(found); found != vm || n != 2 {
				t.Errorf("found %v, with %d references", found, n)
			}
			err := h.BeginJob(vm)
			mon := h.EnterMonitor(vm)
			h.ExitMonitor(vm, mon)
			if n, left := h.EndJob(vm), h.Unref(vm); n != 2 || left != 1 {
				t.Errorf("%d references after the job, and %d", n, left)
			}
			h.Unlock(vm)
			return err
		}},
		{"helpers with the driver", func() error {
			h.LockDriver()
			h.Lock(vm)
			err := h.BeginJobWithDriver(vm)
			mon := h.EnterMonitorWithDriver(vm)
			h.ExitMonitorWithDriver(vm, mon)
			h.EndJob(vm)
			h.Unlock(vm)
			h.UnlockDriver()
			h.LockMonitor(mon)
			h.UnlockMonitor(mon)
			return err
		}},
		{"event", func() error { vm.handleEvent(mon, "STOP"); return nil }},
		{"fail", inside(mon.lock, func() error { mon.fail(io.EOF); mon.fail(io.EOF); return nil })},
		{"query of a broken monitor", func() error { _, err := c.Query("vm1"); return err }},
		{"start", func() error { return c.Start("vm1") }},
		{"undefine", func() error { return c.Undefine("vm1") }},
		{"undefine again", func() error { return c.Undefine("vm1") }},
		{"define again", func() error { return c.Define("vm1", 1) }},
		{"destroy", func() error { return c.Destroy("vm1") }},
		{"destroy again", func() error { return c.Destroy("vm1") }},
		{"suspend what is stopped", func() error { return c.Suspend("vm1") }},
		{"long-job of what is stopped", func() error { return c.LongJob("vm1", 1) }},
		{"wait", func() error { return c.Wait("vm1") }},
		{"attach, read, and handle the death", func() error {
			q := &spoken{[]string{greeting, eventLine("STOP")}}
			vm.lock.Lock()
			mon := c.attach(vm, q)
			vm.state.store(Running)
			vm.lock.Unlock()
			mon.read(q)
			return nil
		}},
		{"attach, and abandon the start", func() error {
			d.lock.Lock()
			vm.lock.Lock()
			mon := c.attach(vm, &spoken{})
			c.abandonStart(vm, mon)
			c.abandonStart(vm, mon) // there is none any more
			vm.release()            // the event goroutine's
			d.readers.store(0)
			d.lock.Unlock()
			return nil
		}},
		{"undefine what is stopped", func() error { return c.Undefine("vm1") }},
		{"define one more", func() error { return c.Define("vm2", 1) }},
		{"helpers remove a domain", func() error {
			h.LockDriver()
			d.add("vm5", 1)
			h.RemoveInactive(h.Find("vm5"))
			if h.Find("vm5") != nil {
				t.Error("a domain that was removed is found")
			}
			h.UnlockDriver()
			return nil
		}},
		{"drop the last reference", func() error {
			last := newDomain(d, "vm3", 1)
			last.lock.Lock()
			last.release()
			return nil
		}},
		{"drop another", func() error {
			shared := newDomain(d, "vm4", 1)
			shared.lock.Lock()
			shared.ref()
			shared.release()
			return nil
		}},
		{"close", func() error { d.Close(); return nil }},
	} {
		fmt.Fprintf(&got, "%s: %s\n", s.name, CodeOf(s.do()))
		for _, step := range rt.since() {
			fmt.Fprintf(&got, "\t%s\n", step)
		}
	}
	const golden = "testdata/steps.golden"
	if *update {
		must(t, os.WriteFile(golden, []byte(got.String()), 0o666))
	}
	want, err := os.ReadFile(golden)
	must(t, err)
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Error(diff)
	}
}
