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
	strukt *structDef // of a struct
	array  *typ       // of an array; the globals, and the thread-local ones of a thread, have neither
	in     cellRef    // the field or element that it is; its object is -1 where it is none
	class  int        // see fieldKey
	parent int        // the object in which it lies or which made it; -1: none
	root   int        // the reference-counted object with which it is freed; -1: never freed
	cells  []cell
	seats  []seat    // by cell, where it lies in a union
	memory int       // the cell that says whether it is allocated; -1: it never was, and cannot be freed
	made   model.Pos // where a thread allocates it; the zero Pos: none does

	local    localObject // of a local variable that is private, and what lies in it; else the path is 0
	variable bool        // it is a local variable: its only cell
	scope    *pool       // of a local variable that others can see: whence it comes, and its scope frees it
	isText   bool        // a string literal
	ofThread int         // it holds the thread-local variables of the thread of that number; 0: it does not
	isTarget bool        // it is none, but stands for what a pointer in a shared variable leads to
	target   value
}

// cell is one field of one object.
type cell struct {
	def  *fieldDef
	typ  *typ
	id   int   // of the mutex, condition or variable, in order of creation
	init value // of a variable, and the address of an embedded struct
	slot int   // of a private local variable: where the value is
	kind int64 // of a lock: the one with which it begins
	raw  bool  // of a lock or condition: nothing is in it at the start, and it must be initialised
	// isConst says that a declaration calls it const: to change it has no meaning in C.
	isConst bool
}

// world is every object of a program. Nothing is ever created or removed while the program runs.
type world struct {
	*Unit
	objects   []*object
	named     map[namedObject]int
	classes   map[classKey]int
	targets   map[value]int
	paths     map[callPath]int
	locals    map[localObject]int
	perThread []int            // by thread: the object of its own copies of thread-local variables
	pools     map[string]*pool // by thread and call site
	poolsByID []*pool
	textPos   model.Pos                 // where there are too many texts
	initTexts map[*syntax.StringLit]int // those of initialisers at file scope
	scopes    map[string]int            // how many local variables that others can see have a name
	records   map[int]int               // by thread that another starts: the object with what became of it
	process   int                       // the object that says whether the process has ended; 0: nobody asks
	locks     []cellRef
	conds     []cellRef
	vars      []cellRef
	cells     int
	uses      map[*structDef][]leafUse // by union: the leaves that are used
	heap      int                      // objects that threads allocate
	full      bool                     // there are too many cells
}

type namedObject struct {
	name   string
	strukt *structDef
}

type cellRef struct{ object, field int }

var nowhere = cellRef{-1, -1}

// isRoot reports whether an object holds the variables at file scope, each of which is an object of
// its own in C.
func (o *object) isRoot() bool { return o.strukt == nil && o.array == nil }

func (w *world) cell(r cellRef) *cell { return &w.objects[r.object].cells[r.field] }

// newWorld instantiates the variables that exist from the start to the end.
func newWorld(u *Unit) *world {
	w := &world{
		Unit: u, initTexts: map[*syntax.StringLit]int{}, named: map[namedObject]int{}, classes: map[classKey]int{},
		uses: map[*structDef][]leafUse{},
	}
	g := &object{in: nowhere, parent: -1, root: -1, memory: -1}
	w.objects = append(w.objects, g)
	for _, s := range u.texts {
		w.textObject(s)
	}
	for _, v := range u.globals {
		w.count(v.pos, 1)
		def := &fieldDef{name: v.name, pos: v.pos, typ: v.typ}
		for _, a := range v.decl.Attrs {
			u.attribute(def, a)
		}
		g.cells = append(g.cells, cell{def: def, typ: v.typ})
	}
	w.fillGlobals(globalsObject, "")
	return w
}

// fillGlobals gives the variables at file scope their values, in the object for all threads or in
// that of one thread, whose names end in suffix.
func (w *world) fillGlobals(object int, suffix string) {
	for i, v := range w.globals {
		if v.threadLocal != (object != globalsObject) {
			continue
		}
		w.fill(object, i, v.name+suffix, 0)
		w.fix(cellRef{object, i}, w.isConst(v.decl.Type))
	}
	for i, v := range w.globals {
		if v.threadLocal == (object != globalsObject) && v.decl.Init != nil && len(w.diags) == 0 && !w.full {
			w.initialise(cellRef{object, i}, v.decl.Init)
		}
	}
}

// forProgram is a world of its own that begins with what w has, and has the thread-local variables
// of so many threads.
func (w *world) forProgram(u *Unit, threads int) *world {
	own := *w
	own.Unit, own.named, own.classes, own.targets = u, maps.Clone(w.named), maps.Clone(w.classes), map[value]int{}
	own.paths, own.locals, own.pools = map[callPath]int{}, map[localObject]int{}, map[string]*pool{}
	own.scopes, own.poolsByID, own.uses = map[string]int{}, nil, maps.Clone(w.uses)
	own.initTexts = maps.Clone(w.initTexts)
	own.objects, own.locks = slices.Clip(w.objects), slices.Clip(w.locks)
	own.conds, own.vars = slices.Clip(w.conds), slices.Clip(w.vars)
	own.records = map[int]int{}
	own.threadLocals(threads)
	return &own
}

// threadLocals makes the thread-local variables of so many threads, where there are any.
func (w *world) threadLocals(threads int) {
	if !slices.ContainsFunc(w.globals, func(g *global) bool { return g.threadLocal }) {
		return
	}
	for n := len(w.perThread); n < threads; n++ {
		suffix := "@" + strconv.Itoa(n+1)
		o := &object{name: suffix, in: nowhere, parent: -1, root: -1, memory: -1, ofThread: n + 1}
		w.perThread = append(w.perThread, len(w.objects))
		w.objects = append(w.objects, o)
		if !w.count(w.Unit.globals[0].pos, len(w.Unit.globals)) {
			break
		}
		o.cells = slices.Clone(w.objects[globalsObject].cells)
		w.fillGlobals(w.perThread[n], suffix)
		w.canEnd(w.perThread[n], w.Unit.globals[0].pos)
	}
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
	class := w.classOf(classKey{strukt: s})
	o := &object{name: name, strukt: s, in: nowhere, class: class, parent: parent, root: -1, memory: -1}
	if parent >= 0 {
		o.root = w.objects[parent].root
	}
	if s.refcount >= 0 || s.counted >= 0 {
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
	if s.isUnion && !w.full && len(w.diags) == 0 && w.meter.Err() == nil {
		w.layOver(id)
	}
	if s.counted >= 0 {
		w.allocated(id)
	}
	return id
}

// fieldName is how the object behind a field is called: vm1.mon. What a void pointer leads to is
// the same thing seen more closely, so vm1's private data go by the name vm1.
func (w *world) fieldName(o *object, i int) string {
	if o.array != nil {
		return o.name + "[" + strconv.Itoa(i) + "]"
	}
	c := &o.cells[i]
	if c.def.name == "" { // what has no name of its own
		return o.name
	}
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

// parentOf is the parent of what lies in an object.
func (w *world) parentOf(id int) int {
	if w.objects[id].isRoot() && w.objects[id].ofThread == 0 {
		return -1
	}
	return id
}

// arrayObject makes the object of an array, whose cells are its elements.
func (w *world) arrayObject(c *cell, in cellRef, name string, parent, depth int) int {
	id, t := len(w.objects), c.typ
	outer := fieldKey{-1, id} // of a local array: a class of its own
	if in.object >= 0 {
		outer = w.fieldKey(in)
	}
	class := w.classOf(classKey{outer: outer})
	o := &object{name: name, array: t, in: in, class: class, parent: parent, root: -1, memory: -1}
	if parent >= 0 {
		o.root = w.objects[parent].root
	}
	w.objects = append(w.objects, o)
	pos := c.def.pos
	if depth > maxObjectDepth {
		w.errorf(pos, "%s has arrays in one another without end", c.def.name)
		return id
	}
	if t.n < 0 || !w.count(pos, 1+int(t.n)) {
		return id
	}
	def := &fieldDef{name: c.def.name, pos: pos, typ: t.elem, class: c.def.class, guard: c.def.guard}
	o.cells = make([]cell, t.n)
	for i := range o.cells {
		o.cells[i] = cell{def: def, typ: t.elem}
	}
	for i := range o.cells {
		w.fill(id, i, w.fieldName(o, i), depth+1)
	}
	return id
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
	case tArray:
		sub := w.arrayObject(c, ref, name, w.parentOf(id), depth)
		w.objects[id].cells[i].init = objectValue(sub)
		return
	case tStruct:
		if !c.typ.strukt.defined || depth > maxObjectDepth {
			w.errorf(c.def.pos, "%s has a type that is not defined: %s", c.def.name, c.typ.strukt)
			return
		}
		sub := w.instance(c.typ.strukt, name, w.parentOf(id), depth+1)
		w.objects[sub].in = ref
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
		made := w.instance(c.def.newType, name, w.parentOf(id), depth+1)
		w.allocated(made)
		init = objectValue(made)
	case c.def.subject:
		if s := c.typ.pointsToStruct(); s != nil && s.defined {
			init = objectValue(w.subject(id, s))
		} else {
			w.errorf(c.def.pos, "subject needs a pointer to a struct")
		}
	}
	if c.def.init != nil {
		init = c.typ.of(w.initial(c.def.init))
	}
	w.objects[id].cells[i].init = init
}

// subject is what a field of object id starts at that has the attribute: what the argument names
// for which the object is there. That is the outermost object around it, if it has the type.
func (w *world) subject(id int, s *structDef) int {
	for w.objects[id].parent >= 0 {
		id = w.objects[id].parent
	}
	if w.objects[id].strukt == s {
		return id
	}
	return w.named_(w.objects[id].name, s)
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

// argument is the value that a thread's argument stands for: the one for a parameter of a function.
func (w *world) argument(a Arg, t *typ, function string, param int) value {
	n, err := strconv.ParseInt(a.Text, 0, 64)
	if u, large := strconv.ParseUint(a.Text, 0, 64); err != nil && large == nil {
		n, err = int64(u), nil
	}
	if err == nil {
		if t.kind == tPointer && n != 0 {
			w.hintf(a.Pos, "a number in a pointer is not modelled: put it into a variable, and write its address",
				"%s needs a pointer, and %s is a number", function, a.Text)
		}
		return t.of(intValue(n))
	}
	if a.Text == "NULL" {
		return intValue(0)
	}
	if n, ok := w.constant(a.Text); ok && t.kind == tInt {
		return t.of(intValue(n))
	}
	if i := w.globalIndex(a.Text); i >= 0 {
		if w.globals[i].threadLocal {
			w.errorf(a.Pos, "%s is thread-local: each thread has its own", a.Text)
		}
		c := &w.objects[globalsObject].cells[i]
		if !assignable(t, c.typ) {
			w.errorf(a.Pos, "%s needs %s, and %s is %s", function, t, a.Text, c.typ)
		}
		return c.init
	}
	if addressArgument.MatchString(a.Text) {
		return w.addressed(a, t, function)
	}
	s := t.pointsToStruct()
	if t.kind == tPointer && t.elem.kind == tVoid {
		s = w.takenFor(function, param)
	}
	if !domainName.MatchString(a.Text) {
		w.hintf(a.Pos, "objects are vm1, vm2, ... and the variables at file scope", "%s is not an object", a.Text)
		return intValue(0)
	}
	if s == nil || !s.defined {
		hint := ""
		if t.kind == tPointer {
			hint = "write NULL, or the address of a variable at file scope: &name"
		}
		w.hintf(a.Pos, hint, "%s takes %s here, and %s would be an object", function, t, a.Text)
		return intValue(0)
	}
	return objectValue(w.named_(a.Text, s))
}

// guardOf finds the lock that must be held to touch a cell; nowhere when there is none.
func (w *world) guardOf(r cellRef) cellRef {
	c := w.cell(r)
	r = w.outOfArray(r)
	switch g := c.def.guard.(type) {
	case nil:
		return nowhere
	case *syntax.Ident:
		if lock := w.lockField(r.object, g.Name); lock != nowhere {
			return lock
		}
	case *syntax.Member:
		way := pathOf(g)
		for o := r.object; len(way) > 0 && o >= 0; o = w.objects[o].parent {
			s := w.objects[o].strukt
			if s == nil {
				continue
			}
			if s.name() == way[0] || s.tag == way[0] {
				if lock := w.lockAt(o, way[1:]); lock != nowhere {
					return lock
				}
			}
			if o == r.object {
				if lock := w.lockAt(o, way); lock != nowhere {
					return lock
				}
			}
		}
	}
	w.errorf(c.def.guard.Pos(), "%s is guarded by %s, which is no lock of it or of the object to which it belongs",
		c.def.name, syntax.FormatShort(c.def.guard))
	return nowhere
}

// pathOf lists the names of a.b.c; nil of what is no such path.
func pathOf(e syntax.Expr) []string {
	switch e := e.(type) {
	case *syntax.Ident:
		return []string{e.Name}
	case *syntax.Member:
		if way := pathOf(e.X); way != nil && !e.Arrow {
			return append(way, e.Name)
		}
	}
	return nil
}

// lockAt finds a lock by the names of the structs in which it lies.
func (w *world) lockAt(o int, way []string) cellRef {
	for ; len(way) > 1; way = way[1:] {
		s := w.objects[o].strukt
		if s == nil || s.field(way[0]) < 0 || s.fields[s.field(way[0])].typ.kind != tStruct {
			return nowhere
		}
		o = w.objects[o].cells[s.field(way[0])].init.obj
	}
	return w.lockField(o, way[0])
}

func (w *world) lockField(object int, name string) cellRef {
	o := w.objects[object]
	i := -1
	if o.strukt != nil {
		i = o.strukt.field(name)
	} else if i = w.globalIndex(name); i >= 0 {
		object, o = globalsObject, w.objects[globalsObject]
		if w.globals[i].threadLocal {
			return nowhere
		}
	}
	if i >= 0 && (o.cells[i].typ.kind == tMutex || o.cells[i].typ.kind == tRWLock) {
		return cellRef{object, i}
	}
	return nowhere
}

// outOfArray is the field or variable to which an element belongs; a character of a text belongs to
// none, and is itself.
func (w *world) outOfArray(r cellRef) cellRef {
	for w.objects[r.object].array != nil && !w.objects[r.object].isText {
		r = w.objects[r.object].in
	}
	return r
}

// cellName is vm1.lock, or the variable's own name at file scope.
func (w *world) cellName(r cellRef) string {
	c := w.cell(r)
	switch o := w.objects[r.object]; {
	case o.array != nil:
		return w.fieldName(o, r.field)
	case o.variable && r.field == 0:
		return o.name
	case o.strukt != nil || o.variable:
		return o.name + "." + c.def.name
	default:
		return c.def.name + o.name
	}
}

// class is the level of the lock hierarchy at which a lock or a job stands. It may be told of the
// struct in which the lock lies, where that is a field.
func (w *world) class(r cellRef) string {
	c := w.cell(r)
	for at := r; at.object >= 0; at = w.objects[at.object].in {
		if class := w.cell(at).def.class; class != "" {
			return class
		}
	}
	r = w.outOfArray(r)
	if s := w.objects[r.object].strukt; s != nil {
		return s.name() + "." + c.def.name
	}
	return c.def.name
}

func (w *world) typeName(o int) string {
	switch o := w.objects[o]; {
	case o.strukt != nil:
		return o.strukt.name()
	case o.array != nil:
		return o.array.String()
	}
	return ""
}

func modelIDs(objects []int) []model.ObjectID {
	var ids []model.ObjectID
	for _, o := range objects {
		ids = append(ids, modelID(o))
	}
	return ids
}

func modelID(i int) model.ObjectID {
	if i < 0 {
		return model.None
	}
	return model.ObjectID(i)
}
