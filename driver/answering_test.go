package driver

import "testing"

// A QEMU that answers while it is asked does what it is asked.
func TestAnswering(t *testing.T) {
	d := New(Real(), Options{})
	vm, mon := d.AddAnswering("vm1")
	c := d.Connect("test")
	h := c.Helpers()
	h.LockMonitor(mon)
	must(t, h.Command(mon))
	h.UnlockMonitor(mon)
	if i, err := c.Info("vm1"); i != (Info{Running, 1024, true}) || err != nil || !h.IsActive(vm) {
		t.Error(i, err)
	}
	if g := vm.process.peek().(*loopback).guest; g != (guest{ready: true, running: true, memory: 1 << 20}) {
		t.Errorf("QEMU begins as %+v", g)
	}
	must(t, c.Suspend("vm1")) // there are no events: what it is now is known by the command alone
	if i, err := c.Info("vm1"); i.State != Paused || err != nil || !h.IsActive(vm) {
		t.Error(i, err)
	}
	must(t, c.Resume("vm1"))
	if i, err := c.Info("vm1"); i.State != Running || err != nil {
		t.Error(i, err)
	}
	must(t, c.Destroy("vm1"))
	if h.IsActive(vm) {
		t.Error("a domain that was destroyed is active")
	}
}

// A domain whose QEMU answers while it is asked ends as every other does.
func TestEndOfAnswering(t *testing.T) {
	for name, end := range map[string]func(*Driver, *Conn) error{
		"close": func(d *Driver, _ *Conn) error {
			d.Close()
			return nil
		},
		"destroy": func(_ *Driver, c *Conn) error { return c.Destroy("vm1") },
	} {
		t.Run(name, func(t *testing.T) {
			d := New(Real(), Options{})
			vm, mon := d.AddAnswering("vm1")
			must(t, end(d, d.Connect("test")))
			if s := vm.Status(); s.Attached || s.Info.State != Shutoff || mon.failed.value == nil {
				t.Errorf("%+v; the monitor failed with %v", s, mon.failed.value)
			}
		})
	}
}

// Whose event goroutine the caller plays stops when QEMU has said what it has to say.
func TestServe(t *testing.T) {
	d := New(Real(), Options{})
	vm, _ := d.AddAnswering("vm1")
	c := d.Connect("test")
	must(t, c.Serve("vm1", 2))
	if s := vm.Status(); s.Attached || s.Info.State != Shutoff || s.References != 1 || s.JobOwner != "" {
		t.Errorf("%+v", s)
	}
	if err := c.Serve("vm1", 0); CodeOf(err) != NotRunning {
		t.Errorf("a domain that does not run is served: %v", err)
	}
	if err := c.Serve("vm2", 0); CodeOf(err) != NoDomain {
		t.Errorf("a domain that is not there is served: %v", err)
	}
	d.Close() // returns, for no event goroutine is left
}
