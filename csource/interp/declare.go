package interp

import (
	"strconv"

	"github.com/lockproof/lockproof/csource/syntax"
)

// declaration compiles a declaration in a block.
func (c *compiler) declaration(d syntax.Decl) {
	switch d := d.(type) {
	case *syntax.VarDecl:
		c.variable(d)
	case *syntax.Prototype, *syntax.StaticAssert:
	default:
		if !c.scope.declareType(d) {
			c.refuse(d.Pos(), "this declaration cannot be interpreted inside a function")
		}
	}
}

func (c *compiler) variable(d *syntax.VarDecl) {
	c.scope.define(d.Type)
	t := c.typeOf(d.Type)
	switch {
	case d.Storage.Has(syntax.Extern):
		g := c.file.names[d.Name]
		if g == nil {
			c.refuse(d.Pos(), "%s is declared here, and nowhere defined", d.Name)
			g = &entity{kind: globalEntity, typ: t, name: d.Name}
		}
		c.scope.declare(d.Name, g)
		return
	case d.Storage.Has(syntax.Static):
		c.scope.declare(d.Name, &entity{kind: globalEntity, typ: t, name: c.staticName(d.Name)})
		return
	case d.Storage.Has(syntax.ThreadLocal):
		c.refuse(d.Pos(), "%s is thread-local in a function: C wants static or extern before it", d.Name)
	case t.kind == kArray:
		t, c.taken[d.Name] = otherType, true // its name is its address
	case t.isObject():
		c.refuse(d.Pos(), "%s is a %s on the stack of one thread: objects must be at file scope or in a struct", d.Name, t)
	case cleansUp(d.Attrs):
		c.refuse(d.Pos(), "%s is cleaned up at the end of its block by a function that does not stand there: call it", d.Name)
	}
	if old := c.scope.names[d.Name]; old != nil {
		c.refuse(d.Pos(), "%s is declared twice in one block", d.Name)
	}
	e, next := c.local(d.Name, t), c.here()+1
	set := setLocal(e)
	if d.Init == nil {
		c.emit(d.Pos(), func(f *frame) int { set(f, unsetValue); return next })
		return
	}
	if _, ok := d.Init.(*syntax.StringLit); ok && t.kind == kOther {
		return // the text of an array, which nothing can read
	}
	x := c.converted(c.value(d.Init), t, d.Name)
	c.emit(d.Pos(), func(f *frame) int { set(f, x(f)); return next })
}

// staticName is how the host calls a static variable of the function: function.variable, with a
// number after it where the function has several of that name.
func (c *compiler) staticName(name string) string {
	name = c.fn.name + "." + name
	if c.named[name]++; c.named[name] > 1 {
		name += "." + strconv.Itoa(c.named[name])
	}
	return name
}

// cleansUp reports whether a variable's attributes call a function when its block ends. Freeing
// memory is no such function.
func cleansUp(attrs []*syntax.Attr) bool {
	for _, a := range attrs {
		switch a.Name {
		case "cleanup", "g_autoptr", "g_auto", "g_autolist", "g_autoslist", "VIR_AUTOPTR", "VIR_AUTOCLEAN", "VIR_AUTOUNREF",
			"VIR_LOCK_GUARD":
			return true
		}
	}
	return false
}

// typeOf resolves a type, typeof(expression) included: the expression is not evaluated.
func (c *compiler) typeOf(t syntax.Type) *ctype {
	of, ok := t.(*syntax.TypeofType)
	if !ok || of.X == nil {
		return c.scope.resolve(t)
	}
	outer := c.needs
	c.needs = &needs{}
	defer func() { c.needs = outer }()
	return c.expr(of.X).typ
}
