package driver

import (
	"errors"
	"os/exec"
	"testing"
)

// A real QEMU, as far as `-M none` goes: it answers, refuses the balloon that it does not have, and dies when killed.
func TestRealQEMU(t *testing.T) {
	binary, err := exec.LookPath("qemu-system-x86_64")
	if err != nil {
		t.Skip("there is no qemu-system-x86_64 here")
	}
	h := QEMU(binary)
	d := New(Real(), Options{Hypervisor: h})
	defer d.Close()
	c := d.Connect("test")
	must(t, c.Define("vm1", 1024))
	must(t, c.Start("vm1"))
	must(t, c.Suspend("vm1"))
	if s, err := c.Query("vm1"); s != Paused || err != nil {
		t.Fatal(s, err)
	}
	must(t, c.Resume("vm1"))
	if s, err := c.Query("vm1"); s != Running || err != nil {
		t.Fatal(s, err)
	}
	var refusal *QMPError
	if err := c.SetMemory("vm1", 2048); CodeOf(err) != Refused || !errors.As(err, &refusal) || refusal.Class == "" {
		t.Fatal(err)
	}
	must(t, c.LongJob("vm1", 2))
	if !h.Crash("vm1") {
		t.Fatal("there is nothing to kill")
	}
	if err := c.Wait("vm1"); err != nil && CodeOf(err) != NotRunning { // it may have ended already
		t.Fatal(err)
	}
	if i, err := c.Info("vm1"); i.State != Shutoff || err != nil {
		t.Fatal(i, err)
	}
	must(t, c.Start("vm1"))
	must(t, c.Undefine("vm1"))
	must(t, c.Destroy("vm1"))
	if _, err := c.Info("vm1"); CodeOf(err) != NoDomain {
		t.Fatal(err)
	}
}

// What cannot be started is an error, and leaves nothing behind.
func TestQEMUThatDoesNotStart(t *testing.T) {
	for name, binary := range map[string]string{"no such program": "/nonexistent/qemu", "ends at once": "/bin/false"} {
		t.Run(name, func(t *testing.T) {
			d := New(Real(), Options{Hypervisor: QEMU(binary)})
			defer d.Close()
			c := d.Connect("test")
			must(t, c.Define("vm1", 1024))
			err := c.Start("vm1")
			if code := CodeOf(err); code != SpawnFailed && code != MonitorGone {
				t.Fatal(err)
			}
			t.Log(err)
			if i, err := c.Info("vm1"); i.State != Shutoff || err != nil {
				t.Fatal(i, err)
			}
		})
	}
}
