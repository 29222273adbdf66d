package driver

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// childOf tells the test binary that it is to be killed, and which QEMU it runs until then.
const childOf = "LOCKPROOF_TEST_QEMU"

// A driver that is killed cannot clean up, and still leaves no QEMU behind. Everybody who lives
// holds the end of a pipe.
func TestQEMUDiesWithTheDriver(t *testing.T) {
	if binary := os.Getenv(childOf); binary != "" {
		_, err := QEMU(binary).Spawn("vm1", 0)
		must(t, err)
		select {}
	}
	read, write, err := os.Pipe()
	must(t, err)
	defer read.Close()
	driver := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.timeout=1m")
	driver.Env = append(os.Environ(), childOf+"="+fakeQEMU(t, "echo up >&3; exec sleep 100"), "TMPDIR="+socketDir(t))
	driver.ExtraFiles = []*os.File{write}
	must(t, driver.Start())
	write.Close()
	must(t, read.SetReadDeadline(time.Now().Add(30*time.Second)))
	if _, err := io.ReadFull(read, make([]byte, len("up\n"))); err != nil {
		t.Errorf("QEMU does not come up: %v", err)
	}
	must(t, driver.Process.Kill())
	_ = driver.Wait() // it was killed
	must(t, read.SetReadDeadline(time.Now().Add(10*time.Second)))
	if n, err := read.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("QEMU lives: %d, %v", n, err)
	}
}

// The end of the thread from which the driver is asked for a QEMU is not the end of the driver.
func TestQEMUSurvivesAThread(t *testing.T) {
	h := QEMU(fakeQEMU(t, "exec sleep 100"))
	var process Process
	var err error
	thread := onThreadThatEnds(func() { process, err = h.Spawn("vm1", 0) })
	must(t, err)
	for {
		if _, err := os.Stat("/proc/self/task/" + strconv.Itoa(thread)); errors.Is(err, fs.ErrNotExist) {
			break
		}
		runtime.Gosched()
	}
	p := process.(*qemuProcess)
	must(t, p.command.Process.Signal(syscall.SIGTERM)) // comes after a SIGKILL of the kernel's
	<-p.exited
	if p.status == nil || p.status.Error() != "signal: terminated" {
		t.Errorf("QEMU ended with %v before it was asked to", p.status)
	}
}

// onThreadThatEnds runs body and returns the thread on which it ran, which ends soon. The first
// thread of a process never ends: whoever gets it keeps it and leaves body to another.
func onThreadThatEnds(body func()) int {
	thread := make(chan int)
	go func() {
		runtime.LockOSThread() // and does not unlock: the thread ends with the goroutine
		id := syscall.Gettid()
		if id == os.Getpid() {
			id = onThreadThatEnds(body)
			runtime.UnlockOSThread()
		} else {
			body()
		}
		thread <- id
	}()
	return <-thread
}
