package difftest

import (
	"fmt"
	"strings"
)

// A stmt is a statement. c writes it, emit writes what it becomes in the compiled program, and
// parts are the lists of statements in it.
type stmt interface {
	c(b *strings.Builder, indent string)
	emit(e *emitter)
	parts() []*[]stmt
}

type leafStmt struct{}

func (leafStmt) parts() []*[]stmt { return nil }

func writeAll(b *strings.Builder, list []stmt, indent string) {
	for _, s := range list {
		s.c(b, indent+"    ")
	}
}

func emitAll(e *emitter, list []stmt) {
	for _, s := range list {
		s.emit(e)
	}
}

// A fun is a function with its body.
type fun struct {
	name   string
	result *typ // nil: none
	params []*variable
	body   []stmt
}

func (f *fun) head(twin bool) string {
	var params []string
	for _, p := range f.params {
		n := p.name
		if twin {
			n = p.twin
		}
		params = append(params, declare(p.typ, n, twin))
	}
	if len(params) == 0 {
		params = []string{"void"}
	}
	h := f.name + "(" + strings.Join(params, ", ") + ")"
	if f.result == nil {
		return "static void " + h
	}
	return "static " + declare(f.result, h, twin)
}

type does struct {
	leafStmt
	x expr
}

func (s does) c(b *strings.Builder, in string) { fmt.Fprintf(b, "%s%s;\n", in, s.x.c(false)) }
func (s does) emit(e *emitter)                 { s.x.emit(e) }

// declares is a local variable.
type declares struct {
	leafStmt
	v   *variable
	x   expr // of a scalar
	end *fun // called where its scope ends; nil: none
}

func (s declares) c(b *strings.Builder, in string) {
	attr := ""
	if s.end != nil {
		attr = "__attribute__((cleanup(" + s.end.name + "))) "
	}
	fmt.Fprintf(b, "%s%s%s", in, attr, declare(s.v.typ, s.v.name, false))
	switch {
	case s.x != nil:
		fmt.Fprintf(b, " = %s", s.x.c(false))
	case s.v.init != nil:
		fmt.Fprintf(b, " = %s", s.v.init.write(s.v.typ, false))
	}
	b.WriteString(";\n")
}

func (s declares) emit(e *emitter) {
	first := ""
	switch {
	case s.x != nil:
		first = " = " + s.x.emit(e)
	case s.v.init != nil:
		first = " = " + s.v.init.write(s.v.typ, true)
	}
	if !s.v.watch {
		e.line("%s%s;", declare(s.v.typ, s.v.twin, true), first)
		return
	}
	e.n++
	if first != "" {
		first = " = { .v" + first + " }"
	}
	e.line("int m%d __attribute__((cleanup(forget))) = mark();", e.n)
	e.line("struct { char a[%d]; %s; char b[%d]; } %s_%s;", s.v.typ.room(), declare(s.v.typ, "v", true), s.v.typ.room(), s.v.twin, first)
	set := 0
	if first != "" {
		set = 1
	}
	for _, l := range leaves("", s.v.access()) {
		e.line("local(%s, %d);", l.object(), set)
	}
	fmt.Fprintf(&e.defines, "#define %s %s_.v\n", s.v.twin, s.v.twin)
	if s.end == nil {
		return
	}
	text := declare(pointerTo(pointerTo(s.v.typ)), "v", true)
	fmt.Fprintf(&e.defines, "static void %s_end(%s) { %s(*v); }\n", s.v.twin, text, s.end.name)
	e.line("%s __attribute__((cleanup(%s_end))) = &%s;", declare(pointerTo(s.v.typ), fmt.Sprintf("end%d", e.n), true), s.v.twin, s.v.twin)
}

type block struct{ list []stmt }

func (s *block) parts() []*[]stmt { return []*[]stmt{&s.list} }
func (s *block) c(b *strings.Builder, in string) {
	fmt.Fprintf(b, "%s{\n", in)
	writeAll(b, s.list, in)
	fmt.Fprintf(b, "%s}\n", in)
}

func (s *block) emit(e *emitter) {
	e.line("{")
	emitAll(e, s.list)
	e.line("}")
}

type branch struct {
	x         expr
	then, alt []stmt
}

func (s *branch) parts() []*[]stmt { return []*[]stmt{&s.then, &s.alt} }
func (s *branch) c(b *strings.Builder, in string) {
	fmt.Fprintf(b, "%sif (%s) {\n", in, s.x.c(false))
	writeAll(b, s.then, in)
	if len(s.alt) > 0 {
		fmt.Fprintf(b, "%s} else {\n", in)
		writeAll(b, s.alt, in)
	}
	fmt.Fprintf(b, "%s}\n", in)
}

func (s *branch) emit(e *emitter) {
	e.line("{ if (%s) {", s.x.emit(e))
	emitAll(e, s.then)
	e.line("} else {")
	emitAll(e, s.alt)
	e.line("} }")
}

// loop is while, do and for.
type loop struct {
	how   string
	first expr // of a for; nil: none
	x     expr
	last  expr
	body  []stmt
}

func (s *loop) parts() []*[]stmt { return []*[]stmt{&s.body} }
func (s *loop) c(b *strings.Builder, in string) {
	text := func(x expr) string {
		if x == nil {
			return ""
		}
		return x.c(false)
	}
	switch s.how {
	case "while":
		fmt.Fprintf(b, "%swhile (%s) {\n", in, s.x.c(false))
	case "do":
		fmt.Fprintf(b, "%sdo {\n", in)
	default:
		fmt.Fprintf(b, "%sfor (%s; %s; %s) {\n", in, text(s.first), text(s.x), text(s.last))
	}
	writeAll(b, s.body, in)
	if s.how == "do" {
		fmt.Fprintf(b, "%s} while (%s);\n", in, s.x.c(false))
	} else {
		fmt.Fprintf(b, "%s}\n", in)
	}
}

func (s *loop) emit(e *emitter) {
	e.n++
	next := fmt.Sprintf("next%d", e.n)
	e.next = append(e.next, next)
	test := func() {
		if s.x != nil {
			e.line("if (!(%s)) break;", s.x.emit(e))
		}
	}
	e.line("{")
	if s.first != nil {
		s.first.emit(e)
	}
	e.line("for (;;) {")
	if s.how != "do" {
		test()
	}
	e.line("{")
	emitAll(e, s.body)
	e.line("}\n%s:;", next)
	if s.last != nil {
		s.last.emit(e)
	}
	if s.how == "do" {
		test()
	}
	e.line("} }")
	e.next = e.next[:len(e.next)-1]
}

// selects is a switch. A case without labels is the default.
type selects struct {
	x     expr
	cases []*arm
}

type arm struct {
	labels []string
	body   []stmt
}

func (s *selects) parts() (all []*[]stmt) {
	for _, a := range s.cases {
		all = append(all, &a.body)
	}
	return all
}

func (s *selects) c(b *strings.Builder, in string) {
	fmt.Fprintf(b, "%sswitch (%s) {\n", in, s.x.c(false))
	for _, a := range s.cases {
		for _, l := range a.labels {
			fmt.Fprintf(b, "%s%s:\n", in, l)
		}
		fmt.Fprintf(b, "%s    ;\n", in)
		writeAll(b, a.body, in)
	}
	fmt.Fprintf(b, "%s}\n", in)
}

func (s *selects) emit(e *emitter) {
	e.line("{ switch (%s) {", s.x.emit(e))
	for _, a := range s.cases {
		for _, l := range a.labels {
			e.line("%s:;", l)
		}
		emitAll(e, a.body)
	}
	e.line("} }")
}

// jump is goto, break, continue, or a label.
type jump struct {
	leafStmt
	how, to string
}

func (s jump) c(b *strings.Builder, in string) {
	switch s.how {
	case "label":
		fmt.Fprintf(b, "%s%s:;\n", in, s.to)
	case "goto":
		fmt.Fprintf(b, "%sgoto %s;\n", in, s.to)
	default:
		fmt.Fprintf(b, "%s%s;\n", in, s.how)
	}
}

func (s jump) emit(e *emitter) {
	switch s.how {
	case "label":
		e.line("%s:;", s.to)
	case "goto":
		e.line("goto %s;", s.to)
	case "continue":
		e.line("goto %s;", e.next[len(e.next)-1])
	default:
		e.line("break;")
	}
}

type returns struct {
	leafStmt
	x expr
}

func (s returns) c(b *strings.Builder, in string) {
	if s.x == nil {
		fmt.Fprintf(b, "%sreturn;\n", in)
	} else {
		fmt.Fprintf(b, "%sreturn %s;\n", in, s.x.c(false))
	}
}

func (s returns) emit(e *emitter) {
	if s.x == nil {
		e.line("return;")
	} else {
		e.line("return %s;", s.x.emit(e))
	}
}

// asserts is assert, check or requires.
type asserts struct {
	leafStmt
	kind string
	text string // assert(%s)
	x    expr
}

func (s asserts) c(b *strings.Builder, in string) {
	fmt.Fprintf(b, "%s"+s.text+";\n", in, s.x.c(false))
}
func (s asserts) emit(e *emitter) { e.line("if (!(%s)) fails(%q);", s.x.emit(e), s.kind) }

// copies is an assignment of structs or memcpy, or memset when there is no source.
type copies struct {
	leafStmt
	to, from place
	how      string // =, memcpy, memmove, memset, bzero
}

func (s copies) c(b *strings.Builder, in string) {
	t, size := s.to.c(false), ""
	if s.how != "=" {
		size = "sizeof(" + declare(s.to.typ(), "", false) + ")"
	}
	switch s.how {
	case "=":
		fmt.Fprintf(b, "%s%s = %s;\n", in, t, s.from.c(false))
	case "memset":
		fmt.Fprintf(b, "%smemset(&%s, 0, %s);\n", in, t, size)
	case "bzero":
		fmt.Fprintf(b, "%sbzero(&%s, %s);\n", in, t, size)
	default:
		fmt.Fprintf(b, "%s%s(&%s, &%s, %s);\n", in, s.how, t, s.from.c(false), size)
	}
}

func (s copies) emit(e *emitter) {
	to := s.to.at(e)
	if s.from == nil {
		copyObject(e, to, nil)
		return
	}
	from := s.from.at(e)
	if s.how == "memcpy" {
		// An element beyond an array is none, whatever else it lies upon; but nothing is copied upon
		// itself.
		e.line("if (&(%s) && &(%s) == &(%s)) UNDEFINED();", to.text, to.text, from.text)
		from.there(e)
		e.line("APART(&(%s), &(%s), sizeof(%s));", to.text, from.text, to.text)
	}
	copyObject(e, to, &from)
}

// copyObject copies an object part by part, or clears it.
func copyObject(e *emitter, to access, from *access) {
	parts := 0
	switch to.typ.kind {
	case structure:
		parts = len(to.typ.fields)
	case array:
		parts = to.typ.n
	default:
		if from == nil {
			to.store(e, "0")
		} else {
			from.copyTo(e, to)
		}
		return
	}
	part := func(a access, i int) access {
		if a.typ.kind == array {
			return a.element(fmt.Sprint(i))
		}
		return a.part(e, i)
	}
	for i := range parts {
		if from == nil {
			copyObject(e, part(to, i), nil)
			continue
		}
		x := part(*from, i)
		copyObject(e, part(to, i), &x)
	}
}

func (s isStatic) c(b *strings.Builder, in string) {
	fmt.Fprintf(b, "%sstatic %s = %s;\n", in, declare(s.v.typ, s.v.name, false), s.v.init.write(s.v.typ, false))
}
func (s isStatic) emit(*emitter) {}

// guards is VIR_WITH_MUTEX_LOCK_GUARD: break and continue leave it alone.
type guards struct {
	m    place
	list []stmt
}

func (s *guards) parts() []*[]stmt { return []*[]stmt{&s.list} }
func (s *guards) c(b *strings.Builder, in string) {
	fmt.Fprintf(b, "%sVIR_WITH_MUTEX_LOCK_GUARD(&%s) {\n", in, s.m.c(false))
	writeAll(b, s.list, in)
	fmt.Fprintf(b, "%s}\n", in)
}

func (s *guards) emit(e *emitter) {
	e.n++
	next := fmt.Sprintf("next%d", e.n)
	e.next = append(e.next, next)
	e.line("{ struct mutex *g%d __attribute__((cleanup(release_))) = hold(&(%s)); do {", e.n, s.m.at(e).text)
	emitAll(e, s.list)
	e.line("%s:; } while (0); }", next)
	e.next = e.next[:len(e.next)-1]
}
