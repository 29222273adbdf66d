package flow

import (
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/csource/meter"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// Options say what a graph cannot know from its function alone.
type Options struct {
	// Defined reports whether C defines the function of a name, so that it does not mean what the
	// vocabulary says. Nil: nothing is.
	Defined func(name string) bool
	// Variable reports whether a variable at file scope has a name, so that calling it is to follow a
	// pointer, which is read before the arguments. Nil: none has.
	Variable func(name string) bool
	// Lives asks for an item where the life of a local ends: see [Gone].
	Lives bool
	// Meter counts the statements and expressions. When it stops, the graph is of no use.
	Meter *meter.Meter
}

// New makes the graph of a function. The diagnostics are about jumps that lead nowhere: the graph
// is complete all the same.
func New(d *syntax.FuncDef, opt Options) (*Graph, syntax.Diagnostics) {
	b := &builder{
		graph: &Graph{Func: d}, opt: opt, labels: map[string]*label{},
		splitting: map[syntax.Expr]bool{}, effects: map[syntax.Expr]bool{},
	}
	b.env = b.env.inner()
	for _, p := range d.Type.Params {
		b.local(&Local{Name: p.Name, Pos: p.Pos(), Type: p.Type})
	}
	b.start(&Block{})
	b.stmt(d.Body)
	b.returns(d.Body.Rbrace, nil)
	b.gotos()
	b.graph.markLive()
	return b.graph, b.diags
}

// builder is a graph in the making.
type builder struct {
	graph     *Graph
	opt       Options
	diags     syntax.Diagnostics
	at        *Block // where the next item goes
	env       Env
	targets   []target
	labels    map[string]*label
	jumps     []pending
	cleanups  bool                 // some local has a clean-up function
	beginning []*Local             // whose initialisers are at hand: as in GCC, to leave one cleans nothing up
	tested    int                  // checks around the place at hand
	temps     int                  // in use by the statements around the place at hand
	splitting map[syntax.Expr]bool // what [builder.splits] found
	effects   map[syntax.Expr]bool // what [builder.hasEffect] found
	pointed   map[string]bool      // what [builder.addressed] found; nil: nobody has asked
}

// target is what break, continue, case and default mean.
type target struct {
	breaks    *Block
	continues *Block // nil: of a loop further out
	choice    *Switch
	env       Env // outside of the loop or switch
}

// label is a place to jump to, possibly before it is known.
type label struct {
	block *Block
	env   Env
	pos   model.Pos
}

// pending is a goto: its block is filled when all labels are known.
type pending struct {
	name      string
	pos       model.Pos
	from      *Block
	env       Env
	beginning []*Local
}

func (b *builder) errorf(pos model.Pos, format string, args ...any) {
	b.diags.Add(pos, fmt.Sprintf(format, args...), "")
}

// start makes a block the one to go on with.
func (b *builder) start(next *Block) {
	next.Index = len(b.graph.Blocks)
	b.graph.Blocks = append(b.graph.Blocks, next)
	b.at = next
}

func (b *builder) add(i Item) { b.at.Items = append(b.at.Items, i) }

// end leaves the block at hand. What follows in the source, if anything does, begins another one.
func (b *builder) end(e End) { b.at.End = e }

func (b *builder) jump(pos model.Pos, to *Block) { b.end(&Jump{pos, to}) }

// goOn jumps to a block and goes on with it.
func (b *builder) goOn(pos model.Pos, next *Block) {
	b.jump(pos, next)
	b.start(next)
}

// leaps ends the block with a jump out of scopes, after which nothing follows.
func (b *builder) leaps(pos model.Pos, to *Block, env Env) {
	b.leave(pos, env)
	b.jump(pos, to)
	b.start(&Block{})
}

// local enters a parameter or variable.
func (b *builder) local(l *Local) {
	l.Index = len(b.graph.Locals)
	b.graph.Locals = append(b.graph.Locals, l)
	b.env.declare(l)
	b.cleanups = b.cleanups || l.cleanup() != nil
}

// cleanup is the attribute that says what is done where the scope of a variable ends, or nil.
func (l *Local) cleanup() *syntax.Attr {
	if l.Decl == nil {
		return nil
	}
	for _, a := range l.Decl.Attrs {
		if vocabulary.CleansUp(a.Name) {
			return a
		}
	}
	return nil
}

// leave adds the clean-ups of the scopes that end on the way to env, and the ends of what lives in
// them.
func (b *builder) leave(pos model.Pos, to Env) {
	if !b.cleanups && !b.opt.Lives {
		return
	}
	var gone []Item
	at := b.env.scope
	ends := func() {
		b.at.Items = append(b.at.Items, gone...)
		gone = nil
	}
	b.env.left(to, func(l *Local, whole bool) {
		if l.scope != at {
			ends()
			at = l.scope
		}
		if a := l.cleanup(); a != nil && !slices.Contains(b.beginning, l) {
			b.add(&Leave{l, a, pos})
		}
		if b.opt.Lives && whole && b.opt.Meter.Work(1) {
			gone = append(gone, &Gone{l, pos})
		}
	})
	ends()
}

// within builds with a scope of its own, which ends at pos.
func (b *builder) within(pos model.Pos, f func()) {
	outer := b.env
	b.env = outer.inner()
	f()
	b.leave(pos, outer)
	b.env = outer
}

// returns leaves the function. The value is computed before the scopes end.
func (b *builder) returns(pos model.Pos, x syntax.Expr) {
	if x != nil {
		x = b.value(x)
		if b.cleanups {
			x = b.keep(x)
		}
	}
	if b.cleanups {
		b.leave(pos, Env{})
	}
	b.end(&Return{pos, x, b.env})
}

// gotos fills the blocks of all gotos.
func (b *builder) gotos() {
	for _, j := range b.jumps {
		l := b.labels[j.name]
		if l == nil {
			b.errorf(j.pos, "goto %s, but there is no such label in %s", j.name, b.graph.Func.Name)
			j.from.End = &Return{Pos: j.pos}
			continue
		}
		b.at, b.env, b.beginning = j.from, j.env, j.beginning
		b.leave(j.pos, l.env)
		b.jump(j.pos, l.block)
	}
}
