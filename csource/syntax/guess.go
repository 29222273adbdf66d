package syntax

import "strings"

// This file decides what a token begins where C's grammar alone does not say: a type, a
// declaration, an expression. What is declared decides first. For unknown names the tokens that
// follow do, in both modes: `foo *x;` is a declaration, of an unknown type in Strict mode, of a
// guessed one in Tolerant mode.

// looksLikeType reports whether a name is spelled as only types are.
func looksLikeType(name string) bool {
	return strings.HasSuffix(name, "_t") || len(name) > 3 && strings.HasSuffix(name, "Ptr")
}

// typeInParens reports whether the `(` at the current token is followed by a type: it is a cast, or
// sizeof's.
func (g *parser) typeInParens() bool {
	t := g.peek(1)
	if t.kind >= firstDeclWord {
		return true
	}
	if t.kind != tokIdent {
		return false
	}
	after := g.peek(2)
	switch g.unit.names.table[t.text] {
	case otherName:
		return false
	case typeName:
		switch after.kind {
		case pRparen, pStar, pLparen, pLbrack:
			return true
		}
		return after.kind >= firstDeclWord
	}
	switch {
	case after.kind == pRparen:
		return g.castOf(t.text, g.peek(3))
	case after.kind == pStar:
		return g.starsEnd(2, pRparen)
	case after.kind == pLparen:
		return g.peek(3).kind == pStar && g.peek(4).kind == pRparen && g.peek(5).kind == pLparen
	case after.kind == pLbrack:
		return g.peek(3).kind == pRbrack
	}
	return after.kind == kwConst || after.kind == kwVolatile
}

// castOf reports whether `(name)` before the token after is a cast.
func (g *parser) castOf(name string, after token) bool {
	switch after.kind {
	case tokIdent, tokNumber, tokString, tokChar, kwSizeof, pTilde, pNot:
		return true
	case pLbrace:
		return g.mode == Tolerant
	case pLparen, pAmp, pStar, pMinus:
		return g.unit.names.isType(name) || looksLikeType(name)
	}
	return g.unit.names.isType(name)
}

// starsEnd reports whether from n tokens ahead there are only stars and qualifiers up to a token of
// kind end.
func (g *parser) starsEnd(n int, end kind) bool {
	return g.peek(g.afterStars(n)).kind == end
}

// afterStars returns how far ahead the first token is that is no star or qualifier, from n tokens
// ahead.
func (g *parser) afterStars(n int) int {
	for {
		switch g.peek(n).kind {
		case pStar, kwConst, kwVolatile, kwRestrict:
			n++
		default:
			return n
		}
	}
}

// typeAsArgument reports whether the current token begins a type that is the argument of a macro. A
// single name is taken for an expression, whatever it names.
func (g *parser) typeAsArgument() bool {
	t := g.tok()
	if t.kind >= firstDeclWord {
		return true
	}
	if t.kind != tokIdent || g.peek(1).kind != pStar && g.peek(1).kind != kwConst {
		return false
	}
	end := g.peek(g.afterStars(1)).kind
	return end == pComma || end == pRparen
}

// declarationAhead reports whether the current token, in a block, begins a declaration.
func (g *parser) declarationAhead() bool {
	t := g.tok()
	if t.kind >= firstDeclWord {
		return !(t.kind == kwAttribute && g.fallthroughAhead())
	}
	if t.kind == kwExtension {
		return g.peek(1).kind >= firstDeclWord
	}
	if t.kind != tokIdent {
		return false
	}
	after := g.peek(1)
	switch g.unit.names.table[t.text] {
	case typeName:
		return after.kind != pColon && after.kind != pDot && after.kind != pArrow
	case otherName:
		return after.kind == tokIdent && g.mode == Strict && !after.has(flagLineStart) && g.namesEnd(2)
	}
	switch {
	case isAttributeMacro(t.text):
		return after.kind == tokIdent || after.kind >= firstDeclWord
	case g.mode == Tolerant && isShouted(t.text) && after.has(flagLineStart):
		return false
	case after.kind == tokIdent:
		return g.namesEnd(2)
	case after.kind == pStar:
		n := g.afterStars(1)
		return g.peek(n).kind == tokIdent && g.endsDeclarator(n+1)
	case after.kind == pLparen:
		return g.macroTypeAhead() || g.mode == Tolerant && g.functionPointerAhead(1)
	}
	return g.mode == Tolerant && after.kind >= firstDeclWord
}

// fallthroughAhead reports whether the current __attribute__ is a statement of its own.
func (g *parser) fallthroughAhead() bool {
	n := g.afterParens(1)
	return n > 0 && g.peek(n).kind == pSemi
}

// namesEnd reports whether, two names being read as type and variable, the token n ahead goes on
// with a declaration.
func (g *parser) namesEnd(n int) bool {
	t := g.peek(n)
	if g.mode == Tolerant && (t.kind == tokIdent && !t.has(flagLineStart) || t.kind == pStar) {
		return true
	}
	return t.kind == pLparen || t.kind == kwAttribute || g.endsDeclarator(n)
}

// endsDeclarator reports whether the token n ahead may stand after the name of a local variable.
func (g *parser) endsDeclarator(n int) bool {
	switch t := g.peek(n); t.kind {
	case pSemi, pAssign, pComma, pLbrack, kwAttribute:
		return true
	case tokIdent:
		return isAttributeMacro(t.text)
	}
	return false
}

// macroTypeAhead reports whether NAME(...) at the current token is a type: g_autoptr(virDomainDef)
// def = NULL.
func (g *parser) macroTypeAhead() bool {
	name := g.tok().text
	if g.mode == Strict && !strings.HasPrefix(name, "g_auto") && !strings.HasPrefix(name, "VIR_AUTO") {
		return false
	}
	n := g.afterParens(1)
	if n == 0 {
		return false
	}
	stars := g.afterStars(n)
	for isAttributeMacro(g.peek(stars).text) {
		stars++
	}
	if g.peek(stars).kind != tokIdent || g.peek(n).has(flagLineStart) {
		return false
	}
	return g.endsDeclarator(stars+1) || stars == n && g.peek(n+1).kind == pStar
}

// functionPointerAhead reports whether (*name)( stands n tokens ahead.
func (g *parser) functionPointerAhead(n int) bool {
	return g.peek(n).kind == pLparen && g.peek(n+1).kind == pStar && g.peek(n+2).kind == tokIdent &&
		g.peek(n+3).kind == pRparen && g.peek(n+4).kind == pLparen
}

// guessType parses an unknown name among specifiers as a type, or as a macro before one: Tolerant
// mode only.
func (g *parser) guessType(s *specs) bool {
	t := g.tok()
	after, second := g.peek(1), g.peek(2)
	isMacro := false
	switch {
	case after.kind == tokIdent:
		isMacro = second.kind == pStar ||
			second.kind == tokIdent && !isAttributeMacro(second.text) && !isShouted(second.text) && !isShouted(after.text) &&
				(isShouted(t.text) || g.unit.names.isType(after.text) || strings.HasPrefix(t.text, "g_auto"))
	case g.functionPointerAhead(1), after.kind == pLparen && second.kind == pStar && g.peek(3).kind == pRparen:
	case after.kind == pLparen:
		return g.guessMacroType(s)
	case after.kind == kwConst || after.kind == kwVolatile:
		n := g.afterStars(1)
		isMacro = g.peek(n).kind >= firstDeclWord ||
			n == 2 && g.peek(n).kind == tokIdent && (g.peek(n+1).kind == pStar || g.peek(n+1).kind == tokIdent)
	case after.kind >= firstDeclWord && after.kind != kwAttribute:
		isMacro = true
	case after.kind != pStar && after.kind != pComma && after.kind != pRparen && after.kind != kwAttribute:
		return false
	}
	if isMacro {
		s.attrs = append(s.attrs, &Attr{At: g.at(), Name: t.text, Macro: true})
	} else {
		s.typ = &TypeName{At: g.at(), Name: t.text}
		g.unit.names.guess(t.text)
	}
	g.next()
	return true
}

// guessMacroType parses NAME(...) among specifiers, as a type or as an attribute.
func (g *parser) guessMacroType(s *specs) bool {
	n := g.afterParens(1)
	if n == 0 {
		return false
	}
	after, second := g.peek(n), g.peek(n+1)
	switch {
	case after.kind >= firstDeclWord,
		after.kind == tokIdent && (second.kind == tokIdent && !isAttributeMacro(second.text) || second.kind == pStar):
		s.attrs = append(s.attrs, g.attributeMacro())
		return true
	case after.kind == tokIdent || after.kind == pStar:
		at := g.at()
		name := g.next().text
		s.typ = &MacroType{At: at, Name: name, Args: g.attributeArgs()}
		return true
	}
	return false
}
