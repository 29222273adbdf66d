package driver

import "strconv"

// A Domain is one virtual machine: virDomainObj and its qemuDomainObjPrivate. Every field below
// lock is guarded by it.
type Domain struct {
	driver *Driver
	name   string
	object int // counts the domains of the driver, from 1

	lock       Mutex
	refs       cell[int]
	removed    cell[bool] // no longer on the list
	persistent cell[bool] // stays on the list when it stops
	state      cell[State]
	memory     cell[int64] // KiB
	mon        cell[*Monitor]
	process    cell[Process] // changes with mon
	stopped    Cond          // state became Shutoff

	jobCond   Cond
	jobActive cell[job]
}

func newDomain(d *Driver, name string, memory int64) *Domain {
	lock := d.rt.NewMutex(name + ".lock")
	return &Domain{
		driver:     d,
		name:       name,
		lock:       lock,
		refs:       newCell(d.rt, name+".refs", lock, 1),
		removed:    newCell(d.rt, name+".removed", lock, false),
		persistent: newCell(d.rt, name+".persistent", lock, true),
		state:      newCell(d.rt, name+".state", lock, Shutoff),
		memory:     newCell(d.rt, name+".memory", lock, memory),
		mon:        newCell[*Monitor](d.rt, name+".mon", lock, nil),
		process:    newCell[Process](d.rt, name+".process", lock, nil),
		stopped:    d.rt.NewCond(name+".stopped", lock),
		jobCond:    d.rt.NewCond(name+".jobCond", lock),
		jobActive:  newCell(d.rt, name+".jobActive", lock, job{}),
	}
}

// ref is virDomainObjRef. The domain is locked.
func (vm *Domain) ref() {
	vm.lock.Held(MissingLock)
	vm.refs.store(vm.refs.load() + 1)
}

// unref is virDomainObjUnref: it returns the references that are left. At 0 the domain is gone, and
// its lock with it. The domain is locked.
func (vm *Domain) unref() int {
	vm.lock.Held(MissingLock)
	n := vm.refs.load() - 1
	vm.refs.store(n)
	switch {
	case n < 0:
		vm.driver.rt.Fail(RefCount, vm.name+" has "+strconv.Itoa(n)+" references")
	case n == 0:
		vm.lock.Destroy()
	}
	return n
}

// release drops a reference and unlocks the domain, if there still is one.
func (vm *Domain) release() {
	if vm.unref() > 0 {
		vm.lock.Unlock()
	}
}

// isActive is virDomainObjIsActive. The domain is locked.
func (vm *Domain) isActive() bool { return vm.state.load() != Shutoff }
