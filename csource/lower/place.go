package lower

import (
	"strings"

	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// A piece is the statement or condition that is being compiled. Its place is made with its first
// instruction: one without any, such as a message, takes no part in what a run can reach.
type piece struct {
	kind  model.PlaceKind
	pos   model.Pos
	text  func() string // nil: nothing that a run can reach or miss
	place int32
}

// pieceOf is the piece of an item. A declaration without a value does nothing. A temporary is a
// part of the statement around it. A clean-up is reached in its function.
func pieceOf(i flow.Item, live bool) piece {
	if !live {
		return piece{}
	}
	switch i := i.(type) {
	case *flow.Eval:
		return piece{pos: i.X.Pos(), text: textOf(i.X)}
	case *flow.Init:
		return piece{pos: i.Local.Pos, text: func() string { return i.Local.Name + " = " + syntax.FormatShort(i.X) }}
	}
	return piece{}
}

// pieceOfEnd is the piece of the end of a block. The return at the closing brace of d is no
// statement.
func pieceOfEnd(e flow.End, d *syntax.FuncDef, live bool) piece {
	if !live {
		return piece{}
	}
	switch e := e.(type) {
	case *flow.Branch:
		if e.Tested { // a check that holds is left in one way
			return piece{}
		}
		return piece{kind: model.Condition, pos: e.Cond.Pos(), text: textOf(e.Cond)}
	case *flow.Switch:
		return piece{kind: model.Condition, pos: e.X.Pos(), text: textOf(e.X)}
	case *flow.Return:
		switch {
		case e.X != nil:
			return piece{pos: e.Pos, text: func() string { return "return " + syntax.FormatShort(e.X) }}
		case e.Pos != d.Body.Rbrace:
			return piece{pos: e.Pos, text: func() string { return "return" }}
		}
	}
	return piece{}
}

// placed is the place of what is being compiled, 0 for none.
func (b *body) placed() int32 {
	m := &b.piece
	if m.place == 0 && m.text != nil {
		m.place = b.newPlace(model.Place{Kind: m.kind, Function: b.f.name, Pos: m.pos, Text: m.text()})
	}
	return m.place
}

const placeBytes = 120

func (u *Unit) newPlace(p model.Place) int32 {
	u.meter.Take(placeBytes + len(p.Text))
	u.places = append(u.places, p)
	return int32(len(u.places) - 1)
}

// ways makes the places that are ways on from an instruction: two of a branch, one for each case of
// a switch and one for its default, and one for each fault that can strike a wait or an
// allocation.
func (b *body) ways(i *instr) {
	if i.place == 0 {
		return
	}
	way := func(kind model.PlaceKind, text string) {
		at := b.newPlace(model.Place{Kind: kind, Function: b.f.name, Pos: i.pos, Text: text, Of: i.place})
		if i.ways == 0 {
			i.ways = at
		}
	}
	switch {
	case i.op == iBranch && b.piece.kind == model.Condition: // others only carry a statement out
		text := strings.TrimSpace(b.places[i.place].Text)
		way(model.Branch, text)
		way(model.Branch, "not "+text)
	case i.op == iSwitch:
		for _, c := range i.cases {
			text := "case " + i.typ.literal(i.typ.ordered(c.Lo))
			if c.Hi != c.Lo {
				text += " ... " + i.typ.literal(i.typ.ordered(c.Hi))
			}
			way(model.Branch, text)
		}
		way(model.Branch, "default")
	case i.op == iAllocate && i.prim.MayFail():
		way(model.FaultBranch, i.text()+" fails")
	case i.op == iPrim && i.prim.Effect == vocabulary.Wait:
		for _, l := range faultLabels {
			way(model.FaultBranch, i.text()+" "+l.String())
		}
	}
}

// faultLabels are the outcomes of a wait that only a fault takes, in the order of their places.
var faultLabels = [...]model.Label{model.TimedOut, model.Stolen, model.Spuriously}

// waysOn says of the ways on from an instruction what comes first on them.
func (u *Unit) waysOn(f *function, i *instr) {
	switch {
	case i.ways == 0:
	case i.op == iBranch:
		u.places[i.ways].Next, u.places[i.ways+1].Next = f.placeAt(i.then), f.placeAt(i.otherwise)
	case i.op == iSwitch:
		for k := range i.cases {
			u.places[int(i.ways)+k].Next = f.placeAt(i.cases[k].To)
		}
		u.places[int(i.ways)+len(i.cases)].Next = f.placeAt(i.then)
	}
}

// placeAt is the place of the first instruction from pc on that has one. It does not follow jumps.
func (f *function) placeAt(pc int) int32 {
	for ; pc < len(f.code) && f.code[pc].op != iJump && f.code[pc].op != iReturn; pc++ {
		if f.code[pc].place != 0 {
			return f.code[pc].place
		}
	}
	if pc < len(f.code) {
		return f.code[pc].place
	}
	return 0
}
