package era

import "github.com/lockproof/lockproof/driver"

// libvirt since April 2011: BeginJobWithDriver's error path lets go of the domain before it locks
// the driver (30c551ab4).
var libvirt201104 = protocol{
	name:               "libvirt-2011-04",
	beginJob:           qemuDomainObjBeginJob,
	beginJobWithDriver: aprilBeginJobWithDriver,
	endJob:             qemuDomainObjEndJob,
	enterMonitor:       novemberEnterMonitor,
	exitMonitor:        novemberExitMonitor,
	unlocked:           driver.MissingLock,
}

func aprilBeginJobWithDriver(self *Thread, drv *Driver, vm *Domain) int {
	requiresHeld(drv.lock)
	requiresHeld(vm.lock)

	virDomainObjRef(vm)
	drv.lock.Unlock()
	for vm.jobActive.read() != nil {
		if virCondWait(self, vm) < 0 {
			vm.lock.Unlock()
			drv.lock.Lock()
			vm.lock.Lock()
			virDomainObjUnref(vm)
			return -1
		}
	}
	setJobActive(self, vm)
	vm.lock.Unlock()
	drv.lock.Lock()
	vm.lock.Lock()
	return 0
}
