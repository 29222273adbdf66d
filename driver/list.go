package driver

// find is virDomainFindByUUID: the domain, locked, or nil. The driver is locked.
func (d *Driver) find(name string) *Domain {
	d.lock.Held(Requires)
	d.listed.Read()
	vm := d.domains[name]
	if vm != nil {
		vm.lock.Lock()
	}
	return vm
}

// lookup finds a domain for a caller that does not need the driver afterwards. The domain is
// locked.
func (d *Driver) lookup(name string) (*Domain, error) {
	d.lock.Lock()
	vm := d.find(name)
	d.lock.Unlock()
	if vm == nil {
		return nil, &Error{Code: NoDomain, Domain: name}
	}
	return vm, nil
}

// lookupWithDriver finds a domain for a caller that needs the driver as well: it is locked when
// there is no error.
func (d *Driver) lookupWithDriver(name string) (*Domain, error) {
	d.lock.Lock()
	vm := d.find(name)
	if vm == nil {
		d.lock.Unlock()
		return nil, &Error{Code: NoDomain, Domain: name}
	}
	return vm, nil
}

// add is virDomainAssignDef: a new domain whose one reference belongs to the list. The driver is
// locked; the domain is not.
func (d *Driver) add(name string, memory int64) {
	d.lock.Held(Requires)
	vm := newDomain(d, name, memory)
	d.objects++
	vm.object = d.objects
	d.listed.Write()
	d.domains[name] = vm
}

// removeInactive is virDomainRemoveInactive: it takes the domain off the list and drops the list's
// reference. Driver and domain are locked. The domain comes back unlocked, and may be gone: the
// caller must not touch it again.
func (d *Driver) removeInactive(vm *Domain) {
	d.lock.Held(Requires)
	vm.lock.Held(MissingLock)
	if !vm.removed.load() {
		vm.removed.store(true)
		d.listed.Write()
		delete(d.domains, vm.name)
		if vm.unref() == 0 {
			return
		}
	}
	vm.lock.Unlock()
}
