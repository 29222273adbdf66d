package driver

import "io"

// AddAnswering adds a domain that runs on a QEMU which answers while it is being asked, so nobody
// waits for it and there is no event goroutine: who plays the event loop is the caller's own
// affair. The list has the only reference of the domain. No lock is held.
func (d *Driver) AddAnswering(name string) (*Domain, *Monitor) {
	d.lock.Lock()
	defer d.lock.Unlock()
	d.add(name, 1024)
	vm := d.find(name)
	defer vm.lock.Unlock()
	mon := newMonitor(d, vm)
	qemu := &loopback{mon, guest{ready: true, running: true, memory: vm.memory.load() << 10}}
	mon.transport.store(qemu)
	vm.mon.store(mon)
	vm.process.store(qemu)
	vm.state.store(Running)
	return vm, mon
}

// loopback is a QEMU without a wire, process and transport in one: its answer is dispatched by who
// sends the command, and has the monitor locked.
type loopback struct {
	monitor *Monitor
	guest   guest
}

func (l *loopback) Send(line []byte) error {
	for _, answer := range l.guest.answer(line, NoFault).lines {
		if _, err := l.monitor.dispatch(trimEnd([]byte(answer))); err != nil {
			return err
		}
	}
	return nil
}

// Open and Receive are not called: there is no event goroutine. But see [Conn.Serve].
func (l *loopback) Open() (Transport, error) { return l, nil }

func (l *loopback) Receive() ([]byte, error) { return nil, errMonitorClosed }

func (l *loopback) Close() {}
func (l *loopback) Kill()  {}

// Serve is the event goroutine of a domain that AddAnswering made, on that of the caller: QEMU says
// so many times that the guest has stopped, and is gone. It returns when the domain has been told.
// The references of the goroutine are taken under a job, as a start has one. No lock is held.
func (c *Conn) Serve(name string, events int) error {
	d := c.driver
	vm, err := d.lookup(name)
	if err != nil {
		return err
	}
	if err := c.beginJob(vm, ModifyJob); err != nil {
		return err
	}
	if err := vm.live(); err != nil {
		c.finish(vm)
		return err
	}
	mon := vm.mon.load()
	mon.lock.Lock()
	mon.ref()
	mon.lock.Unlock()
	vm.ref()
	qemu := vm.process.load().(*loopback)
	c.finish(vm)
	d.lock.Lock()
	d.readers.store(d.readers.load() + 1)
	d.lock.Unlock()
	mon.read(&speaker{qemu, events})
	return nil
}

// speaker is a loopback that has something to say by itself.
type speaker struct {
	*loopback
	events int
}

func (s *speaker) Open() (Transport, error) { return s, nil }

func (s *speaker) Receive() ([]byte, error) {
	if s.events == 0 {
		return nil, io.EOF
	}
	s.events--
	return trimEnd([]byte(eventLine("STOP"))), nil
}
