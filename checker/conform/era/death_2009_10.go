package era

// qemuProcessDied is the fault domain-death, once QEMU has died: the event loop notices.
func qemuProcessDied(self *Thread, vm *Domain) {
	mon := vm.mon
	mon.lock.Lock()
	mon.eof.write(true)
	mon.lock.Unlock()

	self.driver.lock.Lock()
	vm = virDomainFindByUUID(self.driver, vm.name)
	self.driver.lock.Unlock()
	if vm == nil {
		return
	}
	vm.active.write(false)
	vm.lock.Unlock()
}
