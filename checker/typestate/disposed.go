package typestate

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// What the function that ends the life of an object drops of its fields, nobody else drops and
// leaves there: the second time it is a reference of somebody else.

// A fieldOfType is a field by the name of its struct.
type fieldOfType struct{ typ, name string }

// droppedTwice looks at the references that fields of objects hold.
func (w *world) droppedTwice(asked func(*tree.Function) bool) {
	disposed := map[fieldOfType]*mention{}
	for _, m := range w.mentions {
		if disposes(m.fn) == "" {
			continue
		}
		for _, c := range m.drops {
			if f, ok := w.types.droppedField(m.fn, c); ok {
				disposed[f] = m
			}
		}
	}
	if len(disposed) == 0 {
		return
	}
	for _, m := range w.mentions {
		if asked != nil && !asked(m.fn) {
			continue
		}
		for _, c := range m.drops {
			f, ok := w.types.droppedField(m.fn, c)
			by := disposed[f]
			if !ok || by == nil || by.fn.Name == m.fn.Name || changesField(m.fn, f.name, c) {
				continue
			}
			w.result.Findings = append(w.result.Findings, Finding{
				Kind: model.RefCount, Severity: Warning, Confidence: Likely, Function: m.fn.Name, Pos: c.Pos(),
				Message: "the reference that " + syntax.Format(c.Args[0]) + " holds is dropped here, and " + by.fn.Name +
					" drops it again",
				Object: syntax.Format(c.Args[0]),
				Path:   []Step{{Pos: c.Pos(), Function: m.fn.Name, Text: syntax.FormatShort(c)}},
			})
		}
	}
}

// disposes is the type of the objects whose life a function ends, as libvirt names such functions;
// "" where it is none.
func disposes(f *tree.Function) string {
	typ, ok := strings.CutSuffix(f.Name, "Dispose")
	if !ok || len(f.Type.Params) != 1 {
		return ""
	}
	return typ
}

// droppedField is the field of which a call drops a reference.
func (ts *types) droppedField(f *tree.Function, c *syntax.Call) (fieldOfType, bool) {
	m, ok := c.Args[0].(*syntax.Member)
	if !ok {
		return fieldOfType{}, false
	}
	if _, ok := m.X.(*syntax.Ident); !ok {
		return fieldOfType{}, false
	}
	typ := ts.structOf(f, m.X)
	return fieldOfType{typ, m.Name}, typ != ""
}

// dropsField reports whether a call drops the reference that a field holds.
func dropsField(c *syntax.Call) bool {
	id, ok := c.Fun.(*syntax.Ident)
	if !ok || len(c.Args) != 1 {
		return false
	}
	_, field := c.Args[0].(*syntax.Member)
	v := vocabulary.Lookup(id.Name)
	return field && v != nil && v.Effect == vocabulary.Unref
}

// changesField reports whether a function sets a field of that name, takes what it holds away, or
// takes a reference of it itself.
func changesField(f *tree.Function, name string, drop *syntax.Call) bool {
	is := func(x syntax.Expr) bool {
		if u, ok := x.(*syntax.Unary); ok && u.Op == "&" {
			x = u.X
		}
		m, ok := x.(*syntax.Member)
		return ok && m.Name == name
	}
	found := false
	syntax.Walk(f.Body, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Assign:
			found = found || is(n.X)
		case *syntax.Call:
			if id, ok := n.Fun.(*syntax.Ident); ok && n != drop {
				v := vocabulary.Lookup(id.Name)
				found = found || slices.ContainsFunc(n.Args, is) && v != nil && v.Effect != vocabulary.Unref && !v.Message()
			}
		}
		return !found
	})
	return found
}
