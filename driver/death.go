package driver

// handleDeath is qemuProcessHandleMonitorEOF: QEMU is gone, or of no use any more, and so the
// domain stops, unless it was stopped already and perhaps started again. It ends an event
// goroutine. No lock is held.
//
// A domain that is not defined disappears with its QEMU. That needs the driver lock, which is taken
// before the domain lock and for all of it: between "not running" and "not there" nobody may see
// the domain, or it could be started once more.
func (d *Driver) handleDeath(mon *Monitor) {
	vm := mon.domain
	call := Call{Op: OpDied, Domain: vm.name}
	observer := d.observer(mon.name)
	if observer != nil {
		observer.Called(call)
	}
	d.lock.Lock()
	vm.lock.Lock()
	result := Result{Code: StaleDeath, Info: Info{Persistent: vm.persistent.load()}}
	var old *Monitor
	if vm.mon.load() == mon {
		if vm.isActive() {
			result.Code = OK
		}
		old = vm.stop()
	}
	d.letGoOfDead(vm)
	d.lock.Unlock()
	if old != nil {
		old.close()
	}
	if observer != nil {
		observer.Returned(call, result)
	}
	d.lock.Lock()
	d.readers.store(d.readers.load() - 1)
	d.idle.Broadcast()
	d.lock.Unlock()
}

// letGoOfDead drops the reference of the event goroutine and unlocks the domain, after removing it
// if nothing keeps it.
func (d *Driver) letGoOfDead(vm *Domain) {
	if vm.unref() == 0 {
		return
	}
	if !vm.persistent.load() && !vm.isActive() {
		d.removeInactive(vm)
		return
	}
	vm.lock.Unlock()
}

// stop is qemuProcessStop (qemudShutdownVMDaemon in 2009): QEMU is killed and the domain is shut
// off. It returns the monitor, nil if there is none, for the caller to close once it holds no lock:
// whoever is inside the monitor may need them. The domain is locked.
func (vm *Domain) stop() *Monitor {
	mon := vm.mon.load()
	vm.state.store(Shutoff)
	if mon == nil {
		return nil
	}
	vm.mon.store(nil)
	vm.process.load().Kill()
	vm.process.store(nil)
	vm.stopped.Broadcast()
	return mon
}
