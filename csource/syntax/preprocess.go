package syntax

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// A preprocessor turns one source and what it includes into the tokens the parser sees.
type preprocessor struct {
	unit    *Parser
	file    *File // for comments
	stack   []*reading
	budget  int             // tokens macros may still make
	assumed map[string]bool // see condition.go
	guessed bool            // the last condition was decided by what is assumed
	end     token
}

// A reading is one file being read.
type reading struct {
	name  string
	lex   lexer
	conds []conditional
}

// live reports whether the current lines are kept.
func (r *reading) live() bool { return len(r.conds) == 0 || r.conds[len(r.conds)-1].live }

func newPreprocessor(unit *Parser, f *File) *preprocessor {
	return &preprocessor{unit: unit, file: f, budget: maxExpansion, assumed: map[string]bool{}}
}

// run returns all tokens of src, the last one tokEOF, in a list that was empty; none when src
// cannot be read at all.
func (pp *preprocessor) run(src Source, toks []token) []token {
	if !pp.push(src, model.Pos{File: src.Name, Line: 1, Col: 1}) {
		return toks
	}
	e := expander{pp: pp, bottom: pp.raw}
	toks = slices.Grow(toks, len(src.Text)/6+16)
	for {
		t := e.next()
		toks = append(toks, t)
		if t.kind == tokEOF {
			return toks
		}
		pp.unit.meter.Take(tokenBytes + treeBytes)
	}
}

// ended reports whether the source ends here, whatever follows: a limit was reached.
func (pp *preprocessor) ended() bool {
	return pp.budget <= 0 || pp.unit.ended()
}

// push begins to read a file. A file too large is an error at pos.
func (pp *preprocessor) push(src Source, pos model.Pos) bool {
	file := pp.unit.addFile(src.Name)
	if len(src.Text) > maxSourceBytes {
		pp.unit.errorAt(pos, "", "file `%s` has %d bytes, more than the limit of %d", src.Name, len(src.Text), maxSourceBytes)
		return false
	}
	r := &reading{name: src.Name, lex: newLexer(string(src.Text), file)}
	r.lex.report = func(at token, msg string) { pp.unit.errorAt(pp.unit.pos(at), "", "%s", msg) }
	if with := pp.unit.opt.CommentsWith; pp.unit.opt.Comments || with != "" {
		r.lex.comment = func(at token, text string) {
			if !strings.Contains(text, with) {
				return
			}
			pp.file.Comments = append(pp.file.Comments, Comment{At: At{pp.unit.pos(at)}, Text: text})
		}
	}
	pp.stack = append(pp.stack, r)
	return true
}

// raw returns the next token that is not part of a directive, of the innermost file being read.
func (pp *preprocessor) raw() token {
	for len(pp.stack) > 0 {
		r := pp.stack[len(pp.stack)-1]
		t := r.lex.next()
		switch {
		case !pp.unit.meter.Work(1):
			return pp.eof(t)
		case t.kind == tokEOF:
			for _, c := range r.conds {
				pp.unit.errorAt(pp.unit.pos(c.at), "", "`#%s` has no `#endif`", c.word)
			}
			pp.stack = pp.stack[:len(pp.stack)-1]
			pp.end = t
		case t.kind == pHash && t.has(flagLineStart):
			pp.directive(r)
		case r.live():
			return t
		}
	}
	return pp.end
}

// eof is the end of the source, where t stands.
func (pp *preprocessor) eof(t token) token {
	t.kind, t.text = tokEOF, ""
	return t
}

// directive handles one line after its `#`.
func (pp *preprocessor) directive(r *reading) {
	lex := &r.lex
	wasQuiet := lex.quiet
	lex.directive, lex.quiet = true, true
	word := lex.next()
	switch word.text {
	case "define", "if", "elif":
		lex.quiet = wasQuiet
	}
	after := lex.off
	var line []token
	for t := word; t.kind != tokEOL && pp.unit.meter.Work(1); {
		t = lex.next()
		line = append(line, t)
	}
	lex.directive = false
	if len(line) > 0 {
		line = line[:len(line)-1]
	}
	if !pp.conditional(r, word, line) && r.live() && word.kind != tokEOL {
		pp.action(word, line, lex.src[after:lex.off])
	}
	lex.quiet = !r.live()
}

// action handles a directive that is not a conditional; text is what follows its name.
func (pp *preprocessor) action(word token, line []token, text string) {
	p := pp.unit
	switch word.text {
	case "define":
		pp.define(line)
	case "undef":
		if len(line) == 0 || !line[0].isWord() {
			pp.strict(word, "expected a macro name after `#undef`")
			return
		}
		delete(p.macros, line[0].text)
	case "include":
		pp.include(word, line, text)
	case "error":
		pp.strict(word, strings.Join(strings.Fields("#error "+text), " "))
	case "pragma":
		pp.pragma(word, line)
	case "warning", "line", "ident", "include_next":
	default:
		if word.kind != tokNumber {
			pp.strict(word, "unknown directive `#"+word.text+"`")
		}
	}
}

// pragma refuses those that change what the C behind them means.
func (pp *preprocessor) pragma(word token, line []token) {
	if len(line) == 0 {
		return
	}
	switch name := line[0].text; name {
	case "pack", "scalar_storage_order", "omp", "acc", "redefine_extname":
		pp.strict(word, "#pragma "+name+" changes the program and cannot be modelled")
	}
}

// include reads the file of an #include; text is what follows the word.
func (pp *preprocessor) include(word token, line []token, text string) {
	p := pp.unit
	if len(line) > 0 && line[0].isWord() {
		line = (&expander{pp: pp}).expandAll(line, word)
	}
	if len(line) > 0 && line[0].kind == pLt {
		if name, ok := angled(text); ok && p.opt.Shipped != nil {
			if src, ours, err := p.opt.Shipped(name); ours {
				pp.read(line[0], "<"+name+">", func(model.Pos) (Source, error) { return src, err })
			}
		}
		return
	}
	if len(line) == 0 || line[0].kind != tokString {
		pp.strict(word, "expected \"name\" or <name> after `#include`")
		return
	}
	name := line[0].text[1 : len(line[0].text)-1]
	if p.opt.Include == nil {
		pp.strict(line[0], "cannot include `"+name+"`: nothing can be included here")
		return
	}
	pp.read(line[0], name, func(pos model.Pos) (Source, error) { return p.opt.Include(pos, name) })
}

// angled is the name in <name>.
func angled(text string) (string, bool) {
	text, ok := strings.CutPrefix(strings.TrimSpace(text), "<")
	if !ok {
		return "", false
	}
	name, _, ok := strings.Cut(text, ">")
	return name, ok
}

// read goes on in an included file, unless it was seen before.
func (pp *preprocessor) read(at token, name string, find func(model.Pos) (Source, error)) {
	p, pos := pp.unit, pp.unit.pos(at)
	if known, ok := p.included[inclusion{pos.File, name}]; ok {
		pp.again(pos, known) // a file is read once, however often it is included
		return
	}
	src, err := find(pos)
	if err != nil {
		pp.strict(at, "cannot include `"+name+"`: "+err.Error())
		return
	}
	p.included[inclusion{pos.File, name}] = src.Name
	if p.seen[src.Name] {
		pp.again(pos, src.Name)
		return
	}
	if len(pp.stack) >= maxInclude {
		p.errorAt(pos, "", "files include one another too deeply")
		return
	}
	p.seen[src.Name] = true
	pp.push(src, pos)
}

// again passes over an #include of a file that was seen before, unless that is one in which it
// stands.
func (pp *preprocessor) again(pos model.Pos, name string) {
	for _, r := range pp.stack {
		if r.name == name {
			pp.unit.errorAt(pos, "", "`%s` includes itself", name)
			return
		}
	}
}

// strict reports an error that Tolerant mode overlooks.
func (pp *preprocessor) strict(at token, msg string) {
	if pp.unit.opt.Mode == Strict {
		pp.unit.errorAt(pp.unit.pos(at), "", "%s", msg)
	}
}

// here is where the rest of a line is, or would be.
func (pp *preprocessor) here(line []token) token {
	if len(line) > 0 {
		return line[0]
	}
	return pp.stack[len(pp.stack)-1].lex.mark()
}

// spend takes n tokens off the budget, and complains once when there are none left: the source ends
// there.
func (pp *preprocessor) spend(use token, n int) bool {
	if pp.budget <= 0 {
		return false
	}
	pp.budget -= n
	if pp.budget <= 0 {
		pp.unit.errorAt(pp.unit.pos(use), "", "macros expand to more than %d tokens", maxExpansion)
		return false
	}
	return true
}

// builtin replaces __FILE__ and __LINE__.
func (pp *preprocessor) builtin(t token) token {
	switch t.text {
	case "__FILE__":
		t.kind, t.text = tokString, strconv.Quote(pp.unit.files[t.file])
	case "__LINE__":
		t.kind, t.text = tokNumber, strconv.Itoa(int(t.line))
	}
	return t
}
