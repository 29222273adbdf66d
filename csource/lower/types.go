package lower

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// typ is a resolved C type, as far as the protocol cares: qualifiers are gone.
type typ struct {
	kind    typeKind
	integer            // of an integer
	elem    *typ       // of a pointer or an array
	n       int64      // elements of an array
	strukt  *structDef // of a struct
	params  []*typ     // of a function
	result  *typ       // of a function
	atomic  bool       // of an integer or a pointer: each operator on it is one step
	// recursive is set of a mutex that is so by its type.
	recursive bool
	bytes     int64 // what sizeof gives where nothing else tells; 0: something does
	odd       bool  // an attribute of a typedef changes its layout
}

type typeKind uint8

const (
	tVoid typeKind = iota
	tInt
	tMutex
	tCond
	tPointer
	tStruct
	tArray
	tFunction
	tOnce // what says whether something was done
	tSem  // a semaphore
	tBarrier
	tRWLock
	tOther // a type without a meaning here: floats
)

var (
	voidType    = &typ{kind: tVoid}
	mutexType   = &typ{kind: tMutex, bytes: 40}
	recType     = &typ{kind: tMutex, recursive: true, bytes: 16}
	condType    = &typ{kind: tCond, bytes: 48}
	onceType    = &typ{kind: tOnce, bytes: 4}
	semType     = &typ{kind: tSem, bytes: 32}
	barrierType = &typ{kind: tBarrier, bytes: 32}
	rwlockType  = &typ{kind: tRWLock, bytes: 56}
	otherType   = &typ{kind: tOther}
	anyType     = &typ{kind: tPointer, elem: voidType}
)

func pointerTo(t *typ) *typ { return &typ{kind: tPointer, elem: t} }

func (t *typ) String() string {
	if t.atomic {
		plain := *t
		plain.atomic = false
		return "_Atomic(" + plain.String() + ")"
	}
	switch t.kind {
	case tVoid:
		return "void"
	case tInt:
		return t.name
	case tMutex:
		if t.recursive {
			return "GRecMutex"
		}
		return "virMutex"
	case tCond:
		return "virCond"
	case tOnce:
		return "pthread_once_t"
	case tSem:
		return "sem_t"
	case tBarrier:
		return "pthread_barrier_t"
	case tRWLock:
		return "pthread_rwlock_t"
	case tPointer:
		return t.elem.String() + " *"
	case tStruct:
		return t.strukt.String()
	case tArray:
		return t.arrayString()
	case tFunction:
		return t.signature()
	}
	return "a type without meaning here"
}

// pointsToStruct returns the struct that t points to, or nil.
func (t *typ) pointsToStruct() *structDef {
	if t.kind == tPointer && t.elem.kind == tStruct {
		return t.elem.strukt
	}
	return nil
}

// assignable reports whether a value of type from may be given to one of type to without a cast.
func assignable(to, from *typ) bool {
	if to.kind == tOther || from.kind == tOther {
		return true
	}
	if to.kind != from.kind {
		return to.kind == tPointer && from.kind == tStruct && to.elem.kind == tStruct && to.elem.strukt == from.strukt
	}
	switch to.kind {
	case tPointer:
		if to.elem.kind == tFunction || from.elem.kind == tFunction {
			return sameType(to.elem, from.elem)
		}
		if to.elem.atomic != from.elem.atomic && to.elem.kind != tVoid && from.elem.kind != tVoid {
			return false
		}
		if to.elem.kind == tInt && from.elem.kind == tInt {
			return to.elem.sameInteger(from.elem)
		}
		return to.elem.kind == tVoid || from.elem.kind == tVoid || assignable(to.elem, from.elem)
	case tStruct:
		return to.strukt == from.strukt
	case tArray:
		return sameType(to, from)
	}
	return true
}

// structDef is a struct with the roles that its attributes give to fields.
type structDef struct {
	tag     string
	pos     model.Pos
	fields  []*fieldDef
	members []*fieldDef    // the same, with the bit-fields that only pad
	index   map[string]int // of fields, by name
	attrs   []*syntax.Attr
	defined bool
	header  bool // defined by the system's headers alone
	isUnion bool
	layout  *layout // once somebody has asked
	leaves  []leaf  // of a union: see there
	partly  bool    // of a union: some leaves overlap that do not share a cell

	refcount, listed, mutex int // the first field with that role, -1 when there is none

	// counted is the reference count of a struct that has a function for the last of its
	// references, else -1. Then there is no refcount: the count says nothing about whether the
	// memory is there.
	counted int
	dispose *function // nil when that is wrong
}

// name is the tag as a person says it: without the leading underscore of libvirt's habit.
func (s *structDef) name() string { return strings.TrimLeft(s.tag, "_") }

func (s *structDef) field(name string) int {
	if i, ok := s.index[name]; ok {
		return i
	}
	return -1
}

// find is the way to the field of a name: through members without a name, where it lies in one of
// them. It is nil when there is none.
func (s *structDef) find(name string) []int {
	if i := s.field(name); i >= 0 {
		return []int{i}
	}
	for i, f := range s.fields {
		if f.isAnonymous() {
			if inner := f.typ.strukt.find(name); inner != nil {
				return append([]int{i}, inner...)
			}
		}
	}
	return nil
}

// isAnonymous reports whether the names of the fields in a field are names of the struct itself.
func (f *fieldDef) isAnonymous() bool { return f.name == "" && f.typ != nil && f.typ.kind == tStruct }

// findRoles finds the fields with roles, once the fields are resolved.
func (s *structDef) findRoles() {
	role := func(has func(*fieldDef) bool) int { return slices.IndexFunc(s.fields, has) }
	s.refcount = role(func(f *fieldDef) bool { return f.refcount && f.dispose == nil })
	s.counted = role(func(f *fieldDef) bool { return f.refcount && f.dispose != nil })
	if s.counted >= 0 {
		s.refcount = -1
	}
	s.listed = role(func(f *fieldDef) bool { return f.listed })
	s.mutex = role(func(f *fieldDef) bool { return f.typ != nil && f.typ.kind == tMutex })
}

// fieldDef is a field. The attributes mean:
//
//	refcount            the reference count that virDomainObjRef and its like change; starts at 1
//	dispose(function)   beside refcount: is called for the object when its last reference is gone, before it
//	                    is freed
//	owner               a resource owned by the thread that made it non-zero: a job
//	owner(condition)    the same, of which only those who sleep on that condition wait for the end
//	listed              whether the object is on its list, for listFind and listRemove; starts at 1
//	guarded_by(lock)    may only be touched while the lock is held: a field of this struct, or
//	                    guarded_by(virDomainObj.lock), that of the object to which this one belongs
//	persistent          it is no part of the daemon, and stays when that is restarted
//	new, new(type)      the pointer starts out at an object of its own, which lives and dies with this one
//	subject             the pointer starts out at the object that the scenario's argument names
//	init(expression)    the value at the start, else 0
//	class(name)         the level of the lock hierarchy at which the lock or job stands
type fieldDef struct {
	name       string
	pos        model.Pos
	typ        *typ
	decl       *syntax.Field // nil of what no source declares
	in         *structDef    // of which it is a field; nil of a variable
	at         int           // in structDef.fields; -1 of what only pads
	refcount   bool
	dispose    syntax.Expr
	persistent bool
	owner      bool
	wakes      []string // of an owner: the conditions on which others wait for it; none: all beside it
	listed     bool
	subject    bool
	isNew      bool
	newType    *structDef
	class      string
	guard      syntax.Expr
	init       syntax.Expr

	isBitField bool
	unit       *typ  // what the declaration of a bit-field says
	width      int64 // of a bit-field
}
