package lower

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
)

// binding is what a name stands for: a slot, since it was declared at some depth of blocks.
type binding struct{ slot, depth int }

// hidden is what a name stood for outside of the block, which declares it anew.
type hidden struct {
	name string
	was  binding
	had  bool
}

func (b *body) push() { b.blocks = append(b.blocks, nil) }

// pop ends a block. The slots of its locals are left to others of their names, unless somebody may point to them.
func (b *body) pop() {
	last := len(b.blocks) - 1
	for _, h := range slices.Backward(b.blocks[last]) {
		if s := b.locals[h.name].slot; !b.f.taken[s] {
			b.left[h.name] = append(b.left[h.name], s)
		}
		if h.had {
			b.locals[h.name] = h.was
		} else {
			delete(b.locals, h.name)
		}
	}
	b.blocks = b.blocks[:last]
}

// bind gives a name its meaning until the block ends.
func (b *body) bind(name string, slot int) {
	old, had := b.locals[name]
	if !had || old.depth != len(b.blocks) {
		top := &b.blocks[len(b.blocks)-1]
		*top = append(*top, hidden{name, old, had})
	}
	b.locals[name] = binding{slot, len(b.blocks)}
}

// slotFor gives a local variable its slot.
func (b *body) slotFor(v *syntax.VarDecl, t *typ) int {
	if free := b.left[v.Name]; len(free) > 0 {
		s := free[len(free)-1]
		b.left[v.Name] = free[:len(free)-1]
		b.f.slots[s].typ = t
		return s
	}
	if b.named++; b.named == maxLocals+1 {
		b.errorf(v.Pos(), "%s has more than %d local variables", b.f.name, maxLocals)
	}
	b.f.slots = append(b.f.slots, slot{v.Name, t})
	return len(b.f.slots) - 1
}

// temp gives a slot for a value that no other statement reads.
func (b *body) temp(t *typ) int {
	s := len(b.f.slots)
	if n := len(b.spare); n > 0 {
		s = b.spare[n-1]
		b.spare = b.spare[:n-1]
		b.f.slots[s].typ = t
	} else {
		b.f.slots = append(b.f.slots, slot{typ: t})
	}
	b.temps = append(b.temps, s)
	return s
}

// done ends a statement, or a part of one whose value has been used: its temporaries may be used again.
func (b *body) done() {
	b.spare = append(b.spare, b.temps...)
	b.temps = b.temps[:0]
}

func (b *body) local(name string) (int, bool) {
	l, ok := b.locals[name]
	return l.slot, ok
}

func (b *body) declareLocal(d syntax.Decl) {
	v, ok := d.(*syntax.VarDecl)
	if !ok {
		switch d := d.(type) {
		case *syntax.Prototype:
		case *syntax.StructDecl, *syntax.EnumDecl, *syntax.TypedefDecl:
			b.declare(d)
		default:
			b.errorf(d.Pos(), "this declaration cannot be modelled inside a function")
		}
		return
	}
	t := b.resolve(v.Type)
	if v.Storage.Has(syntax.Static) {
		b.errorf(v.Pos(), "a static local is shared: declare %s at file scope", v.Name)
	}
	switch t.kind {
	case tStruct, tMutex, tCond:
		b.errorf(v.Pos(), "%s is a %s on the stack of one thread: objects must be at file scope or in a struct", v.Name, t)
	}
	if old, ok := b.locals[v.Name]; ok && old.depth == len(b.blocks) {
		b.errorf(v.Pos(), "%s is declared twice in one block", v.Name)
	}
	s := b.slotFor(v, t)
	if v.Init != nil {
		x, from := b.expr(v.Init)
		b.mustAssign(v.Init, t, from, "%s is", v.Name)
		b.emit(instr{op: iCopy, pos: v.Pos(), dst: s, a: x})
	} else {
		b.emit(instr{op: iCopy, pos: v.Pos(), dst: s, a: constant(value{})})
	}
	b.bind(v.Name, s)
}
