package interp

import (
	"fmt"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
)

// call is a call as it stands in the program. Who carries it out is decided each time: the host
// when it provides the function, else the function's body; without one it is a message that the
// host passes over but for its arguments, or one of the few calls that do nothing.
type call struct {
	name   string
	pos    model.Pos
	text   string
	number int       // in its function
	callee *function // nil when it has no body
	known  bool      // declared, at least
	args   []eval
	needs  needs                // of the arguments: no matter when the call is passed over
	told   []eval               // of a message: what of its arguments is evaluated when it is passed over
	tells  needs                // of those
	inert  bool                 // without the host it gives 0
	does   *vocabulary.Function // of an inert one
	passes bool                 // without the host it gives its first argument, when all are evaluated
}

func (c *compiler) call(e *syntax.Call) operand {
	id, ok := e.Fun.(*syntax.Ident)
	if !ok {
		return c.bad(e, e.Pos(), "a call through a pointer cannot be interpreted")
	}
	if c.scope.find(id.Name) != nil {
		return c.bad(e, e.Pos(), "%s is a variable: a call through a pointer cannot be interpreted", id.Name)
	}
	k := &call{name: id.Name, pos: e.Pos(), text: syntax.FormatShort(e), number: c.fn.calls, callee: c.functions[id.Name]}
	c.fn.calls++
	c.needs.calls = append(c.needs.calls, k)
	outer := c.needs
	c.needs = &k.needs
	result := c.arguments(e, k)
	if vocabulary.IsMessage(k.name) && k.callee == nil {
		c.needs = &k.tells
		c.message(e, k)
	}
	c.needs = outer
	return operand{k.run(), result, e}
}

// arguments compiles the arguments of a call, and finds the type of its result.
func (c *compiler) arguments(e *syntax.Call, k *call) *ctype {
	sig := c.prototypes[k.name]
	if k.callee != nil {
		sig = &k.callee.signature
	}
	k.known = sig != nil
	if sig != nil {
		c.declared(e, k, sig)
		return sig.result
	}
	switch k.name {
	case "check", "requires", "assert":
		c.checkArguments(e, k)
		return voidType
	}
	var types []*ctype
	f := vocabulary.Lookup(k.name)
	for _, a := range e.Args {
		x := c.value(a)
		if f != nil && f.Effect == vocabulary.Expect { // of longs
			x = operand{c.converted(x, longType, "an argument of "+k.name), longType, a}
		}
		k.args, types = append(k.args, x.eval), append(types, x.typ)
	}
	switch {
	case f == nil:
		return unknownType
	case f.Effect == vocabulary.Expect && len(types) == 2:
		k.passes = true
		return longType
	case f.Effect == vocabulary.SetMemory || f.Effect == vocabulary.CopyMemory:
		k.inert = true
		k.args = []eval{c.bad(e, e.Pos(), "%s cannot be interpreted: assign the fields one by one", k.name).eval}
		return badType
	case f.Result == vocabulary.First:
		k.passes = len(e.Args) == 1
	case f.Result == vocabulary.SameObject: // they return what they are given
	default:
		k.inert, k.does = f.Passing == vocabulary.Arguments, f
		return resultOf(f)
	}
	if len(types) != 1 {
		k.args = []eval{c.bad(e, e.Pos(), "%s", arity(k.name, 1, len(types))).eval}
		return badType
	}
	return types[0]
}

// resultOf is the type of what a function of the vocabulary returns, as C has it. An object is what
// the host makes of it.
func resultOf(f *vocabulary.Function) *ctype {
	switch f.Result {
	case vocabulary.Zero, vocabulary.WaitResult, vocabulary.TimedResult, vocabulary.ThreadTimed, vocabulary.TryResult,
		vocabulary.ThreadTry, vocabulary.Count, vocabulary.Alive, vocabulary.Int, vocabulary.Made, vocabulary.Taken,
		vocabulary.InTime:
		return intType
	case vocabulary.Unsigned:
		return uintType
	case vocabulary.Long:
		return longType
	}
	return unknownType
}

// declared compiles the arguments of a function whose parameters are known.
func (c *compiler) declared(e *syntax.Call, k *call, sig *signature) {
	for i, a := range e.Args {
		x := c.value(a)
		if i < len(sig.params) {
			k.args = append(k.args, c.converted(x, sig.params[i], fmt.Sprintf("argument %d of %s", i+1, k.name)))
		} else {
			k.args = append(k.args, x.eval)
		}
	}
	if n := len(e.Args); n < len(sig.params) || n > len(sig.params) && !sig.variadic {
		k.args = []eval{c.bad(e, e.Pos(), "%s", arity(k.name, len(sig.params), n)).eval}
	}
}

// checkArguments compiles check(KIND, condition), requires(condition) and assert(condition).
func (c *compiler) checkArguments(e *syntax.Call, k *call) {
	want := 1
	if k.name == "check" {
		want = 2
	}
	if len(e.Args) != want {
		k.args = []eval{c.bad(e, e.Pos(), "%s", arity(k.name, want, len(e.Args))).eval}
		return
	}
	if k.name == "check" {
		said := syntax.FormatShort(e.Args[0])
		if s, ok := e.Args[0].(*syntax.StringLit); ok {
			said = s.Value
		}
		kind, ok := vocabulary.Kind(said)
		if ok {
			k.args = append(k.args, func(*frame) Value { return Value{Object: kind} })
		} else {
			k.args = append(k.args, c.bad(e, e.Args[0].Pos(), "%s is not a kind of violation", said).eval)
		}
	}
	k.args = append(k.args, c.truthOf(e.Args[want-1]).eval)
}

// run carries out the call. The value of a function that returned without one is unset.
func (k *call) run() eval {
	return func(f *frame) Value {
		h := f.run.host
		switch {
		case h.Provides(k.name):
			return f.ask(k)
		case k.callee != nil:
			return f.call(k)
		case h.Silent(k.name):
			for _, a := range k.told {
				a(f)
			}
			return Value{}
		case k.inert:
			null := false
			for i, a := range k.args {
				v := a(f)
				null = null || k.does != nil && k.does.Follows(i) && !v.True()
			}
			if null {
				f.fail(Null, k.pos, "%s follows a NULL pointer", k.text)
			}
			return Value{}
		case k.passes:
			v := k.args[0](f)
			for _, a := range k.args[1:] {
				a(f)
			}
			return v
		}
		f.fail(NoMeaning, k.pos, "%s", k.missing())
		return Value{}
	}
}

// missing says why nobody carries the call out.
func (k *call) missing() string {
	switch {
	case k.name == "nondet":
		return "nondet() has no result: the host makes no choices"
	case k.known:
		return fmt.Sprintf("%s is declared, but it has no body and the host does not provide it", k.name)
	}
	return fmt.Sprintf("unknown function %s: it has no body and the host does not provide it", k.name)
}

func arity(name string, want, got int) string {
	s := "s"
	if want == 1 {
		s = ""
	}
	return fmt.Sprintf("%s takes %d argument%s, not %d", name, want, s, got)
}
