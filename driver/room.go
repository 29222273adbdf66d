package driver

import (
	"os"
	"path/filepath"
	"strings"
)

// A room is the directory for the socket of one QEMU. Beside it is a file that is locked as long as
// the room is in use, so that a later run can tell it from what one has left that was killed. The
// file is there before the room and after it.
type room struct {
	path string
	lock *os.File
}

const (
	roomPrefix = "lockproof-qemu-"
	lockSuffix = ".lock"
	socketName = "qmp"
)

// newRoom makes a room; with an error there is none.
func newRoom() (*room, error) {
	for {
		lock, err := os.CreateTemp("", roomPrefix+"*"+lockSuffix)
		if err != nil {
			return nil, err
		}
		r := &room{strings.TrimSuffix(lock.Name(), lockSuffix), lock}
		if lockFile(lock) != nil || !isStillThere(lock) { // somebody takes it for a leftover
			lock.Close()
			continue
		}
		return r, r.build()
	}
}

// build makes the directory. Where it cannot there is no room, and nothing of it left.
func (r *room) build() error {
	err := os.Mkdir(r.path, 0o700)
	if err != nil {
		r.remove()
	}
	return err
}

// isStillThere reports whether a file is the one of its name.
func isStillThere(f *os.File) bool {
	x, err := f.Stat()
	y, err2 := os.Lstat(f.Name())
	return err == nil && err2 == nil && os.SameFile(x, y)
}

func (r *room) socket() string { return filepath.Join(r.path, socketName) }

// remove takes away what is in the room and the room. It needs no file descriptor for that, of
// which there may be none.
func (r *room) remove() {
	os.Remove(r.socket())
	os.Remove(r.path)
	os.Remove(r.lock.Name())
	r.lock.Close()
}

// removeLeftovers removes the rooms of this user whose owners are gone. Whoever gets the lock of a
// room knows that.
func removeLeftovers() {
	locks, _ := filepath.Glob(filepath.Join(os.TempDir(), roomPrefix+"*"+lockSuffix))
	for _, path := range locks {
		if !isOwnFile(path) {
			continue
		}
		lock, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			continue
		}
		r := &room{strings.TrimSuffix(path, lockSuffix), lock}
		if lockFile(lock) != nil || !isStillThere(lock) {
			lock.Close()
			continue
		}
		r.remove()
	}
}
