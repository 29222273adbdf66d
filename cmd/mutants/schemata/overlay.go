package schemata

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Variable is the environment variable with the number of the version that a process runs, from 1;
// without it the process runs the package as it is.
const Variable = "LOCKPROOF_SCHEMATA"

// A Version is some files of a package, by their paths, with changes.
type Version map[string][]byte

// Overlay writes an overlay for `go build -overlay` with all versions of the package in pkg to the
// directory dir, and returns its file. The n-th version has the number n+1. Versions that change
// more than the bodies of functions cannot be built together with others: their places in the list
// are returned, and no process runs them.
func Overlay(dir, pkg string, versions []Version) (overlay string, left []int, err error) {
	files := map[string]*file{}
	for n, v := range versions {
		var changes []change
		whole := true
		for path, text := range v {
			if files[path] == nil {
				if files[path], err = read(path); err != nil {
					return "", nil, err
				}
			}
			cs, ok, err := files[path].compare(text)
			if err != nil {
				return "", nil, fmt.Errorf("version %d: %w", n+1, err)
			}
			changes, whole = append(changes, cs...), whole && ok
		}
		if !whole {
			left = append(left, n)
			continue
		}
		for _, c := range changes {
			c.original.versions = append(c.original.versions, variant{n + 1, c.text})
		}
	}
	replace := map[string]string{}
	write := func(path string, text []byte) error {
		to := filepath.Join(dir, strconv.Itoa(len(replace))+".go")
		replace[path] = to
		return os.WriteFile(to, text, 0o600)
	}
	name := ""
	for path, f := range files {
		name = f.ast.Name.Name
		if err := write(path, f.text()); err != nil {
			return "", nil, err
		}
	}
	abs, err := filepath.Abs(pkg)
	if err != nil {
		return "", nil, err
	}
	if err := write(filepath.Join(abs, "schemata.go"), chooser(name, len(versions))); err != nil {
		return "", nil, err
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", nil, err
	}
	overlay = filepath.Join(dir, "overlay.json")
	return overlay, left, os.WriteFile(overlay, list, 0o600)
}

// chooser is the file that knows which version a process runs.
func chooser(pkg string, versions int) []byte {
	return fmt.Appendf(nil, `package %s

import (
	"os"
	"strconv"
)

var schemataVersion = func() int {
	text := os.Getenv(%q)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > %d {
		panic("there is no version " + text)
	}
	return n
}()
`, pkg, Variable, versions)
}

// A file is a file of the package as it is.
type file struct {
	source    []byte
	fset      *token.FileSet
	ast       *ast.File
	functions map[string]*function
}

// A function is one with the versions that there are of it.
type function struct {
	decl     *ast.FuncDecl
	versions []variant
}

type variant struct {
	number int
	text   string // of the function, under its new name
}

type change struct {
	original *function
	text     string
}

func read(path string) (*file, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parse(path, source)
}

func parse(path string, source []byte) (*file, error) {
	f := &file{source: source, fset: token.NewFileSet(), functions: map[string]*function{}}
	var err error
	f.ast, err = parser.ParseFile(f.fset, path, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, d := range f.ast.Decls {
		if d, ok := d.(*ast.FuncDecl); ok {
			f.functions[f.key(d)] = &function{decl: d}
		}
	}
	return f, nil
}

// key tells functions of a package apart.
func (f *file) key(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return d.Name.Name
	}
	return f.span(d.Recv.List[0].Type) + "." + d.Name.Name
}

func (f *file) offset(p token.Pos) int { return f.fset.PositionFor(p, false).Offset }

func (f *file) span(n ast.Node) string { return string(f.source[f.offset(n.Pos()):f.offset(n.End())]) }

// outside is the file without the bodies of its functions and without comments.
func (f *file) outside() []string {
	var all []string
	for _, d := range f.ast.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
			all = append(all, string(f.source[f.offset(fn.Type.Pos()):f.offset(fn.Body.Pos())]))
			continue
		}
		all = append(all, f.span(d))
	}
	return all
}

// compare finds the functions that a changed text of the file changes; ok is false if it changes
// something else, too.
func (f *file) compare(text []byte) (changes []change, ok bool, err error) {
	x, err := parse("changed", text)
	if err != nil {
		return nil, false, err
	}
	if !slices.Equal(f.outside(), x.outside()) {
		return nil, false, nil
	}
	for key, changed := range x.functions {
		original := f.functions[key]
		if original == nil || original.decl.Name.Name == "init" {
			return nil, false, nil
		}
		if was, is := f.span(original.decl), x.span(changed.decl); was != is {
			changes = append(changes, change{original, x.renamed(changed.decl)})
		}
	}
	return changes, true, nil
}

// mark stands in a function's text where its number goes.
const mark = "\x00"

// renamed is the text of a function under another name, whose end is not known yet.
func (f *file) renamed(d *ast.FuncDecl) string {
	start, name := f.offset(d.Type.Pos()), f.offset(d.Name.End())
	return string(f.source[start:name]) + mark + string(f.source[name:f.offset(d.End())])
}

// An insertion is text that comes before an offset of the original, in place of so many bytes.
type insertion struct {
	at, skip int
	text     string
}

// text is the file with all versions of its functions.
func (f *file) text() []byte {
	var all []insertion
	var more bytes.Buffer
	for _, d := range f.ast.Decls {
		d, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		fn := f.functions[f.key(d)]
		if len(fn.versions) == 0 {
			continue
		}
		all = append(all, f.dispatch(fn)...)
		for _, v := range fn.versions {
			more.WriteString("\n" + strings.Replace(v.text, mark, suffix(v.number), 1) + "\n")
		}
	}
	slices.SortStableFunc(all, func(x, y insertion) int { return x.at - y.at })
	var out bytes.Buffer
	from := 0
	for _, i := range all {
		out.Write(f.source[from:i.at])
		out.WriteString(i.text)
		from = i.at + i.skip
	}
	out.Write(f.source[from:])
	out.Write(more.Bytes())
	return out.Bytes()
}

func suffix(number int) string { return "Version" + strconv.Itoa(number) }

// dispatch hands over to the versions of a function at its beginning, and names what it is given.
func (f *file) dispatch(fn *function) []insertion {
	d := fn.decl
	var edits []insertion
	unnamed := 0
	named := func(fields *ast.FieldList) (names []string) {
		for _, field := range fields.List {
			dots := ""
			if _, ok := field.Type.(*ast.Ellipsis); ok {
				dots = "..."
			}
			if len(field.Names) == 0 {
				unnamed++
				name := "schemataGiven" + strconv.Itoa(unnamed)
				edits = append(edits, insertion{f.offset(field.Type.Pos()), 0, name + " "})
				names = append(names, name+dots)
			}
			for _, n := range field.Names {
				name := n.Name
				if name == "_" {
					unnamed++
					name = "schemataGiven" + strconv.Itoa(unnamed)
					edits = append(edits, insertion{f.offset(n.Pos()), 1, name})
				}
				names = append(names, name+dots)
			}
		}
		return names
	}
	call := d.Name.Name + mark
	if d.Recv != nil {
		call = named(d.Recv)[0] + "." + call
	}
	if d.Type.TypeParams != nil {
		var types []string
		for _, field := range d.Type.TypeParams.List {
			for _, n := range field.Names {
				types = append(types, n.Name)
			}
		}
		call += "[" + strings.Join(types, ", ") + "]"
	}
	call += "(" + strings.Join(named(d.Type.Params), ", ") + ")"
	if d.Type.Results == nil {
		call += "\n\t\treturn"
	} else {
		call = "return " + call
	}
	text := "\n\tswitch schemataVersion {\n"
	for _, v := range fn.versions {
		text += fmt.Sprintf("\tcase %d:\n\t\t%s\n", v.number, strings.Replace(call, mark, suffix(v.number), 1))
	}
	return append(edits, insertion{f.offset(d.Body.Lbrace) + 1, 0, text + "\t}\n"})
}
