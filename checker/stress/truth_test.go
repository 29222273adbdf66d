package stress

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/model"
)

// A crooked hypervisor starts no QEMU, or one that does not do what it should.
type crooked struct {
	driver.Hypervisor
	spawn error
	open  error
	mute  bool // it never answers
}

type crookedProcess struct {
	driver.Process
	by crooked
}

type muteTransport struct{ driver.Transport }

func (h crooked) Spawn(domain string, memory int64) (driver.Process, error) {
	if h.spawn != nil {
		return nil, h.spawn
	}
	p, err := h.Hypervisor.Spawn(domain, memory)
	return crookedProcess{p, h}, err
}

func (p crookedProcess) Open() (driver.Transport, error) {
	t, err := p.Process.Open()
	switch {
	case p.by.open != nil:
		return nil, p.by.open
	case p.by.mute:
		return muteTransport{t}, err
	}
	return t, err
}

func (t muteTransport) Receive() ([]byte, error) {
	for {
		if _, err := t.Transport.Receive(); err != nil {
			return nil, err
		}
	}
}

// What goes wrong outside of the driver is a finding, unless it was asked for; a load of which
// nothing came up is one in any case. What was wrong is said.
func TestUnexpected(t *testing.T) {
	none, gone := errors.New("no such program"), errors.New("too many open files")
	for name, tt := range map[string]struct {
		by     crooked
		faults []Fault
		hang   time.Duration
		want   string // "": all is well
	}{
		"no start":               {crooked{spawn: none}, nil, 0, "could not start QEMU: no such program, and no fault was asked for"},
		"no start, and deaths":   {crooked{spawn: none}, []Fault{QEMUDeath}, 0, "could not start QEMU: no such program, and no fault was asked for"},
		"no start at all":        {crooked{spawn: none}, []Fault{Space}, 0, " starts came up, the last for this reason: vm1: could not start QEMU: no such program"},
		"no monitor":             {crooked{open: gone}, nil, 0, "lost the connection to QEMU: too many open files, and no fault"},
		"no monitor, and a fire": {crooked{open: gone}, []Fault{Space}, 0, "lost the connection to QEMU: too many open files, and no fault"},
		"no monitor ever":        {crooked{open: gone}, []Fault{HalfStart}, 0, " starts came up, the last for this reason: vm1: lost the connection"},
		"no answer":              {crooked{mute: true}, nil, 10 * time.Second, "vm1: its QEMU has been silent for more than 10s, and no fault"},
		"no answer, and patient": {crooked{mute: true}, nil, time.Hour, "QEMU did not answer in time, and no fault"},
		"nothing":                {crooked{}, nil, 0, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			o := virtual(Options{Seed: 1, Domains: 1, Operations: 500, Faults: tt.faults, HangAfter: tt.hang})
			o.Hypervisor = func(rt driver.Runtime) driver.Hypervisor {
				tt.by.Hypervisor = driver.Simulated(rt)
				return tt.by
			}
			r, err := Run(t.Context(), o)
			switch {
			case err != nil:
				t.Fatal(err)
			case tt.want == "":
				mustBeSound(t, r, err)
			case len(r.Findings) != 1 || !strings.Contains(r.Findings[0].Message, tt.want) || r.Findings[0].Kind != model.AssertKind ||
				r.Verdict() != linear.Illegal || r.Findings[0].Hang != nil:
				t.Errorf("%s: %+v", name, r.Findings)
			}
		})
	}
}

// Each fault strikes, alone and with all others, and the driver bears it, also when its callers
// wait longer for a QEMU that was made silent than a call may make no progress.
func TestEachFault(t *testing.T) {
	for _, x := range []struct {
		faults  []Fault
		command time.Duration
		struck  string
	}{
		{faults: []Fault{Silence}, struck: "silence"},
		{faults: []Fault{Silence, Removal}, command: 45 * time.Second, struck: "silence"},
		{faults: []Fault{LateAnswer}, struck: "late-answer"},
		{faults: []Fault{Nonsense}, struck: "nonsense"},
		{faults: []Fault{HalfStart}, struck: "half-start"},
		{faults: []Fault{Descriptors}, struck: "no-descriptors"},
		{faults: []Fault{Space}, struck: "no-space"},
	} {
		var struck uint64
		for seed := uint64(3); struck == 0 && seed < 20; seed++ { // whom it meets hangs on the scheduler
			synctest.Test(t, func(t *testing.T) {
				r, err := Run(t.Context(), virtual(Options{
					Seed: seed, Faults: x.faults, Operations: 8000, CommandTimeout: x.command, JobTimeout: 1000 * time.Hour,
				}))
				mustBeSound(t, r, err)
				struck = r.Struck[x.struck]
			})
		}
		if struck == 0 {
			t.Errorf("%v never strikes", x.faults)
		}
	}
}

// A driver that waits for a silent QEMU longer than it may hangs, and so does one that does not
// tell its caller of an answer: neither is QEMU's fault.
func TestWhoIsSilent(t *testing.T) {
	now := time.Now()
	for name, tt := range map[string]struct {
		asked, heard time.Time
		silent       bool
		until        time.Time
		holder       bool // somebody else waits for the job
		want         string
	}{
		"silent as was asked":       {asked: now, silent: true, until: now.Add(time.Minute)},
		"and another waits for it":  {asked: now, silent: true, until: now.Add(time.Minute), holder: true},
		"silent for too long":       {asked: now, silent: true, until: now.Add(-time.Minute), want: "a makes no progress"},
		"nobody asked for that":     {asked: now, until: now.Add(time.Minute), want: "vm1: its QEMU has been silent"},
		"nor for that":              {asked: now, until: now.Add(time.Minute), holder: true, want: "vm1: its QEMU has been silent"},
		"the answer was there":      {heard: now, until: now.Add(time.Minute), want: "a makes no progress; only its patience, which ends in 1m0s, would end that"},
		"and there was no deadline": {heard: now, want: "a makes no progress"},
	} {
		w := newWorld(nil)
		w.qemu = newKeeper(nil, w, &Options{})
		p := &process{domain: "vm1"}
		p.asked.Store(tt.asked.UnixNano())
		p.heard.Store(tt.heard.UnixNano())
		p.silent.Store(tt.silent)
		w.qemu.latest["vm1"] = p
		long := now.Add(-time.Minute)
		w.actors.byID[1] = &actor{
			name: "a", doing: "query(vm1)", started: long, job: &heldJob{domain: "vm1"},
			waiting: &waiting{kind: "condition", object: "vm1.mon.notify", since: long, until: tt.until},
		}
		if tt.holder {
			w.actors.byID[2] = &actor{name: "b", doing: "info(vm1)", started: long.Add(-time.Second), waiting: &waiting{kind: "condition", object: "vm1.jobCond", since: long}}
		}
		f := w.stuck(now, time.Second, time.Time{})
		if got := f != nil; got != (tt.want != "") || got && !strings.HasPrefix(f.Message, tt.want) {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// A load makes calls for as long as it should.
func TestDuration(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := virtual(Options{Seed: 1, Duration: 5 * time.Second})
		o.Hypervisor = func(rt driver.Runtime) driver.Hypervisor { return slow{driver.Simulated(rt), rt} }
		o.Mix = &Mix{driver.OpStart: 1, driver.OpDestroy: 1}
		r, err := Run(t.Context(), o)
		mustBeSound(t, r, err)
		if r.Elapsed < 5*time.Second || r.Elapsed > 10*time.Second {
			t.Error(r.Elapsed)
		}
	})
}

// A slow hypervisor takes a while for a start.
type slow struct {
	driver.Hypervisor
	runtime driver.Runtime
}

func (h slow) Spawn(domain string, memory int64) (driver.Process, error) {
	h.runtime.Sleep(10 * time.Millisecond)
	return h.Hypervisor.Spawn(domain, memory)
}
