package lower

import (
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// globalsObject is the object whose fields are the variables at file scope.
const globalsObject = 0

// object is one instance of a struct.
type object struct {
	name   string
	strukt *structDef // nil for the globals
	parent int        // the object in which it lies or which made it; -1: none
	root   int        // the reference-counted object with which it is freed; -1: never freed
	cells  []cell
	memory int // the cell that says whether it is allocated; -1: it never was, and cannot be freed
}

// cell is one field of one object.
type cell struct {
	def  *fieldDef
	typ  *typ
	id   int   // of the mutex, condition or variable, in order of creation
	init value // of a variable, and the address of an embedded struct
}

// world is every object of a program. Nothing is ever created or removed while the program runs.
type world struct {
	*Unit
	objects []*object
	named   map[namedObject]int
	pools   map[string]*pool // by thread and call site
	locks   []cellRef
	conds   []cellRef
	vars    []cellRef
	cells   int
	heap    int  // objects that threads allocate
	full    bool // there are too many cells
}

type namedObject struct {
	name   string
	strukt *structDef
}

type cellRef struct{ object, field int }

func (w *world) cell(r cellRef) *cell { return &w.objects[r.object].cells[r.field] }

// newWorld instantiates the variables at file scope.
func newWorld(u *Unit) *world {
	w := &world{Unit: u, named: map[namedObject]int{}}
	g := &object{parent: -1, root: -1, memory: -1}
	w.objects = append(w.objects, g)
	for _, v := range u.globals {
		w.count(v.pos, 1)
		def := &fieldDef{name: v.name, pos: v.pos, typ: v.typ}
		for _, a := range v.decl.Attrs {
			u.attribute(def, a)
		}
		g.cells = append(g.cells, cell{def: def, typ: v.typ})
	}
	for i, v := range u.globals {
		w.fill(globalsObject, i, v.name, 0)
		u.lockInitial(v)
		if v.decl.Init != nil && v.typ.kind != tMutex && v.typ.kind != tCond {
			g.cells[i].init = w.initial(v.decl.Init)
		}
	}
	return w
}

// forProgram is a world of its own that begins with what w has.
func (w *world) forProgram(u *Unit) *world {
	own := *w
	own.Unit, own.named, own.pools = u, maps.Clone(w.named), map[string]*pool{}
	own.objects, own.locks, own.conds, own.vars = slices.Clip(w.objects), slices.Clip(w.locks), slices.Clip(w.conds), slices.Clip(w.vars)
	return &own
}

const (
	maxObjectDepth = 16
	maxCells       = 1 << 20 // variables, locks and conditions in all objects of a program
	cellBytes      = 96
)

// count counts cells, and reports false when there are too many: structs that hold several structs
// each multiply.
func (w *world) count(pos model.Pos, n int) bool {
	w.cells += n
	if w.cells > maxCells && !w.full {
		w.full = true
		w.errorf(pos, "more than %d fields in all objects together", maxCells)
	}
	return w.meter.Work(n) && w.meter.Take(n*cellBytes) && !w.full
}

// instance makes an object of struct s.
func (w *world) instance(s *structDef, name string, parent, depth int) int {
	id := len(w.objects)
	o := &object{name: name, strukt: s, parent: parent, root: -1, memory: -1}
	if parent >= 0 {
		o.root = w.objects[parent].root
	}
	if s.refcount >= 0 {
		o.root = id
	}
	w.objects = append(w.objects, o)
	if !w.count(s.pos, 1+len(s.fields)) {
		return id
	}
	for _, f := range s.fields {
		o.cells = append(o.cells, cell{def: f, typ: f.typ})
	}
	for i := range o.cells {
		w.fill(id, i, w.fieldName(o, i), depth)
	}
	return id
}

// fieldName is how the object behind a field is called: vm1.mon. What a void pointer leads to is
// the same thing seen more closely, so vm1's private data go by the name vm1.
func (w *world) fieldName(o *object, i int) string {
	c := &o.cells[i]
	if c.typ.kind == tPointer && c.typ.elem.kind == tVoid && c.def.newType != nil {
		clash := false
		for _, f := range c.def.newType.fields {
			clash = clash || o.strukt.field(f.name) >= 0
		}
		if !clash {
			return o.name
		}
	}
	return o.name + "." + c.def.name
}

// fill gives a cell its identity and its initial value.
func (w *world) fill(id, i int, name string, depth int) {
	c := &w.objects[id].cells[i]
	ref := cellRef{id, i}
	switch c.typ.kind {
	case tMutex:
		c.id = len(w.locks)
		w.locks = append(w.locks, ref)
		return
	case tCond:
		c.id = len(w.conds)
		w.conds = append(w.conds, ref)
		return
	case tStruct:
		if !c.typ.strukt.defined || depth > maxObjectDepth {
			w.errorf(c.def.pos, "%s has a type that is not defined: struct %s", c.def.name, c.typ.strukt.tag)
			return
		}
		parent := id
		if id == globalsObject {
			parent = -1
		}
		sub := w.instance(c.typ.strukt, name, parent, depth+1)
		w.objects[id].cells[i].init = objectValue(sub)
		return
	}
	c.id = len(w.vars)
	w.vars = append(w.vars, ref)
	init := intValue(0)
	switch {
	case c.def.refcount || c.def.listed:
		init = intValue(1)
	case c.def.isNew && c.def.newType != nil:
		if depth > maxObjectDepth {
			w.errorf(c.def.pos, "new makes objects without end here")
			break
		}
		parent := id
		if id == globalsObject {
			parent = -1
		}
		made := w.instance(c.def.newType, name, parent, depth+1)
		w.allocated(made)
		init = objectValue(made)
	case c.def.subject:
		if s := c.typ.pointsToStruct(); s != nil && s.defined {
			init = objectValue(w.named_(w.objects[id].name, s))
		} else {
			w.errorf(c.def.pos, "subject needs a pointer to a struct")
		}
	}
	if c.def.init != nil {
		init = w.initial(c.def.init)
	}
	w.objects[id].cells[i].init = init
}

// initial evaluates the initial value of a variable: a constant, another variable's initial value,
// or an address.
func (w *world) initial(e syntax.Expr) value {
	switch e := e.(type) {
	case *syntax.Cast:
		return w.initial(e.X)
	case *syntax.StringLit:
		return value{kind: vOpaque}
	case *syntax.Ident:
		if e.Name == "NULL" || e.Name == "false" {
			return intValue(0)
		}
		if e.Name == "true" {
			return intValue(1)
		}
		if i := w.globalIndex(e.Name); i >= 0 {
			return w.objects[globalsObject].cells[i].init
		}
	case *syntax.Unary:
		if id, ok := e.X.(*syntax.Ident); ok && e.Op == "&" {
			if i := w.globalIndex(id.Name); i >= 0 {
				if c := &w.objects[globalsObject].cells[i]; c.typ.kind == tStruct {
					return c.init
				}
				return value{kind: vField, obj: globalsObject, field: i}
			}
		}
	}
	n, ok := syntax.EvalConst(e, w.constant)
	if !ok {
		w.errorf(e.Pos(), "the initial value %s is not a constant", syntax.FormatShort(e))
	}
	return intValue(n)
}

// named_ returns the object that an argument of that name stands for, making it at first use.
func (w *world) named_(name string, s *structDef) int {
	key := namedObject{name, s}
	if id, ok := w.named[key]; ok {
		return id
	}
	id := w.instance(s, name, -1, 0)
	w.allocated(id)
	w.named[key] = id
	return id
}

var domainName = regexp.MustCompile(`^vm[0-9]+$`)

// argument is the value that a thread's argument stands for.
func (w *world) argument(a Arg, t *typ, function string) value {
	if n, err := strconv.ParseInt(a.Text, 0, 64); err == nil {
		if t.kind == tPointer && n != 0 {
			w.errorf(a.Pos, "%s needs a pointer, and %s is a number", function, a.Text)
		}
		return intValue(n)
	}
	if a.Text == "NULL" {
		return intValue(0)
	}
	if n, ok := w.constant(a.Text); ok && t.kind == tInt {
		return intValue(n)
	}
	if i := w.globalIndex(a.Text); i >= 0 {
		c := &w.objects[globalsObject].cells[i]
		if !assignable(t, c.typ) {
			w.errorf(a.Pos, "%s needs %s, and %s is %s", function, t, a.Text, c.typ)
		}
		return c.init
	}
	s := t.pointsToStruct()
	if !domainName.MatchString(a.Text) {
		w.hintf(a.Pos, "objects are vm1, vm2, ... and the variables at file scope", "%s is not an object", a.Text)
		return intValue(0)
	}
	if s == nil || !s.defined {
		w.errorf(a.Pos, "%s takes %s here, and %s would be an object", function, t, a.Text)
		return intValue(0)
	}
	return objectValue(w.named_(a.Text, s))
}

// guardOf finds the lock that must be held to touch a cell; -1: none.
func (w *world) guardOf(r cellRef) int {
	c := w.cell(r)
	switch g := c.def.guard.(type) {
	case nil:
		return -1
	case *syntax.Ident:
		if id := w.lockField(r.object, g.Name); id >= 0 {
			return id
		}
	case *syntax.Member:
		owner, ok := g.X.(*syntax.Ident)
		for o := r.object; ok && o >= 0; o = w.objects[o].parent {
			if s := w.objects[o].strukt; s != nil && (s.name() == owner.Name || s.tag == owner.Name) {
				if id := w.lockField(o, g.Name); id >= 0 {
					return id
				}
			}
		}
	}
	w.errorf(c.def.guard.Pos(), "%s is guarded by %s, which is no lock of it or of the object to which it belongs",
		c.def.name, syntax.FormatShort(c.def.guard))
	return -1
}

func (w *world) lockField(object int, name string) int {
	o := w.objects[object]
	i := w.globalIndex(name)
	if o.strukt != nil {
		i = o.strukt.field(name)
	}
	if i >= 0 && o.cells[i].typ.kind == tMutex {
		return o.cells[i].id
	}
	return -1
}

// cellName is vm1.lock, or the variable's own name at file scope.
func (w *world) cellName(r cellRef) string {
	c := w.cell(r)
	if r.object == globalsObject {
		return c.def.name
	}
	return w.objects[r.object].name + "." + c.def.name
}

// class is the level of the lock hierarchy at which a lock or a job stands.
func (w *world) class(r cellRef) string {
	c := w.cell(r)
	if c.def.class != "" {
		return c.def.class
	}
	if s := w.objects[r.object].strukt; s != nil {
		return s.name() + "." + c.def.name
	}
	return c.def.name
}

func (w *world) typeName(o int) string {
	if s := w.objects[o].strukt; s != nil {
		return s.name()
	}
	return ""
}

func modelID(i int) model.ObjectID {
	if i < 0 {
		return model.None
	}
	return model.ObjectID(i)
}
