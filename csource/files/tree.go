package files

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Tree is a directory as a file system of regular files and directories. A symbolic link, of a
// file or of a directory, is followed as long as it stays inside; one that is absolute or leads out
// is an error. Links are read as text, so those of /proc are no exception. Nothing else can be
// opened, and opening does not wait.
//
// A Tree holds no descriptor: it opens its directory for each file, and refuses one that was put in
// its place.
type Tree struct {
	dir string
	is  fs.FileInfo
}

// NewTree makes the tree of a directory.
func NewTree(dir string) (*Tree, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	return &Tree{dir, info}, nil
}

var (
	errOutside  = errors.New("a symbolic link is absolute or leads out of the directory that is being read")
	errReplaced = errors.New("the directory that is being read was replaced")
)

// in opens the directory and does something with a name in it.
func (t *Tree) in(op, name string, do func(root *os.Root, local string) error) error {
	local, err := filepath.Localize(name)
	if err == nil {
		err = t.with(func(root *os.Root) error { return do(root, local) })
	}
	return at(op, name, err)
}

func (t *Tree) with(do func(root *os.Root) error) error {
	root, err := os.OpenRoot(t.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	is, err := root.Stat(".")
	switch {
	case err != nil:
		return err
	case !os.SameFile(is, t.is):
		return errReplaced
	}
	return do(root)
}

// at is an error about a name: what went wrong without the words of the system around it.
func at(op, name string, err error) error {
	if err == nil {
		return nil
	}
	var bad *fs.PathError
	if errors.As(err, &bad) {
		err = bad.Err
	}
	if escapes(err) {
		err = errOutside
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}

// escapes reports whether an error of os.Root is about a path that leaves it. The package has no
// name for it.
func escapes(err error) bool {
	return err != nil && strings.Contains(err.Error(), "path escapes from parent")
}

// Open opens a regular file or a directory.
func (t *Tree) Open(name string) (fs.File, error) {
	var f *os.File
	err := t.in("open", name, func(root *os.Root, local string) (err error) {
		// A device may act on being opened, so this looks before it opens. What counts is what has
		// been opened.
		info, err := root.Stat(local)
		if err == nil {
			err = fileOrDir(info)
		}
		if err != nil {
			return err
		}
		if f, err = root.OpenFile(local, os.O_RDONLY|withoutWaiting, 0); err != nil {
			return err
		}
		if info, err = f.Stat(); err == nil {
			err = fileOrDir(info)
		}
		if err != nil {
			f.Close()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Stat describes what a name stands for, at the end of all links.
func (t *Tree) Stat(name string) (info fs.FileInfo, err error) {
	err = t.in("stat", name, func(root *os.Root, local string) (err error) {
		info, err = root.Stat(local)
		return err
	})
	return info, err
}

// ReadDir lists a directory by name, unless it is enormous.
func (t *Tree) ReadDir(name string) ([]fs.DirEntry, error) {
	f, err := t.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	entries, err := f.(*os.File).ReadDir(maxEntries + 1)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, at("readdir", name, err)
	case len(entries) > maxEntries:
		return nil, at("readdir", name, errCrowded)
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}

func fileOrDir(info fs.FileInfo) error {
	if info.IsDir() {
		return nil
	}
	return regular(info)
}

// regular names what is no regular file.
func regular(info fs.FileInfo) error {
	mode := info.Mode()
	switch {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		return errors.New("it is a directory, not a file")
	case mode&fs.ModeNamedPipe != 0:
		return errors.New("it is a pipe, not a regular file")
	case mode&fs.ModeSocket != 0:
		return errors.New("it is a socket, not a regular file")
	case mode&fs.ModeDevice != 0:
		return errors.New("it is a device, not a regular file")
	}
	return errors.New("it is not a regular file")
}
