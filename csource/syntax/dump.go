package syntax

import (
	"fmt"
	"io"
	"strings"
)

// Dump writes a tree as indented text, one declaration, field or statement a line, each with its
// line and column: for golden tests, and to see what the parser made of a file.
func Dump(w io.Writer, n Node) error {
	d := dumper{w: w}
	d.node(n)
	return d.err
}

// Shape is what [Dump] writes without the places: equal trees have equal shapes.
func Shape(n Node) string {
	var b strings.Builder
	d := dumper{w: &b, placeless: true}
	d.node(n)
	return b.String()
}

type dumper struct {
	w         io.Writer
	placeless bool
	depth     int
	err       error
}

// line writes one line about n.
func (d *dumper) line(n Node, format string, args ...any) {
	if d.err != nil {
		return
	}
	text := strings.TrimRight(fmt.Sprintf(format, args...), " ")
	if !d.placeless {
		text += "  @" + lineCol(n.Pos())
	}
	_, d.err = fmt.Fprintf(d.w, "%s%s\n", strings.Repeat("  ", d.depth), text)
}

// under writes nodes one level deeper.
func (d *dumper) under(nodes ...Node) {
	d.depth++
	for _, n := range nodes {
		if n != nil {
			d.node(n)
		}
	}
	d.depth--
}

func (d *dumper) node(n Node) {
	switch n := n.(type) {
	case *File:
		d.line(n, "file %s", n.Name)
		d.depth++
		for _, x := range n.Decls {
			d.node(x)
		}
		d.depth--
	case Decl:
		d.decl(n)
	case Stmt:
		d.stmt(n)
	case *Field:
		bits := ""
		if n.Bits != nil {
			bits = " : " + Format(n.Bits)
		}
		d.line(n, "field %s%s%s", FormatDecl(n.Type, n.Name), bits, attrText(n.Attrs))
		d.typeBody(n.Type)
	case *Enumerator:
		if n.Known {
			d.line(n, "enumerator %s = %d", n.Name, n.Value)
		} else {
			d.line(n, "enumerator %s = %s", n.Name, Format(n.Init))
		}
	default:
		d.line(n, "%T %s", n, Format(n))
	}
}

func (d *dumper) decl(n Decl) {
	switch n := n.(type) {
	case *FuncDef:
		bad := ""
		if n.Bad {
			bad = " BAD"
		}
		d.line(n, "function%s %s%s%s", bad, storageText(n.Storage), FormatDecl(n.Type, n.Name), attrText(n.Attrs))
		d.paramAttrs(n.Type)
		d.under(n.Body)
	case *Prototype:
		d.line(n, "prototype %s%s%s", storageText(n.Storage), FormatDecl(n.Type, n.Name), attrText(n.Attrs))
	case *VarDecl:
		init := ""
		if n.Init != nil {
			init = " = " + Format(n.Init)
		}
		d.line(n, "variable %s%s%s%s", storageText(n.Storage), FormatDecl(n.Type, n.Name), attrText(n.Attrs), init)
		d.typeBody(n.Type)
	case *TypedefDecl:
		d.line(n, "typedef %s%s", FormatDecl(n.Type, n.Name), attrText(n.Attrs))
		d.typeBody(n.Type)
	case *StructDecl:
		d.line(n, "%s%s", Format(n.Type), attrText(n.Type.Attrs))
		d.typeBody(n.Type)
	case *EnumDecl:
		d.line(n, "%s%s", Format(n.Type), attrText(n.Type.Attrs))
		d.typeBody(n.Type)
	case *MacroDecl:
		d.line(n, "macro %s", n.Name)
	case *StaticAssert:
		d.line(n, "static assert %s", Format(n.Cond))
	case *AsmDecl:
		d.line(n, "asm")
	case *BadDecl:
		d.line(n, "BAD declaration")
	}
}

// paramAttrs writes the parameters that have attributes.
func (d *dumper) paramAttrs(f *Func) {
	d.depth++
	for _, p := range f.Params {
		if len(p.Attrs) > 0 {
			d.line(p, "parameter %s%s", FormatDecl(p.Type, p.Name), attrText(p.Attrs))
		}
	}
	d.depth--
}

// typeBody writes the fields or enumerators that t defines, if it does.
func (d *dumper) typeBody(t Type) {
	d.depth++
	defer func() { d.depth-- }()
	for {
		switch x := t.(type) {
		case *Pointer:
			t = x.Elem
			continue
		case *Atomic:
			t = x.Elem
			continue
		case *Array:
			t = x.Elem
			continue
		case *StructType:
			for _, f := range x.Fields {
				d.node(f)
			}
		case *EnumType:
			for _, e := range x.Enumerators {
				d.node(e)
			}
		}
		return
	}
}

func storageText(s Storage) string {
	text := ""
	for _, w := range []struct {
		bit  Storage
		name string
	}{
		{Extern, "extern "},
		{Static, "static "},
		{Inline, "inline "},
		{Register, "register "},
		{ThreadLocal, "_Thread_local "},
	} {
		if s.Has(w.bit) {
			text += w.name
		}
	}
	return text
}

func attrText(attrs []*Attr) string {
	text := ""
	for _, a := range attrs {
		text += " [" + a.Name
		if len(a.Args) > 0 {
			var p printer
			p.list(a.Args)
			text += "(" + p.b.String() + ")"
		}
		text += "]"
	}
	return text
}
