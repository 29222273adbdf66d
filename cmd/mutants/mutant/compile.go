package mutant

import (
	"go/ast"
	"go/parser"
	"go/types"
)

// Compiles reports whether the file of a mutant can be compiled. The functions of other files are
// not looked at again, though another value of a constant may break them: who runs a mutant has to
// expect that it does not build.
func (p *Package) Compiles(m *Mutant) bool {
	file, err := parser.ParseFile(p.fset, m.source.path, m.text, parser.SkipObjectResolution)
	if err != nil {
		return false
	}
	asts := []*ast.File{file}
	for _, s := range p.files {
		if s != m.source {
			asts = append(asts, s.bare)
		}
	}
	ok := true
	c := p.config()
	c.Error = func(err error) {
		if e, isError := err.(types.Error); !isError || file.FileStart <= e.Pos && e.Pos <= file.FileEnd {
			ok = false
		}
	}
	_, _ = c.Check(p.Path, p.fset, asts, nil) // the errors that count went to c.Error
	return ok
}

// bare is a file without the bodies of its functions.
func bare(f *ast.File) *ast.File {
	b := *f
	b.Decls = nil
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			without := *fn
			without.Body = nil
			d = &without
		}
		b.Decls = append(b.Decls, d)
	}
	return &b
}
