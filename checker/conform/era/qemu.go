package era

import (
	"strconv"

	"github.com/lockproof/lockproof/driver"
)

// A Driver is struct qemud_driver, of which there is one.
type Driver struct {
	rt       driver.Runtime
	protocol protocol
	lock     driver.Mutex
	domains  map[string]*Domain
	list     driver.Var // announces accesses to domains
}

// A Domain is struct _virDomainObj with its qemuDomainObjPrivate. Its lock guards it.
type Domain struct {
	driver    *Driver
	name      string
	lock      driver.Mutex
	refs      variable[int]
	removed   variable[bool]
	active    variable[bool]
	data      variable[int]
	mon       *Monitor
	jobCond   driver.Cond
	jobActive variable[*Thread] // who has the job
}

// A Monitor is struct _qemuMonitor.
type Monitor struct {
	lock driver.Mutex
	data variable[int]
	eof  variable[bool]
}

// A Thread is who calls the helpers.
type Thread struct {
	name   string
	driver *Driver
}

// A variable is a field of which every access is announced.
type variable[T any] struct {
	value  T
	shadow driver.Var
}

func (v *variable[T]) read() T {
	v.shadow.Read()
	return v.value
}

func (v *variable[T]) write(x T) {
	v.shadow.Write()
	v.value = x
}

func newDomain(d *Driver, name string) (*Domain, *Monitor) {
	rt := d.rt
	mon := &Monitor{lock: rt.NewMutex(name + ".mon.lock")}
	mon.data.shadow = rt.NewVar(name+".mon.data", mon.lock)
	mon.eof.shadow = rt.NewVar(name+".mon.eof", mon.lock)
	vm := &Domain{driver: d, name: name, lock: rt.NewMutex(name + ".lock"), mon: mon}
	vm.refs = variable[int]{1, rt.NewVar(name+".refs", vm.lock)}
	vm.removed.shadow = rt.NewVar(name+".removed", vm.lock)
	vm.active = variable[bool]{true, rt.NewVar(name+".active", vm.lock)}
	vm.data.shadow = rt.NewVar(name+".memory", vm.lock)
	vm.jobCond = rt.NewCond(name+".jobCond", vm.lock)
	vm.jobActive.shadow = rt.NewVar(name+".jobActive", vm.lock)
	return vm, mon
}

// requires(held(lock)) and requires(!held(lock)) in C.
func requiresHeld(lock driver.Mutex)    { lock.Held(driver.Requires) }
func requiresNotHeld(lock driver.Mutex) { lock.NotHeld(driver.Requires) }

func virDomainObjRef(vm *Domain) int {
	vm.lock.Held(driver.MissingLock) // guarded_by(lock)
	vm.refs.write(vm.refs.read() + 1)
	return vm.refs.value
}

func virDomainObjUnref(vm *Domain) int {
	vm.lock.Held(driver.MissingLock) // guarded_by(lock)
	n := vm.refs.read() - 1
	vm.refs.write(n)
	switch {
	case n < 0: // refcount
		vm.driver.rt.Fail(driver.RefCount, vm.name+" has "+strconv.Itoa(n)+" references")
	case n == 0:
		vm.lock.Destroy()
	}
	return n
}

// The waiter gives up when virCondWait fails: -1.
func virCondWait(self *Thread, vm *Domain) int {
	if vm.jobCond.WaitUntil(self.driver.rt.Now().Add(patience)) {
		return 0
	}
	return -1
}

// setJobActive is priv->jobActive = 1. A field with the attribute owner belongs to who sets it.
func setJobActive(self *Thread, vm *Domain) {
	if other := vm.jobActive.value; other != nil {
		self.driver.rt.Fail(driver.NoJob, self.name+" takes the job of "+vm.name+", which belongs to "+other.name)
	}
	vm.jobActive.write(self)
}

// clearJobActive is priv->jobActive = 0, which only its owner may.
func clearJobActive(self *Thread, vm *Domain) {
	vm.lock.Held(driver.MissingLock) // guarded_by(virDomainObj.lock)
	if vm.jobActive.value != self {
		self.driver.rt.Fail(driver.JobUnbalanced, self.name+" ends a job of "+vm.name+" that it does not own")
	}
	vm.jobActive.write(nil)
}

// checkMayEnter is check(missing_lock, held(&vm->lock)); check(no_job, held(&priv->jobActive)).
func checkMayEnter(self *Thread, vm *Domain) {
	vm.lock.Held(driver.MissingLock)
	if vm.jobActive.value != self {
		self.driver.rt.Fail(driver.NoJob, self.name+" enters the monitor of "+vm.name+" without a job")
	}
}

// The domain, locked, or nil once it has been removed.
func virDomainFindByUUID(drv *Driver, name string) *Domain {
	drv.lock.Held(drv.protocol.unlocked)
	drv.list.Read()
	vm := drv.domains[name]
	if vm != nil {
		vm.lock.Lock()
	}
	return vm
}

func virDomainRemoveInactive(drv *Driver, vm *Domain) {
	drv.lock.Held(drv.protocol.unlocked)
	vm.lock.Held(driver.MissingLock)
	if !vm.removed.read() {
		drv.list.Write()
		delete(drv.domains, vm.name)
		vm.removed.write(true)
		if virDomainObjUnref(vm) == 0 {
			return
		}
	}
	vm.lock.Unlock()
}

func qemuMonitorCommand(drv *Driver, mon *Monitor) int {
	mon.lock.Held(driver.NotInMonitor)
	requiresNotHeld(drv.lock)
	mon.data.read()
	if mon.eof.read() {
		return -1
	}
	return 0
}

func touch(vm *Domain) {
	vm.lock.Held(driver.MissingLock)
	vm.data.read()
}
