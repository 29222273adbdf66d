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
		t, count := b.allocated(e, p)
		x := b.allocation(e, p, t, count)
		if p.Params[0] == vocabulary.TypeName {
			return x, pointerTo(t)
		}
		return x, anyType
	case vocabulary.AllocateInto:
		to := b.pointerPlace(e.Args[0], p)
		if to.kind == noPlace {
			return null, otherType
		}
		_, count := b.allocated(e, p)
		made := b.allocation(e, p, to.typ.elem, count)
		b.store(e.Args[0], to, made)
		none, result := b.temp(intType), b.temp(intType)
		b.emit(instr{op: iUnary, pos: e.Pos(), dst: none, operator: "!", a: made, typ: intType})
		b.emit(instr{op: iUnary, pos: e.Pos(), dst: result, operator: "-", a: inSlot(none), typ: intType})
		return inSlot(result), intType
	case vocabulary.FreeAndClear:
		old, t := b.taken(e.Args[0], p)
		if t.kind != tOther {
			b.emit(instr{
				op: iPrim, pos: e.Pos(), text: textOf(e), dst: -1, prim: vocabulary.Lookup("free"),
				args: []operand{old},
			})
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
			b.called(id, instr{op: iCall, pos: pos, text: text, callee: f, args: []operand{x}}, f.params, f.result)
		}
	} else if p := vocabulary.Lookup(id.Name); p != nil && len(p.Params) == 1 && !p.Message() {
		switch p.Effect {
		case vocabulary.Free, vocabulary.Ref, vocabulary.Unref, vocabulary.Lock, vocabulary.Unlock, vocabulary.None,
			vocabulary.Destroy:
			fits = true
			b.primArg(id, p, 0, x, t)
			b.emit(instr{op: iPrim, pos: pos, text: text, dst: -1, prim: p, args: []operand{x}})
		}
	}
	if !fits {
		b.errorf(id.Pos(), "%s is no function of the suite that takes %s", id.Name, t)
	}
}

// allocated is the type of which a call makes objects, and how many.
func (b *body) allocated(e *syntax.Call, p *vocabulary.Function) (*typ, operand) {
	t, count := otherType, constant(intValue(1))
	for i, a := range e.Args {
		switch p.Params[i] {
		case vocabulary.Objects:
			count = b.times(a, count, a)
		case vocabulary.TypeName:
			t = b.namedType(a)
		case vocabulary.Size:
			of, by := b.objectsIn(a)
			if t = of; t == nil {
				b.errorf(a.Pos(), "%s takes sizeof(type), or a number times it, and this is %s", p.Name, syntax.FormatShort(a))
				return otherType, count
			}
			for _, x := range by {
				count = b.times(a, count, x)
			}
			if t.kind == tArray && t.n >= 0 {
				count = b.product(a, count, constant(intValue(t.n)), ulongType)
				t = t.elem
			}
		}
	}
	return t, count
}

// objectsIn takes a size apart: the type whose size it is, and the numbers by which that is
// multiplied.
func (b *body) objectsIn(e syntax.Expr) (*typ, []syntax.Expr) {
	switch e := e.(type) {
	case *syntax.SizeofType:
		if !e.Align {
			return b.resolve(e.Type), nil
		}
	case *syntax.SizeofExpr:
		if !e.Align {
			return b.typeOfOperand(e.X), nil
		}
	case *syntax.Binary:
		if e.Op != "*" {
			break
		}
		if t, by := b.objectsIn(e.X); t != nil {
			return t, append(by, e.Y)
		}
		if t, by := b.objectsIn(e.Y); t != nil {
			return t, append(by, e.X)
		}
	}
	return nil, nil
}

// times multiplies a number of objects by one more.
func (b *body) times(e syntax.Expr, count operand, by syntax.Expr) operand {
	x, t := b.expr(by)
	if t.kind != tInt && t.kind != tOther {
		b.errorf(by.Pos(), "a number of objects is an integer, and %s is %s", syntax.FormatShort(by), t)
	}
	return b.product(e, count, x, t)
}

func (b *body) product(e syntax.Expr, count, x operand, t *typ) operand {
	x = b.convert(e, x, t, ulongType)
	if count.slot < 0 && count.value == intValue(1) {
		return x
	}
	n, _ := b.operation(e, "*", count, x, ulongType, ulongType)
	return n
}

// namedType is a type that stands as an argument.
func (u *Unit) namedType(e syntax.Expr) *typ {
	switch e := e.(type) {
	case *syntax.TypeExpr:
		return u.resolve(e.Type)
	case *syntax.Ident:
		if u.typedefs[e.Name] != nil || builtinTypes[e.Name] != nil {
			return u.resolve(&syntax.TypeName{At: syntax.At{Start: e.Pos()}, Name: e.Name})
		}
	}
	u.errorf(e.Pos(), "%s is not a type", syntax.FormatShort(e))
	return otherType
}

// allocation makes objects of type t.
func (b *body) allocation(e *syntax.Call, p *vocabulary.Function, t *typ, count operand) operand {
	switch {
	case t.kind == tOther, t.kind == tVoid, t.kind == tArray && t.n < 0:
		b.errorf(e.Pos(), "%s makes no object here: of what type it is cannot be told", p.Name)
		return constant(intValue(0))
	case t.kind == tStruct && !t.strukt.defined:
		b.errorf(e.Pos(), "%s is declared, but its fields are not known", t.strukt)
		return constant(intValue(0))
	}
	dst := b.temp(pointerTo(t))
	b.emit(instr{op: iAllocate, pos: e.Pos(), text: textOf(e), prim: p, typ: t, dst: dst, args: []operand{count}})
	return inSlot(dst)
}

// holder makes the struct of what is allocated that is none: it has one field.
func holderOf(t *typ, pos model.Pos) *structDef {
	d := &fieldDef{name: "value", pos: pos, typ: t, decl: &syntax.Field{}}
	s := &structDef{
		tag: t.String(), pos: pos, fields: []*fieldDef{d}, members: []*fieldDef{d}, defined: true,
		index: map[string]int{"value": 0}, refcount: -1, counted: -1, listed: -1, mutex: -1,
	}
	if t.kind == tArray {
		d.name, s.tag = "", t.elem.String()
		if t.elem.kind == tStruct {
			s.tag = t.elem.strukt.tag
		}
	}
	return s
}
