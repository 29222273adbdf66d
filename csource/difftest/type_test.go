package difftest

import (
	"fmt"
	"strings"
)

type kind uint8

const (
	integer kind = iota
	pointer
	structure
	array
	function
	locking // a mutex and its like
)

// A typ is a type of C.
type typ struct {
	kind   kind
	c      string // of an integer, a lock: how it is written; of a struct: its tag
	twin   string // of a lock: what it is in the compiled program
	shown  string // of a lock: its value, as the model has it; "": it is not compared
	bits   int    // of an integer
	signed bool
	atomic bool
	elem   *typ // of a pointer, an array; of a function what it returns, nil for nothing
	n      int
	fields []*field
	params []*typ
}

type field struct {
	name string
	typ  *typ
	bits int // of a bit-field
}

// A variable is declared somewhere. Names with an @ are unique to the program; it is dropped in the
// program that is checked, and becomes a prefix in the one that is compiled.
type variable struct {
	name  string
	twin  string
	model string // as the model calls it; "" for a local variable
	typ   *typ
	own   bool // each thread has one
	watch bool // a local variable about which the compiled program keeps books
	init  *initial
	calls *fun // of a pointer to a function: one of its type
}

// initial is the first value of a variable or of a part of it: a constant, or a list in the order
// of the fields or elements, which may end early.
type initial struct {
	value string
	list  []*initial
}

func intType(c string, bits int, signed bool) *typ {
	return &typ{kind: integer, c: c, bits: bits, signed: signed}
}

var (
	tInt   = intType("int", 32, true)
	tUint  = intType("unsigned int", 32, false)
	tBool  = intType("bool", 1, false)
	tUchar = intType("unsigned char", 8, false)
	tShort = intType("short", 16, true)
	ints   = []*typ{
		tInt, tUint, tBool,
		intType("char", 8, true), intType("signed char", 8, true), tUchar,
		tShort, intType("unsigned short", 16, false),
		intType("long", 64, true), intType("unsigned long", 64, false), intType("long unsigned", 64, false),
		intType("long long", 64, true), intType("unsigned long long", 64, false),
		intType("int8_t", 8, true), intType("uint8_t", 8, false), intType("uint16_t", 16, false),
		intType("uint32_t", 32, false),
		intType("int64_t", 64, true), intType("size_t", 64, false), intType("_Bool", 1, false),
	}
	tMutex   = &typ{kind: locking, c: "pthread_mutex_t", twin: "struct mutex"}
	tCond    = &typ{kind: locking, c: "pthread_cond_t", twin: "struct cond"}
	tRWLock  = &typ{kind: locking, c: "pthread_rwlock_t", twin: "struct rwlock", shown: "state(&%s)"}
	tSem     = &typ{kind: locking, c: "sem_t", twin: "struct sem", shown: "(%s).value"}
	tOnce    = &typ{kind: locking, c: "pthread_once_t", twin: "struct once", shown: "(%s).state"}
	tBarrier = &typ{kind: locking, c: "pthread_barrier_t", twin: "struct barrier"}
)

func pointerTo(t *typ) *typ { return &typ{kind: pointer, elem: t} }

// same reports whether two types are one.
func same(a, b *typ) bool {
	if a == b {
		return true
	}
	return a.kind == pointer && b.kind == pointer && same(a.elem, b.elem)
}

// declare is the declaration of a name.
func declare(t *typ, name string, twin bool) string {
	switch t.kind {
	case pointer:
		if t.elem.kind == function {
			return declare(t.elem, "(*"+name+")", twin)
		}
		return declare(t.elem, "*"+name, twin)
	case array:
		return declare(t.elem, fmt.Sprintf("%s[%d]", name, t.n), twin)
	case structure:
		return "struct " + t.c + " " + name
	case function:
		var params []string
		for _, p := range t.params {
			params = append(params, declare(p, "", twin))
		}
		if len(params) == 0 {
			params = []string{"void"}
		}
		name += "(" + strings.Join(params, ", ") + ")"
		if t.elem == nil {
			return "void " + name
		}
		return declare(t.elem, name, twin)
	case locking:
		if twin {
			return t.twin + " " + name
		}
	}
	if t.atomic {
		return "_Atomic " + t.c + " " + name
	}
	return t.c + " " + name
}

// There is room around the variables of the compiled program, so that what a pointer may come to
// beside one is not the next one: more than what lies in it is long.
const (
	pad      = 64   // around a scalar or an array of them
	padInner = 1024 // around a struct in a struct
	padOuter = 8192 // around a struct
)

// room is the room around a variable of type t.
func (t *typ) room() int {
	switch {
	case t.kind == array:
		return t.elem.room()
	case t.kind == structure:
		return padOuter
	}
	return 2 * pad
}

// between is the room between the fields of a struct.
func (t *typ) between() int {
	for _, f := range t.fields {
		if f.typ.kind == structure || f.typ.kind == array && f.typ.elem.kind == structure {
			return padInner
		}
	}
	return pad
}

// define writes a struct. In the compiled program there is room between its fields.
func (t *typ) define(b *strings.Builder, twin bool) {
	fmt.Fprintf(b, "struct %s {\n", t.c)
	bits := false
	for i, f := range t.fields {
		if twin && (f.bits == 0 || !bits) {
			fmt.Fprintf(b, "    char pad%d[%d];\n", i, t.between())
		}
		bits = f.bits > 0
		fmt.Fprintf(b, "    %s", declare(f.typ, f.name, twin))
		if f.bits > 0 {
			fmt.Fprintf(b, " : %d", f.bits)
		}
		b.WriteString(";\n")
	}
	if twin {
		fmt.Fprintf(b, "    char pad[%d];\n", t.between())
	}
	b.WriteString("};\n")
}

// write is the initialiser in C.
func (v *initial) write(t *typ, twin bool) string {
	if v.list == nil {
		return v.value
	}
	var parts []string
	for i, x := range v.list {
		if t.kind == structure {
			part := x.write(t.fields[i].typ, twin)
			if twin {
				part = "." + t.fields[i].name + " = " + part
			}
			parts = append(parts, part)
		} else {
			parts = append(parts, x.write(t.elem, twin))
		}
	}
	return "{ " + strings.Join(parts, ", ") + " }"
}

// A leaf is a scalar in a variable.
type leaf struct {
	model string // its name
	access
}

// leaves lists the scalars of what lies somewhere, in the order in which they lie.
func leaves(name string, a access) (all []leaf) {
	switch a.typ.kind {
	case structure:
		for i, f := range a.typ.fields {
			all = append(all, leaves(name+"."+f.name, a.field(i))...)
		}
	case array:
		for i := range a.typ.n {
			all = append(all, leaves(fmt.Sprintf("%s[%d]", name, i), a.element(fmt.Sprint(i)))...)
		}
	case locking:
	default:
		all = append(all, leaf{name, a})
	}
	return all
}
