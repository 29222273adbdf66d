package syntax

// stmt writes a statement: its own expressions on its line, the statements in it below.
func (d *dumper) stmt(n Stmt) {
	switch n := n.(type) {
	case *ExprStmt:
		d.line(n, "%s", Format(n.X))
		d.inner(n.X)
	case *DeclStmt:
		for _, x := range n.Decls {
			d.decl(x)
		}
	case *Block:
		end := " to " + lineCol(n.Rbrace)
		if d.placeless {
			end = ""
		}
		d.line(n, "block%s", end)
		d.depth++
		for _, s := range n.List {
			d.stmt(s)
		}
		d.depth--
	case *If:
		d.line(n, "if %s", Format(n.Cond))
		d.under(n.Then)
		if n.Else != nil {
			d.line(n.Else, "else")
			d.under(n.Else)
		}
	case *While:
		d.line(n, "while %s", Format(n.Cond))
		d.under(n.Body)
	case *DoWhile:
		d.line(n, "do while %s", Format(n.Cond))
		d.under(n.Body)
	case *For:
		init := "-"
		switch s := n.Init.(type) {
		case *ExprStmt:
			init = Format(s.X)
		case *DeclStmt:
			init = "declaration"
		}
		d.line(n, "for %s; %s; %s", init, Format(n.Cond), Format(n.Post))
		if s, ok := n.Init.(*DeclStmt); ok {
			d.under(s)
		}
		d.under(n.Body)
	case *Switch:
		d.line(n, "switch %s", Format(n.X))
		d.under(n.Body)
	case *MacroBlock:
		d.line(n, "macro block %s", Format(n.Call))
		d.under(n.Body)
	default:
		d.simple(n)
	}
}

// simple writes labels, jumps and what has no parts.
func (d *dumper) simple(n Stmt) {
	switch n := n.(type) {
	case *Case:
		hi := ""
		if n.Hi != nil {
			hi = " ... " + Format(n.Hi)
		}
		d.line(n, "case %s%s", Format(n.Lo), hi)
		d.under(n.Body)
	case *Default:
		d.line(n, "default")
		d.under(n.Body)
	case *Label:
		d.line(n, "label %s", n.Name)
		d.under(n.Body)
	case *Goto:
		if n.X != nil {
			d.line(n, "goto *%s", Format(n.X))
		} else {
			d.line(n, "goto %s", n.Label)
		}
	case *Break:
		d.line(n, "break")
	case *Continue:
		d.line(n, "continue")
	case *Return:
		d.line(n, "return %s", Format(n.X))
	case *Empty:
		d.line(n, "empty")
	case *Asm:
		d.line(n, "asm")
	case *BadStmt:
		d.line(n, "BAD statement")
	}
}

// inner writes the blocks of statement expressions in x.
func (d *dumper) inner(x Expr) {
	Walk(x, func(n Node) bool {
		if s, ok := n.(*StmtExpr); ok {
			d.under(s.Body)
			return false
		}
		return true
	})
}
