package syntax

import "github.com/lockproof/lockproof/model"

// A Stmt is a statement. As in C's grammar a label, a case and a default contain the statement they
// mark: the first one only, what follows stands beside them in the Block.
type Stmt interface {
	Node
	stmt()
}

// An ExprStmt is an expression evaluated for its effect.
type ExprStmt struct {
	At
	X Expr
}

// A DeclStmt is a declaration in a block.
type DeclStmt struct {
	At
	Decls []Decl
}

// A Block is { ... }.
type Block struct {
	At
	List   []Stmt
	Rbrace model.Pos
}

// An If is if (Cond) Then else Else; Else may be nil.
type If struct {
	At
	Cond Expr
	Then Stmt
	Else Stmt
}

// A While is while (Cond) Body.
type While struct {
	At
	Cond Expr
	Body Stmt
}

// A DoWhile is do Body while (Cond).
type DoWhile struct {
	At
	Body Stmt
	Cond Expr
}

// A For is for (Init; Cond; Post) Body. Init is an *ExprStmt, a *DeclStmt or nil; Cond and Post may
// be nil.
type For struct {
	At
	Init Stmt
	Cond Expr
	Post Expr
	Body Stmt
}

// A Switch is switch (X) Body; its cases are Case and Default statements anywhere in Body.
type Switch struct {
	At
	X    Expr
	Body Stmt
}

// A Case is case Lo: or GNU's case Lo ... Hi:, followed by the statement it marks.
type Case struct {
	At
	Lo, Hi Expr // Hi is nil for a single value
	Body   Stmt // an *Empty when a `}` follows
}

// A Default is default: followed by the statement it marks, as in Case.
type Default struct {
	At
	Body Stmt
}

// A Label is Name: followed by the statement it marks, as in Case. A declaration may follow, as C23
// allows.
type Label struct {
	At
	Name string
	Body Stmt
}

// A Goto is goto Label, or GNU's goto *X.
type Goto struct {
	At
	Label    string
	LabelPos model.Pos
	X        Expr
}

// A Break is break.
type Break struct{ At }

// A Continue is continue.
type Continue struct{ At }

// A Return is return X; X may be nil.
type Return struct {
	At
	X Expr
}

// An Empty is a lone semicolon.
type Empty struct{ At }

// An Asm is an asm statement; its text is not kept.
type Asm struct{ At }

// A MacroBlock is a call of an unknown macro that governs a statement, as in
// VIR_WITH_MUTEX_LOCK_GUARD(&m) { ... }: Tolerant mode only.
type MacroBlock struct {
	At
	Call *Call
	Body Stmt
}

// A BadStmt stands for a statement that could not be parsed.
type BadStmt struct{ At }

func (*ExprStmt) stmt()   {}
func (*DeclStmt) stmt()   {}
func (*Block) stmt()      {}
func (*If) stmt()         {}
func (*While) stmt()      {}
func (*DoWhile) stmt()    {}
func (*For) stmt()        {}
func (*Switch) stmt()     {}
func (*Case) stmt()       {}
func (*Default) stmt()    {}
func (*Label) stmt()      {}
func (*Goto) stmt()       {}
func (*Break) stmt()      {}
func (*Continue) stmt()   {}
func (*Return) stmt()     {}
func (*Empty) stmt()      {}
func (*Asm) stmt()        {}
func (*MacroBlock) stmt() {}
func (*BadStmt) stmt()    {}
