package era

// EndJob since December 2009 returns the references that are left. In the mail it does the same and
// returns nothing.
func qemuDomainObjEndJob(self *Thread, vm *Domain) int {
	requiresHeld(vm.lock)

	clearJobActive(self, vm)
	vm.jobCond.Signal()
	return virDomainObjUnref(vm)
}
