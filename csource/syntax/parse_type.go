package syntax

import "github.com/lockproof/lockproof/model"

// specs are the words a declaration begins with: storage, type and attributes, in any order.
type specs struct {
	pos     model.Pos
	storage Storage
	typ     Type // nil when there is none
	attrs   []*Attr
	defines bool // typ is a struct, union or enum that may stand without a declarator
	atomic  bool // _Atomic stands there as a qualifier
	words   declWords
}

// specifiers parses specs. It stops before the first token that cannot belong to them.
func (g *parser) specifiers() specs {
	s := specs{pos: g.pos()}
	var basic basicWords
	for {
		t := g.tok()
		if len(s.attrs) > maxAttributes {
			g.fail(g.pos(), "", "more than %d attributes", maxAttributes)
			t = g.tok()
		}
		switch t.kind {
		case kwTypedef, kwExtern, kwStatic, kwInline, kwRegister, kwThread, kwAuto, kwNoreturn:
			s.storage |= storageOf(t.kind)
			s.words.add(g, t)
			g.next()
		case kwConst, kwVolatile, kwRestrict:
			if t.kind == kwConst {
				s.storage |= Const
			}
			s.words.restrict = s.words.restrict || t.kind == kwRestrict
			g.next()
		case kwAtomic:
			g.next()
			s.atomic = true
			if g.kind() == pLparen {
				s.words.another(g)
				open := g.next()
				s.typ = g.typeName()
				g.closing(pRparen, open)
			}
		case kwAttribute, kwAlignas, kwExtension:
			s.attrs = append(s.attrs, g.attributes(false)...)
		case kwStruct, kwUnion:
			s.words.another(g)
			s.typ, s.defines = g.structType(), true
		case kwEnum:
			s.words.another(g)
			s.typ, s.defines = g.enumType(), true
		case kwTypeof:
			s.words.another(g)
			s.typ = g.typeofType()
		case kwVaList, kwAutoType:
			s.words.another(g)
			s.typ = &Basic{At: g.at(), Name: t.text}
			g.next()
		case tokIdent:
			if isAttributeMacro(t.text) {
				s.attrs = append(s.attrs, g.attributeMacro())
				continue
			}
			if s.typ != nil || basic.seen {
				s.finish(g, &basic)
				return s
			}
			if !g.namedType(&s) {
				s.finish(g, &basic)
				return s
			}
		default:
			if t.kind == pLbrack && g.bracketsAhead(0) {
				s.attrs = append(s.attrs, g.attributes(false)...)
				continue
			}
			if t.kind < kwVoid {
				s.finish(g, &basic)
				return s
			}
			if s.words.another(g); basic.seen {
				s.words.types--
			}
			basic.add(t.kind)
			g.next()
		}
	}
}

// finish makes a type of the built-in words, if there were any, of _Atomic and of const.
func (s *specs) finish(g *parser, basic *basicWords) {
	s.words.check(g, s, basic)
	if s.typ == nil && basic.seen {
		s.typ = &Basic{At: At{s.pos}, Name: basic.name()}
	}
	if s.typ != nil && s.atomic {
		s.typ = &Atomic{At: At{s.pos}, Elem: s.typ}
	}
	if s.storage.Has(Const) {
		makeConst(s.typ)
	}
}

// makeConst says of a type that it is const.
func makeConst(t Type) {
	if c := constOf(t); c != nil {
		*c = true
	}
}

func storageOf(k kind) Storage {
	switch k {
	case kwTypedef:
		return Typedef
	case kwExtern:
		return Extern
	case kwStatic:
		return Static
	case kwInline:
		return Inline
	case kwRegister:
		return Register
	case kwThread:
		return ThreadLocal
	}
	return 0
}

// namedType parses a type given by name, or a macro that stands before it. It reports false, and
// stays where it is, when the current name is no part of the specifiers.
func (g *parser) namedType(s *specs) bool {
	t := g.tok()
	if g.unit.names.isType(t.text) {
		s.words.another(g)
		s.typ = &TypeName{At: g.at(), Name: t.text}
		g.next()
		return true
	}
	if g.autoType(s) {
		return true
	}
	if g.mode == Tolerant {
		return g.guessType(s)
	}
	switch k := g.peek(1).kind; k {
	case tokIdent, pStar, pComma, pRparen:
		g.complain(g.pos(), g.unit.names.suggestType(t.text), "unknown type `%s`", t.text)
		s.typ = &TypeName{At: g.at(), Name: t.text}
		g.next()
		return true
	}
	return false
}

// autoType parses GLib's and old libvirt's macros for variables that clean up after themselves:
// g_autoptr(T) is a T *.
func (g *parser) autoType(s *specs) bool {
	t := g.tok()
	pointer := false
	switch t.text {
	case "g_autoptr", "VIR_AUTOPTR":
		pointer = true
	case "g_auto", "VIR_AUTOFREE", "VIR_AUTOCLEAN", "VIR_AUTOUNREF":
	case "g_autoslist", "g_autolist":
		pointer = true
	case "VIR_LOCK_GUARD":
		s.attrs = append(s.attrs, &Attr{At: g.at(), Name: t.text, Macro: true})
		s.typ = &TypeName{At: g.at(), Name: "virLockGuard"}
		g.next()
		return true
	default:
		return false
	}
	if g.peek(1).kind != pLparen {
		return false
	}
	at := g.at()
	s.attrs = append(s.attrs, &Attr{At: at, Name: t.text, Macro: true})
	g.next()
	open := g.next()
	s.typ = g.typeName()
	g.closing(pRparen, open)
	if pointer {
		s.typ = &Pointer{At: at, Elem: s.typ}
	}
	return true
}

// typeName parses a type without a name: in a cast, in sizeof.
func (g *parser) typeName() Type {
	if !g.enter() {
		return &BadType{g.at()}
	}
	defer g.leave()
	s := g.specifiers()
	if s.typ == nil {
		g.fail(g.missing(), "", "expected a type, found %s", g.tok().describe())
		return &BadType{At{s.pos}}
	}
	g.noStorage(s, "a type without a name")
	d := g.declarator(s.typ, abstractOnly)
	return d.typ
}

// typeofType parses typeof(type) or typeof(expression).
func (g *parser) typeofType() Type {
	t := &TypeofType{At: g.at()}
	g.next()
	open := g.tok()
	g.expect(pLparen, "after `typeof`")
	g.i--
	if g.failed {
		g.i++
		return t
	}
	isType := g.typeInParens()
	g.i++
	if isType {
		t.Type = g.typeName()
	} else {
		t.X = g.expr()
	}
	g.closing(pRparen, open)
	return t
}

// basicWords collects the words of a built-in type, which may come in any order.
type basicWords struct {
	seen, signed, unsigned, short, complex bool
	longs                                  int
	base                                   string
	wrong                                  bool // a word stands twice, or two types do
}

func (b *basicWords) add(k kind) {
	b.seen = true
	switch k {
	case kwSigned:
		b.wrong, b.signed = b.wrong || b.signed, true
	case kwUnsigned:
		b.wrong, b.unsigned = b.wrong || b.unsigned, true
	case kwShort:
		b.wrong, b.short = b.wrong || b.short, true
	case kwLong:
		b.longs++
	case kwComplex:
		b.complex = true
	case kwInt:
		if b.wrong = b.wrong || b.base != ""; b.base == "" {
			b.base = "int"
		}
	default:
		b.wrong = b.wrong || b.base != ""
		b.base = map[kind]string{
			kwVoid: "void", kwChar: "char", kwFloat: "float", kwDouble: "double", kwBool: "_Bool",
			kwInt128: "__int128", kwFloat128: "__float128",
		}[k]
	}
}

// name is the canonical name: "unsigned long" for `long unsigned int`.
func (b *basicWords) name() string {
	name := b.base
	switch {
	case b.base == "double" && b.longs > 0:
		name = "long double"
	case b.base == "char" && b.signed:
		name = "signed char"
	case b.base == "int" || b.base == "":
		switch {
		case b.short:
			name = "short"
		case b.longs == 1:
			name = "long"
		case b.longs > 1:
			name = "long long"
		default:
			name = "int"
		}
		if b.base == "" && b.complex && b.longs == 0 && !b.short {
			name = "double"
		}
	}
	if b.unsigned {
		name = "unsigned " + name
	}
	if b.complex {
		name += " _Complex"
	}
	return name
}
