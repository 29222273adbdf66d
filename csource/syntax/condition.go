package syntax

// A conditional is one #if with its #elif and #else, up to #endif.
type conditional struct {
	at    token
	word  string // if, ifdef or ifndef
	outer bool   // the lines around it are kept
	live  bool   // the lines of the current arm are kept
	taken bool   // an arm has been taken
	last  bool   // #else has been seen
	open  int    // conditions so far that nothing decides
	guess bool   // an arm was taken, or not, by an assumption
}

// platform says of macros that are not defined which decide for the system: Linux, gcc.
func platform(name string) (defined, known bool) {
	switch name {
	case "linux", "unix": // names as any other elsewhere
		return true, true
	case "WIN32", "_WIN32", "__APPLE__", "__MACH__", "__FreeBSD__", "__FreeBSD_kernel__", "__NetBSD__", "__OpenBSD__",
		"__DragonFly__", "__CYGWIN__", "__MINGW32__", "__sun", "__cplusplus", "__COVERITY__", "__clang_analyzer__":
		return false, true
	}
	return false, false
}

// conditional handles #if and its kin, and reports whether word is one.
//
// In Tolerant mode most macros are unknown, being defined in headers. Where that leaves a condition
// undecided, the arm that [Options.Arm] names is taken, and from there to the end of the source the
// condition is assumed to hold or not, so that a brace opened under one #ifdef is closed under the
// next.
func (pp *preprocessor) conditional(r *reading, word token, line []token) bool {
	p := pp.unit
	switch word.text {
	case "if", "ifdef", "ifndef":
		c := conditional{at: word, word: word.text, outer: r.live()}
		if c.outer {
			c.live = pp.decide(&c, word, line)
			c.taken = c.live
			pp.note(&c, word)
		}
		r.conds = append(r.conds, c)
	case "elif", "else", "endif":
		if len(r.conds) == 0 {
			p.errorAt(p.pos(word), "", "`#%s` without `#if`", word.text)
			return true
		}
		c := &r.conds[len(r.conds)-1]
		if word.text == "endif" {
			pp.note(c, word)
			r.conds = r.conds[:len(r.conds)-1]
			return true
		}
		if c.last {
			p.errorAt(p.pos(word), "", "`#%s` after `#else`", word.text)
			c.live = false
			return true
		}
		c.live = c.outer && !c.taken
		if word.text == "else" {
			c.last = true
		} else if c.live {
			c.live = pp.decide(c, word, line)
		}
		c.taken = c.taken || c.live
		pp.note(c, word)
	default:
		return false
	}
	return true
}

// decide evaluates a condition of c. Where nothing decides it, the arm that is asked for is taken.
func (pp *preprocessor) decide(c *conditional, word token, line []token) bool {
	pp.guessed = false
	holds, open := pp.holds(word, line)
	if open != nil {
		holds = c.open == pp.unit.opt.Arm
		pp.assume(open, holds)
		c.open++
		pp.file.Arms = max(pp.file.Arms, c.open+1)
	}
	c.guess = c.guess || pp.guessed || open != nil
	return holds
}

// note keeps where a conditional stands whose arm an assumption has decided.
func (pp *preprocessor) note(c *conditional, word token) {
	if c.guess {
		pp.file.Guessed = append(pp.file.Guessed, pp.unit.pos(word))
	}
}

// holds evaluates the condition of #if, #ifdef, #ifndef or #elif. What it returns beside that is
// the condition, when nothing decides it.
func (pp *preprocessor) holds(word token, line []token) (bool, Expr) {
	var x Expr
	switch {
	case word.text == "if" || word.text == "elif":
		x = pp.condition(word, line)
	case len(line) == 0 || !line[0].isWord():
		pp.strict(pp.here(line), "expected a macro name after `#"+word.text+"`")
		return false, nil
	case word.text == "ifndef" && pp.unit.opt.Mode == Tolerant && pp.guards(line[0].text):
		return true, nil
	default:
		x = &Ident{Name: definedPrefix + line[0].text}
		if word.text == "ifndef" {
			x = &Unary{Op: "!", X: x}
		}
	}
	if x == nil {
		return pp.unit.opt.Mode == Tolerant, nil
	}
	c := Consts{Name: pp.lookup, preprocessor: true}
	v, _, ok := c.Eval(x)
	if !ok {
		if pp.unit.opt.Mode == Strict {
			pp.unit.errorAt(pp.unit.pos(word), "", "`#%s` needs an integer constant expression", word.text)
			return false, nil
		}
		return false, x
	}
	return v != 0, nil
}

// guards reports whether `#ifndef name` begins a header that defines the name next: it is read
// once, so the name is not defined.
func (pp *preprocessor) guards(name string) bool {
	if _, known := pp.assumed[name]; known || pp.unit.macros[name] != nil {
		return false
	}
	lex := pp.stack[len(pp.stack)-1].lex // a copy: nothing is read
	lex.directive, lex.quiet, lex.comment = false, true, nil
	if t := lex.next(); t.kind != pHash || !t.has(flagLineStart) {
		return false
	}
	lex.directive = true
	return lex.next().text == "define" && lex.next().text == name
}

// definedPrefix begins the name that stands for `defined X` in a condition; no C name has a space
// in it.
const definedPrefix = "defined "

// condition parses the expression of an #if, with `defined X` as one name. It is nil when it cannot
// be parsed.
func (pp *preprocessor) condition(word token, line []token) Expr {
	var named []token
	for i := 0; i < len(line); i++ {
		t := line[i]
		if t.text == "defined" {
			name, n := definedOperand(line[i+1:])
			if n == 0 {
				pp.strict(t, "expected a macro name after `defined`")
				return nil
			}
			t.kind, t.text = tokIdent, definedPrefix+name
			t.flags |= flagNoExpand
			i += n
		} else if answer, n := pp.has(line[i:]); n > 0 {
			t = answer
			i += n - 1
		}
		named = append(named, t)
	}
	toks := (&expander{pp: pp}).expandAll(named, word)
	end := pp.stack[len(pp.stack)-1].lex.mark()
	end.text = "line"
	if len(toks) == 0 {
		pp.strict(end, "`#"+word.text+"` has no condition")
		return nil
	}
	g := parser{unit: pp.unit, toks: append(toks, end), mode: pp.unit.opt.Mode, silent: pp.unit.opt.Mode == Tolerant}
	x := g.condExpr()
	if !g.failed && g.tok().kind != tokEOF {
		g.fail(g.pos(), "", "unexpected %s in the condition of `#%s`", g.tok().describe(), word.text)
	}
	if g.failed {
		return nil
	}
	return x
}

// definedOperand reads X or (X) and returns how many tokens that took.
func definedOperand(line []token) (string, int) {
	switch {
	case len(line) > 0 && line[0].isWord():
		return line[0].text, 1
	case len(line) > 2 && line[0].kind == pLparen && line[1].isWord() && line[2].kind == pRparen:
		return line[1].text, 3
	}
	return "", 0
}

// lookup gives the value of a name left in a condition after expansion: 0 as in C, unless nothing
// is known about it.
func (pp *preprocessor) lookup(name string) (int64, bool) {
	tolerant := pp.unit.opt.Mode == Tolerant
	if len(name) > len(definedPrefix) && name[:len(definedPrefix)] == definedPrefix {
		if hasOperators[name[len(definedPrefix):]] {
			return 1, true
		}
		name = name[len(definedPrefix):]
		if _, ok := pp.unit.macros[name]; ok {
			return 1, true
		}
	}
	if v, known := platform(name); known {
		return truth(v), true
	}
	if !tolerant {
		return 0, true
	}
	if v, known := pp.assumed[name]; known {
		pp.guessed = true
		return truth(v), true
	}
	return 0, false
}

// assume notes what follows from x being true, or false.
func (pp *preprocessor) assume(x Expr, holds bool) {
	switch x := x.(type) {
	case *Ident:
		name := x.Name
		if len(name) > len(definedPrefix) && name[:len(definedPrefix)] == definedPrefix {
			name = name[len(definedPrefix):]
		}
		pp.assumed[name] = holds
	case *Unary:
		if x.Op == "!" {
			pp.assume(x.X, !holds)
		}
	case *Binary:
		if x.Op == "&&" && holds || x.Op == "||" && !holds {
			pp.assume(x.X, holds)
			pp.assume(x.Y, holds)
		}
	}
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
