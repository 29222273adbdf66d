package era

import "github.com/lockproof/lockproof/driver"

// The protocol of the mail of October 2009, as its code has it, error paths included.
var mail200910 = protocol{
	name:               "mail-2009-10",
	beginJob:           qemuDomainObjBeginJob,
	beginJobWithDriver: mailBeginJobWithDriver,
	endJob:             qemuDomainObjEndJob,
	enterMonitor:       qemuDomainObjEnterMonitor,
	exitMonitor:        qemuDomainObjExitMonitor,
	unlocked:           driver.Requires,
}

// qemuDomainObjBeginJobWithDriver: on the error path the caller gets neither the job nor the driver
// back, and the reference stays.
func mailBeginJobWithDriver(self *Thread, drv *Driver, vm *Domain) int {
	requiresHeld(drv.lock)
	requiresHeld(vm.lock)

	virDomainObjRef(vm)
	drv.lock.Unlock()
	for vm.jobActive.read() != nil {
		if virCondWait(self, vm) < 0 {
			return -1
		}
	}
	setJobActive(self, vm)
	vm.lock.Unlock()
	drv.lock.Lock()
	vm.lock.Lock()
	return 0
}
