package lower

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// A lock guard is a pointer to the mutex that it holds, NULL when it holds none.

// guardCall compiles the calls that make and end lock guards, that lock objects, and G_LOCK.
func (b *body) guardCall(e *syntax.Call, p *vocabulary.Function) (operand, *typ) {
	arg := e.Args[0]
	switch p.Effect {
	case vocabulary.LockGuard:
		x, _ := b.argumentOf(arg, p, 0)
		return b.lockedBy(e, x)
	case vocabulary.LockObjectGuard:
		return b.lockedBy(e, b.mutexOf(arg, p))
	case vocabulary.UnlockGuard:
		old, t := b.taken(b.addressed(e, p), p)
		if t.kind == tOther {
			break
		}
		if t.elem.kind != tMutex {
			b.errorf(arg.Pos(), "%s needs a virLockGuard *, and %s is %s *", p.Name, syntax.FormatShort(arg), t)
			break
		}
		test := b.emit(instr{op: iBranch, pos: e.Pos(), text: textOf(e), dst: -1, a: old})
		b.f.code[test].then = test + 1
		b.lockPrim(e, "virMutexUnlock", old)
		b.f.code[test].otherwise = len(b.f.code)
	case vocabulary.LockObject:
		b.lockPrim(e, "virMutexLock", b.mutexOf(arg, p))
	case vocabulary.UnlockObject:
		b.lockPrim(e, "virMutexUnlock", b.mutexOf(arg, p))
	default:
		return b.namedLock(e, p)
	}
	return constant(value{}), voidType
}

// lockPrim emits a primitive on a mutex, and returns its result.
func (b *body) lockPrim(e *syntax.Call, name string, mutex operand) operand {
	p := vocabulary.Lookup(name)
	i := instr{op: iPrim, pos: e.Pos(), text: textOf(e), dst: -1, prim: p, args: []operand{mutex}}
	if p.Result != vocabulary.NoResult {
		i.dst = b.temp(intType)
	}
	b.emit(i)
	return inSlot(i.dst)
}

// lockedBy locks a mutex and makes a guard of it.
func (b *body) lockedBy(e *syntax.Call, mutex operand) (operand, *typ) {
	t := builtinTypes["virLockGuard"]
	guard := b.temp(t)
	b.emit(instr{op: iCopy, pos: e.Pos(), dst: guard, a: mutex})
	b.lockPrim(e, "virMutexLock", inSlot(guard))
	return inSlot(guard), t
}

// mutexOf is the address of the mutex of an object, which must have exactly one.
func (b *body) mutexOf(e syntax.Expr, p *vocabulary.Function) operand {
	x, t := b.expr(e)
	s := t.pointsToStruct()
	if s == nil {
		if t.kind != tOther {
			b.errorf(e.Pos(), "argument 1 of %s is an object, and %s is %s", p.Name, syntax.FormatShort(e), t)
		}
		return constant(intValue(0))
	}
	path, n := s.mutexes()
	if n != 1 {
		b.errorf(e.Pos(), "%s needs an object with one virMutex, and struct %s has %s", p.Name,
			s.tag, plural(n, "virMutex field"))
		return constant(intValue(0))
	}
	for _, f := range path {
		to := s.fields[f].typ
		dst := b.temp(pointerTo(to))
		b.emit(instr{op: iField, pos: e.Pos(), text: textOf(e), dst: dst, a: x, strukt: s, field: f})
		x, s = inSlot(dst), to.strukt
	}
	return x
}

// mutexes counts the mutexes in a struct, and finds the way to the first one.
func (s *structDef) mutexes() (path []int, n int) {
	for i, f := range s.fields {
		var inner []int
		found := 0
		switch {
		case f.typ == nil:
		case f.typ.kind == tMutex:
			found = 1
		case f.typ.kind == tStruct && f.typ.strukt.defined && f.typ.strukt != s:
			inner, found = f.typ.strukt.mutexes()
		}
		if n == 0 && found > 0 {
			path = append([]int{i}, inner...)
		}
		n += found
	}
	return path, n
}

// namedLock compiles G_LOCK(name), G_TRYLOCK and G_UNLOCK.
func (b *body) namedLock(e *syntax.Call, p *vocabulary.Function) (operand, *typ) {
	id, ok := e.Args[0].(*syntax.Ident)
	if !ok || b.globalIndex(lockName(id.Name)) < 0 {
		b.errorf(e.Args[0].Pos(), "%s needs a name that G_LOCK_DEFINE or G_LOCK_DEFINE_STATIC has made", p.Name)
		return constant(intValue(0)), otherType
	}
	i := b.globalIndex(lockName(id.Name))
	mutex, _ := b.loadField(id, constant(objectValue(globalsObject)), nil, i, mutexType)
	switch p.Effect {
	case vocabulary.LockNamed:
		b.lockPrim(e, "g_mutex_lock", mutex)
	case vocabulary.UnlockNamed:
		b.lockPrim(e, "g_mutex_unlock", mutex)
	default:
		return b.lockPrim(e, "g_mutex_trylock", mutex), intType
	}
	return constant(value{}), voidType
}
