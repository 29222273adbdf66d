package files

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// Locate says where a path of a command line is looked for: name below dir, with slashes. A local
// path lies below the working directory, any other below itself or, if it is a file, below its
// directory. A working directory that is the root of the file system is no project that somebody
// checked out, so there a local path is like any other.
func Locate(path string) (dir, name string, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", "", err
	}
	switch {
	case filepath.IsLocal(path) && !atRoot():
		return ".", filepath.ToSlash(filepath.Clean(path)), nil
	case info.IsDir():
		return filepath.Clean(path), ".", nil
	}
	dir, name = filepath.Split(path)
	return filepath.Clean(dir), name, nil
}

// atRoot reports whether the working directory is the root of the file system.
func atRoot() bool {
	wd, err := os.Getwd()
	return err == nil && filepath.Dir(wd) == wd
}

// ReadGiven reads a file that a command line names, of at most limit bytes: the regular file in its
// tree, or what a descriptor of the process holds.
func ReadGiven(ctx context.Context, path string, limit int64) ([]byte, error) {
	if IsDescriptor(path) {
		s, err := Stream(ctx, path)
		if err != nil {
			return nil, err
		}
		defer s.Close()
		text, err := readAll(ctx, s, limit)
		return text, at("read", path, err)
	}
	dir, name, err := Locate(path)
	if err != nil {
		return nil, at("open", path, err)
	}
	tree, err := NewTree(dir)
	if err != nil {
		return nil, at("open", path, err)
	}
	text, err := Read(ctx, tree, name, limit)
	return text, at("open", path, err)
}

var descriptor = regexp.MustCompile(`^/(dev/stdin|(dev|proc/self)/fd/[0-9]+)$`)

// IsDescriptor reports whether a path is one that a shell writes for what it hands over, as in
// <(command) and /dev/stdin. No pattern over a checkout gives such a path, so it is what the user
// means.
func IsDescriptor(path string) bool { return descriptor.MatchString(path) }

// Inside refuses a local path, which need not exist yet, that a symbolic link leads out of the
// working directory: what is written there would land somewhere else. Any other path is what the
// user means.
func Inside(path string) error {
	if !filepath.IsLocal(path) || atRoot() {
		return nil
	}
	root, err := os.OpenRoot(".")
	if err != nil {
		return err
	}
	defer root.Close()
	for p := filepath.Clean(path); p != "."; p = filepath.Dir(p) {
		_, err := root.Stat(p)
		switch {
		case escapes(err):
			return errLinkedOut
		case !errors.Is(err, fs.ErrNotExist):
			return nil // what else is wrong is for who writes to find out
		}
	}
	return nil
}

var errLinkedOut = errors.New("a symbolic link leads out of the working directory: name the place itself")
