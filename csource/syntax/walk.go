package syntax

// Walk calls visit for n and then for every node below it, parents before children, in source
// order. Where visit returns false the node's children are left out.
func Walk(n Node, visit func(Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	children(n, func(c Node) { Walk(c, visit) })
}

// Inspect is Walk that also calls leave, after the children of each node that visit let it into.
func Inspect(n Node, visit func(Node) bool, leave func(Node)) {
	if n == nil || !visit(n) {
		return
	}
	children(n, func(c Node) { Inspect(c, visit, leave) })
	leave(n)
}

// children calls f for the nodes directly below n, in source order, nil ones left out.
func children(n Node, f func(Node)) {
	switch n := n.(type) {
	case *File:
		each(n.Decls, f)
	case Decl:
		declChildren(n, f)
	case Stmt:
		stmtChildren(n, f)
	case Expr:
		exprChildren(n, f)
	case Type:
		typeChildren(n, f)
	case *Param:
		one(n.Type, f)
		each(n.Attrs, f)
	case *Field:
		one(n.Type, f)
		one(n.Bits, f)
		each(n.Attrs, f)
	case *Enumerator:
		one(n.Init, f)
	case *Attr:
		each(n.Args, f)
	case *Assoc:
		one(n.Type, f)
		one(n.Value, f)
	case *InitItem:
		for _, d := range n.Path {
			one(d.Lo, f)
			one(d.Hi, f)
		}
		one(n.Value, f)
	}
}

// A comparableNode can be told from nil.
type comparableNode interface {
	Node
	comparable
}

// one calls f for n unless it is nil.
func one[N comparableNode](n N, f func(Node)) {
	var none N
	if n != none {
		f(n)
	}
}

func each[N comparableNode](list []N, f func(Node)) {
	for _, n := range list {
		one(n, f)
	}
}

func declChildren(n Decl, f func(Node)) {
	switch n := n.(type) {
	case *FuncDef:
		one(n.Type, f)
		each(n.Attrs, f)
		one(n.Body, f)
	case *Prototype:
		one(n.Type, f)
		each(n.Attrs, f)
	case *VarDecl:
		one(n.Type, f)
		each(n.Attrs, f)
		one(n.Init, f)
	case *TypedefDecl:
		one(n.Type, f)
		each(n.Attrs, f)
	case *StructDecl:
		one(n.Type, f)
	case *EnumDecl:
		one(n.Type, f)
	case *MacroDecl:
		for _, a := range n.Args {
			one(a, f)
		}
	case *StaticAssert:
		one(n.Cond, f)
	}
}

func stmtChildren(n Stmt, f func(Node)) {
	switch n := n.(type) {
	case *ExprStmt:
		one(n.X, f)
	case *DeclStmt:
		each(n.Decls, f)
	case *Block:
		each(n.List, f)
	case *If:
		one(n.Cond, f)
		one(n.Then, f)
		one(n.Else, f)
	case *While:
		one(n.Cond, f)
		one(n.Body, f)
	case *DoWhile:
		one(n.Body, f)
		one(n.Cond, f)
	case *For:
		one(n.Init, f)
		one(n.Cond, f)
		one(n.Post, f)
		one(n.Body, f)
	case *Switch:
		one(n.X, f)
		one(n.Body, f)
	case *Case:
		one(n.Lo, f)
		one(n.Hi, f)
		one(n.Body, f)
	case *Default:
		one(n.Body, f)
	case *Label:
		one(n.Body, f)
	case *Goto:
		one(n.X, f)
	case *Return:
		one(n.X, f)
	case *MacroBlock:
		one(n.Call, f)
		one(n.Body, f)
	}
}

func exprChildren(n Expr, f func(Node)) {
	switch n := n.(type) {
	case *Unary:
		one(n.X, f)
	case *Postfix:
		one(n.X, f)
	case *Binary:
		one(n.X, f)
		one(n.Y, f)
	case *Assign:
		one(n.X, f)
		one(n.Y, f)
	case *Cond:
		one(n.X, f)
		one(n.Then, f)
		one(n.Else, f)
	case *Call:
		one(n.Fun, f)
		each(n.Args, f)
	case *Member:
		one(n.X, f)
	case *Index:
		one(n.X, f)
		one(n.I, f)
	case *Cast:
		one(n.Type, f)
		one(n.X, f)
	case *SizeofExpr:
		one(n.X, f)
	case *SizeofType:
		one(n.Type, f)
	case *Generic:
		one(n.X, f)
		each(n.Assocs, f)
	case *Comma:
		each(n.List, f)
	case *CompoundLit:
		one(n.Type, f)
		one(n.Init, f)
	case *InitList:
		each(n.Items, f)
	case *StmtExpr:
		one(n.Body, f)
	case *TypeExpr:
		one(n.Type, f)
	}
}

func typeChildren(n Type, f func(Node)) {
	switch n := n.(type) {
	case *StructType:
		each(n.Attrs, f)
		each(n.Fields, f)
		each(n.Asserts, f)
	case *EnumType:
		each(n.Attrs, f)
		each(n.Enumerators, f)
	case *Pointer:
		one(n.Elem, f)
	case *Atomic:
		one(n.Elem, f)
	case *Array:
		one(n.Elem, f)
		one(n.Len, f)
	case *Func:
		one(n.Result, f)
		each(n.Params, f)
	case *TypeofType:
		one(n.X, f)
		one(n.Type, f)
	case *MacroType:
		each(n.Args, f)
	}
}
