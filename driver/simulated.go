package driver

import (
	"errors"
	"io"
)

// A SimulatedHypervisor makes QEMUs that are not goroutines: a command is answered while it is
// sent, and the answer waits in a queue of the runtime. So a controlled scheduler sees every
// message, and nothing else.
type SimulatedHypervisor struct {
	rt     Runtime
	lock   Mutex // innermost: nothing else is locked while it is held
	guests map[string]*simulatedProcess
}

// Simulated is a hypervisor for controlled runtimes; it works on [Real] too.
func Simulated(rt Runtime) *SimulatedHypervisor {
	return &SimulatedHypervisor{rt: rt, lock: rt.NewMutex("hypervisor.lock"), guests: map[string]*simulatedProcess{}}
}

var errSpawn = errors.New("the fault spawn-failure struck")

// Spawn makes a QEMU that has sent its greeting already.
func (h *SimulatedHypervisor) Spawn(domain string, memory int64) (Process, error) {
	if h.rt.Choose(domain+".spawn", spawnFaults) != NoFault {
		return nil, errSpawn
	}
	p := &simulatedProcess{
		rt:    h.rt,
		point: domain + ".qemu",
		wire:  h.rt.NewQueue(domain + ".qmp"),
		guest: guest{memory: memory << 10},
	}
	p.wire.Send([]byte(greeting))
	h.lock.Lock()
	h.guests[domain] = p
	h.lock.Unlock()
	return p, nil
}

// Crash kills the QEMU that a domain had last.
func (h *SimulatedHypervisor) Crash(domain string) bool {
	p := h.process(domain)
	if p == nil {
		return false
	}
	p.Kill()
	return true
}

// Emit lets the QEMU of a domain send an event that nobody asked for.
func (h *SimulatedHypervisor) Emit(domain, event string) bool {
	p := h.process(domain)
	return p != nil && p.wire.Send([]byte(eventLine(event)))
}

// Guest is what goes on inside the QEMU of a domain, which must not be in use.
func (h *SimulatedHypervisor) Guest(domain string) (Info, bool) {
	p := h.guests[domain]
	if p == nil {
		return Info{}, false
	}
	state := Paused
	if p.guest.running {
		state = Running
	}
	return Info{State: state, Memory: p.guest.memory >> 10}, true
}

func (h *SimulatedHypervisor) process(domain string) *simulatedProcess {
	h.lock.Lock()
	defer h.lock.Unlock()
	return h.guests[domain]
}

// A simulatedProcess is process and transport in one.
type simulatedProcess struct {
	rt    Runtime
	point string
	wire  Queue
	guest guest // used by Send, of which there is one at a time
}

func (p *simulatedProcess) Open() (Transport, error) { return p, nil }
func (p *simulatedProcess) Kill()                    { p.wire.Close() }
func (p *simulatedProcess) Close()                   { p.wire.Close() }

func (p *simulatedProcess) Send(line []byte) error {
	fault := p.rt.Choose(p.point, answerFaults)
	if fault == SlowAnswer {
		p.rt.Sleep(slowAnswer)
	}
	r := p.guest.answer(line, fault)
	for _, l := range r.lines {
		p.wire.Send([]byte(l))
	}
	if r.last {
		p.wire.Close()
	}
	return nil
}

func (p *simulatedProcess) Receive() ([]byte, error) {
	message, ok := p.wire.Receive()
	switch {
	case !ok:
		return nil, io.EOF
	case message[len(message)-1] != '\n':
		return nil, io.ErrUnexpectedEOF
	}
	return trimEnd(message), nil
}
