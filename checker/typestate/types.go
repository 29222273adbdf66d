package typestate

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
)

// A field is what is known of one member of a struct.
type field struct {
	typ     string // of what it is or points to, "" when that is no struct
	pointer bool
	number  bool // neither pointer nor struct
	// a mutex that some function makes a recursive one
	recursive bool
	// Of a contract's struct:
	known    bool
	inTree   bool // the struct of the tree has it as well
	lock     bool
	owner    bool
	refcount bool
	listed   bool
	class    string
	guard    string // the field that guards it; "" when none does
	guardOf  string // the type in which that lies, "" for the same struct
	validIf  string // the function that says whether it leads to something; "" when none does
}

// types knows the structs of a contract and of a tree by their names.
type types struct {
	structs   map[string]map[string]*field
	protocol  map[string]bool     // types of a contract with a lock, a job or a reference count
	owners    map[string]bool     // names of owner fields
	ownersOf  map[string][]string // the same by type, in order
	validIf   map[string]bool     // names of fields that lead to something only while something holds
	order     map[string][]string // names of the fields of a struct, as they are declared
	single    map[string]bool     // types of which there is one object
	abstract  map[string][]string // by type, fields of a contract that the tree's struct has not
	globals   map[string]ctype    // variables at file scope
	ofGlobals map[string]bool     // the structs of those that are not tables
	constants map[string]int64    // enumerators
	symbols   map[string]int64    // constants whose value nobody knows, told apart by name
}

// A ctype is a type as far as it matters.
type ctype struct {
	name  string // of the struct at the end of all pointers, or of the type
	stars int
	basic bool // a number
}

// object is the type of what a pointer of this type leads to, "" when an assignment will tell.
func (t ctype) object() string {
	if t.name == "void" {
		return ""
	}
	return t.name
}

// symbolBase is where the numbers of constants begin whose value is not known.
const symbolBase = 1 << 40

// typeOf reads a type. Names that end in Ptr are pointers, as libvirt has them.
func typeOf(t syntax.Type) ctype {
	stars := 0
	for {
		switch x := t.(type) {
		case *syntax.Pointer:
			stars++
			t = x.Elem
		case *syntax.Array:
			stars++
			t = x.Elem
		case *syntax.Atomic:
			t = x.Elem
		case *syntax.TypeName:
			if name, ok := strings.CutSuffix(x.Name, "Ptr"); ok && name != "" {
				return ctype{name, stars + 1, false}
			}
			return ctype{x.Name, stars, numeric(x.Name)}
		case *syntax.StructType:
			return ctype{strings.TrimPrefix(x.Tag, "_"), stars, false}
		case *syntax.EnumType:
			return ctype{x.Tag, stars, true}
		case *syntax.Basic:
			return ctype{x.Name, stars, x.Name != "void"}
		case *syntax.MacroType:
			if len(x.Args) == 1 && strings.Contains(strings.ToLower(x.Name), "auto") {
				if arg, ok := x.Args[0].(*syntax.TypeExpr); ok {
					t = arg.Type
					stars++
					continue
				}
				if id, ok := x.Args[0].(*syntax.Ident); ok {
					return ctype{strings.TrimSuffix(id.Name, "Ptr"), 1, false}
				}
			}
			return ctype{"", stars, false}
		default:
			return ctype{"", stars, false}
		}
	}
}

// numeric reports whether a typedef names a number.
func numeric(name string) bool {
	switch name {
	case "bool", "size_t", "ssize_t", "time_t", "pid_t", "uid_t", "gid_t", "off_t", "mode_t", "gboolean", "gint",
		"guint", "gsize":
		return true
	}
	return strings.HasSuffix(name, "_t") && (strings.HasPrefix(name, "int") || strings.HasPrefix(name, "uint"))
}

// isNumber reports whether values of a type are numbers: neither pointers, nor structs, nor the
// guard of a lock.
func (ts *types) isNumber(t ctype) bool {
	return t.stars == 0 && ts.structs[t.name] == nil && t.name != "virLockGuard"
}

// sortOwners lists the owner fields of each type, when all types are known.
func (ts *types) sortOwners() {
	for name, fields := range ts.structs {
		for step, f := range fields {
			if f.owner {
				ts.ownersOf[name] = append(ts.ownersOf[name], step)
			}
		}
		slices.Sort(ts.ownersOf[name])
	}
}

func newTypes() *types {
	return &types{
		structs: map[string]map[string]*field{}, protocol: map[string]bool{}, single: map[string]bool{},
		globals: map[string]ctype{}, ofGlobals: map[string]bool{}, owners: map[string]bool{},
		ownersOf: map[string][]string{}, validIf: map[string]bool{},
		abstract: map[string][]string{}, order: map[string][]string{},
		constants: map[string]int64{}, symbols: map[string]int64{},
	}
}

// add reads the declarations of a file. What a contract says comes first and stays.
func (ts *types) add(f *syntax.File, contract bool) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *syntax.StructDecl:
			ts.addStruct(d.Type, "", contract)
		case *syntax.TypedefDecl:
			if s, ok := d.Type.(*syntax.StructType); ok {
				ts.addStruct(s, d.Name, contract)
			}
			if e, ok := d.Type.(*syntax.EnumType); ok {
				ts.addEnum(e, contract)
			}
		case *syntax.EnumDecl:
			ts.addEnum(d.Type, contract)
		case *syntax.VarDecl:
			if e, ok := d.Type.(*syntax.EnumType); ok {
				ts.addEnum(e, contract)
			}
			t := typeOf(d.Type)
			if _, ok := ts.globals[d.Name]; !ok {
				ts.globals[d.Name] = t
				if !t.basic && !isTable(d) {
					ts.ofGlobals[t.name] = true
				}
			}
			if contract && syntax.FindAttr(d.Attrs, "new") != nil && t.stars == 1 {
				ts.single[t.name] = true
			}
		}
	}
}

func (ts *types) addEnum(e *syntax.EnumType, contract bool) {
	for _, x := range e.Enumerators {
		if _, ok := ts.constants[x.Name]; !ok && x.Known && (x.Value != 0 || x.Init == nil || contract) {
			ts.constants[x.Name] = x.Value
		} else if !ok && x.Known {
			ts.constants[x.Name] = x.Value
		}
	}
}

func (ts *types) addStruct(s *syntax.StructType, alias string, contract bool) {
	if !s.HasBody {
		return
	}
	name := strings.TrimPrefix(s.Tag, "_")
	if name == "" {
		name = alias
	}
	fields := ts.structs[name]
	if fields == nil {
		fields = map[string]*field{}
		ts.structs[name] = fields
		if alias != "" && ts.structs[alias] == nil {
			ts.structs[alias] = fields
		}
	}
	contract = contract || annotated(s)
	if !contract {
		ts.order[name] = namesOf(s.Fields)
	}
	for _, x := range s.Fields {
		if inner, ok := x.Type.(*syntax.StructType); ok && inner.HasBody && inner.Tag == "" && x.Name != "" {
			ts.addStruct(inner, name+"."+x.Name, contract)
		}
		if f := fields[x.Name]; f != nil {
			f.inTree = f.inTree || !contract
			continue
		}
		f := newField(name, x, contract)
		fields[x.Name] = f
		if f.owner {
			ts.owners[x.Name] = true
		}
		if f.validIf != "" {
			ts.validIf[x.Name] = true
		}
		if contract && (f.lock || f.owner || f.refcount || f.listed || f.class != "") {
			ts.protocol[name] = true
		}
		if contract && x.Name == "parent" && f.class != "" && fields["lock"] == nil {
			// What begins with a lockable object has its lock there: the parent is the object itself.
			fields["lock"] = &field{lock: true, known: true, class: f.class}
		}
	}
}

func namesOf(list []*syntax.Field) []string {
	names := make([]string, len(list))
	for i, f := range list {
		names[i] = f.Name
	}
	return names
}

func newField(in string, x *syntax.Field, contract bool) *field {
	t := typeOf(x.Type)
	f := &field{typ: t.name, pointer: t.stars > 0, number: t.basic && t.stars == 0, known: contract}
	if inner, ok := x.Type.(*syntax.StructType); ok && inner.HasBody && inner.Tag == "" {
		f.typ = in + "." + x.Name
	}
	f.lock = t.stars == 0 && (t.name == "virMutex" || t.name == "pthread_mutex_t" || t.name == "GMutex" ||
		t.name == "virRWLock" || t.name == "GRecMutex")
	f.recursive = t.name == "GRecMutex"
	if !contract {
		return f
	}
	for _, a := range x.Attrs {
		arg := ""
		if len(a.Args) > 0 {
			arg = syntax.Format(a.Args[0])
		}
		switch a.Name {
		case "owner":
			f.owner = true
		case "refcount":
			f.refcount = true
		case "listed":
			f.listed = true
		case "class":
			f.class = arg
		case "guarded_by":
			arg = strings.Replace(arg, "parent.", "", 1)
			f.guard = arg
			if of, lock, ok := strings.Cut(arg, "."); ok {
				f.guardOf, f.guard = of, lock
			}
		case "valid_if":
			f.validIf = arg
		case "new", "subject":
			if arg != "" {
				f.typ, f.pointer = arg, true
			}
		}
	}
	return f
}

// field is a member of a type, nil when nobody has declared it.
func (ts *types) field(typ, name string) *field { return ts.structs[typ][name] }

// countGuard is the field of a type that guards its count of references, "" when none does.
func (ts *types) countGuard(typ string) string {
	for _, f := range ts.structs[typ] {
		if f.refcount && f.guardOf == "" {
			return f.guard
		}
	}
	return ""
}

// onList is the type of objects that are on a list.
func (ts *types) onList() string {
	found := ""
	for name, fields := range ts.structs {
		for _, f := range fields {
			if f.listed && (found == "" || name < found) {
				found = name
			}
		}
	}
	return found
}

// lockField is the mutex of an object: what virObjectLock locks.
func (ts *types) lockField(typ string) string {
	if f := ts.structs[typ]["lock"]; f != nil && f.lock {
		return "lock"
	}
	found := ""
	for name, f := range ts.structs[typ] {
		if f.known && f.lock && (found == "" || name < found) {
			found = name
		}
	}
	if found != "" {
		return found
	}
	return "lock"
}

// annotated reports whether a struct of the tree speaks of the protocol itself: then it is like one
// of a contract.
func annotated(s *syntax.StructType) bool {
	for _, x := range s.Fields {
		for _, a := range x.Attrs {
			switch a.Name {
			case "owner", "refcount", "listed", "guarded_by":
				if !a.Macro {
					return true
				}
			}
		}
	}
	return false
}

// hasGlobal reports whether a variable at file scope leads to objects of a type, or is one: then
// there is only one.
func (ts *types) hasGlobal(typ string) bool { return typ != "" && ts.ofGlobals[typ] }

// isTable reports whether a variable is initialised with a list.
func isTable(d *syntax.VarDecl) bool {
	_, list := d.Init.(*syntax.InitList)
	return list
}
