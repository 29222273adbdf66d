package slice

import (
	"maps"
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
)

// types are what a protocol declares.
type types struct {
	typedefs  map[string]syntax.Type
	structs   map[string]*syntax.StructType
	functions map[string]*syntax.FuncDef
	globals   map[string]syntax.Type
	constants map[string]bool
	single    map[string]string // by struct tag: the only global that was made to point to one
	domain    syntax.Type       // a pointer to the struct that is on a list; nil: there is none
	enums     map[string]bool   // names that the tree gives to enumerations, and the protocol does not have
	made      map[string]bool   // globals that point to an object of their own from the start
	tags      map[string]bool   // of the protocol's enumerations
}

func typesOf(files []*syntax.File) *types {
	t := &types{
		typedefs: map[string]syntax.Type{}, structs: map[string]*syntax.StructType{}, functions: map[string]*syntax.FuncDef{},
		globals: map[string]syntax.Type{}, constants: map[string]bool{}, single: map[string]string{},
		made: map[string]bool{}, tags: map[string]bool{},
	}
	for _, f := range files {
		for _, d := range f.Decls {
			t.declare(d)
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(t.structs)) {
		if s := t.structs[tag]; withAttr(s, "listed") {
			t.domain = &syntax.Pointer{Elem: &syntax.StructType{Tag: tag}}
		}
	}
	many := map[string]bool{}
	for name, typ := range t.globals {
		s := t.pointsTo(typ)
		if s == nil || !t.made[name] {
			continue
		}
		if t.single[s.Tag] != "" {
			many[s.Tag] = true
		}
		t.single[s.Tag] = name
	}
	for tag := range many {
		delete(t.single, tag)
	}
	return t
}

func (t *types) declare(d syntax.Decl) {
	syntax.Walk(d, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.StructType:
			if n.HasBody && n.Tag != "" {
				t.structs[n.Tag] = n
			}
		case *syntax.EnumType:
			t.tags[n.Tag] = t.tags[n.Tag] || n.HasBody
		case *syntax.Enumerator:
			t.constants[n.Name] = true
		case *syntax.Block:
			return false
		}
		return true
	})
	switch d := d.(type) {
	case *syntax.TypedefDecl:
		t.typedefs[d.Name] = d.Type
	case *syntax.VarDecl:
		t.globals[d.Name] = d.Type
		t.made[d.Name] = t.made[d.Name] || syntax.FindAttr(d.Attrs, "new") != nil
	case *syntax.FuncDef:
		t.functions[d.Name] = d
	}
}

// addEnums notes the enumerations that a tree gives a name.
func (t *types) addEnums(tr *tree.Tree) {
	t.enums = map[string]bool{}
	for _, f := range tr.Files {
		for _, d := range f.Syntax.Decls {
			if d, ok := d.(*syntax.TypedefDecl); ok {
				if _, ok := d.Type.(*syntax.EnumType); ok && t.typedefs[d.Name] == nil {
					t.enums[d.Name] = true
				}
			}
		}
	}
}

// written is a type as the slice writes it: it does not have the enumerations of the tree.
func (t *types) written(typ syntax.Type) syntax.Type {
	switch n := typ.(type) {
	case *syntax.TypeName:
		if t.enums[n.Name] {
			return t.plain(typ)
		}
	case *syntax.EnumType:
		if !t.tags[n.Tag] {
			return &syntax.Basic{At: n.At, Name: "int"}
		}
	}
	return typ
}

// plain is a type without the names that the protocol gives it. It is nil where the protocol does
// not have a name.
func (t *types) plain(typ syntax.Type) syntax.Type {
	for range 100 {
		switch x := typ.(type) {
		case *syntax.TypeName:
			next, ok := t.typedefs[x.Name]
			switch {
			case ok:
				typ = next
			case t.enums[x.Name]:
				return &syntax.Basic{At: x.At, Name: "int"}
			default:
				return builtin[x.Name]
			}
		case *syntax.Atomic:
			typ = x.Elem
		default:
			return typ
		}
	}
	return nil
}

// builtin are the names of C and GLib for numbers.
var builtin = map[string]syntax.Type{}

func init() {
	for _, name := range []string{
		"size_t", "ssize_t", "gint", "guint", "gboolean", "int32_t", "uint32_t", "int64_t", "uint64_t", "gsize", "gssize",
	} {
		builtin[name] = &syntax.Basic{Name: "int"}
	}
	builtin["bool"] = &syntax.Basic{Name: "_Bool"}
}

// structOf is the protocol's struct that a type is, nil where it is none.
func (t *types) structOf(typ syntax.Type) *syntax.StructType {
	s, ok := t.plain(typ).(*syntax.StructType)
	if !ok {
		return nil
	}
	if s.Tag == "" && s.HasBody {
		return s
	}
	return t.structs[s.Tag]
}

// pointsTo is the protocol's struct to which a type points, nil where it points to none.
func (t *types) pointsTo(typ syntax.Type) *syntax.StructType {
	if typ == nil {
		return nil
	}
	if p, ok := t.plain(typ).(*syntax.Pointer); ok {
		return t.structOf(p.Elem)
	}
	return nil
}

// field is the type of a field of a struct, nil where there is none.
func (t *types) field(s *syntax.StructType, name string) syntax.Type {
	for _, f := range s.Fields {
		if f.Name == name {
			return f.Type
		}
		if f.Name == "" {
			if inner := t.structOf(f.Type); inner != nil {
				if typ := t.field(inner, name); typ != nil {
					return typ
				}
			}
		}
	}
	return nil
}

// isObject reports whether a type points to objects of the protocol, or to such pointers.
func (t *types) isObject(typ syntax.Type) bool {
	if t.pointsTo(typ) != nil {
		return true
	}
	p, ok := t.plain(typ).(*syntax.Pointer)
	return ok && t.pointsTo(p.Elem) != nil
}

// hasState reports whether an object of a type is one that threads can be given: it has a lock, a
// counter or a list, or names an object that has. A handle that only leads to the one driver is
// none.
func (t *types) hasState(typ syntax.Type) bool {
	s := t.pointsTo(typ)
	if s == nil {
		if p, ok := t.plain(typ).(*syntax.Pointer); ok {
			s = t.pointsTo(p.Elem)
		}
	}
	return s != nil && t.stateful(s, map[*syntax.StructType]bool{})
}

// isObjectItself reports whether a struct is shared state that others tell apart by its address,
// and no handle that names some, and no data.
func (t *types) isObjectItself(s *syntax.StructType) bool {
	for _, f := range s.Fields {
		for _, name := range []string{"refcount", "listed", "owner"} {
			if syntax.FindAttr(f.Attrs, name) != nil {
				return true
			}
		}
		if inner := t.structOf(f.Type); inner != nil && t.isObjectItself(inner) {
			return true
		}
		if name, ok := f.Type.(*syntax.TypeName); ok && (name.Name == "virMutex" || name.Name == "virCond") {
			return true
		}
	}
	return false
}

// hasLock reports whether an object, or a part of it, has a mutex: what virObjectLock takes.
func (t *types) hasLock(s *syntax.StructType) bool {
	return slices.ContainsFunc(s.Fields, func(d *syntax.Field) bool {
		name, ok := d.Type.(*syntax.TypeName)
		inner := t.structOf(d.Type)
		return ok && name.Name == "virMutex" || inner != nil && t.hasLock(inner)
	})
}

// isPointer reports whether a type is a pointer.
func (t *types) isPointer(typ syntax.Type) bool {
	_, ok := t.plain(typ).(*syntax.Pointer)
	return ok
}

func (t *types) stateful(s *syntax.StructType, seen map[*syntax.StructType]bool) bool {
	if seen[s] {
		return false
	}
	seen[s] = true
	for _, f := range s.Fields {
		if t.isNumber(f.Type) || len(f.Attrs) > 0 && syntax.FindAttr(f.Attrs, "init") == nil &&
			syntax.FindAttr(f.Attrs, "new") == nil {
			return true
		}
		if inner := t.structOf(f.Type); inner != nil && t.stateful(inner, seen) {
			return true
		}
		if inner := t.pointsTo(f.Type); inner != nil && t.single[inner.Tag] == "" && t.stateful(inner, seen) {
			return true
		}
		if name, ok := f.Type.(*syntax.TypeName); ok && (name.Name == "virMutex" || name.Name == "virCond") {
			return true
		}
	}
	return false
}

// isDomain reports whether a type points to objects that are on a list, or to handles of them: what
// has a lock or a counter of its own, as a monitor, is none.
func (t *types) isDomain(typ syntax.Type) bool {
	s := t.pointsTo(typ)
	if s == nil {
		return false
	}
	for _, f := range s.Fields {
		if syntax.FindAttr(f.Attrs, "listed") != nil ||
			syntax.FindAttr(f.Attrs, "subject") != nil && !t.isObjectItself(s) {
			return true
		}
	}
	return false
}

// way is an expression that leads from an object to one of another type, over objects that were
// made with it; nil where none does.
func (t *types) way(at syntax.At, x syntax.Expr, from, to *syntax.StructType, most int) syntax.Expr {
	if from == to {
		return x
	}
	if most == 0 {
		return nil
	}
	for _, f := range from.Fields {
		made := syntax.FindAttr(f.Attrs, "new")
		if made == nil {
			continue
		}
		next := t.pointsTo(f.Type)
		var e syntax.Expr = &syntax.Member{At: at, X: x, Arrow: true, Name: f.Name, NamePos: at.Start}
		if len(made.Args) == 1 {
			id, ok := made.Args[0].(*syntax.Ident)
			if !ok {
				continue
			}
			typ := &syntax.TypeName{At: at, Name: id.Name}
			if next = t.structOf(typ); next != nil {
				e = &syntax.Cast{At: at, Type: &syntax.Pointer{At: at, Elem: typ}, X: e}
			}
		}
		if next == nil {
			continue
		}
		if w := t.way(at, e, next, to, most-1); w != nil {
			return w
		}
	}
	return nil
}

// isNumber reports whether a type is one of integers.
func (t *types) isNumber(typ syntax.Type) bool {
	switch x := t.plain(typ).(type) {
	case *syntax.Basic:
		return x.Name != "void" && x.Name != "float" && x.Name != "double" && x.Name != "long double"
	case *syntax.EnumType:
		return true
	}
	return false
}

// isBool reports whether a type has two values.
func (t *types) isBool(typ syntax.Type) bool {
	b, ok := t.plain(typ).(*syntax.Basic)
	return ok && b.Name == "_Bool"
}

func isVoid(typ syntax.Type) bool {
	b, ok := typ.(*syntax.Basic)
	return ok && b.Name == "void"
}
