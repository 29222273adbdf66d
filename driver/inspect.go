package driver

import (
	"slices"
	"strings"
)

// A DomainStatus is a domain as a debugger would see it.
type DomainStatus struct {
	Name       string
	Info       Info
	References int
	Listed     bool   // can be found
	Attached   bool   // has a QEMU
	JobOwner   string // the connection that has the job, "" if nobody has
	Job        JobType
}

// Status shows one domain, listed or not, without taking a lock: see [Driver.Inspect].
func (vm *Domain) Status() DomainStatus {
	s := DomainStatus{
		Name:       vm.name,
		Info:       Info{vm.state.value, vm.memory.value, vm.persistent.value},
		References: vm.refs.value,
		Listed:     !vm.removed.value,
		Attached:   vm.mon.value != nil,
		Job:        vm.jobActive.value.kind,
	}
	if owner := vm.jobActive.value.owner; owner != nil {
		s.JobOwner = owner.name
	}
	return s
}

// References tells how many references a monitor has, without taking a lock.
func (mon *Monitor) References() int { return mon.refs.value }

// Inspect shows the listed domains in order, without taking a lock: it is for drivers in which
// nothing moves, after a hang or at the end of a controlled run.
func (d *Driver) Inspect() []DomainStatus {
	var all []DomainStatus
	for _, vm := range d.domains {
		all = append(all, vm.Status())
	}
	slices.SortFunc(all, func(x, y DomainStatus) int { return strings.Compare(x.Name, y.Name) })
	return all
}
