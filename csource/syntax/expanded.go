package syntax

import "strings"

// Expanded carries out the call of a function-like macro that a source has defined, with the
// positions of the call. It is nil where the name is none, or where what comes out is no
// expression.
func (p *Parser) Expanded(c *Call) Expr {
	id, ok := c.Fun.(*Ident)
	if !ok {
		return nil
	}
	if m := p.macros[id.Name]; m == nil || m.given || !m.function {
		return nil
	}
	// As a variable's first value, so far down and to the right as the call stands.
	at := c.Pos()
	text := strings.Repeat("\n", max(at.Line-2, 0)) + "int e =\n" + strings.Repeat(" ", max(at.Col-1, 0)) +
		Format(c) + ";\n"
	before := len(p.diags)
	f := p.Parse(Source{Name: at.File, Text: []byte(text)})
	if len(p.diags) > before || len(f.Decls) != 1 {
		p.diags = p.diags[:before]
		return nil
	}
	v, ok := f.Decls[0].(*VarDecl)
	if !ok {
		return nil
	}
	return v.Init
}
