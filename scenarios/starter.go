package scenarios

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

//go:embed starter
var starterFiles embed.FS

// WriteStarter puts a small, commented suite and its C into a directory, which it makes if need be, and returns the files'
// paths. It overwrites nothing: when one of the files is there already, none is written.
func WriteStarter(dir string) ([]string, error) {
	entries, err := starterFiles.ReadDir("starter")
	if err != nil {
		return nil, err
	}
	var there []error
	var paths []string
	for _, e := range entries {
		p := filepath.Join(dir, e.Name())
		if _, err := os.Lstat(p); !errors.Is(err, fs.ErrNotExist) {
			there = append(there, fmt.Errorf("%s exists already: nothing was written", p))
		}
		paths = append(paths, p)
	}
	if len(there) > 0 {
		return nil, errors.Join(there...)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	for i, e := range entries {
		text, err := starterFiles.ReadFile("starter/" + e.Name())
		if err == nil {
			err = writeNew(paths[i], text)
		}
		if err != nil {
			return paths[:i], err
		}
	}
	return paths, nil
}

func writeNew(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(text); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
