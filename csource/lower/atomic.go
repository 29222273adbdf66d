package lower

import (
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// atomicTypes are the types of <stdatomic.h> that are called otherwise than atomic_ and the name of
// what they hold.
var atomicTypes = map[string]*typ{
	"char": charType, "schar": scharType, "uchar": ucharType, "short": shortType, "int": intType, "long": longType,
	"llong": longType, "ullong": ulongType, "char16_t": ushortType, "char32_t": uintType,
	"int_least8_t": scharType, "uint_least8_t": ucharType, "int_least16_t": shortType, "uint_least16_t": ushortType,
	"int_least32_t": intType, "uint_least32_t": uintType, "int_least64_t": longType, "uint_least64_t": ulongType,
	"int_fast8_t": scharType, "uint_fast8_t": ucharType, "int_fast16_t": longType, "uint_fast16_t": ulongType,
	"int_fast32_t": longType, "uint_fast32_t": ulongType, "int_fast64_t": longType, "uint_fast64_t": ulongType,
}

// atomicType is a type of <stdatomic.h>: atomic_int.
func atomicType(name string) (*typ, bool) {
	of, ok := strings.CutPrefix(name, "atomic_")
	t := atomicTypes[of]
	if t == nil {
		t = builtinTypes[of]
	}
	if !ok || t == nil || t.kind != tInt || t.atomic {
		return nil, false
	}
	return atomicOf(t), true
}

func atomicOf(t *typ) *typ {
	a := *t
	a.atomic = true
	return &a
}

// atomic is _Atomic t.
func (u *Unit) atomic(at *syntax.Atomic, t *typ) *typ {
	switch t.kind {
	case tInt, tPointer:
		return atomicOf(t)
	case tOther:
		return t
	}
	u.errorf(at.Pos(), "%s cannot be _Atomic here: only integers and pointers can", t)
	return otherType
}

// updatePlace compiles an operator that changes an _Atomic variable: one step. It gives what was
// there, or with after what is there then.
func (b *body) updatePlace(e syntax.Expr, p place, op string, y operand, ty *typ, after bool) (operand, *typ) {
	at := p.base
	if p.kind == fieldPlace {
		at = inSlot(b.temp(pointerTo(p.typ)))
		b.emit(instr{op: iField, pos: e.Pos(), text: textOf(e), dst: at.slot, a: p.base, strukt: p.strukt, field: p.field})
	}
	in := p.typ.promoted()
	switch {
	case ty.kind != tInt && ty.kind != tOther:
		b.errorf(e.Pos(), "operator %s cannot be modelled with %s", op, ty)
	case op != "<<" && op != ">>":
		in = p.typ.common(ty)
		y = b.convert(e, y, ty, in)
	}
	return b.change(e, at, update{op: op, in: in, after: after}, y, operand{slot: -1}, p.typ), p.typ
}

// change emits an update of what at points to, a variable of type t. It computes in that type where
// how does not say in which.
func (b *body) change(e syntax.Expr, at operand, how update, y, expected operand, t *typ) operand {
	if how.in == nil {
		how.in = t
	}
	dst := inSlot(b.temp(t))
	b.emit(instr{
		op: iUpdate, pos: e.Pos(), text: textOf(e), dst: dst.slot, a: at, b: y, args: []operand{expected},
		update: how, typ: t,
	})
	return dst
}

// atomicArgs are the arguments of a call of an atomic function.
type atomicArgs struct {
	typ           *typ    // of the variable
	at            operand // where it is
	value         operand
	expected      operand
	expectedAt    operand
	resultAt      operand
	hasExpectedAt bool
	hasResultAt   bool
	weak          bool
}

// atomicCall compiles a call of an atomic function.
func (b *body) atomicCall(e *syntax.Call, p *vocabulary.Function, a *vocabulary.Atomic) (operand, *typ) {
	none := constant(value{})
	if !b.arity(e, p.Name, len(a.Args)) {
		return constant(intValue(0)), otherType
	}
	args, ok := b.atomicArgs(e, p, a)
	if !ok {
		return constant(intValue(0)), otherType
	}
	there := place{kind: pointedPlace, base: args.at, typ: args.typ}
	result, t := none, args.typ
	switch a.Do {
	case vocabulary.Fence:
		return none, voidType
	case vocabulary.AtomicInit:
		b.emit(instr{
			op: iStorePtr, pos: e.Pos(), text: textOf(e), dst: -1, a: args.at, b: args.value,
			typ: args.typ, plain: true,
		})
		return none, voidType
	case vocabulary.AtomicStore:
		if args.typ.atomic {
			b.store(e, there, args.value)
		} else { // no plain access, which could race
			b.change(e, args.at, update{op: "="}, args.value, none, args.typ)
		}
		return none, voidType
	case vocabulary.AtomicLoad:
		if args.typ.atomic {
			result = b.load(e, there)
		} else {
			result = b.change(e, args.at, update{op: "same"}, constant(intValue(0)), none, args.typ)
		}
	case vocabulary.Exchange:
		result = b.change(e, args.at, update{op: "="}, args.value, none, args.typ)
	case vocabulary.Fetch:
		result = b.change(e, args.at, update{op: a.Op, after: a.Gives != vocabulary.Before}, args.value, none, args.typ)
	case vocabulary.CompareExchange:
		return b.compareExchange(e, a, args)
	}
	switch {
	case args.hasResultAt:
		b.store(e, place{kind: pointedPlace, base: args.resultAt, typ: args.typ}, result)
		return none, voidType
	case a.Gives == vocabulary.Nothing:
		return none, voidType
	case a.Gives == vocabulary.IsZero:
		dst := b.temp(intType)
		b.emit(instr{
			op: iBinary, pos: e.Pos(), text: textOf(e), dst: dst, operator: "==", a: result,
			b: constant(intValue(0)), typ: args.typ,
		})
		return inSlot(dst), intType
	}
	return result, t
}

// atomicArgs compiles the arguments, left to right, and reports whether they are what the function
// works on.
func (b *body) atomicArgs(e *syntax.Call, p *vocabulary.Function, a *vocabulary.Atomic) (args atomicArgs, ok bool) {
	args.value, args.weak = constant(intValue(a.By)), a.Weakly
	for i, x := range e.Args {
		kind := a.Args[i]
		if kind == vocabulary.Order && !b.hasEffect(x) {
			continue
		}
		if kind == vocabulary.WeakFlag {
			n, _, known := b.constantExpr(x)
			if !known {
				b.errorf(x.Pos(), "%s needs a constant here: whether it is weak", p.Name)
				return args, false
			}
			args.weak = n != 0
			continue
		}
		v, t := b.expr(x)
		later := false
		for _, y := range e.Args[i+1:] {
			later = later || b.hasEffect(y)
		}
		v = b.settled(v, later)
		if kind == vocabulary.Target {
			if t.kind != tPointer || t.elem.kind != tInt && t.elem.kind != tPointer {
				b.errorf(x.Pos(), "argument %d of %s is the address of an integer or a pointer, and %s is %s", i+1, p.Name,
					syntax.FormatShort(x), t)
				return args, false
			}
			if a.Do == vocabulary.Fetch && t.elem.kind == tPointer {
				b.errorf(x.Pos(), "%s cannot be modelled on a pointer", p.Name)
				return args, false
			}
			args.at, args.typ = v, t.elem
			continue
		}
		if !b.atomicArg(&args, x, kind, i, p, v, t) {
			return args, false
		}
	}
	return args, true
}

// atomicArg takes an argument that is a value of the variable's type, or the address of one.
func (b *body) atomicArg(args *atomicArgs, x syntax.Expr, kind vocabulary.AtomicArg, i int, p *vocabulary.Function,
	v operand, t *typ,
) bool {
	who := func(t *typ) bool {
		before := len(b.diags)
		b.mustAssign(x, args.typ, t, "argument %d of %s is", i+1, p.Name)
		return len(b.diags) == before
	}
	switch kind {
	case vocabulary.Order:
		return true
	case vocabulary.Value:
		args.value = b.convert(x, v, t, args.typ)
		return who(t)
	case vocabulary.Expected:
		args.expected = b.convert(x, v, t, args.typ)
		return who(t)
	}
	if t.kind != tPointer || t.elem.kind != args.typ.kind {
		b.errorf(x.Pos(), "argument %d of %s is a pointer to %s, and %s is %s", i+1, p.Name, args.typ,
			syntax.FormatShort(x), t)
		return false
	}
	switch kind {
	case vocabulary.ValueAt:
		args.value = b.convert(x, b.load(x, place{kind: pointedPlace, base: v, typ: t.elem}), t.elem, args.typ)
	case vocabulary.ExpectedAt:
		args.expectedAt, args.hasExpectedAt = v, true
	case vocabulary.ResultAt:
		args.resultAt, args.hasResultAt = v, true
	}
	return true
}

// compareExchange compiles a compare-and-exchange: it reads what is expected, changes the variable
// in one step, and on failure leaves what was there where the expected value was. A weak one may
// fail although it finds what it expects: nobody knows whether it only looks.
func (b *body) compareExchange(e *syntax.Call, a *vocabulary.Atomic, args atomicArgs) (operand, *typ) {
	expected := args.expected
	found := b.temp(args.typ)
	succeeded := b.temp(intType)
	where := place{kind: pointedPlace, base: args.expectedAt, typ: args.typ}
	if args.hasExpectedAt {
		expected = b.load(e, where)
	}
	again := -1
	if args.weak {
		b.emit(instr{op: iCopy, pos: e.Pos(), text: textOf(e), dst: succeeded, a: constant(intValue(0))})
		free := b.temp(intType)
		b.emit(instr{op: iPrim, pos: e.Pos(), text: textOf(e), dst: free, prim: vocabulary.Lookup("nondet")})
		try := b.emit(instr{op: iBranch, pos: e.Pos(), text: textOf(e), dst: -1, a: inSlot(free)})
		x := b.change(e, args.at, update{op: "same"}, constant(intValue(0)), constant(value{}), args.typ)
		b.emit(instr{op: iCopy, pos: e.Pos(), text: textOf(e), dst: found, a: x})
		again = b.emit(instr{op: iJump, pos: e.Pos(), text: textOf(e), dst: -1})
		b.f.code[try].otherwise, b.f.code[try].then = try+1, len(b.f.code)
	}
	x := b.change(e, args.at, update{op: "=", ifEqual: true}, args.value, expected, args.typ)
	b.emit(instr{op: iCopy, pos: e.Pos(), text: textOf(e), dst: found, a: x})
	b.emit(instr{
		op: iBinary, pos: e.Pos(), text: textOf(e), dst: succeeded, operator: "==", a: inSlot(found),
		b: expected, typ: args.typ,
	})
	if again >= 0 {
		b.f.code[again].then = len(b.f.code)
	}
	if args.hasExpectedAt {
		test := b.emit(instr{op: iBranch, pos: e.Pos(), text: textOf(e), dst: -1, a: inSlot(succeeded)})
		b.f.code[test].otherwise = test + 1
		b.store(e, where, inSlot(found))
		b.f.code[test].then = len(b.f.code)
	}
	if a.Gives == vocabulary.Before {
		return inSlot(found), args.typ
	}
	return inSlot(succeeded), intType
}
