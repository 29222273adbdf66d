package driver

import (
	"errors"
	"math"
	"strconv"
	"testing"
	"testing/synctest"
)

// An answer is that of the command that waits for it, and comes once; whatever else QEMU says is an
// error, and nobody is told an answer.
func TestDispatch(t *testing.T) {
	const ok, ours = `{"return":{},"id":"libvirt-42"}`, 42
	for _, tt := range []struct {
		name, line string
		pending    *command
		event      string
		problem    string // "": none
		done       bool   // the command has its answer afterwards
	}{
		{name: "its answer", line: ok, pending: &command{id: ours}, done: true},
		{name: "the greeting", line: greeting, pending: &command{}, done: true},
		{name: "a refusal", line: `{"error":{"class":"C","desc":"D"},"id":"libvirt-42"}`, pending: &command{id: ours}, done: true},
		{name: "an event", line: `{"event":"STOP"}`, pending: &command{id: ours}, event: "STOP"},
		{name: "an event, and nobody waits", line: `{"event":"STOP"}`, event: "STOP"},
		{name: "nobody waits", line: ok, problem: "an answer to no command"},
		{name: "the answer twice", line: ok, pending: &command{id: ours, done: true}, problem: "an answer to no command", done: true},
		{name: "a second greeting", line: greeting, pending: &command{id: ours}, problem: "a second greeting"},
		{name: "the greeting twice", line: greeting, pending: &command{done: true}, problem: "an answer to no command", done: true},
		{name: "before the greeting", line: `{"return":{},"id":"libvirt-0"}`, pending: &command{}, problem: "an answer before the greeting"},
		{
			name: "of the one before", line: `{"return":{},"id":"libvirt-41"}`, pending: &command{id: ours},
			problem: `the answer to command "libvirt-41" instead of 42`,
		},
		{
			name: "of the next", line: `{"return":{},"id":"libvirt-43"}`, pending: &command{id: ours},
			problem: `the answer to command "libvirt-43" instead of 42`,
		},
		{
			name: "an id that is as much in 32 bits", line: `{"return":{},"id":"libvirt-4294967338"}`, pending: &command{id: ours},
			problem: `the answer to command "libvirt-4294967338" instead of 42`,
		},
		{
			name: "an id that is larger than any", line: `{"return":{},"id":"libvirt-18446744073709551658"}`, pending: &command{id: ours},
			problem: `the answer to command "libvirt-18446744073709551658" instead of 42`,
		},
		{
			name: "an id in another base", line: `{"return":{},"id":"libvirt-0x2a"}`, pending: &command{id: ours},
			problem: `the answer to command "libvirt-0x2a" instead of 42`,
		},
		{name: "without an id", line: `{"return":{}}`, pending: &command{id: ours}, problem: `the answer to command "" instead of 42`},
		{name: "nonsense", line: "\x7fELF", pending: &command{id: ours}, problem: "not a JSON object"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := New(Real(), Options{})
			_, mon := d.AddAnswering("vm1")
			defer d.Close()
			mon.lock.Lock()
			defer mon.lock.Unlock()
			mon.pending.store(tt.pending)
			defer mon.pending.store(nil)
			was := mon.notify.(*realCond).enqueue()
			event, err := mon.dispatch([]byte(tt.line))
			var p *ProtocolError
			switch {
			case event != tt.event:
				t.Errorf("the event %q, want %q", event, tt.event)
			case tt.problem == "" && err != nil:
				t.Error(err)
			case tt.problem != "" && (!errors.As(err, &p) || p.Problem != tt.problem || string(p.Line) != tt.line):
				t.Errorf("%v, want %s", err, tt.problem)
			case tt.pending != nil && tt.pending.done != tt.done:
				t.Errorf("done %v, want %v", tt.pending.done, tt.done)
			}
			answered := tt.done && tt.problem == ""
			if woken := len(was) > 0; woken != answered {
				t.Errorf("who waits is woken: %v", woken)
			}
			if tt.pending != nil {
				if a := &tt.pending.answer; (a.Return != nil || a.Error != nil || a.QMP != nil) != answered {
					t.Errorf("who waits has %+v", a)
				}
			}
		})
	}
}

// The number of a command is the one before and one, whatever size an int of whom has.
func TestSerialsDoNotWrap(t *testing.T) {
	d := New(Real(), Options{})
	vm, mon := d.AddAnswering("vm1")
	defer d.Close()
	sent := &sentLines{Transport: mon.transport.peek()}
	vm.lock.Lock()
	mon.lock.Lock()
	mon.transport.store(sent)
	mon.lock.Unlock()
	vm.lock.Unlock()
	for _, last := range []uint64{0, math.MaxUint8, math.MaxUint16, math.MaxInt32, math.MaxUint32, 1 << 53, math.MaxInt64} {
		mon.lock.Lock()
		mon.serial.store(last)
		mon.lock.Unlock()
		if _, err := d.Connect("test").Query("vm1"); err != nil {
			t.Errorf("after %d: %v", last, err)
		}
		command, ok := decodeCommand([]byte(sent.last))
		if want := "libvirt-" + strconv.FormatUint(last+1, 10); !ok || command.id != want {
			t.Errorf("%s, want the id %s", sent.last, want)
		}
	}
}

// sentLines keeps what was last sent.
type sentLines struct {
	Transport
	last string
}

func (s *sentLines) Send(line []byte) error {
	s.last = string(line)
	return s.Transport.Send(line)
}

// What QEMU tells is what the domain is, at once and in the order in which it was told.
func TestEventsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := Real()
		h := Simulated(rt)
		d := New(rt, Options{Hypervisor: h})
		defer d.Close()
		c := d.Connect("test")
		must(t, c.Define("vm1", 1024))
		must(t, c.Start("vm1"))
		for _, burst := range []struct {
			events []string
			want   State
		}{
			{[]string{"STOP"}, Paused},
			{[]string{"RTC_CHANGE"}, Paused},
			{[]string{"RESUME"}, Running},
			{[]string{"STOP", "RESUME"}, Running},
			{[]string{"RESUME", "STOP"}, Paused},
			{[]string{"RESUME", "STOP", "RESUME", "STOP", "RESUME", "RTC_CHANGE"}, Running},
		} {
			for _, e := range burst.events {
				if !h.Emit("vm1", e) {
					t.Fatal("there is no QEMU")
				}
			}
			synctest.Wait()
			if i, err := c.Info("vm1"); i.State != burst.want || err != nil {
				t.Errorf("after %v: %s, %v", burst.events, i.State, err)
			}
		}
		if h.Emit("vm2", "STOP") {
			t.Error("a QEMU that is not there says something")
		}
	})
}
