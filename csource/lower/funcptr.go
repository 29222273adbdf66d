package lower

import (
	"slices"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// A pointer to a function is the number of the function. Whom a call through it reaches is known
// when the program is built, as every local value is; in shared variables such pointers are values
// like others.

// functionType resolves the type of a function.
func (u *Unit) functionType(t *syntax.Func, depth int) *typ {
	if t.Variadic {
		return otherType
	}
	f := &typ{kind: tFunction, result: u.resolveDepth(t.Result, depth+1)}
	for _, p := range t.Params {
		f.params = append(f.params, decayed(u.resolveDepth(p.Type, depth+1)))
	}
	return f
}

// decayed is the type of a parameter: a function stands for a pointer to it.
func decayed(t *typ) *typ {
	if t.kind == tFunction {
		return pointerTo(t)
	}
	return t
}

func (f *function) typ() *typ { return &typ{kind: tFunction, params: f.params, result: f.result} }

func (t *typ) isFunctionPointer() bool { return t.kind == tPointer && t.elem.kind == tFunction }

// signature is how a function type is written.
func (t *typ) signature() string {
	var params []string
	for _, p := range t.params {
		params = append(params, p.String())
	}
	if len(params) == 0 {
		params = []string{"void"}
	}
	return t.result.String() + " (" + strings.Join(params, ", ") + ")"
}

// isVariable reports whether a name is that of a local or global variable here.
func (b *body) isVariable(name string) bool {
	return b.env.Find(name) != nil || b.globalIndex(name) >= 0
}

// isGlobal reports whether a name is that of a variable at file scope.
func (u *Unit) isGlobal(name string) bool { return u.globalIndex(name) >= 0 }

// isFunction reports whether a name is that of a function of the suite here.
func (b *body) isFunction(name string) bool { return !b.isVariable(name) && b.functions[name] != nil }

// callThrough compiles a call through a pointer.
func (b *body) callThrough(e *syntax.Call) (operand, *typ) {
	x, t := b.expr(e.Fun)
	if !t.isFunctionPointer() {
		if t.kind != tOther {
			b.errorf(e.Pos(), "%s is called, and is %s", syntax.FormatShort(e.Fun), t)
		} else {
			b.errorf(e.Pos(), "what %s calls cannot be told", syntax.FormatShort(e))
		}
		return constant(intValue(0)), otherType
	}
	if slices.ContainsFunc(e.Args, b.hasEffect) {
		x = b.settled(x, true)
	}
	args := b.arguments(e, syntax.FormatShort(e.Fun), t.elem.params)
	return b.called(e, instr{op: iCallPointer, pos: e.Pos(), text: textOf(e), a: x, args: args},
		t.elem.params, t.elem.result)
}

// callPointer calls what a pointer points to. It reports whether the call is a step: one that can
// only fail.
func (t *thread) callPointer(c *config, i *instr) bool {
	v := c.read(i.a)
	if v.kind != vFunction {
		if v.isNull() {
			c.fail = &model.Check{Kind: model.NullVM, Pos: i.pos, Text: i.text() + " calls a function through a NULL pointer"}
			return true
		}
		t.errorf(i.pos, "%s calls something that is not a function", i.text())
		c.local(intValue(0))
		return false
	}
	to := t.w.numbered[v.n]
	if to.passed != len(i.args) || (to.result.kind == tVoid) != (i.dst < 0) ||
		to.result.isObject() && !sameType(to.result, i.typ) ||
		i.typ != nil && i.typ.isObject() != to.result.isObject() {
		t.errorf(i.pos, "%s calls %s, which has another type", i.text(), to.name)
		c.local(intValue(0))
		return false
	}
	if c.fail = t.tooDeep(c, i, to); c.fail != nil {
		return true
	}
	t.enter(c, i, to)
	return false
}
