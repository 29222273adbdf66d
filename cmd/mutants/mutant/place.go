package mutant

import (
	"go/ast"
	"go/types"
	"slices"
)

// places takes something else of the same type: another argument, index or field.
func (f *finder) places(n ast.Node) {
	switch n := n.(type) {
	case *ast.CallExpr:
		if !f.symmetric(n) {
			f.swap(slices.DeleteFunc(slices.Clone(n.Args), func(a ast.Expr) bool { return f.ignored(n, a) }))
		}
	case *ast.CompositeLit:
		f.elements(n)
	case *ast.IndexExpr:
		f.index(n)
	case *ast.SelectorExpr:
		f.field(n)
	}
}

// even are functions for which the order of their arguments does not matter.
var even = []string{
	"slices.Equal", "maps.Equal", "bytes.Equal", "strings.EqualFold", "reflect.DeepEqual", "types.Identical",
}

func (f *finder) symmetric(call *ast.CallExpr) bool {
	switch f.builtin(call) {
	case "min", "max", "append", "make", "print", "println":
		return true
	}
	if fn := f.called(call); fn != nil && fn.Pkg() != nil {
		return slices.Contains(even, fn.Pkg().Name()+"."+fn.Name())
	}
	return false
}

// swap exchanges every two expressions of one type.
func (f *finder) swap(xs []ast.Expr) {
	for i, x := range xs {
		for _, y := range xs[i+1:] {
			if f.alike(x, y) {
				f.mutant("arguments", x.Pos(), f.text(x)+", "+f.text(y), f.text(y)+", "+f.text(x),
					f.edit(x, f.text(y)), f.edit(y, f.text(x)))
			}
		}
	}
}

func (f *finder) alike(x, y ast.Expr) bool {
	tx, ty := f.info.TypeOf(x), f.info.TypeOf(y)
	return tx != nil && ty != nil && types.Identical(tx, ty) && f.text(x) != f.text(y)
}

// elements exchanges the values of a struct's literal.
func (f *finder) elements(n *ast.CompositeLit) {
	t := f.info.TypeOf(n)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if _, ok := t.Underlying().(*types.Struct); !ok {
		return
	}
	values := slices.Clone(n.Elts)
	for i, e := range values {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			values[i] = kv.Value
		}
	}
	f.swap(values)
}

// index takes the first element, or the one that another variable of the same type names.
func (f *finder) index(n *ast.IndexExpr) {
	switch t := f.info.TypeOf(n.X).Underlying().(type) {
	case *types.Slice, *types.Array:
	case *types.Basic:
		if t.Info()&types.IsString == 0 {
			return
		}
	case *types.Pointer:
		if _, ok := t.Elem().Underlying().(*types.Array); !ok {
			return
		}
	default:
		return
	}
	if f.info.Types[n.Index].Value != nil {
		return
	}
	after := func(i string) string { return f.text(n.X) + "[" + i + "]" }
	f.mutant("index", n.Index.Pos(), f.text(n), after("0"), f.edit(n.Index, "0"))
	if other := f.variable(n.Index); other != "" {
		f.mutant("index", n.Index.Pos(), f.text(n), after(other), f.edit(n.Index, other))
	}
}

// variable is the local variable of the type of x that was declared last before it.
func (f *finder) variable(x ast.Expr) string {
	t, best := f.info.TypeOf(x), types.Object(nil)
	for s := f.types.Scope().Innermost(x.Pos()); s != nil && s != f.types.Scope(); s = s.Parent() {
		for _, name := range s.Names() {
			v, ok := s.Lookup(name).(*types.Var)
			if !ok || name == "_" || name == f.text(x) || v.Pos() >= x.Pos() || !types.Identical(v.Type(), t) {
				continue
			}
			if best == nil || v.Pos() > best.Pos() {
				best = v
			}
		}
		if best != nil {
			return best.Name()
		}
	}
	return ""
}

// field takes the next field of the same type of the same struct.
func (f *finder) field(n *ast.SelectorExpr) {
	s := f.info.Selections[n]
	if s == nil || s.Kind() != types.FieldVal || len(s.Index()) != 1 {
		return
	}
	t := s.Recv()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	strukt, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	at := s.Index()[0]
	for d := 1; d < strukt.NumFields(); d++ {
		other := strukt.Field((at + d) % strukt.NumFields())
		if types.Identical(other.Type(), s.Obj().Type()) && !other.Embedded() && other.Name() != "_" {
			f.mutant("field", n.Sel.Pos(), f.text(n), f.text(n.X)+"."+other.Name(), f.edit(n.Sel, other.Name()))
			return
		}
	}
}
