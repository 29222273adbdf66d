package driver

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// A QEMUHypervisor runs a real QEMU for each domain: an empty machine that never executes a guest, but whose monitor is QEMU's own.
type QEMUHypervisor struct {
	binary string
	mutex  sync.Mutex
	latest map[string]*qemuProcess
}

// QEMU is a hypervisor that runs a program, such as /usr/bin/qemu-system-x86_64.
func QEMU(binary string) *QEMUHypervisor {
	return &QEMUHypervisor{binary: binary, latest: map[string]*qemuProcess{}}
}

// Spawn starts a process. QEMU connects to a socket that exists before it starts, so nobody polls for it.
func (h *QEMUHypervisor) Spawn(domain string, _ int64) (Process, error) {
	dir, err := os.MkdirTemp("", "lockproof-")
	if err != nil {
		return nil, err
	}
	socket := filepath.Join(dir, "qmp")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	command := exec.Command(h.binary, "-name", domain, "-M", "none", "-nodefaults", "-nographic", "-S", "-qmp", "unix:"+socket)
	if err := command.Start(); err != nil {
		listener.Close()
		os.RemoveAll(dir)
		return nil, err
	}
	p := &qemuProcess{command: command, listener: listener, exited: make(chan struct{})}
	go p.reap(dir)
	h.mutex.Lock()
	h.latest[domain] = p
	h.mutex.Unlock()
	return p, nil
}

// Crash kills the QEMU that a domain had last.
func (h *QEMUHypervisor) Crash(domain string) bool {
	h.mutex.Lock()
	p := h.latest[domain]
	h.mutex.Unlock()
	if p == nil {
		return false
	}
	p.Kill()
	return true
}

type qemuProcess struct {
	command  *exec.Cmd
	listener net.Listener
	exited   chan struct{}
	status   error // set before exited is closed
}

// reap waits for the end of QEMU. Closing the listener ends an Open under way.
func (p *qemuProcess) reap(dir string) {
	p.status = p.command.Wait()
	p.listener.Close()
	os.RemoveAll(dir)
	close(p.exited)
}

func (p *qemuProcess) Open() (Transport, error) {
	conn, err := p.listener.Accept()
	if err == nil {
		return NewTransport(conn), nil
	}
	<-p.exited
	if p.status == nil {
		return nil, errors.New("QEMU ended before it opened its monitor")
	}
	return nil, fmt.Errorf("QEMU ended before it opened its monitor: %w", p.status)
}

func (p *qemuProcess) Kill() {
	p.command.Process.Kill() // an error means that it has ended already
	<-p.exited
}
