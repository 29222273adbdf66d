package mutant

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// Options say what is changed.
type Options struct {
	// Printing changes what only makes text as well: String methods, what is handed to fmt, and
	// functions that are given a writer.
	Printing bool
}

// Mutants are all candidates of a package in the order of its files. Some do not compile: see
// [Package.Compiles]. Two with the same text are one.
func (p *Package) Mutants(o Options) []*Mutant {
	var all []*Mutant
	for _, s := range p.files {
		if ast.IsGenerated(s.ast) {
			continue
		}
		f := &finder{Package: p, source: s, options: o, seen: map[string]bool{}, count: map[string]int{}}
		for _, d := range s.ast.Decls {
			f.declaration(d)
		}
		slices.SortStableFunc(f.found, func(x, y *placed) int { return int(x.pos - y.pos) })
		for _, m := range f.found {
			all = append(all, m.Mutant)
		}
	}
	return all
}

// A finder collects the mutants of one file.
type finder struct {
	*Package
	source   *source
	options  Options
	function string
	seen     map[string]bool // texts of files
	count    map[string]int  // by ID without its number
	found    []*placed
}

type placed struct {
	*Mutant
	pos token.Pos
}

// declaration looks at a function, or at every value that is declared at file scope.
func (f *finder) declaration(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		f.function = d.Name.Name
		if d.Recv != nil {
			f.function = receiver(d.Recv.List[0].Type) + "." + d.Name.Name
		}
		if d.Body != nil && (f.options.Printing || !f.prints(d)) {
			f.walk(d.Body)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			if v, ok := s.(*ast.ValueSpec); ok {
				f.function = v.Names[0].Name
				for _, x := range v.Values {
					f.walk(x)
				}
			}
		}
	}
}

func receiver(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	case *ast.Ident:
		return t.Name
	}
	return "?"
}

// walk applies every operator to every node below root.
func (f *finder) walk(root ast.Node) {
	ast.PreorderStack(root, nil, func(n ast.Node, stack []ast.Node) bool {
		var parent ast.Node
		if len(stack) > 0 {
			parent = stack[len(stack)-1]
		}
		if call, ok := parent.(*ast.CallExpr); ok && f.ignored(call, n) {
			return false
		}
		f.conditions(n)
		f.numbers(n)
		f.statements(n)
		f.clauses(n)
		f.places(n)
		f.ranges(n)
		return true
	})
}

// ignored reports whether an argument of a call does not matter: it is text, or only a capacity.
func (f *finder) ignored(call *ast.CallExpr, arg ast.Node) bool {
	i := slices.IndexFunc(call.Args, func(a ast.Expr) bool { return a == arg })
	if i < 0 {
		return false
	}
	switch f.builtin(call) {
	case "panic":
		return true
	case "make":
		if i == 0 {
			return false
		}
		t := f.info.TypeOf(call.Args[0])
		_, isMap := t.Underlying().(*types.Map)
		return isMap || i == 2
	case "":
		format, ok := f.format(call)
		return ok && i >= format && !f.options.Printing
	}
	return false
}

// builtin is the name of the built-in function that is called.
func (f *finder) builtin(call *ast.CallExpr) string {
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		if b, ok := f.info.Uses[id].(*types.Builtin); ok {
			return b.Name()
		}
	}
	return ""
}

// format is the number of the argument from which on a call only makes text: a format with its
// values, or everything that a function of fmt or errors is given.
func (f *finder) format(call *ast.CallExpr) (int, bool) {
	if fn := f.called(call); fn != nil && fn.Pkg() != nil {
		if path := fn.Pkg().Path(); path == "fmt" || path == "errors" && fn.Name() == "New" {
			return 0, true
		}
	}
	s, ok := f.info.TypeOf(call.Fun).(*types.Signature)
	if !ok || !s.Variadic() || s.Params().Len() < 2 {
		return 0, false
	}
	last := s.Params().Len() - 1
	values, ok := s.Params().At(last).Type().(*types.Slice)
	if !ok || !types.Identical(values.Elem(), types.Universe.Lookup("any").Type()) {
		return 0, false
	}
	return last - 1, types.Identical(s.Params().At(last-1).Type(), types.Typ[types.String])
}

// called is the function or method that is called by its name.
func (f *finder) called(call *ast.CallExpr) *types.Func {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if s, isSelector := ast.Unparen(call.Fun).(*ast.SelectorExpr); isSelector {
		id, ok = s.Sel, true
	}
	if !ok {
		return nil
	}
	fn, _ := f.info.Uses[id].(*types.Func)
	return fn
}

// writers are the types that a printing function is given.
var writers = []string{"io.Writer", "*strings.Builder", "*bytes.Buffer", "*bufio.Writer"}

// prints reports whether a function does nothing but make text.
func (f *finder) prints(d *ast.FuncDecl) bool {
	switch d.Name.Name {
	case "String", "GoString", "Error", "Format":
		return d.Recv != nil
	}
	return slices.ContainsFunc(d.Type.Params.List, func(p *ast.Field) bool {
		return slices.Contains(writers, types.TypeString(f.info.TypeOf(p.Type), (*types.Package).Name))
	})
}

// offset is where in the file a position is.
func (f *finder) offset(p token.Pos) int { return f.fset.PositionFor(p, false).Offset }

// text is the source of a node.
func (f *finder) text(n ast.Node) string {
	return string(f.source.text[f.offset(n.Pos()):f.offset(n.End())])
}

// replace puts text in the place of a node.
func (f *finder) replace(operator string, n ast.Node, text string) {
	f.mutant(operator, n.Pos(), f.text(n), text, f.edit(n, text))
}

func (f *finder) edit(n ast.Node, text string) edit {
	return edit{f.offset(n.Pos()), f.offset(n.End()), text}
}

// drop makes statements unreachable.
func (f *finder) drop(operator string, from, to ast.Node) {
	start, end := f.offset(from.Pos()), f.offset(to.End())
	f.mutant(operator, from.Pos(), string(f.source.text[start:end]), "",
		edit{start, start, "if false {\n"}, edit{end, end, "\n}"})
}

// mutant adds a mutant, unless it is one that there is already.
func (f *finder) mutant(operator string, pos token.Pos, before, after string, edits ...edit) {
	text, err := apply(f.source.text, edits)
	if err != nil || f.seen[string(text)] || bytes.Equal(text, f.source.text) {
		return
	}
	f.seen[string(text)] = true
	at := f.fset.PositionFor(pos, false)
	id := fmt.Sprintf("%s:%d:%d:%s", f.source.name, at.Line, at.Column, operator)
	f.count[id]++
	change := "drop " + brief(before)
	if after != "" {
		change = brief(before) + " -> " + brief(after)
	}
	f.found = append(f.found, &placed{&Mutant{
		ID: fmt.Sprintf("%s#%d", id, f.count[id]), Package: f.Dir, File: f.source.name, Func: f.function,
		Operator: operator, Change: strings.TrimSpace(change), Diff: diff(f.source.name, f.source.text, text),
		source: f.source, text: text,
	}, pos})
}
