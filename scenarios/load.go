package scenarios

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// Load reads suites: each path is a suite file, or a directory with all *.yaml files below it (hidden directories are skipped).
// The error is of type [syntax.Diagnostics].
//
// A suite named by a path below the working directory may read C files anywhere below the working directory; any other
// only files below the path that was given.
func Load(paths ...string) ([]*Suite, error) {
	var l loader
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			l.cannotRead(p, err)
			continue
		}
		dir, file := p, "."
		switch {
		case filepath.IsLocal(p):
			dir, file = ".", p
		case !info.IsDir():
			dir, file = filepath.Split(p)
		}
		files := tree{os.DirFS(filepath.Clean(dir)), ""}
		if clean := filepath.ToSlash(filepath.Clean(dir)); clean != "." {
			files.prefix = clean
		}
		l.load(location{files, path.Clean(filepath.ToSlash(file))})
	}
	return l.result()
}

// LoadFS reads the suite file or the directory of suites at root in a file system. Suites may read all of it.
func LoadFS(fsys fs.FS, root string) ([]*Suite, error) {
	var l loader
	l.load(location{tree{fsys, ""}, root})
	return l.result()
}

// A loader collects suites and everything wrong with them.
type loader struct {
	suites []*Suite
	ds     syntax.Diagnostics
	seen   map[string]bool
}

func (l *loader) cannotRead(name string, err error) {
	var bad *fs.PathError
	if errors.As(err, &bad) {
		err = bad.Err
	}
	l.ds.Add(model.Pos{File: filepath.ToSlash(name)}, err.Error(), "")
}

func (l *loader) load(at location) {
	info, err := fs.Stat(at.tree.fsys, at.path)
	if err != nil {
		l.cannotRead(at.name(), err)
		return
	}
	if !info.IsDir() {
		l.file(at)
		return
	}
	found := false
	err = fs.WalkDir(at.tree.fsys, at.path, func(p string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && p != at.path && strings.HasPrefix(e.Name(), "."):
			return fs.SkipDir
		case !e.IsDir() && path.Ext(p) == ".yaml":
			found = true
			l.file(location{at.tree, p})
		}
		return nil
	})
	switch {
	case err != nil:
		l.cannotRead(at.name(), err)
	case !found:
		l.ds.Add(model.Pos{File: at.name()}, "no suites: no *.yaml file in this directory or below it", "")
	}
}

func (l *loader) file(at location) {
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	if l.seen[at.name()] {
		return
	}
	l.seen[at.name()] = true
	src, err := fs.ReadFile(at.tree.fsys, at.path)
	if err != nil {
		l.cannotRead(at.name(), err)
		return
	}
	s, ds := decodeSuite(at, src)
	l.ds = append(l.ds, ds...)
	l.suites = append(l.suites, s)
}

// result reports names that two files share.
func (l *loader) result() ([]*Suite, error) {
	first := map[string]*Suite{}
	for _, s := range l.suites {
		if old := first[s.Name]; old != nil && s.Name != "" {
			l.ds.Add(s.Pos, fmt.Sprintf("suite %q is defined twice", s.Name), "first at "+old.Pos.String())
			continue
		}
		first[s.Name] = s
	}
	if err := l.ds.Err(); err != nil {
		return nil, err
	}
	return l.suites, nil
}
