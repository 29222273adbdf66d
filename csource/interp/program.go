package interp

import (
	"fmt"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A Program is one translation unit, ready to be run. It is not changed after New but for what it
// remembers of call sites, so any number of runs may go on at the same time.
type Program struct {
	file       *scope
	structs    map[*syntax.StructType]*strukt
	functions  map[string]*function
	prototypes map[string]*signature
}

// function is a C function with a body.
type function struct {
	name string
	pos  model.Pos
	signature
	code  []op
	end   model.Pos
	slots int
	boxed []int // slots that hold a *Variable
	calls int
	needs needs
	root  *context // as the function of a thread
}

type signature struct {
	params   []*ctype
	result   *ctype
	variadic bool
}

// An op carries out one statement, or a part of one, and returns the index of the next; a negative
// one ends the function.
type op struct {
	do  func(*frame) int
	pos model.Pos
}

// needs is what a piece of code asks for: it cannot run when something of it is missing.
type needs struct {
	faults syntax.Diagnostics // of the code itself, whatever the host
	calls  []*call
	uses   []*use // of fields and of variables at file scope
}

// use is where a field is used, or for no tag a variable at file scope.
type use struct {
	tag, name string
	pos       model.Pos
	text      string
	how       Use
}

// Constant is the value of an enumerator at file scope.
func (p *Program) Constant(name string) (int64, bool) { return p.file.constant(name) }

// PointsTo is the tag of the struct to which a parameter of a function points; "" when it is
// something else.
func (p *Program) PointsTo(function string, param int) string {
	f := p.functions[function]
	if f == nil || param >= len(f.params) {
		return ""
	}
	if t := f.params[param]; t.kind == kPointer && t.elem.kind == kStruct {
		return t.elem.strukt.tag
	}
	return ""
}

// New prepares the files of a translation unit, in order, as the parser left them. It never fails:
// what is wrong with a function is for Check to say, and no matter if nothing calls it.
func New(files []*syntax.File) *Program {
	p := &Program{
		structs: map[*syntax.StructType]*strukt{}, functions: map[string]*function{}, prototypes: map[string]*signature{},
	}
	p.file = &scope{program: p}
	var bodies []*syntax.FuncDef
	for _, f := range files {
		for _, d := range f.Decls {
			if b := p.declare(d); b != nil {
				bodies = append(bodies, b)
			}
		}
	}
	for _, b := range bodies {
		compile(p, p.functions[b.Name], b)
	}
	return p
}

// declare enters a declaration at file scope, and returns a function's body to be compiled once all
// is known.
func (p *Program) declare(d syntax.Decl) *syntax.FuncDef {
	switch d := d.(type) {
	case *syntax.FuncDef:
		sig := p.signature(d.Type)
		f := p.functions[d.Name]
		if f != nil {
			// the first one counts
			f.needs.faults.Add(d.Pos(), fmt.Sprintf("%s is defined twice, first at %s", d.Name, f.pos), "")
			return nil
		}
		f = &function{name: d.Name, pos: d.Pos(), signature: *sig, end: d.Body.Rbrace}
		p.functions[d.Name] = f
		return d
	case *syntax.Prototype:
		p.prototypes[d.Name] = p.signature(d.Type)
	case *syntax.VarDecl:
		p.file.define(d.Type)
		p.file.declare(d.Name, &entity{kind: globalEntity, typ: p.file.resolve(d.Type), name: d.Name})
	default:
		p.file.declareType(d)
	}
	return nil
}

func (p *Program) signature(t *syntax.Func) *signature {
	p.file.define(t)
	sig := &signature{result: p.file.resolve(t.Result), variadic: t.Variadic}
	for _, param := range t.Params {
		typ := p.file.resolve(param.Type)
		if a, ok := param.Type.(*syntax.Array); ok {
			typ = pointerTo(p.file.resolve(a.Elem))
		}
		sig.params = append(sig.params, typ)
	}
	return sig
}
