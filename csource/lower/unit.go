package lower

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A Thread asks for one thread of a program: which function it runs, on which objects, and which faults may strike it.
type Thread struct {
	Pos      model.Pos // where the thread is asked for; errors about it point here
	Function string
	Args     []Arg
	Loop     bool
	Faults   Faults
}

// An Arg is one argument: the name of an object (vm1, driver, NULL) or an integer.
type Arg struct {
	Pos  model.Pos
	Text string
}

// Faults are what may go wrong for a thread that waits.
type Faults struct {
	WaitTimeout    bool // a waiter that was not signalled may give up
	SignalStolen   bool // a waiter that was signalled may give up too, and swallows the signal
	SpuriousWakeup bool // a waiter may wake though nobody signalled
}

// Options change how a program is built.
type Options struct {
	// IgnoreRequires switches the preconditions (`requires`) off, to see what a broken one leads to. Checks and asserts stay.
	IgnoreRequires bool
}

// A Unit is a protocol with the bodies of its threads: C files, read in order, as one translation unit.
type Unit struct {
	diags     syntax.Diagnostics
	structs   map[string]*structDef
	typedefs  map[string]syntax.Type
	constants map[string]int64 // enumerators
	globals   []*global
	functions map[string]*function
	bodies    []*syntax.FuncDef
	protos    map[string]*syntax.Prototype
}

// global is a variable at file scope.
type global struct {
	name string
	pos  model.Pos
	typ  *typ
	decl *syntax.VarDecl
}

// NewUnit checks the files and compiles every function in them. The diagnostics name everything that is wrong; the
// unit is usable only when there are none.
func NewUnit(files []*syntax.File) (*Unit, syntax.Diagnostics) {
	u := &Unit{
		structs: map[string]*structDef{}, typedefs: map[string]syntax.Type{}, constants: map[string]int64{},
		functions: map[string]*function{}, protos: map[string]*syntax.Prototype{},
	}
	for _, f := range files {
		for _, d := range f.Decls {
			u.declare(d)
		}
	}
	u.resolveFields(files)
	for _, g := range u.globals {
		g.typ = u.resolve(g.decl.Type)
	}
	for _, d := range u.bodies {
		u.header(d)
	}
	for _, d := range u.bodies {
		if f := u.functions[d.Name]; f.pos == d.Pos() {
			u.compile(f, d)
		}
	}
	u.refuseRecursion()
	return u, u.diags
}

// HasFunction reports whether a function of that name can run as a thread.
func (u *Unit) HasFunction(name string) bool { return u.functions[name] != nil }

// Functions lists the functions in the order of their names.
func (u *Unit) Functions() []string {
	var names []string
	for name := range u.functions {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (u *Unit) errorf(pos model.Pos, format string, args ...any) {
	u.diags.Add(pos, fmt.Sprintf(format, args...), "")
}

func (u *Unit) hintf(pos model.Pos, hint, format string, args ...any) {
	u.diags.Add(pos, fmt.Sprintf(format, args...), hint)
}

// declare enters one declaration at file scope.
func (u *Unit) declare(d syntax.Decl) {
	switch d := d.(type) {
	case *syntax.FuncDef:
		u.bodies = append(u.bodies, d)
		u.declareTypes(d.Type)
	case *syntax.Prototype:
		u.protos[d.Name] = d
	case *syntax.VarDecl:
		u.declareTypes(d.Type)
		if g := u.global(d.Name); g != nil {
			if d.Storage.Has(syntax.Extern) {
				return
			}
			u.errorf(d.Pos(), "%s is declared twice, first at %s", d.Name, g.pos)
			return
		}
		u.globals = append(u.globals, &global{name: d.Name, pos: d.Pos(), decl: d})
	case *syntax.TypedefDecl:
		u.typedefs[d.Name] = d.Type
		u.declareTypes(d.Type)
	case *syntax.StructDecl:
		u.declareTypes(d.Type)
	case *syntax.EnumDecl:
		u.declareTypes(d.Type)
	}
}

// declareTypes enters the structs and enumerators that a type defines on the way.
func (u *Unit) declareTypes(t syntax.Type) {
	switch t := t.(type) {
	case *syntax.StructType:
		u.struct_(t)
	case *syntax.EnumType:
		for _, e := range t.Enumerators {
			if !e.Known {
				u.errorf(e.Pos(), "the value of %s is not a constant", e.Name)
			}
			u.constants[e.Name] = e.Value
		}
	case *syntax.Pointer:
		u.declareTypes(t.Elem)
	case *syntax.Array:
		u.declareTypes(t.Elem)
	case *syntax.Func:
		u.declareTypes(t.Result)
	}
}

// struct_ returns the definition behind a struct type, making it when it is new.
func (u *Unit) struct_(t *syntax.StructType) *structDef {
	tag := t.Tag
	if tag == "" {
		tag = "anonymous struct at " + t.Pos().String()
	}
	s := u.structs[tag]
	if s == nil {
		s = &structDef{tag: tag, pos: t.Pos()}
		u.structs[tag] = s
	}
	if !t.HasBody || s.pos == t.Pos() && s.defined {
		return s
	}
	if s.defined {
		u.errorf(t.Pos(), "struct %s is defined twice, first at %s", tag, s.pos)
		return s
	}
	if t.IsUnion {
		u.errorf(t.Pos(), "a union cannot be modelled: use a struct")
	}
	s.defined, s.pos = true, t.Pos()
	for _, f := range t.Fields {
		u.declareTypes(f.Type)
		s.fields = append(s.fields, &fieldDef{name: f.Name, pos: f.Pos()})
	}
	return s
}

func (u *Unit) global(name string) *global {
	for _, g := range u.globals {
		if g.name == name {
			return g
		}
	}
	return nil
}

// refuseRecursion reports every call that closes a cycle: functions are inlined.
func (u *Unit) refuseRecursion() {
	const (
		unseen = iota
		active
		done
	)
	state := map[*function]int{}
	var path []*function
	var visit func(*function)
	visit = func(f *function) {
		state[f] = active
		path = append(path, f)
		for _, c := range f.callees {
			switch state[c.to] {
			case unseen:
				visit(c.to)
			case active:
				text := ""
				for _, g := range path[slices.Index(path, c.to):] {
					text += g.name + " -> "
				}
				u.errorf(c.pos, "recursive call: %s%s; functions are inlined, so this cannot be modelled", text, c.to.name)
			}
		}
		path = path[:len(path)-1]
		state[f] = done
	}
	for _, name := range u.Functions() {
		if f := u.functions[name]; state[f] == unseen {
			visit(f)
		}
	}
}
