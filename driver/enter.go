package driver

// enterMonitor is qemuDomainObjEnterMonitor: it swaps the domain lock for the monitor lock. The
// caller has the job and the domain lock, and must not have the driver lock. The monitor that it
// returns is good until exitMonitor, whatever becomes of the domain.
func (c *Conn) enterMonitor(vm *Domain) *Monitor {
	c.mayEnter(vm)
	c.driver.lock.NotHeld(Requires)
	return c.intoMonitor(vm)
}

// mayEnter checks what is asked of who enters a monitor.
func (c *Conn) mayEnter(vm *Domain) {
	vm.lock.Held(MissingLock)
	if vm.jobActive.peek().owner != c {
		c.driver.rt.Fail(NoJob, c.name+" enters the monitor of "+vm.name+" without a job")
	}
}

func (c *Conn) intoMonitor(vm *Domain) *Monitor {
	mon := vm.mon.load()
	if mon == nil {
		c.driver.rt.Fail(StaleLiveness, c.name+" enters the monitor of "+vm.name+", which is not running")
	}
	mon.lock.Lock()
	mon.ref()
	vm.lock.Unlock()
	return mon
}

// exitMonitor is qemuDomainObjExitMonitor as the mail's code has it: the monitor goes first, so no
// thread holds it and waits for a domain. The mail's prose has it the other way round. The caller
// has the monitor lock and not the domain lock. A caller that wants the driver as well locks it
// before the call.
func (c *Conn) exitMonitor(vm *Domain, mon *Monitor) {
	vm.lock.NotHeld(Requires)
	mon.release()
	vm.lock.Lock()
}

// enterMonitorWithDriver is qemuDomainObjEnterMonitorWithDriver: the caller has the driver lock as
// well, and gives it up.
func (c *Conn) enterMonitorWithDriver(vm *Domain) *Monitor {
	d := c.driver
	c.mayEnter(vm)
	d.lock.Held(Requires)
	mon := c.intoMonitor(vm)
	d.lock.Unlock()
	return mon
}

// exitMonitorWithDriver is qemuDomainObjExitMonitorWithDriver: monitor, driver, domain, never two
// of them in another order.
func (c *Conn) exitMonitorWithDriver(vm *Domain, mon *Monitor) {
	mon.release()
	c.driver.lock.Lock()
	vm.lock.Lock()
}
