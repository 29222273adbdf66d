package driver

import (
	"os/exec"
	"syscall"
)

// dieWithParent lets the kernel kill a process when the thread that starts it ends, with this
// process at the latest: who is killed cannot kill others any more. A program that a script starts,
// without exec, is not killed with the script.
func dieWithParent(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
