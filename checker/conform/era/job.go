package era

// Waits until the domain has no job and takes it. The reference keeps the domain alive while its
// lock is dropped.
func qemuDomainObjBeginJob(self *Thread, vm *Domain) int {
	requiresHeld(vm.lock)
	requiresNotHeld(self.driver.lock)

	virDomainObjRef(vm)
	for vm.jobActive.read() != nil {
		if virCondWait(self, vm) < 0 {
			virDomainObjUnref(vm)
			return -1
		}
	}
	setJobActive(self, vm)
	return 0
}

// Swaps the domain lock for the monitor lock.
func qemuDomainObjEnterMonitor(self *Thread, vm *Domain) {
	checkMayEnter(self, vm)

	vm.mon.lock.Lock()
	vm.lock.Unlock()
}
