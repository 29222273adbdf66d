package driver

import "testing"

// A QEMU that answers while it is asked does what it is asked.
func TestAnswering(t *testing.T) {
	d := New(Real(), Options{})
	_, mon := d.AddAnswering("vm1")
	h := d.Connect("test").Helpers()
	h.LockMonitor(mon)
	must(t, h.Command(mon))
	h.UnlockMonitor(mon)
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
