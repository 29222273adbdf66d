package lower

import (
	"math"

	"github.com/lockproof/lockproof/csource/syntax"
)

// enum is the type of an enum, as GCC has it: unsigned int when no enumerator is negative, else
// int, and wider where that is needed. A definition enters its enumerators.
func (u *Unit) enum(t *syntax.EnumType) *typ {
	tag := t.Tag
	if t.HasBody {
		tag += " at " + t.Pos().String()
	}
	if known := u.enums[tag]; known != nil {
		return known
	}
	if !t.HasBody {
		u.errorf(t.Pos(), "enum %s is not defined", t.Tag)
		return otherType
	}
	if syntax.FindAttr(t.Attrs, "packed") != nil {
		u.hintf(t.Pos(), "leave the attribute out, or use an integer type", "a packed enum cannot be modelled")
	}
	least, most, next := int64(0), int64(0), int64(0)
	huge, largest := false, false // the number at hand, and some number, is above the largest long
	of := intType                 // the type of the number at hand
	beyond := false               // no number of that type comes after it
	for _, e := range t.Enumerators {
		switch {
		case e.Init == nil && beyond:
			u.errorf(e.Pos(), "%s is too large for an enumerator", e.Name)
		case e.Init != nil:
			v, is, ok := u.constantExpr(e.Init)
			if !ok {
				u.errorf(e.Pos(), "the value of %s is not a constant", e.Name)
			}
			next, huge, of = v, is.unsigned && v < 0, is
		case e.Known:
			next, huge = e.Value, false
		}
		u.constants[e.Name] = next
		if largest = largest || huge; !huge {
			least, most = min(least, next), max(most, next)
		}
		beyond = next == math.MaxInt64 && !of.unsigned || next == -1 && huge
		if next++; next == math.MinInt64 {
			huge = true
		}
	}
	r := longType
	switch {
	case largest && least < 0:
		u.errorf(t.Pos(), "no type holds all values of the enum")
	case largest:
		r = ulongType
	case least >= 0 && most <= math.MaxUint32:
		r = uintType
	case least >= 0:
		r = ulongType
	case least >= math.MinInt32 && most <= math.MaxInt32:
		r = intType
	}
	for _, e := range t.Enumerators {
		// Where the largest needs all bits of an unsigned long, what is below zero is such a one.
		if v := u.constants[e.Name]; intType.wrap(v) != v || largest && v < 0 {
			u.wide[e.Name] = r
		}
	}
	u.enums[tag] = r
	if t.Tag != "" {
		u.enums[t.Tag] = r
	}
	return r
}

// bitField is the type of a bit-field whose declaration says t.
func (u *Unit) bitField(d *fieldDef, t *typ) *typ {
	f := d.decl
	n, _, ok := u.constantExpr(f.Bits)
	d.unit, d.width = t, n
	switch {
	case t.kind != tInt:
		u.errorf(f.Pos(), "%s is a bit-field, and %s is no integer", f.Name, t)
	case !ok:
		u.errorf(f.Pos(), "the width of %s is not a constant", f.Name)
	case n < 0 || n > int64(t.bits) || n == 0 && f.Name != "":
		u.errorf(f.Pos(), "%s cannot have %d bits of %s", f.Name, n, t)
	case n > 32:
		u.hintf(f.Pos(), "compilers differ about its arithmetic",
			"%s has more than 32 bits, which cannot be modelled", f.Name)
	case n > 0:
		b := *t
		b.bits, b.bitField = uint8(n), true
		return &b
	}
	return otherType
}

// meaning refuses to use a value of a type that has no meaning here.
func (b *body) meaning(e syntax.Expr, t *typ) *typ {
	if t.kind == tOther {
		b.errorf(e.Pos(), "%s is of a type that cannot be modelled", syntax.FormatShort(e))
	}
	return t
}

// cast compiles a conversion that is written down.
func (b *body) cast(e *syntax.Cast) (operand, *typ) {
	x, from := b.expr(e.X)
	to := b.resolve(e.Type)
	if to.kind == tVoid {
		return constant(value{}), voidType
	}
	toPointer, fromPointer := to.kind == tPointer, from.kind == tPointer
	switch {
	case from.kind == tOther:
	case toPointer && fromPointer:
		if to.elem.kind == tInt && from.elem.kind == tInt && !to.elem.sameInteger(from.elem) && !to.elem.isByte() &&
			!from.elem.isByte() {
			b.errorf(e.Pos(), "a cast from %s to %s cannot be modelled: the bytes of integers are not known", from, to)
		}
	case toPointer && x.isNull(), to.kind == tInt && fromPointer && (to.isBool() || x.isNull()),
		to.kind == tInt && from.kind == tInt:
	case toPointer && to.elem.kind == tVoid && from.kind == tInt: // a number where an address could be
	case to.kind == tInt && fromPointer && from.elem.kind == tVoid:
		dst := b.temp(to)
		b.emit(instr{op: iConvert, pos: e.Pos(), text: textOf(e), dst: dst, a: x, typ: to})
		return inSlot(dst), to
	default:
		b.errorf(e.Pos(), "a cast from %s to %s cannot be modelled", from, to)
	}
	return b.convert(e, x, from, to), to
}

// is reports whether two types are the same, as far as values go.
func (t *typ) is(u *typ) bool {
	return t.kind == u.kind && (t.kind != tInt || t.bits == u.bits && t.unsigned == u.unsigned)
}
