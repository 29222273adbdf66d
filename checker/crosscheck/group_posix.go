//go:build unix && !linux

package crosscheck

import (
	"os/exec"
	"syscall"
)

// attributes give a program its own process group.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// reap ends the group when its first process is over.
func reap(cmd *exec.Cmd, end func()) error {
	defer end()
	return cmd.Wait()
}
