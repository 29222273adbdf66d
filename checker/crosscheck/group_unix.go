//go:build unix

package crosscheck

import (
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// A group is the process group of a program: the program, and all that it starts and that does not
// leave on purpose.
type group struct {
	mu   sync.Mutex
	over bool // the number of the group may be another's by now
}

// kill kills everybody in the group.
func (g *group) kill(pid int) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.over || syscall.Kill(-pid, syscall.SIGKILL) != nil {
		return os.ErrProcessDone
	}
	return nil
}

// end kills who is left.
func (g *group) end(pid int) {
	_ = g.kill(pid) // nobody is
	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = true
}

// runGroup runs a command in a process group of its own, which is killed when the context of the
// command ends, and when the command does. Its goroutine keeps its thread: on Linux the program
// dies with the thread that started it.
func runGroup(cmd *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var g group
	cmd.SysProcAttr = attributes()
	cmd.Cancel = func() error { return g.kill(cmd.Process.Pid) }
	if err := cmd.Start(); err != nil {
		return err
	}
	return reap(cmd, func() { g.end(cmd.Process.Pid) })
}
