package syntax

import "github.com/lockproof/lockproof/model"

// A Type is a type as written; nothing is resolved. Of its qualifiers _Atomic is a type of its own,
// const is in the node, see [IsConst], and the others are gone.
type Type interface {
	Node
	typ()
}

// A Basic is a built-in type under its canonical name: "int", "unsigned long", "void", "_Bool",
// "double", ...
type Basic struct {
	At
	Name  string
	Const bool
}

// A TypeName is the use of a typedef's name.
type TypeName struct {
	At
	Name  string
	Const bool
}

// A StructType is a struct or union, with its fields when this is the definition.
type StructType struct {
	At
	Tag     string // may be empty
	IsUnion bool
	HasBody bool
	Fields  []*Field
	Asserts []*StaticAssert // among the fields
	Attrs   []*Attr
	Const   bool // of what is declared with this mention of it
}

// A Field is one member. An anonymous struct or union member has no name, nor has a bit-field that
// only pads.
type Field struct {
	At
	Name  string
	Type  Type
	Bits  Expr // width of a bit-field, else nil
	Attrs []*Attr
}

// An EnumType is an enum, with its enumerators when this is the definition.
type EnumType struct {
	At
	Tag         string // may be empty
	HasBody     bool
	Enumerators []*Enumerator
	Attrs       []*Attr
	Const       bool // of what is declared with this mention of it
}

// An Enumerator is one constant of an enum. Value is meaningful when Known; it is not when an
// initialiser (its own or the one it counts on from) uses names the parser cannot resolve.
type Enumerator struct {
	At
	Name  string
	Init  Expr // nil when implicit
	Value int64
	Known bool
}

// A Pointer is a pointer to Elem. Const says that the pointer does not change.
type Pointer struct {
	At
	Elem  Type
	Const bool
}

// An Atomic is _Atomic Elem: every access of it is one step, changes of it included.
type Atomic struct {
	At
	Elem  Type
	Const bool
}

// An Array is an array of Elem; Len is nil for `[]`.
type Array struct {
	At
	Elem Type
	Len  Expr
}

// A Func is a function type. `(void)` has no Params, and neither has `()`, which says nothing about
// them: it is Open.
type Func struct {
	At
	Result   Type
	Params   []*Param
	Variadic bool
	Open     bool
	Rparen   model.Pos
}

// A Param is one parameter; Name is empty in an abstract declaration.
type Param struct {
	At
	Name    string
	Type    Type
	Storage Storage // Register or nothing
	Attrs   []*Attr
}

// A TypeofType is typeof(X) or typeof(Type); exactly one is set.
type TypeofType struct {
	At
	X     Expr
	Type  Type
	Const bool
}

// A MacroType is an unknown macro call where a type must be, `VIR_AUTOFREE(char *)`: Tolerant mode
// only.
type MacroType struct {
	At
	Name string
	Args []Expr
}

// A BadType stands for a type that could not be parsed.
type BadType struct{ At }

func (*Basic) typ()      {}
func (*TypeName) typ()   {}
func (*StructType) typ() {}
func (*EnumType) typ()   {}
func (*Pointer) typ()    {}
func (*Atomic) typ()     {}
func (*Array) typ()      {}
func (*Func) typ()       {}
func (*TypeofType) typ() {}
func (*MacroType) typ()  {}
func (*BadType) typ()    {}

// IsConst reports whether a type as written is const itself: of `const char *` what it points to
// is.
func IsConst(t Type) bool {
	c := constOf(t)
	return c != nil && *c
}

// constOf is where a type keeps its const; nil where there is no such place.
func constOf(t Type) *bool {
	switch t := t.(type) {
	case *Basic:
		return &t.Const
	case *TypeName:
		return &t.Const
	case *StructType:
		return &t.Const
	case *EnumType:
		return &t.Const
	case *Pointer:
		return &t.Const
	case *Atomic:
		return &t.Const
	case *TypeofType:
		return &t.Const
	}
	return nil
}
