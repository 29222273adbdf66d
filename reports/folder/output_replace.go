package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// The parts of the old report are moved to the first of these folders of the hidden directory; when
// all are there, it is called the second, and the new parts are moved out. So the name says what is
// to be done when a process was killed meanwhile.
const (
	leaving = "old"
	left    = "replaced"
)

// replace renames the parts into place, and takes all of it back when one cannot be.
func (o *Output) replace() error {
	var undo []func()
	move := func(from, to string) error {
		if err := os.Rename(from, to); err != nil {
			return err
		}
		undo = append(undo, func() { os.Rename(to, from) })
		return nil
	}
	in := func(folder, name string) string { return filepath.Join(o.staging, folder, name) }
	err := os.Mkdir(in(leaving, ""), 0o755)
	for _, name := range parts() {
		if err == nil {
			err = unlessAbsent(move(filepath.Join(o.dir, name), in(leaving, name)))
		}
	}
	if err == nil {
		err = move(in(leaving, ""), in(left, ""))
	}
	for _, name := range parts() {
		if err == nil {
			err = move(in("", name), filepath.Join(o.dir, name))
			if drawn[name] != nil {
				err = unlessAbsent(err)
			}
		}
	}
	if err != nil {
		for _, back := range slices.Backward(undo) {
			back()
		}
	}
	return err
}

// mend ends what a process did that was killed in replace: it puts the old parts back, or the rest
// of the new ones in place.
func (o *Output) mend(hidden string) {
	from := filepath.Join(hidden, leaving)
	if _, err := os.Lstat(filepath.Join(hidden, left)); err == nil {
		from = hidden
	}
	for _, name := range parts() {
		if _, err := os.Lstat(filepath.Join(o.dir, name)); errors.Is(err, fs.ErrNotExist) {
			os.Rename(filepath.Join(from, name), filepath.Join(o.dir, name)) // most parts are where they belong
		}
	}
}

// unlessAbsent forgives that there is no such part.
func unlessAbsent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
