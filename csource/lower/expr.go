package lower

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// effect compiles an expression whose value nobody reads.
func (b *body) effect(e syntax.Expr) {
	switch e := e.(type) {
	case *syntax.Comma:
		for _, x := range e.List {
			b.effect(x)
		}
	case *syntax.Postfix:
		b.step(e, e.X, e.Op, false)
	case *syntax.Call:
		b.call(e, false)
	case *syntax.Cast:
		if b.resolve(e.Type).kind == tVoid {
			b.effect(e.X)
			return
		}
		b.expr(e)
	default:
		b.expr(e)
	}
}

// expr compiles an expression and returns where its value is, with its type. Loads are emitted in
// C's order, left to right. An array is the address of its first element.
func (b *body) expr(e syntax.Expr) (operand, *typ) {
	x, t := b.object(e)
	b.meaningful(e, t)
	return b.decay(e, x, t)
}

// meaningful refuses a value that nothing is known of, unless something was refused already: the
// rest of this package takes it for that.
func (b *body) meaningful(e syntax.Expr, t *typ) {
	if t.kind == tOther && len(b.diags) == 0 && !b.dry {
		b.errorf(e.Pos(), "%s is of a type that cannot be modelled", syntax.FormatShort(e))
	}
}

// object is expr, but that an array stays what it is.
func (b *body) object(e syntax.Expr) (operand, *typ) {
	switch e := e.(type) {
	case *syntax.IntLit:
		return b.literal(e)
	case *syntax.CharLit:
		return constant(intValue(e.Value)), intType
	case *syntax.StringLit:
		return b.textOperand(e)
	case *syntax.Ident:
		return b.ident(e)
	case *syntax.Member:
		return b.member(e)
	case *syntax.Unary:
		return b.unary(e)
	case *syntax.Postfix:
		return b.step(e, e.X, e.Op, false)
	case *syntax.Binary:
		if n, ok := b.elementsIn(e); ok {
			return constant(intValue(n)), ulongType
		}
		if b.dry && (e.Op == "&&" || e.Op == "||") {
			return b.split(e)
		}
		return b.binary(e)
	case *syntax.Assign:
		return b.assign(e)
	case *syntax.Temp:
		s := b.kept[e.Index].slot
		return inSlot(s), b.f.slots[s].typ
	case *syntax.Call:
		if n, ok := b.elementsIn(e); ok {
			return constant(intValue(n)), ulongType
		}
		if n, t, ok := b.constantCall(e); ok {
			return constant(intValue(n)), integerOf(t)
		}
		return b.call(e, true)
	case *syntax.Cast:
		return b.cast(e)
	case *syntax.Comma:
		for _, x := range e.List[:len(e.List)-1] {
			b.effect(x)
		}
		return b.expr(e.List[len(e.List)-1])
	case *syntax.CompoundLit:
		if b.dry { // else the flow graph makes a variable of it
			return constant(value{}), b.sized(e.Pos(), "this", b.resolve(e.Type), e.Init)
		}
		b.errorf(e.Pos(), "%s cannot be modelled here", syntax.FormatShort(e))
	case *syntax.Generic:
		if x := b.choice(e); x != nil {
			return b.object(x)
		}
	case *syntax.BadExpr:
	case *syntax.FloatLit:
		b.errorf(e.Pos(), "a floating constant cannot be modelled")
	case *syntax.Index:
		p := b.place(e)
		return b.load(e, p), b.meaning(e, p.typ)
	case *syntax.SizeofExpr:
		return b.size(e.Pos(), b.typeOfOperand(e.X), e.Align)
	case *syntax.SizeofType:
		return b.size(e.Pos(), b.resolve(e.Type), e.Align)
	default:
		if b.dry {
			return b.split(e)
		}
		b.errorf(e.Pos(), "%s cannot be modelled", syntax.FormatShort(e))
	}
	return constant(intValue(0)), otherType
}

func (b *body) ident(e *syntax.Ident) (operand, *typ) {
	if h := b.homeNamed(e.Name); h >= 0 {
		t := b.meaning(e, b.f.homes[h].typ)
		return b.load(e, place{kind: pointedPlace, base: b.addressOfHome(e, h), typ: t}), t
	}
	if b.isErrno(e.Name) {
		return b.readErrno(e), intType
	}
	s, global := b.variable(e.Name)
	if s >= 0 {
		return inSlot(s), b.meaning(e, b.f.slots[s].typ)
	}
	if global >= 0 {
		return b.loadField(e, b.homeOf(e.Pos(), global), nil, global, b.globals[global].typ)
	}
	switch e.Name {
	case "NULL", "nullptr":
		return constant(intValue(0)), anyType
	case "true", "TRUE":
		return constant(intValue(1)), intType
	case "false", "FALSE", "ATOMIC_FLAG_INIT":
		return constant(intValue(0)), intType
	case "__func__", "__FUNCTION__", "__PRETTY_FUNCTION__":
		return b.text(e, b.f.name)
	}
	if v, ok := b.constants[e.Name]; ok {
		if t := b.wide[e.Name]; t != nil {
			return constant(intValue(v)), t
		}
		return constant(intValue(v)), intType
	}
	if v, ok := vocabulary.Constant(e.Name); ok && b.functions[e.Name] == nil {
		return constant(intValue(v)), intType
	}
	if f := b.functions[e.Name]; f != nil {
		return constant(value{kind: vFunction, n: int64(f.number)}), pointerTo(f.typ())
	}
	if vocabulary.Lookup(e.Name) != nil {
		b.errorf(e.Pos(), "%s is a function and can only be called", e.Name)
	} else if hint := vocabulary.Instead(e.Name); hint != "" {
		b.hintf(e.Pos(), hint, "%s cannot be modelled", e.Name)
	} else {
		b.hintf(e.Pos(), b.nearest(e.Name, b.names()), "unknown variable %s", e.Name)
	}
	return constant(intValue(0)), otherType
}

// names is what an identifier could have meant.
func (b *body) names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, name := range []string{"NULL", "true", "false"} {
			if !yield(name) {
				return
			}
		}
		for _, name := range b.env.Names() {
			if !yield(name) {
				return
			}
		}
		for name := range b.index {
			if !yield(name) {
				return
			}
		}
		for name := range b.constants {
			if !yield(name) {
				return
			}
		}
	}
}

// loadField reads a field, or, where the field is an object and not a value, gives its address.
func (b *body) loadField(e syntax.Expr, base operand, s *structDef, field int, t *typ) (operand, *typ) {
	op := iLoad
	b.meaning(e, t)
	if t.isObject() {
		op = iField
	}
	dst := b.temp(t)
	b.emit(instr{op: op, pos: e.Pos(), text: textOf(e), dst: dst, a: base, strukt: s, field: field})
	return inSlot(dst), t
}

// memberOf finds the object and the field that x->name or x.name means; -1 after an error.
func (b *body) memberOf(e *syntax.Member) (operand, *structDef, int) {
	base, t := b.expr(e.X)
	s := t.pointsToStruct()
	if t.kind == tStruct {
		s = t.strukt
	}
	if s == nil {
		if t.kind != tOther {
			b.errorf(e.NamePos, "%s is %s, which has no fields", syntax.FormatShort(e.X), t)
		}
		return base, nil, -1
	}
	if !s.defined {
		b.errorf(e.NamePos, "%s is declared, but its fields are not known", s)
		return base, s, -1
	}
	path := s.find(e.Name)
	if path == nil && !b.diags.Full() {
		var names []string
		for _, f := range s.fields[:min(len(s.fields), maxListed)] {
			names = append(names, f.name)
		}
		hint := b.nearest(e.Name, maps.Keys(s.index))
		if hint == "" {
			hint = "it has " + strings.Join(names, ", ")
		}
		b.hintf(e.NamePos, hint, "%s has no field %s", s, e.Name)
	}
	if path == nil {
		return base, s, -1
	}
	for _, i := range path[:len(path)-1] {
		base, _ = b.loadField(e, base, s, i, s.fields[i].typ)
		s = s.fields[i].typ.strukt
	}
	return base, s, path[len(path)-1]
}

// maxListed is how many fields are named where none of them is meant.
const maxListed = 50

func (b *body) member(e *syntax.Member) (operand, *typ) {
	base, s, i := b.memberOf(e)
	if i < 0 {
		return constant(intValue(0)), otherType
	}
	return b.loadField(e, base, s, i, s.fields[i].typ)
}

func (b *body) unary(e *syntax.Unary) (operand, *typ) {
	switch e.Op {
	case "&":
		if id, ok := e.X.(*syntax.Ident); ok && b.isFunction(id.Name) {
			return b.ident(id)
		}
		p := b.place(e.X)
		switch p.kind {
		case fieldPlace:
			if p.typ.bitField {
				b.errorf(e.Pos(), "%s is a bit-field, which has no address", syntax.FormatShort(e.X))
			}
			dst := b.temp(pointerTo(p.typ))
			b.emit(instr{op: iField, pos: e.Pos(), text: textOf(e), dst: dst, a: p.base, strukt: p.strukt, field: p.field})
			return inSlot(dst), pointerTo(p.typ)
		case pointedPlace:
			return p.base, pointerTo(p.typ)
		case errnoPlace:
			b.errorf(e.Pos(), "the address of errno cannot be modelled")
		case functionPlace:
			return p.base, p.typ
		}
		return constant(intValue(0)), otherType
	case "*":
		p := b.place(e)
		return b.load(e, p), p.typ
	case "++", "--":
		return b.step(e, e.X, e.Op, true)
	case "&&":
		b.errorf(e.Pos(), "the address of a label cannot be modelled")
		return constant(intValue(0)), otherType
	}
	if _, text := e.X.(*syntax.StringLit); text && e.Op == "!" {
		return constant(intValue(0)), intType
	}
	if e.Op == "!" {
		b.signOf(e.X)
	}
	x, from := b.expr(e.X)
	t := intType
	switch {
	case from.kind == tVoid:
		b.errorf(e.X.Pos(), "%s has no value", syntax.FormatShort(e.X))
	case e.Op == "!":
	case from.kind != tInt && from.kind != tOther:
		b.errorf(e.Pos(), "%s cannot be modelled on %s", e.Op, from)
	default:
		t = from.promoted()
		x = b.convert(e, x, from, t)
	}
	if x.slot < 0 {
		if n, ok := t.unary(e.Op, x.value); ok {
			return constant(intValue(n)), t
		}
	}
	dst := b.temp(t)
	b.emit(instr{op: iUnary, pos: e.Pos(), text: textOf(e), dst: dst, operator: e.Op, a: x, typ: t})
	return inSlot(dst), t
}

func (b *body) binary(e *syntax.Binary) (operand, *typ) {
	if slices.Contains(binaryOperators[firstComparison:], e.Op) {
		if isZero(e.Y) {
			b.signOf(e.X)
		}
		if isZero(e.X) {
			b.signOf(e.Y)
		}
	}
	x, tx := b.expr(e.X)
	x = b.settled(x, b.hasEffect(e.Y))
	y, ty := b.expr(e.Y)
	if tx.isObject() || ty.isObject() {
		b.errorf(e.OpPos, "C has no %s of structs: write it for each field", e.Op)
	} else if tx.kind == tVoid || ty.kind == tVoid {
		b.errorf(e.OpPos, "%s has an operand without a value", e.Op)
	} else if x, t, ok := b.pointerBinary(e, x, y, tx, ty); ok {
		return x, t
	}
	if !slices.Contains(binaryOperators, e.Op) {
		b.errorf(e.OpPos, "operator %s cannot be modelled", e.Op)
	}
	at := len(b.f.code)
	z, t := b.operation(e, e.Op, x, y, tx, ty)
	b.alike(at, e.X, e.Y)
	return z, t
}

// isNull reports whether an operand is C's null pointer constant.
func (o operand) isNull() bool { return o.slot < 0 && o.value.isNull() }

// operation computes an operator on operands of types tx and ty, in the type in which C does.
func (b *body) operation(e syntax.Expr, op string, x, y operand, tx, ty *typ) (operand, *typ) {
	t := intType
	switch {
	case tx.kind != tInt || ty.kind != tInt:
	case op == "<<" || op == ">>":
		t = tx.promoted()
		x = b.convert(e, x, tx, t)
	default:
		t = tx.common(ty)
		x, y = b.convert(e, x, tx, t), b.convert(e, y, ty, t)
	}
	result := t
	if slices.Contains(binaryOperators[firstComparison:], op) {
		result = intType
	}
	if x.slot < 0 && y.slot < 0 && x.value.kind == vInt && y.value.kind == vInt {
		if n, ok := t.apply(op, x.value.n, y.value.n); ok {
			return constant(intValue(n)), result
		}
	}
	dst := b.temp(result)
	b.emit(instr{op: iBinary, pos: e.Pos(), text: textOf(e), dst: dst, operator: op, a: x, b: y, typ: t})
	return inSlot(dst), result
}

var binaryOperators = []string{"+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "==", "!=", "<", "<=", ">", ">="}

const firstComparison = 10 // in binaryOperators

// hasEffect reports whether evaluating an expression changes anything. Each is looked at once, for
// expressions ask it of their parts.
func (b *body) hasEffect(e syntax.Expr) bool {
	found, known := b.effects[e]
	if known {
		return found
	}
	b.meter.Work(1)
	switch x := e.(type) {
	case *syntax.Assign, *syntax.Postfix, *syntax.Call:
		found = true
	case *syntax.Unary:
		found = x.Op == "++" || x.Op == "--"
	}
	if !found {
		syntax.Walk(e, func(n syntax.Node) bool {
			if part, ok := n.(syntax.Expr); ok && part != e {
				found = found || b.hasEffect(part)
				return false
			}
			return !found
		})
	}
	b.effects[e] = found
	return found
}
