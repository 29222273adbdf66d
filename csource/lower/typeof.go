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
	*b.f = f
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
	}
	return nothing, otherType
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

// resolve finds what a type means inside of a function, typeof an expression included.
func (b *body) resolve(t syntax.Type) *typ {
	if of, ok := t.(*syntax.TypeofType); ok && of.X != nil {
		x := b.typeOf(of.X)
		if x.bitField {
			b.errorf(t.Pos(), "typeof a bit-field is no type")
		}
		return x
	}
	return b.Unit.resolve(t)
}

// sizeOf is what sizeof gives, when it is known.
func (t *typ) sizeOf() (int64, bool) {
	switch t.kind {
	case tInt:
		return int64(t.bits+7) / 8, !t.bitField
	case tPointer:
		return 8, true
	case tArray:
		n, ok := t.elem.sizeOf()
		return n * t.n, ok && t.n >= 0
	}
	return 0, false
}

// size compiles sizeof: the size of an integer or a pointer.
func (b *body) size(pos model.Pos, t *typ, align bool) (operand, *typ) {
	n, ok := t.sizeOf()
	if !ok || align {
		b.errorf(pos, "the size of %s is not known here: only integers and pointers have one", t)
	}
	return constant(intValue(n)), ulongType
}

// consts says what constant expressions are made of.
func (u *Unit) consts() *syntax.Consts {
	return &syntax.Consts{
		Name: func(name string) (int64, bool) {
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
		Size: func(t syntax.Type, _ syntax.Expr) (int64, bool) {
			if t == nil {
				return 0, false
			}
			return u.resolve(t).sizeOf()
		},
	}
}

// constantExpr evaluates a constant expression, with its type.
func (u *Unit) constantExpr(e syntax.Expr) (int64, *typ, bool) {
	v, t, ok := u.consts().Eval(e)
	return v, integerOf(t), ok
}
