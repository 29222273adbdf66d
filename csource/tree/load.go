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
	where := map[string]place{}
	var all []source
	for _, p := range paths {
		found, err := look(ctx, p, where)
		if err != nil {
			return nil, fmt.Errorf("reading a tree: %w", err)
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b source) int { return strings.Compare(a.name, b.name) })
	all = slices.CompactFunc(all, func(a, b source) bool { return a.name == b.name })
	p := &parser{ctx: ctx, given: macros, read: func(s source) ([]byte, error) {
		at := where[s.name]
		text, err := files.Read(ctx, at.tree, at.name, maxFile)
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
	tree *files.Tree
	name string
}

// look lists the C files of a path and notes where they are.
func look(ctx context.Context, given string, where map[string]place) ([]source, error) {
	dir, name, err := files.Locate(given)
	if err != nil {
		return nil, err
	}
	t, err := files.NewTree(dir)
	if err != nil {
		return nil, err
	}
	info, err := t.Stat(name)
	if err != nil {
		return nil, err
	}
	var found []source
	add := func(name string, named bool) {
		s := source{name: path.Join(filepath.ToSlash(dir), name), named: named}
		where[s.name] = place{t, name}
		found = append(found, s)
	}
	if !info.IsDir() {
		add(name, true)
		return found, nil
	}
	r := files.NewReader(t, nil)
	for _, ext := range []string{".c", ".h"} {
		if err := r.Walk(name, ext, func(name string) { add(name, false) }); err != nil {
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
