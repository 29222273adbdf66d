package constraint

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// writes are the arguments through which a call changes what they point to.
func writes(p vocabulary.Param) bool {
	switch p {
	case vocabulary.Mutex, vocabulary.Cond, vocabulary.OnceControl, vocabulary.Semaphore, vocabulary.Barrier,
		vocabulary.RWLock,
		vocabulary.RecMutex, vocabulary.IntAddress, vocabulary.SetUnknown, vocabulary.ThreadAddress, vocabulary.ResultAddress,
		vocabulary.PlaceAddress, vocabulary.Place:
		return true
	}
	return false
}

// written reports whether a function changes what its i-th argument points to, or names.
func written(f *vocabulary.Function, i int) bool {
	switch a := vocabulary.AtomicOf(f.Name); {
	case a != nil && i < len(a.Args):
		switch a.Args[i] {
		case vocabulary.Target:
			return a.Do != vocabulary.AtomicLoad && a.Do != vocabulary.Fence
		case vocabulary.ResultAt, vocabulary.ExpectedAt:
			return true
		}
		return false
	case f.Effect == vocabulary.SetMemory || f.Effect == vocabulary.CopyMemory:
		return i == 0
	}
	return i < len(f.Params) && writes(f.Params[i])
}

// call looks at a call.
func (c *checker) call(e *syntax.Call) operand {
	id, named := e.Fun.(*syntax.Ident)
	if named && c.find(id.Name) == nil {
		return c.known(e, id.Name)
	}
	f := c.value(e.Fun)
	if f.kind == pointer && f.elem.kind == function {
		f = f.elem
	}
	if f.kind != function {
		if f.kind != unknown {
			c.errorf(e.Pos(), "%s is called, and is %s", syntax.FormatShort(e.Fun), f)
		}
		for _, a := range e.Args {
			c.expr(a)
		}
		return unknownOperand
	}
	short := syntax.FormatShort(e.Fun)
	if wrong := len(e.Args) < len(f.params) || len(e.Args) > len(f.params) && !f.variadic; wrong && !f.open {
		atLeast := ""
		if f.variadic {
			atLeast = "at least "
		}
		c.errorf(e.Pos(), "%s takes %s%s, not %d", short, atLeast, arguments(len(f.params)), len(e.Args))
	}
	args := make([]operand, len(e.Args))
	for i, a := range e.Args {
		x := c.expr(a)
		args[i] = x
		if i < len(f.params) {
			c.assignable(a.Pos(), f.params[i], a, x, "argument "+ordinal(i)+" of "+short+" is")
		} else if x.typ.kind == void {
			c.errorf(a.Pos(), "%s has no value", syntax.FormatShort(a))
		}
	}
	if named && !c.find(id.Name).defined {
		c.changes(e, id.Name, args)
	}
	if t := f.elem; t.kind != void && t.isIncomplete() {
		c.errorf(e.Pos(), "%s returns %s, which is not defined", short, t)
		return unknownOperand
	}
	return valueOf(f.elem)
}

// known looks at a call of what no file declares.
func (c *checker) known(e *syntax.Call, name string) operand {
	p := vocabulary.Lookup(name)
	args := make([]operand, len(e.Args))
	for i, a := range e.Args {
		args[i] = unknownOperand
		if p != nil && i < len(p.Params) && p.Params[i] == vocabulary.Condition {
			c.condition(a)
			continue
		}
		if id, ok := a.(*syntax.Ident); ok && c.isType(id.Name) && takesType(p, i) {
			continue
		}
		if args[i] = c.expr(a); args[i].typ.kind == void && p != nil && p.Message() {
			c.errorf(a.Pos(), "%s has no value", syntax.FormatShort(a))
		}
	}
	c.changes(e, name, args)
	return unknownOperand
}

func (c *checker) isType(name string) bool {
	s := c.find(name)
	return s != nil && s.kind == typedef
}

// takesType reports whether an argument is a type, as those of macros can be.
func takesType(p *vocabulary.Function, i int) bool {
	return p == nil || i < len(p.Params) && p.Params[i] == vocabulary.TypeName || vocabulary.IsConstant(p.Name)
}

// changes says whether a function of the vocabulary would change what is const.
func (c *checker) changes(e *syntax.Call, name string, args []operand) {
	p := vocabulary.Lookup(name)
	if p == nil {
		return
	}
	for i, a := range e.Args {
		if !written(p, i) {
			continue
		}
		t := args[i].typ
		if i < len(p.Params) && p.Params[i] == vocabulary.Place {
			if t.isConst {
				c.errorf(a.Pos(), "%s is const: %s would change it", syntax.FormatShort(a), name)
			}
			continue
		}
		if t = t.value(); t.kind == pointer && t.elem.isConst {
			c.errorf(a.Pos(), "what %s points to is const: %s would change it", syntax.FormatShort(a), name)
		}
	}
}
