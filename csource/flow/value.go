package flow

import (
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/vocabulary"
)

// splits reports whether part of an expression is evaluated only sometimes: then the block ends in
// the middle of it.
func (b *builder) splits(e syntax.Expr) bool {
	if e == nil {
		return false
	}
	known, ok := b.splitting[e]
	if ok {
		return known
	}
	b.opt.Meter.Work(1)
	switch x := e.(type) {
	case *syntax.Cond, *syntax.StmtExpr:
		known = true
	case *syntax.Binary:
		known = x.Op == "&&" || x.Op == "||" || b.splits(x.X) || b.splits(x.Y)
	case *syntax.Assign:
		known = b.splits(x.X) || b.splits(x.Y)
	case *syntax.Unary:
		known = b.splits(x.X)
	case *syntax.Postfix:
		known = b.splits(x.X)
	case *syntax.Cast:
		known = b.splits(x.X)
	case *syntax.Member:
		known = b.splits(x.X)
	case *syntax.Index:
		known = b.splits(x.X) || b.splits(x.I)
	case *syntax.Call:
		switch {
		case b.effectOf(x) == vocabulary.Requires:
			known = true
		case b.constant(x):
		case b.message(x):
			_, parts := b.told(x)
			for _, p := range parts {
				known = known || b.splits(*p)
			}
		default:
			known = b.splits(x.Fun) || b.anySplits(x.Args)
		}
	case *syntax.Comma:
		known = b.anySplits(x.List)
	case *syntax.InitList:
		for _, item := range x.Items {
			known = known || b.splits(item.Value)
		}
	case *syntax.CompoundLit:
		known = b.opt.Lives || b.splits(x.Init)
	default:
		return false
	}
	b.splitting[e] = known
	return known
}

func (b *builder) anySplits(list []syntax.Expr) bool {
	for _, e := range list {
		if b.splits(e) {
			return true
		}
	}
	return false
}

// constant reports whether a call is one whose arguments are types, or are not evaluated.
func (b *builder) constant(e *syntax.Call) bool {
	call, name := b.known(e)
	return call != nil && vocabulary.IsConstant(name)
}

// effectOf is what a call does that C does not define.
func (b *builder) effectOf(e *syntax.Call) vocabulary.Effect {
	call, name := b.known(e)
	f := vocabulary.Lookup(name)
	if call == nil || f == nil {
		return vocabulary.None
	}
	return f.Effect
}

// value returns an expression with the value of e that is evaluated as a whole, after adding what
// has to be evaluated before.
func (b *builder) value(e syntax.Expr) syntax.Expr {
	if !b.splits(e) {
		return e
	}
	switch x := e.(type) {
	case *syntax.Cond:
		return b.conditional(x)
	case *syntax.StmtExpr:
		return b.stmtExpr(x)
	case *syntax.Binary:
		if x.Op == "&&" || x.Op == "||" {
			t := b.temp(x)
			b.choose(x, func() { b.set(t, number(x.Pos(), true)) }, func() { b.set(t, number(x.Pos(), false)) })
			return t
		}
		y := *x
		b.operands(&y.X, &y.Y)
		return &y
	case *syntax.Assign:
		return b.assign(x)
	case *syntax.Call:
		return b.call(x)
	case *syntax.Comma:
		for _, part := range x.List[:len(x.List)-1] {
			b.effect(part)
		}
		return b.value(x.List[len(x.List)-1])
	case *syntax.Cast:
		y := *x
		y.X = b.value(x.X)
		return &y
	case *syntax.Unary:
		y := *x
		switch x.Op {
		case "&", "++", "--":
			y.X = b.place(x.X)
		default:
			y.X = b.value(x.X)
		}
		return &y
	case *syntax.Postfix:
		y := *x
		y.X = b.place(x.X)
		return &y
	case *syntax.InitList:
		return b.initList(x)
	case *syntax.CompoundLit:
		return b.literal(x)
	}
	return b.place(e)
}

// literal makes a variable of (type) { ... }: it is one of the block around it, without a name in
// C.
func (b *builder) literal(x *syntax.CompoundLit) syntax.Expr {
	name := syntax.FormatShort(x)
	for b.env.scope.named[name] != nil {
		name += "'"
	}
	b.declaration(&syntax.VarDecl{At: x.At, Name: name, Type: x.Type, Init: x.Init})
	return &syntax.Ident{At: x.At, Name: name}
}

// initList is an initialiser that is evaluated as a whole.
func (b *builder) initList(x *syntax.InitList) *syntax.InitList {
	var parts []*syntax.Expr
	y := copyList(x, &parts)
	b.operands(parts...)
	return y
}

// copyList copies an initialiser and appends where its values are, those of inner braces included.
func copyList(x *syntax.InitList, parts *[]*syntax.Expr) *syntax.InitList {
	y := *x
	y.Items = make([]*syntax.InitItem, len(x.Items))
	for i, item := range x.Items {
		copied := *item
		y.Items[i] = &copied
		if inner, braced := item.Value.(*syntax.InitList); braced {
			copied.Value = copyList(inner, parts)
		} else {
			*parts = append(*parts, &copied.Value)
		}
	}
	return &y
}

// conditional is the value of ?:, GNU's without a middle included.
func (b *builder) conditional(x *syntax.Cond) syntax.Expr {
	t, test, then := b.temp(x), x.X, x.Then
	if then == nil {
		test = b.keep(b.value(x.X))
		then = test
	}
	b.choose(test, func() { b.set(t, then) }, func() { b.set(t, x.Else) })
	return t
}

// stmtExpr is the value of GNU's ({ ... }): that of its last statement.
func (b *builder) stmtExpr(x *syntax.StmtExpr) syntax.Expr {
	n := len(x.Body.List)
	last, ok := (*syntax.ExprStmt)(nil), false // with a value
	if n > 0 {
		last, ok = x.Body.List[n-1].(*syntax.ExprStmt)
	}
	t := b.temp(x)
	b.within(x.Body.Rbrace, func() {
		if ok {
			b.list(x.Body.List[:n-1])
			b.set(t, last.X)
		} else {
			b.list(x.Body.List)
			b.errorf(x.Pos(), "a statement expression that does not end with an expression has no value")
			b.set(t, number(x.Pos(), false))
		}
	})
	return t
}

// assign evaluates the place, then in op= the value that it has, then the right side.
func (b *builder) assign(x *syntax.Assign) syntax.Expr {
	y := *x
	y.X = b.place(x.X)
	if !b.splits(x.Y) {
		return &y
	}
	y.X = b.keepPlace(y.X, b.hasEffect(x.Y))
	if x.Op == "=" {
		y.Y = b.value(x.Y)
		return &y
	}
	old := b.temp(y.X)
	b.add(&Set{Temp: old, X: y.X, Env: b.env, Old: true})
	y.Old, y.Y = old, b.value(x.Y)
	return &y
}

func (b *builder) call(x *syntax.Call) syntax.Expr {
	if b.message(x) {
		copied, parts := b.told(x)
		b.operands(parts...)
		return copied
	}
	y := *x
	y.Args = append([]syntax.Expr(nil), x.Args...)
	var parts []*syntax.Expr
	if id, named := x.Fun.(*syntax.Ident); !named || b.isVariable(id.Name) {
		parts = append(parts, &y.Fun)
	}
	for i := range y.Args {
		if i == 0 && b.effectOf(x) == vocabulary.Check {
			continue // the name of a kind is no expression
		}
		parts = append(parts, &y.Args[i])
	}
	switch b.effectOf(x) {
	case vocabulary.Check, vocabulary.Requires, vocabulary.Assert:
		b.tested++
		defer func() { b.tested-- }()
	}
	b.operands(parts...)
	return &y
}

func (b *builder) isVariable(name string) bool {
	return b.env.Find(name) != nil || b.opt.Variable != nil && b.opt.Variable(name)
}

// operands replaces expressions that are evaluated one after the other by their values. What comes
// before the last one that splits is evaluated in another block than the rest, and therefore kept.
func (b *builder) operands(parts ...*syntax.Expr) {
	last := -1
	for i, p := range parts {
		if b.splits(*p) {
			last = i
		}
	}
	effects := make([]bool, len(parts)+1) // of those from i on
	for i := len(parts) - 1; i >= 0; i-- {
		effects[i] = effects[i+1] || b.hasEffect(*parts[i])
	}
	for i, p := range parts[:last+1] {
		*p = b.value(*p)
		if i < last && !b.stays(*p, effects[i+1]) {
			*p = b.keep(*p)
		}
	}
}

// place is value for an expression that is stored to, or whose address is taken.
func (b *builder) place(e syntax.Expr) syntax.Expr {
	if !b.splits(e) {
		return e
	}
	switch x := e.(type) {
	case *syntax.Member:
		y := *x
		if x.Arrow {
			y.X = b.value(x.X)
		} else {
			y.X = b.place(x.X)
		}
		return &y
	case *syntax.Index:
		y := *x
		b.operands(&y.X, &y.I)
		return &y
	case *syntax.Cast:
		y := *x
		y.X = b.place(x.X)
		return &y
	}
	return b.value(e)
}

// keepPlace keeps what a place is computed from.
func (b *builder) keepPlace(e syntax.Expr, effects bool) syntax.Expr {
	part := func(x syntax.Expr) syntax.Expr {
		if b.stays(x, effects) {
			return x
		}
		return b.keep(x)
	}
	switch x := e.(type) {
	case *syntax.Member:
		y := *x
		y.X = part(x.X) // of x.field this is the struct: which one it is may be found by way of NULL
		if _, kept := y.X.(*syntax.Temp); kept && !x.Arrow && y.X != x.X {
			b.at.Items[len(b.at.Items)-1].(*Set).Place = true
		}
		return &y
	case *syntax.Unary:
		y := *x
		y.X = part(x.X)
		return &y
	case *syntax.Index:
		y := *x
		y.X, y.I = part(x.X), part(x.I)
		return &y
	case *syntax.Cast:
		y := *x
		y.X = b.keepPlace(x.X, effects)
		return &y
	}
	return e
}

// keep puts a value into a temporary.
func (b *builder) keep(x syntax.Expr) syntax.Expr {
	switch x.(type) {
	case *syntax.IntLit, *syntax.CharLit, *syntax.StringLit, *syntax.FloatLit, *syntax.Temp:
		return x
	}
	t := b.temp(x)
	b.add(&Set{Temp: t, X: x, Env: b.env})
	return t
}

// stays reports whether a value is the same wherever it is evaluated: constants, and locals that
// only their thread can see where nothing else has an effect.
func (b *builder) stays(x syntax.Expr, effects bool) bool {
	switch x := x.(type) {
	case *syntax.IntLit, *syntax.CharLit, *syntax.StringLit, *syntax.FloatLit, *syntax.Temp:
		return true
	case *syntax.Ident:
		l := b.env.Find(x.Name)
		return !effects && l != nil && !l.shared() && !b.addressed()[x.Name]
	case *syntax.Unary:
		_, named := x.X.(*syntax.Ident)
		return x.Op == "&" && named
	}
	return false
}

// hasEffect reports whether evaluating an expression can change a local. Each is looked at once,
// for expressions ask it of their parts.
func (b *builder) hasEffect(e syntax.Expr) bool {
	found, known := b.effects[e]
	if known {
		return found
	}
	b.opt.Meter.Work(1)
	switch x := e.(type) {
	case *syntax.Assign, *syntax.Postfix, *syntax.Call, *syntax.StmtExpr:
		found = true
	case *syntax.Unary:
		found = x.Op == "++" || x.Op == "--"
	}
	if !found {
		syntax.Walk(e, func(n syntax.Node) bool {
			if part, ok := n.(syntax.Expr); ok && part != e {
				found = found || b.hasEffect(part)
				return false
			}
			return !found
		})
	}
	b.effects[e] = found
	return found
}
