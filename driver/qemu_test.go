package driver

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A real QEMU, as far as `-M none` goes: it answers, refuses the balloon that it does not have, and
// dies when killed.
func TestRealQEMU(t *testing.T) {
	binary, err := exec.LookPath("qemu-system-x86_64")
	if err != nil {
		t.Skip("there is no qemu-system-x86_64 here")
	}
	socketDir(t)
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
	must(t, c.Define(awkwardName, 1024))
	must(t, c.Start(awkwardName))
}

// awkwardName is the name of a domain that is more than a name to who does not quote it.
const awkwardName = "a=b,debug-threads=zzz"

// What cannot be started is an error that says why, and leaves nothing behind.
func TestQEMUThatDoesNotStart(t *testing.T) {
	dir := socketDir(t)
	for _, tt := range []struct {
		name, binary string
		script       string // instead of a binary
		code         Code
		says         string
	}{
		{name: "no such program", binary: "/nonexistent/qemu", code: SpawnFailed, says: "no such file"},
		{name: "ends at once", binary: "/bin/false", code: MonitorGone, says: "monitor: exit status 1"},
		{name: "says why", script: "echo unsupported machine type >&2; exit 3", code: MonitorGone, says: "exit status 3: unsupported machine type"},
		{name: "says why, and is content", script: "echo bye >&2", code: MonitorGone, says: "monitor: bye"},
		{name: "leaves somebody who could say more", script: "echo bye >&2; sleep 20 & exit 1", code: MonitorGone, says: "exit status 1: bye"},
		{name: "is told its options", script: `echo "$*" >&2; exit 1`, code: MonitorGone, says: "-name guest=a=b,,debug-threads=zzz -M none"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.script != "" {
				tt.binary = fakeQEMU(t, tt.script)
			}
			d := New(Real(), Options{Hypervisor: QEMU(tt.binary), CommandTimeout: 10 * time.Second})
			defer d.Close()
			c := d.Connect("test")
			must(t, c.Define(awkwardName, 1024))
			err := c.Start(awkwardName)
			if CodeOf(err) != tt.code || !strings.Contains(err.Error(), tt.says) {
				t.Fatalf("%v, want %s: %s", err, tt.code, tt.says)
			}
			t.Log(err)
			if i, err := c.Info(awkwardName); i.State != Shutoff || err != nil {
				t.Fatal(i, err)
			}
			if left, err := filepath.Glob(filepath.Join(dir, "lockproof-*")); len(left) > 0 || err != nil {
				t.Error(left, err)
			}
		})
	}
}

// socketDir is where sockets are made during the test. The names of t.TempDir are too long for
// that, and none of them has a comma.
func socketDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "a,b")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	t.Setenv("TMPDIR", dir)
	return dir
}

// fakeQEMU is a program that does what a shell script says.
func fakeQEMU(t *testing.T, script string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "qemu")
	must(t, os.WriteFile(program, []byte("#!/bin/sh\n"+script+"\n"), 0o755))
	return program
}

// Why QEMU's connection cannot be taken is said at once, not when QEMU has ended.
func TestConnectionThatCannotBeTaken(t *testing.T) {
	process, err := QEMU(fakeQEMU(t, "exec sleep 100")).Spawn("vm1", 0)
	must(t, err)
	defer process.Kill()
	must(t, process.(*qemuProcess).listener.(*net.UnixListener).SetDeadline(time.Now().Add(-time.Second)))
	if _, err := process.Open(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error(err)
	}
}

// A directory that is still there when its QEMU is gone is left, one that is gone is not.
func TestLeft(t *testing.T) {
	h := QEMU(fakeQEMU(t, "exec sleep 100"))
	process, err := h.Spawn("vm1", 0)
	must(t, err)
	left := h.Left()
	if len(left) != 1 {
		t.Fatal(left)
	}
	process.Kill()
	if got := h.Left(); len(got) > 0 {
		t.Error(got)
	}
	h.made(left[0])
	must(t, os.Mkdir(left[0], 0o700))
	if got := h.Left(); len(got) != 1 {
		t.Error(got)
	}
	must(t, os.Remove(left[0]))
}
