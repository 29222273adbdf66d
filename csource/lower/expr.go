package lower

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
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
// C's order, left to right.
func (b *body) expr(e syntax.Expr) (operand, *typ) {
	switch e := e.(type) {
	case *syntax.IntLit:
		return b.literal(e)
	case *syntax.CharLit:
		return constant(intValue(e.Value)), intType
	case *syntax.StringLit:
		return constant(value{kind: vOpaque}), pointerTo(charType)
	case *syntax.Ident:
		return b.ident(e)
	case *syntax.Member:
		return b.member(e)
	case *syntax.Unary:
		return b.unary(e)
	case *syntax.Postfix:
		return b.step(e, e.X, e.Op, false)
	case *syntax.Binary:
		return b.binary(e)
	case *syntax.Assign:
		return b.assign(e)
	case *syntax.Temp:
		s := b.kept[e.Index].slot
		return inSlot(s), b.f.slots[s].typ
	case *syntax.Call:
		return b.call(e, true)
	case *syntax.Cast:
		return b.cast(e)
	case *syntax.Comma:
		for _, x := range e.List[:len(e.List)-1] {
			b.effect(x)
		}
		return b.expr(e.List[len(e.List)-1])
	case *syntax.BadExpr:
	case *syntax.FloatLit:
		b.errorf(e.Pos(), "a floating constant cannot be modelled")
	case *syntax.Index:
		b.errorf(e.Pos(), "an array element cannot be modelled: use a field or a variable of its own")
	case *syntax.SizeofExpr:
		return b.size(e.Pos(), b.typeOf(e.X), e.Align)
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
	if s, ok := b.local(e.Name); ok {
		return inSlot(s), b.meaning(e, b.f.slots[s].typ)
	}
	switch e.Name {
	case "NULL", "nullptr":
		return constant(intValue(0)), anyType
	case "true", "TRUE":
		return constant(intValue(1)), intType
	case "false", "FALSE":
		return constant(intValue(0)), intType
	case "__func__", "__FUNCTION__", "__FILE__":
		return constant(value{kind: vOpaque}), pointerTo(charType)
	}
	if v, ok := b.constants[e.Name]; ok {
		return constant(intValue(v)), typeOfConstant(v)
	}
	if i := b.globalIndex(e.Name); i >= 0 {
		t := b.globals[i].typ
		return b.loadField(e, constant(objectValue(globalsObject)), nil, i, t)
	}
	if b.functions[e.Name] != nil || vocabulary.Lookup(e.Name) != nil {
		b.errorf(e.Pos(), "%s is a function and can only be called", e.Name)
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
		for _, g := range b.globals {
			if !yield(g.name) {
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
	if t.kind == tStruct || t.kind == tMutex || t.kind == tCond {
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
		b.errorf(e.NamePos, "struct %s is declared, but its fields are not known", s.tag)
		return base, s, -1
	}
	i := s.field(e.Name)
	if i < 0 && !b.diags.Full() {
		var names []string
		for _, f := range s.fields[:min(len(s.fields), maxListed)] {
			names = append(names, f.name)
		}
		hint := b.nearest(e.Name, maps.Keys(s.index))
		if hint == "" {
			hint = "it has " + strings.Join(names, ", ")
		}
		b.hintf(e.NamePos, hint, "struct %s has no field %s", s.tag, e.Name)
	}
	return base, s, i
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
		p := b.place(e.X)
		switch p.kind {
		case slotPlace:
			b.f.take(p.slot)
			dst := b.temp(pointerTo(p.typ))
			b.emit(instr{op: iAddrSlot, pos: e.Pos(), dst: dst, a: inSlot(p.slot)})
			return inSlot(dst), pointerTo(p.typ)
		case fieldPlace:
			if p.typ.bitField {
				b.errorf(e.Pos(), "%s is a bit-field, which has no address", syntax.FormatShort(e.X))
			}
			dst := b.temp(pointerTo(p.typ))
			b.emit(instr{op: iField, pos: e.Pos(), text: textOf(e), dst: dst, a: p.base, strukt: p.strukt, field: p.field})
			return inSlot(dst), pointerTo(p.typ)
		case pointedPlace:
			return p.base, pointerTo(p.typ)
		}
		return constant(intValue(0)), otherType
	case "*":
		p := b.place(e)
		return b.load(e, p), p.typ
	case "++", "--":
		return b.step(e, e.X, e.Op, true)
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
	x, tx := b.expr(e.X)
	if x.slot >= 0 && b.f.slots[x.slot].name != "" && b.hasEffect(e.Y) {
		kept := b.temp(tx)
		b.emit(instr{op: iCopy, pos: e.Pos(), text: textOf(e.X), dst: kept, a: x})
		x = inSlot(kept)
	}
	y, ty := b.expr(e.Y)
	equality := e.Op == "==" || e.Op == "!="
	switch {
	case tx.kind == tVoid || ty.kind == tVoid:
		b.errorf(e.OpPos, "%s has an operand without a value", e.Op)
	case tx.kind != tPointer && ty.kind != tPointer:
	case !equality:
		b.errorf(e.OpPos, "%s on a pointer cannot be modelled", e.Op)
	case tx.kind == tInt && !x.isNull() || ty.kind == tInt && !y.isNull():
		b.errorf(e.OpPos, "%s cannot be compared with %s", tx, ty)
	}
	if !slices.Contains(binaryOperators, e.Op) {
		b.errorf(e.OpPos, "operator %s cannot be modelled", e.Op)
	}
	return b.operation(e, e.Op, x, y, tx, ty)
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

var comparisons = map[string]model.ExprOp{
	"+": model.Add, "-": model.Sub, "*": model.Mul, "==": model.Eq, "!=": model.Ne, "<": model.Lt, "<=": model.Le,
	">": model.Gt, ">=": model.Ge, "&&": model.And, "||": model.Or,
}
