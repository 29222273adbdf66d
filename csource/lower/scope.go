package lower

import (
	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
)

// temp gives a slot for a value that no other item reads.
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

// done ends an item: its temporaries may be used again.
func (b *body) done() {
	b.spare = append(b.spare, b.temps...)
	b.temps = b.temps[:0]
}

// slotFor gives a local variable its slot. It may be that of an earlier one, unless somebody may
// point there.
func (b *body) slotFor(l *flow.Local, env flow.Env, t *typ) int {
	for i := range b.holders[l.Name] {
		h := &b.holders[l.Name][i]
		if !b.f.taken[h.slot] && !env.Within(h.local) {
			h.local = l
			b.f.slots[h.slot].typ = t
			return h.slot
		}
	}
	if b.named++; b.named == maxLocals+1 {
		b.errorf(l.Pos, "%s has more than %d local variables", b.f.name, maxLocals)
	}
	b.f.slots = append(b.f.slots, slot{l.Name, t})
	s := len(b.f.slots) - 1
	b.holders[l.Name] = append(b.holders[l.Name], holder{s, l})
	return s
}

// set gives a temporary its value. The arms of ?: are converted to the type that they have in
// common.
func (b *body) set(i *flow.Set) {
	if i.Old {
		if p := b.place(i.X); p.typ.atomic && p.kind != slotPlace {
			return
		}
	}
	x, from := b.expr(i.X)
	t := from
	k := &b.kept[i.Temp.Index]
	if cond, ok := i.Temp.X.(*syntax.Cond); ok {
		if t = b.typeOfCond(cond); t.kind == tOther {
			t = from
			if k.of == i.Temp && !t.is(b.f.slots[k.slot].typ) {
				b.hintf(i.X.Pos(), "give each arm a variable of its own", "the arms of %s have different types",
					syntax.FormatShort(cond))
			}
		}
		x = b.convert(i.X, x, from, t)
	}
	if k.of == nil {
		b.f.slots = append(b.f.slots, slot{})
		k.slot = len(b.f.slots) - 1
	}
	b.f.slots[k.slot].typ = t
	k.of = i.Temp
	if t.kind == tStruct && !i.Place {
		b.keepObject(i, x, t, k.slot)
		return
	}
	b.emit(instr{op: iCopy, pos: i.X.Pos(), text: textOf(i.X), dst: k.slot, a: x})
}

func (b *body) declareLocal(i *flow.Declare) {
	l := i.Local
	b.env = i.Env.Before(l)
	t := b.typeOfVariable(l.Decl)
	b.env = i.Env
	b.localAttributes(l.Decl)
	if l.Hides != nil {
		b.errorf(l.Pos, "%s is declared twice in one block", l.Name)
	}
	switch storage := l.Decl.Storage; {
	case storage.Has(syntax.Static):
		b.statics[l] = b.staticLocal(l.Decl, t)
		return
	case storage.Has(syntax.Extern):
		b.statics[l] = b.externLocal(l.Decl, t)
		return
	case storage.Has(syntax.ThreadLocal):
		b.errorf(l.Pos, "%s is thread-local in a function: C wants static or extern before it", l.Name)
	}
	if t.isObject() || b.hasHome[l] {
		b.declareHome(l, b.sized(l.Pos, l.Name, t, l.Decl.Init))
		return
	}
	b.slots[l] = b.slotFor(l, i.Env, t)
	b.emit(instr{op: iCopy, pos: l.Pos, dst: b.slots[l], a: constant(value{})})
}
