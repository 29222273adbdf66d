package driver

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// A QEMUHypervisor runs a real QEMU for each domain: an empty machine that never executes a guest,
// but whose monitor is QEMU's own. On Linux a QEMU does not outlive the process that started it,
// however that ends; elsewhere it does if the process is killed.
type QEMUHypervisor struct {
	binary string
	once   sync.Once
	mutex  sync.Mutex
	latest map[string]*qemuProcess
	rooms  []string // that may still be there
}

// QEMU is a hypervisor that runs a program, such as /usr/bin/qemu-system-x86_64.
func QEMU(binary string) *QEMUHypervisor {
	return &QEMUHypervisor{binary: binary, latest: map[string]*qemuProcess{}}
}

// Spawn starts a process. QEMU connects to a socket that exists before it starts, so nobody polls
// for it.
func (h *QEMUHypervisor) Spawn(domain string, _ int64) (Process, error) {
	h.once.Do(removeLeftovers)
	dir, err := newRoom()
	if err != nil {
		return nil, err
	}
	h.made(dir.path)
	socket := dir.socket()
	listener, err := net.Listen("unix", socket)
	if err != nil {
		dir.remove()
		return nil, err
	}
	p := &qemuProcess{
		command: exec.Command(h.binary, "-name", "guest="+escapeCommas(domain), "-M", "none", "-nodefaults",
			"-nographic", "-S",
			"-qmp", "unix:"+escapeCommas(socket)),
		listener: listener,
		exited:   make(chan struct{}),
	}
	p.command.Stderr = &p.stderr
	p.command.WaitDelay = stderrDelay
	dieWithParent(p.command)
	started := make(chan error)
	go p.run(started, dir.remove)
	if err := <-started; err != nil {
		listener.Close()
		dir.remove()
		return nil, err
	}
	h.mutex.Lock()
	h.latest[domain] = p
	h.mutex.Unlock()
	return p, nil
}

// escapeCommas writes a value as QEMU's options have it: after a single comma it reads the next
// option.
func escapeCommas(value string) string { return strings.ReplaceAll(value, ",", ",,") }

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

// made notes a room, and forgets those that are gone when there are many.
func (h *QEMUHypervisor) made(path string) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.rooms = append(h.rooms, path); len(h.rooms)%256 == 0 {
		h.rooms = h.there()
	}
}

// Left lists the directories that were made for QEMUs and are still there.
func (h *QEMUHypervisor) Left() []string {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.rooms = h.there()
	return slices.Clone(h.rooms)
}

func (h *QEMUHypervisor) there() []string {
	return slices.DeleteFunc(h.rooms, func(path string) bool {
		_, err := os.Lstat(path)
		_, err2 := os.Lstat(path + lockSuffix)
		return err != nil && err2 != nil
	})
}

// stderrDelay bounds the wait for what a QEMU that has ended said last: a child of it may keep its
// stderr open.
const stderrDelay = 100 * time.Millisecond

type qemuProcess struct {
	command  *exec.Cmd
	listener net.Listener
	exited   chan struct{}
	status   error // set before exited is closed, as is stderr
	stderr   tail
}

// run starts QEMU, says so, and waits for its end, which it tells when it has cleaned up. Closing
// the listener ends an Open under way. The kernel takes the end of the thread that started QEMU for
// the end of the parent (golang/go#27505), so nobody else may use that thread, and end it, while
// QEMU runs.
func (p *qemuProcess) run(started chan<- error, cleanUp func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.command.Start()
	started <- err
	if err != nil {
		return
	}
	p.status = p.command.Wait()
	p.listener.Close()
	cleanUp()
	close(p.exited)
}

func (p *qemuProcess) Open() (Transport, error) {
	conn, err := p.listener.Accept()
	if err == nil {
		return NewTransport(conn), nil
	}
	if !errors.Is(err, net.ErrClosed) {
		return nil, fmt.Errorf("taking QEMU's connection: %w", err)
	}
	<-p.exited
	return nil, p.earlyEnd()
}

// earlyEnd is why there is no monitor. QEMU has ended.
func (p *qemuProcess) earlyEnd() error {
	said := p.stderr.String()
	if said != "" {
		said = ": " + said
	}
	if p.status == nil {
		return errors.New("QEMU ended before it opened its monitor" + said)
	}
	return fmt.Errorf("QEMU ended before it opened its monitor: %w%s", p.status, said)
}

func (p *qemuProcess) Kill() {
	p.command.Process.Kill() // an error means that it has ended already
	<-p.exited
}
