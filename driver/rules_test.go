package driver

import (
	"testing"
)

// Each rule that the driver knows itself is noticed when it is broken, and by whom and of what is
// said.
func TestBrokenRules(t *testing.T) {
	for _, tt := range []struct {
		says string
		kind Kind
		do   func(d *Driver, vm *Domain, c, other *Conn)
	}{
		{"b takes the job of vm1, which belongs to a", NoJob, func(_ *Driver, vm *Domain, c, other *Conn) {
			c.takeJob(vm, QueryJob)
			other.takeJob(vm, QueryJob)
		}},
		{"b ends a job of vm1 that it does not own", JobUnbalanced, func(_ *Driver, vm *Domain, c, other *Conn) {
			c.takeJob(vm, QueryJob)
			other.endJob(vm)
		}},
		{"a ends a job of vm1 that it does not own", JobUnbalanced, func(_ *Driver, vm *Domain, c, _ *Conn) { c.endJob(vm) }},
		{"a enters the monitor of vm1 without a job", NoJob, func(_ *Driver, vm *Domain, c, _ *Conn) { c.enterMonitor(vm) }},
		{"b enters the monitor of vm1 without a job", NoJob, func(_ *Driver, vm *Domain, c, other *Conn) {
			c.takeJob(vm, QueryJob)
			other.enterMonitorWithDriver(vm)
		}},
		{"a enters the monitor of vm1, which is not running", StaleLiveness, func(_ *Driver, vm *Domain, c, _ *Conn) {
			c.takeJob(vm, QueryJob)
			vm.stop()
			c.enterMonitor(vm)
		}},
		{"vm1 has -1 references", RefCount, func(_ *Driver, vm *Domain, _, _ *Conn) {
			vm.refs.store(0)
			vm.unref()
		}},
		{"vm1.mon loses a reference that nobody has", RefCount, func(_ *Driver, vm *Domain, _, _ *Conn) {
			mon := vm.mon.load()
			mon.lock.Lock()
			mon.refs.store(0)
			mon.release()
		}},
		{"two callers are inside vm1.mon at once", NoJob, func(_ *Driver, vm *Domain, _, _ *Conn) {
			mon := vm.mon.load()
			mon.lock.Lock()
			mon.pending.store(&command{id: 1})
			_, _ = mon.execute("stop", nil)
		}},
		{"vm1.lock is locked after it was freed", UseAfterRelease, func(_ *Driver, vm *Domain, _, _ *Conn) {
			vm.unref()
			vm.lock.Lock()
		}},
		{"vm1.mon.lock is locked after it was freed", UseAfterRelease, func(_ *Driver, vm *Domain, _, _ *Conn) {
			mon := vm.mon.load()
			mon.close()
			mon.lock.Lock()
		}},
	} {
		t.Run(tt.says, func(t *testing.T) {
			d := New(Real(), Options{})
			vm, _ := d.AddAnswering("vm1")
			vm.lock.Lock()
			defer func() {
				v, ok := recover().(*Violation)
				if !ok || v.Kind != tt.kind || v.Error() != string(tt.kind)+": "+tt.says {
					t.Errorf("%v", v)
				}
			}()
			tt.do(d, vm, d.Connect("a"), d.Connect("b"))
		})
	}
}
