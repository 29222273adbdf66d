package driver

import (
	"os"
	"syscall"
)

// lockFile locks a file for as long as it is open. It does not wait.
func lockFile(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }

// isOwnFile reports whether a path is a file of this user, and no link to one.
func isOwnFile(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(s.Uid) == os.Getuid()
}

// Stop stops the QEMU that a domain had last, and reports whether there was one: it stays, but does
// nothing any more, until it is killed.
func (h *QEMUHypervisor) Stop(domain string) bool {
	h.mutex.Lock()
	p := h.latest[domain]
	h.mutex.Unlock()
	return p != nil && p.command.Process.Signal(syscall.SIGSTOP) == nil
}
