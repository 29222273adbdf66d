package syntax

import "strings"

// Format returns an expression or a type as C text on one line: `virMutexLock(&obj->lock)`,
// `virDomainObj *`. Spacing is libvirt's, parentheses are those needed. Equal trees give equal
// text. Other nodes give "".
func Format(n Node) string { return format(n, false) }

// FormatParens is Format with parentheses around every operator's expression, to see how it was
// grouped.
func FormatParens(n Node) string { return format(n, true) }

// FormatShort is Format cut after some hundred characters, for messages: what it costs does not
// depend on how large the expression is.
func FormatShort(n Node) string {
	p := printer{most: maxShort}
	p.node(n)
	return shorten(p.b.String(), maxShort)
}

const maxShort = 400

func format(n Node, full bool) string {
	p := printer{full: full}
	p.node(n)
	return p.b.String()
}

func (p *printer) node(n Node) {
	switch n := n.(type) {
	case Expr:
		p.expr(n, precComma)
	case Type:
		p.write(p.declare(n, ""))
	}
}

// How tightly the kinds of expression bind, loosest first. The operators of binding lie between
// precCond and precUnary.
const (
	precComma = iota
	precAssign
	precCond
	precUnary = precCond + 11
)

const (
	precPostfix = precUnary + 1 + iota
	precPrimary
)

type printer struct {
	b    strings.Builder
	full bool
	most int // stop after so many bytes; 0: never
}

// enough reports whether what follows will be cut.
func (p *printer) enough() bool { return p.most > 0 && p.b.Len() > p.most }

func (p *printer) write(parts ...string) {
	for _, s := range parts {
		if p.most > 0 && len(s) > p.most {
			s = s[:p.most+1]
		}
		p.b.WriteString(s)
	}
}

// precedence returns how tightly x binds.
func precedence(x Expr) int {
	switch x := x.(type) {
	case *Comma:
		return precComma
	case *Assign:
		return precAssign
	case *Cond:
		return precCond
	case *Binary:
		return precCond + operatorBinding(x.Op)
	case *Unary, *Cast, *SizeofExpr:
		return precUnary
	case *Postfix, *Call, *Member, *Index, *CompoundLit:
		return precPostfix
	case *Temp:
		return precedence(x.X)
	}
	return precPrimary
}

// operatorBinding is binding for an operator as it is written.
func operatorBinding(op string) int {
	var w [3]byte
	copy(w[:], op)
	k, _ := punctuatorAt(w[0], w[1], w[2])
	return binding(k)
}

// expr prints x where something that binds at least as tightly as least is needed.
func (p *printer) expr(x Expr, least int) {
	if p.enough() {
		return
	}
	if t, ok := x.(*Temp); ok {
		p.expr(t.X, least)
		return
	}
	prec := precedence(x)
	if prec < least || least == precPostfix && isNumber(x) || p.full && prec <= precUnary && prec > precComma {
		p.write("(")
		defer p.write(")")
	}
	switch x := x.(type) {
	case *Unary:
		p.write(x.Op)
		if inner, ok := x.X.(*Unary); ok && !p.full && inner.Op[0] == x.Op[0] {
			p.write(" ") // - -x is not --x
		}
		p.expr(x.X, precUnary)
	case *Postfix:
		p.expr(x.X, precPostfix)
		p.write(x.Op)
	case *Binary:
		p.expr(x.X, prec)
		p.write(" ", x.Op, " ")
		p.expr(x.Y, prec+1)
	case *Assign:
		p.expr(x.X, precUnary)
		p.write(" ", x.Op, " ")
		p.expr(x.Y, precAssign)
	case *Cond:
		p.expr(x.X, precCond+1)
		if x.Then == nil {
			p.write(" ?: ")
		} else {
			p.write(" ? ")
			p.expr(x.Then, precAssign)
			p.write(" : ")
		}
		p.expr(x.Else, precCond)
	case *Comma:
		p.list(x.List)
	case *Cast:
		p.write("(", p.declare(x.Type, ""), ") ")
		p.expr(x.X, precUnary)
	case *SizeofExpr:
		p.write(sizeofWord(x.Align), "(")
		p.expr(x.X, precComma)
		p.write(")")
	default:
		p.simple(x)
	}
}

// isNumber reports whether x swallows what is written right after it: 0 .a is no number, 0.a would
// be one.
func isNumber(x Expr) bool {
	switch x.(type) {
	case *IntLit, *FloatLit:
		return true
	}
	return false
}

// simple prints expressions that bind tighter than any operator.
func (p *printer) simple(x Expr) {
	switch x := x.(type) {
	case nil:
	case *Ident:
		p.write(x.Name)
	case *IntLit:
		p.write(x.Text)
	case *FloatLit:
		p.write(x.Text)
	case *CharLit:
		p.write(x.Text)
	case *StringLit:
		if p.most > 0 && len(x.Value) > p.most {
			x = &StringLit{Value: x.Value[:p.most]}
		}
		p.write(quote(x))
	case *SizeofType:
		p.write(sizeofWord(x.Align), "(", p.declare(x.Type, ""), ")")
	case *TypeExpr:
		p.write(p.declare(x.Type, ""))
	case *Generic:
		p.write("_Generic(")
		p.expr(x.X, precAssign)
		for _, a := range x.Assocs {
			p.write(", ")
			if a.Type == nil {
				p.write("default")
			} else {
				p.write(p.declare(a.Type, ""))
			}
			p.write(": ")
			p.expr(a.Value, precAssign)
		}
		p.write(")")
	case *Call:
		p.expr(x.Fun, precPostfix)
		p.write("(")
		p.list(x.Args)
		p.write(")")
	case *Member:
		p.expr(x.X, precPostfix)
		if x.Arrow {
			p.write("->", x.Name)
		} else {
			p.write(".", x.Name)
		}
	case *Index:
		p.expr(x.X, precPostfix)
		p.write("[")
		p.expr(x.I, precComma)
		p.write("]")
	case *CompoundLit:
		p.write("(", p.declare(x.Type, ""), ") ")
		p.simple(x.Init)
	case *InitList:
		p.initList(x)
	case *StmtExpr:
		p.write("({ ... })")
	case *BadExpr:
		p.write("<bad>")
	}
}

func (p *printer) list(xs []Expr) {
	for i, x := range xs {
		if p.enough() {
			return
		}
		if i > 0 {
			p.write(", ")
		}
		p.expr(x, precAssign)
	}
}

func (p *printer) initList(l *InitList) {
	p.write("{")
	for i, item := range l.Items {
		if p.enough() {
			return
		}
		if i > 0 {
			p.write(",")
		}
		p.write(" ")
		for _, d := range item.Path {
			if d.Field != "" {
				p.write(".", d.Field)
				continue
			}
			p.write("[")
			p.expr(d.Lo, precCond)
			if d.Hi != nil {
				p.write(" ... ")
				p.expr(d.Hi, precCond)
			}
			p.write("]")
		}
		if len(item.Path) > 0 {
			p.write(" = ")
		}
		p.expr(item.Value, precAssign)
	}
	p.write(" }")
}

func sizeofWord(align bool) string {
	if align {
		return "_Alignof"
	}
	return "sizeof"
}

// quote prints a string literal, the macros in it after its text.
func quote(x *StringLit) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(x.Value) {
		i := strings.IndexByte("\a\b\f\n\r\t\v\\\"", c)
		switch {
		case i >= 0:
			b.WriteByte('\\')
			b.WriteByte(`abfnrtv\"`[i])
		case c < ' ' || c == 0x7f:
			b.Write([]byte{'\\', '0' + c>>6, '0' + c>>3&7, '0' + c&7}) // octal ends after three digits, hexadecimal never
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	for _, m := range x.Macros {
		b.WriteString(" " + m)
	}
	return b.String()
}
