package tree

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/lockproof/lockproof/csource/syntax"
)

// Load reads the C files at and below the paths, headers included.
func Load(ctx context.Context, paths ...string) (*Tree, error) {
	var names []string
	for _, root := range paths {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if e.Type().IsRegular() && (path == root || isC(path)) {
				names = append(names, path)
			}
			return ctx.Err()
		})
		if err != nil {
			return nil, fmt.Errorf("reading a tree: %w", err)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return Parse(ctx, names, os.ReadFile)
}

// isC reports whether a file is C by its name.
func isC(name string) bool { return strings.HasSuffix(name, ".c") || strings.HasSuffix(name, ".h") }

// Parse reads the named files with read, several at a time, and makes a tree of them.
func Parse(ctx context.Context, names []string, read func(name string) ([]byte, error)) (*Tree, error) {
	files := make([]*File, len(names))
	errs := make([]error, len(names))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), max(1, len(names))) {
		wg.Go(func() {
			for i := range next {
				files[i], errs[i] = parseFile(ctx, names[i], read)
			}
		})
	}
	for i := range names {
		next <- i
	}
	close(next)
	wg.Wait()
	if err := cmp.Or(append(errs, ctx.Err())...); err != nil {
		return nil, err
	}
	return New(files), nil
}

func parseFile(ctx context.Context, name string, read func(name string) ([]byte, error)) (*File, error) {
	text, err := read(name)
	if err != nil {
		return nil, fmt.Errorf("reading a tree: %w", err)
	}
	p := syntax.NewParser(ctx, syntax.Options{Mode: syntax.Tolerant})
	f := p.Parse(syntax.Source{Name: name, Text: text})
	if err := p.Err(); err != nil {
		return nil, fmt.Errorf("parsing %s: %w", name, err)
	}
	return &File{Name: name, Syntax: f, Diagnostics: p.Diagnostics()}, nil
}
