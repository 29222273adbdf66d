package driver

// start is qemudDomainStart with qemudStartVMDaemon: QEMU is spawned with driver and domain locked,
// and spoken to with both free. Until it has answered the domain counts as shut off, and the job
// keeps everybody else away from it.
func (c *Conn) start(name string) error {
	d := c.driver
	vm, err := d.lookupWithDriver(name)
	if err != nil {
		return err
	}
	defer d.lock.Unlock()
	if err := c.beginJobWithDriver(vm, ModifyJob); err != nil {
		return err
	}
	defer c.finish(vm)
	switch {
	case !vm.exists():
		return &Error{Code: NoDomain, Domain: name}
	case vm.isActive():
		return &Error{Code: AlreadyRunning, Domain: name}
	}
	process, err := d.opts.Hypervisor.Spawn(name, vm.memory.load())
	if err != nil {
		return &Error{SpawnFailed, name, err}
	}
	mon := c.attach(vm, process)
	c.enterMonitorWithDriver(vm)
	err = mon.negotiate()
	c.exitMonitorWithDriver(vm, mon)
	if err == nil && vm.mon.load() != mon {
		err = mon.gone(errMonitorClosed)
	}
	if err != nil {
		c.abandonStart(vm, mon)
		return err
	}
	vm.state.store(Running)
	return nil
}

// attach gives the domain a monitor, and the monitor its event goroutine. Driver and domain are
// locked.
func (c *Conn) attach(vm *Domain, process Process) *Monitor {
	d := c.driver
	mon := newMonitor(d, vm)
	mon.lock.Lock()
	mon.ref()
	mon.pending.store(&command{})
	mon.lock.Unlock()
	vm.mon.store(mon)
	vm.process.store(process)
	vm.ref()
	d.readers.store(d.readers.load() + 1)
	d.rt.Go(mon.name+".events", func() { mon.read(process) })
	return mon
}

// abandonStart stops a domain whose QEMU did not come up. Driver and domain are locked before and
// after, and free in between: the job is what keeps the domain as it is.
func (c *Conn) abandonStart(vm *Domain, mon *Monitor) {
	if vm.mon.load() != mon {
		return
	}
	d := c.driver
	vm.stop()
	vm.lock.Unlock()
	d.lock.Unlock()
	mon.close()
	d.lock.Lock()
	vm.lock.Lock()
}

// negotiate is qemuMonitorSetCapabilities and the first `cont`: it waits for the greeting and
// leaves the guest running.
func (mon *Monitor) negotiate() error {
	greeting := mon.pending.load()
	err := mon.await(greeting)
	mon.pending.store(nil)
	if err != nil {
		return mon.gone(err)
	}
	if _, err := mon.execute("qmp_capabilities", nil); err != nil {
		return err
	}
	_, err = mon.execute("cont", nil)
	return err
}
