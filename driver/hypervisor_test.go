package driver

import (
	"errors"
	"io"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// A slow answer is late by so much, and everything else takes no time.
func TestSlowAnswer(t *testing.T) {
	slow := false
	choose := func(_ string, faults []Fault) Fault {
		if slow && slices.Contains(faults, SlowAnswer) {
			return SlowAnswer
		}
		return NoFault
	}
	eachHypervisor(t, choose, func(t *testing.T, d *Driver, c *Conn) {
		for _, s := range []bool{false, true} {
			slow = s
			want := time.Duration(0)
			if s {
				want = 20 * time.Millisecond
			}
			before := time.Now()
			_, err := c.Query("vm1")
			must(t, err)
			if took := time.Since(before); took != want {
				t.Errorf("slow %v: it took %v", s, took)
			}
		}
	})
}

// A pretended QEMU has the memory with which it was started, and then what it is told; the points
// at which faults may strike have its domain's name.
func TestWhatGuestsHave(t *testing.T) {
	var points []string
	choose := func(point string, _ []Fault) Fault {
		if !slices.Contains(points, point) {
			points = append(points, point)
		}
		return NoFault
	}
	eachHypervisor(t, choose, func(t *testing.T, d *Driver, c *Conn) {
		simulated, _ := d.opts.Hypervisor.(*SimulatedHypervisor)
		look := func(want Info) {
			t.Helper()
			if simulated == nil {
				return
			}
			synctest.Wait()
			if got, ok := simulated.Guest("vm1"); got != want || !ok {
				t.Errorf("%+v, %v, want %+v", got, ok, want)
			}
		}
		look(Info{State: Running, Memory: 1024})
		must(t, c.SetMemory("vm1", 2048))
		must(t, c.Suspend("vm1"))
		look(Info{State: Paused, Memory: 2048})
		if simulated != nil {
			if got, ok := simulated.Guest("vm2"); got != (Info{}) || ok {
				t.Error(got, ok)
			}
		}
		if want := []string{"vm1.spawn", "vm1.qemu"}; !slices.Equal(points, want) {
			t.Errorf("%q, want %q", points, want)
		}
		points = nil
	})
}

// A pretended QEMU ends when it is killed, more than once and before anybody has connected to it,
// and takes its connection with it.
func TestKill(t *testing.T) {
	for name, h := range hypervisors {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := h(Real())
				for _, open := range []bool{true, false} {
					p, err := h.Spawn("vm1", 1)
					must(t, err)
					var transport Transport
					if open {
						transport, err = p.Open()
						must(t, err)
						line, err := transport.Receive()
						if string(line)+"\n" != greeting || err != nil {
							t.Errorf("%s, %v", line, err)
						}
					}
					p.Kill()
					p.Kill()
					if !open {
						if transport, err = p.Open(); err != nil {
							continue
						}
					}
					for err == nil {
						_, err = transport.Receive()
					}
					if !errors.Is(err, io.EOF) {
						t.Error(err)
					}
					transport.Close()
				}
			})
		})
	}
}
