package crosscheck

import (
	"os/exec"
	"syscall"
	"unsafe"
)

// attributes give a program its own process group, and let it die with this process.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// reap ends the group when its first process is over but not yet reaped: so long nobody else can
// have its number. Where the kernel does not let us look, it ends the group afterwards.
func reap(cmd *exec.Cmd, end func()) error {
	const (
		byPID  = 1
		exited = 4
		leave  = 0x1000000
	)
	var info [128]byte
	for {
		_, _, err := syscall.Syscall6(syscall.SYS_WAITID, byPID, uintptr(cmd.Process.Pid), uintptr(unsafe.Pointer(&info)),
			exited|leave, 0, 0)
		switch err {
		case syscall.EINTR:
			continue
		case 0:
			end()
		default:
			defer end()
		}
		return cmd.Wait()
	}
}
