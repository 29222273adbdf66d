// Package driver is libvirt's QEMU driver, as far as its locks go, in Go: the implementation whose
// protocol lockproof checks.
//
// There is one driver lock, a list of domains, and for each domain a lock, a reference count and a
// job. The order is driver before domain before monitor, and a thread that waits for QEMU holds
// nothing but the monitor. What keeps a domain together while its lock is dropped is the job, and
// what keeps it in memory is a reference.
//
//	d := driver.New(driver.Real(), driver.Options{})
//	defer d.Close()
//	c := d.Connect("client 1")
//	err := c.Define("vm1", 1<<20)
//	err = c.Start("vm1")
//	state, err := c.Query("vm1")
//
// The functions that implement the protocol name the C function for which they stand. They reach
// locks, goroutines, time and faults through a [Runtime] only, so that a controlled scheduler can
// run them step by step, and they talk to QEMU, or to a QMP server that pretends to be QEMU,
// through a [Hypervisor].
//
// What libvirt has and this package has not: asynchronous jobs, the guest agent, migration between
// hosts, configuration files.
package driver
