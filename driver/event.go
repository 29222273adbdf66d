package driver

import "strconv"

// read is the event goroutine of one QEMU, from its start to its end: the part of libvirt's event
// loop that serves this monitor (qemuMonitorIO). It takes the monitor lock to see what has come,
// and the domain lock only after it has released the monitor: the order of the two is the other way
// round everywhere else. It has a reference of the monitor and one of the domain.
func (mon *Monitor) read(process Process) {
	transport, err := process.Open()
	mon.lock.Lock()
	if err != nil {
		mon.fail(err)
	} else {
		mon.transport.store(transport)
	}
	for mon.failed.load() == nil {
		mon.lock.Unlock()
		line, err := transport.Receive()
		mon.lock.Lock()
		var event string
		if err == nil && mon.failed.load() == nil {
			event, err = mon.dispatch(line)
		}
		if err != nil {
			mon.fail(err)
			break
		}
		if event == "" {
			continue
		}
		mon.lock.Unlock()
		mon.domain.handleEvent(mon, event)
		mon.lock.Lock()
	}
	if transport != nil {
		transport.Close()
	}
	mon.release()
	mon.driver.handleDeath(mon)
}

// dispatch is qemuMonitorJSONIOProcessLine: an answer goes to the command that waits for it, an
// event is returned. The monitor is locked.
func (mon *Monitor) dispatch(line []byte) (event string, err error) {
	a, err := decodeAnswer(line)
	if err != nil {
		return "", err
	}
	if a.Event != "" {
		return a.Event, nil
	}
	cmd := mon.pending.load()
	if cmd == nil || cmd.done {
		return "", &ProtocolError{"an answer to no command", line}
	}
	switch isGreeting := a.QMP != nil; {
	case isGreeting && cmd.id != 0:
		return "", &ProtocolError{"a second greeting", line}
	case !isGreeting && cmd.id == 0:
		return "", &ProtocolError{"an answer before the greeting", line}
	case !isGreeting:
		id, err := a.commandID()
		if err != nil || id != cmd.id {
			return "", &ProtocolError{"the answer to command " + strconv.Quote(a.ID) + " instead of " +
				strconv.FormatUint(cmd.id, 10), line}
		}
	}
	cmd.answer, cmd.done = a, true
	mon.notify.Signal()
	return "", nil
}

// handleEvent is qemuProcessHandleStop and its kind: QEMU says that the guest stopped or went on.
// No lock is held.
func (vm *Domain) handleEvent(mon *Monitor, event string) {
	vm.lock.Lock()
	defer vm.lock.Unlock()
	if vm.isActive() && vm.mon.load() == mon {
		switch event {
		case "STOP":
			vm.state.store(Paused)
		case "RESUME":
			vm.state.store(Running)
		}
	}
}
