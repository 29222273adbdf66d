package driver

import (
	"slices"
	"strings"
	"time"
)

// Options are what a driver can be told. The zero value is libvirt's behaviour with an in-process
// QMP server.
type Options struct {
	// Hypervisor makes the QEMUs; nil: [InProcess].
	Hypervisor Hypervisor
	// JobTimeout is how long a caller waits for a job; 0: 30 s, as in libvirt.
	JobTimeout time.Duration
	// CommandTimeout is how long QEMU may take to answer; 0: 30 s. libvirt waits for ever.
	CommandTimeout time.Duration
	// Observe gives the observer of a connection or of an event goroutine, by its name; nil, or a
	// nil observer: none.
	Observe func(name string) Observer
}

// A Driver is the QEMU driver: struct qemud_driver.
type Driver struct {
	rt   Runtime
	opts Options

	lock    Mutex
	idle    Cond // an event goroutine has ended; waited for with lock
	domains map[string]*Domain
	objects int // domains made so far; guarded by lock
	listed  Var // announces accesses to domains
	readers cell[int]
	closed  cell[bool]
}

// New makes a driver without domains.
func New(rt Runtime, opts Options) *Driver {
	if opts.Hypervisor == nil {
		opts.Hypervisor = InProcess(rt)
	}
	if opts.JobTimeout == 0 {
		opts.JobTimeout = 30 * time.Second
	}
	if opts.CommandTimeout == 0 {
		opts.CommandTimeout = 30 * time.Second
	}
	lock := rt.NewMutex("driver.lock")
	return &Driver{
		rt:      rt,
		opts:    opts,
		lock:    lock,
		idle:    rt.NewCond("driver.idle", lock),
		domains: map[string]*Domain{},
		listed:  rt.NewVar("driver.domains", lock),
		readers: newCell(rt, "driver.readers", lock, 0),
		closed:  newCell(rt, "driver.closed", lock, false),
	}
}

// Close is qemuStateCleanup: it stops and forgets every domain, whoever has its job, and waits for
// the event goroutines. Calls may be under way, Close among them: they end as if the domain had
// been destroyed and undefined, and what they have is freed when they do. Afterwards the driver has
// no domains and takes no new ones.
func (d *Driver) Close() {
	d.lock.Lock()
	d.closed.store(true)
	var monitors []*Monitor
	for _, vm := range d.snapshot() {
		vm.lock.Lock()
		if mon := vm.stop(); mon != nil {
			monitors = append(monitors, mon)
		}
		d.removeInactive(vm)
	}
	d.lock.Unlock()
	for _, mon := range monitors {
		mon.close()
	}
	d.lock.Lock()
	for d.readers.load() > 0 {
		d.idle.Wait()
	}
	d.lock.Unlock()
}

// snapshot is the listed domains in the order of their names. The driver is locked.
func (d *Driver) snapshot() []*Domain {
	d.listed.Read()
	all := make([]*Domain, 0, len(d.domains))
	for _, vm := range d.domains {
		all = append(all, vm)
	}
	slices.SortFunc(all, func(x, y *Domain) int { return strings.Compare(x.name, y.name) })
	return all
}

func (d *Driver) observer(name string) Observer {
	if d.opts.Observe == nil {
		return nil
	}
	return d.opts.Observe(name)
}
