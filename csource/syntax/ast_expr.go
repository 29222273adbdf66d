package syntax

import "github.com/lockproof/lockproof/model"

// An Expr is an expression. Parentheses are not nodes: the shape of the tree says it.
type Expr interface {
	Node
	expr()
}

// An Ident is the use of a name: a variable, function, enumerator, unknown macro, true, false or
// NULL.
type Ident struct {
	At
	Name string
}

// An IntLit is an integer constant. A value above the largest int64 wraps round; Text is as
// written.
type IntLit struct {
	At
	Value    int64
	Unsigned bool
	Text     string
}

// A FloatLit is a floating constant as written.
type FloatLit struct {
	At
	Text string
}

// A CharLit is a character constant; Value is what C gives it.
type CharLit struct {
	At
	Value int64
	Text  string
}

// A StringLit is one or more adjacent string literals, joined. Where macros for parts of the text
// are unknown (PRIu64 and the like), Macros names them in order and Value lacks their text.
type StringLit struct {
	At
	Value  string
	Macros []string
}

// A Unary is a prefix operator: - + ! ~ * & ++ -- or && (the address of a label).
type Unary struct {
	At
	Op string
	X  Expr
}

// A Postfix is X++ or X--.
type Postfix struct {
	At
	Op string
	X  Expr
}

// A Binary is X Op Y for an operator without side effect, && and || included.
type Binary struct {
	At
	Op    string
	OpPos model.Pos
	X, Y  Expr
}

// An Assign is X Op Y for =, +=, and so on.
type Assign struct {
	At
	Op    string
	OpPos model.Pos
	X, Y  Expr
	Old   Expr // of op= in a flow graph whose Y splits: what X was before
}

// A Cond is X ? Then : Else; Then is nil in GNU's X ?: Else.
type Cond struct {
	At
	X, Then, Else Expr
}

// A Call is Fun(Args...). An argument that can only be a type is a *TypeExpr.
type Call struct {
	At
	Fun    Expr
	Args   []Expr
	Lparen model.Pos
	Rparen model.Pos
}

// A Member is X.Name or X->Name.
type Member struct {
	At
	X       Expr
	Arrow   bool
	Name    string
	NamePos model.Pos
}

// An Index is X[I].
type Index struct {
	At
	X, I Expr
}

// A Cast is (Type) X.
type Cast struct {
	At
	Type Type
	X    Expr
}

// A SizeofExpr is sizeof X, or _Alignof X when Align.
type SizeofExpr struct {
	At
	X     Expr
	Align bool
}

// A SizeofType is sizeof(Type), or _Alignof(Type) when Align.
type SizeofType struct {
	At
	Type  Type
	Align bool
}

// A Generic is _Generic(X, Type: Value, default: Value).
type Generic struct {
	At
	X      Expr
	Assocs []*Assoc
}

// An Assoc is one choice of a Generic; Type is nil of the default.
type Assoc struct {
	At
	Type  Type
	Value Expr
}

// A Comma is two or more expressions joined by the comma operator.
type Comma struct {
	At
	List []Expr
}

// A CompoundLit is (Type){...}.
type CompoundLit struct {
	At
	Type Type
	Init *InitList
}

// An InitList is a braced initialiser.
type InitList struct {
	At
	Items  []*InitItem
	Rbrace model.Pos
}

// An InitItem is one element of an InitList, with the designators before it.
type InitItem struct {
	At
	Path  []Designator
	Value Expr
}

// A Designator is .Field, [Lo] or [Lo ... Hi].
type Designator struct {
	Field  string
	Lo, Hi Expr
}

// A StmtExpr is GNU's ({ ... }).
type StmtExpr struct {
	At
	Body *Block
}

// A TypeExpr is a type where an argument is expected: va_arg(ap, char *).
type TypeExpr struct {
	At
	Type Type
}

// A BadExpr stands for an expression that could not be parsed.
type BadExpr struct{ At }

// A Temp is the value that X had when it was evaluated, somewhere before. No parser makes one: flow
// graphs do, where part of an expression is evaluated in another block than the rest. Below it
// there is nothing to evaluate, so it has no children.
type Temp struct {
	At
	Index int // in its function, from 0
	X     Expr
}

func (*Ident) expr()       {}
func (*IntLit) expr()      {}
func (*FloatLit) expr()    {}
func (*CharLit) expr()     {}
func (*StringLit) expr()   {}
func (*Unary) expr()       {}
func (*Postfix) expr()     {}
func (*Binary) expr()      {}
func (*Assign) expr()      {}
func (*Cond) expr()        {}
func (*Call) expr()        {}
func (*Member) expr()      {}
func (*Index) expr()       {}
func (*Cast) expr()        {}
func (*SizeofExpr) expr()  {}
func (*SizeofType) expr()  {}
func (*Generic) expr()     {}
func (*Comma) expr()       {}
func (*CompoundLit) expr() {}
func (*InitList) expr()    {}
func (*StmtExpr) expr()    {}
func (*TypeExpr) expr()    {}
func (*BadExpr) expr()     {}
func (*Temp) expr()        {}
