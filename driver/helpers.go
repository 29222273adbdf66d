package driver

// Helpers are the functions of the protocol, one by one, for code that is written against them as
// libvirt's own is. The API calls of a [Conn] are written against the same functions; who uses both
// on one driver must know both contracts. One goroutine at a time uses a Helpers.
type Helpers struct{ c *Conn }

// Helpers gives the connection's owner the functions of the protocol.
func (c *Conn) Helpers() Helpers { return Helpers{c} }

// Conn is the connection itself, for its calls.
func (h Helpers) Conn() *Conn { return h.c }

// LockDriver is qemuDriverLock.
func (h Helpers) LockDriver() { h.c.driver.lock.Lock() }

// UnlockDriver is qemuDriverUnlock.
func (h Helpers) UnlockDriver() { h.c.driver.lock.Unlock() }

// Find is virDomainFindByUUID: the domain, locked, or nil once it has been removed. The driver is
// locked.
func (h Helpers) Find(name string) *Domain { return h.c.driver.find(name) }

// RemoveInactive is virDomainRemoveInactive. Driver and domain are locked; the domain comes back
// unlocked, and may be gone.
func (h Helpers) RemoveInactive(vm *Domain) { h.c.driver.removeInactive(vm) }

// Lock is virDomainObjLock.
func (h Helpers) Lock(vm *Domain) { vm.lock.Lock() }

// Unlock is virDomainObjUnlock.
func (h Helpers) Unlock(vm *Domain) { vm.lock.Unlock() }

// Ref is virDomainObjRef: it returns the references that there are now.
func (h Helpers) Ref(vm *Domain) int {
	vm.ref()
	return vm.refs.peek()
}

// Unref is virDomainObjUnref: it returns the references that are left. At 0 the domain is gone.
func (h Helpers) Unref(vm *Domain) int { return vm.unref() }

// BeginJob is qemuDomainObjBeginJob.
func (h Helpers) BeginJob(vm *Domain) error { return h.c.beginJob(vm, ModifyJob) }

// BeginJobWithDriver is qemuDomainObjBeginJobWithDriver.
func (h Helpers) BeginJobWithDriver(vm *Domain) error { return h.c.beginJobWithDriver(vm, ModifyJob) }

// EndJob is qemuDomainObjEndJob: it returns the references that are left.
func (h Helpers) EndJob(vm *Domain) int { return h.c.endJob(vm) }

// EnterMonitor is qemuDomainObjEnterMonitor: it returns the monitor that is entered.
func (h Helpers) EnterMonitor(vm *Domain) *Monitor { return h.c.enterMonitor(vm) }

// ExitMonitor is qemuDomainObjExitMonitor.
func (h Helpers) ExitMonitor(vm *Domain, mon *Monitor) { h.c.exitMonitor(vm, mon) }

// EnterMonitorWithDriver is qemuDomainObjEnterMonitorWithDriver: it returns the monitor that is
// entered.
func (h Helpers) EnterMonitorWithDriver(vm *Domain) *Monitor { return h.c.enterMonitorWithDriver(vm) }

// ExitMonitorWithDriver is qemuDomainObjExitMonitorWithDriver.
func (h Helpers) ExitMonitorWithDriver(vm *Domain, mon *Monitor) { h.c.exitMonitorWithDriver(vm, mon) }

// LockMonitor is qemuMonitorLock.
func (h Helpers) LockMonitor(mon *Monitor) { mon.lock.Lock() }

// UnlockMonitor is qemuMonitorUnlock.
func (h Helpers) UnlockMonitor(mon *Monitor) { mon.lock.Unlock() }

// Command asks QEMU something, as every qemuMonitor function does. The monitor is locked.
func (h Helpers) Command(mon *Monitor) error {
	_, err := mon.status()
	return err
}

// IsActive is virDomainObjIsActive. The domain is locked.
func (h Helpers) IsActive(vm *Domain) bool { return vm.isActive() }

// Touch looks at the domain's own data. The domain is locked.
func (h Helpers) Touch(vm *Domain) {
	vm.lock.Held(MissingLock)
	vm.memory.load()
}
