package syntax

import "github.com/lockproof/lockproof/model"

// A parser parses the tokens of one source. After a syntax error it is in the failed state, in
// which every token reads as the end of the file: all functions return at once, no further error is
// reported, and whoever knows where the next statement or declaration begins ends the state with
// recover.
type parser struct {
	unit   *Parser
	toks   []token // the last one is tokEOF
	i      int
	mode   Mode
	silent bool // report nothing
	failed bool
	unwind bool    // the failure ends the function: see nestedFunction
	errors int     // so far, softly or not
	depth  int     // see enter
	chain  int     // see link
	links  int     // see link
	within int     // expressions around the current token
	labels int     // on the statements around the current token
	braces []token // the `{` of the blocks around the current token
}

// tok returns the current token.
func (g *parser) tok() token {
	if g.failed {
		return g.toks[len(g.toks)-1]
	}
	return g.toks[g.i]
}

// kind returns the kind of the current token.
func (g *parser) kind() kind {
	if g.failed {
		return tokEOF
	}
	return g.toks[g.i].kind
}

// peek returns the token n after the current one.
func (g *parser) peek(n int) token {
	if g.failed || g.i+n >= len(g.toks) {
		return g.toks[len(g.toks)-1]
	}
	return g.toks[g.i+n]
}

// pos returns where the current token is.
func (g *parser) pos() model.Pos { return g.unit.pos(g.tok()) }

// at is the position of a node that begins with the current token.
func (g *parser) at() At { return At{g.pos()} }

// next returns the current token and moves on.
func (g *parser) next() token {
	t := g.tok()
	if t.kind != tokEOF {
		g.advance()
	}
	return t
}

// advance moves on by one token, or to the end of the source when there is no use in parsing the
// rest.
func (g *parser) advance() {
	g.i++
	if !g.unit.meter.Work(1) || g.unit.ended() {
		g.i = len(g.toks) - 1
	}
}

// got moves on and reports true when the current token is k.
func (g *parser) got(k kind) bool {
	if g.kind() != k {
		return false
	}
	if k != tokEOF {
		g.advance()
	}
	return true
}

// complain reports an error and goes on as if it were not there. In Tolerant mode there is no going
// on: a function that has an error is skipped.
func (g *parser) complain(pos model.Pos, hint, format string, args ...any) {
	if g.failed {
		return
	}
	if g.mode == Tolerant {
		g.fail(pos, hint, format, args...)
		return
	}
	g.errors++
	if !g.silent {
		g.unit.errorAt(pos, hint, format, args...)
	}
}

// fail reports an error and enters the failed state.
func (g *parser) fail(pos model.Pos, hint, format string, args ...any) {
	if g.failed {
		return
	}
	g.errors++
	if !g.silent {
		g.unit.errorAt(pos, hint, format, args...)
	}
	g.failed = true
}

// afterLast is where something missing should be inserted: right after the token before the current
// one.
func (g *parser) afterLast() model.Pos {
	if g.i == 0 {
		return g.pos()
	}
	t := g.toks[g.i-1]
	pos := g.unit.pos(t)
	if t.has(flagMacro) {
		return pos
	}
	pos.Col += len(t.text)
	if t.has(flagUnclosed) {
		pos.Col-- // the lexer closed it
	}
	return pos
}

// missing is where to say that something is missing before the current token.
func (g *parser) missing() model.Pos {
	if t := g.tok(); t.kind == tokEOF || t.has(flagLineStart) {
		return g.afterLast()
	}
	return g.pos()
}

// expect consumes a token of kind k and returns where it is; context says what it is for.
func (g *parser) expect(k kind, context string) model.Pos {
	pos := g.pos()
	if !g.got(k) {
		g.fail(g.missing(), "", "expected `%s` %s, found %s", k.spelling(), context, g.tok().describe())
	}
	return pos
}

// closing consumes the bracket that closes open. Where the statement goes on as if it were there,
// so does parsing.
func (g *parser) closing(k kind, open token) model.Pos {
	pos := g.pos()
	if g.got(k) {
		return pos
	}
	hint := "to close the `" + open.text + "` at " + lineCol(g.unit.pos(open))
	report := g.fail
	if g.kind() == pLbrace || g.kind() == pSemi {
		report = g.complain
	}
	report(g.missing(), hint, "expected `%s`, found %s", k.spelling(), g.tok().describe())
	return pos
}

// semicolon consumes the `;` that ends what. When it is missing at the end of a line the next line
// is taken for the next statement; after a macro that is no error in Tolerant mode.
func (g *parser) semicolon(what string) {
	if g.got(pSemi) || g.failed {
		return
	}
	report := g.fail
	if t := g.tok(); t.has(flagLineStart) || t.kind == pRbrace || t.kind == tokEOF {
		if g.mode == Tolerant && g.i > 0 && g.toks[g.i-1].has(flagMacro) {
			return
		}
		report = g.complain
	}
	report(g.afterLast(), "", "expected `;` after %s, found %s", what, g.tok().describe())
}

// enter counts one level of nesting, to be left with leave. It fails when there are too many.
func (g *parser) enter() bool {
	if g.depth >= maxNesting {
		g.fail(g.pos(), "", "nested too deeply")
		return false
	}
	g.depth++
	return true
}

func (g *parser) leave() { g.depth-- }

// link counts one more operator beside others in an expression. It fails when there are too many,
// there or in the whole outermost expression: a tree is as high as it has operators on the left,
// and whoever walks it needs stack for that.
func (g *parser) link() bool {
	g.chain++
	g.links++
	if g.chain > maxChain || g.links > maxLinks {
		g.fail(g.pos(), "", "expression has too many operators")
		return false
	}
	return true
}

// chained begins an expression or declarator in which operators stand side by side; unchained,
// given its result, ends it.
func (g *parser) chained() int {
	outer := g.chain
	g.chain = 0
	if g.within == 0 {
		g.links = 0
	}
	g.within++
	return outer
}

func (g *parser) unchained(outer int) {
	g.chain = outer
	g.within--
}

// lineCol is a position without its file, for hints about the same file.
func lineCol(p model.Pos) string {
	p.File = ""
	return p.String()[1:]
}
