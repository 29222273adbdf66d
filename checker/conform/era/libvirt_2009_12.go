package era

import "github.com/lockproof/lockproof/driver"

// libvirt of December 2009: BeginJobWithDriver's error path gives the driver back (7a18fbeeb), in
// the wrong order.
var libvirt200912 = protocol{
	name:               "libvirt-2009-12",
	beginJob:           qemuDomainObjBeginJob,
	beginJobWithDriver: decemberBeginJobWithDriver,
	endJob:             qemuDomainObjEndJob,
	enterMonitor:       novemberEnterMonitor,
	exitMonitor:        novemberExitMonitor,
	unlocked:           driver.MissingLock,
}

func decemberBeginJobWithDriver(self *Thread, drv *Driver, vm *Domain) int {
	requiresHeld(drv.lock)
	requiresHeld(vm.lock)

	virDomainObjRef(vm)
	drv.lock.Unlock()
	for vm.jobActive.read() != nil {
		if virCondWait(self, vm) < 0 {
			virDomainObjUnref(vm)
			// The domain is locked here, and the order is driver before domain.
			drv.lock.Lock()
			return -1
		}
	}
	setJobActive(self, vm)
	vm.lock.Unlock()
	drv.lock.Lock()
	vm.lock.Lock()
	return 0
}
