package era

// ExitMonitor as the mail's code has it: the monitor goes first.
func qemuDomainObjExitMonitor(_ *Thread, vm *Domain) {
	requiresNotHeld(vm.lock)

	vm.mon.lock.Unlock()
	vm.lock.Lock()
}
