package typestate

import (
	"slices"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// A function is called by a pointer that was stored in a field, or that the caller was given. Which
// functions such a call may mean is read in the text of the whole tree, by the type and the name of
// the field: every function that is stored there anywhere. That is a field-based pointer analysis
// (Heintze and Tardieu, PLDI 2001), for pointers to functions alone.

// A target is what is called by a pointer: exactly one of its parts says what.
type target struct {
	slot  string         // a field and its type: "qemuMonitorCallbacks.destroy"
	param int            // 1 + a parameter of the function that calls
	fn    *tree.Function // one function
}

// A storing is a function, or what a parameter means, that is stored in a field.
type storing struct {
	slot string
	what target
}

// A handing is a function, or what a parameter means, that is handed to a callee.
type handing struct {
	call *syntax.Call
	to   string
	arg  int
	what target
}

// A byPointer is a call of a target.
type byPointer struct {
	call *syntax.Call
	what target
}

// pointers is what one function does with pointers to functions.
type pointers struct {
	calls  []byPointer
	stores []storing
	hands  []handing
	unrefs []syntax.Expr // what a reference is dropped of
}

// A pointerScan reads them out of the text of one function.
type pointerScan struct {
	w     *world
	f     *tree.Function
	out   pointers
	taken []*tree.Function // functions whose address is taken
	flags flagsOf
	// locals that were loaded from fields, the last one last
	loads []load
}

type load struct {
	name string
	from *syntax.Member
}

// function is the function that an expression names, nil when it names none.
func (p *pointerScan) function(x syntax.Expr) *tree.Function { return p.w.named(p.f.File, x) }

// named is the function of the tree that an expression names in a file, nil when it names none.
func (w *world) named(file *tree.File, x syntax.Expr) *tree.Function {
	if u, ok := x.(*syntax.Unary); ok && u.Op == "&" {
		x = u.X
	}
	if id, ok := x.(*syntax.Ident); ok {
		return w.tree.Find(file, id.Name)
	}
	return nil
}

// param is a parameter by its name, where that may be a pointer to a function; known says that it
// is one at all.
func (p *pointerScan) param(name string) (v target, ok, known bool) {
	for i, param := range p.f.Type.Params {
		if param.Name == name {
			return target{param: i + 1}, mayBeFunction(param.Type), true
		}
	}
	return target{}, false, false
}

// mayBeFunction reports whether a type is a pointer to a function, or one of which only a name is
// known.
func mayBeFunction(t syntax.Type) bool {
	switch t := t.(type) {
	case *syntax.Func:
		return true
	case *syntax.Pointer:
		_, ok := t.Elem.(*syntax.Func)
		return ok
	case *syntax.TypeName:
		c := typeOf(t)
		return c.stars == 0 && !c.basic
	}
	return false
}

// value is what an expression means as a pointer to a function.
func (p *pointerScan) value(x syntax.Expr) (target, bool) {
	if id, ok := x.(*syntax.Ident); ok {
		if v, ok, known := p.param(id.Name); known {
			return v, ok
		}
	}
	if g := p.function(x); g != nil {
		p.taken = append(p.taken, g)
		return target{fn: g}, true
	}
	return target{}, false
}

// slot is a field as a slot, "" where its type is not known.
func (p *pointerScan) slot(m *syntax.Member) string {
	if typ := p.w.types.structOf(p.f, m.X); typ != "" {
		return typ + "." + m.Name
	}
	return ""
}

// assign reads an assignment, or an initialiser.
func (p *pointerScan) assign(x, y syntax.Expr) {
	switch x := x.(type) {
	case *syntax.Ident:
		if m, ok := y.(*syntax.Member); ok {
			p.loads = append(p.loads, load{x.Name, m})
		} else {
			p.value(y)
		}
	case *syntax.Member:
		p.flags.assign(x, y)
		if v, ok := p.value(y); ok {
			if s := p.slot(x); s != "" {
				p.out.stores = append(p.out.stores, storing{s, v})
			}
		}
	default:
		p.value(y)
	}
}

// call reads a call. Known says that its name is one of the vocabulary or of the contract.
func (p *pointerScan) call(c *syntax.Call, known bool) {
	name := ""
	fun := c.Fun
	for {
		u, ok := fun.(*syntax.Unary)
		if !ok || u.Op != "*" {
			break
		}
		fun = u.X
	}
	switch fun := fun.(type) {
	case *syntax.Member:
		p.calls(c, fun)
	case *syntax.Ident:
		name = fun.Name
		if known {
			if v := vocabulary.Lookup(name); v != nil && v.Effect == vocabulary.Unref && len(c.Args) == 1 {
				p.out.unrefs = append(p.out.unrefs, c.Args[0])
			}
			break
		}
		if v, ok, _ := p.param(name); ok {
			p.out.calls = append(p.out.calls, byPointer{c, v})
		}
		if i := slices.IndexFunc(p.loads, func(l load) bool { return l.name == name }); i >= 0 {
			for _, l := range p.loads {
				if l.name == name {
					p.calls(c, l.from)
				}
			}
		}
	}
	for i, x := range c.Args {
		if v, ok := p.value(x); ok && name != "" {
			p.out.hands = append(p.out.hands, handing{c, name, i, v})
		}
	}
}

func (p *pointerScan) calls(c *syntax.Call, m *syntax.Member) {
	if s := p.slot(m); s != "" {
		p.out.calls = append(p.out.calls, byPointer{c, target{slot: s}})
	}
}

// isKnown reports whether a name is one of the vocabulary or of the contract.
func (w *world) isKnown(name string) bool {
	return w.contract[name] != nil || vocabulary.Lookup(name) != nil
}
