package slice

import (
	"fmt"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
)

// String is the functions of a slice as C, each line with the line of the tree from which it is.
func (s *Slice) String() string {
	p := &printer{}
	for i, d := range s.File.Decls {
		def, ok := d.(*syntax.FuncDef)
		if !ok {
			continue
		}
		if i > 0 && p.b.Len() > 0 {
			p.b.WriteByte('\n')
		}
		p.function(def)
	}
	return p.b.String()
}

// A printer writes statements, a line each.
type printer struct {
	b     strings.Builder
	depth int
}

// comments stand in this column, where the code leaves room for them.
const commentColumn = 80

func (p *printer) line(n syntax.Node, format string, args ...any) {
	text := strings.Repeat("    ", p.depth) + fmt.Sprintf(format, args...)
	if n == nil {
		p.b.WriteString(text + "\n")
		return
	}
	fmt.Fprintf(&p.b, "%-*s /* %d */\n", commentColumn, text, n.Pos().Line)
}

func (p *printer) function(d *syntax.FuncDef) {
	fmt.Fprintf(&p.b, "/* %s */\n%s\n", strings.ReplaceAll(d.Pos().String(), "*/", "*\\/"),
		syntax.FormatDecl(d.Type, d.Name))
	p.line(nil, "{")
	p.nested(d.Body.List)
	p.line(nil, "}")
}

func (p *printer) nested(list []syntax.Stmt) {
	p.depth++
	for _, s := range list {
		p.stmt(s)
	}
	p.depth--
}

// under prints a statement that another one governs.
func (p *printer) under(s syntax.Stmt) {
	if b, ok := s.(*syntax.Block); ok {
		p.nested(b.List)
	} else {
		p.nested([]syntax.Stmt{s})
	}
}

func (p *printer) stmt(s syntax.Stmt) {
	switch x := s.(type) {
	case *syntax.ExprStmt:
		p.line(x, "%s;", syntax.Format(x.X))
	case *syntax.DeclStmt:
		for _, d := range x.Decls {
			p.declaration(d)
		}
	case *syntax.Block:
		p.line(nil, "{")
		p.nested(x.List)
		p.line(nil, "}")
	case *syntax.If:
		p.line(x, "if (%s) {", syntax.Format(x.Cond))
		p.under(x.Then)
		if x.Else != nil {
			p.line(nil, "} else {")
			p.under(x.Else)
		}
		p.line(nil, "}")
	case *syntax.While:
		p.line(x, "while (%s) {", syntax.Format(x.Cond))
		p.under(x.Body)
		p.line(nil, "}")
	case *syntax.DoWhile:
		p.line(x, "do {")
		p.under(x.Body)
		p.line(nil, "} while (%s);", syntax.Format(x.Cond))
	case *syntax.For:
		p.line(x, "for (%s; %s; %s) {", first(x.Init), optional(x.Cond), optional(x.Post))
		p.under(x.Body)
		p.line(nil, "}")
	case *syntax.Switch:
		p.line(x, "switch (%s) {", syntax.Format(x.X))
		p.under(x.Body)
		p.line(nil, "}")
	case *syntax.MacroBlock:
		p.line(x, "%s {", syntax.Format(x.Call))
		p.under(x.Body)
		p.line(nil, "}")
	default:
		p.mark(s)
	}
}

// mark prints labels, jumps and what else has a line of its own.
func (p *printer) mark(s syntax.Stmt) {
	switch x := s.(type) {
	case *syntax.Label:
		p.behind(x, x.Name+":", x.Body)
	case *syntax.Case:
		text := "case " + syntax.Format(x.Lo)
		if x.Hi != nil {
			text += " ... " + syntax.Format(x.Hi)
		}
		p.behind(x, text+":", x.Body)
	case *syntax.Default:
		p.behind(x, "default:", x.Body)
	case *syntax.Goto:
		p.line(x, "goto %s;", x.Label)
	case *syntax.Break:
		p.line(x, "break;")
	case *syntax.Continue:
		p.line(x, "continue;")
	case *syntax.Return:
		if x.X == nil {
			p.line(x, "return;")
		} else {
			p.line(x, "return %s;", syntax.Format(x.X))
		}
	case *syntax.Empty:
		p.line(nil, ";")
	}
}

func (p *printer) behind(n syntax.Node, label string, s syntax.Stmt) {
	p.depth--
	p.line(n, "%s", label)
	p.depth++
	p.stmt(s)
}

func (p *printer) declaration(d syntax.Decl) {
	v, ok := d.(*syntax.VarDecl)
	if !ok {
		return
	}
	p.line(v, "%s;", variable(v))
}

func variable(v *syntax.VarDecl) string {
	text := syntax.FormatDecl(v.Type, v.Name)
	if len(v.Attrs) > 0 {
		text = v.Attrs[0].Name + " " + v.Name
	}
	if v.Init != nil {
		text += " = " + syntax.Format(v.Init)
	}
	return text
}

// first is the declaration of a counter, which alone stands in the head of a for loop.
func first(s syntax.Stmt) string {
	if d, ok := s.(*syntax.DeclStmt); ok {
		if v, ok := d.Decls[0].(*syntax.VarDecl); ok {
			return variable(v)
		}
	}
	return ""
}

func optional(x syntax.Expr) string {
	if x == nil {
		return ""
	}
	return syntax.Format(x)
}
