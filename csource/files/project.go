package files

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// A Project is where a file that a command line names lies, and what it may name in turn: the
// repository in which it stands, or, where there is none, its own directory. So a suite means the
// same from every working directory.
type Project struct {
	Dir        string // what may be read
	Name       string // of the path below Dir, with slashes
	Repository bool   // Dir is one

	absolute bool   // the path is, and so is what is shown
	work     string // the working directory
	found    string // Dir, without links in the working directory
}

// errLinked is about a directory on the way to a file.
var errLinked = errors.New("a symbolic link on the way there leads out of the working directory: name the place itself")

// FindProject says where a path of a command line lies. A root that is not empty is what may be
// read instead of the repository. A repository is the nearest directory above the path that holds
// .git; a home directory and the root of the file system are none, whatever is in them.
//
// A local path is often written by a pattern over a checkout, so no symbolic link may lead out of
// the working directory on the way to it.
func FindProject(path, root string) (*Project, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	p := &Project{absolute: filepath.IsAbs(path)}
	if p.work, err = workingDirectory(); err != nil {
		return nil, err
	}
	there := p.from(path)
	p.found = there
	if !info.IsDir() {
		p.found = filepath.Dir(there)
	}
	if root != "" {
		p.found = p.from(root)
	} else if r := repositoryAbove(p.found); r != "" {
		p.found, p.Repository = r, true
	}
	below, err := filepath.Rel(p.found, there)
	if err != nil || !filepath.IsLocal(below) {
		return nil, fmt.Errorf("it does not lie below --root %s", root)
	}
	p.Name, p.Dir = filepath.ToSlash(below), p.found
	if p.absolute {
		return p, nil
	}
	if p.Dir, err = filepath.Rel(p.work, p.found); err != nil {
		p.Dir, p.absolute = p.found, true
		return p, nil
	}
	if filepath.IsLocal(p.Dir) && !atRoot() {
		if err := Inside(p.Dir); err != nil {
			return nil, errLinked
		}
	}
	return p, nil
}

// Shown is how a file of the project is called, which is as the command line called the first one:
// from the working directory, or by its whole path.
func (p *Project) Shown(name string) string {
	whole := filepath.Join(p.found, filepath.FromSlash(name))
	if !p.absolute {
		if rel, err := filepath.Rel(p.work, whole); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.ToSlash(whole)
}

// from is a path as seen from the root of the file system.
func (p *Project) from(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(p.work, path)
}

// workingDirectory is the one without links: what lies above it is then what ".." leads to.
func workingDirectory() (string, error) {
	wd, err := os.Getwd()
	if err == nil {
		wd, err = filepath.EvalSymlinks(wd)
	}
	return wd, err
}

// repositoryAbove is the nearest repository that holds a directory; "" when none does.
func repositoryAbove(dir string) string {
	home, _ := os.UserHomeDir()
	for parent := filepath.Dir(dir); parent != dir; dir, parent = parent, filepath.Dir(parent) {
		if dir == home {
			continue
		}
		if info, err := os.Lstat(filepath.Join(dir, ".git")); err == nil && (info.IsDir() || info.Mode().IsRegular()) {
			return dir
		}
	}
	return ""
}

// WorkingDirectory is the working directory as seen from the root of the repository in which it
// lies; "" when it is that root, or lies in none.
func WorkingDirectory() string {
	wd, err := workingDirectory()
	if err != nil {
		return ""
	}
	root := repositoryAbove(wd)
	rel, err := filepath.Rel(root, wd)
	if root == "" || err != nil || rel == "." {
		return ""
	}
	return filepath.ToSlash(rel)
}
