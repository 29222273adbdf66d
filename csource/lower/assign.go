package lower

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
)

// place is where a value can be stored: a slot, a field of an object, or what a pointer points to.
type place struct {
	kind   placeKind
	slot   int
	base   operand
	strukt *structDef
	field  int
	typ    *typ
}

type placeKind uint8

const (
	noPlace placeKind = iota
	slotPlace
	fieldPlace
	pointedPlace
	errnoPlace
	functionPlace // what a pointer to a function points to: as a value it is that pointer again
)

// place compiles the left side of an assignment, or the operand of &.
func (b *body) place(e syntax.Expr) place {
	switch e := e.(type) {
	case *syntax.Ident:
		if h := b.homeNamed(e.Name); h >= 0 {
			return place{kind: pointedPlace, base: b.addressOfHome(e, h), typ: b.f.homes[h].typ}
		}
		if b.isErrno(e.Name) {
			return place{kind: errnoPlace, typ: intType}
		}
		s, i := b.variable(e.Name)
		if s >= 0 {
			return place{kind: slotPlace, slot: s, typ: b.f.slots[s].typ}
		}
		if i >= 0 {
			return place{kind: fieldPlace, base: b.homeOf(e.Pos(), i), field: i, typ: b.globals[i].typ}
		}
		if b.functions[e.Name] != nil {
			b.errorf(e.Pos(), "%s is not a variable", e.Name)
			break
		}
		b.ident(e)
	case *syntax.Member:
		base, s, i := b.memberOf(e)
		if i >= 0 {
			return place{kind: fieldPlace, base: base, strukt: s, field: i, typ: s.fields[i].typ}
		}
	case *syntax.Unary:
		if e.Op == "*" {
			x, t := b.expr(e.X)
			if t.isFunctionPointer() {
				return place{kind: functionPlace, base: x, typ: t}
			}
			if t.kind == tPointer {
				return place{kind: pointedPlace, base: x, typ: t.elem}
			}
			if t.kind != tOther {
				b.errorf(e.Pos(), "* needs a pointer, and %s is %s", syntax.FormatShort(e.X), t)
			}
		}
	case *syntax.Index:
		x, t := b.element(e)
		return place{kind: pointedPlace, base: x, typ: t.elem}
	case *syntax.CompoundLit:
		x, t := b.object(e)
		return place{kind: pointedPlace, base: x, typ: t}
	default:
		b.errorf(e.Pos(), "%s is not a variable", syntax.FormatShort(e))
	}
	return place{typ: otherType}
}

func (b *body) load(e syntax.Expr, p place) operand {
	switch p.kind {
	case slotPlace:
		return inSlot(p.slot)
	case fieldPlace:
		x, _ := b.loadField(e, p.base, p.strukt, p.field, p.typ)
		return x
	case functionPlace:
		return p.base
	case errnoPlace:
		return b.readErrno(e)
	case pointedPlace:
		if p.typ.isObject() {
			return p.base
		}
		dst := b.temp(p.typ)
		b.emit(instr{op: iLoadPtr, pos: e.Pos(), text: textOf(e), dst: dst, a: p.base, typ: p.typ})
		return inSlot(dst)
	}
	return constant(intValue(0))
}

func (b *body) store(e syntax.Expr, p place, x operand) {
	switch p.kind {
	case slotPlace:
		b.emit(instr{op: iCopy, pos: e.Pos(), text: textOf(e), dst: p.slot, a: x})
	case fieldPlace:
		b.emit(instr{op: iStore, pos: e.Pos(), text: textOf(e), dst: -1, a: p.base, b: x, strukt: p.strukt, field: p.field})
	case functionPlace:
		b.errorf(e.Pos(), "a function cannot be assigned")
	case errnoPlace:
		b.setErrno(e, x)
	case pointedPlace:
		b.emit(instr{op: iStorePtr, pos: e.Pos(), text: textOf(e), dst: -1, a: p.base, b: x, typ: p.typ})
	}
}

// step compiles ++ and --: on shared state a read and a write, two steps, as the machine does it.
func (b *body) step(e, target syntax.Expr, op string, prefix bool) (operand, *typ) {
	p := b.place(target)
	if p.typ.kind != tInt && p.typ.kind != tOther && p.typ.kind != tPointer {
		b.errorf(e.Pos(), "%s needs an integer, and %s is %s", op, syntax.FormatShort(target), p.typ)
	}
	if p.typ.atomic && p.kind != slotPlace {
		if p.typ.kind == tPointer {
			b.errorf(e.Pos(), "%s cannot be modelled on %s", op, p.typ)
		}
		return b.updatePlace(e, p, op[:1], constant(intValue(1)), intType, prefix)
	}
	old := b.load(target, p)
	if !prefix && p.kind == slotPlace {
		kept := b.temp(p.typ)
		b.emit(instr{op: iCopy, pos: e.Pos(), dst: kept, a: old})
		old = inSlot(kept)
	}
	if p.typ.kind == tPointer {
		x := b.shift(e, op[:1], old, constant(intValue(1)), p.typ)
		b.store(e, p, x)
		if prefix {
			return x, p.typ
		}
		return old, p.typ
	}
	x, t := b.operation(e, op[:1], old, constant(intValue(1)), p.typ, intType)
	x = b.convert(e, x, t, p.typ)
	b.store(e, p, x)
	if prefix {
		return x, p.typ
	}
	return old, p.typ
}

func (b *body) assign(e *syntax.Assign) (operand, *typ) {
	p := b.place(e.X)
	if p.kind != noPlace && p.kind != slotPlace {
		p.base = b.settled(p.base, b.hasEffect(e.Y))
	}
	if e.Op == "=" && p.typ.kind == tStruct && p.kind != slotPlace {
		return b.assignObject(e, p)
	}
	if e.Op == "=" {
		x, t := b.expr(e.Y)
		if p.kind != noPlace {
			b.mustAssign(e.Y, p.typ, t, "%s is", syntax.FormatShort(e.X))
			b.refuseObject(e, p.typ)
			x = b.convert(e.Y, x, t, p.typ)
			b.store(e, p, x)
		}
		return x, p.typ
	}
	op := strings.TrimSuffix(e.Op, "=")
	if p.typ.atomic && p.kind != slotPlace {
		if !slices.Contains(binaryOperators, op) || p.typ.kind == tPointer {
			b.errorf(e.OpPos, "operator %s cannot be modelled on %s", e.Op, p.typ)
		}
		y, ty := b.expr(e.Y)
		return b.updatePlace(e, p, op, y, ty, true)
	}
	old := operand{}
	if e.Old != nil {
		old, _ = b.expr(e.Old)
	} else {
		old = b.settled(b.load(e.X, p), b.hasEffect(e.Y))
	}
	y, ty := b.expr(e.Y)
	if p.typ.kind == tPointer && ty.kind == tInt && (op == "+" || op == "-") {
		x := b.moves(e, op, old, y, ty, p.typ)
		b.store(e, p, x)
		return x, p.typ
	}
	switch {
	case !slices.Contains(binaryOperators, op) || p.typ.kind != tInt && p.typ.kind != tOther:
		b.errorf(e.OpPos, "operator %s cannot be modelled on %s", e.Op, p.typ)
	case ty.kind != tInt && ty.kind != tOther:
		b.errorf(e.OpPos, "operator %s cannot be modelled with %s", e.Op, ty)
	}
	at := len(b.f.code)
	x, t := b.operation(e, op, old, y, p.typ, ty)
	b.alike(at, e.X, e.Y)
	x = b.convert(e, x, t, p.typ)
	b.store(e, p, x)
	return x, p.typ
}

func (b *body) refuseObject(e *syntax.Assign, t *typ) {
	if t.isObject() {
		b.errorf(e.Pos(), "a %s cannot be copied", t)
	}
}

// mustAssign reports a value of the wrong type; who says what it is given to.
func (b *body) mustAssign(at syntax.Expr, to, from *typ, who string, args ...any) {
	if to.kind == tOther && len(b.diags) == 0 && !b.dry {
		b.errorf(at.Pos(), "%s of a type that cannot be modelled", fmt.Sprintf(who, args...))
	}
	if from.kind == tVoid && to.kind != tVoid {
		b.errorf(at.Pos(), "%s returns nothing", syntax.FormatShort(at))
		return
	}
	if to.isBool() && from.kind == tPointer { // whether it is NULL
		return
	}
	if !assignable(to, from) && !(isZero(at) && to.kind == tPointer) {
		b.errorf(at.Pos(), "%s %s, and %s is %s", fmt.Sprintf(who, args...), to, syntax.FormatShort(at), from)
	}
}

// isZero reports whether an expression is the constant 0 or NULL, which is a pointer of any type.
func isZero(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.IntLit:
		return e.Value == 0
	case *syntax.Ident:
		return e.Name == "NULL" || e.Name == "nullptr"
	}
	return false
}
