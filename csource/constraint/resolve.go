package constraint

import (
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// resolve finds what a type as written means, and enters what it defines on the way.
func (c *checker) resolve(t syntax.Type) *ctype {
	r := c.meaning(t)
	if syntax.IsConst(t) {
		return r.constant()
	}
	return r
}

func (c *checker) meaning(t syntax.Type) *ctype {
	c.meter.Work(1)
	switch t := t.(type) {
	case *syntax.Basic:
		return basic(t.Name)
	case *syntax.TypeName:
		if sym := c.find(t.Name); sym != nil {
			if sym.kind == typedef {
				return sym.typ
			}
			return unknownType
		}
		return c.systemType(t.Name)
	case *syntax.TypeofType:
		if t.Type != nil {
			return c.resolve(t.Type)
		}
		x := c.expr(t.X)
		return x.typ
	case *syntax.StructType:
		return &ctype{kind: structure, of: c.record(t)}
	case *syntax.EnumType:
		return c.enum(t)
	case *syntax.Atomic:
		return c.resolve(t.Elem)
	case *syntax.Pointer:
		return pointerTo(c.resolve(t.Elem))
	case *syntax.Array:
		return c.array(t)
	case *syntax.Func:
		c.open()
		defer c.close()
		return c.function(t)
	}
	return unknownType
}

func basic(name string) *ctype {
	if _, ok := syntax.BasicInt(name); ok {
		return integerType(name)
	}
	switch {
	case name == "void":
		return voidType
	case name == "__auto_type":
		return &ctype{kind: automatic}
	case strings.Contains(name, "__int128"):
		return integerType(name)
	case strings.Contains(name, "float"), strings.Contains(name, "double"), strings.Contains(name, "_Complex"):
		return &ctype{kind: floating, name: name}
	}
	return unknownType
}

// systemType is the type behind a typedef that no file declares.
func (c *checker) systemType(name string) *ctype {
	if t := c.system[name]; t != nil {
		return t
	}
	t, s := unknownType, c.headers.Type(name)
	switch {
	case s.Integer != "":
		t = basic(s.Integer)
	case s.Object != "":
		t = &ctype{kind: object, name: s.Object}
	}
	if s.Pointer && t != unknownType {
		t = pointerTo(t)
	}
	c.system[name] = t
	return t
}

// array is an array type. Of one in a parameter the length is of no matter.
func (c *checker) array(t *syntax.Array) *ctype {
	elem := c.resolve(t.Elem)
	switch {
	case elem.kind == function:
		c.errorf(t.Pos(), "an array of functions")
		return unknownType
	case elem.isIncomplete():
		c.errorf(t.Pos(), "an array of %s, of which the size is not known", elem)
		return unknownType
	case elem.kind == array && elem.length == unknownLength && isUnsized(t.Elem):
		c.errorf(t.Pos(), "an array of arrays without a length")
		return unknownType
	}
	length := int64(unknownLength)
	if t.Len != nil {
		x := c.expr(t.Len)
		if !x.typ.value().isInteger() {
			c.errorf(t.Len.Pos(), "the length of an array is an integer, and %s is %s", syntax.FormatShort(t.Len), x.typ)
		}
		if n, ok := c.eval(t.Len); ok {
			if length = n; n < 0 {
				c.errorf(t.Len.Pos(), "the length of an array is negative: %d", n)
				length = unknownLength
			}
		}
	}
	return &ctype{kind: array, elem: elem, length: length}
}

func isUnsized(t syntax.Type) bool {
	a, ok := t.(*syntax.Array)
	return ok && a.Len == nil
}

// function is a function type; the scope is that of its parameters.
func (c *checker) function(t *syntax.Func) *ctype {
	c.scope.params = true
	f := &ctype{kind: function, elem: c.resolve(t.Result), variadic: t.Variadic, open: t.Open}
	switch f.elem.kind {
	case function:
		c.errorf(t.Pos(), "a function that returns a function")
		f.elem = unknownType
	case array:
		c.errorf(t.Pos(), "a function that returns an array")
		f.elem = unknownType
	}
	f.elem = f.elem.plain()
	for _, p := range t.Params {
		pt := c.resolve(p.Type)
		switch {
		case pt.kind == void && len(t.Params) == 1 && p.Name == "" && !t.Variadic && !pt.isConst: // a typedef of void
			return f
		case pt.kind == void && p.Name == "":
			c.errorf(p.Pos(), "a parameter cannot be void")
			pt = unknownType
		case pt.kind == void:
			c.errorf(p.Pos(), "the parameter %s cannot be void", p.Name)
			pt = unknownType
		case pt.kind == automatic:
			c.errorf(p.Pos(), "a parameter cannot be __auto_type")
			pt = unknownType
		case pt.kind == array, pt.kind == function:
			pt = pt.value()
		}
		f.params = append(f.params, pt)
		if p.Name == "" {
			continue
		}
		if old := c.scope.names[p.Name]; old != nil {
			c.errorf(p.Pos(), "two parameters are called %s", p.Name)
			continue
		}
		c.scope.names[p.Name] = &symbol{
			name: p.Name, kind: variable, typ: pt, pos: p.Pos(),
			storage: p.Storage, defined: true,
		}
	}
	return f
}

// record is the struct or union of a type.
func (c *checker) record(t *syntax.StructType) *record {
	if r := c.records[t]; r != nil {
		return r
	}
	word := "struct"
	if t.IsUnion {
		word = "union"
	}
	var r *record
	if t.Tag != "" {
		for s := c.scope; s != nil && r == nil; s = s.outer {
			if r = s.tags[t.Tag]; r == nil && s.enums[t.Tag] != nil {
				c.errorf(t.Pos(), "%s is an enum, and no %s", t.Tag, word)
				break
			}
			if t.HasBody {
				break
			}
		}
	}
	switch {
	case r != nil && r.word != word:
		c.errorf(t.Pos(), "%s is a %s, and no %s", t.Tag, r.word, word)
		r = nil
	case r != nil && t.HasBody && r.defined:
		c.errorf(t.Pos(), "%s %s is defined twice", word, t.Tag)
		r = nil
	}
	if r == nil {
		r = &record{
			tag: t.Tag, word: word, opaque: t.Tag != "" && !t.HasBody && c.headers.Struct(t.Tag),
			inParams: c.scope.params,
		}
		if t.Tag != "" {
			in := c.scope
			if r.opaque { // a header declares it
				in = c.file
			}
			in.tags[t.Tag] = r
		}
	}
	if !t.HasBody {
		return r
	}
	c.records[t] = r
	c.members(r, t)
	r.defined, r.opaque = true, false
	return r
}

// members enters the members of a struct.
func (c *checker) members(r *record, t *syntax.StructType) {
	names := map[string]bool{}
	once := func(pos model.Pos, name string) {
		if names[name] && name != "" {
			c.errorf(pos, "two members of one %s are called %s", r.word, name)
		}
		names[name] = true
	}
	for i, f := range t.Fields {
		if s, ok := f.Type.(*syntax.StructType); ok && f.Name == "" && !s.HasBody && f.Bits == nil {
			continue // declares nothing
		}
		ft := c.resolve(f.Type)
		if f.Name == "" && ft.kind == structure {
			ft.of.each(func(name string) { once(f.Pos(), name) })
		}
		once(f.Pos(), f.Name)
		switch last := i == len(t.Fields)-1; {
		case ft.kind == function:
			c.errorf(f.Pos(), "the member %s is a function: it can be a pointer to one", f.Name)
			ft = unknownType
		case ft.kind == void:
			c.errorf(f.Pos(), "the member %s cannot be void", f.Name)
			ft = unknownType
		case ft.kind == automatic:
			c.errorf(f.Pos(), "the member %s cannot be __auto_type", f.Name)
			ft = unknownType
		case ft.isIncomplete():
			c.errorf(f.Pos(), "the member %s is %s, which is not defined yet", f.Name, ft)
			ft = unknownType
		case ft.kind == array && isUnsized(f.Type) && (!last || i == 0 || r.word == "union"):
			c.errorf(f.Pos(), "%s has no length", f.Name)
		}
		if f.Bits != nil {
			c.expr(f.Bits)
		}
		c.aligned(f.Attrs)
		if f.Name != "" || ft.kind == structure {
			r.add(field{name: f.Name, typ: ft, bits: f.Bits != nil})
		}
	}
	for _, a := range t.Asserts {
		c.staticAssert(a)
	}
	c.aligned(t.Attrs)
}

// each calls f for the names of all members, also of those of members without a name.
func (r *record) each(f func(name string)) {
	for _, m := range r.fields {
		if m.name == "" && m.typ.kind == structure {
			m.typ.of.each(f)
		} else {
			f(m.name)
		}
	}
}

// enum is the integer type of an enum, and enters its enumerators.
func (c *checker) enum(t *syntax.EnumType) *ctype {
	if e := c.enums[t]; e != nil {
		return e
	}
	if !t.HasBody {
		for s := c.scope; s != nil; s = s.outer {
			if e := s.enums[t.Tag]; e != nil {
				return e
			}
			if r := s.tags[t.Tag]; r != nil {
				c.errorf(t.Pos(), "%s is a %s, and no enum", t.Tag, r.word)
				return unknownType
			}
		}
		return unknownType
	}
	e := integerType("unsigned int")
	next, known := int64(0), true
	for _, x := range t.Enumerators {
		if x.Init != nil {
			if v := c.value(x.Init); !v.isInteger() {
				c.errorf(x.Init.Pos(), "the value of %s is an integer, and %s is %s", x.Name, syntax.FormatShort(x.Init), v)
			}
			next, known = c.eval(x.Init)
		}
		if known && next < 0 {
			e = intType
		}
		c.declare(&symbol{name: x.Name, kind: enumerator, typ: intType, pos: x.Pos(), value: next, known: known})
		next++
	}
	c.enums[t] = e
	if t.Tag == "" {
		return e
	}
	switch {
	case c.scope.tags[t.Tag] != nil:
		c.errorf(t.Pos(), "%s is a %s, and no enum", t.Tag, c.scope.tags[t.Tag].word)
	case c.scope.enums[t.Tag] != nil:
		c.errorf(t.Pos(), "enum %s is defined twice", t.Tag)
	}
	c.scope.enums[t.Tag] = e
	return e
}

// aligned looks at what _Alignas and the attribute say.
func (c *checker) aligned(attrs []*syntax.Attr) {
	for _, a := range attrs {
		if a.Name != "aligned" || len(a.Args) != 1 {
			continue
		}
		if t, ok := a.Args[0].(*syntax.TypeExpr); ok {
			c.resolve(t.Type)
			continue
		}
		n, ok := c.eval(a.Args[0])
		switch {
		case !ok && !c.isConstant(a.Args[0]):
			c.errorf(a.Pos(), "an alignment is a constant, and %s is none", syntax.FormatShort(a.Args[0]))
		case ok && (n < 0 || n&(n-1) != 0):
			c.errorf(a.Pos(), "an alignment is a power of two, and %d is none", n)
		}
	}
}

// staticAssert looks at what an assertion says: whoever knows the sizes of types says whether it
// holds.
func (c *checker) staticAssert(d *syntax.StaticAssert) {
	t := c.value(d.Cond)
	switch {
	case !t.isInteger():
		c.errorf(d.Cond.Pos(), "a static assertion is an integer, and %s is %s", syntax.FormatShort(d.Cond), t)
	case !c.isConstant(d.Cond):
		c.errorf(d.Cond.Pos(), "a static assertion needs a constant, and %s is none", syntax.FormatShort(d.Cond))
	}
}
