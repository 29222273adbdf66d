package lower

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// memoryCall compiles the macros and functions that allocate, and those that set a pointer to NULL.
func (b *body) memoryCall(e *syntax.Call, p *vocabulary.Function) (operand, *typ) {
	null := constant(intValue(0))
	switch p.Effect {
	case vocabulary.Allocate:
		t := b.allocatedType(e, p)
		x := b.allocation(e, p, t)
		if p.Params[0] == vocabulary.TypeName {
			return x, pointerTo(t)
		}
		return x, anyType
	case vocabulary.AllocateInto:
		to := b.pointerPlace(e.Args[0], p)
		if to.kind == noPlace {
			return null, otherType
		}
		made := b.allocation(e, p, to.typ.elem)
		b.store(e.Args[0], to, made)
		none, result := b.temp(intType), b.temp(intType)
		b.emit(instr{op: iUnary, pos: e.Pos(), dst: none, operator: "!", a: made, typ: intType})
		b.emit(instr{op: iUnary, pos: e.Pos(), dst: result, operator: "-", a: inSlot(none), typ: intType})
		return inSlot(result), intType
	case vocabulary.FreeAndClear:
		old, t := b.taken(e.Args[0], p)
		if t.kind != tOther {
			b.emit(instr{op: iPrim, pos: e.Pos(), text: textOf(e), dst: -1, prim: vocabulary.Lookup("free"), args: []operand{old}})
		}
		return constant(value{}), voidType
	case vocabulary.Clear:
		b.clear(e, p)
		return constant(value{}), voidType
	case vocabulary.Steal:
		return b.taken(b.addressed(e, p), p)
	}
	to := b.pointerPlace(e.Args[0], p)
	old, t := b.taken(e.Args[1], p)
	if to.kind != noPlace && t.kind != tOther {
		b.mustAssign(e.Args[1], to.typ, t, "%s is", syntax.FormatShort(e.Args[0]))
		b.store(e, to, old)
	}
	return constant(value{}), voidType
}

// pointerPlace compiles an argument that names a pointer which the call assigns.
func (b *body) pointerPlace(e syntax.Expr, p *vocabulary.Function) place {
	to := b.place(e)
	if to.kind != noPlace && to.typ.kind != tPointer {
		b.errorf(e.Pos(), "%s needs a pointer variable, and %s is %s", p.Name, syntax.FormatShort(e), to.typ)
		to.kind = noPlace
	}
	return to
}

// addressed is the variable whose address is the first argument of a call.
func (b *body) addressed(e *syntax.Call, p *vocabulary.Function) syntax.Expr {
	if u, ok := e.Args[0].(*syntax.Unary); ok && u.Op == "&" {
		return u.X
	}
	return &syntax.Unary{At: syntax.At{Start: e.Args[0].Pos()}, Op: "*", X: e.Args[0]}
}

// taken reads a pointer, and sets it to NULL.
func (b *body) taken(e syntax.Expr, p *vocabulary.Function) (operand, *typ) {
	from := b.pointerPlace(e, p)
	if from.kind == noPlace {
		return constant(intValue(0)), otherType
	}
	old := b.temp(from.typ)
	b.emit(instr{op: iCopy, pos: e.Pos(), dst: old, a: b.load(e, from)})
	b.store(e, from, constant(intValue(0)))
	return inSlot(old), from.typ
}

// clear compiles g_clear_pointer(&p, f).
func (b *body) clear(e *syntax.Call, p *vocabulary.Function) {
	old, t := b.taken(b.addressed(e, p), p)
	id, ok := e.Args[1].(*syntax.Ident)
	if !ok || t.kind == tOther {
		b.errorf(e.Args[1].Pos(), "%s needs the name of a function, and this is %s", p.Name, syntax.FormatShort(e.Args[1]))
		return
	}
	test := b.emit(instr{op: iBranch, pos: e.Pos(), text: textOf(e), dst: -1, a: old})
	b.f.code[test].then = test + 1
	b.callNamed(e.Pos(), textOf(e), id, old, t)
	b.f.code[test].otherwise = len(b.f.code)
}

// callNamed calls a function of one argument, of the suite or of the vocabulary, for its effect.
func (b *body) callNamed(pos model.Pos, text func() string, id *syntax.Ident, x operand, t *typ) {
	fits := false
	if f := b.functions[id.Name]; f != nil {
		if fits = len(f.params) == 1 && assignable(f.params[0], t); fits {
			b.f.callees = append(b.f.callees, callSite{f, pos})
			b.called(instr{op: iCall, pos: pos, text: text, callee: f, args: []operand{x}}, f.result)
		}
	} else if p := vocabulary.Lookup(id.Name); p != nil && len(p.Params) == 1 && !p.Message() {
		switch p.Effect {
		case vocabulary.Free, vocabulary.Ref, vocabulary.Unref, vocabulary.Lock, vocabulary.Unlock, vocabulary.None:
			fits = true
			b.primArg(id, p, 0, x, t)
			b.emit(instr{op: iPrim, pos: pos, text: text, dst: -1, prim: p, args: []operand{x}})
		}
	}
	if !fits {
		b.errorf(id.Pos(), "%s is no function of the suite that takes %s", id.Name, t)
	}
}

// allocatedType is the type of which a call makes an object.
func (b *body) allocatedType(e *syntax.Call, p *vocabulary.Function) *typ {
	t := otherType
	for i, a := range e.Args {
		switch p.Params[i] {
		case vocabulary.One:
			if n, _, ok := b.constantExpr(a); !ok || n != 1 {
				b.errorf(a.Pos(), "%s makes one object here: an array cannot be modelled", p.Name)
				return otherType
			}
		case vocabulary.TypeName:
			t = b.namedType(a)
		case vocabulary.Size:
			switch a := a.(type) {
			case *syntax.SizeofType:
				t = b.resolve(a.Type)
			case *syntax.SizeofExpr:
				t = b.typeOf(a.X)
			default:
				b.errorf(a.Pos(), "%s takes sizeof(type), and this is %s", p.Name, syntax.FormatShort(a))
				return otherType
			}
		}
	}
	return t
}

// namedType is a type that stands as an argument.
func (b *body) namedType(e syntax.Expr) *typ {
	switch e := e.(type) {
	case *syntax.TypeExpr:
		return b.resolve(e.Type)
	case *syntax.Ident:
		if b.typedefs[e.Name] != nil || builtinTypes[e.Name] != nil {
			return b.resolve(&syntax.TypeName{At: syntax.At{Start: e.Pos()}, Name: e.Name})
		}
	}
	b.errorf(e.Pos(), "%s is not a type", syntax.FormatShort(e))
	return otherType
}

// allocation makes an object. What is no struct becomes the only field of one.
func (b *body) allocation(e *syntax.Call, p *vocabulary.Function, t *typ) operand {
	i := instr{op: iAllocate, pos: e.Pos(), text: textOf(e), prim: p, field: -1, strukt: t.strukt}
	switch {
	case t.kind == tOther, t.kind == tVoid:
		b.errorf(e.Pos(), "%s makes no object here: of what type it is cannot be told", p.Name)
		return constant(intValue(0))
	case t.kind == tArray:
		b.errorf(e.Pos(), "%s makes one object here: an array cannot be modelled", p.Name)
		return constant(intValue(0))
	case t.kind != tStruct:
		i.field = 0
		i.strukt = &structDef{
			tag: t.String(), pos: e.Pos(), fields: []*fieldDef{{name: "value", pos: e.Pos(), typ: t}}, defined: true,
			index: map[string]int{"value": 0}, refcount: -1, listed: -1, mutex: -1,
		}
	case !t.strukt.defined:
		b.errorf(e.Pos(), "struct %s is declared, but its fields are not known", t.strukt.tag)
		return constant(intValue(0))
	}
	i.dst = b.temp(pointerTo(t))
	b.emit(i)
	return inSlot(i.dst)
}
