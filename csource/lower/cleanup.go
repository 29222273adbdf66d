package lower

import (
	"github.com/lockproof/lockproof/csource/flow"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// declareMacro enters what a macro declares at file scope: how a type is cleaned up, or a lock of
// GLib's.
func (u *Unit) declareMacro(d *syntax.MacroDecl) {
	var names []*syntax.Ident
	for _, a := range d.Args {
		if id, ok := a.(*syntax.Ident); ok {
			names = append(names, id)
		}
	}
	want, by := 2, u.cleaners
	switch d.Name {
	case "G_LOCK_DEFINE", "G_LOCK_DEFINE_STATIC", "G_LOCK_EXTERN":
		want = 1
	case "G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC", "VIR_DEFINE_AUTOCLEAN_FUNC":
		by = u.clearers
	case "G_DEFINE_AUTOPTR_CLEANUP_FUNC", "VIR_DEFINE_AUTOPTR_FUNC":
	default:
		u.errorf(d.Pos(), "%s cannot be modelled", d.Name)
		return
	}
	switch {
	case len(names) != want || len(d.Args) != want:
		u.errorf(d.Pos(), "%s takes %s", d.Name, plural(want, "name"))
	case want == 2 && by[names[0].Name] != nil:
		u.errorf(d.Pos(), "%s has a clean-up function already", names[0].Name)
	case want == 2:
		by[names[0].Name] = names[1]
	default:
		v := &syntax.VarDecl{At: d.At, Name: lockName(names[0].Name), Type: &syntax.TypeName{At: d.At, Name: "GMutex"}}
		if d.Name == "G_LOCK_EXTERN" {
			v.Storage = syntax.Extern
		}
		u.declare(v)
	}
}

// lockName is the variable behind G_LOCK(name), as GLib calls it.
func lockName(name string) string { return "g__" + name + "_lock" }

// leave cleans up after a variable whose scope ends.
func (b *body) leave(i *flow.Leave) {
	b.f.cleans = true
	at := b.cleanup(i)
	t := at.typ
	switch i.Attr.Name {
	case "cleanup":
		at.function(i.Attr)
	case "g_autofree", "VIR_AUTOFREE":
		at.prim("free", t.kind == tPointer)
	case "VIR_AUTOUNREF":
		at.prim("virObjectUnref", t.kind == tPointer)
	case "VIR_LOCK_GUARD":
		at.unlock()
	case "g_auto", "VIR_AUTOCLEAN":
		if name, _ := i.Local.Type.(*syntax.TypeName); name != nil && name.Name == "virLockGuard" {
			at.unlock()
		} else {
			at.registered(b.clearers, i.Local.Type, at.address, pointerTo(t))
		}
	case "g_autoptr", "VIR_AUTOPTR":
		elem := i.Local.Type
		if p, ok := elem.(*syntax.Pointer); ok {
			elem = p.Elem
		}
		at.unlessNull(func() { at.registered(b.cleaners, elem, at.x, t) })
	default:
		b.errorf(i.Attr.Pos(), "%s cannot be modelled: free what the list holds", i.Attr.Name)
	}
}

// cleanup is what is done for a variable at the end of its scope.
type cleanup struct {
	*body
	leave   *flow.Leave
	x       operand
	address operand // where it is needed
	typ     *typ
}

// cleanup reads the variable.
func (b *body) cleanup(i *flow.Leave) cleanup {
	h, ok := b.homes[i.Local]
	if !ok {
		s := b.slots[i.Local]
		return cleanup{b, i, inSlot(s), operand{}, b.f.slots[s].typ}
	}
	c := cleanup{b, i, operand{}, operand{}, b.f.homes[h].typ}
	name := &syntax.Ident{At: syntax.At{Start: i.Pos}, Name: i.Local.Name}
	c.address = b.addressOfHome(name, h)
	c.x = c.address
	if i.Attr.Name != "cleanup" && !c.typ.isObject() {
		c.x = b.load(name, place{kind: pointedPlace, base: c.address, typ: c.typ})
	}
	return c
}

func (c cleanup) text(function string) func() string {
	name := function + "(" + c.leave.Local.Name + ")"
	return func() string { return name }
}

// function calls that of __attribute__((cleanup(f))), with the address of the variable.
func (c cleanup) function(a *syntax.Attr) {
	t := pointerTo(c.typ)
	var f *function
	if len(a.Args) == 1 {
		if id, ok := a.Args[0].(*syntax.Ident); ok {
			f = c.functions[id.Name]
		}
	}
	if f == nil || len(f.params) != 1 || !assignable(f.params[0], t) {
		c.errorf(a.Pos(), "cleanup needs a function of the suite that takes %s", t)
		return
	}
	c.f.callees = append(c.f.callees, callSite{f, c.leave.Pos})
	c.called(a.Args[0], instr{op: iCall, pos: c.leave.Pos, text: c.text(f.name), callee: f, args: []operand{c.address}},
		f.params, f.result)
}

// prim calls a primitive with the variable.
func (c cleanup) prim(name string, fits bool) {
	if !fits {
		c.errorf(c.leave.Attr.Pos(), "%s needs a pointer, and %s is %s", c.leave.Attr.Name, c.leave.Local.Name, c.typ)
		return
	}
	p := vocabulary.Lookup(name)
	c.primArg(&syntax.Ident{At: syntax.At{Start: c.leave.Attr.Pos()}, Name: c.leave.Local.Name}, p, 0, c.x, c.typ)
	c.mayDispose(p, c.typ, c.leave.Pos)
	c.emit(instr{op: iPrim, pos: c.leave.Pos, text: c.text(name), dst: -1, prim: p, args: []operand{c.x}})
}

// unlock unlocks what a guard holds.
func (c cleanup) unlock() {
	c.unlessNull(func() { c.prim("virMutexUnlock", true) })
}

// unlessNull does something for a pointer that is not NULL.
func (c cleanup) unlessNull(do func()) {
	test := c.emit(instr{op: iBranch, pos: c.leave.Pos, text: c.text("if "), dst: -1, a: c.x})
	c.f.code[test].then = test + 1
	do()
	c.f.code[test].otherwise = len(c.f.code)
}

// registered calls the function that a macro at file scope gave the type.
func (c cleanup) registered(by map[string]*syntax.Ident, of syntax.Type, x operand, t *typ) {
	name, _ := of.(*syntax.TypeName)
	if name == nil || by[name.Name] == nil {
		c.errorf(c.leave.Attr.Pos(), "what %s does for %s is not known: declare it with "+
			"G_DEFINE_AUTOPTR_CLEANUP_FUNC(type, function) or G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC",
			c.leave.Attr.Name, syntax.Format(of))
		return
	}
	f := by[name.Name]
	c.callNamed(c.leave.Pos, c.text(f.Name), f, x, t)
}
