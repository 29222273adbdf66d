package slice

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// A value is what is left of an expression: with a value that is known, or only what it does, which
// may be nothing (nil).
type value struct {
	x     syntax.Expr
	known bool
	typ   syntax.Type // of what is known; nil for numbers
}

var nothing = value{}

func known(x syntax.Expr, typ syntax.Type) value { return value{x, true, typ} }

// effect is what an expression does, nil when that is nothing.
func (f *function) effect(e syntax.Expr) syntax.Expr { return pruned(f.value(e).x) }

// pruned is what an expression does whose value nobody looks at, nil for nothing.
func pruned(x syntax.Expr) syntax.Expr {
	if x == nil || !does(x) {
		return nil
	}
	switch e := x.(type) {
	case *syntax.Unary:
		if e.Op == "!" || e.Op == "-" || e.Op == "~" {
			return pruned(e.X)
		}
	case *syntax.Binary:
		if e.Op != "&&" && e.Op != "||" {
			return then(e.At, e.X, e.Y)
		}
	case *syntax.Cast:
		return pruned(e.X)
	}
	return x
}

// does reports whether an expression has an effect; to choose is none.
func does(x syntax.Expr) (yes bool) {
	syntax.Walk(x, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Call:
			if id, ok := n.Fun.(*syntax.Ident); !ok || id.Name != "nondet" {
				yes = true
			}
		case *syntax.Assign, *syntax.Postfix, *syntax.StmtExpr:
			yes = true
		case *syntax.Unary:
			yes = yes || n.Op == "++" || n.Op == "--"
		}
		return !yes
	})
	return yes
}

// then joins effects in order.
func then(at syntax.At, xs ...syntax.Expr) syntax.Expr {
	var list []syntax.Expr
	for _, x := range xs {
		if x = pruned(x); x != nil {
			list = append(list, x)
		}
	}
	switch len(list) {
	case 0:
		return nil
	case 1:
		return list[0]
	}
	return &syntax.Comma{At: at, List: list}
}

// after is x behind the effects of e.
func after(at syntax.At, e, x syntax.Expr) syntax.Expr {
	if e = pruned(e); e == nil {
		return x
	}
	return &syntax.Comma{At: at, List: []syntax.Expr{e, x}}
}

// cond is an expression of which it counts whether it is 0.
func (f *function) cond(e syntax.Expr) syntax.Expr {
	switch x := e.(type) {
	case *syntax.Unary:
		if x.Op == "!" {
			return &syntax.Unary{At: x.At, Op: "!", X: f.cond(x.X)}
		}
	case *syntax.Binary:
		if x.Op == "&&" || x.Op == "||" {
			return &syntax.Binary{At: x.At, Op: x.Op, OpPos: x.OpPos, X: f.cond(x.X), Y: f.cond(x.Y)}
		}
	}
	v := f.value(e)
	if v.known {
		return v.x
	}
	return after(syntax.At{Start: e.Pos()}, v.x, f.choose(e))
}

// as is an expression as a value of a type: where it is not known, any of a number, the object that
// alone is of the type, and else the function cannot be sliced.
func (f *function) as(typ syntax.Type, e syntax.Expr) syntax.Expr {
	v := f.value(e)
	at := syntax.At{Start: e.Pos()}
	switch {
	case f.types.isNumber(typ) && v.known && f.types.isPointer(v.typ):
		return after(at, v.x, f.anyNumber(at, typ)) // what the protocol has no use for
	case f.types.isNumber(typ) && isZero(e):
		return number(at, 0) // NULL, too
	case v.known:
		return v.x
	}
	return after(at, v.x, f.any(at, typ, e))
}

// any is some value of a type in the place of an expression that is not known. What an object is
// looked up by names one that the scenario gives.
func (f *function) any(at syntax.At, typ syntax.Type, e syntax.Expr) syntax.Expr {
	if f.types.isNumber(typ) {
		return f.anyNumber(at, typ)
	}
	if s := f.types.pointsTo(typ); s != nil && f.types.single[s.Tag] != "" {
		return &syntax.Ident{At: at, Name: f.types.single[s.Tag]}
	}
	if s := f.types.pointsTo(typ); s != nil && f.root && !does(e) && withAttr(s, "listed") && f.like == nil {
		if f.some == nil {
			f.some = &syntax.Param{At: at, Name: "some_object", Type: typ}
		}
		return &syntax.Ident{At: at, Name: f.some.Name}
	}
	if f.types.domain != nil && f.root && f.namesOne(typ) && !does(e) && f.like == nil {
		if f.some == nil {
			f.some = &syntax.Param{At: at, Name: "some_object", Type: f.types.domain}
		}
		return &syntax.Cast{At: at, Type: typ, X: &syntax.Ident{At: at, Name: f.some.Name}}
	}
	if name := f.named(e); name != nil && f.namesOne(typ) {
		return &syntax.Cast{At: at, Type: typ, X: &syntax.Ident{At: at, Name: name.Name}}
	}
	f.fail(at.Start, "which %sobject %s is, is not known", describe(typ), syntax.FormatShort(e))
	return &syntax.Ident{At: at, Name: "NULL"}
}

// named is what a text names that a helper of one's own, or a callback, makes for itself in an
// array: the only name that it is given, or the only domain. It is nil where that is not known.
func (f *function) named(e syntax.Expr) *syntax.Param {
	id, ok := e.(*syntax.Ident)
	if !ok || f.like == nil {
		return nil
	}
	l := f.find(id.Name)
	if l == nil {
		return nil
	}
	if _, array := l.is.(*syntax.Array); !array {
		return nil
	}
	if p := f.only(f.namesOne); p != nil {
		return p
	}
	return f.only(f.types.isDomain)
}

// only is the only parameter of some type, nil where there is none, or another.
func (f *function) only(is func(syntax.Type) bool) *syntax.Param {
	var only *syntax.Param
	for _, p := range f.typ.Params {
		if is(p.Type) {
			if only != nil {
				return nil
			}
			only = p
		}
	}
	return only
}

// namesOne reports whether a type is that of a name or a UUID: a pointer to characters or bytes.
func (f *function) namesOne(typ syntax.Type) bool {
	p, ok := f.types.plain(typ).(*syntax.Pointer)
	if !ok {
		return false
	}
	b, ok := f.types.plain(p.Elem).(*syntax.Basic)
	return ok && (b.Name == "char" || b.Name == "unsigned char" || b.Name == "void")
}

func describe(typ syntax.Type) string {
	if typ == nil {
		return ""
	}
	return syntax.FormatDecl(typ, "") + " "
}

// value translates an expression.
func (f *function) value(e syntax.Expr) value {
	switch x := e.(type) {
	case *syntax.IntLit, *syntax.CharLit:
		return known(x, nil)
	case *syntax.Ident:
		return f.ident(x)
	case *syntax.Unary:
		return f.unary(x)
	case *syntax.Postfix:
		v := f.value(x.X)
		if !v.known {
			return v
		}
		f.touches = true
		return known(&syntax.Postfix{At: x.At, Op: x.Op, X: v.x}, v.typ)
	case *syntax.Binary:
		return f.binary(x)
	case *syntax.Assign:
		return f.assign(x)
	case *syntax.Cond:
		return f.conditional(x)
	case *syntax.Call:
		return f.call(x)
	case *syntax.Member:
		return f.member(x)
	case *syntax.Index:
		return f.index(x)
	case *syntax.Cast:
		return f.cast(x)
	case *syntax.Comma:
		return f.comma(x)
	case *syntax.CompoundLit:
		return f.value(x.Init)
	case *syntax.InitList:
		var list []syntax.Expr
		for _, item := range x.Items {
			list = append(list, f.effect(item.Value))
		}
		return value{x: then(x.At, list...)}
	case *syntax.StmtExpr:
		return f.stmtExpr(x)
	}
	return nothing
}

func (f *function) ident(x *syntax.Ident) value {
	if l := f.find(x.Name); l != nil {
		if s := f.types.pointsTo(l.is); l.typ == nil && s != nil && f.types.single[s.Tag] != "" {
			return known(&syntax.Ident{At: x.At, Name: f.types.single[s.Tag]}, l.is)
		}
		if l.typ == nil {
			return nothing
		}
		return known(x, l.typ)
	}
	if typ := f.types.globals[x.Name]; typ != nil {
		return known(x, typ)
	}
	if x.Name == "NULL" || vocabulary.IsConstant(x.Name) || f.types.constants[x.Name] || x.Name == "true" ||
		x.Name == "false" {
		return known(x, nil)
	}
	if n, ok := f.enumerator(x.Name); ok {
		return known(number(x.At, n), nil)
	}
	return nothing
}

func (f *function) unary(x *syntax.Unary) value {
	if x.Op == "!" {
		v := f.value(x.X)
		if v.known {
			return known(&syntax.Unary{At: x.At, Op: "!", X: v.x}, nil)
		}
		return v
	}
	v := f.value(x.X)
	if !v.known {
		return v
	}
	typ := v.typ
	switch x.Op {
	case "&":
		if typ != nil {
			typ = &syntax.Pointer{Elem: typ}
		}
	case "*":
		p, ok := f.types.plain(typ).(*syntax.Pointer)
		if !ok {
			return value{x: pruned(v.x)}
		}
		typ = p.Elem
	case "++", "--":
		f.touches = true
	}
	return known(&syntax.Unary{At: x.At, Op: x.Op, X: v.x}, typ)
}

func (f *function) binary(x *syntax.Binary) value {
	if x.Op == "&&" || x.Op == "||" {
		l, r := f.value(x.X), f.value(x.Y)
		if !l.known && !r.known && pruned(l.x) == nil && pruned(r.x) == nil {
			return nothing
		}
		return known(f.cond(x), nil)
	}
	l, r := f.value(x.X), f.value(x.Y)
	if l.known && r.known {
		return known(&syntax.Binary{At: x.At, Op: x.Op, OpPos: x.OpPos, X: l.x, Y: r.x}, nil)
	}
	return value{x: then(x.At, l.x, r.x)}
}

func (f *function) assign(x *syntax.Assign) value {
	to := f.value(x.X)
	id, isName := x.X.(*syntax.Ident)
	if isName && to.known {
		l := f.find(id.Name)
		if l != nil && l.typ == nil {
			return value{x: f.effect(x.Y)} // one that means the only object of its type
		}
		f.handle(id.Name, to.typ, x.Y)
	}
	if !to.known {
		return value{x: then(x.At, to.x, f.effect(x.Y))}
	}
	f.touches = f.touches || !isName
	var from syntax.Expr
	op := x.Op
	if v := f.value(x.Y); v.known || op == "=" {
		from = v.x
		if !v.known {
			from = after(x.At, v.x, f.any(x.At, to.typ, x.Y))
		}
	} else {
		op, from = "=", after(x.At, v.x, f.anyNumber(x.At, to.typ))
	}
	return known(&syntax.Assign{At: x.At, Op: op, OpPos: x.OpPos, X: to.x, Y: from}, to.typ)
}

// handle notes a local handle that is given something that is not known: it is not kept, for what
// it names cannot be told either.
func (f *function) handle(name string, typ syntax.Type, from syntax.Expr) {
	s := f.types.pointsTo(typ)
	if s == nil || f.types.single[s.Tag] != "" || f.types.isObjectItself(s) || f.value(from).known {
		return
	}
	if f.opaque == nil {
		f.opaque = map[string]bool{}
	}
	f.opaque[name] = true
}

func (f *function) conditional(x *syntax.Cond) value {
	if x.Then == nil {
		l, r := f.value(x.X), f.value(x.Else)
		if l.known && r.known {
			return known(&syntax.Cond{At: x.At, X: l.x, Else: r.x}, l.typ)
		}
		return value{x: then(x.At, l.x, r.x)}
	}
	c, a, b := f.cond(x.X), f.value(x.Then), f.value(x.Else)
	if a.known && b.known {
		typ := a.typ
		if typ == nil {
			typ = b.typ
		}
		return known(&syntax.Cond{At: x.At, X: c, Then: a.x, Else: b.x}, typ)
	}
	l, r := pruned(a.x), pruned(b.x)
	if l == nil && r == nil {
		return value{x: pruned(c)}
	}
	zero := func(e syntax.Expr) syntax.Expr {
		return &syntax.Comma{At: x.At, List: []syntax.Expr{orZero(x.At, e), number(x.At, 0)}}
	}
	return value{x: &syntax.Cond{At: x.At, X: c, Then: zero(l), Else: zero(r)}}
}

func orZero(at syntax.At, e syntax.Expr) syntax.Expr {
	if e == nil {
		return number(at, 0)
	}
	return e
}

func (f *function) member(x *syntax.Member) value {
	v := f.value(x.X)
	if !v.known {
		return v
	}
	s := f.types.structOf(v.typ)
	if x.Arrow {
		s = f.types.pointsTo(v.typ)
	}
	if v.typ != nil && s != nil {
		if typ := f.types.field(s, x.Name); typ != nil {
			if f.isState(s, x.Name) {
				f.touches = true
			}
			return known(&syntax.Member{At: x.At, X: v.x, Arrow: x.Arrow, Name: x.Name, NamePos: x.NamePos}, typ)
		}
	}
	return value{x: pruned(v.x)}
}

// index is an element of what the protocol has, where it is known which.
func (f *function) index(x *syntax.Index) value {
	v, i := f.value(x.X), f.value(x.I)
	if v.known && i.known {
		e := &syntax.Index{At: x.At, X: v.x, I: i.x}
		switch typ := f.types.plain(v.typ).(type) {
		case *syntax.Array:
			return known(e, typ.Elem)
		case *syntax.Pointer:
			return known(e, typ.Elem)
		}
	}
	return value{x: then(x.At, v.x, i.x)}
}

// isState reports whether a field is one that the protocol looks at and changes: not a pointer from
// one object to the next.
func (f *function) isState(s *syntax.StructType, name string) bool {
	for _, d := range s.Fields {
		if d.Name == name {
			return f.types.isNumber(d.Type)
		}
	}
	return false
}

func (f *function) cast(x *syntax.Cast) value {
	v := f.value(x.X)
	if !v.known {
		return v
	}
	if f.types.isObject(x.Type) {
		return known(&syntax.Cast{At: x.At, Type: x.Type, X: v.x}, x.Type)
	}
	return v
}

func (f *function) comma(x *syntax.Comma) value {
	var list []syntax.Expr
	for _, e := range x.List[:len(x.List)-1] {
		list = append(list, f.effect(e))
	}
	before := then(x.At, list...)
	last := f.value(x.List[len(x.List)-1])
	if last.known {
		return known(after(x.At, before, last.x), last.typ)
	}
	return value{x: then(x.At, before, last.x)}
}

// stmtExpr keeps what the statements do.
func (f *function) stmtExpr(x *syntax.StmtExpr) value {
	f.open()
	list := f.list(x.Body.List)
	f.close()
	if len(list) == 0 {
		return nothing
	}
	list = append(list, &syntax.ExprStmt{At: x.At, X: number(x.At, 0)})
	return value{x: &syntax.StmtExpr{At: x.At, Body: &syntax.Block{At: x.Body.At, List: list, Rbrace: x.Body.Rbrace}}}
}
