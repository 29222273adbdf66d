package constraint

import (
	"github.com/lockproof/lockproof/csource/syntax"
)

// An operand is what is known of an expression.
type operand struct {
	typ    *ctype // before an array becomes a pointer
	place  bool   // it is an lvalue
	bits   bool   // it is a bit-field
	symbol *symbol
}

func valueOf(t *ctype) operand { return operand{typ: t} }

var unknownOperand = operand{typ: unknownType, place: true}

// value is the type of an expression whose value is used.
func (c *checker) value(e syntax.Expr) *ctype { return c.expr(e).typ.value() }

// condition looks at an expression that is tested.
func (c *checker) condition(e syntax.Expr) {
	if e == nil {
		return
	}
	switch t := c.value(e); {
	case t.kind == void:
		c.errorf(e.Pos(), "%s has no value to test", syntax.FormatShort(e))
	case !t.isScalar():
		c.errorf(e.Pos(), "%s is %s, which cannot be tested", syntax.FormatShort(e), t)
	}
}

// expr looks at an expression.
func (c *checker) expr(e syntax.Expr) operand {
	if !c.meter.Work(1) {
		return unknownOperand
	}
	switch e := e.(type) {
	case *syntax.Ident:
		return c.ident(e)
	case *syntax.IntLit:
		return valueOf(literal(e))
	case *syntax.CharLit:
		return valueOf(intType)
	case *syntax.FloatLit:
		return valueOf(doubleType)
	case *syntax.StringLit:
		if len(e.Macros) > 0 {
			return operand{typ: &ctype{kind: array, elem: charType, length: unknownLength}, place: true}
		}
		return operand{typ: &ctype{kind: array, elem: charType, length: int64(len(e.Value)) + 1}, place: true}
	case *syntax.Unary:
		return c.unary(e)
	case *syntax.Postfix:
		return c.step(e, e.X, e.Op)
	case *syntax.Binary:
		return c.binary(e)
	case *syntax.Assign:
		return c.assign(e)
	case *syntax.Cond:
		return c.cond(e)
	case *syntax.Call:
		return c.call(e)
	case *syntax.Member:
		return c.member(e)
	case *syntax.Index:
		return c.index(e)
	case *syntax.Cast:
		return c.cast(e)
	case *syntax.SizeofExpr:
		c.size(e, c.expr(e.X))
		return valueOf(ulongType)
	case *syntax.SizeofType:
		c.size(e, valueOf(c.resolve(e.Type)))
		return valueOf(ulongType)
	case *syntax.Generic:
		return c.generic(e)
	case *syntax.Comma:
		x := unknownOperand
		for _, part := range e.List {
			x = c.expr(part)
		}
		return valueOf(x.typ.value())
	case *syntax.CompoundLit:
		t := c.resolve(e.Type)
		if t.kind == function || t.isIncomplete() {
			c.errorf(e.Pos(), "%s is incomplete, so there is no value of it", t)
			t = unknownType
		}
		c.initial(t, e.Init, syntax.FormatShort(e))
		return operand{typ: t, place: true}
	case *syntax.InitList:
		c.initial(unknownType, e, "")
	case *syntax.StmtExpr:
		return valueOf(c.block(e))
	case *syntax.TypeExpr:
		c.resolve(e.Type)
	}
	return unknownOperand
}

func literal(e *syntax.IntLit) *ctype {
	t, _ := e.Type()
	n := len(e.Text)
	long := 0
	for ; n > 0; n-- {
		switch e.Text[n-1] {
		case 'l', 'L':
			long++
			continue
		case 'u', 'U':
			continue
		}
		break
	}
	switch {
	case long > 1 && t.Unsigned:
		return integerType("unsigned long long")
	case long > 1:
		return integerType("long long")
	case t == syntax.UInt:
		return integerType("unsigned int")
	case t == syntax.Long:
		return longType
	case t == syntax.ULong:
		return ulongType
	}
	return intType
}

func (c *checker) ident(e *syntax.Ident) operand {
	s := c.find(e.Name)
	switch {
	case s == nil && (e.Name == "NULL" || e.Name == "nullptr"):
		return valueOf(pointerTo(voidType))
	case s == nil:
		return unknownOperand
	case s.kind == typedef:
		c.errorf(e.Pos(), "%s is a type, and no value", e.Name)
		return unknownOperand
	}
	return operand{typ: s.typ, place: s.kind == variable, symbol: s}
}
