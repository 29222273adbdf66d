package driver

import "time"

// A job is the right to change a domain or to use its monitor, across the times when its lock is
// dropped.
type job struct {
	owner *Conn // nil: nobody has it
	kind  JobType
}

// beginJob is qemuDomainObjBeginJob: it waits until the domain has no job and takes it. The
// reference keeps the domain alive while its lock is dropped. The domain is locked, the driver is
// not.
//
// Where the C function fails it leaves the domain locked, though the reference that it drops can be
// the last one: the domain may have been removed during the wait. Here the domain comes back
// unlocked, and the caller must not touch it again.
func (c *Conn) beginJob(vm *Domain, kind JobType) error {
	vm.lock.Held(Requires)
	c.driver.lock.NotHeld(Requires)
	c.job(JobAsked, vm, kind)
	vm.ref()
	if !vm.waitForJob() {
		return c.refuseJob(vm, kind)
	}
	c.takeJob(vm, kind)
	return nil
}

// refuseJob is the error path of beginJob, and the end of that of beginJobWithDriver: the domain is
// let go of.
func (c *Conn) refuseJob(vm *Domain, kind JobType) error {
	c.job(JobRefused, vm, kind)
	vm.release()
	return &Error{Code: JobTimeout, Domain: vm.name}
}

// beginJobWithDriver is qemuDomainObjBeginJobWithDriver, with the error path that it has had since
// 2011-04: the driver is locked before and after, whether it succeeds or not, and dropped for the
// wait. When it fails the domain comes back unlocked, as from beginJob.
//
// The driver is never locked while the domain is: the error path of 2009-12 did that, and that of
// 2009-10 did not lock it at all.
func (c *Conn) beginJobWithDriver(vm *Domain, kind JobType) error {
	d := c.driver
	d.lock.Held(Requires)
	vm.lock.Held(Requires)
	c.job(JobAsked, vm, kind)
	vm.ref()
	d.lock.Unlock()
	if !vm.waitForJob() {
		d.lockAround(vm)
		return c.refuseJob(vm, kind)
	}
	c.takeJob(vm, kind)
	d.lockAround(vm)
	return nil
}

// lockAround locks the driver for who holds a domain, in order.
func (d *Driver) lockAround(vm *Domain) {
	vm.lock.Unlock()
	d.lock.Lock()
	vm.lock.Lock()
}

// waitForJob waits until the domain has no job. The domain is locked.
func (vm *Domain) waitForJob() bool {
	d := vm.driver
	var deadline time.Time
	for vm.jobActive.load().owner != nil {
		if deadline.IsZero() {
			deadline = d.rt.Now().Add(d.opts.JobTimeout)
		}
		if !vm.jobCond.WaitUntil(deadline) {
			return false
		}
	}
	return true
}

// takeJob makes c the owner of the job.
func (c *Conn) takeJob(vm *Domain, kind JobType) {
	if other := vm.jobActive.peek(); other.owner != nil {
		c.driver.rt.Fail(NoJob, c.name+" takes the job of "+vm.name+", which belongs to "+other.owner.name)
	}
	vm.jobActive.store(job{c, kind})
	c.job(JobBegun, vm, kind)
}

// endJob is qemuDomainObjEndJob since 2009-12: it gives the job back, wakes one waiter, and returns
// the references that are left. At 0 the domain is gone, and its lock with it. The domain is
// locked; the driver does not matter.
func (c *Conn) endJob(vm *Domain) int {
	vm.lock.Held(Requires)
	vm.lock.Held(MissingLock)
	mine := vm.jobActive.peek()
	if mine.owner != c {
		c.driver.rt.Fail(JobUnbalanced, c.name+" ends a job of "+vm.name+" that it does not own")
	}
	c.job(JobEnded, vm, mine.kind)
	vm.jobActive.store(job{})
	vm.jobCond.Signal()
	return vm.unref()
}

// finish ends a job and unlocks the domain, if there still is one.
func (c *Conn) finish(vm *Domain) {
	if c.endJob(vm) > 0 {
		vm.lock.Unlock()
	}
}

// job tells the observer of c, if it has one.
func (c *Conn) job(phase JobPhase, vm *Domain, kind JobType) {
	if c.observer != nil {
		c.observer.Job(JobEvent{phase, kind, vm.name, vm.object, c.driver.rt.Now()})
	}
}
