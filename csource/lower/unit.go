package lower

import (
	"context"
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// A Thread asks for one thread of a program: which function it runs, on which objects, and which
// faults may strike it.
type Thread struct {
	Pos      model.Pos // where the thread is asked for; errors about it point here
	Function string
	Args     []Arg
	Loop     bool
	Faults   Faults
	// Restarts says that the thread begins with a restart of the daemon: see [model.OpRestart].
	// There is one such thread at most, and it does not loop.
	Restarts bool
}

// An Arg is one argument: the name of an object (vm1, driver, NULL) or an integer.
type Arg struct {
	Pos  model.Pos
	Text string
}

// Faults are what may go wrong for a thread.
type Faults struct {
	WaitTimeout    bool // a waiter that was not signalled may give up
	SignalStolen   bool // a waiter that was signalled may give up too, and swallows the signal
	SpuriousWakeup bool // a waiter may wake though nobody signalled
	AllocFailure   bool // malloc may find no memory and give NULL
	ClientGone     bool // the client may have gone when the thread asks
	SlowMonitor    bool // QEMU may never answer
	PosixSpurious  bool // it may in those waits for which POSIX, C11 and GLib say so
}

// Options change how a program is built.
type Options struct {
	// IgnoreRequires switches the preconditions (`requires`) off, to see what a broken one leads
	// to. Checks and asserts stay.
	IgnoreRequires bool

	// IgnoreLeaks makes a program in which memory to which nothing leads is no violation.
	IgnoreLeaks bool

	// Open makes programs follow what is reached from the start, however small they are.
	Open bool

	budget int // how many states are explored at first; 0: as shipped

	// Work is how much may be done for the program, in units of [meter.Meter], before
	// [meter.ErrWork]; 0 is any amount.
	Work int64
}

// A Unit is a protocol with the bodies of its threads: C files, read in order, as one translation
// unit.
type Unit struct {
	diags     syntax.Diagnostics
	meter     *meter.Meter // of what is being done now
	guesses   int          // names compared for hints
	structs   map[string]*structDef
	typedefs  map[string]syntax.Type
	odd       map[string]bool // typedefs of which an attribute says how they lie in memory
	enums     map[string]*typ
	constants map[string]int64 // enumerators
	wide      map[string]*typ  // the types of those that no int holds
	globals   []*global
	index     map[string]int              // of globals, by name
	literals  map[*syntax.CompoundLit]int // which globals the literals in initialisers are
	// which globals names in the initialisers of static locals mean, unless those at file scope
	inits     map[*syntax.Ident]int
	functions map[string]*function
	numbered  []*function // in the order of the source
	bodies    []*syntax.FuncDef
	protos    map[string]*syntax.Prototype
	cleaners  map[string]*syntax.Ident // by type: the function of its g_autoptr
	clearers  map[string]*syntax.Ident // by type: the function of its g_auto
	places    []model.Place            // what a run can reach; the first is none
	texts     []string                 // the string literals in functions
	textAt    map[syntax.Expr]int      // by where they stand
	inside    *body                    // the function that is being compiled
	usesErrno bool
	forks     bool   // some function calls fork
	world     *world // the variables at file scope, with which every program begins
	bytes     int64
}

// NewUnit checks the files and compiles every function in them. The error is of type
// [syntax.Diagnostics] and names everything that is wrong, or says which limit of ctx was hit.
func NewUnit(ctx context.Context, files []*syntax.File) (*Unit, error) {
	u := &Unit{
		meter: meter.New(ctx), structs: map[string]*structDef{}, enums: map[string]*typ{}, typedefs: map[string]syntax.Type{},
		odd: map[string]bool{}, constants: map[string]int64{}, wide: map[string]*typ{},
		index: map[string]int{}, literals: map[*syntax.CompoundLit]int{}, inits: map[*syntax.Ident]int{},
		textAt: map[syntax.Expr]int{}, functions: map[string]*function{}, protos: map[string]*syntax.Prototype{},
		cleaners: map[string]*syntax.Ident{}, clearers: map[string]*syntax.Ident{},
		places: make([]model.Place, 1),
	}
	u.build(files)
	u.hold(files)
	u.bytes = u.meter.Held()
	err := u.meter.Err()
	if u.meter = nil; err != nil {
		return nil, err
	}
	if err := u.diags.Err(); err != nil {
		return nil, err
	}
	return u, nil
}

func (u *Unit) build(files []*syntax.File) {
	for _, f := range files {
		for _, d := range f.Decls {
			u.meter.Work(1)
			u.declare(d)
		}
	}
	u.resolveFields(files)
	u.resolveGlobals()
	for _, d := range u.bodies {
		u.header(d)
	}
	u.findDisposers()
	u.findErrno(files)
	for _, d := range u.bodies {
		if u.diags.Full() || u.meter.Err() != nil {
			return
		}
		if f := u.functions[d.Name]; f.pos == d.Pos() {
			u.compile(f, d)
		}
	}
	u.boundCalls()
	if len(u.diags) == 0 {
		u.world = newWorld(u)
	}
}

// Held is about how many bytes the unit takes, and what it was made of when ctx was [meter.Holding]
// that.
func (u *Unit) Held() int64 { return u.bytes }

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

func (u *Unit) errorf(pos model.Pos, format string, args ...any) { u.hintf(pos, "", format, args...) }

func (u *Unit) hintf(pos model.Pos, hint, format string, args ...any) {
	if !u.diags.Full() {
		u.diags.Add(pos, fmt.Sprintf(format, args...), hint)
	}
}

// declare enters one declaration at file scope.
func (u *Unit) declare(d syntax.Decl) {
	switch d := d.(type) {
	case *syntax.FuncDef:
		u.bodies = append(u.bodies, d)
		u.attributesOf("a function", d.Attrs)
		for _, p := range d.Type.Params {
			u.attributesOf("a parameter", p.Attrs)
		}
		u.declareTypes(d.Type)
	case *syntax.Prototype:
		u.protos[d.Name] = d
		u.attributesOf("a function", d.Attrs)
	case *syntax.StaticAssert:
		u.staticAssert(d)
	case *syntax.AsmDecl:
		u.errorf(d.Pos(), "asm cannot be modelled")
	case *syntax.VarDecl:
		u.declareTypes(d.Type)
		u.declareGlobal(d)
		u.registerLiterals(d)
	case *syntax.TypedefDecl:
		u.typedefs[d.Name] = d.Type
		u.odd[d.Name] = !lies(d.Attrs)
		u.declareTypes(d.Type)
	case *syntax.StructDecl:
		u.declareTypes(d.Type)
	case *syntax.EnumDecl:
		u.declareTypes(d.Type)
	case *syntax.MacroDecl:
		u.declareMacro(d)
	}
}

// declareTypes enters the structs and enumerators that a type defines on the way.
func (u *Unit) declareTypes(t syntax.Type) {
	switch t := t.(type) {
	case *syntax.StructType:
		u.struct_(t)
		u.attributesOf("a struct", t.Attrs)
	case *syntax.EnumType:
		u.enum(t)
	case *syntax.Pointer:
		u.declareTypes(t.Elem)
	case *syntax.Atomic:
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
		if t.IsUnion {
			tag = "anonymous union at " + t.Pos().String()
		}
	}
	s := u.structs[tag]
	if s == nil {
		s = &structDef{tag: tag, pos: t.Pos(), index: map[string]int{}, refcount: -1, counted: -1, listed: -1, mutex: -1}
		u.structs[tag] = s
		if s.asInHeaders(); s.isUnion {
			u.findLeaves(s)
		}
	}
	if !t.HasBody || s.pos == t.Pos() && s.defined && !s.header {
		return s
	}
	if s.header {
		s.forget()
	}
	if s.defined {
		u.errorf(t.Pos(), "%s is defined twice, first at %s", s, s.pos)
		return s
	}
	s.defined, s.pos, s.attrs, s.isUnion = true, t.Pos(), t.Attrs, t.IsUnion
	for _, f := range t.Fields {
		u.declareTypes(f.Type)
		d := &fieldDef{name: f.Name, pos: f.Pos(), decl: f, in: s, at: len(s.fields), isBitField: f.Bits != nil}
		s.members = append(s.members, d)
		if f.Name == "" && d.isBitField {
			d.at = -1
			continue
		}
		if _, ok := s.index[f.Name]; !ok && f.Name != "" {
			s.index[f.Name] = d.at
		}
		s.fields = append(s.fields, d)
	}
	for _, a := range t.Asserts {
		u.staticAssert(a)
	}
	return s
}

// constant is the value of an enumerator, or of a constant of the system's headers.
func (u *Unit) constant(name string) (int64, bool) {
	if v, ok := u.constants[name]; ok {
		return v, true
	}
	return vocabulary.Constant(name)
}

// globalIndex is the number of a variable at file scope, -1 when there is none of that name.
func (u *Unit) globalIndex(name string) int {
	if i, ok := u.index[name]; ok {
		return i
	}
	return -1
}

// globalOf is the number of the variable that a name in an initialiser means.
func (u *Unit) globalOf(e *syntax.Ident) int {
	if i, ok := u.inits[e]; ok {
		return i
	}
	return u.globalIndex(e.Name)
}
