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
	f := &function{name: d.Name, pos: d.Pos(), result: u.resolve(d.Type.Result)}
	for _, p := range d.Type.Params {
		t := u.resolve(p.Type)
		f.params = append(f.params, t)
		f.slots = append(f.slots, slot{p.Name, t})
	}
	u.functions[d.Name] = f
}

// body compiles one function from its control-flow graph.
type body struct {
	*Unit
	f       *function
	env     flow.Env            // at the item at hand
	slots   map[*flow.Local]int // where the locals are
	holders map[string][]holder // slots of locals, by their names
	named   int                 // slots of named locals
	kept    []kept              // the temporaries of the graph
	spare   []int               // temporaries that the items before have left
	temps   []int               // temporaries of this item
	effects map[syntax.Expr]bool
	jumps   []fixup
}

// holder is a slot, and the local that has it: when its scope has ended, the next one of that name may have it.
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
	instrBytes = 400  // of an instruction, and what liveness needs for it
)

func (u *Unit) compile(f *function, d *syntax.FuncDef) {
	g, ds := flow.New(d, flow.Options{Defined: u.HasFunction, Meter: u.meter})
	u.diags.Append(ds)
	b := &body{
		Unit: u, f: f, slots: map[*flow.Local]int{}, holders: map[string][]holder{}, named: len(f.slots),
		kept: make([]kept, g.Temps), effects: map[syntax.Expr]bool{},
	}
	if len(f.slots) > maxLocals {
		u.errorf(d.Pos(), "%s has more than %d parameters", f.name, maxLocals)
	}
	for i := range f.slots {
		b.slots[g.Locals[i]] = i
	}
	start := make([]int, len(g.Blocks))
	for i, block := range g.Blocks {
		if u.diags.Full() || u.meter.Err() != nil {
			return
		}
		start[i] = len(f.code)
		for _, item := range block.Items {
			b.item(item)
			b.done()
		}
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
	}
	if len(u.diags) == 0 && u.meter.Err() == nil {
		f.liveness(u.meter)
	}
}

func (b *body) emit(i instr) int {
	b.meter.Work(1)
	b.meter.Take(instrBytes)
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

// local finds the slot of a local variable.
func (b *body) local(name string) (int, bool) {
	l := b.env.Find(name)
	if l == nil {
		return 0, false
	}
	return b.slots[l], true
}

// slotFor gives a local variable its slot. It may be that of an earlier one, unless somebody may point there.
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
		s := b.slots[i.Local]
		x, from := b.expr(i.X)
		b.mustAssign(i.X, b.f.slots[s].typ, from, "%s is", i.Local.Name)
		b.emit(instr{op: iCopy, pos: i.Local.Pos, dst: s, a: x})
	case *flow.Types:
		b.declareTypesOf(i.Decl)
	case *flow.Leave:
		b.leave(i)
	case *flow.Other:
		b.other(i.Stmt)
	}
}

// set gives a temporary its value. NULL in one arm of ?: has the type of the other.
func (b *body) set(i *flow.Set) {
	x, t := b.expr(i.X)
	k := &b.kept[i.Temp.Index]
	switch {
	case k.of == nil:
		b.f.slots = append(b.f.slots, slot{typ: t})
		k.slot = len(b.f.slots) - 1
	case k.of != i.Temp:
		b.f.slots[k.slot].typ = t
	default:
		if old := b.f.slots[k.slot].typ; old.kind == tPointer && old.elem.kind == tVoid {
			b.f.slots[k.slot].typ = t
		}
	}
	k.of = i.Temp
	b.emit(instr{op: iCopy, pos: i.X.Pos(), dst: k.slot, a: x})
}

func (b *body) other(s syntax.Stmt) {
	switch s.(type) {
	case *syntax.BadStmt:
	case *syntax.Goto:
		b.errorf(s.Pos(), "a computed goto cannot be modelled")
	default:
		b.errorf(s.Pos(), "this statement cannot be modelled")
	}
}

func (b *body) declareTypesOf(d syntax.Decl) {
	switch d := d.(type) {
	case *syntax.Prototype:
	case *syntax.StructDecl, *syntax.EnumDecl, *syntax.TypedefDecl:
		b.declare(d)
	default:
		b.errorf(d.Pos(), "this declaration cannot be modelled inside a function")
	}
}

func (b *body) declareLocal(i *flow.Declare) {
	l := i.Local
	t := b.resolve(l.Type)
	if l.Decl.Storage.Has(syntax.Static) {
		b.errorf(l.Pos, "a static local is shared: declare %s at file scope", l.Name)
	}
	switch t.kind {
	case tStruct, tMutex, tCond:
		b.errorf(l.Pos, "%s is a %s on the stack of one thread: objects must be at file scope or in a struct", l.Name, t)
	}
	if l.Hides != nil {
		b.errorf(l.Pos, "%s is declared twice in one block", l.Name)
	}
	b.slots[l] = b.slotFor(l, i.Env, t)
	b.emit(instr{op: iCopy, pos: l.Pos, dst: b.slots[l], a: constant(value{})})
}

// leave calls the clean-up function of a variable, with its address.
func (b *body) leave(i *flow.Leave) {
	var f *function
	if len(i.Attr.Args) == 1 {
		if id, ok := i.Attr.Args[0].(*syntax.Ident); ok {
			f = b.functions[id.Name]
		}
	}
	s := b.slots[i.Local]
	t := pointerTo(b.f.slots[s].typ)
	if f == nil || len(f.params) != 1 || !assignable(f.params[0], t) {
		b.errorf(i.Attr.Pos(), "cleanup needs a function of the suite that takes %s", t)
		return
	}
	b.f.take(s)
	b.f.callees = append(b.f.callees, callSite{f, i.Pos})
	at := b.temp(t)
	b.emit(instr{op: iAddrSlot, pos: i.Pos, dst: at, a: inSlot(s)})
	dst := -1
	if f.result.kind != tVoid {
		dst = b.temp(f.result)
	}
	name := f.name + "(&" + i.Local.Name + ")"
	b.emit(instr{op: iCall, pos: i.Pos, text: func() string { return name }, dst: dst, callee: f, args: []operand{inSlot(at)}})
}
