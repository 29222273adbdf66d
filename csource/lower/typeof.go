package lower

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// typeOf is the type of an expression that is not evaluated. It compiles the expression and throws
// the code away. What has no type here is [otherType], and is no error yet.
func (b *body) typeOf(e syntax.Expr) *typ {
	if t := b.types[e]; t != nil {
		return t
	}
	f, diags, taken := *b.f, b.diags, b.f.taken
	temps, spare, dry := slices.Clone(b.temps), slices.Clone(b.spare), b.dry
	b.f.taken = map[int]bool{}
	b.f.slots = slices.Clone(b.f.slots)
	b.diags, b.dry = nil, true
	_, t := b.object(e)
	if len(b.diags) > 0 {
		t = otherType
	}
	*b.f = f // its slots and homes as they were
	b.f.taken = taken
	b.diags, b.temps, b.spare, b.dry = diags, temps, spare, dry
	if b.types == nil {
		b.types = map[syntax.Expr]*typ{}
	}
	b.types[e] = t
	return t
}

// split is the type of an expression that the flow graph takes apart, so that no code comes from it
// as a whole.
func (b *body) split(e syntax.Expr) (operand, *typ) {
	nothing := constant(value{})
	switch e := e.(type) {
	case *syntax.Cond:
		return nothing, b.typeOfCond(e)
	case *syntax.Binary:
		return nothing, intType
	case *syntax.StmtExpr:
		return nothing, b.typeOfBlock(e)
	}
	return nothing, otherType
}

// typeOfBlock is the type of GNU's ({ ... }): that of its last statement, with the variables of the
// block.
func (b *body) typeOfBlock(e *syntax.StmtExpr) *typ {
	outer := b.env
	defer func() { b.env = outer }()
	for i, s := range e.Body.List {
		switch s := s.(type) {
		case *syntax.DeclStmt:
			for _, d := range s.Decls {
				v, ok := d.(*syntax.VarDecl)
				if !ok {
					continue
				}
				t := b.typeOfVariable(v)
				inner, locals := b.env.With([]*syntax.VarDecl{v})
				if b.env = inner; t.isObject() {
					b.homes[locals[0]] = len(b.f.homes)
					b.f.homes = append(b.f.homes, home{name: v.Name, typ: t})
				} else {
					b.slots[locals[0]] = len(b.f.slots)
					b.f.slots = append(b.f.slots, slot{v.Name, t})
				}
			}
		case *syntax.ExprStmt:
			if i == len(e.Body.List)-1 {
				_, t := b.expr(s.X)
				return t
			}
		}
	}
	return voidType
}

// typeOfVariable is the type of a local variable: __auto_type has that of its first value.
func (b *body) typeOfVariable(d *syntax.VarDecl) *typ {
	if basic, ok := d.Type.(*syntax.Basic); ok && basic.Name == "__auto_type" && d.Init != nil {
		t := b.typeOf(d.Init).decayed()
		if t.bitField {
			b.errorf(d.Pos(), "__auto_type of a bit-field is no type")
		}
		plain := *t
		plain.atomic = false
		return &plain
	}
	return b.resolve(d.Type)
}

// typeOfCond is the type that both arms of a conditional have in common. NULL in one arm has the
// type of the other.
func (b *body) typeOfCond(e *syntax.Cond) *typ {
	then := e.Then
	if then == nil {
		then = e.X
	}
	x, y := b.typeOf(then).decayed(), b.typeOf(e.Else).decayed()
	switch {
	case x.kind == tInt && y.kind == tInt:
		return x.common(y)
	case x.kind == tPointer && (y.kind == tInt || y.kind == tPointer && y.elem.kind == tVoid):
		return x
	case y.kind == tPointer && (x.kind == tInt || x.kind == tPointer && x.elem.kind == tVoid):
		return y
	}
	return x
}

// size compiles sizeof and _Alignof.
func (b *body) size(pos model.Pos, t *typ, align bool) (operand, *typ) {
	n, to, ok := b.extentOf(t)
	if align {
		n = to
	}
	if !ok {
		b.errorf(pos, "the size of %s is not known here", t)
	}
	return constant(intValue(n)), ulongType
}

// consts says what constant expressions are made of.
func (u *Unit) consts() *syntax.Consts {
	return &syntax.Consts{
		Name: func(name string) (int64, bool) {
			if u.isNamed(name) {
				return 0, false
			}
			v, ok := u.constant(name)
			switch {
			case ok:
			case name == "true" || name == "TRUE":
				v, ok = 1, true
			case name == "false" || name == "FALSE":
				ok = true
			}
			return v, ok
		},
		Type: func(t syntax.Type) (syntax.IntType, bool) {
			r := u.resolve(t)
			return syntax.IntType{Bits: r.bits, Unsigned: r.unsigned}, r.kind == tInt
		},
		Size: func(t syntax.Type, x syntax.Expr, align bool) (int64, bool) {
			var of *typ
			if t == nil {
				of = u.typeOfOperand(x)
			} else {
				of = u.resolve(t)
			}
			size, to, ok := u.extentOf(of)
			if align {
				return to, ok
			}
			return size, ok
		},
		Call: u.constantCall,
		NameType: func(name string) (syntax.IntType, bool) {
			t := u.wide[name]
			if t == nil {
				return syntax.Int, false
			}
			return syntax.IntType{Bits: t.bits, Unsigned: t.unsigned}, true
		},
	}
}

// isNamed reports whether a name is that of a variable, so that it is no constant.
func (u *Unit) isNamed(name string) bool {
	return u.inside != nil && u.inside.env.Find(name) != nil || u.globalIndex(name) >= 0
}

// knownLength evaluates the length of an array in a function: const variables with a constant value
// are part of it.
func (u *Unit) knownLength(e syntax.Expr) (int64, bool) {
	c := u.consts()
	plain := c.Name
	c.Name = func(name string) (int64, bool) {
		var d *syntax.VarDecl
		if l := u.inside.env.Find(name); l != nil {
			d = l.Decl
		} else if i := u.globalIndex(name); i >= 0 {
			d = u.globals[i].decl
		}
		if d == nil || d.Init == nil || !d.Storage.Has(syntax.Const) || d.Storage.Has(syntax.ThreadLocal) {
			return plain(name)
		}
		t := u.resolve(d.Type)
		n, ok := u.length(d.Init)
		return t.of(intValue(n)).n, ok && t.kind == tInt
	}
	n, _, ok := c.Eval(e)
	return n, ok
}

// typeOfOperand is the type of the operand of sizeof: a string is an array there.
func (u *Unit) typeOfOperand(x syntax.Expr) *typ {
	if s, ok := x.(*syntax.StringLit); ok && len(s.Macros) == 0 {
		return arrayOf(charType, int64(len(s.Value))+1)
	}
	return u.typeOfExpr(x)
}

// typeOfExpr is the type of an expression that is not evaluated: of one in the function that is
// being compiled, or at file scope.
func (u *Unit) typeOfExpr(x syntax.Expr) *typ {
	if u.inside != nil {
		return u.inside.typeOf(x)
	}
	return u.typeAtFileScope(x)
}

// typeAtFileScope is the type of what an expression names at file scope.
func (u *Unit) typeAtFileScope(x syntax.Expr) *typ {
	if _, t, ok := u.constantExpr(x); ok {
		return t
	}
	switch x := x.(type) {
	case *syntax.Ident:
		if i := u.globalIndex(x.Name); i >= 0 {
			g := u.globals[i]
			switch {
			case g.typ != nil:
				return g.typ
			case g.asked: // its type is made of its type
				return otherType
			}
			g.asked = true
			defer func() { g.asked = false }()
			return u.sized(g.pos, g.name, u.resolve(g.decl.Type), g.decl.Init)
		}
	case *syntax.Cast:
		return u.resolve(x.Type)
	case *syntax.CompoundLit:
		return u.sized(x.Pos(), "this", u.resolve(x.Type), x.Init)
	case *syntax.StringLit:
		return arrayOf(charType, int64(len(x.Value))+1)
	case *syntax.Member:
		t := u.typeOfExpr(x.X)
		if t.elem != nil && x.Arrow {
			t = t.elem
		}
		if t.kind == tStruct {
			if path := t.strukt.find(x.Name); path != nil {
				for _, i := range path {
					u.fieldTypes(t.strukt)
					t = t.part(int64(i))
				}
				return t
			}
		}
	case *syntax.Index:
		if t := u.typeOfExpr(x.X); t.elem != nil {
			return t.elem
		}
	case *syntax.Unary:
		switch t := u.typeOfExpr(x.X); {
		case x.Op == "&":
			return pointerTo(t)
		case x.Op == "*" && t.elem != nil:
			return t.elem
		}
	}
	return otherType
}

// constantExpr evaluates a constant expression, with its type.
func (u *Unit) constantExpr(e syntax.Expr) (int64, *typ, bool) {
	v, t, ok := u.consts().Eval(e)
	return v, integerOf(t), ok
}
