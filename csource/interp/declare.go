package interp

import "github.com/lockproof/lockproof/csource/syntax"

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
			g = &entity{kind: globalEntity, typ: t}
		}
		c.scope.declare(d.Name, g)
		return
	case d.Storage.Has(syntax.Static):
		c.refuse(d.Pos(), "a static local is shared: declare %s at file scope", d.Name)
	case t.isObject():
		c.refuse(d.Pos(), "%s is a %s on the stack of one thread: objects must be at file scope or in a struct", d.Name, t)
	case cleansUp(d.Attrs):
		c.refuse(d.Pos(), "%s is cleaned up at the end of its block by a function that does not stand there: call it", d.Name)
	}
	if old := c.scope.names[d.Name]; old != nil {
		c.refuse(d.Pos(), "%s is declared twice in one block", d.Name)
	}
	if _, ok := d.Type.(*syntax.Array); ok {
		c.taken[d.Name] = true // its name is its address
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

// cleansUp reports whether a variable's attributes call a function when its block ends. Freeing
// memory is no such function.
func cleansUp(attrs []*syntax.Attr) bool {
	for _, a := range attrs {
		switch a.Name {
		case "cleanup", "g_autoptr", "g_auto", "g_autolist", "g_autoslist", "VIR_AUTOPTR", "VIR_AUTOCLEAN", "VIR_AUTOUNREF":
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
