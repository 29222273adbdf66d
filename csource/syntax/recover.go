package syntax

// recoverStatement ends the failed state and moves to where the next statement of the block seems
// to begin.
func (g *parser) recoverStatement() {
	g.failed = false
	if g.i > 0 && g.toks[g.i-1].has(flagUnclosed) && g.toks[g.i].has(flagLineStart) {
		return
	}
	depth, parens, from := 0, 0, g.i
	for ; ; g.i++ {
		t := g.toks[g.i]
		switch t.kind {
		case tokEOF:
			return
		case pLparen:
			parens++
		case pRparen:
			parens--
		case pLbrace:
			depth++
		case pRbrace:
			if depth == 0 {
				return
			}
			depth--
			if depth == 0 && parens <= 0 {
				g.i++
				return
			}
		case pSemi:
			if depth == 0 {
				g.i++
				return
			}
		case kwIf, kwFor, kwWhile, kwDo, kwSwitch, kwReturn, kwGoto, kwBreak, kwContinue, kwCase, kwDefault:
			if depth == 0 && t.has(flagLineStart) && g.i > from {
				return
			}
		}
	}
}

// recoverDeclaration ends the failed state and moves to where the next declaration at file scope
// seems to begin, having started at token from.
func (g *parser) recoverDeclaration(from int) {
	g.failed = false
	g.i = max(g.i, from)
	depth := braceDepth(g.toks[from:g.i])
	for ; ; g.i++ {
		t := g.toks[g.i]
		first := t.col == 1 && t.has(flagLineStart) && !t.has(flagMacro)
		switch {
		case t.kind == tokEOF:
			return
		case t.kind == pLbrace:
			depth++
		case t.kind == pRbrace:
			depth--
			if depth <= 0 || first {
				if t := g.toks[g.i+1]; t.kind != pSemi && !t.has(flagLineStart) && depth <= 0 {
					continue // the declarators after a struct
				}
				g.i++
				g.got(pSemi)
				return
			}
		case t.kind == pSemi && depth <= 0:
			g.i++
			return
		case first && depth <= 0 && g.i > from && (t.kind == tokIdent || t.kind >= firstDeclWord):
			return
		}
	}
}

// braceDepth counts the braces opened and not closed in toks.
func braceDepth(toks []token) int {
	depth := 0
	for _, t := range toks {
		switch t.kind {
		case pLbrace:
			depth++
		case pRbrace:
			depth--
		}
	}
	return depth
}

// functionEnd returns the index of the token that closes a function body opened at token open: the
// matching `}`, or before that a `}` in the first column, which in the code we read closes nothing
// but a function.
func (g *parser) functionEnd(open int) int {
	depth := 0
	for i := open; ; i++ {
		t := g.toks[i]
		switch t.kind {
		case tokEOF:
			return i
		case pLbrace:
			depth++
		case pRbrace:
			depth--
			if depth == 0 || t.col == 1 && !t.has(flagMacro) {
				return i
			}
		}
	}
}
