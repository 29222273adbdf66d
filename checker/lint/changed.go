package lint

import (
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
)

// A Scope is a set of functions that are asked about; nil is all of them.
type Scope map[*tree.Function]bool

// has reports whether a function is asked about.
func (s Scope) has(f *tree.Function) bool { return s == nil || s[f] }

// Changed says which functions of two trees mean something else than in the other one, whatever the
// functions do that they call: those that differ, those that mention a field or a constant that
// differs, and those that call one that is in one tree alone. What differs in other types or in
// locks, and is not only more of them, may concern anybody: then it is all.
func Changed(before, after *tree.Tree) (was, is Scope) {
	old := map[string]*tree.File{}
	for _, f := range before.Files {
		old[f.Name] = f
	}
	c := &changes{names: map[string]bool{}, alone: map[string]bool{}, used: map[string]bool{}}
	for _, f := range after.Files {
		o := old[f.Name]
		delete(old, f.Name)
		if o != f && !c.compare(o, f) {
			return nil, nil
		}
	}
	for _, o := range old {
		if !c.compare(o, nil) {
			return nil, nil
		}
	}
	return c.in(before), c.in(after)
}

// changes are names of what differs: functions in the form of nameOf, those of them that are in one
// tree alone, fields and constants.
type changes struct{ names, alone, used map[string]bool }

// compare notes what differs in two files; false when it is something for which any function may be
// concerned. A file that is not there is nil.
func (c *changes) compare(a, b *tree.File) bool {
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
	note := func(f *tree.Function) map[string]bool {
		names := map[string]bool{}
		if f != nil {
			c.names[nameOf(f)] = true
			mentioned(f.Body, names)
		}
		return names
	}
	// A name that is mentioned before and after is no other function for it.
	one := func(was, is map[string]bool) {
		for name := range was {
			if !is[name] {
				c.names[name] = true
			}
		}
	}
	differ := func(f, g *tree.Function) {
		was, is := note(f), note(g)
		one(was, is)
		one(is, was)
	}
	for k, f := range before {
		if g := after[k]; g == nil || !syntax.Alike(f.FuncDef, g.FuncDef) {
			differ(f, g)
			if g == nil {
				c.alone[nameOf(f)] = true
			}
		}
	}
	for k, g := range after {
		if before[k] == nil {
			differ(nil, g)
			c.alone[nameOf(g)] = true
		}
	}
	return keeps(declared, declares, c.names, c.used)
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

// keeps reports whether all that declarations say of types is said by others as well, but for
// fields. The names in variables that differ are noted, and those of fields, of constants and of
// variables of another type.
func keeps(before, after []syntax.Decl, changed, used map[string]bool) bool {
	was, is := factsOf(before), factsOf(after)
	for name, v := range was.variables {
		if w := is.variables[name]; w == nil || !syntax.Alike(v, w) {
			mentioned(v, changed)
			if w != nil {
				mentioned(w, changed)
				used[name] = used[name] || !syntax.Alike(v.Type, w.Type)
			}
		}
	}
	for name, w := range is.variables {
		if was.variables[name] == nil {
			mentioned(w, changed)
		}
	}
	return was.differ(is, used) && is.differ(was, used)
}

// differ notes the fields and constants that others say otherwise or not at all; false when another
// type differs, or a field in which a lock lies: that concerns who never mentions it.
func (f facts) differ(g facts, used map[string]bool) bool {
	for name, t := range f.types {
		if u, ok := g.types[name]; ok && syntax.Alike(t, u) {
			continue
		}
		dot := strings.LastIndexByte(name, '.')
		if _, ok := g.types[name]; dot < 0 && ok {
			return false
		}
		if dot >= 0 && locks.MatchString(syntax.FormatDecl(t, "")) {
			return false
		}
		used[name[dot+1:]] = true
	}
	for name, v := range f.constants {
		if w, ok := g.constants[name]; !ok || w != v {
			used[name] = true
		}
	}
	return true
}

// locks is what the types of fields are called in which a lock lies.
var locks = regexp.MustCompile(`(?i)mutex|lock`)

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

// in are the functions of a tree that are meant.
func (c *changes) in(t *tree.Tree) Scope {
	found := make([][]*tree.Function, len(t.Files))
	var wg sync.WaitGroup
	var next atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(t.Files); i = int(next.Add(1)) - 1 {
				for _, f := range t.Files[i].Functions {
					if c.means(f) {
						found[i] = append(found[i], f)
					}
				}
			}
		})
	}
	wg.Wait()
	s := Scope{}
	for _, list := range found {
		for _, f := range list {
			s[f] = true
		}
	}
	return s
}

// means reports whether a function has one of the names, calls one that is in one tree alone, or
// uses a field or a constant that differs.
func (c *changes) means(f *tree.Function) bool {
	if c.names[f.Name] || c.names[in(f.File, f.Name)] {
		return true
	}
	if len(c.alone) == 0 && len(c.used) == 0 {
		return false
	}
	found := false
	syntax.Walk(f.Body, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Member:
			found = found || c.used[n.Name]
		case *syntax.Ident:
			found = found || c.used[n.Name]
		case *syntax.Call:
			if id, ok := n.Fun.(*syntax.Ident); ok && len(c.alone) > 0 {
				found = found || c.alone[id.Name] || c.alone[in(f.File, id.Name)]
			}
		}
		return !found
	})
	return found
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
