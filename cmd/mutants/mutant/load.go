package mutant

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// A Package is a type-checked package, ready to be changed.
type Package struct {
	Root string // the directory of its module
	Dir  string // below the module, with slashes; "." is the module itself
	Path string // what imports it

	files    []*source
	fset     *token.FileSet
	info     *types.Info
	types    *types.Package
	importer types.Importer
	version  string
}

// A source is a file of a package.
type source struct {
	path string // as the go command knows it
	name string // below the module, with slashes
	text []byte
	ast  *ast.File
	bare *ast.File // without the bodies of functions
}

// listed is what `go list` says about a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles, CgoFiles       []string
	DepOnly                 bool
	Module                  *struct{ Dir, GoVersion string }
	Error                   *struct{ Err string }
}

// Load reads and checks the packages that patterns name, for the go command in dir.
func Load(ctx context.Context, dir string, patterns []string) ([]*Package, error) {
	all, err := list(ctx, dir, patterns)
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for _, l := range all {
		exports[l.ImportPath] = l.Export
	}
	fset := token.NewFileSet()
	imports := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(exports[path])
	})
	var packages []*Package
	for _, l := range all {
		if l.DepOnly {
			continue
		}
		p, err := load(l, fset, imports)
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", l.ImportPath, err)
		}
		packages = append(packages, p)
	}
	return packages, nil
}

func list(ctx context.Context, dir string, patterns []string) ([]*listed, error) {
	args := append([]string{"list", "-json", "-export", "-deps", "--"}, patterns...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, strings.TrimSpace(stderr.String()))
	}
	var all []*listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		l := &listed{}
		switch err := d.Decode(l); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("go list: %w", err)
		case l.Error != nil:
			return nil, fmt.Errorf("go list: %s", strings.TrimSpace(l.Error.Err))
		}
		all = append(all, l)
	}
}

func load(l *listed, fset *token.FileSet, imports types.Importer) (*Package, error) {
	switch {
	case l.Module == nil:
		return nil, errors.New("not in a module")
	case len(l.CgoFiles) > 0:
		return nil, errors.New("cgo is not supported")
	}
	dir, err := filepath.Rel(l.Module.Dir, l.Dir)
	if err != nil {
		return nil, err
	}
	p := &Package{
		Root: l.Module.Dir, Dir: filepath.ToSlash(dir), Path: l.ImportPath, fset: fset, importer: imports,
		version: "go" + l.Module.GoVersion,
		info: &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{},
			Defs: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
			Scopes: map[ast.Node]*types.Scope{},
		},
	}
	var asts []*ast.File
	for _, name := range l.GoFiles {
		path := filepath.Join(l.Dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		below := strings.TrimPrefix(filepath.ToSlash(filepath.Join(dir, name)), "./")
		p.files = append(p.files, &source{path: path, name: below, text: text, ast: file, bare: bare(file)})
		asts = append(asts, file)
	}
	p.types, err = p.config().Check(p.Path, fset, asts, p.info)
	return p, err
}

func (p *Package) config() *types.Config {
	return &types.Config{Importer: p.importer, GoVersion: p.version, Sizes: types.SizesFor("gc", runtime.GOARCH)}
}
