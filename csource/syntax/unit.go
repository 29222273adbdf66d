package syntax

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/model"
)

// A Parser parses the sources of one program in order. Macros, type names and included files of an
// earlier source are known to the later ones. It is not safe for concurrent use.
type Parser struct {
	opt       Options
	meter     *meter.Meter
	files     []string          // by token.file
	numbers   map[string]uint32 // of files, by name
	macros    map[string]*macro
	seen      map[string]bool      // sources parsed or included, by name
	included  map[inclusion]string // the name of the source that an #include means
	names     names
	constants map[string]int64 // enumerators whose value is known
	diags     Diagnostics
}

// An inclusion is an #include as it stands in a file.
type inclusion struct{ file, name string }

// Bytes that are counted for each token: while its source is parsed, and for its part of the tree.
const (
	tokenBytes = 32
	treeBytes  = 80
)

// NewParser returns a Parser that has seen no source yet, only the macros of the system. It works
// until the context is done, or until the tree is larger than [meter.WithMemory] allows: see Err.
func NewParser(ctx context.Context, opt Options) *Parser {
	p := &Parser{
		opt: opt, meter: meter.New(ctx), numbers: map[string]uint32{}, macros: map[string]*macro{}, seen: map[string]bool{},
		included: map[inclusion]string{}, constants: map[string]int64{},
	}
	p.names = newNames(opt.Typedefs)
	for name, body := range predefined() {
		p.macros[name] = &macro{name: name, given: true, body: body}
	}
	if opt.Mode == Strict {
		p.giveHeaderMacros()
	}
	for _, m := range opt.Macros {
		p.macros[m.def.name] = known(m)
	}
	for _, name := range opt.Undefines {
		delete(p.macros, name)
	}
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

// lists are lists of tokens that nobody uses any more: those of a source go with its parsing.
var lists = sync.Pool{New: func() any { return new([]token) }}

// Parse parses one source. It always returns a File, with whatever could be parsed.
func (p *Parser) Parse(src Source) *File {
	f := &File{Name: src.Name}
	f.Start = model.Pos{File: src.Name, Line: 1, Col: 1}
	p.seen[src.Name] = true
	pp := newPreprocessor(p, f)
	list := lists.Get().(*[]token)
	toks := pp.run(src, (*list)[:0])
	defer func() { *list = toks; lists.Put(list) }()
	if len(toks) == 0 {
		return f
	}
	g := parser{unit: p, toks: toks, mode: p.opt.Mode, silent: pp.budget <= 0}
	f.Decls = g.file()
	p.meter.Take(-tokenBytes * len(toks))
	return f
}

// Err is why parsing stopped before the end, a limit or an interrupt; nil when it did not. What was
// parsed is then of no use.
func (p *Parser) Err() error { return p.meter.Err() }

// Held is about how many bytes the trees take.
func (p *Parser) Held() int64 { return p.meter.Held() }

// Diagnostics is everything wrong with the sources so far, in source order. After the first
// [MaxDiagnostics] there is only one more, "too many errors", and it is the last; what follows it
// in its source is not looked at.
func (p *Parser) Diagnostics() Diagnostics {
	ds := slices.Clone(p.diags)
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(p.numbers[a.Pos.File], p.numbers[b.Pos.File]),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Col, b.Pos.Col),
		)
	})
	return ds.bounded()
}

// over reports whether no more diagnostics are kept.
func (p *Parser) over() bool { return len(p.diags) > MaxDiagnostics }

// ended reports whether there is nothing more to be learnt from the sources. In Tolerant mode the
// tree is, whatever is wrong with it.
func (p *Parser) ended() bool { return p.meter.Err() != nil || p.opt.Mode == Strict && p.over() }

// errorAt records one diagnostic. The first of several at one place wins: the rest would be
// consequences.
func (p *Parser) errorAt(pos model.Pos, hint, format string, args ...any) {
	if n := len(p.diags); n > 0 && p.diags[n-1].Pos == pos {
		return
	}
	if p.over() || p.meter.Err() != nil {
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
	n, ok := p.numbers[name]
	if !ok {
		n = uint32(len(p.files))
		p.numbers[name] = n
		p.files = append(p.files, name)
	}
	return n
}

// lexAll returns the tokens of a piece of text that is no file: a macro given by Options.
func (p *Parser) lexAll(text string) []token { return lexLine(text, p.addFile("command line")) }

func lexLine(text string, file uint32) []token {
	lex := newLexer(text, file)
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
