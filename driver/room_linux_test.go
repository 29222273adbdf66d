package driver

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
)

// names are what is in a directory, in order.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// A room is a directory of one's own and a file beside it that is locked; without it there is
// nothing.
func TestRoom(t *testing.T) {
	dir := socketDir(t)
	r, err := newRoom()
	must(t, err)
	if info, err := os.Stat(r.path); err != nil || !info.IsDir() || info.Mode().Perm() != 0o700 {
		t.Error(info, err)
	}
	if got, want := r.socket(), filepath.Join(r.path, "qmp"); got != want || r.lock.Name() != r.path+".lock" {
		t.Errorf("the socket is %s and the lock %s, of the room %s", got, r.lock.Name(), r.path)
	}
	other, err := os.Open(r.lock.Name())
	must(t, err)
	defer other.Close()
	if lockFile(other) == nil {
		t.Error("somebody else gets the lock of a room that is in use")
	}
	must(t, os.WriteFile(r.socket(), nil, 0o600))
	r.remove()
	if got := names(t, dir); len(got) > 0 {
		t.Error("left:", got)
	}
	if err := r.lock.Close(); !errors.Is(err, os.ErrClosed) {
		t.Error("the lock is open:", err)
	}
}

// Where there is no space for the directory nothing of the room is left, and where there is none
// for the file there is no room.
func TestNoSpaceForRoom(t *testing.T) {
	dir := t.TempDir()
	lock, err := os.Create(filepath.Join(dir, "room.lock"))
	must(t, err)
	r := &room{filepath.Join(dir, "nowhere", "room"), lock}
	if err := r.build(); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if got := names(t, dir); len(got) > 0 {
		t.Error("left:", got)
	}
	t.Setenv("TMPDIR", filepath.Join(dir, "nowhere"))
	if r, err := newRoom(); !errors.Is(err, fs.ErrNotExist) || r != nil {
		t.Error(r, err)
	}
}

// The rooms of those who are gone are removed, with what is in them. What is in use stays, and what
// is no room of ours.
func TestLeftovers(t *testing.T) {
	elsewhere := filepath.Join(t.TempDir(), "file")
	dir := socketDir(t)
	used, err := newRoom()
	must(t, err)
	defer used.remove()
	left, err := newRoom()
	must(t, err)
	must(t, os.WriteFile(left.socket(), nil, 0o600))
	must(t, left.lock.Close()) // its owner is gone
	empty, err := newRoom()
	must(t, err)
	must(t, os.Remove(empty.path)) // it was killed before it had made the directory
	must(t, empty.lock.Close())

	must(t, os.WriteFile(elsewhere, nil, 0o600))
	must(t, os.Symlink(elsewhere, filepath.Join(dir, roomPrefix+"link"+lockSuffix)))
	must(t, os.Mkdir(filepath.Join(dir, roomPrefix+"dir"+lockSuffix), 0o700))
	must(t, os.Mkdir(filepath.Join(dir, roomPrefix+"without"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "other"+lockSuffix), nil, 0o600))
	must(t, syscall.Mkfifo(filepath.Join(dir, roomPrefix+"pipe"+lockSuffix), 0o600))
	foreign := filepath.Join(dir, roomPrefix+"foreign"+lockSuffix)
	must(t, os.WriteFile(foreign, nil, 0o600))
	want := []string{
		roomPrefix + "dir" + lockSuffix, roomPrefix + "link" + lockSuffix, roomPrefix + "pipe" + lockSuffix, roomPrefix + "without", "other" + lockSuffix,
		filepath.Base(used.path), filepath.Base(used.path) + lockSuffix,
	}
	if os.Getuid() == 0 { // only root can give files away
		must(t, os.Chown(foreign, 65534, 0)) // of one's own group
		want = append(want, filepath.Base(foreign))
	}
	removeLeftovers()
	slices.Sort(want)
	if got := names(t, dir); !slices.Equal(got, want) {
		t.Errorf("there are %q, want %q", got, want)
	}
	if _, err := os.Lstat(elsewhere); err != nil {
		t.Error(err)
	}
}

// One leftover is removed as many are.
func TestOneLeftover(t *testing.T) {
	dir := socketDir(t)
	r, err := newRoom()
	must(t, err)
	must(t, r.lock.Close())
	removeLeftovers()
	if got := names(t, dir); len(got) > 0 {
		t.Error("left:", got)
	}
}

// A room is its maker's, even if somebody takes its file for a leftover before it is locked.
func TestRoomsWhileOthersCleanUp(t *testing.T) {
	dir := socketDir(t)
	over := make(chan struct{})
	var cleaners sync.WaitGroup
	for range 2 {
		cleaners.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
					removeLeftovers()
				}
			}
		})
	}
	for range 50 {
		r, err := newRoom()
		must(t, err)
		if _, err := os.Stat(r.path); err != nil || !isStillThere(r.lock) {
			t.Errorf("the room is gone: %v", err)
			break
		}
		r.remove()
	}
	close(over)
	cleaners.Wait()
	if got := names(t, dir); len(got) > 0 {
		t.Error("left:", got)
	}
}

// A file that is not the one of its name any more is nobody's lock.
func TestIsStillThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	f, err := os.Create(path)
	must(t, err)
	if !isStillThere(f) {
		t.Error("a file that is there")
	}
	must(t, os.Remove(path))
	if isStillThere(f) {
		t.Error("a file that was removed")
	}
	must(t, os.WriteFile(path, nil, 0o600))
	if isStillThere(f) {
		t.Error("another file of the same name")
	}
	must(t, f.Close())
	if isStillThere(f) {
		t.Error("a file that was closed")
	}
}
