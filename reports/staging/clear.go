package staging

import (
	"os"
	"path/filepath"
	"strings"
)

// clear removes the directories of dead processes. What cannot be looked at, or is somebody else's,
// stays.
func clear(parent string, mend func(string)) {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return
	}
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), prefix()) {
			clearOne(filepath.Join(parent, e.Name()), mend)
		}
	}
}

func clearOne(path string, mend func(string)) {
	f, err := os.Open(path)
	if err != nil {
		return
	}
	defer f.Close()
	opened, err := f.Stat()
	if err != nil || !opened.IsDir() || !mine(opened) || !lock(f) {
		return
	}
	named, err := os.Lstat(path) // it may have been put in place meanwhile
	if err != nil || !os.SameFile(opened, named) {
		return
	}
	if mend != nil {
		mend(path)
	}
	os.RemoveAll(path)
}
