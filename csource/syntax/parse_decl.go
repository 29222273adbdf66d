package syntax

// file parses all declarations of a source.
func (g *parser) file() []Decl {
	var decls []Decl
	for g.kind() != tokEOF {
		from := g.i
		decls = append(decls, g.external()...)
		if g.failed {
			decls = append(decls, &BadDecl{At{g.unit.pos(g.toks[from])}})
			g.recoverDeclaration(from)
		}
		if g.i == from {
			g.i++ // an error at its first token: never stay
		}
	}
	return decls
}

// external parses what stands at file scope: a function, or a declaration.
func (g *parser) external() []Decl {
	switch t := g.tok(); t.kind {
	case pSemi:
		g.next()
		return nil
	case pRbrace:
		g.complain(g.pos(), "", "`}` without a matching `{`")
		g.next()
		g.got(pSemi)
		return nil
	case kwStaticAssert:
		return []Decl{g.staticAssert()}
	case kwAsm:
		d := &AsmDecl{g.at()}
		g.next()
		g.skipParens()
		g.semicolon("asm")
		return []Decl{d}
	case tokIdent:
		if d := g.declaringMacro(); d != nil {
			return []Decl{d}
		}
		if g.mode == Tolerant {
			if d := g.externalMacro(); d != nil {
				return []Decl{d}
			}
		}
	}
	return g.declaration(true)
}

// externalMacro skips an unknown macro at file scope, with or without arguments and semicolon.
func (g *parser) externalMacro() Decl {
	d := &MacroDecl{At: g.at(), Name: g.tok().text}
	after := g.peek(1)
	if after.kind != pLparen {
		if !isShouted(d.Name) || after.kind != pSemi &&
			!(after.has(flagLineStart) && (after.kind >= firstDeclWord || after.kind == tokEOF)) {
			return nil
		}
		g.next()
		g.got(pSemi)
		return d
	}
	n := g.afterParens(1)
	if n == 0 {
		return nil
	}
	switch t := g.peek(n); {
	case t.kind == pSemi, t.kind == tokEOF:
	case t.has(flagLineStart) && (t.kind == tokIdent || t.kind >= firstDeclWord):
	default:
		return nil
	}
	g.i += n
	g.got(pSemi)
	return d
}

// staticAssert parses _Static_assert(condition, "message");
func (g *parser) staticAssert() Decl {
	d := &StaticAssert{At: g.at()}
	g.next()
	open := g.tok()
	g.expect(pLparen, "after `_Static_assert`")
	d.Cond = g.condExpr()
	if g.got(pComma) {
		g.expr()
	}
	g.closing(pRparen, open)
	g.semicolon("`_Static_assert`")
	return d
}

// declaration parses specifiers and the names they declare, up to the semicolon, or a function when
// that is allowed.
func (g *parser) declaration(external bool) []Decl {
	from := g.i
	s := g.specifiers()
	if s.typ == nil && !g.failed && !g.implicitType(&s, external) {
		return nil
	}
	if g.mode == Tolerant && s.defines && isShouted(g.tok().text) && g.peek(1).kind == pSemi {
		s.attrs = append(s.attrs, g.attributeMacro()) // struct s {...} PACKED;
	}
	if external {
		g.fileScope(s)
	}
	if g.kind() == pSemi {
		return g.typeOnly(s)
	}
	var decls []Decl
	for first := true; ; first = false {
		d := g.declarator(s.typ, named)
		d.attrs = joinAttrs(s.attrs, d.attrs, g.attributes(true))
		if g.failed {
			return decls
		}
		if f, ok := d.typ.(*Func); ok && first && g.kind() == pLbrace && !s.storage.Has(Typedef) {
			if !external {
				g.nestedFunction(from, d.name)
				return nil
			}
			return []Decl{g.function(s, d, f)}
		}
		decls = append(decls, g.declare(s, d))
		if !g.got(pComma) {
			break
		}
	}
	g.semicolon("declaration")
	return decls
}

// implicitType handles a declaration without a type: an error, save for a function in Tolerant
// mode.
func (g *parser) implicitType(s *specs, external bool) bool {
	t := g.tok()
	switch {
	case g.mode == Tolerant && t.kind == tokIdent && g.peek(1).kind == pLparen && external:
		s.typ = &Basic{At: At{s.pos}, Name: "int"}
		return true
	case t.kind == tokIdent && s.storage&^Const != 0:
		g.fail(g.pos(), "", "expected a type before `%s`", t.text)
	case t.kind == tokIdent && g.peek(1).kind == pLparen:
		g.fail(g.pos(), "", "expected a type before `%s`: only declarations can stand outside a function", t.text)
	default:
		g.fail(g.pos(), "", "expected a declaration, found %s", t.describe())
	}
	return false
}

// typeOnly makes the declaration of `struct s {...};` and its like.
func (g *parser) typeOnly(s specs) []Decl {
	if !s.defines {
		g.complain(g.pos(), "", "expected a name, found `;`")
	}
	g.next()
	switch t := s.typ.(type) {
	case *StructType:
		t.Attrs = joinAttrs(t.Attrs, s.attrs)
		return []Decl{&StructDecl{At: t.At, Type: t}}
	case *EnumType:
		t.Attrs = joinAttrs(t.Attrs, s.attrs)
		return []Decl{&EnumDecl{At: t.At, Type: t}}
	}
	return nil
}

// declare makes the declaration of one name, its initialiser included, and gives the name its
// meaning.
func (g *parser) declare(s specs, d declared) Decl {
	at := At{d.pos}
	if s.storage.Has(Typedef) {
		g.unit.names.declare(d.name, typeName)
		return &TypedefDecl{At: at, Name: d.name, Type: d.typ, Attrs: d.attrs}
	}
	g.unit.names.declare(d.name, otherName)
	if f, ok := d.typ.(*Func); ok {
		return &Prototype{At: at, Name: d.name, Type: f, Storage: s.storage, Attrs: d.attrs}
	}
	v := &VarDecl{At: at, Name: d.name, Type: d.typ, Storage: s.storage, Attrs: d.attrs}
	if g.got(pAssign) {
		v.Init = g.initializer()
	}
	return v
}

// function parses the body of a function.
func (g *parser) function(s specs, d declared, f *Func) Decl {
	fn := &FuncDef{At: At{d.pos}, Name: d.name, Type: f, Storage: s.storage, Attrs: d.attrs, FromMacro: d.fromMacro}
	names := &g.unit.names
	names.declare(d.name, otherName)
	names.open()
	for _, p := range f.Params {
		names.declare(p.Name, otherName)
	}
	errors, open := g.errors, g.i
	fn.Body = g.block()
	names.close()
	fn.Bad = g.errors > errors
	switch {
	case g.unwind:
		g.unwind = false
	case g.failed && g.mode == Tolerant:
		g.i = g.functionEnd(open)
		fn.Body.Rbrace = g.unit.pos(g.toks[g.i])
		g.failed = false
		g.next()
	}
	g.failed = false
	return fn
}

// nestedFunction fails because a function is defined inside another, which C does not allow: in
// fact a `}` is missing before it. The function around it ends there, and the definition is parsed
// again at file scope.
func (g *parser) nestedFunction(from int, name string) {
	if t := g.toks[from]; t.col > 1 && g.mode == Strict {
		g.fail(g.unit.pos(t), "move it to file scope", "%s is defined inside of a function, which cannot be modelled", name)
		g.i = from
		return
	}
	hint := ""
	if n := len(g.braces); n > 0 {
		hint = "the `{` at " + lineCol(g.unit.pos(g.braces[n-1])) + " is never closed"
	}
	g.i = from
	g.fail(g.afterLast(), hint, "expected `}` before the definition of `%s`", name)
	g.unwind = true
}

// initializer parses what follows the `=` of a declaration.
func (g *parser) initializer() Expr {
	if g.kind() == pLbrace {
		return g.initList()
	}
	return g.assignExpr()
}

// initList parses a braced initialiser.
func (g *parser) initList() *InitList {
	l := &InitList{At: g.at()}
	if !g.enter() {
		return l
	}
	defer g.leave()
	open := g.next()
	for g.kind() != pRbrace && !g.failed {
		l.Items = append(l.Items, g.initItem())
		if !g.got(pComma) && !(g.mode == Tolerant && g.kind() == tokIdent && g.tok().has(flagLineStart)) {
			break
		}
	}
	if !g.failed && g.kind() != pRbrace {
		g.fail(g.missing(), "", "expected `,` or `}` in the initialiser, found %s", g.tok().describe())
	}
	l.Rbrace = g.closeBrace(open)
	return l
}

// initItem parses one element of a braced initialiser.
func (g *parser) initItem() *InitItem {
	item := &InitItem{At: g.at()}
	if g.kind() == tokIdent && g.peek(1).kind == pColon { // GNU's old `field: value`
		item.Path = []Designator{{Field: g.next().text}}
		g.next()
		item.Value = g.initializer()
		return item
	}
	for {
		switch g.kind() {
		case pDot:
			g.next()
			item.Path = append(item.Path, Designator{Field: g.tok().text})
			if !g.got(tokIdent) {
				g.fail(g.missing(), "", "expected a field name, found %s", g.tok().describe())
			}
			continue
		case pLbrack:
			open := g.next()
			d := Designator{Lo: g.condExpr()}
			if g.got(pEllipsis) {
				d.Hi = g.condExpr()
			}
			g.closing(pRbrack, open)
			item.Path = append(item.Path, d)
			continue
		}
		break
	}
	if len(item.Path) > 0 {
		g.expect(pAssign, "after the designator")
	}
	item.Value = g.initializer()
	return item
}
