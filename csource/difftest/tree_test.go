package difftest

import (
	"fmt"
	"strconv"
	"strings"
)

// An expr is an expression. c writes it as it stands; emit writes statements that evaluate it from
// left to right, one operation each, and returns what holds the value: a temporary or a constant.
type expr interface {
	c(twin bool) string
	emit(e *emitter) string
}

// A place is an expression that names an object. at evaluates what leads there.
type place interface {
	expr
	typ() *typ
	at(e *emitter) access
}

// An access is a place in the compiled program, when what leads there has been evaluated.
type access struct {
	text  string
	typ   *typ
	outer string // of a bit-field: the struct in which it lies
	bit   int    // of a bit-field: its number, from 1
	plain bool   // a local variable that only this thread can see
	far   bool   // a pointer or an index leads there: it may not exist
}

func (a access) field(i int) access {
	f := a.typ.fields[i]
	b := access{text: a.text + "." + f.name, typ: f.typ, far: a.far}
	if f.bits > 0 {
		b.outer, b.bit = a.text, i+1
	}
	return b
}

func (a access) element(i string) access {
	n, err := strconv.Atoi(i)
	return access{text: a.text + "[" + i + "]", typ: a.typ.elem, far: a.far || err != nil || n < 0 || n >= a.typ.n}
}

// there lets the program fail when a struct or an array in another object is named, or the address
// of a field taken, and that object does not exist.
func (a access) there(e *emitter) access {
	if a.far {
		e.line("there(%s);", leaves("", a)[0].object())
	}
	return a
}

// part is a field, whose struct must exist when the field is an object.
func (a access) part(e *emitter, i int) access {
	b := a.field(i)
	if b.typ.kind == structure || b.typ.kind == array {
		return b.there(e)
	}
	return b
}

// object is what the books of the compiled program call it.
func (a access) object() string {
	if a.bit > 0 {
		return fmt.Sprintf("&(%s), %d", a.outer, a.bit)
	}
	return fmt.Sprintf("&(%s), 0", a.text)
}

func (a access) load(e *emitter) string {
	switch {
	case a.typ.kind == array:
		return e.temp("(" + a.text + ")")
	case a.plain && a.typ.kind == integer:
		return e.temp("+(" + a.text + ")")
	case a.plain:
		return e.temp(a.text)
	case a.bit > 0:
		return e.temp(fmt.Sprintf("LOADB(%s, %d, %s)", a.outer, a.bit, a.text))
	case a.typ.kind == integer:
		return e.temp("LOAD(" + a.text + ")")
	}
	return e.temp("LOADP(" + a.text + ")")
}

func (a access) store(e *emitter, v string) {
	switch {
	case a.plain:
		e.line("%s = %s;", a.text, v)
	case a.bit > 0:
		e.line("STOREB(%s, %d, %s, %s);", a.outer, a.bit, a.text, v)
	default:
		e.line("STORE(%s, %s);", a.text, v)
	}
}

// value is what the place holds after a store, at the same step.
func (a access) value(e *emitter) string {
	if a.typ.kind == integer {
		return e.temp("+(" + a.text + ")")
	}
	return e.temp(a.text)
}

// copyTo copies a scalar, whether or not it was ever set.
func (a access) copyTo(e *emitter, to access) {
	e.n++
	n := e.n
	plus := ""
	if a.typ.kind == integer {
		plus = "+"
	}
	e.line("int s%d = peek(%s); __auto_type c%d = %s(%s);", n, a.object(), n, plus, a.text)
	to.store(e, fmt.Sprintf("c%d", n))
	e.line("if (!s%d) unset(%s);", n, to.object())
}

// An emitter writes the compiled program.
type emitter struct {
	b       strings.Builder
	defines strings.Builder
	n       int
	next    []string // where continue goes, by loop
	result  *typ
}

func (e *emitter) line(format string, args ...any) { fmt.Fprintf(&e.b, format+"\n", args...) }

func (e *emitter) temp(value string) string {
	e.n++
	e.line("__auto_type t%d = %s;", e.n, value)
	return fmt.Sprintf("t%d", e.n)
}

// number is a constant.
type number string

func (x number) c(bool) string        { return string(x) }
func (x number) emit(*emitter) string { return string(x) }

type null struct{}

func (null) c(bool) string        { return "NULL" }
func (null) emit(*emitter) string { return "NULL" }

func (v *variable) c(twin bool) string {
	if twin {
		return v.access().text
	}
	return v.name
}

func (v *variable) access() access {
	text := v.twin
	if v.own {
		text += "[self].v"
	}
	return access{text: text, typ: v.typ, plain: v.model == "" && !v.watch}
}

// A use of a variable.
type use struct{ v *variable }

func (x use) c(twin bool) string     { return x.v.c(twin) }
func (x use) typ() *typ              { return x.v.typ }
func (x use) at(*emitter) access     { return x.v.access() }
func (x use) emit(e *emitter) string { return x.at(e).load(e) }

type member struct {
	x place
	i int
}

func (x member) typ() *typ              { return x.x.typ().fields[x.i].typ }
func (x member) c(twin bool) string     { return x.x.c(twin) + "." + x.x.typ().fields[x.i].name }
func (x member) at(e *emitter) access   { return x.x.at(e).part(e, x.i) }
func (x member) emit(e *emitter) string { return x.at(e).load(e) }

// index is an element of an array.
type index struct {
	x place
	i expr
}

func (x index) typ() *typ          { return x.x.typ().elem }
func (x index) c(twin bool) string { return x.x.c(twin) + "[" + x.i.c(twin) + "]" }
func (x index) at(e *emitter) access {
	a := x.x.at(e)
	return a.element(x.i.emit(e))
}
func (x index) emit(e *emitter) string { return x.at(e).load(e) }

// deref is what a pointer leads to, or what lies some elements further.
type deref struct {
	x    expr
	elem *typ
	i    expr // nil: *x
}

func (x deref) typ() *typ { return x.elem }
func (x deref) c(twin bool) string {
	if x.i != nil {
		return "(" + x.x.c(twin) + ")[" + x.i.c(twin) + "]"
	}
	return "(*" + x.x.c(twin) + ")"
}

func (x deref) at(e *emitter) access {
	p := x.x.emit(e)
	if x.i != nil {
		p = e.temp("SHIFT(" + p + ", +, " + x.i.emit(e) + ")")
	}
	return access{text: "(*" + p + ")", typ: x.elem, far: true}
}
func (x deref) emit(e *emitter) string { return x.at(e).load(e) }

// arrow is a field of what a pointer leads to.
type arrow struct {
	x    expr
	elem *typ
	i    int
}

func (x arrow) typ() *typ          { return x.elem.fields[x.i].typ }
func (x arrow) c(twin bool) string { return "(" + x.x.c(twin) + ")->" + x.elem.fields[x.i].name }
func (x arrow) at(e *emitter) access {
	return access{text: "(*" + x.x.emit(e) + ")", typ: x.elem, far: true}.part(e, x.i)
}
func (x arrow) emit(e *emitter) string { return x.at(e).load(e) }

type unary struct {
	op string
	x  expr
}

func (x unary) c(twin bool) string { return "(" + x.op + " " + x.x.c(twin) + ")" }
func (x unary) emit(e *emitter) string {
	v := x.x.emit(e)
	if x.op == "-" {
		return e.temp("NEG(" + v + ")")
	}
	return e.temp(x.op + "(" + v + ")")
}

type binary struct {
	op   string
	x, y expr
	raw  bool // of pointers
}

func (x binary) c(twin bool) string {
	return "(" + x.x.c(twin) + " " + x.op + " " + x.y.c(twin) + ")"
}

var checked = map[string]string{"+": "ADD", "-": "SUB", "*": "MUL", "/": "DIV", "%": "MOD", "<<": "SHL", ">>": "SHR"}

// operate is an operation on two values.
func operate(op, x, y string, raw bool) string {
	if raw && (op == "+" || op == "-") {
		return "SHIFT(" + x + ", " + op + ", " + y + ")"
	}
	if f := checked[op]; f != "" {
		return f + "(" + x + ", " + y + ")"
	}
	return x + " " + op + " " + y
}

func (x binary) emit(e *emitter) string {
	l := x.x.emit(e)
	r := x.y.emit(e)
	return e.temp(operate(x.op, l, r, x.raw))
}

// logic is && or ||.
type logic struct {
	op   string
	x, y expr
}

func (x logic) c(twin bool) string {
	return "(" + x.x.c(twin) + " " + x.op + " " + x.y.c(twin) + ")"
}

func (x logic) emit(e *emitter) string {
	e.n++
	t := fmt.Sprintf("t%d", e.n)
	e.line("int %s; {", t)
	l := x.x.emit(e)
	e.line("%s = !!(%s);", t, l)
	not := ""
	if x.op == "||" {
		not = "!"
	}
	e.line("if (%s%s) {", not, t)
	r := x.y.emit(e)
	e.line("%s = !!(%s); } }", t, r)
	return t
}

// choice is x ? y : z, or x ?: z.
type choice struct {
	x, y, z expr
}

func (x choice) c(twin bool) string {
	if x.y == nil {
		return "(" + x.x.c(twin) + " ?: " + x.z.c(twin) + ")"
	}
	return "(" + x.x.c(twin) + " ? " + x.y.c(twin) + " : " + x.z.c(twin) + ")"
}

func (x choice) emit(e *emitter) string {
	e.n++
	t := fmt.Sprintf("t%d", e.n)
	e.line("__typeof__(%s) %s; {", x.c(true), t)
	l := x.x.emit(e)
	e.line("if (%s) {", l)
	if x.y == nil {
		e.line("%s = %s;", t, l)
	} else {
		e.line("%s = %s;", t, x.y.emit(e))
	}
	e.line("} else {")
	e.line("%s = %s; } }", t, x.z.emit(e))
	return t
}

type comma struct{ x, y expr }

func (x comma) c(twin bool) string { return "(" + x.x.c(twin) + ", " + x.y.c(twin) + ")" }
func (x comma) emit(e *emitter) string {
	x.x.emit(e)
	return x.y.emit(e)
}

// assign is an assignment, perhaps a compound one.
type assign struct {
	x  place
	op string // without =
	y  expr
}

func (x assign) c(twin bool) string {
	return "(" + x.x.c(twin) + " " + x.op + "= " + x.y.c(twin) + ")"
}

func (x assign) emit(e *emitter) string {
	a := x.x.at(e)
	switch {
	case x.op == "":
		a.store(e, x.y.emit(e))
	case a.typ.atomic:
		y := x.y.emit(e)
		e.line("write_(%s);", a.object())
		e.line("%s %s= %s;", a.text, x.op, y)
	default:
		old := a.load(e)
		y := x.y.emit(e)
		a.store(e, e.temp(operate(x.op, old, y, a.typ.kind == pointer)))
	}
	return a.value(e)
}

// step is ++ or --.
type step struct {
	x      place
	op     string // + or -
	before bool
}

func (x step) c(twin bool) string {
	if x.before {
		return "(" + x.op + x.op + x.x.c(twin) + ")"
	}
	return "(" + x.x.c(twin) + x.op + x.op + ")"
}

func (x step) emit(e *emitter) string {
	a := x.x.at(e)
	if a.typ.atomic {
		e.line("write_(%s);", a.object())
		if x.before {
			return e.temp(fmt.Sprintf("+(%s%s%s)", x.op, x.op, a.text))
		}
		return e.temp(fmt.Sprintf("+(%s%s%s)", a.text, x.op, x.op))
	}
	old := a.load(e)
	a.store(e, e.temp(operate(x.op, old, "1", a.typ.kind == pointer)))
	if x.before {
		return a.value(e)
	}
	return old
}

type cast struct {
	t *typ
	x expr
}

func (x cast) c(twin bool) string { return "((" + declare(x.t, "", twin) + ") " + x.x.c(twin) + ")" }

func (x cast) emit(e *emitter) string {
	plus := ""
	if x.t.kind == integer {
		plus = "+"
	}
	return e.temp(plus + "(" + declare(x.t, "", true) + ")(" + x.x.emit(e) + ")")
}

type address struct{ x place }

func (x address) c(twin bool) string { return "(&" + x.x.c(twin) + ")" }
func (x address) emit(e *emitter) string {
	a := x.x.at(e)
	switch x.x.(type) {
	case member, arrow:
		a.there(e)
	}
	return e.temp("&(" + a.text + ")")
}

// call is a call of a function, by its name or through a pointer.
type call struct {
	f       *fun
	through expr
	args    []expr
}

func (x call) c(twin bool) string {
	var args []string
	for _, a := range x.args {
		args = append(args, a.c(twin))
	}
	name := x.f.name
	if x.through != nil {
		name = x.through.c(twin)
	}
	return name + "(" + strings.Join(args, ", ") + ")"
}

func (x call) emit(e *emitter) string {
	name := x.f.name
	if x.through != nil {
		name = x.through.emit(e)
	}
	var args []string
	for _, a := range x.args {
		args = append(args, a.emit(e))
	}
	if x.through != nil {
		e.line("if (!%s) fails(\"null-vm\");", name)
	}
	text := name + "(" + strings.Join(args, ", ") + ")"
	if x.f.result == nil {
		e.line("%s;", text)
		return "0"
	}
	if x.f.result.kind == integer {
		text = "+" + text
	}
	return e.temp(text)
}

// name is a function as a value.
type name struct{ f *fun }

func (x name) c(bool) string        { return x.f.name }
func (x name) emit(*emitter) string { return x.f.name }

// primitive is a call of a function that both sides know. Its places are given by their addresses,
// and evaluated first.
type primitive struct {
	text   string // with %s for each place, then for each value
	twin   string
	places []place
	values []expr
	typ    *typ // of the result; nil: none
}

func (x primitive) c(twin bool) string {
	if twin {
		return "0"
	}
	var args []any
	for _, p := range x.places {
		args = append(args, p.c(false))
	}
	for _, v := range x.values {
		args = append(args, v.c(false))
	}
	return fmt.Sprintf(x.text, args...)
}

func (x primitive) emit(e *emitter) string {
	var args []any
	for _, p := range x.places {
		args = append(args, p.at(e).text)
	}
	for _, v := range x.values {
		args = append(args, v.emit(e))
	}
	text := fmt.Sprintf(x.twin, args...)
	if x.typ == nil {
		e.line("%s;", text)
		return "0"
	}
	return e.temp(text)
}

// compound is ({ ... }), whose value has a type that is written down.
type compound struct {
	list []stmt
	x    cast
}

func (x compound) c(twin bool) string {
	if twin {
		return "((" + declare(x.x.t, "", true) + ") 0)"
	}
	var b strings.Builder
	writeAll(&b, x.list, "")
	return "({\n" + b.String() + "    " + x.x.c(false) + "; })"
}

func (x compound) emit(e *emitter) string {
	e.n++
	t := fmt.Sprintf("t%d", e.n)
	e.line("__typeof__(+%s) %s; {", x.c(true), t)
	emitAll(e, x.list)
	e.line("%s = %s; }", t, x.x.emit(e))
	return t
}
