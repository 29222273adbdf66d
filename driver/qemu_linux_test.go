package driver

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A QEMU that was stopped is silent, and can be killed all the same.
func TestStoppedQEMU(t *testing.T) {
	socketDir(t)
	h := QEMU(fakeQEMU(t, "exec sleep 1000"))
	process, err := h.Spawn("vm1", 0)
	must(t, err)
	p := process.(*qemuProcess)
	if h.Stop("nobody") || !h.Stop("vm1") {
		t.Error("Stop does not say whom it stops")
	}
	for state := ""; state != "T"; {
		text, err := os.ReadFile("/proc/" + strconv.Itoa(p.command.Process.Pid) + "/stat")
		must(t, err)
		_, rest, _ := strings.Cut(string(text), ") ")
		state, _, _ = strings.Cut(rest, " ")
		time.Sleep(time.Millisecond)
	}
	process.Kill()
	process.Kill()
	if p.status == nil || p.status.Error() != "signal: killed" {
		t.Error(p.status)
	}
	if h.Stop("vm1") {
		t.Error("a QEMU that has ended was stopped")
	}
}

// Crash kills the QEMU that a domain had last.
func TestCrashOfQEMU(t *testing.T) {
	socketDir(t)
	h := QEMU(fakeQEMU(t, "exec sleep 1000"))
	var all []*qemuProcess
	for _, domain := range []string{"vm1", "vm1", "vm2"} {
		p, err := h.Spawn(domain, 0)
		must(t, err)
		defer p.Kill()
		all = append(all, p.(*qemuProcess))
	}
	if h.Crash("nobody") || !h.Crash("vm1") {
		t.Error("Crash does not say whom it kills")
	}
	for i, want := range []bool{false, true, false} {
		ended := false
		select {
		case <-all[i].exited:
			ended = true
		default:
		}
		if ended != want {
			t.Errorf("the end of QEMU %d: %v", i+1, ended)
		}
	}
	if _, err := all[1].Open(); err == nil || err.Error() != "QEMU ended before it opened its monitor: signal: killed" {
		t.Error(err)
	}
}

// isLocked reports whether this goroutine has its thread for itself.
func isLocked() bool {
	stack := make([]byte, 200)
	stack = stack[:runtime.Stack(stack, false)]
	header, _, _ := strings.Cut(string(stack), "\n")
	return strings.Contains(header, "locked to thread")
}

// The end of a QEMU is told when all that it had is gone: whoever has killed one finds nothing of
// it.
func TestEndIsToldLast(t *testing.T) {
	dir := socketDir(t)
	listener, err := net.Listen("unix", filepath.Join(dir, "s"))
	must(t, err)
	p := &qemuProcess{command: exec.Command("/bin/true"), listener: listener, exited: make(chan struct{})}
	started, cleaned := make(chan error, 1), 0
	p.run(started, func() {
		cleaned++
		select {
		case <-p.exited:
			t.Error("the end was told before")
		default:
		}
		if _, err := listener.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Error("somebody could still connect:", err)
		}
		if !isLocked() {
			t.Error("the thread that started QEMU may have ended, and QEMU with it")
		}
	})
	must(t, <-started)
	if isLocked() {
		t.Error("the thread is nobody else's for ever")
	}
	<-p.exited
	if cleaned != 1 || p.status != nil {
		t.Error(cleaned, p.status)
	}
	p = &qemuProcess{command: exec.Command("/nonexistent/qemu"), listener: listener, exited: make(chan struct{})}
	p.run(started, func() { t.Error("there was nothing to clean up") })
	if err := <-started; err == nil {
		t.Error("what is not there was started")
	}
}

// descriptors is how many files this process has open.
func descriptors(t *testing.T) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	must(t, err)
	return len(all)
}

// leavesNothing runs body, after which there must be no file, descriptor or directory of h that was
// not there before.
func leavesNothing(t *testing.T, h *QEMUHypervisor, dir string, body func()) {
	t.Helper()
	before := descriptors(t)
	body()
	if now := descriptors(t); now > before {
		t.Errorf("%d descriptors, before %d", now, before)
	}
	if left := names(t, dir); len(left) > 0 || len(h.Left()) > 0 {
		t.Errorf("left: %q, %q", left, h.Left())
	}
}

// A start that fails half-way leaves nothing.
func TestHalfAStart(t *testing.T) {
	for _, tt := range []struct {
		name, binary, dir string
		want              error
	}{
		{"no program", "/nonexistent/qemu", "x", os.ErrNotExist},
		{"the name of the socket is too long", "/bin/true", strings.Repeat("x", 120), syscall.EINVAL},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(socketDir(t), tt.dir)
			must(t, os.Mkdir(dir, 0o700))
			t.Setenv("TMPDIR", dir)
			h := QEMU(tt.binary)
			leavesNothing(t, h, dir, func() {
				if p, err := h.Spawn("vm1", 0); !errors.Is(err, tt.want) || p != nil || h.Crash("vm1") {
					t.Errorf("%v, %v; want %v", p, err, tt.want)
				}
			})
		})
	}
}

// Nor does one that comes to the end of the descriptors, wherever that is.
func TestStartWithoutDescriptors(t *testing.T) {
	dir := socketDir(t)
	h := QEMU("/bin/true")
	removeLeftovers()
	few := descriptors(t) - 1
	for most := few; ; most++ {
		enough := false
		leavesNothing(t, h, dir, func() {
			var p Process
			var err error
			withoutMoreDescriptors(t, most, func() { p, err = h.Spawn("vm1", 0) })
			if enough = err == nil; enough {
				p.Kill()
			} else if !errors.Is(err, syscall.EMFILE) || p != nil {
				t.Errorf("with %d descriptors: %v, %v", most, p, err)
			}
		})
		if enough {
			if most < few+3 { // the lock, the socket, and what it takes to start a process
				t.Errorf("%d were enough, and there are %d", most, few)
			}
			return
		}
	}
}

// withoutMoreDescriptors runs body while this process may have no more than so many files open.
func withoutMoreDescriptors(t *testing.T, most int, body func()) {
	t.Helper()
	var was syscall.Rlimit
	must(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &was))
	few := was
	few.Cur = uint64(most)
	must(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &few))
	defer func() { must(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &was)) }()
	body()
}

// Of many directories that were made only those are remembered that may be there.
func TestManyRooms(t *testing.T) {
	dir := socketDir(t)
	h := QEMU("/bin/true")
	there := filepath.Join(dir, "there")
	must(t, os.Mkdir(there, 0o700))
	h.made(there)
	locked := filepath.Join(dir, "locked") // of which only the lock is there
	must(t, os.WriteFile(locked+lockSuffix, nil, 0o600))
	h.made(locked)
	for i := range 253 {
		h.made(filepath.Join(dir, strconv.Itoa(i)))
	}
	if len(h.rooms) != 255 {
		t.Fatal(len(h.rooms))
	}
	h.made(filepath.Join(dir, "last"))
	if got := strings.Join(h.rooms, " "); got != there+" "+locked {
		t.Error(got)
	}
	if got := strings.Join(h.Left(), " "); got != there+" "+locked {
		t.Error(got)
	}
}
