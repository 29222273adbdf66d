package tree

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/files"
	"github.com/lockproof/lockproof/csource/syntax"
)

// Load reads the C files at and below the paths, headers included. A path that is no directory is
// read whatever its name is, and an error when it cannot be.
func Load(ctx context.Context, paths ...string) (*Tree, error) {
	return LoadWith(ctx, nil, paths...)
}

// LoadWith is [Load] with macros that are known in every file, be they defined there or not.
func LoadWith(ctx context.Context, macros []syntax.Macro, paths ...string) (*Tree, error) {
	var roots []Root
	for _, p := range paths {
		r, err := locate(p)
		if err != nil {
			return nil, fmt.Errorf("reading a tree: %w", err)
		}
		roots = append(roots, r)
	}
	return below(ctx, macros, roots)
}

// A Root is a file, or a directory with files, that may be read.
type Root struct {
	Files *files.Reader
	Path  string
	Name  func(path string) string // how positions call a file of the reader
}

// Below is [Load] of what somebody may read.
func Below(ctx context.Context, roots ...Root) (*Tree, error) { return below(ctx, nil, roots) }

func below(ctx context.Context, macros []syntax.Macro, roots []Root) (*Tree, error) {
	where := map[string]place{}
	var all []source
	for _, r := range roots {
		found, err := look(ctx, r, where)
		if err != nil {
			return nil, fmt.Errorf("reading a tree: %w", err)
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b source) int { return strings.Compare(a.name, b.name) })
	all = slices.CompactFunc(all, func(a, b source) bool { return a.name == b.name })
	p := &parser{ctx: ctx, given: macros, read: func(s source) ([]byte, error) {
		at := where[s.name]
		text, err := at.files.Take(ctx, at.path, maxFile)
		var bad *fs.PathError
		if errors.As(err, &bad) && !s.named {
			err = leftError(bad.Err.Error())
		}
		return text, err
	}}
	return p.tree(all)
}

// A place is where a file lies.
type place struct {
	files *files.Reader
	path  string
}

// locate is where a path of a command line lies.
func locate(given string) (Root, error) {
	dir, name, err := files.Locate(given)
	if err != nil {
		return Root{}, err
	}
	t, err := files.NewTree(dir)
	if err != nil {
		return Root{}, err
	}
	shown := func(p string) string { return path.Join(filepath.ToSlash(dir), p) }
	return Root{files.NewReader(t, nil), name, shown}, nil
}

// look lists the C files of a root and notes where they are.
func look(ctx context.Context, r Root, where map[string]place) ([]source, error) {
	info, err := r.Files.Stat(r.Path)
	if err != nil {
		return nil, err
	}
	var found []source
	add := func(path string, named bool) {
		s := source{name: r.Name(path), named: named}
		where[s.name] = place{r.Files, path}
		found = append(found, s)
	}
	if !info.IsDir() {
		add(r.Path, true)
		return found, nil
	}
	for _, ext := range []string{".c", ".h"} {
		if err := r.Files.Walk(r.Path, ext, func(path string) { add(path, false) }); err != nil {
			return nil, err
		}
	}
	return found, ctx.Err()
}

// A leftError says why a file is left out.
type leftError string

func (e leftError) Error() string { return string(e) }

// A fatalError is about the tree and not about a file.
type fatalError string

func (e fatalError) Error() string { return string(e) }

func fatal(err error) bool {
	var f fatalError
	return errors.As(err, &f)
}

// why is the reason of an error about a file, without the file's name.
func why(err error) string {
	var l leftError
	var bad *fs.PathError
	switch {
	case errors.As(err, &l):
		return string(l)
	case errors.As(err, &bad):
		return bad.Err.Error()
	}
	return err.Error()
}
