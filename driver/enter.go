package driver

// enterMonitor is qemuDomainObjEnterMonitor: it swaps the domain lock for the monitor lock. The
// caller has the job and the domain lock, and must not have the driver lock. The monitor that it
// returns is good until exitMonitor, whatever becomes of the domain.
func (c *Conn) enterMonitor(vm *Domain) *Monitor {
	d := c.driver
	c.mayEnter(vm)
	if !d.contract.driverInEnter {
		d.lock.NotHeld(Requires)
	}
	return c.intoMonitor(vm)
}

// mayEnter checks what is asked of who enters a monitor.
func (c *Conn) mayEnter(vm *Domain) {
	d := c.driver
	vm.lock.Held(MissingLock)
	if vm.jobActive.peek().owner != c && !d.broken(NoJobForMonitor) {
		d.rt.Fail(NoJob, c.name+" enters the monitor of "+vm.name+" without a job")
	}
}

func (c *Conn) intoMonitor(vm *Domain) *Monitor {
	d := c.driver
	mon := vm.mon.load()
	if mon == nil {
		d.rt.Fail(StaleLiveness, c.name+" enters the monitor of "+vm.name+", which is not running")
	}
	mon.lock.Lock()
	if d.contract.monitorRefs && !d.broken(NoMonitorRef) {
		mon.ref()
	}
	if !d.broken(DomainInMonitor) {
		vm.lock.Unlock()
	}
	return mon
}

// exitMonitor is qemuDomainObjExitMonitor as the mail's code has it: the monitor goes first, so no
// thread holds it and waits for a domain. The mail's prose has it the other way round. The caller
// has the monitor lock and not the domain lock. A caller that wants the driver as well locks it
// before the call.
func (c *Conn) exitMonitor(vm *Domain, mon *Monitor) {
	d := c.driver
	vm.lock.NotHeld(Requires)
	if d.contract.domainFirst || d.broken(DomainBeforeUnlock) {
		vm.lock.Lock()
		c.leaveMonitor(mon)
		return
	}
	c.leaveMonitor(mon)
	vm.lock.Lock()
}

func (c *Conn) leaveMonitor(mon *Monitor) {
	if !c.driver.contract.monitorRefs || c.driver.broken(NoMonitorRef) {
		mon.lock.Unlock()
		return
	}
	mon.release()
}

// enterMonitorWithDriver is qemuDomainObjEnterMonitorWithDriver: the caller has the driver lock as
// well, and gives it up.
func (c *Conn) enterMonitorWithDriver(vm *Domain) *Monitor {
	d := c.driver
	c.mayEnter(vm)
	d.lock.Held(Requires)
	mon := c.intoMonitor(vm)
	if !d.broken(DriverInMonitor) {
		d.lock.Unlock()
	}
	return mon
}

// exitMonitorWithDriver is qemuDomainObjExitMonitorWithDriver: monitor, driver, domain, never two
// of them in another order.
func (c *Conn) exitMonitorWithDriver(vm *Domain, mon *Monitor) {
	d := c.driver
	c.leaveMonitor(mon)
	switch {
	case d.broken(DriverInMonitor):
		vm.lock.Lock()
	case d.broken(DomainFirstInExit):
		vm.lock.Lock()
		d.lock.Lock()
	default:
		d.lock.Lock()
		vm.lock.Lock()
	}
}
