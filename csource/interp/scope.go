package interp

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// scope is what names mean in a block, or at file scope where parent is nil.
type scope struct {
	parent  *scope
	names   map[string]*entity
	types   map[string]*ctype
	tags    map[string]*strukt
	enums   map[string]*ctype
	program *Program
}

// entity is a variable or a constant.
type entity struct {
	kind  entityKind
	typ   *ctype
	value int64  // of a constant
	slot  int    // of a local variable
	boxed bool   // the slot holds a *Variable
	name  string // by which the host knows a variable that is not local
}

type entityKind uint8

const (
	localEntity entityKind = iota
	globalEntity
	constantEntity
)

func (s *scope) inner() *scope { return &scope{parent: s, program: s.program} }

func (s *scope) find(name string) *entity {
	for ; s != nil; s = s.parent {
		if e := s.names[name]; e != nil {
			return e
		}
	}
	return nil
}

func (s *scope) declare(name string, e *entity) {
	if s.names == nil {
		s.names = map[string]*entity{}
	}
	s.names[name] = e
}

func (s *scope) typedef(name string) *ctype {
	for ; s != nil; s = s.parent {
		if t := s.types[name]; t != nil {
			return t
		}
	}
	return nil
}

// constant is the value of an enumerator, or of a constant of the system's headers, for
// syntax.EvalConst.
func (s *scope) constant(name string) (int64, bool) {
	if e := s.find(name); e != nil {
		return e.value, e.kind == constantEntity
	}
	return vocabulary.Constant(name)
}

// declareType enters a declaration of a type; false when d declares something else.
func (s *scope) declareType(d syntax.Decl) bool {
	switch d := d.(type) {
	case *syntax.TypedefDecl:
		s.define(d.Type)
		if s.types == nil {
			s.types = map[string]*ctype{}
		}
		s.types[d.Name] = s.resolve(d.Type)
	case *syntax.StructDecl:
		s.define(d.Type)
	case *syntax.EnumDecl:
		s.define(d.Type)
	default:
		return false
	}
	return true
}

// define enters the structs and enumerators that a type defines on the way, in C's order.
func (s *scope) define(t syntax.Type) {
	syntax.Walk(t, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.StructType:
			s.strukt(n)
		case *syntax.EnumType:
			s.enumerators(n)
		case *syntax.Attr:
			return false
		}
		return true
	})
}

// enumerators enters what an enum defines.
func (s *scope) enumerators(t *syntax.EnumType) {
	if !t.HasBody {
		return
	}
	least, most, n := int64(0), int64(0), int64(0)
	for _, e := range t.Enumerators {
		if v, ok := s.fold(e.Init); ok {
			n = v
		}
		s.declare(e.Name, &entity{kind: constantEntity, typ: enumeratorType(n), value: n})
		least, most = min(least, n), max(most, n)
		n++
	}
	if s.enums == nil {
		s.enums = map[string]*ctype{}
	}
	s.enums[t.Tag] = enumType(least, most)
}

// enum is the type of an enum that was defined before.
func (s *scope) enum(t *syntax.EnumType) *ctype {
	for ; s != nil; s = s.parent {
		if known := s.enums[t.Tag]; known != nil {
			return known
		}
	}
	return otherType
}

// fold evaluates a constant expression.
func (s *scope) fold(e syntax.Expr) (int64, bool) {
	n, _, ok := (&syntax.Consts{
		Name: func(name string) (int64, bool) {
			n, ok := s.constant(name)
			switch {
			case ok:
			case name == "true" || name == "TRUE":
				n, ok = 1, true
			case name == "false" || name == "FALSE":
				ok = true
			}
			return n, ok
		},
		Type: func(t syntax.Type) (syntax.IntType, bool) {
			r := s.resolve(t)
			bits := r.bits
			if r == boolType {
				bits = 1
			}
			return syntax.IntType{Bits: uint8(bits), Unsigned: r.isUnsigned()}, r.kind == kInt
		},
		Size: func(t syntax.Type, _ syntax.Expr, align bool) (int64, bool) {
			if t == nil || align {
				return 0, false
			}
			n := s.resolve(t).size()
			return n, n > 0
		},
	}).Eval(e)
	return n, ok
}

// strukt is the struct that t names, with its fields when t defines them.
func (s *scope) strukt(t *syntax.StructType) *strukt {
	if def := s.program.structs[t]; def != nil {
		return def
	}
	def := s.tagged(t)
	s.program.structs[t] = def
	if !t.HasBody {
		return def
	}
	def.defined, def.isUnion = true, t.IsUnion
	for _, f := range t.Fields {
		s.define(f.Type)
		typ := s.resolve(f.Type)
		if bits, ok := s.fold(f.Bits); ok {
			typ = typ.narrowed(bits)
		}
		def.fields[f.Name] = typ
	}
	return def
}

// tagged finds the struct with t's tag. A definition in a block is a struct of its own.
func (s *scope) tagged(t *syntax.StructType) *strukt {
	for o := s; o != nil && t.Tag != ""; o = o.parent {
		if d := o.tags[t.Tag]; d != nil && (o == s && !d.defined || !t.HasBody) {
			return d
		}
	}
	def := &strukt{tag: t.Tag, fields: map[string]*ctype{}}
	if t.Tag == "" {
		def.tag = "(at " + t.Pos().String() + ")"
		return def
	}
	if s.tags == nil {
		s.tags = map[string]*strukt{}
	}
	s.tags[t.Tag] = def
	return def
}
