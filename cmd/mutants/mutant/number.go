package mutant

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// numbers changes what is computed: arithmetic, bits, literals (constant) and truth values
// (boolean).
func (f *finder) numbers(n ast.Node) {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if !isString(f.info.TypeOf(n)) {
			f.exchange(n.Op, func(name string, op token.Token) { f.operator(name, n, op) })
		}
	case *ast.AssignStmt:
		if n.Tok != token.ASSIGN && n.Tok != token.DEFINE && !isString(f.info.TypeOf(n.Lhs[0])) {
			f.assignOperator(n)
		}
	case *ast.IncDecStmt:
		other := token.INC
		if n.Tok == token.INC {
			other = token.DEC
		}
		f.replace("arithmetic", n, f.text(n.X)+other.String())
	case *ast.UnaryExpr:
		if n.Op == token.XOR || n.Op == token.SUB && f.info.Types[n].Value == nil {
			f.replace(map[token.Token]string{token.XOR: "bits", token.SUB: "arithmetic"}[n.Op], n, f.text(n.X))
		}
	case *ast.BasicLit:
		f.literal(n)
	case *ast.Ident:
		if c, ok := f.info.Uses[n].(*types.Const); ok && c.Parent() == types.Universe && n.Name != "iota" {
			f.replace("boolean", n, map[string]string{"true": "false", "false": "true"}[n.Name])
		}
	}
}

// exchanges are by which operators one is replaced.
var exchanges = map[token.Token][]token.Token{
	token.ADD:     {token.SUB},
	token.SUB:     {token.ADD},
	token.MUL:     {token.QUO},
	token.QUO:     {token.MUL},
	token.AND:     {token.OR, token.AND_NOT},
	token.OR:      {token.AND, token.XOR},
	token.XOR:     {token.OR},
	token.AND_NOT: {token.AND},
	token.SHL:     {token.SHR},
	token.SHR:     {token.SHL},
}

func (f *finder) exchange(op token.Token, each func(name string, op token.Token)) {
	for _, other := range exchanges[op] {
		name := "bits"
		switch op {
		case token.ADD, token.SUB, token.MUL, token.QUO:
			name = "arithmetic"
		}
		each(name, other)
	}
}

// assignments are the binary operators of assignments.
var assignments = map[token.Token]token.Token{
	token.ADD_ASSIGN: token.ADD, token.SUB_ASSIGN: token.SUB, token.MUL_ASSIGN: token.MUL,
	token.QUO_ASSIGN: token.QUO, token.AND_ASSIGN: token.AND, token.OR_ASSIGN: token.OR,
	token.XOR_ASSIGN: token.XOR, token.AND_NOT_ASSIGN: token.AND_NOT, token.SHL_ASSIGN: token.SHL,
	token.SHR_ASSIGN: token.SHR,
}

func (f *finder) assignOperator(n *ast.AssignStmt) {
	start := f.offset(n.TokPos)
	f.exchange(assignments[n.Tok], func(name string, op token.Token) {
		after := f.text(n.Lhs[0]) + " " + op.String() + "= " + f.text(n.Rhs[0])
		f.mutant(name, n.TokPos, f.text(n), after, edit{start, start + len(n.Tok.String()), op.String() + "="})
	})
}

// large is a literal that is no count any more: one more is as good as one less.
const large = 1 << 16

// literal is off by one, either way.
func (f *finder) literal(n *ast.BasicLit) {
	if n.Kind != token.INT {
		return
	}
	v := constant.MakeFromLiteral(n.Value, token.INT, 0)
	one := constant.MakeInt64(1)
	f.replace("constant", n, constant.BinaryOp(v, token.ADD, one).ExactString())
	if constant.Compare(v, token.GTR, constant.MakeInt64(0)) && constant.Compare(v, token.LSS, constant.MakeInt64(large)) {
		f.replace("constant", n, constant.BinaryOp(v, token.SUB, one).ExactString())
	}
}

func isString(t types.Type) bool { return is(t, types.IsString) }

func isBool(t types.Type) bool { return is(t, types.IsBoolean) }

func is(t types.Type, kind types.BasicInfo) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&kind != 0
}
