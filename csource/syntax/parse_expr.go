package syntax

// binding gives the precedence of binary operators, 0 for other tokens. All of them group to the
// left.
func binding(k kind) int {
	switch k {
	case pStar, pSlash, pPercent:
		return 10
	case pPlus, pMinus:
		return 9
	case pShl, pShr:
		return 8
	case pLt, pGt, pLe, pGe:
		return 7
	case pEq, pNe:
		return 6
	case pAmp:
		return 5
	case pCaret:
		return 4
	case pPipe:
		return 3
	case pAndAnd:
		return 2
	case pOrOr:
		return 1
	}
	return 0
}

// expr parses an expression, comma operator included.
func (g *parser) expr() Expr {
	x := g.assignExpr()
	if g.kind() != pComma {
		return x
	}
	c := &Comma{At: At{x.Pos()}, List: []Expr{x}}
	for g.got(pComma) {
		c.List = append(c.List, g.assignExpr())
	}
	return c
}

// assignExpr parses an expression without a comma operator.
func (g *parser) assignExpr() Expr {
	at := g.at()
	if !g.enter() {
		return &BadExpr{at}
	}
	defer g.leave()
	defer g.unchained(g.chained())
	x := g.conditional()
	if k := g.kind(); k == pAssign || k >= pStarAssign && k <= pPipeAssign {
		op := g.next()
		return &Assign{At: at, Op: op.text, OpPos: g.unit.pos(op), X: x, Y: g.assignExpr()}
	}
	return x
}

// condExpr parses what C calls a constant expression: one without assignment and comma.
func (g *parser) condExpr() Expr {
	defer g.unchained(g.chained())
	return g.conditional()
}

// conditional parses a conditional expression.
func (g *parser) conditional() Expr {
	at := g.at()
	x := g.binaryExpr(1)
	if !g.got(pQuestion) {
		return x
	}
	c := &Cond{At: at, X: x}
	if g.kind() != pColon {
		c.Then = g.expr()
	}
	g.expect(pColon, "in the conditional expression")
	if !g.enter() {
		return c
	}
	defer g.leave()
	c.Else = g.conditional()
	return c
}

// binaryExpr parses operands joined by operators that bind at least as tightly as least.
func (g *parser) binaryExpr(least int) Expr {
	x := g.unaryExpr()
	for {
		b := binding(g.kind())
		if b < least || b == 0 || !g.link() {
			return x
		}
		op := g.next()
		y := g.binaryExpr(b + 1)
		x = &Binary{At: At{x.Pos()}, Op: op.text, OpPos: g.unit.pos(op), X: x, Y: y}
	}
}

// unaryExpr parses prefix operators, casts, and what they apply to.
func (g *parser) unaryExpr() Expr {
	at := g.at()
	if !g.enter() {
		return &BadExpr{at}
	}
	defer g.leave()
	switch g.kind() {
	case pInc, pDec, pAmp, pStar, pPlus, pMinus, pTilde, pNot:
		op := g.next()
		return &Unary{At: at, Op: op.text, X: g.unaryExpr()}
	case pAndAnd:
		g.next()
		label := &Ident{At: g.at(), Name: g.tok().text}
		if !g.got(tokIdent) {
			g.fail(g.pos(), "", "expected a label after `&&`, found %s", g.tok().describe())
		}
		return &Unary{At: at, Op: "&&", X: label}
	case kwExtension:
		g.next()
		return g.unaryExpr()
	case kwSizeof, kwAlignof:
		return g.sizeofExpr()
	case pLparen:
		if g.typeInParens() {
			return g.castExpr()
		}
	}
	return g.postfix(g.primaryExpr())
}

// sizeofExpr parses sizeof and _Alignof.
func (g *parser) sizeofExpr() Expr {
	at := g.at()
	align := g.next().kind == kwAlignof
	if g.kind() == pLparen && g.typeInParens() {
		open := g.next()
		t := g.typeName()
		g.closing(pRparen, open)
		if g.kind() == pLbrace {
			lit := g.postfix(&CompoundLit{At: At{g.unit.pos(open)}, Type: t, Init: g.initList()})
			return &SizeofExpr{At: at, X: lit, Align: align}
		}
		return &SizeofType{At: at, Type: t, Align: align}
	}
	return &SizeofExpr{At: at, X: g.unaryExpr(), Align: align}
}

// castExpr parses a cast or a compound literal.
func (g *parser) castExpr() Expr {
	at := g.at()
	open := g.next()
	t := g.typeName()
	g.closing(pRparen, open)
	if g.kind() == pLbrace {
		return g.postfix(&CompoundLit{At: at, Type: t, Init: g.initList()})
	}
	return &Cast{At: at, Type: t, X: g.unaryExpr()}
}

// postfix parses calls, subscripts, member selections and x++ after x.
func (g *parser) postfix(x Expr) Expr {
	for {
		at := At{x.Pos()}
		switch g.kind() {
		case pLparen:
			if !g.link() {
				return x
			}
			x = g.call(x)
		case pLbrack:
			if !g.link() {
				return x
			}
			open := g.next()
			x = &Index{At: at, X: x, I: g.expr()}
			g.closing(pRbrack, open)
		case pDot, pArrow:
			if !g.link() {
				return x
			}
			m := &Member{At: at, X: x, Arrow: g.next().kind == pArrow, Name: g.tok().text, NamePos: g.pos()}
			if !g.got(tokIdent) {
				g.fail(g.missing(), "", "expected a field name, found %s", g.tok().describe())
			}
			x = m
		case pInc, pDec:
			if !g.link() {
				return x
			}
			x = &Postfix{At: at, Op: g.next().text, X: x}
		default:
			return x
		}
	}
}

// call parses the arguments of a call of fun.
func (g *parser) call(fun Expr) *Call {
	c := &Call{At: At{fun.Pos()}, Fun: fun, Lparen: g.pos()}
	open := g.next()
	for g.kind() != pRparen && !g.failed {
		c.Args = append(c.Args, g.argument())
		if !g.got(pComma) {
			break
		}
		if g.kind() == pRparen {
			c.Args = append(c.Args, g.missingArgument())
		}
	}
	c.Rparen = g.closing(pRparen, open)
	return c
}

// argument parses one argument: an expression, or a type for a macro that takes one.
func (g *parser) argument() Expr {
	if g.typeAsArgument() {
		at := g.at()
		return &TypeExpr{At: at, Type: g.typeName()}
	}
	if g.kind() == pComma {
		return g.missingArgument()
	}
	if after := g.peek(1).kind; g.mode == Tolerant && binding(g.kind()) > 0 && (after == pComma || after == pRparen) {
		x := &BadExpr{g.at()} // an operator for a macro: g_assert_cmpint(x, ==, y)
		g.next()
		return x
	}
	return g.assignExpr()
}

// missingArgument is an argument with nothing in it: macros have them, functions do not.
func (g *parser) missingArgument() Expr {
	if g.mode == Strict {
		g.fail(g.missing(), "", "expected an expression, found %s", g.tok().describe())
	}
	return &BadExpr{g.at()}
}

// primaryExpr parses a name, a constant, or an expression in parentheses.
func (g *parser) primaryExpr() Expr {
	at := g.at()
	switch t := g.tok(); t.kind {
	case tokIdent:
		if t.text == "_Generic" && g.peek(1).kind == pLparen {
			return g.generic()
		}
		g.next()
		if g.mode == Tolerant && g.kind() == tokString {
			return g.stringLit(at, t.text)
		}
		if g.mode == Tolerant && g.kind() == tokIdent && isShouted(t.text) && !g.tok().has(flagLineStart) {
			return &Cast{At: at, Type: &MacroType{At: at, Name: t.text}, X: g.unaryExpr()} // libxml's BAD_CAST x
		}
		return &Ident{At: at, Name: t.text}
	case tokNumber:
		g.next()
		return g.number(t)
	case tokChar:
		g.next()
		if g.unclosed(t) {
			return &BadExpr{at}
		}
		return &CharLit{At: at, Value: g.charValue(t), Text: t.text}
	case tokString:
		return g.stringLit(at, "")
	case pLparen:
		g.next()
		if g.kind() == pLbrace {
			s := &StmtExpr{At: at, Body: g.block()}
			g.closing(pRparen, t)
			return s
		}
		x := g.expr()
		g.closing(pRparen, t)
		return x
	}
	g.fail(g.missing(), "", "expected an expression, found %s", g.tok().describe())
	return &BadExpr{at}
}

// generic parses _Generic(x, type: value, default: value).
func (g *parser) generic() Expr {
	x := &Generic{At: g.at()}
	g.next()
	open := g.next()
	x.X = g.assignExpr()
	for g.got(pComma) {
		a := &Assoc{At: g.at()}
		if !g.got(kwDefault) {
			a.Type = g.typeName()
		}
		g.expect(pColon, "after the type")
		a.Value = g.assignExpr()
		x.Assocs = append(x.Assocs, a)
		if len(x.Assocs) > maxAttributes {
			g.fail(g.pos(), "", "more than %d choices", maxAttributes)
		}
	}
	g.closing(pRparen, open)
	return x
}
