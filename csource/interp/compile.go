package interp

import (
	"fmt"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// eval computes an expression.
type eval func(*frame) Value

// operand is a compiled expression with its type.
type operand struct {
	eval
	typ  *ctype
	node syntax.Expr
}

// compiler turns the body of one function into closures over numbered slots.
type compiler struct {
	*Program
	fn       *function
	scope    *scope
	needs    *needs // where to note what the code at hand asks for
	taken    map[string]bool
	named    map[string]int // static variables, by their names
	labels   map[string]*label
	gotos    []*syntax.Goto
	breaks   []*label
	conts    []*label
	switches []*table
}

func compile(p *Program, f *function, d *syntax.FuncDef) {
	c := &compiler{
		Program: p, fn: f, scope: p.file.inner(), needs: &f.needs, taken: takenIn(d.Body), named: map[string]int{},
		labels: map[string]*label{},
	}
	if d.Bad {
		c.refuse(d.Pos(), "the body of %s has a syntax error", d.Name)
	}
	for i, param := range d.Type.Params {
		if f.params[i].isObject() {
			c.refuse(param.Pos(), "%s is a %s that is passed by value: pass a pointer to it", param.Name, f.params[i])
		}
		c.local(param.Name, f.params[i])
	}
	c.stmt(d.Body)
	c.emit(f.end, func(*frame) int { return -1 })
	c.missingLabels()
	f.root = newContext(f, nil)
}

// takenIn lists the names that the address operator is applied to.
func takenIn(body *syntax.Block) map[string]bool {
	taken := map[string]bool{}
	syntax.Walk(body, func(n syntax.Node) bool {
		if u, ok := n.(*syntax.Unary); ok && u.Op == "&" {
			if id, ok := u.X.(*syntax.Ident); ok {
				taken[id.Name] = true
			}
		}
		return true
	})
	return taken
}

// local gives a local variable its slot.
func (c *compiler) local(name string, t *ctype) *entity {
	e := &entity{kind: localEntity, typ: t, slot: c.fn.slots, boxed: c.taken[name]}
	c.fn.slots++
	if e.boxed {
		c.fn.boxed = append(c.fn.boxed, e.slot)
	}
	if name != "" {
		c.scope.declare(name, e)
	}
	return e
}

// bad notes that an expression cannot be interpreted; where it is run all the same, the run fails
// there.
func (c *compiler) bad(e syntax.Expr, pos model.Pos, format string, args ...any) operand {
	msg := fmt.Sprintf(format, args...)
	c.needs.faults.Add(pos, msg, "")
	return operand{func(f *frame) Value { f.fail(NoMeaning, pos, "%s", msg); return Value{} }, badType, e}
}

// refuse is bad for a statement.
func (c *compiler) refuse(pos model.Pos, format string, args ...any) {
	fail := c.bad(nil, pos, format, args...)
	c.emit(pos, func(f *frame) int { fail.eval(f); return -1 })
}

// emit appends an op.
func (c *compiler) emit(pos model.Pos, do func(*frame) int) {
	c.fn.code = append(c.fn.code, op{do, pos})
}

func (c *compiler) here() int { return len(c.fn.code) }

// label is a place in the code, known before it is reached.
type label struct {
	at      int
	pos     model.Pos // of a label of the program's
	defined bool
}

func (c *compiler) land(l *label) { l.at = c.here() }

func (c *compiler) jump(pos model.Pos, to *label) {
	c.emit(pos, func(*frame) int { return to.at })
}

// branch goes to one of two places.
func (c *compiler) branch(e syntax.Expr, yes, no *label) {
	test := c.test(e)
	c.emit(e.Pos(), func(f *frame) int {
		if test(f) {
			return yes.at
		}
		return no.at
	})
}

// effect runs an expression for what it does.
func (c *compiler) effect(e syntax.Expr) {
	x, next := c.expr(e), c.here()+1
	run := x.eval
	c.emit(e.Pos(), func(f *frame) int { run(f); return next })
}
