package tree

import (
	"github.com/lockproof/lockproof/csource/syntax"
)

// A Tree is a set of parsed files. It does not change once it is made.
type Tree struct {
	Files []*File // in the order of their names
	Left  []Left  // what was not read, in the order of the names
	// named are the functions that other files see, by name, in the order of Files. There is more than
	// one where arms of #if, or several drivers, define the same name.
	named map[string][]*Function
	enums map[string]*syntax.Enumerator
	read  func(source) ([]byte, error)
}

// Marker begins what a comment says to lockproof. Comments with it are in [syntax.File.Comments] of
// each file, others are not.
const Marker = "lockproof:"

// A Left is a file that a tree does not have, though it is named like C.
type Left struct {
	Name string
	Why  string // a few words
}

// A File is one source with what it defines.
type File struct {
	Name        string
	ID          string       // of the blob in a git repository; "" when it is from elsewhere
	Syntax      *syntax.File // with the first arm of each #if that nothing decides
	Diagnostics syntax.Diagnostics
	Functions   []*Function          // in source order; those of further arms follow the first's
	static      map[string]*Function // those that only this file sees
}

// A Function is one definition.
type Function struct {
	*syntax.FuncDef
	File *File
	// Arm says with which arms of undecided conditionals the definition was read: 0 with the first.
	// One of a later arm is there only if it differs from all before it.
	Arm int
}

// Static reports whether only its own file sees the function.
func (f *Function) Static() bool { return f.Storage.Has(syntax.Static) }

// lines is how many the body of a function has.
func (f *Function) lines() int { return f.Body.Rbrace.Line - f.Body.Pos().Line }

// New makes a tree of parsed files.
func New(files []*File) *Tree {
	t := &Tree{Files: files, named: map[string][]*Function{}, enums: map[string]*syntax.Enumerator{}}
	for _, f := range files {
		if f.Functions == nil {
			f.add(f.Syntax, 0)
		}
		for _, fn := range f.Functions {
			if !fn.Static() || isHeader(f.Name) {
				t.named[fn.Name] = append(t.named[fn.Name], fn)
			}
		}
		t.enumerate(f.Syntax.Decls)
	}
	return t
}

// add adds the functions of a file as it was parsed with an arm.
func (f *File) add(parsed *syntax.File, arm int) {
	if f.static == nil {
		f.static = map[string]*Function{}
	}
	for _, d := range parsed.Decls {
		def, ok := d.(*syntax.FuncDef)
		if !ok || arm > 0 && !differs(def, parsed) && f.has(def) {
			continue
		}
		fn := &Function{FuncDef: def, File: f, Arm: arm}
		f.Functions = append(f.Functions, fn)
		if fn.Static() {
			f.static[fn.Name] = fuller(f.static[fn.Name], fn)
		}
	}
}

// has reports whether a function was read with an earlier arm.
func (f *File) has(def *syntax.FuncDef) bool {
	for _, fn := range f.Functions {
		if fn.Name == def.Name && fn.Pos() == def.Pos() {
			return true
		}
	}
	return false
}

// differs reports whether a function has an arm in it.
func differs(def *syntax.FuncDef, parsed *syntax.File) bool {
	for _, p := range parsed.Guessed {
		if p.File == def.Pos().File && p.Line > def.Pos().Line && p.Line < def.Body.Rbrace.Line {
			return true
		}
	}
	return false
}

// fuller is the one of two definitions of a name that does more, the first when neither does: where
// arms of an #if define a function, all but one are stubs for systems that have no such thing.
func fuller(a, b *Function) *Function {
	if a == nil || b.lines() > a.lines() {
		return b
	}
	return a
}

// Find returns the function that a name means in a file: its own, else one that all files see, as
// they see what headers define. Of several it is the longest. It is nil when no file defines one. A
// file of nil sees only static functions of headers.
func (t *Tree) Find(from *File, name string) *Function {
	if from != nil {
		if f := from.static[name]; f != nil {
			return f
		}
	}
	var own, any *Function
	for _, f := range t.named[name] {
		if any = fuller(any, f); f.File == from {
			own = fuller(own, f)
		}
	}
	if own != nil {
		return own
	}
	return any
}

// Text reads a file again. It may have changed since, unless it is from a repository, which must
// still be open.
func (t *Tree) Text(f *File) ([]byte, error) { return t.read(source{name: f.Name, id: f.ID}) }

// Named lists the functions that all files see under a name, in the order of the files.
func (t *Tree) Named(name string) []*Function { return t.named[name] }

// Functions is how many definitions there are.
func (t *Tree) Functions() int {
	n := 0
	for _, f := range t.Files {
		n += len(f.Functions)
	}
	return n
}

// Bad lists the functions that could not be parsed whole.
func (t *Tree) Bad() []*Function {
	var bad []*Function
	for _, f := range t.Files {
		for _, fn := range f.Functions {
			if fn.Bad {
				bad = append(bad, fn)
			}
		}
	}
	return bad
}

// Enumerator returns the value of an enumerator that some file declares; false when none does, when
// its value is not known, or when two files give it different ones.
func (t *Tree) Enumerator(name string) (int64, bool) {
	e := t.enums[name]
	if e == nil || !e.Known {
		return 0, false
	}
	return e.Value, true
}

// enumerate notes the enumerators of declarations.
func (t *Tree) enumerate(decls []syntax.Decl) {
	for _, d := range decls {
		var typ syntax.Type
		switch d := d.(type) {
		case *syntax.EnumDecl:
			typ = d.Type
		case *syntax.TypedefDecl:
			typ = d.Type
		case *syntax.VarDecl:
			typ = d.Type
		case *syntax.StructDecl:
			typ = d.Type
		}
		if typ == nil {
			continue
		}
		syntax.Walk(typ, func(n syntax.Node) bool {
			if enum, ok := n.(*syntax.EnumType); ok {
				for _, e := range enum.Enumerators {
					t.enumerator(e)
				}
			}
			return true
		})
	}
}

func (t *Tree) enumerator(e *syntax.Enumerator) {
	old := t.enums[e.Name]
	switch {
	case old == nil:
		t.enums[e.Name] = e
	case old.Known && (!e.Known || old.Value != e.Value):
		t.enums[e.Name] = &syntax.Enumerator{At: e.At, Name: e.Name}
	}
}
