package lower

import (
	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// header enters a function's name and type, so that bodies can call it in any order.
func (u *Unit) header(d *syntax.FuncDef) {
	if old := u.functions[d.Name]; old != nil {
		u.errorf(d.Pos(), "%s is defined twice, first at %s", d.Name, old.pos)
		return
	}
	if p := vocabulary.Lookup(d.Name); p != nil && !p.Message() {
		u.errorf(d.Pos(), "%s is a primitive and cannot be defined", d.Name)
	}
	f := &function{name: d.Name, number: len(u.numbered), pos: d.Pos(), result: u.resolve(d.Type.Result)}
	u.numbered = append(u.numbered, f)
	for _, p := range d.Type.Params {
		t := decayed(u.parameter(p.Type))
		if t.isObject() && !u.isValue(p.Pos(), p.Name, t) {
			t = otherType
		}
		f.params = append(f.params, t)
		f.starts = append(f.starts, len(f.slots))
		if t.isObject() {
			n, _ := t.scalars()
			for range n { // they go to the home of the parameter
				f.slots = append(f.slots, slot{typ: otherType})
			}
		} else {
			f.slots = append(f.slots, slot{p.Name, t})
		}
	}
	f.passed = len(f.slots)
	if f.result.isObject() && !u.isValue(d.Pos(), d.Name+"()", f.result) {
		f.result = otherType
	}
	f.wrapper = u.wraps(d)
	u.functions[d.Name] = f
}

// isValue refuses an object of which there can be no copy.
func (u *Unit) isValue(pos model.Pos, name string, t *typ) bool {
	n, ok := t.scalars()
	ok = ok && !t.holds(isWaitedFor)
	switch {
	case !ok:
		u.errorf(pos, "%s is a %s that is passed by value, and locks and conditions cannot be: pass a pointer to it", name, t)
	case n > maxHome:
		u.errorf(pos, "%s has more than %d parts", name, maxHome)
		ok = false
	}
	return ok
}

// body compiles one function from its control-flow graph.
type body struct {
	*Unit
	f           *function
	env         flow.Env             // at the item at hand
	slots       map[*flow.Local]int  // where the locals are
	statics     map[*flow.Local]int  // which globals the locals are that are static or extern
	staticNames map[string]int       // how many static ones have a name
	homes       map[*flow.Local]int  // which homes the locals are
	begins      bool                 // what is emitted gives a variable its first value
	hasHome     map[*flow.Local]bool // those whose address is taken
	homed       int                  // their scalars
	copies      map[*syntax.Temp]int // homes of temporaries of the graph that are structs
	results     []int                // homes of the results of calls in this item
	holders     map[string][]holder  // slots of locals, by their names
	named       int                  // slots of named locals
	kept        []kept               // the temporaries of the graph
	spare       []int                // temporaries that the items before have left
	temps       []int                // temporaries of this item
	effects     map[syntax.Expr]bool
	types       map[syntax.Expr]*typ // what typeOf found
	bySign      map[syntax.Expr]bool // calls of which only the sign of the result matters
	dry         bool                 // an expression is looked at whose code is thrown away
	jumps       []fixup
	piece       piece // what is being compiled
}

// holder is a slot, and the local that has it: when its scope has ended, the next one of that name
// may have it.
type holder struct {
	slot  int
	local *flow.Local
}

// kept is where a temporary of the graph is, and which one it was that was set last.
type kept struct {
	slot int
	of   *syntax.Temp
}

// fixup is a way on that is filled in when it is known where each block begins.
type fixup struct {
	at  int
	no  bool // the way on of a branch whose condition is zero
	end *flow.Block
}

const (
	maxLocals  = 1000 // parameters and local variables of one function
	instrBytes = 400  // of an instruction, and what finding live variables needs for it
)

func (u *Unit) compile(f *function, d *syntax.FuncDef) {
	g, ds := flow.New(d, flow.Options{Defined: u.HasFunction, Variable: u.isGlobal, Lives: true, Meter: u.meter})
	u.diags.Append(ds)
	b := &body{
		Unit: u, f: f, slots: map[*flow.Local]int{}, statics: map[*flow.Local]int{}, staticNames: map[string]int{},
		homes:   map[*flow.Local]int{},
		holders: map[string][]holder{}, named: len(f.slots), copies: map[*syntax.Temp]int{},
		kept: make([]kept, g.Temps), effects: map[syntax.Expr]bool{},
	}
	u.inside = b
	defer func() { u.inside = nil }()
	if len(f.slots) > maxLocals {
		u.errorf(d.Pos(), "%s has more than %d parameters", f.name, maxLocals)
	}
	for i, t := range f.params {
		if !t.isObject() {
			b.slots[g.Locals[i]] = f.starts[i]
		}
	}
	b.hasHome = b.findAddressed(g)
	b.parameterHomes(g)
	start := make([]int, len(g.Blocks))
	for i, block := range g.Blocks {
		if u.diags.Full() || u.meter.Err() != nil {
			return
		}
		start[i] = len(f.code)
		for _, item := range block.Items {
			b.piece = pieceOf(item, block.Live)
			b.item(item)
			b.clearResults()
			b.done()
		}
		b.piece = pieceOfEnd(block.End, d, block.Live)
		var next *flow.Block
		if i+1 < len(g.Blocks) {
			next = g.Blocks[i+1]
		}
		b.end(block.End, next)
		b.done()
	}
	for _, j := range b.jumps {
		if to := start[j.end.Index]; j.no {
			f.code[j.at].otherwise = to
		} else {
			f.code[j.at].then = to
		}
	}
	for i := range f.code {
		for k := range f.code[i].cases {
			c := &f.code[i].cases[k]
			c.To = start[c.To]
		}
		u.waysOn(f, &f.code[i])
	}
	if len(u.diags) == 0 && u.meter.Err() == nil {
		f.liveVariables(u.meter)
	}
}

func (b *body) emit(i instr) int {
	b.meter.Work(1)
	b.meter.Take(instrBytes)
	i.begins = b.begins
	if !b.dry {
		i.place = b.placed()
		b.ways(&i)
	}
	b.f.code = append(b.f.code, i)
	return len(b.f.code) - 1
}

// jump goes to a block.
func (b *body) jump(pos model.Pos, to *flow.Block) {
	b.jumps = append(b.jumps, fixup{at: b.emit(instr{op: iJump, pos: pos, dst: -1}), end: to})
}

// branch goes to one of two blocks.
func (b *body) branch(i instr, yes, no *flow.Block) {
	i.op, i.dst = iBranch, -1
	at := b.emit(i)
	b.jumps = append(b.jumps, fixup{at: at, end: yes}, fixup{at: at, no: true, end: no})
}

func (b *body) item(i flow.Item) {
	switch i := i.(type) {
	case *flow.Eval:
		b.env = i.Env
		b.effect(i.X)
	case *flow.Set:
		b.env = i.Env
		b.set(i)
	case *flow.Declare:
		b.declareLocal(i)
	case *flow.Init:
		b.env = i.Env
		if _, ok := b.homes[i.Local]; ok {
			b.initHome(i.Local, i.X)
			return
		}
		s := b.slots[i.Local]
		first := b.scalarInit(i.X, b.f.slots[s].typ)
		x, from := b.expr(first)
		b.mustAssign(first, b.f.slots[s].typ, from, "%s is", i.Local.Name)
		x = b.convert(first, x, from, b.f.slots[s].typ)
		b.emit(instr{op: iCopy, pos: i.Local.Pos, text: textOf(first), dst: s, a: x})
	case *flow.Types:
		b.declareTypesOf(i.Decl)
	case *flow.Leave:
		b.leave(i)
	case *flow.Gone:
		if h, ok := b.homes[i.Local]; ok {
			b.emit(instr{op: iGone, pos: i.Pos, text: func() string {
				return "the scope of " + i.Local.Name + " ends"
			}, dst: -1, field: h})
		}
	case *flow.Other:
		b.other(i.Stmt)
	}
}

func (b *body) other(s syntax.Stmt) {
	switch s.(type) {
	case *syntax.BadStmt:
	case *syntax.Asm:
		b.errorf(s.Pos(), "asm cannot be modelled")
	case *syntax.Goto:
		b.errorf(s.Pos(), "a computed goto cannot be modelled")
	default:
		b.errorf(s.Pos(), "this statement cannot be modelled")
	}
}

func (b *body) declareTypesOf(d syntax.Decl) {
	switch d := d.(type) {
	case *syntax.Prototype, *syntax.StaticAssert, *syntax.StructDecl, *syntax.EnumDecl, *syntax.TypedefDecl:
		b.declare(d)
	default:
		b.errorf(d.Pos(), "this declaration cannot be modelled inside a function")
	}
}
