package driver

import "time"

// A Conn is a client: virConnectPtr. It owns the jobs that its calls begin, so one goroutine uses
// it at a time.
type Conn struct {
	driver   *Driver
	name     string
	observer Observer
}

// Connect makes a connection. The name appears in errors, traces and histories.
func (d *Driver) Connect(name string) *Conn {
	return &Conn{d, name, d.observer(name)}
}

// Name is what the connection was called.
func (c *Conn) Name() string { return c.name }

// Do makes a call: the methods named after the operations are short for it. [OpDied] is not a call.
func (c *Conn) Do(call Call) Result {
	var began time.Time
	if c.observer != nil {
		began = c.driver.rt.Now()
		c.observer.Called(call)
	}
	info, err := c.do(call)
	r := Result{Info: info, Code: CodeOf(err), Err: err}
	if c.observer != nil {
		r.Took = c.driver.rt.Now().Sub(began)
		c.observer.Returned(call, r)
	}
	return r
}

func (c *Conn) do(call Call) (info Info, err error) {
	switch call.Op {
	case OpDefine:
		err = c.define(call.Domain, call.Arg)
	case OpUndefine:
		err = c.undefine(call.Domain)
	case OpStart:
		err = c.start(call.Domain)
	case OpDestroy:
		err = c.destroy(call.Domain)
	case OpSuspend:
		err = c.change(call.Domain, "stop", Paused)
	case OpResume:
		err = c.change(call.Domain, "cont", Running)
	case OpQuery:
		info.State, err = c.query(call.Domain)
	case OpInfo:
		info, err = c.info(call.Domain)
	case OpSetMemory:
		err = c.setMemory(call.Domain, call.Arg)
	case OpLongJob:
		err = c.longJob(call.Domain, call.Arg)
	case OpWait:
		err = c.wait(call.Domain)
	default:
		panic("driver: " + call.Op.String() + " is not a call")
	}
	return info, err
}

// Patience is the longest that a call waits, for its job and for QEMU. What it takes beyond that it
// spends on locks, which nobody keeps while he waits, and at work.
func (d *Driver) Patience(call Call) time.Duration {
	switch call.Op {
	case OpDefine, OpInfo, OpDied:
		return 0
	case OpUndefine, OpDestroy, OpWait:
		return d.opts.JobTimeout
	case OpStart: // the greeting and two commands
		return d.opts.JobTimeout + 3*d.opts.CommandTimeout
	case OpLongJob:
		rounds := time.Duration(max(0, call.Arg))
		return d.opts.JobTimeout + rounds*d.opts.CommandTimeout + max(0, rounds-1)*pollInterval
	}
	return d.opts.JobTimeout + d.opts.CommandTimeout
}

// Define makes a domain that stays until it is undefined. A domain that only runs becomes a defined
// one.
func (c *Conn) Define(domain string, memory int64) error {
	return c.Do(Call{OpDefine, domain, memory}).Err
}

// Undefine forgets a domain. One that runs goes on running and disappears when it stops.
func (c *Conn) Undefine(domain string) error { return c.Do(Call{Op: OpUndefine, Domain: domain}).Err }

// Start runs a domain.
func (c *Conn) Start(domain string) error { return c.Do(Call{Op: OpStart, Domain: domain}).Err }

// Destroy stops a domain as if its plug were pulled.
func (c *Conn) Destroy(domain string) error { return c.Do(Call{Op: OpDestroy, Domain: domain}).Err }

// Suspend stops the guest's processors.
func (c *Conn) Suspend(domain string) error { return c.Do(Call{Op: OpSuspend, Domain: domain}).Err }

// Resume lets them go on.
func (c *Conn) Resume(domain string) error { return c.Do(Call{Op: OpResume, Domain: domain}).Err }

// Query asks QEMU what the guest is doing.
func (c *Conn) Query(domain string) (State, error) {
	r := c.Do(Call{Op: OpQuery, Domain: domain})
	return r.Info.State, r.Err
}

// Info tells what the driver knows, without asking QEMU and without waiting for a job.
func (c *Conn) Info(domain string) (Info, error) {
	r := c.Do(Call{Op: OpInfo, Domain: domain})
	return r.Info, r.Err
}

// SetMemory changes the memory of a running domain, in KiB.
func (c *Conn) SetMemory(domain string, memory int64) error {
	return c.Do(Call{OpSetMemory, domain, memory}).Err
}

// LongJob keeps the job for some rounds, as a save or a migration does: QEMU is asked how far it
// is, and locks are free in between.
func (c *Conn) LongJob(domain string, rounds int64) error {
	return c.Do(Call{OpLongJob, domain, rounds}).Err
}

// Wait returns when the domain, as it runs now, has stopped.
func (c *Conn) Wait(domain string) error { return c.Do(Call{Op: OpWait, Domain: domain}).Err }

// Domains lists the names of all domains, in order.
func (c *Conn) Domains() []string {
	d := c.driver
	d.lock.Lock()
	defer d.lock.Unlock()
	var names []string
	for _, vm := range d.snapshot() {
		names = append(names, vm.name)
	}
	return names
}
