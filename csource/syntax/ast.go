package syntax

import "github.com/lockproof/lockproof/model"

// A Node is any part of the tree: *File, a Decl, a Stmt, an Expr, a Type, and the small parts they
// are made of (*Param, *Field, *Enumerator, *Attr, *InitItem, *Assoc).
type Node interface {
	// Pos is where the node begins: `a + b` where a does. A declaration is where the name it
	// declares is.
	Pos() model.Pos
}

// At is the position every node embeds.
type At struct{ Start model.Pos }

// Pos is where the node is.
func (a At) Pos() model.Pos { return a.Start }

// A File is one parsed source. Declarations of files it includes stand among its own, in the order
// the compiler would see them; their positions name the file they came from.
type File struct {
	At
	Name     string
	Decls    []Decl
	Comments []Comment // in source order; only with Options.Comments or CommentsWith

	// Arms is how many values of [Options.Arm] show all arms of the conditionals that nothing decides,
	// one after the other: 0 when there are none.
	Arms int
	// Guessed is where the directives stand whose arms [Options.Arm] decides: #if, #elif, #else and
	// #endif, in the order in which they are read.
	Guessed []model.Pos
}

// A Comment is one comment with its delimiters, as written.
type Comment struct {
	At
	Text string
}

// A Decl declares one name, at file scope or in a block. A declaration of several names is several
// Decls.
type Decl interface {
	Node
	decl()
}

// A FuncDef is a function with a body.
type FuncDef struct {
	At        // of the name
	Name      string
	Type      *Func
	Body      *Block // never nil; only what could be parsed when Bad
	Storage   Storage
	Attrs     []*Attr
	Bad       bool // the body has a syntax error
	FromMacro bool // the name came out of a macro expansion
}

// A Prototype declares a function without a body.
type Prototype struct {
	At      // of the name
	Name    string
	Type    *Func
	Storage Storage
	Attrs   []*Attr
}

// A VarDecl declares one variable, global or local.
type VarDecl struct {
	At      // of the name
	Name    string
	Type    Type
	Init    Expr // nil when there is none; an *InitList for braces
	Storage Storage
	Attrs   []*Attr
}

// A TypedefDecl gives a type a name. `typedef struct s {...} T` is one TypedefDecl whose Type is
// the struct with its body.
type TypedefDecl struct {
	At    // of the name
	Name  string
	Type  Type
	Attrs []*Attr
}

// A StructDecl is a struct or union declared or defined on its own: `struct s {...};` or `struct
// s;`.
type StructDecl struct {
	At
	Type *StructType
}

// An EnumDecl is an enum declared on its own: `enum e {...};`.
type EnumDecl struct {
	At
	Type *EnumType
}

// A MacroDecl is a call of a macro at file scope. Of one that is not known, `VIR_ENUM_DECL(x);`,
// there are no arguments, and it is accepted in Tolerant mode only.
type MacroDecl struct {
	At
	Name string
	Args []Expr
}

// A StaticAssert is _Static_assert(Cond, Message).
type StaticAssert struct {
	At
	Cond Expr
}

// An AsmDecl is an asm at file scope; its text is not kept.
type AsmDecl struct{ At }

// A BadDecl stands for what could not be parsed at file scope.
type BadDecl struct{ At }

func (*FuncDef) decl()      {}
func (*Prototype) decl()    {}
func (*VarDecl) decl()      {}
func (*TypedefDecl) decl()  {}
func (*StructDecl) decl()   {}
func (*EnumDecl) decl()     {}
func (*MacroDecl) decl()    {}
func (*StaticAssert) decl() {}
func (*AsmDecl) decl()      {}
func (*BadDecl) decl()      {}

// Storage says how a name was declared.
type Storage uint8

// The storage words of a declaration, as a set.
const (
	Static Storage = 1 << iota
	Extern
	Inline
	Register
	ThreadLocal
	Const   // what is declared, where it is no pointer, does not change
	Typedef // only while parsing; a TypedefDecl has no Storage
)

// Has reports whether s contains all of t.
func (s Storage) Has(t Storage) bool { return s&t == t }

// An Attr is one attribute: `refcount` or `guarded_by(lock)` in __attribute__((...)), or an
// attribute macro such as ATTRIBUTE_UNUSED or G_GNUC_PRINTF(1, 2). Underscores around a name
// (__noreturn__) are removed.
type Attr struct {
	At
	Name  string
	Args  []Expr
	Macro bool // spelled as a macro, not in __attribute__
}

// FindAttr returns the attribute called name, or nil.
func FindAttr(attrs []*Attr, name string) *Attr {
	for _, a := range attrs {
		if a.Name == name {
			return a
		}
	}
	return nil
}
