package lower

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// header enters a function's name and type, so that bodies can call it in any order.
func (u *Unit) header(d *syntax.FuncDef) {
	if old := u.functions[d.Name]; old != nil {
		u.errorf(d.Pos(), "%s is defined twice, first at %s", d.Name, old.pos)
		return
	}
	if p := vocabulary[d.Name]; p != nil && p.op != primSilent {
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

// body compiles one function.
type body struct {
	*Unit
	f       *function
	locals  map[string]binding
	blocks  [][]hidden       // what each block around the current statement hides, and the function itself
	left    map[string][]int // slots of locals whose block has ended, by name: the next one of that name may have it
	named   int              // slots of named locals
	spare   []int            // temporaries that the statements before have left
	temps   []int            // temporaries of this statement
	effects map[syntax.Expr]bool
	labels  map[string]*label
	loops   []jumps
}

// label is a place to jump to, possibly before it is known.
type label struct {
	at      int
	pos     model.Pos
	defined bool
	used    model.Pos
	from    []int
}

// jumps are what break and continue mean.
type jumps struct {
	breaks, continues []int
	isSwitch          bool
}

func (u *Unit) compile(f *function, d *syntax.FuncDef) {
	b := &body{
		Unit: u, f: f, locals: map[string]binding{}, effects: map[syntax.Expr]bool{}, labels: map[string]*label{},
		left: map[string][]int{}, named: len(f.slots),
	}
	if len(f.slots) > maxLocals {
		u.errorf(d.Pos(), "%s has more than %d parameters", f.name, maxLocals)
	}
	b.push()
	for i, s := range f.slots {
		if s.name != "" {
			b.bind(s.name, i)
		}
	}
	b.stmt(d.Body)
	b.emit(instr{op: iReturn, pos: d.Body.Rbrace, dst: -1, a: constant(value{})})
	for name, l := range b.labels {
		if !l.defined {
			u.errorf(l.used, "goto %s, but there is no such label in %s", name, f.name)
		}
		for _, at := range l.from {
			f.code[at].then = l.at
		}
	}
	if len(u.diags) == 0 && u.meter.Err() == nil {
		f.liveness(u.meter)
	}
}

const (
	maxLocals  = 1000 // parameters and local variables of one function
	instrBytes = 400  // of an instruction, and what liveness needs for it
)

func (b *body) emit(i instr) int {
	b.meter.Work(1)
	b.meter.Take(instrBytes)
	b.f.code = append(b.f.code, i)
	return len(b.f.code) - 1
}

func (b *body) here() int { return len(b.f.code) }

func (b *body) jump(pos model.Pos, to int) int {
	return b.emit(instr{op: iJump, pos: pos, dst: -1, then: to})
}

// patch makes jumps go to the next instruction.
func (b *body) patch(jumps []int) {
	for _, j := range jumps {
		b.f.code[j].then = b.here()
	}
}

func (b *body) stmt(s syntax.Stmt) {
	if b.diags.Full() || !b.meter.Work(1) {
		return
	}
	defer b.done()
	switch s := s.(type) {
	case nil, *syntax.Empty:
	case *syntax.Block:
		b.push()
		for _, c := range s.List {
			b.stmt(c)
		}
		b.pop()
	case *syntax.ExprStmt:
		b.effect(s.X)
	case *syntax.DeclStmt:
		for _, d := range s.Decls {
			b.declareLocal(d)
		}
	case *syntax.If:
		yes, no := b.branch(s.Cond)
		b.land(yes)
		b.stmt(s.Then)
		if s.Else == nil {
			b.land(no)
			return
		}
		end := b.jump(s.Else.Pos(), 0)
		b.land(no)
		b.stmt(s.Else)
		b.patch([]int{end})
	case *syntax.While:
		b.loop(s.Cond, nil, s.Body, false)
	case *syntax.DoWhile:
		b.loop(s.Cond, nil, s.Body, true)
	case *syntax.For:
		b.push()
		b.stmt(s.Init)
		b.loop(s.Cond, s.Post, s.Body, false)
		b.pop()
	case *syntax.Switch:
		b.switchStmt(s)
	case *syntax.Label:
		b.label(s)
	case *syntax.Goto:
		if s.X != nil {
			b.errorf(s.Pos(), "a computed goto cannot be modelled")
			return
		}
		l := b.labelNamed(s.Label)
		if !l.used.IsValid() {
			l.used = s.Pos()
		}
		l.from = append(l.from, b.jump(s.Pos(), 0))
	case *syntax.Break:
		if len(b.loops) == 0 {
			b.errorf(s.Pos(), "break outside of a loop or switch")
			return
		}
		top := &b.loops[len(b.loops)-1]
		top.breaks = append(top.breaks, b.jump(s.Pos(), 0))
	case *syntax.Continue:
		for i := len(b.loops) - 1; i >= 0; i-- {
			if !b.loops[i].isSwitch {
				b.loops[i].continues = append(b.loops[i].continues, b.jump(s.Pos(), 0))
				return
			}
		}
		b.errorf(s.Pos(), "continue outside of a loop")
	case *syntax.Return:
		b.returnStmt(s)
	case *syntax.Case:
		b.errorf(s.Pos(), "case outside of a switch's own block")
		b.stmt(s.Body)
	case *syntax.Default:
		b.errorf(s.Pos(), "default outside of a switch's own block")
		b.stmt(s.Body)
	case *syntax.BadStmt:
	default:
		b.errorf(s.Pos(), "this statement cannot be modelled")
	}
}

func (b *body) returnStmt(s *syntax.Return) {
	if s.X == nil {
		b.emit(instr{op: iReturn, pos: s.Pos(), dst: -1, a: constant(value{})})
		return
	}
	if b.f.result.kind == tVoid {
		b.errorf(s.Pos(), "%s returns nothing, but here is a value", b.f.name)
	}
	x, t := b.expr(s.X)
	if b.f.result.kind != tVoid {
		b.mustAssign(s.X, b.f.result, t, "%s returns", b.f.name)
	}
	b.emit(instr{op: iReturn, pos: s.Pos(), dst: -1, a: x})
}

func (b *body) labelNamed(name string) *label {
	l := b.labels[name]
	if l == nil {
		l = &label{}
		b.labels[name] = l
	}
	return l
}

func (b *body) label(s *syntax.Label) {
	l := b.labelNamed(s.Name)
	if l.defined {
		b.errorf(s.Pos(), "label %s stands twice in %s, first at %s", s.Name, b.f.name, l.pos)
	}
	l.at, l.pos, l.defined = b.here(), s.Pos(), true
	b.stmt(s.Body)
}

// loop compiles the loops: cond nil is always true, post nil is nothing.
func (b *body) loop(cond, post syntax.Expr, inner syntax.Stmt, bodyFirst bool) {
	var skip []int
	if bodyFirst {
		skip = append(skip, b.jump(inner.Pos(), 0))
	}
	top := b.here()
	var exits []edge
	if cond != nil {
		yes, no := b.branch(cond)
		b.land(yes)
		exits = no
	}
	b.patch(skip)
	b.loops = append(b.loops, jumps{})
	b.stmt(inner)
	own := b.loops[len(b.loops)-1]
	b.loops = b.loops[:len(b.loops)-1]
	b.patch(own.continues)
	if post != nil {
		b.effect(post)
	}
	b.jump(inner.Pos(), top)
	b.land(exits)
	b.patch(own.breaks)
}

// edge is one way out of a branch whose target is not known yet.
type edge struct {
	at        int
	otherwise bool
}

// land makes edges lead to the next instruction.
func (b *body) land(edges []edge) {
	for _, e := range edges {
		if e.otherwise {
			b.f.code[e.at].otherwise = b.here()
		} else {
			b.f.code[e.at].then = b.here()
		}
	}
}
