package lower

import (
	"math"
	"regexp"
	"strconv"

	"github.com/lockproof/lockproof/csource/syntax"
)

// addressArgument is &x, &x[1] or &x.field as the argument of a thread.
var addressArgument = regexp.MustCompile(`^&[A-Za-z_]\w*(\[\d+\]|\.[A-Za-z_]\w*)*$`)

var addressPart = regexp.MustCompile(`[&.]\w+|\[\d+`)

// addressed is the address that such an argument stands for.
func (w *world) addressed(a Arg, t *typ, function string) value {
	var x syntax.Expr
	at := syntax.At{Start: a.Pos}
	for _, part := range addressPart.FindAllString(a.Text, -1) {
		switch part[0] {
		case '&':
			x = &syntax.Ident{At: at, Name: part[1:]}
		case '[':
			n, err := strconv.ParseInt(part[1:], 10, 64)
			if err != nil {
				n = math.MaxInt64 // which no array has
			}
			x = &syntax.Index{At: at, X: x, I: &syntax.IntLit{At: at, Value: n, Text: part[1:]}}
		default:
			x = &syntax.Member{At: at, X: x, Name: part[1:]}
		}
	}
	v, ok := w.lvalue(x)
	if !ok {
		w.hintf(a.Pos, "write the address of a variable at file scope", "%s is not an object", a.Text)
		return intValue(0)
	}
	if w.isOutside(v) {
		w.errorf(a.Pos, "%s lies outside of the array", a.Text)
		return intValue(0)
	}
	if to := w.pointedTo(v); t.kind != tPointer || t.elem.kind != tVoid && (to == nil || !assignable(t, pointerTo(to))) {
		w.errorf(a.Pos, "%s takes %s here, and %s does not point to that", function, t, a.Text)
	}
	return v
}

// pointedTo is the type of what a pointer leads to; nil where that is an array.
func (w *world) pointedTo(v value) *typ {
	switch {
	case v.kind == vField:
		return w.cell(cellRef{v.obj, v.field}).typ
	case w.objects[v.obj].strukt != nil:
		return &typ{kind: tStruct, strukt: w.objects[v.obj].strukt}
	}
	return nil
}

// takenFor is the struct for which a function takes a parameter of type void *: it is said where
// the parameter is given to a variable, or cast. Nil where nothing is said, or several things are.
func (w *world) takenFor(function string, param int) *structDef {
	var d *syntax.FuncDef
	for _, b := range w.bodies {
		if b.Name == function {
			d = b
		}
	}
	if d == nil {
		return nil
	}
	name := d.Type.Params[param].Name
	var said []*structDef
	note := func(t syntax.Type, x syntax.Expr) {
		if id, ok := x.(*syntax.Ident); ok && id.Name == name && t != nil {
			if s := w.resolve(t).pointsToStruct(); s != nil && s.defined {
				said = append(said, s)
			}
		}
	}
	locals := map[string]syntax.Type{}
	syntax.Walk(d.Body, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.VarDecl:
			locals[n.Name] = n.Type
			note(n.Type, n.Init)
		case *syntax.Cast:
			note(n.Type, n.X)
		case *syntax.Assign:
			if id, ok := n.X.(*syntax.Ident); ok && n.Op == "=" {
				note(locals[id.Name], n.Y)
			}
		}
		return true
	})
	for _, s := range said {
		if s != said[0] {
			return nil
		}
	}
	if len(said) == 0 {
		return nil
	}
	return said[0]
}
