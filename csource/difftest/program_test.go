package difftest

import (
	"fmt"
	"strings"

	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/model"
)

// A program is written twice: as it is checked, and as it is compiled.
type program struct {
	head    string // what both begin with
	structs []*typ
	globals []*variable // those of functions as well
	inner   map[*variable]bool
	funs    []*fun
	threads []start
	notes   map[string]bool // what is in it
}

type start struct {
	f      *fun
	args   []string
	faults lower.Faults
}

// source is the program as it is checked.
func (p *program) source() string {
	var b strings.Builder
	b.WriteString(p.head)
	for _, s := range p.structs {
		s.define(&b, false)
	}
	for _, v := range p.globals {
		if p.inner[v] {
			continue
		}
		b.WriteString("static ")
		if v.own {
			b.WriteString("__thread ")
		}
		b.WriteString(declare(v.typ, v.name, false))
		if v.init != nil {
			b.WriteString(" = " + v.init.write(v.typ, false))
		}
		b.WriteString(";\n")
	}
	for _, f := range p.funs {
		b.WriteString(f.head(false) + ";\n")
	}
	for _, f := range p.funs {
		b.WriteString(f.head(false) + "\n{\n")
		writeAll(&b, f.body, "")
		b.WriteString("}\n")
	}
	return strings.ReplaceAll(b.String(), "@", "")
}

// specs are the threads as they are asked for.
func (p *program) specs() (all []lower.Thread) {
	for i, t := range p.threads {
		pos := model.Pos{File: "threads", Line: i + 1, Col: 1}
		spec := lower.Thread{Pos: pos, Function: strings.ReplaceAll(t.f.name, "@", ""), Faults: t.faults}
		for _, a := range t.args {
			spec.Args = append(spec.Args, lower.Arg{Pos: pos, Text: a})
		}
		all = append(all, spec)
	}
	return all
}

// An observed is something that can be seen after each step.
type observed struct {
	name    string   // in the model
	targets []string // of a pointer: where it may lead
	pointer bool
}

// A written is a program that can be compiled, and what it shows.
type written struct {
	text  string
	shows []observed
}

// twin writes the program as it is compiled, with a prefix of its own.
func (p *program) twin(id int) written {
	e := &emitter{}
	var b strings.Builder
	b.WriteString(p.head)
	for _, s := range p.structs {
		s.define(&b, true)
	}
	b.WriteString("struct @memory {\n")
	for i, v := range p.globals {
		fmt.Fprintf(&b, "    char pad%d[%d]; %s;\n", i, padOuter, p.stored(v))
	}
	fmt.Fprintf(&b, "    char pad[%d];\n};\nstatic struct @memory @memory;\n", padOuter)
	for _, v := range p.globals {
		fmt.Fprintf(&b, "#define %s @memory.%s\n", v.twin, p.fieldOf(v))
	}
	for _, f := range p.funs {
		b.WriteString(f.head(true) + ";\n")
	}
	b.WriteString("static struct @memory @memory = {\n")
	for _, v := range p.globals {
		if v.init == nil || v.typ.kind == locking {
			continue
		}
		text := v.init.write(v.typ, true)
		if v.own {
			text = fmt.Sprintf("{ [0 ... %d] = { .v = %s } }", len(p.threads)-1, text)
		}
		fmt.Fprintf(&b, "    .%s = %s,\n", p.fieldOf(v), text)
	}
	b.WriteString("};\n")
	for _, f := range p.funs {
		e.line("%s\n{", f.head(true))
		e.result = f.result
		emitAll(e, f.body)
		e.line("}")
	}
	w := p.observe(e)
	b.WriteString(e.defines.String())
	b.WriteString(e.b.String())
	w.text = strings.ReplaceAll(b.String(), "@", fmt.Sprintf("p%d_", id))
	return w
}

func (p *program) fieldOf(v *variable) string { return "f_" + strings.TrimPrefix(v.twin, "@") }

// stored declares what holds a variable: one for each thread, perhaps.
func (p *program) stored(v *variable) string {
	if v.own {
		one := declare(v.typ, "v", true)
		return fmt.Sprintf("struct { char a[%d]; %s; char b[%d]; } %s[%d]", v.typ.room(), one, v.typ.room(), p.fieldOf(v), len(p.threads))
	}
	return declare(v.typ, p.fieldOf(v), true)
}

// shared lists all that is shared, with what lies in it.
func (p *program) shared() (all []leaf) {
	for _, v := range p.globals {
		if !v.own {
			all = append(all, leaf{v.model, access{text: v.twin, typ: v.typ}})
			continue
		}
		for t := range p.threads {
			text := fmt.Sprintf("%s[%d].v", v.twin, t)
			all = append(all, leaf{fmt.Sprintf("%s@%d", v.model, t+1), access{text: text, typ: v.typ}})
		}
	}
	return all
}

// within lists an object with all objects in it.
func within(l leaf) []leaf {
	all := []leaf{l}
	switch l.typ.kind {
	case structure:
		for i, f := range l.typ.fields {
			all = append(all, within(leaf{l.model + "." + f.name, l.field(i)})...)
		}
	case array:
		for i := range l.typ.n {
			all = append(all, within(leaf{fmt.Sprintf("%s[%d]", l.model, i), l.element(fmt.Sprint(i))})...)
		}
	}
	return all
}

// observe writes what shows the variables.
func (p *program) observe(e *emitter) written {
	var w written
	var cells, shows strings.Builder
	var all []leaf
	for _, l := range p.shared() {
		all = append(all, within(l)...)
	}
	lists := 0
	for _, l := range all {
		switch l.typ.kind {
		case structure, array:
			continue
		case locking:
			if l.typ.shown == "" {
				continue
			}
		}
		n := len(w.shows)
		o := observed{name: l.model}
		switch {
		case l.typ.kind == pointer && l.typ.elem.kind == function:
			o.pointer = true
			var places []string
			for _, f := range p.funs {
				places = append(places, f.name)
				o.targets = append(o.targets, strings.TrimPrefix(f.name, "@"))
			}
			lists++
			e.line("static const volatile void *const @to%d[] = { %s };", lists, strings.Join(places, ", "))
			fmt.Fprintf(&shows, "    v[%d] = where(%s, @to%d, %d);\n", n, l.text, lists, len(places))
		case l.typ.kind == pointer:
			o.pointer = true
			var places []string
			for _, to := range all {
				if !same(to.typ, l.typ.elem) || to.bit > 0 {
					continue
				}
				places = append(places, "&("+to.text+")")
				if to.typ.kind == structure {
					o.targets = append(o.targets, to.model)
				} else {
					o.targets = append(o.targets, "&"+to.model)
				}
			}
			lists++
			e.line("static const volatile void *const @to%d[] = { %s };", lists, strings.Join(places, ", "))
			fmt.Fprintf(&shows, "    v[%d] = where(%s, @to%d, %d);\n", n, l.text, lists, len(places))
		case l.typ.kind == locking:
			fmt.Fprintf(&shows, "    v[%d] = "+l.typ.shown+";\n", n, l.text)
		default:
			fmt.Fprintf(&shows, "    v[%d] = (long long)(%s);\n", n, l.text)
		}
		fmt.Fprintf(&cells, "    { %s },\n", l.object())
		w.shows = append(w.shows, o)
	}
	e.line("static struct cell @cells[] = {\n%s    { 0 } };", cells.String())
	e.line("static void @observe(long long *v)\n{\n%s}", shows.String())
	var names []string
	for i, t := range p.threads {
		e.line("static void @t%d(void) { %s(%s); }", i, t.f.name, strings.Join(t.args, ", "))
		names = append(names, fmt.Sprintf("@t%d", i))
	}
	e.line("static struct twin @twin = { %d, { %s }, &@memory, sizeof(@memory), 0, @cells, %d, @observe, %d };",
		len(p.threads), strings.Join(names, ", "), len(w.shows), len(w.shows))
	return w
}
