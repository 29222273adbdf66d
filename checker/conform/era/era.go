package era

import (
	"errors"
	"slices"
	"time"

	"github.com/lockproof/lockproof/driver"
)

// A protocol is the helpers in which the eras differ.
type protocol struct {
	name               string // of its C
	beginJob           func(self *Thread, vm *Domain) int
	beginJobWithDriver func(self *Thread, drv *Driver, vm *Domain) int
	endJob             func(self *Thread, vm *Domain) int
	enterMonitor       func(self *Thread, vm *Domain)
	exitMonitor        func(self *Thread, vm *Domain)
	unlocked           driver.Kind // what it is to use the list without the driver's lock
}

var protocols = []protocol{mail200910, mail200910Prose, libvirt200912, libvirt201104}

// patience is how long a caller waits for a job, as in libvirt.
const patience = 30 * time.Second

// Names are the protocols, by the names of their C.
func Names() []string {
	var names []string
	for _, p := range protocols {
		names = append(names, p.name)
	}
	return names
}

// New makes a driver without domains, with the helpers of the protocol that has the name, which is
// one of [Names].
func New(rt driver.Runtime, name string) *Driver {
	i := slices.IndexFunc(protocols, func(p protocol) bool { return p.name == name })
	lock := rt.NewMutex("driver.lock")
	return &Driver{
		rt: rt, protocol: protocols[i], lock: lock, domains: map[string]*Domain{}, list: rt.NewVar("driver.domains", lock),
	}
}

// Add makes a domain that runs. The list has its only reference.
func (d *Driver) Add(name string) (*Domain, *Monitor) {
	vm, mon := newDomain(d, name)
	d.domains[name] = vm
	return vm, mon
}

// Listed reports whether a look-up finds a domain, without a step.
func (d *Driver) Listed(name string) bool { return d.domains[name] != nil }

// Status shows a domain without a step.
func (vm *Domain) Status() driver.DomainStatus {
	s := driver.DomainStatus{
		Name: vm.name, References: vm.refs.value, Listed: !vm.removed.value,
		Attached: vm.active.value,
	}
	if vm.active.value {
		s.Info.State = driver.Running
	}
	if owner := vm.jobActive.value; owner != nil {
		s.JobOwner = owner.name
	}
	return s
}

// Helpers are the helpers, as one thread calls them. Their C is in scenarios/protocols.
type Helpers struct{ self *Thread }

// Connect gives a thread the helpers. Its name is that of the owner of its jobs.
func (d *Driver) Connect(thread string) Helpers { return Helpers{&Thread{thread, d}} }

// LockDriver is qemuDriverLock.
func (h Helpers) LockDriver() { h.self.driver.lock.Lock() }

// UnlockDriver is qemuDriverUnlock.
func (h Helpers) UnlockDriver() { h.self.driver.lock.Unlock() }

// Find is virDomainFindByUUID.
func (h Helpers) Find(name string) *Domain { return virDomainFindByUUID(h.self.driver, name) }

// RemoveInactive is virDomainRemoveInactive.
func (h Helpers) RemoveInactive(vm *Domain) { virDomainRemoveInactive(h.self.driver, vm) }

// Lock is virDomainObjLock.
func (h Helpers) Lock(vm *Domain) { vm.lock.Lock() }

// Unlock is virDomainObjUnlock.
func (h Helpers) Unlock(vm *Domain) { vm.lock.Unlock() }

// Ref is virDomainObjRef.
func (h Helpers) Ref(vm *Domain) int { return virDomainObjRef(vm) }

// Unref is virDomainObjUnref.
func (h Helpers) Unref(vm *Domain) int { return virDomainObjUnref(vm) }

// IsActive is virDomainObjIsActive.
func (h Helpers) IsActive(vm *Domain) bool { return vm.active.read() }

// Touch is touch.
func (h Helpers) Touch(vm *Domain) { touch(vm) }

// BeginJob is qemuDomainObjBeginJob.
func (h Helpers) BeginJob(vm *Domain) error {
	return refused(h.self.driver.protocol.beginJob(h.self, vm))
}

// BeginJobWithDriver is qemuDomainObjBeginJobWithDriver.
func (h Helpers) BeginJobWithDriver(vm *Domain) error {
	return refused(h.self.driver.protocol.beginJobWithDriver(h.self, h.self.driver, vm))
}

// EndJob is qemuDomainObjEndJob.
func (h Helpers) EndJob(vm *Domain) int { return h.self.driver.protocol.endJob(h.self, vm) }

// EnterMonitor is qemuDomainObjEnterMonitor: it returns the monitor that is entered.
func (h Helpers) EnterMonitor(vm *Domain) *Monitor {
	mon := vm.mon
	h.self.driver.protocol.enterMonitor(h.self, vm)
	return mon
}

// ExitMonitor is qemuDomainObjExitMonitor.
func (h Helpers) ExitMonitor(vm *Domain, _ *Monitor) { h.self.driver.protocol.exitMonitor(h.self, vm) }

// LockMonitor is qemuMonitorLock.
func (h Helpers) LockMonitor(mon *Monitor) { mon.lock.Lock() }

// UnlockMonitor is qemuMonitorUnlock.
func (h Helpers) UnlockMonitor(mon *Monitor) { mon.lock.Unlock() }

// Command is qemuMonitorCommand.
func (h Helpers) Command(mon *Monitor) error {
	if qemuMonitorCommand(h.self.driver, mon) < 0 {
		return errEOF
	}
	return nil
}

// Died is qemuProcessDied, of a QEMU that does die.
func (h Helpers) Died(vm *Domain) { qemuProcessDied(h.self, vm) }

var (
	errRefused = errors.New("the job was refused")
	errEOF     = errors.New("QEMU is gone")
)

func refused(rc int) error {
	if rc < 0 {
		return errRefused
	}
	return nil
}
