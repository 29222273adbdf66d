package syntax

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A Parser parses the sources of one program in order. Macros, type names and included files of an earlier source are
// known to the later ones. It is not safe for concurrent use.
type Parser struct {
	opt       Options
	files     []string // by token.file
	macros    map[string]*macro
	seen      map[string]bool // sources parsed or included, by name
	names     names
	constants map[string]int64 // enumerators whose value is known
	diags     Diagnostics
	last      model.Pos // the end of the source parsed last
	over      bool      // more than maxErrors
}

// NewParser returns a Parser that has seen no source yet.
func NewParser(opt Options) *Parser {
	p := &Parser{opt: opt, macros: map[string]*macro{}, seen: map[string]bool{}, constants: map[string]int64{}}
	p.names = newNames(opt.Typedefs)
	defined := make([]string, 0, len(opt.Defines))
	for name := range opt.Defines {
		defined = append(defined, name)
	}
	slices.Sort(defined)
	for _, name := range defined {
		p.macros[name] = &macro{name: name, body: p.lexAll(opt.Defines[name])}
	}
	return p
}

// Parse parses one source. It always returns a File, with whatever could be parsed.
func (p *Parser) Parse(src Source) *File {
	f := &File{Name: src.Name}
	f.Start = model.Pos{File: src.Name, Line: 1, Col: 1}
	p.seen[src.Name] = true
	pp := newPreprocessor(p, f)
	toks := pp.run(src)
	if len(toks) == 0 {
		return f
	}
	p.last = p.pos(toks[len(toks)-1])
	g := parser{unit: p, toks: toks, mode: p.opt.Mode, silent: pp.budget <= 0}
	f.Decls = g.file()
	return f
}

// Diagnostics is everything wrong with the sources so far, in source order. After the first errors, some fifty, there
// is only one more, "too many errors", and it is the last.
func (p *Parser) Diagnostics() Diagnostics {
	ds := slices.Clone(p.diags)
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(slices.Index(p.files, a.Pos.File), slices.Index(p.files, b.Pos.File)),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Col, b.Pos.Col),
		)
	})
	if p.over {
		ds.Add(p.last, "too many errors", "")
	}
	return ds
}

// errorAt records one diagnostic. The first of several at one place wins: the rest would be consequences.
func (p *Parser) errorAt(pos model.Pos, hint, format string, args ...any) {
	if n := len(p.diags); n > 0 && p.diags[n-1].Pos == pos {
		return
	}
	if len(p.diags) >= maxErrors {
		p.over = true
		return
	}
	p.diags.Add(pos, fmt.Sprintf(format, args...), hint)
}

// pos is where t is.
func (p *Parser) pos(t token) model.Pos {
	return model.Pos{File: p.files[t.file], Line: int(t.line), Col: int(t.col)}
}

// addFile gives a file its number.
func (p *Parser) addFile(name string) uint32 {
	if n := slices.Index(p.files, name); n >= 0 {
		return uint32(n)
	}
	p.files = append(p.files, name)
	return uint32(len(p.files) - 1)
}

// lexAll returns the tokens of a piece of text that is no file: a macro given by Options.
func (p *Parser) lexAll(text string) []token {
	lex := newLexer(text, p.addFile("command line"))
	lex.directive, lex.quiet = true, true
	var toks []token
	for t := lex.next(); t.kind != tokEOL; t = lex.next() {
		toks = append(toks, t)
	}
	return toks
}

// constant returns the value of an enumerator declared so far.
func (p *Parser) constant(name string) (int64, bool) {
	v, ok := p.constants[name]
	return v, ok
}
