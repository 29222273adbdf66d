package lower

import (
	"math/bits"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// computation is what a function of [vocabulary.Compute] takes and gives; f is false where C leaves
// the result undefined.
type computation struct {
	takes, gives *typ
	f            func(n int64) (int64, bool)
}

// computations are GCC's functions of one integer.
var computations = func() map[string]*computation {
	m := map[string]*computation{}
	absolute := func(t *typ) func(int64) (int64, bool) {
		return func(n int64) (int64, bool) {
			if n < 0 {
				return t.apply("-", 0, n)
			}
			return n, true
		}
	}
	total := func(f func(uint64) int) func(int64) (int64, bool) {
		return func(n int64) (int64, bool) { return int64(f(uint64(n))), true }
	}
	notZero := func(f func(uint64) int) func(int64) (int64, bool) {
		return func(n int64) (int64, bool) { return int64(f(uint64(n))), n != 0 }
	}
	swap := func(t *typ) func(int64) (int64, bool) {
		return func(n int64) (int64, bool) { return int64(bits.ReverseBytes64(uint64(n)) >> (64 - t.bits)), true }
	}
	for _, x := range []struct {
		suffix           string
		signed, unsigned *typ
	}{{"", intType, uintType}, {"l", longType, ulongType}, {"ll", llongType, ullongType}} {
		m["__builtin_popcount"+x.suffix] = &computation{x.unsigned, intType, total(bits.OnesCount64)}
		m["__builtin_parity"+x.suffix] = &computation{x.unsigned, intType, total(func(n uint64) int {
			return bits.OnesCount64(n) & 1
		})}
		m["__builtin_ctz"+x.suffix] = &computation{x.unsigned, intType, notZero(bits.TrailingZeros64)}
		unused := 64 - int(x.unsigned.bits)
		m["__builtin_clz"+x.suffix] = &computation{x.unsigned, intType, notZero(func(n uint64) int {
			return bits.LeadingZeros64(n) - unused
		})}
		ffs := &computation{x.signed, intType, total(func(n uint64) int {
			if n == 0 {
				return 0
			}
			return bits.TrailingZeros64(n) + 1
		})}
		m["__builtin_ffs"+x.suffix], m["ffs"+x.suffix] = ffs, ffs
	}
	for name, t := range map[string]*typ{"abs": intType, "labs": longType, "llabs": llongType} {
		m[name] = &computation{t, t, absolute(t)}
		m["__builtin_"+name] = m[name]
	}
	for name, t := range map[string]*typ{
		"__builtin_bswap16": ushortType, "__builtin_bswap32": uintType, "__builtin_bswap64": ulongType,
		"htons": ushortType, "ntohs": ushortType, "htonl": uintType, "ntohl": uintType,
	} {
		m[name] = &computation{t, t, swap(t)}
	}
	return m
}()

// compute compiles a call of a function that only computes.
func (b *body) compute(e *syntax.Call, p *vocabulary.Function) (operand, *typ) {
	k := computations[p.Name]
	x, t := b.expr(e.Args[0])
	b.primArg(e.Args[0], p, 0, x, t)
	x = b.convert(e, x, t, k.takes)
	if x.slot < 0 && x.value.kind == vInt {
		if n, ok := k.f(x.value.n); ok {
			return constant(intValue(n)), k.gives
		}
	}
	dst := b.temp(k.gives)
	b.emit(instr{op: iCompute, pos: e.Pos(), text: textOf(e), dst: dst, a: x, prim: p})
	return inSlot(dst), k.gives
}

// computes carries out a function that only computes; false where it has no result.
func (t *thread) computes(c *config, i *instr) bool {
	if c.read(i.a).kind == vUnknown {
		c.local(value{kind: vUnknown})
		return true
	}
	n, ok := computations[i.prim.Name].f(c.read(i.a).n)
	if !ok {
		t.undefined(c, i, "%s has no result for %d", i.prim.Name, c.read(i.a).n)
		return false
	}
	c.local(intValue(n))
	return true
}

// constantCalls look like calls and are none: their arguments are types, or are not evaluated.
var constantCalls = map[string]int{
	"offsetof": 2, "__builtin_offsetof": 2, "G_STRUCT_OFFSET": 2,
	"__builtin_types_compatible_p": 2, "__builtin_constant_p": 1,
}

// constantCall evaluates what looks like a call and is a constant.
func (u *Unit) constantCall(e *syntax.Call) (int64, syntax.IntType, bool) {
	id, ok := e.Fun.(*syntax.Ident)
	if !ok || u.functions[id.Name] != nil || u.meter.Err() != nil {
		return 0, syntax.Int, false
	}
	want, known := constantCalls[id.Name]
	switch {
	case !known:
		return u.constantComputation(id.Name, e)
	case len(e.Args) != want:
		u.errorf(e.Pos(), "%s takes %s, not %d", id.Name, plural(want, "argument"), len(e.Args))
		return 0, syntax.Int, true
	}
	switch id.Name {
	case "__builtin_types_compatible_p":
		t, s := u.namedType(e.Args[0]), u.namedType(e.Args[1])
		if t.kind == tOther || s.kind == tOther {
			u.errorf(e.Pos(), "whether these types are compatible is not known")
		}
		return boolValue(u.compatible(t, s)).n, syntax.Int, true
	case "__builtin_constant_p":
		_, text := e.Args[0].(*syntax.StringLit)
		c := u.consts()
		_, _, number := c.Eval(e.Args[0])
		return boolValue(text || number).n, syntax.Int, true
	}
	t := u.namedType(e.Args[0])
	n, _, ok := u.offsetTo(t, e.Args[1])
	if !ok && t.kind != tOther {
		u.errorf(e.Args[1].Pos(), "the offset of %s in %s is not known", syntax.FormatShort(e.Args[1]), t)
	}
	if id.Name == "G_STRUCT_OFFSET" {
		return n, syntax.Long, true
	}
	return n, syntax.ULong, true
}

// constantComputation is what GCC computes of constants while it compiles.
func (u *Unit) constantComputation(name string, e *syntax.Call) (int64, syntax.IntType, bool) {
	k := computations[name]
	if len(e.Args) == 2 && name == "__builtin_expect" {
		n, _, ok := u.constantExpr(e.Args[0])
		return n, syntax.Long, ok
	}
	if k == nil || len(e.Args) != 1 {
		return 0, syntax.Int, false
	}
	n, _, ok := u.constantExpr(e.Args[0])
	if !ok {
		return 0, syntax.Int, false
	}
	n, ok = k.f(k.takes.wrap(n))
	return n, syntax.IntType{Bits: k.gives.bits, Unsigned: k.gives.unsigned}, ok
}

// compatible reports whether two types are one in C, qualifiers apart.
func (u *Unit) compatible(t, s *typ) bool {
	if t.kind != s.kind || t.strukt != s.strukt || t.atomic != s.atomic {
		return false
	}
	switch t.kind {
	case tInt:
		return t.name == s.name
	case tPointer:
		return u.compatible(t.elem, s.elem)
	case tArray:
		return (t.n == s.n || t.n < 0 || s.n < 0) && u.compatible(t.elem, s.elem)
	case tFunction:
		if len(t.params) != len(s.params) || !u.compatible(t.result, s.result) {
			return false
		}
		for i := range t.params {
			if !u.compatible(t.params[i], s.params[i]) {
				return false
			}
		}
	}
	return true
}

// chosen is the argument of __builtin_choose_expr that counts; nil of any other call.
func (b *body) chosen(e *syntax.Call) syntax.Expr {
	id, ok := e.Fun.(*syntax.Ident)
	if !ok || id.Name != "__builtin_choose_expr" || b.functions[id.Name] != nil || len(e.Args) != 3 {
		return nil
	}
	n, known := b.length(e.Args[0])
	if !known {
		b.errorf(e.Args[0].Pos(), "%s is not a constant", syntax.FormatShort(e.Args[0]))
	}
	if n != 0 {
		return e.Args[1]
	}
	return e.Args[2]
}

// choice is the expression that _Generic comes to; nil after an error.
func (b *body) choice(e *syntax.Generic) syntax.Expr {
	t := b.typeOf(e.X).decayed()
	if t.kind == tOther || t.bitField {
		b.errorf(e.X.Pos(), "of what type %s is cannot be told", syntax.FormatShort(e.X))
		return nil
	}
	plain := *t
	plain.atomic = false
	var found, otherwise syntax.Expr
	for _, a := range e.Assocs {
		if a.Type == nil {
			otherwise = a.Value
			continue
		}
		of := b.resolve(a.Type)
		switch {
		case !b.compatible(&plain, of):
		case found != nil:
			b.errorf(a.Pos(), "two types of _Generic are %s here: const and volatile are not looked at", t)
			return nil
		case plain.kind == tPointer && plain.elem.kind != tFunction:
			b.hintf(a.Pos(), "write the expression for the type at hand",
				"_Generic of a pointer cannot be modelled: whether %s is what const makes another type is not looked at", t)
			return nil
		default:
			found = a.Value
		}
	}
	if found == nil {
		found = otherwise
	}
	if found == nil {
		b.errorf(e.Pos(), "_Generic has no choice for %s", t)
	}
	return found
}
