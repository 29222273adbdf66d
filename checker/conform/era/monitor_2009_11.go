package era

import "github.com/lockproof/lockproof/driver"

// What the driver itself does not notice.
const (
	wrongVariant driver.Kind = "wrong-variant"
	selfDeadlock driver.Kind = "self-deadlock"
)

// Entering and leaving the monitor in November 2009.
func novemberEnterMonitor(self *Thread, vm *Domain) {
	vm.lock.Held(driver.MissingLock)
	self.driver.lock.NotHeld(wrongVariant)
	checkMayEnter(self, vm)
	if !vm.active.read() {
		self.driver.rt.Fail(driver.StaleLiveness, self.name+" enters the monitor of "+vm.name+", which does not run")
	}

	vm.mon.lock.Lock()
	vm.lock.Unlock()
}

func novemberExitMonitor(self *Thread, vm *Domain) {
	vm.lock.NotHeld(selfDeadlock)
	self.driver.lock.NotHeld(wrongVariant)
	vm.mon.lock.Held(driver.NotInMonitor)

	vm.mon.lock.Unlock()
	vm.lock.Lock()
}
