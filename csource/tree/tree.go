package tree

import "github.com/lockproof/lockproof/csource/syntax"

// A Tree is a set of parsed files. It does not change once it is made.
type Tree struct {
	Files []*File // in the order of their names
	// named are the functions that other files see, by name, in the order of Files. There is more than
	// one where arms of #if, or several drivers, define the same name.
	named map[string][]*Function
}

// A File is one source with what it defines.
type File struct {
	Name        string
	Syntax      *syntax.File
	Diagnostics syntax.Diagnostics
	Functions   []*Function          // in source order
	static      map[string]*Function // those that only this file sees
}

// A Function is one definition.
type Function struct {
	*syntax.FuncDef
	File *File
}

// Static reports whether only its own file sees the function.
func (f *Function) Static() bool { return f.Storage.Has(syntax.Static) }

// New makes a tree of parsed files.
func New(files []*File) *Tree {
	t := &Tree{Files: files, named: map[string][]*Function{}}
	for _, f := range files {
		f.Functions, f.static = nil, map[string]*Function{}
		for _, d := range f.Syntax.Decls {
			def, ok := d.(*syntax.FuncDef)
			if !ok {
				continue
			}
			fn := &Function{FuncDef: def, File: f}
			f.Functions = append(f.Functions, fn)
			if fn.Static() {
				if f.static[def.Name] == nil {
					f.static[def.Name] = fn
				}
			} else {
				t.named[def.Name] = append(t.named[def.Name], fn)
			}
		}
	}
	return t
}

// Find returns the function that a name means in a file: its own, else one that all files see. It is
// nil when no file defines one. A file of nil sees no static function.
func (t *Tree) Find(from *File, name string) *Function {
	if from != nil {
		if f := from.static[name]; f != nil {
			return f
		}
	}
	switch list := t.named[name]; {
	case len(list) == 0:
		return nil
	default:
		for _, f := range list {
			if f.File == from {
				return f
			}
		}
		return list[0]
	}
}

// Functions is how many definitions there are.
func (t *Tree) Functions() int {
	n := 0
	for _, f := range t.Files {
		n += len(f.Functions)
	}
	return n
}
