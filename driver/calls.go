package driver

import "time"

// query is the mail's first pattern: look the domain up, let go of the driver, ask QEMU.
func (c *Conn) query(name string) (State, error) {
	vm, err := c.driver.lookup(name)
	if err != nil {
		return Shutoff, err
	}
	if err := c.beginJob(vm, QueryJob); err != nil {
		return Shutoff, err
	}
	if err := vm.live(); err != nil {
		c.finish(vm)
		return Shutoff, err
	}
	mon := c.enterMonitor(vm)
	state, err := mon.status()
	c.exitMonitor(vm, mon)
	if err != nil {
		c.finish(vm)
		return Shutoff, err
	}
	if vm.mon.load() == mon {
		vm.state.store(state)
	}
	c.finish(vm)
	return state, nil
}

// enterToModify is the mail's second pattern, until the monitor is entered: the driver is needed
// that long. The caller has the job and the monitor, and nothing else locked; with an error it has
// nothing.
func (c *Conn) enterToModify(name string) (*Domain, *Monitor, error) {
	d := c.driver
	vm, err := d.lookupWithDriver(name)
	if err != nil {
		return nil, nil, err
	}
	err = c.beginJobWithDriver(vm, ModifyJob)
	d.lock.Unlock()
	if err != nil {
		return nil, nil, err
	}
	if err := vm.live(); err != nil {
		c.finish(vm)
		return nil, nil, err
	}
	return vm, c.enterMonitor(vm), nil
}

// change is qemudDomainSuspend and qemudDomainResume.
func (c *Conn) change(name, command string, state State) error {
	vm, mon, err := c.enterToModify(name)
	if err != nil {
		return err
	}
	_, err = mon.execute(command, nil)
	c.exitMonitor(vm, mon)
	if err != nil {
		c.finish(vm)
		return err
	}
	if vm.mon.load() == mon {
		vm.state.store(state)
	}
	c.finish(vm)
	return nil
}

// setMemory is qemudDomainSetMemory. The driver is needed again afterwards, so it is locked before
// ExitMonitor, as the mail asks.
func (c *Conn) setMemory(name string, memory int64) error {
	d := c.driver
	vm, mon, err := c.enterToModify(name)
	if err != nil {
		return err
	}
	_, err = mon.execute("balloon", balloon{memory << 10})
	d.lock.Lock()
	c.exitMonitor(vm, mon)
	if err == nil {
		vm.memory.store(memory)
	}
	c.finish(vm)
	d.lock.Unlock()
	return err
}

type balloon struct {
	Value int64 `json:"value"` // bytes
}

// info is qemudDomainGetInfo. It only reads, so the domain lock is enough.
func (c *Conn) info(name string) (Info, error) {
	vm, err := c.driver.lookup(name)
	if err != nil {
		return Info{}, err
	}
	defer vm.lock.Unlock()
	return Info{vm.state.load(), vm.memory.load(), vm.persistent.load()}, nil
}

// pollInterval is how long a long job sleeps between two looks, as
// qemuDomainWaitForMigrationComplete does.
const pollInterval = 50 * time.Millisecond

// longJob is qemudDomainSaveFlag and its kind: one job, many commands, and all locks free in
// between.
func (c *Conn) longJob(name string, rounds int64) error {
	d := c.driver
	vm, err := d.lookupWithDriver(name)
	if err != nil {
		return err
	}
	defer d.lock.Unlock()
	if err := c.beginJobWithDriver(vm, LongJob); err != nil {
		return err
	}
	defer c.finish(vm)
	for round := range rounds {
		if round > 0 {
			vm.lock.Unlock()
			d.lock.Unlock()
			d.rt.Sleep(pollInterval)
			d.lock.Lock()
			vm.lock.Lock()
		}
		if err := vm.live(); err != nil {
			return err
		}
		mon := c.enterMonitorWithDriver(vm)
		_, err := mon.execute("query-migrate", nil)
		c.exitMonitorWithDriver(vm, mon)
		if err != nil {
			return err
		}
	}
	return nil
}
