package syntax

import "strings"

// isAttributeMacro reports whether name is a macro that stands where attributes do and that both
// modes know.
func isAttributeMacro(name string) bool {
	return strings.HasPrefix(name, "ATTRIBUTE_") || strings.HasPrefix(name, "G_GNUC_") || name == "g_autofree" ||
		name == "G_NORETURN" || name == "G_NO_INLINE" || name == "G_INLINE_FUNC"
}

// isShouted reports whether name is spelled as macros are: capitals, digits and underscores.
func isShouted(name string) bool {
	return name == strings.ToUpper(name) && strings.ToLower(name) != name
}

// attributes parses the attributes at the current token, if any: __attribute__, asm names,
// attribute macros, and in Tolerant mode, where anyMacro allows it, every name.
func (g *parser) attributes(anyMacro bool) []*Attr {
	var attrs []*Attr
	for {
		t := g.tok()
		switch {
		case len(attrs) > maxAttributes:
			g.fail(g.pos(), "", "more than %d attributes", maxAttributes)
			return attrs
		case t.kind == kwAttribute:
			attrs = append(attrs, g.attributeList()...)
		case g.bracketsAhead(0):
			attrs = append(attrs, g.bracketList()...)
		case t.kind == kwAlignas:
			a := &Attr{At: g.at(), Name: "aligned"}
			if g.next(); g.kind() != pLparen {
				g.fail(g.missing(), "", "expected `(`, found %s", g.tok().describe())
				return attrs
			}
			a.Args = g.attributeArgs()
			attrs = append(attrs, a)
		case t.kind == kwAsm:
			g.next()
			g.skipParens()
		case t.kind == kwExtension:
			g.next()
		case t.kind == tokIdent && (isAttributeMacro(t.text) || anyMacro && g.mode == Tolerant):
			attrs = append(attrs, g.attributeMacro())
		default:
			return attrs
		}
	}
}

// attributeMacro parses NAME or NAME(arguments).
func (g *parser) attributeMacro() *Attr {
	a := &Attr{At: g.at(), Name: g.next().text, Macro: true}
	if g.kind() == pLparen && g.peek(1).kind != pStar {
		a.Args = g.attributeArgs()
	}
	return a
}

// attributeList parses __attribute__((a, b(x, y))).
func (g *parser) attributeList() []*Attr {
	var attrs []*Attr
	g.next()
	outer := g.tok()
	g.expect(pLparen, "after `__attribute__`")
	inner := g.tok()
	g.expect(pLparen, "after `__attribute__(`")
	for g.kind() != pRparen && !g.failed {
		t := g.tok()
		if t.kind == pComma {
			g.next()
			continue
		}
		if !t.isWord() {
			g.fail(g.missing(), "", "expected an attribute, found %s", t.describe())
			break
		}
		a := &Attr{At: g.at(), Name: trimUnderscores(t.text)}
		g.next()
		if g.kind() == pLparen {
			a.Args = g.attributeArgs()
		}
		attrs = append(attrs, a)
		if len(attrs) > maxAttributes {
			g.fail(g.pos(), "", "more than %d attributes", maxAttributes)
		}
		if g.kind() != pComma {
			break
		}
	}
	g.closing(pRparen, inner)
	g.closing(pRparen, outer)
	return attrs
}

// bracketsAhead reports whether [[ stands n tokens ahead: C23's attributes.
func (g *parser) bracketsAhead(n int) bool {
	return g.peek(n).kind == pLbrack && g.peek(n+1).kind == pLbrack
}

// bracketList parses [[a, b(x), gnu::c]]. Those of GNU C go by their own names.
func (g *parser) bracketList() []*Attr {
	var attrs []*Attr
	outer, inner := g.next(), g.next()
	for g.kind() != pRbrack && !g.failed {
		if g.got(pComma) {
			continue
		}
		t := g.tok()
		if !t.isWord() {
			g.fail(g.missing(), "", "expected an attribute, found %s", t.describe())
			break
		}
		a := &Attr{At: g.at(), Name: trimUnderscores(t.text)}
		g.next()
		if g.kind() == pColon && g.peek(1).kind == pColon && g.peek(2).isWord() {
			g.next()
			g.next()
			if name := trimUnderscores(g.next().text); a.Name == "gnu" {
				a.Name = name
			} else {
				a.Name += "::" + name
			}
		}
		if g.kind() == pLparen {
			a.Args = g.attributeArgs()
		}
		attrs = append(attrs, a)
		if len(attrs) > maxAttributes {
			g.fail(g.pos(), "", "more than %d attributes", maxAttributes)
		}
	}
	g.closing(pRbrack, inner)
	g.closing(pRbrack, outer)
	return attrs
}

// ofStatement refuses attributes of a statement that may change what it does.
func (g *parser) ofStatement(attrs []*Attr) {
	for _, a := range attrs {
		switch a.Name {
		case "fallthrough", "maybe_unused", "unused", "likely", "unlikely", "deprecated", "cold", "hot":
		default:
			if g.mode == Strict {
				g.complain(a.Pos(), "", "attribute %s of a statement cannot be modelled", a.Name)
			}
		}
	}
}

// afterBrackets is how far ahead the token after [[ ]] stands; 0 when it does not end.
func (g *parser) afterBrackets() int {
	depth := 0
	for n := range maxLookahead {
		switch g.peek(n).kind {
		case pLbrack:
			depth++
		case pRbrack:
			if depth--; depth == 0 {
				return n + 1
			}
		case tokEOF:
			return 0
		}
	}
	return 0
}

// attributeArgs parses the arguments of one attribute.
func (g *parser) attributeArgs() []Expr {
	open := g.next()
	var args []Expr
	for g.kind() != pRparen && !g.failed {
		args = append(args, g.argument())
		if !g.got(pComma) {
			break
		}
	}
	g.closing(pRparen, open)
	return args
}

// trimUnderscores makes noreturn of __noreturn__.
func trimUnderscores(name string) string {
	if len(name) > 4 && strings.HasPrefix(name, "__") && strings.HasSuffix(name, "__") {
		return name[2 : len(name)-2]
	}
	return name
}

// skipParens skips the parentheses at the current token with all they contain.
func (g *parser) skipParens() {
	open := g.tok()
	if open.kind != pLparen {
		g.fail(g.missing(), "", "expected `(`, found %s", open.describe())
		return
	}
	if n := g.afterParens(0); n > 0 {
		g.i += n
		return
	}
	g.fail(g.unit.pos(open), "", "`(` is never closed")
}

// afterParens returns how far ahead the token after a parenthesised group is, which begins n tokens
// ahead; 0 when it does not end, or not within maxLookahead.
func (g *parser) afterParens(n int) int {
	depth := 0
	for end := n + maxLookahead; n < end; n++ {
		switch g.peek(n).kind {
		case pLparen:
			depth++
		case pRparen:
			depth--
			if depth == 0 {
				return n + 1
			}
		case tokEOF:
			return 0
		}
	}
	return 0
}
