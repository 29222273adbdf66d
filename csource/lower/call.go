package lower

import (
	"iter"
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// call compiles a call of a C function or of a primitive.
func (b *body) call(e *syntax.Call, used bool) (operand, *typ) {
	id, ok := e.Fun.(*syntax.Ident)
	if !ok {
		b.errorf(e.Pos(), "a call through a pointer cannot be modelled")
		return constant(intValue(0)), otherType
	}
	if f := b.functions[id.Name]; f != nil {
		return b.callFunction(e, f)
	}
	if p := vocabulary.Lookup(id.Name); p != nil {
		return b.callPrim(e, p)
	}
	if _, isLocal := b.local(id.Name); isLocal {
		b.errorf(e.Pos(), "%s is a variable: a call through a pointer cannot be modelled", id.Name)
		return constant(intValue(0)), otherType
	}
	hint := b.nearest(id.Name, b.callable())
	if b.protos[id.Name] != nil {
		hint = "it is declared, but has no body"
	}
	b.hintf(id.Pos(), hint, "unknown function %s", id.Name)
	for _, a := range e.Args {
		b.expr(a)
	}
	return constant(intValue(0)), otherType
}

// callable is every name that can be called.
func (u *Unit) callable() iter.Seq[string] {
	return func(yield func(string) bool) {
		for name := range u.functions {
			if !yield(name) {
				return
			}
		}
		for _, name := range vocabulary.Names() {
			if !yield(name) {
				return
			}
		}
	}
}

func (b *body) callFunction(e *syntax.Call, f *function) (operand, *typ) {
	b.arity(e, f.name, len(f.params))
	args := make([]operand, len(f.params))
	last := len(e.Args) - 1 // the last argument with an effect
	for last >= 0 && !b.hasEffect(e.Args[last]) {
		last--
	}
	for i, a := range e.Args {
		x, t := b.expr(a)
		if i < len(f.params) {
			b.mustAssign(a, f.params[i], t, "argument %d of %s is", i+1, f.name)
			args[i] = b.settled(b.convert(a, x, t, f.params[i]), i < last)
		}
	}
	b.f.callees = append(b.f.callees, callSite{f, e.Pos()})
	dst := -1
	if f.result.kind != tVoid {
		dst = b.temp(f.result)
	}
	b.emit(instr{op: iCall, pos: e.Pos(), text: textOf(e), dst: dst, callee: f, args: args})
	if dst < 0 {
		return constant(value{}), voidType
	}
	return inSlot(dst), f.result
}

// settled copies a local that a later argument may change.
func (b *body) settled(x operand, changed bool) operand {
	if x.slot < 0 || !changed {
		return x
	}
	kept := b.temp(b.f.slots[x.slot].typ)
	b.emit(instr{op: iCopy, pos: b.f.pos, dst: kept, a: x})
	return inSlot(kept)
}

func (b *body) arity(e *syntax.Call, name string, want int) bool {
	if len(e.Args) == want {
		return true
	}
	b.errorf(e.Pos(), "%s takes %s, not %d", name, plural(want, "argument"), len(e.Args))
	return false
}

func (b *body) callPrim(e *syntax.Call, p *vocabulary.Function) (operand, *typ) {
	if p.Message() {
		return constant(value{}), voidType
	}
	if !b.arity(e, p.Name, len(p.Params)) {
		return constant(intValue(0)), otherType
	}
	switch p.Effect {
	case vocabulary.Check, vocabulary.Requires, vocabulary.Assert:
		b.check(e, p)
		return constant(value{}), voidType
	case vocabulary.Held:
		b.errorf(e.Pos(), "held can only stand in check, requires and assert")
		return constant(intValue(0)), intType
	}
	args := make([]operand, len(p.Params))
	var object *typ
	for i, a := range e.Args {
		x, t := b.expr(a)
		b.primArg(a, p, i, t)
		args[i] = x
		if i == 0 {
			object = t
		}
	}
	if p.Result == vocabulary.First {
		return args[0], object
	}
	dst, t := -1, voidType
	switch p.Result {
	case vocabulary.NoResult:
	case vocabulary.SameObject:
		t = object
		dst = b.temp(t)
	default:
		t = intType
		dst = b.temp(t)
	}
	b.emit(instr{op: iPrim, pos: e.Pos(), text: textOf(e), dst: dst, prim: p, args: args})
	if dst < 0 {
		return constant(value{}), voidType
	}
	return inSlot(dst), t
}

func (b *body) primArg(a syntax.Expr, p *vocabulary.Function, i int, t *typ) {
	if t.kind == tOther {
		return
	}
	points := func(k typeKind) bool { return t.kind == tPointer && t.elem.kind == k }
	switch p.Params[i] {
	case vocabulary.Mutex:
		if !points(tMutex) {
			b.errorf(a.Pos(), "argument %d of %s is a virMutex *, and %s is %s", i+1, p.Name, syntax.FormatShort(a), t)
		}
	case vocabulary.Cond:
		if !points(tCond) {
			b.errorf(a.Pos(), "argument %d of %s is a virCond *, and %s is %s", i+1, p.Name, syntax.FormatShort(a), t)
		}
	case vocabulary.Object, vocabulary.ObjectOrNull:
		s := t.pointsToStruct()
		if s == nil {
			if !(t.kind == tPointer && t.elem.kind == tVoid) {
				b.errorf(a.Pos(), "argument %d of %s is an object, and %s is %s", i+1, p.Name, syntax.FormatShort(a), t)
			}
			return
		}
		b.needRole(a, p, s)
	}
}

// needRole checks that a struct has the fields on which a primitive works.
func (b *body) needRole(a syntax.Expr, p *vocabulary.Function, s *structDef) {
	need := func(role string, field int) {
		if field < 0 {
			b.errorf(a.Pos(), "%s needs a field with __attribute__((%s)), and struct %s has none", p.Name, role, s.tag)
		}
	}
	switch p.Effect {
	case vocabulary.Ref, vocabulary.Unref:
		need("refcount", s.refcount)
	case vocabulary.Remove:
		need("refcount", s.refcount)
		need("listed", s.listed)
	case vocabulary.Find:
		need("listed", s.listed)
		if s.mutex < 0 {
			b.errorf(a.Pos(), "%s needs a virMutex field, and struct %s has none", p.Name, s.tag)
		}
	}
}

// check compiles check, requires and assert.
func (b *body) check(e *syntax.Call, p *vocabulary.Function) {
	i := instr{op: iCheck, pos: e.Pos(), dst: -1, prim: p}
	arg := e.Args[0]
	switch p.Effect {
	case vocabulary.Check:
		text := syntax.FormatShort(arg)
		if s, ok := arg.(*syntax.StringLit); ok {
			text = s.Value
		}
		kind, ok := vocabulary.Kind(text)
		if !ok {
			var names []string
			for _, k := range model.Kinds() {
				names = append(names, string(k))
			}
			b.hintf(arg.Pos(), b.nearest(string(kind), slices.Values(names)), "%s is not a kind of violation", text)
		}
		i.kind = kind
		arg = e.Args[1]
	case vocabulary.Requires:
		i.kind = model.RequiresKind
	case vocabulary.Assert:
		i.kind = model.AssertKind
	}
	i.text = textOf(arg)
	i.cond, _ = b.condition(arg)
	b.emit(i)
}

// condition compiles the condition of a check: no side effects, no calls but held and self.
func (b *body) condition(e syntax.Expr) (*cond, *typ) {
	bad := func(format string, args ...any) (*cond, *typ) {
		b.errorf(e.Pos(), format, args...)
		return &cond{value: constant(intValue(0))}, otherType
	}
	switch e := e.(type) {
	case *syntax.IntLit, *syntax.CharLit, *syntax.StringLit:
		x, t := b.expr(e)
		return &cond{pos: e.Pos(), value: x}, t
	case *syntax.Ident:
		if i := b.globalIndex(e.Name); i >= 0 {
			if _, isLocal := b.local(e.Name); !isLocal {
				t := b.globals[i].typ
				c := &cond{op: condField, pos: e.Pos(), field: i, x: &cond{value: constant(objectValue(globalsObject))}}
				return c.addressOf(t), t
			}
		}
		x, t := b.ident(e)
		return &cond{pos: e.Pos(), value: x}, t
	case *syntax.Cast:
		c, _ := b.condition(e.X)
		return c, b.resolve(e.Type)
	case *syntax.Member:
		return b.condMember(e)
	case *syntax.Unary:
		if e.Op == "&" {
			c, t := b.condition(e.X)
			if c.op != condField && c.op != condAddr {
				return bad("& in a check needs a field")
			}
			addr := *c
			addr.op = condAddr
			return &addr, pointerTo(t)
		}
		if e.Op != "!" && e.Op != "-" {
			return bad("%s cannot stand in a check", syntax.FormatShort(e))
		}
		c, _ := b.condition(e.X)
		op := model.Not
		if e.Op == "-" {
			op = model.Neg
		}
		return &cond{op: condUnary, bin: op, pos: e.Pos(), x: c}, intType
	case *syntax.Binary:
		op, ok := comparisons[e.Op]
		if !ok {
			return bad("operator %s cannot stand in a check", e.Op)
		}
		x, _ := b.condition(e.X)
		y, _ := b.condition(e.Y)
		return &cond{op: condBinary, bin: op, pos: e.Pos(), x: x, y: y}, intType
	case *syntax.Call:
		id, ok := e.Fun.(*syntax.Ident)
		if !ok {
			break
		}
		switch p := vocabulary.Lookup(id.Name); {
		case p != nil && p.Effect == vocabulary.Self && b.arity(e, p.Name, 0):
			x, t := b.callPrim(e, p)
			return &cond{pos: e.Pos(), value: x}, t
		case p != nil && p.Effect == vocabulary.Held && b.arity(e, p.Name, 1):
			x, _ := b.condition(e.Args[0])
			return &cond{op: condHeld, pos: e.Pos(), x: x}, intType
		}
		return bad("%s has an effect or is unknown: a check can only look", syntax.FormatShort(e))
	}
	return bad("%s cannot stand in a check", syntax.FormatShort(e))
}

// addressOf makes fields that are objects themselves stand for their address, as in an expression.
func (c *cond) addressOf(t *typ) *cond {
	if t.kind == tStruct || t.kind == tMutex || t.kind == tCond {
		c.op = condAddr
	}
	return c
}

func (b *body) condMember(e *syntax.Member) (*cond, *typ) {
	x, t := b.condition(e.X)
	s := t.pointsToStruct()
	if t.kind == tStruct {
		s = t.strukt
	}
	if s == nil || s.field(e.Name) < 0 {
		if t.kind != tOther {
			b.memberOf(e) // says what is wrong
		}
		return &cond{value: constant(intValue(0))}, otherType
	}
	i := s.field(e.Name)
	c := &cond{op: condField, pos: e.Pos(), x: x, field: i, def: s}
	return c.addressOf(s.fields[i].typ), s.fields[i].typ
}
