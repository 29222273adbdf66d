package stress

import (
	"errors"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// The runtime of production bears what the watched one does.
func TestProduction(t *testing.T) {
	r, err := Run(t.Context(), Options{Seed: 4, Faults: Faults(), Operations: 5000, HangAfter: 10 * time.Minute, Production: true})
	mustBeSound(t, r, err)
	if !strings.Contains(r.Replay, " --production") {
		t.Error(r.Replay)
	}
}

// A blocked hypervisor keeps a start until it is released, and then starts nothing.
type blocked struct{ until chan struct{} }

func (h blocked) Spawn(string, int64) (driver.Process, error) {
	<-h.until
	return nil, errors.New("released")
}

// What hangs in production is found, and told, though nothing can end it.
func TestHangInProduction(t *testing.T) {
	until := make(chan struct{})
	o := Options{Seed: 1, Operations: 1000, Production: true, HangAfter: 100 * time.Millisecond, rest: 10 * time.Millisecond}
	o.Hypervisor = func(driver.Runtime) driver.Hypervisor { return blocked{until} }
	r, err := Run(t.Context(), o)
	if err != nil || len(r.Findings) != 1 || r.Findings[0].Hang == nil || r.Findings[0].Kind != model.BlockUnderLock {
		t.Errorf("%v %+v", err, r)
	}
	close(until)
}

// An object that is used after it was freed is found in production as well, by the lock itself.
func TestUseAfterFreeInProduction(t *testing.T) {
	w := newWorld(nil)
	rt := newProduction(w)
	rt.Go("culprit", func() {
		m := rt.NewMutex("m")
		if w.unfreed()[0] != "m" {
			t.Error(w.unfreed())
		}
		m.Lock()
		m.Destroy()
		m.Lock()
	})
	w.running.Wait()
	if len(w.findings) != 1 || w.findings[0].Message != "panic: use-after-release: m is locked after it was freed" || len(w.unfreed()) > 0 {
		t.Errorf("%+v %v", w.findings, w.unfreed())
	}
}

// A leaky hypervisor has goroutines of the driver that never end.
type leaky struct {
	driver.Hypervisor
	leak func()
}

func (h leaky) Spawn(domain string, memory int64) (driver.Process, error) {
	h.leak()
	return h.Hypervisor.Spawn(domain, memory)
}

// A goroutine of the driver that outlives it is a finding.
func TestGoroutineLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var transports []driver.Transport
		o := virtual(Options{Seed: 1, Operations: 200, Domains: 1})
		o.Hypervisor = func(rt driver.Runtime) driver.Hypervisor {
			return leaky{driver.Simulated(rt), func() {
				ours, _ := net.Pipe()
				transports = append(transports, driver.NewTransport(ours))
			}}
		}
		r, err := Run(t.Context(), o)
		if err != nil || len(r.Findings) != 1 || r.Findings[0].Kind != model.RefCount || !strings.HasPrefix(r.Findings[0].Message, "the driver is closed, and there still is a goroutine") {
			t.Errorf("%v %+v", err, r)
		}
		for _, x := range transports {
			x.Close()
		}
	})
}

// So is a QEMU, a connection to one, and a directory.
func TestLeft(t *testing.T) {
	p := &process{domain: "vm1"}
	for want, x := range map[string]any{"": nil, "the QEMU of vm1": p, "a connection to the QEMU of vm1": &connection{process: p}} {
		k := newKeeper(nil, nil, &Options{})
		if x != nil {
			k.began(x, func() {})
		}
		if got := k.left(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if k.ended(x); k.left() != "" {
			t.Error(k.left())
		}
	}
	k := newKeeper(directories{}, nil, &Options{})
	if got := k.left(); got != "/tmp/a and 1 more" {
		t.Error(got)
	}
}

type directories struct{ driver.Hypervisor }

func (directories) Left() []string { return []string{"/tmp/a", "/tmp/b"} }
