package scenarios

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"

	"github.com/lockproof/lockproof/csource/files"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// Load reads suites: each path is a suite file, or a directory with all *.yaml files below it
// (hidden directories are skipped). The error is of type [syntax.Diagnostics].
//
// A suite may read C files anywhere in its repository, which is the nearest directory above it that
// holds .git, or, where there is none, below the path that was given: its directory, if that is a
// file. [Question.Root] names another directory. No symbolic link leads out of there, not even as
// the path that was given. One that a shell wrote for a descriptor, as in <(command), is read like
// a file that has no C beside it.
func Load(ctx context.Context, paths ...string) ([]*Suite, error) {
	l := loader{ctx: ctx}
	l.paths(paths)
	return l.result()
}

func (l *loader) paths(paths []string) {
	for _, p := range paths {
		if files.IsDescriptor(p) {
			l.descriptor(p)
			continue
		}
		if at, err := l.find(p); err == nil {
			l.load(at)
		} else {
			l.cannotRead(p, err)
		}
	}
}

// LoadFS reads the suite file or the directory of suites at root in a file system. Suites may read
// all of it.
func LoadFS(ctx context.Context, fsys fs.FS, root string) ([]*Suite, error) {
	l := loader{ctx: ctx}
	l.load(location{tree{files: files.NewReader(fsys, l.spends())}, root})
	return l.result()
}

// A loader collects suites and everything wrong with them.
type loader struct {
	ctx    context.Context
	root   string // what suites may read; "": as Load says
	shelf  shelf
	suites []*Suite
	ds     syntax.Diagnostics
	seen   map[string]bool
	trees  map[string]tree // by what they are shown as
	budget *files.Budget
}

// maxTotalBytes bounds all files that suites loaded together read, each counted once.
const maxTotalBytes = 64 << 20

func (l *loader) spends() *files.Budget {
	if l.budget == nil {
		l.budget = files.NewBudget(maxTotalBytes)
	}
	return l.budget
}

// find is the place of a path of the command line.
func (l *loader) find(path string) (location, error) {
	project, err := files.FindProject(path, l.root)
	if err != nil {
		return location{}, err
	}
	key := project.Shown(".")
	t, ok := l.trees[key]
	if !ok {
		fsys, err := files.NewTree(project.Dir)
		if err != nil {
			return location{}, err
		}
		t = tree{files: files.NewReader(fsys, l.spends()), project: project}
		if l.trees == nil {
			l.trees = map[string]tree{}
		}
		l.trees[key] = t
	}
	return location{t, project.Name}, nil
}

func (l *loader) cannotRead(name string, err error) {
	var bad *fs.PathError
	if errors.As(err, &bad) {
		err = bad.Err
	}
	l.ds.Add(model.Pos{File: filepath.ToSlash(name)}, err.Error(), "")
}

func (l *loader) load(at location) {
	info, err := at.tree.files.Stat(at.path)
	if err != nil {
		l.cannotRead(at.name(), err)
		return
	}
	if !info.IsDir() {
		l.file(at)
		return
	}
	found := false
	err = at.tree.files.Walk(at.path, ".yaml", func(p string) {
		found = true
		l.file(location{at.tree, p})
	})
	var bad *fs.PathError
	switch {
	case errors.As(err, &bad):
		l.cannotRead(location{at.tree, bad.Path}.name(), err)
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
	src, err := at.tree.files.Take(l.ctx, at.path, maxYAMLBytes)
	if err != nil {
		l.cannotRead(at.name(), err)
		return
	}
	l.suite(at, src)
}

// descriptor reads what a shell hands over. Nothing lies beside it.
func (l *loader) descriptor(name string) {
	src, err := files.ReadGiven(l.ctx, name, maxYAMLBytes)
	if err != nil {
		l.cannotRead(name, err)
		return
	}
	dir, base := path.Split(name)
	l.suite(location{tree{files: files.NewReader(embed.FS{}, nil), prefix: path.Clean(dir)}, base}, src)
}

func (l *loader) suite(at location, src []byte) {
	yaml := syntax.Source{Name: at.name(), Text: src}
	if ds := foreign(yaml, wantSuite); len(ds) > 0 {
		l.ds.Append(ds)
		return
	}
	s, ds := decodeSuite(l.ctx, at, src)
	ds = aboutForeign(yaml, wantSuite, ds)
	s.shelf = &l.shelf
	l.ds.Append(ds)
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
	if err := l.ctx.Err(); err != nil {
		return nil, fmt.Errorf("reading the suites: %w", context.Cause(l.ctx))
	}
	if err := l.ds.Err(); err != nil {
		return nil, err
	}
	return l.suites, nil
}
