package constraint

import (
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A ctype is a type of C. It is never changed, but for the fields of a record that is defined
// later.
type ctype struct {
	kind     kind
	isConst  bool
	name     string   // of an integer, a floating type or an object of the system
	elem     *ctype   // of a pointer or an array; the result of a function
	length   int64    // of an array; unknownLength
	params   []*ctype // of a function
	variadic bool
	open     bool    // a function of whose parameters nothing is said
	of       *record // of a struct or union
}

type kind uint8

const (
	unknown kind = iota // with it everything is allowed
	void
	integer
	floating
	pointer
	array
	function
	structure
	object // of the system: it has an address and nothing else
	automatic
)

// unknownLength is that of an array whose length is not known here, or not given.
const unknownLength = -1

// A record is a struct or a union, one for each definition.
type record struct {
	tag      string
	word     string // struct or union
	defined  bool
	opaque   bool // the system's headers define it
	inParams bool // its scope is a list of parameters
	fields   []field
	// constMember is the name of a member that is const, or has one.
	constMember string
}

type field struct {
	name string
	typ  *ctype
	bits bool // it is a bit-field
}

var (
	unknownType = &ctype{kind: unknown}
	voidType    = &ctype{kind: void}
	charType    = integerType("char")
	intType     = integerType("int")
	ulongType   = integerType("unsigned long")
	longType    = integerType("long")
	doubleType  = &ctype{kind: floating, name: "double"}
)

func integerType(name string) *ctype { return &ctype{kind: integer, name: name} }

func pointerTo(t *ctype) *ctype { return &ctype{kind: pointer, elem: t} }

// constant is the type with const. That of an array is that of its elements.
func (t *ctype) constant() *ctype {
	if t.isConst || t.kind == unknown || t.kind == function {
		return t
	}
	c := *t
	if t.kind == array {
		c.elem = t.elem.constant()
	} else {
		c.isConst = true
	}
	return &c
}

// plain is the type without const: that of a value.
func (t *ctype) plain() *ctype {
	if !t.isConst {
		return t
	}
	c := *t
	c.isConst = false
	return &c
}

// value is the type that an expression of type t has where its value is used.
func (t *ctype) value() *ctype {
	switch t.kind {
	case array:
		return pointerTo(t.elem)
	case function:
		return pointerTo(t)
	}
	return t.plain()
}

func (t *ctype) isArithmetic() bool {
	return t.kind == integer || t.kind == floating || t.kind == unknown
}

func (t *ctype) isInteger() bool { return t.kind == integer || t.kind == unknown }

func (t *ctype) isScalar() bool { return t.isArithmetic() || t.kind == pointer }

func (t *ctype) isBool() bool { return t.kind == integer && t.name == "_Bool" }

// isIncomplete reports whether nothing of that type can exist yet.
func (t *ctype) isIncomplete() bool {
	switch t.kind {
	case void:
		return true
	case structure:
		return !t.of.defined && !t.of.opaque
	case array:
		return t.elem.isIncomplete()
	}
	return false
}

// constMember is the name of a member of a struct that is const, however deep; "" when none is.
func (t *ctype) constMember() string {
	for t.kind == array {
		t = t.elem
	}
	if t.kind != structure {
		return ""
	}
	return t.of.constMember
}

// add adds a member, whose type is complete.
func (r *record) add(f field) {
	r.fields = append(r.fields, f)
	in := f.typ
	for in.kind == array {
		in = in.elem
	}
	switch {
	case r.constMember != "":
	case in.isConst:
		r.constMember = f.name
	default:
		r.constMember = in.constMember()
	}
}

// find is a member, also one of a member without a name.
func (r *record) find(name string) (field, bool) {
	for _, f := range r.fields {
		if f.name == name && name != "" {
			return f, true
		}
		if f.name == "" && f.typ.kind == structure {
			if in, ok := f.typ.of.find(name); ok {
				if f.typ.isConst {
					in.typ = in.typ.constant()
				}
				return in, true
			}
		}
	}
	return field{}, false
}

// maxCompared bounds how much of two types is compared: types that name each other can be larger
// than their source by far. Beyond it they count as the same.
const maxCompared = 1000

// same reports whether two types are compatible, whatever const they have themselves.
func same(a, b *ctype) bool {
	left := maxCompared
	return compatible(a, b, &left)
}

func compatible(a, b *ctype, left *int) bool {
	if *left--; *left < 0 || a == b || a.kind == unknown || b.kind == unknown {
		return true
	}
	if a.kind != b.kind {
		return false
	}
	inner := func(a, b *ctype) bool { return a.isConst == b.isConst && compatible(a, b, left) }
	switch a.kind {
	case integer, floating, object:
		return a.name == b.name
	case pointer:
		return inner(a.elem, b.elem)
	case array:
		return (a.length == b.length || a.length < 0 || b.length < 0) && inner(a.elem, b.elem)
	case structure:
		return a.of == b.of
	case function:
		if !inner(a.elem, b.elem) {
			return false
		}
		if a.open || b.open {
			return true
		}
		if len(a.params) != len(b.params) || a.variadic != b.variadic {
			return false
		}
		for i := range a.params {
			if !compatible(a.params[i], b.params[i], left) {
				return false
			}
		}
	}
	return true
}

// samePointed reports whether a pointer to one type may be given to one to another. Integers that
// differ in their sign alone GCC lets pass.
func samePointed(a, b *ctype) bool {
	if a.kind == void || b.kind == void {
		return true
	}
	if a.kind == integer && b.kind == integer && a.name != b.name {
		x, ok1 := syntax.BasicInt(a.name)
		y, ok2 := syntax.BasicInt(b.name)
		return ok1 && ok2 && x.Bits == y.Bits && x.Unsigned != y.Unsigned
	}
	return same(a, b)
}

// String is the type as C writes it, as far as it is not too long.
func (t *ctype) String() string { return t.text(6) }

func (t *ctype) text(depth int) string {
	if depth == 0 {
		return "..."
	}
	s := t.name
	switch t.kind {
	case unknown, automatic:
		s = "a type that is not known"
	case void:
		s = "void"
	case integer:
		if s == "_Bool" {
			s = "bool"
		}
	case pointer:
		s = t.elem.text(depth-1) + " *"
		if t.isConst {
			s += "const"
		}
		return s
	case array:
		n := ""
		if t.length >= 0 {
			n = strconv.FormatInt(t.length, 10)
		}
		return t.elem.text(depth-1) + " [" + n + "]"
	case function:
		var params []string
		for _, p := range t.params {
			params = append(params, p.text(depth-1))
		}
		if t.variadic {
			params = append(params, "...")
		}
		if len(params) == 0 && !t.open {
			params = []string{"void"}
		}
		return t.elem.text(depth-1) + " (" + strings.Join(params, ", ") + ")"
	case structure:
		s = t.of.word + " " + t.of.tag
		if t.of.tag == "" {
			s = t.of.word + " without a name"
		}
	}
	if t.isConst {
		return "const " + s
	}
	return s
}

// A symbol is what a name means.
type symbol struct {
	name    string
	kind    symbolKind
	typ     *ctype
	pos     model.Pos
	storage syntax.Storage
	static  bool // a variable that exists from the start
	defined bool // it has a body or an initialiser
	folds   bool // a const whose value is a constant, which GCC takes for one
	value   int64
	known   bool // value
}

type symbolKind uint8

const (
	variable symbolKind = iota
	routine
	enumerator
	typedef
)

func (k symbolKind) String() string {
	return [...]string{"a variable", "a function", "an enumerator", "a type"}[k]
}

// A scope is a block, a list of parameters or the file.
type scope struct {
	outer   *scope
	names   map[string]*symbol
	tags    map[string]*record
	enums   map[string]*ctype
	params  bool
	barrier *barrier // around what stands here
}

func (c *checker) open() {
	c.scope = &scope{outer: c.scope, names: map[string]*symbol{}, tags: map[string]*record{}, enums: map[string]*ctype{}}
	if c.scope.outer != nil {
		c.scope.barrier = c.scope.outer.barrier
	}
	if c.file == nil {
		c.file = c.scope
	}
}

func (c *checker) close() { c.scope = c.scope.outer }

func (c *checker) find(name string) *symbol {
	for s := c.scope; s != nil; s = s.outer {
		if sym := s.names[name]; sym != nil {
			return sym
		}
	}
	return nil
}
