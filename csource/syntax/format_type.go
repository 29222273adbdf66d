package syntax

// FormatDecl returns the declaration of name with type t: FormatDecl(t, "next") is `virDomainObj
// *next`.
func FormatDecl(t Type, name string) string {
	var p printer
	return p.declare(t, name)
}

// declare prints t around inner, a name or what has been printed of a declarator. C writes types
// inside out.
func (p *printer) declare(t Type, inner string) string {
	for {
		long := p.most > 0 && len(inner) > p.most // what is written behind it will be cut
		switch x := t.(type) {
		case *Pointer:
			switch x.Elem.(type) {
			case *Array, *Func:
				inner = "(*" + inner + ")"
			default:
				inner = "*" + inner
			}
			t = x.Elem
		case *Array:
			if !long {
				inner += "[" + p.length(x) + "]"
			}
			t = x.Elem
		case *Func:
			if !long {
				inner += "(" + p.params(x) + ")"
			}
			t = x.Result
		default:
			if inner == "" || inner[0] == '[' {
				return p.base(t) + inner
			}
			return p.base(t) + " " + inner
		}
	}
}

func (p *printer) params(f *Func) string {
	if len(f.Params) == 0 && !f.Variadic {
		return "void"
	}
	all := printer{most: p.most}
	for i, param := range f.Params {
		if all.enough() {
			break
		}
		if i > 0 {
			all.write(", ")
		}
		all.write(p.declare(param.Type, param.Name))
	}
	if f.Variadic {
		if len(f.Params) > 0 {
			all.write(", ")
		}
		all.write("...")
	}
	return all.b.String()
}

func (p *printer) length(a *Array) string {
	if a.Len == nil {
		return ""
	}
	return p.apart(a.Len)
}

// apart prints an expression on its own.
func (p *printer) apart(x Expr) string {
	inner := printer{full: p.full, most: p.most}
	inner.expr(x, precComma)
	return inner.b.String()
}

// base prints a type that is no declarator.
func (p *printer) base(t Type) string {
	switch t := t.(type) {
	case *Basic:
		return t.Name
	case *TypeName:
		return t.Name
	case *StructType:
		word := "struct"
		if t.IsUnion {
			word = "union"
		}
		return tagged(word, t.Tag, t.HasBody)
	case *EnumType:
		return tagged("enum", t.Tag, t.HasBody)
	case *Atomic:
		return "_Atomic(" + p.declare(t.Elem, "") + ")"
	case *TypeofType:
		if t.Type != nil {
			return "typeof(" + p.declare(t.Type, "") + ")"
		}
		return "typeof(" + p.apart(t.X) + ")"
	case *MacroType:
		inner := printer{full: p.full, most: p.most}
		inner.list(t.Args)
		return t.Name + "(" + inner.b.String() + ")"
	}
	return "<bad>"
}

func tagged(word, tag string, body bool) string {
	if tag != "" {
		word += " " + tag
	}
	if body {
		word += " {...}"
	}
	return word
}
