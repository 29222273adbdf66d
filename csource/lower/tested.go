package lower

import (
	"slices"

	"github.com/lockproof/lockproof/model"
)

// seen is an operand of the condition of a check, to say what it was where the check fails.
type seen struct {
	slot int
	typ  *typ
	text func() string
}

// operands lists what the condition of a check, compiled from an instruction on, looks at after its
// last step: named locals, and what that condition has loaded. What it has looked at before may be
// forgotten by then; what only some of the ways through it load is left out.
func (b *body) operands(from int, check *instr) []seen {
	code := b.f.code[min(from, len(b.f.code)):]
	last := -1
	branches := false
	loaded := map[int]*instr{}
	for j := range code {
		switch i := &code[j]; i.op {
		case iLoad, iLoadPtr:
			last, loaded[i.dst] = j, i
		case iPrim, iCall, iCallPointer, iUpdate, iStore, iStorePtr:
			last = j
		case iBranch, iSwitch, iJump:
			branches = true
		}
	}
	var out []seen
	look := func(o operand) {
		if o.slot < 0 || slices.ContainsFunc(out, func(s seen) bool { return s.slot == o.slot }) {
			return
		}
		s := b.f.slots[o.slot]
		switch i := loaded[o.slot]; {
		case s.name != "":
			out = append(out, seen{o.slot, s.typ, func() string { return s.name }})
		case i != nil && !branches && i.text != nil:
			out = append(out, seen{o.slot, s.typ, i.text})
		}
	}
	for j := last + 1; j < len(code); j++ {
		if usesA(code[j].op) {
			look(code[j].a)
		}
		if usesB(code[j].op) {
			look(code[j].b)
		}
	}
	look(check.a)
	return out
}

// values says what the operands of a check are.
func (t *thread) values(c *config, i *instr) []model.Local {
	var out []model.Local
	for _, s := range i.seen {
		v := c.top().slots.get(s.slot)
		text := t.show(v)
		if v.isNull() && s.typ.kind == tPointer {
			text = "NULL"
		}
		if v.kind != vUnset {
			out = append(out, model.Local{Name: s.text(), Value: text})
		}
	}
	return out
}

// alsoSeen keeps of what a failing check has seen what is the same whichever way a thread comes
// there.
func (s *spot) alsoSeen(other []model.Local) {
	if slices.Equal(s.c.seen, other) {
		return
	}
	s.c.seen = slices.DeleteFunc(slices.Clone(s.c.seen), func(l model.Local) bool { return !slices.Contains(other, l) })
}
