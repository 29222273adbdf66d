package lower

import (
	"strconv"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// arrayOf is the type of an array of n elements; -1 where its declaration does not say how many.
func arrayOf(elem *typ, n int64) *typ { return &typ{kind: tArray, elem: elem, n: n} }

// isObject reports whether a variable of the type is an object with parts, or one for which threads
// wait: its operand is its address.
func (t *typ) isObject() bool { return t.isAggregate() || t.isWaitedFor() }

// isWaitedFor reports whether threads wait for what has the type: a lock, a condition, a semaphore.
func (t *typ) isWaitedFor() bool { return t.kind == tMutex || t.kind == tCond || t.isSync() }

// isSync reports whether a type is made of one variable that each operation changes in one step.
func (t *typ) isSync() bool {
	return t.kind == tOnce || t.kind == tSem || t.kind == tBarrier || t.kind == tRWLock
}

// isAggregate reports whether the type has parts.
func (t *typ) isAggregate() bool { return t.kind == tStruct || t.kind == tArray }

// isText reports whether a string can be the value of a variable of the type.
func (t *typ) isText() bool { return t.kind == tArray && t.elem.kind == tInt && t.elem.bits == 8 }

// parts is how many fields or elements an aggregate has; -1 of an array of any length.
func (t *typ) parts() int64 {
	if t.kind == tStruct {
		return int64(len(t.strukt.fields))
	}
	return t.n
}

// part is the type of a field or element.
func (t *typ) part(i int64) *typ {
	if t.kind == tStruct {
		return t.strukt.fields[i].typ
	}
	return t.elem
}

// array resolves an array type. Its length is a constant, or comes from the initialiser.
func (u *Unit) array(t *syntax.Array, depth int) *typ {
	elem := u.resolveDepth(t.Elem, depth+1)
	if t.Len == nil {
		return arrayOf(elem, -1)
	}
	n, ok := u.length(t.Len)
	if !ok && u.inside != nil {
		n, ok = u.knownLength(t.Len)
	}
	if !ok || n < 0 {
		u.errorf(t.Len.Pos(), "the length of an array is a constant, and %s is none", syntax.FormatShort(t.Len))
		return otherType
	}
	if n > maxCells {
		u.errorf(t.Len.Pos(), "an array of more than %d elements", maxCells)
		return otherType
	}
	return arrayOf(elem, n)
}

// length evaluates a constant expression.
func (u *Unit) length(e syntax.Expr) (int64, bool) {
	n, _, ok := u.constantExpr(e)
	return n, ok
}

// sized gives an array without a length that of its initialiser.
func (u *Unit) sized(pos model.Pos, name string, t *typ, init syntax.Expr) *typ {
	if t.kind != tArray || t.n >= 0 {
		return t
	}
	if init == nil {
		u.errorf(pos, "%s has no length", name)
		return otherType
	}
	in := u.newInitList(nil)
	in.value(t, init, nil)
	return arrayOf(t.elem, in.longest)
}

// decay turns an array into a pointer to its first element, as C does wherever the array itself is
// not meant. Other values stay as they are.
func (b *body) decay(e syntax.Expr, x operand, t *typ) (operand, *typ) {
	if t.kind != tArray {
		return x, t
	}
	to := pointerTo(t.elem)
	dst := b.temp(to)
	b.emit(instr{op: iFirst, pos: e.Pos(), text: textOf(e), dst: dst, a: x})
	return inSlot(dst), to
}

// decayed is the type of a value: of an array, that of the pointer to its first element.
func (t *typ) decayed() *typ {
	if t.kind == tArray {
		return pointerTo(t.elem)
	}
	return t
}

// element is a pointer to X[I], which is *(X + I).
func (b *body) element(e *syntax.Index) (operand, *typ) {
	x, tx := b.expr(e.X)
	x = b.settled(x, b.hasEffect(e.I))
	y, ty := b.expr(e.I)
	if tx.kind == tInt && ty.kind == tPointer {
		x, tx, y, ty = y, ty, x, tx
	}
	if tx.kind == tPointer && tx.elem.kind == tVoid {
		b.errorf(e.Pos(), "%s has no elements: it points to void", syntax.FormatShort(e))
	}
	if tx.kind != tPointer || ty.kind != tInt {
		if tx.kind != tOther && ty.kind != tOther {
			b.errorf(e.Pos(), "%s has no elements: it is %s", syntax.FormatShort(e.X), tx)
		}
		return constant(intValue(0)), pointerTo(otherType)
	}
	return b.moves(e, "+", x, y, ty, tx), tx
}

// shift adds an integer to a pointer, or subtracts it. Where the pointer leads is found when it is
// followed.
func (b *body) shift(e syntax.Expr, op string, x, y operand, t *typ) operand {
	if k := t.elem.kind; k == tOther || k == tFunction || k == tArray && t.elem.n < 0 ||
		k == tStruct && !t.elem.strukt.defined {
		b.errorf(e.Pos(), "%s has no elements: it points to %s", syntax.FormatShort(e), t.elem)
	}
	dst := b.temp(t)
	b.emit(instr{op: iShift, pos: e.Pos(), text: textOf(e), dst: dst, operator: op, a: x, b: y, typ: t.elem})
	return inSlot(dst)
}

// moves is shift by an integer of type of. One that no long holds leads out of every object.
func (b *body) moves(e syntax.Expr, op string, x, y operand, of, t *typ) operand {
	moved := b.shift(e, op, x, y, t)
	b.f.code[len(b.f.code)-1].huge = of.unsigned && of.bits == longType.bits
	return moved
}

// pointerBinary compiles an operator on pointers: + and - with an integer, the difference of two,
// and comparisons. It reports false when neither operand is a pointer.
func (b *body) pointerBinary(e *syntax.Binary, x, y operand, tx, ty *typ) (operand, *typ, bool) {
	if tx.kind != tPointer && ty.kind != tPointer {
		return operand{}, nil, false
	}
	switch {
	case e.Op == "+" && tx.kind == tInt:
		return b.moves(e, e.Op, y, x, tx, ty), ty, true
	case (e.Op == "+" || e.Op == "-") && ty.kind == tInt:
		return b.moves(e, e.Op, x, y, ty, tx), tx, true
	case !pointerOperators[e.Op]:
		b.errorf(e.OpPos, "%s on a pointer cannot be modelled", e.Op)
	case e.Op == "==" || e.Op == "!=":
		if tx.kind == tInt && !x.isNull() || ty.kind == tInt && !y.isNull() {
			b.errorf(e.OpPos, "%s cannot be compared with %s", tx, ty)
		}
	case tx.isFunctionPointer():
		b.errorf(e.OpPos, "%s on a pointer cannot be modelled: functions have no order", e.Op)
	case tx.kind != tPointer || ty.kind != tPointer || !sameType(tx.elem, ty.elem):
		b.errorf(e.OpPos, "%s takes two pointers of one type, and these are %s and %s", e.Op, tx, ty)
	}
	t := intType
	if e.Op == "-" {
		t = longType
	}
	dst := b.temp(t)
	of := tx.elem
	if of == nil {
		of = voidType
	}
	b.emit(instr{op: iRelate, pos: e.Pos(), text: textOf(e), dst: dst, operator: e.Op, a: x, b: y, typ: of})
	return inSlot(dst), t, true
}

var pointerOperators = map[string]bool{"-": true, "==": true, "!=": true, "<": true, "<=": true, ">": true, ">=": true}

// arrayString is the type as C writes it: int [2][3].
func (t *typ) arrayString() string {
	lengths := ""
	for ; t.kind == tArray; t = t.elem {
		lengths += "["
		if t.n >= 0 {
			lengths += strconv.FormatInt(t.n, 10)
		}
		lengths += "]"
	}
	return t.String() + " " + lengths
}

// parameter is the type of a parameter: of an array, a pointer to its first element.
func (u *Unit) parameter(t syntax.Type) *typ {
	if a, ok := t.(*syntax.Array); ok {
		return pointerTo(u.resolve(a.Elem))
	}
	r := u.resolve(t)
	if r.kind == tArray {
		return pointerTo(r.elem)
	}
	return r
}

// lengthMacros give the number of elements of an array, where the sources do not define them.
var lengthMacros = map[string]bool{"G_N_ELEMENTS": true, "ARRAY_SIZE": true, "ARRAY_CARDINALITY": true}

// elementsIn is the number of elements that sizeof(a) / sizeof(a[0]), or a macro for it, comes to.
func (b *body) elementsIn(e syntax.Expr) (int64, bool) {
	switch e := e.(type) {
	case *syntax.Call:
		id, ok := e.Fun.(*syntax.Ident)
		if !ok || !lengthMacros[id.Name] || b.functions[id.Name] != nil || len(e.Args) != 1 {
			return 0, false
		}
		t := b.typeNamed(e.Args[0])
		if t == nil || t.kind != tArray {
			return 0, false
		}
		return t.n, t.n >= 0
	case *syntax.Binary:
		if e.Op != "/" {
			return 0, false
		}
		of, n, ok := b.extent(e.X)
		by, m, also := b.extent(e.Y)
		if !ok || !also || m != 1 {
			return 0, false
		}
		for of.kind == tArray && !sameType(of, by) {
			of, n = of.elem, n*of.n
		}
		return n, n >= 0 && sameType(of, by)
	}
	return 0, false
}
