package lint

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
)

// A Scope is a set of functions that are asked about; nil is all of them.
type Scope map[*tree.Function]bool

// has reports whether a function is asked about.
func (s Scope) has(f *tree.Function) bool { return s == nil || s[f] }

// Affected says about which functions of two trees a change may have anything to say: those that
// differ, those that are mentioned where that differs, and all that call one of these. What differs
// in types, constants or macros, and is not only more of them, may concern anybody: then it is all.
func Affected(before, after *tree.Tree) (was, is Scope) {
	old := map[string]*tree.File{}
	for _, f := range before.Files {
		old[f.Name] = f
	}
	changed := map[string]bool{}
	for _, f := range after.Files {
		o := old[f.Name]
		delete(old, f.Name)
		if o == f {
			continue
		}
		if !compareFiles(o, f, changed) {
			return nil, nil
		}
	}
	for _, o := range old {
		if !compareFiles(o, nil, changed) {
			return nil, nil
		}
	}
	return reach(before, changed), reach(after, changed)
}

// compareFiles notes the names of functions that differ; false when something else does, so that
// any function may be concerned. A file that is not there is nil.
func compareFiles(a, b *tree.File, changed map[string]bool) bool {
	type key struct {
		name string
		arm  int
		nth  int
	}
	list := func(f *tree.File) (map[key]*tree.Function, []syntax.Decl) {
		all := map[key]*tree.Function{}
		if f == nil {
			return all, nil
		}
		for _, fn := range f.Functions {
			k := key{fn.Name, fn.Arm, 0}
			for all[k] != nil {
				k.nth++
			}
			all[k] = fn
		}
		return all, f.Syntax.Decls
	}
	before, declared := list(a)
	after, declares := list(b)
	note := func(f *tree.Function) {
		if f == nil {
			return
		}
		changed[nameOf(f)] = true
		mentioned(f.Body, changed)
	}
	for k, f := range before {
		if g := after[k]; g == nil || !syntax.Alike(f.FuncDef, g.FuncDef) {
			note(f)
			note(g)
		}
	}
	for k, g := range after {
		if before[k] == nil {
			note(g)
		}
	}
	return keeps(declared, declares, changed)
}

// nameOf is the name under which a change of a function is noted: a static one is that of its file.
func nameOf(f *tree.Function) string {
	if f.Static() {
		return in(f.File, f.Name)
	}
	return f.Name
}

// in is the name of what only one file sees.
func in(f *tree.File, name string) string { return f.Name + ":" + name }

// mentioned notes the names in a piece of code that are not called there: where a function's
// address goes matters to it.
func mentioned(n syntax.Node, names map[string]bool) {
	syntax.Walk(n, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Call:
			if _, ok := n.Fun.(*syntax.Ident); ok {
				for _, a := range n.Args {
					mentioned(a, names)
				}
				return false
			}
		case *syntax.Ident:
			names[n.Name] = true
		}
		return true
	})
}

// keeps reports whether all that declarations say of types and constants is said by others as well.
// The names in variables that differ are noted.
func keeps(before, after []syntax.Decl, changed map[string]bool) bool {
	was, is := factsOf(before), factsOf(after)
	for name, v := range was.variables {
		if w := is.variables[name]; w == nil || !syntax.Alike(v, w) {
			mentioned(v, changed)
			if w != nil {
				mentioned(w, changed)
			}
		}
	}
	for name, w := range is.variables {
		if was.variables[name] == nil {
			mentioned(w, changed)
		}
	}
	for name, t := range was.types {
		if u, ok := is.types[name]; !ok || !syntax.Alike(t, u) {
			return false
		}
	}
	for name, v := range was.constants {
		if w, ok := is.constants[name]; !ok || w != v {
			return false
		}
	}
	return true
}

// facts are what a file says beside its functions.
type facts struct {
	variables map[string]*syntax.VarDecl
	types     map[string]syntax.Type // typedefs and fields, by struct.field
	constants map[string]syntax.Enumerator
}

func factsOf(decls []syntax.Decl) facts {
	f := facts{map[string]*syntax.VarDecl{}, map[string]syntax.Type{}, map[string]syntax.Enumerator{}}
	for _, d := range decls {
		switch d := d.(type) {
		case *syntax.VarDecl:
			f.variables[d.Name] = d
			f.add("", d.Type)
		case *syntax.TypedefDecl:
			f.types["typedef "+d.Name] = f.add(d.Name, d.Type)
		case *syntax.StructDecl:
			f.add("", d.Type)
		case *syntax.EnumDecl:
			f.add("", d.Type)
		}
	}
	return f
}

// add notes the fields and enumerators in a type, and returns the type without them.
func (f facts) add(name string, t syntax.Type) syntax.Type {
	switch t := t.(type) {
	case *syntax.StructType:
		if t == nil {
			return nil
		}
		if t.Tag != "" {
			name = "struct " + t.Tag
		}
		for _, field := range t.Fields {
			f.types[name+"."+field.Name] = f.add(name+"."+field.Name, field.Type)
		}
		bare := *t
		bare.Fields, bare.Asserts = nil, nil
		return &bare
	case *syntax.EnumType:
		if t == nil {
			return nil
		}
		for _, e := range t.Enumerators {
			f.constants[e.Name] = syntax.Enumerator{Value: e.Value, Known: e.Known}
		}
		bare := *t
		bare.Enumerators = nil
		return &bare
	case *syntax.Pointer:
		bare := *t
		bare.Elem = f.add(name, t.Elem)
		return &bare
	case *syntax.Array:
		bare := *t
		bare.Elem = f.add(name, t.Elem)
		return &bare
	}
	return t
}

// reach are the functions of a tree that have one of the names, and all that call one of those.
func reach(t *tree.Tree, names map[string]bool) Scope {
	callers := map[string][]*tree.Function{}
	s := Scope{}
	var todo []*tree.Function
	take := func(f *tree.Function) {
		if !s[f] {
			s[f] = true
			todo = append(todo, f)
		}
	}
	for _, file := range t.Files {
		for _, f := range file.Functions {
			called := map[string]bool{}
			syntax.Walk(f.Body, func(n syntax.Node) bool {
				if c, ok := n.(*syntax.Call); ok {
					if id, ok := c.Fun.(*syntax.Ident); ok && !called[id.Name] {
						called[id.Name] = true
						callers[id.Name] = append(callers[id.Name], f)
						if names[id.Name] || names[in(file, id.Name)] {
							take(f)
						}
					}
				}
				return true
			})
			if names[f.Name] || names[in(file, f.Name)] {
				take(f)
			}
		}
	}
	for len(todo) > 0 {
		f := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, c := range callers[f.Name] {
			if f.Static() && c.File != f.File {
				continue
			}
			take(c)
		}
	}
	return s
}

// keep drops the findings of functions that are not asked about.
func (s Scope) keep(t *tree.Tree, fs []Finding) []Finding {
	if s == nil {
		return fs
	}
	type key struct{ file, name string }
	asked := map[key]bool{}
	for f := range s {
		asked[key{f.File.Name, f.Name}] = true
	}
	return slices.DeleteFunc(fs, func(f Finding) bool { return !asked[key{f.Pos.File, f.Function}] })
}
