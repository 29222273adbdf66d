package interp_test

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/csource/interp"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A world is a host that makes its objects from the structs of the program and their attributes, as
// lower does, and carries out the functions that lower knows for one thread alone. It writes down
// what a model would call steps.
type world struct {
	structs   map[string]*syntax.StructType
	typedefs  map[string]syntax.Type
	constants map[string]int64 // the enumerators
	globals   object
	named     map[string]*object
	subject   string // the argument whose objects are being made
	events    []event
	wait      func() (result int64, label model.Label)
	choose    func() bool
	extra     map[string]int64 // more functions that are provided, with their results
	absent    string           // a function that is not
}

type object struct {
	name  string
	tag   string
	cells map[string]*cell
	names []string
}

// cell is a field. In a mutex, a condition and a struct only the address counts.
type cell struct {
	owner  *object
	name   string
	role   string // mutex, cond, struct, pointer or int
	value  interp.Value
	attrs  []*syntax.Attr
	locked bool
}

func (c *cell) is(attr string) bool { return syntax.FindAttr(c.attrs, attr) != nil }

// event is a step as the interpreter's host sees it.
type event struct {
	op    model.Op
	name  string // of the lock, the condition, the variable or the object
	value string // that was read, written or left
	label model.Label
	site  *interp.Site // nil for accesses to fields
}

func (e event) String() string {
	s := e.op.String() + " " + e.name
	if e.value != "" {
		s += " = " + e.value
	}
	if e.label != model.Normal {
		s += " " + e.label.String()
	}
	return s
}

// stop is what the world panics with when a rule is broken.
type stop struct {
	kind model.Kind
	pos  model.Pos // of a check that stands in the program
}

// freed stops a run whose object is gone: what comes after is no longer compared.
const freed model.Kind = "freed"

func newWorld(files []*syntax.File) *world {
	w := &world{
		structs: map[string]*syntax.StructType{}, typedefs: map[string]syntax.Type{}, named: map[string]*object{}, constants: map[string]int64{},
		globals: object{cells: map[string]*cell{}},
		wait:    func() (int64, model.Label) { return 0, model.Spuriously },
		choose:  func() bool { return true },
	}
	var vars []*syntax.VarDecl
	names := map[*syntax.VarDecl]string{}
	for _, f := range files {
		syntax.Walk(f, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.StructType:
				if n.HasBody {
					w.structs[n.Tag] = n
				}
			case *syntax.Enumerator:
				if n.Known {
					w.constants[n.Name] = n.Value
				}
			case *syntax.TypedefDecl:
				w.typedefs[n.Name] = n.Type
			case *syntax.FuncDef:
				count := map[string]int{}
				syntax.Walk(n.Body, func(inner syntax.Node) bool {
					if d, ok := inner.(*syntax.VarDecl); ok && d.Storage.Has(syntax.Static) {
						vars, names[d] = append(vars, d), n.Name+"."+d.Name
						if count[d.Name]++; count[d.Name] > 1 {
							names[d] += "." + strconv.Itoa(count[d.Name])
						}
					}
					return true
				})
				return false
			case *syntax.VarDecl:
				vars, names[n] = append(vars, n), n.Name
			}
			return true
		})
	}
	for _, v := range vars {
		if old := w.globals.cells[names[v]]; old != nil && (v.Init == nil || v.Storage.Has(syntax.Extern)) {
			continue
		}
		inner := names[v]
		if v.Storage.Has(syntax.ThreadLocal) {
			inner += "@1"
		}
		w.cell(&w.globals, names[v], inner, v.Type, v.Attrs)
		c := w.globals.cells[names[v]]
		c.name = inner
		c.initialise(v.Init)
	}
	return w
}

// initialise gives a variable its value: of an array or a struct, that of its parts in order.
func (c *cell) initialise(x syntax.Expr) {
	if n, ok := syntax.EvalConst(x, nil); ok {
		c.value.Int = n
	}
	list, ok := x.(*syntax.InitList)
	parts, also := c.value.Object.(*object)
	if !ok || !also {
		return
	}
	for i, item := range list.Items {
		parts.cells[parts.names[i]].initialise(item.Value)
	}
}

// role says what a type is, and the struct that it is or points to.
func (w *world) role(t syntax.Type) (string, *syntax.StructType) {
	switch t := t.(type) {
	case *syntax.TypeName:
		switch t.Name {
		case "virMutex", "pthread_mutex_t", "mtx_t":
			return "mutex", nil
		case "virCond", "pthread_cond_t", "cnd_t":
			return "cond", nil
		}
		if d := w.typedefs[t.Name]; d != nil {
			return w.role(d)
		}
	case *syntax.StructType:
		return "struct", w.structs[t.Tag]
	case *syntax.Array:
		return "array", nil
	case *syntax.Pointer:
		_, s := w.role(t.Elem)
		return "pointer", s
	}
	return "int", nil
}

func (w *world) object(name string, s *syntax.StructType) *object {
	o := &object{name: name, tag: s.Tag, cells: map[string]*cell{}}
	w.fill(o, s)
	return o
}

func (w *world) fill(o *object, s *syntax.StructType) {
	for _, f := range s.Fields {
		inner := o.name + "." + f.Name
		if b, ok := f.Type.(*syntax.Pointer); ok {
			if basic, ok := b.Elem.(*syntax.Basic); ok && basic.Name == "void" && syntax.FindAttr(f.Attrs, "new") != nil {
				inner = o.name // lower's way of naming what a void pointer leads to
			}
		}
		w.cell(o, f.Name, inner, f.Type, f.Attrs)
	}
}

func (w *world) cell(o *object, field, inner string, t syntax.Type, attrs []*syntax.Attr) {
	role, s := w.role(t)
	c := &cell{owner: o, name: strings.TrimPrefix(o.name+"."+field, "."), role: role, attrs: attrs}
	if field[0] == '[' {
		c.name = o.name + field
	}
	o.cells[field], o.names = c, append(o.names, field)
	if role == "struct" {
		c.value.Object = w.object(inner, s)
	}
	if a, ok := t.(*syntax.Array); ok {
		elements := &object{name: inner, cells: map[string]*cell{}}
		n, _ := syntax.EvalConst(a.Len, nil)
		for i := range n {
			name := fmt.Sprintf("[%d]", i)
			w.cell(elements, name, inner+name, a.Elem, nil)
		}
		c.value.Object = elements
	}
	for _, a := range attrs {
		switch a.Name {
		case "refcount", "listed":
			c.value.Int = 1
		case "new":
			if len(a.Args) > 0 {
				s = w.structs["_"+a.Args[0].(*syntax.Ident).Name]
			}
			c.value.Object = w.object(inner, s)
		case "subject":
			c.value.Object = w.argument(cmp.Or(w.subject, o.name), s)
		case "init":
			if n, ok := syntax.EvalConst(a.Args[0], w.constant); ok {
				c.value.Int = n
			} else {
				c.value = w.globals.cells[a.Args[0].(*syntax.Ident).Name].value
			}
		}
	}
}

func (w *world) constant(name string) (int64, bool) {
	n, ok := w.constants[name]
	return n, ok
}

// argument is the object of a type that an argument names, made once. What is made for it leads
// back to it.
func (w *world) argument(name string, s *syntax.StructType) *object {
	key := s.Tag + " " + name
	if o := w.named[key]; o != nil {
		return o
	}
	defer func(outer string) { w.subject = outer }(w.subject)
	w.subject = cmp.Or(w.subject, name)
	o := &object{name: name, tag: s.Tag, cells: map[string]*cell{}}
	w.named[key] = o
	w.fill(o, s)
	return o
}

// arguments are the values for the parameters of a function, given as lower takes them.
func (w *world) arguments(f *syntax.FuncDef, texts []string) []interp.Value {
	var args []interp.Value
	for i, text := range texts {
		_, s := w.role(f.Type.Params[i].Type)
		n, err := strconv.ParseInt(text, 0, 64)
		switch {
		case err == nil:
			args = append(args, interp.Value{Int: n})
		case w.globals.cells[text] != nil:
			args = append(args, w.globals.cells[text].value)
		default:
			args = append(args, interp.Value{Object: w.argument(text, s)})
		}
	}
	return args
}

// show is a value as events have it.
func show(v interp.Value) string {
	switch o := v.Object.(type) {
	case nil:
		return strconv.FormatInt(v.Int, 10)
	case *object:
		return o.name
	case *cell:
		return "&" + o.name
	}
	return fmt.Sprint(v.Object)
}

func (w *world) note(e event) {
	w.events = append(w.events, e)
	if len(w.events) > maxEvents {
		panic(stop{kind: waitsForOthers})
	}
}

// maxEvents is more than any body has that comes to its end alone.
const maxEvents = 10_000

// waitsForOthers is why a run was stopped that waits for what only another thread would do.
const waitsForOthers model.Kind = "waits-for-others"

func (w *world) Field(o any, name string) (interp.Value, bool) {
	obj, ok := o.(*object)
	if !ok || obj.cells[name] == nil {
		return interp.Value{}, false
	}
	return w.read(obj.cells[name]), true
}

func (w *world) read(c *cell) interp.Value {
	w.note(event{op: model.OpLoad, name: c.name, value: show(c.value)})
	return c.value
}

func (w *world) Address(o any, name string) (interp.Value, bool) {
	obj, ok := o.(*object)
	if !ok || obj.cells[name] == nil {
		return interp.Value{}, false
	}
	return obj.cells[name].pointer(), true
}

func (c *cell) pointer() interp.Value {
	if c.role == "struct" || c.role == "array" {
		return c.value
	}
	return interp.Value{Object: c}
}

func (w *world) SetField(o any, name string, v interp.Value) bool {
	obj, ok := o.(*object)
	if !ok || obj.cells[name] == nil {
		return false
	}
	w.write(obj.cells[name], v)
	return true
}

func (w *world) write(c *cell, v interp.Value) {
	w.note(event{op: model.OpStore, name: c.name, value: show(v)})
	if c.is("owner") && !v.True() && !c.value.True() {
		panic(stop{kind: model.JobUnbalanced})
	}
	c.value = v
}

func (w *world) Global(name string) (interp.Value, bool) {
	c := w.globals.cells[name]
	switch {
	case c == nil:
		return interp.Value{}, false
	case c.role == "int" || c.role == "pointer":
		return w.read(c), true
	}
	return c.pointer(), true
}

func (w *world) SetGlobal(name string, v interp.Value) bool {
	if w.globals.cells[name] == nil {
		return false
	}
	w.write(w.globals.cells[name], v)
	return true
}

func (w *world) AddressOfGlobal(name string) (interp.Value, bool) {
	return interp.Value{Object: w.globals.cells[name]}, w.globals.cells[name] != nil
}

// parse reads C in strict mode.
func parse(t testing.TB, sources ...syntax.Source) []*syntax.File {
	t.Helper()
	p := syntax.NewParser(t.Context(), syntax.Options{})
	var files []*syntax.File
	for _, src := range sources {
		files = append(files, p.Parse(src))
	}
	if err := p.Diagnostics().Err(); err != nil {
		t.Fatal(err)
	}
	return files
}

// definition finds a function with its body.
func definition(files []*syntax.File, name string) *syntax.FuncDef {
	for _, f := range files {
		for _, d := range f.Decls {
			if d, ok := d.(*syntax.FuncDef); ok && d.Name == name {
				return d
			}
		}
	}
	return nil
}

// outcome is how a run ended: with a result, an error, or because the world stopped it.
type outcome struct {
	result interp.Value
	err    error
	stop   *stop
}

func run(p *interp.Program, w *world, files []*syntax.File, function string, args ...string) (o outcome) {
	defer func() {
		if r := recover(); r != nil {
			s, ok := r.(stop)
			if !ok {
				panic(r)
			}
			o.stop = &s
		}
	}()
	o.result, o.err = p.Run(w, function, w.arguments(definition(files, function), args))
	return o
}
