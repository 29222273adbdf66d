package constraint

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
	"github.com/lockproof/lockproof/model"
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

func (c *checker) unary(e *syntax.Unary) operand {
	switch e.Op {
	case "++", "--":
		return c.step(e, e.X, e.Op)
	case "&&":
		return valueOf(pointerTo(voidType))
	case "&":
		return c.address(e)
	case "!":
		c.condition(e.X)
		return valueOf(intType)
	}
	x := c.expr(e.X)
	t := x.typ.value()
	if t.kind == unknown {
		return unknownOperand
	}
	if e.Op == "*" {
		return c.follow(e, t)
	}
	if ok := e.Op == "~" && t.isInteger() || e.Op != "~" && t.isArithmetic(); !ok {
		c.errorf(e.Pos(), "%s cannot be applied to %s, which is %s", e.Op, syntax.FormatShort(e.X), t)
		return unknownOperand
	}
	return valueOf(promoted(t))
}

// follow looks at *X, of which X has type t.
func (c *checker) follow(e *syntax.Unary, t *ctype) operand {
	switch {
	case t.kind == unknown:
		return unknownOperand
	case t.kind != pointer:
		c.errorf(e.Pos(), "* needs a pointer, and %s is %s", syntax.FormatShort(e.X), t)
		return unknownOperand
	case t.elem.kind == void:
		c.errorf(e.Pos(), "%s is a %s, and there is nothing of type void", syntax.FormatShort(e.X), t)
		return unknownOperand
	}
	return operand{typ: t.elem, place: t.elem.kind != function}
}

// address looks at &X.
func (c *checker) address(e *syntax.Unary) operand {
	if star, ok := e.X.(*syntax.Unary); ok && star.Op == "*" { // &*p is p
		t := c.value(star.X)
		if c.follow(star, t).typ.kind == unknown {
			return valueOf(unknownType)
		}
		return valueOf(t)
	}
	x := c.expr(e.X)
	switch {
	case x.typ.kind == function:
	case !x.place:
		c.errorf(e.Pos(), "%s has no address", syntax.FormatShort(e.X))
		return unknownOperand
	case x.bits:
		c.errorf(e.Pos(), "%s is a bit-field, which has no address", syntax.FormatShort(e.X))
	case x.symbol != nil && x.symbol.storage.Has(syntax.Register):
		c.errorf(e.Pos(), "%s is declared register, so it has no address", syntax.FormatShort(e.X))
	}
	if x.typ.kind == unknown {
		return valueOf(unknownType)
	}
	return valueOf(pointerTo(x.typ))
}

// step looks at ++ and --.
func (c *checker) step(e, target syntax.Expr, op string) operand {
	x := c.expr(target)
	t := x.typ.value()
	switch {
	case t.kind == unknown:
		return valueOf(unknownType)
	case x.typ.kind == array || !t.isScalar():
		c.errorf(e.Pos(), "%s cannot be applied to %s, which is %s", op, syntax.FormatShort(target), x.typ)
		return valueOf(unknownType)
	}
	c.modifiable(e.Pos(), target, x)
	c.steps(e, t)
	return valueOf(t)
}

// steps says whether a pointer can be moved by elements.
func (c *checker) steps(e syntax.Expr, t *ctype) {
	if t.kind == pointer && t.elem.kind != void && t.elem.isIncomplete() {
		c.errorf(e.Pos(), "%s moves a pointer to %s, which is not defined", syntax.FormatShort(e), t.elem)
	}
}

// modifiable says whether an operand may be stored to.
func (c *checker) modifiable(pos model.Pos, e syntax.Expr, x operand) {
	short := syntax.FormatShort(e)
	switch member := x.typ.constMember(); {
	case x.typ.kind == unknown:
	case x.typ.kind == function:
		c.errorf(pos, "%s is a function, which cannot be assigned", short)
	case !x.place:
		c.errorf(pos, "%s is not a variable", short)
	case x.typ.kind == array:
		c.errorf(pos, "%s is an array, which cannot be assigned as a whole", short)
	case x.typ.isConst:
		c.errorf(pos, "%s is const: it cannot be changed", short)
	case member != "":
		c.errorf(pos, "%s has a const member, %s: it cannot be assigned as a whole", short, member)
	case x.typ.isIncomplete():
		c.errorf(pos, "%s is %s, which is not defined", short, x.typ)
	}
}

func (c *checker) assign(e *syntax.Assign) operand {
	x := c.expr(e.X)
	y := c.expr(e.Y)
	c.modifiable(e.Pos(), e.X, x)
	t, u := x.typ.plain(), y.typ.value()
	if t.kind == array || t.kind == function {
		return valueOf(unknownType)
	}
	switch e.Op {
	case "=":
		c.assignable(e.Y.Pos(), t, e.Y, y, syntax.FormatShort(e.X)+" is")
		return valueOf(t)
	case "+=", "-=":
		if t.kind == pointer && u.isInteger() {
			c.steps(e, t)
			return valueOf(t)
		}
	}
	c.operands(e.OpPos, e.Op[:len(e.Op)-1], e.X, e.Y, t, u)
	return valueOf(t)
}

// assignable says whether a value may be given to something of type t; what says to what.
func (c *checker) assignable(pos model.Pos, t *ctype, e syntax.Expr, x operand, what string) {
	u := x.typ.value()
	ok, hint := true, ""
	switch {
	case u.kind == void && t.kind != void:
		c.errorf(pos, "%s %s, and %s has no value", what, t, syntax.FormatShort(e))
		return
	case t.kind == unknown || u.kind == unknown:
	case t.isBool():
		ok = u.isScalar()
	case t.isArithmetic():
		ok = u.isArithmetic()
	case t.kind == pointer && u.kind == pointer:
		ok = samePointed(t.elem, u.elem)
		if a, b := t.elem, u.elem; !ok && a.kind == structure && b.kind == structure && a.of.tag == b.of.tag && a.of.inParams != b.of.inParams {
			hint = a.of.word + " " + a.of.tag + " in parentheses is one of its own: declare it before the function"
		}
	case t.kind == pointer:
		ok = u.isInteger() && c.isNull(e)
	case t.kind == structure:
		ok = u.kind == structure && u.of == t.of
	case t.kind == object:
		ok = u.kind == object && u.name == t.name
	}
	if !ok {
		c.hintf(pos, hint, "%s %s, and %s is %s", what, t, syntax.FormatShort(e), u)
	}
}

// isNull reports whether an integer is the constant 0, which is a pointer of any type.
func (c *checker) isNull(e syntax.Expr) bool {
	n, ok := c.eval(e)
	return ok && n == 0 && c.isConstant(e)
}

func (c *checker) binary(e *syntax.Binary) operand {
	if e.Op == "&&" || e.Op == "||" {
		c.condition(e.X)
		c.condition(e.Y)
		return valueOf(intType)
	}
	return valueOf(c.operands(e.OpPos, e.Op, e.X, e.Y, c.value(e.X), c.value(e.Y)))
}

// operands is the type of x op y, of which the types are known.
func (c *checker) operands(pos model.Pos, op string, x, y syntax.Expr, t, u *ctype) *ctype {
	if t.kind == void || u.kind == void {
		for i, e := range []syntax.Expr{x, y} {
			if [...]*ctype{t, u}[i].kind == void {
				c.errorf(e.Pos(), "%s has no value", syntax.FormatShort(e))
			}
		}
		return unknownType
	}
	wrong := func() *ctype {
		c.errorf(pos, "%s cannot be applied to %s and %s: they are %s and %s", op, syntax.FormatShort(x), syntax.FormatShort(y), t, u)
		return unknownType
	}
	scalars := t.isScalar() && u.isScalar()
	switch op {
	case "==", "!=", "<", "<=", ">", ">=":
		switch {
		case !scalars:
			wrong()
		case t.kind == pointer && u.kind == pointer:
			if !samePointed(t.elem, u.elem) {
				wrong()
			}
		case t.kind == pointer && u.kind != unknown:
			if !u.isInteger() || !c.isNull(y) {
				wrong()
			}
		case u.kind == pointer && t.kind != unknown:
			if !t.isInteger() || !c.isNull(x) {
				wrong()
			}
		}
		return intType
	case "%", "&", "|", "^", "<<", ">>":
		switch {
		case !t.isInteger() || !u.isInteger():
			return wrong()
		case op == "<<" || op == ">>":
			return promoted(t)
		}
		return common(t, u)
	}
	switch {
	case t.kind == unknown || u.kind == unknown:
		if !scalars {
			return wrong()
		}
		return unknownType
	case t.isArithmetic() && u.isArithmetic():
		return common(t, u)
	case op == "+" && t.kind == pointer && u.isInteger(), op == "-" && t.kind == pointer && u.isInteger():
		c.steps(x, t)
		return t
	case op == "+" && u.kind == pointer && t.isInteger():
		c.steps(y, u)
		return u
	case op == "-" && t.kind == pointer && u.kind == pointer && same(t.elem, u.elem):
		c.steps(x, t)
		return longType
	}
	return wrong()
}

// promoted is the type in which C computes on one operand.
func promoted(t *ctype) *ctype {
	if i, ok := syntax.BasicInt(t.name); ok && i.Bits < 32 {
		return intType
	}
	return t.plain()
}

// ranks orders the integer types that are left after promotion.
var ranks = map[string]int{
	"int": 1, "unsigned int": 2, "long": 3, "unsigned long": 4, "long long": 5, "unsigned long long": 6, "__int128": 7, "unsigned __int128": 8,
}

// common is the type in which C computes on two operands.
func common(t, u *ctype) *ctype {
	if t.kind == unknown || u.kind == unknown {
		return unknownType
	}
	if t.kind == floating || u.kind == floating {
		if t.kind == u.kind && t.name == u.name {
			return t
		}
		return &ctype{kind: floating, name: "double"}
	}
	t, u = promoted(t), promoted(u)
	if ranks[t.name] < ranks[u.name] {
		t, u = u, t
	}
	if t.name == "long long" && u.name == "unsigned long" {
		return integerType("unsigned long long")
	}
	return t
}

func (c *checker) cond(e *syntax.Cond) operand {
	c.condition(e.X)
	then := e.Then
	if then == nil {
		then = e.X
	}
	x, y := c.expr(then), c.expr(e.Else)
	t, u := x.typ.value(), y.typ.value()
	switch {
	case t.kind == unknown || u.kind == unknown:
		return valueOf(unknownType)
	case t.kind == void || u.kind == void:
		return valueOf(voidType)
	case t.isArithmetic() && u.isArithmetic():
		return valueOf(common(t, u))
	case t.kind == structure && u.kind == structure && t.of == u.of:
		return valueOf(t)
	case t.kind == pointer && u.kind == pointer && isVoidNull(c, then, t):
		return valueOf(u)
	case t.kind == pointer && u.kind == pointer && isVoidNull(c, e.Else, u):
		return valueOf(t)
	case t.kind == pointer && u.kind == pointer && samePointed(t.elem, u.elem):
		to := t.elem
		if u.elem.kind == void {
			to = u.elem
		}
		if t.elem.isConst || u.elem.isConst {
			to = to.constant()
		}
		return valueOf(pointerTo(to))
	case t.kind == pointer && u.isInteger() && c.isNull(e.Else):
		return valueOf(t)
	case u.kind == pointer && t.isInteger() && c.isNull(then):
		return valueOf(u)
	}
	c.errorf(e.Pos(), "the arms of %s are %s and %s", syntax.FormatShort(e), t, u)
	return valueOf(unknownType)
}

// isVoidNull reports whether an expression is NULL.
func isVoidNull(c *checker, e syntax.Expr, t *ctype) bool {
	if t.elem.kind != void || t.elem.isConst {
		return false
	}
	switch e := e.(type) {
	case *syntax.Ident:
		return c.find(e.Name) == nil
	case *syntax.Cast:
		return c.isNull(e.X)
	}
	return false
}

func (c *checker) member(e *syntax.Member) operand {
	x := c.expr(e.X)
	t, place := x.typ, x.place
	if t.kind == unknown {
		return unknownOperand
	}
	short := syntax.FormatShort(e.X)
	if e.Arrow {
		if t = t.value(); t.kind == structure {
			c.hintf(e.NamePos, "write "+short+"."+e.Name, "%s is %s, and no pointer", short, t)
			return unknownOperand
		}
		if t.kind != pointer {
			c.errorf(e.NamePos, "%s is %s, and no pointer to a struct", short, t)
			return unknownOperand
		}
		t, place = t.elem, true
	} else if t.kind == pointer && t.elem.kind == structure {
		c.hintf(e.NamePos, "write "+short+"->"+e.Name, "%s is %s, and no struct", short, t)
		return unknownOperand
	}
	switch {
	case t.kind == unknown || t.kind == structure && t.of.opaque:
		return unknownOperand
	case t.kind != structure:
		c.errorf(e.NamePos, "%s is %s, which has no members", short, t)
		return unknownOperand
	case !t.of.defined:
		c.errorf(e.NamePos, "%s is not defined, so %s has no member %s", t, short, e.Name)
		return unknownOperand
	}
	f, ok := t.of.find(e.Name)
	if !ok {
		c.errorf(e.NamePos, "%s has no member %s", t, e.Name)
		return unknownOperand
	}
	if t.isConst {
		f.typ = f.typ.constant()
	}
	return operand{typ: f.typ, place: place, bits: f.bits, symbol: registerOf(e, x)}
}

// registerOf is the variable of which something is a member, where that decides whether it has an
// address.
func registerOf(e *syntax.Member, x operand) *symbol {
	if e.Arrow || x.symbol == nil || !x.symbol.storage.Has(syntax.Register) {
		return nil
	}
	return x.symbol
}

func (c *checker) index(e *syntax.Index) operand {
	x, i := c.value(e.X), c.value(e.I)
	if x.isInteger() && x.kind != unknown && i.kind == pointer { // 2[p]
		x, i = i, x
	}
	switch {
	case x.kind == unknown:
		return unknownOperand
	case x.kind != pointer:
		c.errorf(e.Pos(), "%s is %s, which has no elements", syntax.FormatShort(e.X), x)
		return unknownOperand
	case !i.isInteger():
		c.errorf(e.I.Pos(), "an index is an integer, and %s is %s", syntax.FormatShort(e.I), i)
	case x.elem.kind == function, x.elem.isIncomplete():
		c.errorf(e.Pos(), "%s points to %s, which has no elements", syntax.FormatShort(e.X), x.elem)
		return unknownOperand
	}
	return operand{typ: x.elem, place: true}
}

func (c *checker) cast(e *syntax.Cast) operand {
	t := c.resolve(e.Type)
	u := c.value(e.X)
	switch {
	case t.kind == unknown || u.kind == unknown || t.kind == void:
	case t.kind == structure && u.kind == structure && t.of == u.of: // GNU lets it pass
	case !t.isScalar():
		c.errorf(e.Pos(), "a cast to %s, which is neither a number nor a pointer", t)
		return valueOf(unknownType)
	case u.kind == void:
		c.errorf(e.Pos(), "%s has no value", syntax.FormatShort(e.X))
	case !u.isScalar():
		c.errorf(e.Pos(), "a cast of %s, which is %s", syntax.FormatShort(e.X), u)
	case t.kind == pointer && u.kind == floating, t.kind == floating && u.kind == pointer:
		c.errorf(e.Pos(), "a cast from %s to %s", u, t)
	}
	return valueOf(t.plain())
}

func (c *checker) size(e syntax.Expr, x operand) {
	what := "size"
	switch s := e.(type) {
	case *syntax.SizeofExpr:
		if s.Align {
			what = "alignment"
		}
	case *syntax.SizeofType:
		if s.Align {
			what = "alignment"
		}
	}
	switch {
	case x.typ.kind == function:
		c.errorf(e.Pos(), "a function has no %s", what)
	case x.bits:
		c.errorf(e.Pos(), "a bit-field has no %s", what)
	case x.typ.isIncomplete(), x.typ.kind == array && x.typ.length == unknownLength && x.symbol != nil && isOpenArray(x.symbol):
		c.errorf(e.Pos(), "the %s of %s is not known here", what, x.typ)
	}
}

// isOpenArray reports whether nothing has said yet how long an array at file scope is.
func isOpenArray(s *symbol) bool { return s.storage.Has(syntax.Extern) && !s.defined }

// generic is the choice of a _Generic.
func (c *checker) generic(e *syntax.Generic) operand {
	t := c.value(e.X)
	var types []*ctype
	chosen := -1
	other := -1
	known := t.kind != unknown
	for i, a := range e.Assocs {
		if a.Type == nil {
			if other >= 0 {
				c.errorf(a.Pos(), "default stands twice in one _Generic")
			}
			other = i
			continue
		}
		at := c.resolve(a.Type)
		switch {
		case at.kind == unknown:
			known = false
			continue
		case at.kind == function, at.isIncomplete():
			c.errorf(a.Pos(), "%s is incomplete, so nothing has that type", at)
			continue
		}
		for _, b := range types {
			if same(at, b) && at.isConst == b.isConst {
				c.errorf(a.Pos(), "%s stands twice in one _Generic", at)
			}
		}
		types = append(types, at)
		if known && same(t, at) && t.isConst == at.isConst && chosen < 0 {
			chosen = i
		}
	}
	if chosen < 0 {
		chosen = other
	}
	if known && chosen < 0 {
		c.errorf(e.Pos(), "%s is %s, for which the _Generic has no choice", syntax.FormatShort(e.X), t)
	}
	result := unknownOperand
	for i, a := range e.Assocs {
		if x := c.expr(a.Value); known && i == chosen {
			result = x
		}
	}
	return result
}

// writes are the arguments through which a call changes what they point to.
func writes(p vocabulary.Param) bool {
	switch p {
	case vocabulary.Mutex, vocabulary.Cond, vocabulary.OnceControl, vocabulary.Semaphore, vocabulary.Barrier, vocabulary.RWLock,
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
