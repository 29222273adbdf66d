package driver

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A late runtime has conditions that say that the time was up when somebody was woken, as those of
// POSIX may when both come at once.
type late struct{ Runtime }

type lateCond struct{ Cond }

func (l late) NewCond(name string, m Mutex) Cond { return lateCond{l.Runtime.NewCond(name, m)} }

func (c lateCond) WaitUntil(deadline time.Time) bool {
	c.Cond.WaitUntil(deadline)
	return false
}

// An answer that is there counts, even if the time for it is up.
func TestAnswerAtTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := late{Real()}
		d := New(rt, Options{Hypervisor: Simulated(rt)})
		defer d.Close()
		c := d.Connect("test")
		must(t, c.Define("vm1", 1024))
		must(t, c.Start("vm1"))
		_, err := c.Query("vm1")
		must(t, err)
		synctest.Wait()
		if i, err := c.Info("vm1"); i.State != Running || err != nil {
			t.Error(i, err)
		}
	})
}

// A delaying hypervisor makes QEMUs of which the first is late with the answer to its third
// command.
type delaying struct {
	Hypervisor
	by      time.Duration
	spawned int
}

type delayingProcess struct {
	Process
	by time.Duration
}

type delayingTransport struct {
	Transport
	by    time.Duration
	lines int
}

func (h *delaying) Spawn(domain string, memory int64) (Process, error) {
	p, err := h.Hypervisor.Spawn(domain, memory)
	if h.spawned++; h.spawned == 1 {
		return delayingProcess{p, h.by}, err
	}
	return p, err
}

func (p delayingProcess) Open() (Transport, error) {
	t, err := p.Process.Open()
	return &delayingTransport{Transport: t, by: p.by}, err
}

func (t *delayingTransport) Receive() ([]byte, error) {
	line, err := t.Transport.Receive()
	// The greeting, the capabilities, an event and an answer to cont, and then the query.
	if t.lines++; t.lines == 5 {
		time.Sleep(t.by)
	}
	return line, err
}

// An answer that comes when its caller has given up is nobody's: that QEMU is given up, whether it
// comes or not, and the next one is asked anew.
func TestLateAnswer(t *testing.T) {
	for _, late := range []time.Duration{-time.Nanosecond, time.Nanosecond, time.Second, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			h := &delaying{Hypervisor: Simulated(Real()), by: 30*time.Second + late}
			d := New(Real(), Options{Hypervisor: h})
			defer d.Close()
			c := d.Connect("test")
			must(t, c.Define("vm1", 1024))
			must(t, c.Start("vm1"))
			before := time.Now()
			state, err := c.Query("vm1")
			if took := time.Since(before); took != 30*time.Second+min(late, 0) {
				t.Errorf("late by %v: it took %v", late, took)
			}
			if late < 0 {
				if state != Running || err != nil {
					t.Errorf("in time: %s, %v", state, err)
				}
				return
			}
			_, again := c.Query("vm1") // nobody is asked any more
			for _, err := range []error{err, again} {
				if CodeOf(err) != MonitorGone || !errors.Is(err, errNoAnswer) {
					t.Errorf("late by %v: %v", late, err)
				}
			}
			if took := time.Since(before); took != 30*time.Second {
				t.Errorf("both took %v", took)
			}
			time.Sleep(2 * time.Hour) // the answer has come
			if i, err := c.Info("vm1"); i.State != Shutoff || err != nil {
				t.Errorf("late by %v: %v %v", late, i, err)
			}
			must(t, c.Start("vm1"))
			if state, err := c.Query("vm1"); state != Running || err != nil || h.spawned != 2 {
				t.Errorf("the next QEMU: %s, %v, %d were started", state, err, h.spawned)
			}
		})
	}
}

type hypervisorFunc func(domain string, memory int64) (Process, error)

func (f hypervisorFunc) Spawn(domain string, memory int64) (Process, error) { return f(domain, memory) }

// One line of nonsense ends a QEMU, even if it goes on as if nothing had been.
func TestNonsenseOnce(t *testing.T) {
	for _, nonsense := range []string{"\x7fELF", "{", `{"return":{}}`, `{"return":{},"id":"libvirt-2"}`, "[]"} {
		synctest.Test(t, func(t *testing.T) {
			g := &guest{}
			s := &script{greeting: greeting, answer: func(n int, line string) (string, bool) {
				text := strings.Join(g.answer([]byte(line), NoFault).lines, "")
				if n == third {
					text = nonsense + "\n" + text
				}
				return text, false
			}}
			d := New(Real(), Options{Hypervisor: s})
			defer d.Close()
			c := d.Connect("test")
			must(t, c.Define("vm1", 1024))
			must(t, c.Start("vm1"))
			var p *ProtocolError
			if state, err := c.Query("vm1"); state != Shutoff || CodeOf(err) != MonitorGone || !errors.As(err, &p) || string(p.Line) != nonsense {
				t.Errorf("%q: %s, %v", nonsense, state, err)
			}
			synctest.Wait()
			if i, err := c.Info("vm1"); i.State != Shutoff || err != nil {
				t.Errorf("%q: %s, %v", nonsense, i.State, err)
			}
		})
	}
}

// A start that goes wrong half-way leaves the domain as it was, with nobody's job and the
// references that it had, and can be made again.
func TestStartThatEndsHalfWay(t *testing.T) {
	const refusal = `{"error":{"class":"C","desc":"D"},"id":"ID"}` + "\n"
	for _, tt := range []struct {
		name string
		// at is the command at which it goes wrong, and says what QEMU says to it; with nothing to say it
		// goes.
		at   int
		says string
		want Code
	}{
		{"before the greeting", -1, "", MonitorGone},
		{"after the greeting", 0, "", MonitorGone},
		{"when it takes commands", 1, "", MonitorGone},
		{"it takes none", 0, refusal, Refused},
		{"it does not go on", 1, refusal, Refused},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				broken := true
				d := New(Real(), Options{Hypervisor: hypervisorFunc(func(domain string, memory int64) (Process, error) {
					s := &script{greeting: greeting, answer: good(-1, "", false)}
					if !broken {
						return s.Spawn(domain, memory)
					}
					if tt.at >= 0 {
						s.answer = good(tt.at, tt.says, tt.says == "")
						return s.Spawn(domain, memory)
					}
					s.greeting = ""
					p, err := s.Spawn(domain, memory)
					p.Kill()
					return p, err
				})})
				defer d.Close()
				c := d.Connect("test")
				must(t, c.Define("vm1", 1024))
				if err := c.Start("vm1"); CodeOf(err) != tt.want {
					t.Errorf("%v, want %s", err, tt.want)
				}
				synctest.Wait()
				want := DomainStatus{Name: "vm1", Info: Info{Shutoff, 1024, true}, References: 1, Listed: true}
				if got := d.Inspect()[0]; got != want {
					t.Errorf("%+v, want %+v", got, want)
				}
				broken = false
				must(t, c.Start("vm1"))
				synctest.Wait()
				want.Info.State, want.References, want.Attached = Running, 2, true
				if got := d.Inspect()[0]; got != want {
					t.Errorf("%+v, want %+v", got, want)
				}
			})
		})
	}
}
