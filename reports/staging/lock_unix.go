//go:build linux || darwin || freebsd || netbsd || openbsd

package staging

import (
	"io/fs"
	"os"
	"syscall"
)

// lock takes the lock on a directory, and reports whether it could: nobody else had it, and the
// file system knows locks.
func lock(f *os.File) bool { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil }

// mine reports whether a file belongs to the user that runs the process.
func mine(info fs.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(s.Uid) == os.Geteuid()
}
