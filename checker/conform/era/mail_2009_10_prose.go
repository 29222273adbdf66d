package era

import "github.com/lockproof/lockproof/driver"

// The protocol of the mail of October 2009, as its prose has it, where that differs from its code.
var mail200910Prose = protocol{
	name:               "mail-2009-10-prose",
	beginJob:           qemuDomainObjBeginJob,
	beginJobWithDriver: proseBeginJobWithDriver,
	endJob:             qemuDomainObjEndJob,
	enterMonitor:       proseEnterMonitor,
	exitMonitor:        proseExitMonitor,
	unlocked:           driver.Requires,
}

func proseBeginJobWithDriver(self *Thread, drv *Driver, vm *Domain) int {
	rc := 0

	requiresHeld(drv.lock)
	requiresHeld(vm.lock)

	drv.lock.Unlock()
	virDomainObjRef(vm)
	for rc == 0 && vm.jobActive.read() != nil {
		if virCondWait(self, vm) < 0 {
			rc = -1
		}
	}
	if rc == 0 {
		setJobActive(self, vm)
	}
	vm.lock.Unlock()
	drv.lock.Lock()
	vm.lock.Lock()
	if rc < 0 {
		virDomainObjUnref(vm)
	}
	return rc
}

func proseEnterMonitor(self *Thread, vm *Domain) {
	checkMayEnter(self, vm)
	requiresNotHeld(self.driver.lock)

	vm.mon.lock.Lock()
	vm.lock.Unlock()
}

func proseExitMonitor(_ *Thread, vm *Domain) {
	requiresNotHeld(vm.lock)

	vm.lock.Lock()
	vm.mon.lock.Unlock()
}
