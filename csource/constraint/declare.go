package constraint

import (
	"github.com/lockproof/lockproof/csource/syntax"
)

// external looks at a declaration at file scope.
func (c *checker) external(d syntax.Decl) {
	f, ok := d.(*syntax.FuncDef)
	if !ok {
		c.declaration(d)
		return
	}
	c.aligned(f.Attrs)
	c.open()
	defer c.close()
	t := c.function(f.Type)
	params := c.scope
	params.params = false
	c.scope = c.file
	c.declare(&symbol{name: f.Name, kind: routine, typ: t, pos: f.Pos(), storage: f.Storage, defined: true})
	c.scope = params
	for i, p := range t.params {
		if p.isIncomplete() {
			c.errorf(f.Type.Params[i].Pos(), "the parameter %s is %s, which is not defined", f.Type.Params[i].Name, p)
		}
	}
	if t.elem.kind != void && t.elem.isIncomplete() {
		c.errorf(f.Pos(), "%s returns %s, which is not defined", f.Name, t.elem)
	}
	for _, p := range f.Type.Params {
		c.aligned(p.Attrs)
	}
	c.result, c.inside, c.jumps = t.elem, f.Name, &jumps{labels: map[string]*barrier{}}
	for _, s := range f.Body.List { // in the scope of the parameters
		c.stmt(s)
	}
	c.landed()
	c.result, c.inside, c.jumps = nil, "", nil
}

// declaration looks at a declaration at file scope or in a block.
func (c *checker) declaration(d syntax.Decl) {
	c.meter.Work(1)
	switch d := d.(type) {
	case *syntax.VarDecl:
		c.variable(d)
	case *syntax.Prototype:
		c.aligned(d.Attrs)
		t := c.resolve(d.Type)
		if c.inside != "" && d.Storage.Has(syntax.Static) {
			c.errorf(d.Pos(), "%s is declared static in a function: declare it at file scope", d.Name)
		}
		if d.Storage.Has(syntax.Register) || d.Storage.Has(syntax.ThreadLocal) {
			c.errorf(d.Pos(), "%s is a function, which has no such storage", d.Name)
		}
		c.declare(&symbol{name: d.Name, kind: routine, typ: t, pos: d.Pos(), storage: d.Storage})
	case *syntax.TypedefDecl:
		c.aligned(d.Attrs)
		t := c.resolve(d.Type)
		if t.kind == automatic {
			c.errorf(d.Pos(), "a typedef of __auto_type")
			t = unknownType
		}
		c.declare(&symbol{name: d.Name, kind: typedef, typ: t, pos: d.Pos()})
	case *syntax.StructDecl:
		c.forward(d.Type)
		c.resolve(d.Type)
	case *syntax.EnumDecl:
		c.resolve(d.Type)
	case *syntax.StaticAssert:
		c.staticAssert(d)
	}
}

// forward enters the struct that `struct s;` declares anew in a block.
func (c *checker) forward(t *syntax.StructType) {
	if !t.HasBody && c.scope != c.file && c.scope.tags[t.Tag] == nil {
		word := "struct"
		if t.IsUnion {
			word = "union"
		}
		c.scope.tags[t.Tag] = &record{tag: t.Tag, word: word}
	}
}

// variable looks at the declaration of a variable, its initialiser included.
func (c *checker) variable(d *syntax.VarDecl) {
	c.aligned(d.Attrs)
	t := c.resolve(d.Type)
	auto := t.kind == automatic
	if auto {
		t = c.automatic(d, t)
	}
	if t.kind == function { // by a typedef
		c.declare(&symbol{name: d.Name, kind: routine, typ: t, pos: d.Pos(), storage: d.Storage})
		if d.Init != nil {
			c.errorf(d.Pos(), "%s is a function, which has no initialiser", d.Name)
		}
		return
	}
	local := c.inside != ""
	s := &symbol{
		name: d.Name, kind: variable, typ: t, pos: d.Pos(), storage: d.Storage, defined: d.Init != nil,
		static: !local || d.Storage.Has(syntax.Static) || d.Storage.Has(syntax.Extern),
	}
	switch {
	case d.Storage.Has(syntax.Inline):
		c.errorf(d.Pos(), "%s is a variable, which cannot be inline", d.Name)
	case t.kind == void:
		c.errorf(d.Pos(), "the variable %s cannot be void", d.Name)
		s.typ = unknownType
	case t.isIncomplete() && !d.Storage.Has(syntax.Extern) && (local || d.Init != nil || d.Storage.Has(syntax.Static)):
		c.errorf(d.Pos(), "%s is %s, which is not defined", d.Name, t)
		s.typ = unknownType
	case local && d.Storage.Has(syntax.Extern) && d.Init != nil:
		c.errorf(d.Pos(), "%s is extern in a function, and cannot have an initialiser there", d.Name)
	case local && d.Storage.Has(syntax.ThreadLocal) && !d.Storage.Has(syntax.Static) && !d.Storage.Has(syntax.Extern):
		c.errorf(d.Pos(), "%s is thread-local in a function: make it static, too", d.Name)
	case local && !d.Storage.Has(syntax.Extern) && t.kind == array && isUnsized(d.Type) && d.Init == nil:
		c.errorf(d.Pos(), "the array %s has no length", d.Name)
	case d.Init != nil && t.kind == array && isVariable(c, d.Type):
		c.errorf(d.Pos(), "the length of %s is no constant, so it cannot have an initialiser", d.Name)
	}
	c.declare(s)
	if local && isVariable(c, d.Type) {
		c.within("the scope of "+d.Name+", an array whose length is no constant", d.Pos())
	}
	if !local {
		c.vars = append(c.vars, s)
	}
	if d.Init != nil && !(auto && t.kind == unknown) {
		c.initialiser(d, s)
	}
}

// isVariable reports whether an array has a length that is no constant.
func isVariable(c *checker, t syntax.Type) bool {
	a, ok := t.(*syntax.Array)
	return ok && (a.Len != nil && !c.isConstant(a.Len) || isVariable(c, a.Elem))
}

// automatic is the type of a variable that has that of its initialiser.
func (c *checker) automatic(d *syntax.VarDecl, t *ctype) *ctype {
	if _, braces := d.Init.(*syntax.InitList); d.Init == nil || braces {
		c.errorf(d.Pos(), "__auto_type needs an expression from which %s takes its type", d.Name)
		return unknownType
	}
	x := c.value(d.Init)
	if x.kind == void {
		c.errorf(d.Init.Pos(), "%s has no value, so %s has no type", syntax.FormatShort(d.Init), d.Name)
		return unknownType
	}
	if t.isConst {
		return x.constant()
	}
	return x
}

// declare gives a name its meaning in the current scope, and holds that against what it was
// declared before.
func (c *checker) declare(s *symbol) {
	old := c.scope.names[s.name]
	if old == nil && c.inside != "" && (s.kind == routine || s.storage.Has(syntax.Extern)) {
		if outer := c.file.names[s.name]; outer != nil { // the same one
			c.redeclare(outer, s, true)
			s.static = true
		}
	}
	if old == nil {
		c.scope.names[s.name] = s
		return
	}
	if c.redeclare(old, s, c.scope == c.file) {
		merge(old, s)
	}
}

// merge adds what a second declaration says.
func merge(old, s *symbol) {
	old.defined = old.defined || s.defined
	old.folds = old.folds || s.folds
	if old.typ.kind == unknown || old.typ.kind == array && old.typ.length < 0 || old.typ.kind == function && old.typ.open {
		old.typ = s.typ
	}
}

// redeclare reports whether two declarations of one name go together, which stand in one scope or
// mean what has linkage.
func (c *checker) redeclare(old, s *symbol, linkage bool) bool {
	linked := func(x *symbol) bool { return x.kind == routine || x.storage.Has(syntax.Extern) || linkage }
	first := func(format string, args ...any) bool {
		c.errorf(s.pos, format+", first at %s", append(args, old.pos)...)
		return false
	}
	switch {
	case old.kind != s.kind:
		return first("%s is %s here and was %s", s.name, s.kind, old.kind)
	case s.kind == enumerator:
		return first("the enumerator %s is declared twice", s.name)
	case s.kind == typedef && (!same(old.typ, s.typ) || old.typ.isConst != s.typ.isConst):
		return first("the type %s is %s here and was %s", s.name, s.typ, old.typ)
	case s.kind == typedef:
		return true
	case s.kind == variable && !(linked(old) && linked(s)):
		return first("%s is declared twice in one block", s.name)
	case !same(old.typ, s.typ) || old.typ.isConst != s.typ.isConst:
		return first("%s is %s here and was %s", s.name, s.typ, old.typ)
	case old.defined && s.defined:
		return first("%s is defined twice", s.name)
	case s.storage.Has(syntax.Static) && !old.storage.Has(syntax.Static):
		return first("%s is static here and was not", s.name)
	case s.kind == variable && !s.storage.Has(syntax.Static) && !s.storage.Has(syntax.Extern) &&
		old.storage.Has(syntax.Static):
		return first("%s was static and is not here", s.name)
	case s.kind == variable && s.storage.Has(syntax.ThreadLocal) != old.storage.Has(syntax.ThreadLocal):
		return first("%s is thread-local in one declaration and not in the other", s.name)
	}
	return true
}

// tentative looks at the variables at file scope once all types are known.
func (c *checker) tentative() {
	for _, s := range c.vars {
		if s.typ.isIncomplete() && !s.storage.Has(syntax.Extern) {
			c.errorf(s.pos, "%s is %s, which is not defined", s.name, s.typ)
		}
	}
}

// initialiser looks at what a variable begins with.
func (c *checker) initialiser(d *syntax.VarDecl, s *symbol) {
	c.initial(s.typ, d.Init, d.Name)
	if c.muted == 0 && s.static && !c.isStatic(d.Init) {
		c.errorf(culprit(c, d.Init).Pos(), "the initial value %s is not a constant", syntax.FormatShort(culprit(c, d.Init)))
		return
	}
	if s.typ.isConst && s.typ.isScalar() && !s.storage.Has(syntax.ThreadLocal) {
		s.folds = c.isConstant(d.Init)
		s.value, s.known = c.eval(d.Init)
	}
}

// culprit is the part of an initialiser that is not a constant.
func culprit(c *checker, e syntax.Expr) syntax.Expr {
	l, ok := e.(*syntax.InitList)
	if !ok {
		return e
	}
	for _, i := range l.Items {
		if !c.isStatic(i.Value) {
			return culprit(c, i.Value)
		}
	}
	return e
}

// initial looks at the initialiser of something of type t. Which element of a list is whose is
// found by who lays them out: here they are looked at one by one, and held against the type where
// that is the same for all.
func (c *checker) initial(t *ctype, e syntax.Expr, name string) {
	l, ok := e.(*syntax.InitList)
	if !ok {
		if isText(e) && t.kind == array {
			if !(t.elem.isInteger() && isByte(t.elem)) {
				c.errorf(e.Pos(), "%s is %s, and %s is a text", name, t, syntax.FormatShort(e))
			}
			return
		}
		x := c.expr(e)
		if _, literal := e.(*syntax.CompoundLit); t.kind == array && !(literal && same(t, x.typ)) {
			c.errorf(e.Pos(), "%s is %s, and needs braces or a text", name, t)
			return
		}
		if t.kind != array {
			c.assignable(e.Pos(), t, e, x, name+" is")
		}
		return
	}
	for _, i := range l.Items {
		for _, d := range i.Path {
			c.designator(d)
		}
		in, of := unknownType, name
		switch {
		case t.isScalar():
			in = t
		case t.kind == array && len(i.Path) == 0 && (t.elem.isScalar() || isList(i.Value)):
			in, of = t.elem, "an element of "+name
			if isText(i.Value) && isByte(t.elem) && len(l.Items) == 1 {
				in = unknownType
			}
		case t.kind == array && len(i.Path) == 1 && i.Path[0].Field == "" && (t.elem.isScalar() || isList(i.Value)):
			in, of = t.elem, "an element of "+name
		case t.kind == structure && len(i.Path) == 1 && i.Path[0].Field != "":
			if f, ok := t.of.find(i.Path[0].Field); ok {
				if of = f.name; f.typ.isScalar() || isList(i.Value) {
					in = f.typ
				}
			} else if t.of.defined {
				c.errorf(i.Pos(), "%s has no member %s", t, i.Path[0].Field)
			}
		}
		if t.isScalar() && t.kind != unknown && len(i.Path) > 0 {
			c.errorf(i.Pos(), "%s is %s, which has no members", name, t)
		}
		c.initial(in, i.Value, of)
	}
	if t.isScalar() && t.kind != unknown && len(l.Items) != 1 {
		c.errorf(e.Pos(), "%s is %s, and needs one value", name, t)
	}
}

func isByte(t *ctype) bool {
	i, ok := syntax.BasicInt(t.name)
	return t.kind == unknown || ok && i.Bits == 8
}

func isList(e syntax.Expr) bool { _, ok := e.(*syntax.InitList); return ok }

func isText(e syntax.Expr) bool { _, ok := e.(*syntax.StringLit); return ok }

// designator looks at the index in one.
func (c *checker) designator(d syntax.Designator) {
	for _, e := range []syntax.Expr{d.Lo, d.Hi} {
		if e == nil {
			continue
		}
		if t := c.value(e); !t.isInteger() {
			c.errorf(e.Pos(), "an index is an integer, and %s is %s", syntax.FormatShort(e), t)
		}
	}
}
