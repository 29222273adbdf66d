package staging

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/lockproof/lockproof/csource/files"
)

// A File is a file to be written, with what will be in it.
type File struct {
	Name string
	Text []byte
}

// Replace writes files that lie in one directory: each as it should be, or all as they were. What a
// link leads to is replaced, not the link; a device or a pipe is written to.
func Replace(files ...File) error {
	for i := range files {
		if err := replaceable(&files[i]); err != nil {
			return fmt.Errorf("writing %s: %w", files[i].Name, err)
		}
	}
	for _, f := range files {
		switch {
		case !special(f.Name):
		case len(files) > 1:
			return fmt.Errorf("writing %s: it is no regular file, and others belong to it", f.Name)
		default:
			return writeTo(f.Name, os.O_WRONLY, f.Text)
		}
	}
	return write(files, false, func(x *putting, made, target string) error {
		if info, err := os.Stat(target); err == nil {
			if err := os.Chmod(made, info.Mode().Perm()); err != nil {
				return err
			}
		}
		return x.replace(made, target)
	})
}

// replaceable follows the links of a name, and finds out whether there is something that may not be
// replaced.
func replaceable(f *File) error {
	if err := files.Inside(f.Name); err != nil {
		return err
	}
	info, err := os.Stat(f.Name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		_, err = os.Stat(filepath.Dir(f.Name))
		return err
	case err != nil:
		return err
	case info.IsDir():
		return errors.New("it is a directory")
	case !info.Mode().IsRegular():
		return nil
	}
	if f.Name, err = filepath.EvalSymlinks(f.Name); err != nil {
		return err
	}
	may, err := os.OpenFile(f.Name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return may.Close()
}

// special reports whether a name stands for something else than a file or directory.
func special(name string) bool {
	info, err := os.Stat(name)
	return err == nil && !info.Mode().IsRegular() && !info.IsDir()
}

// Create writes files that lie in one directory, and makes the directory if need be: all of them or
// none. It overwrites nothing.
func Create(files ...File) error {
	var there []error
	for _, f := range files {
		if _, err := os.Lstat(f.Name); err == nil {
			there = append(there, exists(f.Name))
		}
	}
	if len(there) > 0 {
		return errors.Join(there...)
	}
	return write(files, true, func(x *putting, made, target string) error { return x.create(made, target) })
}

func exists(name string) error { return fmt.Errorf("%s exists already: nothing was written", name) }

// write makes files and lets put take each to its place.
func write(files []File, parents bool, put func(x *putting, made, target string) error) error {
	parent := filepath.Dir(files[0].Name)
	if !parents {
		if _, err := os.Stat(parent); err != nil {
			return fmt.Errorf("writing %s: %w", files[0].Name, err)
		}
	}
	d, err := New(parent, nil)
	if err != nil {
		return fmt.Errorf("writing %s: %w", files[0].Name, err)
	}
	defer d.Close()
	made := func(i int) string { return filepath.Join(d.path, strconv.Itoa(i)) }
	for i, f := range files {
		if err := writeTo(made(i), os.O_WRONLY|os.O_CREATE|os.O_EXCL, f.Text); err != nil {
			if hidden := (*fs.PathError)(nil); errors.As(err, &hidden) {
				err = hidden.Err // whose name says nothing to anybody
			}
			return fmt.Errorf("writing %s: %w", f.Name, err)
		}
	}
	return d.Put(func() error {
		x := &putting{old: filepath.Join(d.path, "old")}
		for i, f := range files {
			if err := put(x, made(i), f.Name); err != nil {
				x.takeBack()
				return fmt.Errorf("writing %s: %w", f.Name, err)
			}
		}
		return nil
	})
}

func writeTo(name string, flags int, text []byte) error {
	f, err := os.OpenFile(name, flags, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// putting is how files are put in place, and back.
type putting struct {
	old  string // what files that are replaced are called meanwhile, with a number
	undo []func()
}

func (x *putting) replace(made, target string) error {
	old := x.old + strconv.Itoa(len(x.undo))
	back := func() { os.Remove(target) }
	if os.Link(target, old) == nil {
		back = func() { os.Rename(old, target) }
	}
	if err := os.Rename(made, target); err != nil {
		return err
	}
	x.undo = append(x.undo, back)
	return nil
}

// create gives a file its name. Where there are no hard links, there is a moment in which another
// process may do so as well.
func (x *putting) create(made, target string) error {
	err := os.Link(made, target)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		if _, there := os.Lstat(target); errors.Is(there, fs.ErrNotExist) {
			err = os.Rename(made, target)
		}
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return exists(target)
	case err == nil:
		x.undo = append(x.undo, func() { os.Remove(target) })
	}
	return err
}

func (x *putting) takeBack() {
	for i := len(x.undo) - 1; i >= 0; i-- {
		x.undo[i]()
	}
}
