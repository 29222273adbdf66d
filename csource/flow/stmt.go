package flow

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// stmt builds a statement. Its temporaries are read in it alone, so the next one has them again.
func (b *builder) stmt(s syntax.Stmt) {
	if b.diags.Full() || !b.opt.Meter.Work(1) {
		return
	}
	outer := b.temps
	defer func() { b.temps = outer }()
	switch s := s.(type) {
	case nil, *syntax.Empty:
	case *syntax.Block:
		b.within(s.Rbrace, func() { b.list(s.List) })
	case *syntax.ExprStmt:
		b.effect(s.X)
	case *syntax.DeclStmt:
		for _, d := range s.Decls {
			b.declaration(d)
		}
	case *syntax.If:
		b.ifStmt(s)
	case *syntax.While:
		b.loop(s.Cond, nil, s.Body)
	case *syntax.DoWhile:
		b.doWhile(s)
	case *syntax.For:
		b.within(s.Pos(), func() {
			b.stmt(s.Init)
			b.loop(s.Cond, s.Post, s.Body)
		})
	case *syntax.Switch:
		b.switchStmt(s)
	case *syntax.Case:
		b.caseStmt(s)
	case *syntax.Default:
		b.defaultStmt(s)
	case *syntax.Return:
		b.returns(s.Pos(), s.X)
		b.start(&Block{})
	case *syntax.MacroBlock:
		if b.guarded(s) {
			return
		}
		b.add(&Other{s})
		b.stmt(s.Body)
	default:
		b.jumpStmt(s)
	}
}

func (b *builder) list(list []syntax.Stmt) {
	for _, s := range list {
		b.stmt(s)
	}
}

func (b *builder) declaration(d syntax.Decl) {
	v, ok := d.(*syntax.VarDecl)
	if !ok {
		b.add(&Types{d})
		return
	}
	l := &Local{Name: v.Name, Pos: v.Pos(), Type: v.Type, Decl: v}
	b.local(l)
	b.add(&Declare{l, b.env})
	if lit, ok := v.Init.(*syntax.CompoundLit); ok && syntax.Format(lit.Type) == syntax.Format(v.Type) {
		plain := *v
		plain.Init = lit.Init
		v, l.Decl = &plain, &plain
	}
	if v.Init != nil && !v.Storage.Has(syntax.Static) && !v.Storage.Has(syntax.Extern) {
		b.beginning = append(b.beginning, l)
		x := b.value(v.Init)
		b.beginning = b.beginning[:len(b.beginning)-1]
		b.add(&Init{l, x, b.env})
	}
}

func (b *builder) ifStmt(s *syntax.If) {
	then, otherwise, end := &Block{}, &Block{}, &Block{}
	if s.Else == nil {
		otherwise = end
	}
	b.cond(s.Cond, then, otherwise)
	b.start(then)
	b.stmt(s.Then)
	if s.Else != nil {
		b.jump(s.Else.Pos(), end)
		b.start(otherwise)
		b.stmt(s.Else)
	}
	b.goOn(s.Pos(), end)
}

// loop builds while and for. A condition of nil is always true.
func (b *builder) loop(cond, post syntax.Expr, body syntax.Stmt) {
	top, inside, next, end := &Block{}, &Block{}, &Block{}, &Block{}
	again := body.Pos()
	b.goOn(again, top)
	if cond != nil {
		again = cond.Pos()
		b.cond(cond, inside, end)
		b.start(inside)
	}
	b.body(body, next, end)
	b.goOn(body.Pos(), next)
	if post != nil {
		b.effect(post)
	}
	b.jump(again, top)
	b.start(end)
}

func (b *builder) doWhile(s *syntax.DoWhile) {
	top, next, end := &Block{}, &Block{}, &Block{}
	b.goOn(s.Body.Pos(), top)
	b.body(s.Body, next, end)
	b.goOn(s.Body.Pos(), next)
	b.cond(s.Cond, top, end)
	b.start(end)
}

// body builds the body of a loop; next is where continue goes, end where break does.
func (b *builder) body(s syntax.Stmt, next, end *Block) {
	b.targets = append(b.targets, target{breaks: end, continues: next, env: b.env})
	if _, block := s.(*syntax.Block); block {
		b.stmt(s)
	} else {
		b.within(s.Pos(), func() { b.stmt(s) }) // each round has its own (type) { ... }
	}
	b.targets = b.targets[:len(b.targets)-1]
}

func (b *builder) switchStmt(s *syntax.Switch) {
	x := b.value(s.X)
	end := &Block{}
	choice := &Switch{Pos: s.Pos(), X: x, Env: b.env}
	b.end(choice)
	b.start(&Block{}) // what stands before the first case
	b.targets = append(b.targets, target{breaks: end, choice: choice, env: b.env})
	b.within(s.Pos(), func() { b.stmt(s.Body) })
	b.targets = b.targets[:len(b.targets)-1]
	if choice.Default == nil {
		choice.Default = end
	}
	b.goOn(s.Pos(), end)
}

// choice is the innermost switch, or nil.
func (b *builder) choice() *Switch {
	for i := len(b.targets) - 1; i >= 0; i-- {
		if c := b.targets[i].choice; c != nil {
			return c
		}
	}
	return nil
}

func (b *builder) caseStmt(s *syntax.Case) {
	if c := b.choice(); c == nil {
		b.errorf(s.Pos(), "case outside of a switch")
	} else {
		to := &Block{}
		b.goOn(s.Pos(), to)
		c.Cases = append(c.Cases, Case{s.Pos(), s.Lo, s.Hi, to})
	}
	b.stmt(s.Body)
}

func (b *builder) defaultStmt(s *syntax.Default) {
	switch c := b.choice(); {
	case c == nil:
		b.errorf(s.Pos(), "default outside of a switch")
	case c.Default != nil:
		b.errorf(s.Pos(), "default stands twice in one switch")
	default:
		c.Default = &Block{}
		b.goOn(s.Pos(), c.Default)
	}
	b.stmt(s.Body)
}

// jumpStmt builds goto, break, continue and labels. The rest is not known.
func (b *builder) jumpStmt(s syntax.Stmt) {
	switch s := s.(type) {
	case *syntax.Label:
		b.label(s)
	case *syntax.Goto:
		if s.X != nil {
			b.add(&Other{s})
			return
		}
		b.goTo(s.Pos(), s.Label)
		b.start(&Block{})
	case *syntax.Break:
		if len(b.targets) == 0 {
			b.errorf(s.Pos(), "break outside of a loop or switch")
			return
		}
		t := b.targets[len(b.targets)-1]
		b.leaps(s.Pos(), t.breaks, t.env)
	case *syntax.Continue:
		for i := len(b.targets) - 1; i >= 0; i-- {
			if t := b.targets[i]; t.continues != nil {
				b.leaps(s.Pos(), t.continues, t.env)
				return
			}
		}
		b.errorf(s.Pos(), "continue outside of a loop")
	default:
		b.add(&Other{s})
	}
}

// goTo ends the block at hand; where it leads is known at the end of the function.
func (b *builder) goTo(pos model.Pos, name string) {
	b.jumps = append(b.jumps, pending{name, pos, b.at, b.env, slices.Clone(b.beginning)})
}

func (b *builder) label(s *syntax.Label) {
	to := &Block{}
	b.goOn(s.Pos(), to)
	if old := b.labels[s.Name]; old != nil {
		b.errorf(s.Pos(), "label %s stands twice in %s, first at %s", s.Name, b.graph.Func.Name, old.pos)
	} else {
		b.labels[s.Name] = &label{to, b.env, s.Pos()}
	}
	b.stmt(s.Body)
}
