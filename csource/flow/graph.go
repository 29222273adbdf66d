package flow

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A Graph is the control flow of one function.
type Graph struct {
	Func *syntax.FuncDef
	// Blocks are in the order of their source; control enters at the first one.
	Blocks []*Block
	// Locals are the parameters and variables, in the order of their declarations.
	Locals []*Local
	// Temps is how many temporaries there are at most at a time: those of different statements
	// share their numbers.
	Temps int
}

// A Block is a sequence of items, all of them evaluated, and the way on.
type Block struct {
	Index int // in Graph.Blocks
	Items []Item
	End   End
	Live  bool // some path from the start comes here
}

// An Item is one thing that happens: *Eval, *Set, *Declare, *Init, *Types, *Leave, *Gone or *Other.
type Item interface{ item() }

// An Eval is an expression that is evaluated for its effect.
type Eval struct {
	X   syntax.Expr
	Env Env
}

// A Set keeps the value of X in a temporary. Where two blocks set the same one, both come to the
// same block.
type Set struct {
	Temp *syntax.Temp
	X    syntax.Expr
	Env  Env
	Old  bool // X stands left of op=: where it is atomic, op= reads it itself, at the end
	// Place says that X is a struct of which a part is stored to: the temporary is that struct, and
	// no copy of it.
	Place bool
}

// A Declare begins the life of a variable, without a value.
type Declare struct {
	Local *Local
	Env   Env // with the variable
}

// An Init gives a variable its first value. A static variable has it before the program starts, so
// there is none for it.
type Init struct {
	Local *Local
	X     syntax.Expr
	Env   Env
}

// A Types is a declaration in a block that declares no variable.
type Types struct{ Decl syntax.Decl }

// A Leave cleans up after a variable whose scope ends.
type Leave struct {
	Local *Local
	Attr  *syntax.Attr // cleanup(function), or one of [vocabulary.CleansUp]
	Pos   model.Pos    // of what leaves the scope
}

// A Gone ends the life of a variable whose block is left, after all clean-ups of that block. Where
// a function without clean-ups returns there is none: all its variables end there.
type Gone struct {
	Local *Local
	Pos   model.Pos // of what leaves the block
}

// An Other is a statement whose control flow is not known.
type Other struct{ Stmt syntax.Stmt }

func (*Eval) item()    {}
func (*Set) item()     {}
func (*Declare) item() {}
func (*Init) item()    {}
func (*Types) item()   {}
func (*Leave) item()   {}
func (*Gone) item()    {}
func (*Other) item()   {}

// An End is how a block is left: *Jump, *Branch, *Switch, *Precondition or *Return.
type End interface {
	// Next appends the blocks that can follow.
	Next([]*Block) []*Block
}

// A Jump goes to one block.
type Jump struct {
	Pos model.Pos
	To  *Block
}

// A Branch goes to Then when Cond is not zero, else to Else.
type Branch struct {
	Cond syntax.Expr // atomic
	Env  Env
	Then *Block
	Else *Block
	// Hidden says that Cond is the call of a macro that may leave the function, by way of Else, and
	// has no value.
	Hidden bool
	// Tested says that Cond is a part of what a check, requires or assert asks for.
	Tested bool
}

// A Switch goes to the case that has the value of X, to Default where none has.
type Switch struct {
	Pos     model.Pos
	X       syntax.Expr
	Env     Env
	Cases   []Case
	Default *Block
}

// A Case is where a switch goes for the values from Lo to Hi, or for Lo alone where Hi is nil.
type Case struct {
	Pos    model.Pos
	Lo, Hi syntax.Expr
	To     *Block
}

// A Precondition goes to Look, where a requires is evaluated, or past it where preconditions do not
// count.
type Precondition struct {
	Pos  model.Pos
	Look *Block
	Past *Block
}

// A Return leaves the function.
type Return struct {
	Pos model.Pos
	X   syntax.Expr // nil when there is none
	Env Env
}

// Next implements [End].
func (e *Jump) Next(b []*Block) []*Block { return append(b, e.To) }

// Next implements [End].
func (e *Branch) Next(b []*Block) []*Block { return append(b, e.Then, e.Else) }

// Next implements [End].
func (e *Switch) Next(b []*Block) []*Block {
	for i := range e.Cases {
		b = append(b, e.Cases[i].To)
	}
	return append(b, e.Default)
}

// Next implements [End].
func (e *Precondition) Next(b []*Block) []*Block { return append(b, e.Look, e.Past) }

// Next implements [End].
func (e *Return) Next(b []*Block) []*Block { return b }

// markLive follows all ends from the first block.
func (g *Graph) markLive() {
	todo := []*Block{g.Blocks[0]}
	g.Blocks[0].Live = true
	for len(todo) > 0 {
		b := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, next := range b.End.Next(nil) {
			if !next.Live {
				next.Live = true
				todo = append(todo, next)
			}
		}
	}
}
