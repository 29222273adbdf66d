package syntax

// block parses { ... }.
func (g *parser) block() *Block {
	b := &Block{At: g.at()}
	if !g.enter() {
		return b
	}
	defer g.leave()
	open := g.tok()
	g.expect(pLbrace, "to begin a block")
	g.braces = append(g.braces, open)
	g.unit.names.open()
	for g.kind() != tokEOF && (g.kind() != pRbrace || g.surplusBrace(open)) {
		b.List = append(b.List, g.blockItem())
	}
	g.unit.names.close()
	if n := len(g.braces); n > 0 {
		g.braces = g.braces[:n-1]
	}
	b.Rbrace = g.closeBrace(open)
	return b
}

// surplusBrace reports whether the `}` at the current token, which would close the block begun with
// open, is one too many: it is indented though a function's `{` is not, and so is what follows. It
// consumes such a `}`.
func (g *parser) surplusBrace(open token) bool {
	t, after := g.tok(), g.peek(1)
	if g.mode == Tolerant || len(g.braces) != 1 || open.col != 1 || t.col == 1 || !t.has(flagLineStart) ||
		after.col == 1 && after.kind != pRbrace || after.kind == tokEOF || !after.has(flagLineStart) {
		return false
	}
	g.complain(g.pos(), "", "`}` without a matching `{`")
	g.next()
	return g.kind() != pRbrace
}

// blockItem parses one statement or declaration of a block. In Strict mode an error in it ends with
// it.
func (g *parser) blockItem() Stmt {
	at, from := g.at(), g.i
	s := g.labelled()
	if g.failed && !g.unwind && g.mode == Strict {
		g.recoverStatement()
		s = &BadStmt{at}
		if g.i == from && g.kind() != pRbrace {
			g.next()
		}
	}
	return s
}

// labelled parses labels, case and default in a row, and the statement they mark.
func (g *parser) labelled() Stmt {
	var first Stmt
	slot := &first
	outer := g.labels
	for ; ; g.labels++ {
		at := g.at()
		if g.labels > maxLinks {
			g.fail(at.Start, "", "too many labels on one statement")
		}
		switch t := g.tok(); {
		case t.kind == tokIdent && g.peek(1).kind == pColon:
			l := &Label{At: at, Name: t.text}
			g.next()
			g.next()
			g.attributes(false)
			*slot, slot = l, &l.Body
		case t.kind == kwCase:
			g.next()
			c := &Case{At: at, Lo: g.condExpr()}
			if g.got(pEllipsis) {
				c.Hi = g.condExpr()
			}
			g.colon("`case`")
			*slot, slot = c, &c.Body
		case t.kind == kwDefault:
			g.next()
			d := &Default{At: at}
			g.colon("`default`")
			*slot, slot = d, &d.Body
		case t.kind == pRbrace && first != nil:
			g.labels = outer
			*slot = &Empty{at}
			return first
		default:
			*slot = g.statement()
			g.labels = outer
			return first
		}
	}
}

// colon consumes the `:` after a case or default.
func (g *parser) colon(word string) {
	if !g.got(pColon) {
		g.fail(g.missing(), "", "expected `:` after %s, found %s", word, g.tok().describe())
	}
}

// statement parses a statement without a label, or a declaration.
func (g *parser) statement() Stmt {
	at := g.at()
	if !g.enter() {
		return &BadStmt{at}
	}
	defer g.leave()
	switch t := g.tok(); t.kind {
	case pLbrace:
		return g.block()
	case pSemi:
		g.next()
		return &Empty{at}
	case kwIf:
		return g.ifStmt()
	case kwWhile, kwSwitch:
		g.next()
		cond := g.condition("after `" + t.text + "`")
		if t.kind == kwSwitch {
			return &Switch{At: at, X: cond, Body: g.body()}
		}
		return &While{At: at, Cond: cond, Body: g.body()}
	case kwDo:
		return g.doStmt()
	case kwFor:
		return g.forStmt()
	case kwGoto, kwBreak, kwContinue, kwReturn:
		return g.jump()
	case kwElse:
		g.complain(at.Start, "", "`else` without `if`")
		g.next()
		return g.body()
	case kwAsm:
		g.next()
		for k := g.kind(); k == kwVolatile || k == kwInline || k == kwGoto; k = g.kind() {
			g.next()
		}
		g.skipParens()
		g.semicolon("asm")
		return &Asm{at}
	case kwStaticAssert:
		return &DeclStmt{At: at, Decls: []Decl{g.staticAssert()}}
	case kwAttribute:
		if g.fallthroughAhead() {
			g.ofStatement(g.attributes(false))
			g.next()
			return &Empty{at}
		}
	case pLbrack:
		if n := g.afterBrackets(); g.bracketsAhead(0) && n > 0 {
			from := g.i
			attrs := g.attributes(false)
			if g.got(pSemi) {
				g.ofStatement(attrs)
				return &Empty{at}
			}
			if !g.failed && g.declarationAhead() {
				g.i = from
				return &DeclStmt{At: at, Decls: g.declaration(false)}
			}
			g.ofStatement(attrs)
			return g.labelled()
		}
	case tokIdent:
		if isAttributeMacro(t.text) && g.peek(1).kind == pSemi { // G_GNUC_FALLTHROUGH;
			g.next()
			g.next()
			return &Empty{at}
		}
		if t.text == "__label__" && g.peek(1).kind == tokIdent {
			for k := g.kind(); k == tokIdent || k == pComma; k = g.kind() {
				g.next()
			}
			g.semicolon("declaration")
			return &Empty{at}
		}
	}
	if g.declarationAhead() {
		return &DeclStmt{At: at, Decls: g.declaration(false)}
	}
	return g.exprStmt()
}

// body parses the statement that another one governs.
func (g *parser) body() Stmt {
	if g.kind() == pRbrace {
		g.complain(g.missing(), "", "expected a statement, found `}`")
		return &BadStmt{g.at()}
	}
	return g.labelled()
}

// condition parses an expression in parentheses.
func (g *parser) condition(context string) Expr {
	open := g.tok()
	g.expect(pLparen, context)
	x := g.expr()
	g.closing(pRparen, open)
	return x
}

func (g *parser) ifStmt() Stmt {
	s := &If{At: g.at()}
	g.next()
	s.Cond = g.condition("after `if`")
	s.Then = g.body()
	if g.got(kwElse) {
		s.Else = g.body()
	}
	return s
}

func (g *parser) doStmt() Stmt {
	s := &DoWhile{At: g.at()}
	g.next()
	s.Body = g.body()
	if !g.got(kwWhile) {
		g.fail(g.missing(), "", "expected `while` after the body of `do`, found %s", g.tok().describe())
	}
	s.Cond = g.condition("after `while`")
	g.semicolon("`do ... while`")
	return s
}

func (g *parser) forStmt() Stmt {
	s := &For{At: g.at()}
	g.next()
	open := g.tok()
	g.expect(pLparen, "after `for`")
	g.unit.names.open()
	defer g.unit.names.close()
	switch at := g.at(); {
	case g.got(pSemi):
	case g.declarationAhead():
		s.Init = &DeclStmt{At: at, Decls: g.declaration(false)}
	default:
		s.Init = &ExprStmt{At: at, X: g.expr()}
		g.expect(pSemi, "in `for`")
	}
	if g.kind() != pSemi {
		s.Cond = g.expr()
	}
	g.expect(pSemi, "in `for`")
	if g.kind() != pRparen {
		s.Post = g.expr()
	}
	g.closing(pRparen, open)
	s.Body = g.body()
	return s
}

// jump parses goto, break, continue and return.
func (g *parser) jump() Stmt {
	at := g.at()
	t := g.next()
	var s Stmt
	switch t.kind {
	case kwBreak:
		s = &Break{at}
	case kwContinue:
		s = &Continue{at}
	case kwReturn:
		r := &Return{At: at}
		if k := g.kind(); k != pSemi && k != pRbrace && k != tokEOF {
			r.X = g.expr()
		}
		s = r
	default:
		j := &Goto{At: at, Label: g.tok().text, LabelPos: g.pos()}
		s = j
		switch {
		case g.got(pStar):
			j.Label, j.X = "", g.expr()
		case !g.got(tokIdent):
			g.fail(g.missing(), "", "expected a label after `goto`, found %s", g.tok().describe())
		}
	}
	g.semicolon("`" + t.text + "`")
	return s
}

// exprStmt parses an expression and its semicolon. In Tolerant mode a name or a call without a
// semicolon is a macro: on a line of its own it is a statement, and before a statement it governs
// it.
func (g *parser) exprStmt() Stmt {
	s := &ExprStmt{At: g.at()}
	if t := g.tok(); g.mode == Tolerant && t.kind == tokIdent && isShouted(t.text) && g.peek(1).has(flagLineStart) &&
		g.peek(1).kind != pLparen && binding(g.peek(1).kind) == 0 && g.peek(1).kind != pSemi {
		g.next()
		s.X = &Ident{At: s.At, Name: t.text}
		return s
	}
	s.X = g.expr()
	if c, ok := s.X.(*Call); ok && g.mode == Strict && !g.failed && g.kind() != pSemi {
		if id, ok := c.Fun.(*Ident); ok && governs(id.Name) {
			return &MacroBlock{At: s.At, Call: c, Body: g.body()}
		}
	}
	if g.mode == Tolerant && !g.failed && g.kind() != pSemi {
		if c, ok := s.X.(*Call); ok {
			if _, ok := c.Fun.(*Ident); ok {
				return g.macroStmt(s, c)
			}
		}
	}
	g.semicolon("expression")
	return s
}

// macroStmt parses what follows the call of a macro without a semicolon.
func (g *parser) macroStmt(s *ExprStmt, c *Call) Stmt {
	t := g.tok()
	switch {
	case t.kind == pLbrace:
		return &MacroBlock{At: s.At, Call: c, Body: g.block()}
	case t.kind == pRbrace || t.has(flagLineStart) || t.has(flagMacro):
		return s
	case t.kind == tokIdent || t.kind >= firstKeyword && t.kind < firstDeclWord:
		return &MacroBlock{At: s.At, Call: c, Body: g.labelled()}
	}
	g.semicolon("expression")
	return s
}
