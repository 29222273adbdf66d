package driver

// define is qemudDomainDefine. It needs no job: a definition can change while a job is under way.
func (c *Conn) define(name string, memory int64) error {
	d := c.driver
	d.lock.Lock()
	defer d.lock.Unlock()
	if d.closed.load() {
		return &Error{Code: Closed, Domain: name}
	}
	vm := d.find(name)
	if vm == nil {
		d.add(name, memory)
		return nil
	}
	defer vm.lock.Unlock()
	if vm.persistent.load() {
		return &Error{Code: Exists, Domain: name}
	}
	vm.persistent.store(true)
	return nil
}

// undefine is qemudDomainUndefine. It takes a job, as libvirt's has since 2011: without one it
// could remove a domain that is just being started.
func (c *Conn) undefine(name string) error {
	d := c.driver
	vm, err := d.lookupWithDriver(name)
	if err != nil {
		return err
	}
	defer d.lock.Unlock()
	if err := c.beginJobWithDriver(vm, ModifyJob); err != nil {
		return err
	}
	switch {
	case !vm.exists():
		c.finish(vm)
		return &Error{Code: NoDomain, Domain: name}
	case !vm.persistent.load():
		c.finish(vm)
		return &Error{Code: Transient, Domain: name}
	}
	vm.persistent.store(false)
	c.finishInactive(vm)
	return nil
}

// finishInactive ends a job, and removes the domain if it neither runs nor is defined. The driver
// is locked; the domain comes back unlocked.
func (c *Conn) finishInactive(vm *Domain) {
	d := c.driver
	if c.endJob(vm) == 0 {
		return
	}
	if vm.persistent.load() || vm.isActive() {
		vm.lock.Unlock()
		return
	}
	d.removeInactive(vm)
}

// exists reports whether the domain was not removed while the caller waited for its job.
func (vm *Domain) exists() bool { return !vm.removed.load() }

// live says why a caller that has the job cannot use the domain, nil if it can.
func (vm *Domain) live() error {
	if !vm.exists() {
		return &Error{Code: NoDomain, Domain: vm.name}
	}
	if !vm.isActive() {
		return &Error{Code: NotRunning, Domain: vm.name}
	}
	return nil
}

// destroy is qemudDomainDestroy.
func (c *Conn) destroy(name string) error {
	d := c.driver
	vm, err := d.lookupWithDriver(name)
	if err != nil {
		return err
	}
	if err := c.beginJobWithDriver(vm, DestroyJob); err != nil {
		d.lock.Unlock()
		return err
	}
	if err := vm.live(); err != nil {
		c.finish(vm)
		d.lock.Unlock()
		return err
	}
	mon := vm.stop()
	c.finishInactive(vm)
	d.lock.Unlock()
	if mon != nil {
		mon.close()
	}
	return nil
}

// wait is not libvirt's: it is what a client of its events would write.
func (c *Conn) wait(name string) error {
	d := c.driver
	vm, err := d.lookup(name)
	if err != nil {
		return err
	}
	mon := vm.mon.load()
	if !vm.isActive() {
		vm.lock.Unlock()
		return &Error{Code: NotRunning, Domain: name}
	}
	vm.ref()
	deadline := d.rt.Now().Add(d.opts.JobTimeout)
	for vm.mon.load() == mon {
		if !vm.stopped.WaitUntil(deadline) {
			err = &Error{Code: WaitExpired, Domain: name}
			break
		}
	}
	vm.release()
	return err
}
