package slice

import (
	"fmt"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
)

// A function is a definition of the tree on its way into the slice.
type function struct {
	*slicer
	def  *tree.Function
	root bool
	name string
	like *syntax.Func // of a helper of one's own and of a callback: the type that the protocol gives it

	typ    *syntax.Func // what is left of its type, as soon as it is known
	params []bool       // which parameters are kept
	body   *syntax.Block
	ready  bool // the body is there: before that the function calls itself
	listed bool

	scope   *scope
	locals  map[string]bool // numbers that are kept, by name
	choices *choices
	some    *syntax.Param // of a root: an object that it looks up by what is not known
	parts   []*syntax.VarDecl
	calls   []*function
	opaque  map[string]bool // handles of which it is not known what they name
	again   bool            // the choices that are left are known
	touches bool            // something of the protocol is left
	kept    int
	chosen  int
	left    []Note
	wrong   syntax.Diagnostics
}

// scope are the locals of a block.
type scope struct {
	outer  *scope
	locals map[string]*local
}

// A local is a parameter or a variable. Its type is nil when it is not kept.
type local struct{ typ, is syntax.Type }

func (f *function) open() { f.scope = &scope{f.scope, map[string]*local{}} }

func (f *function) close() { f.scope = f.scope.outer }

func (f *function) find(name string) *local {
	for s := f.scope; s != nil; s = s.outer {
		if l := s.locals[name]; l != nil {
			return l
		}
	}
	return nil
}

func (f *function) fail(pos model.Pos, format string, args ...any) {
	f.wrong.Add(pos, fmt.Sprintf(format, args...), "")
}

func (f *function) leave(pos model.Pos, format string, args ...any) {
	f.left = append(f.left, Note{pos, fmt.Sprintf(format, args...)})
}

// slice makes the type and the body.
func (f *function) slice() {
	f.locals = f.numbers()
	f.choices = f.findChoices()
	f.open()
	f.signature()
	if f.def.Bad {
		f.fail(f.def.Pos(), "%s cannot be parsed", f.def.Name)
		return
	}
	if f.ctx.Err() != nil || f.statements > MaxStatements {
		return
	}
	// Once to see which choices are left, and once more with those.
	f.choices.findMade(f.bodyList())
	f.calls, f.left, f.wrong, f.some, f.chosen, f.kept, f.again = nil, nil, nil, nil, 0, 0, true
	list := f.bodyList()
	if f.statements += f.kept; f.statements > MaxStatements {
		return
	}
	f.dropUnused(list)
	if f.some != nil {
		f.typ.Params = append(f.typ.Params, f.some)
	}
	f.body = &syntax.Block{At: f.def.Body.At, List: append(f.begin(), list...), Rbrace: f.def.Body.Rbrace}
	f.ready = true
}

func (f *function) bodyList() []syntax.Stmt {
	f.open()
	defer f.close()
	return f.list(f.def.Body.List)
}

// signature decides which parameters stay, and what comes back.
func (f *function) signature() {
	t := f.def.Type
	f.typ = &syntax.Func{At: t.At, Result: f.result(t.Result), Rparen: t.Rparen}
	if f.root && f.like == nil {
		f.typ.Result = f.result(&syntax.Basic{At: t.At, Name: "void"}) // nobody looks at what a thread gives back
	}
	if f.like != nil && f.types.functions[f.def.Name] == nil {
		f.typ.Result = f.like.Result
	}
	for i, p := range t.Params {
		typ := f.types.written(p.Type)
		keep := f.types.hasState(typ) && !f.isSingle(typ) || !f.root && f.types.isNumber(typ) && f.locals[p.Name]
		if f.like != nil && len(f.like.Params) == len(t.Params) {
			keep, typ = true, f.like.Params[i].Type
		}
		if p.Name == "" {
			keep = false
		}
		f.params = append(f.params, keep)
		if !keep {
			f.scope.locals[p.Name] = &local{is: typ}
			continue
		}
		f.scope.locals[p.Name] = &local{typ: typ}
		if f.like == nil && f.root && !f.types.isDomain(typ) {
			if part := f.partOf(p.Name, typ); part != nil {
				f.parts = append(f.parts, part)
				continue
			}
		}
		f.typ.Params = append(f.typ.Params, &syntax.Param{At: p.At, Name: p.Name, Type: typ})
	}
}

// dropUnused drops parameters that are numbers of which nothing is left.
func (f *function) dropUnused(list []syntax.Stmt) {
	used := map[string]bool{}
	for _, s := range list {
		syntax.Walk(s, func(n syntax.Node) bool {
			if id, ok := n.(*syntax.Ident); ok {
				used[id.Name] = true
			}
			return true
		})
	}
	var kept []*syntax.Param
	for i, p := range f.def.Type.Params {
		if f.params[i] && f.like == nil && f.types.isNumber(p.Type) && !used[p.Name] {
			f.params[i] = false
		}
	}
	for _, p := range f.typ.Params {
		if f.like != nil || !f.types.isNumber(p.Type) || used[p.Name] {
			kept = append(kept, p)
		}
	}
	f.typ.Params = kept
}

// isSingle reports whether there is one object of a type, or of the pointers to which it points.
func (f *function) isSingle(typ syntax.Type) bool {
	s := f.types.pointsTo(typ)
	if p, ok := f.types.plain(typ).(*syntax.Pointer); ok && s == nil {
		s = f.types.pointsTo(p.Elem)
	}
	return s != nil && f.types.single[s.Tag] != ""
}

// result is what a function gives back: an object, a number, or nothing.
func (f *function) result(typ syntax.Type) syntax.Type {
	switch {
	case f.types.isObject(typ):
		return typ
	case f.types.isBool(typ):
		return &syntax.Basic{At: syntax.At{Start: typ.Pos()}, Name: "_Bool"}
	case f.types.isNumber(typ):
		return &syntax.Basic{At: syntax.At{Start: typ.Pos()}, Name: "int"}
	}
	return &syntax.Basic{At: syntax.At{Start: typ.Pos()}, Name: "void"}
}

// partOf declares a parameter of a root as what it is a part of leads to: the monitor of the domain
// that it is given as well. It is nil where nothing leads there.
func (f *function) partOf(name string, typ syntax.Type) *syntax.VarDecl {
	for _, p := range f.def.Type.Params {
		if f.types.isDomain(p.Type) && f.types.pointsTo(p.Type) != nil {
			at := p.At
			if x := f.types.way(at, &syntax.Ident{At: at, Name: p.Name}, f.types.pointsTo(p.Type),
				f.types.pointsTo(typ), 3); x != nil {
				return &syntax.VarDecl{At: at, Name: name, Type: typ, Init: x}
			}
		}
	}
	return nil
}

// begin declares what the body needs: the choices.
func (f *function) begin() []syntax.Stmt {
	var list []syntax.Stmt
	for _, p := range f.parts {
		list = append(list, &syntax.DeclStmt{At: p.At, Decls: []syntax.Decl{p}})
	}
	for _, c := range f.choices.used() {
		at := f.def.Body.At
		list = append(list, &syntax.DeclStmt{At: at, Decls: []syntax.Decl{
			&syntax.VarDecl{At: at, Name: c.name, Type: &syntax.Basic{At: at, Name: "int"}, Init: number(at, undecided)},
		}})
	}
	return list
}

func (f *function) definition() *syntax.FuncDef {
	return &syntax.FuncDef{At: f.def.At, Name: f.name, Type: f.typ, Body: f.body}
}

func (f *function) summary() Function {
	s := Function{Name: f.name, Pos: f.def.Pos(), Of: statements(f.def.Body), Kept: f.kept, Choices: f.chosen}
	s.Touches = f.touches
	for _, p := range f.typ.Params {
		s.Params = append(s.Params, p.Type)
		s.Domain = append(s.Domain, f.types.isDomain(p.Type))
	}
	return s
}

// statements counts the statements of a body, but for blocks.
func statements(b *syntax.Block) int {
	n := 0
	syntax.Walk(b, func(x syntax.Node) bool {
		switch x.(type) {
		case *syntax.Block:
		case syntax.Stmt:
			n++
		}
		return true
	})
	return n
}
