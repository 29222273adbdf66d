package lower

import (
	"slices"

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
	f      *function
	env    flow.Env // at the item at hand
	locals []int    // slot of each local of the graph
	temps  []int    // slot of each of its temporaries, -1 before it is set
	jumps  []fixup
}

// fixup is a way on that is filled in when it is known where each block begins.
type fixup struct {
	at  int
	no  bool // the way on of a branch whose condition is zero
	end *flow.Block
}

func (u *Unit) compile(f *function, d *syntax.FuncDef) {
	g, ds := flow.New(d, flow.Options{Defined: u.HasFunction})
	u.diags = append(u.diags, ds...)
	b := &body{Unit: u, f: f, locals: make([]int, len(g.Locals)), temps: make([]int, g.Temps)}
	for i := range f.params {
		b.locals[i] = i
	}
	for i := range b.temps {
		b.temps[i] = -1
	}
	start := make([]int, len(g.Blocks))
	for i, block := range g.Blocks {
		start[i] = len(f.code)
		for _, item := range block.Items {
			b.item(item)
		}
		var next *flow.Block
		if i+1 < len(g.Blocks) {
			next = g.Blocks[i+1]
		}
		b.end(block.End, next)
	}
	for _, j := range b.jumps {
		if to := start[j.end.Index]; j.no {
			f.code[j.at].otherwise = to
		} else {
			f.code[j.at].then = to
		}
	}
	slices.Sort(f.taken)
	f.taken = slices.Compact(f.taken)
	f.liveness()
}

func (b *body) emit(i instr) int {
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

func (b *body) temp(t *typ) int {
	b.f.slots = append(b.f.slots, slot{typ: t})
	return len(b.f.slots) - 1
}

// local finds the slot of a local variable.
func (b *body) local(name string) (int, bool) {
	l := b.env.Find(name)
	if l == nil {
		return 0, false
	}
	return b.locals[l.Index], true
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
		b.declareLocal(i.Local)
	case *flow.Init:
		b.env = i.Env
		s := b.locals[i.Local.Index]
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
	s := &b.temps[i.Temp.Index]
	if *s < 0 {
		*s = b.temp(t)
	} else if old := b.f.slots[*s].typ; old.kind == tPointer && old.elem.kind == tVoid {
		b.f.slots[*s].typ = t
	}
	b.emit(instr{op: iCopy, pos: i.X.Pos(), dst: *s, a: x})
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

func (b *body) declareLocal(l *flow.Local) {
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
	b.f.slots = append(b.f.slots, slot{l.Name, t})
	b.locals[l.Index] = len(b.f.slots) - 1
	b.emit(instr{op: iCopy, pos: l.Pos, dst: b.locals[l.Index], a: constant(value{})})
}

// leave calls the clean-up function of a variable, with its address.
func (b *body) leave(i *flow.Leave) {
	var f *function
	if len(i.Attr.Args) == 1 {
		if id, ok := i.Attr.Args[0].(*syntax.Ident); ok {
			f = b.functions[id.Name]
		}
	}
	s := b.locals[i.Local.Index]
	t := pointerTo(b.f.slots[s].typ)
	if f == nil || len(f.params) != 1 || !assignable(f.params[0], t) {
		b.errorf(i.Attr.Pos(), "cleanup needs a function of the suite that takes %s", t)
		return
	}
	b.f.taken = append(b.f.taken, s)
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
